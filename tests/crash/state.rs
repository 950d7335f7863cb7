//! What a database holds, read by SQL as one moment, and the rules that must hold at every moment.

use std::collections::HashMap;

use presell_store::{Address, Db, Tx, within};

use crate::data::Orders;
use crate::support::Presell;

/// Opens the database as the app does, and reads one moment of it. The file must be sound.
pub(crate) fn look<T>(address: &str, read: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address: Address = address.parse().unwrap();
        let db = Db::open(&address).await.unwrap_or_else(|e| panic!("the database opens at any time: {e}"));
        let mut tx = db.begin_read().await.unwrap();
        let seen = read(&mut tx).await;
        tx.rollback().await.unwrap();
        if let Db::Sqlite(pool) = &db {
            sound(pool, "PRAGMA quick_check").await;
        }
        db.close().await;
        seen
    })
}

/// The long test of the file, which also compares each index with its table.
pub(crate) fn sound_throughout(address: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Db::open(&address.parse().unwrap()).await.unwrap();
        if let Db::Sqlite(pool) = &db {
            sound(pool, "PRAGMA integrity_check").await;
        }
        db.close().await;
    });
}

async fn sound(pool: &sqlx::SqlitePool, pragma: &'static str) {
    let found: (String,) = sqlx::query_as(pragma).fetch_one(pool).await.unwrap();
    assert_eq!(found.0, "ok", "the database file is sound at any time");
}

async fn number(tx: &mut Tx, sql: &'static str) -> i64 {
    let (n,): (i64,) = within!(tx, c => sqlx::query_as(sql).fetch_one(c).await).unwrap();
    n
}

/// Each purchase order is absent or as one of the files has it; returns how many are there.
pub(crate) async fn whole_orders(tx: &mut Tx, files: &[&Orders]) -> usize {
    let sql = "SELECT o.code, COUNT(l.id), CAST(COALESCE(SUM(l.ordered), 0) AS BIGINT)
               FROM purchase_order o LEFT JOIN po_line l ON l.po_id = o.id GROUP BY o.code";
    let found: Vec<(String, i64, i64)> = within!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
    for (code, lines, pieces) in &found {
        let allowed: Vec<_> = files.iter().filter_map(|file| file.whole.get(code)).collect();
        assert!(
            allowed.contains(&&(*lines, *pieces)),
            "a purchase order is whole or absent: {code} has {lines} lines with {pieces} pieces, the files say {allowed:?}"
        );
    }
    let sql = "SELECT COUNT(*) FROM po_line l LEFT JOIN purchase_order o ON o.id = l.po_id
               LEFT JOIN product p ON p.id = l.product_id WHERE o.id IS NULL OR p.id IS NULL";
    assert_eq!(number(tx, sql).await, 0, "every line has its purchase order and its product");
    found.len()
}

/// Every product with a line is marked for the next refresh; holds until a refresh takes the marks away.
pub(crate) async fn marked(tx: &mut Tx) {
    let sql = "SELECT COUNT(*) FROM (SELECT product_id FROM po_line EXCEPT SELECT product_id FROM dirty) AS x";
    assert_eq!(number(tx, sql).await, 0, "a change and its mark for the next refresh come together");
}

/// Imports that began and did not end.
pub(crate) async fn cut_short(tx: &mut Tx) -> i64 {
    number(tx, "SELECT COUNT(*) FROM import WHERE state = 'applying'").await
}

/// The newest decision of a product says exactly what is listed; a product taken off, or never decided, is not listed.
pub(crate) async fn decided(tx: &mut Tx) {
    let sql = "WITH said AS (
        SELECT d.store_id, d.product_id, d.category, d.promise_date, d.po_code, d.line_no, d.cap FROM decision d
        JOIN (SELECT MAX(id) AS id FROM decision GROUP BY store_id, product_id) n ON n.id = d.id WHERE d.change <> 'REMOVE'),
      listed AS (
        SELECT m.store_id, m.product_id, m.category, m.promise_date, o.code, l.line_no, m.cap FROM member m
        LEFT JOIN po_line l ON l.id = m.line_id LEFT JOIN purchase_order o ON o.id = l.po_id)
      SELECT (SELECT COUNT(*) FROM (SELECT * FROM said EXCEPT SELECT * FROM listed) AS x)
           + (SELECT COUNT(*) FROM (SELECT * FROM listed EXCEPT SELECT * FROM said) AS y)";
    assert_eq!(number(tx, sql).await, 0, "a listing and the decision behind it come together");
}

/// Everything that is listed, by SKU.
pub(crate) async fn members(tx: &mut Tx) -> Vec<String> {
    let sql = "SELECT p.sku, m.category, CAST(m.promise_date AS TEXT), o.code, l.line_no, m.cap FROM member m
               JOIN product p ON p.id = m.product_id JOIN po_line l ON l.id = m.line_id JOIN purchase_order o ON o.id = l.po_id";
    let rows: Vec<(String, String, String, String, i64, i64)> =
        within!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
    let mut members: Vec<String> = rows
        .into_iter()
        .map(|(sku, list, day, po, line, cap)| format!("{sku} {list} {day} {po}/{line} {cap}"))
        .collect();
    members.sort_unstable();
    members
}

/// Two dumps are equal; if not, says where they first differ instead of printing both.
pub(crate) fn same(found: &[String], expected: &[String], rule: &str) {
    let first = found.iter().zip(expected).find(|(a, b)| a != b);
    assert!(
        found == expected,
        "{rule}: {} listed, expected {}; first difference {first:?}",
        found.len(),
        expected.len()
    );
}

/// After a refresh of what is marked, a look at everything finds nothing to do: no mark was lost.
pub(crate) fn settled(presell: &Presell) {
    presell.json(&["refresh", "--confirm"]);
    let dry = presell.json(&["refresh", "--full", "--dry-run"]);
    for change in ["added", "moved", "updated", "removed"] {
        assert_eq!(dry[change], 0, "after a refresh a full one finds nothing to change: {}", dry["changes"][0]);
    }
}

/// The self-test is content, but may name imports that were cut short. Returns whether it names some.
pub(crate) fn checked(presell: &Presell) -> bool {
    let output = presell.run(&["check", "--json"]);
    let health: serde_json::Value = serde_json::from_str(&output.stdout).expect("the self-test answers");
    let checks: HashMap<&str, bool> = health["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| (check["name"].as_str().unwrap(), check["ok"].as_bool().unwrap()))
        .collect();
    for (name, ok) in &checks {
        // The clock of these tests stands still, that of the database does not.
        assert!(*ok || ["imports", "clock"].contains(name), "the self-test finds nothing else wrong: {health}");
    }
    !checks["imports"]
}

mod what_the_rules_notice {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::support::journey;

    const FILE: &str = "po_id,line_no,sku,quantity,arrival_date,facility,is_new\n\
        PO,1,A,10,2026-12-24,EAST,Y\nPO,2,B,20,2026-12-24,EAST,Y\n";

    journey! {
        fn a_half_order_a_lost_mark_and_a_listing_without_its_decision(presell: Presell) {
            let file = Orders { path: presell.file("po.csv", FILE), whole: HashMap::from([("PO".to_owned(), (2, 30))]) };
            presell.json(&["import", "purchase-orders", &file.path]);
            // Breaks the database in a transaction that is rolled back, then asks the rules.
            let noticed = |sql: &'static str, marks: bool| {
                let look = || change_and_look(presell.database(), sql, async |tx| {
                    whole_orders(tx, &[&file]).await;
                    if marks {
                        marked(tx).await;
                    }
                    decided(tx).await;
                });
                catch_unwind(AssertUnwindSafe(look)).is_err()
            };
            assert!(!noticed("DELETE FROM audit", true), "a sound database breaks no rule");
            assert!(noticed("DELETE FROM po_line WHERE line_no = 2", true), "half an order is noticed");
            assert!(noticed("DELETE FROM dirty WHERE product_id = (SELECT MAX(id) FROM product)", true), "a lost mark is noticed");
            presell.json(&["refresh"]);
            assert!(!noticed("DELETE FROM audit", false), "nor does a refreshed one");
            assert!(noticed("UPDATE member SET cap = cap + 1", false), "a listing that differs from its decision is noticed");
            assert!(noticed("DELETE FROM member", false), "a decision without its listing is noticed");
            assert!(noticed("DELETE FROM decision", false), "a listing without its decision is noticed");
        }
    }

    fn change_and_look(address: &str, sql: &'static str, read: impl AsyncFnOnce(&mut Tx)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Db::open(&address.parse().unwrap()).await.unwrap();
            let mut tx = db.begin().await.unwrap();
            tx.run(sql).await.unwrap();
            read(&mut tx).await;
            tx.rollback().await.unwrap();
            db.close().await;
        });
    }
}
