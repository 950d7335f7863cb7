//! "Auto refresh pre-sell catalog": brings the two lists in line with stock, purchase orders and order queues.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_catalog::refresh::{ATTEMPTS, Outcome, RefreshError, Request, Scope, refresh_in};
use presell_catalog::stores::StoresError;
use presell_scheduler::{Counts, Done, Failure, reason};
use presell_store::StoreError;
use serde_json::json;

use crate::definition::{Work, step};
use crate::events::lists_changed;
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_REL_PREODR_CAT",
    label: "Auto refresh pre-sell catalog",
    page: Page::PreOrder,
    group: "Pre-sell catalog",
    help: "Decides for every product whether it is a pre-order, a backorder or neither, from stock, purchase orders and \
           waiting orders, and keeps both lists in step. It changes nothing outside Presell.",
    frequency: "EVERY_15_MIN",
    step: step::REFRESH,
    parameters: &[
        PRODUCT_ID,
        Parameter::texts("facilityId", "Looks only at products on their way to these facilities."),
        Parameter::number(
            "maxChangePercent",
            0,
            100,
            "Stops and asks before more than this part of the lists would be removed; without it the store's setting counts.",
        ),
        Parameter::flag("full", "Looks at every product, not only at those that something happened to."),
        Parameter::flag("confirm", "You have looked at the removals and agree to them."),
        Parameter::date("asOf", "Judges as if it were this day; only together with dryRun."),
        DRY_RUN,
    ],
    work: Work::Here(run),
};

/// Changes kept with the run; all are counted, and each has its decision.
const KEPT: usize = 100;

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let list_changes = task.caller.as_ref().map_or(KEPT, |caller| caller.list_changes.max(KEPT));
        let values = &task.values;
        let request = Request {
            scope: scope(&task),
            dry_run: values.flag("dryRun"),
            as_of: values.date("asOf"),
            max_change_percent: values.number("maxChangePercent"),
            confirmed: values.flag("confirm"),
            run_id: task.work.run.id,
            list_changes,
        };
        refresh(&task, &request).await
    }
    .boxed()
}

fn scope(task: &Task) -> Scope {
    let (products, facilities) = (task.values.texts("productId"), task.values.texts("facilityId"));
    if !products.is_empty() {
        Scope::Products(products)
    } else if !facilities.is_empty() {
        Scope::Facilities(facilities)
    } else if task.values.flag("full") {
        Scope::Everything
    } else {
        Scope::Dirty
    }
}

/// Refreshes and ends the run in one transaction; hands the outcome to whoever waits for it here.
pub(crate) async fn refresh(task: &Task, request: &Request) -> Result<Done, Failure> {
    let outcome = attempts(task, request).await;
    let changed = |o: &Outcome| !request.dry_run && o.added + o.moved + o.updated + o.removed > 0;
    if outcome.as_ref().is_ok_and(changed) {
        // A sync that is not asked for now comes with its next occurrence: what differs is found without being told.
        if let Err(error) = lists_changed(&task.work.db, &task.store, &task.work.run.actor).await {
            tracing::warn!(%error, "the shops are told later");
        }
    }
    let ended = match &outcome {
        Ok(outcome) => Ok(done(outcome)),
        Err(error) => Err(failure(error)),
    };
    if let Some(caller) = &task.caller {
        caller.hand(outcome);
    }
    ended
}

async fn attempts(task: &Task, request: &Request) -> Result<Outcome, RefreshError> {
    task.work.db.count_grown_tables().await?;
    let mut attempt = 1;
    loop {
        match once(task, request).await {
            // Another writer was there first; this attempt left no trace.
            Err(RefreshError::Store(StoreError::Conflict)) if attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome,
        }
    }
}

async fn once(task: &Task, request: &Request) -> Result<Outcome, RefreshError> {
    let now = task.now().await?;
    let mut tx = task.work.begin_snapshot().await?;
    match refresh_in(&mut tx, &task.store, request, now).await {
        Ok(outcome) if request.dry_run => {
            tx.rollback().await?;
            Ok(outcome)
        }
        Ok(outcome) => {
            task.work.finish(tx, &done(&outcome)).await?;
            Ok(outcome)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// What the run's row keeps. The counts add up: examined = changed + unchanged + skipped.
fn done(outcome: &Outcome) -> Done {
    let o = outcome;
    let counts = Counts {
        examined: o.examined,
        changed: o.added + o.moved + o.updated + o.removed,
        unchanged: o.unchanged,
        failed: 0,
        skipped: o.undetermined,
    };
    let result = json!({
        "added": o.added, "moved": o.moved, "updated": o.updated, "removed": o.removed, "undetermined": o.undetermined,
        "changes": &o.changes[..o.changes.len().min(KEPT)],
    });
    Done { counts, result: Some(result) }
}

fn failure(error: &RefreshError) -> Failure {
    let message = error.to_string();
    match error {
        RefreshError::Brake { .. } => Failure::permanent("BRAKE", message),
        RefreshError::UnknownSku(_) | RefreshError::AsOfWithoutDryRun => {
            Failure::permanent(reason::BAD_PARAMETERS, message)
        }
        RefreshError::Store(error) | RefreshError::Stores(StoresError::Store(error)) => Failure::from(error),
        RefreshError::Stores(_) => Failure::permanent("STORE", message),
    }
}
