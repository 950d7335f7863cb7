//! Runs made of parts.

use presell_scheduler::engine::Options;
use presell_scheduler::machine::Node;
use presell_scheduler::{Counts, Done, RunState};
use presell_store::db_test;

use super::stage::*;
use crate::support::*;

db_test! {
    /// With a single slot the parts could not run if their parent kept it.
    async fn parts_run_in_their_parents_lane_and_slot_and_it_ends_after_them_with_their_counts(db: Db) {
        let store = store(&db).await;
        let jobs = Jobs::job("PART", async |_| Ok(Done { counts: Counts { examined: 2, changed: 2, ..Counts::default() }, result: None }))
            .and("PARENT", async |work| {
                for _ in 0..3 {
                    work.child(wish(work.run.store_id, "PART")).await?;
                }
                let (parts, counts) = work.wait_for_children().await?;
                assert_eq!(parts.len(), 3, "a parent is told of all its parts");
                Ok(Done { counts, result: None })
            })
            .and("NEXT", async |_| Ok(Done::default()));
        let parent = asked(&db, store, "PARENT").await;
        let next = asked(&db, store, "NEXT").await;
        let one = Options { node: Node { slots: 1, ..options("one").node }, ..options("one") };
        let node = At::work(&db, &jobs, one).await;
        let rows = until(&db, "all ended", |rows| rows.len() == 5 && rows.iter().all(|run| run.state.is_ended())).await;
        assert!(rows.iter().all(|run| run.state == RunState::Finished), "all of them come to their end");
        let (parent, next) = (run(&db, parent.id).await, run(&db, next.id).await);
        let parts: Vec<_> = rows.iter().filter(|run| run.parent_id == Some(parent.id)).collect();
        assert!(parts.iter().all(|part| part.finished_at <= parent.finished_at), "a parent ends after its parts");
        assert!(parts.iter().all(|part| part.lane.is_none()), "parts have no lane of their own");
        assert!(next.started_at >= parent.finished_at, "the parent holds its lane until all of it is done");
        let counts: Counts = serde_json::from_str(parent.counts.as_deref().unwrap()).unwrap();
        assert_eq!((counts.examined, counts.changed), (6, 6), "a parent reports the counts of its parts");
        node.engine.stop().await;
    }
}

db_test! {
    async fn parts_may_be_done_by_another_node(db: Db) {
        let store = store(&db).await;
        let parent_only = Jobs::job("PARENT", async |work| {
            let mine = work.run.node_id;
            for _ in 0..2 {
                work.child(wish(work.run.store_id, "PART")).await?;
            }
            let (parts, _) = work.wait_for_children().await?;
            assert!(parts.iter().all(|part| part.state == RunState::Finished && part.node_id.is_some() && mine.is_some()), "parts are done by whoever has a slot");
            Ok(Done::default())
        })
        .and("PART", async |_| Ok(Done::default()));
        asked(&db, store, "PARENT").await;
        let (one, two) = (At::work(&db, &parent_only, options("one")).await, At::work(&db, &parent_only, options("two")).await);
        let rows = until(&db, "all ended", |rows| rows.len() == 3 && rows.iter().all(|run| run.state.is_ended())).await;
        assert!(rows.iter().all(|run| run.state == RunState::Finished), "wherever its parts ran, the parent learns of their end");
        one.engine.stop().await;
        two.engine.stop().await;
    }
}
