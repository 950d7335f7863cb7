//! From the names in a file to the products and facilities that Presell knows, and those it may add.

use presell_store::{Cell, Db, Result, Tx, text, within};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::texts::{Text, Texts};

mod facilities;

pub(crate) use facilities::{Facilities, Facility, add_facilities, facilities};

/// Names looked up with one statement.
const CHUNK: usize = 5_000;

/// What a SKU of the file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    /// This product.
    Known(i64),
    /// Not known, and may be added.
    New,
    /// Not known.
    Unknown,
    /// Not known, but this known SKU differs only by leading zeros.
    LostZeros(String),
    /// The identifier (a UPC, say) of several products; the first of them.
    Several(i64, String),
}

/// What the SKUs of a file stand for.
pub(crate) struct Products {
    found: FxHashMap<Text, Product>,
    /// The newest product when the names were looked up.
    newest: i64,
}

impl Products {
    pub(crate) fn get(&self, sku: Text) -> &Product {
        self.found.get(&sku).unwrap_or(&Product::Unknown)
    }

    /// The key of the product, if it is in the database by now.
    pub(crate) fn id(&self, sku: Text) -> Option<i64> {
        match self.get(sku) {
            Product::Known(id) | Product::Several(id, _) => Some(*id),
            _ => None,
        }
    }
}

/// Whether a table has no row yet.
async fn is_empty(tx: &mut Tx, sql: &'static str) -> Result<bool> {
    let found: Option<(i64,)> = within!(tx, c => sqlx::query_as(sql).fetch_optional(c).await)?;
    Ok(found.is_none())
}

/// Whether no product is known at all.
pub(crate) async fn no_products(db: &Db) -> Result<bool> {
    let mut tx = db.begin_read().await?;
    let empty = is_empty(&mut tx, "SELECT id FROM product LIMIT 1").await?;
    tx.rollback().await?;
    Ok(empty)
}

/// Looks up every SKU of the file: as a SKU, then as another identifier of a product.
/// Unknown ones may be added if `create` says so, or, without a word on it, while no product is known at all: those of an
/// import that was cut short do not count, so that it can be repeated as it was.
pub(crate) async fn products(tx: &mut Tx, texts: &Texts, skus: &[Text], create: Option<bool>) -> Result<Products> {
    let mut found: FxHashMap<Text, Product> = FxHashMap::default();
    found.reserve(skus.len());
    let empty = is_empty(tx, "SELECT id FROM product LIMIT 1").await?;
    let create = match create {
        Some(create) => create,
        None => {
            let sql = "SELECT id FROM product WHERE created_by NOT IN (SELECT id FROM import WHERE state = 'applying') LIMIT 1";
            empty || is_empty(tx, sql).await?
        }
    };
    if !empty {
        let sql = text!(tx, "SELECT id, sku FROM product WHERE sku IN ", TEXTS);
        for (id, sku) in by_name(tx, sql, texts, skus).await? {
            if let Some(sku) = texts.find(&sku) {
                found.insert(sku, Product::Known(id));
            }
        }
        let missing: Vec<Text> = skus.iter().filter(|sku| !found.contains_key(sku)).copied().collect();
        identifiers(tx, texts, &missing, &mut found).await?;
        lost_zeros(tx, texts, &missing, &mut found).await?;
    }
    for sku in skus {
        found.entry(*sku).or_insert(if create { Product::New } else { Product::Unknown });
    }
    Ok(Products { found, newest: newest(tx).await? })
}

async fn by_name(tx: &mut Tx, sql: &'static str, texts: &Texts, names: &[Text]) -> Result<Vec<(i64, String)>> {
    let mut found = Vec::new();
    for chunk in names.chunks(CHUNK) {
        let list = list(texts, chunk);
        let rows: Vec<(i64, String)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
        found.extend(rows);
    }
    Ok(found)
}

fn list(texts: &Texts, names: &[Text]) -> String {
    serde_json::json!(names.iter().map(|n| texts.get(*n)).collect::<Vec<_>>()).to_string()
}

async fn identifiers(tx: &mut Tx, texts: &Texts, missing: &[Text], found: &mut FxHashMap<Text, Product>) -> Result<()> {
    if missing.is_empty() || is_empty(tx, "SELECT product_id FROM product_identifier LIMIT 1").await? {
        return Ok(());
    }
    let sql = text!(
        tx,
        "SELECT i.value, p.id, p.sku FROM product_identifier i JOIN product p ON p.id = i.product_id
        WHERE i.value IN ",
        TEXTS,
        " ORDER BY i.value, p.sku, p.id"
    );
    for chunk in missing.chunks(CHUNK) {
        let list = list(texts, chunk);
        let rows: Vec<(String, i64, String)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
        for (value, id, sku) in rows {
            let Some(value) = texts.find(&value) else { continue };
            let entry = found.entry(value).or_insert(Product::Known(id));
            match entry {
                Product::Known(first) if *first != id => *entry = Product::Several(*first, sku),
                Product::Several(first, skus) if *first != id => {
                    skus.push_str(", ");
                    skus.push_str(&sku);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// A number that is not known, while the same number with leading zeros is: a spreadsheet dropped them.
async fn lost_zeros(tx: &mut Tx, texts: &Texts, missing: &[Text], found: &mut FxHashMap<Text, Product>) -> Result<()> {
    let digits = |sku: &Text| !texts.get(*sku).is_empty() && texts.get(*sku).bytes().all(|b| b.is_ascii_digit());
    let numbers: Vec<Text> = missing.iter().filter(|s| digits(s) && !found.contains_key(s)).copied().collect();
    let sql = text!(tx, "SELECT ltrim(sku, '0'), sku FROM product WHERE sku LIKE '0%' AND ltrim(sku, '0') IN ", TEXTS);
    for chunk in numbers.chunks(CHUNK) {
        let list = list(texts, chunk);
        let rows: Vec<(String, String)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
        for (number, sku) in rows {
            if let Some(number) = texts.find(&number) {
                found.insert(number, Product::LostZeros(sku));
            }
        }
    }
    Ok(())
}

/// Those orders of the file that are known purchase orders.
pub(crate) async fn purchase_orders(tx: &mut Tx, orders: &Texts) -> Result<FxHashSet<Text>> {
    let all: Vec<Text> = orders.iter().map(|(order, _)| order).collect();
    let sql = text!(tx, "SELECT id, code FROM purchase_order WHERE code IN ", TEXTS);
    let found = by_name(tx, sql, orders, &all).await?;
    Ok(found.iter().filter_map(|(_, code)| orders.find(code)).collect())
}

/// Cuts rows into batches of about `size`, at the borders of orders: rows of one order are written together.
pub(crate) fn batches<'a, R, K: PartialEq>(
    rows: &'a [R],
    size: usize,
    order: impl Fn(&R) -> K + 'a,
) -> impl Iterator<Item = &'a [R]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let mut end = size.min(rest.len());
        let last = order(rest.get(end.checked_sub(1)?)?);
        while rest.get(end).is_some_and(|row| order(row) == last) {
            end += 1;
        }
        let (batch, after) = rest.split_at(end);
        rest = after;
        Some(batch)
    })
}

/// Adds those products of a batch that are new. Afterwards [`Products::id`] knows them.
pub(crate) async fn add_products(
    tx: &mut Tx,
    texts: &Texts,
    products: &mut Products,
    batch: &[Text],
    import: i64,
) -> Result<()> {
    let mut new: Vec<Text> = batch.iter().filter(|sku| *products.get(**sku) == Product::New).copied().collect();
    new.sort_unstable();
    new.dedup();
    if new.is_empty() {
        return Ok(());
    }
    if newest(tx).await? != products.newest {
        // Another import has added products since the names were looked up. Some may be ours, of later batches too.
        let open: Vec<Text> = products.found.iter().filter(|(_, p)| **p == Product::New).map(|(sku, _)| *sku).collect();
        let sql = text!(tx, "SELECT id, sku FROM product WHERE sku IN ", TEXTS);
        for (id, sku) in by_name(tx, sql, texts, &open).await? {
            products.found.extend(texts.find(&sku).map(|sku| (sku, Product::Known(id))));
        }
        new.retain(|sku| *products.get(*sku) == Product::New);
    }
    let first = tx.reserve_ids("product", new.len()).await?;
    let mut cells = Vec::with_capacity(new.len() * 4);
    for (id, sku) in (first..).zip(&new) {
        cells.extend([Cell::Int(id), Cell::Text(texts.get(*sku)), Cell::Int(import), Cell::Int(import)]);
        products.found.insert(*sku, Product::Known(id));
    }
    tx.insert_many("product", &["id", "sku", "created_by", "touched_by"], &cells).await?;
    products.newest = newest(tx).await?;
    Ok(())
}

async fn newest(tx: &mut Tx) -> Result<i64> {
    let (id,): (i64,) =
        within!(tx, c => sqlx::query_as("SELECT COALESCE(MAX(id), 0) FROM product").fetch_one(c).await)?;
    Ok(id)
}
