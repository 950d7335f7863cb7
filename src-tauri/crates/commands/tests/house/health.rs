//! What is not as it should be is found by each job's own history, and says why.

use presell_commands::{
    Bell, FindingKind, HealthOverview, MachineLife, MachineState, Nothing, Remedy, health_overview, release_runs,
    show_database, show_status,
};
use presell_store::db_test;

use crate::support::{PURGE, REFRESH, app, change, machine, on, past};

const MINUTE: i64 = 60_000;

fn kinds(overview: &HealthOverview, job: &str) -> Vec<FindingKind> {
    overview.findings.iter().filter(|f| f.job.as_deref() == Some(job)).map(|f| f.kind).collect()
}

db_test! {
    async fn a_store_where_nothing_is_on_has_nothing_to_complain_about(db: Db) {
        let app = app(&db).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(overview.findings, [], "nothing is on, so nothing is wrong");
        let c = overview.counters;
        assert_eq!((c.active, c.paused, c.stuck, c.failed, c.overdue, c.slow), (0, 0, 0, 0, 0, 0), "all is still: {c:?}");
        assert_eq!(c.draft + c.unavailable, presell_jobs::DEFINITIONS.len(), "every job is counted once: {c:?}");
        assert!(overview.machines.is_empty(), "no machine was ever here");
    }
}

db_test! {
    async fn a_run_is_stuck_after_a_quarter_of_an_hour_or_three_times_its_usual_time_whichever_is_longer(db: Db) {
        let app = app(&db).await;
        for n in 0..6 {
            past(&app, REFRESH, "finished", (60 - n) * MINUTE, Some(1_000), 0).await;
            past(&app, PURGE, "finished", (600 - n * 20) * MINUTE, Some(10 * MINUTE), 0).await;
        }
        let quick = past(&app, REFRESH, "running", 16 * MINUTE, None, MINUTE).await;
        past(&app, PURGE, "running", 16 * MINUTE, None, MINUTE).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(kinds(&overview, REFRESH), [FindingKind::Stuck], "a job of a second is stuck after 16 minutes");
        assert_eq!(kinds(&overview, PURGE), [FindingKind::Slow], "one of ten minutes is only slow then");
        let stuck = overview.findings.iter().find(|f| f.kind == FindingKind::Stuck).unwrap();
        assert_eq!(stuck.run, Some(quick), "the finding leads to the run");
        assert_eq!(stuck.remedies[0], Remedy::Stop, "and says what to do first");
        assert!(stuck.why.contains("16 minutes") && stuck.why.contains("15 minutes"), "with its numbers: {}", stuck.why);
        assert_eq!((overview.counters.stuck, overview.counters.slow, overview.counters.running), (1, 1, 2), "counted alike");
    }
}

db_test! {
    async fn a_few_runs_or_a_few_seconds_prove_nothing_about_slowness(db: Db) {
        let app = app(&db).await;
        for n in 0..4 {
            past(&app, PURGE, "finished", (60 - n) * MINUTE, Some(1_000), 0).await;
        }
        past(&app, PURGE, "finished", 10 * MINUTE, Some(5 * MINUTE), 0).await;
        for n in 0..9 {
            past(&app, REFRESH, "finished", (60 - n) * MINUTE, Some(10), 0).await;
        }
        past(&app, REFRESH, "finished", MINUTE, Some(900), 0).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(overview.findings, [], "four runs are no history, and a second is no delay");
        past(&app, PURGE, "finished", MINUTE, Some(10 * MINUTE), 0).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(kinds(&overview, PURGE), [FindingKind::Slow], "five runs are one");
    }
}

db_test! {
    async fn failures_in_a_row_are_counted_and_told_with_their_reason_until_it_goes_well_again(db: Db) {
        let app = app(&db).await;
        on(&app, PURGE).await;
        machine(&app, "desk-1", 0).await;
        past(&app, PURGE, "finished", 50 * MINUTE, Some(10), 0).await;
        past(&app, PURGE, "failed", 40 * MINUTE, Some(10), 0).await;
        let last = past(&app, PURGE, "failed", 30 * MINUTE, Some(10), 0).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        let failed = overview.findings.iter().find(|f| f.kind == FindingKind::Failed).unwrap();
        assert_eq!((failed.run, overview.counters.failed), (Some(last), 1), "the last failure is the one to look at");
        assert!(failed.why.contains("last 2 runs") && failed.why.contains("The shop said no."), "why: {}", failed.why);
        assert_eq!(show_status(&app, Nothing {}).await.unwrap().failing, 1, "the tray says the same");
        past(&app, PURGE, "finished", MINUTE, Some(10), 0).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(overview.findings, [], "a run that goes well ends it");
        assert_eq!(show_status(&app, Nothing {}).await.unwrap().failing, 0, "for the tray, too");
    }
}

db_test! {
    async fn a_job_whose_time_has_come_and_that_nobody_takes_is_overdue(db: Db) {
        let app = app(&db).await;
        on(&app, PURGE).await;
        change(&app, "UPDATE schedule SET next_due_at = next_due_at - 864000000").await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(kinds(&overview, PURGE), [FindingKind::Overdue], "its time was long ago");
        assert!(overview.findings.iter().any(|f| f.kind == FindingKind::Unattended), "and no machine is at work");
        assert_eq!(show_status(&app, Nothing {}).await.unwrap().machine, MachineState::Nobody, "the tray says so");
        machine(&app, "cellar", 10_000).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert!(!overview.findings.iter().any(|f| f.kind == FindingKind::Unattended), "now one is");
        assert_eq!(show_status(&app, Nothing {}).await.unwrap().machine, MachineState::Elsewhere, "but not this one");
    }
}

db_test! {
    async fn a_run_whose_machine_fell_silent_is_given_up_on_request_and_a_living_one_is_not(db: Db) {
        let app = app(&db).await;
        let dead = past(&app, PURGE, "running", 20 * MINUTE, None, -10 * MINUTE).await;
        let alive = past(&app, REFRESH, "running", MINUTE, None, MINUTE).await;
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert_eq!(kinds(&overview, PURGE), [FindingKind::Abandoned], "its lease is over");
        assert_eq!(overview.findings[0].remedies[0], Remedy::Release, "one click gives it up");
        let released: Vec<i64> = release_runs(&app, Nothing {}).await.unwrap().runs.iter().map(|r| r.id).collect();
        assert_eq!(released, [dead], "only the dead one is given up, not run {alive}");
        let overview = health_overview(&app, Nothing {}).await.unwrap();
        assert!(!overview.findings.iter().any(|f| f.kind == FindingKind::Abandoned), "it is solved");
    }
}

db_test! {
    async fn machines_say_who_is_at_work_who_fell_silent_and_which_is_this_one(db: Db) {
        let app = app(&db).await;
        machine(&app, "cellar", 30 * MINUTE).await;
        machine(&app, "desk-1", 1_000).await;
        machine(&app, "attic", 30 * 86_400_000).await;
        let machines = health_overview(&app, Nothing {}).await.unwrap().machines;
        let seen: Vec<(&str, MachineLife, bool)> = machines.iter().map(|m| (m.host.as_str(), m.state, m.here)).collect();
        let expected = [("desk-1", MachineLife::AtWork, true), ("cellar", MachineLife::Silent, false)];
        assert_eq!(seen, expected, "those at work first; one of long ago is forgotten");
    }
}

db_test! {
    async fn the_database_says_where_it_is_how_large_and_that_its_bell_is_heard(db: Db) {
        let app = app(&db).await;
        let found = show_database(&app, Nothing {}).await.unwrap();
        assert_eq!((found.kind, found.schema), (db.kind(), found.schema_known), "an open database is up to date");
        assert!(found.bytes > 10_000, "it has a size: {}", found.bytes);
        assert_eq!(found.bell, Bell::Heard, "a change is told at once");
        assert_eq!(found.last_backup, None, "a backup that never was is not one of long ago");
        assert!(found.counts.iter().any(|c| c.of == "products" && c.count == 0), "empty is zero, said as such");
    }
}
