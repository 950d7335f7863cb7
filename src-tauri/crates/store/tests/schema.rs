//! Both databases reach the same logical schema, and a newer one is left alone.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

use std::collections::BTreeSet;

use presell_store::testing::{Kind, Place};
use presell_store::{Address, Cell, Db, StoreError, db_test, on, within};

/// `table.column` of every table of ours; types are compared through the statements that use them.
async fn columns(db: &Db) -> BTreeSet<String> {
    let sql = if db.is_postgres() {
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' required' ELSE '' END
         FROM information_schema.columns WHERE table_schema = 'public'"
    } else {
        "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" OR c.pk THEN ' required' ELSE '' END
         FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    };
    let rows: Vec<(String,)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await).unwrap();
    rows.into_iter().map(|r| r.0).filter(|c| !c.starts_with("sqlite_") && !c.starts_with("_sqlx")).collect()
}

async fn indexes(db: &Db) -> BTreeSet<String> {
    let sql = if db.is_postgres() {
        "SELECT tablename || '.' || indexname FROM pg_indexes WHERE schemaname = 'public'
         AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key'"
    } else {
        "SELECT tbl_name || '.' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    };
    let rows: Vec<(String,)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await).unwrap();
    rows.into_iter().map(|r| r.0).collect()
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (file, server) = (Place::new(Kind::Sqlite).await, Place::new(Kind::Postgres).await);
        let (a, b) = (Db::open(&file.address).await.unwrap(), Db::open(&server.address).await.unwrap());
        assert!(columns(&a).await.len() > 50, "the schema is there");
        assert_eq!(columns(&a).await, columns(&b).await, "a column exists, or is required, on one database only");
        assert_eq!(indexes(&a).await, indexes(&b).await, "an index exists on one database only");
        a.close().await;
        b.close().await;
        file.remove().await;
        server.remove().await;
    });
}

db_test! {
    async fn a_newer_schema_refuses_this_app_and_stays_untouched(db: Db) {
        let sql = "UPDATE _sqlx_migrations SET version = version + 1000";
        on!(&db, p => sqlx::query(sql).execute(p).await.map(|_| ())).unwrap();
        let address = address_of(&db).await;
        let error = Db::open(&address).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { .. }), "a newer schema must be refused by name: {error}");
        assert!(error.to_string().contains("newer Presell"), "the refusal says what to do: {error}");
    }
}

async fn address_of(db: &Db) -> Address {
    match db {
        Db::Sqlite(p) => Address::File(p.connect_options().get_filename().to_path_buf()),
        Db::Postgres(p) => {
            let (name,): (String,) = sqlx::query_as("SELECT current_database()::text").fetch_one(p).await.unwrap();
            let url = std::env::var("PRESELL_TEST_POSTGRES").unwrap();
            Address::Server(format!("{}/{name}", url.rsplit_once('/').unwrap().0))
        }
    }
}

db_test! {
    async fn many_rows_arrive_as_they_were_sent(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let texts = ["plain", "tab\there", "back\\slash", "line\nbreak", "é€😀", "\\N", "'quoted'", ""];
        let mut cells = Vec::new();
        for i in 0..3_000 {
            cells.extend([Cell::Text("V"), Cell::Int(i), Cell::Text(texts[i as usize % texts.len()])]);
        }
        tx.staging("incoming", "kind TEXT, n BIGINT, value TEXT").await.unwrap();
        tx.insert_many("incoming", &["kind", "n", "value"], &cells).await.unwrap();
        let sql = "SELECT n, value FROM incoming ORDER BY n";
        let rows: Vec<(i64, String)> = within!(&mut tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        assert_eq!(rows.len(), 3_000, "no row may be lost or doubled");
        for (n, value) in rows {
            assert_eq!(value, texts[n as usize % texts.len()], "a text must come back to the letter");
        }
    }
}

db_test! {
    async fn a_transaction_that_is_dropped_leaves_no_trace(db: Db) {
        let mut tx = db.begin().await.unwrap();
        tx.run("INSERT INTO facility (code) VALUES ('WH')").await.unwrap();
        tx.rollback().await.unwrap();
        let sql = "SELECT count(*) FROM facility";
        let (n,): (i64,) = on!(&db, p => sqlx::query_as(sql).fetch_one(p).await).unwrap();
        assert_eq!(n, 0, "what was not committed must not be there");
    }
}
