//! What is said to the shop: one operation per file, written by hand and checked against the official schema in tests.
//!
//! A write may be said several times in one document, each under a name of its own (`u0`, `u1`, …), with errors of its own.

use std::fmt::Write;

/// Who the shop is and what the access allows.
pub(super) const SHOP: Query = Query { name: "ShopProbe", text: include_str!("documents/shop.graphql") };
/// The variants with certain SKUs, or of certain products.
pub(super) const FIND: Query = Query {
    name: "VariantsBySku",
    text: concat!(include_str!("documents/find.graphql"), include_str!("documents/variant.fragment.graphql")),
};
/// Variants by their ids, from the shop itself and not from its search index.
pub(super) const SEE: Query = Query {
    name: "ReadBack",
    text: concat!(include_str!("documents/see.graphql"), include_str!("documents/variant.fragment.graphql")),
};
/// The products with one of our tags.
pub(super) const TAGGED: Query = Query { name: "ProductsTagged", text: include_str!("documents/tagged.graphql") };
/// How far a bulk operation is.
pub(super) const BULK_GET: Query = Query { name: "BulkGet", text: include_str!("documents/bulk_get.graphql") };
/// The newest bulk operations.
pub(super) const BULK_LIST: Query = Query { name: "BulkList", text: include_str!("documents/bulk_list.graphql") };
/// Asks for a place to put a file.
pub(super) const STAGE: Query = Query { name: "Staged", text: include_str!("documents/stage.graphql") };
/// Starts a bulk operation over a file.
pub(super) const BULK_RUN: Query = Query { name: "BulkRun", text: include_str!("documents/bulk_run.graphql") };

/// Whether the variants of a product sell without stock.
pub(super) const POLICY: Mutation =
    Mutation { name: "PolicyBulk", field: "productVariantsBulkUpdate", text: include_str!("documents/policy.graphql") };
/// Marks of variants.
pub(super) const MARKS: Mutation =
    Mutation { name: "SetMf", field: "metafieldsSet", text: include_str!("documents/marks.graphql") };
/// Tags on.
pub(super) const TAGS_ON: Mutation =
    Mutation { name: "AddTags", field: "tagsAdd", text: include_str!("documents/tags_on.graphql") };
/// Tags off.
pub(super) const TAGS_OFF: Mutation =
    Mutation { name: "RemoveTags", field: "tagsRemove", text: include_str!("documents/tags_off.graphql") };

/// A document that is said as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// A document that may be said several times at once, and line by line in a bulk operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mutation {
    pub(super) name: &'static str,
    /// The field of the answer; in bulk results too.
    pub(super) field: &'static str,
    pub(super) text: &'static str,
}

impl Mutation {
    /// Said `times` times: every variable and the field get the number of their turn.
    pub(super) fn repeated(&self, times: usize) -> String {
        let (declared, body) = self.parts();
        let mut heads = Vec::with_capacity(times);
        let mut bodies = String::new();
        for turn in 0..times {
            heads.push(numbered(declared, turn));
            let _ = writeln!(bodies, "u{turn}: {}", numbered(body, turn));
        }
        format!("mutation {}({}) {{\n{bodies}}}", self.name, heads.join(", "))
    }

    /// For a bulk operation, where each line of the file is said once; by its name the operation is found again.
    pub(super) fn bulk(&self, name: &str) -> String {
        self.text.replacen(self.name, name, 1)
    }

    /// What is between the first brackets, and what is between the outermost braces.
    fn parts(&self) -> (&'static str, &'static str) {
        let (_, rest) = self.text.split_once('(').unwrap_or_default();
        let (declared, rest) = rest.split_once(')').unwrap_or_default();
        let body = rest.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).unwrap_or_default().0;
        (declared, body.trim())
    }
}

/// The name of a variable at its turn.
pub(super) fn at(variable: &str, turn: usize) -> String {
    format!("{variable}_{turn}")
}

fn numbered(text: &str, turn: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut variable = false;
    for character in text.chars() {
        if variable && !(character.is_ascii_alphanumeric() || character == '_') {
            let _ = write!(out, "_{turn}");
            variable = false;
        }
        variable |= character == '$';
        out.push(character);
    }
    out
}
