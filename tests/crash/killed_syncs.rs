//! A sync into a shop of files: killed at any moment it leaves whole files or none, and each change is written once; a drive
//! that is full is said, and the sync goes on when there is room.

use std::fs;
use std::path::Path;
use std::time::Duration;

use presell_store::testing::Kind;
use serde_json::Value;

use crate::kill::{Points, killed, undisturbed};
use crate::support::{Presell, journey};
use crate::volume::Volume;

const KILLS: usize = 12;
const PRODUCTS: usize = 2_000;

/// So many products are on a list.
fn listed(presell: &Presell) {
    let lines: String = (1..=PRODUCTS).map(|n| format!("PO-1,{n},S-{n:05},10,2026-12-15,WH,Y,APPROVED\n")).collect();
    let header = "po_id,line_no,sku,quantity,arrival_date,facility,is_new,status\n";
    presell.json(&["import", "purchase-orders", &presell.file("orders.csv", &format!("{header}{lines}")), "--create"]);
    presell.json(&["refresh"]);
}

fn add(presell: &Presell, name: &str, folder: &Path) {
    presell.json(&["shop", "add", name, "--platform", "file", "--folder", &folder.display().to_string()]);
}

/// Names of files that somebody finds there who looks for what we write.
fn found(folder: &Path, ending: &str) -> usize {
    fs::read_dir(folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(ending))
        .count()
}

/// How many products the listings show as listed; files that are there are whole.
fn shown(folder: &Path) -> usize {
    for entry in fs::read_dir(folder.join("changes")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|ending| ending == "json") {
            let change: Value =
                serde_json::from_slice(&fs::read(&entry).unwrap()).expect("a change is whole, or not there");
            assert_eq!(change["operations"].as_array().map(Vec::len), Some(3 * PRODUCTS), "it has all its lines");
        }
    }
    let Ok(bytes) = fs::read(folder.join("listings.json")) else { return 0 };
    let listings: Value = serde_json::from_slice(&bytes).expect("the listings are whole, or not there");
    listings["listings"].as_array().unwrap().iter().filter(|row| row["class"] == "PRE_ORDER").count()
}

journey! {
    fn a_sync_killed_at_any_moment_leaves_whole_files_and_writes_each_change_once(presell: Presell) {
        listed(&presell);
        let (mut at_work, mut whole) = (0, Duration::ZERO);
        for (n, point) in [0.0].into_iter().chain(Points::new(KILLS)).enumerate() {
            let (name, folder) = (format!("shop{n}"), presell.folder().join(format!("shop{n}")));
            fs::create_dir(&folder).unwrap();
            add(&presell, &name, &folder);
            let sync = ["shop", "sync", &name];
            if n == 0 {
                whole = undisturbed(&presell, &sync);
            } else {
                at_work += usize::from(killed(&presell, &sync, whole.mul_f64(point * 1.1)));
                let listed = shown(&folder);
                assert!(listed == 0 || listed == PRODUCTS, "killed at {point:.2}: all of it or nothing: {listed}");
                // Who is killed gives nothing back; a minute later it is free by itself.
                presell.change("UPDATE shop SET lease_until = NULL");
                undisturbed(&presell, &sync);
            }
            assert_eq!(shown(&folder), PRODUCTS, "killed at {point:.2}: the next sync ends it");
            let counts = (found(&folder.join("changes"), ".json"), found(&folder.join("changes"), ".csv"), found(&folder, ".part"));
            assert_eq!(counts, (1, 1, 0), "killed at {point:.2}: one change, written once, and nothing left over");
        }
        println!("{at_work} of {KILLS} kills met a sync at work");
        assert!(at_work > KILLS / 2, "many kills meet a sync at work: {at_work} of {KILLS}");
    }
}

#[test]
fn a_full_drive_stops_a_sync_and_breaks_nothing() {
    let presell = Presell::new(Kind::Sqlite);
    listed(&presell);
    let volume = match Volume::new(1) {
        Ok(volume) => volume,
        Err(why) => return println!("not tried: no file system can be mounted ({why})"),
    };
    add(&presell, "old", &volume.path());
    // Less is left than a sync writes.
    fs::write(volume.path().join("others"), vec![0; 700_000]).unwrap();
    let (status, error) = presell.error(&["shop", "sync", "old"]);
    let said = error["message"].as_str().unwrap();
    assert!(status == 1 && said.contains("is full. Make room there"), "it says what to do: {error}");
    assert_eq!(
        (shown(&volume.path()), found(&volume.path(), ".part")),
        (0, 0),
        "nothing is half-written, nothing is left"
    );
    volume.grow(16);
    undisturbed(&presell, &["shop", "sync", "old"]);
    assert_eq!(shown(&volume.path()), PRODUCTS, "with room it goes on");
}
