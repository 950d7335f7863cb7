//! The states of schedules and runs, and the words stored for them. The database checks the same lists.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An enum that the database keeps as a lower-case word.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every value, in the order of a life.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The stored word.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text.trim().to_ascii_lowercase().replace('-', "_").as_str() {
                    $($word => Ok($name::$variant),)+
                    _ => Err(format!("\"{text}\" is none of: {}", [$($word),+].join(", "))),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
    };
}

words! {
    /// State of a schedule.
    ScheduleState {
        /// Not switched on; settings are kept.
        Draft = "draft",
        /// Due by itself.
        Enabled = "enabled",
        /// Switched on, but nothing falls due until it is resumed.
        Paused = "paused",
    }
}

words! {
    /// State of a run.
    RunState {
        /// The row exists, but its time has not come or an equal run is queued before it.
        Pending = "pending",
        /// May start as soon as a slot and its lane are free.
        Queued = "queued",
        /// A node is at it and holds its lease.
        Running = "running",
        /// Somebody asked it to stop; it has not ended yet.
        Stopping = "stopping",
        /// Ended well.
        Finished = "finished",
        /// Ended with failed items.
        Partial = "partial",
        /// Ended with an error.
        Failed = "failed",
        /// Its node died, or lost its lease.
        Crashed = "crashed",
        /// Ended because somebody wanted it to.
        Cancelled = "cancelled",
        /// Never ran, and says why.
        Skipped = "skipped",
    }
}

impl RunState {
    /// Nothing follows; the row never changes again.
    pub fn is_ended(self) -> bool {
        !matches!(self, RunState::Pending | RunState::Queued | RunState::Running | RunState::Stopping)
    }
}

words! {
    /// Where a run comes from.
    Origin {
        /// An occurrence of its schedule.
        Schedule = "schedule",
        /// Another attempt after a failure that may pass.
        Retry = "retry",
        /// The continuation after a node quit.
        Resume = "resume",
        /// A person asked for it.
        Manual = "manual",
        /// Something happened that it follows from.
        Event = "event",
        /// A part of another run.
        Child = "child",
    }
}

words! {
    /// What becomes of occurrences that were missed during sleep, shutdown or a jump of the clock.
    CatchUp {
        /// The newest runs, the older ones are recorded as skipped.
        RunOnce = "run_once",
        /// If the newest is late, none runs.
        Skip = "skip",
        /// Each runs, at most the newest 24.
        RunAll = "run_all",
    }
}

words! {
    /// What becomes of an occurrence that falls due while the one before is still at work.
    Overlap {
        /// All of them become one run right after it.
        FollowUp = "follow_up",
        /// They are recorded as skipped.
        Skip = "skip",
        /// The one at work is asked to stop, then as `FollowUp`.
        StopPrevious = "stop_previous",
    }
}

/// Why a run ended other than well, or never ran. A handler's own codes stand beside these.
pub mod reason {
    /// Skipped: fell due while the previous run was open.
    pub const MERGED: &str = "MERGED";
    /// Skipped: its time had passed too long ago.
    pub const LATE: &str = "LATE";
    /// Skipped: fell due while the schedule was paused.
    pub const PAUSED: &str = "PAUSED";
    /// Skipped or cancelled: a person said so.
    pub const BY_USER: &str = "BY_USER";
    /// Skipped: a retry that the next occurrence overtook.
    pub const SUPERSEDED: &str = "SUPERSEDED";
    /// Skipped: the previous run was open and the schedule says to skip then.
    pub const OVERLAP: &str = "OVERLAP";
    /// Cancelled: the node quit; another row continues.
    pub const APP_QUIT: &str = "APP_QUIT";
    /// Crashed: the node stopped renewing its lease.
    pub const LEASE_LOST: &str = "LEASE_LOST";
    /// Crashed: the node never learnt that it had claimed the run.
    pub const CLAIM_LOST: &str = "CLAIM_LOST";
    /// Failed: took longer than allowed.
    pub const TIMEOUT: &str = "TIMEOUT";
    /// Failed: the parameters are not accepted.
    pub const BAD_PARAMETERS: &str = "BAD_PARAMETERS";
    /// Failed: this version has no handler for the job.
    pub const NO_HANDLER: &str = "NO_HANDLER";
    /// Failed: the handler panicked.
    pub const PANICKED: &str = "PANICKED";
}
