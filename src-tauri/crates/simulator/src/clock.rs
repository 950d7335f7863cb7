//! Which time it is in the shop: the machine's, or one that a test moves by hand.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SecondsFormat, Utc};

/// Milliseconds since 1970 in UTC.
pub type Millis = i64;

/// The clock of a shop. Throttling, the life of tokens and every `updatedAt` follow it.
#[derive(Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Real,
    /// Stands still until [`Clock::advance`].
    Manual(Arc<AtomicI64>),
    /// Whatever the function says, for a test with a time of its own.
    Of(Arc<dyn Fn() -> Millis + Send + Sync>),
}

impl Clock {
    /// A clock that stands at `now`.
    pub fn manual(now: Millis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(now)))
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "a shop outside has a clock of its own, not the database's")]
    pub fn now(&self) -> Millis {
        match self {
            Self::Real => Utc::now().timestamp_millis(),
            Self::Manual(now) => now.load(Ordering::SeqCst),
            Self::Of(now) => now(),
        }
    }

    /// Moves a manual clock; any other keeps its own time.
    pub fn advance(&self, by: Millis) {
        if let Self::Manual(now) = self {
            now.fetch_add(by, Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", stamp(self.now()))
    }
}

/// As the API writes instants: `2026-11-20T10:00:00Z`.
pub(crate) fn stamp(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Reads an instant, or a day as its first moment.
pub(crate) fn instant(text: &str) -> Option<Millis> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    DateTime::parse_from_rfc3339(&whole).ok().map(|at| at.timestamp_millis())
}
