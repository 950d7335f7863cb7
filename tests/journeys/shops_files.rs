//! A shop that imports files: from a purchase order to what it reads, and off again.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::shop::{ordered, skus};
use crate::support::{Presell, journey};

/// An empty folder for a shop.
fn folder(presell: &Presell) -> PathBuf {
    let folder = presell.folder().join("shop");
    fs::create_dir(&folder).unwrap();
    folder
}

fn listings(folder: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("listings.csv")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The changes so far, oldest first, as CSV.
fn changes(folder: &std::path::Path) -> Vec<String> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder.join("changes")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// What a line of a change says but for its product: `stop`, `mark`, …
fn operations(change: &str, sku: &str) -> Vec<String> {
    let of = |line: &&str| line.split(',').next() == Some(sku);
    change.lines().filter(of).filter_map(|line| line.split(',').nth(2).map(str::to_owned)).collect()
}

journey! {
    fn a_purchase_order_reaches_the_folder_and_a_receipt_takes_it_off_again(presell: Presell) {
        let (skus, folder) = (skus(6), folder(&presell));
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        let counts: String = skus.iter().map(|sku| format!("{sku},WH,0\n")).collect();
        presell.json(&["import", "inventory", &presell.file("stock.csv", &format!("sku,facility,quantity\n{counts}"))]);
        presell.json(&["refresh"]);
        let added = presell.json(&["shop", "add", "old", "--platform", "file", "--folder", "shop"]);
        assert_eq!((&added["platform"], &added["address"]), (&"file".into(), &folder.display().to_string().into()), "the folder is kept from its beginning on: {added}");
        let tested = presell.json(&["shop", "test", "old"]);
        assert_eq!(tested["answers"]["name"], folder.display().to_string(), "a test says which folder: {tested}");
        assert_eq!(tested["answers"]["notes"], json!(["The folder can be written.",
            "There is no products.csv, so every product on a list counts as there.", "listings.json shows 0 as listed."]), "and what is there: {tested}");
        let diff = presell.json(&["shop", "diff", "old"]);
        assert_eq!((diff.as_array().unwrap().len(), &diff[0]["action"]), (6, &"list".into()), "the plan is shown before anything is written: {diff}");
        assert!(!folder.join("listings.csv").exists(), "and nothing is");

        let synced = presell.json(&["shop", "sync", "old"]);
        assert_eq!((&synced["confirmed"], &synced["failed"]), (&6.into(), &0.into()), "all are written: {synced}");
        let shown = listings(&folder);
        assert_eq!((&*shown[0], shown.len()), ("sku,parent,class,promise_date,quantity,sells_without_stock,tags", 7), "one row each: {shown:?}");
        assert_eq!(shown[3], "S-002,S-002,PRE_ORDER,2026-12-15,10,yes,HC:Pre-Order", "with all a shop needs");
        assert_eq!(operations(&changes(&folder)[0], "S-002"), ["mark", "tag", "sell"], "and it sells last");
        let again = presell.json(&["shop", "sync", "old"]);
        assert_eq!((&again["planned"], &again["sent"], &again["unchanged"]), (&0.into(), &0.into(), &6.into()), "nothing differs: {again}");
        assert_eq!(changes(&folder).len(), 1, "so nothing is written");

        let receipt = presell.file("receipts.csv", "po_id,line_no,sku,quantity,received_at,facility\nPO-1,3,S-002,10,2026-11-23T08:00:00Z,WH\n");
        presell.json(&["import", "receipts", &receipt]);
        presell.json(&["refresh"]);
        assert_eq!(presell.json(&["shop", "sync", "old"])["confirmed"], 1, "what has arrived is taken off");
        assert_eq!(listings(&folder)[3], "S-002,S-002,,,,no,", "its row says so");
        let change = changes(&folder).pop().unwrap();
        assert_eq!(operations(&change, "S-002"), ["stop", "untag", "unmark"], "it stops first: {change}");
        assert_eq!(change.lines().count(), 4, "nobody else is touched: {change}");
        presell.json(&["shop", "sync", "old"]);
        assert_eq!(changes(&folder).len(), 2, "and a further sync writes nothing");
        assert_eq!(presell.json(&["shop", "drift", "old"])["drifted"], json!([]), "reading back finds nothing else");
    }
}

journey! {
    fn the_owners_list_of_products_says_which_are_there(presell: Presell) {
        let (skus, folder) = (skus(4), folder(&presell));
        fs::write(folder.join("products.csv"), "sku,parent\nS-000,S\nS-001,S\nS-002,\nS-002,\n").unwrap();
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus, "Y")]);
        presell.json(&["refresh"]);
        presell.json(&["shop", "add", "old", "--platform", "file", "--folder", "shop"]);
        let linked = presell.json(&["shop", "link", "old"]);
        assert_eq!(linked, json!({ "lookedFor": 4, "linked": 2, "missing": 1, "ambiguous": 1 }), "none is guessed");
        assert_eq!(presell.json(&["shop", "sync", "old"])["confirmed"], 2, "those that are there once are listed");
        let state = |sku: &str| presell.json(&["shop", "show", "old", "--search", sku])["rows"][0]["state"].clone();
        assert_eq!((state("S-002"), state("S-003")), (json!("ambiguous"), json!("notLinked")), "the others are shown as what they are");
    }
}

journey! {
    fn a_folder_that_cannot_be_used_says_what_to_do(presell: Presell) {
        let add = |name: &str, folder: &str| presell.error(&["shop", "add", name, "--platform", "file", "--folder", folder]);
        assert_eq!(presell.error(&["shop", "add", "old", "--platform", "file"]).0, 2, "a folder is needed");
        let (status, error) = add("old", "nowhere");
        assert!(status != 0 && error.to_string().contains("There is no folder"), "a folder that is not there is not made: {error}");
        let folder = folder(&presell);
        presell.json(&["shop", "add", "old", "--platform", "file", "--folder", "shop"]);
        assert!(add("older", "shop").1.to_string().contains("is the shop \\\"old\\\" already"), "two shops would take turns with each other's rows");
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus(1), "Y")]);
        presell.json(&["refresh"]);
        fs::rename(&folder, folder.with_extension("away")).unwrap();
        let (status, error) = presell.error(&["shop", "sync", "old"]);
        assert!(status == 1 && error["message"].as_str().unwrap().contains("connect the drive"), "a drive that is gone is told: {error}");
        let told = presell.json(&["shop", "list"]);
        assert_eq!(told[0]["state"], "blocked", "and the shop is known to be: {told}");
        assert!(presell.run(&["check"]).stdout.contains("connect the drive"), "also by the self-test");
        fs::rename(folder.with_extension("away"), &folder).unwrap();
        assert_eq!(presell.json(&["shop", "sync", "old"])["confirmed"], 1, "once it is back, all goes on");
        assert_eq!(presell.json(&["shop", "list"])[0]["state"], Value::from("connected"), "and all is well");
    }
}

journey! {
    fn a_shop_moves_to_another_folder_and_is_written_there_anew(presell: Presell) {
        let folder = folder(&presell);
        presell.json(&["import", "purchase-orders", &ordered(&presell, &skus(3), "Y")]);
        presell.json(&["refresh"]);
        presell.json(&["shop", "add", "old", "--platform", "file", "--folder", "shop"]);
        presell.json(&["shop", "sync", "old"]);
        let moved = folder.with_file_name("moved");
        assert_ne!(presell.error(&["shop", "change", "old", "--folder", "moved"]).0, 0, "a folder that is not there is none");
        fs::create_dir(&moved).unwrap();
        let changed = presell.json(&["shop", "change", "old", "--folder", "moved"]);
        assert_eq!(changed["address"], moved.display().to_string(), "it has moved: {changed}");
        let synced = presell.json(&["shop", "sync", "old"]);
        assert_eq!(synced["confirmed"], 3, "an empty folder shows nothing yet, and gets everything: {synced}");
        assert_eq!(listings(&moved), listings(&folder), "the same as before");
    }
}
