//! Online ATP: what the web shop can sell from stock now.

use chrono::TimeDelta;
use presell_catalog::rules::{LeftOut, OnlineAtp, Stock, TermName, counted, online_atp};
use presell_catalog::settings::Settings;
use rstest::rstest;

use crate::facts::{now, stock, stock_record};

fn store(reserve_inventory: bool, hold: bool) -> Settings {
    Settings { reserve_inventory, hold, ..Settings::default() }
}

#[rstest]
#[case::orders_in_the_queue_weigh_on_stock(&[100], 0, 80, true, false, true, Some(20))]
#[case::the_minimum_is_kept(&[100], 10, 80, true, false, true, Some(10))]
#[case::held_until_the_queue_is_empty(&[100], 0, 80, true, true, true, Some(0))]
#[case::not_held_once_the_queue_is_empty(&[100], 0, 0, true, true, true, Some(100))]
#[case::the_stock_file_is_net_already(&[100], 0, 80, false, false, true, Some(100))]
#[case::negative_stock_counts_as_negative(&[1, -1], 0, 0, true, false, true, Some(0))]
#[case::never_below_zero(&[5], 10, 0, true, false, true, Some(0))]
#[case::not_sent_from_stock(&[50], 0, 0, true, false, false, Some(0))]
#[case::not_sent_from_stock_though_negative(&[-50], 0, 0, true, false, false, Some(0))]
#[case::no_record_is_unknown(&[], 0, 0, true, false, true, None)]
#[case::no_record_stays_unknown_though_held(&[], 0, 80, true, true, false, None)]
fn online_atp_is_stock_less_what_is_spoken_for(
    #[case] atps: &[i64],
    #[case] threshold: i64,
    #[case] queued: i64,
    #[case] reserve: bool,
    #[case] hold: bool,
    #[case] brokering_allowed: bool,
    #[case] expected: Option<i64>,
) {
    let stock = Stock { threshold, queued, parked: queued, brokering_allowed, ..stock(atps) };
    let found = online_atp(&stock, &store(reserve, hold), now());
    assert_eq!(found.atp(), expected, "stock − threshold − queued, at least 0; unknown is not zero");
    if let OnlineAtp::Known { atp, terms } = found {
        assert_eq!(terms.iter().map(|term| term.value).sum::<i64>(), atp, "the terms add up to the number: {terms:?}");
    }
}

#[rstest]
#[case(4, 7, 93)]
#[case(7, 4, 93)]
fn the_larger_minimum_of_store_and_product_counts(#[case] store: i64, #[case] product: i64, #[case] expected: i64) {
    let settings = Settings { threshold: store, ..Settings::default() };
    let found = online_atp(&Stock { threshold: product, ..stock(&[100]) }, &settings, now());
    assert_eq!(found.atp(), Some(expected), "the larger threshold wins");
}

#[test]
fn the_hold_shows_as_a_term_of_its_own() {
    let held = Stock { queued: 80, parked: 80, ..stock(&[100]) };
    let OnlineAtp::Known { terms, .. } = online_atp(&held, &store(true, true), now()) else {
        panic!("stock with a record is known");
    };
    assert_eq!(terms.map(|term| term.value), [100, 0, -80, 0, 0, -20], "the hold takes what the queue left");
    assert_eq!(terms[5].name, TermName::Hold, "and it is named");
}

#[test]
fn a_facility_without_a_record_adds_nothing_and_does_not_hide_the_others() {
    let mut stock = stock(&[8]);
    stock.facilities.push(presell_catalog::rules::FacilityStock { atp: None, ..stock_record("EMPTY", 0) });
    assert_eq!(online_atp(&stock, &Settings::default(), now()).atp(), Some(8), "no record adds nothing");
    assert_eq!(
        counted(&stock.facilities[1], &Settings::default(), now()),
        Err(LeftOut::NoRecord),
        "and the facility is named as having none"
    );
}

#[test]
fn a_facility_outside_the_web_shop_is_not_counted() {
    let mut stock = stock(&[8, 5]);
    stock.facilities[1].left_out = Some(LeftOut::BrokeringOff);
    assert_eq!(online_atp(&stock, &Settings::default(), now()).atp(), Some(8), "left-out facilities add nothing");
}

#[rstest]
#[case::fresh(Some(24), Some(5))]
#[case::stale(Some(25), None)]
#[case::from_a_clock_that_is_ahead(Some(-2), Some(5))]
#[case::without_a_date(None, None)]
fn a_record_older_than_the_store_accepts_counts_as_missing(#[case] hours: Option<i64>, #[case] expected: Option<i64>) {
    let mut stock = stock(&[5]);
    stock.facilities[0].as_of = hours.map(|hours| now() - TimeDelta::hours(hours));
    let strict = Settings { max_stock_age_hours: Some(24), ..Settings::default() };
    assert_eq!(online_atp(&stock, &strict, now()).atp(), expected, "too old is missing, and missing is unknown");
    assert_eq!(online_atp(&stock, &Settings::default(), now()).atp(), Some(5), "by default no record grows too old");
}
