//! What is to be done, and what of it now: what must stop selling goes first.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::adapter::Capabilities;
use crate::facts::Known;
use crate::model::Listing;
use crate::plan::{Action, Op, Rules, plan};

/// A variant with something to do.
#[derive(Clone, Debug)]
pub(super) struct Todo {
    pub(super) product: i64,
    /// Where it is: family and place in it.
    pub(super) at: (usize, usize),
    pub(super) action: Action,
    pub(super) listing: Option<Listing>,
    /// Refused as it is, or tried often enough: it waits until its wish changes.
    pub(super) given_up: bool,
}

/// Everything to do.
#[derive(Debug, Default)]
pub(super) struct Planned {
    pub(super) variants: Vec<Todo>,
    pub(super) ops: HashMap<usize, Vec<Op>>,
    /// Variants that show what is wanted.
    pub(super) unchanged: u64,
    /// Open items whose variant has nothing to do any more.
    pub(super) settled: Vec<i64>,
}

/// Plans all families. What failed as it is stays out, unless everything is to be tried again; those that were `sent` in
/// this sync had their turn.
pub(super) fn planned(known: &[Known], rules: Rules, retry: bool, sent: &HashSet<i64>) -> Planned {
    let mut planned = Planned::default();
    for (f, k) in known.iter().enumerate() {
        let ops = plan(&k.family, rules);
        let mut given_up = HashSet::new();
        for (v, variant) in k.family.variants.iter().enumerate() {
            let open = k.open[v].as_deref();
            // What was last seen of it may be wrong: it is neither done nor to be done before it was read back.
            let unknown = open.is_some_and(|open| open.state == "unknown");
            let Some(action) = variant.action(&ops).or(unknown.then_some(Action::Tags)) else {
                planned.unchanged += 1;
                planned.settled.extend(open.map(|open| open.id));
                continue;
            };
            let listing = variant.want.listing();
            let same = |open: &&crate::facts::Open| open.state == "failed" && open.wanted == listing;
            let refused = open.filter(same).is_some() && (!retry || sent.contains(&variant.product));
            if refused {
                given_up.insert(variant.product);
            }
            planned.variants.push(Todo { product: variant.product, at: (f, v), action, listing, given_up: refused });
        }
        if !ops.is_empty() {
            planned.ops.insert(f, without(ops, &given_up));
        }
    }
    planned
}

/// Leaves out what is for products that gave up. A tag that all others agree on is put on, but none is taken off while
/// one of those it was for may still sell under it.
fn without(ops: Vec<Op>, given_up: &HashSet<i64>) -> Vec<Op> {
    ops.into_iter()
        .filter_map(|mut op| {
            let before = op.products.len();
            op.products.retain(|product| !given_up.contains(product));
            let spoilt = op.products.len() < before
                && (op.products.is_empty() || matches!(op.step, crate::plan::Step::TagOff(_)));
            (!spoilt).then_some(op)
        })
        .collect()
}

/// What is sent now.
#[derive(Debug, Default)]
pub(super) struct Ready {
    pub(super) variants: Vec<Todo>,
    /// By family.
    pub(super) ops: HashMap<usize, Vec<Op>>,
    /// When the next of those that wait may be tried.
    pub(super) next: Option<Duration>,
    /// How many wait.
    pub(super) later: u64,
}

/// Chooses whole families, the most urgent first, as many as are worth sending at once.
pub(super) fn ready(
    known: &[Known],
    mut planned: Planned,
    can: Capabilities,
    now: DateTime<Utc>,
    left: Option<u64>,
) -> Ready {
    let mut families: HashMap<usize, (u8, Vec<Todo>)> = HashMap::new();
    for todo in planned.variants.into_iter().filter(|todo| !todo.given_up) {
        let urgency = match todo.action {
            Action::Delist => 0,
            Action::Move | Action::Update => 1,
            Action::List => 2,
            Action::Tags => 3,
        };
        let entry = families.entry(todo.at.0).or_insert((urgency, Vec::new()));
        entry.0 = entry.0.min(urgency);
        entry.1.push(todo);
    }
    let mut ready = Ready::default();
    let mut order: Vec<(u8, usize, Vec<Todo>)> = families.into_iter().map(|(f, (u, todo))| (u, f, todo)).collect();
    order.sort_by_key(|(urgency, family, _)| (*urgency, *family));
    let waits = |todo: &Todo| {
        let retry = known[todo.at.0].open[todo.at.1].as_ref().and_then(|open| open.retry_at)?;
        u64::try_from(retry - now.timestamp_millis()).ok().filter(|ms| *ms > 0).map(Duration::from_millis)
    };
    let total: usize = order.iter().map(|(_, _, todo)| todo.len()).sum();
    let mut room = if total >= can.bulk_from { total } else { can.batch };
    room = room.min(left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX)));
    let first = order.first().map(|(urgency, _, _)| *urgency);
    for (urgency, family, todo) in order {
        if let Some(wait) = todo.iter().filter_map(waits).max() {
            ready.next = Some(ready.next.map_or(wait, |next| next.min(wait)));
            ready.later += todo.len() as u64;
            continue;
        }
        // What must stop selling does not wait for a long round of the others.
        let behind_urgent = !can.whole && first == Some(0) && urgency > 0 && !ready.variants.is_empty();
        if behind_urgent || (ready.variants.len() + todo.len() > room && !(ready.variants.is_empty() && room > 0)) {
            ready.later += todo.len() as u64;
            continue;
        }
        if let Some(ops) = planned.ops.remove(&family) {
            ready.ops.insert(family, ops);
        }
        ready.variants.extend(todo);
    }
    ready
}
