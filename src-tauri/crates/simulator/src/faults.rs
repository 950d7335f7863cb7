//! Trouble on purpose: which requests meet it, and what happens to them.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::shop::{Policy, Standing};

/// A plan of faults. With the same seed and the same requests it strikes the same ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// Decides what `probability` leaves open.
    pub seed: u64,
    /// The faults; each is asked about each request.
    pub faults: Vec<Fault>,
}

/// A fault: whom it strikes, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Only requests with this name: the operation's (`SetMf`) or one of its fields' (`metafieldsSet`); also `token`,
    /// `staged`, `result` for the requests without a document. All, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only the n-th such request, from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Only by chance: 0.25 is about every fourth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// At most so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// What happens.
    #[serde(flatten)]
    pub trouble: Trouble,
}

impl Fault {
    /// Strikes every request; narrow it with the fields or the methods.
    pub fn new(trouble: Trouble) -> Self {
        Self { operation: None, nth: None, probability: None, times: None, trouble }
    }

    /// Only requests with this name.
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only the n-th such request, from one.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// At most so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// By chance: a share from 0 to 1.
    #[must_use]
    pub fn by_chance(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }
}

/// What happens to a request. `after_write`: the shop has done what was asked, only the answer says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Trouble {
    /// 200 with THROTTLED, as if the bucket were empty.
    Throttled,
    /// 429.
    TooManyRequests {
        /// Seconds of the header, may be fractional.
        retry_after: f64,
    },
    /// 500, 502, 503, 504 or any other status.
    Status {
        /// The status.
        status: u16,
        /// Whether the write was done.
        #[serde(default)]
        after_write: bool,
    },
    /// Nothing for a while, then 504.
    Timeout {
        /// How long.
        hold_ms: u64,
        /// Whether the write was done.
        #[serde(default)]
        after_write: bool,
    },
    /// The connection is cut.
    Reset {
        /// Whether the write was done.
        #[serde(default)]
        after_write: bool,
    },
    /// The write is done; the answer breaks off in the middle of its JSON, though its length is right.
    Malformed,
    /// 200 with INTERNAL_SERVER_ERROR.
    InternalError {
        /// Whether the write was done.
        #[serde(default)]
        after_write: bool,
    },
    /// `userErrors`: of a partial update the first items, of anything else the whole call.
    Refuse {
        /// The code for machines.
        code: String,
        /// The words for people.
        message: String,
        /// How many items.
        #[serde(default = "one")]
        items: usize,
    },
    /// Somebody deletes the product just before the request gets there.
    DeleteProduct {
        /// The product of this SKU; the first one the request names, if left out.
        #[serde(default)]
        sku: Option<String>,
    },
    /// Another app changes tags just before the request gets there.
    EditTags {
        /// The product of this SKU; the first one the request names, if left out.
        #[serde(default)]
        sku: Option<String>,
        /// Tags put on.
        #[serde(default)]
        add: Vec<String>,
        /// Tags taken off.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// Stock arrives, or goes, just before the request gets there.
    SetStock {
        /// Whose.
        sku: String,
        /// What is available then.
        quantity: i64,
    },
    /// The merchant changes a policy just before the request gets there.
    SetPolicy {
        /// Whose.
        sku: String,
        /// What it is then.
        policy: Policy,
    },
    /// The token ends now: this request gets 401, and so does every other one with it.
    ExpireToken,
    /// Another version than the one asked for answers, as after a retirement.
    FallForward {
        /// The version the header names.
        version: String,
    },
    /// The shop is closed from now on: 402, 403 or 423.
    Close {
        /// How.
        standing: Standing,
    },
    /// The bulk operation this request starts breaks off.
    BulkFails {
        /// Lines it still does.
        after_lines: usize,
    },
    /// The address of a bulk result has run out.
    ResultGone,
    /// The answer drips.
    SlowBody {
        /// How long it takes.
        over_ms: u64,
    },
}

fn one() -> usize {
    1
}

/// A plan at work.
#[derive(Debug)]
pub(crate) struct Troublemaker {
    faults: Faults,
    dice: Rng,
    seen: Vec<u64>,
    struck: Vec<u64>,
    /// When it last struck, for the summary.
    pub(crate) last: Option<Millis>,
}

impl Troublemaker {
    pub(crate) fn new(faults: Faults) -> Self {
        let counts = vec![0; faults.faults.len()];
        Self { dice: Rng::with_seed(faults.seed), seen: counts.clone(), struck: counts, faults, last: None }
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// How often each fault struck.
    pub(crate) fn struck(&self) -> &[u64] {
        &self.struck
    }

    /// What happens to a request with these names.
    pub(crate) fn strike(&mut self, names: &[&str], now: Millis) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for (at, fault) in self.faults.faults.iter().enumerate() {
            if fault.operation.as_deref().is_some_and(|wanted| !names.contains(&wanted)) {
                continue;
            }
            self.seen[at] += 1;
            let turn = fault.nth.is_none_or(|nth| nth == self.seen[at]);
            let left = fault.times.is_none_or(|times| self.struck[at] < times);
            if turn && left && fault.probability.is_none_or(|share| self.dice.f64() < share) {
                self.struck[at] += 1;
                self.last = Some(now);
                troubles.push(fault.trouble.clone());
            }
        }
        troubles
    }
}
