//! Collects what is wrong with the rows of one file, and which rows stay out because of it.

use std::collections::BTreeMap;

use crate::problem::{Check, Problem, Severity};
use crate::reading::Written;
use crate::review::{Fate, Recorder};

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
    confirmed: Vec<Check>,
    recorder: Option<Recorder>,
    left_out: u64,
    written: Written,
    problems: Vec<Problem>,
    omitted: u64,
    file_asks: bool,
    warnings: u64,
    out: BTreeMap<u64, Out>,
    notes: BTreeMap<(Check, &'static str), (u64, u64)>,
}

impl Findings {
    /// With `confirm`, rows that ask are taken; else those that ask because of the checks `confirmed`.
    pub(crate) fn new(confirm: bool, confirmed: &[Check], recorder: Option<Recorder>) -> Findings {
        Findings { confirm, confirmed: confirmed.to_vec(), recorder, ..Findings::default() }
    }

    /// Who writes down every row for a review, if one is made.
    pub(crate) fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recorder.as_mut()
    }

    /// A row that a person left out.
    pub(crate) fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// How many rows a person left out.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How the file writes dates and numbers.
    pub(crate) fn written(&mut self) -> &mut Written {
        &mut self.written
    }

    /// A row that changes nothing; only a review wants to know which.
    pub(crate) fn unchanged(&mut self, row: u64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.fate(row, Fate::Unchanged);
        }
    }

    /// Adds a finding. Returns whether its row may still be taken.
    pub(crate) fn add(&mut self, problem: Problem) -> bool {
        let out = match problem.severity {
            Severity::RowRefused | Severity::FileRefused => Some(Out::Refused),
            Severity::Asks if !self.confirm && !self.confirmed.contains(&problem.code) => Some(Out::Asks),
            Severity::Asks | Severity::Note => None,
        };
        if !matches!(problem.severity, Severity::RowRefused | Severity::FileRefused) {
            self.warnings += 1;
        }
        if let (Some(out), Some(row)) = (out, problem.row) {
            let found = self.out.entry(row).or_insert(out);
            *found = (*found).max(out);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.problem(&problem);
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
        let waits = |p: &&Problem| p.row.is_none() && p.severity == Severity::Asks && !self.confirmed.contains(&p.code);
        let aside = self.problems.iter().filter(waits);
        if self.confirm || self.file_asks { 0 } else { aside.count() as u64 }
    }

    /// Adds a finding about the whole file. If it asks, no row is taken until it is confirmed.
    pub(crate) fn add_about_file(&mut self, problem: Problem) {
        self.file_asks |= !self.add(problem);
    }

    /// Whether a finding about the whole file waits for a confirmation.
    pub(crate) fn file_asks(&self) -> bool {
        // A review goes on all the same: it shows what a yes would bring.
        self.file_asks && self.recorder.is_none()
    }

    /// Tells a review which rows stay out.
    pub(crate) fn record_out(&mut self) {
        let Some(recorder) = &mut self.recorder else { return };
        for (row, out) in &self.out {
            recorder.fate(*row, if *out == Out::Asks { Fate::Asks } else { Fate::Refused });
        }
    }

    /// All findings in the order of rows, how many more there are, and how many refuse nothing.
    pub(crate) fn finish(mut self) -> (Vec<Problem>, u64, u64) {
        for ((check, what), (count, first)) in std::mem::take(&mut self.notes) {
            self.warnings += 1;
            let message = match count {
                1 => what.to_owned(),
                _ => format!("{what} This holds for {count} rows."),
            };
            let note = Problem::new(check, Severity::Note, message).at_row(first);
            if let Some(recorder) = &mut self.recorder {
                recorder.problem(&note);
            }
            self.problems.push(note);
        }
        self.problems.sort_by_key(|p| p.row);
        (self.problems, self.omitted, self.warnings)
    }
}
