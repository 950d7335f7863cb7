//! What the shop itself does wrong: a few kinds of faults at a time, dealt anew every second or two.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use presell_simulator::{Fault, Faults, Trouble};

use super::stage::Stage;

/// Goes on until aborted.
pub(super) async fn blow(stage: Arc<Stage>, seed: u64) {
    let mut chance = Rng::with_seed(seed ^ 0x7765_6174_6865);
    loop {
        let faults = deal(&mut chance);
        let names: Vec<&'static str> = faults.faults.iter().map(|fault| name(&fault.trouble)).collect();
        stage.simulator.set_faults(faults);
        tokio::time::sleep(Duration::from_millis(chance.u64(800..2_200))).await;
        for (name, struck) in names.into_iter().zip(stage.simulator.struck()) {
            stage.tally.add_faults(name, struck);
        }
        stage.learn_names();
    }
}

/// Three kinds, each by chance; every fourth deal is none, so that something gets through.
fn deal(chance: &mut Rng) -> Faults {
    let seed = chance.u64(..);
    if chance.u8(..4) == 0 {
        return Faults { seed, faults: Vec::new() };
    }
    let faults = (0..3).map(|_| {
        let (trouble, share, most) = one(chance);
        let fault = Fault::new(trouble).by_chance(share).times(most);
        match fault.trouble {
            // A refusal is of a write, whichever.
            Trouble::Refuse { .. } => {
                fault.on(["productVariantsBulkUpdate", "metafieldsSet", "tagsAdd", "tagsRemove"][chance.usize(..4)])
            }
            _ => fault,
        }
    });
    Faults { seed, faults: faults.collect() }
}

/// A kind of fault, how likely it is at each request, and how often at most in one deal.
fn one(chance: &mut Rng) -> (Trouble, f64, u64) {
    let after_write = chance.bool();
    match chance.u8(..20) {
        0 => (Trouble::Throttled, 0.4, 4),
        1 => (Trouble::TooManyRequests { retry_after: 0.2 }, 0.4, 4),
        2 | 3 => (Trouble::Status { status: [500, 502, 503, 504][chance.usize(..4)], after_write }, 0.3, 3),
        4..7 => (Trouble::Timeout { hold_ms: 150, after_write: true }, 0.3, 3),
        7 => (Trouble::Timeout { hold_ms: 150, after_write: false }, 0.3, 2),
        8..11 => (Trouble::Reset { after_write }, 0.3, 3),
        11 => (Trouble::Malformed, 0.3, 2),
        12 => (Trouble::InternalError { after_write }, 0.3, 3),
        13 | 14 => {
            let (code, message) = ("INVALID_VALUE".to_owned(), "The shop does not like it.".to_owned());
            (Trouble::Refuse { code, message, items: 1 }, 0.5, 2)
        }
        15 => (Trouble::DeleteProduct { sku: None }, 0.1, 1),
        16 => {
            let (add, remove) = (vec!["flash".to_owned()], vec!["HC:Pre-Order".to_owned(), "HC:Backorder".to_owned()]);
            (Trouble::EditTags { sku: None, add, remove }, 0.3, 2)
        }
        17 => (Trouble::ExpireToken, 0.2, 1),
        18 => (Trouble::FallForward { version: "2026-07".to_owned() }, 0.5, 3),
        _ => (Trouble::SlowBody { over_ms: 300 }, 0.3, 2),
    }
}

/// For the report.
fn name(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Throttled => "throttled",
        Trouble::TooManyRequests { .. } => "429",
        Trouble::Status { after_write: false, .. } => "5xx, nothing written",
        Trouble::Status { after_write: true, .. } => "5xx after the write",
        Trouble::Timeout { after_write: false, .. } => "timed out, nothing written",
        Trouble::Timeout { after_write: true, .. } => "timed out after the write",
        Trouble::Reset { after_write: false } => "cut off before the write",
        Trouble::Reset { after_write: true } => "cut off after the write",
        Trouble::Malformed => "answer broken off after the write",
        Trouble::InternalError { after_write: false } => "internal error, nothing written",
        Trouble::InternalError { after_write: true } => "internal error after the write",
        Trouble::Refuse { .. } => "refused in part",
        Trouble::DeleteProduct { .. } => "product deleted under the request",
        Trouble::EditTags { .. } => "tags changed under the request",
        Trouble::ExpireToken => "token expired",
        Trouble::FallForward { .. } => "another version answered",
        Trouble::SlowBody { .. } => "answer dripped",
        _ => "other",
    }
}
