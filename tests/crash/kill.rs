//! `kill -9` at a random moment.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::Presell;

/// Random points between 0 and 1: one in each of `count` equal parts, in random order.
pub(crate) struct Points {
    state: u64,
    left: Vec<usize>,
    count: usize,
}

impl Points {
    /// Takes the seed from `PRESELL_CRASH_SEED`, or a new one, and prints it.
    pub(crate) fn new(count: usize) -> Points {
        let given = std::env::var("PRESELL_CRASH_SEED").ok();
        let state = given.map_or_else(|| RandomState::new().build_hasher().finish(), |seed| seed.parse().unwrap());
        println!("PRESELL_CRASH_SEED={state} gives these {count} points again");
        Points { state, left: (0..count).collect(), count }
    }

    /// SplitMix64: a few lines that are random enough to choose a moment.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Iterator for Points {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        if self.left.is_empty() {
            return None;
        }
        let at = self.number() as usize % self.left.len();
        let part = self.left.swap_remove(at) as f64;
        let within = self.number() as f64 / u64::MAX as f64;
        Some((part + within) / self.count as f64)
    }
}

/// Starts `presell` and kills it after `delay`. Returns whether it was still at work.
pub(crate) fn killed(presell: &Presell, arguments: &[&str], delay: Duration) -> bool {
    let mut command = presell.command(arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Nothing is waited for here: the moment itself is the test. One that comes too late need not be reached.
    let moment = Instant::now() + delay;
    while Instant::now() < moment && child.try_wait().unwrap().is_none() {
        std::thread::sleep(moment.saturating_duration_since(Instant::now()).min(Duration::from_millis(5)));
    }
    let at_work = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    at_work
}

/// Lets `presell` finish and returns how long that took.
pub(crate) fn undisturbed(presell: &Presell, arguments: &[&str]) -> Duration {
    let started = Instant::now();
    let output = presell.run(arguments);
    assert_eq!(output.status, 0, "undisturbed, presell {arguments:?} does its work: {}", output.stderr);
    started.elapsed()
}
