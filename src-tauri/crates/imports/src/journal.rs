//! The record of each import: what file, what it did, what was wrong, and how its rows stood before.

use chrono::{DateTime, Utc};
use presell_store::{Cell, Db, Result, StoreError, Tx, instant, on, text, within};

use crate::problem::Problem;
use crate::request::{Import, Report, Request};

/// An import that is being applied.
pub(crate) struct Journal {
    pub(crate) id: i64,
    before: Vec<(&'static str, String, String)>,
}

impl Journal {
    /// Records that an import begins. It shows as cut short until [`Journal::finish`].
    pub(crate) async fn begin(db: &Db, request: &Request, sha256: &str, now: DateTime<Utc>) -> Result<Journal> {
        let sql = "INSERT INTO import (kind, file_name, sha256, state, actor, at) VALUES ($1, $2, $3, 'applying', $4, $5) RETURNING id";
        let name = request.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (id,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(request.kind.as_str()).bind(&name).bind(sha256)
            .bind(&request.actor).bind(now.timestamp_millis()).fetch_one(p).await)?;
        Ok(Journal { id, before: Vec::new() })
    }

    /// Keeps how a row stood, as JSON; written by [`Journal::write`] in the transaction that changes it.
    pub(crate) fn keep(&mut self, entity: &'static str, key: impl ToString, before: &impl serde::Serialize) {
        // What is kept are plain numbers and texts, which JSON can always say.
        let json = serde_json::to_string(before).unwrap_or_default();
        self.before.push((entity, key.to_string(), json));
    }

    /// Writes what was kept since the last call.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the import was undone meanwhile: it must not go on then.
    pub(crate) async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        let sql = "SELECT state FROM import WHERE id = $1";
        let (state,): (String,) = within!(tx, c => sqlx::query_as(sql).bind(self.id).fetch_one(c).await)?;
        if state != "applying" {
            return Err(StoreError::Conflict);
        }
        let mut cells = Vec::with_capacity(self.before.len() * 4);
        for (entity, key, before) in &self.before {
            cells.extend([Cell::Int(self.id), Cell::Text(entity), Cell::Text(key), Cell::Text(before)]);
        }
        tx.insert_many("import_before", &["import_id", "entity", "entity_key", "before"], &cells).await?;
        self.before.clear();
        Ok(())
    }

    /// Forgets an import that changed nothing: it was not made, and its file may come again without a question.
    /// Returns whether it was so.
    pub(crate) async fn discard(&self, db: &Db) -> Result<bool> {
        let mut tx = db.begin().await?;
        let sql = "DELETE FROM import WHERE id = $1 AND state = 'applying'
                   AND NOT EXISTS (SELECT 1 FROM import_before b WHERE b.import_id = $1)
                   AND NOT EXISTS (SELECT 1 FROM product p WHERE p.created_by = $1) RETURNING id";
        let gone: Option<(i64,)> = within!(&mut tx, c => sqlx::query_as(sql).bind(self.id).fetch_optional(c).await)?;
        tx.commit().await?;
        Ok(gone.is_some())
    }

    /// Records how the import ended, with all its findings.
    pub(crate) async fn finish(self, db: &Db, report: &Report, now: DateTime<Utc>) -> Result<()> {
        let mut tx = db.begin().await?;
        let sql =
            "UPDATE import SET state = 'done', rows = $1, accepted = $2, refused = $3, warnings = $4, created = $5,
                   changed = $6, unchanged = $7, finished_at = $8 WHERE id = $9";
        let n = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        within!(&mut tx, c => sqlx::query(sql).bind(n(report.rows)).bind(n(report.accepted)).bind(n(report.refused))
            .bind(n(report.warnings)).bind(n(report.changes.new)).bind(n(report.changes.changed))
            .bind(n(report.changes.unchanged)).bind(now.timestamp_millis()).bind(self.id).execute(c).await.map(|_| ()))?;
        problems(&mut tx, self.id, &report.problems).await?;
        // What earlier attempts at this file left undone is in now.
        let sql = "UPDATE import SET state = 'done', finished_at = $1 WHERE state = 'applying' AND id < $2
                   AND (kind, sha256) = (SELECT kind, sha256 FROM import WHERE id = $2)";
        within!(&mut tx, c => sqlx::query(sql).bind(now.timestamp_millis()).bind(self.id).execute(c).await.map(|_| ()))?;
        tx.commit().await
    }
}

async fn problems(tx: &mut Tx, import: i64, problems: &[Problem]) -> Result<()> {
    let words: Vec<(String, String)> = problems.iter().map(|p| (word(&p.code), word(&p.severity))).collect();
    let mut cells = Vec::with_capacity(problems.len() * 8);
    for (i, (p, (code, severity))) in problems.iter().zip(&words).enumerate() {
        cells.extend([
            Cell::Int(import),
            Cell::Int(i64::try_from(i).unwrap_or(i64::MAX)),
            p.row.and_then(|r| i64::try_from(r).ok()).into(),
            p.column.as_deref().into(),
            code.as_str().into(),
            severity.as_str().into(),
            p.message.as_str().into(),
            p.value.as_deref().into(),
        ]);
    }
    let columns = &["import_id", "seq", "row_no", "column_name", "code", "severity", "message", "value"];
    tx.insert_many("import_problem", columns, &cells).await
}

/// The word by which an enum is serialised.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An earlier finished import of the same bytes, if any: its key and when.
pub(crate) async fn same_file(db: &Db, kind: &str, sha256: &str) -> Result<Option<(i64, DateTime<Utc>)>> {
    let sql = "SELECT id, at FROM import WHERE sha256 = $1 AND kind = $2 AND state = 'done' ORDER BY id DESC LIMIT 1";
    let row: Option<(i64, i64)> = on!(db, p => sqlx::query_as(sql).bind(sha256).bind(kind).fetch_optional(p).await)?;
    Ok(row.map(|(id, at)| (id, instant(at))))
}

/// All imports, newest first.
pub async fn imports(db: &Db) -> Result<Vec<Import>> {
    let sql = "SELECT id, kind, file_name, state, rows, accepted, refused, created, changed, unchanged, actor, at
               FROM import ORDER BY id DESC";
    on!(db, p => sqlx::query_as(sql).fetch_all(p).await)
}

/// A page of what was wrong with the rows of an import, and how many findings there are.
pub async fn problems_of(db: &Db, import: i64, limit: u32, offset: u64) -> Result<(u64, Vec<Problem>)> {
    type Row = (Option<i64>, Option<String>, String, String, String, Option<String>);
    let sql = "SELECT count(*) FROM import_problem WHERE import_id = $1";
    let (total,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(import).fetch_one(p).await)?;
    let sql = "SELECT row_no, column_name, code, severity, message, value FROM import_problem WHERE import_id = $1
               ORDER BY seq LIMIT $2 OFFSET $3";
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    let rows: Vec<Row> =
        on!(db, p => sqlx::query_as(sql).bind(import).bind(i64::from(limit)).bind(offset).fetch_all(p).await)?;
    let problems = rows.into_iter().filter_map(|(row, column, code, severity, message, value)| {
        let row = row.map(i64::unsigned_abs);
        Some(Problem { row, column, code: of_word(&code)?, severity: of_word(&severity)?, message, value })
    });
    Ok((total.unsigned_abs(), problems.collect()))
}

fn of_word<T: for<'de> serde::Deserialize<'de>>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// Marks products for the next refresh of every store.
pub(crate) async fn mark_dirty(tx: &mut Tx, products: &[i64]) -> Result<()> {
    let (stores,): (i64,) = within!(tx, c => sqlx::query_as("SELECT count(*) FROM store").fetch_one(c).await)?;
    for chunk in products.chunks(5_000) {
        if stores == 1 {
            let (store,): (i64,) = within!(tx, c => sqlx::query_as("SELECT id FROM store").fetch_one(c).await)?;
            let cells: Vec<Cell<'_>> = chunk.iter().flat_map(|p| [Cell::Int(store), Cell::Int(*p)]).collect();
            tx.insert_many("dirty", &["store_id", "product_id"], &cells).await?;
        } else {
            let sql = text!(
                tx,
                "INSERT INTO dirty (store_id, product_id)
                SELECT s.id, p.id FROM store s CROSS JOIN product p WHERE p.id IN ",
                INTS
            );
            let ids = serde_json::json!(chunk).to_string();
            within!(tx, c => sqlx::query(sql).bind(ids).execute(c).await.map(|_| ()))?;
        }
    }
    Ok(())
}
