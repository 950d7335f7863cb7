//! Jobs as a person sets them up: on, off, another frequency, one left out, a rest, and back again.

use serde_json::Value;

use crate::support::{Presell, journey};

const REFRESH: &str = "JOB_REL_PREODR_CAT";

fn job(presell: &Presell, id: &str) -> Value {
    presell.json(&["job", "show", id])
}

journey! {
    fn every_job_is_listed_with_its_page_and_group_and_found_by_any_word(presell: Presell) {
        let jobs = presell.json(&["jobs"]);
        let jobs = jobs.as_array().unwrap();
        assert_eq!(jobs.len(), 24, "every job has its place");
        for job in jobs {
            for field in ["id", "label", "page", "group", "description", "state", "frequency", "zone"] {
                assert!(job[field].as_str().is_some_and(|text| !text.is_empty()), "{field} is said of each: {job}");
            }
            assert_eq!(job["state"], "DRAFT", "nothing is on unasked: {job}");
        }
        let ids = |search: &str| -> Vec<String> {
            let found = presell.json(&["jobs", "--search", search]);
            found.as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids("refresh CATALOG"), [REFRESH], "words of the name, in any order and case");
        assert_eq!(ids("maxChangePercent"), [REFRESH], "a parameter's name");
        assert_eq!(ids("ps_purge"), ["PS_PURGE"], "an id");
        assert!(ids("no such words").is_empty(), "and nothing for nothing");
        presell.json(&["job", "save", REFRESH, "--param", "facilityId=WH-NORTH"]);
        assert_eq!(ids("wh-north"), [REFRESH], "a parameter's value");
    }
}

journey! {
    fn switching_on_takes_the_usual_frequency_and_switching_off_keeps_the_settings(presell: Presell) {
        let on = presell.json(&["job", "enable", REFRESH]);
        assert_eq!((&on["state"], &on["frequency"]), (&"ENABLED".into(), &"EVERY_15_MIN".into()), "on, at its usual frequency");
        let next = on["nextRun"].as_str().unwrap().to_owned();
        let again = presell.json(&["job", "enable", REFRESH]);
        assert_eq!((&again["nextRun"], &again["version"]), (&next.as_str().into(), &on["version"]), "switching on twice changes nothing");
        presell.json(&["job", "save", REFRESH, "--every", "EVERY_30_MIN", "--param", "maxChangePercent=10"]);
        let off = presell.json(&["job", "disable", REFRESH]);
        assert_eq!((&off["state"], &off["nextRun"]), (&"DRAFT".into(), &Value::Null), "off, and gone from the pending ones");
        assert_eq!(off["frequency"], "EVERY_30_MIN", "the frequency stays");
        let back = presell.json(&["job", "undo", REFRESH]);
        assert_eq!(back["state"], "ENABLED", "undone as if nothing had happened");
        let (status, error) = presell.error(&["job", "undo", REFRESH]);
        assert_eq!((status, &error["code"]), (1, &"refused".into()), "there is nothing to undo twice");
        presell.json(&["job", "disable", REFRESH]);
        let on = presell.json(&["job", "enable", REFRESH]);
        assert_eq!(on["frequency"], "EVERY_30_MIN", "switched on again at the frequency used last");
    }
}

journey! {
    fn a_save_says_old_and_new_and_the_next_run_moves(presell: Presell) {
        presell.json(&["job", "enable", REFRESH]);
        let saved = presell.json(&["job", "save", REFRESH, "--every", "HOURLY", "--param", "productId=A,B"]);
        let changes = saved["changes"].as_array().unwrap();
        let change = |field: &str| changes.iter().find(|change| change["field"] == field);
        let frequency = change("frequency").expect("the frequency changed");
        assert_eq!((&frequency["before"], &frequency["after"]), (&"Every 15 minutes".into(), &"Hourly".into()), "in words");
        assert!(change("nextRun").is_some() && change("productId").is_some(), "next run and parameter changed too: {changes:?}");
        assert!(change("zone").is_none(), "what stays is not listed");
        let reset = presell.json(&["job", "save", REFRESH, "--param", "productId="]);
        let value = reset["parameters"].as_array().unwrap().iter().find(|p| p["name"] == "productId").unwrap();
        assert_eq!(value["value"], Value::Null, "an empty value goes back to what is usual");
    }
}

journey! {
    fn skipping_leaves_out_one_and_pausing_rests_until_resumed(presell: Presell) {
        let on = presell.json(&["job", "enable", REFRESH]);
        let skipped = presell.json(&["job", "skip", REFRESH]);
        assert_eq!(skipped["skipped"], on["nextRun"], "the next run is left out");
        assert!(skipped["nextRun"].as_str() > on["nextRun"].as_str(), "the one after it is next");
        let left_out = presell.json(&["runs", "--state", "skipped"]);
        assert_eq!((&left_out[0]["reason"], &left_out[0]["dueAt"]), (&"BY_USER".into(), &on["nextRun"]), "with a record of it");
        let paused = presell.json(&["job", "pause", REFRESH]);
        assert_eq!((&paused["state"], &paused["nextRun"]), (&"PAUSED".into(), &Value::Null), "nothing falls due");
        let (_, error) = presell.error(&["job", "skip", REFRESH]);
        assert_eq!(error["code"], "refused", "what rests has nothing to skip");
        let resumed = presell.json(&["job", "resume", REFRESH]);
        assert_eq!((&resumed["state"], &resumed["nextRun"]), (&"ENABLED".into(), &skipped["nextRun"]), "and goes on where it was");
        assert_eq!(job(&presell, REFRESH)["changedBy"].as_str().map(str::is_empty), Some(false), "who did it is known");
    }
}

journey! {
    fn the_preview_shows_what_clocks_do_to_a_run(presell: Presell) {
        let night = presell.json(&["job", "preview", "PS_PURGE", "--cron", "30 2 * * *", "--zone", "Europe/Paris", "--at", "2027-03-26T12:00"]);
        let night = night.as_array().unwrap();
        assert_eq!(night.len(), 5, "five runs");
        assert_eq!(night[0]["local"], "2027-03-27 02:30 CET", "an ordinary night first");
        assert_eq!((&night[1]["local"], &night[1]["due"]), (&"2027-03-28 03:00 CEST".into(), &"2027-03-28T01:00:00Z".into()), "02:30 does not exist that night");
        assert!(night[1]["note"].as_str().is_some_and(|note| note.contains("02:00")), "and a note says so: {}", night[1]);
        assert_eq!(night[2]["note"], Value::Null, "the night after is ordinary again");
        assert_eq!(job(&presell, "PS_PURGE")["version"], 0, "a preview saves nothing");
    }
}

journey! {
    fn who_edits_an_older_version_gets_the_newer_values_and_keeps_his(presell: Presell) {
        let first = presell.json(&["job", "save", REFRESH, "--every", "HOURLY"]);
        let seen = first["version"].to_string();
        presell.json(&["job", "save", REFRESH, "--every", "EVERY_6_HOUR", "--if-version", &seen]);
        let (status, error) = presell.error(&["job", "save", REFRESH, "--every", "EVERYDAY", "--if-version", &seen]);
        assert_eq!((status, &error["code"]), (1, &"conflict".into()), "the second editor is told");
        assert_eq!(error["current"]["frequency"], "EVERY_6_HOUR", "with the values as they are now");
        assert_eq!(job(&presell, REFRESH)["frequency"], "EVERY_6_HOUR", "and nothing was overwritten");
    }
}

journey! {
    fn a_job_that_nobody_works_on_is_said_to_be_overdue(presell: Presell) {
        presell.json(&["job", "enable", REFRESH]);
        presell.json(&["run", "stop", "1"]);
        assert!(job(&presell, REFRESH)["attention"].as_array().unwrap().is_empty(), "nothing to say yet");
        presell.change("UPDATE schedule SET next_due_at = next_due_at - 3600000");
        let said = job(&presell, REFRESH)["attention"][0].as_str().unwrap().to_owned();
        assert!(said.contains("Overdue by 4"), "somebody should know (complaint 25): {said}");
        let check = presell.run(&["check", "--json"]);
        assert_eq!(check.status, 1, "the self-test finds it too");
        assert!(check.stdout.contains("Overdue"), "and says so: {}", check.stdout);
    }
}

journey! {
    fn a_job_that_fails_again_and_again_is_pointed_at_until_it_goes_well(presell: Presell) {
        presell.json(&["job", "enable", REFRESH]);
        for _ in 0..3 {
            assert!(job(&presell, REFRESH)["attention"].as_array().unwrap().is_empty(), "fewer failures may be an accident");
            presell.run(&["job", "run", REFRESH, "--param", "productId=NO-SUCH"]);
        }
        let said = job(&presell, REFRESH)["attention"][0].as_str().unwrap().to_owned();
        assert!(said.contains("last 3 runs failed") && said.contains("presell run show"), "it says so, and where to look: {said}");
        presell.json(&["job", "run", REFRESH]);
        assert!(job(&presell, REFRESH)["attention"].as_array().unwrap().is_empty(), "once it goes well, there is nothing to say");
    }
}

journey! {
    fn a_job_that_takes_longer_than_its_step_is_said_to_run_too_often(presell: Presell) {
        presell.json(&["job", "enable", REFRESH, "--every", "EVERY_5_MIN"]);
        for _ in 0..5 {
            presell.json(&["job", "run", REFRESH, "--dry-run"]);
        }
        presell.change("UPDATE run SET started_at = finished_at - 400000 WHERE state = 'finished'");
        let said = job(&presell, REFRESH)["attention"][0].as_str().unwrap().to_owned();
        assert!(said.contains("400 seconds") && said.contains("300 seconds"), "how long it takes, and how often it comes: {said}");
    }
}
