//! What holds for any facts at all.

use chrono::TimeDelta;
use presell_catalog::rules::{
    Change, Claim, Class, Code, Decision, FreeLine, Item, Line, Member, ProductFacts, Status, Stock, Turn, Verdict,
    allocate, allocated, cover, plan,
};
use presell_catalog::settings::{CapScope, Settings, UnknownStockPolicy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::facts::{day, decided_with, line, now, stock_record};

// Small numbers, so that lines often tie, sell out and qualify together.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let status = || prop_oneof![4 => Just(Status::Approved), 1 => select(Status::ALL.to_vec())];
    let one = (
        (0..3_i64, 0..3_i64, option::weighted(0.9, -2..4_i64)),
        (status(), status(), any::<bool>(), prop::bool::weighted(0.9), any::<bool>(), any::<bool>()),
        [0..12_i64, 0..6, 0..6, 0..4, 0..8],
    )
        .prop_map(
            |((po, line_no, days), (po_status, line_status, closed, in_scope, shared, is_new), quantities)| {
                let [ordered, received, cancelled, buffer, allocated] = quantities;
                Line {
                    po_status,
                    line_status,
                    closed_by_system: closed,
                    in_scope,
                    shared,
                    is_new,
                    ordered,
                    received,
                    cancelled,
                    buffer,
                    allocated,
                    promise_date: days.map(day),
                    ..line(0, &format!("PO-{po}"), line_no)
                }
            },
        );
    vec(one, 0..5).prop_map(|mut lines| {
        for (id, line) in (1..).zip(&mut lines) {
            line.id = id;
        }
        lines
    })
}

prop_compose! {
    fn stocks()(
        atps in vec(-3..5_i64, 0..3), threshold in 0..3_i64, parked in 0..3_i64, others in 0..3_i64,
        brokering_allowed in prop::bool::weighted(0.9),
    ) -> Stock {
        let facilities = atps.iter().map(|atp| stock_record("F", *atp)).collect();
        Stock { facilities, threshold, queued: parked + others, parked, brokering_allowed }
    }
}

prop_compose! {
    fn products()(listed in any::<bool>(), excluded in prop::bool::weighted(0.1), lines in lines(), stock in stocks()) -> ProductFacts {
        ProductFacts { listed, excluded, lines, stock }
    }
}

prop_compose! {
    fn stores()(
        (today_counts_as_future, hold, reserve_inventory, pooled) in any::<(bool, bool, bool, bool)>(),
        out_of_stock_level in 0..3_i64, relist_level in option::of(0..3_i64), threshold in 0..2_i64, shared_line_split in option::of(1..=100_i64),
        unknown_stock_policy in select(vec![
            UnknownStockPolicy::ZeroForNewStyles, UnknownStockPolicy::NeverZero, UnknownStockPolicy::AlwaysZero,
        ]),
    ) -> Settings {
        let cap_scope = if pooled { CapScope::AllLines } else { CapScope::ActiveLine };
        Settings {
            today_counts_as_future, hold, reserve_inventory, cap_scope, out_of_stock_level, relist_level, threshold,
            shared_line_split, unknown_stock_policy, ..Settings::default()
        }
    }
}

fn members() -> impl Strategy<Value = Option<Member>> {
    let one = (select(vec![Class::PreOrder, Class::Backorder]), 1..6_i64, -2..4_i64, 0..12_i64)
        .prop_map(|(class, line, days, cap)| Member { class, line, promise_date: day(days), cap });
    option::of(one)
}

fn turns() -> impl Strategy<Value = Turn> {
    (0..3_i64, 0..3_i64, 0..3_i64).prop_map(|(minute, order, seq)| Turn {
        ordered_at: now() + TimeDelta::minutes(minute),
        order: format!("SO-{order}").into(),
        seq,
    })
}

/// A decision without the positions of the rows it came from.
fn without_positions(mut decision: Decision) -> Decision {
    for line in &mut decision.lines {
        line.index = 0;
    }
    decision
}

proptest! {
    #[test]
    fn the_order_of_rows_never_matters(
        (facts, shuffled) in products().prop_flat_map(|facts| {
            let lines = Just(facts.lines.clone()).prop_shuffle();
            (Just(facts), lines)
        }),
        settings in stores(),
    ) {
        let mut other = ProductFacts { lines: shuffled, ..facts.clone() };
        other.stock.facilities.reverse();
        let (one, two) = (decided_with(&facts, &settings), decided_with(&other, &settings));
        prop_assert_eq!(without_positions(one), without_positions(two), "rows in another order decide the same");
    }

    #[test]
    fn deciding_twice_gives_the_same(facts in products(), settings in stores()) {
        prop_assert_eq!(decided_with(&facts, &settings), decided_with(&facts, &settings), "decide is a pure function");
    }

    #[test]
    fn no_quantity_is_negative_and_terms_add_up(facts in products(), settings in stores()) {
        let decision = decided_with(&facts, &settings);
        if let presell_catalog::rules::OnlineAtp::Known { atp, terms } = decision.stock {
            prop_assert!(atp >= 0, "online ATP is at least 0");
            prop_assert_eq!(terms.iter().map(|t| t.value).sum::<i64>(), atp, "online ATP is the sum of its terms");
        }
        for line in &decision.lines {
            prop_assert!(line.atp.atp >= 0 && line.atp.oversold >= 0, "PO ATP is at least 0");
            prop_assert_eq!(line.atp.terms.iter().map(|t| t.value).sum::<i64>(), line.atp.atp, "and the sum of its terms");
            prop_assert_eq!(line.atp.code.is_none(), line.atp.atp > 0, "an ATP of 0, and only that, has a reason");
            prop_assert!(line.atp.oversold == 0 || line.atp.atp == 0, "nothing is sold from an oversold line");
        }
    }

    #[test]
    fn a_verdict_agrees_with_the_checks_it_shows(facts in products(), settings in stores()) {
        let decision = decided_with(&facts, &settings);
        for line in &decision.lines {
            prop_assert_eq!(line.qualifies, line.failed().next().is_none(), "a line qualifies if no check failed");
        }
        let active = decision.lines.iter().find(|line| line.qualifies);
        match decision.verdict {
            Verdict::Listed(listing) | Verdict::Undetermined(listing) => {
                let active = active.unwrap();
                prop_assert_eq!(listing.line, active.line, "the first qualifying line is active");
                prop_assert_eq!(Some(listing.promise_date), active.promise_date, "and gives the date");
                prop_assert!(listing.cap <= listing.total, "no more is published than comes");
            }
            Verdict::NotListed => {
                prop_assert!(!decision.reasons.is_empty(), "a no always has a reason");
                let other = decision.reasons.iter().any(|code| matches!(code, Code::Excluded | Code::InStock));
                prop_assert!(active.is_none() || other, "a good line is refused only for exclusion or stock");
            }
        }
        prop_assert_eq!(decision.listing().is_some(), decision.reasons.is_empty(), "reasons are for what is not listed");
    }

    #[test]
    fn a_plan_applied_and_planned_again_keeps(mut facts in products(), settings in stores(), member in members()) {
        facts.listed = member.is_some();
        let decision = decided_with(&facts, &settings);
        let after = plan(member.as_ref(), &decision).change.apply(member);
        facts.listed = after.is_some();
        let again = decided_with(&facts, &settings);
        prop_assert_eq!(plan(after.as_ref(), &again).change, Change::Keep, "a second run has nothing to do");
        match decision.verdict {
            Verdict::Listed(listing) => prop_assert_eq!(after, Some(listing.into()), "the catalog is as decided"),
            Verdict::NotListed => prop_assert_eq!(after, None, "the catalog is as decided"),
            Verdict::Undetermined(_) => {
                let class = |member: Option<Member>| member.map(|member| member.class);
                prop_assert_eq!(class(after), class(member), "unknown stock adds, removes and moves nothing");
            }
        }
    }

    #[test]
    fn a_removal_names_a_reason_of_the_decision(facts in products(), settings in stores(), member in members()) {
        let decision = decided_with(&facts, &settings);
        let mut shown = decision.reasons_for(member.as_ref());
        if let Change::Remove(reason) = plan(member.as_ref(), &decision).change {
            prop_assert_eq!(Some(&reason), shown.first(), "the reason written is the first one shown");
        }
        let mut reasons = decision.reasons;
        shown.sort();
        reasons.sort();
        prop_assert_eq!(shown, reasons, "another order, but the same reasons");
    }

    #[test]
    fn no_line_gives_more_than_it_has_free(
        wants in vec((turns(), 0..9_i64), 0..8), frees in vec(0..9_i64, 0..5),
    ) {
        let items: Vec<Item> =
            (1..).zip(&wants).map(|(id, (turn, quantity))| Item { id, turn: turn.clone(), quantity: *quantity }).collect();
        let lines: Vec<FreeLine> =
            (1..).zip(&frees).map(|(line, free)| FreeLine { line, promise_date: day(line), free: *free }).collect();
        let given = allocate(&items, &lines);

        let mut reversed = items.clone();
        reversed.reverse();
        prop_assert_eq!(&allocate(&reversed, &lines), &given, "the order of rows never matters");
        for line in &lines {
            let parts = given.iter().flat_map(|a| &a.parts).filter(|part| part.line == line.line);
            prop_assert!(parts.map(|part| part.quantity).sum::<i64>() <= line.free, "allocations fit the line");
        }
        for allocation in &given {
            let wanted = items.iter().find(|item| item.id == allocation.item).unwrap().quantity;
            let got: i64 = allocation.parts.iter().map(|part| part.quantity).sum();
            prop_assert_eq!(got + allocation.waiting, wanted, "every piece has a line or waits");
            let latest = allocation.parts.iter().map(|part| day(part.line)).max();
            prop_assert_eq!(allocation.promise_date, latest, "promised for the latest of its lines");
        }
        let (wanted, free): (i64, i64) = (items.iter().map(|i| i.quantity).sum(), frees.iter().sum());
        let waiting: i64 = given.iter().map(|a| a.waiting).sum();
        prop_assert_eq!(waiting, (wanted - free).max(0), "nobody waits while a piece is free");
    }

    #[test]
    fn a_receipt_covers_no_more_than_came_and_the_oldest_first(
        sold in vec((turns(), 0..9_i64, any::<bool>()), 0..8), received in 0..40_i64,
    ) {
        let claims: Vec<Claim> =
            sold.into_iter().map(|(turn, quantity, completed)| Claim { turn, quantity, completed }).collect();
        let covered = cover(received, &claims);
        let total: i64 = claims.iter().map(|claim| claim.quantity).sum();
        prop_assert_eq!(covered.iter().sum::<i64>(), total.min(received), "all of the receipt is used while anyone waits");
        for (a, got) in claims.iter().zip(&covered) {
            for (b, other) in claims.iter().zip(&covered) {
                let before = (!a.completed, &a.turn) < (!b.completed, &b.turn);
                prop_assert!(!before || *got == a.quantity || *other == 0, "nobody is served before an older order");
            }
        }
        let open: i64 = claims.iter().filter(|c| !c.completed).map(|c| c.quantity).sum();
        prop_assert!(allocated(received, &claims) <= open, "a receipt never adds to what weighs on the line");
        prop_assert_eq!(allocated(0, &claims), open, "without a receipt all open pieces weigh");
    }
}
