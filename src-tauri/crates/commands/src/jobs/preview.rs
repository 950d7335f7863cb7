//! When a job would run, before anything is saved.

use presell_scheduler::planning::{Timing, preview};
use presell_scheduler::schedules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::change::Setting;
use super::{defaults, fields, find, key};
use crate::{App, Error, Result};
use presell_store::At;

/// Which runs to show.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewJob {
    /// The job.
    pub id: String,
    /// What would be set.
    #[serde(default)]
    pub setting: Setting,
    /// How many; none: five.
    #[serde(default)]
    pub count: Option<usize>,
}

/// One coming run.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComingRun {
    /// Its instant.
    pub due: At,
    /// On the clocks of its zone.
    pub local: String,
    /// What a change of the clocks does to it.
    pub note: Option<String>,
}

/// Most runs shown at once.
const MOST: usize = 1_000;

/// The next runs of a job as it is, or as it would be with a setting; saves nothing. One that is off is shown as if it
/// were switched on now.
pub async fn preview_job(app: &App, args: PreviewJob) -> Result<Vec<ComingRun>> {
    let job = find(&args.id)?;
    let key = key(app, job).await?;
    let before = schedules::find(&app.db, &key).await?;
    let (edit, mut refused) = fields::timing(&args.setting);
    let now = app.db.now().await?.timestamp_millis();
    let shown = match schedules::imagine(before, &key, &edit, &defaults(app, job).await?, now) {
        Ok(shown) if refused.is_empty() => shown,
        outcome => {
            refused.extend(fields::named(outcome.err().unwrap_or_default()));
            return Err(Error::fields(refused));
        }
    };
    let timing = Timing::of(&shown).map_err(|error| Error::refused(error.to_string()))?;
    let from = shown.next_due_at.map_or(now, |next| next - 1);
    let runs = preview(&timing, from, args.count.unwrap_or(5).min(MOST));
    Ok(runs.into_iter().map(|run| ComingRun { due: At::from(run.due), local: run.local, note: run.note }).collect())
}
