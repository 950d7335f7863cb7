//! All jobs at once: pausing, bringing back just those, and what the tray says of it.

use presell_commands::{
    Nothing, SwitchJob, list_jobs, pause_all, pause_job, resume_all, resume_job, run_due_now, show_status,
};
use presell_scheduler::ScheduleState;
use presell_store::db_test;

use crate::support::{PURGE, REFRESH, app, change, machine, on};

fn job(id: &str) -> SwitchJob {
    SwitchJob { id: id.to_owned(), catch_up: false }
}

db_test! {
    async fn what_was_paused_together_comes_back_together_and_nothing_else(db: Db) {
        let app = app(&db).await;
        for id in [REFRESH, PURGE, "PS_UPD_CAT_ARRIVAL"] {
            on(&app, id).await;
        }
        pause_job(&app, job(PURGE)).await.unwrap();
        let paused = pause_all(&app, Nothing {}).await.unwrap();
        assert_eq!((paused.jobs.len(), paused.paused_together), (2, 2), "two were on: {paused:?}");
        let status = show_status(&app, Nothing {}).await.unwrap();
        assert_eq!((status.jobs_on, status.jobs_paused, status.paused_together), (0, 3, 2), "the tray can offer to resume");
        assert!(status.next.is_none(), "nothing is due while all is paused");

        resume_job(&app, job(REFRESH)).await.unwrap();
        let again = pause_all(&app, Nothing {}).await.unwrap();
        assert_eq!((again.jobs.len(), again.paused_together), (1, 2), "a second time adds to the first: {again:?}");

        let resumed = resume_all(&app, Nothing {}).await.unwrap();
        assert_eq!((resumed.jobs.len(), resumed.paused_together), (2, 0), "just those two come back: {resumed:?}");
        let jobs = list_jobs(&app, Default::default()).await.unwrap();
        let state = |id: &str| jobs.iter().find(|j| j.id == id).unwrap().state;
        assert_eq!(state(PURGE), ScheduleState::Paused, "what somebody paused by itself stays paused");
        assert_eq!(state(REFRESH), ScheduleState::Enabled, "what was on is on");
        let nothing = resume_all(&app, Nothing {}).await.unwrap();
        assert!(nothing.jobs.is_empty(), "there is nothing left to bring back: {nothing:?}");
    }
}

db_test! {
    async fn what_is_due_is_named_and_nothing_runs_before_its_time(db: Db) {
        let app = app(&db).await;
        on(&app, PURGE).await;
        let due = run_due_now(&app, Nothing {}).await.unwrap();
        assert!(due.jobs.is_empty() && due.next.is_some() && !due.at_work, "its time is later, and nobody is there: {due:?}");
        machine(&app, "desk-1", 0).await;
        change(&app, "UPDATE schedule SET next_due_at = 1000").await;
        let due = run_due_now(&app, Nothing {}).await.unwrap();
        assert_eq!((due.jobs.as_slice(), due.at_work), (["Purge history".to_owned()].as_slice(), true), "now it is due");
    }
}

db_test! {
    async fn the_status_knows_the_next_job_and_the_numbers_beside_the_pages(db: Db) {
        let app = app(&db).await;
        presell_commands::add_sample_data(&app, presell_commands::AddSampleData { refresh: true }).await.unwrap();
        on(&app, REFRESH).await;
        on(&app, PURGE).await;
        let status = show_status(&app, Nothing {}).await.unwrap();
        let jobs = list_jobs(&app, Default::default()).await.unwrap();
        let soonest = jobs.iter().filter(|job| job.next_run.is_some()).min_by_key(|job| job.next_run).unwrap();
        assert_eq!(status.next.unwrap().job, soonest.id, "the job that is due first is the next");
        let listed = presell_commands::list_catalog(&app, Default::default()).await.unwrap().len();
        assert_eq!(status.pre_order + status.backorder, i64::try_from(listed).unwrap(), "the lists are counted");
        assert!(status.open_purchase_orders > 0, "orders on their way are counted");
    }
}
