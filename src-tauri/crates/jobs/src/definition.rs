//! What is known about a job before it ever runs.

use futures_util::future::BoxFuture;
use presell_scheduler::{Done, Failure};

use crate::{Parameter, Task};

/// The page a job is shown on, beside Pipeline, which shows all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The Pre-order page: a check box on a card, or a row under "More jobs".
    PreOrder,
    /// No other.
    Pipeline,
}

impl Page {
    /// Its id.
    pub fn id(self) -> &'static str {
        match self {
            Page::PreOrder => "PRE_ORDER",
            Page::Pipeline => "PIPELINE",
        }
    }
}

/// The work of a job.
pub type Handler = fn(Task) -> BoxFuture<'static, Result<Done, Failure>>;

/// A job, built in. A missing template cannot occur.
#[derive(Debug)]
pub struct Definition {
    /// The id people and files know it by, e.g. `JOB_REL_PREODR_CAT`.
    pub id: &'static str,
    /// Its name on cards and rows. Two names occur twice, so the group is always shown with it.
    pub label: &'static str,
    /// Where it is shown.
    pub page: Page,
    /// The card of that page.
    pub group: &'static str,
    /// What it does, in plain sentences.
    pub help: &'static str,
    /// How often it runs when first switched on: an id such as `EVERY_15_MIN`; `ON_DEMAND`: whoever switches it on says.
    pub frequency: &'static str,
    /// Its place among the jobs of one tick; lower goes first. See [`step`].
    pub step: i64,
    /// What can be set for a run.
    pub parameters: &'static [Parameter],
    /// Its work, or what it still waits for.
    pub work: Work,
}

/// The work of a job, or what it still waits for.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// It can run.
    Here(Handler),
    /// It can run, and is at work in shops: it does not keep the store's own jobs waiting.
    AtShops(Handler),
    /// It cannot be switched on in this version; what is missing, as in "… needs shops".
    NotYet(&'static str),
}

impl Definition {
    /// Its work is in shops, outside the database.
    pub fn outside(&self) -> bool {
        matches!(self.work, Work::AtShops(_))
    }

    /// Why it cannot be switched on; none: it can.
    pub fn missing(&self) -> Option<&'static str> {
        match self.work {
            Work::Here(_) | Work::AtShops(_) => None,
            Work::NotYet(missing) => Some(missing),
        }
    }
}

/// The order inside one tick: what makes work for others goes before them.
pub mod step {
    /// Files in.
    pub const IMPORT: i64 = 10;
    /// New dates onto the lists.
    pub const ARRIVAL_DATE: i64 = 20;
    /// Customer orders onto purchase order lines.
    pub const ALLOCATE: i64 = 30;
    /// The two lists.
    pub const REFRESH: i64 = 40;
    /// Variants of the shops.
    pub const VARIANTS: i64 = 50;
    /// Tags of products.
    pub const PRODUCT_TAGS: i64 = 60;
    /// Changed dates onto customer orders.
    pub const DATES_TO_ORDERS: i64 = 70;
    /// Tags and notes of customer orders.
    pub const ORDER_NOTES: i64 = 80;
    /// Messages to customers.
    pub const MESSAGES: i64 = 90;
    /// Release of parked orders.
    pub const RELEASE: i64 = 100;
    /// Whatever nobody waits for.
    pub const LAST: i64 = 110;
}
