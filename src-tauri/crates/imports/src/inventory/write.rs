//! Compares stock rows with the known records and writes those that differ.

use presell_store::{Cell, Result, Tx, text, within};
use rustc_hash::FxHashMap;

use super::found::Found;
use super::known::{COLUMNS, KnownStock, replace};
use super::rows::{Rows, StockRow};
use crate::intake::Job;
use crate::journal::mark_dirty;
use crate::lookup;
use crate::problem::Check;
use crate::request::{Difference, ImportError};
use crate::texts::Text;

/// What a batch did.
#[derive(Default)]
pub(super) struct Count {
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
}

type Records<'a> = FxHashMap<(i64, i64, &'a str), KnownStock>;

/// Writes one batch in a transaction of its own. Rows come in the order of the table.
pub(super) async fn write_batch(
    job: &mut Job<'_>,
    names: &Rows,
    found: &mut Found,
    batch: &[StockRow],
) -> std::result::Result<(), ImportError> {
    let mut tx = if job.request.dry_run { job.db.begin_read().await? } else { job.db.begin_in_turn().await? };
    if let Some(journal) = &mut job.journal {
        let skus: Vec<Text> = batch.iter().map(|row| row.sku).collect();
        let mut facilities: Vec<Text> = batch.iter().map(|row| row.facility).collect();
        facilities.sort_unstable();
        facilities.dedup();
        lookup::add_products(&mut tx, &names.skus, &mut found.products, &skus, journal.id).await?;
        lookup::add_facilities(&mut tx, &names.facilities, &mut found.facilities, &facilities, job.store.id, journal)
            .await?;
    }
    let mut records = if found.none_known { Records::default() } else { known(&mut tx, names, found, batch).await? };
    let mut count = Count::default();
    let (mut new, mut changed, mut dirty) = (Vec::new(), Vec::new(), Vec::new());
    let import = job.journal_id().unwrap_or(0);
    for row in batch {
        let location = names.locations.get(row.location);
        let place = found.products.id(row.sku).zip(found.facilities.get(row.facility).id());
        // Without a place the product or facility is still to be added: a dry run.
        let record = place.and_then(|(product, facility)| records.remove(&(product, facility, location)));
        match record {
            None => count.new += 1,
            Some(record) => {
                if !differs(job, names, found, row, &record, &mut count) {
                    job.findings.unchanged(u64::from(row.row));
                    continue;
                }
                if let Some(journal) = &mut job.journal {
                    journal.keep("stock", record.key(), &record);
                }
                changed.extend(cells(record.product, record.facility, location, row, import));
                dirty.push(record.product);
                continue;
            }
        }
        if let Some((product, facility)) = place {
            new.extend(cells(product, facility, location, row, import));
            dirty.push(product);
        }
    }
    job.count(count.new, count.changed, count.unchanged);
    if job.request.dry_run {
        tx.rollback().await?;
        return Ok(());
    }
    tx.insert_many("stock", COLUMNS, &new).await?;
    finish(job, &mut tx, &changed, dirty).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a row says something that its record does not: other pieces, or the same ones counted later.
fn differs(
    job: &mut Job<'_>,
    names: &Rows,
    found: &Found,
    row: &StockRow,
    record: &KnownStock,
    count: &mut Count,
) -> bool {
    let at = u64::from(row.row);
    if row.as_of < record.as_of {
        job.findings.note(
            Check::V16,
            at,
            "The stock was counted before what is known already, so the row was left out.",
        );
        count.unchanged += 1;
        return false;
    }
    if i64::from(row.atp) == record.atp {
        count.unchanged += 1;
        return row.as_of > record.as_of && (row.dated || found.ages);
    }
    count.changed += 1;
    job.differ_by(|| Difference {
        row: Some(at),
        subject: format!("{} at {}", names.skus.get(row.sku), names.facilities.get(row.facility)),
        fields: vec![("atp", record.atp.to_string(), row.atp.to_string())],
    });
    true
}

/// The known records of the products of a batch.
async fn known<'a>(tx: &mut Tx, names: &'a Rows, found: &Found, batch: &[StockRow]) -> Result<Records<'a>> {
    let mut products: Vec<i64> = batch.iter().filter_map(|row| found.products.id(row.sku)).collect();
    products.sort_unstable();
    products.dedup();
    let mut records = Records::default();
    for chunk in products.chunks(5_000) {
        let sql = text!(
            tx,
            "SELECT product_id, facility_id, location, atp, as_of, touched_by FROM stock WHERE product_id IN ",
            INTS
        );
        let list = serde_json::json!(chunk).to_string();
        let rows: Vec<(i64, i64, String, i64, i64, i64)> =
            within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
        for record in rows.into_iter().map(KnownStock::from) {
            // A location that the file never names is of no row.
            if let Some(location) = names.locations.find(&record.location) {
                records.insert((record.product, record.facility, names.locations.get(location)), record);
            }
        }
    }
    Ok(records)
}

fn cells<'a>(product: i64, facility: i64, location: &'a str, row: &StockRow, import: i64) -> [Cell<'a>; 7] {
    let atp = i64::from(row.atp);
    [product.into(), facility.into(), location.into(), atp.into(), row.as_of.into(), import.into(), import.into()]
}

/// Sets records to nothing, as counted now.
pub(super) async fn zero(job: &mut Job<'_>, tx: &mut Tx, batch: &[KnownStock], count: &mut Count) -> Result<()> {
    let Some(journal) = &mut job.journal else { return Ok(()) };
    let (import, now) = (journal.id, job.now.timestamp_millis());
    let (mut changed, mut dirty) = (Vec::new(), Vec::new());
    for record in batch {
        journal.keep("stock", record.key(), record);
        let (product, facility, location) = (record.product, record.facility, record.location.as_str());
        let as_of = record.as_of.max(now);
        changed.extend([
            product.into(),
            facility.into(),
            location.into(),
            0.into(),
            as_of.into(),
            import.into(),
            Cell::Int(import),
        ]);
        dirty.push(product);
        count.changed += 1;
    }
    finish(job, tx, &changed, dirty).await
}

/// Replaces changed records, keeps how they were, and marks the products.
async fn finish(job: &mut Job<'_>, tx: &mut Tx, changed: &[Cell<'_>], mut dirty: Vec<i64>) -> Result<()> {
    replace(tx, changed).await?;
    if let Some(journal) = &mut job.journal {
        journal.write(tx).await?;
    }
    dirty.sort_unstable();
    dirty.dedup();
    job.report.products_touched += dirty.len() as u64;
    mark_dirty(tx, &dirty).await
}
