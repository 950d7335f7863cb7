//! A refresh that was stopped waits for somebody, and the question goes away once it is answered.

use presell_commands::{
    BrowseCatalog, Error, ExcludeProducts, Nothing, RefreshCatalog, brake_state, exclude_products, refresh_catalog,
};

use crate::desk::{Desk, desk_test};

desk_test! {
    async fn a_stopped_refresh_asks_until_it_is_answered(desk: Desk) {
        let lines = |stock: i64| (0..30).map(|i| format!("S-{i:02},{stock},WH")).collect::<Vec<_>>();
        let order: Vec<String> = (0..30).map(|i| format!("PO-1,{},S-{i:02},10,2026-12-01,WH,Y,APPROVED", i + 1)).collect();
        desk.orders(&order.iter().map(String::as_str).collect::<Vec<_>>()).await;
        desk.stock(&lines(0).iter().map(String::as_str).collect::<Vec<_>>()).await;
        desk.refresh().await;
        assert!(brake_state(&desk.app, Nothing {}).await.unwrap().stopped.is_none(), "nothing waits");

        desk.stock(&lines(5).iter().map(String::as_str).collect::<Vec<_>>()).await;
        for _ in 0..2 {
            let error = refresh_catalog(&desk.app, RefreshCatalog::default()).await.unwrap_err();
            assert!(matches!(error, Error::ConfirmationNeeded { removals: 30, .. }), "the brake holds: {error}");
        }
        let one = RefreshCatalog { skus: vec!["S-00".to_owned()], ..RefreshCatalog::default() };
        refresh_catalog(&desk.app, one).await.unwrap();
        let trial = RefreshCatalog { dry_run: true, list_changes: 3, ..RefreshCatalog::default() };
        let trial = refresh_catalog(&desk.app, trial).await.unwrap().outcome;
        assert_eq!((trial.removed, trial.changes.len()), (29, 3), "a trial says what would leave, in an answer of bounded size");
        let stopped = brake_state(&desk.app, Nothing {}).await.unwrap().stopped.expect("neither trial nor a single product answers");
        assert_eq!(stopped.times, 2, "it was stopped twice");
        assert!(stopped.message.contains("30 of 30"), "and says why: {}", stopped.message);

        let confirm = RefreshCatalog { confirm: true, ..RefreshCatalog::default() };
        assert_eq!(refresh_catalog(&desk.app, confirm).await.unwrap().outcome.removed, 29, "confirmed, it goes through");
        assert!(brake_state(&desk.app, Nothing {}).await.unwrap().stopped.is_none(), "and the question is gone");
    }
}

desk_test! {
    async fn one_removal_is_not_hidden_by_many_additions(desk: Desk) {
        desk.orders(&["PO-1,1,Z,10,2026-12-01,WH,Y,APPROVED"]).await;
        desk.stock(&["Z,0,WH"]).await;
        desk.refresh().await;
        exclude_products(&desk.app, ExcludeProducts { skus: vec!["Z".to_owned()], excluded: true }).await.unwrap();
        let order: Vec<String> = (0..5).map(|i| format!("PO-2,{},A-{i},10,2026-12-01,WH,Y,APPROVED", i + 1)).collect();
        desk.orders(&order.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let trial = RefreshCatalog { dry_run: true, list_changes: 2, ..RefreshCatalog::default() };
        let trial = refresh_catalog(&desk.app, trial).await.unwrap().outcome;
        let listed: Vec<&str> = trial.changes.iter().map(|change| change.change).collect();
        assert_eq!((trial.added, trial.removed), (5, 1), "all are counted");
        assert_eq!(listed, ["REMOVE", "ADD", "ADD"], "and each kind has its examples");
        assert_eq!(desk.browse(BrowseCatalog::default()).await.counts.pre_order, 1, "nothing was changed");
    }
}
