//! Finding PostgreSQL's own programs: Debian keeps the server's off the PATH, one folder a version.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Oldest version Presell speaks to.
const OLDEST: u32 = 14;

/// A folder with `initdb`, `pg_ctl` and `psql` of one version.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    version: u32,
}

impl Programs {
    /// The newest PostgreSQL of this machine.
    ///
    /// # Errors
    /// There is none, or it is too old.
    pub(crate) fn find() -> Result<Self> {
        let newest = folders().into_iter().filter_map(Programs::of).max_by_key(|programs| programs.version);
        match newest {
            Some(programs) if programs.version >= OLDEST => Ok(programs),
            Some(programs) => bail!("PostgreSQL {} is too old; Presell needs {OLDEST} or newer", programs.version),
            None => bail!("PostgreSQL is not installed; `cargo xtask setup` installs it"),
        }
    }

    fn of(folder: PathBuf) -> Option<Self> {
        if !["initdb", "pg_ctl", "psql"].iter().all(|program| folder.join(program).is_file()) {
            return None;
        }
        let version = version(&process::run_quietly(Command::new(folder.join("initdb")).arg("--version")).ok()?)?;
        Some(Programs { folder, version })
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// Text is sorted as people sort it, as on most servers: a rule that asks for code points must say so itself to pass its tests.
    pub(super) fn locale(&self) -> &'static [&'static str] {
        if self.version >= 15 {
            &["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"]
        } else {
            &["--locale=C"]
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Debian and Ubuntu, Red Hat's community packages, Homebrew on both kinds of Mac.
    for (parent, inner) in
        [("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin")]
    {
        folders.extend(children(Path::new(parent)).map(|child| child.join(inner)));
    }
    folders
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// Major version in `initdb (PostgreSQL) 15.18 (Debian …)`.
fn version(said: &str) -> Option<u32> {
    let number = said.split_once("(PostgreSQL)")?.1.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(version("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15), "a release");
        assert_eq!(version("initdb (PostgreSQL) 19beta1"), Some(19), "a beta");
        assert_eq!(version("something else"), None, "another program");
    }
}
