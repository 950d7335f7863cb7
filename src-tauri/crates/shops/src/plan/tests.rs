//! The rules of the plan, on families of variants made at random and by hand.

use chrono::NaiveDate;
use presell_catalog::rules::Class;
use proptest::prelude::*;

use super::{Action, Allowed, Expect, Family, Op, Ours, Rules, Step, Variant, plan};
use crate::model::{Listing, Mark, Seen, Tags, Want};
use crate::settings::Drift;

const REPAIR: Rules = Rules { allowed: Allowed::ALL, drift: Drift::Repair, restore_policy: false };
const ASK: Rules = Rules { drift: Drift::Ask, ..REPAIR };

fn listing(class: Class, day: u32) -> Listing {
    Listing { class, promise_date: NaiveDate::from_ymd_opt(2027, 1, day).expect("a day of January"), cap: 7 }
}

fn variant(product: i64, want: Want) -> Variant {
    let seen = Seen {
        variant: format!("v{product}"),
        parent: "p".to_owned(),
        sku: format!("SKU-{product}"),
        title: String::new(),
        continues: false,
        mark: Mark::None,
        digest: None,
        tags: Tags::default(),
        quantity: Some(0),
    };
    Variant { product, want, ours: Ours::default(), seen }
}

fn family(variants: Vec<Variant>) -> Family {
    Family { parent: "p".to_owned(), tags: Tags::default(), seen_tags: Tags::default(), variants }
}

/// As after a sync that was confirmed.
fn listed(product: i64, listing: Listing, want: Want) -> Variant {
    let mut variant = variant(product, want);
    variant.ours = Ours { written: true, listed: Some(listing), half_done: false, original_continues: Some(false) };
    variant.seen.continues = true;
    variant.seen.mark = Mark::Active(listing);
    variant.seen.digest = Some("d1".to_owned());
    variant
}

fn steps(ops: &[Op]) -> Vec<Step> {
    ops.iter().map(|op| op.step).collect()
}

#[test]
fn a_listing_is_marked_and_tagged_before_it_sells() {
    let ops = plan(&family(vec![variant(1, Want::Listed(listing(Class::PreOrder, 9)))]), REPAIR);
    assert_eq!(steps(&ops), [Step::Mark, Step::TagOn(Class::PreOrder), Step::Sell], "it sells last (domain §8)");
    assert_eq!(ops[0].expect, Expect::Absent, "a first mark replaces nothing that somebody else wrote meanwhile");
}

#[test]
fn a_delisting_stops_before_anything_else() {
    let mut family = family(vec![listed(1, listing(Class::Backorder, 9), Want::NotListed)]);
    family.tags.backorder = true;
    family.seen_tags.backorder = true;
    let ops = plan(&family, REPAIR);
    assert_eq!(steps(&ops), [Step::Stop, Step::TagOff(Class::Backorder), Step::Unmark], "it stops first (domain §8)");
    assert_eq!(family.variants[0].action(&ops), Some(Action::Delist), "people are told that it is taken off");
}

#[test]
fn a_move_goes_on_selling_and_changes_its_class_in_one_write() {
    let to = listing(Class::Backorder, 9);
    let mut family = family(vec![listed(1, listing(Class::PreOrder, 9), Want::Listed(to))]);
    family.tags.pre_order = true;
    family.seen_tags.pre_order = true;
    let ops = plan(&family, REPAIR);
    let expected = [Step::TagOn(Class::Backorder), Step::Remark, Step::TagOff(Class::PreOrder)];
    assert_eq!(steps(&ops), expected, "no DENY, and never without a class (R20)");
    assert_eq!(ops[1].expect, Expect::Digest("d1".to_owned()), "the mark that was read is the one that is replaced");
}

#[test]
fn a_move_whose_old_mark_somebody_spoilt_is_tagged_before_it_is_marked() {
    let to = listing(Class::Backorder, 9);
    let mut family = family(vec![listed(1, listing(Class::PreOrder, 9), Want::Listed(to))]);
    family.variants[0].seen.mark = Mark::Foreign("x".to_owned());
    family.tags.pre_order = true;
    family.seen_tags.pre_order = true;
    let expected = [Step::TagOn(Class::Backorder), Step::Remark, Step::TagOff(Class::PreOrder)];
    assert_eq!(steps(&plan(&family, REPAIR)), expected, "it sells, so no moment shows a class without its tag (R20)");
}

#[test]
fn a_tag_stays_while_one_variant_needs_it() {
    let l = listing(Class::PreOrder, 9);
    let mut family = family(vec![listed(1, l, Want::NotListed), listed(2, l, Want::Listed(l))]);
    family.tags.pre_order = true;
    family.seen_tags.pre_order = true;
    assert_eq!(steps(&plan(&family, REPAIR)), [Step::Stop, Step::Unmark], "the other variant is listed still");
    family.variants[1].want = Want::Held;
    assert_eq!(
        steps(&plan(&family, REPAIR)),
        [Step::Stop, Step::Unmark],
        "nobody knows about the other: the tag stays"
    );
}

#[test]
fn what_was_never_ours_is_not_touched() {
    let mut theirs = variant(1, Want::NotListed);
    theirs.seen.continues = true;
    theirs.seen.mark = Mark::Foreign("{}".to_owned());
    assert_eq!(plan(&family(vec![theirs]), ASK), [], "a shop's own way of selling is its own");
}

#[test]
fn somebody_elses_change_waits_for_its_setting_and_ours_does_not() {
    let l = listing(Class::PreOrder, 9);
    let mut v = listed(1, l, Want::Listed(l));
    v.seen.continues = false;
    let mut family = family(vec![v]);
    family.tags.pre_order = true;
    family.seen_tags.pre_order = true;
    assert_eq!(plan(&family, ASK), [], "it is shown, and somebody decides");
    assert_eq!(steps(&plan(&family, REPAIR)), [Step::Sell], "it is put right");
    family.variants[0].want = Want::NotListed;
    family.variants[0].seen.continues = true;
    assert_eq!(steps(&plan(&family, ASK))[0], Step::Stop, "a change of the lists is written whatever the setting");
}

#[test]
fn an_earlier_freedom_is_given_back_if_the_shop_is_set_so() {
    let mut v = listed(1, listing(Class::PreOrder, 9), Want::NotListed);
    v.ours.original_continues = Some(true);
    let family = family(vec![v]);
    assert_eq!(steps(&plan(&family, Rules { restore_policy: true, ..ASK })), [Step::Unmark], "it sold so before us");
    assert_eq!(steps(&plan(&family, ASK)), [Step::Stop, Step::Unmark], "else it stops");
}

#[test]
fn a_job_that_is_off_writes_nothing_of_its_kind() {
    let allowed = Allowed { variants: true, ..Allowed::NONE };
    let ops = plan(&family(vec![variant(1, Want::Listed(listing(Class::PreOrder, 9)))]), Rules { allowed, ..REPAIR });
    assert_eq!(steps(&ops), [Step::Mark, Step::Sell], "tags have a job of their own");
}

fn any_listing() -> impl Strategy<Value = Listing> {
    (any::<bool>(), 1u32..28).prop_map(|(pre, day)| listing(if pre { Class::PreOrder } else { Class::Backorder }, day))
}

fn any_want() -> impl Strategy<Value = Want> {
    prop_oneof![4 => any_listing().prop_map(Want::Listed), 3 => Just(Want::NotListed), 1 => Just(Want::Held)]
}

fn any_variant() -> impl Strategy<Value = Variant> {
    let mark = prop_oneof![Just(Mark::None), any_listing().prop_map(Mark::Active), Just(Mark::Inactive)];
    let confirmed = proptest::option::of(any_listing());
    (any_want(), confirmed, any::<[bool; 3]>(), mark).prop_map(|(want, confirmed, [continues, half, written], mark)| {
        let mut v = variant(0, want);
        let written = written || half || confirmed.is_some() || matches!(mark, Mark::Active(_));
        v.ours = Ours { written, listed: confirmed, half_done: half, original_continues: Some(false) };
        v.seen.continues = continues;
        v.seen.mark = mark;
        v
    })
}

fn any_family() -> impl Strategy<Value = Family> {
    (proptest::collection::vec(any_variant(), 1..6), any::<[bool; 4]>()).prop_map(|(mut variants, [a, b, c, d])| {
        for (at, variant) in variants.iter_mut().enumerate() {
            variant.product = at as i64 + 1;
            variant.seen.variant = format!("v{}", at + 1);
        }
        let (tags, seen_tags) = (Tags { pre_order: a, backorder: b }, Tags { pre_order: c, backorder: d });
        Family { parent: "p".to_owned(), tags, seen_tags, variants }
    })
}

/// What a customer may buy that she must not: not listed, once its delisting was begun, and still selling.
fn sells(variant: &Variant) -> bool {
    variant.seen.continues && variant.seen.mark.listing().is_some()
}

proptest! {
    #[test]
    fn when_all_is_done_the_shop_shows_what_is_wanted_and_nothing_is_left(mut family in any_family()) {
        for op in plan(&family, REPAIR) {
            family.apply(&op, Some("d".to_owned()));
        }
        prop_assert_eq!(plan(&family, REPAIR), vec![], "a second plan has nothing to do");
        for v in &family.variants {
            match v.want {
                Want::Listed(l) => prop_assert!(v.seen.continues && v.seen.mark == Mark::Active(l) && family.seen_tags.has(l.class),
                    "a listed variant sells, is marked and tagged"),
                Want::NotListed => prop_assert!(!sells(v), "one that is not listed is not sold"),
                Want::Held => {}
            }
        }
    }

    #[test]
    fn a_crash_anywhere_sells_nothing_wrongly_and_the_rest_is_planned_from_what_is_seen(mut family in any_family(), cut in 0usize..12) {
        let before = family.clone();
        let ops = plan(&family, REPAIR);
        let stops = ops.iter().take_while(|op| op.step == Step::Stop).count();
        for op in ops.iter().take(cut) {
            family.apply(op, Some("d".to_owned()));
        }
        for (v, was) in family.variants.iter().zip(&before.variants) {
            if v.want.listing().is_some() && sells(was) {
                prop_assert!(v.seen.continues && v.seen.mark.listing().is_some(), "a listed variant never stops on the way (R20)");
            }
            if v.want == Want::NotListed && cut >= stops {
                prop_assert!(!sells(v), "stops come before all other steps");
            }
            if v.seen.continues && !was.seen.continues {
                prop_assert!(v.seen.mark.listing() == v.want.listing(), "it sells only with its own mark");
            }
        }
        // What was under way may be half done; it is planned anew from what the shop shows.
        for v in &mut family.variants {
            v.ours.half_done = true;
            v.ours.written = true;
        }
        for op in plan(&family, ASK) {
            family.apply(&op, Some("e".to_owned()));
        }
        prop_assert_eq!(plan(&family, ASK), vec![], "the second attempt ends it");
    }

    #[test]
    fn held_variants_and_what_others_own_stay_as_they_are(family in any_family()) {
        for op in plan(&family, REPAIR) {
            if let Some(id) = &op.variant {
                let v = family.variants.iter().find(|v| &v.seen.variant == id).expect("an op is for one of the family");
                prop_assert!(v.want != Want::Held, "unknown is not \"no\"");
                prop_assert!(v.ours.written || v.want.listing().is_some(), "what was never ours is not written");
            }
        }
    }
}
