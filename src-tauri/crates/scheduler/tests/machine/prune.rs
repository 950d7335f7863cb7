//! History is forgotten by age and number, and never to the last run.

use presell_scheduler::runs::{Keep, Place, prune};
use presell_store::{db_test, on};

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
            prune(&db, Keep { runs: 8, days: 1 }, 100, &mut Place::default()).await.unwrap(),
            2,
            "the eight newest stay although they are old"
        );
        assert_eq!(prune(&db, Keep { runs: 1, days: 5 }, 2, &mut Place::default()).await.unwrap(), 2, "no batch is larger than asked for");
        assert_eq!(prune(&db, Keep { runs: 1, days: 5 }, 100, &mut Place::default()).await.unwrap(), 2, "runs of the last five days stay");
        assert_eq!(prune(&db, Keep { runs: 1, days: 0 }, 100, &mut Place::default()).await.unwrap(), 3, "all but the newest are beyond one run and no day");
        assert_eq!(runs(&db).await.len(), 1, "the newest run of a job always stays");
    }
}

db_test! {
    /// Complaint 14: history must not grow for ever, nor its end hold anybody up.
    async fn a_long_history_goes_in_short_batches_with_its_logs_and_parts(db: Db) {
        let store = store(&db).await;
        let now = db.now().await.unwrap().timestamp_millis();
        let at = now - 100 * 86_400_000;
        let columns = ["job_id", "store_id", "origin", "actor", "state", "available_at", "created_at", "finished_at"];
        let row = ["A".into(), store.into(), "manual".into(), "ann".into(), "finished".into(), at.into(), at.into(), at.into()];
        let mut tx = db.begin().await.unwrap();
        tx.insert_many("run", &columns, &row.repeat(5_000)).await.unwrap();
        tx.commit().await.unwrap();
        execute(&db, "INSERT INTO run (job_id, store_id, origin, parent_id, actor, state, available_at, created_at, finished_at)
            SELECT 'PART', store_id, 'child', id, actor, state, 1, 1, 1 FROM run").await.unwrap();
        execute(&db, "INSERT INTO run_log (run_id, seq, at, level, text) SELECT id, 1, 1, 'info', 'said' FROM run").await.unwrap();
        let keep = Keep { runs: 10, days: 30 };
        let (mut batches, mut place) = (Vec::new(), Place::default());
        loop {
            let gone = prune(&db, keep, 1_000, &mut place).await.unwrap();
            batches.push(gone);
            if gone < 1_000 {
                break;
            }
        }
        assert_eq!(batches, [1_000, 1_000, 1_000, 1_000, 990], "complaint 14: each batch is as large as asked for, and the last leaves what is kept");
        assert_eq!(runs(&db).await.len(), 20, "parts go with their runs");
        let sql = "SELECT count(*) FROM run_log WHERE run_id NOT IN (SELECT id FROM run)";
        let (left,): (i64,) = on!(&db, p => sqlx::query_as(sql).fetch_one(p).await).unwrap();
        assert_eq!(left, 0, "so do their logs");
    }
}

db_test! {
    async fn what_has_not_ended_is_never_forgotten(db: Db) {
        let store = store(&db).await;
        for _ in 0..3 {
            asked(&db, store, "A").await;
        }
        pass(&db, 400 * 86_400_000).await;
        assert_eq!(prune(&db, Keep { runs: 1, days: 0 }, 100, &mut Place::default()).await.unwrap(), 0, "an open run is no history, however old");
        assert_eq!(runs(&db).await.len(), 3, "all of them are there");
    }
}
