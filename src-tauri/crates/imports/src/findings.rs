//! Collects what is wrong with the rows of one file, and which rows stay out because of it.

use std::collections::BTreeMap;

use crate::problem::{Check, Problem, Severity};

/// Findings kept in full; what comes after is counted.
const KEPT: usize = 10_000;

/// Why a row stays out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Out {
    /// It would be taken after a confirmation.
    Asks,
    /// It is wrong.
    Refused,
}

/// Findings of one file.
#[derive(Default)]
pub(crate) struct Findings {
    confirm: bool,
    problems: Vec<Problem>,
    omitted: u64,
    file_asks: bool,
    warnings: u64,
    out: BTreeMap<u64, Out>,
    notes: BTreeMap<(Check, &'static str), (u64, u64)>,
}

impl Findings {
    /// With `confirm`, rows that ask are taken.
    pub(crate) fn new(confirm: bool) -> Findings {
        Findings { confirm, ..Findings::default() }
    }

    /// Adds a finding. Returns whether its row may still be taken.
    pub(crate) fn add(&mut self, problem: Problem) -> bool {
        let out = match problem.severity {
            Severity::RowRefused | Severity::FileRefused => Some(Out::Refused),
            Severity::Asks if !self.confirm => Some(Out::Asks),
            Severity::Asks | Severity::Note => None,
        };
        if !matches!(problem.severity, Severity::RowRefused | Severity::FileRefused) {
            self.warnings += 1;
        }
        if let (Some(out), Some(row)) = (out, problem.row) {
            let found = self.out.entry(row).or_insert(out);
            *found = (*found).max(out);
        }
        if self.problems.len() < KEPT {
            self.problems.push(problem);
        } else {
            self.omitted += 1;
        }
        out.is_none()
    }

    /// Notes something harmless that may hold for many rows: they become one finding with their number.
    pub(crate) fn note(&mut self, check: Check, row: u64, what: &'static str) {
        let (count, first) = self.notes.entry((check, what)).or_insert((0, row));
        *count += 1;
        *first = (*first).min(row);
    }

    /// Why this row stays out, if it does.
    pub(crate) fn out(&self, row: u64) -> Option<Out> {
        self.out.get(&row).copied()
    }

    /// What keeps rows out, as sentences by row; what concerns the whole file stands at row 0.
    pub(crate) fn reasons(&self) -> BTreeMap<u64, String> {
        let mut reasons: BTreeMap<u64, String> = BTreeMap::new();
        for problem in self.problems.iter().filter(|p| p.severity != Severity::Note) {
            let reason = reasons.entry(problem.row.unwrap_or(0)).or_default();
            if !reason.is_empty() {
                reason.push(' ');
            }
            reason.push_str(&problem.message);
        }
        reasons
    }

    /// Rows that stay out: wrong ones, and those that only a confirmation would take.
    pub(crate) fn count_out(&self) -> (u64, u64) {
        let asks = self.out.values().filter(|o| **o == Out::Asks).count() as u64;
        (self.out.len() as u64 - asks, asks)
    }

    /// Findings that wait for a confirmation and concern neither a row nor the whole file: known lines that it leaves out.
    pub(crate) fn count_aside(&self) -> u64 {
        let aside = self.problems.iter().filter(|p| p.row.is_none() && p.severity == Severity::Asks);
        if self.confirm || self.file_asks { 0 } else { aside.count() as u64 }
    }

    /// Adds a finding about the whole file. If it asks, no row is taken until it is confirmed.
    pub(crate) fn add_about_file(&mut self, problem: Problem) {
        self.file_asks |= !self.add(problem);
    }

    /// Whether a finding about the whole file waits for a confirmation.
    pub(crate) fn file_asks(&self) -> bool {
        self.file_asks
    }

    /// All findings in the order of rows, how many more there are, and how many refuse nothing.
    pub(crate) fn finish(mut self) -> (Vec<Problem>, u64, u64) {
        for ((check, what), (count, first)) in std::mem::take(&mut self.notes) {
            self.warnings += 1;
            let message = match count {
                1 => what.to_owned(),
                _ => format!("{what} This holds for {count} rows."),
            };
            self.problems.push(Problem::new(check, Severity::Note, message).at_row(first));
        }
        self.problems.sort_by_key(|p| p.row);
        (self.problems, self.omitted, self.warnings)
    }
}
