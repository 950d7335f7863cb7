//! All stores, and the facilities of each: which sell for it, which only receive.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use presell_store::{Db, Tx, within};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Result, Store, StoresError, audit, create, find, look_at_everything};

/// What a facility is to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Its stock feeds the web shop, and goods sent to it are the store's.
    Sells,
    /// Goods sent to it are the store's; its stock does not feed the web shop.
    Receives,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Sells => "sells",
            Role::Receives => "receives",
        }
    }
}

/// A store with all that people ask about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The store.
    pub store: Store,
    /// Its facilities by code, and what each is to it.
    pub facilities: BTreeMap<String, Role>,
    /// Products on its two lists.
    pub listed: i64,
}

/// Every store, the oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Entry>> {
    let sql = "SELECT code, (SELECT count(*) FROM member m WHERE m.store_id = store.id) FROM store ORDER BY id";
    let rows: Vec<(String, i64)> = within!(&mut *tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    let mut entries = Vec::with_capacity(rows.len());
    for (code, listed) in rows {
        let store = find(tx, &code).await?;
        let facilities = facilities(tx, &store).await?;
        entries.push(Entry { store, facilities, listed });
    }
    Ok(entries)
}

/// The facilities of a store by code.
pub async fn facilities(tx: &mut Tx, store: &Store) -> Result<BTreeMap<String, Role>> {
    let sql =
        "SELECT f.code, m.role FROM store_facility m JOIN facility f ON f.id = m.facility_id WHERE m.store_id = $1";
    let rows: Vec<(String, String)> = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(code, role)| (code, if role == "sells" { Role::Sells } else { Role::Receives }))
        .collect())
}

/// Codes of all facilities that are known.
pub async fn known_facilities(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = "SELECT code FROM facility WHERE kind = 'physical' ORDER BY code";
    let rows: Vec<(String,)> = within!(tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Adds a store with default rules. A facility that is not known yet is made.
///
/// # Errors
/// [`StoresError::Taken`] if another store has this code.
pub async fn add(
    db: &Db,
    code: &str,
    zone: Tz,
    with: &BTreeMap<String, Role>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Store> {
    let mut tx = db.begin_in_turn().await?;
    match find(&mut tx, code).await {
        Err(StoresError::Unknown(_)) => {}
        Ok(_) | Err(StoresError::Zone { .. }) => return Err(StoresError::Taken(code.to_owned())),
        Err(error) => return Err(error),
    }
    let store = create(&mut tx, code, zone, now).await?;
    write_facilities(&mut tx, &store, with).await?;
    audit(&mut tx, now.timestamp_millis(), actor, "store.add", code, "", zone.name()).await?;
    tx.commit().await?;
    Ok(store)
}

/// Says anew which facilities a store has; those that stay keep the time of their membership.
pub async fn change_facilities(
    db: &Db,
    store: &Store,
    with: &BTreeMap<String, Role>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut tx = db.begin_in_turn().await?;
    let before = facilities(&mut tx, store).await?;
    if before == *with {
        return Ok(());
    }
    write_facilities(&mut tx, store, with).await?;
    let (before, after) = (words(&before), words(with));
    audit(&mut tx, now.timestamp_millis(), actor, "store.facilities", &store.code, &before, &after).await?;
    look_at_everything(&mut tx, store).await?;
    tx.commit().await?;
    Ok(())
}

fn words(facilities: &BTreeMap<String, Role>) -> String {
    facilities.iter().map(|(code, role)| format!("{code} {}", role.word())).collect::<Vec<_>>().join(", ")
}

async fn write_facilities(tx: &mut Tx, store: &Store, with: &BTreeMap<String, Role>) -> Result<()> {
    let before = facilities(tx, store).await?;
    for code in before.keys().filter(|code| !with.contains_key(*code)) {
        let sql = "DELETE FROM store_facility WHERE store_id = $1 AND facility_id = (SELECT id FROM facility WHERE code = $2)";
        within!(&mut *tx, c => sqlx::query(sql).bind(store.id).bind(code).execute(c).await.map(|_| ()))?;
    }
    for (code, role) in with {
        let sql = "INSERT INTO facility (code) VALUES ($1) ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id";
        let (id,): (i64,) = within!(&mut *tx, c => sqlx::query_as(sql).bind(code).fetch_one(c).await)?;
        let sql = "INSERT INTO store_facility (store_id, facility_id, role) VALUES ($1, $2, $3)
                   ON CONFLICT (store_id, facility_id) DO UPDATE SET role = excluded.role";
        within!(&mut *tx, c => sqlx::query(sql).bind(store.id).bind(id).bind(role.word()).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}
