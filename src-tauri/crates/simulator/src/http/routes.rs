//! Which address does what.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::deliver::deliver;
use super::line::Knife;
use super::{control, page, upload};
use crate::answer::{Call, Reply};
use crate::faults::Trouble;
use crate::shared::Shared;

/// A file of a bulk operation may have 100 MB, and then some for the form around it.
const LARGEST_BODY: usize = 110 * 1024 * 1024;

/// What every route works with.
#[derive(Clone)]
pub(crate) struct Served(pub(crate) Arc<Shared>);

pub(crate) fn router(served: Served) -> Router {
    Router::new()
        .route("/admin/api/{version}/graphql.json", post(graphql))
        .route("/admin/oauth/access_token", post(token))
        .route("/staged", post(staged))
        .route("/bulk/{file}", get(result))
        .route("/simulator/state", get(control::state))
        .route("/simulator/journal", get(control::journal))
        .route("/simulator/faults", get(control::faults).put(control::set_faults))
        .route("/simulator/products", post(control::products))
        .route("/", get(page::show))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(served)
}

async fn graphql(
    State(Served(shared)): State<Served>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    Path(version): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let token = text(&headers, "x-shopify-access-token");
    let call = Call { version: &version, token, body: &body, base_url: shared.base_url() };
    let reply = shared.world().graphql(&call);
    shared.wrote();
    deliver(reply, shared.latency(), &knife).await
}

async fn token(
    State(Served(shared)): State<Served>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let asked: Value = if text(&headers, "content-type").starts_with("application/json") {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), json!(value))).collect()
    };
    let reply = granted(&shared, &asked);
    deliver(reply, shared.latency(), &knife).await
}

fn granted(shared: &Shared, asked: &Value) -> Reply {
    let mut world = shared.world();
    let now = world.look_at_the_clock();
    if let Some(reply) = world.trouble.strike(&["token"], now).iter().find_map(in_the_way) {
        return reply;
    }
    if asked["grant_type"] != "client_credentials" {
        return Reply::json(400, &json!({"error": "unsupported_grant_type"}));
    }
    let text = |name: &str| asked[name].as_str().unwrap_or_default();
    let access = &mut world.shop.access;
    match access.issue(text("client_id"), text("client_secret"), now) {
        Some((token, life)) => {
            let scope = access.scopes.join(",");
            Reply::json(200, &json!({"access_token": token, "scope": scope, "expires_in": life / 1_000}))
        }
        None => Reply::json(
            400,
            &json!({"error": "application_cannot_be_found",
            "error_description": "No app with this client id and secret is installed in this shop"}),
        ),
    }
}

async fn staged(
    State(Served(shared)): State<Served>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let reply = kept(&shared, text(&headers, "content-type"), &body);
    deliver(reply, Duration::ZERO, &knife).await
}

fn kept(shared: &Shared, content_type: &str, body: &[u8]) -> Reply {
    let mut world = shared.world();
    let now = world.look_at_the_clock();
    if let Some(reply) = world.trouble.strike(&["staged"], now).iter().find_map(in_the_way) {
        return reply;
    }
    let Some(mut fields) = upload::fields(content_type, body) else {
        return Reply::text(400, "text/plain", "not a form with a file");
    };
    // Everything after the file is not read by the real store either.
    let file = fields.pop().filter(|(name, _)| name == "file").and_then(|(_, text)| String::from_utf8(text).ok());
    let key = fields.into_iter().find(|(name, _)| name == "key").and_then(|(_, key)| String::from_utf8(key).ok());
    let place = key.and_then(|key| world.shop.staged.get_mut(&key));
    match (place, file) {
        (Some(place), Some(file)) => {
            *place = Some(file);
            Reply::text(201, "text/plain", "")
        }
        _ => Reply::text(403, "text/plain", "no such place, or the file is not the last field"),
    }
}

async fn result(
    State(Served(shared)): State<Served>,
    ConnectInfo(knife): ConnectInfo<Knife>,
    Path(file): Path<String>,
) -> Response<Body> {
    let reply = downloaded(&shared, &file);
    deliver(reply, Duration::ZERO, &knife).await
}

fn downloaded(shared: &Shared, file: &str) -> Reply {
    let mut world = shared.world();
    let now = world.look_at_the_clock();
    let troubles = world.trouble.strike(&["result"], now);
    if let Some(reply) = troubles.iter().find_map(in_the_way) {
        return reply;
    }
    let id = file.strip_suffix(".jsonl").and_then(|id| id.parse().ok());
    let bulk = id.and_then(|id: u64| world.shop.bulks.get(&id)).filter(|bulk| !bulk.expired && !bulk.status.open());
    match bulk {
        Some(bulk) => {
            let lines: String = bulk.result.iter().flat_map(|line| [line, "\n"]).collect();
            Reply::text(200, "application/jsonl", lines)
        }
        None => Reply::text(404, "text/plain", "no such file, or no longer"),
    }
}

/// The troubles that a request without a document can meet.
fn in_the_way(trouble: &Trouble) -> Option<Reply> {
    match trouble {
        Trouble::TooManyRequests { retry_after } => {
            Some(Reply::refused(429, "Too Many Requests").with("retry-after", retry_after.to_string()))
        }
        Trouble::Status { status, .. } => Some(Reply::refused(*status, "Something is wrong on the side of the shop")),
        Trouble::Reset { .. } => Some(Reply::cut()),
        Trouble::ResultGone => Some(Reply::text(403, "text/plain", "the address has run out")),
        Trouble::Malformed => Some(Reply::text(200, "application/json", "{\"access_token\": \"shp")),
        _ => None,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
