//! The loop of a node: look, do what is due, sleep until something will be.

use std::sync::Arc;
use std::time::Duration;

use presell_store::Result;
use tokio::time::Instant;

use super::clock::{self, Since};
use super::hand::Shared;
use super::{Event, execute};
use crate::machine::{self, Claim, Look, Tick};
use crate::planning::{Timing, plan};

/// Without a word from anybody a node looks this often.
const LONGEST: Duration = Duration::from_secs(30);
/// Sleep in slices: a timer does not know that the machine slept.
const SLICE: Duration = Duration::from_secs(5);
/// While something waits that this node cannot take just now, or a look did not help.
const SHORT: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(10);
/// Schedules read, and moved on, in one transaction.
const TICKS: i64 = 100;
/// Runs taken at once.
const CLAIMS: usize = 50;

pub(super) async fn go(shared: Arc<Shared>) {
    let mut before = None;
    let mut retry = None;
    let mut told = false;
    while !shared.closed.is_cancelled() {
        let rest = match round(&shared, &mut before, told).await {
            Ok(rest) => {
                if retry.take().is_some() {
                    shared.tell(Event::DatabaseBack);
                }
                rest
            }
            Err(error) => {
                if retry.is_none() {
                    shared.tell(Event::DatabaseAway { cause: error.to_string() });
                }
                let wait = retry.map_or(FIRST_RETRY, |last: Duration| (last * 2).min(LAST_RETRY));
                retry = Some(wait);
                wait
            }
        };
        told = sleep(&shared, rest, retry.is_some()).await;
    }
}

/// One round; how long to rest after it. `told`: a sleep or jump before it was told already.
async fn round(shared: &Arc<Shared>, before: &mut Option<clock::Look>, told: bool) -> Result<Duration> {
    let look = shared.ask(machine::look(&shared.db)).await?;
    shared.set_now(look.now);
    let seen = clock::Look::at_database(look.now, &*shared.clock);
    let since = before.replace(seen).map_or(Since::Ordinary, |before| before.until(seen, None));
    if since == Since::WentBack {
        // Otherwise every schedule would wait until the clock is where it was.
        shared.ask(machine::realign_all(&shared.db)).await?;
    }
    if since != Since::Ordinary {
        if !told {
            shared.tell(Event::Resumed);
        }
        return Ok(Duration::ZERO);
    }
    // Also a command's node: what it is asked for may wait for the lane of one that died.
    let mut did = recover(shared, &look).await?;
    if shared.options.only.is_none() {
        if is_now(look.due_in) {
            did |= tick(shared).await?;
        }
        if is_now(look.pending_in) || did {
            did |= shared.ask(machine::promote(&shared.db)).await? > 0;
        }
    }
    if look.queued || did {
        did |= claim(shared).await?;
    }
    let short = look.queued || is_now(look.next_in());
    Ok(match look.next_in().map(|ms| Duration::from_millis(ms.unsigned_abs())) {
        _ if did => Duration::ZERO,
        Some(next) if !short => next.min(LONGEST),
        Some(next) if !next.is_zero() => next.min(SHORT),
        _ if short => SHORT,
        _ => LONGEST,
    })
}

fn is_now(span: Option<i64>) -> bool {
    span.is_some_and(|span| span <= 0)
}

/// Ends what crashed nodes were at.
async fn recover(shared: &Shared, look: &Look) -> Result<bool> {
    let gone = match &shared.alive {
        Some(alive) if alive.anybody_gone() => shared.ask(alive.gone(&shared.db)).await?,
        _ => Vec::new(),
    };
    if gone.is_empty() && !is_now(look.lease_in) {
        return Ok(false);
    }
    let mut any = false;
    loop {
        let reaped = shared.ask(machine::reap(&shared.db, &gone)).await?;
        for run in &reaped {
            shared.tell(Event::Recovered { run: run.id, from: run.from.clone() });
        }
        any |= !reaped.is_empty();
        if reaped.len() < machine::REAPED_AT_ONCE {
            break;
        }
    }
    for node in &gone {
        shared.ask(machine::leave(&shared.db, *node)).await?;
    }
    if let Some(alive) = &shared.alive {
        alive.forget(&gone);
    }
    Ok(any)
}

/// Moves on every schedule that is due; whether this node moved any.
async fn tick(shared: &Shared) -> Result<bool> {
    if shared.ask(machine::stop_previous(&shared.db)).await? > 0 {
        // Whoever is at them shall not learn of it by its next heartbeat only.
        shared.beat.notify_one();
        shared.ask(shared.db.ring()).await?;
    }
    let mut any = false;
    loop {
        let (now, due) = shared.ask(machine::due(&shared.db, TICKS)).await?;
        let full = due.len() as i64 >= TICKS;
        let mut ticks = Vec::with_capacity(due.len());
        for due in due {
            match Timing::of(&due.schedule) {
                Ok(timing) => {
                    let plan = plan(&due.schedule, &timing, now, due.busy);
                    let id = &due.schedule.job_id;
                    let (step, outside) = (shared.registry.step(id), shared.registry.outside(id));
                    ticks.push(Tick { step, outside, plan, due });
                }
                Err(bad) => {
                    let (job_id, cause) = (due.schedule.job_id, bad.to_string());
                    shared.tell(Event::Unreadable { job_id, cause });
                }
            }
        }
        let made = shared.ask(machine::tick(&shared.db, &ticks)).await?;
        let won = made.contains(&true);
        any |= won;
        if won {
            shared.tell(Event::Changed);
        }
        if !full || !won || shared.closed.is_cancelled() {
            return Ok(any);
        }
        // Those that are queued by now need not wait for the rest.
    }
}

/// Takes as many runs as there are slots; whether there were any.
async fn claim(shared: &Arc<Shared>) -> Result<bool> {
    let mut any = false;
    while !shared.closed.is_cancelled() {
        let free = shared.slots.available_permits().min(CLAIMS);
        // None free, or a parent that goes on was quicker.
        let Some(mut permits) = u32::try_from(free)
            .ok()
            .filter(|n| *n > 0)
            .and_then(|n| shared.slots.clone().try_acquire_many_owned(n).ok())
        else {
            break;
        };
        let sent = Instant::now();
        let ask = Claim {
            node: shared.node,
            lease: clock::millis(shared.options.lease),
            limit: free as i64,
            only: shared.options.only,
        };
        shared.set_claiming(true);
        let answer = shared.ask(machine::claim(&shared.db, ask)).await;
        let taken = answer.map(|runs| {
            let taken = runs.len();
            for run in runs {
                if let Some(permit) = permits.split(1) {
                    execute::start(shared, run, sent, permit);
                }
            }
            taken
        });
        shared.set_claiming(false);
        let taken = taken?;
        any |= taken > 0;
        if taken < free {
            break;
        }
    }
    Ok(any)
}

/// Sleeps for a span, or until somebody wakes it; a machine that slept meanwhile wakes it too, and true says that this was told.
async fn sleep(shared: &Shared, span: Duration, away: bool) -> bool {
    let end = Instant::now() + span;
    loop {
        let slice = end.saturating_duration_since(Instant::now()).min(SLICE);
        if slice.is_zero() {
            // Even one that has much to do lets the others on.
            tokio::task::yield_now().await;
            return false;
        }
        let before = clock::Look::at(&*shared.clock);
        tokio::select! {
            () = tokio::time::sleep(slice) => {}
            // While the database is away a ring means nothing; hurrying would only load it.
            () = shared.wake.notified(), if !away => return false,
            () = shared.closed.cancelled() => return false,
        }
        if before.until(clock::Look::at(&*shared.clock), Some(slice)) != Since::Ordinary {
            shared.beat.notify_one();
            shared.tell(Event::Resumed);
            return true;
        }
        if shared.alive.as_ref().is_some_and(super::alive::Alive::anybody_gone) {
            return false;
        }
    }
}
