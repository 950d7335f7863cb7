//! The window as it is shipped: what it weighs, how soon it answers, and what the tray costs while nothing is to do. Beside it, as
//! the least that this engine costs, WebKitGTK's own MiniBrowser with an empty page.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::{Finding, Line, Table};
use super::{Bench, clone, figures, middle};
use crate::process::{self, cargo, run_quietly};
use crate::setup::{self, DISPLAY, NODE, WEBKIT};
use crate::{bundle, ui, window};

/// In the tray, all processes together.
const TRAY_MB: f64 = 130.0;
/// From the start of the process to a list that answers.
const USABLE_MS: f64 = 1_000.0;
/// From a key to the list.
const SEARCH_MS: f64 = 100.0;

pub(super) fn compare(bench: &Bench) -> Result<Vec<Finding>> {
    setup::install(&[&NODE, &WEBKIT, &DISPLAY])?;
    eprintln!("Building the release of the window …");
    bundle::build()?;
    process::run(driver().arg("--no-run"))?;
    let weight = ui::weights()?;
    let ask = |question: &'static str| {
        let answers = (0..bench.runs).map(|round| {
            eprintln!("  {question}, {} of {} …", round + 1, bench.runs);
            answer(bench, question)
        });
        answers.collect::<Result<Vec<Value>>>()
    };
    let (floor, memory, login, usable, search) =
        (ask("floor"), ask("memory"), ask("login"), ask("usable"), ask("search"));
    let mb = |values: &[Value], what: &str| figures(values, what).map(|kb| middle(&kb) / 1024.0);
    let lines = vec![
        Line::of("JavaScript, first page", Ok(Vec::new()), |_| {
            let (first, all) = weight;
            let shown = format!("{:>7.1} kB   {:.1} kB in all, gzip -9", first as f64 / 1e3, all as f64 / 1e3);
            Ok((shown, Some(first <= ui::LARGEST)))
        }),
        Line::of("MiniBrowser, empty page", floor, |values| {
            let ready = middle(&figures(values, "/readyMs")?);
            Ok((format!("{:>7.1} MB   {ready:.0} ms until its driver has the page", mb(values, "/openKb")?), None))
        }),
        Line::of("memory, window open", clone(&memory), |values| {
            Ok((format!("{:>7.1} MB   {}", mb(values, "/openKb")?, parts(values, "openParts")), None))
        }),
        Line::of("memory, in the tray", clone(&memory), |values| {
            let tray = mb(values, "/trayKb")?;
            Ok((format!("{tray:>7.1} MB   {}", parts(values, "trayParts")), Some(tray <= TRAY_MB)))
        }),
        Line::of("memory, started at login", login, |values| {
            let tray = mb(values, "/trayKb")?;
            Ok((format!("{tray:>7.1} MB   {}", parts(values, "trayParts")), Some(tray <= TRAY_MB)))
        }),
        Line::of("a minute in the tray", memory, |values| {
            let (wakes, cpu) = (middle(&figures(values, "/wakeUps")?), middle(&figures(values, "/processorMs")?));
            Ok((format!("{wakes:>7.0} wake-ups of all threads, {cpu:.0} ms of processor"), None))
        }),
        Line::of("usable, 500 jobs, warm", usable, |values| {
            let (shown, answered) = (middle(&figures(values, "/shownMs")?), middle(&figures(values, "/answeredMs")?));
            Ok((format!("{shown:>7.0} ms   the first key answered after {answered:.0} ms"), Some(shown <= USABLE_MS)))
        }),
        Line::of("search, 10,000 runs", search, |values| {
            let at = |what: &str| figures(values, what).map(|found| middle(&found));
            let (p50, p95) = (at("/p50")?, at("/p95")?);
            Ok((format!("{p50:>7.0} ms   95 of 100 within {p95:.0} ms"), Some(p95 <= SEARCH_MS)))
        }),
    ];
    let promise = format!(
        "first page ≤ {} kB, tray ≤ {TRAY_MB} MB (proportional set size of all processes), usable ≤ {USABLE_MS} ms, search ≤ {SEARCH_MS} ms",
        ui::LARGEST / 1_000
    );
    Ok(vec![Finding::Table(Table { title: "The window, release build".to_owned(), promise, lines })])
}

/// The driver of the tests, asking about costs.
fn driver() -> Command {
    let mut driver = cargo();
    driver.args(["bench", "--quiet", "--profile", "dev", "--bench", "window"]).args(window::FEATURE);
    driver
}

fn answer(bench: &Bench, question: &str) -> Result<Value> {
    let mut driver = driver();
    driver.env("PRESELL_PROGRAMS", bench.presell.parent().context("programs lie in a folder")?);
    let said = run_quietly(&mut window::on_own_display(driver.args(["--", question])))?;
    let line = said.lines().rfind(|line| line.starts_with('{')).context("it printed no answer")?;
    Ok(serde_json::from_str(line)?)
}

/// The processes of the last run, each with its memory in kB.
fn parts(values: &[Value], what: &str) -> String {
    let parts = values.last().and_then(|value| value[what].as_array()).into_iter().flatten();
    parts.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
