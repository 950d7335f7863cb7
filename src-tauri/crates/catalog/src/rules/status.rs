//! The four states of a purchase order and of its lines, and the spellings in which files give them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// State of a purchase order or of one line. Only created and approved ones can still bring goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Written, not yet agreed with the supplier; in files also "open".
    Created,
    /// Agreed with the supplier.
    Approved,
    /// Closed: nothing more is expected.
    Completed,
    /// Called off.
    Cancelled,
}

impl Status {
    /// Every state, in the order of a line's life.
    pub const ALL: [Status; 4] = [Status::Created, Status::Approved, Status::Completed, Status::Cancelled];

    /// The name as stored and shown: `CREATED`, `APPROVED`, `COMPLETED`, `CANCELLED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Created => "CREATED",
            Status::Approved => "APPROVED",
            Status::Completed => "COMPLETED",
            Status::Cancelled => "CANCELLED",
        }
    }

    /// Whether goods may still come: created or approved.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Created | Status::Approved)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a status of a purchase order. Use CREATED (or open), APPROVED, COMPLETED or CANCELLED, with or without ORDER_ or ITEM_ in front"
)]
pub struct UnknownStatus(pub String);

impl FromStr for Status {
    type Err = UnknownStatus;

    /// Reads a state in any case, with or without `ORDER_`/`ITEM_`; "open" means created, "canceled" is understood.
    /// An empty text is an error: what a blank means is decided where the file is read.
    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let upper = text.trim().to_ascii_uppercase();
        let bare = upper.strip_prefix("ORDER_").or_else(|| upper.strip_prefix("ITEM_")).unwrap_or(&upper);
        match bare {
            "CREATED" | "OPEN" => Ok(Status::Created),
            "APPROVED" => Ok(Status::Approved),
            "COMPLETED" => Ok(Status::Completed),
            "CANCELLED" | "CANCELED" => Ok(Status::Cancelled),
            _ => Err(UnknownStatus(text.trim().to_owned())),
        }
    }
}
