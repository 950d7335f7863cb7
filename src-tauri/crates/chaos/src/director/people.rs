//! People at work through the public API: they ask for runs, stop some, pause, resume, skip, edit, switch off and on.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use fastrand::Rng;
use presell_scheduler::planning::RunTime;
use presell_scheduler::runs::{self, Filter, Request};
use presell_scheduler::schedules::{self, Defaults, Edit};
use presell_scheduler::{Origin, Overlap, RunState, ScheduleState};

use super::cast::Role;
use super::database;
use super::stage::Stage;

/// Goes on until aborted. What is refused is counted; a database that is away stops nobody from trying again.
pub(super) async fn act(stage: Arc<Stage>, roles: Vec<Role>, seed: u64) {
    let mut chance = Rng::with_seed(seed ^ 0x70_656F_706C_6500);
    let handled: Vec<Role> = roles.iter().filter(|role| role.handled).cloned().collect();
    loop {
        tokio::time::sleep(Duration::from_millis(chance.u64(50..400))).await;
        let outcome = match chance.u8(..10) {
            0..4 => ask(&stage, &roles[chance.usize(..roles.len())], &mut chance).await,
            4 => stop(&stage, &mut chance).await,
            5 => database::hurry(&stage.db).await.map(|()| "retries hurried").map_err(Into::into),
            _ => handle(&stage, &handled[chance.usize(..handled.len())], &mut chance).await,
        };
        match outcome {
            Ok(what) => stage.tally.add_people(what),
            Err(error) => {
                stage.tally.add_people("refused, or database away");
                tracing::debug!(%error, "people");
            }
        }
    }
}

async fn ask(stage: &Stage, role: &Role, chance: &mut Rng) -> Result<&'static str> {
    let schedule = schedules::find(&stage.db, &role.key).await?;
    let origin = if chance.u8(..4) == 0 { Origin::Event } else { Origin::Manual };
    let request = Request {
        outside: false,
        job_id: role.key.job_id.clone(),
        store_id: role.key.store_id,
        shop_id: role.key.shop_id.clone(),
        origin,
        actor: "anna".to_owned(),
        params: "{}".to_owned(),
        step: 0,
        schedule,
        parent_id: None,
        beside: chance.u8(..20) == 0,
        for_node: None,
        timeout_ms: role.probe.timeout_ms(),
    };
    runs::request(&stage.db, &request).await?;
    Ok(if origin == Origin::Event { "event" } else { "run now" })
}

async fn stop(stage: &Stage, chance: &mut Rng) -> Result<&'static str> {
    let states = vec![RunState::Pending, RunState::Queued, RunState::Running];
    let open = runs::list(&stage.db, &Filter { states, ..Filter::default() }).await?;
    let Some(run) = chance.choice(&open) else { return Ok("nothing to stop") };
    runs::stop(&stage.db, run.id, "anna").await?;
    Ok("stop")
}

/// One action on a schedule that fits its state.
async fn handle(stage: &Stage, role: &Role, chance: &mut Rng) -> Result<&'static str> {
    let (db, key) = (&stage.db, &role.key);
    let Some(schedule) = schedules::find(db, key).await? else { return Ok("no schedule") };
    // Another name each time, so that a row tells from which settings it was made.
    let anna = format!("anna {}", schedule.version);
    let anna = anna.as_str();
    let defaults =
        Defaults { frequency: "EVERY_15_MIN", zone: "Europe/Paris".to_owned(), timeout_ms: role.probe.timeout_ms() };
    Ok(match (schedule.state, chance.u8(..7)) {
        (ScheduleState::Paused, 0) => {
            schedules::cancel(db, key, anna).await?;
            "switch off while paused"
        }
        (ScheduleState::Paused, 1 | 2) => {
            schedules::save(db, key, &edit(chance), Some(schedule.version), &defaults, anna).await?;
            "edit while paused"
        }
        (ScheduleState::Paused, by) => {
            schedules::resume(db, key, by % 2 == 0, anna).await?;
            if by % 2 == 0 { "resume, catching up" } else { "resume" }
        }
        (ScheduleState::Draft, 0..3) => {
            schedules::restore(db, key, anna).await?;
            "undo of switching off"
        }
        (ScheduleState::Draft, _) => {
            schedules::enable(db, key, anna).await?;
            "switch on"
        }
        (ScheduleState::Enabled, 0) => {
            schedules::pause(db, key, anna).await?;
            "pause"
        }
        (ScheduleState::Enabled, 1) => {
            schedules::cancel(db, key, anna).await?;
            "switch off"
        }
        (ScheduleState::Enabled, 2 | 3) => {
            schedules::skip(db, key, anna).await?;
            "skip"
        }
        (ScheduleState::Enabled, 4) => {
            // Between a node's look at the schedule and its move there are but milliseconds.
            let now = db.now().await?.timestamp_millis();
            let away = schedule.next_due_at.map_or(0, |due| due - now + chance.i64(-2..6)).clamp(0, 2_000);
            tokio::time::sleep(Duration::from_millis(away.unsigned_abs())).await;
            let edit = Edit { priority: Some(chance.i64(0..3)), ..Edit::default() };
            schedules::save(db, key, &edit, None, &defaults, anna).await?;
            "edit as it falls due"
        }
        (ScheduleState::Enabled, _) => {
            schedules::save(db, key, &edit(chance), Some(schedule.version), &defaults, anna).await?;
            "edit"
        }
    })
}

/// Another pace, another policy, another first run, or only another priority.
fn edit(chance: &mut Rng) -> Edit {
    match chance.u8(..4) {
        0 => Edit { frequency: Some("CUSTOM".to_owned()), every_ms: Some(chance.i64(2..10) * 500), ..Edit::default() },
        1 => Edit { overlap: Overlap::ALL.get(chance.usize(..Overlap::ALL.len())).copied(), ..Edit::default() },
        2 => Edit { run_time: Some(RunTime::In(chance.i64(1..3_000))), ..Edit::default() },
        _ => Edit { priority: Some(chance.i64(0..3)), ..Edit::default() },
    }
}
