//! Every write the shop ever got, so that afterwards one can check what must never have happened.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Millis;

/// One value that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Whose: a global id.
    pub id: String,
    /// Which value: `inventoryPolicy`, `tags`, `metafield NAMESPACE.KEY`, `available at LOCATION`, `exists`.
    pub field: String,
    /// What it was.
    pub before: Value,
    /// What it is since.
    pub after: Value,
}

/// Who wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum By {
    /// An app, by a request of its own.
    Request,
    /// An app, by a line of the file of a bulk operation.
    Bulk {
        /// The operation.
        id: String,
        /// The line, from zero.
        line: usize,
    },
    /// Somebody else: the merchant, another app, a fault.
    Other,
}

/// One write.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Write {
    /// Its place in the journal, from one.
    pub number: u64,
    /// When.
    pub at: Millis,
    /// Who.
    pub by: By,
    /// The field of the mutation: `productVariantsBulkUpdate`; empty for somebody else.
    pub operation: String,
    /// The name of the document's operation, if it has one.
    pub document: Option<String>,
    /// The id of the request, which its answer carries too.
    pub request: String,
    /// What it was asked with.
    pub arguments: Value,
    /// The key under which a repeated request is one write.
    pub idempotency_key: Option<String>,
    /// What changed; nothing, when it was refused or repeated.
    pub changes: Vec<Change>,
    /// What was refused, as the answer says it.
    pub errors: Vec<Value>,
    /// Whether the answer got through to the client.
    pub answered: bool,
}

/// The writes, oldest first; also as lines of a file, when it was opened with one.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    writes: Vec<Write>,
    file: Option<File>,
}

impl Journal {
    /// Keeps every write as a line of a file too.
    pub(crate) fn with_file(path: &Path) -> std::io::Result<Self> {
        Ok(Self { writes: Vec::new(), file: Some(File::options().create(true).append(true).open(path)?) })
    }

    pub(crate) fn add(&mut self, mut write: Write) {
        write.number = self.writes.len() as u64 + 1;
        if let Some(file) = &mut self.file
            && let Err(error) =
                serde_json::to_string(&write).map_err(Into::into).and_then(|line| writeln!(file, "{line}"))
        {
            tracing::warn!(%error, "the journal of the demo shop cannot be written");
        }
        self.writes.push(write);
    }

    pub(crate) fn writes(&self) -> &[Write] {
        &self.writes
    }
}
