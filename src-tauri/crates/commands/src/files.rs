//! Files in: import one, list what was imported, take an import back.

use std::path::PathBuf;

use presell_imports::adjusting::Adjustments;
use presell_imports::headers::Kind;
use presell_imports::problem::Check;
use presell_imports::{Import, Known, Progress, Reading, Report, Request, Undone, import, imports, undo};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{App, Nothing, Result};

mod mappings;
mod review;
mod work;

pub use mappings::{ForgetMapping, ListMappings, SavedMapping, forget_mapping, list_mappings, save_mapping};
pub use review::{
    ExportRejects, ImportProblems, InspectFile, ListImportProblems, ListReviewLines, ListReviewOrders, RejectsExported,
    Reviewed, export_rejects, inspect_file, list_import_problems, list_review_lines, list_review_orders, review_import,
};
pub use work::{ShowWork, Work, Works, show_work, stop_work};

/// A file to import.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportFile {
    /// What it holds.
    pub kind: Kind,
    /// Where it is.
    pub path: PathBuf,
    /// Check and compare, change nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Rows that ask are taken.
    #[serde(default)]
    pub confirm: bool,
    /// Add products and facilities that are not known; none: only while the store has none of them.
    #[serde(default)]
    pub create: Option<bool>,
    /// Columns named by hand: field and column.
    #[serde(default)]
    pub columns: Vec<(String, String)>,
    /// Where to write the rows that were not taken.
    #[serde(default)]
    pub rejects: Option<PathBuf>,
    /// What to do with purchase orders that are known already.
    #[serde(default)]
    pub known: KnownOrders,
    /// Receipts: quantities are totals received so far.
    #[serde(default)]
    pub totals: bool,
    /// Inventory: the file names every product in stock.
    #[serde(default)]
    pub complete: bool,
    /// Inventory, with `complete`: products missing in the file have no stock.
    #[serde(default)]
    pub zero_missing: bool,
    /// Without `confirm`: rows that ask because of these checks only are taken.
    #[serde(default)]
    pub confirmed: Vec<Check>,
    /// How the file is to be read, where a person knows better than what was detected.
    #[serde(default)]
    pub reading: Reading,
    /// What a person changed about the rows.
    #[serde(default)]
    pub adjustments: Adjustments,
    /// Hash of the file that was reviewed: another file of that name is refused.
    #[serde(default)]
    pub reviewed: Option<String>,
    /// A name under which the work is watched and stopped.
    #[serde(default)]
    pub work: Option<String>,
}

/// What to do with a purchase order that is known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KnownOrders {
    /// Its lines in the file are changed or added; lines missing in the file stay.
    #[default]
    Update,
    /// As update, and lines missing in the file are cancelled.
    Replace,
    /// Only new lines are added; known lines stay as they are.
    Append,
    /// Nothing of it is touched.
    Skip,
}

impl ImportFile {
    /// A plain import: checked, rows that ask left out.
    pub fn new(kind: Kind, path: impl Into<PathBuf>) -> ImportFile {
        ImportFile {
            kind,
            path: path.into(),
            dry_run: false,
            confirm: false,
            create: None,
            columns: Vec::new(),
            rejects: None,
            known: KnownOrders::Update,
            totals: false,
            complete: false,
            zero_missing: false,
            confirmed: Vec::new(),
            reading: Reading::default(),
            adjustments: Adjustments::default(),
            reviewed: None,
            work: None,
        }
    }

    fn request(self, actor: &str) -> Request {
        Request {
            kind: self.kind,
            path: self.path,
            dry_run: self.dry_run,
            confirm: self.confirm,
            create: self.create,
            columns: self.columns,
            rejects: self.rejects,
            known: match self.known {
                KnownOrders::Update => Known::Update,
                KnownOrders::Replace => Known::Replace,
                KnownOrders::Append => Known::Append,
                KnownOrders::Skip => Known::Skip,
            },
            totals: self.totals,
            complete: self.complete,
            zero_missing: self.zero_missing,
            confirmed: self.confirmed,
            reading: self.reading,
            adjustments: self.adjustments,
            reviewed: self.reviewed,
            actor: actor.to_owned(),
        }
    }
}

/// A file that was imported.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// What it did.
    #[serde(flatten)]
    pub report: Report,
    /// The catalog refreshes by itself, and does so for the touched products now.
    pub refreshing: bool,
}

/// Imports a file: good rows go in, the others are reported.
pub async fn import_file(app: &App, args: ImportFile) -> Result<Imported> {
    let here = app.clone();
    app.works.work(args.work.clone(), |progress| async move { import_file_watched(&here, args, &progress).await }).await
}

/// As [`import_file`], for a front end that shows how far it is.
pub async fn import_file_watched(app: &App, args: ImportFile, progress: &Progress) -> Result<Imported> {
    let request = args.request(&app.actor);
    let report = import(&app.db, &app.store().await?, &request, app.now().await?, progress).await?;
    let touched = report.products_touched > 0 && !request.dry_run;
    Ok(Imported { refreshing: touched && app.facts_changed().await?, report })
}

/// Past imports, newest first.
pub async fn list_imports(app: &App, _: Nothing) -> Result<Vec<Import>> {
    Ok(imports(&app.db).await?)
}

/// An import to take back.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UndoImport {
    /// Its key.
    pub import_id: i64,
}

/// Takes an import back, as long as nothing later rests on it.
pub async fn undo_import(app: &App, args: UndoImport) -> Result<Undone> {
    let undone = undo(&app.db, args.import_id, &app.actor, app.now().await?).await?;
    app.facts_changed().await?;
    Ok(undone)
}
