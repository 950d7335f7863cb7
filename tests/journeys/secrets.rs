//! What opens a shop is written nowhere.

use presell_simulator::shop::Standing;

use crate::daemon::Daemon;
use crate::shop::{DemoShop, ordered, skus};
use crate::support::{Presell, journey};

/// Found nowhere else.
const TOKEN: &str = "shpat_kingfisher7719";

journey! {
    fn a_token_is_in_no_database_no_copy_no_log_and_no_answer(presell: Presell) {
        presell.set("RUST_LOG", "trace").set("PRESELL_LOG", "trace");
        let shop = DemoShop::selling(&skus(3));
        shop.simulator.shop().access.tokens.insert(TOKEN.to_owned(), None);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus(3), "Y")]);
        presell.json(&["refresh"]);
        let mut said = shop.connect(&presell, TOKEN).to_string();
        let mut call = |arguments: &[&str]| {
            let output = presell.run(arguments);
            said.push_str(&output.stdout);
            said.push_str(&output.stderr);
            output.status
        };
        assert_eq!(call(&["shop", "test", "main"]), 0, "the token opens the shop");
        assert_eq!(call(&["shop", "sync", "main"]), 0, "and the shop takes what is sent");
        assert!(shop.sells("S-000"), "as it shows");
        shop.simulator.shop().access.standing = Standing::Frozen;
        assert_eq!(call(&["shop", "sync", "main", "--json"]), 0, "nothing differs, so nobody notices that it froze");
        assert_eq!(call(&["shop", "drift", "main"]), 1, "reading back does");
        shop.simulator.shop().access.standing = Standing::Open;
        shop.simulator.shop().access.tokens.clear();
        assert_eq!(call(&["shop", "drift", "main"]), 1, "a token that ended is refused");
        for arguments in [&["shop", "list"][..], &["shop", "list", "--json"], &["shop", "show", "main"], &["jobs"], &["runs"], &["check"], &["run", "show", "1"]] {
            call(arguments);
        }
        let mut daemon = Daemon::start(&presell);
        presell.json(&["job", "enable", "PS_DRIFT_CHECK", "--at", "now"]);
        daemon.until("\"failed\"");
        daemon.stop();
        let copy = presell.folder().join("copy.db");
        call(&["backup", &copy.display().to_string()]);
        said.push_str(&daemon.said.join("\n"));
        // Only a database in a file can be copied so.
        said.push_str(&String::from_utf8_lossy(&std::fs::read(&copy).unwrap_or_default()));
        let kept = presell.database_text();
        assert!(kept.contains("env:SHOP_TOKEN"), "the database knows where the token is");
        assert!(!kept.contains(TOKEN), "but not the token");
        for text in [&said, &kept] {
            assert!(!text.contains("kingfisher7719"), "and neither does anything that was said or copied");
        }
        assert!(said.contains("SHOP_TOKEN") || said.contains("disconnected"), "though much was said");
    }
}
