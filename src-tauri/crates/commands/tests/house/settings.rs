//! A rule says beforehand what it would change, and every change can be read afterwards.

use presell_commands::{
    App, ChangeSetting, ListChanges, Nothing, RefreshCatalog, add_sample_data, change_setting, list_changes,
    list_settings, preview_setting, refresh_catalog,
};
use presell_store::db_test;

use crate::support::{app, number};

fn set(key: &str, value: &str) -> ChangeSetting {
    ChangeSetting { key: key.to_owned(), value: value.to_owned() }
}

/// What a full refresh would do now.
async fn due(app: &App) -> (u64, u64, u64, u64) {
    let asked = RefreshCatalog { dry_run: true, full: true, ..RefreshCatalog::default() };
    let o = refresh_catalog(app, asked).await.unwrap().outcome;
    (o.added, o.moved, o.updated, o.removed)
}

db_test! {
    async fn the_preview_of_every_rule_is_what_a_refresh_would_do_after_the_change(db: Db) {
        let app = app(&db).await;
        add_sample_data(&app, presell_commands::AddSampleData { refresh: true }).await.unwrap();
        let members = number(&app, "SELECT count(*) FROM member").await;
        let tried = [
            ("out_of_stock_level", "1000000"),
            ("today_counts_as_future", "false"),
            ("unknown_stock_policy", "never_zero"),
            ("unknown_stock_policy", "always_zero"),
            ("hold", "true"),
            ("reserve_inventory", "false"),
            ("threshold", "1000000"),
            ("cap_scope", "all_lines"),
            ("max_change_percent", "5"),
            ("zone", "Pacific/Kiritimati"),
        ];
        let mut effects = 0;
        for (key, value) in tried {
            let preview = preview_setting(&app, set(key, value)).await.unwrap();
            let told = (preview.added, preview.moved, preview.updated, preview.removed);
            assert_eq!(number(&app, "SELECT count(*) FROM member").await, members, "{key}: a preview changes nothing");
            let before = change_setting(&app, set(key, value)).await.unwrap().before;
            assert_eq!(before, preview.before, "{key}: the preview names the value of now");
            assert_eq!(told, due(&app).await, "{key} {value}: what is told must be what comes");
            assert_eq!(preview.changes.len() as u64, (told.0 + told.1 + told.2 + told.3).min(50), "{key}: the first are named");
            change_setting(&app, set(key, &before)).await.unwrap();
            effects += usize::from(told != (0, 0, 0, 0));
        }
        assert!(effects >= 5, "the sample data feels most rules, or this test proves little: {effects}");
    }
}

db_test! {
    async fn what_is_due_anyway_is_not_blamed_on_the_rule(db: Db) {
        let app = app(&db).await;
        add_sample_data(&app, presell_commands::AddSampleData { refresh: false }).await.unwrap();
        assert!(due(&app).await.0 > 0, "the lists have never been made");
        let preview = preview_setting(&app, set("max_change_percent", "5")).await.unwrap();
        let told = (preview.added, preview.moved, preview.updated, preview.removed);
        assert_eq!(told, (0, 0, 0, 0), "a rule without effect has none, whatever else waits");
    }
}

db_test! {
    async fn every_setting_has_a_name_help_kind_and_default(db: Db) {
        let app = app(&db).await;
        for s in list_settings(&app, Nothing {}).await.unwrap() {
            assert!(!s.label.is_empty() && s.help.ends_with('.'), "{}: people read its name and a sentence", s.key);
            assert!(["flag", "number", "choice", "zone"].contains(&s.kind), "{}: a screen knows how to ask", s.key);
            assert_eq!(s.range.is_some(), s.kind == "number", "{}: a number has its limits", s.key);
            assert_eq!(s.unit.is_some(), s.kind == "number", "{}: a number says what it counts", s.key);
        }
        let wrong = preview_setting(&app, set("threshold", "many")).await.unwrap_err().to_string();
        assert!(wrong.contains("whole number"), "a preview refuses what saving would refuse: {wrong}");
    }
}

db_test! {
    async fn changes_are_found_by_their_words_page_by_page(db: Db) {
        let app = app(&db).await;
        for n in 1..=5 {
            change_setting(&app, set("threshold", &n.to_string())).await.unwrap();
        }
        change_setting(&app, set("hold", "true")).await.unwrap();
        let first = list_changes(&app, ListChanges { limit: Some(2), ..Default::default() }).await.unwrap();
        assert_eq!((first.total, first.changes.len()), (6, 2), "a page says how many there are in all");
        assert_eq!(first.changes[0].subject, "hold", "the newest first");
        assert_eq!(first.changes[0].values[0].before, "false", "old and new are told");
        let older = ListChanges { before: Some(first.changes[1].id), ..Default::default() };
        assert_eq!(list_changes(&app, older).await.unwrap().changes.len(), 4, "the next page goes on where the first ended");
        let words = ListChanges { search: Some("Ann THRESHOLD 4".to_owned()), ..Default::default() };
        let found = list_changes(&app, words).await.unwrap();
        assert_eq!(found.total, 2, "all words count, in whatever case: 3 to 4 and 4 to 5");
        let marks = ListChanges { search: Some("%".to_owned()), ..Default::default() };
        assert_eq!(list_changes(&app, marks).await.unwrap().total, 6, "a mark of the database's own means nothing");
    }
}

db_test! {
    async fn a_change_of_a_schedule_is_told_in_words_not_in_milliseconds(db: Db) {
        let app = app(&db).await;
        crate::support::on(&app, crate::support::PURGE).await;
        let on = list_changes(&app, ListChanges::default()).await.unwrap().changes.remove(0);
        assert_eq!(on.words, "switched on a job", "what was done is said as people say it");
        assert!(on.subject.starts_with("Purge history"), "the job has its name: {}", on.subject);
        let next = on.values.iter().find(|value| value.field == "next run").unwrap();
        assert!(next.after.ends_with(" UTC") && next.before.is_empty(), "a moment is a date and a time: {next:?}");
    }
}
