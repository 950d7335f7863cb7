//! Who gets which line, and whom a receipt serves.

use chrono::TimeDelta;
use presell_catalog::rules::{Claim, Code, FreeLine, Item, Line, Part, ProductFacts, Turn, allocate, allocated, cover};
use rstest::rstest;

use crate::facts::{day, decided, line, now, product, stock};

fn turn(minute: i64, order: &str, seq: i64) -> Turn {
    Turn { ordered_at: now() + TimeDelta::minutes(minute), order: order.into(), seq }
}

fn item(id: i64, minute: i64, quantity: i64) -> Item {
    Item { id, turn: turn(minute, &format!("SO-{id}"), 1), quantity }
}

fn free(line: i64, days: i64, free: i64) -> FreeLine {
    FreeLine { line, promise_date: day(days), free }
}

fn part(line: i64, quantity: i64) -> Part {
    Part { line, quantity }
}

fn claim(minute: i64, quantity: i64, completed: bool) -> Claim {
    Claim { turn: turn(minute, "SO", 1), quantity, completed }
}

#[test]
fn the_oldest_order_is_served_first() {
    let given = allocate(&[item(1, 5, 6), item(2, 0, 6)], &[free(1, 10, 6), free(2, 20, 6)]);
    let served: Vec<_> = given.iter().map(|a| (a.item, a.parts[0].line)).collect();
    assert_eq!(served, [(2, 1), (1, 2)], "whoever ordered first gets the earliest line");
}

#[test]
fn orders_of_the_same_moment_go_by_order_id_then_item() {
    let items = [
        Item { id: 1, turn: turn(0, "SO-2", 1), quantity: 1 },
        Item { id: 2, turn: turn(0, "SO-1", 10), quantity: 1 },
        Item { id: 3, turn: turn(0, "SO-1", 9), quantity: 1 },
    ];
    let order: Vec<i64> = allocate(&items, &[free(1, 10, 3)]).iter().map(|a| a.item).collect();
    assert_eq!(order, [3, 2, 1], "order id, then position as a number");
}

#[test]
fn an_item_takes_the_first_line_that_holds_all_of_it() {
    let given = allocate(&[item(1, 0, 5)], &[free(1, 10, 3), free(2, 20, 5), free(3, 30, 9)]);
    assert_eq!(given[0].parts, [part(2, 5)], "one parcel rather than an earlier half");
    assert_eq!(given[0].promise_date, Some(day(20)), "promised for its line's date");
}

#[test]
fn an_item_too_big_for_any_line_is_spread_and_promised_for_the_latest() {
    let given = allocate(&[item(1, 0, 7)], &[free(1, 10, 3), free(2, 20, 0), free(3, 30, 5)]);
    assert_eq!(given[0].parts, [part(1, 3), part(3, 4)], "lines in order, none empty");
    assert_eq!((given[0].promise_date, given[0].waiting), (Some(day(30)), 0), "complete on the latest date");
}

#[test]
fn what_no_line_holds_waits_and_says_so() {
    let given = allocate(&[item(1, 0, 9), item(2, 1, 1)], &[free(1, 10, 3)]);
    assert_eq!((given[0].waiting, given[0].reason()), (6, Some(Code::WaitingForPo)), "the rest waits for the next PO");
    assert_eq!((given[1].waiting, given[1].promise_date), (1, None), "a later order does not overtake");
    assert_eq!(allocate(&[item(1, 0, 3)], &[free(1, 10, 3)])[0].reason(), None, "a served item waits for nothing");
}

#[rstest]
#[case(0)]
#[case(-4)]
fn an_item_that_wants_nothing_gets_nothing(#[case] quantity: i64) {
    let given = allocate(&[item(1, 0, quantity)], &[free(1, 10, 3)]);
    assert!(given[0].parts.is_empty() && given[0].waiting == 0, "no pieces, no line: {given:?}");
}

#[test]
fn only_qualifying_lines_take_new_orders_also_while_the_product_is_in_stock() {
    let late = Line { promise_date: Some(day(-1)), ..line(1, "PO-1", 1) };
    let sold = Line { allocated: 10, ..line(2, "PO-2", 1) };
    let facts = ProductFacts { stock: stock(&[5]), ..product(vec![line(3, "PO-3", 1), sold, late]) };
    let lines: Vec<_> = decided(&facts).free_lines().collect();
    assert_eq!(lines, [free(3, 30, 10)], "not the late one, not the sold one");
}

#[test]
fn a_receipt_covers_the_oldest_orders_first() {
    let claims = [claim(9, 20, false), claim(1, 30, false), claim(5, 10, false)];
    assert_eq!(cover(40, &claims), [0, 30, 10], "by time of order, whatever the order of rows");
    assert_eq!(allocated(40, &claims), 20, "the uncovered pieces still weigh on the line");
}

#[test]
fn shipped_orders_use_up_the_receipt_before_open_ones() {
    let claims = [claim(1, 30, false), claim(9, 25, true)];
    assert_eq!(cover(40, &claims), [15, 25], "what was shipped came out of the receipt");
    assert_eq!(allocated(40, &claims), 15, "only open pieces are allocated");
}

#[rstest]
#[case::nothing_received(0, 60)]
#[case::part(40, 20)]
#[case::all(60, 0)]
#[case::more_than_sold(100, 0)]
fn sixty_sold_pieces_weigh_on_the_line_until_they_are_received(#[case] received: i64, #[case] weighs: i64) {
    assert_eq!(allocated(received, &[claim(0, 45, false), claim(1, 15, false)]), weighs, "allocated = open − covered");
}
