//! The jobs and their schedules: look, set up, switch on and off, try out.

mod all;
mod attention;
mod change;
pub(crate) mod fields;
pub(crate) mod history;
mod preview;
pub(crate) mod search;
mod switch;
mod view;

pub use all::{DueNow, JobsSwitched, pause_all, resume_all, run_due_now};
pub(crate) use all::{name_of, paused_together};
pub use attention::{Turn, turn};
pub use change::{EnableJob, JobSaved, SaveJob, Setting as JobSetting, ValueChanged, enable_job, save_job};
pub use preview::{ComingRun, PreviewJob, preview_job};
pub use switch::{RunSkipped, SwitchJob, disable_job, pause_job, restore_job, resume_job, skip_run};
pub(crate) use view::set;
pub use view::{JobView, LastRun, ListJobs, ParameterView, RecentRun, ShowJob, list_jobs, show_job};

use presell_jobs::{DEFINITIONS, Definition};
use presell_scheduler::schedules::{Defaults, Key};

use crate::{App, Error, Result};

/// The job, or an error that names those that sound like it.
pub(crate) fn find(id: &str) -> Result<&'static Definition> {
    let unknown = || {
        if let Some(today) = presell_jobs::successor(id) {
            let message = format!("\"{}\" is an id of former times. {today} does that work today.", id.trim());
            return Error::NotFound { message };
        }
        let wanted = search::folded(id);
        let alike: Vec<&str> = DEFINITIONS
            .iter()
            .filter(|job| !wanted.is_empty() && search::folded(&format!("{} {}", job.id, job.label)).contains(&wanted))
            .map(|job| job.id)
            .collect();
        let next = match alike.as_slice() {
            [] => "See them all with: presell jobs".to_owned(),
            alike => format!("Did you mean {}?", alike.join(" or ")),
        };
        Error::NotFound { message: format!("There is no job \"{id}\". {next}") }
    };
    presell_jobs::find(id).ok_or_else(unknown)
}

/// The schedule of a job is found by this.
pub(crate) async fn key(app: &App, job: &Definition) -> Result<Key> {
    Ok(Key { job_id: job.id.to_owned(), store_id: app.store().await?.id, shop_id: String::new() })
}

/// What a new schedule of a job starts from.
pub(crate) async fn defaults(app: &App, job: &Definition) -> Result<Defaults> {
    Ok(Defaults {
        frequency: job.frequency,
        zone: app.store().await?.zone.name().to_owned(),
        timeout_ms: presell_jobs::TIMEOUT_MS,
    })
}

/// Refuses a job whose work does not exist yet.
pub(crate) fn available(job: &Definition) -> Result<()> {
    match job.missing() {
        None => Ok(()),
        Some(missing) => Err(Error::refused(format!(
            "\"{}\" is not available yet: it needs {missing}, which this version of Presell does not have.",
            job.label
        ))),
    }
}
