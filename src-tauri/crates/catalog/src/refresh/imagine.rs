//! What other rules would change: every product is decided twice on the same facts, by the rules of now and by those
//! imagined. Nothing is written.

use chrono::{DateTime, Utc};
use presell_store::Db;

use super::judge::{Instead, Work};
use super::scope;
use super::{Outcome, RefreshError, Request, Scope};
use crate::facts;
use crate::settings::Settings;
use crate::stores::{self, Store};

/// What the lists would gain and lose by other settings, or another zone of the store: the difference to what a refresh by
/// the present rules would make, so that what is due anyway is not blamed on the change. `list_changes` as in [`Request`].
///
/// # Errors
/// Those of reading; the rules of now must be readable.
pub async fn imagine(
    db: &Db,
    imagined: (&Store, &Settings),
    list_changes: usize,
    now: DateTime<Utc>,
) -> Result<Outcome, RefreshError> {
    let (store, settings) = imagined;
    let request = Request {
        scope: Scope::Everything,
        dry_run: true,
        as_of: None,
        max_change_percent: None,
        confirmed: false,
        run_id: 0,
        list_changes,
    };
    let mut tx = db.begin_read().await?;
    let present = stores::find_by_id(&mut tx, store.id).await?;
    let rules = stores::settings(&mut tx, &present).await?;
    let today = store.today(now);
    let scope = scope::resolve(&mut tx, store, settings, &request, today, now).await?;
    let mut work = Work {
        store,
        settings,
        instead: Some(Instead { settings: &rules, today: present.today(now) }),
        facilities: facts::facilities(&mut tx, store, now).await?,
        request: &request,
        today,
        now,
        reach: scope.reach,
        outcome: Outcome { examined: scope.examined, ..Outcome::default() },
    };
    work.judge(&mut tx).await?;
    let outcome = work.outcome;
    tx.rollback().await?;
    Ok(outcome)
}
