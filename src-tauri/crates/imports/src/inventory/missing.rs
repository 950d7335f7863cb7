//! Stock records that a file declared complete leaves out.

use presell_store::{Result, Tx, text, within};

use super::found::Found;
use super::known::KnownStock;
use super::rows::{Rows, StockRow};
use crate::intake::Job;
use crate::problem::{Check, Problem, Severity};

/// Records read at once.
const PAGE: i64 = 50_000;

/// V16: says how many records of the file's facilities are missing in it; returns those to set to zero.
///
/// Nothing is set to zero while a row of the file is left out: the record it means would count as missing.
pub(super) async fn find(
    job: &mut Job<'_>,
    tx: &mut Tx,
    names: &Rows,
    found: &Found,
    rows: &[StockRow],
) -> Result<Vec<KnownStock>> {
    let facilities: Vec<(i64, _)> =
        names.facilities.iter().filter_map(|(name, _)| Some((found.facilities.get(name).id()?, name))).collect();
    let ids = serde_json::json!(facilities.iter().map(|f| f.0).collect::<Vec<_>>()).to_string();
    let zero = job.request.zero_missing && job.findings.count_out() == (0, 0);
    let (mut missing, mut zeroed) = (0_u64, Vec::new());
    let mut from = (i64::MIN, i64::MIN, String::new());
    loop {
        let page = page(tx, &ids, &from).await?;
        let Some(last) = page.last() else { break };
        from = (last.product, last.facility, last.location.clone());
        for known in page {
            let name = facilities.iter().find(|f| f.0 == known.facility).map(|f| f.1);
            let key =
                name.zip(names.locations.find(&known.location)).map(|(name, location)| (known.product, name, location));
            if key.is_some_and(|key| rows.binary_search_by_key(&key, |row| found.key(row)).is_ok()) {
                continue;
            }
            missing += 1;
            if zero && known.atp != 0 {
                zeroed.push(known);
            }
        }
    }
    if missing > 0 {
        job.findings.add(Problem::new(Check::V16, Severity::Note, message(job, missing, zero)));
    }
    Ok(zeroed)
}

fn message(job: &Job<'_>, missing: u64, zero: bool) -> String {
    let what = match missing {
        1 => "1 stock record of these facilities is missing in the file".to_owned(),
        n => format!("{n} stock records of these facilities are missing in the file"),
    };
    match (zero, job.request.zero_missing) {
        (true, _) => format!("{what}; they count as 0 from now on."),
        (false, true) => format!(
            "{what}. They were left as they are, because some rows could not be taken. Correct those rows and import the file again."
        ),
        (false, false) => format!("{what}. They were left as they are."),
    }
}

async fn page(tx: &mut Tx, facilities: &str, from: &(i64, i64, String)) -> Result<Vec<KnownStock>> {
    let sql = text!(
        tx,
        "SELECT product_id, facility_id, location, atp, as_of, touched_by FROM stock
        WHERE facility_id IN ",
        INTS,
        " AND (product_id, facility_id, location) > ($2, $3, $4)
        ORDER BY product_id, facility_id, location LIMIT $5"
    );
    let rows: Vec<(i64, i64, String, i64, i64, i64)> = within!(tx, c => sqlx::query_as(sql).bind(facilities)
        .bind(from.0).bind(from.1).bind(&from.2).bind(PAGE).fetch_all(c).await)?;
    Ok(rows.into_iter().map(KnownStock::from).collect())
}
