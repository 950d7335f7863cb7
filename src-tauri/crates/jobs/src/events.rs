//! What follows from a change of the facts: the catalog is refreshed at once, not only at its next quarter of an hour.

use presell_catalog::stores::Store;
use presell_scheduler::runs::{Request, request};
use presell_scheduler::schedules::{self, Key};
use presell_scheduler::{Origin, Schedule, ScheduleState};
use presell_store::{Db, Result};

use crate::Definition;
use crate::catalog::refresh_catalog;

/// Asks for a refresh if it is switched on; whether it is. What changed is marked dirty already, so that a lost request
/// delays it to the next occurrence, and many changes while one waits need no second.
pub async fn facts_changed(db: &Db, store: &Store, actor: &str) -> Result<bool> {
    let job = &refresh_catalog::DEFINITION;
    let key = Key { job_id: job.id.to_owned(), store_id: store.id, shop_id: String::new() };
    let Some(schedule) = schedules::find(db, &key).await?.filter(|s| s.state == ScheduleState::Enabled) else {
        return Ok(false);
    };
    ask(db, schedule, job, actor).await?;
    Ok(true)
}

/// The lists changed: the shops are told at once, if any of the jobs that do so is switched on.
pub(crate) async fn lists_changed(db: &Db, store: &Store, actor: &str) -> Result<()> {
    for (id, _) in crate::shops::sync::PARTS {
        let key = Key { job_id: (*id).to_owned(), store_id: store.id, shop_id: String::new() };
        let schedule = schedules::find(db, &key).await?.filter(|s| s.state == ScheduleState::Enabled);
        if let (Some(schedule), Some(job)) = (schedule, crate::find(id)) {
            // One is enough: each sync does what all that are switched on allow.
            return ask(db, schedule, job, actor).await;
        }
    }
    Ok(())
}

/// Asks for a run with what the schedule sets; one that waits already is enough.
pub(crate) async fn ask(db: &Db, schedule: Schedule, job: &Definition, actor: &str) -> Result<()> {
    let wanted = Request {
        shop_id: schedule.shop_id.clone(),
        params: schedule.params.clone(),
        step: job.step,
        outside: job.outside(),
        timeout_ms: schedule.timeout_ms,
        ..Request::new(job.id, schedule.store_id, Origin::Event, actor)
    };
    request(db, &Request { schedule: Some(schedule), ..wanted }).await?;
    db.ring().await
}
