//! Shopify: listings as marks, tags and inventory policies, within the points that a shop gives.
//!
//! `write` says operations and judges the answers, `send` gets them there; `client` pays (`limiter`), opens the door
//! (`auth`), and decides what is tried again (`answer`). What would take minutes that way goes as a file (`bulk`). `read` sees what the shop shows. All documents are in `documents`,
//! each checked against the official schema.

mod address;
mod answer;
mod auth;
mod bulk;
mod client;
mod documents;
mod limiter;
mod mark;
mod probe;
mod read;
mod retry;
mod send;
#[cfg(test)]
mod tests;
mod wire;
mod write;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

pub use address::Address;
pub use auth::Access;
pub use limiter::{Bucket, Limiter};
pub use mark::{NO_CAP, UNKNOWN_CAP};

use crate::adapter::{Adapter, Answers, Capabilities, Ledger, Outcome, ShopError};
use crate::model::Seen;
use crate::plan::{Op, Step};
use crate::settings::ShopSettings;
use write::{Verdict, Write};

/// What it takes to talk to a shop.
#[derive(Clone, Debug)]
pub struct Config {
    /// `my-shop.myshopify.com`.
    pub domain: String,
    /// A demo shop on this machine in its place.
    pub base_url: Option<String>,
    /// How it lets us in.
    pub access: Access,
    /// How it is set.
    pub settings: ShopSettings,
    /// Who we say we are: name and version.
    pub user_agent: String,
}

/// A Shopify shop. Clones share its door and its bucket of points.
#[derive(Clone)]
pub struct Shopify {
    client: Arc<client::Client>,
    settings: Arc<ShopSettings>,
    domain: Arc<str>,
}

impl Shopify {
    /// A shop; nothing is sent yet.
    ///
    /// # Errors
    /// The address is no shop's, the base URL is not on this machine, or the version is too old.
    pub fn new(config: Config) -> Result<Shopify, ShopError> {
        let address = Address::new(&config.domain, config.base_url.as_deref())?;
        address::check_version(&config.settings.api_version)?;
        let http = wire::Http::new(address, &config.settings.api_version, &config.user_agent)?;
        Ok(Shopify::over(Arc::new(http), config))
    }

    fn over(wire: Arc<dyn wire::Wire>, config: Config) -> Shopify {
        let door = auth::Door::new(config.access, Arc::clone(&wire));
        let client = client::Client::new(wire, door, config.settings.api_version.clone());
        Shopify { client: Arc::new(client), settings: Arc::new(config.settings), domain: config.domain.into() }
    }

    /// What was learned of the shop's points.
    pub fn bucket(&self) -> Bucket {
        self.client.limiter.bucket()
    }

    fn reader(&self) -> read::Reader<'_> {
        read::Reader { client: &self.client, settings: &self.settings }
    }

    /// In a file if that is quicker than the points allow otherwise; what the file leaves open, and few, by direct calls.
    async fn write(&self, step: Step, ops: &[Op], ledger: &dyn Ledger) -> Result<Vec<Outcome>, ShopError> {
        let write = write::kind(step, &self.settings);
        let all: Vec<usize> = (0..ops.len()).collect();
        let calls = write::units(&*write, ops, &all, write.unit()).len();
        if !self.suits(calls as f64 * write.cost()).await? {
            let bulk = bulk::Bulk { client: &self.client, write: &*write, ops, step, ledger };
            if let Some(verdicts) = bulk.run().await? {
                return Ok(self.rest(&*write, ops, verdicts, ledger).await);
            }
        }
        self.direct(step, ops, ledger).await
    }

    /// Whether direct calls are quick enough. A shop that never said how many points it gives, and may give too few, is asked
    /// first: its answer to anything says it.
    async fn suits(&self, points: f64) -> Result<bool, ShopError> {
        if !self.bucket().known && !self.bucket().suits(points) {
            self.test().await?;
        }
        Ok(self.bucket().suits(points))
    }

    /// Sends by direct calls what a bulk operation could not do for a reason that may pass.
    async fn rest(&self, write: &dyn Write, ops: &[Op], verdicts: Vec<Verdict>, ledger: &dyn Ledger) -> Vec<Outcome> {
        let mut again = Vec::new();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(ops.len());
        for (place, verdict) in verdicts.into_iter().enumerate() {
            outcomes.push(match verdict {
                Verdict::Is(outcome) => outcome,
                Verdict::Again(reason) | Verdict::Aside(reason) => {
                    again.push(place);
                    Outcome::Unknown(reason)
                }
            });
        }
        // The file decided something, so a shop that stops now is told by the next question.
        for (place, outcome) in
            send::Sender::new(&self.client, write, ops, ledger).send(&again).await.unwrap_or_default()
        {
            outcomes[place] = outcome;
        }
        outcomes
    }

    /// By direct calls, however many.
    async fn direct(&self, step: Step, ops: &[Op], ledger: &dyn Ledger) -> Result<Vec<Outcome>, ShopError> {
        let write = write::kind(step, &self.settings);
        let all: Vec<usize> = (0..ops.len()).collect();
        let mut outcomes = send::Sender::new(&self.client, &*write, ops, ledger).send(&all).await?;
        outcomes.sort_by_key(|(place, _)| *place);
        Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
    }
}

impl fmt::Debug for Shopify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shopify").field("domain", &self.domain).finish_non_exhaustive()
    }
}

impl Adapter for Shopify {
    fn capabilities(&self) -> Capabilities {
        Capabilities { tags: true, reads: true, batch: 500, bulk_from: 1_000, whole: false }
    }

    fn test(&self) -> BoxFuture<'_, Result<Answers, ShopError>> {
        Box::pin(probe::test(&self.client, &self.settings))
    }

    fn find<'a>(&'a self, skus: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        Box::pin(async move { self.reader().find(skus).await })
    }

    fn see<'a>(&'a self, variants: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        Box::pin(async move { self.reader().see(variants).await })
    }

    fn marked<'a>(&'a self) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        Box::pin(async move { self.reader().marked().await })
    }

    fn submit<'a>(&'a self, ops: &'a [Op], ledger: &'a dyn Ledger) -> BoxFuture<'a, Result<Vec<Outcome>, ShopError>> {
        Box::pin(async move {
            match ops.first() {
                Some(first) => self.write(first.step, ops, ledger).await,
                None => Ok(Vec::new()),
            }
        })
    }

    fn settle<'a>(&'a self, remote_id: &'a str) -> BoxFuture<'a, Result<(), ShopError>> {
        Box::pin(async move { bulk::ended(&self.client, remote_id).await.map(|_| ()) })
    }
}
