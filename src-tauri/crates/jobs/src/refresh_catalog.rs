//! "Auto refresh pre-sell catalog": brings the two lists in line with stock, purchase orders and order queues.

use presell_catalog::refresh::{Outcome, Request, Scope, refresh};
use serde_json::{Map, Value};

use crate::{Context, Definition, Kind, Page, Parameter, RunError, Ticket, Values};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "JOB_REL_PREODR_CAT",
    label: "Auto refresh pre-sell catalog",
    page: Page::PreOrder,
    group: "Pre-sell catalog",
    help: "Decides for every product whether it is a pre-order, a backorder or neither, from stock, purchase orders and \
           waiting orders, and keeps both lists in step. It changes nothing outside Presell.",
    frequency: "EVERY_15_MIN",
    parameters: &[
        Parameter {
            name: "productId",
            kind: Kind::Texts,
            required: false,
            default: None,
            secret: false,
            help: "Looks only at these SKUs.",
        },
        Parameter {
            name: "facilityId",
            kind: Kind::Texts,
            required: false,
            default: None,
            secret: false,
            help: "Looks only at products on their way to these facilities.",
        },
        Parameter {
            name: "maxChangePercent",
            kind: Kind::Number { least: 0, most: 100 },
            required: false,
            default: None,
            secret: false,
            help: "Stops and asks before more than this part of the lists would be removed; without it the store's setting counts.",
        },
        Parameter {
            name: "full",
            kind: Kind::Flag,
            required: false,
            default: Some("false"),
            secret: false,
            help: "Looks at every product, not only at those that something happened to.",
        },
        Parameter {
            name: "confirm",
            kind: Kind::Flag,
            required: false,
            default: Some("false"),
            secret: false,
            help: "You have looked at the removals and agree to them.",
        },
        Parameter {
            name: "dryRun",
            kind: Kind::Flag,
            required: false,
            default: Some("false"),
            secret: false,
            help: "Shows what would change and changes nothing.",
        },
    ],
};

/// What one run of the job did.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Key of the run.
    pub run_id: i64,
    /// What changed, or would.
    pub outcome: Outcome,
}

/// The part of the request that is no parameter of the job.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// Judge as if it were this day; only with `dryRun`.
    pub as_of: Option<chrono::NaiveDate>,
    /// How many changes to return in full.
    pub list_changes: usize,
}

/// Runs the job once, with its record. Refused parameters start no run.
pub async fn run(context: &Context<'_>, parameters: &Map<String, Value>, view: View) -> Result<Ran, RunError> {
    let values = Values::check(DEFINITION.parameters, parameters).map_err(RunError::Parameters)?;
    let ticket = Ticket::begin(context, &DEFINITION, &values).await?;
    let request = Request {
        scope: scope(&values),
        dry_run: values.flag("dryRun"),
        as_of: view.as_of,
        max_change_percent: values.number("maxChangePercent"),
        confirmed: values.flag("confirm"),
        run_id: ticket.id,
        list_changes: view.list_changes,
    };
    let done = refresh(context.db, context.store, &request, context.now).await.map_err(RunError::from);
    let counts = done.as_ref().map(Counts::of);
    ticket.end(context.db, counts.as_ref().map_err(|e| *e), context.db.now().await?).await?;
    done.map(|outcome| Ran { run_id: ticket.id, outcome })
}

fn scope(values: &Values) -> Scope {
    let (products, facilities) = (values.texts("productId"), values.texts("facilityId"));
    if !products.is_empty() {
        Scope::Products(products)
    } else if !facilities.is_empty() {
        Scope::Facilities(facilities)
    } else if values.flag("full") {
        Scope::Everything
    } else {
        Scope::Dirty
    }
}

/// The counts kept with the run; they add up: examined = changed + unchanged + skipped.
#[derive(serde::Serialize)]
struct Counts {
    examined: u64,
    changed: u64,
    unchanged: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    fn of(o: &Outcome) -> Counts {
        let changed = o.added + o.moved + o.updated + o.removed;
        Counts { examined: o.examined, changed, unchanged: o.unchanged, failed: 0, skipped: o.undetermined }
    }
}
