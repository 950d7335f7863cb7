//! The first start: what is set up already, so that its steps are shown to whom they help, and once.

use presell_store::within;
use serde::Serialize;
use ts_rs::TS;

use crate::{App, Nothing, Result, changes, notes, samples};

/// Topic of the note.
const TOPIC: &str = "first start";

/// What is set up.
#[derive(Clone, Copy, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FirstStart {
    /// Nothing is set up, and nobody has finished or skipped the steps.
    pub needed: bool,
    /// Somebody has finished or skipped them.
    pub finished: bool,
    /// A file was imported.
    pub imported: bool,
    /// A job is on, or paused.
    pub jobs_on: bool,
    /// What is there is sample data.
    pub samples: bool,
    /// There is no product and no purchase order at all.
    pub empty: bool,
}

/// What is set up already.
pub async fn show_first_start(app: &App, _: Nothing) -> Result<FirstStart> {
    let samples = samples::present(app).await?;
    let mut tx = app.db.begin_read().await?;
    let finished = notes::read::<bool>(&mut tx, TOPIC).await;
    let sql = "SELECT (SELECT count(*) FROM (SELECT 1 FROM import WHERE state <> 'undone' LIMIT 1) i),
                      (SELECT count(*) FROM (SELECT 1 FROM schedule WHERE state <> 'draft' LIMIT 1) s),
                      (SELECT count(*) FROM (SELECT 1 FROM product LIMIT 1) p) + (SELECT count(*) FROM (SELECT 1 FROM purchase_order LIMIT 1) o)";
    let found: presell_store::Result<(i64, i64, i64)> = within!(&mut tx, c => sqlx::query_as(sql).fetch_one(c).await);
    tx.rollback().await?;
    let ((imports, on, things), finished) = (found?, finished?.unwrap_or_default());
    let (imported, jobs_on) = (imports > 0, on > 0);
    Ok(FirstStart {
        needed: !finished && !imported && !jobs_on,
        finished,
        imported,
        jobs_on,
        samples,
        empty: things == 0,
    })
}

/// The steps are done or skipped: they are not shown by themselves again.
pub async fn finish_first_start(app: &App, _: Nothing) -> Result<FirstStart> {
    let mut tx = app.db.begin().await?;
    if notes::read::<bool>(&mut tx, TOPIC).await?.is_none() {
        notes::write(&mut tx, TOPIC, &true, &app.actor).await?;
        changes::record(&mut tx, &app.actor, "first start", &app.store_code(), "", "finished").await?;
    }
    tx.commit().await?;
    show_first_start(app, Nothing {}).await
}
