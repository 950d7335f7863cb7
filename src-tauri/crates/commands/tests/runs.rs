//! Runs found among many, and a run that is asked for without waiting. Each test on both databases.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

use std::time::{Duration, Instant};

use chrono_tz::Tz;
use presell_commands::{
    App, Clock, EnableJob, FindRuns, ListJobs, RunJob, RunSort, enable_job, find_runs, list_jobs, start_run,
};
use presell_scheduler::RunState;
use presell_store::{Address, Db, db_test, on};

const REFRESH: &str = "JOB_REL_PREODR_CAT";
const PURGE: &str = "PS_PURGE";

/// Presell on this database, by somebody called ann.
async fn app(db: &Db) -> App {
    let address = match db {
        Db::Sqlite(pool) => Address::File(pool.connect_options().get_filename().to_path_buf()),
        Db::Postgres(pool) => {
            let (name,): (String,) = sqlx::query_as("SELECT current_database()::text").fetch_one(pool).await.unwrap();
            let url = std::env::var("PRESELL_TEST_POSTGRES").unwrap();
            Address::Server(format!("{}/{name}", url.rsplit_once('/').unwrap().0))
        }
    };
    App::open(address, "default", Tz::UTC, Clock::Database, "ann").await.unwrap()
}

/// A run of the past, made so many minutes ago; it took so long.
async fn past(app: &App, job: &str, state: &str, minutes: i64, took: i64, params: &str, error: Option<&str>) -> i64 {
    let store = app.store().await.unwrap().id;
    let at = app.db.now().await.unwrap().timestamp_millis() - minutes * 60_000;
    let sql = "INSERT INTO run (job_id, store_id, origin, actor, state, available_at, created_at, started_at, finished_at, fence, params, error)
        VALUES ($1, $2, 'manual', 'ann', $3, $4, $4, $4, $5, 1, $6, $7) RETURNING id";
    let (id,): (i64,) =
        on!(&app.db, p => sqlx::query_as(sql).bind(job).bind(store).bind(state).bind(at).bind(at + took)
        .bind(params).bind(error).fetch_one(p).await)
        .unwrap();
    id
}

async fn found(app: &App, args: FindRuns) -> (Vec<i64>, i64) {
    let page = find_runs(app, args).await.unwrap();
    (page.runs.iter().map(|run| run.id).collect(), page.total)
}

fn words(search: &str) -> FindRuns {
    FindRuns { search: Some(search.to_owned()), ..FindRuns::default() }
}

db_test! {
    async fn a_search_finds_a_run_by_anything_it_says_in_any_case_and_accent(db: Db) {
        let app = app(&db).await;
        let first = past(&app, REFRESH, "finished", 30, 10, r#"{"productId":["FJ-PARKA"]}"#, None).await;
        let second = past(&app, PURGE, "failed", 20, 500, "{}", Some("Ordner „Modèle Été“ fehlt")).await;
        assert_eq!(found(&app, words("fj-parka")).await.0, [first], "parameters are searched, whatever their case");
        assert_eq!(found(&app, words("parka ordner")).await.0, Vec::<i64>::new(), "every word must be there");
        assert_eq!(found(&app, words("ordner MODELE ete")).await.0, [second], "errors are searched, accents folded on both sides");
        assert_eq!(found(&app, words("catalog auto")).await.0, [first], "the job's name is searched, in any order");
        assert_eq!(found(&app, words("Failed")).await.0, [second], "the state is searched");
        assert_eq!(found(&app, words(&format!("#{second}"))).await.0, [second], "a run is found by its number");
        assert_eq!(found(&app, words("ann")).await.1, 2, "who asked is searched");
    }
}

db_test! {
    async fn a_page_says_how_many_there_are_in_all_and_in_each_state(db: Db) {
        let app = app(&db).await;
        for minute in (1..=30).rev() {
            let state = if minute % 3 == 0 { "failed" } else { "finished" };
            past(&app, REFRESH, state, minute, minute * 10, "{}", None).await;
        }
        for search in [None, Some("refresh".to_owned())] {
            let args = FindRuns { search, states: vec![RunState::Failed], limit: Some(4), offset: 4, ..FindRuns::default() };
            let page = find_runs(&app, args.clone()).await.unwrap();
            assert_eq!((page.runs.len(), page.total), (4, 10), "a page is a part of what there is");
            let counts: Vec<(RunState, i64)> = page.states.iter().map(|one| (one.state, one.count)).collect();
            assert!(counts.contains(&(RunState::Finished, 20)) && counts.contains(&(RunState::Failed, 10)),
                "a filter shows what the others would show: {counts:?}");
            assert!(page.runs.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest come first");
            let longest = FindRuns { sort: RunSort::Longest, offset: 0, limit: Some(1), ..args };
            let longest = find_runs(&app, longest).await.unwrap().runs.remove(0);
            assert_eq!(longest.duration_ms, Some(300), "the longest of all is found, not only of the newest");
        }
        let since = Some(app.now().await.unwrap() - chrono::Duration::minutes(10) - chrono::Duration::seconds(30));
        assert_eq!(found(&app, FindRuns { since, ..FindRuns::default() }).await.1, 10, "older runs are left out");
        assert_eq!(found(&app, FindRuns { job: Some(PURGE.to_owned()), ..FindRuns::default() }).await.1, 0, "as are other jobs");
    }
}

db_test! {
    async fn ten_thousand_runs_are_searched_before_the_next_letter_is_typed(db: Db) {
        let app = app(&db).await;
        let store = app.store().await.unwrap().id;
        let sql = "INSERT INTO run (job_id, store_id, origin, actor, state, available_at, created_at, started_at, finished_at, params, result)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            SELECT 'JOB_REL_PREODR_CAT', $1, 'schedule', 'ann', 'finished', i, i, i, i + 5, '{\"productId\":[\"SKU-' || i || '\"]}', '{\"examined\":500,\"added\":12}' FROM n";
        on!(&db, p => sqlx::query(sql).bind(store).execute(p).await.map(|_| ())).unwrap();
        let began = Instant::now();
        let (ids, total) = found(&app, words("refresh sku-9999")).await;
        let took = began.elapsed();
        assert_eq!((ids.len(), total), (1, 1), "one of ten thousand is found");
        // Debug build on a busy machine: the bound guards against a search that asks once for each run.
        assert!(took < Duration::from_secs(5), "a search is one pass, not a question for each run: {took:?}");
    }
}

db_test! {
    async fn a_run_is_asked_for_without_waiting_and_an_equal_one_goes_after_it(db: Db) {
        let app = app(&db).await;
        enable_job(&app, EnableJob { id: REFRESH.to_owned(), ..EnableJob::default() }).await.unwrap();
        let ask = RunJob { id: PURGE.to_owned(), ..RunJob::default() };
        let first = start_run(&app, ask.clone()).await.unwrap();
        assert_eq!((first.run.state, first.waits), (RunState::Queued, false), "it may start at once, and nobody waited for its end");
        let second = start_run(&app, ask).await.unwrap();
        assert_eq!((second.run.state, second.waits), (RunState::Pending, true), "an equal one takes its turn");
        let jobs = list_jobs(&app, ListJobs::default()).await.unwrap();
        let purge = jobs.iter().find(|job| job.id == PURGE).unwrap();
        let recent: Vec<i64> = purge.recent.iter().map(|run| run.id).collect();
        assert_eq!(recent, [second.run.id, first.run.id], "a card shows its newest runs, newest first");
        let trial = RunJob { id: REFRESH.to_owned(), dry_run: true, ..RunJob::default() };
        assert!(!start_run(&app, trial).await.unwrap().waits, "a trial goes beside everything");
        let unready = RunJob { id: "PS_ALLOC_SO".to_owned(), ..RunJob::default() };
        let error = start_run(&app, unready).await.unwrap_err().to_string();
        assert!(error.contains("not available yet"), "what cannot run is refused with the reason: {error}");
    }
}
