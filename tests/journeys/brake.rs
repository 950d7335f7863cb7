//! What protects the shop from a wrong file: the brake, the dry run, and another day tried out.

use serde_json::{Value, json};

use crate::support::{Presell, journey};

/// Lists so many products, promised for 1 December.
fn list(presell: &Presell, count: usize) {
    let lines: Vec<String> =
        (0..count).map(|i| format!("PO-1,{},SKU-{i:02},10,2026-12-01,WH,Y,APPROVED", i + 1)).collect();
    presell.takes("purchase-orders", &lines);
    stock(presell, count, 0);
    assert_eq!(presell.json(&["refresh"])["added"], count, "the products are listed");
}

/// Imports the same stock for so many products.
fn stock(presell: &Presell, count: usize, pieces: i64) {
    presell.takes("inventory", &(0..count).map(|i| format!("SKU-{i:02},{pieces},WH")).collect::<Vec<_>>());
}

fn listed(presell: &Presell) -> Value {
    presell.json(&["catalog"])
}

journey! {
    fn a_file_that_would_empty_the_shop_stops_until_somebody_has_looked(presell: Presell) {
        list(&presell, 21);
        let before = listed(&presell);
        stock(&presell, 21, 5);
        let tried = presell.json(&["refresh", "--dry-run"]);
        assert_eq!(tried["removed"], 21, "the dry run shows what would happen: {tried:#}");
        let (status, error) = presell.error(&["refresh"]);
        assert_eq!((status, &error["code"]), (1, &"confirmationNeeded".into()), "the brake holds: {error}");
        assert_eq!((&error["removals"], &error["members"]), (&21.into(), &21.into()), "and says how many would go");
        for word in ["21", "Nothing was changed", "--dry-run", "--confirm"] {
            assert!(error["message"].as_str().unwrap().contains(word), "the brake speaks of \"{word}\": {error}");
        }
        let told = presell.run(&["refresh"]);
        assert_eq!((told.status, told.stdout.as_str()), (1, ""), "a person gets the same answer, on standard error");
        assert!(told.stderr.contains("add --confirm"), "with what to type: {}", told.stderr);
        assert_eq!(listed(&presell), before, "nothing has changed");
        assert_eq!(presell.json(&["why", "SKU-00"])["nextChange"], "REMOVE", "what waits is known");
        let confirmed = presell.json(&["refresh", "--confirm"]);
        assert_eq!(confirmed["changes"], tried["changes"], "the confirmed refresh does what the dry run said");
        assert_eq!(listed(&presell), json!([]), "and the shop follows the stock");
        assert_eq!(presell.json(&["refresh"])["examined"], 0, "nothing is left to look at");
    }
}

journey! {
    fn twenty_products_may_go_unasked_and_a_share_that_the_store_allows(presell: Presell) {
        list(&presell, 20);
        stock(&presell, 20, 5);
        assert_eq!(presell.json(&["refresh"])["removed"], 20, "twenty are no reason to stop");
        stock(&presell, 20, 0);
        presell.json(&["refresh"]);
        list_more(&presell);
        stock(&presell, 24, 5);
        assert_eq!(presell.error(&["refresh", "--max-change-percent", "29"]).0, 1, "24 of 80 are more than 29 %");
        assert_eq!(presell.json(&["refresh"])["removed"], 24, "but not more than 30 %, which is what the store allows");
    }
}

/// Sixty products more.
fn list_more(presell: &Presell) {
    let skus = 20..80;
    let lines: Vec<String> =
        skus.clone().map(|i| format!("PO-2,{},SKU-{i},10,2026-12-01,WH,Y,APPROVED", i + 1)).collect();
    presell.takes("purchase-orders", &lines);
    presell.takes("inventory", &skus.map(|i| format!("SKU-{i},0,WH")).collect::<Vec<_>>());
    assert_eq!(presell.json(&["refresh"])["added"], 60, "sixty more are listed");
}

journey! {
    fn another_day_can_be_tried_out_without_changing_anything(presell: Presell) {
        list(&presell, 2);
        presell.takes("purchase-orders", &["PO-9,1,SKU-01,3,2026-12-20,WH,N,APPROVED"]);
        presell.json(&["refresh"]);
        let before = listed(&presell);
        let on_the_day = presell.json(&["refresh", "--dry-run", "--as-of", "2026-12-01"]);
        assert_eq!(on_the_day["changes"], json!([]), "on the promised day itself nothing goes");
        let after = presell.json(&["refresh", "--dry-run", "--as-of", "2026-12-02"]);
        let changes = after["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 2, "the day after, both lines have passed: {after:#}");
        assert_eq!((&changes[0]["change"], &changes[0]["reasons"]), (&"REMOVE".into(), &json!(["DATE_PASSED"])), "one leaves");
        assert_eq!((&changes[1]["change"], &changes[1]["purchaseOrder"]), (&"MOVE".into(), &"PO-9".into()), "one goes on");
        assert_eq!(listed(&presell), before, "nothing has changed");
        let real = presell.at("2026-12-02T12:00:00Z").json(&["refresh"]);
        assert_eq!(real["changes"], after["changes"], "when the day comes, what was foreseen happens");
    }
}

journey! {
    fn a_refresh_looks_only_at_what_something_happened_to(presell: Presell) {
        list(&presell, 5);
        assert_eq!(presell.json(&["refresh"])["examined"], 0, "nothing happened, so nothing is looked at");
        presell.takes("inventory", &["SKU-03,4,WH"]);
        let refreshed = presell.json(&["refresh"]);
        assert_eq!((&refreshed["examined"], &refreshed["removed"]), (&1.into(), &1.into()), "one product changed: {refreshed:#}");
        let full = presell.json(&["refresh", "--full"]);
        assert_eq!((&full["examined"], &full["changes"]), (&5.into(), &json!([])), "looking at all finds nothing more");
        let one = presell.json(&["refresh", "--sku", "SKU-01"]);
        assert_eq!(one["examined"], 1, "one product can be looked at by its name: {one:#}");
    }
}
