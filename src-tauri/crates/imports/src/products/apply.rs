//! Imports a file of products.

use presell_store::{Cell, Tx, text, within};
use rustc_hash::FxHashMap;

use super::known::{Changed, KnownProduct, ProductRule, known, put};
use super::rows::{ProductRow, Rows, read};
use crate::headers::Mapping;
use crate::intake::Job;
use crate::journal::mark_dirty;
use crate::lookup::{self, Product};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::request::{Difference, ImportError};
use crate::texts::Text;

/// Rows written in one transaction.
const BATCH: usize = 5_000;

/// Imports a file of products. Unknown ones are added: that is what the file is for.
pub(crate) async fn import(job: &mut Job<'_>, source: &mut Source, mapping: &Mapping) -> Result<(), ImportError> {
    let mut rows = read(source, mapping, &mut job.findings).map_err(|p| ImportError::File(vec![p]))?;
    job.selected(rows.total)?;
    if job.findings.file_asks() {
        return Ok(());
    }
    let mut products = std::mem::take(&mut rows.rows);
    lost_zeros(job, &rows).await?.accept(job, &rows, &mut products);
    let superseded = repeated(job, &rows, &mut products);
    job.count(0, 0, superseded);
    job.progress.begin("Writing", products.len() as u64);
    if !products.is_empty() {
        job.begin_journal(source).await?;
    }
    for batch in products.chunks(BATCH) {
        job.go_on()?;
        write_batch(job, &rows, batch).await?;
        job.progress.add(batch.len() as u64);
    }
    Ok(())
}

/// SKUs that a spreadsheet has shortened; they must not become products of their own.
struct LostZeros(lookup::Products);

async fn lost_zeros(job: &Job<'_>, rows: &Rows) -> Result<LostZeros, ImportError> {
    let mut tx = job.db.begin_read().await?;
    let skus: Vec<Text> = rows.skus.iter().map(|(sku, _)| sku).collect();
    let products = lookup::products(&mut tx, &rows.skus, &skus, Some(true)).await?;
    tx.rollback().await?;
    Ok(LostZeros(products))
}

impl LostZeros {
    fn accept(&self, job: &mut Job<'_>, names: &Rows, rows: &mut Vec<ProductRow>) {
        rows.retain(|row| {
            let product = self.0.get(row.sku);
            let at = u64::from(row.row);
            let sound =
                !matches!(product, Product::LostZeros(_)) || job.check_product(at, names.skus.get(row.sku), product);
            sound && job.findings.out(at).is_none()
        });
    }
}

/// V8: a product that stands twice asks, for all its rows. Confirmed, the later row counts. Returns how many gave way.
fn repeated(job: &mut Job<'_>, names: &Rows, rows: &mut Vec<ProductRow>) -> u64 {
    rows.sort_by_key(|row| (row.sku, row.row));
    for same in rows.chunk_by(|a, b| a.sku == b.sku).filter(|same| same.len() > 1) {
        for row in same {
            let other = if row.row == same[0].row { same[1].row } else { same[0].row };
            let sku = names.skus.get(row.sku);
            let message =
                format!("The product {sku} stands in row {other} too. Confirm to take the later row, or remove one.");
            job.findings.add(Problem::asks(Check::V8, message).at_row(u64::from(row.row)));
        }
    }
    rows.retain(|row| job.findings.out(u64::from(row.row)).is_none());
    let before = rows.len();
    rows.dedup_by(|later, first| {
        let same = later.sku == first.sku;
        if same {
            std::mem::swap(later, first);
        }
        same
    });
    (before - rows.len()) as u64
}

async fn write_batch(job: &mut Job<'_>, names: &Rows, batch: &[ProductRow]) -> Result<(), ImportError> {
    let mut tx = if job.request.dry_run { job.db.begin_read().await? } else { job.db.begin_in_turn().await? };
    let skus: Vec<&str> = batch.iter().map(|row| names.skus.get(row.sku)).collect();
    let mut known = known(&mut tx, job.store.id, &skus).await?;
    let import = job.journal_id().unwrap_or(0);
    let (mut new, mut changed, mut touched) = (Vec::new(), Vec::new(), Vec::new());
    for row in batch {
        let Some(before) = known.remove(names.skus.get(row.sku)) else {
            job.count(1, 0, 0);
            new.push(row);
            continue;
        };
        let after = merged(&before, names, row, import);
        let fields = differences(&before, &after);
        if fields.is_empty() {
            job.count(0, 0, 1);
            job.findings.unchanged(u64::from(row.row));
            continue;
        }
        job.count(0, 1, 0);
        job.differ_by(|| Difference { row: Some(u64::from(row.row)), subject: before.sku.clone(), fields });
        if before.rule.unwrap_or_default() != after.rule.unwrap_or_default() {
            touched.push(before.id);
        }
        changed.push(Changed { before, after });
    }
    let Some(journal) = &mut job.journal else {
        tx.rollback().await?;
        return Ok(());
    };
    for change in &changed {
        journal.keep("product", change.before.id, change);
    }
    let mut states: Vec<KnownProduct> = changed.into_iter().map(|change| change.after).collect();
    let added = add(&mut tx, names, &new, job.store.id, import).await?;
    touched.extend(added.iter().filter(|product| product.rule.is_some()).map(|product| product.id));
    states.extend(added);
    put(&mut tx, &states.iter().collect::<Vec<_>>()).await?;
    journal.write(&mut tx).await?;
    job.report.products_touched += touched.len() as u64;
    mark_dirty(&mut tx, &touched).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds products, and returns what they are to be.
async fn add(
    tx: &mut Tx,
    names: &Rows,
    rows: &[&ProductRow],
    store: i64,
    import: i64,
) -> Result<Vec<KnownProduct>, ImportError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let skus: Vec<&str> = rows.iter().map(|row| names.skus.get(row.sku)).collect();
    let cells: Vec<Cell<'_>> = skus.iter().flat_map(|sku| [Cell::Text(sku), import.into(), import.into()]).collect();
    tx.insert_many("product", &["sku", "created_by", "touched_by"], &cells).await?;
    let sql = text!(tx, "SELECT sku, id FROM product WHERE sku IN ", TEXTS);
    let list = serde_json::json!(skus).to_string();
    let ids: Vec<(String, i64)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    let ids: FxHashMap<String, i64> = ids.into_iter().collect();
    let product = |row: &&ProductRow| {
        let sku = names.skus.get(row.sku).to_owned();
        let id = ids.get(&sku).copied()?;
        let (title, parent) = (String::new(), String::new());
        let empty =
            KnownProduct { id, sku, title, parent, touched_by: import, store, rule: None, identifiers: Vec::new() };
        Some(merged(&empty, names, row, import))
    };
    Ok(rows.iter().filter_map(product).collect())
}

/// The known product with everything that the row says.
fn merged(known: &KnownProduct, names: &Rows, row: &ProductRow, import: i64) -> KnownProduct {
    let mut after = KnownProduct { touched_by: import, ..known.clone() };
    if let Some(title) = &row.title {
        after.title = title.to_string();
    }
    if let Some(parent) = row.parent {
        after.parent = names.parents.get(parent).to_owned();
    }
    for (kind, value) in [("UPCA", &row.upc), ("SHOPIFY_VARIANT", &row.variant)] {
        if let Some(value) = value {
            after.identifiers.retain(|(k, _)| k != kind);
            after.identifiers.push((kind.to_owned(), value.to_string()));
        }
    }
    after.identifiers.sort();
    let old = known.rule.unwrap_or_default();
    let rule = ProductRule {
        excluded: row.excluded.unwrap_or(old.excluded),
        threshold: row.minimum.unwrap_or(old.threshold),
        brokering: row.brokering.unwrap_or(old.brokering),
    };
    if rule != old {
        after.rule = Some(rule);
    }
    after
}

fn differences(a: &KnownProduct, b: &KnownProduct) -> Vec<(&'static str, String, String)> {
    let flag = |f: bool| if f { "Y" } else { "N" }.to_owned();
    let id = |p: &KnownProduct, kind: &str| {
        let all: Vec<&str> = p.identifiers.iter().filter(|(k, _)| k == kind).map(|(_, v)| v.as_str()).collect();
        all.join(", ")
    };
    let (old, new) = (a.rule.unwrap_or_default(), b.rule.unwrap_or_default());
    [
        ("title", a.title.clone(), b.title.clone()),
        ("parent", a.parent.clone(), b.parent.clone()),
        ("upc", id(a, "UPCA"), id(b, "UPCA")),
        ("variant_id", id(a, "SHOPIFY_VARIANT"), id(b, "SHOPIFY_VARIANT")),
        ("excluded", flag(old.excluded), flag(new.excluded)),
        ("minimum_stock", old.threshold.to_string(), new.threshold.to_string()),
        ("allow_brokering", flag(old.brokering), flag(new.brokering)),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .collect()
}
