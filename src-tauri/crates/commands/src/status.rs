//! The state of the house in one cheap answer: for the tray, the window's footer and the numbers beside the pages.

use presell_scheduler::{ScheduleState, schedules};
use presell_shops::{across, shop};
use presell_store::{At, on};
use serde::Serialize;
use ts_rs::TS;

use crate::jobs::{name_of, paused_together};
use crate::{App, Nothing, Result, health};

/// How things stand.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HouseStatus {
    /// The store that is shown.
    pub store: String,
    /// Its zone.
    pub zone: String,
    /// How many stores there are.
    pub stores: i64,
    /// Jobs that run by themselves.
    pub jobs_on: usize,
    /// Jobs that are paused, together or one by one.
    pub jobs_paused: usize,
    /// Of these, the ones that were paused together and come back together.
    pub paused_together: usize,
    /// The job that is due next; none: no job is on.
    pub next: Option<NextDue>,
    /// Runs at work.
    pub running: i64,
    /// Runs that wait for their turn.
    pub queued: i64,
    /// Jobs that are on and whose last run failed.
    pub failing: i64,
    /// Who works on the jobs.
    pub machine: MachineState,
    /// The name of this computer.
    pub host: String,
    /// Products on the pre-order list.
    pub pre_order: i64,
    /// Products on the backorder list.
    pub backorder: i64,
    /// Purchase orders on their way.
    pub open_purchase_orders: i64,
    /// Shops that need somebody.
    pub troubled_shops: usize,
}

/// The job that is due next.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NextDue {
    /// Its id.
    pub job: String,
    /// Its name.
    pub label: String,
    /// When.
    pub at: At,
}

/// Who works on the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum MachineState {
    /// This computer, perhaps with others.
    Here,
    /// Only other computers.
    Elsewhere,
    /// None: what is due waits.
    Nobody,
}

/// How things stand now.
pub async fn show_status(app: &App, _: Nothing) -> Result<HouseStatus> {
    let store = app.store().await?;
    let all = schedules::list(&app.db, store.id).await?;
    let is = |state| all.iter().filter(move |s| s.state == state);
    let next = is(ScheduleState::Enabled).filter_map(|s| Some((s.next_due_at?, s))).min_by_key(|(at, s)| (*at, s.id));
    let sql = "SELECT
        (SELECT count(*) FROM store),
        (SELECT count(*) FROM run WHERE store_id = $1 AND state IN ('running', 'stopping')),
        (SELECT count(*) FROM run WHERE store_id = $1 AND state = 'queued'),
        (SELECT count(*) FROM schedule s WHERE s.store_id = $1 AND s.state = 'enabled' AND
            (SELECT r.state FROM run r WHERE r.job_id = s.job_id AND r.store_id = s.store_id AND r.shop_id = s.shop_id AND r.parent_id IS NULL
               AND r.state IN ('finished', 'partial', 'failed', 'crashed') ORDER BY r.id DESC LIMIT 1) IN ('failed', 'crashed')),
        (SELECT count(*) FROM member WHERE store_id = $1 AND category = 'PRE_ORDER'),
        (SELECT count(*) FROM member WHERE store_id = $1 AND category = 'BACKORDER'),
        (SELECT count(*) FROM purchase_order WHERE status IN ('CREATED', 'APPROVED') AND COALESCE(store_id, $1) = $1)";
    let (stores, running, queued, failing, pre_order, backorder, open_purchase_orders): (
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
    ) = on!(&app.db, p => sqlx::query_as(sql).bind(store.id).fetch_one(p).await)?;
    let (here, elsewhere) = health::machines::where_at_work(app).await?;
    let shops = shop::list(&app.db, store.id).await?;
    let troubled_shops = across::troubled(&app.db, &store, &shops, app.now().await?).await?;
    Ok(HouseStatus {
        store: store.code,
        zone: store.zone.name().to_owned(),
        stores,
        jobs_on: is(ScheduleState::Enabled).count(),
        jobs_paused: is(ScheduleState::Paused).count(),
        paused_together: paused_together(app, &all, store.id).await?,
        next: next.map(|(at, s)| NextDue { job: s.job_id.clone(), label: name_of(s), at: at.into() }),
        running,
        queued,
        failing,
        machine: match (here, elsewhere) {
            (0, 0) => MachineState::Nobody,
            (0, _) => MachineState::Elsewhere,
            _ => MachineState::Here,
        },
        host: app.machine.host.clone(),
        pre_order,
        backorder,
        open_purchase_orders,
        troubled_shops,
    })
}
