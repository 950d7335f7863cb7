//! A shop in memory that does what it is told, or goes wrong as a test wants it to.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::adapter::{Adapter, Answers, Capabilities, Ledger, Outcome, Reason, ShopError};
use crate::model::{Mark, Seen, Tags};
use crate::plan::{Expect, Op, Step};

/// How an operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Refused,
    Later,
    /// Nobody knows, and it was done.
    LostAfter,
    /// Nobody knows, and it was not done.
    LostBefore,
    /// The process ends in the middle of the step.
    Ends,
}

type Faults = Box<dyn Fn(&Op, usize) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
pub(super) struct Pretend {
    pub(super) variants: Mutex<BTreeMap<String, Seen>>,
    pub(super) tags: Mutex<BTreeMap<String, Tags>>,
    /// Everything that was written, in order.
    pub(super) journal: Mutex<Vec<(Step, String)>>,
    pub(super) faults: Mutex<Option<Faults>>,
    pub(super) bulk_from: Option<usize>,
    digests: std::sync::atomic::AtomicUsize,
}

impl Pretend {
    /// A variant `SKU` of the product before its first dash.
    pub(super) fn put(&self, sku: &str) {
        let parent = sku.split('-').next().unwrap_or(sku).to_owned();
        let seen = Seen {
            variant: format!("variant/{sku}"),
            parent,
            sku: sku.to_owned(),
            title: "A title".to_owned(),
            continues: false,
            mark: Mark::None,
            digest: None,
            tags: Tags::default(),
            quantity: Some(0),
        };
        self.variants.lock().expect("not poisoned").insert(seen.variant.clone(), seen);
    }

    pub(super) fn fail(&self, faults: impl Fn(&Op, usize) -> Option<Fault> + Send + Sync + 'static) {
        *self.faults.lock().expect("not poisoned") = Some(Box::new(faults));
    }

    pub(super) fn heal(&self) {
        *self.faults.lock().expect("not poisoned") = None;
    }

    pub(super) fn writes(&self) -> usize {
        self.journal.lock().expect("not poisoned").len()
    }

    pub(super) fn steps_of(&self, key: &str) -> Vec<Step> {
        let journal = self.journal.lock().expect("not poisoned");
        journal.iter().filter(|(_, of)| of == key).map(|(step, _)| *step).collect()
    }

    /// What a customer sees: the variant with the tags of its product.
    pub(super) fn shows(&self, sku: &str) -> Seen {
        let seen = self.variants.lock().expect("not poisoned")[&format!("variant/{sku}")].clone();
        let tags = self.tags.lock().expect("not poisoned").get(&seen.parent).copied().unwrap_or_default();
        Seen { tags, ..seen }
    }

    fn write(&self, op: &Op) -> Outcome {
        let key = op.variant.clone().unwrap_or_else(|| op.parent.clone());
        if let Step::TagOn(class) | Step::TagOff(class) = op.step {
            let mut tags = self.tags.lock().expect("not poisoned");
            let own = tags.entry(op.parent.clone()).or_default();
            *own = own.with(class, matches!(op.step, Step::TagOn(_)));
            self.journal.lock().expect("not poisoned").push((op.step, key));
            return Outcome::Done(None);
        }
        let mut variants = self.variants.lock().expect("not poisoned");
        let Some(seen) = variants.get_mut(&key) else {
            return Outcome::Refused(Reason::new("PRODUCT_VARIANT_DOES_NOT_EXIST", "There is no such variant."));
        };
        match op.step {
            Step::Stop => seen.continues = false,
            Step::Sell => seen.continues = true,
            _ => {
                let stale = match &op.expect {
                    Expect::Absent => seen.digest.is_some(),
                    Expect::Digest(digest) => seen.digest.as_ref() != Some(digest),
                    Expect::Any => false,
                };
                if stale {
                    return Outcome::Unknown(Reason::new("STALE_OBJECT", "Somebody else wrote it meanwhile."));
                }
                let next = self.digests.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                seen.mark = op.listing.map_or(Mark::Inactive, Mark::Active);
                seen.digest = Some(format!("d{next}"));
            }
        }
        let digest = seen.digest.clone();
        self.journal.lock().expect("not poisoned").push((op.step, key));
        Outcome::Done(digest)
    }
}

impl Adapter for Pretend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            tags: true,
            reads: true,
            batch: 50,
            bulk_from: self.bulk_from.unwrap_or(usize::MAX),
            whole: false,
        }
    }

    fn test(&self) -> BoxFuture<'_, Result<Answers, ShopError>> {
        async { Ok(Answers::default()) }.boxed()
    }

    fn find<'a>(&'a self, skus: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        async move {
            let all: Vec<Seen> = self.variants.lock().expect("not poisoned").values().cloned().collect();
            Ok(all.into_iter().filter(|seen| skus.contains(&seen.sku)).map(|seen| self.tagged(seen)).collect())
        }
        .boxed()
    }

    fn see<'a>(&'a self, variants: &'a [String]) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        async move {
            let all: Vec<Seen> = self.variants.lock().expect("not poisoned").values().cloned().collect();
            Ok(all.into_iter().filter(|seen| variants.contains(&seen.variant)).map(|seen| self.tagged(seen)).collect())
        }
        .boxed()
    }

    fn marked<'a>(&'a self) -> BoxFuture<'a, Result<Vec<Seen>, ShopError>> {
        async move {
            let all: Vec<Seen> = self.variants.lock().expect("not poisoned").values().cloned().collect();
            let tagged = all.into_iter().map(|seen| self.tagged(seen));
            Ok(tagged.filter(|s| s.mark.listing().is_some() || s.tags != Tags::default()).collect())
        }
        .boxed()
    }

    fn submit<'a>(&'a self, ops: &'a [Op], _: &'a dyn Ledger) -> BoxFuture<'a, Result<Vec<Outcome>, ShopError>> {
        async move {
            let faults = self.faults.lock().expect("not poisoned");
            let mut outcomes = Vec::new();
            for op in ops {
                let fault = faults.as_ref().and_then(|faults| faults(op, self.writes() + outcomes.len()));
                let reason = |code: &str| Reason::new(code, "It went wrong on purpose.");
                outcomes.push(match fault {
                    None => self.write(op),
                    Some(Fault::Refused) => Outcome::Refused(reason("INVALID_VALUE")),
                    Some(Fault::Later) => Outcome::Later(reason("INTERNAL_SERVER_ERROR")),
                    Some(Fault::LostBefore) => Outcome::Unknown(reason("TIMEOUT")),
                    Some(Fault::LostAfter) => {
                        self.write(op);
                        Outcome::Unknown(reason("TIMEOUT"))
                    }
                    Some(Fault::Ends) => {
                        self.write(op);
                        return Err(ShopError::Stopped);
                    }
                });
            }
            Ok(outcomes)
        }
        .boxed()
    }

    fn settle<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), ShopError>> {
        async { Ok(()) }.boxed()
    }
}

impl Pretend {
    fn tagged(&self, seen: Seen) -> Seen {
        let tags = self.tags.lock().expect("not poisoned").get(&seen.parent).copied().unwrap_or_default();
        Seen { tags, ..seen }
    }
}
