//! Every row of what can come back, and what it means for an operation.

use super::*;

fn done() -> Reply {
    ok(json!({"u0": {"userErrors": []}}))
}

fn throttled() -> Reply {
    status(
        200,
        &json!({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}], "extensions":
        {"cost": {"requestedQueryCost": 10, "actualQueryCost": null, "throttleStatus":
            {"maximumAvailable": 1000.0, "currentlyAvailable": 5, "restoreRate": 50.0}}}}),
    )
}

fn broken() -> Reply {
    Ok(Raw { status: 200, body: b"{\"data\":{\"u0\":{\"use".to_vec(), ..Raw::default() })
}

fn reset() -> Reply {
    Err(Silence::Lost("connection reset by peer".to_owned()))
}

fn no_route() -> Reply {
    Err(Silence::NotSent("no route to host".to_owned()))
}

fn times(reply: impl Fn() -> Reply, times: usize) -> Vec<Reply> {
    (0..times).map(|_| reply()).collect()
}

/// One tag is put on; what becomes of it.
async fn one(replies: Vec<Reply>) -> Result<Outcome, ShopError> {
    let script = Script::new(replies);
    let outcomes = submit(&shop(script.clone()), &[tag_on(1)]).await;
    assert_eq!(script.unused(), 0, "the shop was not asked as often as the answers call for: {outcomes:?}");
    outcomes.map(|mut outcomes| outcomes.remove(0))
}

#[tokio::test(start_paused = true)]
async fn what_comes_back_decides_what_became_of_an_operation() {
    let nothing = json!({"data": {"u0": null}, "errors": [{"message": "Odd", "path": ["u0"]}]});
    let refused = json!({"u0": {"userErrors": [{"field": ["id"], "message": "Product does not exist"}]}});
    let invalid = json!([{"message": "Field 'x' doesn't exist", "locations": [{"line": 1, "column": 1}], "path": ["mutation"],
        "extensions": {"code": "undefinedField"}}]);
    let retry_after = || Ok(Raw { status: 429, retry_after: Some(0.25), ..Raw::default() });
    let rows: Vec<(&str, Vec<Reply>, (&str, &str))> = vec![
        ("ok", vec![done()], ("done", "")),
        ("a business error", vec![ok(refused)], ("refused", "REFUSED")),
        ("throttled, however often", [times(throttled, 9), vec![done()]].concat(), ("done", "")),
        ("429 with a part of a second", vec![retry_after(), retry_after(), done()], ("done", "")),
        ("too expensive, and nothing to split", vec![coded("MAX_COST_EXCEEDED")], ("refused", "MAX_COST_EXCEEDED")),
        ("an internal error that passes", vec![coded("INTERNAL_SERVER_ERROR"), done()], ("done", "")),
        (
            "an internal error that stays",
            times(|| coded("INTERNAL_SERVER_ERROR"), 5),
            ("unknown", "INTERNAL_SERVER_ERROR"),
        ),
        ("an invalid document", vec![errors(invalid)], ("refused", "undefinedField")),
        ("an invalid document in one word", vec![errors(json!("query is missing"))], ("refused", "ERROR")),
        ("errors as an object", vec![errors(json!({"base": ["no"]}))], ("refused", "ERROR")),
        ("a null payload with errors", vec![status(200, &nothing)], ("unknown", "ERROR")),
        (
            "null data with errors",
            vec![status(200, &json!({"data": null, "errors": [{"message": "?"}]}))],
            ("unknown", "ERROR"),
        ),
        ("no data at all", vec![status(200, &json!({}))], ("unknown", "BAD_ANSWER")),
        ("half an answer", vec![broken()], ("unknown", "BAD_ANSWER")),
        ("500 that passes", vec![status(500, &json!({})), done()], ("done", "")),
        ("503 that stays", times(|| status(503, &json!({})), 5), ("unknown", "HTTP_503")),
        ("540 that stays", times(|| status(540, &json!({})), 5), ("unknown", "HTTP_540")),
        ("504", vec![status(504, &json!({}))], ("unknown", "HTTP_504")),
        ("a connection that broke", vec![reset()], ("unknown", "NO_ANSWER")),
        ("no connection at first", vec![no_route(), done()], ("done", "")),
        (
            "500, then no connection",
            [vec![status(500, &json!({}))], times(no_route, 4)].concat(),
            ("unknown", "HTTP_500"),
        ),
        (
            "500, then a closed shop",
            vec![status(500, &json!({})), status(402, &json!({"errors": "Unavailable Shop"}))],
            ("unknown", "HTTP_500"),
        ),
        ("a request not understood", vec![status(400, &json!({"errors": "Bad"}))], ("refused", "HTTP_400")),
    ];
    for (row, replies, expected) in rows {
        let outcome = one(replies).await.unwrap_or_else(|error| panic!("{row}: the shop stopped: {error}"));
        assert_eq!(kind(&outcome), expected, "{row} means something else: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_stops_a_shop_is_told_as_such_and_not_tried_again() {
    type Is = fn(&ShopError) -> bool;
    let disconnected: Is = |error| matches!(error, ShopError::Disconnected(_));
    let blocked: Is = |error| matches!(error, ShopError::Blocked(_));
    let away: Is = |error| matches!(error, ShopError::Away(_));
    let told = |code| status(code, &json!({"errors": "[API] the shop's own words"}));
    let denied = json!({"data": {"u0": null}, "errors": [{"message": "Access denied for tagsAdd field.", "path": ["u0"],
        "extensions": {"code": "ACCESS_DENIED", "requiredAccess": "`write_products` access scope."}}]});
    let rows: Vec<(&str, Vec<Reply>, Is, &str)> = vec![
        ("a bad token", vec![told(401)], disconnected, "the shop's own words"),
        ("an unpaid bill", vec![told(402)], blocked, "frozen"),
        ("no approval", vec![told(403)], disconnected, "Approve"),
        ("a locked shop", vec![told(423)], blocked, "locked"),
        ("a security rejection", vec![told(430)], blocked, "protection"),
        ("no shop there", vec![told(404)], disconnected, "no shop at this address"),
        ("a missing scope", vec![status(200, &denied)], disconnected, "tagsAdd"),
        ("a line that is down", times(no_route, 5), away, "no route to host"),
    ];
    for (row, replies, is, words) in rows {
        let error = one(replies).await.expect_err(row);
        assert!(is(&error), "{row} is taken for something else: {error:?}");
        assert!(error.to_string().contains(words), "{row} is told without {words:?}: {error}");
        assert!(!error.to_string().contains(TOKEN), "{row}: the words show the token");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_at_once_is_sent_in_halves() {
    let two = || ok(json!({"u0": {"userErrors": []}, "u1": {"userErrors": []}}));
    let script = Script::new([coded("MAX_COST_EXCEEDED"), two(), coded("MAX_COST_EXCEEDED"), done(), done()]);
    let outcomes = submit(&shop(script.clone()), &[1, 2, 3, 4].map(tag_on)).await.unwrap();
    assert!(outcomes.iter().all(|o| kind(o).0 == "done"), "half of the halves was lost: {outcomes:?}");
    assert_eq!(script.sent().len(), 5, "the documents were not halved");
}

#[tokio::test(start_paused = true)]
async fn a_shop_that_stops_in_the_middle_keeps_what_was_decided() {
    let ops: Vec<Op> = (0..400).map(tag_on).collect();
    let all = || ok((0..20).map(|turn| (format!("u{turn}"), json!({"userErrors": []}))).collect());
    let mut replies = times(all, 3);
    replies.push(status(402, &json!({"errors": "Unavailable Shop"})));
    replies.extend(times(|| status(402, &json!({"errors": "Unavailable Shop"})), 20));
    let script = Script::new(replies);
    let shop = shop(script.clone());
    let outcomes = submit(&shop, &ops).await.unwrap();
    let done = outcomes.iter().filter(|outcome| kind(outcome).0 == "done").count();
    let later = outcomes.iter().filter(|outcome| kind(outcome).0 == "later").count();
    assert_eq!((done, later), (60, 340), "what was done before the shop stopped is not told apart");
    assert!(script.sent().len() < 15, "a closed shop is asked on and on: {}", script.sent().len());
    let error = submit(&shop, &ops).await.unwrap_err();
    assert!(
        matches!(error, ShopError::Blocked(_)),
        "the next question does not tell that the shop is closed: {error:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_in_a_document_is_tried_again_alone() {
    let first = json!({"data": {"u0": {"userErrors": []}, "u1": null}, "errors":
        [{"message": "Internal error", "path": ["u1"], "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]});
    let script = Script::new([status(200, &first), done()]);
    let outcomes = submit(&shop(script.clone()), &[tag_on(1), tag_on(2)]).await.unwrap();
    assert!(outcomes.iter().all(|o| kind(o).0 == "done"), "an internal error of one field is final: {outcomes:?}");
    assert_eq!(script.sent()[1]["variables"]["id_0"], product(2), "the good one was sent again");
}

#[tokio::test(start_paused = true)]
async fn the_reason_names_the_request_for_the_shops_support() {
    let Ok(Outcome::Unknown(reason)) = one(vec![status(504, &json!({}))]).await else { panic!("504 is not unknown") };
    assert!(reason.message.contains("req-1"), "the number of the request is lost: {}", reason.message);
}

#[tokio::test(start_paused = true)]
async fn one_that_may_be_done_stays_unknown_though_the_shop_closes_before_the_next_try() {
    let first = json!({"data": {"u0": {"userErrors": []}, "u1": null}, "errors":
        [{"message": "Internal error", "path": ["u1"], "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]});
    let script = Script::new([status(200, &first), status(423, &json!({"errors": "Shop Locked"}))]);
    let outcomes = submit(&shop(script), &[tag_on(1), tag_on(2)]).await.unwrap();
    let kinds: Vec<_> = outcomes.iter().map(kind).collect();
    let unknown = ("unknown", "INTERNAL_SERVER_ERROR");
    assert_eq!(kinds, [("done", ""), unknown], "what may be done counts as not done");
}

/// Gives leave to write so many times.
struct Leave(std::sync::atomic::AtomicUsize);

impl Ledger for Leave {
    fn started<'a>(&'a self, _: &'a str, _: Step, _: usize) -> BoxFuture<'a, Result<(), ShopError>> {
        Box::pin(async { Ok(()) })
    }

    fn may_write(&self) -> bool {
        use std::sync::atomic::Ordering::Relaxed;
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    fn ended<'a>(&'a self, _: &'a str, _: &'a str, _: Option<&'a str>) -> BoxFuture<'a, Result<(), ShopError>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_not_write_any_more_sends_nothing_more() {
    let script = Script::new([status(500, &json!({})), done()]);
    let ops = [tag_on(1)];
    let outcomes = shop(script.clone()).submit(&ops, &Leave(1.into())).await.unwrap();
    assert_eq!(script.sent().len(), 1, "a try after the right to write was lost goes nowhere");
    assert_eq!(kind(&outcomes[0]).0, "unknown", "and what the first one did is not known: {outcomes:?}");

    let script = Script::new([done()]);
    let error = shop(script.clone()).submit(&ops, &Leave(0.into())).await.unwrap_err();
    assert!(matches!(error, ShopError::Stopped), "who wakes up too late is told to stop: {error:?}");
    assert_eq!(script.sent().len(), 0, "and sends nothing at all");
}
