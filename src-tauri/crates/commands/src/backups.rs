//! Which backups were made of this database, and when the last was.

use std::path::PathBuf;

use presell_store::{Address, At};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::backup::{BackedUp, folder_of};
use crate::{App, Nothing, Result, changes, notes};

/// Topic of the note.
const TOPIC: &str = "backups";
/// So many are remembered.
const REMEMBERED: usize = 20;

/// The backups of this database.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Backups {
    /// Presell can make them; if not, the server has its own way.
    pub possible: bool,
    /// When the last was made; none: never.
    pub last: Option<At>,
    /// The newest first.
    pub backups: Vec<BackupView>,
    /// A good name for the next.
    pub suggestion: Option<PathBuf>,
}

/// One backup.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// Its file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was made.
    pub at: At,
    /// Its file is still there.
    pub there: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    path: PathBuf,
    bytes: u64,
    at: i64,
}

/// The backups that were made of this database, the newest first.
pub async fn list_backups(app: &App, _: Nothing) -> Result<Backups> {
    let made: Vec<Made> = notes::look(&app.db, TOPIC).await?.unwrap_or_default();
    let zone = app.store().await?.zone;
    let suggestion = match &app.address {
        Address::File(database) => {
            let day = app.now().await?.with_timezone(&zone).format("%Y-%m-%d-%H%M");
            Some(folder_of(database).join(format!("presell-backup-{day}.db")))
        }
        Address::Server(_) => None,
    };
    Ok(Backups {
        possible: suggestion.is_some(),
        last: made.first().map(|made| At::from(made.at)),
        backups: made
            .into_iter()
            .map(|made| BackupView {
                there: made.path.exists(),
                bytes: made.bytes,
                at: made.at.into(),
                path: made.path,
            })
            .collect(),
        suggestion,
    })
}

/// Remembers a backup that was made.
pub(crate) async fn remember(app: &App, done: &BackedUp) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut made: Vec<Made> = notes::read(&mut tx, TOPIC).await?.unwrap_or_default();
    // Where the file is does not depend on where somebody stood when it was made.
    let path = std::path::absolute(&done.path).unwrap_or_else(|_| done.path.clone());
    let subject = path.display().to_string();
    made.insert(0, Made { path, bytes: done.bytes, at: tx.now().await?.timestamp_millis() });
    made.truncate(REMEMBERED);
    notes::write(&mut tx, TOPIC, &made, &app.actor).await?;
    changes::record(&mut tx, &app.actor, "database.backup", &subject, "", &format!("{} bytes", done.bytes)).await?;
    Ok(tx.commit().await?)
}
