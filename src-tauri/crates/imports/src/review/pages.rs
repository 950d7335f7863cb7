//! Pages of a review: lines, filtered and searched, with what is wrong with each and what it changes.

use presell_store::{Db, Result, on};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Fate, FindingGroup, Review};
use crate::headers::Field;
use crate::problem::{Check, Problem, Severity};

/// Which lines of a review.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "ReviewFilter")]
pub struct LineFilter {
    /// Part of an order number or a SKU.
    pub search: String,
    /// Only this order.
    pub order: Option<String>,
    /// Only lines with this fate.
    pub fate: Option<Fate>,
    /// Only lines with a finding of this check.
    pub check: Option<Check>,
    /// Only lines that a person changed.
    pub adjusted: bool,
}

/// A page of lines.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ReviewLines")]
pub struct Lines {
    /// How many fit the filter.
    pub total: u64,
    /// This page, in the order of the file.
    pub lines: Vec<Line>,
}

/// One row of the file.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ReviewLine")]
pub struct Line {
    /// Row as a spreadsheet numbers it.
    pub row: u64,
    /// The order it belongs to.
    pub order: String,
    /// Its cells, one per field of the review.
    pub cells: Vec<String>,
    /// What the file says where a person changed it.
    pub was: Vec<(Field, String)>,
    /// What happens to it.
    pub fate: Fate,
    /// What is wrong or asks.
    pub problems: Vec<Problem>,
    /// Field, known value, value of the file.
    pub differences: Vec<(String, String, String)>,
}

/// A page of orders.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ReviewOrders")]
pub struct OrderGroups {
    /// How many fit.
    pub total: u64,
    /// This page, by order number.
    pub orders: Vec<OrderGroup>,
}

/// The lines of one order, summed up.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ReviewOrder")]
pub struct OrderGroup {
    /// Its number.
    pub order: String,
    /// Its rows.
    pub rows: u64,
    /// Those that ask.
    pub asks: u64,
    /// Those that are wrong.
    pub refused: u64,
    /// Those that change something known.
    pub changed: u64,
    /// Those that a person left out.
    pub left_out: u64,
}

/// $1 search, $2 order, $3 fate, $4 check, $5 adjusted.
const WHERE: &str = "FROM line l LEFT JOIN fate f ON f.row = l.row
    WHERE ($1 = '' OR l.po LIKE $1 ESCAPE '\\' OR l.sku LIKE $1 ESCAPE '\\') AND ($2 IS NULL OR l.po = $2)
    AND ($3 IS NULL OR COALESCE(f.fate, 0) = $3)
    AND ($4 IS NULL OR l.row IN (SELECT p.row FROM problem p WHERE p.code = $4 AND p.severity <> 'note'))
    AND ($5 = 0 OR l.was IS NOT NULL)";

impl Review {
    /// Lines in the order of the file.
    pub async fn lines(&self, filter: &LineFilter, limit: u32, offset: u64) -> Result<Lines> {
        let db = &self.db;
        let search = like(&filter.search);
        let fate = filter.fate.map(Fate::number);
        let check = filter.check.map(|check| word(&check));
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) {WHERE}"));
        let (total,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(&search).bind(&filter.order).bind(fate).bind(&check)
            .bind(i64::from(filter.adjusted)).fetch_one(p).await)?;
        type Row = (i64, String, String, Option<String>, i64);
        let sql = format!(
            "SELECT l.row, l.po, l.cells, l.was, COALESCE(f.fate, 0) {WHERE} ORDER BY l.row LIMIT $6 OFFSET $7"
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let rows: Vec<Row> = on!(db, p => sqlx::query_as(sql).bind(&search).bind(&filter.order).bind(fate).bind(&check)
            .bind(i64::from(filter.adjusted)).bind(i64::from(limit)).bind(offset).fetch_all(p).await)?;
        let mut lines = Vec::with_capacity(rows.len());
        for (row, order, cells, was, fate) in rows {
            lines.push(Line {
                row: row.unsigned_abs(),
                order,
                cells: serde_json::from_str(&cells).unwrap_or_default(),
                was: was.and_then(|was| serde_json::from_str(&was).ok()).unwrap_or_default(),
                fate: Fate::ALL.into_iter().find(|f| f.number() == fate).unwrap_or(Fate::New),
                problems: self.problems(row).await?,
                differences: self.differences(row).await?,
            });
        }
        Ok(Lines { total: total.unsigned_abs(), lines })
    }

    /// Orders whose number contains `search`, with sums.
    pub async fn orders(&self, search: &str, limit: u32, offset: u64) -> Result<OrderGroups> {
        let (db, search) = (&self.db, like(search));
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let sql = "SELECT count(DISTINCT po) FROM line WHERE $1 = '' OR po LIKE $1 ESCAPE '\\'";
        let (total,): (i64,) = on!(db, p => sqlx::query_as(sql).bind(&search).fetch_one(p).await)?;
        let sql = "SELECT l.po, count(*), sum(COALESCE(f.fate, 0) = 3), sum(COALESCE(f.fate, 0) = 4),
                   sum(COALESCE(f.fate, 0) = 1), sum(COALESCE(f.fate, 0) = 5)
                   FROM line l LEFT JOIN fate f ON f.row = l.row
                   WHERE $1 = '' OR l.po LIKE $1 ESCAPE '\\' GROUP BY l.po ORDER BY l.po LIMIT $2 OFFSET $3";
        let rows: Vec<(String, i64, i64, i64, i64, i64)> = on!(db, p => sqlx::query_as(sql).bind(&search)
            .bind(i64::from(limit)).bind(offset).fetch_all(p).await)?;
        let orders = rows.into_iter().map(|(order, rows, asks, refused, changed, left_out)| OrderGroup {
            order,
            rows: rows.unsigned_abs(),
            asks: asks.unsigned_abs(),
            refused: refused.unsigned_abs(),
            changed: changed.unsigned_abs(),
            left_out: left_out.unsigned_abs(),
        });
        Ok(OrderGroups { total: total.unsigned_abs(), orders: orders.collect() })
    }

    /// Rows that are wrong or wait, for a file of rejects: in the order of the file, with their reasons.
    pub async fn rejects(&self, limit: u32, offset: u64) -> Result<Vec<(u64, Vec<String>, String)>> {
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let sql = "SELECT l.row, l.cells, COALESCE((SELECT group_concat(p.message, ' ') FROM problem p
                   WHERE p.row = l.row AND p.severity <> 'note'), '')
                   FROM fate f JOIN line l ON l.row = f.row WHERE f.fate IN (3, 4) ORDER BY l.row LIMIT $1 OFFSET $2";
        let rows: Vec<(i64, String, String)> = on!(&self.db, p => sqlx::query_as(sql).bind(i64::from(limit)).bind(offset)
            .fetch_all(p).await)?;
        let read = |(row, cells, reason): (i64, String, String)| {
            (row.unsigned_abs(), serde_json::from_str(&cells).unwrap_or_default(), reason)
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Known lines that the file leaves out and that a confirmation would cancel.
    pub async fn left_aside(&self, limit: u32) -> Result<Vec<String>> {
        let sql = "SELECT subject FROM difference WHERE row IS NULL ORDER BY rowid LIMIT $1";
        let rows: Vec<(String,)> = on!(&self.db, p => sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(p).await)?;
        Ok(rows.into_iter().map(|(subject,)| subject).collect())
    }

    async fn problems(&self, row: i64) -> Result<Vec<Problem>> {
        type Row = (String, String, Option<String>, String, Option<String>);
        let sql = "SELECT code, severity, col, message, value FROM problem WHERE row = $1 ORDER BY rowid";
        let rows: Vec<Row> = on!(&self.db, p => sqlx::query_as(sql).bind(row).fetch_all(p).await)?;
        Ok(rows
            .into_iter()
            .filter_map(|(code, severity, column, message, value)| {
                let (code, severity) = (of_word::<Check>(&code)?, of_word::<Severity>(&severity)?);
                Some(Problem { row: Some(row.unsigned_abs()), column, code, severity, message, value })
            })
            .collect())
    }

    async fn differences(&self, row: i64) -> Result<Vec<(String, String, String)>> {
        let sql = "SELECT fields FROM difference WHERE row = $1 ORDER BY rowid";
        let rows: Vec<(String,)> = on!(&self.db, p => sqlx::query_as(sql).bind(row).fetch_all(p).await)?;
        let fields = rows.iter().filter_map(|(json,)| serde_json::from_str::<Vec<(String, String, String)>>(json).ok());
        Ok(fields.flatten().collect())
    }
}

pub(super) async fn groups(db: &Db) -> Result<Vec<FindingGroup>> {
    let sql = "SELECT code, severity, count(*), min(row IS NULL), min(message) FROM problem GROUP BY code, severity, row IS NULL";
    let rows: Vec<(String, String, i64, i64, String)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let mut groups: Vec<FindingGroup> = rows
        .into_iter()
        .filter_map(|(code, severity, count, about_file, example)| {
            Some(FindingGroup {
                check: of_word(&code)?,
                severity: of_word(&severity)?,
                count: count.unsigned_abs(),
                about_file: about_file != 0,
                example,
            })
        })
        .collect();
    groups.sort_by_key(|group| (group.severity, group.check, !group.about_file));
    Ok(groups)
}

pub(super) async fn fates(db: &Db) -> Result<Vec<(Fate, u64)>> {
    let sql = "SELECT fate, count(*) FROM fate WHERE row IN (SELECT row FROM line) GROUP BY fate";
    let rows: Vec<(i64, i64)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let (all,): (i64,) = on!(db, p => sqlx::query_as("SELECT count(*) FROM line").fetch_one(p).await)?;
    let other: i64 = rows.iter().map(|(_, count)| count).sum();
    let count = |fate: Fate| match fate {
        Fate::New => all - other,
        _ => rows.iter().find(|(number, _)| *number == fate.number()).map_or(0, |(_, count)| *count),
    };
    Ok(Fate::ALL.into_iter().map(|fate| (fate, count(fate).unsigned_abs())).collect())
}

/// A pattern that finds the text anywhere; empty for everything.
fn like(search: &str) -> String {
    let search = search.trim();
    if search.is_empty() {
        return String::new();
    }
    let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn of_word<T: for<'de> Deserialize<'de>>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
