//! The adapter against answers word by word, in virtual time; and against the simulator.

mod access;
mod answers;
mod bulk;
mod documents;
mod faults;
mod limits;
mod marks;
mod near;
mod reads;
mod simulated;
mod themes;
mod writes;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use presell_catalog::rules::Class;
use serde_json::{Value, json};

use super::wire::{Raw, Silence, Wire};
use super::{Access, Config, Shopify};
use crate::adapter::{Adapter, Ledger, Outcome, ShopError};
use crate::model::Listing;
use crate::plan::{Expect, Op, Step};
use crate::secrets::Secret;
use crate::settings::ShopSettings;

const TOKEN: &str = "shpat_00c0ffee";

/// A reply as the wire gives it.
type Reply = Result<Raw, Silence>;

/// A line on which every reply is written beforehand.
#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Reply>>,
    sent: Mutex<Vec<Value>>,
    tokens: Mutex<Vec<String>>,
}

impl Script {
    fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Script> {
        Arc::new(Script { replies: Mutex::new(replies.into_iter().collect()), ..Script::default() })
    }

    fn next(&self) -> Reply {
        self.replies.lock().unwrap().pop_front().unwrap_or_else(|| panic!("the shop was asked once more than expected"))
    }

    fn sent(&self) -> Vec<Value> {
        self.sent.lock().unwrap().clone()
    }

    fn unused(&self) -> usize {
        self.replies.lock().unwrap().len()
    }
}

impl Wire for Script {
    fn post<'a>(&'a self, token: &'a Secret, body: Vec<u8>) -> BoxFuture<'a, Reply> {
        self.sent.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
        self.tokens.lock().unwrap().push(token.expose().to_owned());
        Box::pin(async { self.next() })
    }

    fn token<'a>(&'a self, client_id: &'a str, _: &'a Secret) -> BoxFuture<'a, Reply> {
        self.sent.lock().unwrap().push(json!({"client_id": client_id}));
        Box::pin(async { self.next() })
    }

    fn upload<'a>(&'a self, url: &'a str, fields: Vec<(String, String)>, file: Vec<u8>) -> BoxFuture<'a, Reply> {
        self.sent.lock().unwrap().push(json!({"url": url, "fields": fields, "file": String::from_utf8(file).unwrap()}));
        Box::pin(async { self.next() })
    }

    fn download<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Reply> {
        self.sent.lock().unwrap().push(json!({"url": url}));
        Box::pin(async { self.next() })
    }
}

fn shop(wire: Arc<dyn Wire>) -> Shopify {
    Shopify::over(wire, config(Access::Token(TOKEN.into())))
}

fn config(access: Access) -> Config {
    Config {
        domain: "presell-demo.myshopify.com".to_owned(),
        base_url: None,
        access,
        settings: ShopSettings::default(),
        user_agent: "Presell/test".to_owned(),
    }
}

fn status(status: u16, body: &Value) -> Reply {
    Ok(Raw { status, body: body.to_string().into_bytes(), request: Some("req-1".to_owned()), ..Raw::default() })
}

fn ok(data: Value) -> Reply {
    status(200, &json!({"data": data, "extensions": {"cost": cost(10.0, 10.0, 1_990.0)}}))
}

fn errors(errors: Value) -> Reply {
    status(200, &json!({"errors": errors}))
}

fn coded(code: &str) -> Reply {
    errors(json!([{"message": format!("It is {code}"), "extensions": {"code": code}}]))
}

fn cost(requested: f64, actual: f64, available: f64) -> Value {
    json!({"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus":
        {"maximumAvailable": 2_000.0, "currentlyAvailable": available, "restoreRate": 100.0}})
}

fn product(number: u64) -> String {
    format!("gid://shopify/Product/{number}")
}

fn variant(number: u64) -> String {
    format!("gid://shopify/ProductVariant/{number}")
}

fn tag_on(number: u64) -> Op {
    op(Step::TagOn(Class::PreOrder), number, None)
}

/// On the variant of this number, or on its product: each product has one variant.
fn op(step: Step, number: u64, listing: Option<Listing>) -> Op {
    let of_product = matches!(step, Step::TagOn(_) | Step::TagOff(_));
    Op {
        step,
        parent: product(number),
        variant: (!of_product).then(|| variant(number)),
        products: vec![i64::try_from(number).unwrap()],
        listing,
        expect: Expect::Absent,
    }
}

fn listing(cap: i64) -> Listing {
    let promise_date = NaiveDate::from_ymd_opt(2027, 1, 15).unwrap();
    Listing { class: Class::PreOrder, promise_date, cap }
}

/// Keeps nothing.
struct NoLedger;

impl Ledger for NoLedger {
    fn may_write(&self) -> bool {
        true
    }

    fn started<'a>(&'a self, _: &'a str, _: Step, _: usize) -> BoxFuture<'a, Result<(), ShopError>> {
        Box::pin(async { Ok(()) })
    }

    fn ended<'a>(&'a self, _: &'a str, _: &'a str, _: Option<&'a str>) -> BoxFuture<'a, Result<(), ShopError>> {
        Box::pin(async { Ok(()) })
    }
}

async fn submit(shop: &Shopify, ops: &[Op]) -> Result<Vec<Outcome>, ShopError> {
    shop.submit(ops, &NoLedger).await
}

/// The kind of an outcome and its code.
fn kind(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Done(_) => ("done", ""),
        Outcome::Refused(reason) => ("refused", &reason.code),
        Outcome::Unknown(reason) => ("unknown", &reason.code),
        Outcome::Later(reason) => ("later", &reason.code),
    }
}
