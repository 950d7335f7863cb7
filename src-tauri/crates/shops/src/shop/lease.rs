//! One at a time works on a shop: what two would write could contradict each other.

use std::sync::LazyLock;
use std::time::Duration;

use presell_store::{Db, Result, StoreError, Tx, on, text, within};

/// The right to work on a shop, for as long as it is renewed. Who loses it finds out before the next write to the
/// database; operations are states, not steps, so that the successor's plan puts right what the last of ours did.
#[derive(Clone, Debug)]
pub struct Lease {
    shop: i64,
    fence: i64,
}

/// How long a lease is trusted without being renewed: longer than the longest request to a shop takes, with its time-out.
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

impl Lease {
    /// How often it is renewed while something takes long.
    pub fn beat() -> Duration {
        *LENGTH / 4
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
        let taken: Option<(i64,)> =
            on!(db, p => sqlx::query_as(sql).bind(shop).bind(run).bind(millis()).fetch_optional(p).await)?;
        Ok(taken.map(|(fence,)| Lease { shop, fence }))
    }

    /// Keeps it for another while, inside the transaction that writes on its strength.
    ///
    /// # Errors
    /// [`StoreError::Replaced`]: somebody else has it.
    pub async fn hold(&self, tx: &mut Tx) -> Result<()> {
        let sql = text!(tx, "UPDATE shop SET lease_until = ", NOW, " + $3 WHERE id = $1 AND fence = $2");
        let held = within!(tx, c => sqlx::query(sql).bind(self.shop).bind(self.fence).bind(millis()).execute(c).await
            .map(|done| done.rows_affected()))?;
        if held == 1 { Ok(()) } else { Err(StoreError::Replaced) }
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
