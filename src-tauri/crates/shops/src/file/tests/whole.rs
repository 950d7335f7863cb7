//! Any operations in any order: who follows the changes has what the listings show.

use proptest::prelude::*;

use super::*;

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let classes = prop::sample::select(vec![Class::PreOrder, Class::Backorder]);
    let one = (0..9_usize, 0..6_u8, classes, 1..20_i64, 0..40_i64).prop_map(|(step, sku, class, days, cap)| {
        let listing = Listing { class, promise_date: day(days), cap };
        let step = Step::ALL[step];
        let variant = (!matches!(step, Step::TagOn(_) | Step::TagOff(_))).then(|| format!("S{sku}"));
        let listing = matches!(step, Step::Mark | Step::Remark).then_some(listing);
        Op { step, parent: format!("P{}", sku % 3), variant, products: vec![1], listing, expect: Expect::Any }
    });
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn all_changes_in_order_make_the_listings(rounds in prop::collection::vec(ops(), 1..8)) {
        let folder = ready();
        let files = sound(folder.path());
        for ops in rounds {
            let before = changes(folder.path()).len();
            submit(&files, &ops).expect("a sound disk");
            check(folder.path());
            submit(&files, &ops.iter().filter(|op| !op.step.marks()).cloned().collect::<Vec<_>>()).expect("a sound disk");
            prop_assert!(changes(folder.path()).len() <= before + 2, "one change at most each time");
            check(folder.path());
        }
    }
}
