//! `cargo xtask test`: the ladder. Cheap rungs come first; a rung that fails does not hide the ones above it.

mod counts;
mod rungs;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use counts::Counts;
use rungs::{RUNGS, Rung};

use crate::setup;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Climb this rung only
    #[arg(long, value_name = "STEP", value_parser = clap::builder::PossibleValuesParser::new(RUNGS.iter().map(|rung| rung.name)))]
    only: Option<String>,
    /// Stop at the first rung that fails
    #[arg(long)]
    fail_fast: bool,
}

struct Climbed {
    name: &'static str,
    took: Duration,
    /// What went wrong outside the tests, or that some failed.
    trouble: Option<String>,
    counts: Counts,
}

pub(crate) fn climb(options: &Options) -> ExitCode {
    let mut climbed = Vec::new();
    for rung in RUNGS.iter().filter(|rung| options.only.as_deref().is_none_or(|only| only == rung.name)) {
        climbed.push(step(rung));
        if options.fail_fast && climbed.iter().any(|rung| rung.trouble.is_some()) {
            break;
        }
    }
    println!("\n{}", table(&climbed));
    // Said again at the end, where somebody looks first: the log between is long.
    for (rung, trouble) in climbed.iter().filter_map(|rung| Some((rung, rung.trouble.as_ref()?))) {
        println!("{}: {trouble}", rung.name);
    }
    let failed = climbed.iter().find(|rung| rung.trouble.is_some());
    if let Some(rung) = failed {
        println!("Once more: cargo xtask test --only {}", rung.name);
    }
    println!("{}", closing_line(&climbed));
    if failed.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn step(rung: &Rung) -> Climbed {
    eprintln!("\n── {}: {} ──", rung.name, rung.what);
    let start = Instant::now();
    let mut counts = Counts::default();
    let outcome = setup::install(rung.needs).and_then(|()| (rung.run)(&mut counts));
    let took = start.elapsed();
    let trouble = outcome.err().map(|error| format!("{error:#}"));
    match &trouble {
        None => eprintln!("── {}: {} ──", rung.name, seconds(took)),
        Some(trouble) => eprintln!("── {}: failed after {}: {trouble} ──", rung.name, seconds(took)),
    }
    // A rung that fails without a failed test, such as one that does not compile, counts as one failure.
    counts.failed = counts.failed.max(usize::from(trouble.is_some()));
    Climbed { name: rung.name, took, trouble, counts }
}

fn table(climbed: &[Climbed]) -> String {
    let row = |rung: &Climbed| {
        let outcome = if rung.trouble.is_some() { "FAILED" } else { "ok" };
        let counts = if rung.counts == Counts::default() { String::new() } else { rung.counts.to_string() };
        format!("{:<8} {:>9}  {outcome:<6}  {counts}\n", rung.name, seconds(rung.took))
    };
    climbed.iter().map(row).collect()
}

/// The last line of the output, always of this form: `N passed, N failed`.
fn closing_line(climbed: &[Climbed]) -> String {
    climbed.iter().map(|rung| rung.counts).sum::<Counts>().to_string()
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climbed(name: &'static str, trouble: Option<&str>, passed: usize, failed: usize) -> Climbed {
        Climbed {
            name,
            took: Duration::from_millis(1240),
            trouble: trouble.map(str::to_owned),
            counts: Counts { passed, failed },
        }
    }

    #[test]
    fn the_closing_line_sums_all_rungs() {
        let rungs = [climbed("fmt", None, 0, 0), climbed("tests", Some("2 failed"), 40, 2), climbed("doc", None, 3, 0)];
        assert_eq!(closing_line(&rungs), "43 passed, 2 failed", "the form is a contract");
    }

    #[test]
    fn the_table_names_every_rung_with_its_duration() {
        let text = table(&[climbed("fmt", None, 0, 0), climbed("tests", Some("2 failed"), 40, 2)]);
        assert_eq!(
            text, "fmt          1.2 s  ok      \ntests        1.2 s  FAILED  40 passed, 2 failed\n",
            "one line a rung"
        );
    }

    #[test]
    fn a_rung_that_fails_outside_its_tests_still_counts_as_a_failure() {
        let broken =
            Rung { name: "broken", what: "never compiles", needs: &[], run: |_| anyhow::bail!("no such file") };
        let climbed = step(&broken);
        assert_eq!(
            (climbed.counts.failed, climbed.trouble.as_deref()),
            (1, Some("no such file")),
            "a failed run never says 0 failed"
        );
    }
}
