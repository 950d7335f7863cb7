//! "Purge history": old runs go, with their logs; the last one stays.

use presell_scheduler::schedules::{Defaults, Edit, Key, save};
use presell_store::db_test;
use serde_json::json;

use crate::support::{House, counts};

db_test! {
    async fn runs_beyond_age_and_number_go_with_their_logs_and_the_last_stays(db: Db) {
        let house = House::new(db).await;
        let mut tx = house.db.begin().await.unwrap();
        let now = tx.now().await.unwrap().timestamp_millis();
        let first = tx.reserve_ids("run", 30).await.unwrap();
        for n in 0..30_i64 {
            let at = now - (100 - n) * 86_400_000;
            let cells = [(first + n).into(), "OLD".into(), house.store.id.into(), "manual".into(), "ann".into(), "finished".into(), at.into(), at.into(), at.into()];
            tx.insert_many("run", &["id", "job_id", "store_id", "origin", "actor", "state", "available_at", "created_at", "finished_at"], &cells).await.unwrap();
            let cells = [(first + n).into(), 1_i64.into(), at.into(), "info".into(), "said".into()];
            tx.insert_many("run_log", &["run_id", "seq", "at", "level", "text"], &cells).await.unwrap();
        }
        tx.commit().await.unwrap();
        let run = house.run("PS_PURGE", json!({"runs": 10, "days": 75})).await;
        assert_eq!(counts(&run).changed, 20, "twenty are beyond the ten that are kept: {:?}", run.error);
        assert_eq!(house.number("SELECT count(*) FROM run_log WHERE text = 'said'").await, 10, "their logs go with them");
        let run = house.run("PS_PURGE", json!({"runs": 1, "days": 1})).await;
        assert_eq!(counts(&run).changed, 9, "all but the last, which always stays");
        house.stop().await;
    }
}

db_test! {
    async fn a_schedule_may_keep_more_of_its_own_history_and_says_nothing_of_it_by_itself(db: Db) {
        let house = House::new(db).await;
        let key = |job: &str| Key { job_id: job.to_owned(), store_id: house.store.id, shop_id: String::new() };
        let defaults = Defaults { frequency: "EVERYDAY", zone: "UTC".to_owned(), timeout_ms: 60_000 };
        save(&house.db, &key("PLAIN"), &Edit::default(), None, &defaults, "ann").await.unwrap();
        save(&house.db, &key("KEEPING"), &Edit { keep_runs: Some(5), ..Edit::default() }, None, &defaults, "ann").await.unwrap();
        let mut tx = house.db.begin().await.unwrap();
        let now = tx.now().await.unwrap().timestamp_millis();
        for job in ["PLAIN", "KEEPING"] {
            for n in 0..8_i64 {
                let at = now - (100 - n) * 86_400_000;
                let cells = [job.into(), house.store.id.into(), "manual".into(), "ann".into(), "finished".into(), at.into(), at.into(), at.into()];
                tx.insert_many("run", &["job_id", "store_id", "origin", "actor", "state", "available_at", "created_at", "finished_at"], &cells).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        house.run("PS_PURGE", json!({"runs": 2, "days": 30})).await;
        assert_eq!(house.number("SELECT count(*) FROM run WHERE job_id = 'PLAIN'").await, 2, "what the purge says counts for a schedule that says nothing");
        assert_eq!(house.number("SELECT count(*) FROM run WHERE job_id = 'KEEPING'").await, 5, "a schedule's own word goes first");
        house.stop().await;
    }
}
