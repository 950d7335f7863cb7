//! The store: the selling company whose calendar and rules decide. Its settings are explicit rows, so that the screen
//! and the engine read the same values.

pub mod directory;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use presell_store::{Db, StoreError, Tx, within};

use crate::rules;
use crate::settings::{self, DEFINITIONS, SettingError, Settings};

/// A selling company or channel.
#[derive(Clone, Debug)]
pub struct Store {
    /// Key in the database.
    pub id: i64,
    /// The name files and people use, e.g. `default`.
    pub code: String,
    /// Where its days begin and end.
    pub zone: Tz,
}

impl Store {
    /// The store's calendar date of `now`.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        rules::today(self.zone, now)
    }
}

/// Why a store or its settings could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoresError {
    /// No store has this code.
    #[error("There is no store \"{0}\".")]
    Unknown(String),
    /// Another store has this code.
    #[error("There is a store \"{0}\" already. Choose another name.")]
    Taken(String),
    /// The zone stored for it is not one this app knows.
    #[error(
        "The store \"{store}\" has the time zone \"{zone}\", which this app does not know. Set it with: presell settings set zone Europe/Paris"
    )]
    Zone {
        /// The store's code.
        store: String,
        /// What is stored.
        zone: String,
    },
    /// The setting or its value is not accepted.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Result<T> = std::result::Result<T, StoresError>;

/// The store `code`. Creates `default` with all default settings when it is asked for and does not exist yet.
pub async fn find_or_create(db: &Db, code: &str, zone: Tz, now: DateTime<Utc>) -> Result<Store> {
    let mut tx = db.begin_read().await?;
    let found = find(&mut tx, code).await;
    tx.rollback().await?;
    match found {
        Err(StoresError::Unknown(_)) if code == "default" => {}
        other => return other,
    }
    let mut tx = db.begin().await?;
    let store = create(&mut tx, code, zone, now).await?;
    tx.commit().await?;
    Ok(store)
}

/// Makes the store, with explicit rows for all its settings; one that is there already stays as it is.
async fn create(tx: &mut Tx, code: &str, zone: Tz, now: DateTime<Utc>) -> Result<Store> {
    let at = now.timestamp_millis();
    let sql = "INSERT INTO store (code, zone, created_at) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING";
    within!(&mut *tx, c => sqlx::query(sql).bind(code).bind(zone.name()).bind(at).execute(c).await.map(|_| ()))?;
    let store = find(tx, code).await?;
    for definition in DEFINITIONS {
        let sql =
            "INSERT INTO store_setting (store_id, key, value, updated_at, updated_by) VALUES ($1, $2, $3, $4, 'system')
                   ON CONFLICT (store_id, key) DO NOTHING";
        let value = definition.default_text();
        within!(&mut *tx, c => sqlx::query(sql).bind(store.id).bind(definition.key).bind(value).bind(at).execute(c).await.map(|_| ()))?;
    }
    Ok(store)
}

/// The store `code`.
pub async fn find(tx: &mut Tx, code: &str) -> Result<Store> {
    let sql = "SELECT id, code, zone FROM store WHERE code = $1";
    let row: Option<(i64, String, String)> = within!(tx, c => sqlx::query_as(sql).bind(code).fetch_optional(c).await)?;
    let (id, code, zone) = row.ok_or_else(|| StoresError::Unknown(code.to_owned()))?;
    match zone.parse() {
        Ok(zone) => Ok(Store { id, code, zone }),
        Err(_) => Err(StoresError::Zone { store: code, zone }),
    }
}

/// The store with this key.
pub async fn find_by_id(tx: &mut Tx, id: i64) -> Result<Store> {
    let sql = "SELECT code FROM store WHERE id = $1";
    let row: Option<(String,)> = within!(&mut *tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?;
    let (code,) = row.ok_or_else(|| StoresError::Unknown(id.to_string()))?;
    find(tx, &code).await
}

/// The settings of a store. A setting without a row has its default: it was added after the store was created.
pub async fn settings(tx: &mut Tx, store: &Store) -> Result<Settings> {
    let sql = "SELECT key, value FROM store_setting WHERE store_id = $1";
    let rows: Vec<(String, String)> = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_all(c).await)?;
    Ok(Settings::from_texts(rows)?)
}

/// Changes one setting, writes the audit row, and makes the next refresh look at everything.
/// Returns the value before and after, as text.
pub async fn change_setting(
    db: &Db,
    store: &Store,
    key: &str,
    value: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(String, String)> {
    let definition = settings::definition(key)?;
    let mut tx = db.begin().await?;
    let mut current = settings(&mut tx, store).await?;
    let before = current.get(definition.key)?;
    current.set(key, value)?;
    let after = current.get(definition.key)?;
    let at = now.timestamp_millis();
    let sql = "INSERT INTO store_setting (store_id, key, value, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (store_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    within!(&mut tx, c => sqlx::query(sql).bind(store.id).bind(key).bind(&after).bind(at).bind(actor).execute(c).await.map(|_| ()))?;
    audit(&mut tx, at, actor, "settings.set", key, &before, &after).await?;
    look_at_everything(&mut tx, store).await?;
    tx.commit().await?;
    Ok((before, after))
}

/// Changes the zone in which the store's days begin and end.
pub async fn change_zone(db: &Db, store: &Store, zone: Tz, actor: &str, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.begin().await?;
    let sql = "UPDATE store SET zone = $1 WHERE id = $2";
    within!(&mut tx, c => sqlx::query(sql).bind(zone.name()).bind(store.id).execute(c).await.map(|_| ()))?;
    audit(&mut tx, now.timestamp_millis(), actor, "settings.set", "zone", store.zone.name(), zone.name()).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes products out of pre-selling, or lets them in again. Returns the SKUs that are not known.
pub async fn exclude(
    db: &Db,
    store: &Store,
    skus: &[String],
    excluded: bool,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let mut tx = db.begin().await?;
    let mut unknown = Vec::new();
    for sku in skus {
        let sql = "SELECT id FROM product WHERE sku = $1";
        let found: Option<(i64,)> = within!(&mut tx, c => sqlx::query_as(sql).bind(sku).fetch_optional(c).await)?;
        let Some((product,)) = found else {
            unknown.push(sku.clone());
            continue;
        };
        let sql = "INSERT INTO product_rule (store_id, product_id, excluded) VALUES ($1, $2, $3)
                   ON CONFLICT (product_id, store_id) DO UPDATE SET excluded = excluded.excluded";
        within!(&mut tx, c => sqlx::query(sql).bind(store.id).bind(product).bind(excluded).execute(c).await.map(|_| ()))?;
        let sql = "INSERT INTO dirty (store_id, product_id) VALUES ($1, $2)";
        within!(&mut tx, c => sqlx::query(sql).bind(store.id).bind(product).execute(c).await.map(|_| ()))?;
        let (before, after) = if excluded { ("included", "excluded") } else { ("excluded", "included") };
        audit(&mut tx, now.timestamp_millis(), actor, "product.exclude", sku, before, after).await?;
    }
    if unknown.is_empty() {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(unknown)
}

async fn look_at_everything(tx: &mut Tx, store: &Store) -> Result<()> {
    let sql = "UPDATE refresh_mark SET everything = TRUE WHERE store_id = $1";
    Ok(within!(tx, c => sqlx::query(sql).bind(store.id).execute(c).await.map(|_| ()))?)
}

async fn audit(
    tx: &mut Tx,
    at: i64,
    actor: &str,
    action: &str,
    subject: &str,
    before: &str,
    after: &str,
) -> Result<()> {
    let sql = "INSERT INTO audit (at, actor, action, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6)";
    Ok(within!(tx, c => sqlx::query(sql).bind(at).bind(actor).bind(action).bind(subject).bind(before).bind(after)
        .execute(c).await.map(|_| ()))?)
}
