//! What customers of other tools suffered from in their shops, rule by rule.

use presell_simulator::shop::{Access, Policy};

use crate::daemon::{Daemon, PATIENCE};
use crate::shop::{DemoShop, PO, ordered, skus};
use crate::shops::listed;
use crate::shops_daemon::switched_on;
use crate::support::{Presell, journey};

journey! {
    fn a_run_for_one_shop_leaves_the_other_as_it_is(presell: Presell) {
        let skus = skus(4);
        let one = listed(&presell, &skus);
        let other = DemoShop::selling(&skus);
        other.connect_as("other", &presell, Access::TOKEN);
        presell.json(&["shop", "sync", "other"]);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "N"), "--confirm"]);
        presell.json(&["refresh"]);
        let before = other.whole();
        presell.json(&["job", "run", "JOB_PREORDER_CAT_SYC", "--param", "shop=main", "--param", "everything=true"]);
        assert_eq!(one.mark("S-001")["preorderType"], "BACKORDER", "the shop that was named follows the lists (R11)");
        assert_eq!(other.whole(), before, "the other one is the same to the last byte (R11)");
    }
}

journey! {
    fn orders_lower_what_is_left_and_then_the_next_purchase_order_takes_over(presell: Presell) {
        let shop = DemoShop::selling(&skus(2));
        let lines = "PO-1,1,S-000,10,2026-12-15,WH,Y,APPROVED\nPO-1,2,S-001,10,2026-12-15,WH,Y,APPROVED\nPO-2,1,S-000,10,2027-01-15,WH,Y,APPROVED\n";
        presell.json(&["import", "purchase-orders", &presell.file("purchase-orders.csv", &format!("{PO}{lines}"))]);
        presell.json(&["import", "inventory", &presell.file("stock.csv", "sku,facility,quantity\nS-000,WH,0\nS-001,WH,0\n")]);
        presell.json(&["refresh"]);
        shop.connect(&presell, Access::TOKEN);
        presell.json(&["shop", "sync", "main"]);
        let mut daemon = Daemon::start(&presell);
        switched_on(&presell, &mut daemon);
        let until = |what: &str, shown: &dyn Fn() -> bool| {
            let began = std::time::Instant::now();
            while !shown() {
                assert!(began.elapsed() < PATIENCE, "the shop never showed {what}: {} {:?}", shop.mark("S-000"), shop.left("S-000"));
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        };
        assert_eq!(shop.left("S-000"), Some(10), "ten come with the first purchase order");
        presell.takes("orders", &["SO-1,1,S-000,4,2026-11-20,OPEN,PO-1,1"]);
        until("that six are left after the order (R17)", &|| shop.left("S-000") == Some(6));
        assert_eq!(shop.mark("S-000")["promise_date"], "12/15/2026", "of the same purchase order");
        presell.takes("orders", &["SO-2,1,S-000,6,2026-11-20,OPEN,PO-1,1", "SO-3,1,S-001,10,2026-11-20,OPEN,PO-1,2"]);
        until("the date of the next purchase order (R17)", &|| shop.mark("S-000")["promise_date"] == "01/15/2027");
        assert!(shop.sells("S-000") && shop.left("S-000") == Some(10), "it goes on selling what comes next");
        until("that nothing is left to promise of the other (R17)", &|| !shop.sells("S-001") && shop.mark("S-001")["status"] == "inactive");
        daemon.stop();
    }
}

journey! {
    fn what_others_did_to_listings_is_found_and_put_right(presell: Presell) {
        let skus = skus(5);
        let shop = listed(&presell, &skus);
        let receipt = presell.file("receipts.csv", "po_id,line_no,sku,quantity,received_at,facility\nPO-1,5,S-004,10,2026-11-23T08:00:00Z,WH\n");
        presell.json(&["import", "receipts", &receipt]);
        presell.json(&["refresh"]);
        presell.json(&["shop", "sync", "main"]);
        {
            let mut world = shop.simulator.shop();
            let product = world.variant("S-002").unwrap().product;
            world.set_policy("S-004", Policy::Continue);
            world.set_policy("S-000", Policy::Deny);
            world.set_metafield("S-001", "HC_PREORDER", "PROMISE_DATE", "json", "{\"status\":\"active\",\"preorderType\":\"PRE_ORDER\",\"promise_date\":\"01/01/2026\"}");
            world.remove_tag(product, "HC:Pre-Order");
        }
        let drift = presell.json(&["shop", "drift", "main"]);
        let mut found: Vec<&str> = drift["drifted"].as_array().unwrap().iter().map(|d| d["sku"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, ["S-000", "S-001", "S-002", "S-004"], "in stock yet sold on, a wrong date, a tag that is gone, one that stopped (R18): {drift}");
        assert!(shop.sells("S-004"), "a look changes nothing");
        presell.json(&["job", "run", "PS_DRIFT_CHECK", "--param", "repair=repair", "--param", "shop=main"]);
        presell.json(&["shop", "sync", "main"]);
        for sku in &skus {
            let why = presell.json(&["why", sku]);
            let listed = why["listedNow"].is_object();
            assert_eq!(shop.sells(sku), listed, "{sku} sells on if and only if it is on a list (R18): {why}");
            if listed {
                assert_eq!(shop.mark(sku)["promise_date"], "12/15/2026", "{sku} tells the date of its purchase order line (R18)");
                assert_eq!(why["purchaseOrder"], "PO-1", "{sku} is traced to it: {why}");
                assert_eq!(shop.tags(sku), ["HC:Pre-Order"], "{sku} has its tag");
            }
        }
    }
}
