//! From the lists to the shop, against the demo shop as a process of its own: how long a plan takes, how close ten thousand
//! changes come to the best that the shop's limits allow, and how soon a shop shows what a file brought in.

mod service;

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::report::{Finding, Line, Table};
use super::{Bench, clone, figures, middle};
use service::{Daemon, Home, Simulator};

/// Variants that are planned.
const PLANNED: usize = 100_000;
const PLANNED_WITHIN_MS: f64 = 1_000.0;
/// Products whose date changes at once.
const CHANGED: usize = 10_000;
/// Half of them.
const FEWER: usize = 5_000;
/// Times the best that the limits allow.
const AT_MOST: f64 = 1.1;
/// From the start of the import to the shop: 95 of 100 within this.
const SHOWN_WITHIN_MS: f64 = 5_000.0;
const IMPORTS: usize = 20;

pub(super) fn compare(bench: &Bench) -> Result<Vec<Finding>> {
    [("SQLite", false), ("PostgreSQL", true)].into_iter().map(|(name, postgres)| on(bench, name, postgres)).collect()
}

fn on(bench: &Bench, database: &str, postgres: bool) -> Result<Finding> {
    let round = |what: &str, ask: &dyn Fn(&Home) -> Result<Value>| {
        let answers = (0..bench.runs).map(|round| {
            eprintln!("  {database}: {what}, {} of {} …", round + 1, bench.runs);
            ask(&Home::new(bench, postgres)?)
        });
        answers.collect::<Result<Vec<Value>>>()
    };
    let many = round("10,000 dates", &|home| changed(home, CHANGED));
    let lines = vec![
        Line::of("100,000 variants, planned", round("plan", &plan), |values| {
            let all = middle(&figures(values, "/allMs")?);
            let none = middle(&figures(values, "/noneMs")?);
            let shown =
                format!("{all:>7.0} ms all to be listed, {none:.0} ms none to be changed; process and run included");
            Ok((shown, Some(all.max(none) <= PLANNED_WITHIN_MS)))
        }),
        Line::of("5,000 dates", round("5,000 dates", &|home| changed(home, FEWER)), limits),
        Line::of("10,000 dates", clone(&many), limits),
        Line::of("a new shop of 10,000", many, |values| {
            let (linked, filled) = (middle(&figures(values, "/linkedS")?), middle(&figures(values, "/filledS")?));
            Ok((format!("{filled:>7.1} s    and {linked:.1} s to find its variants by SKU"), None))
        }),
        Line::of("file → decision → shop", round("import", &import_to_shop), |values| {
            let (p50, p95) = (middle(&figures(values, "/p50")?), middle(&figures(values, "/p95")?));
            let shown = format!("{p50:>7.0} ms   95 of 100 within {p95:.0} ms, import process included");
            Ok((shown, Some(p95 <= SHOWN_WITHIN_MS)))
        }),
    ];
    let promise = format!(
        "a plan ≤ {PLANNED_WITHIN_MS} ms; changes ≤ {AT_MOST} × the best the points of the Standard plan allow; from file to shop ≤ {SHOWN_WITHIN_MS} ms"
    );
    Ok(Finding::Table(Table { title: format!("From the lists to the shop, {database}"), promise, lines }))
}

fn limits(values: &[Value]) -> Result<(String, Option<bool>)> {
    let (took, least) = (middle(&figures(values, "/tookS")?), middle(&figures(values, "/leastS")?));
    let points = middle(&figures(values, "/points")?);
    // A file costs next to nothing: then it is the shop's own speed that counts, and nothing to compare with.
    if least < 1.0 {
        return Ok((format!("{took:>7.1} s    as a file, for {points:.0} points"), None));
    }
    let ratio = took / least;
    let shown = format!("{took:>7.1} s    {ratio:.3} × the best: {points:.0} points, which take {least:.1} s at best");
    Ok((shown, Some(ratio <= AT_MOST)))
}

/// A dry run over a shop that has everything, and over one that has nothing yet.
fn plan(home: &Home) -> Result<Value> {
    ordered(home, PLANNED, "2027-06-01")?;
    // Never asked: what it would show is written where the answers of a shop are kept.
    home.presell(&["shop", "add", "shop", "--platform", "demo", "--base-url", "http://127.0.0.1:9"])?;
    home.sql(
        "INSERT INTO shop_parent (shop_id, parent_id, seen_pre_order, seen_backorder, seen_at)
           SELECT 1, 'product/' || id, FALSE, FALSE, 1 FROM product;
         INSERT INTO shop_variant (shop_id, product_id, link, variant_id, parent_id, candidates, seen_continues, seen_mark, seen_at)
           SELECT 1, id, 'linked', 'variant/' || id, 'product/' || id, 1, FALSE, 'none', 1 FROM product;
         -- A server counts new rows within a minute; linking so many takes longer.
         ANALYZE;",
    )?;
    let all = planned(home, PLANNED)?;
    home.sql(
        "UPDATE shop_parent SET pre_order = TRUE, seen_pre_order = TRUE;
         UPDATE shop_variant SET written = TRUE, seen_continues = TRUE, seen_mark = 'active', confirmed_at = 1,
           listed_class = m.category, listed_date = m.promise_date, listed_cap = m.cap,
           seen_class = m.category, seen_date = m.promise_date, seen_cap = m.cap
           FROM member m WHERE m.product_id = shop_variant.product_id;",
    )?;
    Ok(json!({ "allMs": all, "noneMs": planned(home, 0)? }))
}

fn planned(home: &Home, wanted: usize) -> Result<f64> {
    let began = Instant::now();
    let told = home.presell(&["shop", "sync", "shop", "--dry-run"])?;
    let took = began.elapsed();
    if told["planned"] != wanted {
        bail!("{wanted} variants were to be planned: {told}");
    }
    Ok(took.as_secs_f64() * 1e3)
}

/// Fills a new shop, then changes all dates; the shop says what that cost in points.
fn changed(home: &Home, products: usize) -> Result<Value> {
    let simulator = Simulator::start(home)?;
    ordered(home, products, "2027-06-01")?;
    simulator.connect(home)?;
    let linked = timed(|| home.presell(&["shop", "link", "shop"]))?.0;
    let (filled, told) = timed(|| home.presell(&["shop", "sync", "shop"]))?;
    if told["confirmed"] != products {
        bail!("the shop shows them all: {told}");
    }
    ordered(home, products, "2027-07-01")?;
    let before = simulator.with_a_full_bucket()?;
    let (took, told) = timed(|| home.presell(&["shop", "sync", "shop"]))?;
    if told["confirmed"] != products {
        bail!("each date is changed: {told}");
    }
    let points = simulator.state()?["pointsSpent"].as_f64().context("points")? - before;
    let least = ((points - simulator.bucket) / simulator.restore).max(0.0);
    Ok(json!({ "linkedS": linked, "filledS": filled, "tookS": took, "points": points, "leastS": least }))
}

/// With the daemon at work: from the start of the import until the shop has the new date.
fn import_to_shop(home: &Home) -> Result<Value> {
    let simulator = Simulator::start(home)?;
    ordered(home, 200, "2027-06-01")?;
    simulator.connect(home)?;
    home.presell(&["shop", "sync", "shop"])?;
    for job in ["JOB_REL_PREODR_CAT", "JOB_PREORDER_CAT_SYC"] {
        home.presell(&["job", "enable", job])?;
    }
    let _daemon = Daemon::start(home)?;
    let mut took = Vec::new();
    for day in 1..=IMPORTS {
        let date = format!("2027-08-{day:02}");
        let mark = format!("08/{day:02}/2027");
        let before = simulator.writes()?;
        let began = Instant::now();
        import(home, 1, &date)?;
        while !simulator.journal(before)?.contains(&mark) {
            if began.elapsed() > Duration::from_secs(60) {
                bail!("the shop never showed {date}");
            }
        }
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    Ok(json!({ "p50": middle(&took), "p95": took[(took.len() * 95).div_ceil(100) - 1] }))
}

/// So many products are ordered for that day, and on the list.
fn ordered(home: &Home, products: usize, date: &str) -> Result<()> {
    import(home, products, date)?;
    home.presell(&["refresh", "--confirm"])?;
    Ok(())
}

fn import(home: &Home, products: usize, date: &str) -> Result<()> {
    let mut text = String::from("po_id,line_no,sku,quantity,arrival_date,facility,is_new,status\n");
    for n in 1..=products {
        writeln!(text, "PO-{:03},{n},S-{n:06},10,{date},WH,Y,APPROVED", n / 1_000)?;
    }
    let file = home.folder.join("purchase-orders.csv");
    fs::write(&file, text)?;
    home.presell(&["import", "purchase-orders", &file.display().to_string(), "--create", "--confirm"])?;
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let began = Instant::now();
    let done = work()?;
    Ok((began.elapsed().as_secs_f64(), done))
}
