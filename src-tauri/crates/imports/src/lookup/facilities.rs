//! From the facility names in a file to the facilities that Presell knows, and those it may add.

use presell_store::{Result, Tx, text, within};
use rustc_hash::FxHashMap;

use super::{is_empty, list};
use crate::journal::Journal;
use crate::texts::{Text, Texts};

/// What a facility name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facility {
    /// This facility.
    Known(i64),
    /// This facility, which belongs to no store.
    OfNoStore(i64),
    /// Not known, and may be added.
    New,
    /// Not known.
    Unknown,
}

impl Facility {
    /// The key, if it is in the database.
    pub(crate) fn id(self) -> Option<i64> {
        match self {
            Facility::Known(id) | Facility::OfNoStore(id) => Some(id),
            Facility::New | Facility::Unknown => None,
        }
    }
}

/// What the facility names of a file stand for.
pub(crate) struct Facilities(FxHashMap<Text, Facility>);

impl Facilities {
    pub(crate) fn get(&self, name: Text) -> Facility {
        self.0.get(&name).copied().unwrap_or(Facility::Unknown)
    }
}

/// Looks up every facility of the file. Unknown ones may be added as with [`products`].
pub(crate) async fn facilities(tx: &mut Tx, texts: &Texts, names: &[Text], create: Option<bool>) -> Result<Facilities> {
    let create = match create {
        Some(create) => create,
        None => {
            let sql = "SELECT f.id FROM facility f WHERE NOT EXISTS (SELECT 1 FROM import i JOIN import_before b ON b.import_id = i.id
                WHERE i.state = 'applying' AND b.entity = 'new_facility' AND b.entity_key = CAST(f.id AS TEXT)) LIMIT 1";
            is_empty(tx, sql).await?
        }
    };
    let sql = text!(
        tx,
        "SELECT f.id, f.code, EXISTS (SELECT 1 FROM store_facility m WHERE m.facility_id = f.id)
        FROM facility f WHERE f.code IN ",
        TEXTS
    );
    let list = list(texts, names);
    let rows: Vec<(i64, String, bool)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    let mut found = FxHashMap::default();
    for (id, code, used) in rows {
        if let Some(code) = texts.find(&code) {
            found.insert(code, if used { Facility::Known(id) } else { Facility::OfNoStore(id) });
        }
    }
    for name in names {
        found.entry(*name).or_insert(if create { Facility::New } else { Facility::Unknown });
    }
    Ok(Facilities(found))
}

/// Adds the new facilities that rows name, as physical places of the store's channel group.
pub(crate) async fn add_facilities(
    tx: &mut Tx,
    texts: &Texts,
    facilities: &mut Facilities,
    used: &[Text],
    store: i64,
    journal: &mut Journal,
) -> Result<()> {
    let mut new: Vec<Text> = used.iter().filter(|f| facilities.get(**f) == Facility::New).copied().collect();
    new.sort_unstable();
    new.dedup();
    for name in new {
        let code = texts.get(name);
        let sql = "INSERT INTO facility (code) VALUES ($1) ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id";
        let (id,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(code).fetch_one(c).await)?;
        let sql =
            "INSERT INTO store_facility (store_id, facility_id, role) VALUES ($1, $2, 'sells') ON CONFLICT DO NOTHING";
        within!(tx, c => sqlx::query(sql).bind(store).bind(id).execute(c).await.map(|_| ()))?;
        // A facility does not say which import made it; the journal does.
        journal.keep("new_facility", id, &code);
        facilities.0.insert(name, Facility::Known(id));
    }
    Ok(())
}
