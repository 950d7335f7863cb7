//! Texts of a file, each kept once. A million rows name half a million products and a handful of facilities; rows hold
//! small numbers instead.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// A text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Text(u32);

impl Text {
    /// Its place among the texts, in the order of their first appearance.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Texts in the order of their first appearance.
#[derive(Default)]
pub(crate) struct Texts(IndexSet<Box<str>, FxBuildHasher>);

impl Texts {
    /// The text's number; a new one if it was not seen before.
    pub(crate) fn take(&mut self, text: &str) -> Text {
        let index = match self.0.get_index_of(text) {
            Some(index) => index,
            None => self.0.insert_full(text.into()).0,
        };
        // A file has at most 2 GiB, so fewer texts than a u32 counts.
        Text(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The text of a number.
    pub(crate) fn get(&self, text: Text) -> &str {
        self.0.get_index(text.index()).map_or("", |t| t)
    }

    /// The number of a text, if it was seen.
    pub(crate) fn find(&self, text: &str) -> Option<Text> {
        self.0.get_index_of(text).map(|index| Text(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Text, &str)> {
        self.0.iter().enumerate().map(|(i, t)| (Text(u32::try_from(i).unwrap_or(u32::MAX)), &**t))
    }
}
