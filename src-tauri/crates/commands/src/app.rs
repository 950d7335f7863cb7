//! What every command works with: the database, the store, the clock and who is asking. No state of its own beside them.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use presell_catalog::stores::{self, Store};
use presell_jobs::Clock;
use presell_jobs::events::facts_changed;
use presell_store::{Address, Db};

use crate::{Desk, Machine, Result, Works};

/// An open Presell.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Where it is. Its text never shows a password.
    pub address: Address,
    /// Code of the store that commands work for; shared by all clones, since a window shows one store at a time.
    chosen: Arc<RwLock<String>>,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Who is asking; written into every record of a change.
    pub actor: String,
    /// The computer this is.
    pub machine: Machine,
    /// What this computer remembers for the person at it.
    pub desk: Desk,
    /// Work on files that goes on in this process.
    pub works: Works,
    /// The database was named for this start, not chosen in the settings.
    named: bool,
}

impl App {
    /// Opens the database (creating a file that does not exist yet) and the store `store`. The store `default` is
    /// created with the days of `zone` when it is asked for the first time; any other must exist.
    pub async fn open(address: Address, store: &str, zone: Tz, clock: Clock, actor: &str) -> Result<App> {
        let db = Db::open(&address).await?;
        let (machine, desk, works) = (Machine::default(), Desk::default(), Works::default());
        let chosen = Arc::new(RwLock::new(store.to_owned()));
        let app = App { db, address, chosen, clock, actor: actor.to_owned(), machine, desk, works, named: true };
        stores::find_or_create(&app.db, store, zone, app.now().await?).await?;
        Ok(app)
    }

    /// The same app, on this computer.
    #[must_use]
    pub fn on(self, machine: Machine) -> App {
        App { machine, ..self }
    }

    /// The same app, with what this computer remembers.
    #[must_use]
    pub fn at(self, desk: Desk) -> App {
        App { desk, ..self }
    }

    /// The same app, whose database was named for this start, or was not.
    #[must_use]
    pub(crate) fn named(self, named: bool) -> App {
        App { named, ..self }
    }

    /// The database was named for this start, not chosen in the settings.
    pub(crate) fn is_named(&self) -> bool {
        self.named
    }

    /// Code of the store that commands work for.
    pub fn store_code(&self) -> String {
        self.chosen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on commands work for this store, which must exist.
    pub(crate) fn choose(&self, code: &str) {
        code.clone_into(&mut self.chosen.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Now, in UTC, by the clock of this app.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        Ok(self.clock.now(&self.db).await?)
    }

    /// Tells everybody on this database that something changed. Who misses it looks from time to time.
    pub async fn changed(&self) {
        if let Err(error) = self.db.ring().await {
            tracing::debug!(%error, "nobody heard of a change");
        }
    }

    /// Stock, orders, products or rules changed: if the catalog refreshes by itself, it does so now. Says whether it does.
    pub(crate) async fn facts_changed(&self) -> Result<bool> {
        Ok(facts_changed(&self.db, &self.store().await?, &self.actor).await?)
    }

    /// Somebody at this process's terminal wants it to stop.
    pub(crate) async fn interrupted(&self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The store that commands work for, as it is now.
    pub async fn store(&self) -> Result<Store> {
        let mut tx = self.db.begin_read().await?;
        let store = stores::find(&mut tx, &self.store_code()).await;
        tx.rollback().await?;
        Ok(store?)
    }
}
