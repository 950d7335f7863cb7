//! Which purchase order line serves which customer order: first come, first served.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Code;

/// Place of an order item in the queue: by time of order, then order id, then position in the order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// When the customer ordered.
    pub ordered_at: DateTime<Utc>,
    /// The order's own id, compared by code point.
    pub order: Arc<str>,
    /// Position of the item in its order.
    pub seq: i64,
}

/// An order item that wants pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Key of the item in the store; opaque here.
    pub id: i64,
    /// Its place in the queue.
    pub turn: Turn,
    /// Pieces wanted.
    pub quantity: i64,
}

/// A qualifying line with pieces to give; see [`super::Decision::free_lines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeLine {
    /// Key of the line in the store.
    pub line: i64,
    /// The date it promises.
    pub promise_date: NaiveDate,
    /// Its PO ATP.
    pub free: i64,
}

/// Pieces of one line for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Key of the line.
    pub line: i64,
    /// Pieces; more than 0.
    pub quantity: i64,
}

/// What one item got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Key of the item.
    pub item: i64,
    /// The lines that serve it; empty if none does.
    pub parts: Vec<Part>,
    /// The date to promise: the latest of its lines. None if no line serves it.
    pub promise_date: Option<NaiveDate>,
    /// Pieces that got no line.
    pub waiting: i64,
}

impl Allocation {
    /// Why pieces wait, if some do.
    pub fn reason(&self) -> Option<Code> {
        (self.waiting > 0).then_some(Code::WaitingForPo)
    }
}

/// Gives lines to items, oldest item first; `lines` come in the order in which lines compete.
///
/// An item takes the first line that holds all its pieces, so that it arrives in one parcel. If none does, its pieces
/// are spread over the lines in order and the promise is the latest of their dates. What is left over waits.
/// The result is in the order of the queue; no line gives more than it has free.
pub fn allocate(items: &[Item], lines: &[FreeLine]) -> Vec<Allocation> {
    let mut lines = lines.to_vec();
    let mut queue: Vec<&Item> = items.iter().collect();
    queue.sort_by(|a, b| a.turn.cmp(&b.turn).then(a.id.cmp(&b.id)));
    queue.into_iter().map(|item| serve(item, &mut lines)).collect()
}

fn serve(item: &Item, lines: &mut [FreeLine]) -> Allocation {
    let mut waiting = item.quantity.max(0);
    let mut parts = Vec::new();
    let mut promise_date = None;
    // One line that holds everything, or else all lines from the first.
    let whole = lines.iter().position(|line| line.free >= waiting);
    let from = match whole {
        Some(at) => &mut lines[at..=at],
        None => lines,
    };
    for line in from.iter_mut().filter(|line| line.free > 0) {
        let quantity = waiting.min(line.free);
        if quantity == 0 {
            break;
        }
        line.free -= quantity;
        waiting -= quantity;
        parts.push(Part { line: line.line, quantity });
        promise_date = promise_date.max(Some(line.promise_date));
    }
    Allocation { item: item.id, parts, promise_date, waiting }
}
