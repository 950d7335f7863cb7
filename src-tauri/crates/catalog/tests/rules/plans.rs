//! What a decision changes in the catalog.

use presell_catalog::rules::{Change, Class, Code, Decision, Line, Member, Plan, ProductFacts, brake, plan};
use rstest::rstest;

use crate::facts::{day, decided, line, member_of, product, stock};

fn change(member: Option<&Member>, decision: &Decision) -> Change {
    plan(member, decision).change
}

#[test]
fn a_listed_product_is_added_once() {
    let decision = decided(&product(vec![line(1, "PO-1", 1)]));
    let member = Member { class: Class::PreOrder, line: 1, promise_date: day(30), cap: 10 };
    assert_eq!(change(None, &decision), Change::Add(member), "no member yet: add");
    assert_eq!(change(Some(&member), &decision), Change::Keep, "as it should be: keep");
}

#[rstest]
#[case::date(|m: &mut Member| m.promise_date = day(31))]
#[case::active_line(|m: &mut Member| m.line = 9)]
#[case::cap(|m: &mut Member| m.cap = 11)]
fn a_new_date_line_or_cap_is_an_update(#[case] differ: fn(&mut Member)) {
    let facts = product(vec![line(1, "PO-1", 1)]);
    let to = member_of(&facts);
    let mut from = to;
    differ(&mut from);
    assert_eq!(change(Some(&from), &decided(&facts)), Change::Update { from, to }, "same class, other data: update");
}

#[test]
fn a_changed_flag_moves_the_product_in_one_change() {
    let from = member_of(&product(vec![line(1, "PO-1", 1)]));
    let restocked = product(vec![Line { is_new: false, ..line(1, "PO-1", 1) }]);
    let to = Member { class: Class::Backorder, ..from };
    assert_eq!(
        change(Some(&from), &decided(&restocked)),
        Change::Move { from, to },
        "other class: move, never two steps"
    );
}

#[test]
fn a_product_that_should_not_be_listed_leaves_with_the_reason_of_its_line() {
    let from = member_of(&product(vec![line(2, "PO-2", 1)]));
    let facts = product(vec![
        Line { received: 10, promise_date: Some(day(1)), ..line(1, "PO-1", 1) },
        Line { allocated: 10, ..line(2, "PO-2", 1) },
    ]);
    let decision = decided(&facts);
    assert_eq!(change(Some(&from), &decision), Change::Remove(Code::FullyPresold), "the reason of the active line");
    assert_eq!(change(None, &decision), Change::Keep, "nothing to remove");
}

#[test]
fn unknown_stock_neither_adds_nor_removes_nor_moves_but_keeps_the_promise_current() {
    let was = member_of(&product(vec![line(1, "PO-1", 1)]));
    let late = Line { is_new: false, promise_date: Some(day(44)), allocated: 3, ..line(1, "PO-1", 1) };
    let decision = decided(&ProductFacts { stock: stock(&[]), ..product(vec![late]) });

    let warned = |change| Plan { change, warning: Some(Code::StockUnknown) };
    assert_eq!(plan(None, &decision), warned(Change::Keep), "not added");
    let to = Member { promise_date: day(44), cap: 7, ..was };
    let update = warned(Change::Update { from: was, to });
    assert_eq!(plan(Some(&was), &decision), update, "not moved, but the new date and cap are kept");
    assert_eq!(plan(Some(&to), &decision), warned(Change::Keep), "and then it rests");
}

#[rstest]
#[case::few(30, 20, false)]
#[case::few_though_all(20, 20, false)]
#[case::many_of_few(30, 21, true)]
#[case::exactly_the_percentage(100, 30, false)]
#[case::over_the_percentage(100, 31, true)]
#[case::many_of_many(100_000, 30_000, false)]
#[case::no_members(0, 0, false)]
fn the_brake_stops_a_run_that_would_empty_the_shop(#[case] members: u64, #[case] removals: u64, #[case] stops: bool) {
    assert_eq!(brake(members, removals, 30), stops, "over 30 % and over 20 products waits for confirmation");
}
