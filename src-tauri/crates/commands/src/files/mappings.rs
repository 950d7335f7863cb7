//! Mappings kept by name: which column of a supplier's export is which field, and how its dates and numbers are written.

use presell_imports::Reading;
use presell_imports::headers::Kind;
use presell_store::{on, within};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, Nothing, Result};

/// A mapping with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedMapping {
    /// Kind of file.
    pub kind: Kind,
    /// Name, as a person gave it.
    pub name: String,
    /// Field and column.
    pub columns: Vec<(String, String)>,
    /// How the file is to be read.
    #[serde(default)]
    pub reading: Reading,
}

/// Saved mappings of one kind of file.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListMappings {
    /// Kind of file.
    pub kind: Kind,
}

/// A mapping to forget.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForgetMapping {
    /// Kind of file.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

/// The mappings of one kind of file, by name.
pub async fn list_mappings(app: &App, args: ListMappings) -> Result<Vec<SavedMapping>> {
    let sql = "SELECT name, columns, reading FROM import_mapping WHERE kind = $1 ORDER BY name";
    let rows: Vec<(String, String, String)> =
        on!(&app.db, p => sqlx::query_as(sql).bind(args.kind.as_str()).fetch_all(p).await)?;
    let read = |(name, columns, reading): (String, String, String)| SavedMapping {
        kind: args.kind,
        name,
        columns: serde_json::from_str(&columns).unwrap_or_default(),
        reading: serde_json::from_str(&reading).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps a mapping; one of the same name gives way.
pub async fn save_mapping(app: &App, args: SavedMapping) -> Result<Nothing> {
    let name = args.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Error::NotAccepted { message: "A mapping needs a name of at most 80 characters.".to_owned() });
    }
    let json = |value: serde_json::Result<String>| value.unwrap_or_default();
    let (columns, reading) = (json(serde_json::to_string(&args.columns)), json(serde_json::to_string(&args.reading)));
    let at = app.now().await?.timestamp_millis();
    let mut tx = app.db.begin().await?;
    let sql = "INSERT INTO import_mapping (kind, name, columns, reading, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (kind, name) DO UPDATE SET columns = excluded.columns, reading = excluded.reading,
               updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    within!(&mut tx, c => sqlx::query(sql).bind(args.kind.as_str()).bind(name).bind(columns).bind(reading).bind(at)
        .bind(&app.actor).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(Nothing {})
}

/// Forgets a mapping; one that is gone already is no error.
pub async fn forget_mapping(app: &App, args: ForgetMapping) -> Result<Nothing> {
    let sql = "DELETE FROM import_mapping WHERE kind = $1 AND name = $2";
    let mut tx = app.db.begin().await?;
    within!(&mut tx, c => sqlx::query(sql).bind(args.kind.as_str()).bind(&args.name).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(Nothing {})
}
