//! Finding runs among many: by words over all they say, by state, job and time; a page at a time, with what there is in all.

use chrono::{DateTime, Utc};
use presell_jobs::{DEFINITIONS, Definition};
use presell_scheduler::runs::{self, Narrow, Order, Words};
use presell_scheduler::{Run, RunState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::view::{RunView, of};
use crate::jobs::find;
use crate::jobs::search::folded;
use crate::{App, Result};

/// Runs on a page, unless the request says how many.
const PAGE: i64 = 50;
const MOST: i64 = 500;
/// A search looks at so many of the newest runs.
const SEARCHED: i64 = 50_000;

/// Which runs to find.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FindRuns {
    /// Words to find in the job's name, group, help and id, or in the run's number, state, actor, parameters, reason, result
    /// and error.
    pub search: Option<String>,
    /// In one of these states; empty: in any.
    pub states: Vec<RunState>,
    /// Only of this job.
    pub job: Option<String>,
    /// Made at or after this instant.
    #[ts(type = "string | null")]
    pub since: Option<DateTime<Utc>>,
    /// Made before this instant.
    #[ts(type = "string | null")]
    pub until: Option<DateTime<Utc>>,
    /// In which order.
    pub sort: RunSort,
    /// At most so many; none: 50.
    pub limit: Option<i64>,
    /// So many of them are left out at the start.
    pub offset: i64,
}

/// An order of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Those that took longest first.
    Longest,
}

/// A page of runs.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<RunView>,
    /// How many match in all.
    pub total: i64,
    /// How many there are in each state, whichever states were asked for.
    pub states: Vec<StateCount>,
    /// Older runs were not searched: there are too many.
    pub cut: bool,
}

/// How many runs are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateCount {
    /// The state.
    pub state: RunState,
    /// So many.
    pub count: i64,
}

/// Runs that match, a page of them.
pub async fn find_runs(app: &App, args: FindRuns) -> Result<RunPage> {
    let narrow = Narrow {
        store_id: app.store().await?.id,
        job_id: args.job.as_deref().map(find).transpose()?.map(|job| job.id.to_owned()),
        since: args.since.map(|at| at.timestamp_millis()),
        until: args.until.map(|at| at.timestamp_millis()),
    };
    let limit = args.limit.unwrap_or(PAGE).clamp(0, MOST);
    let offset = args.offset.max(0);
    let wanted = folded(args.search.as_deref().unwrap_or_default());
    if !wanted.is_empty() {
        return searched(app, &narrow, &wanted, &args, limit, offset).await;
    }
    let states = runs::count(&app.db, &narrow).await?;
    let total = states.iter().filter(|(state, _)| among(&args.states, *state)).map(|(_, count)| count).sum();
    let order = match args.sort {
        RunSort::Newest => Order::Newest,
        RunSort::Oldest => Order::Oldest,
        RunSort::Longest => Order::Longest,
    };
    let runs = runs::page(&app.db, &narrow, &args.states, order, limit, offset).await?;
    Ok(RunPage { runs: runs.into_iter().map(of).collect(), total, states: counted(states), cut: false })
}

async fn searched(
    app: &App,
    narrow: &Narrow,
    wanted: &str,
    args: &FindRuns,
    limit: i64,
    offset: i64,
) -> Result<RunPage> {
    let rows = runs::words(&app.db, narrow, SEARCHED + 1).await?;
    let cut = rows.len() as i64 > SEARCHED;
    let needles: Vec<&str> = wanted.split_whitespace().collect();
    let jobs: Vec<(&str, String)> = DEFINITIONS.iter().map(|job| (job.id, job_words(job))).collect();
    let mut found: Vec<Words> = rows.into_iter().filter(|row| says(row, &needles, &jobs)).collect();
    let states =
        RunState::ALL.iter().map(|state| (*state, found.iter().filter(|row| row.state == *state).count() as i64));
    let states = counted(states.collect());
    found.retain(|row| among(&args.states, row.state));
    match args.sort {
        RunSort::Newest => {}
        RunSort::Oldest => found.reverse(),
        RunSort::Longest => found.sort_by_key(|row| std::cmp::Reverse(row.took.unwrap_or(-1))),
    }
    let ids: Vec<i64> = found.iter().skip(offset as usize).take(limit as usize).map(|row| row.id).collect();
    let mut runs: Vec<Run> = runs::with_keys(&app.db, &ids).await?;
    runs.sort_by_key(|run| ids.iter().position(|id| *id == run.id));
    Ok(RunPage { runs: runs.into_iter().map(of).collect(), total: found.len() as i64, states, cut })
}

fn job_words(job: &Definition) -> String {
    folded(&format!("{} {} {} {}", job.id, job.label, job.group, job.help))
}

/// Whether every needle is somewhere in what the run says.
fn says(row: &Words, needles: &[&str], jobs: &[(&str, String)]) -> bool {
    let job = jobs.iter().find(|(id, _)| *id == row.job_id).map_or(row.job_id.as_str(), |(_, words)| words.as_str());
    let number = row.id.to_string();
    let mut text = None;
    needles.iter().all(|needle| {
        job.contains(needle)
            || number == needle.trim_start_matches('#')
            || row.state.word().contains(needle)
            || text.get_or_insert_with(|| folded(&row.text)).contains(needle)
    })
}

fn among(states: &[RunState], state: RunState) -> bool {
    states.is_empty() || states.contains(&state)
}

fn counted(states: Vec<(RunState, i64)>) -> Vec<StateCount> {
    states.into_iter().filter(|(_, count)| *count > 0).map(|(state, count)| StateCount { state, count }).collect()
}
