//! What cannot run says why, before anything happens.

use presell_jobs::DEFINITIONS;
use presell_scheduler::RunState;
use presell_store::db_test;
use serde_json::json;

use crate::support::House;

db_test! {
    async fn parameters_that_became_wrong_fail_the_run_before_it_begins(db: Db) {
        let house = House::new(db).await;
        let run = house.run("JOB_REL_PREODR_CAT", json!({"maxChangePercent": 900, "gone": 1})).await;
        assert_eq!((run.state, run.reason.as_deref()), (RunState::Failed, Some("BAD_PARAMETERS")), "wrong parameters end the run");
        let error = run.error.unwrap();
        assert!(error.contains("maxChangePercent") && error.contains("gone"), "every wrong one is named: {error}");
        let run = house.run("JOB_REL_PREODR_CAT", json!({"productId": ["NONE"]})).await;
        assert_eq!(run.reason.as_deref(), Some("BAD_PARAMETERS"), "a product that does not exist is a wrong parameter");
        house.stop().await;
    }
}

db_test! {
    async fn a_job_whose_work_does_not_exist_yet_fails_for_good_and_tries_nothing(db: Db) {
        let house = House::new(db).await;
        for job in DEFINITIONS.iter().filter(|job| job.missing().is_some()) {
            let run = house.run(job.id, json!({})).await;
            assert_eq!(run.reason.as_deref(), Some("NO_HANDLER"), "{}: nothing pretends to have run", job.id);
        }
        house.stop().await;
    }
}
