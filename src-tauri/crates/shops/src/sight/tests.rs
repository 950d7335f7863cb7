use presell_catalog::rules::Class;
use proptest::prelude::*;

use super::*;
use crate::model::Listing;

fn day(days: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day") + chrono::Duration::days(days)
}

fn active(class: Class, days: i64, cap: i64) -> Mark {
    Mark::Active(Listing { class, promise_date: day(days), cap })
}

const BOTH: Option<Tags> = Some(Tags { pre_order: true, backorder: true });
const NEITHER: Option<Tags> = Some(Tags { pre_order: false, backorder: false });

#[test]
fn each_state_of_a_variant_is_one_thing_to_a_customer() {
    use Class::{Backorder, PreOrder};
    let foreign = || Mark::Foreign("?".to_owned());
    let table = [
        (true, active(PreOrder, 18, 40), BOTH, Some(0), Offer::PreOrder, "all agree"),
        (true, active(Backorder, 18, 40), BOTH, Some(-3), Offer::Backorder, "more was sold than there was"),
        (true, active(PreOrder, 18, 40), NEITHER, Some(0), Offer::Unpromised, "no theme shows a mark without its tag"),
        (
            true,
            active(PreOrder, 18, 40),
            Some(Tags { backorder: true, pre_order: false }),
            Some(0),
            Offer::Unpromised,
            "nor with the other's tag",
        ),
        (true, active(PreOrder, 18, 40), None, Some(0), Offer::Unknown, "tags that nobody saw may be there"),
        (false, active(PreOrder, 18, 40), BOTH, Some(0), Offer::SoldOut, "a mark alone sells nothing"),
        (true, active(PreOrder, 18, 40), BOTH, Some(1), Offer::InStock, "stock goes before the mark"),
        (true, active(PreOrder, 18, 40), BOTH, None, Offer::InStock, "what is not counted always sells"),
        (true, Mark::None, NEITHER, Some(0), Offer::Unpromised, "selling on without a mark tells no date"),
        (true, Mark::Inactive, BOTH, Some(0), Offer::Unpromised, "and neither does a mark that was taken back"),
        (false, Mark::None, None, Some(0), Offer::SoldOut, "without stock and policy the tags do not matter"),
        (true, foreign(), BOTH, Some(0), Offer::Unknown, "what others wrote, themes may read"),
        (true, foreign(), NEITHER, Some(0), Offer::Unpromised, "but not without a tag"),
        (false, foreign(), BOTH, Some(5), Offer::InStock, "and not where there is stock"),
    ];
    for (continues, mark, tags, quantity, offer, why) in table {
        let look = Look { continues, mark, tags, quantity };
        assert_eq!(sight(Ok(&look), day(0)).offer, offer, "{why}: {look:?}");
    }
}

#[test]
fn a_promise_has_its_date_until_that_has_passed_and_its_pieces_where_the_shop_is_told() {
    let seen = |days, cap| {
        let look = Look { continues: true, mark: active(Class::PreOrder, days, cap), tags: BOTH, quantity: Some(0) };
        sight(Ok(&look), day(0))
    };
    assert_eq!((seen(18, 40).promise_date, seen(18, 40).left), (Some(day(18)), Some(40)), "date and pieces are told");
    assert_eq!(seen(0, 1).promise_date, Some(day(0)), "today has not passed");
    assert_eq!(
        (seen(-1, 1).offer, seen(-1, 1).promise_date),
        (Offer::PreOrder, None),
        "a date that has passed is not shown"
    );
    assert!(seen(-1, 1).note.is_some(), "and that is said");
    assert_eq!(
        (seen(1, 0).left, seen(1, -1).left),
        (None, None),
        "pieces that are not written or not readable are not told"
    );
}

fn any_look() -> impl Strategy<Value = Look> {
    let class = prop_oneof![Just(Class::PreOrder), Just(Class::Backorder)];
    let listing = (class, -40_i64..40, -1_i64..50).prop_map(|(class, days, cap)| active(class, days, cap));
    let mark = prop_oneof![Just(Mark::None), Just(Mark::Inactive), Just(Mark::Foreign(String::new())), listing];
    let tags = proptest::option::of((any::<bool>(), any::<bool>()))
        .prop_map(|tags| tags.map(|(pre_order, backorder)| Tags { pre_order, backorder }));
    (any::<bool>(), mark, tags, proptest::option::of(-5_i64..5)).prop_map(|(continues, mark, tags, quantity)| Look {
        continues,
        mark,
        tags,
        quantity,
    })
}

proptest! {
    #[test]
    fn what_nobody_knows_is_never_said_to_sell(doubt in prop_oneof![
        Just(Doubt::NeverSeen), Just(Doubt::NotThere), Just(Doubt::Several), Just(Doubt::Old), Just(Doubt::Sent),
    ], days in -40_i64..40) {
        let shown = sight(Err(doubt), day(days));
        prop_assert_eq!((shown.offer, shown.promise_date, shown.left), (Offer::Unknown, None, None), "nothing is made up");
        prop_assert!(shown.note.is_some(), "and it says why");
    }

    #[test]
    fn a_promise_is_only_what_tag_policy_stock_and_mark_agree_on(look in any_look()) {
        let shown = sight(Ok(&look), day(0));
        let promised = matches!(shown.offer, Offer::PreOrder | Offer::Backorder);
        let agree = look.continues && look.quantity.is_some_and(|pieces| pieces <= 0)
            && look.mark.listing().is_some_and(|listing| look.tags.is_some_and(|tags| tags.has(listing.class)));
        prop_assert_eq!(promised, agree, "one of the four is missing");
        prop_assert!(shown.promise_date.is_none_or(|date| promised && date >= day(0)), "a date is told of a promise alone, and never one that has passed");
        prop_assert!(shown.left.is_none_or(|left| promised && left > 0), "and so are pieces");
        prop_assert_eq!(shown.offer == Offer::InStock, look.quantity.is_none_or(|pieces| pieces > 0), "in stock is what has stock");
        prop_assert_eq!(shown.offer == Offer::SoldOut, !look.continues && look.quantity.is_some_and(|pieces| pieces <= 0), "sold out is what cannot be bought");
    }
}
