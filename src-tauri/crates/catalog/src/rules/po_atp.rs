//! PO ATP: the pieces of a purchase order line that can still be pre-sold.

use serde::Serialize;
use ts_rs::TS;

use super::term::{sum, term};
use super::{Code, Line, Term, TermName};

/// What a line can still sell, with the way to the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PoAtp {
    /// Pieces that may still be pre-sold; never negative.
    pub atp: i64,
    /// Pieces promised beyond what will come; an alarm, the ATP itself stays 0.
    pub oversold: i64,
    /// Why nothing is left; none while there is.
    pub code: Option<Code>,
    /// Ordered, received, cancelled, buffer, allocated, and what lifts a negative result to 0.
    pub terms: [Term; 6],
}

impl Line {
    /// Pieces still to come: ordered − received − cancelled. Negative if more came than was ordered.
    pub fn rest(&self) -> i64 {
        self.ordered.saturating_sub(self.received).saturating_sub(self.cancelled)
    }
}

/// PO ATP: ordered − received − cancelled − buffer − allocated, at least 0.
///
/// When it is 0, the reason is what used it up: nothing is left to come (received, or cancelled if nothing was ever
/// received); or the buffer alone keeps the rest; or customers bought it.
pub fn po_atp(line: &Line) -> PoAtp {
    let mut terms = [
        term(TermName::Ordered, line.ordered),
        term(TermName::Received, line.received.saturating_neg()),
        term(TermName::Cancelled, line.cancelled.saturating_neg()),
        term(TermName::Buffer, line.buffer.saturating_neg()),
        term(TermName::Allocated, line.allocated.saturating_neg()),
        term(TermName::Floor, 0),
    ];
    let left = sum(&terms);
    terms[5].value = left.min(0).saturating_neg();

    let rest = line.rest();
    let code = if left > 0 {
        None
    } else if rest <= 0 && line.received > 0 {
        Some(Code::FullyReceived)
    } else if rest <= 0 {
        Some(Code::LineCancelled)
    } else if rest <= line.buffer && line.allocated <= 0 {
        Some(Code::BufferOnly)
    } else {
        Some(Code::FullyPresold)
    };
    PoAtp { atp: left.max(0), oversold: line.allocated.saturating_sub(rest.max(0)).max(0), code, terms }
}
