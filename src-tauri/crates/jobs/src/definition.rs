//! What is known about a job before it ever runs.

use crate::Parameter;

/// The page a job is shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The Pre-order page, as a check box.
    PreOrder,
}

/// A job, built in. A missing template cannot occur.
#[derive(Debug)]
pub struct Definition {
    /// The id people and files know it by, e.g. `JOB_REL_PREODR_CAT`.
    pub id: &'static str,
    /// Its name on cards and rows.
    pub label: &'static str,
    /// Where it is shown.
    pub page: Page,
    /// The card of that page.
    pub group: &'static str,
    /// What it does, in plain sentences.
    pub help: &'static str,
    /// How often it runs when first switched on: an id such as `EVERY_15_MIN`.
    pub frequency: &'static str,
    /// What can be set for a run.
    pub parameters: &'static [Parameter],
}
