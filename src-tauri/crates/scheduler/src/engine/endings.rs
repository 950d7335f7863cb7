//! Writing how runs ended: all that ended meanwhile in one transaction, again and again until the database takes it.

use std::sync::Arc;
use std::time::Duration;

use presell_store::Result;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Event;
use super::hand::Shared;
use crate::machine::{self, Ending, Outcome};
use crate::{Failure, RunState};

const AT_ONCE: usize = 500;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

pub(super) async fn write(shared: Arc<Shared>, mut endings: UnboundedReceiver<Ending>) {
    let mut batch = Vec::new();
    while endings.recv_many(&mut batch, AT_ONCE).await > 0 {
        if together(&shared, &batch).await.is_err() {
            // One that the database does not take must not keep the others.
            for ending in &batch {
                alone(&shared, ending.clone()).await;
            }
        }
        batch.clear();
        // What waited for their lanes may go on.
        shared.wake.notify_one();
    }
}

async fn together(shared: &Shared, endings: &[Ending]) -> Result<()> {
    let ended = shared.ask(machine::finish(&shared.db, endings)).await?;
    for ending in endings {
        let (run, job_id) = (ending.run.id, ending.run.job_id.clone());
        shared.release(run);
        shared.tell(match ended.contains(&run) {
            true => Event::Ended { run, job_id, state: state(&ending.outcome) },
            false => Event::Stale { run },
        });
    }
    Ok(())
}

async fn alone(shared: &Shared, mut ending: Ending) {
    let mut wait = FIRST_WAIT;
    while let Err(error) = together(shared, std::slice::from_ref(&ending)).await {
        let failure = Failure::from(error);
        tracing::debug!(run = ending.run.id, %failure, "its end is not written yet");
        if !failure.transient && wait >= LONGEST_WAIT {
            // Whatever it wanted to report cannot be stored; that it ended still can.
            ending.outcome = Outcome::Failed(Failure::permanent(failure.code, failure.message));
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

fn state(outcome: &Outcome) -> RunState {
    match outcome {
        Outcome::Done(done) if done.counts.failed > 0 => RunState::Partial,
        Outcome::Done(_) => RunState::Finished,
        Outcome::Failed(_) => RunState::Failed,
        Outcome::Stopped(_) => RunState::Cancelled,
        Outcome::Crashed(_) => RunState::Crashed,
    }
}
