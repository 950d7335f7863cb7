//! One import from file to record: open, map, check, compare, apply, report. Each kind of file adds its own rows.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use presell_catalog::stores::Store;
use presell_store::Db;

use crate::adjusting::Adjusted;
use crate::findings::Findings;
use crate::headers::{Field, Kind, Mapping, fields, map_given};
use crate::journal::{Journal, same_file};
use crate::lookup::{self, Facility, Product};
use crate::problem::{Check, Problem};
use crate::reading::{Source, open_as};
use crate::request::{Difference, ImportError, Report, Request};
use crate::review::Recorder;
use crate::undo::undo;
use crate::{inventory, orders, products, purchase_orders, receipts, rejects};

/// Differences listed in a report; all are written.
const DIFFERENCES: usize = 1_000;

/// How far an import is; may be watched from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    state: Mutex<(&'static str, Arc<AtomicU64>, u64)>,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// What is being done, how much of it is done, and how much there is: bytes while reading, rows while writing.
    pub fn now(&self) -> (&'static str, u64, u64) {
        // A watcher that panicked has only read.
        let state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (state.0, state.1.load(Ordering::Relaxed), state.2)
    }

    /// Asks for an end. What was written so far is taken back.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn watch(&self, what: &'static str, counter: Arc<AtomicU64>, total: u64) {
        *self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (what, counter, total);
    }

    pub(crate) fn begin(&self, what: &'static str, total: u64) {
        self.watch(what, Arc::default(), total);
    }

    pub(crate) fn add(&self, n: u64) {
        let state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.1.fetch_add(n, Ordering::Relaxed);
    }
}

/// What all kinds of files share while they are imported.
pub(crate) struct Job<'a> {
    pub(crate) db: &'a Db,
    pub(crate) store: &'a Store,
    pub(crate) request: &'a Request,
    /// Which column is which field; here for the words of findings.
    pub(crate) mapping: &'a Mapping,
    pub(crate) now: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) progress: &'a Progress,
    pub(crate) findings: Findings,
    pub(crate) report: Report,
    /// None in a dry run, and until the first row is about to be written.
    pub(crate) journal: Option<Journal>,
}

/// Imports a file. `now` comes from the database's clock.
///
/// Rows that are wrong, or that ask while nobody confirmed, are left out and reported; the others are applied, all rows
/// of one purchase order together.
///
/// # Errors
/// A file that cannot be taken as a whole, or a database that does not do its part. Batches committed before a database
/// error stay; importing the file again finds them unchanged and adds the rest.
pub async fn import(
    db: &Db,
    store: &Store,
    request: &Request,
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<Report, ImportError> {
    run(db, store, request, now, progress, None).await.map(|outcome| outcome.report)
}

/// An import and what it was made of.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) sha256: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) columns: Vec<(Field, Vec<String>)>,
}

/// As [`import`]; with a recorder every row is written down for a review.
pub(crate) async fn run(
    db: &Db,
    store: &Store,
    request: &Request,
    now: DateTime<Utc>,
    progress: &Progress,
    recorder: Option<Recorder>,
) -> Result<Outcome, ImportError> {
    let mut source = open_as(&request.path, &request.reading).map_err(|p| ImportError::File(vec![p]))?;
    if request.reviewed.as_ref().is_some_and(|reviewed| reviewed != source.sha256()) {
        return Err(ImportError::Changed);
    }
    source.stop_with(Arc::clone(&progress.stop));
    let columns: Vec<(&str, &str)> = request.columns.iter().map(|(f, c)| (f.as_str(), c.as_str())).collect();
    let given = request.adjustments.given();
    let mapping = map_given(request.kind, source.headers(), &columns, &given).map_err(ImportError::File)?;
    let mapping = mapping.adjusted_by(request.reading.clone(), Adjusted::new(&request.adjustments));
    let shown = shown(&mapping, request);
    let recorder = recorder.map(|recorder| recorder.about(&shown));
    progress.watch("Reading", source.progress(), source.size());
    let mut job = Job {
        db,
        store,
        request,
        mapping: &mapping,
        now,
        today: store.today(now),
        progress,
        findings: Findings::new(request.confirm, &request.confirmed, recorder),
        report: Report { file: Some(source.shape().clone()), ..Report::default() },
        journal: None,
    };
    for note in source.notes() {
        job.findings.add_about_file(note.clone());
    }
    job.ask_for_repetition(&source).await?;
    job.report.first_products = request.create.is_none() && lookup::no_products(db).await?;
    let made = match request.kind {
        Kind::PurchaseOrders => purchase_orders::import(&mut job, &mut source, &mapping).await,
        Kind::Inventory => inventory::import(&mut job, &mut source, &mapping).await,
        Kind::Receipts => receipts::import(&mut job, &mut source, &mapping).await,
        Kind::Orders => orders::import(&mut job, &mut source, &mapping).await,
        Kind::Products => products::import(&mut job, &mut source, &mapping).await,
    };
    if progress.is_stopped() {
        if let Some(id) = job.journal_id() {
            undo(db, id, &request.actor, now).await?;
        }
        return Err(ImportError::Stopped);
    }
    made?;
    let report = job.finish(&mut source).await?;
    let columns = mapping.shown();
    let columns = columns.into_iter().map(|(f, c)| (f, c.into_iter().map(str::to_owned).collect())).collect();
    Ok(Outcome { report, sha256: source.sha256().to_owned(), fields: shown, columns })
}

/// The fields that rows of this file have: those with a column, and those that a person filled in.
fn shown(mapping: &Mapping, request: &Request) -> Vec<Field> {
    let adjusted = |field: Field| request.adjustments.cells.iter().any(|change| change.field == field);
    let all = fields(request.kind).iter().map(|spec| spec.field);
    all.filter(|field| mapping.column(*field).is_some() || adjusted(*field)).collect()
}

impl Job<'_> {
    /// V15: the same file again. Only a confirmation imports it once more.
    async fn ask_for_repetition(&mut self, source: &Source) -> Result<(), ImportError> {
        if let Some((id, at)) = same_file(self.db, self.request.kind.as_str(), source.sha256()).await? {
            let day = at.with_timezone(&self.store.zone).format("%-d %B %Y, %H:%M");
            let message = format!("This file was imported before (import {id}, {day}). Confirm to import it again.");
            self.findings.add_about_file(Problem::asks(Check::V15, message));
        }
        Ok(())
    }

    /// Records the import, unless this is a dry run or nothing can be taken.
    pub(crate) async fn begin_journal(&mut self, source: &Source) -> Result<(), ImportError> {
        if !self.request.dry_run {
            self.journal = Some(Journal::begin(self.db, self.request, source.sha256(), self.now).await?);
        }
        Ok(())
    }

    /// Takes the number of rows. V15: somebody left all of them out.
    pub(crate) fn selected(&mut self, rows: u64) -> Result<(), ImportError> {
        self.report.rows = rows;
        self.go_on()?;
        if rows == 0 && self.findings.left_out() > 0 && !self.request.dry_run {
            let message = "No row is selected, so there is nothing to import. Take at least one row back in.";
            return Err(ImportError::File(vec![Problem::file(Check::V15, message)]));
        }
        Ok(())
    }

    /// Whether to go on: nobody has stopped it.
    pub(crate) fn go_on(&self) -> Result<(), ImportError> {
        if self.progress.is_stopped() { Err(ImportError::Stopped) } else { Ok(()) }
    }

    /// Key of the import, if one is being written.
    pub(crate) fn journal_id(&self) -> Option<i64> {
        self.journal.as_ref().map(|journal| journal.id)
    }

    pub(crate) fn count(&mut self, new: u64, changed: u64, unchanged: u64) {
        self.report.changes.new += new;
        self.report.changes.changed += changed;
        self.report.changes.unchanged += unchanged;
    }

    pub(crate) fn differ(&mut self, differences: Vec<Difference>) {
        if let Some(recorder) = self.findings.recorder() {
            differences.iter().for_each(|difference| recorder.difference(difference));
        }
        let room = DIFFERENCES.saturating_sub(self.report.differences.len());
        self.report.differences.extend(differences.into_iter().take(room));
    }

    /// Lists one difference, unless the report is full.
    pub(crate) fn differ_by(&mut self, make: impl FnOnce() -> Difference) {
        if self.report.differences.len() < DIFFERENCES || self.findings.recorder().is_some() {
            self.differ(vec![make()]);
        }
    }

    /// V6, V14: whether the product of a row is known or may be added.
    pub(crate) fn check_product(&mut self, row: u64, sku: &str, product: &Product) -> bool {
        let problem = match product {
            Product::Known(_) | Product::New => return true,
            Product::Unknown => {
                let message = format!(
                    "No product has the SKU {sku}. Correct it, import the product first, or add new products with --create."
                );
                Problem::refused(Check::V6, row, message)
            }
            Product::LostZeros(known) => {
                let message = format!(
                    "No product has the SKU {sku}, but {known} is known: a spreadsheet dropped the leading zeros. Format the column as text and export again."
                );
                Problem::refused(Check::V14, row, message)
            }
            Product::Several(_, others) => {
                let message = format!(
                    "{sku} identifies several products ({others} too). Confirm to take the first by SKU, or name the SKU itself."
                );
                Problem::asks(Check::V6, message).at_row(row)
            }
        };
        self.findings.add(problem.in_column(self.mapping.header(Field::Sku)).with_value(sku))
    }

    /// V7: whether the facility of a row is known or may be added.
    pub(crate) fn check_facility(&mut self, row: u64, name: &str, facility: Facility) -> bool {
        let problem = match facility {
            Facility::Known(_) | Facility::New => return true,
            Facility::Unknown => {
                let message = format!("There is no facility {name}. Correct it, or add new facilities with --create.");
                Problem::refused(Check::V7, row, message)
            }
            Facility::OfNoStore(_) => {
                let message = format!(
                    "The facility {name} belongs to no store, so its goods would never be listed. Confirm to take the row all the same."
                );
                Problem::asks(Check::V7, message).at_row(row)
            }
        };
        self.findings.add(problem.in_column(self.mapping.header(Field::Facility)).with_value(name))
    }

    async fn finish(mut self, source: &mut Source) -> Result<Report, ImportError> {
        let (wrong, asking) = match self.findings.file_asks() {
            true => (0, self.report.rows.max(1)),
            false => self.findings.count_out(),
        };
        let mut report = self.report;
        report.left_out = self.findings.left_out();
        report.written = *self.findings.written();
        report.refused = wrong + asking;
        report.unconfirmed = asking;
        report.lines_waiting = self.findings.count_aside();
        report.accepted = report.rows.saturating_sub(report.refused);
        if let Some(path) = &self.request.rejects {
            rejects::write(path, source, &self.findings)?;
        }
        self.findings.record_out();
        let (problems, omitted, warnings) = self.findings.finish();
        report.problems = problems;
        report.problems_omitted = omitted;
        report.warnings = warnings;
        if let Some(journal) = self.journal.take()
            && !(report.accepted == 0 && journal.discard(self.db).await?)
        {
            report.import_id = Some(journal.id);
            let now = self.db.now().await?;
            journal.finish(self.db, &report, now).await?;
        }
        Ok(report)
    }
}
