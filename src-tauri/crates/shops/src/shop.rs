//! The shops of a store, as kept in the database.

mod lease;

pub use lease::Lease;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use presell_catalog::stores::Store;
use presell_store::{Db, StoreError, instant, on};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use crate::adapter::{Answers, ShopError};
use crate::settings::ShopSettings;

/// The kinds of shops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// A Shopify shop.
    Shopify,
    /// The demo shop on this machine.
    Demo,
    /// Files in a folder, for a shop that reads those.
    File,
}

impl Platform {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Shopify => "shopify",
            Platform::Demo => "demo",
            Platform::File => "file",
        }
    }
}

/// How Presell and a shop get on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ShopState {
    /// It was never tested.
    New,
    /// It answers.
    Connected,
    /// Its access does not work any more: somebody has to act.
    Disconnected,
    /// The shop is closed, frozen or locked.
    Blocked,
}

impl ShopState {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            ShopState::New => "new",
            ShopState::Connected => "connected",
            ShopState::Disconnected => "disconnected",
            ShopState::Blocked => "blocked",
        }
    }
}

/// One shop.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Key in the database.
    pub id: i64,
    /// The store whose lists it shows.
    pub store_id: i64,
    /// The name people and commands use.
    pub name: String,
    /// Its kind.
    pub platform: Platform,
    /// Its domain, or the folder of its files.
    pub address: String,
    /// Where it is instead, on this machine.
    pub base_url: Option<String>,
    /// The app that asks for its tokens; none: the secret is a token.
    pub client_id: Option<String>,
    /// Where the secret is kept, never the secret itself.
    pub secret: String,
    /// Its settings.
    pub settings: ShopSettings,
    /// How we get on.
    pub state: ShopState,
    /// Why not well, and what to do.
    pub trouble: Option<String>,
    /// Its own zone, in which its dates are meant; none: the store's.
    pub zone: Option<Tz>,
    /// What its last test said.
    pub answers: Option<Answers>,
    /// When all its variants were last looked up.
    pub linked_at: Option<DateTime<Utc>>,
    /// When a sync last ran to its end.
    pub synced_at: Option<DateTime<Utc>>,
    /// When it was last read back as a whole.
    pub drift_at: Option<DateTime<Utc>>,
    /// Raised by edits, so that two do not overwrite each other.
    pub version: i64,
}

impl Shop {
    /// The shop's calendar date of `now`.
    pub fn today(&self, store: &Store, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone.unwrap_or(store.zone)).date_naive()
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    store_id: i64,
    name: String,
    platform: String,
    address: String,
    base_url: Option<String>,
    client_id: Option<String>,
    secret: String,
    settings: String,
    state: String,
    trouble: Option<String>,
    zone: Option<String>,
    answers: Option<String>,
    linked_at: Option<i64>,
    synced_at: Option<i64>,
    drift_at: Option<i64>,
    version: i64,
}

impl From<Row> for Shop {
    fn from(row: Row) -> Shop {
        let platform = match row.platform.as_str() {
            "file" => Platform::File,
            "demo" => Platform::Demo,
            _ => Platform::Shopify,
        };
        let state = match row.state.as_str() {
            "connected" => ShopState::Connected,
            "disconnected" => ShopState::Disconnected,
            "blocked" => ShopState::Blocked,
            _ => ShopState::New,
        };
        Shop {
            id: row.id,
            store_id: row.store_id,
            name: row.name,
            platform,
            address: row.address,
            base_url: row.base_url,
            client_id: row.client_id,
            secret: row.secret,
            // A setting of a newer Presell that this one does not know leaves the others as they should be by default.
            settings: serde_json::from_str(&row.settings).unwrap_or_default(),
            state,
            trouble: row.trouble,
            zone: row.zone.and_then(|zone| zone.parse().ok()),
            answers: row.answers.and_then(|answers| serde_json::from_str(&answers).ok()),
            linked_at: row.linked_at.map(instant),
            synced_at: row.synced_at.map(instant),
            drift_at: row.drift_at.map(instant),
            version: row.version,
        }
    }
}

const COLUMNS: &str = "SELECT id, store_id, name, platform, address, base_url, client_id, secret, settings, state, trouble, \
                       zone, answers, linked_at, synced_at, drift_at, version FROM shop";

/// Why a shop could not be found, added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ShopsError {
    /// No shop has this name.
    #[error("There is no shop \"{0}\". `presell shop list` names those that are connected.")]
    Unknown(String),
    /// Another shop has this name.
    #[error("There is a shop \"{0}\" already. Choose another name.")]
    Taken(String),
    /// Somebody else changed it since it was read.
    #[error("The shop \"{0}\" was changed by somebody else meanwhile. Look at it again; nothing was saved.")]
    Changed(String),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Result<T> = std::result::Result<T, ShopsError>;

/// A shop to add.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// The store whose lists it shows.
    pub store_id: i64,
    /// The name people and commands use.
    pub name: String,
    /// Its kind.
    pub platform: Platform,
    /// Its domain, or the folder of its files.
    pub address: String,
    /// Where it is instead, on this machine.
    pub base_url: Option<String>,
    /// The app that asks for its tokens.
    pub client_id: Option<String>,
    /// Where the secret is kept.
    pub secret: String,
    /// Its settings.
    pub settings: ShopSettings,
}

/// Adds a shop.
pub async fn add(db: &Db, new: &NewShop, actor: &str, now: DateTime<Utc>) -> Result<Shop> {
    let settings = serde_json::to_string(&new.settings).unwrap_or_default();
    let sql = "INSERT INTO shop (store_id, name, platform, address, base_url, client_id, secret, settings,
                   created_at, created_by, updated_at, updated_by)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10) ON CONFLICT (name) DO NOTHING";
    let at = now.timestamp_millis();
    let added = on!(db, p => sqlx::query(sql).bind(new.store_id).bind(&new.name).bind(new.platform.as_str())
        .bind(&new.address).bind(&new.base_url).bind(&new.client_id).bind(&new.secret).bind(&settings)
        .bind(at).bind(actor).execute(p).await.map(|done| done.rows_affected()))?;
    if added == 0 {
        return Err(ShopsError::Taken(new.name.clone()));
    }
    find(db, &new.name).await
}

/// The shop of this name.
pub async fn find(db: &Db, name: &str) -> Result<Shop> {
    let sql = format!("{COLUMNS} WHERE name = $1");
    let row: Option<Row> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(name).fetch_optional(p).await)?;
    row.map(Shop::from).ok_or_else(|| ShopsError::Unknown(name.to_owned()))
}

/// All shops of a store, by name.
pub async fn list(db: &Db, store_id: i64) -> std::result::Result<Vec<Shop>, StoreError> {
    let sql = format!("{COLUMNS} WHERE store_id = $1 ORDER BY name");
    let rows: Vec<Row> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(store_id).fetch_all(p).await)?;
    Ok(rows.into_iter().map(Shop::from).collect())
}

/// Keeps what can be set of a shop, if nobody else changed it since `shop` was read.
pub async fn save(db: &Db, shop: &Shop, actor: &str, now: DateTime<Utc>) -> Result<Shop> {
    let settings = serde_json::to_string(&shop.settings).unwrap_or_default();
    let sql = "UPDATE shop SET address = $3, base_url = $4, client_id = $5, secret = $6, settings = $7, version = version + 1,
                   updated_at = $8, updated_by = $9 WHERE id = $1 AND version = $2";
    let saved = on!(db, p => sqlx::query(sql).bind(shop.id).bind(shop.version).bind(&shop.address).bind(&shop.base_url)
        .bind(&shop.client_id).bind(&shop.secret).bind(&settings).bind(now.timestamp_millis()).bind(actor)
        .execute(p).await.map(|done| done.rows_affected()))?;
    if saved == 0 {
        return Err(ShopsError::Changed(shop.name.clone()));
    }
    find(db, &shop.name).await
}

/// Notes how we get on with a shop.
async fn note_state(
    db: &Db,
    shop: &Shop,
    state: ShopState,
    trouble: Option<&str>,
) -> std::result::Result<(), StoreError> {
    let sql = "UPDATE shop SET state = $2, trouble = $3 WHERE id = $1";
    on!(db, p => sqlx::query(sql).bind(shop.id).bind(state.as_str()).bind(trouble).execute(p).await.map(|_| ()))
}

/// Notes that a shop does not let us in, or is closed; what may pass by itself is not noted.
pub async fn note_trouble(db: &Db, shop: &Shop, error: &ShopError) -> std::result::Result<(), StoreError> {
    match error {
        ShopError::Disconnected(why) => note_state(db, shop, ShopState::Disconnected, Some(why)).await,
        ShopError::Blocked(why) => note_state(db, shop, ShopState::Blocked, Some(why)).await,
        ShopError::Away(_) | ShopError::Answer(_) | ShopError::Stopped => Ok(()),
    }
}

/// Notes what a shop said when it was tested: it is connected.
pub async fn note_answers(db: &Db, shop: &Shop, answers: &Answers) -> std::result::Result<(), StoreError> {
    let sql = "UPDATE shop SET state = 'connected', trouble = NULL, answers = $2, zone = $3 WHERE id = $1";
    let text = serde_json::to_string(answers).unwrap_or_default();
    on!(db, p => sqlx::query(sql).bind(shop.id).bind(&text).bind(&answers.zone).execute(p).await.map(|_| ()))
}

/// Forgets a shop with all that is known of it. The shop itself is not touched.
pub async fn remove(db: &Db, shop: &Shop) -> std::result::Result<(), StoreError> {
    let mut tx = db.begin().await?;
    for sql in [
        "DELETE FROM shop_item WHERE shop_id = $1",
        "DELETE FROM shop_bulk WHERE shop_id = $1",
        "DELETE FROM sub_catalog WHERE shop_id = $1",
        "DELETE FROM shop_parent WHERE shop_id = $1",
        "DELETE FROM shop_variant WHERE shop_id = $1",
        "DELETE FROM shop WHERE id = $1",
    ] {
        presell_store::within!(&mut tx, c => sqlx::query(sql).bind(shop.id).execute(c).await.map(|_| ()))?;
    }
    tx.commit().await
}
