//! Data that a busy team has after a while.

use std::process::Command;

use crate::driver::{Home, Window};

/// A home that knows the window already, with 500 schedules (those of this store's jobs among them) and 10,000 runs.
pub(super) fn busy() -> Home {
    let home = Home::new();
    let jobs = home.presell(&["jobs"]);
    let here: Vec<&str> = jobs.as_array().into_iter().flatten().filter_map(|job| job["id"].as_str()).collect();
    assert!(!here.is_empty(), "there are jobs");
    let names: Vec<String> = here.iter().map(|id| format!("('{id}')")).collect();
    let (names, stores) = (names.join(","), 500_usize.div_ceil(here.len()));
    // Next year: nothing runs while it is measured.
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {stores})
           INSERT INTO store (code, zone, created_at)
           SELECT 'store-' || i, zone, created_at FROM n, store WHERE store.id = (SELECT min(id) FROM store);
         INSERT INTO schedule (job_id, store_id, state, zone, frequency, kind, every_ms, anchor_at, timeout_ms, next_due_at,
             created_at, created_by, updated_at, updated_by)
           SELECT job.column1, store.id, 'enabled', 'UTC', 'EVERYDAY', 'every', 86400000, 1, 3600000,
             (unixepoch() + 31536000) * 1000, 1, 'ann', 1, 'ann'
           FROM store, (VALUES {names}) job WHERE true ORDER BY store.id, job.column1 LIMIT 500;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
           INSERT INTO run (job_id, store_id, origin, actor, state, available_at, created_at, started_at, finished_at, params, result)
           SELECT (SELECT job_id FROM schedule WHERE id = 1 + i % {count}), (SELECT min(id) FROM store), 'schedule', 'ann', 'finished',
             i, i, i, i + 5, '{{\"productId\":[\"SKU-' || i || '\"]}}', '{{\"examined\":500,\"added\":12}}' FROM n;",
        count = here.len(),
    );
    let written = Command::new("sqlite3").args(["-bail", &home.database, &sql]).output().expect("sqlite3 is installed");
    assert!(written.status.success(), "the data fit the tables: {}", String::from_utf8_lossy(&written.stderr));
    // The first window of a person shows how to begin; and the next one starts warm.
    let window = Window::open(&home);
    window.promise("window.__TAURI_INTERNALS__.invoke('finish_first_start', { args: {} })");
    window.says("Pipeline");
    home
}
