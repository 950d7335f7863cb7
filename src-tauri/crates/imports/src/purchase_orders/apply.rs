//! Writes planned purchase orders: many whole orders a transaction, each with its products, marks and undo record.

use presell_catalog::claims;
use presell_store::{Cell, Result as StoreResult, Tx, within};
use rustc_hash::FxHashMap;

use super::known::{Head, KnownLine, known};
use super::lines::{LINE, line_cells, set_lines};
use super::plan::{Changed, OrderPlan, Resolved, plan};
use super::rows::{OrderRow, Rows, read};
use crate::headers::{Field, Mapping};
use crate::intake::Job;
use crate::journal::{Journal, mark_dirty};
use crate::lookup::{self, Facilities, Products};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::request::ImportError;
use crate::texts::Text;

/// Rows written in one transaction, rounded up to whole orders: long enough to be quick, short enough to let others write.
const BATCH: usize = 10_000;

/// Imports a file of purchase orders.
pub(crate) async fn import(job: &mut Job<'_>, source: &mut Source, mapping: &Mapping) -> Result<(), ImportError> {
    let mut rows = read(source, mapping, job.today, &mut job.findings).map_err(|p| ImportError::File(vec![p]))?;
    job.selected(rows.total)?;
    if job.findings.file_asks() {
        return Ok(());
    }
    let mut found = Found::look_up(job, &rows).await?;
    let mut orders = std::mem::take(&mut rows.rows);
    orders.retain(|row| found.accepts(job, &rows, row));
    orders.sort_by_key(|row| (row.order, row.row));
    job.progress.begin("Writing", orders.len() as u64);
    job.begin_journal(source).await?;
    for batch in lookup::batches(&orders, BATCH, |row| row.order) {
        job.go_on()?;
        write_batch(job, &rows, batch, &mut found).await?;
        job.progress.add(batch.len() as u64);
    }
    Ok(())
}

/// What the names in the file stand for.
struct Found {
    products: Products,
    facilities: Facilities,
    stores: FxHashMap<Text, i64>,
}

impl Found {
    async fn look_up(job: &Job<'_>, rows: &Rows) -> Result<Found, ImportError> {
        let mut tx = job.db.begin_read().await?;
        let skus: Vec<Text> = rows.skus.iter().map(|(sku, _)| sku).collect();
        let facilities: Vec<Text> = rows.facilities.iter().map(|(facility, _)| facility).collect();
        let products = lookup::products(&mut tx, &rows.skus, &skus, job.request.create).await?;
        let facilities = lookup::facilities(&mut tx, &rows.facilities, &facilities, job.request.create).await?;
        let all: Vec<(i64, String)> =
            within!(&mut tx, c => sqlx::query_as("SELECT id, code FROM store").fetch_all(c).await)?;
        let stores = all.into_iter().filter_map(|(id, code)| Some((rows.stores.find(&code)?, id))).collect();
        tx.rollback().await?;
        Ok(Found { products, facilities, stores })
    }

    /// V6, V7: whether product, facility and store of a row are known or may be added.
    fn accepts(&self, job: &mut Job<'_>, names: &Rows, row: &OrderRow) -> bool {
        let at = u64::from(row.row);
        let product = job.check_product(at, names.skus.get(row.sku), self.products.get(row.sku));
        let facility = job.check_facility(at, names.facilities.get(row.facility), self.facilities.get(row.facility));
        let store = match row.store {
            Some(store) if !self.stores.contains_key(&store) => {
                let name = names.stores.get(store);
                let message = format!(
                    "There is no store {name}. Correct it, or leave the cell empty: the line then supplies every store."
                );
                let column = job.mapping.header(Field::Store);
                job.findings.add(Problem::refused(Check::V7, at, message).in_column(column).with_value(name))
            }
            _ => true,
        };
        product && facility && store && job.findings.out(at).is_none()
    }
}

async fn write_batch(
    job: &mut Job<'_>,
    names: &Rows,
    batch: &[OrderRow],
    found: &mut Found,
) -> Result<(), ImportError> {
    let mut tx = if job.request.dry_run { job.db.begin_read().await? } else { job.db.begin_in_turn().await? };
    let codes: Vec<&str> =
        batch.chunk_by(|a, b| a.order == b.order).map(|rows| names.orders.get(rows[0].order)).collect();
    let mut known = known(&mut tx, &codes).await?;
    let mut plans = Vec::with_capacity(codes.len());
    for (rows, code) in batch.chunk_by(|a, b| a.order == b.order).zip(codes) {
        let resolved = rows.iter().map(|row| resolve(row, found)).collect();
        let mut plan = plan(names, code, resolved, known.remove(code), job.request.known, &mut job.findings);
        let new = plan.new.len() as u64;
        job.count(new, plan.changed_rows, plan.unchanged_rows);
        job.differ(std::mem::take(&mut plan.differences));
        plans.push(plan);
    }
    if job.request.dry_run {
        tx.rollback().await?;
        return Ok(());
    }
    write(job, &mut tx, names, plans, found).await?;
    tx.commit().await?;
    Ok(())
}

fn resolve<'a>(row: &'a OrderRow, found: &Found) -> Resolved<'a> {
    Resolved {
        row,
        product: found.products.id(row.sku),
        facility: found.facilities.get(row.facility).id(),
        store: row.store.and_then(|store| found.stores.get(&store).copied()),
    }
}

async fn write(
    job: &mut Job<'_>,
    tx: &mut Tx,
    names: &Rows,
    mut plans: Vec<OrderPlan<'_>>,
    found: &mut Found,
) -> Result<(), ImportError> {
    let Some(journal) = &mut job.journal else { return Ok(()) };
    let import = journal.id;
    add_named(tx, names, &plans, found, journal, job.store.id).await?;
    let ids = write_heads(tx, &plans, import, |head| journal.keep("purchase_order", head.id, head)).await?;
    let mut touched = Vec::new();
    let mut cells = Vec::new();
    let (mut changed_lines, mut after_lines) = (Vec::new(), Vec::new());
    for plan in &mut plans {
        let Some(order) = ids.get(plan.code) else { continue };
        for (row, number) in &plan.new {
            let (product, facility) = (found.products.id(row.row.sku), found.facilities.get(row.row.facility).id());
            let (Some(product), Some(facility)) = (product, facility) else { continue };
            touched.push(product);
            cells.extend(line_cells(*order, *number, product, facility, plan.status, row.row, import));
        }
        for Changed { before, mut after, row } in plan.changed.drain(..) {
            if let Some(row) = row {
                after.product = found.products.id(row.sku).unwrap_or(after.product);
                after.facility = found.facilities.get(row.facility).id().unwrap_or(after.facility);
            }
            touched.extend([before.product, after.product]);
            changed_lines.push(before.id);
            journal.keep("po_line", before.id, &before);
            after_lines.push(KnownLine { touched_by: import, ..after });
        }
        touched.append(&mut plan.all_products);
    }
    tx.insert_many("po_line", LINE, &cells).await?;
    if !after_lines.is_empty() {
        set_lines(tx, &after_lines).await?;
    }
    journal.write(tx).await?;
    claims::settle(tx, &changed_lines).await?;
    touched.sort_unstable();
    touched.dedup();
    mark_dirty(tx, &touched).await?;
    job.report.products_touched += touched.len() as u64;
    Ok(())
}

/// Adds the new products and facilities that planned lines name; a row that was left out adds nothing.
async fn add_named(
    tx: &mut Tx,
    names: &Rows,
    plans: &[OrderPlan<'_>],
    found: &mut Found,
    journal: &mut Journal,
    store: i64,
) -> StoreResult<()> {
    let new = plans.iter().flat_map(|plan| plan.new.iter().map(|(row, _)| row.row));
    let changed = plans.iter().flat_map(|plan| plan.changed.iter().filter_map(|change| change.row));
    let (skus, facilities): (Vec<Text>, Vec<Text>) = new.chain(changed).map(|row| (row.sku, row.facility)).unzip();
    lookup::add_products(tx, &names.skus, &mut found.products, &skus, journal.id).await?;
    lookup::add_facilities(tx, &names.facilities, &mut found.facilities, &facilities, store, journal).await
}

/// Writes new and changed orders; returns the keys of all orders of the batch by their number.
async fn write_heads(
    tx: &mut Tx,
    plans: &[OrderPlan<'_>],
    import: i64,
    mut keep: impl FnMut(&Head),
) -> StoreResult<FxHashMap<String, i64>> {
    let mut ids = FxHashMap::default();
    let mut new = Vec::new();
    for plan in plans {
        match &plan.known {
            Some(head) => {
                ids.insert(plan.code.to_owned(), head.id);
                if plan.head_changes() {
                    keep(head);
                    let sql = "UPDATE purchase_order SET status = $1, store_id = $2, touched_by = $3 WHERE id = $4";
                    within!(tx, c => sqlx::query(sql).bind(plan.status.as_str()).bind(plan.store).bind(import)
                        .bind(head.id).execute(c).await.map(|_| ()))?;
                }
            }
            None if plan.new.is_empty() => {}
            None => new.push(plan),
        }
    }
    if !new.is_empty() {
        let first = tx.reserve_ids("purchase_order", new.len()).await?;
        let mut cells = Vec::with_capacity(new.len() * 6);
        for (id, plan) in (first..).zip(new) {
            ids.insert(plan.code.to_owned(), id);
            let status = plan.status.as_str();
            cells.extend([
                Cell::Int(id),
                plan.code.into(),
                plan.store.into(),
                status.into(),
                import.into(),
                import.into(),
            ]);
        }
        let columns = &["id", "code", "store_id", "status", "created_by", "touched_by"];
        tx.insert_many("purchase_order", columns, &cells).await?;
    }
    Ok(ids)
}
