//! What follows from a change of the facts.

use presell_jobs::events::facts_changed;
use presell_scheduler::schedules::{Defaults, Edit, Key, enable, pause, save};
use presell_scheduler::{Origin, runs};
use presell_store::db_test;

use presell_catalog::stores;

db_test! {
    async fn a_change_asks_for_one_refresh_and_only_where_it_is_switched_on(db: Db) {
        let store = stores::find_or_create(&db, "default", chrono_tz::Tz::UTC, db.now().await.unwrap()).await.unwrap();
        assert!(!facts_changed(&db, &store, "ann").await.unwrap(), "a job that is off is left off");
        let key = Key { job_id: "JOB_REL_PREODR_CAT".to_owned(), store_id: store.id, shop_id: String::new() };
        let defaults = Defaults { frequency: "EVERY_15_MIN", zone: "UTC".to_owned(), timeout_ms: 60_000 };
        let edit = Edit { params: Some(r#"{"maxChangePercent":10}"#.to_owned()), ..Edit::default() };
        save(&db, &key, &edit, None, &defaults, "ann").await.unwrap();
        enable(&db, &key, "ann").await.unwrap();
        for _ in 0..5 {
            assert!(facts_changed(&db, &store, "bob").await.unwrap(), "a job that is on is asked");
        }
        let asked = runs::recent(&db, &key, 10).await.unwrap();
        assert_eq!(asked.len(), 1, "changes while one waits need no second run");
        assert_eq!((asked[0].origin, asked[0].params.as_str()), (Origin::Event, r#"{"maxChangePercent":10}"#), "it runs with the parameters that are set");
        pause(&db, &key, "ann").await.unwrap();
        assert!(!facts_changed(&db, &store, "bob").await.unwrap(), "a paused job rests");
    }
}
