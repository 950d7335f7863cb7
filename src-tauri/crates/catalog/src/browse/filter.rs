//! From a query to the keys of the products that match, in order. Every text is put together from words written here;
//! what people typed is bound.

use presell_store::{Result, Tx, within};
use sqlx::AssertSqlSafe;

use super::{Counts, List, Query, ReasonCount, Sort};
use crate::rules::Code;
use crate::stores::Store;

/// Words of a search that count.
const WORDS: usize = 8;
/// A word that begins so many purchase orders says nothing about one.
const ORDERS: usize = 2_000;

pub(super) struct Filter {
    list: List,
    reason: Option<Code>,
    /// Keys as a JSON list.
    only: Option<String>,
    sort: Sort,
    descending: bool,
    words: Vec<Word>,
}

/// A word that was typed, as a pattern, and the keys of the purchase orders whose number begins with it.
struct Word {
    pattern: String,
    orders: String,
}

impl Filter {
    pub(super) async fn of(tx: &mut Tx, query: &Query) -> Result<Filter> {
        let mut words = Vec::new();
        for word in query.search.split_whitespace().take(WORDS) {
            let pattern = pattern(word);
            let sql = "SELECT id FROM purchase_order WHERE lower(code) LIKE $1 ESCAPE '\\' LIMIT 2001";
            let orders: Vec<(i64,)> =
                within!(&mut *tx, c => sqlx::query_as(sql).bind(format!("{pattern}%")).fetch_all(c).await)?;
            let orders: Vec<i64> =
                if orders.len() > ORDERS { Vec::new() } else { orders.into_iter().map(|row| row.0).collect() };
            words.push(Word { pattern: format!("%{pattern}%"), orders: serde_json::json!(orders).to_string() });
        }
        let only = query.only.as_ref().map(|keys| serde_json::json!(keys).to_string());
        Ok(Filter {
            list: query.list,
            reason: query.reason,
            only,
            sort: query.sort,
            descending: query.descending,
            words,
        })
    }

    /// How many match, where the counts say so already.
    pub(super) fn known_total(&self, counts: &Counts, reasons: &[ReasonCount]) -> Option<i64> {
        match (self.list, self.reason) {
            _ if !self.words.is_empty() || self.only.is_some() => None,
            (List::All, None) => Some(counts.products),
            (List::PreOrder, None) => Some(counts.pre_order),
            (List::Backorder, None) => Some(counts.backorder),
            (List::NotListed, None) => Some(counts.not_listed),
            (List::All, Some(code)) => Some(reasons.iter().find(|r| r.code == code).map_or(0, |r| r.count)),
            (_, Some(_)) => None,
        }
    }

    pub(super) async fn count(&self, tx: &mut Tx, store: &Store) -> Result<i64> {
        let sql = format!("SELECT count(*) {}", self.condition(tx.is_postgres()));
        let (count,): (i64,) = within!(tx, c => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(store.id);
            for word in &self.words {
                query = query.bind(&word.pattern).bind(&word.orders);
            }
            if let Some(only) = &self.only {
                query = query.bind(only);
            }
            query.fetch_one(c).await
        })?;
        Ok(count)
    }

    pub(super) async fn page(&self, tx: &mut Tx, store: &Store, limit: i64, offset: i64) -> Result<Vec<i64>> {
        let condition = self.condition(tx.is_postgres());
        let sql = format!("SELECT p.id {condition} ORDER BY {} LIMIT {limit} OFFSET {offset}", self.order());
        let rows: Vec<(i64,)> = within!(tx, c => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(store.id);
            for word in &self.words {
                query = query.bind(&word.pattern).bind(&word.orders);
            }
            if let Some(only) = &self.only {
                query = query.bind(only);
            }
            query.fetch_all(c).await
        })?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Lists are read from their members, reasons from what is kept of them: both are smaller than all products.
    fn condition(&self, postgres: bool) -> String {
        let mut from = String::from(match (self.list, self.reason) {
            (List::PreOrder | List::Backorder, _) => {
                "FROM member m JOIN product p ON p.id = m.product_id WHERE m.store_id = $1"
            }
            (_, None) => "FROM product p LEFT JOIN member m ON m.store_id = $1 AND m.product_id = p.id WHERE TRUE",
            (_, Some(_)) => {
                "FROM standing s JOIN product p ON p.id = s.product_id
                 LEFT JOIN member m ON m.store_id = $1 AND m.product_id = p.id WHERE s.store_id = $1"
            }
        });
        from.push_str(match self.list {
            List::All => "",
            List::PreOrder => " AND m.category = 'PRE_ORDER'",
            List::Backorder => " AND m.category = 'BACKORDER'",
            List::NotListed => " AND m.product_id IS NULL",
        });
        if let Some(code) = self.reason {
            let named = match self.list {
                List::All | List::NotListed => format!(" AND s.reason = '{code}'"),
                List::PreOrder | List::Backorder => format!(
                    " AND EXISTS (SELECT 1 FROM standing s
                       WHERE s.store_id = $1 AND s.product_id = p.id AND s.reason = '{code}')"
                ),
            };
            from.push_str(&named);
        }
        let keys = |list: usize| match postgres {
            true => format!("(SELECT value::bigint FROM jsonb_array_elements_text(${list}::jsonb))"),
            false => format!("(SELECT value FROM json_each(${list}))"),
        };
        if self.only.is_some() {
            from.push_str(&format!(" AND p.id IN {}", keys(2 * self.words.len() + 2)));
        }
        for (i, _) in self.words.iter().enumerate() {
            let (pattern, orders) = (2 * i + 2, 2 * i + 3);
            let keys = keys(orders);
            from.push_str(&format!(
                " AND (lower(p.sku) LIKE ${pattern} ESCAPE '\\' OR lower(p.title) LIKE ${pattern} ESCAPE '\\'
                   OR p.id IN (SELECT l.product_id FROM po_line l WHERE l.po_id IN {keys}))"
            ));
        }
        from
    }

    fn order(&self) -> &'static str {
        match (self.sort, self.descending) {
            (Sort::Sku, false) => "p.sku",
            (Sort::Sku, true) => "p.sku DESC",
            (Sort::PromiseDate, false) => "m.promise_date IS NULL, m.promise_date, p.id",
            (Sort::PromiseDate, true) => "m.promise_date IS NULL, m.promise_date DESC, p.id DESC",
            (Sort::Left, false) => "m.cap IS NULL, m.cap, p.id",
            (Sort::Left, true) => "m.cap IS NULL, m.cap DESC, p.id DESC",
            (Sort::Since, false) => "m.since IS NULL, m.since DESC, p.id",
            (Sort::Since, true) => "m.since IS NULL, m.since, p.id DESC",
        }
    }
}

/// A word as a part of a LIKE pattern, in lower case. SQLite changes the case of ASCII letters only, so any other letter
/// stands for one letter, whichever; that also finds it with another accent or none.
fn pattern(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for letter in word.to_lowercase().chars() {
        match letter {
            '%' | '_' | '\\' => pattern.extend(['\\', letter]),
            letter if letter.is_ascii() => pattern.push(letter),
            _ => pattern.push('_'),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_typed_is_looked_for_as_it_is_but_for_case_and_accents() {
        assert_eq!(pattern("50%_A\\"), "50\\%\\_a\\\\", "signs of patterns stand for themselves");
        assert_eq!(pattern("Café"), "caf_", "an accent does not hide a title");
    }
}
