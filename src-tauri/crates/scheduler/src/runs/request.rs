//! Asking for a run outside its schedule.

use presell_store::{Db, Result, StoreError, text, within};

use crate::run::lanes;
use crate::{Millis, Origin, Run, Schedule};

/// A run that somebody, or something, asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The job.
    pub job_id: String,
    /// The store.
    pub store_id: i64,
    /// The shop; empty: none.
    pub shop_id: String,
    /// Manual, event or child.
    pub origin: Origin,
    /// Who asks.
    pub actor: String,
    /// Parameters as JSON, checked by the caller.
    pub params: String,
    /// Place in the order of a tick.
    pub step: i64,
    /// It takes turns with its like only; see [`Registry::outside`](crate::Registry::outside).
    pub outside: bool,
    /// Its schedule, if it has one: its settings for attempts and time-out apply, its state does not matter.
    pub schedule: Option<Schedule>,
    /// The run it is a part of: it then has neither key nor lane.
    pub parent_id: Option<i64>,
    /// May run beside anything (a dry run): no key, no lane.
    pub beside: bool,
    /// Only this node may take it.
    pub for_node: Option<i64>,
    /// How long it may take.
    pub timeout_ms: Millis,
}

impl Request {
    /// A run without parameters that may take an hour; the rest is for the caller to say.
    pub fn new(job_id: impl Into<String>, store_id: i64, origin: Origin, actor: impl Into<String>) -> Request {
        Request {
            job_id: job_id.into(),
            store_id,
            shop_id: String::new(),
            origin,
            actor: actor.into(),
            params: "{}".to_owned(),
            step: 0,
            outside: false,
            schedule: None,
            parent_id: None,
            beside: false,
            for_node: None,
            timeout_ms: 3_600_000,
        }
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Requested {
    /// The run.
    pub run: Run,
    /// An equal event run was waiting already, and this is it.
    pub joined: bool,
}

/// Inserts the run, queued if it may start and pending if an equal one is queued before it. An event joins an event run
/// of the same job, store and shop that has not started yet.
///
/// A run that only one node may take has no key of its own: its lane keeps it from running beside an equal one, and it
/// need not wait behind a queued one that nobody may be there to take.
pub async fn request(db: &Db, request: &Request) -> Result<Requested> {
    // Two that come at once may meet in the index of queued runs; the second then finds the first.
    for _ in 0..8 {
        match once(db, request).await {
            Err(StoreError::Sql(error)) if error.as_database_error().is_some_and(|e| e.is_unique_violation()) => {}
            Err(StoreError::Conflict) => {}
            outcome => return outcome,
        }
    }
    Err(StoreError::Conflict)
}

async fn once(db: &Db, request: &Request) -> Result<Requested> {
    let mut tx = db.begin().await?;
    let free = request.beside || request.parent_id.is_some();
    let xkey = (!free && request.for_node.is_none())
        .then(|| format!("{}|{}|{}", request.job_id, request.store_id, request.shop_id));
    let (lane, lane_up) = lanes(request.store_id, &request.shop_id, request.outside);
    let (lane, lane_up) = ((!free).then_some(lane), lane_up.filter(|_| !free));
    if request.origin == Origin::Event {
        let sql = "SELECT * FROM run WHERE xkey = $1 AND origin = 'event' AND state IN ('pending', 'queued') ORDER BY id LIMIT 1";
        let waiting: Option<Run> = within!(&mut tx, c => sqlx::query_as(sql).bind(&xkey).fetch_optional(c).await)?;
        if let Some(run) = waiting {
            tx.rollback().await?;
            return Ok(Requested { run, joined: true });
        }
    }
    let (schedule, attempts) = request.schedule.as_ref().map_or((None, 1), |s| (Some(s.id), s.max_attempts));
    let priority = request.schedule.as_ref().map_or(0, |s| s.priority);
    let sql = text!(tx, "INSERT INTO run (schedule_id, job_id, store_id, shop_id, origin, parent_id, actor, state, params, xkey, lane, lane_up,
            step, priority, available_at, for_node, timeout_ms, max_attempts, created_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, CASE WHEN EXISTS (SELECT 1 FROM run x WHERE x.xkey = $8 AND x.state = 'queued') THEN 'pending' ELSE 'queued' END,
            $9, $8, $10, $11, $12, $13, ", NOW, ", $14, $15, $16, ", NOW, " RETURNING *");
    let run: Run = within!(&mut tx, c => sqlx::query_as(sql).bind(schedule).bind(&request.job_id).bind(request.store_id)
        .bind(&request.shop_id).bind(request.origin.word()).bind(request.parent_id).bind(&request.actor).bind(&xkey)
        .bind(&request.params).bind(&lane).bind(&lane_up).bind(request.step).bind(priority).bind(request.for_node)
        .bind(request.timeout_ms).bind(attempts).fetch_one(c).await)?;
    tx.commit().await?;
    Ok(Requested { run, joined: false })
}
