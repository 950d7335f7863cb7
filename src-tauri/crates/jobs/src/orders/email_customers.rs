//! "Email customers": tells customers that their date moved.

use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, FROM_DATE, MIN_SHIFT_DAYS, TO_DATE};
use crate::{Definition, Page, Parameter};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "SD_PRMSDDTE_CNG_NOTI",
    label: "Email customers",
    page: Page::PreOrder,
    group: "Promise date change",
    help: "Tells customers when the date of something they ordered has moved: one message for each customer and change, none for dates that moved there and back.",
    frequency: "EVERY_15_MIN",
    step: step::MESSAGES,
    parameters: &[
        FROM_DATE,
        TO_DATE,
        Parameter::choice("emailType", &["promise_date_changed"], "Which message is sent.").or("promise_date_changed"),
        MIN_SHIFT_DAYS.or("1"),
        DRY_RUN,
    ],
    work: Work::NotYet("the handling of customer orders"),
};
