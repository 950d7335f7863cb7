//! Rows that an import changed: each becomes as it was before, unless somebody has changed it since.

use std::collections::BTreeMap;

use presell_store::{Cell, StoreError, Tx, text, within};
use serde::de::DeserializeOwned;

use super::{Trail, touched};
use crate::inventory::{self, KnownStock};
use crate::orders::known::KnownItem;
use crate::products::known::{self as products, Changed, KnownProduct};
use crate::purchase_orders::known::{Head, KnownLine};
use crate::request::ImportError;
use crate::{orders, purchase_orders};

type Result<T> = std::result::Result<T, ImportError>;

/// Rows restored at once.
const PAGE: i64 = 10_000;

/// Some rows as they were, by what they are. Of a row that was changed twice only the older state is kept.
struct Page(BTreeMap<(String, String), String>);

impl Page {
    fn of<T: DeserializeOwned>(&self, entity: &str) -> Result<Vec<T>> {
        let read = |json: &String| {
            serde_json::from_str(json).map_err(|e| StoreError::Sql(sqlx::Error::Decode(Box::new(e))).into())
        };
        self.0.iter().filter(|((of, _), _)| of == entity).map(|(_, json)| read(json)).collect()
    }
}

/// Restores everything, newest first: a row that was changed twice ends as it was at first.
pub(super) async fn restore(tx: &mut Tx, import: i64, trail: &mut Trail) -> Result<()> {
    let mut before = i64::MAX;
    loop {
        let sql = "SELECT id, entity, entity_key, before FROM import_before WHERE import_id = $1 AND id < $2
                   ORDER BY id DESC LIMIT $3";
        let rows: Vec<(i64, String, String, String)> =
            within!(tx, c => sqlx::query_as(sql).bind(import).bind(before).bind(PAGE).fetch_all(c).await)?;
        let Some(last) = rows.last() else { return Ok(()) };
        before = last.0;
        let page = Page(rows.into_iter().map(|(_, entity, key, json)| ((entity, key), json)).collect());
        items(tx, import, &page.of("order_item")?, trail).await?;
        lines(tx, import, &page.of("po_line")?, trail).await?;
        heads(tx, import, &page.of("purchase_order")?, trail).await?;
        stock(tx, import, &page.of("stock")?, trail).await?;
        described(tx, import, &page.of("product")?, trail).await?;
    }
}

fn list(keys: impl Iterator<Item = i64>) -> String {
    serde_json::json!(keys.collect::<Vec<_>>()).to_string()
}

/// Refuses if one of some rows was written by somebody else since. The statement takes their keys and the import.
async fn refuse(tx: &mut Tx, import: i64, sql: &'static str, keys: &str) -> Result<()> {
    let found: Option<(String, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(keys).bind(import).fetch_optional(c).await)?;
    found.map_or(Ok(()), |(what, by)| Err(touched(import, &what, by)))
}

async fn items(tx: &mut Tx, import: i64, items: &[KnownItem], trail: &mut Trail) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let keys = list(items.iter().map(|item| item.id));
    let sql = text!(
        tx,
        "SELECT 'item ' || item_seq || ' of order ' || order_code, touched_by FROM order_item
        WHERE id IN ",
        INTS,
        " AND touched_by <> $2 LIMIT 1"
    );
    refuse(tx, import, sql, &keys).await?;
    let (mut own, mut allocations) = (Vec::new(), Vec::new());
    for item in items {
        own.extend([
            Cell::Int(item.id),
            item.quantity.into(),
            item.ordered_at.into(),
            item.status.as_str().into(),
            item.queue.as_str().into(),
            item.promised.into(),
            item.waiting.into(),
            item.touched_by.into(),
        ]);
        for a in &item.allocations {
            allocations.extend([
                Cell::Int(a.id),
                item.id.into(),
                a.line.into(),
                a.quantity.into(),
                a.created_by.into(),
            ]);
        }
        trail.products.push(item.product);
    }
    orders::update(tx, &own).await?;
    let sql = text!(tx, "DELETE FROM allocation WHERE item_id IN ", INTS);
    within!(tx, c => sqlx::query(sql).bind(&keys).execute(c).await.map(|_| ()))?;
    tx.insert_many("allocation", &["id", "item_id", "line_id", "quantity", "created_by"], &allocations).await?;
    trail.restored += items.len() as u64;
    Ok(())
}

async fn lines(tx: &mut Tx, import: i64, lines: &[KnownLine], trail: &mut Trail) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let keys = list(lines.iter().map(|line| line.id));
    let sql = text!(
        tx,
        "SELECT 'line ' || l.line_no || ' of ' || o.code, l.touched_by FROM po_line l
        JOIN purchase_order o ON o.id = l.po_id WHERE l.id IN ",
        INTS,
        " AND l.touched_by <> $2 LIMIT 1"
    );
    refuse(tx, import, sql, &keys).await?;
    // What the line brings now has to be looked at again, too.
    let sql = text!(tx, "SELECT product_id FROM po_line WHERE id IN ", INTS);
    let now: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(&keys).fetch_all(c).await)?;
    trail.products.extend(now.into_iter().map(|(product,)| product));
    purchase_orders::set_lines(tx, lines).await?;
    trail.lines.extend(lines.iter().map(|line| line.id));
    trail.products.extend(lines.iter().map(|line| line.product));
    trail.restored += lines.len() as u64;
    Ok(())
}

async fn heads(tx: &mut Tx, import: i64, heads: &[Head], trail: &mut Trail) -> Result<()> {
    if heads.is_empty() {
        return Ok(());
    }
    let keys = list(heads.iter().map(|head| head.id));
    let sql = text!(
        tx,
        "SELECT 'purchase order ' || code, touched_by FROM purchase_order WHERE id IN ",
        INTS,
        " AND touched_by <> $2 LIMIT 1"
    );
    refuse(tx, import, sql, &keys).await?;
    for head in heads {
        let sql = "UPDATE purchase_order SET status = $1, store_id = $2, touched_by = $3 WHERE id = $4";
        within!(tx, c => sqlx::query(sql).bind(head.status.as_str()).bind(head.store).bind(head.touched_by)
            .bind(head.id).execute(c).await.map(|_| ()))?;
    }
    let sql = text!(tx, "SELECT DISTINCT product_id FROM po_line WHERE po_id IN ", INTS);
    let products: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(&keys).fetch_all(c).await)?;
    trail.products.extend(products.into_iter().map(|(product,)| product));
    trail.restored += heads.len() as u64;
    Ok(())
}

async fn stock(tx: &mut Tx, import: i64, records: &[KnownStock], trail: &mut Trail) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let mut cells = Vec::with_capacity(records.len() * 7);
    for record in records {
        let (product, facility, location) = (record.product, record.facility, record.location.as_str());
        // A record that exists keeps its creator, whatever stands here.
        let by = record.touched_by;
        cells.extend([
            product.into(),
            facility.into(),
            location.into(),
            record.atp.into(),
            record.as_of.into(),
            by.into(),
            Cell::Int(by),
        ]);
        trail.products.push(product);
    }
    inventory::stage(tx, &cells).await?;
    if tx.is_postgres() {
        tx.run("ANALYZE new_stock").await?;
    }
    let sql = "SELECT 'the stock of ' || p.sku || ' at ' || f.code, s.touched_by FROM new_stock n
        JOIN stock s ON s.product_id = n.product_id AND s.facility_id = n.facility_id AND s.location = n.location
        JOIN product p ON p.id = s.product_id JOIN facility f ON f.id = s.facility_id WHERE s.touched_by <> $1 LIMIT 1";
    let found: Option<(String, i64)> = within!(tx, c => sqlx::query_as(sql).bind(import).fetch_optional(c).await)?;
    if let Some((what, by)) = found {
        return Err(touched(import, &what, by));
    }
    inventory::replace_staged(tx).await?;
    trail.restored += records.len() as u64;
    Ok(())
}

async fn described(tx: &mut Tx, import: i64, changes: &[Changed], trail: &mut Trail) -> Result<()> {
    let Some(store) = changes.first().map(|change| change.before.store) else { return Ok(()) };
    let ids: Vec<i64> = changes.iter().map(|change| change.before.id).collect();
    let now = products::by_id(tx, store, &ids).await?;
    for change in changes {
        let Some(now) = now.iter().find(|now| now.id == change.before.id) else { continue };
        if now.touched_by != import || now.rule != change.after.rule {
            let by = if now.touched_by == import { 0 } else { now.touched_by };
            return Err(touched(import, &format!("product {}", now.sku), by));
        }
        if change.before.rule != change.after.rule {
            trail.products.push(now.id);
        }
    }
    let before: Vec<&KnownProduct> = changes.iter().map(|change| &change.before).collect();
    products::put(tx, &before).await?;
    trail.restored += changes.len() as u64;
    Ok(())
}
