//! "Update Pre-Order Category Item Arrival Date": a purchase order's new date reaches the products it has put on the lists.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_catalog::refresh::{Request, Scope};
use presell_scheduler::{Done, Failure};

use crate::catalog::refresh_catalog;
use crate::definition::{Work, step};
use crate::parameters::DRY_RUN;
use crate::{Definition, Page, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_UPD_CAT_ARRIVAL",
    label: "Update Pre-Order Category Item Arrival Date",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Looks for listed products whose purchase order line has another date by now, and decides about them anew: the new \
           date is shown, or the next purchase order takes over if the old one cannot be promised any more.",
    frequency: "EVERY_15_MIN",
    step: step::ARRIVAL_DATE,
    parameters: &[DRY_RUN],
    work: Work::Here(run),
};

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let request = Request {
            scope: Scope::MovedDates,
            dry_run: task.values.flag("dryRun"),
            as_of: None,
            max_change_percent: None,
            confirmed: false,
            run_id: task.work.run.id,
            list_changes: 100,
        };
        refresh_catalog::refresh(&task, &request).await
    }
    .boxed()
}
