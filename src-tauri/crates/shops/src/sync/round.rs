//! One round of a sync: what it reads back, writes down, sends and records.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use presell_store::{Result, StoreError, on};

use super::choose::{Planned, Ready, Todo};
use super::{ATTEMPTS, Clock, Place, Problem, Report, SyncError};
use crate::adapter::{Outcome, Reason, ShopError};
use crate::bulk::Kept;
use crate::facts::{Known, Open};
use crate::model::Seen;
use crate::outbox::{self, Ended, Shown, Tagged, Wanted};
use crate::plan::{Family, Op, Step};
use crate::shop::Lease;

/// Problems told in full; all are counted, and each is kept with its item.
const TOLD: usize = 100;

/// Reads back what nobody knows the outcome of, or `everything`, so that the plan rests on what is there. Whether there was
/// any: what was read is in the database then.
pub(super) async fn see_unknown(
    place: Place<'_>,
    lease: &Lease,
    known: &[Known],
    everything: bool,
    now: DateTime<Utc>,
    report: &mut Report,
) -> std::result::Result<bool, SyncError> {
    let due = |open: &Open| open.state == "unknown" && open.retry_at.is_none_or(|at| at <= now.timestamp_millis());
    let wanted = |k: &&Known| everything || k.open.iter().flatten().any(|open| due(open));
    let families: Vec<&Known> = known.iter().filter(wanted).collect();
    if families.is_empty() {
        return Ok(false);
    }
    let variants = families.iter().flat_map(|k| k.family.variants.iter().zip(&k.open));
    let ids: Vec<String> = variants.clone().map(|(v, _)| v.seen.variant.clone()).collect();
    let found: HashMap<String, Seen> =
        place.adapter.see(&ids).await?.into_iter().map(|seen| (seen.variant.clone(), seen)).collect();
    let (mut shown, mut tagged, mut gone, mut ended) = (Vec::new(), HashMap::new(), Vec::new(), Vec::new());
    for (variant, open) in variants {
        if let Some(seen) = found.get(&variant.seen.variant) {
            // What is as it was known need not be kept again.
            if !everything || *seen != variant.seen {
                shown.push(Shown { product: variant.product, seen, confirmed: None });
                tagged.insert(&*seen.parent, seen);
            }
            // From here on it is known again, and planned from what was read.
            ended.extend(open.as_ref().filter(|open| open.state == "unknown").map(|open| Ended::read_back(open.id)));
            continue;
        }
        gone.push(variant.product);
        if let Some(open) = open {
            let reason = Reason::new("GONE", "The shop does not have this variant any more.");
            tell(report, &variant.seen.sku, "list", &reason);
            report.failed += 1;
            ended.push(Ended::failed(open.id, &reason));
        }
    }
    let tagged: Vec<Tagged<'_>> = tagged.values().map(|seen| Tagged::seen(seen)).collect();
    let mut tx = place.db.begin().await?;
    lease.hold(&mut tx).await?;
    outbox::show(&mut tx, place.shop.id, now, &shown).await?;
    outbox::tag(&mut tx, place.shop.id, now, &tagged).await?;
    outbox::lose(&mut tx, place.shop.id, &gone).await?;
    outbox::end(&mut tx, now, &ended).await?;
    tx.commit().await?;
    Ok(true)
}

/// Keeps all wishes: what is new, what changed, and what has nothing left to do.
pub(super) async fn write_down(
    place: Place<'_>,
    lease: &Lease,
    run: i64,
    now: DateTime<Utc>,
    known: &[Known],
    planned: &Planned,
    report: &mut Report,
) -> Result<()> {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for todo in &planned.variants {
        let wish = Wanted { product: todo.product, action: todo.action, listing: todo.listing };
        match known[todo.at.0].open[todo.at.1].as_ref() {
            None => new.push(wish),
            Some(open) if open.wanted != todo.listing => changed.push((open.id, wish)),
            Some(_) => {}
        }
    }
    if new.is_empty() && changed.is_empty() && planned.settled.is_empty() {
        return Ok(());
    }
    // An unknown one that turns out to be done was confirmed by reading it back.
    let settled: HashSet<i64> = planned.settled.iter().copied().collect();
    let mut shown = Vec::new();
    for k in known {
        for (v, variant) in k.family.variants.iter().enumerate() {
            if k.open[v].as_ref().is_some_and(|open| settled.contains(&open.id) && open.attempts > 0) {
                report.confirmed += 1;
                shown.push(Shown {
                    product: variant.product,
                    seen: &variant.seen,
                    confirmed: Some(variant.want.listing()),
                });
            }
        }
    }
    let mut tx = place.db.begin().await?;
    lease.hold(&mut tx).await?;
    outbox::add(&mut tx, place.shop.id, run, now, &new).await?;
    outbox::change(&mut tx, &changed).await?;
    outbox::close(&mut tx, now, &planned.settled).await?;
    outbox::show(&mut tx, place.shop.id, now, &shown).await?;
    tx.commit().await
}

/// Sends one batch, step by step, and records what became of it.
pub(super) async fn send(
    place: Place<'_>,
    lease: &Lease,
    run: i64,
    clock: &dyn Clock,
    known: &mut [Known],
    ready: &Ready,
    report: &mut Report,
) -> std::result::Result<(), SyncError> {
    let products: Vec<i64> = ready.variants.iter().map(|todo| todo.product).collect();
    let mut tx = place.db.begin().await?;
    lease.hold(&mut tx).await?;
    outbox::send(&mut tx, place.shop.id, run, clock.now().await?, &products).await?;
    tx.commit().await?;
    report.sent += products.len() as u64;

    let mut stopped: HashMap<i64, Outcome> = HashMap::new();
    let mut trouble = None;
    // A shop that does all or nothing needs no step confirmed before the next.
    let at_once = if place.adapter.capabilities().whole { Step::ALL.len() } else { 1 };
    for steps in Step::ALL.chunks(at_once) {
        let ops: Vec<_> = steps.iter().flat_map(|step| of_step(ready, *step, &stopped)).collect();
        if ops.is_empty() {
            continue;
        }
        lease.renew(place.db).await?;
        let batch: Vec<Op> = ops.iter().map(|(_, op)| (*op).clone()).collect();
        let kept = Kept { db: place.db, shop: place.shop.id, lease };
        match kept_alive(place, lease, place.adapter.submit(&batch, &kept)).await? {
            Ok(outcomes) => {
                for ((family, op), outcome) in ops.iter().zip(outcomes) {
                    match outcome {
                        Outcome::Done(digest) => known[*family].family.apply(op, digest),
                        other => stopped.extend(op.products.iter().map(|product| (*product, other.clone()))),
                    }
                }
            }
            Err(error) => {
                let reason = Reason::new("SHOP", error.to_string());
                let all = ops.iter().flat_map(|(_, op)| &op.products);
                stopped.extend(all.map(|product| (*product, Outcome::Unknown(reason.clone()))));
                trouble = Some(error);
                break;
            }
        }
        if place.token.is_cancelled() {
            trouble = Some(ShopError::Stopped);
            break;
        }
    }
    // Steps that were never reached leave their variants half done.
    if let Some(error) = &trouble {
        let reason = Reason::new("SHOP", error.to_string());
        for todo in &ready.variants {
            stopped.entry(todo.product).or_insert_with(|| Outcome::Unknown(reason.clone()));
        }
    }
    record(place, lease, clock.now().await?, known, ready, &stopped, report).await?;
    trouble.map_or(Ok(()), |error| Err(error.into()))
}

/// The operations of a step that nothing earlier stands against.
fn of_step<'a>(ready: &'a Ready, step: Step, stopped: &HashMap<i64, Outcome>) -> Vec<(usize, &'a Op)> {
    let mut families: Vec<_> = ready.ops.iter().collect();
    families.sort_by_key(|(family, _)| **family);
    let free = |op: &Op| match step {
        // A tag is put on for those that are still under way, and taken off only when all it was for are.
        Step::TagOn(_) => op.products.iter().any(|product| !stopped.contains_key(product)),
        _ => op.products.iter().all(|product| !stopped.contains_key(product)),
    };
    families
        .into_iter()
        .flat_map(|(family, ops)| ops.iter().filter(|op| op.step == step && free(op)).map(|op| (*family, op)))
        .collect()
}

/// A shop that takes long does not cost the lease.
async fn kept_alive<T>(
    place: Place<'_>,
    lease: &Lease,
    work: impl Future<Output = T>,
) -> std::result::Result<T, StoreError> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = tokio::time::sleep(Lease::beat()) => lease.renew(place.db).await?,
        }
    }
}

async fn record(
    place: Place<'_>,
    lease: &Lease,
    now: DateTime<Utc>,
    known: &[Known],
    ready: &Ready,
    stopped: &HashMap<i64, Outcome>,
    report: &mut Report,
) -> Result<()> {
    let mut tx = place.db.begin().await?;
    lease.hold(&mut tx).await?;
    // The items were written down in this sync, after the families were read: their ids are asked for.
    let items =
        outbox::open_items(&mut tx, place.shop.id, &ready.variants.iter().map(|t| t.product).collect::<Vec<_>>())
            .await?;
    let (mut shown, mut ended) = (Vec::new(), Vec::new());
    for todo in &ready.variants {
        let family: &Family = &known[todo.at.0].family;
        let variant = &family.variants[todo.at.1];
        let outcome = stopped.get(&todo.product);
        let confirmed = outcome.is_none().then(|| variant.want.listing());
        shown.push(Shown { product: todo.product, seen: &variant.seen, confirmed });
        let Some((item, attempts)) = items.get(&todo.product) else { continue };
        ended.push(end_of(*item, *attempts, outcome, todo, &variant.seen.sku, now, report));
    }
    outbox::show(&mut tx, place.shop.id, now, &shown).await?;
    let tagged: Vec<Tagged<'_>> = ready
        .ops
        .iter()
        .filter(|(_, ops)| ops.iter().any(|op| op.variant.is_none()))
        .map(|(f, _)| &known[*f])
        .map(|k| Tagged {
            parent: &k.family.parent,
            title: k.family.title(),
            tags: Some(k.family.tags),
            seen: k.family.seen_tags,
        })
        .collect();
    outbox::tag(&mut tx, place.shop.id, now, &tagged).await?;
    outbox::end(&mut tx, now, &ended).await?;
    tx.commit().await
}

fn end_of(
    item: i64,
    attempts: i64,
    outcome: Option<&Outcome>,
    todo: &Todo,
    sku: &str,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Ended {
    let (state, reason) = match outcome {
        None | Some(Outcome::Done(_)) => {
            report.confirmed += 1;
            return Ended { item, state: "confirmed", retry_at: None, code: None, message: None };
        }
        Some(Outcome::Refused(reason)) => ("failed", reason),
        Some(Outcome::Unknown(reason)) => ("unknown", reason),
        Some(Outcome::Later(reason)) => ("pending", reason),
    };
    // What nobody knows is read back however often; what the shop puts off is not asked for ever.
    let failed = state == "failed" || (state == "pending" && attempts >= ATTEMPTS);
    if failed {
        report.failed += 1;
        tell(report, sku, todo.action.as_str(), reason);
    }
    let wait = 500_i64 << attempts.clamp(0, 9);
    Ended {
        item,
        state: if failed { "failed" } else { state },
        retry_at: (!failed).then(|| now.timestamp_millis() + wait),
        code: Some(reason.code.clone()),
        message: Some(reason.message.clone()),
    }
}

fn tell(report: &mut Report, sku: &str, action: &str, reason: &Reason) {
    if report.problems.len() < TOLD {
        report.problems.push(Problem {
            sku: sku.to_owned(),
            action: action.to_owned(),
            code: reason.code.clone(),
            message: reason.message.clone(),
        });
    }
}

pub(super) async fn note_synced(place: Place<'_>, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE shop SET synced_at = $2, state = 'connected', trouble = NULL WHERE id = $1";
    on!(place.db, p => sqlx::query(sql).bind(place.shop.id).bind(now.timestamp_millis()).execute(p).await.map(|_| ()))
}
