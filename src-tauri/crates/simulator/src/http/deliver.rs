//! A reply as a response: at once, late, in drops, or not at all.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use futures_util::stream;

use super::line::Knife;
use crate::answer::{Delivery, Reply};

const DROPS: usize = 8;

/// Waits as the shop is told to, then answers.
pub(crate) async fn deliver(reply: Reply, latency: Duration, knife: &Knife) -> Response<Body> {
    let hold = match reply.delivery {
        Delivery::Late(ms) => Duration::from_millis(ms),
        _ => Duration::ZERO,
    };
    if latency + hold > Duration::ZERO {
        tokio::time::sleep(latency + hold).await;
    }
    let length = reply.body.len();
    let body = match reply.delivery {
        Delivery::Slowly(over) => dripping(reply.body, Duration::from_millis(over)),
        _ => Body::from(reply.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if reply.delivery == Delivery::Cut {
        knife.cut();
    }
    response
}

fn dripping(body: Vec<u8>, over: Duration) -> Body {
    let drops: Vec<Bytes> = body.chunks(body.len().div_ceil(DROPS).max(1)).map(Bytes::copy_from_slice).collect();
    let pause = over / DROPS as u32;
    Body::from_stream(stream::unfold(drops.into_iter(), move |mut left| async move {
        let drop = left.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, Infallible>(drop), left))
    }))
}
