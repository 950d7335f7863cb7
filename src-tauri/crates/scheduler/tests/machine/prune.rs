//! History is forgotten by age and number, and never to the last run.

use presell_scheduler::runs::{Keep, prune};
use presell_store::db_test;

use crate::support::*;

db_test! {
    async fn old_runs_beyond_the_number_kept_are_forgotten_oldest_first(db: Db) {
        let store = store(&db).await;
        let now = db.now().await.unwrap().timestamp_millis();
        let mut tx = db.begin().await.unwrap();
        for age in (1..=10).rev() {
            let at = now - age * 86_400_000;
            let cells = ["A".into(), store.into(), "manual".into(), "ann".into(), "finished".into(), at.into(), at.into(), at.into()];
            tx.insert_many("run", &["job_id", "store_id", "origin", "actor", "state", "available_at", "created_at", "finished_at"], &cells).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(
            prune(&db, Keep { runs: 8, days: 1 }, 100).await.unwrap(),
            2,
            "the eight newest stay although they are old"
        );
        assert_eq!(prune(&db, Keep { runs: 1, days: 5 }, 2).await.unwrap(), 2, "no batch is larger than asked for");
        assert_eq!(prune(&db, Keep { runs: 1, days: 5 }, 100).await.unwrap(), 2, "runs of the last five days stay");
        assert_eq!(prune(&db, Keep { runs: 1, days: 0 }, 100).await.unwrap(), 3, "all but the newest are beyond one run and no day");
        assert_eq!(runs(&db).await.len(), 1, "the newest run of a job always stays");
    }
}
