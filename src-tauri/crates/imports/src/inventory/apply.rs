//! Imports a stock file: looks its names up, orders its rows as the table is ordered, and writes them batch by batch.

use super::found::{Found, look_up};
use super::known::KnownStock;
use super::missing;
use super::rows::{Rows, StockRow, read};
use super::write::{Count, write_batch};
use crate::headers::Mapping;
use crate::intake::Job;
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::request::ImportError;

/// Records written in one transaction.
const BATCH: usize = 20_000;

/// Imports a file of stock.
pub(crate) async fn import(job: &mut Job<'_>, source: &mut Source, mapping: &Mapping) -> Result<(), ImportError> {
    let zone = job.store.zone;
    let mut rows = read(source, mapping, zone, job.now, &mut job.findings).map_err(|p| ImportError::File(vec![p]))?;
    job.selected(rows.total)?;
    if job.findings.file_asks() {
        return Ok(());
    }
    let mut tx = job.db.begin_read().await?;
    let mut found = look_up(job, &mut tx, &rows).await?;
    let mut sound = std::mem::take(&mut rows.rows);
    sound.retain(|row| accepts(job, &rows, &found, row));
    sound.sort_unstable_by_key(|row| (found.key(row), row.row));
    let superseded = repeated(job, &rows, &found, &mut sound);
    job.count(0, 0, superseded);
    let zeroed =
        if job.request.complete { missing::find(job, &mut tx, &rows, &found, &sound).await? } else { Vec::new() };
    tx.rollback().await?;
    job.progress.begin("Writing", (sound.len() + zeroed.len()) as u64);
    if !sound.is_empty() || !zeroed.is_empty() {
        job.begin_journal(source).await?;
    }
    for batch in sound.chunks(BATCH) {
        job.go_on()?;
        write_batch(job, &rows, &mut found, batch).await?;
        job.progress.add(batch.len() as u64);
    }
    for batch in zeroed.chunks(BATCH) {
        zero(job, batch).await?;
        job.progress.add(batch.len() as u64);
    }
    Ok(())
}

fn accepts(job: &mut Job<'_>, names: &Rows, found: &Found, row: &StockRow) -> bool {
    let at = u64::from(row.row);
    let product = job.check_product(at, names.skus.get(row.sku), found.products.get(row.sku));
    let facility = job.check_facility(at, names.facilities.get(row.facility), found.facilities.get(row.facility));
    product && facility && job.findings.out(at).is_none()
}

/// V8: one record twice in the file asks, for all its rows: which one is true is the question. Confirmed, the later row
/// counts. Returns how many rows gave way to a later one.
fn repeated(job: &mut Job<'_>, names: &Rows, found: &Found, rows: &mut Vec<StockRow>) -> u64 {
    for same in rows.chunk_by(|a, b| found.key(a) == found.key(b)).filter(|same| same.len() > 1) {
        for row in same {
            let other = if row.row == same[0].row { same[1].row } else { same[0].row };
            let message = format!(
                "The stock of {} at {} stands in row {other} too. Confirm to take the later row, or remove one.",
                names.skus.get(row.sku),
                names.facilities.get(row.facility)
            );
            job.findings.add(Problem::asks(Check::V8, message).at_row(u64::from(row.row)));
        }
    }
    rows.retain(|row| job.findings.out(u64::from(row.row)).is_none());
    let before = rows.len();
    // Of equal neighbours `dedup` keeps the first, so the later row is moved there.
    rows.dedup_by(|later, first| {
        let same = found.key(later) == found.key(first);
        if same {
            *first = *later;
        }
        same
    });
    (before - rows.len()) as u64
}

/// Sets records that a complete file leaves out to nothing.
async fn zero(job: &mut Job<'_>, batch: &[KnownStock]) -> Result<(), ImportError> {
    let mut count = Count::default();
    if job.request.dry_run {
        count.changed = batch.len() as u64;
    } else {
        let mut tx = job.db.begin_in_turn().await?;
        super::write::zero(job, &mut tx, batch, &mut count).await?;
        tx.commit().await?;
    }
    job.count(0, count.changed, 0);
    Ok(())
}
