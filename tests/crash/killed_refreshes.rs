//! A refresh killed at any moment has changed both lists and their decisions entirely, or not at all.
//!
//! Two days take turns, so that each refresh has thousands of listings to change; the first ones start from empty lists.

use crate::data::{inventory, orders};
use crate::kill::{Points, killed, undisturbed};
use crate::state::{checked, decided, look, marked, members, settled, sound_throughout};
use crate::support::{Presell, journey};

const KILLS: usize = 24;
/// After this many kills, the refresh that was killed is repeated undisturbed.
const THEN_REPEAT: usize = 8;
/// Some kills are to come just after the commit.
const PAST_THE_END: f64 = 1.1;
const DAYS: [&str; 2] = ["2026-11-23T09:00:00Z", "2026-12-20T09:00:00Z"];
const FULL: [&str; 3] = ["refresh", "--full", "--confirm"];

journey! {
    fn a_refresh_killed_at_any_moment_was_done_whole_or_not_at_all(presell: Presell) {
        let orders = orders(&presell, "purchase-orders.csv", "PO-", 0);
        presell.json(&["import", "inventory", &inventory(&presell)]);
        presell.json(&["import", "purchase-orders", &orders.path, "--confirm", "--create"]);
        let seen = |presell: &Presell, marks: bool| look(presell.database(), async |tx| {
            decided(tx).await;
            if marks {
                marked(tx).await;
            }
            members(tx).await
        });
        let mut points = Points::new(KILLS);
        let (mut at_work, mut done) = (0, 0);
        // From empty lists: as long as nothing is listed, no mark may be gone.
        let mut whole = std::time::Duration::from_secs(2);
        let mut listed = Vec::new();
        for point in points.by_ref().take(THEN_REPEAT) {
            at_work += usize::from(killed(&presell, &FULL, whole.mul_f64(point * PAST_THE_END)));
            listed = seen(&presell, false);
            if !listed.is_empty() {
                break;
            }
            seen(&presell, true);
        }
        whole = undisturbed(&presell, &FULL);
        let first = seen(&presell, false);
        assert!(listed.is_empty() || listed == first, "a first refresh lists everything or nothing");
        presell.at(DAYS[1]);
        whole = whole.min(undisturbed(&presell, &FULL));
        let second = seen(&presell, false);
        let differing = first.iter().filter(|member| second.binary_search(member).is_err()).count();
        assert!(differing > 1_000, "the two days differ enough to give a refresh something to do: {differing}");

        let lists = [first, second];
        let mut now = 1;
        for (step, point) in points.enumerate() {
            let target = 1 - now;
            presell.at(DAYS[target]);
            at_work += usize::from(killed(&presell, &FULL, whole.mul_f64(point * PAST_THE_END)));
            let found = seen(&presell, false);
            if found == lists[target] {
                (now, done) = (target, done + 1);
            } else {
                assert!(found == lists[now], "a refresh changes all listings or none");
            }
            if step % THEN_REPEAT == THEN_REPEAT - 1 {
                presell.at(DAYS[target]);
                settled(&presell);
                assert!(seen(&presell, false) == lists[target], "a refresh can be repeated after any number of kills");
                now = target;
            }
        }
        settled(&presell);
        let open = presell.json(&["runs", "--limit", "1000"]);
        let open: Vec<_> = open.as_array().unwrap().iter().filter(|run| run["finishedAt"].is_null()).collect();
        assert!(open.is_empty(), "every run that was killed is recovered, none stays at work for ever: {open:?}");
        sound_throughout(presell.database());
        assert!(!checked(&presell), "nothing is left for the self-test to find");
        println!("{at_work} of {KILLS} kills met a refresh at work; {done} came after its commit");
        assert!(at_work > KILLS / 3, "many kills meet a refresh at work: {at_work} of {KILLS}");
    }
}
