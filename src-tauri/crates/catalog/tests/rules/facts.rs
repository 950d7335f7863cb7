//! Facts to start from: a line that qualifies, a product that is listed. A test changes what it is about.

use chrono::{DateTime, Days, NaiveDate, Utc};
use presell_catalog::rules::{Decision, FacilityStock, Line, Member, ProductFacts, Status, Stock, Verdict, decide};
use presell_catalog::settings::Settings;

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

pub(crate) fn today() -> NaiveDate {
    now().date_naive()
}

/// The date this many days from today.
pub(crate) fn day(days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 { today() - distance } else { today() + distance }
}

/// An approved line of a new style, ten pieces, due in 30 days.
pub(crate) fn line(id: i64, purchase_order: &str, line_no: i64) -> Line {
    Line {
        id,
        purchase_order: purchase_order.into(),
        line_no,
        facility: "WH-EAST".into(),
        po_status: Status::Approved,
        line_status: Status::Approved,
        closed_by_system: false,
        in_scope: true,
        shared: false,
        is_new: true,
        ordered: 10,
        received: 0,
        cancelled: 0,
        buffer: 0,
        allocated: 0,
        promise_date: Some(day(30)),
    }
}

pub(crate) fn stock_record(facility: &str, atp: i64) -> FacilityStock {
    FacilityStock { facility: facility.into(), atp: Some(atp), as_of: Some(now()), left_out: None }
}

/// Stock from the available pieces of each facility; none given is unknown.
pub(crate) fn stock(atps: &[i64]) -> Stock {
    let facilities = atps.iter().enumerate().map(|(i, atp)| stock_record(&format!("F{i}"), *atp)).collect();
    Stock { facilities, threshold: 0, queued: 0, parked: 0, brokering_allowed: true }
}

/// A product that is out of stock, with these lines.
pub(crate) fn product(lines: Vec<Line>) -> ProductFacts {
    ProductFacts { listed: false, excluded: false, lines, stock: stock(&[0]) }
}

/// Decides with the settings of a new store.
pub(crate) fn decided(facts: &ProductFacts) -> Decision {
    decided_with(facts, &Settings::default())
}

pub(crate) fn decided_with(facts: &ProductFacts, settings: &Settings) -> Decision {
    decide(facts, settings, today(), now())
}

/// The member that these facts make.
pub(crate) fn member_of(facts: &ProductFacts) -> Member {
    match decided(facts).verdict {
        Verdict::Listed(listing) => listing.into(),
        other => panic!("the product was meant to be listed, but is {other:?}"),
    }
}
