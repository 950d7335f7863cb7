//! What is typed wrongly is refused when it is saved, with the field named, and nothing is changed.

use crate::support::{Presell, journey};

const REFRESH: &str = "JOB_REL_PREODR_CAT";

fn refused(presell: &Presell, arguments: &[&str], field: &str) {
    let before = presell.json(&["jobs"]);
    let (status, error) = presell.error(arguments);
    assert_eq!((status, &error["code"]), (2, &"fieldsRefused".into()), "{arguments:?} is a wrong use: {error}");
    let named = error["fields"].as_array().unwrap();
    assert!(named.iter().any(|f| f["name"] == field), "{arguments:?} must name {field}: {error}");
    assert!(
        named.iter().all(|f| f["message"].as_str().is_some_and(|text| text.ends_with('.'))),
        "in a sentence: {error}"
    );
    assert_eq!(presell.json(&["jobs"]), before, "{arguments:?} changes nothing");
}

journey! {
    fn wrong_fields_are_named_and_change_nothing(presell: Presell) {
        presell.json(&["job", "save", REFRESH, "--every", "HOURLY"]);
        for (arguments, field) in [
            (&["--param", "maxChangePercnt=10"][..], "maxChangePercnt"),
            (&["--param", "maxChangePercent=many"], "maxChangePercent"),
            (&["--param", "maxChangePercent=101"], "maxChangePercent"),
            (&["--param", "full=perhaps"], "full"),
            (&["--param", "asOf=24.12.2026"], "asOf"),
            (&["--at", "2020-01-01T09:00"], "at"),
            (&["--at", "the day after"], "at"),
            (&["--cron", "0 0 30 2 *"], "cron"),
            (&["--cron", "61 * * * *"], "cron"),
            (&["--cron", "every day"], "cron"),
            (&["--zone", "Mars/Olympus"], "zone"),
            (&["--every", "SOMETIMES"], "frequency"),
            (&["--every", "CUSTOM"], "frequency"),
            (&["--jitter", "999999"], "jitter"),
            (&["--attempts", "0"], "maxAttempts"),
            (&["--timeout", "0"], "timeout"),
        ] {
            refused(&presell, &[&["job", "save", REFRESH], arguments].concat(), field);
            refused(&presell, &[&["job", "enable", REFRESH], arguments].concat(), field);
        }
        refused(&presell, &["job", "enable", "JOB_PRC_PND_DML"], "importPath");
        refused(&presell, &["job", "enable", "PS_PO_RECEIPT_FEED"], "frequency");
        refused(&presell, &["job", "run", REFRESH, "--param", "limit=3"], "limit");
        refused(&presell, &["job", "run", "PS_PURGE", "--dry-run"], "dryRun");
    }
}

journey! {
    fn all_that_is_wrong_is_told_at_once(presell: Presell) {
        let (_, error) = presell.error(&["job", "save", REFRESH, "--cron", "61 * * * *", "--zone", "Mars", "--at", "never", "--param", "x=1"]);
        let named: Vec<&str> = error["fields"].as_array().unwrap().iter().filter_map(|f| f["name"].as_str()).collect();
        for field in ["cron", "zone", "at", "x"] {
            assert!(named.contains(&field), "{field} is among them: {named:?}");
        }
    }
}

journey! {
    fn an_unknown_job_or_run_is_told_with_what_there_is(presell: Presell) {
        let (status, error) = presell.error(&["job", "enable", "JOB_PURGE"]);
        assert_eq!((status, &error["code"]), (1, &"notFound".into()), "no such job");
        let (_, error) = presell.error(&["job", "enable", "purge"]);
        assert!(error["message"].as_str().unwrap().contains("PS_PURGE"), "one that sounds alike is named: {error}");
        let (_, error) = presell.error(&["job", "enable", "LIST_PRE_ORDER"]);
        assert!(error["message"].as_str().unwrap().contains(REFRESH), "an id of former times leads to today's: {error}");
        let (_, error) = presell.error(&["run", "show", "4711"]);
        assert_eq!(error["code"], "notFound", "no such run");
        let (_, error) = presell.error(&["job", "pause", "PS_PURGE"]);
        assert!(error["message"].as_str().unwrap().contains("no schedule"), "what was never set up cannot be paused: {error}");
    }
}

journey! {
    fn a_job_whose_work_does_not_exist_yet_cannot_be_switched_on(presell: Presell) {
        for arguments in [&["job", "enable", "PS_ALLOC_SO"][..], &["job", "run", "PS_REL_ON_RECEIPT"], &["job", "save", "PS_REL_ON_RECEIPT", "--every", "HOURLY"]] {
            let (status, error) = presell.error(arguments);
            assert_eq!((status, &error["code"]), (1, &"refused".into()), "{arguments:?} is refused");
            assert!(error["message"].as_str().unwrap().contains("not available yet"), "and says why: {error}");
        }
        let health = presell.json(&["check"]);
        let jobs = health["checks"].as_array().unwrap().iter().find(|check| check["name"] == "jobs").unwrap();
        assert_eq!(jobs["ok"], true, "every job is complete");
        for id in ["PS_REL_ON_RECEIPT", "PS_ALLOC_SO"] {
            assert!(jobs["message"].as_str().unwrap().contains(id), "the self-test names {id} as not available: {jobs}");
        }
    }
}
