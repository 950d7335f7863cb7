//! The rules of pre-selling, each written once: facts in, decision out.
//! The refresh, the dry run and the "why" view all call the same [`decide`]. No database, no clock, no async here.

mod allocate;
mod code;
mod cover;
mod day;
mod decide;
mod facts;
mod online_atp;
mod plan;
mod po_atp;
mod qualify;
mod status;
mod term;

pub use allocate::{Allocation, FreeLine, Item, Part, Turn, allocate};
pub use code::{Code, UnknownCode};
pub use cover::{Claim, allocated, cover};
pub use day::{is_future, today};
pub use decide::{Decision, Listing, Verdict, decide};
pub use facts::{Class, FacilityStock, LeftOut, Line, Member, ProductFacts, Stock, UnknownClass};
pub use online_atp::{OnlineAtp, counted, online_atp};
pub use plan::{BRAKE_FREE_REMOVALS, Change, Plan, brake, plan};
pub use po_atp::{PoAtp, po_atp};
pub use qualify::{Check, LineVerdict, Needs, Rule, Value, qualify};
pub use status::{Status, UnknownStatus};
pub use term::{Term, TermName};
