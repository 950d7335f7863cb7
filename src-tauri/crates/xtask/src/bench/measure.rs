//! What a process costs: wall time and the most memory it ever held.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::process::shown;

/// Cost of one run, or the median of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) wall: Duration,
    /// Peak resident memory of the process, in bytes. A server it talks to is not part of it. The system counts from before the program
    /// takes our place, so nothing measures less than xtask's own few megabytes.
    pub(super) peak: u64,
}

/// Runs the command to its end; also gives what it printed. Exit status 3 is fine: done, with rows refused.
///
/// # Errors
/// It does not start, or ends with another status; the error carries its last words.
pub(super) fn cost(command: &mut Command) -> Result<(Cost, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("could not start `{}`", shown(command)))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Both are read at once: a full pipe would hold the process up.
    let (printed, said) = std::thread::scope(|scope| {
        let said = scope.spawn(|| text(stderr));
        (text(stdout), said.join().unwrap_or_default())
    });
    let used = child.wait4()?;
    let wall = start.elapsed();
    if !matches!(used.status.code(), Some(0 | 3)) {
        let last_words = said.trim_end().lines().next_back().unwrap_or("it said nothing");
        bail!("`{}` ended with {}: {last_words}", shown(command), used.status);
    }
    Ok((Cost { wall, peak: used.rusage.maxrss }, printed))
}

fn text(from: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // What cannot be read any more was not said.
        let _ = from.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The median of wall times and, on its own, of peaks.
pub(super) fn median(costs: &[Cost]) -> Option<Cost> {
    Some(Cost { wall: middle(costs.iter().map(|cost| cost.wall))?, peak: middle(costs.iter().map(|cost| cost.peak))? })
}

fn middle<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let middle = values.len().checked_sub(1)? / 2;
    values.into_iter().nth(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_measured_to_its_end() {
        let (cost, printed) = cost(Command::new("sh").args(["-c", "echo done; exit 3"])).expect("done in part is done");
        assert_eq!(printed, "done\n", "what it printed is kept");
        assert!(cost.wall > Duration::ZERO && cost.peak > 0, "time and memory are known: {cost:?}");
    }

    #[test]
    fn a_process_that_fails_has_no_cost_but_last_words() {
        let error = cost(Command::new("sh").args(["-c", "echo one >&2; echo no such table >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().ends_with("no such table"), "the last words tell why: {error}");
    }
}
