//! What only a connection can show: tokens, headers, resets, slow and broken answers, the routes for testers.

use std::time::Duration;

use presell_simulator::shop::Access;
use presell_simulator::{Clock, Fault, Faults, Options, Simulator, Trouble};
use serde_json::{Value, json};
use ureq::Agent;

use crate::common::{ADD_TAGS, NOON, apparel, product_id};

async fn open() -> Simulator {
    let options = Options { shop: Some(apparel()), clock: Clock::manual(NOON), ..Options::default() };
    Simulator::start(options).await.expect("the demo shop starts")
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).build().into()
}

struct Answer {
    status: u16,
    version: String,
    retry: Option<String>,
    body: String,
}

/// Posts a query as the app does.
async fn post(base: &str, version: &str, token: &str, query: &str, variables: Value) -> Result<Answer, ureq::Error> {
    let url = format!("{base}/admin/api/{version}/graphql.json");
    let (token, body) = (token.to_owned(), json!({"query": query, "variables": variables}));
    let asked = tokio::task::spawn_blocking(move || {
        let mut response = agent().post(&url).header("X-Shopify-Access-Token", token).send_json(body)?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        assert!(header("x-request-id").is_some() || response.status() != 200, "every answer has a number");
        let (version, retry) = (header("x-shopify-api-version").unwrap_or_default(), header("retry-after"));
        Ok(Answer { status: response.status().as_u16(), version, retry, body: response.body_mut().read_to_string()? })
    });
    asked.await.expect("the request was made")
}

async fn grant(base: &str, form: &'static str) -> (u16, Value) {
    let url = format!("{base}/admin/oauth/access_token");
    let asked = tokio::task::spawn_blocking(move || {
        let json = form.starts_with('{');
        let kind = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        let mut response = agent().post(&url).header("Content-Type", kind).send(form).expect("answered");
        (response.status().as_u16(), response.body_mut().read_json().unwrap_or_default())
    });
    asked.await.expect("the request was made")
}

const SHOP: &str = "{ shop { name } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_granted_for_client_credentials_and_ends() {
    let clock = Clock::manual(NOON);
    let options = Options { clock: clock.clone(), ..Options::default() };
    let simulator = Simulator::start(options).await.expect("the demo shop starts");
    let base = simulator.base_url();
    let (status, said) =
        grant(base, "client_id=presell-demo&client_secret=demo-secret&grant_type=client_credentials").await;
    assert_eq!(status, 200, "the right secret opens: {said}");
    assert_eq!(said["expires_in"], 86_399, "a token lives a day");
    let token = said["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(
        post(base, "2026-10", &token, SHOP, json!({})).await.expect("answered").status,
        200,
        "the token opens the shop"
    );
    clock.advance(86_399_000);
    assert_eq!(post(base, "2026-10", &token, SHOP, json!({})).await.expect("answered").status, 401, "and ends");
    let (status, _) = grant(
        base,
        r#"{"client_id": "presell-demo", "client_secret": "demo-secret", "grant_type": "client_credentials"}"#,
    )
    .await;
    assert_eq!(status, 200, "JSON is taken as well");
    let (status, _) = grant(base, "client_id=presell-demo&client_secret=wrong&grant_type=client_credentials").await;
    assert_eq!(status, 400, "a wrong secret opens nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_version_is_answered_by_the_oldest_that_is_left() {
    let simulator = open().await;
    let base = simulator.base_url();
    let answered = |version: &'static str| async move {
        post(base, version, Access::TOKEN, SHOP, json!({})).await.expect("answered")
    };
    assert_eq!(answered("2026-10").await.version, "2026-10", "a version that is there answers itself");
    assert_eq!(answered("2025-01").await.version, "2026-07", "a retired one falls forward");
    assert_eq!(answered("2031-01").await.status, 404, "one that is not there yet does not answer");
    let fault = Fault::new(Trouble::FallForward { version: "2026-10".into() });
    simulator.set_faults(Faults { seed: 1, faults: vec![fault] });
    assert_eq!(answered("2026-07").await.version, "2026-10", "a retirement can be played");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_the_connection_without_an_answer() {
    let simulator = open().await;
    let (base, id) = (simulator.base_url(), product_id(&simulator, "BLK-S"));
    let tag = || post(base, "2026-10", Access::TOKEN, ADD_TAGS, json!({"id": id, "tags": ["x"]}));
    let has = || simulator.shop().product_of("BLK-S").is_some_and(|p| p.has_tag("x"));
    simulator.set_faults(Faults { seed: 1, faults: vec![Fault::new(Trouble::Reset { after_write: false })] });
    assert!(tag().await.is_err(), "there is no answer");
    assert!(!has(), "and before the write nothing is written");
    simulator.set_faults(Faults { seed: 1, faults: vec![Fault::new(Trouble::Reset { after_write: true })] });
    assert!(tag().await.is_err(), "there is no answer either");
    assert!(has(), "though after the write it is written");
    simulator.set_faults(Faults::default());
    assert_eq!(tag().await.expect("answered").status, 200, "without faults all is well again");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_can_break_off_drip_and_ask_for_patience() {
    let simulator = open().await;
    let base = simulator.base_url();
    let strike = |trouble| simulator.set_faults(Faults { seed: 1, faults: vec![Fault::new(trouble)] });
    strike(Trouble::Malformed);
    let answer = post(base, "2026-10", Access::TOKEN, SHOP, json!({})).await.expect("answered");
    assert!(serde_json::from_str::<Value>(&answer.body).is_err(), "it is no JSON: {}", answer.body);
    strike(Trouble::SlowBody { over_ms: 40 });
    let answer = post(base, "2026-10", Access::TOKEN, SHOP, json!({})).await.expect("answered");
    assert!(serde_json::from_str::<Value>(&answer.body).is_ok(), "what drips is whole in the end: {}", answer.body);
    strike(Trouble::TooManyRequests { retry_after: 1.5 });
    let answer = post(base, "2026-10", Access::TOKEN, SHOP, json!({})).await.expect("answered");
    assert_eq!((answer.status, answer.retry.as_deref()), (429, Some("1.5")), "the shop says how long to wait");
    simulator.set_faults(Faults::default());
    simulator.set_latency(Duration::from_millis(5));
    assert_eq!(
        post(base, "2026-10", Access::TOKEN, SHOP, json!({})).await.expect("answered").status,
        200,
        "a slow shop answers too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn testers_can_see_and_change_it_from_outside() {
    let simulator = open().await;
    let base = simulator.base_url().to_owned();
    let id = product_id(&simulator, "BLK-S");
    post(&base, "2026-10", Access::TOKEN, ADD_TAGS, json!({"id": id, "tags": ["x"]})).await.expect("answered");
    let read = |path: &'static str| {
        let url = format!("{base}{path}");
        async move {
            let asked = tokio::task::spawn_blocking(move || {
                agent().get(&url).call().and_then(|mut r| r.body_mut().read_json::<Value>())
            });
            asked.await.expect("asked").expect("answered")
        }
    };
    let state = read("/simulator/state").await;
    assert_eq!((&state["products"], &state["writes"]), (&json!(2), &json!(1)), "the summary counts: {state}");
    assert_eq!(read("/simulator/journal").await[0]["operation"], "tagsAdd", "the journal names the write");
    assert_eq!(read("/simulator/journal?after=1").await, json!([]), "and can be read on from where one was");
    let url = format!("{base}/simulator/faults");
    let put = tokio::task::spawn_blocking(move || {
        let good = agent().put(&url).send_json(json!({"faults": [{"kind": "throttled"}]})).expect("answered").status();
        let bad = agent().put(&url).send_json(json!({"faults": [{"kind": "earthquake"}]})).expect("answered").status();
        (good.as_u16(), bad.as_u16())
    });
    assert_eq!(put.await.expect("asked"), (200, 400), "a plan is taken, a mistake is refused");
    assert_eq!(simulator.faults().faults[0].trouble, Trouble::Throttled, "the plan is at work");
}
