//! One at a time works on a shop: what two would write could contradict each other.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use presell_store::{Db, Result, StoreError, Tx, on, text, within};

/// The right to work on a shop, for as long as it is renewed. Who loses it finds out before the next write to the database;
/// a shop knows no fence, so nothing is sent there either once the time may be over by our own clock.
#[derive(Clone, Debug)]
pub struct Lease {
    shop: i64,
    fence: i64,
    /// Until when it is surely ours, in steady time.
    until: Arc<Mutex<Duration>>,
}

/// How long a lease is trusted without being renewed; a quarter of it is what the longest request to a shop takes.
/// In builds for development a test may choose, so that it need not wait for a minute.
static LENGTH: LazyLock<Duration> = LazyLock::new(|| {
    #[cfg(debug_assertions)]
    if let Some(chosen) = std::env::var("PRESELL_TEST_LEASE").ok().and_then(|millis| millis.parse().ok()) {
        return Duration::from_millis(chosen);
    }
    Duration::from_secs(60)
});

fn millis() -> i64 {
    i64::try_from(LENGTH.as_millis()).unwrap_or(i64::MAX)
}

/// Time that never jumps, and goes on while the computer sleeps.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn steady() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // Of the two names the one that counts sleep: on Apple's systems that is the monotonic clock.
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(target_vendor = "apple")]
    let clock = ClockId::Monotonic;
    let now = clock_gettime(clock);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// Time that never jumps; on Windows it goes on while the computer sleeps.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn steady() -> Duration {
    static BEGIN: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

impl Lease {
    /// How often it is renewed while something takes long.
    pub fn beat() -> Duration {
        *LENGTH / 4
    }

    /// Whether it still lasts for as long as a request may take.
    pub fn lasts(&self) -> bool {
        steady() + Lease::beat() <= *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lease; none: somebody else works on the shop.
    pub async fn take(db: &Db, shop: i64, run: i64) -> Result<Option<Lease>> {
        let sql = text!(
            db,
            "UPDATE shop SET fence = fence + 1, lease_run = $2, lease_until = ",
            NOW,
            " + $3
            WHERE id = $1 AND (lease_until IS NULL OR lease_until <= ",
            NOW,
            ") RETURNING fence"
        );
        let asked = steady();
        let taken: Option<(i64,)> =
            on!(db, p => sqlx::query_as(sql).bind(shop).bind(run).bind(millis()).fetch_optional(p).await)?;
        Ok(taken.map(|(fence,)| Lease { shop, fence, until: Arc::new(Mutex::new(asked + *LENGTH)) }))
    }

    /// Keeps it for another while, inside the transaction that writes on its strength.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: somebody else has it.
    pub async fn hold(&self, tx: &mut Tx) -> Result<()> {
        let sql = text!(tx, "UPDATE shop SET lease_until = ", NOW, " + $3 WHERE id = $1 AND fence = $2");
        let asked = steady();
        let held = within!(tx, c => sqlx::query(sql).bind(self.shop).bind(self.fence).bind(millis()).execute(c).await
            .map(|done| done.rows_affected()))?;
        if held != 1 {
            return Err(StoreError::Replaced);
        }
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = asked + *LENGTH;
        Ok(())
    }

    /// Keeps it for another while.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: somebody else has it.
    pub async fn renew(&self, db: &Db) -> Result<()> {
        let mut tx = db.begin().await?;
        self.hold(&mut tx).await?;
        tx.commit().await
    }

    /// Gives it back.
    pub async fn give_back(self, db: &Db) -> Result<()> {
        let sql = "UPDATE shop SET lease_run = NULL, lease_until = NULL WHERE id = $1 AND fence = $2";
        on!(db, p => sqlx::query(sql).bind(self.shop).bind(self.fence).execute(p).await.map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use presell_store::db_test;

    use super::*;

    db_test! {
        async fn a_lease_lasts_while_it_is_renewed_and_no_longer(db: Db) {
            let sql = "INSERT INTO store (id, code, zone, created_at) VALUES (1, 'default', 'UTC', 0);
                INSERT INTO shop (id, store_id, name, platform, address, created_at, created_by, updated_at, updated_by)
                VALUES (1, 1, 'one', 'demo', '', 0, 'test', 0, 'test')";
            on!(&db, p => sqlx::raw_sql(sql).execute(p).await.map(|_| ())).unwrap();
            let lease = Lease::take(&db, 1, 7).await.unwrap().expect("nobody has it");
            assert!(lease.lasts(), "one just taken lasts");
            *lease.until.lock().unwrap() = steady() + Lease::beat() / 2;
            assert!(!lease.lasts(), "one that may end under a request does not, whatever the database says");
            lease.renew(&db).await.unwrap();
            assert!(lease.clone().lasts(), "renewed it does, for all who hold it");
        }
    }
}
