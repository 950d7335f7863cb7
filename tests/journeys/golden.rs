//! The twenty golden products, brought in as files: what the pure rules say must come out of the whole house.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::files::{listed, sum};
use crate::support::{Presell, journey, sample};

type Row = BTreeMap<String, String>;

fn golden() -> Vec<Row> {
    let text = std::fs::read_to_string(sample("golden.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines.map(|line| header.iter().cloned().zip(line).collect()).collect()
}

/// The date so many days after 23 November 2026, which is today.
fn date(days: &str) -> NaiveDate {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    match days.parse::<i64>().unwrap() {
        days if days < 0 => today - Days::new(days.unsigned_abs()),
        days => today + Days::new(days.unsigned_abs()),
    }
}

/// Brings all rows in. Pieces that a receipt covers weigh no more on the line, so that customers have bought
/// received + allocated pieces where anything is allocated.
fn bring_in(presell: &Presell, rows: &[Row]) {
    let (mut lines, mut stock, mut orders) = (Vec::new(), BTreeMap::new(), Vec::new());
    for row in rows {
        let cell = |name: &str| row[name].as_str();
        lines.push(format!(
            "{},{},{},{},{},WH,{},{},{},{},{},{}",
            cell("po"),
            cell("line"),
            cell("product"),
            cell("ordered"),
            date(cell("day")),
            cell("is_new"),
            cell("po_status"),
            cell("line_status"),
            cell("received"),
            cell("cancelled"),
            cell("buffer"),
        ));
        if cell("online_atp") != "unknown" {
            stock.insert(cell("product"), format!("{},{},WH", cell("product"), cell("online_atp")));
        }
        let number = |name: &str| cell(name).parse::<i64>().unwrap();
        if number("allocated") > 0 {
            let sold = number("allocated") + number("received");
            orders.push(format!(
                "S-{},1,{},{sold},2026-11-01,OPEN,{},{}",
                cell("id"),
                cell("product"),
                cell("po"),
                cell("line")
            ));
        }
    }
    presell.takes("purchase-orders", &lines);
    presell.takes("inventory", &stock.into_values().collect::<Vec<_>>());
    presell.takes("orders", &orders);
}

fn check(presell: &Presell, catalog: &Value, rows: &[Row]) {
    let (id, product, expected) = (&rows[0]["id"], &rows[0]["product"], rows[0]["expected"].as_str());
    let note = rows[0]["reason_or_note"].as_str();
    let why = presell.json(&["why", product]);
    let shown = listed(catalog, product);
    let decision = match expected {
        "NONE" => "NOT_LISTED",
        "UNDETERMINED" => "UNDETERMINED",
        _ => "LISTED",
    };
    assert_eq!(why["decision"], decision, "{id}: the decision: {why:#}");
    for line in why["lines"].as_array().unwrap() {
        assert_eq!(sum(&line["terms"]), line["poAtp"], "{id}: the terms add up to the PO ATP: {line:#}");
        let row = rows.iter().find(|row| *row["po"] == line["purchaseOrder"]).unwrap();
        let allocated = line["terms"].as_array().unwrap().iter().find(|term| term["name"] == "ALLOCATED").unwrap();
        assert_eq!(
            allocated["value"],
            -row["allocated"].parse::<i64>().unwrap(),
            "{id}: pieces that no receipt covers"
        );
    }
    if decision != "LISTED" {
        assert!(shown.is_none(), "{id}: what is not listed stands in no list: {shown:?}");
        assert_eq!(why["reasons"][0], note, "{id}: the reason: {why:#}");
        assert_eq!(why["listedNow"], Value::Null, "{id}: and why says the same");
        return;
    }
    let shown = shown.unwrap_or_else(|| panic!("{id}: {product} is listed by the rules, so it stands in the catalog"));
    let row = match note.strip_prefix("active=").and_then(|active| active.split(' ').next()) {
        None => &rows[0],
        Some(active) => rows.iter().find(|row| format!("{}/{}", row["po"], row["line"]) == active).unwrap(),
    };
    let line: i64 = row["line"].parse().unwrap();
    let promise = date(&row["day"]).to_string();
    assert_eq!(why["category"], expected, "{id}: the list by the rules");
    assert_eq!(why["reasons"], serde_json::json!([]), "{id}: a listed product has no reason against it");
    assert_eq!(why["promiseDate"], promise, "{id}: the promise date by the rules");
    assert_eq!(why["purchaseOrder"], row["po"], "{id}: the active purchase order by the rules");
    let active: Vec<&Value> = why["lines"].as_array().unwrap().iter().filter(|line| line["active"] == true).collect();
    assert_eq!(active.len(), 1, "{id}: exactly one line is active");
    assert_eq!(
        (&active[0]["purchaseOrder"], &active[0]["line"]),
        (&row["po"].as_str().into(), &line.into()),
        "{id}: the active line"
    );
    assert_eq!(shown["category"], expected, "{id}: the list as published");
    assert_eq!(shown["promiseDate"], promise, "{id}: the promise date as published");
    assert_eq!(
        (&shown["purchaseOrder"], &shown["line"]),
        (&row["po"].as_str().into(), &line.into()),
        "{id}: the published line"
    );
    let n = |name: &str| row[name].parse::<i64>().unwrap();
    let left = n("ordered") - n("received") - n("cancelled") - n("buffer") - n("allocated");
    assert_eq!(shown["cap"], left, "{id}: the cap is what the active line has left");
    if id == "G13" {
        assert_eq!(shown["cap"], 25, "G13: 100 ordered, 40 received, 5 cancelled, 10 kept back, 20 sold and uncovered");
    }
}

journey! {
    fn every_golden_product_is_decided_and_published_as_the_rules_say(presell: Presell) {
        let rows = golden();
        bring_in(&presell, &rows);
        let mut checked = 0;
        for policy in ["never_zero", "zero_for_new_styles"] {
            presell.json(&["settings", "set", "unknown_stock_policy", policy]);
            presell.json(&["refresh"]);
            let catalog = presell.json(&["catalog"]);
            for product in rows.chunk_by(|a, b| a["id"] == b["id"]).filter(|product| product[0]["policy"] == policy) {
                check(&presell, &catalog, product);
                checked += 1;
            }
        }
        assert_eq!(checked, 20, "the golden file has twenty products");
        let again = presell.json(&["refresh", "--full"]);
        assert_eq!(again["changes"], serde_json::json!([]), "deciding twice changes nothing");
    }
}
