//! Stock records as the database knows them, and how they are replaced.

use presell_store::{Cell, Result, Tx};
use serde::{Deserialize, Serialize};

/// A known record. Kept as JSON with an import that changes it, so that undo can put it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownStock {
    pub(crate) product: i64,
    pub(crate) facility: i64,
    pub(crate) location: String,
    pub(crate) atp: i64,
    pub(crate) as_of: i64,
    pub(crate) touched_by: i64,
}

impl From<(i64, i64, String, i64, i64, i64)> for KnownStock {
    fn from((product, facility, location, atp, as_of, touched_by): (i64, i64, String, i64, i64, i64)) -> KnownStock {
        KnownStock { product, facility, location, atp, as_of, touched_by }
    }
}

impl KnownStock {
    /// Names the record in the undo record.
    pub(super) fn key(&self) -> String {
        format!("{} {} {}", self.product, self.facility, self.location)
    }
}

/// The columns of a record, in the order of its cells.
pub(super) const COLUMNS: &[&str] =
    &["product_id", "facility_id", "location", "atp", "as_of", "created_by", "touched_by"];

/// Gives known records new pieces, time and import; who created them stays.
pub(super) async fn replace(tx: &mut Tx, cells: &[Cell<'_>]) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    stage(tx, cells).await?;
    replace_staged(tx).await
}

/// Puts records into the temporary table `new_stock`, seven cells each.
pub(crate) async fn stage(tx: &mut Tx, cells: &[Cell<'_>]) -> Result<()> {
    let columns = "product_id BIGINT, facility_id BIGINT, location TEXT, atp BIGINT, as_of BIGINT, created_by BIGINT, touched_by BIGINT";
    tx.staging("new_stock", columns).await?;
    tx.insert_many("new_stock", COLUMNS, cells).await
}

/// Replaces known records by those in `new_stock`.
pub(crate) async fn replace_staged(tx: &mut Tx) -> Result<()> {
    tx.run(
        "INSERT INTO stock (product_id, facility_id, location, atp, as_of, created_by, touched_by)
            SELECT product_id, facility_id, location, atp, as_of, created_by, touched_by FROM new_stock WHERE true
            ON CONFLICT (product_id, facility_id, location)
            DO UPDATE SET atp = excluded.atp, as_of = excluded.as_of, touched_by = excluded.touched_by",
    )
    .await?;
    Ok(())
}
