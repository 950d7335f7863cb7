//! Who changed what, and when: the audit as people read it.

use presell_jobs::DEFINITIONS;
use presell_store::{At, Tx, instant, on, within};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{App, Result, ValueChanged, health};

/// Shown at once unless more are asked for, and at most.
const SHOWN: i64 = 50;
const MOST: i64 = 500;
/// Words of a search that count.
const WORDS: usize = 8;
/// Where a search looks.
const TEXT: &str =
    "lower(actor || ' ' || action || ' ' || subject || ' ' || COALESCE(before, '') || ' ' || COALESCE(after, ''))";

/// Key, moment, actor, action, subject, before, after.
type Row = (i64, i64, String, String, String, Option<String>, Option<String>);

/// Which changes to list.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ListChanges {
    /// Words to find in who, what, and the values; all must be there.
    pub search: Option<String>,
    /// Only changes older than this one, for the next page.
    pub before: Option<i64>,
    /// At most so many; none: 50.
    pub limit: Option<i64>,
}

/// A page of changes.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangePage {
    /// The newest first.
    pub changes: Vec<ChangeView>,
    /// All that match, on this page or not.
    pub total: i64,
}

/// One change.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// Its key.
    pub id: i64,
    /// When.
    pub at: At,
    /// Who.
    pub actor: String,
    /// What was done, as programs know it, e.g. `settings.set`.
    pub action: String,
    /// The same in words.
    pub words: String,
    /// What it was done to.
    pub subject: String,
    /// Old and new, value by value.
    pub values: Vec<ValueChanged>,
}

/// One page of changes, the newest first.
pub async fn list_changes(app: &App, args: ListChanges) -> Result<ChangePage> {
    // Marks of LIKE in what somebody typed would mean something else than they look like.
    let typed = args.search.unwrap_or_default().to_lowercase().replace(['%', '_'], " ");
    let words: Vec<&str> = typed.split_whitespace().take(WORDS).collect();
    let found: String = (0..words.len()).map(|n| format!(" AND {TEXT} LIKE '%' || ${} || '%'", n + 3)).collect();
    let (before, limit) = (args.before.unwrap_or(i64::MAX), args.limit.unwrap_or(SHOWN).clamp(1, MOST));
    let page = format!(
        "SELECT id, at, actor, action, subject, before, after FROM audit WHERE id < $1{found} ORDER BY id DESC LIMIT $2"
    );
    let count = format!("SELECT count(*) FROM audit WHERE id < $1 AND $2 > 0{found}");
    let rows: Vec<Row> = on!(&app.db, p => {
        let query = sqlx::query_as(sqlx::AssertSqlSafe(page)).bind(before).bind(limit);
        words.iter().fold(query, |query, word| query.bind(*word)).fetch_all(p).await
    })?;
    let (total,): (i64,) = on!(&app.db, p => {
        let query = sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(i64::MAX).bind(limit);
        words.iter().fold(query, |query, word| query.bind(*word)).fetch_one(p).await
    })?;
    Ok(ChangePage { changes: rows.into_iter().map(view).collect(), total })
}

fn view((id, at, actor, action, subject, before, after): Row) -> ChangeView {
    let (words, subject) = (said(&action), named(&subject));
    ChangeView { id, at: At::from(at), actor, words, subject, values: values(before, after), action }
}

/// What was done, in words; what nobody put into words is shown as it is.
fn said(action: &str) -> String {
    match action {
        "settings.set" => "changed a setting",
        "store.add" => "added a store",
        "store.facilities" => "changed the facilities of a store",
        "product.exclude" => "kept a product out, or let it in",
        "import.undo" => "took an import back",
        "samples.add" => "added sample data",
        "samples.remove" => "removed sample data",
        "database.backup" => "made a backup",
        "data.location" => "chose where the data lives",
        "first start" => "finished the first start",
        "save schedule" => "set up a job",
        "switch on schedule" => "switched on a job",
        "switch off schedule" => "switched off a job",
        "switch on schedule again" => "undid switching off a job",
        "pause schedule" => "paused a job",
        "resume schedule" => "resumed a job",
        "skip one run" => "skipped one run",
        other => other,
    }
    .to_owned()
}

/// A schedule is named by its job's label.
fn named(subject: &str) -> String {
    let id = subject.split(' ').next().unwrap_or_default();
    DEFINITIONS
        .iter()
        .find(|job| job.id == id)
        .map_or_else(|| subject.to_owned(), |job| format!("{} ({id})", job.label))
}

/// Two texts, or two objects field by field.
fn values(before: Option<String>, after: Option<String>) -> Vec<ValueChanged> {
    let object = |text: &Option<String>| {
        text.as_deref().and_then(|t| serde_json::from_str::<Value>(t).ok()?.as_object().cloned())
    };
    match (object(&before), object(&after)) {
        (Some(old), Some(new)) => {
            let changed = |name: &&String| old.get(*name) != new.get(*name) && *name != "version";
            let value = |name: &String| ValueChanged {
                field: words_of(name),
                before: shown(name, old.get(name)),
                after: shown(name, new.get(name)),
            };
            new.keys().filter(changed).map(value).collect()
        }
        (None, Some(_)) => Vec::new(),
        _ => {
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            if before == after { Vec::new() } else { vec![ValueChanged { field: String::new(), before, after }] }
        }
    }
}

/// What a field of a schedule is called; any other by its own name.
fn words_of(field: &str) -> String {
    match field {
        "nextDueAt" => "next run",
        "anchorAt" => "first run",
        "everyMs" | "everyDays" => "step",
        "params" => "parameters",
        "jitterMs" => "spread",
        "catchUp" => "catch-up",
        "startDeadlineMs" => "may start late by",
        "maxAttempts" => "attempts",
        "timeoutMs" => "time-out",
        "keepRuns" => "runs kept",
        "keepDays" => "days kept",
        other => other,
    }
    .to_owned()
}

/// A value as people read it; instants and spans are kept as milliseconds.
fn shown(field: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(n)) if field.ends_with("At") => {
            n.as_i64().map_or_else(String::new, |at| instant(at).format("%Y-%m-%d %H:%M UTC").to_string())
        }
        Some(Value::Number(n)) if field.ends_with("Ms") => n.as_i64().map_or_else(String::new, health::words),
        Some(Value::Number(n)) if field == "everyDays" => format!("{n} days"),
        Some(other) => other.to_string(),
    }
}

/// Adds a row: who did what to what, and the values before and after.
pub(crate) async fn record(
    tx: &mut Tx,
    actor: &str,
    action: &str,
    subject: &str,
    before: &str,
    after: &str,
) -> Result<()> {
    let at = tx.now().await?.timestamp_millis();
    let sql = "INSERT INTO audit (at, actor, action, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6)";
    within!(tx, c => sqlx::query(sql).bind(at).bind(actor).bind(action).bind(subject).bind(before).bind(after)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}
