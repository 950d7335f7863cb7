//! What every command works with: the database, the store, the clock and who is asking. No state of its own beside them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use presell_catalog::stores::{self, Store};
use presell_store::{Address, Db};

use crate::Result;

/// An open Presell.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Where it is. Its text never shows a password.
    pub address: Address,
    /// Code of the store that commands work for.
    pub store: String,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Who is asking; written into every record of a change.
    pub actor: String,
}

/// Where `now` comes from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The database, so that a computer with a wrong time decides nothing wrongly.
    #[default]
    Database,
    /// A moment that stands still; exists for tests only.
    #[cfg(debug_assertions)]
    Fixed(DateTime<Utc>),
}

impl App {
    /// Opens the database (creating a file that does not exist yet) and the store `store`. The store `default` is
    /// created with the days of `zone` when it is asked for the first time; any other must exist.
    pub async fn open(address: Address, store: &str, zone: Tz, clock: Clock, actor: &str) -> Result<App> {
        let db = Db::open(&address).await?;
        let app = App { db, address, store: store.to_owned(), clock, actor: actor.to_owned() };
        stores::find_or_create(&app.db, store, zone, app.now().await?).await?;
        Ok(app)
    }

    /// Now, in UTC, by the clock of this app.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        match self.clock {
            Clock::Database => Ok(self.db.now().await?),
            #[cfg(debug_assertions)]
            Clock::Fixed(now) => Ok(now),
        }
    }

    /// The store that commands work for, as it is now.
    pub async fn store(&self) -> Result<Store> {
        let mut tx = self.db.begin_read().await?;
        let store = stores::find(&mut tx, &self.store).await;
        tx.rollback().await?;
        Ok(store?)
    }
}
