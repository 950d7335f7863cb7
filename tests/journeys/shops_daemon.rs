//! Shops while the daemon runs: what is decided is shown, and nobody types anything.

use std::time::{Duration, Instant};

use crate::daemon::{Daemon, PATIENCE, REFRESH};
use crate::shop::{DemoShop, ordered, skus};
use crate::support::{Presell, journey};

const SYNC: &str = "JOB_PREORDER_CAT_SYC";
const TAGS: [&str; 4] = ["JOB_ADD_PREORD_VRT", "JOB_RMV_PREORD_VRT", "JOB_ADD_BACKORD_VRT", "JOB_RMV_BACKORD_VRT"];

/// The jobs of lists and shops are on, and their first runs are over.
pub(crate) fn switched_on(presell: &Presell, daemon: &mut Daemon) {
    for job in [&[REFRESH, SYNC], &TAGS[..]].concat() {
        presell.json(&["job", "enable", job, "--every", "EVERYDAY"]);
    }
    let open = || {
        presell
            .json(&["jobs"])
            .as_array()
            .unwrap()
            .iter()
            .any(|job| job["openRun"].is_number() && job["state"] == "ENABLED")
    };
    let began = Instant::now();
    while open() && began.elapsed() < PATIENCE {
        daemon.until("finished");
    }
}

journey! {
    fn a_file_that_is_brought_in_is_shown_by_the_shop_without_another_word(presell: Presell) {
        let skus = skus(20);
        let shop = DemoShop::selling(&skus);
        shop.connect(&presell, presell_simulator::shop::Access::TOKEN);
        let mut daemon = Daemon::start(&presell);
        switched_on(&presell, &mut daemon);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        let committed = Instant::now();
        while !skus.iter().all(|sku| shop.sells(sku) && shop.tags(sku) == ["HC:Pre-Order"]) {
            assert!(committed.elapsed() < PATIENCE, "the shop never showed what was brought in: {:#?}", daemon.said);
            std::thread::sleep(Duration::from_millis(5));
        }
        println!("from the end of the import to the shop: {} ms", committed.elapsed().as_millis());
        daemon.stop();
    }
}

journey! {
    fn one_demo_shop_is_shared_by_the_processes_of_a_computer(presell: Presell) {
        let skus = skus(3);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        presell.json(&["refresh"]);
        presell.json(&["shop", "add", "corner", "--platform", "demo"]);
        let mut daemon = Daemon::start(&presell);
        for job in TAGS {
            presell.json(&["job", "save", job, "--every", "EVERYDAY"]);
        }
        presell.json(&["job", "enable", SYNC, "--every", "EVERYDAY", "--param", "everything=true", "--at", "now"]);
        daemon.until("finished");
        let beside = presell.json(&["shop", "drift", "corner"]);
        assert_eq!((&beside["lookedAt"], beside["drifted"].as_array().map(Vec::len)), (&3.into(), Some(0)), "another process sees the daemon's shop: {beside}");
        daemon.stop();
        let later = presell.json(&["shop", "drift", "corner"]);
        assert_eq!((&later["lookedAt"], &later["gone"]), (&3.into(), &serde_json::json!([])), "and it is the same shop when that one is gone: {later}");
        assert_eq!(presell.json(&["shop", "sync", "corner"])["sent"], 0, "with nothing left to send");
    }
}
