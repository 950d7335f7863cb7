//! One run: its handler in a task of its own, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinError;
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;

use super::hand::{Cause, Hand, Shared};
use super::run_log::CURRENT;
use super::{Event, Work};
use crate::machine::{Ending, Outcome};
use crate::{Done, Failure, Run, reason};

/// After it was told to stop, a handler has this long; then it is dropped at its next await.
const GRACE: Duration = Duration::from_secs(10);

/// Starts a run that was claimed by a request sent at `sent`.
pub(super) fn start(shared: &Arc<Shared>, run: Run, sent: Instant, permit: OwnedSemaphorePermit) {
    let hand = Arc::new(Hand::new(run, shared.trusted_from(sent), permit));
    shared.hold(hand.clone());
    shared.tell(Event::Started { run: hand.run.id, job_id: hand.run.job_id.clone() });
    tokio::spawn(see_through(shared.clone(), hand));
}

async fn see_through(shared: Arc<Shared>, hand: Arc<Hand>) {
    let ended = handle(&shared, &hand).await;
    hand.set_permit(None);
    let id = hand.run.id;
    if let Some(state) = hand.ended() {
        shared.release(id);
        shared.tell(Event::Ended { run: id, job_id: hand.run.job_id.clone(), state });
        // What waited for its lane, or for its parent, may go on.
        shared.wake.notify_one();
        return;
    }
    let outcome = match hand.cause() {
        Some(Cause::Lease) => {
            shared.release(id);
            return shared.tell(Event::Stale { run: id });
        }
        // Handed back by whoever stops the engine.
        Some(Cause::Quit) => return shared.ended.notify_waiters(),
        Some(Cause::Stop) => Outcome::Stopped(ended.ok().and_then(Result::ok).unwrap_or_default().counts),
        Some(Cause::Time) => Outcome::Failed(too_long(&hand.run)),
        None => outcome(ended),
    };
    // The receiver lives as long as the engine; without it nobody could write the end anyway.
    let _ = shared.endings.send(Ending { run: hand.run.clone(), outcome, draw: fastrand::f64() });
}

/// What the handler returned; or, if it returned nothing, why.
type Handled = Result<Result<Done, Failure>, String>;

async fn handle(shared: &Arc<Shared>, hand: &Arc<Hand>) -> Handled {
    let run = &hand.run;
    let Some(job) = shared.registry.job(&run.job_id) else {
        let message =
            format!("This version of Presell cannot run {}. Bring it up to date, or switch the job off.", run.job_id);
        return Ok(Err(Failure::permanent(reason::NO_HANDLER, message)));
    };
    let work = Work::new(shared.clone(), hand.clone());
    let span = tracing::info_span!("run", id = run.id, job = %run.job_id);
    let handler = CURRENT.scope(work.clone(), async move { job.run(work).await }).instrument(span);
    let mut task = tokio::spawn(handler);
    hand.set_handler(task.abort_handle());
    let limit = limit(run);
    tokio::select! {
        ended = &mut task => return ended.map_err(said),
        () = hand.token.cancelled() => {}
        () = sleep(limit) => hand.cancel(Cause::Time),
    }
    if let Ok(ended) = timeout(GRACE, &mut task).await {
        return ended.map_err(said);
    }
    task.abort();
    // One that computes without a pause cannot be dropped; what it still wants to write is refused.
    match timeout(Duration::from_secs(1), task).await {
        Ok(ended) => ended.map_err(said),
        Err(_) => Err("it does not react".to_owned()),
    }
}

fn outcome(ended: Handled) -> Outcome {
    match ended {
        Ok(Ok(done)) => Outcome::Done(done),
        Ok(Err(failure)) => Outcome::Failed(failure),
        Err(said) => {
            let message = format!("The job broke off: {said}. Please report it.");
            Outcome::Failed(Failure::permanent(reason::PANICKED, message))
        }
    }
}

/// The words of a panic.
fn said(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "it was dropped".to_owned() };
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a word".to_owned())
}

fn limit(run: &Run) -> Duration {
    Duration::from_millis(u64::try_from(run.timeout_ms).unwrap_or_default())
}

fn too_long(run: &Run) -> Failure {
    let limit = limit(run);
    let limit = match limit.as_secs() {
        ..120 => format!("{} seconds", limit.as_secs_f64()),
        seconds => format!("{} minutes", seconds / 60),
    };
    let message = format!("It took longer than {limit} and was ended. What it had not committed by then is not saved.");
    Failure::transient(reason::TIMEOUT, message)
}
