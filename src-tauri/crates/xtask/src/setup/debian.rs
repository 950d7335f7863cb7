//! Packages on Debian and Ubuntu.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{self, answers};

/// Debian's packages of PostgreSQL start a server of the system on installation unless this says otherwise.
const NO_SYSTEM_SERVER: &str = "/etc/postgresql-common/createcluster.d/presell.conf";

/// apt is there, and we are root or may become it.
pub(super) fn can_install() -> bool {
    answers("apt-get", &["--version"]) && (is_root() || answers("sudo", &["-V"]))
}

/// Installs the packages that are not installed yet.
///
/// # Errors
/// apt failed; what it said stands above.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Set-up: apt-get install {}", missing.join(" "));
    process::run(as_root("apt-get").args(["update", "--quiet"]))?;
    let first_postgres = missing.contains(&"postgresql") && !Path::new("/usr/share/postgresql-common").exists();
    if first_postgres {
        forbid_system_server().context("could not tell PostgreSQL's package not to start a server of the system")?;
    }
    let installed = process::run(
        as_root("env")
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends"])
            .args(&missing),
    );
    if first_postgres {
        // Whoever installs a PostgreSQL for other purposes later gets Debian's default again.
        process::run(as_root("rm").args(["-f", NO_SYSTEM_SERVER]))?;
    }
    installed
}

fn forbid_system_server() -> Result<()> {
    let folder = Path::new(NO_SYSTEM_SERVER).parent().context("the file lies in a folder")?;
    let draft = std::env::temp_dir().join(format!("presell-createcluster-{}.conf", std::process::id()));
    fs::write(&draft, "create_main_cluster = false\n")?;
    process::run(as_root("mkdir").arg("-p").arg(folder))?;
    process::run(as_root("install").args(["-m", "0644"]).arg(&draft).arg(NO_SYSTEM_SERVER))?;
    Ok(fs::remove_file(&draft)?)
}

fn is_installed(package: &str) -> bool {
    process::run_quietly(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]))
        .is_ok_and(|status| status == "installed")
}

fn is_root() -> bool {
    crate::postgres::is_root()
}

/// The program, with the rights of root.
pub(crate) fn as_root(program: &str) -> Command {
    if is_root() {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.arg(program);
    sudo
}
