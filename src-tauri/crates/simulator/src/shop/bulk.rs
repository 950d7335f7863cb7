//! Operations over a whole file or a whole catalogue, that run beside the requests.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// Which kind of operation it is; of each kind five may run at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BulkKind {
    /// Reads a whole catalogue.
    Query,
    /// Does one mutation per line of a file.
    Mutation,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BulkStatus {
    /// Waits for its turn.
    Created,
    /// At work.
    Running,
    /// Went through its file; which lines succeeded is in the result.
    Completed,
    /// Stopped by request.
    Canceled,
    /// Broke off; what it did until then is in the partial result.
    Failed,
}

impl BulkStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
            Self::Failed => "FAILED",
        }
    }

    pub(crate) fn open(self) -> bool {
        matches!(self, Self::Created | Self::Running)
    }
}

/// A bulk operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bulk {
    /// Which kind.
    pub kind: BulkKind,
    /// How far.
    pub status: BulkStatus,
    /// The document it runs.
    pub document: String,
    /// Its lines that are still to be done, with their numbers in the file, in the order they will be done.
    pub waiting: Vec<(usize, String)>,
    /// The lines of the result so far.
    pub result: Vec<String>,
    /// Lines done at most, then it fails.
    pub fails_after: Option<usize>,
    /// Whether the address of the result has run out.
    pub expired: bool,
    /// When it was asked for.
    pub created: Millis,
    /// When it ended.
    pub completed: Option<Millis>,
}
