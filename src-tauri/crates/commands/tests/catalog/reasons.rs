//! The reasons that the page counts are those that "why" gives, whatever happens.

use std::collections::BTreeMap;

use presell_catalog::browse::List;
use presell_catalog::rules::Code;
use presell_catalog::why::Answer;
use presell_commands::{BrowseCatalog, ExcludeProducts, Explain, UndoImport, exclude_products, explain, undo_import};
use presell_imports::headers::Kind;

use crate::desk::{Desk, desk_test};

/// Every count of the page must be what asking product by product gives.
async fn counts_agree(desk: &Desk, when: &str) {
    let page = desk.browse(BrowseCatalog { limit: Some(500), ..BrowseCatalog::default() }).await;
    assert_eq!(page.due, 0, "{when}: every reason is worked out");
    let mut counted: BTreeMap<Code, i64> = BTreeMap::new();
    for row in &page.rows {
        let why = explain(&desk.app, Explain { sku: row.sku.clone() }).await.unwrap().why;
        assert_eq!(row.reasons, why.reasons, "{when}: {} has the reasons that the rules give", row.sku);
        assert_eq!(row.category.is_some(), why.listed_now.is_some(), "{when}: {} is where it is", row.sku);
        let first = why.reasons.first().filter(|_| !matches!(why.decision, Answer::Listed));
        *first.map_or(&mut 0, |code| counted.entry(*code).or_default()) += 1;
    }
    let shown: BTreeMap<Code, i64> = page.reasons.iter().map(|reason| (reason.code, reason.count)).collect();
    assert_eq!(shown, counted, "{when}: the counts are those of the products");
    let out: i64 = page.reasons.iter().map(|reason| reason.count).sum();
    assert_eq!(out, page.counts.not_listed, "{when}: whatever is not listed has a reason");
}

desk_test! {
    async fn the_counts_are_what_asking_one_by_one_gives(desk: Desk) {
        let desk = desk.with_samples().await;
        desk.refresh().await;
        desk.work_out().await;
        counts_agree(&desk, "after the first refresh").await;

        let listed = desk.browse(BrowseCatalog { list: List::PreOrder, ..BrowseCatalog::default() }).await;
        let skus: Vec<String> = listed.rows.iter().take(3).map(|row| row.sku.clone()).collect();
        exclude_products(&desk.app, ExcludeProducts { skus: skus[..1].to_vec(), excluded: true }).await.unwrap();
        let waiting = desk.browse(BrowseCatalog::default()).await.waiting;
        assert_eq!((waiting.products, waiting.everything), (1, false), "the page says that one product waits");
        desk.stock(&[&format!("{},7,WH-EAST", skus[1]), "NEW-1,0,WH-EAST"]).await;
        desk.refresh().await;
        let due = desk.browse(BrowseCatalog::default()).await.due;
        assert_eq!(desk.work_out().await, u64::try_from(due).unwrap(), "only what changed is looked at again");
        assert!(due < 10, "which is not everything: {due}");
        counts_agree(&desk, "after a few changes").await;
    }
}

desk_test! {
    async fn what_an_undone_import_takes_away_is_counted_no_more(desk: Desk) {
        desk.stock(&["OLD-1,0,WH"]).await;
        desk.takes(Kind::Inventory, "sku,quantity,facility", &["NEW-1,0,WH", "NEW-2,0,WH"]).await;
        desk.refresh().await;
        assert_eq!(desk.work_out().await, 3, "all are looked at");
        undo_import(&desk.app, UndoImport { import_id: 2 }).await.unwrap();
        desk.refresh().await;
        desk.work_out().await;
        let page = desk.browse(BrowseCatalog::default()).await;
        assert_eq!((page.counts.products, page.reasons[0].count), (1, 1), "only what is there is counted: {page:#?}");
    }
}

desk_test! {
    async fn a_changed_rule_makes_every_reason_due(desk: Desk) {
        let desk = desk.with_samples().await;
        desk.refresh().await;
        let all = desk.work_out().await;
        let change = presell_commands::ChangeSetting { key: "today_counts_as_future".to_owned(), value: "false".to_owned() };
        presell_commands::change_setting(&desk.app, change).await.unwrap();
        assert!(desk.browse(BrowseCatalog::default()).await.waiting.everything, "the next refresh looks at everything");
        desk.refresh().await;
        assert_eq!(desk.work_out().await, all, "and so does this");
        counts_agree(&desk, "after a rule was changed").await;
    }
}
