//! What every platform answers to. The engine speaks of listings; an adapter turns them into the platform's own words.

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::model::Seen;
use crate::plan::{Op, Step};

/// What a platform can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Tags on products exist.
    pub tags: bool,
    /// What a shop shows can be read back.
    pub reads: bool,
    /// Variants that are worth giving at once: small enough that what is urgent soon gets its turn.
    pub batch: usize,
    /// From so many variants on, all are given at once, because the shop then works through them by itself.
    pub bulk_from: usize,
    /// It takes everything at once and does all of it or nothing: what is urgent need not go ahead. Since it is quickly read
    /// back as a whole, every sync begins with that.
    pub whole: bool,
}

/// What a shop said when it was tested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(rename = "ShopAnswers")]
pub struct Answers {
    /// Its own name.
    pub name: String,
    /// Its zone, in which its dates are meant.
    pub zone: Option<String>,
    /// Its plan, in its words.
    pub plan: Option<String>,
    /// The version that answered.
    pub version: Option<String>,
    /// What the access allows.
    pub scopes: Vec<String>,
    /// What it does not allow though Presell needs it.
    pub missing_scopes: Vec<String>,
    /// What to know beside: an old version, a warning.
    pub warnings: Vec<String>,
    /// What else it told of itself, in sentences.
    pub notes: Vec<String>,
}

/// What became of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The shop confirmed it; the mark's new digest, where there is one.
    Done(Option<String>),
    /// The shop refused it for a reason of its own: not tried again as it is.
    Refused(Reason),
    /// Nobody knows whether the shop did it: it is read back before anything else.
    Unknown(Reason),
    /// The shop did not do it, and may later.
    Later(Reason),
}

/// Why something was not done: a code for programs and words for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The platform's code, or one of ours.
    pub code: String,
    /// What happened, in words.
    pub message: String,
}

impl Reason {
    /// A reason.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Reason {
        Reason { code: code.into(), message: message.into() }
    }
}

/// Why a shop does not answer as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// Its access is not valid, was taken away, or does not suffice: nothing is tried until somebody acts.
    #[error("{0}")]
    Disconnected(String),
    /// The shop itself is closed, locked or frozen.
    #[error("{0}")]
    Blocked(String),
    /// It cannot be reached or is in trouble just now.
    #[error("{0}")]
    Away(String),
    /// It answered something that makes no sense; a defect of one of the two.
    #[error("{0}")]
    Answer(String),
    /// The sync was stopped meanwhile.
    #[error("The sync was stopped.")]
    Stopped,
}

/// What is kept of work that the shop does by itself, before it is waited for.
pub trait Ledger: Send + Sync {
    /// A bulk operation was accepted.
    fn started<'a>(&'a self, remote_id: &'a str, step: Step, items: usize) -> BoxFuture<'a, Result<(), ShopError>>;
    /// Whether the shop may still be written to. A process that was frozen, or whose computer slept, may wake up when somebody
    /// else has long been at it; what it then sent would undo what that one did.
    fn may_write(&self) -> bool;
    /// It ended: "done", "partial" or "failed", and why.
    fn ended<'a>(
        &'a self,
        remote_id: &'a str,
        state: &'a str,
        message: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), ShopError>>;
}

/// A shop of one platform.
pub trait Adapter: Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Asks who it is and what the access allows.
    fn test(&self) -> BoxFuture<'_, Result<Answers, ShopError>>;
    /// The variants with these SKUs, exactly; a SKU may have none or several.
    fn find<'a>(&'a self, skus: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>>;
    /// Variants as they are now, not as an index remembers them; one that is gone is missing from the answer.
    fn see<'a>(&'a self, variants: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>>;
    /// Every variant that carries our active mark or is below one of our tags, page by page.
    fn marked<'a>(&'a self) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>>;
    /// Does operations of one step; one outcome each, in order. One bad operation never spoils another. A shop that takes
    /// everything at once gets the operations of all steps, in their order.
    fn submit<'a>(&'a self, ops: &'a [Op], ledger: &'a dyn Ledger) -> BoxFuture<'a, Result<Vec<Outcome>, ShopError>>;
    /// Waits for a bulk operation of an earlier process to end, so that nothing is read while it still writes.
    fn settle<'a>(&'a self, remote_id: &'a str) -> BoxFuture<'a, Result<(), ShopError>>;
}
