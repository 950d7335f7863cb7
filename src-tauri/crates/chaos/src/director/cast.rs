//! The schedules of the play: probes in several lanes, at several paces, with every policy.

use anyhow::{Context, Result};
use presell_scheduler::planning::RunTime;
use presell_scheduler::schedules::{self, Defaults, Edit, Key};
use presell_scheduler::{CatchUp, Overlap};
use presell_store::{Db, on, text};

use crate::probes::Probe;

/// One schedule, and whether people lay hands on it.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) key: Key,
    pub(super) probe: Probe,
    /// People pause, edit and cancel it; the others they leave to themselves, but for runs they ask for.
    pub(super) handled: bool,
}

/// Who set the stage.
const ACTOR: &str = "setup";

/// Probe, shops, and how often in milliseconds. Each store has one of each.
const ROLES: &[(Probe, &str, i64)] = &[
    (Probe::Effect, "", 1_000),
    (Probe::Effect, "north", 1_000),
    (Probe::Effect, "south", 2_000),
    (Probe::Slow, "", 3_000),
    (Probe::Slow, "north", 2_000),
    (Probe::Failing, "south", 3_000),
    (Probe::Failing, "west", 5_000),
    (Probe::Poison, "east", 5_000),
    (Probe::Parent, "west", 4_000),
    (Probe::Runaway, "lost", 5_000),
    // In a lane of their own, with nobody else in it.
    (Probe::Effect, "alone", 500),
    (Probe::Effect, "apart", 1_500),
];

const STORES: &[&str] = &["chaos-1", "chaos-2", "chaos-3"];

/// Makes stores and schedules, and switches them on.
pub(super) async fn enter(db: &Db) -> Result<Vec<Role>> {
    let mut roles = Vec::new();
    for (number, code) in STORES.iter().enumerate() {
        let store = store(db, code).await?;
        for (place, (probe, shop, every)) in ROLES.iter().enumerate() {
            let key = Key { job_id: probe.job_id().to_owned(), store_id: store, shop_id: (*shop).to_owned() };
            save(db, &key, *probe, &edit(place + number, *every)).await?;
            if *every < 1_000 {
                hasten(db, &key, *every).await?;
            }
            schedules::enable(db, &key, ACTOR).await?;
            roles.push(Role { key, probe: *probe, handled: number == 0 && *every >= 1_000 });
        }
    }
    // Rarely due by themselves: they run when asked for, and their retries wait for nobody.
    let store = roles[0].key.store_id;
    for (shop, rare) in
        [("daily", Edit { frequency: Some("EVERYDAY".into()), ..Edit::default() }), ("cron", cron("* * * * *"))]
    {
        for probe in [Probe::Failing, Probe::Slow] {
            let key = Key { job_id: probe.job_id().to_owned(), store_id: store, shop_id: shop.to_owned() };
            save(db, &key, probe, &rare).await?;
            schedules::enable(db, &key, ACTOR).await?;
            roles.push(Role { key, probe, handled: false });
        }
    }
    Ok(roles)
}

fn cron(text: &str) -> Edit {
    Edit { frequency: Some("CUSTOM".into()), cron: Some(text.into()), ..Edit::default() }
}

/// Every policy comes with every probe as stores go by.
fn edit(place: usize, every: i64) -> Edit {
    const OVERLAPS: [Overlap; 4] = [Overlap::FollowUp, Overlap::Skip, Overlap::FollowUp, Overlap::StopPrevious];
    const CATCH_UPS: [CatchUp; 3] = [CatchUp::RunOnce, CatchUp::Skip, CatchUp::RunAll];
    Edit {
        frequency: Some("CUSTOM".to_owned()),
        every_ms: Some(every.max(1_000)),
        overlap: Some(OVERLAPS[place % OVERLAPS.len()]),
        catch_up: Some(CATCH_UPS[place % CATCH_UPS.len()]),
        start_deadline_ms: Some(if place.is_multiple_of(2) { 3_000 } else { 60_000 }),
        jitter_ms: Some(if place % 5 == 4 { 300 } else { 0 }),
        run_time: Some(RunTime::In(2_000)),
        ..Edit::default()
    }
}

async fn save(db: &Db, key: &Key, probe: Probe, edit: &Edit) -> Result<()> {
    let defaults =
        Defaults { frequency: "EVERY_15_MIN", zone: "Europe/Paris".to_owned(), timeout_ms: probe.timeout_ms() };
    let saved = schedules::save(db, key, edit, None, &defaults, ACTOR).await;
    saved.with_context(|| format!("could not save {key:?}"))?;
    Ok(())
}

/// Faster than people may ask for.
async fn hasten(db: &Db, key: &Key, every: i64) -> Result<()> {
    let sql = "UPDATE schedule SET every_ms = $1 WHERE job_id = $2 AND store_id = $3 AND shop_id = $4";
    on!(db, p => sqlx::query(sql).bind(every).bind(&key.job_id).bind(key.store_id).bind(&key.shop_id).execute(p).await
        .map(|_| ()))?;
    Ok(())
}

async fn store(db: &Db, code: &str) -> Result<i64> {
    let sql =
        text!(db, "INSERT INTO store (code, zone, created_at) VALUES ($1, 'Europe/Paris', ", NOW, ") RETURNING id");
    let (id,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(code).fetch_one(p).await)?;
    Ok(id)
}
