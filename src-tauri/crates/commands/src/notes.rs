//! What the database remembers beside the data: one JSON value a topic.

use presell_store::{Db, Tx, within};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// The value of a topic inside a transaction; none: nothing is remembered.
pub(crate) async fn read<T: DeserializeOwned>(tx: &mut Tx, topic: &str) -> Result<Option<T>> {
    let sql = "SELECT value FROM note WHERE topic = $1";
    let found: Option<(String,)> = within!(tx, c => sqlx::query_as(sql).bind(topic).fetch_optional(c).await)?;
    let read = |(text,): (String,)| {
        serde_json::from_str(&text)
            .map_err(|cause| Error::failed(format!("What was remembered of \"{topic}\" is not readable: {cause}.")))
    };
    found.map(read).transpose()
}

/// The value of a topic.
pub(crate) async fn look<T: DeserializeOwned>(db: &Db, topic: &str) -> Result<Option<T>> {
    let mut tx = db.begin_read().await?;
    let found = read(&mut tx, topic).await;
    tx.rollback().await?;
    found
}

/// Remembers a value; what was remembered before is forgotten.
pub(crate) async fn write(tx: &mut Tx, topic: &str, value: &impl Serialize, actor: &str) -> Result<()> {
    let at = tx.now().await?.timestamp_millis();
    let text = serde_json::to_string(value).map_err(|cause| Error::failed(cause.to_string()))?;
    let sql = "INSERT INTO note (topic, value, updated_at, updated_by) VALUES ($1, $2, $3, $4)
               ON CONFLICT (topic) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    within!(tx, c => sqlx::query(sql).bind(topic).bind(&text).bind(at).bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets a topic.
pub(crate) async fn forget(tx: &mut Tx, topic: &str) -> Result<()> {
    let sql = "DELETE FROM note WHERE topic = $1";
    within!(tx, c => sqlx::query(sql).bind(topic).execute(c).await.map(|_| ()))?;
    Ok(())
}
