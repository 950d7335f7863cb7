//! Writes planned receipts: whole orders a transaction, each with its marks and undo record.

use presell_catalog::claims;
use presell_store::{Cell, Result as StoreResult, Tx};
use rustc_hash::{FxHashMap, FxHashSet};

use super::plan::{Arrived, Posting, plan};
use super::rows::{ReceiptRow, Rows, read};
use crate::headers::{Field, Mapping};
use crate::intake::Job;
use crate::journal::mark_dirty;
use crate::lookup::{self, Facilities, Facility, Products};
use crate::problem::{Check, Problem};
use crate::purchase_orders::known::{KnownLine, known};
use crate::reading::Source;
use crate::request::{Difference, ImportError};
use crate::texts::Text;

/// Rows written in one transaction, rounded up to whole orders.
const BATCH: usize = 5_000;

/// Imports a file of receipts.
pub(crate) async fn import(job: &mut Job<'_>, source: &mut Source, mapping: &Mapping) -> Result<(), ImportError> {
    let zone = job.store.zone;
    let mut rows = read(source, mapping, zone, job.now, &mut job.findings).map_err(|p| ImportError::File(vec![p]))?;
    job.selected(rows.total)?;
    if job.findings.file_asks() {
        return Ok(());
    }
    let found = Found::look_up(job, &rows).await?;
    let mut receipts = std::mem::take(&mut rows.rows);
    receipts.retain(|row| found.accepts(job, &rows, row));
    receipts.sort_by_key(|row| (row.order, row.row));
    job.progress.begin("Writing", receipts.len() as u64);
    if !receipts.is_empty() {
        job.begin_journal(source).await?;
    }
    for batch in lookup::batches(&receipts, BATCH, |row| row.order) {
        job.go_on()?;
        write_batch(job, &rows, &found, batch).await?;
        job.progress.add(batch.len() as u64);
    }
    Ok(())
}

/// What the names in the file stand for. A receipt adds no products and no facilities.
struct Found {
    products: Products,
    facilities: Facilities,
    orders: FxHashSet<Text>,
}

impl Found {
    async fn look_up(job: &Job<'_>, rows: &Rows) -> Result<Found, ImportError> {
        let mut tx = job.db.begin_read().await?;
        let skus: Vec<Text> = rows.skus.iter().map(|(sku, _)| sku).collect();
        let facilities: Vec<Text> = rows.facilities.iter().map(|(facility, _)| facility).collect();
        let products = lookup::products(&mut tx, &rows.skus, &skus, Some(false)).await?;
        let facilities = lookup::facilities(&mut tx, &rows.facilities, &facilities, Some(false)).await?;
        let orders = lookup::purchase_orders(&mut tx, &rows.orders).await?;
        tx.rollback().await?;
        Ok(Found { products, facilities, orders })
    }

    fn accepts(&self, job: &mut Job<'_>, names: &Rows, row: &ReceiptRow) -> bool {
        let at = u64::from(row.row);
        let order = self.orders.contains(&row.order) || {
            let code = names.orders.get(row.order);
            let message =
                format!("There is no purchase order {code}. Correct the number, or import the purchase order first.");
            let column = job.mapping.header(Field::PoId);
            job.findings.add(Problem::refused(Check::V17, at, message).in_column(column).with_value(code))
        };
        let product = row.sku.is_none_or(|sku| job.check_product(at, names.skus.get(sku), self.products.get(sku)));
        let facility = row.facility.is_none_or(|facility| match self.facilities.get(facility) {
            // Where goods arrived is a fact, whatever store the place belongs to.
            Facility::OfNoStore(_) => true,
            other => job.check_facility(at, names.facilities.get(facility), other),
        });
        order && product && facility && job.findings.out(at).is_none()
    }
}

async fn write_batch(job: &mut Job<'_>, names: &Rows, found: &Found, batch: &[ReceiptRow]) -> Result<(), ImportError> {
    let mut tx = if job.request.dry_run { job.db.begin_read().await? } else { job.db.begin_in_turn().await? };
    let codes: Vec<&str> =
        batch.chunk_by(|a, b| a.order == b.order).map(|rows| names.orders.get(rows[0].order)).collect();
    let mut orders = known(&mut tx, &codes).await?;
    let mut posted = Posted::default();
    for (rows, code) in batch.chunk_by(|a, b| a.order == b.order).zip(codes) {
        let before = orders.remove(code).map(|order| order.lines).unwrap_or_default();
        let mut lines = before.clone();
        let arrived: Vec<Arrived<'_>> =
            rows.iter().map(|row| Arrived { row, product: row.sku.and_then(|sku| found.products.id(sku)) }).collect();
        let plan = plan(names, code, &arrived, &mut lines, job.request.totals, &mut job.findings);
        job.count(plan.posted_rows, 0, plan.unchanged_rows);
        posted.take(job, found, code, &plan.postings, &before, &lines);
    }
    if job.journal.is_none() {
        tx.rollback().await?;
        return Ok(());
    }
    posted.write(job, &mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// What the receipts of a batch come to.
#[derive(Default)]
struct Posted {
    receipts: Vec<Cell<'static>>,
    /// Lines as they were, and what they have received now.
    lines: Vec<(KnownLine, i64)>,
}

impl Posted {
    fn take(
        &mut self,
        job: &mut Job<'_>,
        found: &Found,
        code: &str,
        postings: &[Posting<'_>],
        before: &[KnownLine],
        after: &[KnownLine],
    ) {
        let import = job.journal_id().unwrap_or(0);
        let mut rows: FxHashMap<usize, u32> = FxHashMap::default();
        for posting in postings {
            rows.entry(posting.line).or_insert(posting.row.row);
            let line = &before[posting.line];
            let facility = posting.row.facility.and_then(|f| found.facilities.get(f).id()).unwrap_or(line.facility);
            let (quantity, at) = (posting.quantity, posting.row.received_at);
            self.receipts.extend([line.id.into(), facility.into(), quantity.into(), at.into(), Cell::Int(import)]);
        }
        for (at, (before, after)) in before.iter().zip(after).enumerate() {
            let Some(row) = rows.get(&at) else { continue };
            job.differ_by(|| Difference {
                row: Some(u64::from(*row)),
                subject: format!("{code} line {}", before.line_no),
                fields: vec![("received", before.received.to_string(), after.received.to_string())],
            });
            self.lines.push((before.clone(), after.received));
        }
    }

    async fn write(self, job: &mut Job<'_>, tx: &mut Tx) -> StoreResult<()> {
        let Some(journal) = &mut job.journal else { return Ok(()) };
        let mut cells = Vec::with_capacity(self.lines.len() * 3);
        for (line, received) in &self.lines {
            journal.keep("po_line", line.id, line);
            cells.extend([Cell::Int(line.id), Cell::Int(*received), Cell::Int(journal.id)]);
        }
        tx.insert_many("receipt", &["line_id", "facility_id", "quantity", "received_at", "created_by"], &self.receipts)
            .await?;
        tx.staging("posted", "line_id BIGINT, received BIGINT, touched_by BIGINT").await?;
        tx.insert_many("posted", &["line_id", "received", "touched_by"], &cells).await?;
        tx.run("UPDATE po_line SET received = n.received, touched_by = n.touched_by FROM posted n WHERE n.line_id = po_line.id")
            .await?;
        journal.write(tx).await?;
        let ids: Vec<i64> = self.lines.iter().map(|(line, _)| line.id).collect();
        claims::settle(tx, &ids).await?;
        let mut products: Vec<i64> = self.lines.iter().map(|(line, _)| line.product).collect();
        products.sort_unstable();
        products.dedup();
        job.report.products_touched += products.len() as u64;
        mark_dirty(tx, &products).await
    }
}
