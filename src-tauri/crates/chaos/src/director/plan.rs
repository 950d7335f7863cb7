//! Which trouble when: decided by the seed alone.

use std::time::Duration;

use fastrand::Rng;

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// `kill -9` of a node, and a new one after a while.
    Kill,
    /// The same about 5 ms before something is due.
    KillBeforeDue,
    /// A node is stopped for longer than its lease, and goes on.
    Freeze,
    /// A node is asked to end, and started again.
    Quit,
    /// A node lives five minutes ahead for a while.
    Skew,
    /// The server ends one connection.
    TerminateOne,
    /// The server ends all connections.
    TerminateAll,
    /// The server is restarted.
    RestartServer,
    /// The connections of one node neither answer nor close.
    HalfOpen,
    /// Somebody reads one moment of the database for a long time.
    LongRead,
    /// Another program holds the file's write lock for four seconds.
    ForeignLock,
}

impl Trouble {
    pub(super) const ALL: [Trouble; 11] = [
        Trouble::Kill,
        Trouble::KillBeforeDue,
        Trouble::Freeze,
        Trouble::Quit,
        Trouble::Skew,
        Trouble::TerminateOne,
        Trouble::TerminateAll,
        Trouble::RestartServer,
        Trouble::HalfOpen,
        Trouble::LongRead,
        Trouble::ForeignLock,
    ];

    /// For the report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Trouble::Kill => "kill -9",
            Trouble::KillBeforeDue => "kill -9, 5 ms before something was due",
            Trouble::Freeze => "frozen for longer than the lease",
            Trouble::Quit => "asked to quit",
            Trouble::Skew => "clock five minutes ahead",
            Trouble::TerminateOne => "one connection ended by the server",
            Trouble::TerminateAll => "all connections ended by the server",
            Trouble::RestartServer => "server restarted",
            Trouble::HalfOpen => "half-open connections",
            Trouble::LongRead => "long reading transaction",
            Trouble::ForeignLock => "write lock held for 4 s",
        }
    }

    /// For a figure about it.
    pub(super) fn short(self) -> &'static str {
        match self {
            Trouble::TerminateAll => "connections ended",
            Trouble::RestartServer => "a restart",
            Trouble::HalfOpen => "silence",
            _ => self.name(),
        }
    }

    /// How often it comes in each round.
    fn share(self) -> usize {
        match self {
            Trouble::Kill => 6,
            Trouble::KillBeforeDue => 4,
            Trouble::Freeze | Trouble::Quit | Trouble::TerminateOne | Trouble::ForeignLock => 2,
            _ => 1,
        }
    }
}

/// Trouble for `span`: rounds of about 45 s that hold every possible kind, shuffled, so that even a short play has them all.
pub(super) fn plan(seed: u64, span: Duration, possible: &[Trouble]) -> Vec<(Duration, Trouble)> {
    let deck: Vec<Trouble> = possible.iter().flat_map(|kind| vec![*kind; kind.share()]).collect();
    deal(seed, span, 45, &deck)
}

/// A deck for each round of about so many seconds, shuffled anew.
pub(crate) fn deal<T: Copy>(seed: u64, span: Duration, round_seconds: u64, deck: &[T]) -> Vec<(Duration, T)> {
    let mut chance = Rng::with_seed(seed);
    // Nodes need a moment to arrive.
    let begin = Duration::from_secs(3).min(span);
    let rounds = ((span - begin).as_secs() / round_seconds).max(1);
    let mut plan = Vec::new();
    for round in 0..rounds {
        let mut deck = deck.to_vec();
        chance.shuffle(&mut deck);
        let length = (span - begin).as_secs_f64() / rounds as f64;
        let slot = length / deck.len() as f64;
        for (at, kind) in deck.into_iter().enumerate() {
            let seconds = length * round as f64 + slot * (at as f64 + chance.f64());
            plan.push((begin + Duration::from_secs_f64(seconds), kind));
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_plans_the_same_trouble_again_and_every_kind_comes() {
        let span = Duration::from_secs(60);
        let first = plan(7, span, &Trouble::ALL);
        assert_eq!(first, plan(7, span, &Trouble::ALL), "a seed must repeat its plan");
        assert_ne!(first, plan(8, span, &Trouble::ALL), "another seed plans otherwise");
        for kind in Trouble::ALL {
            assert!(first.iter().any(|(_, planned)| *planned == kind), "{kind:?} must come even in a short play");
        }
        assert!(
            first.is_sorted_by_key(|(at, _)| *at) && first.last().is_some_and(|(at, _)| *at <= span),
            "in order, within the span"
        );
        assert_eq!(plan(7, 10 * span, &Trouble::ALL).len() / first.len(), 13, "a longer play has more of it");
    }
}
