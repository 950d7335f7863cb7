//! One pass over the rows of a file: evidence first (which comes first, day or month? which mark is decimal?), then each
//! row's cells with their findings.

use std::ops::ControlFlow;

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::fields::date::DateOrder;
use crate::fields::moment::{self, Moment};
use crate::fields::quantity::NumberFormat;
use crate::fields::{FieldError, flag, identifier};
use crate::findings::Findings;
use crate::headers::{CellReader, Cells, Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::{Row, Source, Written};
use crate::texts::{Text, Texts};

/// What the columns of a file say about how they are written.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) dates: DateOrder,
    pub(crate) numbers: NumberFormat,
}

impl Evidence {
    /// Reads the whole file once, looking at the date and number columns, and asks where they leave a doubt.
    pub(crate) fn gather(
        source: &mut Source,
        mapping: &Mapping,
        date: Option<Field>,
        number: Field,
        findings: &mut Findings,
    ) -> Result<Evidence, Problem> {
        let mut evidence = Evidence::default();
        let mut reader = CellReader::new(mapping);
        source.for_each_row(&mut |row: Row<'_>| {
            if let Some(cells) = reader.read(row.cells) {
                if let Some(date) = date {
                    evidence.dates.observe(cells.get(date));
                }
                evidence.numbers.observe(cells.get(number));
            }
            ControlFlow::Continue(())
        })?;
        if let Some(day_first) = mapping.reading().day_first {
            evidence.dates.decide(day_first);
        }
        if let Some(comma_is_decimal) = mapping.reading().comma_is_decimal {
            evidence.numbers.decide(comma_is_decimal);
        }
        *findings.written() = Written { day_first: evidence.dates.shown(), comma_is_decimal: evidence.numbers.shown() };
        let doubts = date.and_then(|d| evidence.dates.asks(&mapping.header(d)));
        for doubt in doubts.into_iter().chain(evidence.numbers.asks(&mapping.header(number))) {
            findings.add_about_file(doubt);
        }
        Ok(evidence)
    }

    /// Hands every row to `each`, ready to be checked; returns how many there are, sound or not.
    pub(crate) fn check_rows(
        &self,
        source: &mut Source,
        mapping: &Mapping,
        findings: &mut Findings,
        mut each: impl FnMut(RowCheck<'_, '_>),
    ) -> Result<u64, Problem> {
        let mut total = 0;
        let mut reader = CellReader::new(mapping);
        source.for_each_row(&mut |row: Row<'_>| {
            if let Some(cells) = reader.read(row.cells) {
                let left_out = mapping.adjusted().leaves_out(row.number, &cells);
                if let Some(recorder) = findings.recorder() {
                    recorder.row(row.number, &cells, mapping, left_out);
                }
                if left_out {
                    findings.leave_out();
                } else {
                    total += 1;
                    each(RowCheck::new(&row, cells, mapping, self, findings));
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(total)
    }
}

/// The cells of one row while they are checked.
pub(crate) struct RowCheck<'a: 'r, 'r> {
    pub(crate) row: u64,
    cells: Cells<'r>,
    mapping: &'a Mapping,
    pub(crate) evidence: &'a Evidence,
    pub(crate) findings: &'a mut Findings,
    sound: bool,
}

impl<'a: 'r, 'r> RowCheck<'a, 'r> {
    pub(crate) fn new(
        row: &Row<'_>,
        cells: Cells<'r>,
        mapping: &'a Mapping,
        evidence: &'a Evidence,
        findings: &'a mut Findings,
    ) -> Self {
        let mut check = RowCheck { row: row.number, cells, mapping, evidence, findings, sound: true };
        for problem in row.problems {
            if problem.column.as_deref().is_none_or(|column| mapping.uses(column)) {
                check.add(problem.clone());
            }
        }
        check
    }

    /// Whether nothing so far refuses the row.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// The cell of a field.
    pub(crate) fn cell(&self, field: Field) -> &'r str {
        self.mapping.adjusted().cell(self.row, field, &self.cells).unwrap_or_else(|| self.cells.get(field))
    }

    /// Adds a finding about this row.
    pub(crate) fn add(&mut self, problem: Problem) {
        let asks = problem.severity == crate::problem::Severity::Asks;
        // A row that only asks is read on: all that is to be confirmed is said at once.
        self.sound &= self.findings.add(problem) || asks;
    }

    /// Refuses the row because of a field.
    pub(crate) fn refuse(&mut self, field: Field, check: Check, message: impl Into<String>) {
        let problem = Problem::refused(check, self.row, message).in_column(self.mapping.header(field));
        self.add(problem.with_value(self.cell(field)));
    }

    /// Asks for a confirmation because of a field.
    pub(crate) fn ask(&mut self, field: Field, check: Check, message: impl Into<String>) {
        let problem = Problem::asks(check, message).at_row(self.row).in_column(self.mapping.header(field));
        self.add(problem.with_value(self.cell(field)));
    }

    fn taken<T, E: FieldError>(&mut self, field: Field, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = error.problem(self.row, &self.mapping.header(field), self.cell(field));
                self.add(problem);
                None
            }
        }
    }

    /// A name that must be there.
    pub(crate) fn name(&mut self, field: Field, texts: &mut Texts) -> Option<Text> {
        let name = identifier::parse(self.cell(field));
        self.taken(field, name).map(|name| texts.take(&name))
    }

    /// A name that may be missing.
    pub(crate) fn optional_name(&mut self, field: Field, texts: &mut Texts) -> Option<Text> {
        if self.cell(field).is_empty() { None } else { self.name(field, texts) }
    }

    /// Pieces, 0 to 1,000,000, that must be there.
    pub(crate) fn pieces(&mut self, field: Field) -> Option<i64> {
        let pieces = self.evidence.numbers.quantity(self.cell(field));
        self.taken(field, pieces)
    }

    /// Pieces that may be missing.
    pub(crate) fn optional_pieces(&mut self, field: Field) -> Option<i64> {
        if self.cell(field).is_empty() { None } else { self.pieces(field) }
    }

    /// A number that tells lines or items apart, if given.
    pub(crate) fn number(&mut self, field: Field, what: &str) -> Option<i64> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        // HotWax writes 00001, spreadsheets 1.0.
        match cell.strip_suffix(".0").unwrap_or(cell).parse::<i64>() {
            Ok(n) if n >= 0 => Some(n),
            _ => {
                self.refuse(
                    field,
                    Check::V14,
                    format!("The {what} is not a whole number. Correct it, or leave the cell empty."),
                );
                None
            }
        }
    }

    /// Yes or no, if given.
    pub(crate) fn flag(&mut self, field: Field) -> Option<bool> {
        let flag = flag::parse(self.cell(field));
        self.taken(field, flag).flatten()
    }

    /// A moment, placed in the store's zone where the file names none.
    pub(crate) fn moment(&mut self, field: Field, zone: Tz) -> Option<DateTime<Utc>> {
        let moment = moment::parse(self.cell(field), &self.evidence.dates);
        Some(match self.taken(field, moment)? {
            Moment::Instant(at) => at,
            Moment::WallTime(wall) => in_zone(wall, zone),
            Moment::Day(day) => in_zone(day.and_time(NaiveTime::MIN), zone),
        })
    }

    /// Any field's result.
    pub(crate) fn take<T, E: FieldError>(&mut self, field: Field, result: Result<T, E>) -> Option<T> {
        self.taken(field, result)
    }

    /// The mapping, for its words.
    pub(crate) fn mapping(&self) -> &'a Mapping {
        self.mapping
    }
}

/// A wall time in a zone; one that occurs twice is the first, one that does not exist is read as if in UTC.
fn in_zone(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    zone.from_local_datetime(&wall).earliest().map_or_else(|| wall.and_utc(), |at| at.with_timezone(&Utc))
}
