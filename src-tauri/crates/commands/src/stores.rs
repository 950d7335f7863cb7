//! The stores of this database, and which one the window shows.

use std::collections::BTreeMap;

use presell_catalog::stores::directory::{self, Entry, Role};
use presell_catalog::stores::{self, StoresError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::zone_of;
use crate::{App, Error, Field, Nothing, Result};

/// All stores, and what they can be made of.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Stores {
    /// The oldest first.
    pub stores: Vec<StoreView>,
    /// Every facility that is known, for a store to choose from.
    pub facilities: Vec<String>,
}

/// One store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoreView {
    /// Its name, in files and on the command line too.
    pub code: String,
    /// Where its days begin and end.
    pub zone: String,
    /// Its facilities by name: those that sell feed its web shop, goods sent to any of them are its own.
    pub facilities: BTreeMap<String, Role>,
    /// Products on its two lists.
    pub listed: i64,
    /// It is the one that is shown now.
    pub current: bool,
}

/// A store to add.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddStore {
    /// Its name: letters, digits, `-`, `_` and `.`.
    pub code: String,
    /// Where its days begin and end.
    pub zone: String,
    /// Its facilities; one that is not known is made.
    #[serde(default)]
    pub facilities: BTreeMap<String, Role>,
}

/// A store to change; what is none stays as it is.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeStore {
    /// Its name.
    pub code: String,
    /// Where its days begin and end.
    #[serde(default)]
    pub zone: Option<String>,
    /// All its facilities.
    #[serde(default)]
    pub facilities: Option<BTreeMap<String, Role>>,
}

/// A store to show.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChooseStore {
    /// Its name.
    pub code: String,
}

/// Every store of this database.
pub async fn list_stores(app: &App, _: Nothing) -> Result<Stores> {
    let mut tx = app.db.begin_read().await?;
    let (stores, facilities) = (directory::list(&mut tx).await, directory::known_facilities(&mut tx).await);
    tx.rollback().await?;
    let current = app.store_code();
    Ok(Stores { stores: stores?.into_iter().map(|entry| view(entry, &current)).collect(), facilities: facilities? })
}

/// Adds a store with default rules. It is not shown before it is chosen.
pub async fn add_store(app: &App, args: AddStore) -> Result<StoreView> {
    let code = args.code.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if code.is_empty() || code.len() > 60 || !code.chars().all(plain) {
        let message = "Give the store a name of up to 60 letters, digits, hyphens, points or underscores.".to_owned();
        return Err(Error::fields(vec![Field { name: "code".to_owned(), message }]));
    }
    let (zone, facilities) = (zone_of(&args.zone)?, cleaned(args.facilities)?);
    directory::add(&app.db, code, zone, &facilities, &app.actor, app.now().await?).await?;
    app.changed().await;
    one(app, code).await
}

/// Changes a store's zone and facilities; the next refresh looks at every product.
pub async fn change_store(app: &App, args: ChangeStore) -> Result<StoreView> {
    let zone = args.zone.as_deref().map(zone_of).transpose()?;
    let facilities = args.facilities.map(cleaned).transpose()?;
    let mut tx = app.db.begin_read().await?;
    let store = stores::find(&mut tx, &args.code).await;
    tx.rollback().await?;
    let (store, now) = (store?, app.now().await?);
    if let Some(zone) = zone.filter(|zone| *zone != store.zone) {
        stores::change_zone(&app.db, &store, zone, &app.actor, now).await?;
    }
    if let Some(facilities) = facilities {
        directory::change_facilities(&app.db, &store, &facilities, &app.actor, now).await?;
    }
    presell_jobs::events::facts_changed(&app.db, &store, &app.actor).await?;
    one(app, &args.code).await
}

/// Shows another store from now on, also after the next start of this window.
pub async fn choose_store(app: &App, args: ChooseStore) -> Result<StoreView> {
    let view = one(app, args.code.trim()).await?;
    app.desk.change(|remembered| remembered.store = Some(view.code.clone()))?;
    app.choose(&view.code);
    Ok(StoreView { current: true, ..view })
}

async fn one(app: &App, code: &str) -> Result<StoreView> {
    let stores = list_stores(app, Nothing {}).await?.stores;
    let found = stores.into_iter().find(|store| store.code == code);
    found.ok_or_else(|| StoresError::Unknown(code.to_owned()).into())
}

fn view(entry: Entry, current: &str) -> StoreView {
    StoreView {
        zone: entry.store.zone.name().to_owned(),
        current: entry.store.code == current,
        code: entry.store.code,
        facilities: entry.facilities,
        listed: entry.listed,
    }
}

fn cleaned(facilities: BTreeMap<String, Role>) -> Result<BTreeMap<String, Role>> {
    let cleaned: BTreeMap<String, Role> =
        facilities.into_iter().map(|(code, role)| (code.trim().to_owned(), role)).collect();
    if cleaned.contains_key("") {
        let message = "A facility needs a name.".to_owned();
        return Err(Error::fields(vec![Field { name: "facilities".to_owned(), message }]));
    }
    Ok(cleaned)
}
