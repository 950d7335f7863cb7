//! Where the data lives, and whether it would live well elsewhere.

use presell_commands::{
    BackupDatabase, ChooseDataLocation, Chosen, Desk, Nothing, TestConnection, backup_database, choose_data_location,
    chosen_address, list_backups, show_data_location, test_connection,
};
use presell_store::{Address, Db, db_test};

use crate::support::app;

fn test(database: impl Into<String>) -> TestConnection {
    TestConnection { database: database.into() }
}

db_test! {
    async fn a_place_is_chosen_for_the_next_start_if_presell_would_work_there(db: Db) {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::in_folder(folder.path());
        let app = app(&db).await.at(desk.clone());
        let now = show_data_location(&app, Nothing {}).await.unwrap();
        assert_eq!(now.chosen, Chosen::Named, "a test names its database");
        let file = folder.path().join("new").join("presell.db").display().to_string();
        let chosen = choose_data_location(&app, ChooseDataLocation { database: Some(file.clone()) }).await.unwrap();
        assert_eq!(chosen.next.as_deref(), Some(file.as_str()), "it opens at the next start");
        assert_eq!(chosen_address(&desk, None).unwrap(), Some(Address::File(file.into())), "the command line finds it, too");
        let nowhere = ChooseDataLocation { database: Some("/proc/nowhere/presell.db".to_owned()) };
        let refused = choose_data_location(&app, nowhere).await.unwrap_err().to_string();
        assert!(refused.contains("/proc"), "a place where nothing can be written is refused: {refused}");
        choose_data_location(&app, ChooseDataLocation { database: None }).await.unwrap();
        assert_eq!(desk.read().unwrap().database, None, "back to the usual place");
    }
}

db_test! {
    async fn the_database_in_use_passes_its_own_test(db: Db) {
        let app = app(&db).await;
        let address = match &app.address {
            Address::File(path) => path.display().to_string(),
            Address::Server(url) => url.clone(),
        };
        let tested = test_connection(&app, test(address)).await.unwrap();
        assert!(tested.ok, "what works is told so: {tested:?}");
        assert_eq!(tested.latency_ms.is_some(), matches!(db, Db::Postgres(_)), "only a server has a way to it");
    }
}

db_test! {
    async fn what_keeps_a_server_from_answering_is_said_without_the_password(db: Db) {
        let app = app(&db).await;
        let silent = test_connection(&app, test("postgres://ann:geheim@127.0.0.1:1/presell")).await.unwrap();
        let said = format!("{silent:?}");
        assert!(!silent.ok && said.contains("127.0.0.1"), "nobody listens there: {said}");
        assert!(!said.contains("geheim"), "a password is never shown: {said}");
        if let Address::Server(url) = &app.address {
            let (server, _) = url.rsplit_once('/').unwrap();
            let missing = test_connection(&app, test(format!("{server}/no_such_database"))).await.unwrap();
            assert!(!missing.ok && missing.checks[0].message.contains("no_such_database"), "it is named: {missing:?}");
        }
        let odd = test_connection(&app, test("mysql://x/y")).await.unwrap_err().to_string();
        assert!(odd.contains("postgres://"), "another kind of database is answered with what there is: {odd}");
    }
}

db_test! {
    async fn a_backup_is_remembered_with_its_time_and_whether_it_is_still_there(db: Db) {
        let app = app(&db).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("monday.db");
        let made = backup_database(&app, BackupDatabase { path: path.clone() }).await;
        let known = list_backups(&app, Nothing {}).await.unwrap();
        if db.is_postgres() {
            assert!(made.is_err() && !known.possible && known.last.is_none(), "a server has its own way: {known:?}");
            return;
        }
        let one = &known.backups[0];
        assert!(known.possible && known.last == Some(one.at) && one.there && one.path == path, "it is known: {known:?}");
        assert!(known.suggestion.is_some_and(|s| s.extension().is_some_and(|e| e == "db")), "the next has a name");
        std::fs::remove_file(&path).unwrap();
        assert!(!list_backups(&app, Nothing {}).await.unwrap().backups[0].there, "one that is gone is told as gone");
    }
}
