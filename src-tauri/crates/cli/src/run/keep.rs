//! `presell check`, `backup` and `restore`: keeping the data safe and sound.

use std::path::{Path, PathBuf};

use presell_commands::{App, BackupDatabase, CheckHealth, Result, backup_database, check_health, does_not_open, place};

use crate::arguments::Common;
use crate::output::{Ending, Output};
use crate::render;

pub(crate) async fn check(common: &Common, output: Output) -> Result<Ending> {
    let health = match place::open(common.database.as_deref(), &common.store).await {
        Ok(app) => {
            let health = check_health(&app, CheckHealth { machine_time: place::machine_time() }).await?;
            app.db.close().await;
            health
        }
        Err(error) => does_not_open(&error),
    };
    output.answer(&health, render::health)?;
    Ok(if health.ok { Ending::Done } else { Ending::Failed })
}

pub(crate) async fn backup(app: &App, output: Output, path: PathBuf) -> Result<Ending> {
    let done = backup_database(app, BackupDatabase { path }).await?;
    output.answer(&done, |done| {
        format!(
            "The database is saved in {} ({}), and the copy is checked.\nGo back to it with: presell restore {}\n",
            done.path.display(),
            indicatif::HumanBytes(done.bytes),
            done.path.display()
        )
    })?;
    Ok(Ending::Done)
}

pub(crate) async fn restore(common: &Common, output: Output, file: &Path) -> Result<Ending> {
    let done =
        presell_commands::restore(&place::address(common.database.as_deref())?, file, place::machine_time()).await?;
    output.answer(&done, |done| {
        let kept = done.kept.as_ref().map(|kept| {
            let kept = kept.display();
            format!("What was there before is kept in {kept}\nChanged your mind? presell restore {kept}\n")
        });
        format!("{} holds the data of {} now.\n{}", done.database.display(), file.display(), kept.unwrap_or_default())
    })?;
    Ok(Ending::Done)
}
