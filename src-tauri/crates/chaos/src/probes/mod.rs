//! The jobs that nodes run here. Each does its work badly in its own way, and leaves traces that the checker can count.

mod act;
mod traces;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use presell_scheduler::engine::Work;
use presell_scheduler::{Done, Failure, Job, Registry};

/// A probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Probe {
    /// One effect, quickly.
    Effect,
    /// Longer than its interval and at times than the lease, with an effect half-way; now and then deaf to its token.
    Slow,
    /// Fails more often than not, half of the time with an effect that must vanish.
    Failing,
    /// Takes its whole process down, before, within or after its commit.
    Poison,
    /// Three parts, then an effect.
    Parent,
    /// A part of `Parent`.
    Part,
    /// Deaf to its token: never ends, or wants to commit long after its time.
    Runaway,
}

impl Probe {
    /// All probes.
    pub const ALL: [Probe; 7] =
        [Probe::Effect, Probe::Slow, Probe::Failing, Probe::Poison, Probe::Parent, Probe::Part, Probe::Runaway];

    /// Id of the job.
    pub fn job_id(self) -> &'static str {
        match self {
            Probe::Effect => "CHAOS_EFFECT",
            Probe::Slow => "CHAOS_SLOW",
            Probe::Failing => "CHAOS_FAILING",
            Probe::Poison => "CHAOS_POISON",
            Probe::Parent => "CHAOS_PARENT",
            Probe::Part => "CHAOS_PART",
            Probe::Runaway => "CHAOS_RUNAWAY",
        }
    }

    /// How long a run may take, in milliseconds.
    pub fn timeout_ms(self) -> i64 {
        if self == Probe::Runaway { 1_500 } else { 30_000 }
    }
}

/// The probes, for the engine.
pub struct Probes;

impl Registry for Probes {
    fn job(&self, id: &str) -> Option<Arc<dyn Job>> {
        Probe::ALL.into_iter().find(|probe| probe.job_id() == id).map(|probe| Arc::new(probe) as Arc<dyn Job>)
    }
}

impl Job for Probe {
    fn run(&self, work: Work) -> BoxFuture<'static, Result<Done, Failure>> {
        let probe = *self;
        Box::pin(async move {
            traces::began(&work).await?;
            let outcome = act::act(probe, &work).await;
            traces::ended(&work).await;
            outcome
        })
    }
}
