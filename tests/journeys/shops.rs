//! From a purchase order to what customers see, and off again.

use presell_simulator::shop::{Plan, Policy, Standing};
use presell_simulator::{Fault, Faults, Trouble};
use serde_json::{Value, json};

use crate::shop::{DemoShop, fields, ordered, skus};
use crate::support::{Presell, journey};

const TOKEN: &str = presell_simulator::shop::Access::TOKEN;

/// These products are ordered, on the list, and in the shop.
pub(crate) fn listed(presell: &Presell, skus: &[String]) -> DemoShop {
    let shop = DemoShop::selling(skus);
    let counts: String = skus.iter().map(|sku| format!("{sku},WH,0\n")).collect();
    presell.json(&["import", "purchase-orders", &ordered(presell, skus, "Y")]);
    presell.json(&["import", "inventory", &presell.file("stock.csv", &format!("sku,facility,quantity\n{counts}"))]);
    presell.json(&["refresh"]);
    shop.connect(presell, TOKEN);
    let synced = presell.json(&["shop", "sync", "main"]);
    assert_eq!(synced["confirmed"], skus.len(), "the shop takes them all: {synced}");
    shop
}

journey! {
    fn a_purchase_order_reaches_the_shop_and_a_second_sync_sends_nothing(presell: Presell) {
        let skus = skus(6);
        let shop = DemoShop::selling(&skus);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        presell.json(&["refresh"]);
        let added = shop.connect(&presell, TOKEN);
        assert_eq!(added["secret"], "env", "only the place of the secret is known: {added}");
        let tested = presell.json(&["shop", "test", "main"]);
        assert_eq!(tested["answers"]["name"], "Presell demo shop", "the shop says who it is: {tested}");
        let diff = presell.json(&["shop", "diff", "main"]);
        assert_eq!((diff.as_array().unwrap().len(), &diff[0]["action"]), (6, &"list".into()), "the plan is shown before anything is sent: {diff}");
        assert_eq!(diff[0]["operations"].as_array().unwrap().len(), 3, "with mark, tag and selling on: {diff}");
        let trial = presell.json(&["shop", "sync", "main", "--dry-run"]);
        assert_eq!((&trial["planned"], &trial["sent"], shop.writes()), (&6.into(), &0.into(), 0), "a trial counts and sends nothing: {trial}");

        let synced = presell.json(&["shop", "sync", "main"]);
        assert_eq!((&synced["planned"], &synced["confirmed"], &synced["failed"]), (&6.into(), &6.into(), &0.into()), "all are confirmed: {synced}");
        let mark = shop.mark("S-003");
        assert_eq!((&mark["status"], &mark["promise_date"], &mark["preorderType"]), (&"active".into(), &"12/15/2026".into(), &"PRE_ORDER".into()), "the mark says what is promised: {mark}");
        assert_eq!(shop.tags("S-003"), ["HC:Pre-Order"], "its product has the tag of its class");
        assert!(shop.sells("S-003"), "and it sells without stock");
        let changes = shop.changes("S-003", 0);
        assert_eq!(fields(&changes).last(), Some(&"inventoryPolicy"), "selling comes last, so that half-done work never sells: {changes:?}");

        let before = shop.simulator.journal().len();
        let again = presell.json(&["shop", "sync", "main"]);
        assert_eq!((&again["planned"], &again["sent"], &again["unchanged"]), (&0.into(), &0.into(), &6.into()), "nothing differs: {again}");
        assert_eq!(shop.simulator.journal().len(), before, "so the shop is not written to again");
        let shown = presell.json(&["shop", "show", "main", "--search", "s-003"]);
        assert_eq!((&shown["rows"][0]["state"], &shown["total"]), (&"listed".into(), &1.into()), "the matrix tells it: {shown}");
        assert_eq!(presell.json(&["shop", "drift", "main"])["drifted"], json!([]), "and reading back finds nothing else");
    }
}

journey! {
    fn goods_that_arrive_stop_selling_before_tag_and_mark_are_taken_off(presell: Presell) {
        let shop = listed(&presell, &skus(6));
        let receipt = presell.file("receipts.csv", "po_id,line_no,sku,quantity,received_at,facility\nPO-1,3,S-002,10,2026-11-23T08:00:00Z,WH\n");
        presell.json(&["import", "receipts", &receipt]);
        let refreshed = presell.json(&["refresh"]);
        assert_eq!(refreshed["removed"], 1, "what has arrived leaves the list: {refreshed}");
        let before = shop.writes();
        let synced = presell.json(&["shop", "sync", "main"]);
        assert_eq!((&synced["planned"], &synced["confirmed"]), (&1.into(), &1.into()), "only this one is sent: {synced}");
        let changes = shop.changes("S-002", before);
        assert_eq!((&*changes[0].field, &changes[0].after), ("inventoryPolicy", &json!("DENY")), "it stops selling first (never promise what will not come): {changes:?}");
        let (tag, mark) = (fields(&changes).iter().position(|f| *f == "tags"), fields(&changes).iter().position(|f| f.starts_with("metafield")));
        assert!(tag.is_some() && tag < mark, "then its tag goes, then its mark: {changes:?}");
        assert!(!shop.sells("S-002") && shop.tags("S-002").is_empty(), "customers cannot buy it any more");
        assert_eq!(shop.mark("S-002")["status"], "inactive", "and its mark says so");
        assert!(shop.sells("S-003"), "the others go on");
    }
}

journey! {
    fn a_move_between_the_lists_never_stops_selling(presell: Presell) {
        let skus = skus(3);
        let shop = listed(&presell, &skus);
        let before = shop.writes();
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "N"), "--confirm"]);
        let refreshed = presell.json(&["refresh"]);
        assert_eq!(refreshed["moved"], 3, "they become backorders: {refreshed}");
        presell.json(&["shop", "sync", "main"]);
        let changes = shop.changes("S-001", before);
        assert!(!fields(&changes).contains(&"inventoryPolicy"), "the policy is not touched: {changes:?}");
        let classless = changes.iter().filter(|c| c.field == "tags").any(|c| c.after.as_array().is_some_and(Vec::is_empty));
        assert!(!classless, "the new tag is on before the old one goes: {changes:?}");
        assert_eq!((shop.tags("S-001"), &shop.mark("S-001")["preorderType"]), (vec!["HC:Backorder".to_owned()], &"BACKORDER".into()), "it is a backorder in the end");
        assert!(shop.sells("S-001"), "and sold all the time");
    }
}

journey! {
    fn a_shop_that_was_set_back_is_filled_again_by_one_push(presell: Presell) {
        let shop = listed(&presell, &skus(4));
        {
            let mut world = shop.simulator.shop();
            for sku in skus(4) {
                let product = world.variant(&sku).unwrap().product;
                world.set_policy(&sku, Policy::Deny);
                world.remove_tag(product, "HC:Pre-Order");
                world.variants.values_mut().for_each(|variant| variant.metafields.clear());
            }
        }
        let synced = presell.json(&["shop", "sync", "main"]);
        assert_eq!(synced["planned"], 0, "nobody read the shop back, so nothing seems to differ: {synced}");
        presell.json(&["job", "run", "PS_BULK_PUSH"]);
        for sku in skus(4) {
            assert!(shop.sells(&sku) && shop.mark(&sku)["status"] == "active", "{sku} is listed again");
            assert_eq!(shop.tags(&sku), ["HC:Pre-Order"], "{sku} has its tag again");
        }
        let before = shop.writes();
        presell.json(&["job", "run", "PS_BULK_PUSH"]);
        assert_eq!(shop.writes(), before, "a push of what is there already writes nothing");
    }
}

journey! {
    fn one_invalid_product_among_a_thousand_holds_nobody_up(presell: Presell) {
        let skus = skus(1_000);
        let shop = DemoShop::selling(&skus);
        // The smaller plans let so much through in minutes only.
        shop.simulator.shop().plan = Plan::Plus;
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        presell.json(&["refresh"]);
        shop.connect(&presell, TOKEN);
        presell.json(&["shop", "link", "main"]);
        let gone = Fault::new(Trouble::DeleteProduct { sku: Some("S-500".to_owned()) }).times(1);
        shop.simulator.set_faults(Faults { seed: 1, faults: vec![gone] });
        let synced = presell.run(&["shop", "sync", "main", "--json"]);
        let told: serde_json::Value = serde_json::from_str(&synced.stdout).unwrap();
        assert_eq!((&told["confirmed"], &told["failed"]), (&999.into(), &1.into()), "999 go through, 1 is reported: {told}");
        assert_eq!(told["problems"][0]["sku"], "S-500", "and named: {told}");
        assert!(told["problems"][0]["message"].as_str().is_some_and(|m| m.len() > 10), "with what happened: {told}");
        assert_eq!(synced.status, 3, "it is done in part");
        assert!(synced.stderr.contains("1 product failed"), "which is said beside the answer: {}", synced.stderr);
        assert!(shop.sells("S-499") && shop.sells("S-999"), "its neighbours sell");
    }
}

journey! {
    fn a_shop_that_lets_nobody_in_says_so_and_what_to_do(presell: Presell) {
        let shop = DemoShop::selling(&skus(1));
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus(1), "Y")]);
        presell.json(&["refresh"]);
        assert!(presell.json(&["check"]).to_string().contains("No shop is connected"), "the self-test says that there is none");
        shop.connect(&presell, "a-wrong-token");
        let (status, error) = presell.error(&["shop", "sync", "main"]);
        assert_eq!(status, 1, "a shop that refuses the token is a failure: {error}");
        let told = presell.json(&["shop", "list"]);
        assert_eq!(told[0]["state"], "disconnected", "the shop is known to be disconnected: {told}");
        assert!(told[0]["trouble"].as_str().is_some_and(|t| t.contains("token")), "and why: {told}");
        let check = presell.run(&["check", "--json"]);
        assert!(check.status == 1 && check.stdout.contains("main:"), "the self-test names it: {}", check.stdout);
        presell.set("SHOP_TOKEN", "");
        let (_, error) = presell.error(&["shop", "test", "main"]);
        assert!(error["message"].as_str().unwrap().contains("SHOP_TOKEN"), "a secret that is not there is named by its place: {error}");
        presell.set("OTHER_TOKEN", TOKEN);
        presell.json(&["shop", "change", "main", "--token-env", "OTHER_TOKEN"]);
        presell.json(&["shop", "test", "main"]);
        assert_eq!(presell.json(&["shop", "list"])[0]["state"], "connected", "another access lets Presell in again");
        shop.simulator.shop().access.standing = Standing::Frozen;
        presell.error(&["shop", "test", "main"]);
        let told = presell.json(&["shop", "list"]);
        assert_eq!(told[0]["state"], "blocked", "a frozen shop is something else: {told}");
        shop.simulator.shop().access.standing = Standing::Open;
        presell.json(&["shop", "sync", "main"]);
        let told = presell.json(&["shop", "list"]);
        assert_eq!((&told[0]["state"], &told[0]["trouble"]), (&"connected".into(), &Value::Null), "once it opens, all is well: {told}");
        assert!(presell.json(&["check"])["ok"].as_bool().unwrap(), "also for the self-test");
        presell.json(&["shop", "remove", "main"]);
        assert!(presell.json(&["shop", "list"]).as_array().unwrap().is_empty() && shop.sells("S-000"), "a shop that is forgotten stays as it is");
    }
}

journey! {
    fn what_is_typed_wrongly_about_a_shop_is_said_before_anything_is_kept(presell: Presell) {
        for wrong in [
            &["shop", "add", "a", "--platform", "shopify"][..],
            &["shop", "add", "a", "--platform", "shopify", "--domain", "a.myshopify.com"],
            &["shop", "add", "a", "--platform", "shopify", "--domain", "example.com", "--token-env", "TOKEN"],
            &["shop", "add", "a", "--platform", "shopify", "--domain", "a.myshopify.com", "--token-env", "shpat_1234"],
            &["shop", "add", "a", "--platform", "demo", "--base-url", "http://shop.example.com"],
            &["shop", "add", "a", "--platform", "demo", "--folder", "/tmp"],
            &["shop", "add", "a", "--platform", "file"],
            &["shop", "change", "a"],
            &["shop", "show", "a", "--state", "sold"],
        ] {
            assert_eq!(presell.error(wrong).0, 2, "presell {wrong:?} is typed wrongly");
        }
        let (status, error) = presell.error(&["shop", "sync", "nobody"]);
        assert_eq!((status, &error["code"]), (1, &"notFound".into()), "a shop that is not there is a failure: {error}");
        assert!(presell.json(&["shop", "list"]).as_array().unwrap().is_empty(), "and nothing was kept");
    }
}

journey! {
    fn why_says_what_each_shop_shows_of_a_product_and_what_a_customer_sees(presell: Presell) {
        let skus = skus(2);
        let shop = DemoShop::selling(&skus);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        presell.json(&["refresh"]);
        let alone = presell.run(&["why", "S-001"]).stdout;
        assert!(!alone.contains("In the shops"), "without a shop nothing is said of shops: {alone}");
        shop.connect(&presell, TOKEN);
        let stranger = presell.json(&["why", "S-001"]);
        let (there, sees) = (&stranger["shops"][0], &stranger["shops"][0]["customer"]);
        assert_eq!((&there["shop"], &there["state"], &sees["offer"]), (&"main".into(), &"unknown".into(), &"unknown".into()), "what nobody looked at is unknown: {stranger}");
        presell.json(&["shop", "sync", "main"]);
        let listed = presell.json(&["why", "S-001"]);
        let there = &listed["shops"][0];
        assert_eq!((&there["state"], &there["sells"], &there["confirmed"]), (&"listed".into(), &true.into(), &there["observed"]), "it is listed, and sells without stock: {listed}");
        assert_eq!((&there["customer"]["offer"], &there["customer"]["promiseDate"], &there["after"]), (&"preOrder".into(), &"2026-12-15".into(), &Value::Null), "a customer sees the promise, and no sync changes that: {listed}");
        let told = presell.run(&["why", "S-001"]).stdout;
        for part in ["In the shops", "main: listed", "a customer sees Pre-order · ships by 2026-12-15 · 10 left [Pre-order]"] {
            assert!(told.contains(part), "{part:?} is told: {told}");
        }
        let receipt = presell.file("receipts.csv", "po_id,line_no,sku,quantity,received_at,facility\nPO-1,2,S-001,10,2026-11-23T08:00:00Z,WH\n");
        presell.json(&["import", "receipts", &receipt]);
        presell.json(&["refresh"]);
        let told = presell.run(&["why", "S-001"]).stdout;
        assert!(told.contains("main: waiting") && told.contains("after the next sync Sold out"), "what a sync will change is told before: {told}");
        let old = presell.at("2026-11-26T09:00:00Z").json(&["why", "S-000"]);
        assert_eq!((&old["shops"][0]["state"], &old["shops"][0]["customer"]["offer"]), (&"unknown".into(), &"unknown".into()), "after days without a look nobody knows, and nothing is said to be listed: {old}");
    }
}

journey! {
    fn whoever_connects_a_shop_hears_of_systems_that_forbid_negative_stock(presell: Presell) {
        presell.set("TOKEN", "not-used");
        let said = presell.run(&["shop", "add", "main", "--platform", "shopify", "--domain", "a.myshopify.com", "--token-env", "TOKEN"]).stdout;
        assert!(said.contains("forbid negative stock"), "an ERP that refuses such orders is told of at set-up: {said}");
        let demo = presell.run(&["shop", "add", "demo", "--platform", "demo"]).stdout;
        assert!(!demo.contains("negative stock"), "in a demo shop nobody buys: {demo}");
    }
}
