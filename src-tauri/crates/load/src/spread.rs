//! How measured times are spread.

use serde_json::{Value, json};

/// Count, quantiles and extremes of `milliseconds`, under `name`.
pub(crate) fn spread(name: &str, mut milliseconds: Vec<f64>) -> Value {
    milliseconds.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = (milliseconds.len() as f64 * part).ceil() as usize;
        milliseconds.get(place.clamp(1, milliseconds.len().max(1)) - 1).map(|ms| (ms * 10.0).round() / 10.0)
    };
    json!({"peer": "presell", name: {
        "count": milliseconds.len(), "min": at(0.0), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0),
    }})
}
