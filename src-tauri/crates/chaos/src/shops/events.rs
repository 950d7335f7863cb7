//! What happened, from two witnesses: the shop's journal of what was written there, and the database's of what was wanted
//! and confirmed, by triggers in the same transactions. Both run on this machine's clock.

use anyhow::Result;
use chrono::NaiveDate;
use presell_shops::model::Listing;
use presell_simulator::journal::Write;
use presell_store::{Db, on};
use sqlx::FromRow;

/// One change of what is wanted of a product, or of what is confirmed to be shown.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Wish {
    pub(super) sku: String,
    pub(super) at: i64,
    /// `item`: its item in the outbox changed. `shown`: what it shows was confirmed.
    pub(super) what: String,
    /// The state, or the class, before.
    pub(super) was: Option<String>,
    /// The state of the item.
    pub(super) state: String,
    pub(super) class: Option<String>,
    pub(super) promise_date: Option<NaiveDate>,
    pub(super) cap: Option<i64>,
}

impl Wish {
    /// What is wanted, or shown; none: not to be listed.
    pub(super) fn listing(&self) -> Option<Listing> {
        let class = self.class.as_deref()?.parse().ok()?;
        Some(Listing { class, promise_date: self.promise_date?, cap: self.cap? })
    }

    /// Whether it follows from what was written before.
    fn concludes(&self) -> bool {
        self.what == "shown" || self.was.as_deref() == Some("sent")
    }
}

/// All of them, in order.
pub(super) async fn wishes(db: &Db) -> Result<Vec<Wish>> {
    let sql = "SELECT p.sku, w.at, w.what, w.was, w.state, w.class, w.promise_date, w.cap
               FROM chaos_wish w JOIN product p ON p.id = w.product_id ORDER BY w.id";
    Ok(on!(db, p => sqlx::query_as(sql).fetch_all(p).await)?)
}

/// How runs of all jobs ended: state, reason, and how many.
pub(super) async fn ends(db: &Db) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT state, COALESCE(reason, ''), COUNT(*) FROM run GROUP BY 1, 2 ORDER BY 1, 2";
    let rows: Vec<(String, String, i64)> = on!(db, p => sqlx::query_as(sql).fetch_all(p).await)?;
    let told = |state: String, why: String| if why.is_empty() { state } else { format!("{state} ({why})") };
    Ok(rows.into_iter().map(|(state, why, count)| (told(state, why), count)).collect())
}

/// One event.
#[derive(Clone, Copy)]
pub(super) enum Event<'a> {
    Wish(&'a Wish),
    Write(&'a Write),
}

/// Both in the order of time. Within one millisecond what allows a write comes before it, what follows from it after it.
pub(super) fn merged<'a>(wishes: &'a [Wish], writes: &'a [Write]) -> Vec<Event<'a>> {
    let (mut wishes, mut writes) = (wishes.iter().peekable(), writes.iter().peekable());
    let mut events = Vec::new();
    loop {
        let wish_first = match (wishes.peek(), writes.peek()) {
            (Some(wish), Some(write)) => (wish.at, wish.concludes()) <= (write.at, false),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return events,
        };
        events.extend(if wish_first { wishes.next().map(Event::Wish) } else { writes.next().map(Event::Write) });
    }
}
