//! JSON: an array of flat objects, or an object that holds one such array. Streams one object at a time; the columns are
//! all keys that occur, in the order of their first appearance.

use super::survey::Text;
use super::text::{RowLength, TextReader, refusal_of};
use super::{Body, Format, MAX_COLUMNS, OnRow, Row, Shape, no_rows, refuse};
use crate::fields::trimmed;
use crate::problem::{Check, Problem};
use csv::StringRecord;
use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// Finds the columns, which takes a pass of its own.
pub(super) fn open(path: &Path, text: Text) -> Result<(Shape, Vec<String>, Body), Problem> {
    let progress = AtomicU64::new(0);
    let mut walk = Walk::new(&[], None);
    walk.through(path, text, &progress)?;
    if walk.arrays == 0 {
        return Err(refuse("The file is JSON, but holds no list of objects. Write [{\"sku\": \"…\", …}, …]."));
    }
    if walk.arrays > 1 {
        return Err(refuse(
            "The file holds several lists of objects, so it is not clear which to import. Keep one of them.",
        ));
    }
    if walk.row == 0 || walk.columns.is_empty() {
        return Err(no_rows());
    }
    let shape = Shape {
        format: Format::Json,
        encoding: Some(text.encoding.name()),
        delimiter: None,
        sheet: None,
        header_row: None,
    };
    let headers = walk.columns.iter().map(|column| trimmed(column).to_owned()).collect();
    Ok((shape, headers, Body::Objects(text)))
}

/// Streams the objects as rows.
pub(super) fn rows(
    path: &Path,
    text: Text,
    headers: &[String],
    progress: &AtomicU64,
    on_row: &mut OnRow<'_>,
) -> Result<(), Problem> {
    Walk::new(headers, Some(on_row)).through(path, text, progress)
}

/// One pass over the document. Without `on_row` it learns the columns.
struct Walk<'f, 'r> {
    columns: Vec<String>,
    places: FxHashMap<String, usize>,
    on_row: Option<&'f mut OnRow<'r>>,
    arrays: usize,
    row: u64,
    stopped: bool,
    too_wide: bool,
    cells: Vec<String>,
    problems: Vec<Problem>,
    record: StringRecord,
    row_length: RowLength,
}

impl<'f, 'r> Walk<'f, 'r> {
    fn new(headers: &[String], on_row: Option<&'f mut OnRow<'r>>) -> Self {
        Self {
            columns: headers.to_vec(),
            places: headers.iter().enumerate().map(|(place, header)| (header.clone(), place)).collect(),
            on_row,
            arrays: 0,
            row: 0,
            stopped: false,
            too_wide: false,
            cells: vec![String::new(); headers.len()],
            problems: Vec::new(),
            record: StringRecord::new(),
            row_length: RowLength::default(),
        }
    }

    fn through(&mut self, path: &Path, text: Text, progress: &AtomicU64) -> Result<(), Problem> {
        let reader = TextReader::open(path, text, progress)?;
        self.row_length = reader.row_length();
        let mut document = serde_json::Deserializer::from_reader(BufReader::with_capacity(16 * 1024, reader));
        let done = Document(self).deserialize(&mut document).and_then(|()| document.end());
        if self.too_wide {
            return Err(refuse("The objects have more than 16,384 different keys. Use the same keys in every object."));
        }
        match done {
            Err(_) if self.stopped => Ok(()),
            Err(error) if error.is_io() => Err(refusal_of(path, text, &std::io::Error::from(error), self.row + 1)),
            Err(error) => Err(refuse(format!(
                "The file is not valid JSON: {error}. Export it again, or correct it at that place."
            ))),
            Ok(()) => Ok(()),
        }
    }

    /// The place of a key; a new one while learning.
    fn place(&mut self, key: &str) -> Option<usize> {
        let key = trimmed(key);
        if let Some(place) = self.places.get(key) {
            return Some(*place);
        }
        if self.on_row.is_some() {
            return None;
        }
        if self.columns.len() >= MAX_COLUMNS {
            self.too_wide = true;
            return None;
        }
        self.places.insert(key.to_owned(), self.columns.len());
        self.columns.push(key.to_owned());
        self.cells.push(String::new());
        Some(self.columns.len() - 1)
    }

    fn begin_row(&mut self) {
        self.row += 1;
        self.row_length.set(0);
        self.problems.clear();
        self.cells.iter_mut().for_each(String::clear);
    }

    /// Hands the row out; false where the receiver has had enough.
    fn end_row(&mut self) -> bool {
        if self.too_wide {
            return false;
        }
        let blank = self.problems.is_empty() && self.cells.iter().all(|cell| trimmed(cell).is_empty());
        let Some(on_row) = self.on_row.as_mut().filter(|_| !blank) else { return true };
        self.record.clear();
        self.cells.iter().for_each(|cell| self.record.push_field(cell));
        self.stopped = on_row(Row { number: self.row, cells: &self.record, problems: &self.problems }).is_break();
        !self.stopped
    }
}

/// The whole document: the list itself, or an object around it.
struct Document<'w, 'f, 'r>(&'w mut Walk<'f, 'r>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects, or an object that holds one")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        Member(self.0).visit_seq(list)?;
        // A list of nothing is still the list that was meant.
        self.0.arrays = self.0.arrays.max(1);
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Member(self.0))?;
        }
        Ok(())
    }
}

/// A list anywhere the rows may be; every other value is passed over.
struct Member<'w, 'f, 'r>(&'w mut Walk<'f, 'r>);

impl<'de> DeserializeSeed<'de> for Member<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_, '_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut is_ours = false;
        while let Some(object) = list.next_element_seed(Object(self.0))? {
            if object && !is_ours {
                is_ours = true;
                self.0.arrays += 1;
            }
            if self.0.stopped || self.0.too_wide {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// One element of a list; true where it is an object.
struct Object<'w, 'f, 'r>(&'w mut Walk<'f, 'r>);

impl Object<'_, '_, '_> {
    /// An element that is no object has no cells; it is refused by its number.
    fn stray(self) -> bool {
        self.0.begin_row();
        let message = "This element of the list is not an object. Write {\"sku\": \"…\", …} in its place.";
        self.0.problems.push(Problem::refused(Check::V1, self.0.row, message));
        self.0.end_row();
        false
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_, '_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, '_> {
    type Value = bool;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let walk = self.0;
        walk.begin_row();
        while let Some(key) = map.next_key::<String>()? {
            let Some(place) = walk.place(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            walk.cells[place].clear();
            if !map.next_value_seed(Scalar(&mut walk.cells[place]))? {
                let message = "This value is a list or an object. Write one plain value per column.";
                walk.problems.push(Problem::refused(Check::V1, walk.row, message).in_column(trimmed(&key)));
            }
        }
        walk.end_row();
        Ok(true)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.stray())
    }
    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(self.stray())
    }
    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(self.stray())
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(self.stray())
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(self.stray())
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(self.stray())
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(self.stray())
    }
}

/// A plain value, written into its cell; false where it is none.
struct Scalar<'c>(&'c mut String);

impl<'de> DeserializeSeed<'de> for Scalar<'_> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scalar<'_> {
    type Value = bool;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }
    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        self.0.push_str(text);
        Ok(true)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<bool, E> {
        self.0.push_str(if flag { "true" } else { "false" });
        Ok(true)
    }
    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        self.0.push_str(&number.to_string());
        Ok(true)
    }
    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        self.0.push_str(&number.to_string());
        Ok(true)
    }
    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        super::number::write(number, self.0);
        Ok(true)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(true)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }
}
