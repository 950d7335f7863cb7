//! A first look at a file: how it is written, what it may hold, its columns with samples, and which would be which field.

use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use ts_rs::TS;

use crate::fields::date::DateOrder;
use crate::fields::quantity::NumberFormat;
use crate::headers::{CellReader, Field, Kind, fields, proposed};
use crate::problem::Problem;
use crate::reading::{Reading, Row, Shape, Written, open_as};

/// Rows that are looked at.
const LOOK: usize = 1_000;
/// Samples of a column.
const SAMPLES: usize = 3;

/// What a first look at a file shows.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Inspected {
    /// How the file is written.
    pub file: Shape,
    /// How its first rows write dates and numbers.
    pub written: Written,
    /// What it holds: as asked, else the kind whose fields fit best.
    pub kind: Kind,
    /// The system whose export it is.
    pub preset: Option<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// The fields of its kind, and the columns they would have.
    pub fields: Vec<Wanted>,
    /// What stands in the way.
    pub problems: Vec<Problem>,
    /// Bytes.
    pub size: u64,
    /// Hash of its bytes.
    pub sha256: String,
}

/// A column of a file.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FileColumn")]
pub struct Column {
    /// Its header; may be empty.
    pub header: String,
    /// Some of its cells.
    pub samples: Vec<String>,
}

/// A field that a file of this kind may have.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FileField")]
pub struct Wanted {
    /// Which one.
    pub field: Field,
    /// What a person calls it.
    pub label: String,
    /// Whether the file needs it.
    pub required: bool,
    /// The columns that would be read for it, counted from 1.
    pub columns: Vec<usize>,
}

/// Looks at a file. `columns` are fields with columns that a person chose already.
///
/// # Errors
/// A file that cannot be read.
pub fn inspect(
    path: &Path,
    kind: Option<Kind>,
    reading: &Reading,
    columns: &[(String, String)],
) -> Result<Inspected, Problem> {
    let mut source = open_as(path, reading)?;
    let headers = source.headers().to_vec();
    let chosen: Vec<(&str, &str)> = columns.iter().map(|(f, c)| (f.as_str(), c.as_str())).collect();
    let kind = kind.unwrap_or_else(|| best(&headers));
    let (mapping, problems) = proposed(kind, &headers, &chosen, &[]);
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); headers.len()];
    let (mut dates, mut numbers) = (DateOrder::default(), NumberFormat::default());
    let mut reader = CellReader::new(&mapping);
    let mut rows = 0;
    source.for_each_row(&mut |row: Row<'_>| {
        rows += 1;
        for (samples, cell) in samples.iter_mut().zip(row.cells) {
            let cell = crate::problem::clip(cell.trim());
            if samples.len() < SAMPLES && !cell.is_empty() && !samples.contains(&cell) {
                samples.push(cell);
            }
        }
        if let Some(cells) = reader.read(row.cells) {
            for field in [Field::ArrivalDate, Field::ReceivedAt, Field::OrderedAt, Field::AsOf] {
                dates.observe(cells.get(field));
            }
            numbers.observe(cells.get(Field::Quantity));
        }
        if rows < LOOK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let written = Written {
        day_first: reading.day_first.or(dates.shown()),
        comma_is_decimal: reading.comma_is_decimal.or(numbers.shown()),
    };
    let wanted = fields(kind).iter().map(|spec| Wanted {
        field: spec.field,
        label: spec.label.clone(),
        required: spec.required && spec.unless.is_none_or(|other| mapping.column(other).is_none()),
        columns: mapping.places(spec.field).map(|at| at + 1).collect(),
    });
    Ok(Inspected {
        file: source.shape().clone(),
        written,
        kind,
        preset: mapping.preset().map(|preset| preset.name.clone()),
        columns: headers.into_iter().zip(samples).map(|(header, samples)| Column { header, samples }).collect(),
        fields: wanted.collect(),
        problems,
        size: source.size(),
        sha256: source.sha256().to_owned(),
    })
}

/// The kind that the headers fit best: nothing missing first, then the most columns used. Headers that nobody knows are
/// most likely those of a supplier.
fn best(headers: &[String]) -> Kind {
    let all = [Kind::PurchaseOrders, Kind::Receipts, Kind::Inventory, Kind::Orders, Kind::Products];
    let fit = |kind: &Kind| {
        let (mapping, problems) = proposed(*kind, headers, &[], &[]);
        let preset = mapping.preset().is_some();
        (problems.is_empty(), preset, mapping.shown().len())
    };
    // Of equals the first is taken; max_by_key would take the last.
    all.into_iter().rev().max_by_key(fit).unwrap_or(Kind::PurchaseOrders)
}
