//! Against the demo shop, over the network: listings come, move and go as planned.

use presell_simulator::shop::{Access as Rights, Plan, Status};
use presell_simulator::{Options, Shop, Simulator};

use super::*;
use crate::model::{Mark, Seen, Tags};

pub(super) fn connected(simulator: &Simulator, access: Access) -> Shopify {
    let config =
        Config { base_url: Some(simulator.base_url().to_owned()), domain: "demo".to_owned(), ..config(access) };
    Shopify::new(config).expect("the demo shop is on loopback")
}

pub(super) async fn open(shop: Shop) -> (Simulator, Shopify) {
    let options = Options { shop: Some(shop), ..Options::default() };
    let simulator = Simulator::start(options).await.expect("the demo shop starts on a free port");
    let shopify = connected(&simulator, Access::Token(Rights::TOKEN.into()));
    (simulator, shopify)
}

/// So many products with a variant each, `P0`, `P1`, …; so many points that nobody waits.
pub(super) fn plus(products: usize) -> Shop {
    let mut shop = Shop::new();
    shop.plan = Plan::Plus;
    for number in 0..products {
        shop.add_product(&format!("Product {number}"), [format!("P{number}").as_str()]);
    }
    shop
}

/// Operations of a step on the variants seen.
pub(super) fn ops(step: Step, seen: &[Seen], listing: Option<Listing>) -> Vec<Op> {
    let op = |seen: &Seen| {
        let expect = match &seen.digest {
            Some(digest) => Expect::Digest(digest.clone()),
            None => Expect::Absent,
        };
        let variant = (!matches!(step, Step::TagOn(_) | Step::TagOff(_))).then(|| seen.variant.clone());
        Op { step, parent: seen.parent.clone(), variant, products: vec![1], listing, expect }
    };
    seen.iter().map(op).collect()
}

pub(super) async fn all(shopify: &Shopify, count: usize) -> Vec<Seen> {
    let skus: Vec<String> = (0..count).map(|number| format!("P{number}")).collect();
    shopify.find(&skus).await.unwrap()
}

async fn see(shopify: &Shopify, seen: &Seen) -> Seen {
    shopify.see(std::slice::from_ref(&seen.variant)).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_variant_is_listed_moved_and_taken_off() {
    let (simulator, shopify) = open(plus(1)).await;
    let start = all(&shopify, 1).await.remove(0);
    assert_eq!(
        (&start.mark, &start.digest, start.continues),
        (&Mark::None, &None, false),
        "a fresh variant is not fresh"
    );
    let mut now = start;
    let moved = Listing { class: Class::Backorder, cap: 9, ..listing(5) };
    let steps = [
        (Step::Mark, Some(listing(5))),
        (Step::TagOn(Class::PreOrder), None),
        (Step::Sell, None),
        (Step::TagOn(Class::Backorder), None),
        (Step::Remark, Some(moved)),
        (Step::TagOff(Class::PreOrder), None),
        (Step::Stop, None),
        (Step::TagOff(Class::Backorder), None),
        (Step::Unmark, None),
    ];
    for (step, listing) in steps {
        let outcome = submit(&shopify, &ops(step, std::slice::from_ref(&now), listing)).await.unwrap().remove(0);
        let Outcome::Done(digest) = outcome else { panic!("{} was not done: {outcome:?}", step.id()) };
        now = see(&shopify, &now).await;
        match step {
            Step::Mark | Step::Remark | Step::Unmark => {
                assert_eq!(digest, now.digest, "{}: the digest told is not the one there", step.id());
                let expected = listing.map_or(Mark::Inactive, Mark::Active);
                assert_eq!(now.mark, expected, "{}: another mark is there", step.id());
            }
            Step::TagOn(class) => assert!(now.tags.has(class), "{}: the tag is not on", step.id()),
            Step::TagOff(class) => assert!(!now.tags.has(class), "{}: the tag is still on", step.id()),
            Step::Sell => assert!(now.continues, "it does not sell"),
            Step::Stop => assert!(!now.continues, "it still sells"),
        }
    }
    assert_eq!(now.tags, Tags::default(), "a tag is left over");
    let writes = simulator.journal();
    assert_eq!(
        writes.iter().filter(|write| !write.changes.is_empty()).count(),
        steps.len(),
        "something was written twice"
    );
}

#[tokio::test]
async fn one_invalid_product_among_a_thousand_spoils_none_of_the_others() {
    let (simulator, shopify) = open(plus(1_000)).await;
    let seen = all(&shopify, 1_000).await;
    assert_eq!(seen.len(), 1_000, "not all are found");
    let gone: u64 = seen[500].parent.rsplit('/').next().unwrap().parse().unwrap();
    simulator.shop().delete_product(gone);
    for step in [Step::TagOn(Class::PreOrder), Step::Mark, Step::Sell] {
        let listed = (step == Step::Mark).then(|| listing(5));
        let outcomes = submit(&shopify, &ops(step, &seen, listed)).await.unwrap();
        let done = outcomes.iter().filter(|outcome| kind(outcome).0 == "done").count();
        assert_eq!((done, kind(&outcomes[500]).0), (999, "refused"), "{}: one bad product spoils others", step.id());
    }
    let (_, throttled) = simulator.requests();
    assert_eq!(throttled, 0, "requests were sent without the points for them");
}

#[tokio::test]
async fn one_mark_changed_meanwhile_is_left_alone_and_the_others_are_written() {
    let (simulator, shopify) = open(plus(100)).await;
    let seen = all(&shopify, 100).await;
    let names = ShopSettings::default();
    simulator.shop().set_metafield("P50", &names.namespace, &names.mark_key, "json", r#"{"by":"somebody else"}"#);
    let outcomes = submit(&shopify, &ops(Step::Mark, &seen, Some(listing(5)))).await.unwrap();
    let done = outcomes.iter().filter(|outcome| kind(outcome).0 == "done").count();
    let place = seen.iter().position(|seen| seen.sku == "P50").unwrap();
    assert_eq!((done, kind(&outcomes[place])), (99, ("unknown", "STALE_OBJECT")), "a change meanwhile spoils others");
    let now = see(&shopify, &seen[place]).await;
    assert!(matches!(now.mark, Mark::Foreign(_)), "somebody else's change was overwritten: {:?}", now.mark);
}

#[tokio::test]
async fn what_is_below_our_tags_is_found_and_skus_only_exactly() {
    let mut shop = plus(3);
    let twice = shop.add_product("Twice", ["TWICE", "twice", "TWICE"]);
    shop.add_tag(twice, "hc:BACKORDER");
    let draft = shop.add_product("Draft", ["DRAFT"]);
    shop.add_tag(draft, "HC:Pre-Order");
    shop.set_status(draft, Status::Draft);
    let (_simulator, shopify) = open(shop).await;
    let found = shopify.find(&["TWICE".to_owned(), "NONE".to_owned()]).await.unwrap();
    assert_eq!(found.len(), 2, "a SKU is found that differs in case, or one of two is lost");
    assert!(found.iter().all(|seen| seen.tags.backorder), "a tag in other letters is not seen");
    let mut marked: Vec<String> = shopify.marked().await.unwrap().into_iter().map(|seen| seen.sku).collect();
    marked.sort();
    assert_eq!(marked, ["DRAFT", "TWICE", "TWICE", "twice"], "what is below our tags is not all of it, or more");
}

#[tokio::test]
async fn the_demo_shop_lets_an_app_in_by_its_credentials() {
    let (simulator, _) = open(plus(1)).await;
    let access =
        |secret: &str| Access::ClientCredentials { client_id: Rights::CLIENT.to_owned(), client_secret: secret.into() };
    let answers = connected(&simulator, access(Rights::SECRET)).test().await.unwrap();
    assert_eq!(answers.missing_scopes, Vec::<String>::new(), "a scope that is there is missed");
    assert_eq!(answers.warnings, Vec::<String>::new(), "a shop in order gives warnings");
    assert_eq!(
        (answers.zone.as_deref(), answers.version.as_deref()),
        (Some("Europe/Madrid"), Some("2026-10")),
        "who it is is lost"
    );
    let error = connected(&simulator, access("wrong")).test().await.unwrap_err();
    assert!(matches!(error, ShopError::Disconnected(_)), "a wrong secret is not told: {error:?}");
    simulator.shop().access.scopes.retain(|scope| scope != "write_products");
    let answers = connected(&simulator, access(Rights::SECRET)).test().await.unwrap();
    assert_eq!(answers.missing_scopes, ["write_products"], "a missing scope is not named");
}
