//! Why a product is not listed, or not yet: one code for machines, one sentence for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Writes the enum, its list, its names and its sentences from one table, so that none can be forgotten.
macro_rules! codes {
    ($($code:ident = $name:literal, $sentence:literal;)+) => {
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

            /// What it means, in one sentence for people.
            pub fn explain(self) -> &'static str {
                match self { $(Code::$code => $sentence),+ }
            }
        }
    };
}

codes! {
    Excluded = "EXCLUDED", "You took this product out of pre-selling.";
    InStock = "IN_STOCK", "The product is in stock, so it sells from stock and needs no pre-order.";
    StockUnknown = "STOCK_UNKNOWN", "No facility has a usable stock record of this product, so it is unknown whether it is sold out.";
    NoPo = "NO_PO", "No purchase order brings this product.";
    NotAPo = "NOT_A_PO", "This incoming line is on no purchase order, so nothing can be promised from it.";
    PoCancelled = "PO_CANCELLED", "The purchase order was cancelled.";
    PoCompleted = "PO_COMPLETED", "The purchase order is completed: nothing more will come from it.";
    LineCancelled = "LINE_CANCELLED", "This line of the purchase order was cancelled.";
    LineCompleted = "LINE_COMPLETED", "This line of the purchase order is completed: nothing more will come from it.";
    OutOfScope = "OUT_OF_SCOPE", "The purchase order or its facility does not supply this store.";
    DateMissing = "DATE_MISSING", "The purchase order line has no arrival date, so no date can be promised.";
    DatePassed = "DATE_PASSED", "The promise date of the purchase order line has passed.";
    FullyReceived = "FULLY_RECEIVED", "Everything still expected from this line has been received.";
    BufferOnly = "BUFFER_ONLY", "All that is still to come is kept back as the order buffer.";
    FullyPresold = "FULLY_PRESOLD", "Every piece that may be sold from this line is already promised to customers.";
    WaitingForPo = "WAITING_FOR_PO", "No purchase order has enough pieces left for this order yet; it waits for the next one.";
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
