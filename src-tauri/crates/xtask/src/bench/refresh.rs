//! Refreshing a catalog of a million purchase-order lines: all of it, against one statement written by hand that only selects
//! what should be listed; one percent of it, against all of it; and one changed line, against the clock.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Bench;
use super::measure::{Cost, cost};
use super::report::{Finding, Limit, side_by_side};
use crate::postgres;
use crate::process;

/// A full refresh may take this many times the statement.
const FULL_AT_MOST: f64 = 1.5;
/// A refresh of one percent may take this part of a full one.
const PART_AT_MOST: f64 = 0.05;
/// From a changed line's file to its written decision, both commands together: 95 of 100 within this.
const LINE_AT_MOST_MS: u128 = 50;
const LINE_RUNS: usize = 40;

/// What should be listed, by one statement: open lines with a future date and pieces left, the first of each product, and
/// no stock to sell. It writes nothing, explains nothing, and remembers nothing.
const BY_HAND: &str = "WITH live AS (
    SELECT l.product_id, l.is_new, l.promise_date, l.ordered - l.received - l.cancelled - l.buffer - l.allocated AS atp,
           ROW_NUMBER() OVER (PARTITION BY l.product_id ORDER BY l.promise_date, po.code, l.line_no) AS place
    FROM po_line l JOIN purchase_order po ON po.id = l.po_id
    WHERE po.status IN ('CREATED', 'APPROVED') AND l.status IN ('CREATED', 'APPROVED') AND l.promise_date >= 'TODAY'
      AND l.ordered - l.received - l.cancelled - l.buffer - l.allocated > 0),
  here AS (SELECT product_id, SUM(atp) AS atp FROM stock GROUP BY product_id),
  waiting AS (SELECT product_id, SUM(quantity) AS pieces FROM order_item WHERE status = 'OPEN' GROUP BY product_id)
SELECT p.sku, live.is_new, live.promise_date, live.atp FROM live JOIN product p ON p.id = live.product_id
LEFT JOIN here ON here.product_id = live.product_id LEFT JOIN waiting ON waiting.product_id = live.product_id
WHERE live.place = 1 AND CASE WHEN here.atp IS NULL THEN live.is_new ELSE here.atp - COALESCE(waiting.pieces, 0) <= 0 END";

pub(super) fn compare(bench: &Bench) -> Result<Vec<Finding>> {
    let file = bench.scratch.join("refresh/presell.db");
    fs::create_dir_all(bench.scratch.join("refresh"))?;
    let server = bench.fresh_database("presell_bench_refresh")?;
    let mut findings = Vec::new();
    findings.extend(on(bench, "SQLite", &format!("sqlite://{}", file.display()), &|sql| {
        let mut sqlite = Command::new("sqlite3");
        sqlite.args(["-bail", "-cmd", "PRAGMA cache_size = -32768"]).arg(&file).arg(sql);
        sqlite
    })?);
    findings.extend(on(bench, "PostgreSQL", &server, &|sql| {
        let mut psql = postgres::psql(&bench.programs, &server);
        psql.args(["-qAt", "-c", "SET work_mem = '64MB'", "-c", sql]);
        psql
    })?);
    Ok(findings)
}

fn on(bench: &Bench, database: &str, url: &str, by_hand: &dyn Fn(&str) -> Command) -> Result<Vec<Finding>> {
    eprintln!("Filling a {database} database …");
    for kind in ["products", "inventory", "purchase-orders", "orders"] {
        let file = bench.data.join(format!("{kind}.csv"));
        cost(&mut presell(bench, url, &["import", kind, path(&file)?, "--create", "--confirm"])).context(kind)?;
    }
    let first = cost(&mut presell(bench, url, &["refresh", "--full", "--confirm"]))?.0;
    by_hand_agrees(bench, url, by_hand)?;
    let sql = statement(bench, url)?;
    let full = || Ok(cost(&mut presell(bench, url, &["refresh", "--full", "--confirm"]))?.0);
    let hand = || Ok(cost(&mut by_hand(&sql))?.0);
    let mut whole = side_by_side(bench.runs, ("presell refresh --full", &full), ("one SELECT by hand", &hand));
    whole.title = format!("Full refresh with {} purchase-order lines, {database}", bench.lines);
    whole.at_most = FULL_AT_MOST;
    whole.remark =
        Some(format!("the very first refresh, which writes every listing: {:.3} s", first.wall.as_secs_f64()));

    let round = std::cell::Cell::new(0);
    let part = || {
        round.set(round.get() + 1);
        let file = one_percent(bench, round.get())?;
        cost(&mut presell(bench, url, &["import", "inventory", path(&file)?, "--confirm"]))?;
        Ok(cost(&mut presell(bench, url, &["refresh", "--confirm"]))?.0)
    };
    let mut partial = side_by_side(bench.runs, ("presell refresh", &part), ("presell refresh --full", &full));
    partial.title = format!("Refresh after 1 % of products changed, {database}");
    partial.at_most = PART_AT_MOST;
    Ok(vec![Finding::Compared(whole), Finding::Compared(partial), Finding::Limited(one_line(bench, database, url)?)])
}

fn presell(bench: &Bench, url: &str, arguments: &[&str]) -> Command {
    let mut presell = Command::new(&bench.presell);
    presell.args(["--json", "--database", url]).args(arguments);
    presell
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("the path is text")
}

fn statement(bench: &Bench, url: &str) -> Result<String> {
    // The day the refresh decided on is the day of the database's clock in the store's zone.
    let zone = process::run_quietly(&mut presell(bench, url, &["settings", "get", "zone"]))?;
    let zone = zone.split('"').rev().nth(1).unwrap_or("UTC").to_owned();
    let day = process::run_quietly(Command::new("date").arg("+%F").env("TZ", zone))?;
    Ok(BY_HAND.replace("TODAY", &day))
}

/// The rival must do the same work: both must find as many products.
fn by_hand_agrees(bench: &Bench, url: &str, by_hand: &dyn Fn(&str) -> Command) -> Result<()> {
    let rows = cost(&mut by_hand(&statement(bench, url)?))?.1.lines().filter(|line| line.contains('|')).count();
    let listed = cost(&mut presell(bench, url, &["catalog"]))?.1.matches("\"sku\"").count();
    if rows != listed {
        bail!("the statement finds {rows} products and the catalog lists {listed}: they do not do the same work");
    }
    Ok(())
}

/// An inventory file that changes the stock of every hundredth product: each has about three records.
fn one_percent(bench: &Bench, round: usize) -> Result<std::path::PathBuf> {
    let from = BufReader::new(fs::File::open(bench.data.join("inventory.csv"))?);
    let to = bench.scratch.join("refresh/one-percent.csv");
    let mut file = fs::File::create(&to)?;
    writeln!(file, "sku,facility,quantity")?;
    for line in from.lines().skip(1).step_by(300) {
        let line = line?;
        let mut cells = line.split(',');
        let (Some(sku), Some(facility)) = (cells.next(), cells.next()) else { continue };
        writeln!(file, "{sku},{facility},{}", round % 2 * 40)?;
    }
    Ok(to)
}

/// Changes one line's quantity again and again; each time a file is imported and its decision written.
fn one_line(bench: &Bench, database: &str, url: &str) -> Result<Limit> {
    let file = bench.scratch.join("refresh/one-line.csv");
    let mut runs: Vec<Cost> = Vec::new();
    for round in 0..=LINE_RUNS {
        fs::write(
            &file,
            format!(
                "po_id,line_no,sku,quantity,arrival_date,facility,is_new\nPO-BENCH,1,SKU-BENCH,{},2027-06-01,WH-EAST,Y\n",
                100 + round
            ),
        )?;
        let import =
            cost(&mut presell(bench, url, &["import", "purchase-orders", path(&file)?, "--create", "--confirm"]))?.0;
        let (refresh, printed) = cost(&mut presell(bench, url, &["refresh"]))?;
        if !printed.contains("SKU-BENCH") {
            bail!("the changed line did not change its listing");
        }
        // The first one adds the product; what is measured is the change.
        if round > 0 {
            runs.push(Cost { wall: import.wall + refresh.wall, peak: import.peak.max(refresh.peak) });
        }
    }
    Ok(Limit {
        title: format!("One purchase-order line changed → decision written, {database}"),
        runs,
        at_most_ms: LINE_AT_MOST_MS,
    })
}
