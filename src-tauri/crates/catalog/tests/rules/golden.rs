//! The golden data: purchase orders as merchandisers meet them, each with the one right decision.

use std::collections::BTreeMap;

use presell_catalog::rules::{Line, ProductFacts, Verdict};
use presell_catalog::settings::Settings;

use crate::facts::{day, decided_with, line, stock};

const GOLDEN: &str = include_str!("../../../../../tests/samples/golden.csv");

struct Case {
    id: String,
    facts: ProductFacts,
    settings: Settings,
    expected: String,
    note: String,
}

fn cases() -> Vec<Case> {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for (row, record) in csv::Reader::from_reader(GOLDEN.as_bytes()).deserialize().enumerate() {
        let record: BTreeMap<String, String> = record.unwrap();
        let number = |field: &str| record[field].parse::<i64>().unwrap();
        let line = Line {
            po_status: record["po_status"].parse().unwrap(),
            line_status: record["line_status"].parse().unwrap(),
            is_new: record["is_new"] == "Y",
            ordered: number("ordered"),
            received: number("received"),
            cancelled: number("cancelled"),
            buffer: number("buffer"),
            allocated: number("allocated"),
            promise_date: Some(day(number("day"))),
            ..line(row as i64, &record["po"], number("line"))
        };
        let case = cases.entry(record["id"].clone()).or_insert_with(|| {
            let atp: Vec<i64> = record["online_atp"].parse().into_iter().collect();
            let settings = Settings::from_texts([("unknown_stock_policy", &record["policy"])]).unwrap();
            let facts = ProductFacts { listed: false, excluded: false, lines: Vec::new(), stock: stock(&atp) };
            let (expected, note) = (record["expected"].clone(), record["reason_or_note"].clone());
            Case { id: record["id"].clone(), facts, settings, expected, note }
        });
        case.facts.lines.push(line);
    }
    cases.into_values().collect()
}

#[test]
fn every_golden_row_gets_its_decision_and_its_reason() {
    let cases = cases();
    assert_eq!(cases.len(), 20, "the golden file has twenty products");
    for case in cases {
        let decision = decided_with(&case.facts, &case.settings);
        let outcome = match decision.verdict {
            Verdict::Listed(listing) => listing.class.as_str(),
            Verdict::NotListed => "NONE",
            Verdict::Undetermined(_) => "UNDETERMINED",
        };
        assert_eq!(outcome, case.expected, "{}: wrong decision, reasons {:?}", case.id, decision.reasons);

        let mut reason = decision.reasons.first().map_or("", |code| code.as_str());
        for note in case.note.split_whitespace() {
            let Some((what, expected)) = note.split_once('=') else {
                assert_eq!(reason, note, "{}: wrong reason", case.id);
                continue;
            };
            let listing = decision.listing().unwrap();
            let active = case.facts.lines.iter().find(|line| line.id == listing.line).unwrap();
            let found = match what {
                "active" => format!("{}/{}", active.purchase_order, active.line_no),
                _ => (listing.promise_date - day(0)).num_days().to_string(),
            };
            assert_eq!(found, expected, "{}: wrong {what}", case.id);
            reason = "";
        }
        assert!(case.note.contains(reason), "{}: gave a reason nobody expects: {reason}", case.id);
    }
}

#[test]
fn a_partly_received_line_publishes_what_is_left_of_it() {
    let case = cases().into_iter().find(|case| case.id == "G13").unwrap();
    let decision = decided_with(&case.facts, &case.settings);
    assert_eq!(decision.listing().unwrap().cap, 25, "100 − 40 received − 5 cancelled − 10 buffer − 20 allocated");
}
