//! Who runs the server: PostgreSQL refuses root, so root lends it an unprivileged account.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// An unprivileged account of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

/// Whether we run as root.
pub(crate) fn is_root() -> bool {
    process::run_quietly(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}

impl Account {
    /// `postgres`, else `nobody`, when we are root; none otherwise, as then our own account will do.
    pub(super) fn needed() -> Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("could not look for an unprivileged account")?;
        let account = ["postgres", "nobody"].iter().find_map(|name| find(&accounts, name));
        account
            .map(Some)
            .context("PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`")
    }

    pub(super) fn own(self, folder: &Path) -> Result<()> {
        chown(folder, Some(self.user), Some(self.group))
            .with_context(|| format!("could not hand over {}", folder.display()))
    }

    /// What a line for a shell begins with to run as this account; of util-linux, which is wherever root builds.
    pub(super) fn prefix(self) -> String {
        format!("setpriv --reuid={} --regid={} --clear-groups --", self.user, self.group)
    }

    /// Whether every folder on the way is open to this account.
    pub(super) fn reaches(self, folder: &Path) -> bool {
        process::run_quietly(command(Some(self), Path::new("test"), Path::new("/")).arg("-x").arg(folder)).is_ok()
    }
}

/// Account of this name in the text of `/etc/passwd`.
fn find(accounts: &str, name: &str) -> Option<Account> {
    let fields = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == name)?;
    Some(Account { user: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
}

/// A command in `folder`, as `account` where one is needed.
pub(super) fn command(account: Option<Account>, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some(Account { user, group }) = account {
        command.uid(user).gid(group);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:\npostgres:x:101:104:PostgreSQL,,,:/var/lib:/bin/bash\n";
        assert_eq!(
            find(accounts, "postgres"),
            Some(Account { user: 101, group: 104 }),
            "user and group are the third and fourth field"
        );
        assert_eq!(find(accounts, "nobody"), None, "an account that is not there is not made up");
    }
}
