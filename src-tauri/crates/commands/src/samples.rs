//! Sample data: a small clothes shop to look around in, one click away and one click gone. It is five ordinary imports, which
//! the database remembers as samples, so that taking it away is undoing them.

use std::fs::File;
use std::path::Path;

use presell_catalog::refresh::Outcome;
use presell_imports::headers::Kind;
use presell_imports::undo_in;
use presell_samples::{File as Sample, Samples, Scale};
use presell_store::{Tx, text, within};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Error, ImportFile, Nothing, RefreshCatalog, Result, changes, import_file, notes, refresh_catalog};

/// The sample data is the same on every machine, but for its dates.
const SEED: u64 = 7;
/// Topic of the note.
const TOPIC: &str = "samples";

/// How to add sample data.
#[derive(Clone, Copy, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AddSampleData {
    /// Decide about it right away, so that the two lists are filled.
    pub refresh: bool,
}

/// Sample data that was added.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SamplesAdded {
    /// The imports it came with.
    pub imports: Vec<i64>,
    /// Rows taken.
    pub rows: u64,
    /// What deciding about it changed; none: nobody asked for it.
    pub refreshed: Option<Outcome>,
}

/// Sample data that was taken away.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SamplesRemoved {
    /// Imports that were undone.
    pub imports: usize,
    /// Rows that are gone.
    pub removed: u64,
    /// Products that left the lists.
    pub unlisted: u64,
}

#[derive(Default, Serialize, Deserialize)]
struct Added {
    imports: Vec<i64>,
}

/// Whether there is sample data.
pub(crate) async fn present(app: &App) -> Result<bool> {
    Ok(notes::look::<Added>(&app.db, TOPIC).await?.is_some())
}

/// Fills an empty database with a small clothes shop: products, stock, purchase orders, receipts and customer orders.
pub async fn add_sample_data(app: &App, args: AddSampleData) -> Result<SamplesAdded> {
    let mut tx = app.db.begin_read().await?;
    let found = refuse_unless_empty(&mut tx).await;
    tx.rollback().await?;
    found?;
    let folder = tempfile::Builder::new().prefix("presell-samples-").tempdir().map_err(|e| not_written(&e))?;
    let today = app.store().await?.today(app.now().await?);
    let samples = Samples::new(Scale::small(), SEED, today);
    let mut added = Added::default();
    let mut rows = 0;
    for sample in Sample::ALL {
        let path = folder.path().join(sample.name());
        write(&samples, sample, &path)?;
        // Some lines are due today or overdue, so that every story is told; they would ask.
        let request = ImportFile { confirm: true, create: Some(true), ..ImportFile::new(kind(sample), path) };
        let report = import_file(app, request).await?.report;
        rows += report.accepted;
        added.imports.extend(report.import_id);
        // After each file: if the next one fails, what is in can be taken away.
        let mut tx = app.db.begin().await?;
        notes::write(&mut tx, TOPIC, &added, &app.actor).await?;
        tx.commit().await?;
    }
    let mut tx = app.db.begin().await?;
    changes::record(&mut tx, &app.actor, "samples.add", &app.store_code(), "", &format!("{rows} rows")).await?;
    tx.commit().await?;
    let refreshed = match args.refresh {
        true => Some(refresh_catalog(app, RefreshCatalog::default()).await?.outcome),
        false => None,
    };
    Ok(SamplesAdded { imports: added.imports, rows, refreshed })
}

/// Takes the sample data away again, all or nothing: what it brought goes, and leaves the lists.
pub async fn remove_sample_data(app: &App, _: Nothing) -> Result<SamplesRemoved> {
    let now = app.now().await?;
    let mut tx = app.db.begin_in_turn().await?;
    let Some(added) = notes::read::<Added>(&mut tx, TOPIC).await? else {
        return Err(Error::refused("There is no sample data, so there is nothing to take away."));
    };
    let ids = serde_json::json!(added.imports).to_string();
    refuse_if_used(&mut tx, &ids).await?;
    let sql =
        text!(tx, "DELETE FROM member WHERE product_id IN (SELECT id FROM product WHERE created_by IN ", INTS, ")");
    let unlisted =
        within!(&mut tx, c => sqlx::query(sql).bind(&ids).execute(c).await.map(|done| done.rows_affected()))?;
    let sql =
        text!(tx, "DELETE FROM decision WHERE product_id IN (SELECT id FROM product WHERE created_by IN ", INTS, ")");
    within!(&mut tx, c => sqlx::query(sql).bind(&ids).execute(c).await.map(|_| ()))?;
    let (mut imports, mut removed) = (0, 0);
    for id in added.imports.iter().rev() {
        let sql = "SELECT count(*) FROM import WHERE id = $1 AND state <> 'undone'";
        let (standing,): (i64,) = within!(&mut tx, c => sqlx::query_as(sql).bind(id).fetch_one(c).await)?;
        if standing > 0 {
            removed += undo_in(&mut tx, *id, &app.actor, now).await?.removed;
            imports += 1;
        }
    }
    notes::forget(&mut tx, TOPIC).await?;
    let gone = format!("{removed} rows");
    changes::record(&mut tx, &app.actor, "samples.remove", &app.store_code(), &gone, "").await?;
    tx.commit().await?;
    app.facts_changed().await?;
    app.changed().await;
    Ok(SamplesRemoved { imports, removed, unlisted })
}

/// Sample data beside real data would be sold.
async fn refuse_unless_empty(tx: &mut Tx) -> Result<()> {
    let sql = "SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM purchase_order), (SELECT count(*) FROM order_item)";
    let (products, purchase_orders, orders): (i64, i64, i64) =
        within!(&mut *tx, c => sqlx::query_as(sql).fetch_one(c).await)?;
    if products + purchase_orders + orders == 0 {
        return Ok(());
    }
    let what = if notes::read::<Added>(tx, TOPIC).await?.is_some() {
        "The sample data is here already.".to_owned()
    } else {
        format!(
            "There is data already: {}, {}, {}.",
            counted(products, "product"),
            counted(purchase_orders, "purchase order"),
            counted(orders, "ordered item")
        )
    };
    Err(Error::refused(format!("{what} Sample data only goes into an empty Presell, so that it is never sold.")))
}

fn counted(n: i64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// What somebody brought in himself, and what names a product of the samples.
async fn refuse_if_used(tx: &mut Tx, ids: &str) -> Result<()> {
    let uses = [
        text!(tx, "SELECT 'purchase order ' || o.code, p.sku FROM po_line l JOIN purchase_order o ON o.id = l.po_id JOIN product p ON p.id = l.product_id
            WHERE p.created_by IN ", INTS, " AND l.created_by NOT IN ", INTS, " LIMIT 1"),
        text!(tx, "SELECT 'order ' || i.order_code, p.sku FROM order_item i JOIN product p ON p.id = i.product_id
            WHERE p.created_by IN ", INTS, " AND i.created_by NOT IN ", INTS, " LIMIT 1"),
        text!(tx, "SELECT 'the stock at ' || f.code, p.sku FROM stock s JOIN product p ON p.id = s.product_id JOIN facility f ON f.id = s.facility_id
            WHERE p.created_by IN ", INTS, " AND s.created_by NOT IN ", INTS, " LIMIT 1"),
    ];
    for sql in uses {
        let found: Option<(String, String)> =
            within!(&mut *tx, c => sqlx::query_as(sql).bind(ids).fetch_optional(c).await)?;
        if let Some((what, sku)) = found {
            return Err(Error::refused(format!(
                "The sample data stays: {what} names its product {sku}. Undo the import that brought it, then take the sample data away."
            )));
        }
    }
    Ok(())
}

fn kind(sample: Sample) -> Kind {
    match sample {
        Sample::Products => Kind::Products,
        Sample::Inventory => Kind::Inventory,
        Sample::PurchaseOrders => Kind::PurchaseOrders,
        Sample::Receipts => Kind::Receipts,
        Sample::Orders => Kind::Orders,
    }
}

fn write(samples: &Samples, sample: Sample, path: &Path) -> Result<()> {
    let written = File::create(path).and_then(|mut file| samples.write(sample, &mut file));
    written.map_err(|e| not_written(&e))
}

fn not_written(cause: &std::io::Error) -> Error {
    Error::failed(format!("The sample data could not be written to the temporary folder: {cause}."))
}
