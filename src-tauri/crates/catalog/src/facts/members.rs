//! The members of the two lists.

use chrono::NaiveDate;
use presell_store::{Result, StoreError, Tx, within};

use super::Reach;
use crate::rules::{Class, Member};
use crate::stores::Store;

/// Members with their products, ascending by product.
pub(crate) async fn members(tx: &mut Tx, store: &Store, reach: Reach) -> Result<Vec<(i64, Member)>> {
    let sql = match reach {
        Reach::Everything => {
            "SELECT product_id, category, line_id, promise_date, cap FROM member WHERE store_id = $1 ORDER BY product_id"
        }
        Reach::Scope => {
            "SELECT m.product_id, m.category, m.line_id, m.promise_date, m.cap FROM scope s
             CROSS JOIN member m WHERE m.store_id = $1 AND m.product_id = s.product_id ORDER BY m.product_id"
        }
    };
    let rows: Vec<(i64, String, i64, NaiveDate, i64)> =
        within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(product, class, line, promise_date, cap)| {
            let class: Class = class.parse().map_err(|e| StoreError::Sql(sqlx::Error::Decode(Box::new(e))))?;
            Ok((product, Member { class, line, promise_date, cap }))
        })
        .collect()
}

/// How many products the store lists.
pub(crate) async fn count_members(tx: &mut Tx, store: &Store) -> Result<u64> {
    let sql = "SELECT count(*) FROM member WHERE store_id = $1";
    let (n,): (i64,) = within!(tx, c => sqlx::query_as(sql).bind(store.id).fetch_one(c).await)?;
    Ok(n.unsigned_abs())
}
