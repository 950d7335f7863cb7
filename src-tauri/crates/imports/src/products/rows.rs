//! Rows of a products file, read and checked one by one.

use crate::checking::{Evidence, RowCheck};
use crate::findings::Findings;
use crate::headers::{Field, Mapping};
use crate::problem::{Check, Problem};
use crate::reading::Source;
use crate::texts::{Text, Texts};

/// Longest title that is kept, in characters.
const TITLE: usize = 500;

/// One sound row; what its cells leave empty is none.
#[derive(Clone, Debug)]
pub(crate) struct ProductRow {
    pub(crate) row: u32,
    pub(crate) sku: Text,
    pub(crate) title: Option<Box<str>>,
    pub(crate) parent: Option<Text>,
    pub(crate) upc: Option<Box<str>>,
    pub(crate) variant: Option<Box<str>>,
    pub(crate) excluded: Option<bool>,
    pub(crate) minimum: Option<i64>,
    pub(crate) brokering: Option<bool>,
}

/// The rows of a file and the names in them.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<ProductRow>,
    pub(crate) skus: Texts,
    pub(crate) parents: Texts,
    others: Texts,
    /// Rows of the file, sound or not.
    pub(crate) total: u64,
}

/// Reads every row; what is wrong with one is a finding and keeps it out.
pub(crate) fn read(source: &mut Source, mapping: &Mapping, findings: &mut Findings) -> Result<Rows, Problem> {
    let evidence = Evidence::gather(source, mapping, None, Field::MinimumStock, findings)?;
    let mut rows = Rows::default();
    rows.total = evidence.check_rows(source, mapping, findings, |check| {
        if let Some(row) = one(check, &mut rows) {
            rows.rows.push(row);
        }
    })?;
    rows.others = Texts::default();
    Ok(rows)
}

fn one(mut check: RowCheck<'_, '_>, rows: &mut Rows) -> Option<ProductRow> {
    let sku = check.name(Field::Sku, &mut rows.skus);
    let title = match check.cell(Field::Title) {
        "" => None,
        title => Some(title.chars().filter(|c| !c.is_control()).take(TITLE).collect::<String>().into()),
    };
    let parent = check.optional_name(Field::Parent, &mut rows.parents);
    let upc = identifier(&mut check, Field::Upc, rows);
    let variant = identifier(&mut check, Field::VariantId, rows);
    let excluded = check.flag(Field::Excluded);
    let active = check.flag(Field::Active);
    if excluded == Some(false) && active == Some(false) {
        let message = "The row says that the product is not active and is not excluded. Correct one of the two.";
        check.refuse(Field::Active, Check::V17, message);
    }
    let minimum = check.optional_pieces(Field::MinimumStock);
    let brokering = check.flag(Field::AllowBrokering);
    if !check.is_sound() {
        return None;
    }
    // An inactive product is not sold, so not pre-sold. An active one may still be excluded by a person.
    let excluded = if active == Some(false) { Some(true) } else { excluded };
    Some(ProductRow {
        row: u32::try_from(check.row).ok()?,
        sku: sku?,
        title,
        parent,
        upc,
        variant,
        excluded,
        minimum,
        brokering,
    })
}

fn identifier(check: &mut RowCheck<'_, '_>, field: Field, rows: &mut Rows) -> Option<Box<str>> {
    let text = check.optional_name(field, &mut rows.others)?;
    Some(rows.others.get(text).into())
}
