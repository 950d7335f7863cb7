//! What decides about a product, and in which order.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use presell_catalog::rules::{Class, Code, Line, Member, ProductFacts, Status, Verdict, is_future, today};
use presell_catalog::settings::{CapScope, Settings};
use rstest::rstest;

use crate::facts::{day, decided, decided_with, line, member_of, product, stock};

#[test]
fn a_day_belongs_to_the_zone_of_the_store() {
    let now: DateTime<Utc> = "2026-03-10T05:00:00Z".parse().unwrap();
    let ninth = "2026-03-09".parse().unwrap();
    assert_eq!(today(Tz::America__Los_Angeles, now), ninth, "it is still the 9th in Los Angeles");
    assert!(is_future(ninth, today(Tz::America__Los_Angeles, now), true), "so a promise of the 9th stands there");
    assert!(!is_future(ninth, today(Tz::UTC, now), true), "and has passed in UTC");
}

#[test]
fn a_promise_for_today_stands_unless_the_store_says_otherwise() {
    let facts = product(vec![Line { promise_date: Some(day(0)), ..line(1, "PO-1", 1) }]);
    assert!(decided(&facts).listing().is_some(), "today counts as future by default");
    let strict = Settings { today_counts_as_future: false, ..Settings::default() };
    assert_eq!(decided_with(&facts, &strict).reasons, [Code::DatePassed], "the store may ask for tomorrow");
}

#[test]
fn an_excluded_product_is_out_whatever_its_stock() {
    let facts = ProductFacts { excluded: true, stock: stock(&[50]), ..product(vec![line(1, "PO-1", 1)]) };
    assert_eq!(decided(&facts).reasons, [Code::Excluded], "the user's word comes first");
}

#[test]
fn a_product_in_stock_also_says_what_is_wrong_with_its_purchase_orders() {
    let passed = Line { promise_date: Some(day(-1)), ..line(1, "PO-1", 1) };
    let facts = ProductFacts { stock: stock(&[50]), ..product(vec![passed]) };
    assert_eq!(decided(&facts).reasons, [Code::InStock, Code::DatePassed], "in stock first, then the lines");
    let good = ProductFacts { stock: stock(&[50]), ..product(vec![line(1, "PO-1", 1)]) };
    assert_eq!(decided(&good).reasons, [Code::InStock], "a good line gives no reason");
}

#[rstest]
#[case(5, 5, true)]
#[case(5, 6, false)]
fn the_store_says_how_much_is_out_of_stock(#[case] level: i64, #[case] atp: i64, #[case] listed: bool) {
    let settings = Settings { out_of_stock_level: level, ..Settings::default() };
    let facts = ProductFacts { stock: stock(&[atp]), ..product(vec![line(1, "PO-1", 1)]) };
    assert_eq!(decided_with(&facts, &settings).listing().is_some(), listed, "out of stock up to and with the level");
}

#[test]
fn single_returns_do_not_take_a_product_in_and_out() {
    let settings = Settings { out_of_stock_level: 3, relist_level: Some(0), ..Settings::default() };
    let mut facts = product(vec![line(1, "PO-1", 1)]);
    let mut way = Vec::new();
    // Sold out, returns, goods that arrive, sold piece by piece, a return in between.
    for atp in [0, 1, 2, 3, 4, 3, 2, 3, 1, 0, 1] {
        facts.stock = stock(&[atp]);
        facts.listed = decided_with(&facts, &settings).listing().is_some();
        way.push((atp, facts.listed));
    }
    let listed: Vec<i64> = way.iter().filter(|(_, listed)| *listed).map(|(atp, _)| *atp).collect();
    assert_eq!(listed, [0, 1, 2, 3, 0, 1], "it leaves above three pieces and comes back at none: {way:?}");
    let turned = Settings { out_of_stock_level: 1, relist_level: Some(5), ..settings };
    facts.stock = stock(&[4]);
    let outside = decided_with(&ProductFacts { listed: false, ..facts }, &turned);
    assert_eq!(outside.reasons, [Code::InStock], "levels the wrong way round do not make it come and go");
}

#[test]
fn unknown_stock_without_a_good_line_is_a_plain_no() {
    let passed = Line { promise_date: Some(day(-1)), ..line(1, "PO-1", 1) };
    let facts = ProductFacts { stock: stock(&[]), ..product(vec![passed]) };
    let decision = decided(&facts);
    assert_eq!(decision.verdict, Verdict::NotListed, "whatever the stock is, nothing can be promised");
    assert_eq!(decision.reasons, [Code::DatePassed], "so the line gives the reason");
}

#[rstest]
#[case("zero_for_new_styles", true, true)]
#[case("zero_for_new_styles", false, false)]
#[case("never_zero", true, false)]
#[case("always_zero", false, true)]
fn the_policy_says_when_unknown_stock_is_zero(#[case] policy: &str, #[case] is_new: bool, #[case] listed: bool) {
    let settings = Settings::from_texts([("unknown_stock_policy", policy)]).unwrap();
    let facts = ProductFacts { stock: stock(&[]), ..product(vec![Line { is_new, ..line(1, "PO-1", 1) }]) };
    let decision = decided_with(&facts, &settings);
    assert_eq!(decision.listing().is_some(), listed, "unknown is not zero unless the policy says so");
    if !listed {
        assert_eq!(decision.reasons, [Code::StockUnknown], "and the reason is said");
    }
}

#[test]
fn lines_compete_by_date_then_purchase_order_then_line_number() {
    let facts = product(vec![
        Line { promise_date: None, ..line(1, "PO-0", 1) },
        line(2, "PO-B", 1),
        line(3, "PO-A", 10),
        line(4, " PO-A ", 9),
        Line { promise_date: Some(day(5)), ..line(5, "PO-Z", 1) },
    ]);
    let decision = decided(&facts);
    let order: Vec<i64> = decision.lines.iter().map(|line| line.line).collect();
    assert_eq!(order, [5, 4, 3, 2, 1], "date (none last), then purchase order (trimmed), then line number as a number");
    assert_eq!(decision.listing().unwrap().line, 5, "the first that qualifies is active");
}

#[test]
fn the_next_purchase_order_takes_over_with_its_class_and_date() {
    let first = line(1, "PO-1", 1);
    let next = Line { is_new: false, promise_date: Some(day(50)), ..line(2, "PO-2", 1) };
    let facts = |first| product(vec![first, next.clone()]);
    assert_eq!(member_of(&facts(first.clone())).class, Class::PreOrder, "at first the first line is active");

    let ends: [fn(&mut Line); 4] = [
        |line| line.allocated = 10,
        |line| line.received = 10,
        |line| line.line_status = Status::Cancelled,
        |line| line.promise_date = Some(day(-1)),
    ];
    for end in ends {
        let mut ended = first.clone();
        end(&mut ended);
        let member = member_of(&facts(ended));
        let expected = Member { class: Class::Backorder, line: 2, promise_date: day(50), cap: 10 };
        assert_eq!(member, expected, "sold out, received, cancelled or late: the next line takes over at once");
    }
}

#[test]
fn the_cap_is_that_of_the_active_line_unless_the_store_pools_them() {
    let later = Line { promise_date: Some(day(50)), ordered: 7, ..line(2, "PO-2", 1) };
    let facts = product(vec![line(1, "PO-1", 1), later]);
    let listing = *decided(&facts).listing().unwrap();
    assert_eq!((listing.cap, listing.total), (10, 17), "nobody is sold a date that only a later line can keep");
    let pooled = Settings { cap_scope: CapScope::AllLines, ..Settings::default() };
    assert_eq!(decided_with(&facts, &pooled).listing().unwrap().cap, 17, "all lines together, if the store wants it");
}

#[test]
fn a_shared_line_gives_a_store_its_share_rounded_down() {
    let split = Settings { shared_line_split: Some(33), ..Settings::default() };
    let shared = product(vec![Line { shared: true, ..line(1, "PO-1", 1) }]);
    assert_eq!(decided_with(&shared, &split).listing().unwrap().cap, 3, "33 % of 10 pieces, rounded down");
    assert_eq!(decided(&shared).listing().unwrap().cap, 10, "no split, no share");
    let own = product(vec![line(1, "PO-1", 1)]);
    assert_eq!(decided_with(&own, &split).listing().unwrap().cap, 10, "a line of the store's own is not split");
}

#[rstest]
#[case::received(10, 0, Code::FullyReceived)]
#[case::part_received_rest_called_off(4, 6, Code::FullyReceived)]
#[case::called_off(0, 10, Code::LineCancelled)]
fn a_line_closed_by_the_system_keeps_its_reason(#[case] received: i64, #[case] cancelled: i64, #[case] code: Code) {
    let closed = Line {
        received,
        cancelled,
        closed_by_system: true,
        po_status: Status::Completed,
        line_status: Status::Completed,
        promise_date: Some(day(-9)),
        ..line(1, "PO-1", 1)
    };
    let by_hand = Line { closed_by_system: false, ..closed.clone() };
    assert_eq!(
        decided(&product(vec![closed])).reasons,
        [code],
        "nobody completed it by hand; also when its day is past"
    );
    assert_eq!(decided(&product(vec![by_hand])).reasons, [Code::PoCompleted], "a person did complete this one");
}

#[test]
fn a_cancelled_purchase_order_is_cancelled_also_after_the_system_closed_a_line() {
    let closed = Line { received: 10, closed_by_system: true, po_status: Status::Cancelled, ..line(1, "PO-1", 1) };
    assert_eq!(decided(&product(vec![closed])).reasons, [Code::PoCancelled], "the system completes, people cancel");
}

#[rstest]
#[case::free(0)]
#[case::sold(6)]
fn a_line_closed_by_the_system_does_not_sell_again_when_its_receipt_is_corrected(#[case] allocated: i64) {
    let corrected = Line {
        received: 4,
        allocated,
        closed_by_system: true,
        po_status: Status::Completed,
        line_status: Status::Completed,
        ..line(1, "PO-1", 1)
    };
    assert_eq!(
        decided(&product(vec![corrected])).reasons,
        [Code::PoCompleted],
        "closed is closed until it is reopened"
    );
}

#[test]
fn reasons_start_with_the_line_that_was_active() {
    let received = Line { received: 10, promise_date: Some(day(5)), ..line(1, "PO-1", 1) };
    let presold = Line { allocated: 10, ..line(2, "PO-2", 1) };
    let cancelled = Line { po_status: Status::Cancelled, promise_date: Some(day(60)), ..line(3, "PO-3", 1) };
    let mut facts = product(vec![received, presold, cancelled]);
    let was = Member { class: Class::PreOrder, line: 3, promise_date: day(60), cap: 4 };

    let decision = decided(&facts);
    let (a, b, c) = (Code::FullyReceived, Code::FullyPresold, Code::PoCancelled);
    assert_eq!(decision.reasons_for(None), [a, b, c], "without a member, lines in the order they compete");
    assert_eq!(decision.reasons_for(Some(&was)), [c, a, b], "with one, its line first");
    let gone = Member { line: 99, ..was };
    assert_eq!(decision.reasons_for(Some(&gone)), [a, b, c], "a line that no longer exists changes nothing");

    facts.stock = stock(&[3]);
    assert_eq!(decided(&facts).reasons_for(Some(&was)), [Code::InStock, c, a, b], "in stock stays in front");
}

#[test]
fn the_same_reason_is_given_once() {
    let facts =
        product(vec![Line { allocated: 10, ..line(1, "PO-1", 1) }, Line { allocated: 10, ..line(2, "PO-2", 1) }]);
    assert_eq!(decided(&facts).reasons, [Code::FullyPresold], "two lines, one reason");
}

#[test]
fn an_early_receipt_lowers_the_cap_at_once_and_alone_does_not_delist() {
    let facts = product(vec![Line { received: 4, ..line(1, "PO-1", 1) }]);
    assert_eq!(member_of(&facts).cap, 6, "received pieces are not sold from the purchase order again");
}
