//! Keeping the leases of what this node is at, and learning from the same answer who shall stop.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::clock::millis;
use super::hand::{Cause, Shared};
use crate::machine::{self, Beat, Ending, Outcome};
use crate::{RunState, reason, runs};

/// With nothing in hand a node shows that it is there this often.
const SEEN: Duration = Duration::from_secs(60);
/// Rings come in bursts; one question answers them all.
const BREATH: Duration = Duration::from_millis(100);

pub(super) async fn keep(shared: Arc<Shared>) {
    let mut strangers = HashSet::new();
    let mut asked = Instant::now();
    let mut pause = BREATH;
    loop {
        let next = next(&shared, asked).max(asked + pause);
        tokio::select! {
            () = sleep_until(next) => {}
            () = shared.taken.notified() => continue,
            () = shared.beat.notified() => {
                if shared.in_hand() == 0 {
                    continue;
                }
                sleep_until(asked + BREATH).await;
            }
        }
        asked = Instant::now();
        let answer = match shared.in_hand() {
            0 => shared.ask(machine::seen(&shared.db, shared.node)).await.map(|()| None),
            _ => shared.ask(machine::heartbeat(&shared.db, shared.node, millis(shared.options.lease))).await.map(Some),
        };
        match answer {
            Ok(beats) => {
                pause = BREATH;
                if let Some(beats) = beats {
                    compare(&shared, asked, &beats, &mut strangers).await;
                }
            }
            Err(error) => {
                tracing::debug!(%error, "no heartbeat");
                pause = (shared.options.lease / 12).clamp(BREATH, Duration::from_secs(1));
            }
        }
        for hand in shared.hands() {
            if hand.trusted() <= Instant::now() {
                hand.cancel(Cause::Lease);
            }
        }
    }
}

/// Half a lease before the first run would be untrusted: a third of the lease after it was last renewed.
fn next(shared: &Shared, asked: Instant) -> Instant {
    let hands = shared.hands();
    let renewed = hands.iter().filter(|hand| hand.cause() != Some(Cause::Lease) && hand.ended().is_none());
    let first = renewed.map(|hand| hand.trusted()).min();
    first.map_or(asked + SEEN, |trusted| trusted - shared.options.lease / 2)
}

/// What the database says this node holds, beside what it does hold.
async fn compare(shared: &Shared, sent: Instant, beats: &[Beat], strangers: &mut HashSet<(i64, i64)>) {
    let until = shared.trusted_from(sent);
    // Looked at before the hands: once a claim is answered, what it took is among them.
    let claiming = shared.is_claiming();
    let hands = shared.hands();
    for hand in &hands {
        match beats.iter().find(|beat| beat.id == hand.run.id && beat.fence == hand.run.fence) {
            Some(beat) => {
                hand.trust(until);
                if beat.state == RunState::Stopping {
                    hand.cancel(Cause::Stop);
                }
            }
            // One that was claimed after the question was sent is not in the answer; nor is one that has just ended.
            None if hand.trusted() < until && hand.ended().is_none() => hand.cancel(Cause::Lease),
            None => {}
        }
    }
    if claiming {
        strangers.clear();
        return;
    }
    let unknown: HashSet<(i64, i64)> = beats
        .iter()
        .filter(|beat| !hands.iter().any(|hand| hand.run.id == beat.id && hand.run.fence == beat.fence))
        .map(|beat| (beat.id, beat.fence))
        .collect();
    // Twice unknown: the answer to its claim was lost, or its lease seemed over and nobody else took it; nobody is at it.
    for (id, fence) in unknown.intersection(strangers) {
        if let Ok(Some(run)) = shared.ask(runs::find(&shared.db, *id)).await
            && run.fence == *fence
        {
            tracing::warn!(run = id, "held by this node, which is not at it; it counts as crashed");
            let _ = shared.endings.send(Ending {
                run,
                outcome: Outcome::Crashed(reason::CLAIM_LOST),
                draw: fastrand::f64(),
            });
        }
    }
    *strangers = unknown;
}
