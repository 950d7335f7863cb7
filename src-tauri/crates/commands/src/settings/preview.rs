//! What changing a setting would do to the lists, before anybody changes it.

use presell_catalog::refresh::{Changed, imagine};
use presell_catalog::rules;
use presell_catalog::settings::definition;
use presell_catalog::stores::{self, StoresError};
use presell_store::on;
use serde::Serialize;
use ts_rs::TS;

use super::{ChangeSetting, ZONE, unknown_key, zone_of};
use crate::{App, Result};

/// Products listed by name; all are counted.
const NAMED: usize = 50;

/// What changing a setting would do. Nothing was changed.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingPreview {
    /// Its name.
    pub key: String,
    /// The value now.
    pub before: String,
    /// The value as it would be kept.
    pub after: String,
    /// Products on the lists now.
    pub listed: u64,
    /// Products that would come onto a list.
    pub added: u64,
    /// Products that would go from one list to the other.
    pub moved: u64,
    /// Listed products with another date, line or quantity.
    pub updated: u64,
    /// Products that would leave the lists.
    pub removed: u64,
    /// Products that could not be decided, because their stock is unknown.
    pub undetermined: u64,
    /// So many would leave that the next refresh would stop and ask first.
    pub brake: bool,
    /// The first of them.
    pub changes: Vec<Changed>,
}

/// Decides every product twice, with the value of now and with the new one, and tells the difference.
pub async fn preview_setting(app: &App, args: ChangeSetting) -> Result<SettingPreview> {
    let ChangeSetting { key, value } = args;
    let (store, now) = (app.store().await?, app.now().await?);
    let mut tx = app.db.begin_read().await?;
    let settings = stores::settings(&mut tx, &store).await;
    tx.rollback().await?;
    let (mut store, mut settings) = (store, settings?);
    let percent = settings.max_change_percent;
    let (before, after) = if key == ZONE {
        let (before, zone) = (store.zone, zone_of(&value)?);
        store.zone = zone;
        (before.name().to_owned(), zone.name().to_owned())
    } else {
        definition(&key).map_err(unknown_key)?;
        let before = settings.get(&key).map_err(StoresError::from)?;
        settings.set(&key, &value).map_err(StoresError::from)?;
        (before, settings.get(&key).map_err(StoresError::from)?)
    };
    let outcome = imagine(&app.db, (&store, &settings), NAMED, now).await?;
    let sql = "SELECT count(*) FROM member WHERE store_id = $1";
    let (listed,): (i64,) = on!(&app.db, p => sqlx::query_as(sql).bind(store.id).fetch_one(p).await)?;
    let listed = listed.unsigned_abs();
    Ok(SettingPreview {
        key,
        before,
        after,
        listed,
        added: outcome.added,
        moved: outcome.moved,
        updated: outcome.updated,
        removed: outcome.removed,
        undetermined: outcome.undetermined,
        brake: rules::brake(listed, outcome.removed, percent),
        changes: outcome.changes,
    })
}
