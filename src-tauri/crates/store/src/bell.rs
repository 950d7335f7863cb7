//! A bell between processes on one database: who changes something others wait for rings, so that nobody need poll.
//! On PostgreSQL it is NOTIFY; beside a SQLite file lies a file that is touched. A lost ring is no harm: everybody also looks
//! from time to time.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use sqlx::SqlitePool;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;

use crate::{Db, Result};

const CHANNEL: &str = "presell";
/// Where a bell is only tried: nobody else listens there, so nobody takes it for a change.
const TRIAL: &str = "presell_trial";

/// Between two looks at the file where it cannot be watched, and between two tries to reach the server.
const PAUSE: Duration = Duration::from_secs(1);

/// Hears the bell.
#[derive(Debug)]
pub struct Bell(Kind);

#[derive(Debug)]
enum Kind {
    Server(PgListener),
    Watched {
        heard: Arc<Notify>,
        _watcher: RecommendedWatcher,
    },
    Unwatched {
        file: PathBuf,
        seen: Option<SystemTime>,
    },
    /// A database in memory has no other processes.
    Silent,
}

impl Db {
    /// Rings, after the change was committed. Cheap; a caller may ignore the error, since others look from time to time.
    pub async fn ring(&self) -> Result<()> {
        self.ring_at(CHANNEL).await
    }

    /// Begins to listen. A connection that breaks is made anew, and counts as one ring, since some may have been missed.
    pub async fn listen(&self) -> Result<Bell> {
        self.listen_at(CHANNEL).await
    }

    /// Rings and listens where nobody else does; whether the ring was heard within `patience`.
    pub async fn try_bell(&self, patience: Duration) -> Result<bool> {
        let mut bell = self.listen_at(TRIAL).await?;
        self.ring_at(TRIAL).await?;
        Ok(tokio::time::timeout(patience, bell.rung()).await.is_ok())
    }

    async fn ring_at(&self, channel: &str) -> Result<()> {
        match self {
            Db::Sqlite(pool) => {
                if let Some(file) = file(pool, channel) {
                    touch(&file).map_err(sqlx::Error::Io)?;
                }
            }
            Db::Postgres(pool) => {
                sqlx::query("SELECT pg_notify($1, '')").bind(channel).execute(pool).await?;
            }
        }
        Ok(())
    }

    async fn listen_at(&self, channel: &str) -> Result<Bell> {
        Ok(Bell(match self {
            Db::Sqlite(pool) => match file(pool, channel) {
                Some(file) => watch(file).map_err(sqlx::Error::Io)?,
                None => Kind::Silent,
            },
            Db::Postgres(pool) => {
                // A connection of its own: it stays open, and the others are for work.
                let options = pool.connect_options().as_ref().clone();
                let own = PgPoolOptions::new()
                    .max_connections(1)
                    .max_lifetime(None)
                    .idle_timeout(None)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_lazy_with(options);
                let mut listener = PgListener::connect_with(&own).await?;
                listener.eager_reconnect(false);
                listener.listen(channel).await?;
                Kind::Server(listener)
            }
        }))
    }
}

impl Bell {
    /// Waits until somebody has rung since the last call; several rings may count as one.
    pub async fn rung(&mut self) {
        match &mut self.0 {
            // Whatever came of it, it is worth a look: a ring, or a connection that was lost.
            Kind::Server(listener) => {
                if listener.try_recv().await.is_err() {
                    tokio::time::sleep(PAUSE).await;
                }
            }
            Kind::Watched { heard, .. } => heard.notified().await,
            Kind::Unwatched { file, seen } => loop {
                tokio::time::sleep(PAUSE).await;
                let now = modified(file);
                if now != *seen {
                    *seen = now;
                    return;
                }
            },
            Kind::Silent => std::future::pending().await,
        }
    }
}

/// The bell of a SQLite file.
fn file(pool: &SqlitePool, channel: &str) -> Option<PathBuf> {
    let options = pool.connect_options();
    let database = options.get_filename();
    if !database.is_file() {
        return None;
    }
    let mut name = database.as_os_str().to_owned();
    name.push(if channel == TRIAL { "-bell-trial" } else { "-bell" });
    Some(PathBuf::from(name))
}

fn touch(file: &Path) -> std::io::Result<()> {
    File::create(file)?.write_all(b"!")
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|m| m.modified()).ok()
}

/// Only the bell is watched, not its folder: the database beside it changes all the time.
fn watch(file: PathBuf) -> std::io::Result<Kind> {
    if !file.exists() {
        touch(&file)?;
    }
    let heard = Arc::new(Notify::new());
    let tell = heard.clone();
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading the file, or closing it, is no ring.
        if !event.is_ok_and(|e| e.kind.is_access()) {
            tell.notify_one();
        }
    });
    let watching = watcher.and_then(|mut watcher| {
        watcher.watch(&file, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    });
    Ok(match watching {
        Ok(watcher) => Kind::Watched { heard, _watcher: watcher },
        Err(error) => {
            tracing::warn!(%error, "the bell cannot be watched; looking at it every second");
            let seen = modified(&file);
            Kind::Unwatched { file, seen }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn within_seconds(bell: &mut Bell, seconds: u64) -> bool {
        tokio::time::timeout(Duration::from_secs(seconds), bell.rung()).await.is_ok()
    }

    crate::db_test! {
        async fn a_ring_is_heard_by_all_who_listen(db: Db) {
            let (mut one, mut two) = (db.listen().await.unwrap(), db.listen().await.unwrap());
            db.ring().await.unwrap();
            assert!(within_seconds(&mut one, 5).await, "the first listener must hear the ring");
            assert!(within_seconds(&mut two, 5).await, "the second listener must hear it too");
            while tokio::time::timeout(Duration::from_millis(200), one.rung()).await.is_ok() {}
            db.ring().await.unwrap();
            assert!(within_seconds(&mut one, 5).await, "a later ring must be heard as well");
        }
    }

    crate::db_test! {
        async fn a_bell_that_is_tried_is_no_change(db: Db) {
            let mut bell = db.listen().await.unwrap();
            assert!(db.try_bell(Duration::from_secs(5)).await.unwrap(), "a trial must be heard by who makes it");
            assert!(!within_seconds(&mut bell, 1).await, "nobody else may take a trial for a change");
        }
    }

    #[test]
    fn a_file_that_cannot_be_watched_is_looked_at() {
        crate::testing::run(crate::testing::Kind::Sqlite, |db: Db| async move {
            let Db::Sqlite(pool) = &db else { panic!("this test is about a file") };
            let file = file(pool, CHANNEL).unwrap();
            touch(&file).unwrap();
            let mut bell = Bell(Kind::Unwatched { seen: modified(&file), file });
            assert!(!within_seconds(&mut bell, 2).await, "nobody rang yet");
            db.ring().await.unwrap();
            assert!(within_seconds(&mut bell, 5).await, "the touched file must be noticed");
        });
    }

    #[test]
    fn a_connection_that_broke_counts_as_a_ring_and_hears_again() {
        crate::testing::run(crate::testing::Kind::Postgres, |db: Db| async move {
            let Db::Postgres(pool) = &db else { panic!("this test is about a server") };
            let mut bell = db.listen().await.unwrap();
            let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
            sqlx::query(others).execute(pool).await.unwrap();
            assert!(within_seconds(&mut bell, 5).await, "the break must count as a ring");
            // The next call makes the connection anew; rings may be lost until then, so it rings until heard.
            let ringing = async {
                loop {
                    let _ = db.ring().await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::select! {
                heard = within_seconds(&mut bell, 10) => assert!(heard, "the new connection must hear"),
                () = ringing => {}
            }
        });
    }
}
