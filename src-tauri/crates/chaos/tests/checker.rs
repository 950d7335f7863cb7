//! A checker that finds nothing is worthless: each rule is broken once by hand, on both databases, and must be noticed, and
//! no other rule with it. The tables below are sound: a schedule every second from 1,000,000 on, two ticks (the second with
//! a merged row for two occurrences), a crash that was followed up, a run with a part.

#![cfg(test)]

use presell_chaos::check::{Tables, Verdict, judge};
use presell_chaos::tables;
use presell_store::{Db, Tx, db_test};
use sqlx::AssertSqlSafe;

const SCHEDULE: &str = "INSERT INTO store (id, code, zone, created_at) VALUES (71, 'chaos', 'Europe/Paris', 0);
INSERT INTO schedule (id, job_id, store_id, state, zone, frequency, kind, every_ms, anchor_at, timeout_ms, next_due_at,
                      created_at, created_by, updated_at, updated_by)
VALUES (1, 'CHAOS_EFFECT', 71, 'enabled', 'Europe/Paris', 'CUSTOM', 'every', 1000, 1000000, 1000, 1000000, 0, 'setup', 0, 'setup');
UPDATE schedule SET next_due_at = 1001000 WHERE id = 1;
UPDATE schedule SET next_due_at = 1004000 WHERE id = 1;
UPDATE schedule SET state = 'paused', version = version + 1, updated_by = 'curtain' WHERE id = 1;
UPDATE schedule SET updated_by = 'setup' WHERE id = 1;
UPDATE chaos_move SET at = 1003500;";

/// id, due, seq, attempt, covers, origin, parent, state, reason, lane (and kind), created, started, finished
const RUNS: &[&str] = &[
    "(1, 1000000, 1, 1, 1, 'schedule', NULL, 'finished', NULL, 'a', 1000010, 1000020, 1000900)",
    "(2, 1002000, 1, 1, 2, 'schedule', NULL, 'skipped', 'MERGED', 'a', 1003001, NULL, 1003001)",
    "(3, 1003000, 1, 1, 1, 'schedule', NULL, 'failed', 'UNLUCKY', 'a', 1003001, 1003002, 1003100)",
    "(4, 1003000, 2, 2, 1, 'retry', NULL, 'finished', NULL, 'a', 1003100, 1003100, 1003200)",
    "(5, NULL, 1, 1, 1, 'manual', NULL, 'crashed', 'LEASE_LOST', 'b', 1000000, 1000001, 1003000)",
    "(6, NULL, 1, 2, 1, 'retry', NULL, 'finished', NULL, 'b', 1003000, 1003000, 1003900)",
    "(7, NULL, 1, 1, 1, 'child', 6, 'finished', NULL, NULL, 1003100, 1003200, 1003300)",
];

const TRACES: &str = "INSERT INTO chaos_start (run_id, fence, at, ended_at) VALUES
  (1, 1, 1000021, 1000880), (3, 1, 1003003, 1003099), (4, 1, 1003101, 1003190), (5, 1, 1000002, 1003500), (6, 1, 1003001, NULL), (7, 1, 1003201, 1003290);
INSERT INTO chaos_effect (run_id, fence, schedule_id, due_at, part, at) VALUES
  (1, 1, 1, 1000000, 'middle', 1000500), (1, 1, 1, 1000000, 'end', 1000890), (4, 1, 1, 1003000, 'end', 1003195), (6, 1, NULL, NULL, 'end', 1003890), (7, 1, NULL, NULL, 'end', 1003295);
INSERT INTO chaos_refused (run_id, fence, at) VALUES (5, 1, 1003500);";

/// What must be noticed, and how the tables are broken for it. Texts that keep the same numbers hit one rule alone.
const BREAKS: &[(&str, &str)] = &[
    (
        "occurrences with two first rows",
        "DROP INDEX run_once; INSERT INTO run (id, schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at, finished_at)
         VALUES (9, 1, 'CHAOS_EFFECT', 71, 1000000, 'schedule', 'setup', 'skipped', 0, 1003001, 1003001)",
    ),
    ("occurrences missing", "UPDATE run SET covers = 1 WHERE id = 2; DELETE FROM chaos_touched"),
    ("occurrences missing", "DELETE FROM run WHERE id = 2"),
    (
        "occurrences out of nowhere",
        "INSERT INTO run (id, schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at, finished_at)
         VALUES (9, 1, 'CHAOS_EFFECT', 71, 1000500, 'schedule', 'setup', 'skipped', 0, 1003001, 1003001)",
    ),
    (
        "occurrences out of nowhere",
        "INSERT INTO run (id, schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at, finished_at)
         VALUES (9, 1, 'CHAOS_EFFECT', 71, 1004000, 'schedule', 'setup', 'skipped', 0, 1004001, 1004001)",
    ),
    ("schedules moved back, or off their grid", "UPDATE chaos_move SET new_next = 1000500 WHERE new_next = 1001000"),
    (
        "schedules moved back, or off their grid",
        "UPDATE schedule SET state = 'enabled' WHERE id = 1; UPDATE schedule SET next_due_at = 1003000 WHERE id = 1",
    ),
    (
        "occurrences with outdated settings",
        "UPDATE schedule SET state = 'enabled', next_due_at = 1005000, updated_by = 'anna' WHERE id = 1;
         INSERT INTO run (id, schedule_id, job_id, store_id, due_at, origin, actor, state, available_at, created_at, finished_at)
         VALUES (9, 1, 'CHAOS_EFFECT', 71, 1004000, 'schedule', 'setup', 'skipped', 0, 1004001, 1004001)",
    ),
    ("occurrences counted twice", "UPDATE run SET covers = 3 WHERE id = 2; DELETE FROM chaos_touched"),
    ("schedules that stand still", "UPDATE chaos_move SET at = 1020000"),
    ("runs side by side in one lane", "UPDATE run SET lane = 'a' WHERE id = 5; DELETE FROM chaos_start WHERE run_id = 5; DELETE FROM chaos_touched"),
    (
        "equal runs side by side",
        "INSERT INTO run (id, job_id, store_id, origin, actor, state, xkey, fence, available_at, created_at, started_at, finished_at)
         VALUES (9, 'CHAOS_EFFECT', 71, 'manual', 'anna', 'failed', 'b', 1, 0, 1000000, 1002999, 1003500)",
    ),
    ("executions side by side in one lane", "UPDATE run SET lane = 'b' WHERE id = 1; UPDATE run SET started_at = 1003000 WHERE id = 5; DELETE FROM chaos_touched"),
    ("recurring runs of a schedule open at once", "UPDATE run SET covers = 1 WHERE id = 2;
         INSERT INTO run (id, schedule_id, job_id, store_id, due_at, origin, actor, state, reason, available_at, created_at, finished_at)
         VALUES (9, 1, 'CHAOS_EFFECT', 71, 1001000, 'schedule', 'setup', 'cancelled', 'BY_USER', 0, 1003050, 1003060); DELETE FROM chaos_touched"),
    ("claims executed more than once", "INSERT INTO chaos_start (run_id, fence, at) VALUES (3, 1, 1003100)"),
    (
        "runs claimed beyond what was asked for",
        "UPDATE run SET reason = 'CLAIM_LOST', node_id = 1, started_at = 1000020 WHERE id = 5; UPDATE run SET node_id = 1 WHERE id = 1;
         DELETE FROM chaos_start WHERE run_id = 5; DELETE FROM chaos_touched",
    ),
    (
        "runs that did not end",
        "INSERT INTO run (id, job_id, store_id, origin, actor, state, available_at, created_at) VALUES (9, 'CHAOS_EFFECT', 71, 'manual', 'anna', 'queued', 0, 0)",
    ),
    ("ended runs changed", "UPDATE run SET detail = 'again' WHERE id = 1"),
    ("attempts beyond the last", "UPDATE run SET max_attempts = 1 WHERE id = 4; DELETE FROM chaos_touched"),
    ("crashes not followed up", "UPDATE run SET origin = 'manual' WHERE id = 6; DELETE FROM chaos_touched"),
    ("attempts without the one before", "UPDATE run SET attempt = 1 WHERE id = 4; DELETE FROM chaos_touched"),
    ("attempts without the one before", "UPDATE run SET created_at = 1003100, state = 'cancelled', reason = 'BY_USER' WHERE id = 3; DELETE FROM chaos_touched"),
    ("runs handed back and not continued", "UPDATE run SET state = 'cancelled', reason = 'APP_QUIT' WHERE id = 5; DELETE FROM chaos_touched"),
    ("runs handed back and not continued", "UPDATE run SET origin = 'resume' WHERE id = 7; DELETE FROM chaos_touched"),
    ("runs that failed for a lock", "UPDATE run SET error = 'The database reported an error: database is locked' WHERE id = 3; DELETE FROM chaos_touched"),
    ("parts that outlived their run", "UPDATE run SET finished_at = 1003901 WHERE id = 7; DELETE FROM chaos_touched"),
    ("effects doubled", "INSERT INTO chaos_effect (run_id, fence, part, at) VALUES (7, 1, 'end', 1003295)"),
    ("effects doubled", "UPDATE chaos_effect SET schedule_id = 1, due_at = 1003000 WHERE run_id = 7"),
    ("effects of stale claims", "INSERT INTO chaos_effect (run_id, fence, part, at) VALUES (5, 1, 'end', 1002000)"),
    ("effects of stale claims", "UPDATE chaos_effect SET fence = 2 WHERE run_id = 7"),
    ("effects of stale claims", "UPDATE chaos_effect SET at = 1000901 WHERE part = 'middle'"),
    ("effects of stale claims", "INSERT INTO chaos_effect (run_id, fence, part, at) VALUES (99, 1, 'end', 1)"),
    ("ends without their effect", "DELETE FROM chaos_effect WHERE run_id = 4"),
    ("occurrences ticked before their time", "UPDATE run SET created_at = 1002999 WHERE id = 3; DELETE FROM chaos_touched"),
    ("starts before their time", "UPDATE run SET available_at = 1003003 WHERE id = 3; DELETE FROM chaos_touched"),
    ("starts before their time", "UPDATE run SET due_at = 1000021, created_at = 1000021 WHERE id = 1; UPDATE chaos_move SET every_ms = 1, old_next = 1000021, new_next = 1000022 WHERE new_next = 1001000; DELETE FROM chaos_touched"),
    ("starts before their time", "UPDATE chaos_start SET at = 999999 WHERE run_id = 1"),
];

async fn run(tx: &mut Tx, sql: String) {
    let outcome = match tx {
        Tx::Sqlite(t) => sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut **t).await.map(|_| ()),
        Tx::Postgres(t) => sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(&mut **t).await.map(|_| ()),
    };
    outcome.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn sound(tx: &mut Tx) {
    run(tx, SCHEDULE.to_owned()).await;
    for row in RUNS {
        let row = row.trim_matches(['(', ')']);
        run(
            tx,
            format!(
                "INSERT INTO run (id, due_at, seq, attempt, covers, origin, parent_id, state, reason, lane, created_at, started_at,
                                  finished_at, schedule_id, job_id, store_id, actor, fence, max_attempts, available_at, xkey)
                 SELECT x.*, CASE WHEN x.due IS NULL THEN NULL ELSE 1 END, 'CHAOS_EFFECT', 71, 'setup', 1, 3, 0, x.lane
                 FROM (SELECT {}) AS x",
                named(row)
            ),
        )
        .await;
    }
    run(tx, TRACES.to_owned()).await;
}

/// The values of a row as columns with types, which PostgreSQL wants to know of NULL.
fn named(row: &str) -> String {
    const COLUMNS: [(&str, &str); 13] = [
        ("id", "BIGINT"),
        ("due", "BIGINT"),
        ("seq", "BIGINT"),
        ("attempt", "BIGINT"),
        ("covers", "BIGINT"),
        ("origin", "TEXT"),
        ("parent", "BIGINT"),
        ("state", "TEXT"),
        ("reason", "TEXT"),
        ("lane", "TEXT"),
        ("created", "BIGINT"),
        ("started", "BIGINT"),
        ("finished", "BIGINT"),
    ];
    let cast = |(value, (name, kind)): (&str, (&str, &str))| format!("CAST({value} AS {kind}) AS {name}");
    row.split(", ").zip(COLUMNS).map(cast).collect::<Vec<_>>().join(", ")
}

fn broken(verdict: &Verdict) -> Vec<&'static str> {
    verdict.rules.iter().filter(|rule| rule.count > 0).map(|rule| rule.what).collect()
}

async fn judged(db: &Db, breaks: &str) -> Verdict {
    let mut tx = db.begin().await.unwrap();
    sound(&mut tx).await;
    run(&mut tx, breaks.to_owned()).await;
    let verdict = judge(&Tables::read_in(&mut tx).await.unwrap());
    tx.rollback().await.unwrap();
    verdict
}

db_test! {
    async fn sound_tables_break_no_rule(db: Db) {
        tables::create(&db).await.unwrap();
        let verdict = judged(&db, "SELECT 1").await;
        assert!(verdict.holds(), "sound tables must pass:\n{verdict}");
        assert_eq!(verdict.figure("occurrences with a row"), Some(3), "first rows of occurrences are counted:\n{verdict}");
        assert_eq!(verdict.figure("runs recovered from a lost node"), Some(1), "a run recovered from its node is counted:\n{verdict}");
        assert_eq!(verdict.figure("stale finishes rejected"), Some(1), "a refused commit is counted:\n{verdict}");
        let sentence = "3 occurrences: 0 duplicates, 0 missing, 0 unfinished; 1 stale finishes rejected, 0 effects doubled.";
        assert!(verdict.to_string().contains(sentence), "and one sentence says it all:\n{verdict}");
    }
}

db_test! {
    async fn each_broken_rule_is_noticed_and_no_other_with_it(db: Db) {
        tables::create(&db).await.unwrap();
        let mut otherwise = Vec::new();
        for (what, breaks) in BREAKS {
            let verdict = judged(&db, breaks).await;
            if broken(&verdict) != [*what] {
                otherwise.push(format!("{breaks}\nmust break \"{what}\" alone, and broke {:?}", broken(&verdict)));
            }
        }
        assert!(otherwise.is_empty(), "each break is noticed by its rule:\n{}", otherwise.join("\n\n"));
        let rules = judged(&db, "SELECT 1").await.rules;
        for rule in rules {
            assert!(BREAKS.iter().any(|(what, _)| *what == rule.what), "the rule \"{}\" must be broken here once", rule.what);
        }
    }
}

db_test! {
    async fn a_timing_that_people_change_begins_a_new_chain_and_an_occurrence_it_drops_is_a_figure(db: Db) {
        tables::create(&db).await.unwrap();
        let edit = "UPDATE schedule SET state = 'enabled', updated_by = 'anna' WHERE id = 1;
                    UPDATE schedule SET every_ms = 700, next_due_at = 1009100 WHERE id = 1";
        let verdict = judged(&db, edit).await;
        assert!(verdict.holds(), "what a new timing leaves out is nobody's loss:\n{verdict}");
        assert_eq!(verdict.figure("occurrences dropped by a new timing"), Some(1), "but it is counted:\n{verdict}");
        let verdict = judged(&db, &edit.replace("every_ms = 700, ", "")).await;
        let both = vec!["occurrences missing", "schedules moved back, or off their grid"];
        assert_eq!(broken(&verdict), both, "the same move without a new timing loses them, and leaves the grid:\n{verdict}");
        assert_eq!(verdict.found("occurrences missing"), Some(6), "1004000 to 1009000, the last before 1009100:\n{verdict}");
    }
}

db_test! {
    async fn where_a_schedule_stands_beside_its_grid_that_time_counts_as_one(db: Db) {
        tables::create(&db).await.unwrap();
        // Edited while it was paused: the time it waits for, 1004000, is none of every 700 ms; 1004200 is.
        let edit = "UPDATE schedule SET every_ms = 700, updated_by = 'anna' WHERE id = 1;
                    UPDATE schedule SET version = version + 1 WHERE id = 1;
                    UPDATE schedule SET state = 'enabled', next_due_at = 1004900 WHERE id = 1";
        let verdict = judged(&db, edit).await;
        assert_eq!(verdict.found("occurrences missing"), Some(2), "1004000 and 1004200:\n{verdict}");
        let row = "INSERT INTO run (id, schedule_id, job_id, store_id, due_at, covers, origin, actor, state, reason, available_at, created_at, finished_at)
                   VALUES (9, 1, 'CHAOS_EFFECT', 71, 1004200, 2, 'schedule', 'anna', 'skipped', 'PAUSED', 0, 1004300, 1004300)";
        let verdict = judged(&db, &format!("{edit}; {row}")).await;
        assert!(verdict.holds(), "a row for both accounts for both:\n{verdict}");
        let alone = row.replace("1004200, 2", "1004000, 2");
        let verdict = judged(&db, &format!("{edit}; {alone}")).await;
        assert!(verdict.holds(), "wherever it stands:\n{verdict}");
    }
}
