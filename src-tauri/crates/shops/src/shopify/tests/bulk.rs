//! Many operations as one file: every line is read, and what is not in the result is unknown.

use presell_simulator::shop::{Access as Rights, Plan};
use presell_simulator::{Fault, Faults, Shop, Simulator, Trouble};

use super::simulated::{all, connected, open, ops, plus};
use super::*;
use crate::model::Seen;

const ON: Step = Step::TagOn(Class::PreOrder);
/// More than the points of a minute.
const MANY: usize = 900;

/// What is kept of bulk operations, in the order in which it was told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Ledger for Told {
    fn may_write(&self) -> bool {
        true
    }

    fn started<'a>(&'a self, id: &'a str, step: Step, items: usize) -> BoxFuture<'a, Result<(), ShopError>> {
        assert!(id.starts_with("gid://shopify/BulkOperation/"), "the ledger is given another id: {id}");
        self.0.lock().unwrap().push(format!("started {} {items}", step.id()));
        Box::pin(async { Ok(()) })
    }

    fn ended<'a>(
        &'a self,
        _: &'a str,
        state: &'a str,
        message: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), ShopError>> {
        self.0.lock().unwrap().push(format!("{state}: {}", message.unwrap_or_default()));
        Box::pin(async { Ok(()) })
    }
}

impl Told {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

async fn many() -> (Simulator, Shopify, Vec<Seen>) {
    let (simulator, shopify) = open(plus(MANY)).await;
    let seen = all(&shopify, MANY).await;
    simulator.shop().plan = Plan::Standard;
    shopify.test().await.unwrap();
    (simulator, shopify, seen)
}

fn fault(simulator: &Simulator, operation: &str, trouble: Trouble) {
    simulator.set_faults(Faults { seed: 1, faults: vec![Fault::new(trouble).on(operation).times(1)] });
}

fn count(outcomes: &[Outcome], wanted: &str) -> usize {
    outcomes.iter().filter(|outcome| kind(outcome).0 == wanted).count()
}

fn tagged(shop: &Shop) -> usize {
    shop.products.values().filter(|product| product.has_tag("HC:Pre-Order")).count()
}

#[tokio::test]
async fn more_than_the_points_of_a_minute_go_as_a_file_and_each_line_counts() {
    let (simulator, shopify, seen) = many().await;
    let gone: u64 = seen[7].parent.rsplit('/').next().unwrap().parse().unwrap();
    simulator.shop().delete_product(gone);
    let before = simulator.requests().0;
    let told = Told::default();
    let outcomes = shopify.submit(&ops(ON, &seen, None), &told).await.unwrap();
    assert!(simulator.requests().0 - before < 10, "the file was not used");
    assert_eq!((count(&outcomes, "done"), kind(&outcomes[7]).0), (MANY - 1, "refused"), "lines are matched wrongly");
    assert_eq!(tagged(&simulator.shop()), MANY - 1, "the shop does not show what the outcomes say");
    let expected = "partial: 899 done, 1 failed, 0 without a result; Shopify calls the operation COMPLETED.";
    assert_eq!(
        told.all(),
        ["started tag-pre-order 900", expected],
        "the ledger was told something else, or in another order"
    );
}

#[tokio::test]
async fn a_process_that_never_heard_of_the_points_asks_before_it_sends_many() {
    for (plan, files) in [(Plan::Standard, 1), (Plan::Plus, 0)] {
        let (simulator, _, seen) = many().await;
        simulator.shop().plan = plan;
        let fresh = connected(&simulator, Access::Token(Rights::TOKEN.into()));
        let outcomes = fresh.submit(&ops(ON, &seen, None), &Told::default()).await.unwrap();
        assert_eq!(count(&outcomes, "done"), MANY, "{plan:?}: not all is done");
        assert_eq!(simulator.shop().bulks.len(), files, "{plan:?}: points that a minute gives need no file, others do");
    }
}

#[tokio::test]
async fn marks_in_a_file_are_a_line_each_and_their_digests_come_back() {
    let (simulator, shopify) = open(plus(MANY)).await;
    let seen = all(&shopify, MANY).await;
    let names = ShopSettings::default();
    simulator.shop().set_metafield("P3", &names.namespace, &names.mark_key, "json", "{}");
    let write = crate::shopify::write::kind(Step::Mark, &names);
    let (told, ops) = (Told::default(), ops(Step::Mark, &seen, Some(listing(4))));
    let bulk = crate::shopify::bulk::Bulk {
        client: &shopify.client,
        write: &*write,
        ops: &ops,
        step: Step::Mark,
        ledger: &told,
    };
    let verdicts = bulk.run().await.unwrap().unwrap();
    let outcomes = shopify.rest(&*write, &ops, verdicts, &NoLedger).await;
    let stale = seen.iter().position(|seen| seen.sku == "P3").unwrap();
    assert_eq!(
        (count(&outcomes, "done"), kind(&outcomes[stale]).1),
        (MANY - 1, "STALE_OBJECT"),
        "one mark spoils others"
    );
    let now = shopify.see(&[seen[0].variant.clone()]).await.unwrap().remove(0);
    assert_eq!(outcomes[0], Outcome::Done(now.digest), "the digest told is not the one there");
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_the_rest_unknown() {
    let (simulator, shopify, seen) = many().await;
    fault(&simulator, "bulkOperationRunMutation", Trouble::BulkFails { after_lines: 100 });
    let told = Told::default();
    let outcomes = shopify.submit(&ops(ON, &seen, None), &told).await.unwrap();
    assert_eq!((count(&outcomes, "done"), count(&outcomes, "unknown")), (100, MANY - 100), "partial data is not used");
    assert!(told.all()[1].starts_with("partial: 100 done"), "half a file counts as a whole: {:?}", told.all());
}

#[tokio::test]
async fn a_result_whose_address_ran_out_is_asked_for_anew() {
    let (simulator, shopify, seen) = many().await;
    fault(&simulator, "result", Trouble::ResultGone);
    let outcomes = shopify.submit(&ops(ON, &seen, None), &Told::default()).await.unwrap();
    assert_eq!(count(&outcomes, "done"), MANY, "a result that was there is lost");
}

#[tokio::test]
async fn a_file_begun_without_an_answer_is_found_and_not_begun_twice() {
    for trouble in [Trouble::Reset { after_write: true }, Trouble::InternalError { after_write: true }] {
        let (simulator, shopify, seen) = many().await;
        fault(&simulator, "bulkOperationRunMutation", trouble.clone());
        let outcomes = shopify.submit(&ops(ON, &seen, None), &Told::default()).await.unwrap();
        assert_eq!(count(&outcomes, "done"), MANY, "{trouble:?}: an operation begun in silence is lost");
        assert_eq!(simulator.shop().bulks.len(), 1, "{trouble:?}: it was begun a second time");
    }
}

#[tokio::test]
async fn a_shop_that_takes_no_file_is_served_by_direct_calls() {
    let (simulator, shopify, seen) = many().await;
    simulator.shop().plan = Plan::Plus;
    fault(
        &simulator,
        "bulkOperationRunMutation",
        Trouble::Refuse { code: "LIMIT_REACHED".into(), message: "Five run".into(), items: 1 },
    );
    let told = Told::default();
    let outcomes = shopify.submit(&ops(ON, &seen, None), &told).await.unwrap();
    assert_eq!(count(&outcomes, "done"), MANY, "without a file nothing is done");
    assert_eq!(told.all(), Vec::<String>::new(), "the ledger knows an operation that never began");
}

#[tokio::test]
async fn an_operation_of_an_earlier_process_is_waited_for() {
    let (simulator, shopify, seen) = many().await;
    let lost = Told::default();
    fault(&simulator, "BulkGet", Trouble::Close { standing: presell_simulator::shop::Standing::Locked });
    let outcomes = shopify.submit(&ops(ON, &seen, None), &lost).await.unwrap();
    assert_eq!(count(&outcomes, "unknown"), MANY, "what a file may have done is not unknown");
    assert_eq!(lost.all().len(), 1, "an operation that was not seen to end counts as ended");
    simulator.shop().access.standing = presell_simulator::shop::Standing::Open;
    let id = format!("gid://shopify/BulkOperation/{}", simulator.shop().bulks.keys().next().unwrap());
    shopify.settle(&id).await.unwrap();
    assert_eq!(tagged(&simulator.shop()), MANY, "it was not waited for");
    shopify.settle("gid://shopify/BulkOperation/424242").await.unwrap();
}
