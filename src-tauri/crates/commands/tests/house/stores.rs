//! Several stores in one database, one of them shown.

use std::collections::BTreeMap;

use presell_catalog::stores::directory::Role;
use presell_commands::{
    AddSampleData, AddStore, ChangeStore, ChooseStore, Nothing, add_sample_data, add_store, change_store, choose_store,
    list_settings, list_stores, show_status,
};
use presell_store::db_test;

use crate::support::app;

fn paris(facilities: BTreeMap<String, Role>) -> AddStore {
    AddStore { code: "paris".to_owned(), zone: "Europe/Paris".to_owned(), facilities }
}

db_test! {
    async fn a_store_is_added_with_default_rules_and_shown_once_it_is_chosen(db: Db) {
        let app = app(&db).await;
        let facilities = BTreeMap::from([("WH-EAST".to_owned(), Role::Sells), ("DOCK".to_owned(), Role::Receives)]);
        let added = add_store(&app, paris(facilities.clone())).await.unwrap();
        assert_eq!((added.facilities, added.current), (facilities, false), "it has its facilities and is not shown yet");
        let twice = add_store(&app, paris(BTreeMap::new())).await.unwrap_err().to_string();
        assert!(twice.contains("already"), "a name is given once: {twice}");
        let bad = AddStore { code: "a b".to_owned(), ..paris(BTreeMap::new()) };
        assert!(add_store(&app, bad).await.is_err(), "a name is one word, as files need it");

        let twin = app.clone();
        choose_store(&app, ChooseStore { code: "paris".to_owned() }).await.unwrap();
        assert_eq!(twin.store_code(), "paris", "all parts of a window show the same store");
        assert_eq!(app.desk.read().unwrap().store.as_deref(), Some("paris"), "the next start shows it, too");
        let zone = list_settings(&app, Nothing {}).await.unwrap().remove(0);
        assert_eq!(zone.value, "Europe/Paris", "its rules are the ones on the screen");
        let status = show_status(&app, Nothing {}).await.unwrap();
        assert_eq!((status.store.as_str(), status.stores), ("paris", 2), "the footer names it");
        let unknown = choose_store(&app, ChooseStore { code: "rome".to_owned() }).await;
        assert!(unknown.is_err() && app.store_code() == "paris", "a store that is not there cannot be chosen");
    }
}

db_test! {
    async fn a_store_without_its_facilities_lists_nothing_and_the_next_refresh_notices(db: Db) {
        let app = app(&db).await;
        add_sample_data(&app, AddSampleData { refresh: true }).await.unwrap();
        let before = list_stores(&app, Nothing {}).await.unwrap();
        let store = &before.stores[0];
        assert!(store.listed > 0 && store.current && !store.facilities.is_empty(), "the samples fill it: {store:?}");
        assert_eq!(before.facilities.len(), store.facilities.len(), "every facility can be chosen");
        let none = ChangeStore { code: "default".to_owned(), zone: None, facilities: Some(BTreeMap::new()) };
        assert!(change_store(&app, none).await.unwrap().facilities.is_empty(), "all are taken away");
        let asked = presell_commands::RefreshCatalog { confirm: true, ..Default::default() };
        presell_commands::refresh_catalog(&app, asked).await.unwrap();
        let after = list_stores(&app, Nothing {}).await.unwrap();
        assert_eq!(after.stores[0].listed, 0, "goods to places that are not the store's are not its to sell");
        let back = ChangeStore { code: "default".to_owned(), zone: None, facilities: Some(store.facilities.clone()) };
        change_store(&app, back).await.unwrap();
        presell_commands::refresh_catalog(&app, Default::default()).await.unwrap();
        assert_eq!(list_stores(&app, Nothing {}).await.unwrap().stores[0].listed, store.listed, "given back, all is as before");
    }
}
