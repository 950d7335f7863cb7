//! What a person asks of an import, and what comes back.

use std::path::PathBuf;

use presell_store::{At, StoreError};
use serde::Serialize;
use ts_rs::TS;

use crate::adjusting::Adjustments;
use crate::headers::Kind;
use crate::problem::{Check, Problem};
use crate::reading::{Reading, Shape, Written};

/// An import to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the file holds.
    pub kind: Kind,
    /// The file.
    pub path: PathBuf,
    /// Check and compare, change nothing.
    pub dry_run: bool,
    /// Rows that ask are taken.
    pub confirm: bool,
    /// Without `confirm`: rows that ask because of these checks only are taken.
    pub confirmed: Vec<Check>,
    /// Add products and facilities that are not known; none: only while the store has none of them.
    pub create: Option<bool>,
    /// Columns named by hand: field and column.
    pub columns: Vec<(String, String)>,
    /// Where to write the rows that were not taken.
    pub rejects: Option<PathBuf>,
    /// What to do with purchase orders that are known already.
    pub known: Known,
    /// Receipts: quantities are totals received so far, not what came now.
    pub totals: bool,
    /// Inventory: the file names every product in stock.
    pub complete: bool,
    /// Inventory, with `complete`: products that are missing have no stock.
    pub zero_missing: bool,
    /// How the file is to be read, where a person knows better than what was detected.
    pub reading: Reading,
    /// What a person changed about the rows.
    pub adjustments: Adjustments,
    /// The file's hash when a person looked at it: another file of that name is refused.
    pub reviewed: Option<String>,
    /// Who imports.
    pub actor: String,
}

impl Request {
    /// A plain import of a file: checked, rows that ask left out.
    pub fn new(kind: Kind, path: impl Into<PathBuf>) -> Request {
        Request {
            kind,
            path: path.into(),
            dry_run: false,
            confirm: false,
            confirmed: Vec::new(),
            create: None,
            columns: Vec::new(),
            rejects: None,
            known: Known::Update,
            totals: false,
            complete: false,
            zero_missing: false,
            reading: Reading::default(),
            adjustments: Adjustments::default(),
            reviewed: None,
            actor: "system".to_owned(),
        }
    }
}

/// What to do with a purchase order that is known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// Lines in the file are changed or added; lines missing in it stay.
    #[default]
    Update,
    /// As update, and lines missing in the file are cancelled.
    Replace,
    /// Only lines that are new are added; known lines stay as they are.
    Append,
    /// Nothing of the purchase order is touched.
    Skip,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Key of the import; none for a dry run, or if nothing was taken.
    pub import_id: Option<i64>,
    /// How the file is written.
    pub file: Option<Shape>,
    /// What its columns say about how dates and numbers are written.
    pub written: Written,
    /// Rows of the file that count: accepted + refused.
    pub rows: u64,
    /// Rows that a person left out; they do not count.
    pub left_out: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows not taken: wrong, or waiting for a confirmation.
    pub refused: u64,
    /// Of the refused rows, those that a confirmation would take.
    pub unconfirmed: u64,
    /// Known lines that the file leaves out and that a confirmation would cancel.
    pub lines_waiting: u64,
    /// No product was known before, so new ones were added unasked; the next import adds them only if told to.
    pub first_products: bool,
    /// Findings that refuse nothing.
    pub warnings: u64,
    /// What the accepted rows did.
    pub changes: Changes,
    /// Products that the next refresh will look at.
    pub products_touched: u64,
    /// Findings, in the order of rows.
    pub problems: Vec<Problem>,
    /// Findings beyond those listed; all are kept with the import.
    pub problems_omitted: u64,
    /// Known rows that change, old and new side by side.
    pub differences: Vec<Difference>,
}

/// What accepted rows did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// Not known before.
    pub new: u64,
    /// Known, and different now.
    pub changed: u64,
    /// Known and the same.
    pub unchanged: u64,
}

/// One known row that the file changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Row of the file; none for a line that the file leaves out.
    pub row: Option<u64>,
    /// What it is about, e.g. `PO-1001 line 2`.
    pub subject: String,
    /// Field, old value, new value.
    pub fields: Vec<(&'static str, String, String)>,
}

/// A past import.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, TS)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Its key, to undo it.
    pub id: i64,
    /// What the file held.
    pub kind: String,
    /// Name of the file.
    pub file_name: String,
    /// `done`, `undone`, or `applying` for one that was cut short.
    pub state: String,
    /// Rows of the file.
    pub rows: i64,
    /// Rows taken.
    pub accepted: i64,
    /// Rows not taken.
    pub refused: i64,
    /// Rows that were new.
    pub created: i64,
    /// Rows that changed something known.
    pub changed: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Who imported it.
    pub actor: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: At,
}

/// What undoing an import did.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Undone {
    /// The import.
    pub import_id: i64,
    /// Rows it had created, now gone.
    pub removed: u64,
    /// Rows it had changed, now as before.
    pub restored: u64,
}

/// Why an import was not made or not undone. In every case nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole cannot be taken.
    #[error("{}", sentences(.0))]
    File(Vec<Problem>),
    /// It is not the file that somebody looked at.
    #[error("The file has changed since it was reviewed, so nothing was imported. Review it again, then confirm.")]
    Changed,
    /// A person stopped it.
    #[error("The import was stopped. Nothing was changed.")]
    Stopped,
    /// The rejects file cannot be written.
    #[error("The rows that were not taken could not be written to {path}: {cause}. Choose another place.")]
    Rejects {
        /// Where they should have gone.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// No import has this key.
    #[error("There is no import {0}. List them with: presell imports")]
    Unknown(i64),
    /// It was undone before.
    #[error("Import {0} was undone already.")]
    AlreadyUndone(i64),
    /// Something later rests on it.
    #[error(
        "Import {id} cannot be undone any more: {because}. Undo the later change first, or correct the data with a new import."
    )]
    Touched {
        /// The import.
        id: i64,
        /// What rests on it.
        because: String,
    },
    /// The catalog's rules for the store could not be read.
    #[error(transparent)]
    Stores(#[from] presell_catalog::stores::StoresError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn sentences(problems: &[Problem]) -> String {
    problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join(" ")
}
