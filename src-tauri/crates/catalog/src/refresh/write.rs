//! Writes what a refresh found: members, and one decision row per change that explains itself for ever.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use presell_store::{Cell, Result, Tx, text, within};
use serde::Serialize;

use super::judge::Planned;
use super::{Changed, Outcome};
use crate::rules::{Change, Code, Member, OnlineAtp, PoAtp, po_atp};
use crate::stores::Store;

/// The numbers behind a decision, as kept with it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Terms<'a> {
    stock: &'a OnlineAtp,
    #[serde(skip_serializing_if = "Option::is_none")]
    po_atp: Option<PoAtp>,
}

fn name(change: &Change) -> &'static str {
    match change {
        Change::Add(_) => "ADD",
        Change::Move { .. } => "MOVE",
        Change::Update { .. } => "UPDATE",
        Change::Remove(_) => "REMOVE",
        Change::Keep => "KEEP",
    }
}

fn listing(change: &Change) -> Option<Member> {
    change.apply(None)
}

/// Writes members and decisions of one block, as sets.
pub(super) async fn apply(
    tx: &mut Tx,
    store: &Store,
    run_id: i64,
    now: DateTime<Utc>,
    planned: &[Planned],
) -> Result<()> {
    let at = now.timestamp_millis();
    let mut added = Vec::new();
    let mut replaced = Vec::new();
    let mut removed = Vec::new();
    for p in planned {
        match (&p.change, listing(&p.change)) {
            (Change::Add(_), Some(m)) => added.extend(member_cells(store, p.product, m, at)),
            (Change::Move { .. } | Change::Update { .. }, Some(m)) => {
                replaced.extend(member_cells(store, p.product, m, at));
            }
            _ => removed.push(p.product),
        }
    }
    const MEMBER: &[&str] = &["store_id", "product_id", "category", "line_id", "promise_date", "cap", "since"];
    tx.insert_many("member", MEMBER, &added).await?;
    if !replaced.is_empty() {
        let columns = "store_id BIGINT, product_id BIGINT, category TEXT, line_id BIGINT, promise_date DATE, cap BIGINT, since BIGINT";
        tx.staging("relisted", columns).await?;
        tx.insert_many("relisted", MEMBER, &replaced).await?;
        // An update keeps the day the product came into its list; a move begins anew.
        tx.run(
            "INSERT INTO member (store_id, product_id, category, line_id, promise_date, cap, since)
             SELECT store_id, product_id, category, line_id, promise_date, cap, since FROM relisted WHERE true
             ON CONFLICT (store_id, product_id) DO UPDATE SET line_id = excluded.line_id, promise_date = excluded.promise_date,
             cap = excluded.cap, since = CASE WHEN member.category = excluded.category THEN member.since ELSE excluded.since END,
             category = excluded.category",
        )
        .await?;
    }
    if !removed.is_empty() {
        let sql = text!(tx, "DELETE FROM member WHERE product_id IN ", INTS, " AND store_id = $2");
        let ids = serde_json::json!(removed).to_string();
        within!(tx, c => sqlx::query(sql).bind(ids).bind(store.id).execute(c).await.map(|_| ()))?;
    }
    decisions(tx, store, run_id, at, planned).await
}

fn member_cells(store: &Store, product: i64, m: Member, at: i64) -> [Cell<'static>; 7] {
    [
        store.id.into(),
        product.into(),
        m.class.as_str().into(),
        m.line.into(),
        m.promise_date.into(),
        m.cap.into(),
        at.into(),
    ]
}

async fn decisions(tx: &mut Tx, store: &Store, run_id: i64, at: i64, planned: &[Planned]) -> Result<()> {
    const COLUMNS: &[&str] = &[
        "store_id",
        "product_id",
        "run_id",
        "at",
        "change",
        "category",
        "promise_date",
        "po_code",
        "line_no",
        "cap",
        "reasons",
        "terms",
    ];
    let texts: Vec<(String, String)> = planned
        .iter()
        .map(|p| {
            let po_atp = p.active.as_ref().map(po_atp);
            (json(&p.reasons), json(&Terms { stock: &p.decision.stock, po_atp }))
        })
        .collect();
    let mut cells = Vec::with_capacity(planned.len() * COLUMNS.len());
    for (p, (reasons, terms)) in planned.iter().zip(&texts) {
        let to = listing(&p.change);
        cells.extend([
            Cell::Int(store.id),
            p.product.into(),
            run_id.into(),
            at.into(),
            name(&p.change).into(),
            to.map(|m| m.class.as_str()).into(),
            to.map(|m| m.promise_date).into(),
            p.active.as_ref().map(|l| &*l.purchase_order).into(),
            p.active.as_ref().map(|l| l.line_no).into(),
            to.map(|m| m.cap).into(),
            reasons.as_str().into(),
            terms.as_str().into(),
        ]);
    }
    tx.insert_many("decision", COLUMNS, &cells).await
}

fn json(value: &impl Serialize) -> String {
    // These types hold nothing that JSON cannot say.
    serde_json::to_string(value).unwrap_or_default()
}

/// Adds changes to the outcome until as many of each kind are listed as were asked for: ten thousand additions must not
/// hide the one removal.
pub(super) async fn list_changes(tx: &mut Tx, outcome: &mut Outcome, planned: &[Planned], most: usize) -> Result<()> {
    // Those of earlier blocks are counted already, this block is not.
    let mut so_far = [outcome.added, outcome.moved, outcome.updated, outcome.removed];
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let mut fits = |p: &&Planned| {
        let kind = match p.change {
            Change::Add(_) => 0,
            Change::Move { .. } => 1,
            Change::Update { .. } => 2,
            Change::Remove(_) => 3,
            Change::Keep => return false,
        };
        so_far[kind] += 1;
        so_far[kind] <= most
    };
    let listed: Vec<&Planned> = planned.iter().filter(|p| fits(p)).collect();
    if listed.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = listed.iter().map(|p| p.product).collect();
    let sql = text!(tx, "SELECT id, sku FROM product WHERE id IN ", INTS);
    let rows: Vec<(i64, String)> =
        within!(tx, c => sqlx::query_as(sql).bind(serde_json::json!(ids).to_string()).fetch_all(c).await)?;
    let mut skus: HashMap<i64, String> = rows.into_iter().collect();
    for p in listed {
        let to = listing(&p.change);
        let reasons: Vec<Code> = p.reasons.clone();
        outcome.changes.push(Changed {
            sku: skus.remove(&p.product).unwrap_or_default(),
            change: name(&p.change),
            category: to.map(|m| m.class),
            promise_date: to.map(|m| m.promise_date),
            purchase_order: p.active.as_ref().map(|l| l.purchase_order.to_string()),
            reasons,
        });
    }
    Ok(())
}
