//! "Process bulk imported files": one child run for each file, nothing lost, nothing taken twice.

use std::fs;
use std::path::Path;

use presell_scheduler::{Origin, RunState, runs};
use presell_store::db_test;
use serde_json::json;

use crate::support::{House, counts, result};

const JOB: &str = "JOB_PRC_PND_DML";

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Files below a folder, by their names in it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}"))),
            false => found.push(name),
        }
    }
    found.sort();
    found
}

async fn take(house: &House, folder: &Path) -> presell_scheduler::Run {
    house.run(JOB, json!({"importPath": folder, "fileProcessingDelay": 0})).await
}

db_test! {
    async fn each_file_is_a_child_run_and_the_parent_sums_them_up(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let day = house.day(30).await;
        put(folder.path(), "purchase-orders/a.csv", &format!("po,line,sku,quantity,arrival date,facility,new style\nPO-1,1,S-1,10,{day},WH,Y\nPO-1,2,S-2,5,{day},WH,Y\n"));
        put(folder.path(), "products/p.csv", "sku,title\nS-1,One\nS-2,Two\nS-3,Three\n");
        put(folder.path(), "inventory/broken.csv", "these,columns,mean\nnothing,to,us\n");
        let parent = take(&house, folder.path()).await;
        assert_eq!(parent.state, RunState::Partial, "one file could not be taken: {:?}", parent.error);
        let parts = runs::children(&house.db, parent.id).await.unwrap();
        let order: Vec<String> = parts.iter().map(|part| serde_json::from_str::<serde_json::Value>(&part.params).unwrap()["file"].as_str().unwrap().to_owned()).collect();
        assert_eq!(order, ["products/p.csv", "inventory/broken.csv", "purchase-orders/a.csv"], "what others refer to goes first");
        assert!(parts.iter().all(|part| part.origin == Origin::Child && part.actor == "ann" && part.store_id == parent.store_id), "children inherit store and actor");
        assert!(parts.iter().all(|part| part.finished_at <= parent.finished_at), "a parent ends after its children");
        let sum = counts(&parent);
        assert_eq!((sum.examined, sum.changed, sum.failed), (6, 5, 1), "three products and two lines are in, one file is not");
        assert_eq!(sum.examined, sum.changed + sum.unchanged + sum.failed + sum.skipped, "counts add up");
        assert_eq!(result(&parent)["refusedFiles"], 1, "files that could not be taken are counted");
        assert_eq!(
            files(folder.path()),
            ["done/products/p.csv", "done/purchase-orders/a.csv", "refused/inventory/broken.csv", "refused/inventory/broken.reason.txt"],
            "every file is where its fate says, and nothing is left waiting"
        );
        assert_eq!(house.number("SELECT count(*) FROM po_line").await, 2, "the lines are in");
        house.stop().await;
    }
}

db_test! {
    async fn rows_that_are_wrong_are_left_beside_with_their_reasons(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "inventory/mixed.csv", "sku,facility,quantity\nS-1,WH,4\nS-2,WH,many\n");
        let parent = take(&house, folder.path()).await;
        assert_eq!(parent.state, RunState::Partial, "a refused row makes the run partial");
        assert_eq!(files(folder.path()), ["done/inventory/mixed.csv", "refused/inventory/mixed.rejects.csv"], "the file is done, its bad row waits to be mended");
        let rejects = fs::read_to_string(folder.path().join("refused/inventory/mixed.rejects.csv")).unwrap();
        assert!(rejects.contains("many") && !rejects.contains("S-1"), "only the bad row is there: {rejects}");
        house.stop().await;
    }
}

db_test! {
    async fn a_file_that_was_imported_before_changes_nothing_and_says_so(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        let text = "sku,facility,quantity\nS-1,WH,4\n";
        put(folder.path(), "inventory/one.csv", text);
        take(&house, folder.path()).await;
        // As if the run had died between its last commit and moving the file away.
        put(folder.path(), "inventory/one.csv", text);
        let again = take(&house, folder.path()).await;
        assert_eq!(counts(&again).changed, 0, "nothing is taken twice");
        assert_eq!(house.number("SELECT count(*) FROM import WHERE state = 'done'").await, 1, "no second import is recorded");
        let part = runs::children(&house.db, again.id).await.unwrap().remove(0);
        assert!(part.result.unwrap().contains("imported before"), "the run says why");
        assert!(files(folder.path()).contains(&"refused/inventory/one.csv".to_owned()), "the file does not come again by itself");
        house.stop().await;
    }
}

db_test! {
    async fn files_with_the_same_name_never_replace_each_other(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        for quantity in [4, 5] {
            put(folder.path(), "inventory/stock.csv", &format!("sku,facility,quantity\nS-1,WH,{quantity}\n"));
            take(&house, folder.path()).await;
        }
        let done = files(&folder.path().join("done/inventory"));
        assert_eq!(done.len(), 2, "both days' files are kept: {done:?}");
        house.stop().await;
    }
}

db_test! {
    async fn half_written_and_hidden_files_are_left_alone_and_a_missing_folder_is_told(db: Db) {
        let house = House::new(db).await;
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "inventory/.hidden.csv", "x");
        put(folder.path(), "inventory/big.csv.part", "x");
        let run = take(&house, folder.path()).await;
        assert_eq!((run.state, counts(&run).examined), (RunState::Finished, 0), "nothing was there to take");
        assert_eq!(files(folder.path()), ["inventory/.hidden.csv", "inventory/big.csv.part"], "both are still where they were");
        let missing = take(&house, &folder.path().join("nowhere")).await;
        assert_eq!(missing.reason.as_deref(), Some("BAD_PARAMETERS"), "a folder that is not there fails the run for good");
        assert!(missing.error.unwrap().contains("nowhere"), "and is named");
        let out = house.run(JOB, json!({"importPath": folder.path(), "file": "../secret.csv"})).await;
        assert_eq!(out.reason.as_deref(), Some("BAD_PARAMETERS"), "no name leads out of the folder");
        house.stop().await;
    }
}
