//! Why a product is not listed, or not yet: one code for machines, one sentence for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Writes the enum, its list, its names and its sentences from one table, so that none can be forgotten.
macro_rules! codes {
    ($($code:ident = $name:literal, $label:literal, $sentence:literal;)+) => {
        /// Reason for a decision. Serialised by its name in capitals, e.g. `DATE_PASSED`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        pub enum Code {
            $(#[doc = $sentence] #[serde(rename = $name)] $code,)+
        }

        impl Code {
            /// Every code, in the order in which the rules ask.
            pub const ALL: &[Code] = &[$(Code::$code),+];

            /// The name as stored and shown to machines.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$code => $name),+ }
            }

            /// What it means, in two or three words for people.
            pub fn label(self) -> &'static str {
                match self { $(Code::$code => $label),+ }
            }

            /// What it means, in one sentence for people.
            pub fn explain(self) -> &'static str {
                match self { $(Code::$code => $sentence),+ }
            }
        }
    };
}

codes! {
    Excluded = "EXCLUDED", "Excluded", "You took this product out of pre-selling.";
    InStock = "IN_STOCK", "In stock", "The product is in stock, so it sells from stock and needs no pre-order.";
    StockUnknown = "STOCK_UNKNOWN", "Stock unknown", "No facility has a usable stock record of this product, so it is unknown whether it is sold out.";
    NoPo = "NO_PO", "No purchase order", "No purchase order brings this product.";
    NotAPo = "NOT_A_PO", "Not on a purchase order", "This incoming line is on no purchase order, so nothing can be promised from it.";
    PoCancelled = "PO_CANCELLED", "Purchase order cancelled", "The purchase order was cancelled.";
    PoCompleted = "PO_COMPLETED", "Purchase order completed", "The purchase order is completed: nothing more will come from it.";
    LineCancelled = "LINE_CANCELLED", "Line cancelled", "This line of the purchase order was cancelled.";
    LineCompleted = "LINE_COMPLETED", "Line completed", "This line of the purchase order is completed: nothing more will come from it.";
    OutOfScope = "OUT_OF_SCOPE", "Not for this store", "The purchase order or its facility does not supply this store.";
    DateMissing = "DATE_MISSING", "No arrival date", "The purchase order line has no arrival date, so no date can be promised.";
    DatePassed = "DATE_PASSED", "Date passed", "The promise date of the purchase order line has passed.";
    FullyReceived = "FULLY_RECEIVED", "All received", "Everything still expected from this line has been received.";
    BufferOnly = "BUFFER_ONLY", "Only the buffer left", "All that is still to come is kept back as the order buffer.";
    FullyPresold = "FULLY_PRESOLD", "Sold out", "Every piece that may be sold from this line is already promised to customers.";
    WaitingForPo = "WAITING_FOR_PO", "Waiting for a purchase order", "No purchase order has enough pieces left for this order yet; it waits for the next one.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no reason code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a reason this version of Presell knows; a newer version may have written it")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Code::ALL.iter().copied().find(|code| code.as_str() == text).ok_or_else(|| UnknownCode(text.to_owned()))
    }
}
