//! The committed small set equals the generator, and sets of every size tell the stories a merchandiser and the rules care about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use presell_samples::{File, Samples, Scale};

type Row = BTreeMap<String, String>;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("the day exists")
}

fn text(samples: &Samples, file: File) -> String {
    let mut out = Vec::new();
    samples.write(file, &mut out).expect("memory takes every byte");
    String::from_utf8(out).expect("the files are UTF-8")
}

fn rows(samples: &Samples, file: File) -> Vec<Row> {
    csv::Reader::from_reader(text(samples, file).as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> i64 {
    match row[column].as_str() {
        "" => 0,
        value => value.parse().expect("a whole number"),
    }
}

/// What the rules would say about a line, told from the files alone.
fn fate(
    line: &Row,
    sold: &BTreeMap<(String, String), i64>,
    delivered: &BTreeMap<(String, String), i64>,
) -> &'static str {
    let key = (line["po_id"].clone(), line["sku"].clone());
    let received = number(line, "received") + delivered.get(&key).unwrap_or(&0);
    let rest = number(line, "quantity") - received - number(line, "cancelled");
    let allocated = (sold.get(&key).unwrap_or(&0) - received).max(0);
    let promise: NaiveDate = line["arrival_date"].parse().expect("an ISO date");
    let promise = promise + chrono::TimeDelta::days(number(line, "buffer_days"));
    match line["status"].as_str() {
        "CANCELLED" => "PO_CANCELLED",
        "COMPLETED" => "PO_COMPLETED",
        _ if promise < today() => "DATE_PASSED",
        _ if rest <= 0 && received == 0 => "LINE_CANCELLED",
        _ if rest <= 0 => "FULLY_RECEIVED",
        _ if rest <= number(line, "buffer") && allocated == 0 => "BUFFER_ONLY",
        _ if rest <= number(line, "buffer") + allocated => "FULLY_PRESOLD",
        _ => "QUALIFIES",
    }
}

fn pieces_by_line(rows: &[Row], counts: impl Fn(&Row) -> bool) -> BTreeMap<(String, String), i64> {
    let mut pieces = BTreeMap::new();
    for row in rows.iter().filter(|row| counts(row)) {
        *pieces.entry((row["po_id"].clone(), row["sku"].clone())).or_default() += number(row, "quantity");
    }
    pieces
}

/// Outcome of every product: its class, or why it is not listed.
fn outcomes(samples: &Samples) -> BTreeMap<String, String> {
    let orders = rows(samples, File::Orders);
    let sold = pieces_by_line(&orders, |row| matches!(row["status"].as_str(), "CREATED" | "APPROVED"));
    let delivered = pieces_by_line(&rows(samples, File::Receipts), |_| true);
    let mut stock: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows(samples, File::Inventory) {
        *stock.entry(row["sku"].clone()).or_default() += number(&row, "quantity");
    }
    let mut lines: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for line in rows(samples, File::PurchaseOrders) {
        lines.entry(line["sku"].clone()).or_default().push(line);
    }
    let mut outcomes = BTreeMap::new();
    for product in rows(samples, File::Products) {
        let sku = &product["sku"];
        let mut lines = lines.remove(sku).unwrap_or_default();
        lines.sort_by_key(|line| (line["arrival_date"].clone(), line["po_id"].clone()));
        let fates: Vec<&str> = lines.iter().map(|line| fate(line, &sold, &delivered)).collect();
        let active = fates.iter().position(|fate| *fate == "QUALIFIES");
        let outcome = match (stock.get(sku), active) {
            (Some(1..), _) => "IN_STOCK".to_owned(),
            (_, None) => fates.first().copied().unwrap_or("NO_PO").to_owned(),
            (None, Some(active)) if lines[active]["is_new"] == "N" => "STOCK_UNKNOWN".to_owned(),
            (_, Some(active)) => {
                let class = if lines[active]["is_new"] == "Y" { "PRE_ORDER" } else { "BACKORDER" };
                if active > 0 { format!("{class} after {}", fates[active - 1]) } else { class.to_owned() }
            }
        };
        outcomes.insert(sku.clone(), outcome);
    }
    assert!(lines.is_empty(), "every purchase-order line names a product of the product file");
    outcomes
}

#[test]
fn the_committed_files_are_what_the_generator_writes() {
    let samples = Samples::new(Scale::small(), 7, today());
    for file in File::ALL {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/samples").join(file.name());
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text(&samples, file), "{} is outdated: run `cargo xtask samples`", file.name());
    }
}

#[test]
fn every_class_and_every_reason_appears_whatever_the_seed() {
    for seed in [1, 7, 42] {
        let outcomes: BTreeSet<String> = outcomes(&Samples::new(Scale::small(), seed, today())).into_values().collect();
        for expected in [
            "PRE_ORDER",
            "BACKORDER",
            "BACKORDER after FULLY_PRESOLD",
            "PRE_ORDER after LINE_CANCELLED",
            "BACKORDER after FULLY_RECEIVED",
            "IN_STOCK",
            "STOCK_UNKNOWN",
            "NO_PO",
            "PO_CANCELLED",
            "PO_COMPLETED",
            "DATE_PASSED",
            "LINE_CANCELLED",
            "FULLY_RECEIVED",
            "BUFFER_ONLY",
            "FULLY_PRESOLD",
        ] {
            assert!(outcomes.contains(expected), "seed {seed} shows no {expected}, only {outcomes:?}");
        }
    }
}

#[test]
fn a_line_is_never_sold_or_delivered_beyond_its_quantity() {
    let samples = Samples::new(Scale::small(), 7, today());
    let sold =
        pieces_by_line(&rows(&samples, File::Orders), |row| !row["po_id"].is_empty() && row["status"] != "CANCELLED");
    let delivered = pieces_by_line(&rows(&samples, File::Receipts), |_| true);
    let lines = rows(&samples, File::PurchaseOrders);
    let known: BTreeSet<_> = lines.iter().map(|line| (line["po_id"].clone(), line["sku"].clone())).collect();
    for key in sold.keys().chain(delivered.keys()) {
        assert!(known.contains(key), "{key:?} is promised or received, but no line orders it");
    }
    for line in &lines {
        let key = (line["po_id"].clone(), line["sku"].clone());
        let quantity = number(line, "quantity") - number(line, "cancelled");
        assert!(
            quantity >= number(line, "received") + delivered.get(&key).unwrap_or(&0),
            "{key:?} received more than was ordered"
        );
        assert!(quantity >= *sold.get(&key).unwrap_or(&0), "{key:?} sold more than was ordered");
    }
}

#[test]
fn stock_has_zeros_and_negatives_and_new_styles_have_none() {
    let samples = Samples::new(Scale::small(), 7, today());
    let stock = rows(&samples, File::Inventory);
    assert!(stock.iter().any(|row| number(row, "quantity") < 0), "some facility counted below zero");
    assert!(stock.iter().any(|row| number(row, "quantity") == 0), "some facility is empty");
    let places: BTreeSet<_> = stock.iter().map(|row| (&row["sku"], &row["facility"])).collect();
    assert_eq!(places.len(), stock.len(), "a product has one row for each facility");
    let counted: BTreeSet<_> = stock.iter().map(|row| &row["sku"]).collect();
    let lines = rows(&samples, File::PurchaseOrders);
    let restocked: BTreeSet<_> = lines.iter().filter(|line| line["is_new"] == "N").map(|line| &line["sku"]).collect();
    for line in lines.iter().filter(|line| !restocked.contains(&line["sku"])) {
        assert!(!counted.contains(&line["sku"]), "{}: a style that is only new has no stock record yet", line["sku"]);
    }
}

#[test]
fn about_half_of_a_large_set_is_pre_sold_and_the_rest_is_mixed() {
    let outcomes = outcomes(&Samples::new(Scale::with_lines(20_000), 7, today()));
    let mut shares: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes.values() {
        *shares.entry(outcome.split(' ').next().unwrap_or_default()).or_default() += 100;
    }
    shares.values_mut().for_each(|share| *share /= outcomes.len());
    let listed = shares["PRE_ORDER"] + shares["BACKORDER"];
    assert!((40..=60).contains(&listed), "{listed} % of the products are pre-sold: {shares:?}");
    assert!(shares["PRE_ORDER"] >= 10 && shares["BACKORDER"] >= 10, "both classes are common: {shares:?}");
    assert!(shares.values().all(|share| *share <= 40), "no outcome dominates: {shares:?}");
}
