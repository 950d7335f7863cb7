//! A bare system in a folder: Debian or Ubuntu of this machine's release, with what it cannot do without and a message bus.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::run;
use crate::setup::as_root;

/// Where this machine's own packages come from; the first that is there counts.
const SOURCES: [&str; 3] =
    ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list.d/ubuntu.sources", "/etc/apt/sources.list"];
/// The person at this computer.
pub(super) const PERSON: &str = "ann";
/// Inside, with a process table and devices. All ends with the script, whatever it started.
const ENTER: &str = r#"
root=$1 archives=$2 screen=$3
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$archives" "$root/var/cache/apt/archives"
mount --bind "$screen" "$root/mnt/screen"
if [ -d /tmp/.X11-unix ]; then mkdir -p "$root/tmp/.X11-unix"; mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"; fi
shift 3
exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive DISPLAY="$DISPLAY" "$@"
"#;

/// The bare system.
pub(super) struct Root {
    folder: PathBuf,
    /// Packages that were fetched stay here from call to call.
    archives: PathBuf,
    /// Here the display keeps its picture.
    screen: PathBuf,
}

impl Root {
    /// One that nothing was installed on yet.
    ///
    /// # Errors
    /// There is no network and no earlier system to start from, or this machine allows no such folder.
    pub(super) fn fresh() -> Result<Root> {
        let at = paths::target().join("trial");
        let root = Root { folder: at.join("root"), archives: at.join("archives"), screen: at.join("screen") };
        for folder in [&root.archives, &root.screen] {
            fs::create_dir_all(folder.join("partial"))?;
        }
        let bare = bare(&at)?;
        run(as_root("rm").args(["-rf", "--one-file-system"]).arg(&root.folder))?;
        fs::create_dir_all(&root.folder)?;
        run(as_root("tar").arg("-xf").arg(&bare).arg("-C").arg(&root.folder))?;
        // Without one, names of servers are not found.
        run(as_root("cp").args(["-L", "/etc/resolv.conf"]).arg(root.folder.join("etc/resolv.conf")))?;
        run(as_root("mkdir").arg(root.folder.join("mnt/screen")))?;
        root.inside(&["useradd", "--create-home", "--shell", "/bin/sh", PERSON])?;
        root.inside(&["apt-get", "update", "--quiet"])?;
        Ok(root)
    }

    /// Lays a file down, under this name in `/mnt`.
    pub(super) fn lay(&self, file: &Path, name: &str) -> Result<()> {
        run(as_root("install").args(["-m", "0644"]).arg(file).arg(self.folder.join("mnt").join(name)))
    }

    /// Runs a program inside, as root; what it printed.
    ///
    /// # Errors
    /// It ended badly; the error carries its words.
    pub(super) fn inside(&self, words: &[&str]) -> Result<String> {
        answer(self.enter(&mut as_root("unshare")).args(words))
    }

    /// Runs a script of the shell as the person at this computer, in front of a display.
    ///
    /// # Errors
    /// A line of it failed; the error carries its words.
    pub(super) fn person(&self, script: &str) -> Result<String> {
        let mut command = Command::new("xvfb-run");
        // Whoever is inside has no key to the display.
        let server = format!("--server-args=-screen 0 1280x900x24 -ac -fbdir {}", self.screen.display());
        let inner = as_root("unshare");
        command.args(["--auto-servernum", &server]).arg(inner.get_program()).args(inner.get_args());
        answer(self.enter(&mut command).args(["su", PERSON, "-c", &format!("set -e; cd; {script}")]))
    }

    fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "enter"]);
        command.args([&self.folder, &self.archives, &self.screen])
    }
}

/// What it printed; or its words, without the script that it was given.
fn answer(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().context("neither unshare nor a display is there")?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if !output.status.success() {
        bail!("{}\n{}", said(&output.stdout), said(&output.stderr));
    }
    Ok(said(&output.stdout))
}

/// The bare system, packed; made once.
fn bare(at: &Path) -> Result<PathBuf> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let codename = codename.context("this is no release of Debian or Ubuntu, which a deb is for")?.trim_matches('"');
    let packed = at.join(format!("{codename}.tar"));
    if packed.exists() {
        return Ok(packed);
    }
    let filled = |file: &&&str| fs::metadata(file).is_ok_and(|file| file.len() > 0);
    let Some(sources) = SOURCES.iter().find(filled) else { bail!("none of {} is there", SOURCES.join(", ")) };
    eprintln!("Making a bare {codename} …");
    let draft = at.join("draft.tar");
    run(as_root("mmdebstrap")
        .args(["--quiet", "--mode=root", "--variant=minbase", "--include=dbus", codename])
        .arg(&draft)
        .arg(sources))?;
    fs::rename(&draft, &packed)?;
    Ok(packed)
}
