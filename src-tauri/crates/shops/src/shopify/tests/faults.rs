//! Trouble on purpose, and what a tag that was to be put on comes to.

use presell_simulator::shop::{Access as Rights, Standing};
use presell_simulator::{Fault, Faults, Simulator, Trouble};

use super::near::Near;
use super::simulated::{all, connected, open, ops, plus};
use super::*;

const ON: Step = Step::TagOn(Class::PreOrder);

fn trouble(simulator: &Simulator, trouble: Trouble, times: u64) {
    let faults = vec![Fault::new(trouble).on("tagsAdd").times(times)];
    simulator.set_faults(Faults { seed: 1, faults });
}

fn is_on(simulator: &Simulator) -> bool {
    simulator.shop().product_of("P0").is_some_and(|product| product.has_tag("HC:Pre-Order"))
}

/// In virtual time: troubles that are waited out, or not.
#[tokio::test(start_paused = true)]
async fn troubles_that_pass_are_waited_out_and_others_told_for_what_they_are() {
    let internal = |after_write| Trouble::InternalError { after_write };
    let failing = |status, after_write| Trouble::Status { status, after_write };
    let refuse = Trouble::Refuse { code: "X".to_owned(), message: "Not this one".to_owned(), items: 1 };
    let rows = [
        (Trouble::Throttled, 7, "done", true),
        (Trouble::TooManyRequests { retry_after: 0.5 }, 3, "done", true),
        (internal(false), 2, "done", true),
        (internal(true), 1, "done", true),
        (internal(false), 9, "unknown", false),
        (internal(true), 9, "unknown", true),
        (failing(500, false), 1, "done", true),
        (failing(502, true), 9, "unknown", true),
        (failing(503, false), 9, "unknown", false),
        (failing(504, false), 1, "unknown", false),
        (failing(504, true), 1, "unknown", true),
        (Trouble::DeleteProduct { sku: None }, 1, "refused", false),
        (refuse, 1, "refused", false),
        (Trouble::EditTags { sku: None, add: vec!["HC:Pre-Order".to_owned()], remove: Vec::new() }, 1, "done", true),
    ];
    for (fault, times, expected, on) in rows {
        let near = Near::open(plus(1)).await;
        let shopify = Shopify::over(near.clone(), config(Access::Token(Rights::TOKEN.into())));
        let tag = ops(ON, &all(&shopify, 1).await, None);
        trouble(&near.simulator, fault.clone(), times);
        let outcome =
            submit(&shopify, &tag).await.unwrap_or_else(|e| panic!("{fault:?} stops the shop: {e}")).remove(0);
        assert_eq!(kind(&outcome).0, expected, "{fault:?} {times} times means something else: {outcome:?}");
        assert_eq!(is_on(&near.simulator), on, "{fault:?}: the tag is not where the outcome allows it");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_whole_leaves_it_unknown() {
    let reset = |after_write| Trouble::Reset { after_write };
    let late = Trouble::Timeout { hold_ms: 20, after_write: true };
    for (fault, on) in [(reset(false), false), (reset(true), true), (Trouble::Malformed, true), (late, true)] {
        let (simulator, shopify) = open(plus(1)).await;
        let tag = ops(ON, &all(&shopify, 1).await, None);
        trouble(&simulator, fault.clone(), 1);
        let outcome = submit(&shopify, &tag).await.unwrap().remove(0);
        assert_eq!(kind(&outcome).0, "unknown", "{fault:?} means something else: {outcome:?}");
        assert_eq!(is_on(&simulator), on, "{fault:?}: it was sent again without a look");
    }
}

#[tokio::test]
async fn an_answer_that_drips_is_an_answer() {
    let (simulator, shopify) = open(plus(1)).await;
    let tag = ops(ON, &all(&shopify, 1).await, None);
    trouble(&simulator, Trouble::SlowBody { over_ms: 50 }, 1);
    assert_eq!(kind(&submit(&shopify, &tag).await.unwrap()[0]).0, "done", "a slow answer is taken for none");
}

#[tokio::test]
async fn a_closed_shop_stops_and_says_how() {
    let blocked: fn(&ShopError) -> bool = |error| matches!(error, ShopError::Blocked(_));
    let disconnected: fn(&ShopError) -> bool = |error| matches!(error, ShopError::Disconnected(_));
    for (standing, is) in
        [(Standing::Frozen, blocked), (Standing::Locked, blocked), (Standing::NotApproved, disconnected)]
    {
        let (simulator, shopify) = open(plus(1)).await;
        let tag = ops(ON, &all(&shopify, 1).await, None);
        trouble(&simulator, Trouble::Close { standing }, 1);
        let error = submit(&shopify, &tag).await.unwrap_err();
        assert!(is(&error), "{standing:?} is taken for something else: {error:?}");
    }
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_and_one_that_cannot_be_disconnects() {
    let (simulator, legacy) = open(plus(1)).await;
    let access =
        Access::ClientCredentials { client_id: Rights::CLIENT.to_owned(), client_secret: Rights::SECRET.into() };
    let shopify = connected(&simulator, access);
    let tag = ops(ON, &all(&shopify, 1).await, None);
    trouble(&simulator, Trouble::ExpireToken, 1);
    assert_eq!(kind(&submit(&shopify, &tag).await.unwrap()[0]).0, "done", "a token that ended is not renewed");
    trouble(&simulator, Trouble::ExpireToken, 1);
    let error = submit(&legacy, &tag).await.unwrap_err();
    assert!(matches!(error, ShopError::Disconnected(_)), "a legacy token taken away goes on: {error:?}");
    simulator.shop().access.scopes.retain(|scope| scope != "write_products");
    let error = submit(&shopify, &tag).await.unwrap_err();
    assert!(
        matches!(&error, ShopError::Disconnected(words) if words.contains("write_products")),
        "the scope is not named: {error:?}"
    );
}

#[tokio::test]
async fn a_version_that_fell_forward_is_told_at_the_next_test() {
    let (simulator, shopify) = open(plus(1)).await;
    let fault = Fault::new(Trouble::FallForward { version: "2027-01".to_owned() }).times(1);
    simulator.set_faults(Faults { seed: 1, faults: vec![fault] });
    let answers = shopify.test().await.unwrap();
    assert!(answers.warnings.iter().any(|warning| warning.contains("2027-01")), "nobody hears of it: {answers:?}");
}

#[tokio::test]
async fn a_shop_that_cannot_be_reached_is_away() {
    let (simulator, shopify) = open(plus(1)).await;
    let tag = ops(ON, &all(&shopify, 1).await, None);
    simulator.shutdown().await;
    let error = submit(&shopify, &tag).await.unwrap_err();
    assert!(matches!(error, ShopError::Away(_)), "a shop that is not there is something else: {error:?}");
}
