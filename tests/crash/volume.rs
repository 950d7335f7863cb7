//! A disk so small that it fills up, and can be made larger.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory, unmounted with the value.
pub(crate) struct Volume {
    folder: tempfile::TempDir,
}

impl Volume {
    /// Makes one, or says why this machine does not allow it.
    pub(crate) fn new(megabytes: u32) -> Result<Volume, String> {
        // PostgreSQL runs as another user and has to get through.
        let open = std::fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir().unwrap();
        mount(&format!("size={megabytes}m"), folder.path())?;
        Ok(Volume { folder })
    }

    /// Makes room.
    pub(crate) fn grow(&self, megabytes: u32) {
        mount(&format!("remount,size={megabytes}m"), self.folder.path()).unwrap();
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

fn mount(options: &str, folder: &Path) -> Result<(), String> {
    let output = Command::new("mount").args(["-t", "tmpfs", "-o", options, "presell-test"]).arg(folder).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        // Lazily: a file that is still open somewhere must not keep the mount.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}
