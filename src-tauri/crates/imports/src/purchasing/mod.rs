//! Purchase orders in everyday use: which there are, their lines, what happened to them, and changes by hand. A change by
//! hand passes the checks of an import, leaves an audit row with the state before and after, and can be taken back as long
//! as nothing later changed the same line.

mod change;
mod history;
mod list;
mod receive;
mod show;
mod take_back;

use presell_store::StoreError;

use crate::problem::Problem;

pub use change::{HandChange, LineChange, OrderChange, change_line, change_order};
pub use history::{Entry, Origin, history};
pub use list::{Due, DueCounts, ListOrders, OrderRow, OrderSort, Orders, list_orders};
pub use receive::{Receipt, receive};
pub use show::{LineView, OrderView, ShowOrder, show_line, show_order};
pub use take_back::take_back;

/// How a change is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    /// Questions are answered with yes.
    pub confirm: bool,
    /// Who asks.
    pub actor: String,
}

/// Why a purchase order was not changed. In every case nothing was.
#[derive(Debug, thiserror::Error)]
pub enum HandError {
    /// No such order.
    #[error("There is no purchase order {0}. It may have been taken back with its import.")]
    NoOrder(String),
    /// No such line.
    #[error("Purchase order {0} has no line {1}.")]
    NoLine(String, i64),
    /// No such change.
    #[error("There is no change {0} to take back.")]
    NoChange(i64),
    /// Values that are never accepted: field and what is wrong.
    #[error("{}", .0.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join(" "))]
    Fields(Vec<(&'static str, String)>),
    /// Somebody has to say yes first.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" "))]
    Asks(Vec<Problem>),
    /// Somebody else was faster.
    #[error("Line {1} of purchase order {0} was changed by somebody else. Look at its values, then change it again.")]
    Conflict(String, i64),
    /// Something later rests on what should be taken back.
    #[error("This cannot be taken back any more: {0} was changed since. Change it by hand instead.")]
    Touched(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How audit rows name a purchase order.
fn subject(code: &str) -> String {
    format!("purchase order {code}")
}
