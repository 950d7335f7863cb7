//! Files in: read what a person exported, map its columns, check every row, compare with what is known, apply, undo.
//! Reading, headers and fields know no database; they turn bytes into named cells and cells into values.

pub mod adjusting;
mod checking;
pub mod fields;
mod findings;
pub mod headers;
pub mod inspect;
mod intake;
mod inventory;
mod journal;
mod lookup;
mod orders;
pub mod problem;
mod products;
mod purchase_orders;
pub mod purchasing;
pub mod reading;
mod receipts;
mod rejects;
mod request;
pub mod review;
mod texts;
mod undo;

pub use intake::{Progress, import};
pub use journal::{imports, problems_of};
pub use reading::{Reading, Written};
pub use rejects::defused;
pub use request::{Changes, Difference, Import, ImportError, Known, Report, Request, Undone};
pub use undo::{undo, undo_in};
