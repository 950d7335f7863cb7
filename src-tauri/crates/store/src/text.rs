//! One statement text for both drivers. A statement is written once; only the parts named here differ.

/// Runs a query expression on a pool of either kind: `on!(db, p => sqlx::query("…").execute(p).await)`.
#[macro_export]
macro_rules! on {
    ($db:expr, $pool:ident => $query:expr) => {
        match $db {
            $crate::Db::Sqlite($pool) => $query.map_err($crate::StoreError::from),
            $crate::Db::Postgres($pool) => $query.map_err($crate::StoreError::from),
        }
    };
}

/// Runs a query expression inside a transaction of either kind: `within!(tx, c => sqlx::query("…").execute(c).await)`.
#[macro_export]
macro_rules! within {
    ($tx:expr, $conn:ident => $query:expr) => {
        match $tx {
            $crate::Tx::Sqlite(t) => {
                let $conn = &mut **t;
                $query.map_err($crate::StoreError::from)
            }
            $crate::Tx::Postgres(t) => {
                let $conn = &mut **t;
                $query.map_err($crate::StoreError::from)
            }
        }
    };
}

/// The parts in which the two databases differ. `INTS` and `TEXTS` turn a JSON array parameter into a sub-select; `LOCK`
/// takes the rows named `q` that nobody else holds and `ROW` waits for them (SQLite has one writer, which holds them all);
/// `ENDINGS` reads a JSON array of ended runs as rows named `e`, `LINES` one of log lines as `l`, `MOVES` one of schedules
/// that move on as `m`, and `OCCURRENCES` one of their new runs as `o`.
#[doc(hidden)]
#[macro_export]
macro_rules! part {
    ($d:ident $l:literal) => {
        $l
    };
    (s NOW) => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
    (p NOW) => {
        "(SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
    };
    (s LOCK) => {
        ""
    };
    (p LOCK) => {
        " FOR UPDATE OF q SKIP LOCKED"
    };
    (s ROW) => {
        ""
    };
    (p ROW) => {
        " FOR UPDATE OF q"
    };
    (s ENDINGS) => {
        "(SELECT value->>'id' AS id, value->>'fence' AS fence, value->>'state' AS state, value->>'reason' AS reason, value->>'detail' AS detail, value->>'counts' AS counts, value->>'result' AS result, value->>'error' AS error, value->>'retry' AS retry, value->>'lease' AS lease, value->>'running_only' AS running_only FROM json_each($1)) AS e"
    };
    (p ENDINGS) => {
        "jsonb_to_recordset($1::jsonb) AS e(id bigint, fence bigint, state text, reason text, detail text, counts text, result text, error text, retry bigint, lease bigint, running_only bigint)"
    };
    (s LINES) => {
        "(SELECT value->>'run_id' AS run_id, value->>'seq' AS seq, value->>'at' AS at, value->>'level' AS level, value->>'text' AS text FROM json_each($1)) AS l"
    };
    (p LINES) => {
        "jsonb_to_recordset($1::jsonb) AS l(run_id bigint, seq bigint, at bigint, level text, text text)"
    };
    (s MOVES) => {
        "(SELECT value->>'id' AS id, value->>'due' AS due, value->>'version' AS version, value->>'next' AS next FROM json_each($1)) AS m"
    };
    (p MOVES) => {
        "jsonb_to_recordset($1::jsonb) AS m(id bigint, due bigint, version bigint, next bigint)"
    };
    (s OCCURRENCES) => {
        "(SELECT value->>'place' AS place, value->>'schedule' AS schedule, value->>'due' AS due, value->>'available' AS available, value->>'reason' AS reason, value->>'covers' AS covers, value->>'lane' AS lane, value->>'lane_up' AS lane_up, value->>'step' AS step FROM json_each($1)) AS o"
    };
    (p OCCURRENCES) => {
        "jsonb_to_recordset($1::jsonb) AS o(place bigint, schedule bigint, due bigint, available bigint, reason text, covers bigint, lane text, lane_up text, step bigint)"
    };
    (s INTS) => {
        "(SELECT value FROM json_each($1))"
    };
    (p INTS) => {
        "(SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))"
    };
    (s TEXTS) => {
        "(SELECT value FROM json_each($1))"
    };
    (p TEXTS) => {
        "(SELECT value FROM jsonb_array_elements_text($1::jsonb))"
    };
}

/// The text of a statement in the dialect of `$db` (a [`Db`](crate::Db) or [`Tx`](crate::Tx)): literals and the
/// named parts of [`part!`], joined at compile time.
#[macro_export]
macro_rules! text {
    ($db:expr, $($x:tt),+ $(,)?) => {
        if $db.is_postgres() { concat!($($crate::part!(p $x)),+) } else { concat!($($crate::part!(s $x)),+) }
    };
}
