//! The life of a deb on a computer that has nothing yet: installed, used, upgraded, removed, purged; and what it must leave alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::clean_root::{PERSON, Root};
use crate::paths;
use crate::process::{run, run_quietly};
use crate::setup::{self, DISPLAY, as_root};

/// The window is up when its page has text in its colours (a blank one has two or three), and the jobs are at work in a
/// database of their own. Two minutes: longer than any machine takes.
const WINDOW: &str = r#"
export WEBKIT_DISABLE_DMABUF_RENDERER=1 LIBGL_ALWAYS_SOFTWARE=1
dbus-run-session -- presell-desktop >/tmp/said 2>&1 &
app=$!
colours() { tail -c 4608000 /mnt/screen/Xvfb_screen0 | od -An -v -tx4 -w4 | sort -u | wc -l; }
alive() {
  test -s .local/share/presell/presell.db && grep -q 'at work' .local/share/presell/logs/*.log &&
    grep -qs WebKitWebProces /proc/[0-9]*/comm && test "$(colours)" -gt 30
}
tries=0
until alive 2>/dev/null; do
  if ! kill -0 $app 2>/dev/null; then echo "the window ended by itself:" >&2; cat /tmp/said >&2; exit 1; fi
  tries=$((tries + 1))
  if [ $tries -gt 120 ]; then echo "after two minutes there is no window:" >&2; cat /tmp/said >&2; exit 1; fi
  sleep 1
done
echo "$(colours) colours on the screen"
"#;

/// Everything in the home folder, and what is in it.
const HOME: &str = "find . -type f | sort | xargs -d '\\n' sha256sum";
/// Whatever is called as we are, outside of what people own.
const TRACES: &str =
    "find / -xdev -iname '*presell*' -not -path '/home/*' -not -path '/proc/*' -not -path '/mnt/*' -not -path '/tmp/*'";

/// Tries it, and tells step by step.
///
/// # Errors
/// The first step that went wrong, with what was said.
pub(super) fn of(deb: &Path) -> Result<()> {
    setup::install(&[&setup::BARE_SYSTEM, &DISPLAY])?;
    let root = Root::fresh()?;
    root.lay(deb, "new.deb")?;
    root.lay(&older(deb)?, "old.deb")?;
    root.lay(&paths::root().join("tests/samples/products.csv"), "products.csv")?;
    let install = |file: &str, also: &[&str]| {
        let options = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"];
        root.inside(&[&options, also, &[file]].concat()).context("it does not install")
    };
    let open = || root.person(WINDOW).context("its window does not open");

    install("/mnt/old.deb", &[])?;
    told("an older Presell is installed, with what it needs", &version(&root)?);
    told("its window opens and makes a database", &open()?);
    root.person("presell --version; presell check; presell import products /mnt/products.csv")?;
    let imports = root.person("presell --json imports")?;
    told("the command line answers, and takes a file", "44 products");

    install("/mnt/new.deb", &[])?;
    told("the new one is installed over it", &version(&root)?);
    install("/mnt/new.deb", &["--reinstall"])?;
    told("and once more", "");
    if root.person("presell check >&2; presell --json imports")? != imports {
        bail!("the data is not as it was before the upgrade");
    }
    told("its window opens on the same data", &open()?);

    let kept = root.person(HOME)?;
    for (how, word) in [("remove", "removed"), ("purge", "purged")] {
        root.inside(&["apt-get", how, "--yes", "--quiet", "presell"])?;
        let traces = root.inside(&["sh", "-c", TRACES])?;
        // Until it is purged, dpkg remembers how to.
        let left = traces.lines().filter(|file| how == "purge" || !file.starts_with("/var/lib/dpkg/info/"));
        let left: Vec<&str> = left.collect();
        if !left.is_empty() {
            bail!("{word}, it leaves behind:\n{}", left.join("\n"));
        }
        if root.person(HOME)? != kept {
            bail!("{word}, it touched what {PERSON} owns");
        }
        told(&format!("{word}: nothing of it is left"), "what the person owns is untouched");
    }
    run(as_root("rm").args(["-rf", "--one-file-system"]).arg(paths::target().join("trial/root")))
}

fn told(step: &str, more: &str) {
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.trim()) };
    println!("✓ {step}{more}");
}

fn version(root: &Root) -> Result<String> {
    root.inside(&["dpkg-query", "--show", "--showformat=${Version}", "presell"])
}

/// The same package, as if it had been made before.
fn older(deb: &Path) -> Result<PathBuf> {
    let folder = paths::target().join("trial/older");
    let _ = std::fs::remove_dir_all(&folder);
    run_quietly(Command::new("dpkg-deb").arg("-R").arg(deb).arg(&folder))?;
    let control = folder.join("DEBIAN/control");
    let told = std::fs::read_to_string(&control)?;
    let lines = told.lines().map(|line| if line.starts_with("Version: ") { "Version: 0.0.1" } else { line });
    std::fs::write(&control, lines.collect::<Vec<_>>().join("\n") + "\n")?;
    let file = paths::target().join("trial/older.deb");
    run_quietly(Command::new("dpkg-deb").args(["--root-owner-group", "-Znone", "-b"]).arg(&folder).arg(&file))?;
    Ok(file)
}
