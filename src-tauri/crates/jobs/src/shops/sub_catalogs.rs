//! "Associate products with sub-catalog": keeps the parts of the catalog that shops show which do not show all of it.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_scheduler::{Counts, Done, Failure};
use presell_shops::sub_catalog::associate;
use serde_json::json;

use super::sync;
use crate::definition::{Work, step};
use crate::parameters::{DRY_RUN, PRODUCT_ID};
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_SUBCATALOG",
    label: "Associate products with sub-catalog",
    page: Page::PreOrder,
    group: "More jobs",
    help: "For a store whose shops show a part of its catalog each: puts listed products into the sub-catalogs of the shops that sell them, and takes out what is not listed or not sold there any more. A sync does the same first.",
    frequency: "ON_DEMAND",
    step: step::PRODUCT_TAGS,
    parameters: &[PRODUCT_ID, Parameter::text("catalogId", "Takes only the sub-catalog of this shop."), DRY_RUN],
    work: Work::Here(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let products = sync::products(&task).await?;
        let (mut counts, mut told) = (Counts::default(), Vec::new());
        for shop in sync::shops(&task).await? {
            let dry_run = task.values.flag("dryRun");
            let done = associate(&task.work.db, &shop, products.as_deref(), dry_run, task.now().await?).await?;
            counts = counts.plus(Counts {
                examined: done.added + done.removed + done.unchanged,
                changed: done.added + done.removed,
                unchanged: done.unchanged,
                ..Counts::default()
            });
            told.push(json!({ "shop": shop.name, "associated": done }));
        }
        Ok(Done { counts, result: Some(json!({ "shops": told })) })
    }
    .boxed()
}
