//! For whoever tests with the shop: its faults, its state in short, its journal.

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::routes::Served;
use crate::clock::stamp;
use crate::faults::Faults;
use crate::offer::Offered;
use crate::shop::Policy;

/// `GET /simulator/state`
pub(super) async fn state(State(Served(shared)): State<Served>) -> Response<Body> {
    let mut world = shared.world();
    world.look_at_the_clock();
    let shop = &world.shop;
    let selling = shop.variants.values().filter(|v| v.policy == Policy::Continue).count();
    let running = shop.bulks.values().filter(|b| b.status.open()).count();
    let mut said = json!({"name": shop.name, "plan": shop.plan, "standing": shop.access.standing, "now": stamp(shop.now),
        "products": shop.products.len(), "variants": shop.variants.len(), "sellingAtZero": selling,
        "orders": shop.orders.len(), "collections": shop.collections.len(), "bulkOperations": shop.bulks.len(),
        "bulkOperationsRunning": running, "requests": world.requests, "throttled": world.throttled,
        "writes": world.journal.writes().len(), "faultsStruck": world.trouble.struck()});
    let (plan, now) = (shop.plan, shop.now);
    said["points"] = json!(world.bucket.available(plan, now).floor());
    said["pointsSpent"] = json!(world.bucket.spent);
    answer(StatusCode::OK, &said)
}

/// `GET /simulator/journal?after=N`: the writes after the N-th.
pub(super) async fn journal(State(Served(shared)): State<Served>, RawQuery(query): RawQuery) -> Response<Body> {
    let after = query.as_deref().and_then(|q| q.strip_prefix("after=")).and_then(|n| n.parse().ok()).unwrap_or(0);
    let world = shared.world();
    let writes = world.journal.writes();
    answer(StatusCode::OK, &json!(&writes[writes.len().min(after)..]))
}

/// `GET /simulator/faults`
pub(super) async fn faults(State(Served(shared)): State<Served>) -> Response<Body> {
    answer(StatusCode::OK, &json!(shared.world().trouble.faults()))
}

/// `PUT /simulator/faults`: this plan from now on; an empty one ends all trouble.
pub(super) async fn set_faults(State(Served(shared)): State<Served>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<Faults>(&body) {
        Ok(faults) => {
            shared.set_faults(faults);
            answer(StatusCode::OK, &json!(shared.world().trouble.faults()))
        }
        Err(problem) => {
            answer(StatusCode::BAD_REQUEST, &json!({"error": format!("This is not a plan of faults: {problem}")}))
        }
    }
}

/// `POST /simulator/products`: the shop takes up those that it does not sell yet.
pub(super) async fn products(State(Served(shared)): State<Served>, body: Bytes) -> Response<Body> {
    let offered: Vec<Offered> = match serde_json::from_slice(&body) {
        Ok(offered) => offered,
        Err(problem) => {
            return answer(StatusCode::BAD_REQUEST, &json!({"error": format!("These are no products: {problem}")}));
        }
    };
    {
        let mut world = shared.world();
        world.look_at_the_clock();
        world.shop.take_up(&offered);
        world.note_others();
    }
    shared.wrote();
    answer(StatusCode::OK, &json!({"offered": offered.len()}))
}

fn answer(status: StatusCode, said: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(said.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}
