//! A file before it is imported: a first look, and what an import would do with each of its rows.

use std::io::Write as _;
use std::path::PathBuf;

use presell_imports::headers::{Field as FileField, Kind};
use presell_imports::inspect::{Inspected, inspect};
use presell_imports::problem::Problem;
use presell_imports::review::{Fate, FindingGroup, LineFilter, Lines, OrderGroups, review};
use presell_imports::{Changes, ImportError, Reading, defused};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ImportFile;
use crate::{App, Error, Result};

/// A file to look at.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds; none: whatever fits best.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// How it is to be read.
    #[serde(default)]
    pub reading: Reading,
    /// Columns named by hand: field and column.
    #[serde(default)]
    pub columns: Vec<(String, String)>,
}

/// How a file is written, its columns, and which field each would be.
pub async fn inspect_file(app: &App, args: InspectFile) -> Result<Inspected> {
    let inspected = app.works.work(None, move |_| async move {
        inspect(&args.path, args.kind, &args.reading, &args.columns)
            .map_err(|problem| Error::from(ImportError::File(vec![problem])))
    });
    inspected.await
}

/// A reviewed file.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reviewed {
    /// Names the review, to read pages of it.
    pub review: String,
    /// Hash of the file, to be given with the import.
    pub sha256: String,
    /// Whether `03/04/2027` is the third of April, and whether a comma stands before the fraction.
    pub written: presell_imports::Written,
    /// The fields of each row, in the order of its cells.
    pub fields: Vec<FileField>,
    /// Which field has which columns.
    pub columns: Vec<(FileField, Vec<String>)>,
    /// Rows that count.
    pub rows: u64,
    /// Rows that would be taken.
    pub accepted: u64,
    /// Rows by what happens to them.
    pub fates: Vec<(Fate, u64)>,
    /// What the accepted rows would do.
    pub changes: Changes,
    /// Findings by check, most severe first.
    pub findings: Vec<FindingGroup>,
    /// Known lines that the file leaves out and that a confirmation would cancel.
    pub lines_waiting: u64,
    /// The first of them.
    pub left_aside: Vec<String>,
    /// No product is known yet, so new ones would be added.
    pub first_products: bool,
}

/// Shows what an import would do, and changes nothing.
pub async fn review_import(app: &App, args: ImportFile) -> Result<Reviewed> {
    let (name, here) = (args.work.clone(), app.clone());
    let made = app.works.work(name, move |progress| async move {
        let request = args.request(&here.actor);
        Ok(review(&here.db, &here.store().await?, &request, here.now().await?, &progress).await?)
    });
    let (name, review) = app.works.keep(made.await?);
    let report = &review.report;
    Ok(Reviewed {
        review: name,
        sha256: review.sha256.clone(),
        written: report.written,
        fields: review.fields.clone(),
        columns: review.columns.clone(),
        rows: report.rows,
        accepted: report.accepted,
        fates: review.fates.clone(),
        changes: report.changes,
        findings: review.findings.clone(),
        lines_waiting: report.lines_waiting,
        left_aside: review.left_aside(20).await?,
        first_products: report.first_products,
    })
}

/// Lines of a review.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListReviewLines {
    /// The review.
    pub review: String,
    /// Which lines.
    #[serde(default)]
    pub filter: LineFilter,
    /// How many.
    #[serde(default = "page")]
    pub limit: u32,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
}

fn page() -> u32 {
    50
}

/// A page of lines, with what is wrong with each and what it changes.
pub async fn list_review_lines(app: &App, args: ListReviewLines) -> Result<Lines> {
    Ok(app.works.review(&args.review)?.lines(&args.filter, args.limit.min(500), args.offset).await?)
}

/// Orders of a review.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListReviewOrders {
    /// The review.
    pub review: String,
    /// Part of an order number.
    #[serde(default)]
    pub search: String,
    /// How many.
    #[serde(default = "page")]
    pub limit: u32,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
}

/// A page of orders, summed up.
pub async fn list_review_orders(app: &App, args: ListReviewOrders) -> Result<OrderGroups> {
    Ok(app.works.review(&args.review)?.orders(&args.search, args.limit.min(500), args.offset).await?)
}

/// Rows to write to a file.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportRejects {
    /// The review.
    pub review: String,
    /// Where to write them; none: they are answered.
    #[serde(default)]
    pub path: Option<PathBuf>,
}

/// Rows that would not be taken, ready to be mended.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RejectsExported {
    /// A CSV with a column of reasons; empty if it was written to a file.
    pub csv: String,
    /// Its rows.
    pub rows: u64,
    /// There are more than fit one answer.
    pub cut: bool,
}

/// Rows that one answer carries.
const MOST: u32 = 20_000;

/// The rows of a review that are wrong or wait, as a CSV with their reasons.
pub async fn export_rejects(app: &App, args: ExportRejects) -> Result<RejectsExported> {
    let review = app.works.review(&args.review)?;
    let mut csv = String::new();
    let names = review.fields.iter().map(|field| field.name());
    line(&mut csv, names.chain(["reason".to_owned()]));
    let Some(path) = args.path else {
        let rows = review.rejects(MOST + 1, 0).await?;
        let cut = rows.len() > MOST as usize;
        let rows = &rows[..rows.len().min(MOST as usize)];
        rows.iter().for_each(|row| reject(&mut csv, row));
        return Ok(RejectsExported { csv, rows: rows.len() as u64, cut });
    };
    let failed =
        |cause: std::io::Error| ImportError::Rejects { path: path.display().to_string(), cause: cause.to_string() };
    let mut file = std::fs::File::create(&path).map_err(failed)?;
    let mut written = 0_u64;
    loop {
        let rows = review.rejects(MOST, written).await?;
        rows.iter().for_each(|row| reject(&mut csv, row));
        file.write_all(csv.as_bytes()).map_err(failed)?;
        csv.clear();
        written += rows.len() as u64;
        if rows.is_empty() {
            return Ok(RejectsExported { csv, rows: written, cut: false });
        }
    }
}

fn reject(csv: &mut String, (_, cells, reason): &(u64, Vec<String>, String)) {
    line(csv, cells.iter().map(|cell| defused(cell).into_owned()).chain([reason.clone()]));
}

fn line(csv: &mut String, cells: impl Iterator<Item = String>) {
    let quoted: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    csv.push_str(&quoted.join(","));
    csv.push('\n');
}

/// Findings of a past import.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListImportProblems {
    /// The import.
    pub import_id: i64,
    /// How many.
    #[serde(default = "page")]
    pub limit: u32,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u64,
}

/// A page of findings.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblems {
    /// How many there are.
    pub total: u64,
    /// This page, in the order of rows.
    pub problems: Vec<Problem>,
}

/// What was wrong with the rows of a past import.
pub async fn list_import_problems(app: &App, args: ListImportProblems) -> Result<ImportProblems> {
    let (total, problems) =
        presell_imports::problems_of(&app.db, args.import_id, args.limit.min(500), args.offset).await?;
    Ok(ImportProblems { total, problems })
}
