//! Rows that an import created: whether something later rests on them, and their removal.

use presell_store::{Result, Tx, within};

use super::{Trail, touched};
use crate::request::ImportError;

/// What the import created and somebody else wrote to, or hung something on: what it is, and who did it.
const TOUCHED: &[&str] = &[
    "SELECT 'line ' || l.line_no || ' of ' || o.code, l.touched_by FROM po_line l JOIN purchase_order o ON o.id = l.po_id
     WHERE l.created_by = $1 AND l.touched_by <> $1 LIMIT 1",
    "SELECT 'line ' || l.line_no || ' of ' || o.code, l.created_by FROM po_line l JOIN purchase_order o ON o.id = l.po_id
     WHERE o.created_by = $1 AND l.created_by <> $1 LIMIT 1",
    "SELECT 'purchase order ' || code, touched_by FROM purchase_order WHERE created_by = $1 AND touched_by <> $1 LIMIT 1",
    "SELECT 'line ' || l.line_no || ' of ' || o.code, r.created_by FROM receipt r JOIN po_line l ON l.id = r.line_id
     JOIN purchase_order o ON o.id = l.po_id WHERE l.created_by = $1 AND r.created_by <> $1 LIMIT 1",
    "SELECT 'line ' || l.line_no || ' of ' || o.code, a.created_by FROM allocation a JOIN po_line l ON l.id = a.line_id
     JOIN purchase_order o ON o.id = l.po_id WHERE l.created_by = $1 AND a.created_by <> $1 LIMIT 1",
    "SELECT 'item ' || item_seq || ' of order ' || order_code, touched_by FROM order_item
     WHERE created_by = $1 AND touched_by <> $1 LIMIT 1",
    "SELECT 'item ' || i.item_seq || ' of order ' || i.order_code, a.created_by FROM allocation a
     JOIN order_item i ON i.id = a.item_id WHERE i.created_by = $1 AND a.created_by <> $1 LIMIT 1",
    "SELECT 'the stock of ' || p.sku || ' at ' || f.code, s.touched_by FROM stock s JOIN product p ON p.id = s.product_id
     JOIN facility f ON f.id = s.facility_id WHERE s.created_by = $1 AND s.touched_by <> $1 LIMIT 1",
];

/// Refuses where something later rests on what the import created.
pub(super) async fn refuse_if_touched(tx: &mut Tx, id: i64) -> std::result::Result<(), ImportError> {
    for sql in TOUCHED {
        let found: Option<(String, i64)> = within!(tx, c => sqlx::query_as(*sql).bind(id).fetch_optional(c).await)?;
        if let Some((what, by)) = found {
            return Err(touched(id, &what, by));
        }
    }
    Ok(())
}

/// Rows that go, those that others refer to last.
const REMOVED: &[&str] = &[
    "DELETE FROM receipt WHERE created_by = $1",
    "DELETE FROM allocation WHERE created_by = $1",
    "DELETE FROM order_item WHERE created_by = $1",
    "DELETE FROM po_line WHERE created_by = $1",
    "DELETE FROM purchase_order WHERE created_by = $1",
    "DELETE FROM stock WHERE created_by = $1",
];

/// Products that nothing refers to any more. One that a later file or person described stays.
const UNUSED: &str = "created_by = $1 AND touched_by = $1
    AND NOT EXISTS (SELECT 1 FROM po_line l WHERE l.product_id = product.id)
    AND NOT EXISTS (SELECT 1 FROM order_item i WHERE i.product_id = product.id)
    AND NOT EXISTS (SELECT 1 FROM stock s WHERE s.product_id = product.id)
    AND NOT EXISTS (SELECT 1 FROM member m WHERE m.product_id = product.id)";

/// Facilities that it added and nothing refers to any more.
const UNUSED_FACILITY: &str = "SELECT f.id FROM import_before b JOIN facility f ON f.id = CAST(b.entity_key AS BIGINT)
    WHERE b.import_id = $1 AND b.entity = 'new_facility'
    AND NOT EXISTS (SELECT 1 FROM po_line l WHERE l.facility_id = f.id)
    AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.facility_id = f.id)
    AND NOT EXISTS (SELECT 1 FROM stock s WHERE s.facility_id = f.id)";

/// Removes what the import created, and notes the products that it was about.
pub(super) async fn remove(tx: &mut Tx, id: i64, trail: &mut Trail) -> Result<()> {
    let sql = "SELECT product_id FROM po_line WHERE created_by = $1 UNION SELECT product_id FROM stock WHERE created_by = $1
               UNION SELECT product_id FROM order_item WHERE created_by = $1
               UNION SELECT r.product_id FROM product_rule r JOIN product p ON p.id = r.product_id WHERE p.created_by = $1";
    let products: Vec<(i64,)> = within!(tx, c => sqlx::query_as(sql).bind(id).fetch_all(c).await)?;
    trail.products.extend(products.into_iter().map(|(product,)| product));
    for sql in REMOVED {
        trail.removed += execute(tx, (*sql).to_owned(), id).await?;
    }
    let unused =
        |table: &str| format!("DELETE FROM {table} WHERE product_id IN (SELECT id FROM product WHERE {UNUSED})");
    for table in ["product_identifier", "product_rule"] {
        execute(tx, unused(table), id).await?;
    }
    trail.removed += execute(tx, format!("DELETE FROM product WHERE {UNUSED}"), id).await?;
    let facilities: Vec<(i64,)> = within!(tx, c => sqlx::query_as(UNUSED_FACILITY).bind(id).fetch_all(c).await)?;
    for (facility,) in facilities {
        execute(tx, "DELETE FROM store_facility WHERE facility_id = $1".to_owned(), facility).await?;
        trail.removed += execute(tx, "DELETE FROM facility WHERE id = $1".to_owned(), facility).await?;
    }
    Ok(())
}

async fn execute(tx: &mut Tx, sql: String, key: i64) -> Result<u64> {
    let sql = sqlx::AssertSqlSafe(sql);
    Ok(match tx {
        Tx::Sqlite(t) => sqlx::query(sql).bind(key).execute(&mut **t).await?.rows_affected(),
        Tx::Postgres(t) => sqlx::query(sql).bind(key).execute(&mut **t).await?.rows_affected(),
    })
}
