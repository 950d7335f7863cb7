//! One request to the shop, through the door, at its price, tried again as long as that may help.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::answer::{self, Answer, Trouble};
use super::auth::Door;
use super::limiter::Limiter;
use super::retry::Backoff;
use super::wire::{Raw, Wire};
use crate::adapter::{Ledger, Reason, ShopError};

pub(super) struct Client {
    wire: Arc<dyn Wire>,
    door: Door,
    pub(super) limiter: Limiter,
    version: String,
    notes: Mutex<Notes>,
}

/// What to tell people beside the answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// The version that answered last.
    pub(super) version: Option<String>,
    pub(super) warnings: BTreeSet<String>,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) variables: Value,
    /// What it costs by our own reckoning.
    pub(super) cost: f64,
    /// Whether it is sent again when it may have been done already.
    pub(super) repeat: Repeat,
}

/// When a request that may have been done is sent again without a look at what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// A question: always.
    Freely,
    /// A write that says how things shall be: when the shop was in trouble, not when its answer was lost.
    WhenIll,
    /// A write that begins something: never.
    Never,
}

/// A shop that is asked too often gives way in seconds; one that does not in this many turns has another trouble.
const TURNS: u32 = 100;
const TURN: Duration = Duration::from_secs(1);

impl Client {
    pub(super) fn new(wire: Arc<dyn Wire>, door: Door, version: String) -> Client {
        Client { wire, door, limiter: Limiter::default(), version, notes: Mutex::default() }
    }

    pub(super) fn wire(&self) -> &dyn Wire {
        &*self.wire
    }

    pub(super) fn notes(&self) -> Notes {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks a question. Half an answer is none: what is not known must not look like nothing.
    pub(super) async fn ask(&self, request: &Request) -> Result<Value, Trouble> {
        let mut backoff = Backoff::default();
        loop {
            let answer = self.call(request, None).await?;
            let wrong = |message: String| Trouble::Refused(Reason::new("BAD_ANSWER", message));
            if let Some(warning) = answer.search_warnings.first() {
                return Err(wrong(format!("The shop did not search for what was asked: {warning}")));
            }
            let Some(problem) = answer.errors.first() else { return Ok(answer.data) };
            let message = format!("The shop answered in part only: {}", problem.message);
            if problem.code != "INTERNAL_SERVER_ERROR" {
                return Err(wrong(message));
            }
            match backoff.next() {
                Some(wait) => sleep(wait).await,
                None => return Err(Trouble::Ill(Reason::new(&problem.code, message))),
            }
        }
    }

    /// Sends a request until there is an answer, or a trouble that asking again does not help. Once a try may have done it,
    /// no later trouble proves that it was not: then it is lost, and what else is wrong shows at the next request.
    /// With a ledger, each try needs its leave.
    pub(super) async fn call(&self, request: &Request, ledger: Option<&dyn Ledger>) -> Result<Answer, Trouble> {
        let mut maybe_done = None;
        let said = self.tried(request, ledger, &mut maybe_done).await;
        match maybe_done {
            Some(why) if request.repeat != Repeat::Freely => said.map_err(|_| Trouble::Lost(why)),
            _ => said,
        }
    }

    async fn tried(
        &self,
        request: &Request,
        ledger: Option<&dyn Ledger>,
        maybe_done: &mut Option<Reason>,
    ) -> Result<Answer, Trouble> {
        let (mut backoff, mut turns, mut renewed) = (Backoff::default(), 0, false);
        loop {
            let token = self.door.token().await.map_err(Trouble::Shop)?;
            let hold = self.limiter.reserve(request.name, request.cost).await;
            // As late as can be: whoever waited, for whatever reason, may have waited too long.
            if ledger.is_some_and(|ledger| !ledger.may_write()) {
                hold.cancel();
                return Err(Trouble::Shop(ShopError::Stopped));
            }
            let said = match self.wire.post(&token, body(request)).await {
                Ok(raw) => {
                    let (cost, said) = answer::read(&raw);
                    hold.settle(&cost);
                    self.note(&raw);
                    said
                }
                Err(silence) => {
                    let trouble = Trouble::from(silence);
                    if matches!(trouble, Trouble::NotSent(_)) {
                        hold.cancel();
                    }
                    Err(trouble)
                }
            };
            let trouble = match said {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            tracing::debug!(operation = request.name, ?trouble, "the shop did not do it");
            match trouble {
                Trouble::Token(words) => {
                    if renewed || !self.door.refused(&token).await {
                        let words = format!("{words} Connect the shop again.");
                        return Err(Trouble::Shop(ShopError::Disconnected(words)));
                    }
                    renewed = true;
                }
                Trouble::Busy(wait, why) => {
                    turns += 1;
                    if turns > TURNS {
                        return Err(Trouble::Busy(wait, why));
                    }
                    // Without a word of how long, the bucket knows; if it does not, a second is what the shop advises.
                    match wait {
                        Some(wait) => sleep(wait).await,
                        None if turns > 1 => sleep(TURN).await,
                        None => {}
                    }
                }
                Trouble::Lost(ref why) | Trouble::Ill(ref why) | Trouble::NotSent(ref why) => {
                    let again = match trouble {
                        Trouble::NotSent(_) => true,
                        Trouble::Lost(_) => request.repeat == Repeat::Freely,
                        _ => request.repeat != Repeat::Never,
                    };
                    if !matches!(trouble, Trouble::NotSent(_)) {
                        *maybe_done = Some(why.clone());
                    }
                    let wait = if again { backoff.next() } else { None };
                    match wait {
                        Some(wait) => sleep(wait).await,
                        None => return Err(trouble),
                    }
                }
                Trouble::Shop(_) | Trouble::TooMuch(_) | Trouble::Refused(_) => return Err(trouble),
            }
        }
    }

    fn note(&self, raw: &Raw) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut warnings = Vec::new();
        if let Some(version) = &raw.version {
            if *version != self.version {
                warnings.push(format!(
                    "The shop answered in version {version}, not {}: Shopify no longer speaks that one, or Presell is too old.",
                    self.version
                ));
            }
            notes.version = Some(version.clone());
        }
        if let Some(reason) = &raw.deprecated {
            warnings.push(format!("Shopify will stop what Presell uses here: {reason}"));
        }
        for warning in warnings {
            if notes.warnings.insert(warning.clone()) {
                tracing::warn!(%warning, "from the shop");
            }
        }
    }
}

fn body(request: &Request) -> Vec<u8> {
    let body = json!({"query": request.text, "variables": request.variables, "operationName": request.name});
    body.to_string().into_bytes()
}
