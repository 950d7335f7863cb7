//! Random working days on both databases at once: imports, orders, receipts, undos, settings and passing days in any
//! order. After each refresh the two databases agree, a full refresh finds nothing left to do, and `why` says of every
//! product what the lists say. The rows of each file come in another order on PostgreSQL: it must not matter.

mod day;
mod step;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use day::Day;
use step::{Step, steps};

/// Sequences tried; each runs on both databases.
const CASES: u32 = 24;

#[test]
fn any_sequence_of_events_leaves_both_databases_with_the_lists_a_full_refresh_would_make() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let outcome = TestRunner::new(config).run(&vec(steps(), 4..24), |steps: Vec<Vec<Step>>| {
        let steps = steps.concat();
        runtime.block_on(async {
            let mut day = Day::begin().await;
            let verdict = day.live(&steps).await;
            day.end().await;
            verdict.map_err(TestCaseError::fail)
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
