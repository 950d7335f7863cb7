//! Which lines serve an item, which queue it waits in, and what date its customer is told. Pure.

use std::sync::Arc;

use presell_catalog::rules::{self, Class, FreeLine, Item, Part, Turn};
use presell_store::instant;
use rustc_hash::FxHashMap;

use super::known::ItemStatus;
use super::plan::Wish;
use crate::purchase_orders::known::KnownLine;

const NO_QUEUE: &str = "_NA_";

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) queue: String,
    pub(crate) promised: Option<chrono::NaiveDate>,
    pub(crate) waiting: bool,
    /// New allocations, besides those it keeps.
    pub(crate) parts: Vec<Part>,
}

/// An item whose pieces stay as they are, or are given back.
pub(crate) fn as_before(wish: &Wish<'_>) -> Outcome {
    let known = wish.known.as_ref().filter(|_| wish.status == ItemStatus::Open);
    Outcome {
        queue: known.map_or_else(|| NO_QUEUE.to_owned(), |k| k.queue.clone()),
        promised: promised(wish, None),
        waiting: known.is_some_and(|k| k.waiting),
        parts: Vec::new(),
    }
}

/// An item of which the file says what serves it: the first line with room for all of it, else one after the other.
///
/// The link is a fact, so what fits nowhere goes onto the last line, which then shows as oversold.
/// `room` holds what each line has left for claims and is lowered.
pub(crate) fn onto(wish: &Wish<'_>, lines: &[KnownLine], room: &mut FxHashMap<i64, i64>) -> Outcome {
    let mut left = wish.row.row.quantity;
    let mut parts: Vec<Part> = Vec::new();
    let free = |line: &KnownLine, room: &FxHashMap<i64, i64>| room.get(&line.id).copied().unwrap_or(0);
    let whole = lines.iter().position(|line| free(line, room) >= left);
    let lines = whole.map_or(lines, |at| &lines[at..=at]);
    for (at, line) in lines.iter().enumerate() {
        let last = at + 1 == lines.len();
        let quantity = if last { left } else { left.min(free(line, room).max(0)) };
        if quantity > 0 {
            left -= quantity;
            *room.entry(line.id).or_insert(0) -= quantity;
            parts.push(Part { line: line.id, quantity });
        }
    }
    let served = |line: &&KnownLine| parts.iter().any(|part| part.line == line.id);
    let date = lines.iter().filter(served).filter_map(KnownLine::promise).max();
    let class = match lines.first() {
        Some(line) if line.is_new => Class::PreOrder,
        _ => Class::Backorder,
    };
    let queue = if wish.status == ItemStatus::Open { parking(wish, Some(class)) } else { NO_QUEUE.to_owned() };
    Outcome { queue, promised: promised(wish, date), waiting: false, parts }
}

/// Items of one product that take whatever line is next, oldest first. Items of a product that is in no list are sent
/// from stock and get no line, unless they were parked before.
pub(crate) fn in_turn<'w, 'a>(
    wishes: &[(usize, &'w Wish<'a>, &'w str)],
    class: Option<Class>,
    free: &[FreeLine],
) -> Vec<(usize, Outcome)> {
    let parked = |wish: &Wish<'_>| class.is_some() || was_presold(wish);
    let items: Vec<Item> = wishes
        .iter()
        .filter(|(_, wish, _)| parked(wish))
        .map(|(index, wish, order)| Item {
            id: i64::try_from(*index).unwrap_or(i64::MAX),
            turn: Turn { ordered_at: instant(wish.row.row.ordered_at), order: Arc::from(*order), seq: wish.seq },
            quantity: wish.row.row.quantity,
        })
        .collect();
    let mut given: FxHashMap<i64, rules::Allocation> =
        rules::allocate(&items, free).into_iter().map(|a| (a.item, a)).collect();
    let outcome = |(index, wish, _): &(usize, &Wish<'_>, &str)| {
        let given = i64::try_from(*index).ok().and_then(|id| given.remove(&id));
        let outcome = match given {
            Some(given) => Outcome {
                queue: parking(wish, class),
                promised: promised(wish, given.promise_date),
                waiting: given.waiting > 0,
                parts: given.parts,
            },
            None => Outcome {
                queue: NO_QUEUE.to_owned(),
                promised: promised(wish, None),
                waiting: false,
                parts: Vec::new(),
            },
        };
        (*index, outcome)
    };
    wishes.iter().map(outcome).collect()
}

fn was_presold(wish: &Wish<'_>) -> bool {
    wish.known.as_ref().is_some_and(|k| k.status == ItemStatus::Open && (k.is_presold() || !k.allocations.is_empty()))
}

/// The queue of a pre-sold item: its own if it stands in one already, else that of its class.
fn parking(wish: &Wish<'_>, class: Option<Class>) -> String {
    match (&wish.known, class) {
        (Some(known), _) if known.status == ItemStatus::Open && known.is_presold() => known.queue.clone(),
        (_, Some(Class::PreOrder)) => "PRE_ORDER_PARKING".to_owned(),
        (_, Some(Class::Backorder)) => "BACKORDER_PARKING".to_owned(),
        (_, None) => NO_QUEUE.to_owned(),
    }
}

/// The date as the file gives it, else that of the lines, else the one known before.
fn promised(wish: &Wish<'_>, lines: Option<chrono::NaiveDate>) -> Option<chrono::NaiveDate> {
    wish.promised.or(lines).or_else(|| wish.known.as_ref().and_then(|k| k.promised))
}
