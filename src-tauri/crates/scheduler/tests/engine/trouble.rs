//! A database that goes away comes back, and nothing is lost meanwhile.

use std::sync::Arc;

use presell_scheduler::engine::Event;
use presell_scheduler::{Done, RunState};
use presell_store::Db;
use presell_store::testing::{Kind, run as on_kind};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::sync::Notify;

use super::stage::*;
use crate::support::*;

/// A server as its administrator sees it: connections can be broken, and refused.
struct Server {
    admin: PgConnection,
    database: String,
}

impl Server {
    async fn of(db: &Db) -> Server {
        let Db::Postgres(pool) = db else { panic!("this is about a server") };
        let options = pool.connect_options();
        let database = options.get_database().unwrap().to_owned();
        let admin = options.as_ref().clone().database("postgres").connect().await.unwrap();
        Server { admin, database }
    }

    async fn refuse(&mut self, refuse: bool) {
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {}", self.database, !refuse);
        sqlx::query(AssertSqlSafe(sql)).execute(&mut self.admin).await.unwrap();
    }

    async fn break_all(&mut self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query(sql).bind(&self.database).execute(&mut self.admin).await.unwrap();
    }
}

/// A job that ends when the gate opens.
fn gated(gate: &Arc<Notify>) -> Jobs {
    let gate = gate.clone();
    Jobs::job("A", move |_| {
        let gate = gate.clone();
        async move {
            gate.notified().await;
            Ok(Done::default())
        }
    })
}

#[test]
fn while_the_database_is_away_work_goes_on_and_its_end_is_written_when_it_is_back() {
    on_kind(Kind::Postgres, |db: Db| async move {
        let store = store(&db).await;
        let gate = Arc::new(Notify::new());
        asked(&db, store, "A").await;
        let mut node = At::work(&db, &gated(&gate), options("one")).await;
        node.started("A").await;
        let mut server = Server::of(&db).await;
        server.refuse(true).await;
        server.break_all().await;
        node.engine.wake();
        node.told("the database is away", |event| matches!(event, Event::DatabaseAway { .. }).then_some(())).await;
        gate.notify_one();
        server.refuse(false).await;
        let (mut ended, mut back) = (None, false);
        node.told("the run ended and the database is back", |event| {
            match event {
                Event::Ended { state, .. } => ended = Some(state),
                Event::DatabaseBack => back = true,
                _ => {}
            }
            ended.filter(|_| back)
        })
        .await;
        assert_eq!(
            states(&db).await,
            [RunState::Finished],
            "complaint 17: the end is written although the database was away"
        );
        asked(&db, store, "A").await;
        gate.notify_one();
        db.ring().await.unwrap();
        assert_eq!(node.ended("A").await.1, RunState::Finished, "complaint 17: the node works on");
        server.admin.close().await.unwrap();
        node.engine.stop().await;
    });
}

#[test]
fn broken_connections_are_made_anew_and_the_bell_is_heard_again() {
    on_kind(Kind::Postgres, |db: Db| async move {
        let store = store(&db).await;
        let gate = Arc::new(Notify::new());
        let mut node = At::work(&db, &gated(&gate), options("one")).await;
        asked(&db, store, "A").await;
        gate.notify_one();
        node.engine.wake();
        node.ended("A").await;
        let mut server = Server::of(&db).await;
        server.break_all().await;
        // The break counts as a ring; whoever rings after it is heard by the new listener.
        node.told("a ring", |event| (event == Event::Changed).then_some(())).await;
        asked(&db, store, "A").await;
        gate.notify_one();
        let ringing = async {
            loop {
                let _ = db.ring().await;
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            (_, state) = node.ended("A") => assert_eq!(state, RunState::Finished, "complaint 18: a lost listener comes back"),
            () = ringing => {}
        }
        server.admin.close().await.unwrap();
        node.engine.stop().await;
    });
}
