//! Which column is which field: by the person's word first, then by a preset, then by the accepted names.
//! Refuses (V2) rather than choosing between two columns.

use super::{Field, FieldSpec, Kind, Preset, fields, normalised};
use crate::adjusting::Adjusted;
use crate::fields::status::{self, Status, StatusError};
use crate::problem::{Check, Problem};
use crate::reading::Reading;
use std::fmt::Write as _;

/// No such column.
const NONE: u16 = u16::MAX;
/// Most headers that a message lists.
const LISTED: usize = 20;

/// The columns of a field.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) first: u16,
    /// Looked at where the first is blank; only presets have them.
    pub(super) more: Vec<u16>,
}

/// Which column of a file is which field.
#[derive(Debug, Clone)]
pub struct Mapping {
    kind: Kind,
    headers: Vec<String>,
    columns: Vec<Columns>,
    preset: Option<&'static Preset>,
    reading: Reading,
    adjusted: Adjusted,
}

/// Finds the column of every field. `overrides` are pairs of a field's name and a header (or `#4` for the fourth column),
/// as a person gave them; they win over everything.
///
/// # Errors
/// One problem (V2) per required field without a column, per field with several, and per override that names nothing.
pub fn map(kind: Kind, headers: &[String], overrides: &[(&str, &str)]) -> Result<Mapping, Vec<Problem>> {
    map_given(kind, headers, overrides, &[])
}

/// As [`map`], where the fields `given` have a value in every row without a column.
///
/// # Errors
/// As [`map`].
pub fn map_given(
    kind: Kind,
    headers: &[String],
    overrides: &[(&str, &str)],
    given: &[Field],
) -> Result<Mapping, Vec<Problem>> {
    let (mapping, problems) = proposed(kind, headers, overrides, given);
    if problems.is_empty() { Ok(mapping) } else { Err(problems) }
}

/// The mapping as far as it goes, and what is wrong with it.
pub(crate) fn proposed(
    kind: Kind,
    headers: &[String],
    overrides: &[(&str, &str)],
    given: &[Field],
) -> (Mapping, Vec<Problem>) {
    let names: Vec<String> = headers.iter().map(|header| normalised(header)).collect();
    let mut problems = Vec::new();
    let mut mapping = Mapping {
        kind,
        headers: headers.to_vec(),
        columns: vec![Columns { first: NONE, more: Vec::new() }; Field::COUNT],
        preset: Preset::recognise(kind, &names),
        reading: Reading::default(),
        adjusted: Adjusted::default(),
    };
    let mut taken = vec![false; headers.len()];
    // A person may say that a field is not in the file, whatever its columns are called.
    let absent = |spec: &FieldSpec| {
        overrides.iter().any(|(name, column)| column.trim().is_empty() && normalised(name) == normalised(&spec.name()))
    };
    let absent: Vec<Field> = fields(kind).iter().filter(|spec| absent(spec)).map(|spec| spec.field).collect();
    for (name, column) in overrides.iter().filter(|(_, column)| !column.trim().is_empty()) {
        match chosen(kind, headers, &names, name, column) {
            Ok((field, column)) => {
                mapping.set(field, &[column]);
                taken[column] = true;
            }
            Err(problem) => problems.push(problem),
        }
    }
    if let Some(preset) = mapping.preset {
        for (field, wanted) in &preset.columns {
            let found: Vec<usize> = wanted
                .iter()
                .filter_map(|header| names.iter().position(|name| name == header))
                .filter(|column| !taken[*column])
                .collect();
            if mapping.column(*field).is_none() && !found.is_empty() && !absent.contains(field) {
                mapping.set(*field, &found);
            }
        }
        for columns in &mapping.columns {
            for column in columns.all() {
                taken[column] = true;
            }
        }
    }
    // A required field takes a weak name before an optional one takes it as its own: stock may come as ATP alone.
    for (required, strong) in [(true, true), (true, false), (false, true), (false, false)] {
        for spec in fields(kind).iter().filter(|spec| spec.required == required) {
            if mapping.column(spec.field).is_some() || absent.contains(&spec.field) {
                continue;
            }
            match by_name(spec, strong, &names, &taken).as_slice() {
                [] => {}
                [column] => {
                    mapping.set(spec.field, &[*column]);
                    taken[*column] = true;
                }
                several => {
                    problems.push(ambiguous(spec, headers, several));
                    // Said once: the field counts as found.
                    mapping.set(spec.field, &several[..1]);
                }
            }
        }
    }
    for spec in fields(kind).iter().filter(|spec| spec.required && mapping.column(spec.field).is_none()) {
        let replaced = spec.unless.is_some_and(|other| mapping.column(other).is_some());
        let replaced = replaced || given.contains(&spec.field);
        let said = overrides
            .iter()
            .any(|(name, column)| !column.trim().is_empty() && normalised(name) == normalised(&spec.name()));
        if !replaced && !said {
            problems.push(missing(spec, headers));
        }
    }
    (mapping, problems)
}

impl Mapping {
    /// The same, with what a person knows better and changed.
    pub(crate) fn adjusted_by(self, reading: Reading, adjusted: Adjusted) -> Mapping {
        Mapping { reading, adjusted, ..self }
    }

    /// How dates and numbers are to be read.
    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// What a person changed about the rows.
    pub(crate) fn adjusted(&self) -> &Adjusted {
        &self.adjusted
    }

    /// The kind of file this is about.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The system whose export the file was recognised as.
    pub fn preset(&self) -> Option<&'static Preset> {
        self.preset
    }

    /// The column of a field, counted from zero.
    pub fn column(&self, field: Field) -> Option<usize> {
        let first = self.columns[field as usize].first;
        (first != NONE).then_some(usize::from(first))
    }

    /// All columns that are read for a field, counted from zero.
    pub(crate) fn places(&self, field: Field) -> impl Iterator<Item = usize> + '_ {
        self.columns[field as usize].all()
    }

    /// The header of a field's column, as the file writes it; the field's own name where there is none.
    pub fn header(&self, field: Field) -> String {
        self.column(field).and_then(|column| self.headers.get(column)).cloned().unwrap_or_else(|| super::name_of(field))
    }

    /// Every mapped field with its headers, to be shown.
    pub fn shown(&self) -> Vec<(Field, Vec<&str>)> {
        let header = |column: usize| self.headers.get(column).map_or("", String::as_str);
        fields(self.kind)
            .iter()
            .map(|spec| (spec.field, self.columns[spec.field as usize].all().map(header).collect::<Vec<_>>()))
            .filter(|(_, headers)| !headers.is_empty())
            .collect()
    }

    /// Headers of the file that no field uses.
    pub fn unused(&self) -> Vec<&str> {
        let used: Vec<usize> = self.columns.iter().flat_map(Columns::all).collect();
        let unused = self.headers.iter().enumerate().filter(|(column, _)| !used.contains(column));
        unused.map(|(_, header)| header.as_str()).filter(|header| !header.is_empty()).collect()
    }

    /// Whether a field uses the column with this header; problems of other columns need not stop a row.
    pub fn uses(&self, header: &str) -> bool {
        self.columns.iter().flat_map(Columns::all).any(|column| self.headers.get(column).is_some_and(|h| h == header))
    }

    /// The status in a cell, by the words of the recognised system and by plain words.
    ///
    /// # Errors
    /// A word that neither knows.
    pub fn status(&self, cell: &str) -> Result<Option<Status>, StatusError> {
        match self.preset.and_then(|preset| preset.status(cell)) {
            Some(status) => Ok(Some(status)),
            None => status::parse(cell),
        }
    }

    pub(super) fn columns(&self, field: Field) -> &Columns {
        &self.columns[field as usize]
    }

    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    fn set(&mut self, field: Field, columns: &[usize]) {
        let mut columns = columns.iter().filter_map(|column| u16::try_from(*column).ok());
        self.columns[field as usize] = Columns { first: columns.next().unwrap_or(NONE), more: columns.collect() };
    }
}

impl Columns {
    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        let first = (self.first != NONE).then_some(self.first);
        first.into_iter().chain(self.more.iter().copied()).map(usize::from)
    }
}

/// Columns that may be this field: all of the accepted names, or those of the best weak name.
fn by_name(spec: &FieldSpec, strong: bool, names: &[String], taken: &[bool]) -> Vec<usize> {
    let free = |wanted: &[String]| -> Vec<usize> {
        (0..names.len()).filter(|column| !taken[*column] && wanted.contains(&names[*column])).collect()
    };
    if strong {
        free(&spec.headers)
    } else {
        spec.weak
            .iter()
            .map(|name| free(std::slice::from_ref(name)))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }
}

/// What a person chose.
fn chosen(
    kind: Kind,
    headers: &[String],
    names: &[String],
    field: &str,
    column: &str,
) -> Result<(Field, usize), Problem> {
    let Some(spec) = fields(kind).iter().find(|spec| normalised(&spec.name()) == normalised(field)) else {
        let known: Vec<String> = fields(kind).iter().map(FieldSpec::name).collect();
        return Err(Problem::file(
            Check::V2,
            format!("There is no field {field}. The fields are: {}.", known.join(", ")),
        ));
    };
    if let Some(place) = column.strip_prefix('#').and_then(|number| number.parse::<usize>().ok())
        && (1..=headers.len()).contains(&place)
    {
        return Ok((spec.field, place - 1));
    }
    let matching = |same: &dyn Fn(usize) -> bool| (0..headers.len()).filter(|at| same(*at)).collect::<Vec<_>>();
    let exact = matching(&|at| headers[at] == column.trim());
    let loose = matching(&|at| !names[at].is_empty() && names[at] == normalised(column));
    match (exact.as_slice(), loose.as_slice()) {
        ([column], _) | ([], [column]) => Ok((spec.field, *column)),
        ([], []) => Err(Problem::file(
            Check::V2,
            format!("The file has no column {column} for the {}. {}", spec.label, found(headers)),
        )
        .in_column(column)),
        (several, _) if !several.is_empty() => Err(ambiguous(spec, headers, several)),
        (_, several) => Err(ambiguous(spec, headers, several)),
    }
}

fn missing(spec: &FieldSpec, headers: &[String]) -> Problem {
    let or = spec.unless.map(|other| format!(" (or the {})", super::name_of(other))).unwrap_or_default();
    Problem::file(
        Check::V2,
        format!(
            "No column holds the {}{or}. {} Name the one to use: --map {}=Column.",
            spec.label,
            found(headers),
            spec.name()
        ),
    )
}

fn ambiguous(spec: &FieldSpec, headers: &[String], several: &[usize]) -> Problem {
    let mut columns = String::new();
    for (i, column) in several.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let _ = write!(columns, "{separator}{} (#{})", headers[*column], column + 1);
    }
    let first = several.first().map_or(0, |column| column + 1);
    Problem::file(
        Check::V2,
        format!(
            "Several columns could hold the {}: {columns}. Say which one: --map {name}=Column, or by its number, --map {name}=#{first}.",
            spec.label,
            name = spec.name()
        ),
    )
}

fn found(headers: &[String]) -> String {
    let listed: Vec<String> = headers
        .iter()
        .filter(|header| !header.is_empty())
        .take(LISTED)
        .map(|header| crate::problem::clip(header))
        .collect();
    let more = if headers.len() > LISTED { ", …" } else { "" };
    format!("The file has the columns: {}{more}.", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    fn mapped(kind: Kind, line: &str, overrides: &[(&str, &str)]) -> Mapping {
        map(kind, &headers(line), overrides).unwrap_or_else(|problems| panic!("{line}: {problems:#?}"))
    }

    #[test]
    fn the_accepted_names_of_every_kind_need_no_mapping() {
        let po =
            mapped(Kind::PurchaseOrders, "PO Number,SKU,Arrival_Date,*Quantity,Facility,isNewStyle,order buffer", &[]);
        assert_eq!(po.column(Field::Quantity), Some(3));
        assert_eq!(po.column(Field::Buffer), Some(6));
        assert_eq!(po.column(Field::Received), None);
        mapped(Kind::Inventory, "sku,qoh,facility,location,as_of", &[]);
        mapped(Kind::Inventory, "sku,atp,location", &[]);
        mapped(Kind::Receipts, "po_id,line_no,quantity", &[]);
        mapped(Kind::Receipts, "po_id,sku,quantity,received_at,facility", &[]);
        mapped(Kind::Orders, "order_id,item_seq,sku,quantity,ordered_at,status,promised,po_id", &[]);
        mapped(Kind::Products, "sku,parent,title,variant_id", &[]);
    }

    #[test]
    fn a_required_column_that_is_missing_is_named_with_the_columns_that_were_found() {
        let problems = map(Kind::PurchaseOrders, &headers("PO,SKU,Pieces,ETA,Warehouse"), &[]).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, Check::V2);
        assert!(problems[0].message.contains("PO, SKU, Pieces, ETA, Warehouse"), "{}", problems[0].message);
        assert!(problems[0].message.contains("--map quantity=Column"), "{}", problems[0].message);
        let po = mapped(Kind::PurchaseOrders, "PO,SKU,Pieces,ETA,Warehouse", &[("quantity", "pieces")]);
        assert_eq!(po.column(Field::Quantity), Some(2));
        assert!(map(Kind::Receipts, &headers("po,quantity"), &[]).is_err(), "a receipt needs a product or a line");
    }

    #[test]
    fn two_columns_for_one_field_are_refused_until_a_person_decides() {
        let line = "PO,SKU,Quantity,Qty,ETA,Warehouse";
        let problems = map(Kind::PurchaseOrders, &headers(line), &[]).unwrap_err();
        assert!(problems[0].message.contains("Quantity (#3), Qty (#4)"), "{}", problems[0].message);
        assert_eq!(mapped(Kind::PurchaseOrders, line, &[("quantity", "Qty")]).column(Field::Quantity), Some(3));
        let twins = "PO,SKU,Quantity,Quantity,ETA,Warehouse";
        assert!(map(Kind::PurchaseOrders, &headers(twins), &[("quantity", "Quantity")]).is_err());
        assert_eq!(mapped(Kind::PurchaseOrders, twins, &[("quantity", "#4")]).column(Field::Quantity), Some(3));
    }

    #[test]
    fn a_weak_name_gives_way_to_a_better_one() {
        let po = mapped(Kind::PurchaseOrders, "PO,UPC,SKU,Qty,Order Date,ETA,Warehouse", &[]);
        assert_eq!(po.header(Field::Sku), "SKU");
        assert_eq!(po.header(Field::ArrivalDate), "ETA", "the date of ordering is no date of arrival");
        assert_eq!(po.unused(), ["UPC", "Order Date"]);
        let upc = mapped(Kind::PurchaseOrders, "PO,UPC,Qty,Order Date,Warehouse", &[]);
        assert_eq!(upc.header(Field::Sku), "UPC");
        assert_eq!(upc.header(Field::ArrivalDate), "Order Date");
    }

    #[test]
    fn a_field_that_a_person_says_is_not_there_takes_no_column() {
        let po = mapped(Kind::PurchaseOrders, "PO,SKU,Qty,ETA,Warehouse,Received", &[("received", "")]);
        assert_eq!(po.column(Field::Received), None, "a person's word wins over the header");
        assert_eq!(po.unused(), ["Received"]);
        let line = headers("PO,SKU,Qty,ETA,Warehouse");
        let problems = map(Kind::PurchaseOrders, &line, &[("quantity", "")]).unwrap_err();
        assert!(problems[0].message.contains("quantity"), "what the file needs is still asked for: {problems:?}");
        let given = map_given(Kind::PurchaseOrders, &line, &[("facility", "")], &[Field::Facility]);
        assert!(given.is_ok(), "unless every row gets it from a person");
    }

    #[test]
    fn an_override_that_names_nothing_is_said() {
        let line = headers("PO,SKU,Qty,ETA,Warehouse");
        let problems = map(Kind::PurchaseOrders, &line, &[("qantity", "Qty")]).unwrap_err();
        assert!(problems[0].message.contains("There is no field qantity"));
        let problems = map(Kind::PurchaseOrders, &line, &[("quantity", "Pieces")]).unwrap_err();
        assert_eq!(problems.len(), 1, "a saved mapping that lacks a column says which, once");
        assert!(problems[0].message.contains("no column Pieces"), "{}", problems[0].message);
    }
}
