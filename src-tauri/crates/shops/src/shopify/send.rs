//! Operations by direct calls: several calls in a document, several documents under way, one outcome for each operation.

mod part;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::{FutureExt, StreamExt, stream};
use serde_json::{Map, Value};
use tokio::time::sleep;

use super::answer::{Answer, Problem, Trouble};
use super::client::{Client, Repeat, Request};
use super::documents::at;
use super::write::{Verdict, Write, judge, units};
use part::{Part, documents};

use crate::adapter::{Ledger, Outcome, Reason, ShopError};
use crate::plan::Op;

/// Documents under way; the bucket decides how fast they follow.
const AT_ONCE: usize = 8;
/// Documents that fail one after the other, each after several tries, before the rest is left for later.
const IN_A_ROW: u32 = 5;

pub(super) struct Sender<'a> {
    client: &'a Client,
    write: &'a dyn Write,
    ops: &'a [Op],
    ledger: &'a dyn Ledger,
    /// Why the shop as a whole does not go on.
    stopped: Mutex<Option<ShopError>>,
    failed: AtomicU32,
}

impl<'a> Sender<'a> {
    pub(super) fn new(client: &'a Client, write: &'a dyn Write, ops: &'a [Op], ledger: &'a dyn Ledger) -> Sender<'a> {
        Sender { client, write, ops, ledger, stopped: Mutex::default(), failed: AtomicU32::new(0) }
    }

    /// What became of the chosen operations. If the shop stopped in the middle, what is decided is told and the rest is for
    /// later: the error is returned only if nothing was decided, and will come again with the next question.
    pub(super) async fn send(&self, chosen: &[usize]) -> Result<Vec<(usize, Outcome)>, ShopError> {
        let units = units(self.write, self.ops, chosen, self.write.unit());
        let done: Vec<_> =
            documents(units, self.write.document()).into_iter().map(|part| self.part(part).boxed()).collect();
        let done = stream::iter(done).buffered(AT_ONCE);
        let outcomes: Vec<(usize, Outcome)> = done.collect::<Vec<_>>().await.into_iter().flatten().collect();
        let decided = outcomes.iter().any(|(_, outcome)| !matches!(outcome, Outcome::Later(_)));
        match self.stopped.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) if !decided => Err(error),
            _ => Ok(outcomes),
        }
    }

    async fn part(&self, part: Part) -> Vec<(usize, Outcome)> {
        let mut queue = VecDeque::from([part]);
        let mut outcomes = Vec::new();
        while let Some(part) = queue.pop_front() {
            if let Some(error) = self.stop() {
                let later = part.given_up(Reason::new("SHOP_STOPPED", error.to_string()));
                outcomes.extend(part.places().map(|place| (place, later.clone())));
                continue;
            }
            match self.client.call(&self.request(&part.units), Some(self.ledger)).await {
                Ok(answer) => {
                    self.failed.store(0, Ordering::Relaxed);
                    let (again, aside) = self.sort(&part, &answer, &mut outcomes);
                    if let Some(aside) = aside {
                        queue.extend(aside);
                    }
                    if let Some((units, reason)) = again {
                        let part = Part { units, backoff: part.backoff, unsure: Some(reason.clone()) };
                        self.wait(part, reason, &mut queue, &mut outcomes).await;
                    }
                }
                Err(trouble) => self.failed(&part, trouble, &mut queue, &mut outcomes),
            }
        }
        outcomes
    }

    /// What asks for another try, and what is sent again at once; everything else is decided.
    fn sort(&self, part: &Part, answer: &Answer, outcomes: &mut Vec<(usize, Outcome)>) -> (Retry, Option<Vec<Part>>) {
        let (mut again, mut why, mut aside, mut shared) = (Vec::new(), None, Vec::new(), None);
        for (turn, unit) in part.units.iter().enumerate() {
            let field = format!("u{turn}");
            let problems: Vec<&Problem> =
                answer.errors.iter().filter(|problem| problem.field.as_ref().is_none_or(|f| *f == field)).collect();
            let ops: Vec<&Op> = unit.iter().map(|place| &self.ops[*place]).collect();
            let verdicts = judge(self.write, &ops, answer.data.get(&field), &problems);
            let (mut tried, mut stood) = (Vec::new(), Vec::new());
            for (place, verdict) in unit.iter().zip(verdicts) {
                match verdict {
                    Verdict::Is(outcome) => outcomes.push((*place, outcome)),
                    Verdict::Again(reason) => {
                        tried.push(*place);
                        why = Some(reason);
                    }
                    Verdict::Aside(reason) => {
                        stood.push(*place);
                        shared = Some(reason);
                    }
                }
            }
            if !tried.is_empty() {
                again.push(tried);
            }
            // If none of the unit was at fault by name, nobody knows which one was: it is halved until it shows.
            match (stood.len() == unit.len(), Part::new(vec![stood])) {
                (_, Part { units, .. }) if units[0].is_empty() => {}
                (false, part) => aside.push(part),
                (true, part) => match part.halves() {
                    Some(halves) => aside.extend(halves),
                    None => {
                        let reason = shared.clone().unwrap_or_else(|| Reason::new("REFUSED", "The shop refused it."));
                        outcomes.extend(part.places().map(|place| (place, Outcome::Refused(reason.clone()))));
                    }
                },
            }
        }
        (why.map(|why| (again, why)), Some(aside).filter(|aside| !aside.is_empty()))
    }

    async fn wait(
        &self,
        mut part: Part,
        reason: Reason,
        queue: &mut VecDeque<Part>,
        outcomes: &mut Vec<(usize, Outcome)>,
    ) {
        match part.backoff.next() {
            Some(wait) => {
                sleep(wait).await;
                queue.push_back(part);
            }
            None => outcomes.extend(part.places().map(|place| (place, Outcome::Unknown(reason.clone())))),
        }
    }

    /// No data came.
    fn failed(&self, part: &Part, trouble: Trouble, queue: &mut VecDeque<Part>, outcomes: &mut Vec<(usize, Outcome)>) {
        let outcome = match trouble {
            Trouble::TooMuch(why) | Trouble::Refused(why) => {
                tracing::error!(operation = self.write.mutation().name, %why.code, %why.message, "a request is wrong");
                if let Some(halves) = part.halves() {
                    return queue.extend(halves);
                }
                Outcome::Refused(why)
            }
            Trouble::Lost(why) | Trouble::Ill(why) => {
                self.count(&why);
                Outcome::Unknown(why)
            }
            Trouble::Busy(_, why) => {
                self.count(&why);
                part.given_up(why)
            }
            // It cannot be reached, so the others need not try as well.
            Trouble::NotSent(why) => {
                self.halt(ShopError::Away(why.message.clone()));
                part.given_up(why)
            }
            Trouble::Shop(error) => {
                let why = Reason::new("SHOP_STOPPED", error.to_string());
                self.halt(error);
                part.given_up(why)
            }
            Trouble::Token(words) => {
                self.halt(ShopError::Disconnected(words.clone()));
                part.given_up(Reason::new("SHOP_STOPPED", words))
            }
        };
        outcomes.extend(part.places().map(|place| (place, outcome.clone())));
    }

    fn count(&self, why: &Reason) {
        if self.failed.fetch_add(1, Ordering::Relaxed) + 1 >= IN_A_ROW {
            self.halt(ShopError::Away(why.message.clone()));
        }
    }

    fn halt(&self, error: ShopError) {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    fn stop(&self) -> Option<ShopError> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn request(&self, units: &[Vec<usize>]) -> Request {
        let mut variables = Map::new();
        for (turn, unit) in units.iter().enumerate() {
            let ops: Vec<&Op> = unit.iter().map(|place| &self.ops[*place]).collect();
            let own = self.write.variables(&ops);
            variables.extend(own.into_iter().map(|(name, value)| (at(&name, turn), value)));
        }
        let mutation = self.write.mutation();
        Request {
            name: mutation.name,
            text: mutation.repeated(units.len()),
            variables: Value::Object(variables),
            cost: self.write.cost() * units.len() as f64,
            repeat: Repeat::WhenIll,
        }
    }
}

/// Units to try again, and why.
type Retry = Option<(Vec<Vec<usize>>, Reason)>;
