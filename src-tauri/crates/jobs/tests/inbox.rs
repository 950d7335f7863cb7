//! Watched folders: whatever arrives is asked for at once, and nothing that arrives is forgotten.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use presell_catalog::stores;
use presell_jobs::inbox;
use presell_scheduler::engine::Event;
use presell_scheduler::schedules::{Defaults, Edit, Key, enable, save};
use presell_scheduler::{Origin, Run, runs};
use presell_store::{Db, db_test, on};
use serde_json::json;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

/// A folder that is watched; nobody takes the files, so that each request stands where it was made.
struct Watched {
    db: Db,
    key: Key,
    folder: tempfile::TempDir,
    tell: broadcast::Sender<Event>,
    watching: JoinHandle<()>,
}

impl Watched {
    async fn new(db: Db) -> Watched {
        let now = db.now().await.unwrap();
        let store = stores::find_or_create(&db, "default", chrono_tz::Tz::UTC, now).await.unwrap();
        let key = Key { job_id: "JOB_PRC_PND_DML".to_owned(), store_id: store.id, shop_id: String::new() };
        let folder = tempfile::tempdir().unwrap();
        let edit = Edit { params: Some(json!({"importPath": folder.path()}).to_string()), ..Edit::default() };
        let defaults = Defaults { frequency: "EVERYDAY", zone: "UTC".to_owned(), timeout_ms: 60_000 };
        save(&db, &key, &edit, None, &defaults, "ann").await.unwrap();
        enable(&db, &key, "ann").await.unwrap();
        let (tell, events) = broadcast::channel(16);
        let watching = tokio::spawn(inbox::watch(db.clone(), events));
        Watched { db, key, folder, tell, watching }
    }

    fn put(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "sku,facility,quantity\nS-1,WH,4\n").unwrap();
        path
    }

    /// Waits until so many runs were asked for. Meanwhile other things happen.
    async fn asked(&self, count: usize, rule: &str) -> Vec<Run> {
        let asking = async {
            loop {
                let runs = runs::recent(&self.db, &self.key, 10).await.unwrap();
                if runs.len() >= count {
                    return runs;
                }
                // Nobody listens: the watching has ended, which the time-out tells.
                let _ = self.tell.send(Event::Changed);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(40), asking)
            .await
            .unwrap_or_else(|_| panic!("no run was asked for: {rule}"))
    }

    /// Somebody takes the file, and nothing is asked for any more.
    async fn taken(&self, file: &Path) {
        fs::remove_file(file).unwrap();
        self.execute("DELETE FROM run").await;
    }

    async fn execute(&self, sql: &'static str) {
        on!(&self.db, p => sqlx::query(sql).execute(p).await.map(|_| ())).unwrap();
    }

    /// The node ends, and the watching with it.
    async fn ends(self) {
        drop(self.tell);
        let ended = tokio::time::timeout(Duration::from_secs(40), self.watching).await;
        ended.expect("without a node nobody watches").unwrap();
    }
}

db_test! {
    async fn each_arrival_is_asked_for_whatever_else_happens_meanwhile(db: Db) {
        let house = Watched::new(db).await;
        for name in ["inventory/a.csv", "purchase-orders/b.csv", "products/c.csv"] {
            let file = house.put(name);
            let asked = house.asked(1, "a file arrived while schedules changed").await;
            assert_eq!((asked[0].origin, asked[0].actor.as_str()), (Origin::Event, "watched folder"), "the arrival itself asks");
            house.taken(&file).await;
        }
        house.ends().await;
    }
}

db_test! {
    async fn a_file_that_comes_while_a_run_reads_gets_another_run(db: Db) {
        let house = Watched::new(db).await;
        house.put("inventory/a.csv");
        house.asked(1, "a file arrived").await;
        house.execute("UPDATE run SET state = 'running'").await;
        house.put("inventory/b.csv");
        let asked = house.asked(2, "what is at work may have looked before the file came").await;
        assert_eq!(asked.len(), 2, "one more run takes all that comes before it starts");
        house.ends().await;
    }
}

db_test! {
    async fn a_folder_that_takes_the_place_of_another_is_looked_into_and_watched(db: Db) {
        let house = Watched::new(db).await;
        let file = house.put("inventory/a.csv");
        house.asked(1, "a file arrived").await;
        house.taken(&file).await;
        let place = house.folder.path().join("inventory");
        fs::rename(&place, house.folder.path().join("old")).unwrap();
        let file = house.put("inventory/b.csv");
        house.asked(1, "a folder was made anew, with a file in it").await;
        house.taken(&file).await;
        house.put("inventory/c.csv");
        house.asked(1, "a file arrived in a folder that was made anew").await;
        house.ends().await;
    }
}
