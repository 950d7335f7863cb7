//! The database: one statement text for SQLite and PostgreSQL, migrations for both, and the database's clock.
//! Feature crates keep their own SQL beside their code; this crate knows no table but its own migrations.

mod bell;
mod bulk;
mod clock;
mod connect;
mod db;
mod error;
mod probe;
mod text;

#[cfg(feature = "testing")]
pub mod testing;

pub use bell::Bell;
pub use bulk::Cell;
pub use clock::{At, instant};
pub use connect::{Address, SCHEMA_VERSION, default_address};
pub use db::{Db, Tx};
pub use error::{Result, StoreError};
pub use probe::{Probe, Schema, probe, server_of};

/// Used by the macros of this crate; not meant to be named elsewhere.
#[doc(hidden)]
pub use sqlx;
