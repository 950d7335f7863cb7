//! The shop window: what a customer sees of each product, so that a person can watch listings come and go.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, header};

use super::routes::Served;
use crate::shop::{Shop, Status};
use crate::theme;

/// More products than anybody looks at.
const MOST: usize = 500;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1b19}\
section{border-top:1px solid #ddd8cf;padding:.75rem 0}h2{font-size:1.1rem;margin:0}ul{list-style:none;margin:.25rem 0 0;padding:0}\
li{display:flex;gap:1rem;align-items:baseline}li>:first-child{min-width:10rem}.badge{border:1px solid;border-radius:1rem;\
padding:0 .6rem;font-size:.875rem}.pre-order{color:#7a3e00}.backorder{color:#4b3a8c}.in-stock{color:#1d6b3a}.sold-out{color:#6b655c}";

/// `GET /`
pub(super) async fn show(State(Served(shared)): State<Served>) -> Response<Body> {
    let page = drawn(&shared.world().shop);
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn drawn(shop: &Shop) -> String {
    let visible = shop.products.values().filter(|p| matches!(p.status, Status::Active | Status::Unlisted));
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{name}</title><style>{STYLE}</style><h1>{name}</h1>\
         <p>This is what customers see now. The shop runs on this machine, and nobody else can visit it.</p>",
        name = escaped(&shop.name)
    );
    for product in visible.clone().take(MOST) {
        let _ = write!(page, "<section><h2>{}</h2><ul>", escaped(&product.title));
        for variant in product.variants.iter().filter_map(|id| shop.variants.get(id)) {
            let badge = theme::badge(product, variant);
            let date =
                badge.promise().map(|date| format!("<span>ships from {}</span>", escaped(date))).unwrap_or_default();
            let _ = write!(
                page,
                "<li><span>{}</span><span class=\"badge {}\">{}</span>{date}</li>",
                escaped(&variant.sku),
                badge.label().to_lowercase().replace(' ', "-"),
                badge.label()
            );
        }
        page.push_str("</ul></section>");
    }
    let hidden = visible.count().saturating_sub(MOST);
    if hidden > 0 {
        let _ = write!(page, "<p>And {hidden} more products.</p>");
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
