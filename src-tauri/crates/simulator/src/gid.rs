//! The names of things in the API: `gid://shopify/Product/1`.

use std::fmt;

/// A global id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Gid {
    pub(crate) kind: String,
    pub(crate) number: u64,
}

impl Gid {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.strip_prefix("gid://shopify/")?.split_once('/')?;
        let number = number.split('?').next()?.parse().ok()?;
        Some(Self { kind: kind.to_owned(), number })
    }

    /// The number, if the text names a thing of this kind.
    pub(crate) fn number_of(kind: &str, text: &str) -> Option<u64> {
        Self::parse(text).filter(|gid| gid.kind == kind).map(|gid| gid.number)
    }
}

impl fmt::Display for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gid://shopify/{}/{}", self.kind, self.number)
    }
}

/// The id of a thing.
pub(crate) fn gid(kind: &str, number: u64) -> String {
    format!("gid://shopify/{kind}/{number}")
}
