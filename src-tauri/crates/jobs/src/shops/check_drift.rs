//! "Drift check and repair": compares the shop with what it should show.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::runs::Level;
use presell_scheduler::{Counts, Done, Failure};
use presell_shops::drift::{DriftReport, look};
use presell_shops::settings::Drift;
use presell_shops::shop::Shop;
use presell_shops::sync::{Place, SyncError};
use serde_json::json;

use super::sync::{self, What};
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID, SHOP};
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_DRIFT_CHECK",
    label: "Drift check and repair",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Reads back what the shops show, compares it with what they should show, and reports or puts right what differs.",
    frequency: "EVERYDAY",
    step: step::LAST,
    parameters: &[
        SHOP,
        PRODUCT_ID,
        Parameter::choice("repair", &["report", "repair"], "Whether differences are only reported or put right.")
            .or("report"),
        DRY_RUN,
    ],
    work: Work::AtShops(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        if task.values.text("repair") == Some("repair") && !task.values.flag("dryRun") {
            read_back(&task).await?;
            return sync::run(task, What { everything: false, retry: true, drift: Some(Drift::Repair) }).await;
        }
        read_back(&task).await
    }
    .boxed()
}

/// What all shops of the store show, compared with what was written there.
pub(super) async fn read_back(task: &Task) -> Result<Done, Failure> {
    let (mut counts, mut shops, mut failures) = (Counts::default(), Vec::new(), Vec::new());
    for shop in sync::shops(task).await? {
        match one(task, &shop).await {
            Ok(report) => {
                let differ = (report.drifted.len() + report.strays.len() + report.gone.len()) as u64;
                counts.examined += report.looked_at + report.strays.len() as u64;
                counts.skipped += differ;
                counts.unchanged += (report.looked_at + report.strays.len() as u64).saturating_sub(differ);
                shops.push(json!({ "shop": shop.name, "drift": report }));
            }
            Err(error) => {
                task.work.log(Level::Error, format!("{}: {error}", shop.name));
                counts.examined += 1;
                counts.failed += 1;
                failures.push(error);
            }
        }
    }
    match failures.into_iter().next() {
        // Nothing was read at all: that is no report without findings.
        Some(error) if shops.is_empty() => Err(sync::failure(error)),
        _ => Ok(Done { counts, result: Some(json!({ "shops": shops })) }),
    }
}

async fn one(task: &Task, shop: &Shop) -> Result<DriftReport, SyncError> {
    let adapter = sync::open(task, shop).await?;
    let work = &task.work;
    let place = Place { db: &work.db, store: &task.store, shop, adapter: &*adapter, token: &work.token };
    look(place, work.run.id, task.now().await?).await
}
