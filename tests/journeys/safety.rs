//! Nothing is lost: backup, restore, and databases this app must not touch.

use presell_store::testing::Kind;

use crate::support::{Presell, sample};

fn with_samples() -> Presell {
    let presell = Presell::new(Kind::Sqlite);
    presell.json(&["import", "purchase-orders", &sample("purchase-orders.csv"), "--confirm"]);
    presell.json(&["refresh"]);
    presell
}

#[test]
fn a_backup_brings_back_what_was_there_and_keeps_what_it_replaces() {
    let presell = with_samples();
    let before = presell.json(&["catalog"]);
    assert!(!before.as_array().unwrap().is_empty(), "there is something to lose");
    presell.json(&["backup", "monday.db"]);
    let skus: Vec<&str> = before.as_array().unwrap().iter().map(|l| l["sku"].as_str().unwrap()).collect();
    presell.json(&[&["exclude"], skus.as_slice()].concat());
    presell.json(&["refresh", "--confirm"]);
    assert_eq!(presell.json(&["catalog"]), serde_json::json!([]), "the catalog is empty before the restore");
    let restored = presell.json(&["restore", "monday.db"]);
    assert_eq!(presell.json(&["catalog"]), before, "after the restore everything is as it was when saved");
    let kept = restored["kept"].as_str().expect("what was there is kept beside").to_owned();
    assert!(kept.contains("before-restore"), "under a name that says so: {kept}");
    presell.json(&["restore", &kept]);
    assert_eq!(presell.json(&["catalog"]), serde_json::json!([]), "so a restore can be taken back");
}

#[test]
fn a_backup_never_replaces_a_file() {
    let presell = with_samples();
    let precious = presell.file("precious.db", "do not lose me");
    let (status, error) = presell.error(&["backup", &precious]);
    assert_eq!((status, &error["code"]), (1, &"refused".into()), "an existing file is refused: {error}");
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "do not lose me", "and stays as it is");
    presell.error(&["backup", "no/such/folder/x.db"]);
    let left: Vec<_> = std::fs::read_dir(presell.folder()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left, ["precious.db"], "a backup that fails leaves no half file");
}

#[test]
fn what_is_no_backup_is_refused_before_anything_is_touched() {
    let presell = with_samples();
    let before = presell.json(&["catalog"]);
    let text = presell.file("notes.txt", "these are only notes");
    for file in [text.as_str(), "missing.db", presell.database()] {
        let (status, error) = presell.error(&["restore", file]);
        assert_eq!(status, 1, "{file} is no backup: {error}");
    }
    assert_eq!(presell.json(&["catalog"]), before, "the database is as it was");
}

#[test]
fn a_database_that_another_program_has_open_is_not_replaced() {
    let presell = with_samples();
    let before = presell.json(&["catalog"]);
    presell.json(&["backup", "monday.db"]);
    let address = presell_store::Address::File(presell.database().into());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let open = runtime.block_on(presell_store::Db::open(&address)).unwrap();
    let (status, error) = presell.error(&["restore", "monday.db"]);
    assert_eq!((status, &error["code"]), (1, &"refused".into()), "what somebody works in is not taken away: {error}");
    runtime.block_on(open.close());
    assert_eq!(presell.json(&["catalog"]), before, "and is as it was");
}

#[test]
fn a_damaged_database_can_be_replaced_by_a_backup() {
    let presell = with_samples();
    presell.json(&["backup", "monday.db"]);
    std::fs::write(presell.database(), "not a database any more").unwrap();
    let check = presell.run(&["check", "--json"]);
    assert_eq!(check.status, 1, "the self-test of a damaged database fails");
    assert!(check.stdout.contains("\"ok\": false"), "and still answers in its own form: {}", check.stdout);
    presell.json(&["restore", "monday.db"]);
    assert!(!presell.json(&["catalog"]).as_array().unwrap().is_empty(), "the backup is in place");
}

#[test]
fn a_database_of_a_newer_presell_is_refused_and_named() {
    let presell = with_samples();
    presell.json(&["backup", "newer.db"]);
    make_newer(&presell, "newer.db");
    let (status, error) = presell.error(&["restore", "newer.db"]);
    assert_eq!((status, &error["code"]), (1, &"newerDatabase".into()), "a newer backup is refused: {error}");
    let newer = presell.folder().join("newer.db").display().to_string();
    let (status, error) = presell.error(&["catalog", "--database", &newer]);
    assert_eq!((status, &error["code"]), (1, &"newerDatabase".into()), "a newer database is refused: {error}");
    assert!(
        error["message"].as_str().unwrap().contains("nothing was changed"),
        "and it is said that it is intact: {error}"
    );
}

#[test]
fn a_server_has_its_own_backup() {
    let presell = Presell::new(Kind::Postgres);
    for command in [["backup", "x.db"], ["restore", "x.db"]] {
        let (status, error) = presell.error(&command);
        assert_eq!(status, 1, "{command:?} is refused on PostgreSQL: {error}");
        assert!(error["message"].as_str().unwrap().contains("PostgreSQL"), "with the way that is right there: {error}");
    }
}

/// Gives a database the schema version of a later app.
fn make_newer(presell: &Presell, name: &str) {
    let path = presell.folder().join(name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = presell_store::Db::open(&presell_store::Address::File(path)).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.run("UPDATE _sqlx_migrations SET version = version + 1000").await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
}
