//! Everything the checker looks at, read as one moment.

use std::collections::HashMap;

use presell_scheduler::{Millis, Run, Schedule};
use presell_store::{Db, Result, Tx, within};

use super::grid::Grid;

/// All rows, in memory: half an hour of chaos is some fifty thousand.
#[derive(Debug, Default)]
pub struct Tables {
    /// The schedules as they are now.
    pub schedules: HashMap<i64, Schedule>,
    /// All runs, oldest first.
    pub runs: Vec<Run>,
    /// All executions.
    pub starts: Vec<Start>,
    /// All effects.
    pub effects: Vec<Effect>,
    /// Moves of schedules, oldest first.
    pub moves: Vec<Move>,
    /// Refused commits.
    pub refused: i64,
    /// Changes of ended runs.
    pub touched: Vec<Touched>,
    /// Rows made from outdated settings.
    pub outdated: Vec<Outdated>,
    /// How far ahead the clock of a node was at most, as the nodes recorded it.
    pub skew_ms: i64,
}

/// One execution.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Start {
    /// The run.
    pub run_id: i64,
    /// The claim.
    pub fence: i64,
    /// When it began.
    pub at: Millis,
    /// When it ended; none: its process did first, or could not write it down.
    pub ended_at: Option<Millis>,
}

/// One effect.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Effect {
    /// The run.
    pub run_id: i64,
    /// The claim.
    pub fence: i64,
    /// Its schedule.
    pub schedule_id: Option<i64>,
    /// Its occurrence.
    pub due_at: Option<Millis>,
    /// `middle`, or `end`: in one commit with the end of the run.
    pub part: String,
    /// When it was written, a moment before its commit.
    pub at: Millis,
}

/// One move of a schedule; the timing is that before it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Move {
    /// The schedule.
    pub schedule_id: i64,
    /// When.
    pub at: Millis,
    /// Who last edited the schedule: a tick leaves that name alone.
    pub by_whom: String,
    /// From this occurrence …
    pub old_next: Option<Millis>,
    /// … to this one.
    pub new_next: Option<Millis>,
    /// State before.
    pub old_state: String,
    /// State after.
    pub new_state: String,
    /// 1: the timing itself changed.
    pub retimed: i64,
    kind: String,
    every_ms: Option<Millis>,
    every_days: Option<i64>,
    cron: Option<String>,
    zone: String,
    anchor_at: Millis,
}

impl Move {
    /// The grid it was made on; none: that cannot be read, has no occurrences of its own, or its schedule is gone.
    pub(crate) fn grid(&self, tables: &Tables) -> Option<Grid> {
        let mut schedule = tables.schedules.get(&self.schedule_id)?.clone();
        schedule.kind.clone_from(&self.kind);
        schedule.every_ms = self.every_ms;
        schedule.every_days = self.every_days;
        schedule.cron.clone_from(&self.cron);
        schedule.zone.clone_from(&self.zone);
        schedule.anchor_at = self.anchor_at;
        Grid::of(&schedule)
    }
}

/// An ended run that was changed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Touched {
    /// The run.
    pub run_id: i64,
    /// Its state before.
    pub was: String,
    /// Its state after.
    pub became: String,
}

/// A row of a schedule that was made from settings which were not in force any more.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Outdated {
    /// The run.
    pub run_id: i64,
    /// Whose settings it was made from.
    pub by_whom: String,
    /// Whose were in force.
    pub instead_of: String,
}

impl Tables {
    /// Reads them all.
    ///
    /// # Errors
    /// The database; also when it has no chaos tables.
    pub async fn read(db: &Db) -> Result<Tables> {
        let mut tx = db.begin_read().await?;
        let tables = Tables::read_in(&mut tx).await?;
        tx.rollback().await?;
        Ok(tables)
    }

    /// Reads them all inside a transaction.
    ///
    /// # Errors
    /// As [`Tables::read`].
    pub async fn read_in(tx: &mut Tx) -> Result<Tables> {
        let schedules: Vec<Schedule> = rows(tx, "SELECT * FROM schedule").await?;
        let (skew_ms,) = one(tx, "SELECT COALESCE(MAX(skew_ms), 0) FROM node").await?;
        let (refused,) = one(tx, "SELECT COUNT(*) FROM chaos_refused").await?;
        Ok(Tables {
            schedules: schedules.into_iter().map(|schedule| (schedule.id, schedule)).collect(),
            runs: rows(tx, "SELECT * FROM run ORDER BY id").await?,
            starts: rows(tx, "SELECT run_id, fence, at, ended_at FROM chaos_start ORDER BY id").await?,
            effects: rows(tx, "SELECT run_id, fence, schedule_id, due_at, part, at FROM chaos_effect ORDER BY id")
                .await?,
            moves: rows(
                tx,
                "SELECT schedule_id, at, by_whom, old_next, new_next, old_state, new_state, retimed,
                        kind, every_ms, every_days, cron, zone, anchor_at FROM chaos_move ORDER BY id",
            )
            .await?,
            refused,
            skew_ms,
            outdated: rows(tx, "SELECT run_id, by_whom, instead_of FROM chaos_outdated ORDER BY id").await?,
            touched: rows(tx, "SELECT run_id, was, became FROM chaos_touched ORDER BY id").await?,
        })
    }
}

async fn rows<T>(tx: &mut Tx, sql: &'static str) -> Result<Vec<T>>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin,
{
    within!(tx, c => sqlx::query_as(sql).fetch_all(c).await)
}

async fn one(tx: &mut Tx, sql: &'static str) -> Result<(i64,)> {
    within!(tx, c => sqlx::query_as(sql).fetch_one(c).await)
}
