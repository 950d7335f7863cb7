//! Nodes as real processes, trouble on purpose, and the checker of what they leave behind. Never shipped.
//!
//! `presell-chaos run` sets up some forty schedules of probe jobs, starts three nodes, and for a while does to them what
//! life does: kills, freezes, restarts of the server, dead connections, locks, wrong clocks, people who pause, edit and
//! cancel. Then everything may settle, and the [checker](check) reads the tables: no occurrence twice, none missing, none
//! early, no two side by side, no effect of a run that had lost its claim, nothing left open.
//!
//! `presell-chaos shops` does the like to shops: nodes with Presell's own jobs sync a demo shop that goes wrong, while
//! people change the lists and others the shop; see [`shops`].

pub mod check;
pub mod director;
pub mod node;
pub mod probes;
pub mod shops;
pub mod tables;

/// Whoever started this process takes it along, however it ends; even one that is frozen then goes.
pub fn die_with_parent() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)) {
        tracing::warn!(%error, "this process may outlive the one that started it");
    }
}
