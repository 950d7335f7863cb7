//! Whether one purchase order line can carry a promise: every check with its value, whether it passed or not.
//! Nothing is put into words here; a decision is made a million times, and shown once.

use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use ts_rs::TS;

use super::{Code, Line, PoAtp, Status, is_future, po_atp};
use crate::settings::Settings;

/// The questions asked of a line, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    /// Is it on a purchase order?
    PurchaseOrder,
    /// Is the purchase order open?
    PoStatus,
    /// Is the line open?
    LineStatus,
    /// Does it supply this store?
    Scope,
    /// Has it a promise date that has not passed?
    PromiseDate,
    /// Are pieces left to sell?
    PoAtp,
}

impl Rule {
    /// Every question, in the order in which they are asked.
    pub const ALL: [Rule; 6] =
        [Rule::PurchaseOrder, Rule::PoStatus, Rule::LineStatus, Rule::Scope, Rule::PromiseDate, Rule::PoAtp];

    /// What it asks for, in a few words for people.
    pub fn explain(self) -> &'static str {
        match self {
            Rule::PurchaseOrder => "On a purchase order",
            Rule::PoStatus => "Purchase order is open",
            Rule::LineStatus => "Line is open",
            Rule::Scope => "Supplies this store",
            Rule::PromiseDate => "Promise date still to come",
            Rule::PoAtp => "Pieces left to pre-sell",
        }
    }
}

/// One question, what was found and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Check {
    /// The question.
    pub rule: Rule,
    /// The reason it gives when it fails; for a passed check, the reason it rules out.
    pub code: Code,
    /// Whether the line passed.
    pub passed: bool,
    /// What was found.
    pub value: Value,
    /// What it takes to pass.
    pub needs: Needs,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A state.
    Status(Status),
    /// A calendar date.
    Date(NaiveDate),
    /// A number of pieces.
    Pieces(i64),
    /// Nothing there.
    Missing,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(true) => f.write_str("yes"),
            Value::Flag(false) => f.write_str("no"),
            Value::Status(status) => status.fmt(f),
            Value::Date(date) => date.fmt(f),
            Value::Pieces(1) => f.write_str("1 piece"),
            Value::Pieces(n) => write!(f, "{n} pieces"),
            Value::Missing => f.write_str("missing"),
        }
    }
}

/// What a check takes to pass. Serialised as the words of its `Display`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TS)]
#[ts(type = "string")]
pub enum Needs {
    /// Yes.
    Yes,
    /// Created or approved.
    OpenStatus,
    /// This date or a later one.
    OnOrAfter(NaiveDate),
    /// A later date.
    After(NaiveDate),
    /// More pieces than this.
    MoreThan(i64),
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needs::Yes => f.write_str("yes"),
            Needs::OpenStatus => write!(f, "{} or {}", Status::Created, Status::Approved),
            Needs::OnOrAfter(date) => write!(f, "{date} or later"),
            Needs::After(date) => write!(f, "after {date}"),
            Needs::MoreThan(n) => write!(f, "more than {n}"),
        }
    }
}

impl Serialize for Needs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the rules say about one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineVerdict {
    /// Position of the line in [`super::ProductFacts::lines`].
    pub index: usize,
    /// Key of the line in the store.
    pub line: i64,
    /// The promise date of the line.
    pub promise_date: Option<NaiveDate>,
    /// Whether it may carry a promise: every check passed.
    pub qualifies: bool,
    /// Pieces left, with terms.
    pub atp: PoAtp,
    /// Every check, passed or not, in the order of [`Rule`].
    pub checks: [Check; 6],
}

impl LineVerdict {
    /// The reason why the line does not qualify: its first failed check.
    pub fn code(&self) -> Option<Code> {
        self.failed().next()
    }

    /// The reasons of all failed checks.
    pub fn failed(&self) -> impl Iterator<Item = Code> + '_ {
        self.checks.iter().filter(|check| !check.passed).map(|check| check.code)
    }
}

/// Asks every question of a line. It qualifies if it is on an open purchase order, is open itself, supplies the store,
/// has a promise date that has not passed, and has pieces left.
///
/// A line that the system closed because nothing was left to come keeps that reason (received, or cancelled), also when
/// its purchase order is completed thereby: nobody completed it by hand, and "received" is what people need to read.
pub fn qualify(index: usize, line: &Line, settings: &Settings, today: NaiveDate) -> LineVerdict {
    let atp = po_atp(line);
    let settled = atp.code.filter(|_| line.closed_by_system && line.rest() <= 0);
    let checks = [
        check(Rule::PurchaseOrder, Code::NotAPo, Value::Flag(!line.purchase_order.trim().is_empty()), Needs::Yes),
        check(
            Rule::PoStatus,
            match line.po_status {
                Status::Completed => settled.unwrap_or(Code::PoCompleted),
                _ => Code::PoCancelled,
            },
            Value::Status(line.po_status),
            Needs::OpenStatus,
        ),
        check(
            Rule::LineStatus,
            match line.line_status {
                Status::Completed => settled.unwrap_or(Code::LineCompleted),
                _ => settled.unwrap_or(Code::LineCancelled),
            },
            Value::Status(line.line_status),
            Needs::OpenStatus,
        ),
        check(Rule::Scope, Code::OutOfScope, Value::Flag(line.in_scope), Needs::Yes),
        check(
            Rule::PromiseDate,
            if line.promise_date.is_some() { Code::DatePassed } else { Code::DateMissing },
            line.promise_date.map_or(Value::Missing, Value::Date),
            if settings.today_counts_as_future { Needs::OnOrAfter(today) } else { Needs::After(today) },
        ),
        check(Rule::PoAtp, atp.code.unwrap_or(Code::FullyPresold), Value::Pieces(atp.atp), Needs::MoreThan(0)),
    ];
    let qualifies = checks.iter().all(|check| check.passed);
    LineVerdict { index, line: line.id, promise_date: line.promise_date, qualifies, atp, checks }
}

/// A check passes if what was found meets what it takes, so the shown values can never contradict the outcome.
fn check(rule: Rule, code: Code, value: Value, needs: Needs) -> Check {
    let passed = match (value, needs) {
        (Value::Flag(flag), Needs::Yes) => flag,
        (Value::Status(status), Needs::OpenStatus) => status.is_open(),
        (Value::Date(date), Needs::OnOrAfter(today)) => is_future(date, today, true),
        (Value::Date(date), Needs::After(today)) => is_future(date, today, false),
        (Value::Pieces(pieces), Needs::MoreThan(limit)) => pieces > limit,
        _ => false,
    };
    Check { rule, code, passed, value, needs }
}
