//! The question a refresh leaves behind when the brake stopped it.

use presell_jobs::catalog::refresh_catalog::DEFINITION;
use presell_scheduler::{RunState, runs};
use presell_store::At;
use serde::Serialize;
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::jobs::key;
use crate::{App, Nothing, Result};

/// Runs looked at for an open question.
const RECENT: i64 = 40;

/// Whether a refresh waits for somebody.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BrakeState {
    /// The run that was stopped; none: nothing waits.
    pub stopped: Option<StoppedRun>,
}

/// A run that would have taken too much off the lists. Nothing was changed by it; a trial shows what would leave now, and
/// a confirmed refresh makes it so.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoppedRun {
    /// The first run in a row that was stopped.
    pub run_id: i64,
    /// When it was stopped.
    pub since: At,
    /// Runs stopped since, this one included.
    pub times: i64,
    /// What the last of them said.
    pub message: String,
}

/// Whether the last refresh was stopped because it would have removed too many products. A later one that went through
/// has answered the question; trials and refreshes of single products have not.
pub async fn brake_state(app: &App, _: Nothing) -> Result<BrakeState> {
    let mut stopped: Option<StoppedRun> = None;
    for run in runs::recent(&app.db, &key(app, &DEFINITION).await?, RECENT).await? {
        if beside(&run.params) {
            continue;
        }
        let braked = run.state == RunState::Failed && run.reason.as_deref() == Some("BRAKE");
        if braked {
            let since = At::from(run.finished_at.unwrap_or(run.created_at));
            let (times, message) = match stopped {
                Some(later) => (later.times + 1, later.message),
                None => (1, run.error.unwrap_or_default()),
            };
            stopped = Some(StoppedRun { run_id: run.id, since, times, message });
        } else if matches!(run.state, RunState::Finished | RunState::Partial) {
            break;
        }
    }
    Ok(BrakeState { stopped })
}

/// It was a trial, or about some products only.
fn beside(params: &str) -> bool {
    let params: Map<String, Value> = serde_json::from_str(params).unwrap_or_default();
    let some = |name: &str| params.get(name).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    params.get("dryRun") == Some(&Value::Bool(true)) || some("productId") || some("facilityId")
}
