//! What the other commands need from the machine, and how to get it. Installs only what is missing; a second call finds all there.

mod debian;

#[cfg(target_os = "linux")]
pub(crate) use debian::as_root;

use std::process::Command;

use anyhow::{Result, bail};

use crate::postgres::Programs;
use crate::process::{self, answers, cargo};

/// Something the machine must have.
pub(crate) struct Need {
    what: &'static str,
    why: &'static str,
    found: fn() -> bool,
    from: From,
}

enum From {
    /// Packages of Debian and Ubuntu; elsewhere the reader finds them by the name of the need.
    System(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
    /// A program that cargo builds.
    Cargo(&'static str),
}

pub(crate) const RUSTFMT: Need = Need {
    what: "rustfmt",
    why: "checks the format of the code",
    found: || answers("cargo", &["fmt", "--version"]),
    from: From::Rustup("rustfmt"),
};
pub(crate) const CLIPPY: Need = Need {
    what: "clippy",
    why: "checks the lints",
    found: || answers("cargo", &["clippy", "--version"]),
    from: From::Rustup("clippy"),
};
pub(crate) const NEXTEST: Need = Need {
    what: "cargo-nextest",
    why: "runs the tests, each in a process of its own",
    found: || answers("cargo", &["nextest", "--version"]),
    from: From::Cargo("cargo-nextest"),
};
pub(crate) const POSTGRES: Need = Need {
    what: "PostgreSQL 14 or newer, server and psql",
    why: "every database test runs on PostgreSQL too, on a throwaway server of its own",
    found: || Programs::find().is_ok(),
    from: From::System(&["postgresql", "postgresql-client"]),
};
pub(crate) const CXX: Need = Need {
    what: "a C++ compiler",
    why: "builds libFuzzer, which gives the readers random files",
    found: || answers("c++", &["--version"]),
    from: From::System(&["g++"]),
};
pub(crate) const SQLITE: Need = Need {
    what: "sqlite3",
    why: "the benchmarks measure against its bulk load",
    found: || answers("sqlite3", &["--version"]),
    from: From::System(&["sqlite3"]),
};
pub(crate) const FAKETIME: Need = Need {
    what: "faketime",
    why: "shows one node of the chaos a clock five minutes ahead",
    found: || answers("faketime", &["--version"]),
    from: From::System(&["faketime"]),
};

pub(crate) const NODE: Need = Need {
    what: "Node.js 20 or newer, with npm",
    why: "builds and checks the user interface",
    found: || answers("npm", &["--version"]) && answers("node", &["--version"]),
    from: From::System(&["nodejs", "npm"]),
};
pub(crate) const WEBKIT: Need = Need {
    what: "WebKitGTK 4.1, librsvg and the ayatana indicator library, to build with",
    why: "are the window and the tray icon",
    found: || {
        cfg!(not(target_os = "linux"))
            || answers("pkg-config", &["--exists", "webkit2gtk-4.1", "librsvg-2.0", "ayatana-appindicator3-0.1"])
    },
    from: From::System(&["pkg-config", "libwebkit2gtk-4.1-dev", "librsvg2-dev", "libayatana-appindicator3-dev"]),
};
pub(crate) const CHROMIUM: Need = Need {
    what: "Chromium",
    why: "tries the pages as a person would",
    found: || answers("chromium", &["--version"]),
    from: From::System(&["chromium"]),
};
pub(crate) const DISPLAY: Need = Need {
    what: "Xvfb, D-Bus and WebKitWebDriver",
    why: "drive the real window, on a display and a bus of its own",
    found: || answers("which", &["Xvfb", "xvfb-run", "xauth", "dbus-run-session", "WebKitWebDriver"]),
    from: From::System(&["xvfb", "xauth", "dbus", "webkit2gtk-driver"]),
};

#[cfg(target_os = "linux")]
pub(crate) const BARE_SYSTEM: Need = Need {
    what: "mmdebstrap",
    why: "makes a bare system in a folder, to try the deb on",
    found: || answers("mmdebstrap", &["--version"]),
    from: From::System(&["mmdebstrap"]),
};

/// Everything any command needs.
pub(crate) const ALL: &[&Need] =
    &[&RUSTFMT, &CLIPPY, &NEXTEST, &POSTGRES, &CXX, &SQLITE, &FAKETIME, &NODE, &WEBKIT, &CHROMIUM, &DISPLAY];

/// Makes sure of `needs`, and says what is installed and why.
///
/// # Errors
/// Something is missing and cannot be installed from here; the message lists what to install by hand.
pub(crate) fn install(needs: &[&Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().copied().filter(|need| !(need.found)()).collect();
    if missing.is_empty() {
        let there: Vec<&str> = needs.iter().map(|need| need.what).collect();
        if !there.is_empty() {
            eprintln!("Set-up: {} – all there, nothing to install.", there.join("; "));
        }
        return Ok(());
    }
    let mut by_hand = Vec::new();
    let mut packages = Vec::new();
    for need in &missing {
        eprintln!("Set-up: {} is missing ({}).", need.what, need.why);
        match need.from {
            From::System(names) if debian::can_install() => packages.extend(names),
            From::System(_) => by_hand.push(need),
            From::Rustup(component) => {
                process::run(Command::new("rustup").args(["component", "add", component]))?;
            }
            From::Cargo(name) => process::run(cargo().args(["install", name, "--locked"]))?,
        }
    }
    if !packages.is_empty() {
        debian::install(&packages)?;
    }
    if !by_hand.is_empty() {
        bail!(
            "Please install these with your system's package manager, then call again:{}",
            list(by_hand.into_iter().copied())
        );
    }
    let still: Vec<&Need> = missing.into_iter().filter(|need| !(need.found)()).collect();
    if !still.is_empty() {
        bail!("These were installed, but do not answer (is their folder on the PATH?):{}", list(still.into_iter()));
    }
    Ok(())
}

fn list<'a>(needs: impl Iterator<Item = &'a Need>) -> String {
    needs.map(|need| format!("\n  * {}: {}", need.what, need.why)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRESENT: Need =
        Need { what: "air", why: "is breathed", found: || true, from: From::Cargo("never-installed") };

    #[test]
    fn nothing_is_installed_where_all_is_there() {
        install(&[&PRESENT]).expect("a need that is met installs nothing");
    }

    #[test]
    fn the_list_for_other_systems_says_what_and_why() {
        let text = list([&SQLITE].into_iter());
        assert_eq!(text, "\n  * sqlite3: the benchmarks measure against its bulk load", "what and why, one line each");
    }
}
