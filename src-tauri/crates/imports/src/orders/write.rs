//! Writes items and their allocations, and marks the lines they rest on.

use presell_catalog::claims;
use presell_store::{Cell, Result, Tx, text, within};
use rustc_hash::FxHashMap;

use super::allocate::Outcome;
use super::known::ItemStatus;
use super::plan::Wish;
use crate::journal::Journal;
use crate::purchase_orders::known::{KnownLine, known_lines};

/// Pieces that lines have left for claims of any age: ordered − cancelled − buffer − all that is promised or was shipped.
pub(super) async fn room(tx: &mut Tx, lines: &[&KnownLine]) -> Result<FxHashMap<i64, i64>> {
    let mut room: FxHashMap<i64, i64> =
        lines.iter().map(|line| (line.id, line.ordered - line.cancelled - line.buffer)).collect();
    let sql = text!(
        tx,
        "SELECT a.line_id, CAST(SUM(a.quantity) AS BIGINT) FROM allocation a JOIN order_item i ON i.id = a.item_id
        WHERE a.line_id IN ",
        INTS,
        " AND i.status IN ('OPEN', 'COMPLETED') GROUP BY a.line_id"
    );
    let list = serde_json::json!(room.keys().collect::<Vec<_>>()).to_string();
    let claimed: Vec<(i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    for (line, claimed) in claimed {
        *room.entry(line).or_insert(0) -= claimed;
    }
    Ok(room)
}

/// Takes all allocations from some known items.
pub(super) async fn free(tx: &mut Tx, items: &[i64]) -> Result<()> {
    let sql = text!(tx, "DELETE FROM allocation WHERE item_id IN ", INTS);
    let list = serde_json::json!(items).to_string();
    within!(tx, c => sqlx::query(sql).bind(list).execute(c).await.map(|_| ()))
}

/// Writes new and changed items with their new allocations. Each comes with its order's number and store.
pub(super) async fn items(tx: &mut Tx, import: i64, wishes: &[(&Wish<'_>, Outcome, &str, i64)]) -> Result<()> {
    let (mut new, mut changed, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    for (wish, outcome, order, store) in wishes {
        let row = wish.row.row;
        let common = [
            Cell::Int(row.quantity),
            row.ordered_at.into(),
            wish.status.as_str().into(),
            outcome.queue.as_str().into(),
            outcome.promised.into(),
            outcome.waiting.into(),
            import.into(),
        ];
        match (&wish.known, wish.row.product) {
            (Some(known), _) => {
                changed.push(Cell::Int(known.id));
                changed.extend(common);
            }
            (None, Some(product)) => {
                orders.push(*order);
                new.extend([Cell::Text(order), wish.seq.into(), (*store).into(), product.into(), import.into()]);
                new.extend(common);
            }
            (None, None) => {}
        }
    }
    update(tx, &changed).await?;
    let columns = &[
        "order_code",
        "item_seq",
        "store_id",
        "product_id",
        "created_by",
        "quantity",
        "ordered_at",
        "status",
        "queue",
        "promised",
        "waiting_for_po",
        "touched_by",
    ];
    tx.insert_many("order_item", columns, &new).await?;
    orders.dedup();
    let ids = keys(tx, &orders).await?;
    let mut cells = Vec::new();
    for (wish, outcome, order, _) in wishes {
        let id = wish.known.as_ref().map(|k| k.id).or_else(|| ids.get(&((*order).to_owned(), wish.seq)).copied());
        let Some(id) = id else { continue };
        for part in &outcome.parts {
            cells.extend([Cell::Int(id), part.line.into(), part.quantity.into(), import.into()]);
        }
    }
    tx.insert_many("allocation", &["item_id", "line_id", "quantity", "created_by"], &cells).await
}

async fn keys(tx: &mut Tx, orders: &[&str]) -> Result<FxHashMap<(String, i64), i64>> {
    if orders.is_empty() {
        return Ok(FxHashMap::default());
    }
    let sql = text!(tx, "SELECT id, order_code, item_seq FROM order_item WHERE order_code IN ", TEXTS);
    let list = serde_json::json!(orders).to_string();
    let rows: Vec<(i64, String, i64)> = within!(tx, c => sqlx::query_as(sql).bind(list).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, order, seq)| ((order, seq), id)).collect())
}

/// Changes known items; each gives eight cells: key, quantity, time, status, queue, date, waiting, import.
pub(crate) async fn update(tx: &mut Tx, cells: &[Cell<'_>]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let columns = "id BIGINT, quantity BIGINT, ordered_at BIGINT, status TEXT, queue TEXT, promised DATE, waiting BOOLEAN, touched_by BIGINT";
    tx.staging("changed_item", columns).await?;
    tx.insert_many(
        "changed_item",
        &["id", "quantity", "ordered_at", "status", "queue", "promised", "waiting", "touched_by"],
        cells,
    )
    .await?;
    tx.run(
        "UPDATE order_item SET quantity = n.quantity, ordered_at = n.ordered_at, status = n.status, queue = n.queue,
            promised = n.promised, waiting_for_po = n.waiting, touched_by = n.touched_by
            FROM changed_item n WHERE n.id = order_item.id",
    )
    .await?;
    Ok(())
}

/// Settles lines whose claims changed, and marks them: an earlier import of them cannot be undone underneath.
pub(super) async fn touch(tx: &mut Tx, journal: &mut Journal, mut lines: Vec<i64>) -> Result<()> {
    lines.sort_unstable();
    lines.dedup();
    claims::settle(tx, &lines).await?;
    for chunk in lines.chunks(5_000) {
        for (_, line) in known_lines(tx, chunk).await? {
            journal.keep("po_line", line.id, &line);
        }
        let sql = text!(tx, "UPDATE po_line SET touched_by = $2 WHERE id IN ", INTS);
        let list = serde_json::json!(chunk).to_string();
        within!(tx, c => sqlx::query(sql).bind(list).bind(journal.id).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Lines whose claims change because a known item is completed, cancelled or gives its pieces back.
pub(super) fn lines_of<'a>(wish: &'a Wish<'_>) -> impl Iterator<Item = i64> + 'a {
    let known =
        wish.known.iter().filter(|k| k.status != wish.status || k.ordered_at != wish.row.row.ordered_at || frees(wish));
    known.flat_map(|k| k.allocations.iter().map(|a| a.line))
}

/// Whether a known item gives back the pieces it has.
pub(super) fn frees(wish: &Wish<'_>) -> bool {
    use super::plan::Pieces;
    let has = wish.known.as_ref().is_some_and(|k| !k.allocations.is_empty());
    debug_assert!(
        wish.status != ItemStatus::Cancelled || !has || wish.pieces == Pieces::Free,
        "a cancelled item frees its pieces"
    );
    has && wish.pieces != Pieces::Keep
}
