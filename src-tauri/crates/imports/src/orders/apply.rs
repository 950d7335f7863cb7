//! Imports a file of customer orders: whole orders a transaction, oldest first, each with its marks and undo record.

use presell_catalog::claims;
use presell_catalog::rules::Class;
use presell_catalog::stores::{self, Store};
use presell_store::{Result as StoreResult, StoreError, Tx, text, within};
use rustc_hash::FxHashMap;

use super::allocate::{Outcome, as_before, in_turn, onto};
use super::found::Found;
use super::known::known;
use super::plan::{Pieces, Resolved, Wish, plan};
use super::rows::{ItemRow, Rows, read};
use super::write;
use crate::headers::Mapping;
use crate::intake::Job;
use crate::journal::mark_dirty;
use crate::lookup;
use crate::purchase_orders::known as purchase_orders;
use crate::reading::Source;
use crate::request::ImportError;
use crate::texts::Text;

/// Rows written in one transaction, rounded up to whole orders.
const BATCH: usize = 5_000;

/// Imports a file of customer orders.
pub(crate) async fn import(job: &mut Job<'_>, source: &mut Source, mapping: &Mapping) -> Result<(), ImportError> {
    let zone = job.store.zone;
    let mut rows = read(source, mapping, zone, &mut job.findings).map_err(|p| ImportError::File(vec![p]))?;
    job.selected(rows.total)?;
    if job.findings.file_asks() {
        return Ok(());
    }
    let mut found = Found::look_up(job, &rows).await?;
    let mut items = std::mem::take(&mut rows.rows);
    items.retain(|row| found.accepts(job, &rows, row));
    // First come, first served: by the time of the order, which is that of its first item.
    let mut times: FxHashMap<Text, i64> = FxHashMap::default();
    for row in &items {
        let time = times.entry(row.order).or_insert(row.ordered_at);
        *time = (*time).min(row.ordered_at);
    }
    items.sort_by(|a, b| {
        let key = |row: &ItemRow| (times.get(&row.order).copied(), rows.orders.get(row.order), row.row);
        key(a).cmp(&key(b))
    });
    job.progress.begin("Writing", items.len() as u64);
    if !items.is_empty() {
        job.begin_journal(source).await?;
    }
    for batch in lookup::batches(&items, BATCH, |row| row.order) {
        job.go_on()?;
        write_batch(job, &rows, batch, &mut found).await?;
        job.progress.add(batch.len() as u64);
    }
    Ok(())
}

async fn write_batch(job: &mut Job<'_>, names: &Rows, batch: &[ItemRow], found: &mut Found) -> Result<(), ImportError> {
    let mut tx = if job.request.dry_run { job.db.begin_read().await? } else { job.db.begin_in_turn().await? };
    let codes: Vec<&str> =
        batch.chunk_by(|a, b| a.order == b.order).map(|rows| names.orders.get(rows[0].order)).collect();
    let mut items = known(&mut tx, &codes).await?;
    let mut linked: Vec<&str> =
        batch.iter().filter_map(|row| Some(names.purchase_orders.get(row.purchase_order?))).collect();
    linked.sort_unstable();
    linked.dedup();
    let linked = purchase_orders::known(&mut tx, &linked).await?;
    let mut wishes = Vec::new();
    for (rows, code) in batch.chunk_by(|a, b| a.order == b.order).zip(codes) {
        let rows: Vec<Resolved<'_>> = rows.iter().map(|row| found.resolve(row)).collect();
        let plan = plan(names, code, &rows, items.remove(code).unwrap_or_default(), &linked, &mut job.findings);
        job.count(plan.new, plan.changed, plan.unchanged);
        job.differ(plan.differences);
        wishes.extend(plan.wishes);
    }
    if job.request.dry_run {
        tx.rollback().await?;
        return Ok(());
    }
    // Only what is taken adds its product.
    let skus: Vec<Text> = wishes.iter().map(|wish| wish.row.row.sku).collect();
    lookup::add_products(&mut tx, &names.skus, &mut found.products, &skus, job.journal_id().unwrap_or(0)).await?;
    for wish in &mut wishes {
        wish.row.product = found.products.id(wish.row.row.sku);
    }
    // Queue order inside the batch, too.
    wishes.sort_by_cached_key(|w| (w.row.row.ordered_at, names.orders.get(w.row.row.order).to_owned(), w.seq));
    write(job, &mut tx, names, found, &wishes).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the items of a batch: freed pieces first, then links that are facts already, then everybody in turn.
async fn write(
    job: &mut Job<'_>,
    tx: &mut Tx,
    names: &Rows,
    found: &Found,
    wishes: &[Wish<'_>],
) -> Result<(), ImportError> {
    let Some(journal) = &mut job.journal else { return Ok(()) };
    let import = journal.id;
    for known in wishes.iter().filter_map(|wish| wish.known.as_ref()) {
        journal.keep("order_item", known.id, known);
    }
    let order = |wish: &Wish<'_>| names.orders.get(wish.row.row.order);
    let freed: Vec<i64> =
        wishes.iter().filter(|w| write::frees(w)).filter_map(|w| Some(w.known.as_ref()?.id)).collect();
    write::free(tx, &freed).await?;
    let mut lines: Vec<i64> = wishes.iter().flat_map(write::lines_of).collect();

    let targets =
        wishes.iter().flat_map(|w| if let Pieces::Linked(lines) = &w.pieces { lines.as_slice() } else { &[] });
    let mut room = write::room(tx, &targets.collect::<Vec<_>>()).await?;
    let outcome = |wish: &Wish<'_>| match &wish.pieces {
        Pieces::Queued => None,
        Pieces::Linked(lines) => Some(onto(wish, lines, &mut room)),
        Pieces::Keep | Pieces::Free => Some(as_before(wish)),
    };
    let mut outcome = outcome;
    let done: Vec<(&Wish<'_>, Outcome, &str, i64)> = wishes
        .iter()
        .filter_map(|wish| Some((wish, outcome(wish)?, order(wish), found.stores[wish.row.store].id)))
        .collect();
    write::items(tx, import, &done).await?;
    lines.extend(done.iter().flat_map(|(_, outcome, ..)| outcome.parts.iter().map(|part| part.line)));
    claims::settle(tx, &lines).await?;

    for (at, store) in found.stores.iter().enumerate() {
        let queued: Vec<&Wish<'_>> =
            wishes.iter().filter(|w| w.pieces == Pieces::Queued && w.row.store == at).collect();
        let done = in_store(tx, job.now, store, &queued, order).await?;
        write::items(tx, import, &done).await?;
        let given: Vec<i64> =
            done.iter().flat_map(|(_, outcome, ..)| outcome.parts.iter().map(|part| part.line)).collect();
        claims::settle(tx, &given).await?;
        lines.extend(given);
    }
    write::touch(tx, journal, lines).await?;
    journal.write(tx).await?;
    let mut products: Vec<i64> = wishes.iter().filter_map(|wish| wish.row.product).collect();
    products.sort_unstable();
    products.dedup();
    mark_dirty(tx, &products).await?;
    job.report.products_touched += products.len() as u64;
    Ok(())
}

/// The items of one store that take whatever line is next.
async fn in_store<'w, 'a, 'n>(
    tx: &mut Tx,
    now: chrono::DateTime<chrono::Utc>,
    store: &Store,
    wishes: &[&'w Wish<'a>],
    order: impl Fn(&Wish<'_>) -> &'n str,
) -> Result<Vec<(&'w Wish<'a>, Outcome, &'n str, i64)>, ImportError> {
    let mut by_product: FxHashMap<i64, Vec<(usize, &Wish<'_>, &str)>> = FxHashMap::default();
    for (index, wish) in wishes.iter().enumerate() {
        if let Some(product) = wish.row.product {
            by_product.entry(product).or_default().push((index, wish, order(wish)));
        }
    }
    if by_product.is_empty() {
        return Ok(Vec::new());
    }
    let products: Vec<i64> = by_product.keys().copied().collect();
    let classes = classes(tx, store, &products).await?;
    let settings = stores::settings(tx, store).await?;
    let free = claims::free_lines(tx, store, &settings, &products, now).await?;
    let mut done = Vec::with_capacity(wishes.len());
    for (product, items) in &by_product {
        let free = free.get(product).map_or(&[][..], Vec::as_slice);
        for (index, outcome) in in_turn(items, classes.get(product).copied(), free) {
            done.push((index, outcome));
        }
    }
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(index, outcome)| (wishes[index], outcome, order(wishes[index]), store.id)).collect())
}

/// The lists that some products are in now.
async fn classes(tx: &mut Tx, store: &Store, products: &[i64]) -> StoreResult<FxHashMap<i64, Class>> {
    let sql = text!(tx, "SELECT product_id, category FROM member WHERE store_id = $2 AND product_id IN ", INTS);
    let list = serde_json::json!(products).to_string();
    let rows: Vec<(i64, String)> = within!(tx, c => sqlx::query_as(sql).bind(list).bind(store.id).fetch_all(c).await)?;
    let class = |(product, word): (i64, String)| match word.parse() {
        Ok(class) => Ok((product, class)),
        Err(error) => Err(StoreError::Sql(sqlx::Error::Decode(Box::new(error)))),
    };
    rows.into_iter().map(class).collect()
}
