//! `presell daemon`: the jobs run by themselves, until somebody stops the program.

use std::time::Duration;

use presell_commands::{App, Error, Node, Result, Turn, turn};
use presell_scheduler::RunState;
use presell_scheduler::engine::{Event, Stopped};
use presell_scheduler::machine::NodeKind;

use crate::output::{Ending, Output};
use crate::render;

/// Runs may go on for so long when the daemon is stopped; all in all it is gone within 10 seconds.
const GRACE: Duration = Duration::from_secs(4);

pub(crate) async fn run(app: &App, output: Output, slots: i64) -> Result<Ending> {
    let mut stop = Stop::listen()?;
    let mut node = Node::start(app, NodeKind::Daemon, slots, GRACE).await?;
    tracing::info!(node = node.id(), database = %app.address, slots, "the daemon is at work");
    let by = loop {
        tokio::select! {
            by = stop.wanted() => break by,
            event = node.next() => tell(app, event?).await,
        }
    };
    tracing::info!(by, "stopping: what runs is finished or handed back");
    let Stopped { ended, handed_back } = node.stop().await;
    tracing::info!(ended, handed_back, "stopped");
    if output.json {
        output.document(&serde_json::json!({ "ended": ended, "handedBack": handed_back }))?;
    }
    Ok(Ending::Done)
}

/// One line for each thing that happened, so that the log alone tells the day.
async fn tell(app: &App, event: Event) {
    match event {
        Event::Started { run, job_id } => tracing::info!(run, job = job_id, "started"),
        Event::Ended { run, job_id, state } => ended(app, run, &job_id, state).await,
        Event::Stale { run } => tracing::warn!(run, "what this node wanted to record came too late, and is not kept"),
        Event::Recovered { run, from } => tracing::warn!(run, from, "recovered: whoever was at it is gone"),
        Event::Resumed => tracing::info!("the computer slept, or a clock was set; schedules are looked at anew"),
        Event::Unreadable { job_id, cause } => tracing::error!(job = job_id, cause, "a schedule is left out"),
        Event::DatabaseAway { cause } => {
            tracing::error!(cause, "the database does not answer; trying again until it does");
        }
        Event::DatabaseBack => tracing::info!("the database answers again"),
        Event::Changed => {}
    }
}

async fn ended(app: &App, run: i64, job: &str, state: RunState) {
    // The line says how it went, as far as the database can be asked just now.
    let found = presell_scheduler::runs::find(&app.db, run).await.ok().flatten();
    let counts = found.as_ref().and_then(|run| serde_json::from_str(run.counts.as_deref()?).ok());
    let counts = counts.map_or_else(String::new, |counts| render::counts(&counts));
    let took = found.as_ref().and_then(|run| Some(run.finished_at? - run.started_at?)).unwrap_or_default();
    let turned = match &found {
        Some(run) => turn(app, run).await.ok().flatten(),
        None => None,
    };
    match turned {
        Some(Turn::Failing) => {
            tracing::warn!(job, "fails again and again; somebody should look: presell run show {run}");
        }
        Some(Turn::Recovered) => tracing::info!(job, "goes well again"),
        None => {}
    }
    match state {
        RunState::Finished | RunState::Cancelled => tracing::info!(run, job, ms = took, counts, "{state}"),
        RunState::Partial => tracing::warn!(run, job, ms = took, counts, "{state}"),
        _ => {
            let (reason, error) = found.map(|run| (run.reason, run.error)).unwrap_or_default();
            let (reason, error) = (reason.unwrap_or_default(), error.unwrap_or_default());
            tracing::error!(run, job, ms = took, reason, error, "{state}");
        }
    }
}

/// What may stop a program that runs until it is stopped.
pub(super) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Stop {
    pub(super) fn listen() -> Result<Stop> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let terminate = signal(SignalKind::terminate())
                .map_err(|error| Error::failed(format!("SIGTERM cannot be listened for: {error}.")))?;
            Ok(Stop { terminate })
        }
        #[cfg(not(unix))]
        Ok(Stop {})
    }

    /// Waits for SIGTERM or Ctrl-C; says which.
    pub(super) async fn wanted(&mut self) -> &'static str {
        #[cfg(unix)]
        let terminated = async { self.terminate.recv().await.map_or_else(|| "the end of signals", |()| "SIGTERM") };
        #[cfg(not(unix))]
        let terminated = std::future::pending::<&'static str>();
        tokio::select! {
            by = terminated => by,
            _ = tokio::signal::ctrl_c() => "Ctrl-C",
        }
    }
}
