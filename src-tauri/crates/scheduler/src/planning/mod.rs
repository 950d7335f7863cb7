//! When a schedule is due, and what becomes of each occurrence. Pure: no database, no clock, no async.

mod cron;
mod cron_text;
mod frequency;
mod plan;
mod preview;
mod recurrence;
mod retry;
mod run_time;
mod wall_time;

pub use cron::{BadCron, Cron};
pub use frequency::Frequency;
pub use plan::{Fate, Occurrence, Plan, plan, realign};
pub use preview::{Preview, preview};
pub use recurrence::{BadTiming, Recurrence, Timing};
pub use retry::{retry_at, retry_bound};
pub use run_time::{BadRunTime, RunTime};
pub use wall_time::{local, resolve};
