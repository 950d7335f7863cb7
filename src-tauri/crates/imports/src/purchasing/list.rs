//! Which purchase orders there are. The database filters, sorts and counts; only one page is summed up.

use chrono::{Days, NaiveDate};
use presell_store::{At, Db, Result, on, text};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use presell_catalog::rules::Status;

/// Which orders to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "ListPurchaseOrders")]
pub struct ListOrders {
    /// Part of an order number, a SKU or a product's name.
    pub search: String,
    /// Only orders of this status.
    pub status: Option<Status>,
    /// Only open orders whose next goods are due then.
    pub due: Option<Due>,
    /// In which order.
    pub sort: OrderSort,
    /// How many; 0: none, only the counts.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u64,
}

/// When the next goods of an open order are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Due {
    /// Before today.
    Overdue,
    /// Today or in the six days after.
    ThisWeek,
    /// Later.
    Later,
    /// No line says when, or nothing more is to come.
    #[default]
    NoDate,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PurchaseOrderSort")]
pub enum OrderSort {
    /// What arrives next first.
    #[default]
    NextDate,
    /// By number.
    Code,
    /// What came in last first.
    Newest,
}

/// A page of orders.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PurchaseOrders")]
pub struct Orders {
    /// How many fit.
    pub total: u64,
    /// How many there are at all.
    pub all: u64,
    /// How many fit the search, by status, whatever status was asked for.
    pub statuses: Vec<(Status, u64)>,
    /// How many fit search and status, by when they are due.
    pub due: DueCounts,
    /// The page.
    pub orders: Vec<OrderRow>,
}

/// Orders by when their next goods are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is the due of its name")]
pub struct DueCounts {
    pub overdue: u64,
    pub this_week: u64,
    pub later: u64,
    pub no_date: u64,
}

/// One order, summed up.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "PurchaseOrderRow")]
pub struct OrderRow {
    /// Its number.
    pub code: String,
    /// Its status.
    pub status: String,
    /// The store it supplies; none: every store.
    pub store: Option<String>,
    /// Where its goods go: the first place, by name.
    pub facility: Option<String>,
    /// To how many places.
    pub facilities: i64,
    /// Lines.
    pub lines: i64,
    /// Lines that still bring something.
    pub open_lines: i64,
    /// Pieces ordered.
    pub ordered: i64,
    /// Pieces received.
    pub received: i64,
    /// Pieces cancelled.
    pub cancelled: i64,
    /// Pieces promised to customers and not here yet.
    pub pre_sold: i64,
    /// Pieces that may still be pre-sold.
    pub left: i64,
    /// When its next goods arrive.
    pub next_date: Option<NaiveDate>,
    /// What that means today.
    #[sqlx(skip)]
    pub due: Due,
    /// The import it came with, while that is known.
    pub import_id: Option<i64>,
    /// The file it came with.
    pub file_name: Option<String>,
    /// When it came.
    #[sqlx(try_from = "i64")]
    pub imported_at: At,
}

/// $1 search as a pattern, $2 today, $3 the day a week from today.
const ORDERS: &str = "WITH open AS (
      SELECT po_id, MIN(arrival_date) AS next FROM po_line
      WHERE status IN ('CREATED', 'APPROVED') AND NOT closed GROUP BY po_id),
    found AS (SELECT o.id, o.code, o.status, d.next,
      CASE WHEN o.status NOT IN ('CREATED', 'APPROVED') OR d.next IS NULL THEN 'noDate'
           WHEN d.next < $2 THEN 'overdue' WHEN d.next < $3 THEN 'thisWeek' ELSE 'later' END AS due
      FROM purchase_order o LEFT JOIN open d ON d.po_id = o.id
      WHERE $1 = '' OR lower(o.code) LIKE $1 ESCAPE '\\' OR o.id IN (
        SELECT l.po_id FROM product p JOIN po_line l ON l.product_id = p.id
        WHERE lower(p.sku) LIKE $1 ESCAPE '\\' OR lower(p.title) LIKE $1 ESCAPE '\\'))";

/// The orders asked for. `today` is the store's.
pub async fn list_orders(db: &Db, wanted: &ListOrders, today: NaiveDate) -> Result<Orders> {
    let search = pattern(&wanted.search);
    let week = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let sql = sqlx::AssertSqlSafe(format!("{ORDERS} SELECT status, due, count(*) FROM found GROUP BY status, due"));
    let counts: Vec<(String, String, i64)> =
        on!(db, p => sqlx::query_as(sql).bind(&search).bind(today).bind(week).fetch_all(p).await)?;
    let of = |fits: &dyn Fn(&str, &str) -> bool| -> u64 {
        counts.iter().filter(|(status, due, _)| fits(status, due)).map(|(.., n)| n.unsigned_abs()).sum()
    };
    let status = wanted.status.map(Status::as_str);
    let due = wanted.due.map(Due::word);
    let in_status = |s: &str| status.is_none_or(|wanted| wanted == s);
    let by_due = |wanted: Due| of(&|s, d| in_status(s) && d == wanted.word());
    let statuses = Status::ALL.into_iter().map(|status| (status, of(&|s, _| s == status.as_str()))).collect();
    let (all,): (i64,) = on!(db, p => sqlx::query_as("SELECT count(*) FROM purchase_order").fetch_one(p).await)?;
    let order = match wanted.sort {
        OrderSort::NextDate => "CASE WHEN due = 'noDate' THEN 1 ELSE 0 END, next, code",
        OrderSort::Code => "code",
        OrderSort::Newest => "id DESC",
    };
    let sql = format!(
        "{ORDERS} SELECT id FROM found WHERE ($4 IS NULL OR status = $4) AND ($5 IS NULL OR due = $5)
         ORDER BY {order} LIMIT $6 OFFSET $7"
    );
    let offset = i64::try_from(wanted.offset).unwrap_or(i64::MAX);
    let ids: Vec<(i64,)> = on!(db, p => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&search).bind(today).bind(week)
        .bind(status).bind(due).bind(i64::from(wanted.limit)).bind(offset).fetch_all(p).await)?;
    let ids: Vec<i64> = ids.into_iter().map(|(id,)| id).collect();
    Ok(Orders {
        total: of(&|s, d| in_status(s) && due.is_none_or(|wanted| wanted == d)),
        all: all.unsigned_abs(),
        statuses,
        due: DueCounts {
            overdue: by_due(Due::Overdue),
            this_week: by_due(Due::ThisWeek),
            later: by_due(Due::Later),
            no_date: by_due(Due::NoDate),
        },
        orders: summed_up(db, &ids, today).await?,
    })
}

impl Due {
    /// What a next date means today.
    fn of(next: Option<NaiveDate>, today: NaiveDate) -> Due {
        let week = today.checked_add_days(Days::new(7)).unwrap_or(today);
        match next {
            None => Due::NoDate,
            Some(next) if next < today => Due::Overdue,
            Some(next) if next < week => Due::ThisWeek,
            Some(_) => Due::Later,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Due::Overdue => "overdue",
            Due::ThisWeek => "thisWeek",
            Due::Later => "later",
            Due::NoDate => "noDate",
        }
    }
}

/// Some orders, given as keys, in this order.
pub(super) async fn summed_up(db: &Db, ids: &[i64], today: NaiveDate) -> Result<Vec<OrderRow>> {
    let sql = text!(
        db,
        "SELECT o.id, o.code, o.status, s.code AS store, MIN(f.code) AS facility, count(DISTINCT l.facility_id) AS facilities,
        count(l.id) AS lines,
        CAST(COALESCE(sum(CASE WHEN l.status IN ('CREATED', 'APPROVED') AND NOT l.closed THEN 1 ELSE 0 END), 0) AS BIGINT) AS open_lines,
        CAST(COALESCE(sum(l.ordered), 0) AS BIGINT) AS ordered, CAST(COALESCE(sum(l.received), 0) AS BIGINT) AS received,
        CAST(COALESCE(sum(l.cancelled), 0) AS BIGINT) AS cancelled, CAST(COALESCE(sum(l.allocated), 0) AS BIGINT) AS pre_sold,
        CAST(COALESCE(sum(CASE WHEN l.status IN ('CREATED', 'APPROVED') AND NOT l.closed AND o.status IN ('CREATED', 'APPROVED')
            AND l.ordered - l.received - l.cancelled - l.buffer - l.allocated > 0
            THEN l.ordered - l.received - l.cancelled - l.buffer - l.allocated ELSE 0 END), 0) AS BIGINT) AS left,
        MIN(CASE WHEN l.status IN ('CREATED', 'APPROVED') AND NOT l.closed AND o.status IN ('CREATED', 'APPROVED')
            THEN l.arrival_date END) AS next_date,
        i.id AS import_id, i.file_name, COALESCE(i.at, 0) AS imported_at
        FROM purchase_order o LEFT JOIN po_line l ON l.po_id = o.id LEFT JOIN facility f ON f.id = l.facility_id
        LEFT JOIN store s ON s.id = o.store_id LEFT JOIN import i ON i.id = o.created_by
        WHERE o.id IN ",
        INTS,
        " GROUP BY o.id, o.code, o.status, s.code, i.id, i.file_name, i.at"
    );
    #[derive(sqlx::FromRow)]
    struct Keyed {
        id: i64,
        #[sqlx(flatten)]
        row: OrderRow,
    }
    let list = serde_json::json!(ids).to_string();
    let mut rows: Vec<Keyed> = on!(db, p => sqlx::query_as(sql).bind(list).fetch_all(p).await)?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows.into_iter().map(|Keyed { row, .. }| OrderRow { due: Due::of(row.next_date, today), ..row }).collect())
}

/// A pattern that finds the text anywhere, in any case; empty for everything.
pub(super) fn pattern(search: &str) -> String {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return String::new();
    }
    let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
