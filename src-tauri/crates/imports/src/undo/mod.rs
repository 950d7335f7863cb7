//! Undo: takes an import back in one transaction, while nothing later rests on it. What it created goes, what it changed
//! becomes as it was. An import cut short by a crash is undone the same way: what it had committed goes.

mod created;
mod restored;

use chrono::{DateTime, Utc};
use presell_catalog::claims;
use presell_store::{Db, Tx, within};

use crate::journal::mark_dirty;
use crate::request::{ImportError, Undone};

/// What undoing touches.
#[derive(Default)]
struct Trail {
    lines: Vec<i64>,
    products: Vec<i64>,
    removed: u64,
    restored: u64,
}

/// Undoes an import. `now` comes from the database's clock.
///
/// # Errors
/// [`ImportError::Unknown`], [`ImportError::AlreadyUndone`], and [`ImportError::Touched`] where a later import, a person
/// or a job changed what it wrote, or rests on it. Nothing is changed then.
pub async fn undo(db: &Db, id: i64, actor: &str, now: DateTime<Utc>) -> Result<Undone, ImportError> {
    let mut tx = db.begin_in_turn().await?;
    let undone = undo_in(&mut tx, id, actor, now).await?;
    tx.commit().await?;
    Ok(undone)
}

/// Undoes an import inside the caller's transaction, which took its turn. On an error the caller must roll back.
///
/// # Errors
/// As [`undo`].
pub async fn undo_in(tx: &mut Tx, id: i64, actor: &str, now: DateTime<Utc>) -> Result<Undone, ImportError> {
    let sql = "SELECT state, file_name FROM import WHERE id = $1";
    let import: Option<(String, String)> =
        within!(&mut *tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?;
    let (state, file) = import.ok_or(ImportError::Unknown(id))?;
    if state == "undone" {
        return Err(ImportError::AlreadyUndone(id));
    }
    let mut trail = Trail::default();
    created::refuse_if_touched(tx, id).await?;
    restored::restore(tx, id, &mut trail).await?;
    created::remove(tx, id, &mut trail).await?;
    for keys in [&mut trail.lines, &mut trail.products] {
        keys.sort_unstable();
        keys.dedup();
    }
    claims::settle(tx, &trail.lines).await?;
    mark_dirty(tx, &trail.products).await?;
    close(tx, id, &file, &state, actor, now).await?;
    Ok(Undone { import_id: id, removed: trail.removed, restored: trail.restored })
}

async fn close(
    tx: &mut Tx,
    id: i64,
    file: &str,
    state: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), ImportError> {
    let at = now.timestamp_millis();
    let sql = "UPDATE import SET state = 'undone', undone_at = $1 WHERE id = $2";
    within!(&mut *tx, c => sqlx::query(sql).bind(at).bind(id).execute(c).await.map(|_| ()))?;
    let sql = "INSERT INTO audit (at, actor, action, subject, before, after) VALUES ($1, $2, 'import.undo', $3, $4, 'undone')";
    let subject = format!("import {id} ({file})");
    within!(tx, c => sqlx::query(sql).bind(at).bind(actor).bind(subject).bind(state).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// That a row was changed after the import.
fn touched(id: i64, what: &str, by: i64) -> ImportError {
    let because = match by {
        0 => format!("{what} was changed later by a person or a job"),
        by => format!("{what} was changed later by import {by}"),
    };
    ImportError::Touched { id, because }
}
