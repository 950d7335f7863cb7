//! The rungs of the ladder, lowest first. A new kind of test is one more entry here.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::counts::{self, Counts};
use crate::paths;
use crate::postgres::{self, Durability, Server};
use crate::process::{self, cargo, run};
use crate::setup::{CHROMIUM, CLIPPY, CXX, DISPLAY, FAKETIME, NEXTEST, NODE, Need, POSTGRES, RUSTFMT, WEBKIT};
use crate::ui::{self, npm};
use crate::window;

/// One kind of check.
pub(super) struct Rung {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) needs: &'static [&'static Need],
    /// Writes down what it counted, also when it fails.
    pub(super) run: fn(&mut Counts) -> Result<()>,
}

pub(super) const RUNGS: &[Rung] = &[
    Rung {
        name: "fmt",
        what: "the format of the code",
        needs: &[&RUSTFMT],
        run: |_| run(cargo().args(["fmt", "--all", "--check"])),
    },
    Rung { name: "ui", what: "the pages by themselves: types, lints, logic, weight", needs: &[&NODE], run: pages },
    Rung {
        name: "clippy",
        what: "the lints, without exception",
        needs: &[&CLIPPY, &WEBKIT],
        run: |_| run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])),
    },
    Rung {
        name: "tests",
        what: "unit, property and story tests, on SQLite and PostgreSQL",
        needs: &[&NODE, &NEXTEST, &POSTGRES, &FAKETIME, &WEBKIT],
        run: tests,
    },
    Rung {
        name: "browser",
        what: "the pages on the real core, in Chromium: journeys, keyboard, accessibility",
        needs: &[&NODE, &CHROMIUM, &POSTGRES],
        run: browser,
    },
    Rung {
        name: "window",
        what: "the real window and its tray, driven from outside",
        needs: &[&NODE, &WEBKIT, &DISPLAY, &NEXTEST, &POSTGRES],
        run: real_window,
    },
    Rung { name: "doc", what: "the documentation and its examples", needs: &[], run: doc },
    Rung { name: "fuzz", what: "the readers of files, with random bytes", needs: &[&CXX], run: fuzz },
];

/// Everything, the window with its pages inside. Every rung that runs code builds this and nothing less: with other packages
/// cargo chooses other features of what they share, and compiles all of it once more.
const HOUSE: [&str; 3] = ["--workspace", "--features", "presell-desktop/custom-protocol"];

fn tests(counts: &mut Counts) -> Result<()> {
    nextest("not package(presell-desktop)", |tests| tests, counts)
}

fn real_window(counts: &mut Counts) -> Result<()> {
    nextest("package(presell-desktop)", |tests| window::on_own_display(&tests), counts)
}

fn nextest(which: &str, dressed: fn(Command) -> Command, counts: &mut Counts) -> Result<()> {
    ui::build()?;
    let server = Server::start(Durability::Fast)?;
    let mut tests = cargo();
    // The profile writes the report that the counts are read from.
    tests.args(["nextest", "run", "--profile", "ladder", "--filterset", which]).args(HOUSE);
    tests.env(postgres::VARIABLE, server.url());
    counted(&mut dressed(tests), &paths::target().join("nextest/ladder/junit.xml"), counts)
}

fn pages(counts: &mut Counts) -> Result<()> {
    ui::build()?;
    run(npm().args(["run", "--silent", "check"]))?;
    let report = paths::target().join("ui-tests.xml");
    let mut vitest = npm();
    vitest.args(["run", "--silent", "test", "--", "--reporter=default", "--reporter=junit"]);
    vitest.arg(format!("--outputFile.junit={}", report.display()));
    counted(&mut vitest, &report, counts)?;
    ui::weigh()
}

fn browser(counts: &mut Counts) -> Result<()> {
    ui::build()?;
    run(cargo().args(["build", "--bins", "--tests"]).args(HOUSE))?;
    let server = Server::start(Durability::Fast)?;
    let report = paths::target().join("browser-tests.xml");
    let mut playwright = npm();
    playwright.args(["run", "--silent", "e2e", "--", "--reporter=list,junit"]);
    playwright.env("PLAYWRIGHT_JUNIT_OUTPUT_NAME", &report);
    playwright.env("PRESELL_HOST", paths::target().join("debug/presell-host"));
    playwright.env(postgres::VARIABLE, server.url());
    counted(&mut playwright, &report, counts)
}

/// Gives the readers of imported files random bytes for a minute, guided by coverage. The folder has its own workspace
/// and flags, so that instrumented code never mixes with the house's.
fn fuzz(counts: &mut Counts) -> Result<()> {
    let corpus = paths::target().join("fuzz/corpus");
    fs::create_dir_all(&corpus).with_context(|| format!("could not make {}", corpus.display()))?;
    let mut fuzzer = cargo();
    fuzzer.current_dir(paths::root().join("src-tauri/crates/imports/fuzz"));
    fuzzer.args(["run", "--release", "--quiet", "--"]).arg(&corpus);
    fuzzer.args(["seeds", "-max_total_time=60", "-rss_limit_mb=512", "-print_final_stats=1", "-verbosity=0"]);
    let outcome = run(&mut fuzzer);
    *counts = Counts { passed: usize::from(outcome.is_ok()), failed: usize::from(outcome.is_err()) };
    outcome
}

/// Runs tests that leave a report in JUnit's format.
fn counted(command: &mut Command, report: &Path, counts: &mut Counts) -> Result<()> {
    // An older report must not be taken for this run's when nothing compiles.
    let _ = fs::remove_file(report);
    let outcome = run(command);
    if let Ok(report) = fs::read_to_string(report) {
        *counts = counts::of_junit(&report)?;
        if counts.failed > 0 {
            let named = counts::failures_of_junit(&report).join("\n  ");
            bail!("{} of {} tests failed:\n  {named}", counts.failed, counts.passed + counts.failed);
        }
    }
    outcome
}

fn doc(counts: &mut Counts) -> Result<()> {
    let mut examples = cargo();
    let mut child = examples.args(["test", "--doc", "--quiet"]).args(HOUSE).stdout(Stdio::piped()).spawn()?;
    let mut output = String::new();
    for line in BufReader::new(child.stdout.take().context("the output of cargo is piped")?).lines() {
        let line = line?;
        println!("{line}");
        output.push_str(&line);
        output.push('\n');
    }
    let status = child.wait()?;
    *counts = counts::of_cargo_test(&output);
    if !status.success() {
        bail!("`{}` ended with {status}", process::shown(&examples));
    }
    run(cargo().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "--deny warnings"))
}
