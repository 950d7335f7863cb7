//! "Generate Purchase Orders Shipment Receipt Feed": what has arrived, purchase order line by line, as a file for the system
//! that wrote the orders.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use presell_imports::defused;
use presell_scheduler::{Counts, Done, Failure, reason};
use presell_store::{Tx, instant, on, within};
use serde_json::{Value, json};

use crate::definition::{Work, step};
use crate::parameters::DRY_RUN;
use crate::{Definition, Page, Parameter, Task};

/// The job.
pub static DEFINITION: Definition = Definition {
    id: "PS_PO_RECEIPT_FEED",
    label: "Generate Purchase Orders Shipment Receipt Feed",
    page: Page::PreOrder,
    group: "More jobs",
    help: "Writes a CSV file with every purchase order line that received goods since the last such file: ordered, received \
           and cancelled pieces in total, so that reading a file twice does no harm. Nothing arrived, no file.",
    frequency: "ON_DEMAND",
    step: step::LAST,
    parameters: &[
        Parameter::text("folder", "The folder to write into.").required(),
        Parameter::flag("includeAll", "Writes every line that ever received goods."),
        DRY_RUN,
    ],
    work: Work::Here(run),
};

/// Lines read at once.
const BLOCK: i64 = 10_000;

type Line = (i64, String, i64, String, String, i64, i64, i64, i64);

fn run(task: Task) -> BoxFuture<'static, Result<Done, Failure>> {
    async move {
        let folder = PathBuf::from(task.values.text("folder").unwrap_or_default());
        if !folder.is_dir() {
            let message =
                format!("There is no folder {} on this computer. Make it, or name another.", folder.display());
            return Err(Failure::permanent(reason::BAD_PARAMETERS, message));
        }
        let since = if task.values.flag("includeAll") { 0 } else { last_receipt(&task).await? };
        let mut tx = task.work.db.begin_read().await?;
        let written = write(&task, &mut tx, &folder, since).await;
        tx.rollback().await?;
        written
    }
    .boxed()
}

async fn write(task: &Task, tx: &mut Tx, folder: &Path, since: i64) -> Result<Done, Failure> {
    let (through,): (Option<i64>,) =
        within!(&mut *tx, c => sqlx::query_as("SELECT max(id) FROM receipt").fetch_one(c).await)?;
    let through = through.unwrap_or(since).max(since);
    // The name follows from the content: another attempt at the same feed writes the same file.
    let path = folder.join(format!("receipts-{}-{through:09}.csv", task.store.code));
    let half = path.with_extension("csv.part");
    let dry_run = task.values.flag("dryRun");
    let mut feed = None;
    let (mut after, mut lines) = (0, 0);
    loop {
        if task.work.token.is_cancelled() {
            return Err(presell_store::StoreError::Replaced.into());
        }
        let block = block(tx, task.store.id, since, after).await?;
        let Some(last) = block.last() else { break };
        after = last.0;
        lines += block.len() as u64;
        if !dry_run {
            let feed = match &mut feed {
                Some(feed) => feed,
                None => feed.insert(Feed::begin(&half)?),
            };
            block.iter().try_for_each(|line| feed.line(line))?;
        }
        task.work.progress(lines, lines);
    }
    let file = feed.map(|feed| feed.end(&path)).transpose()?;
    let counts = Counts { examined: lines, changed: lines, ..Counts::default() };
    let file = file.map(|file| file.display().to_string());
    let through = if dry_run { since } else { through };
    Ok(Done { counts, result: Some(json!({ "file": file, "lines": lines, "throughReceipt": through })) })
}

async fn block(tx: &mut Tx, store: i64, since: i64, after: i64) -> Result<Vec<Line>, Failure> {
    let sql = "SELECT l.id, o.code, l.line_no, p.sku, f.code, l.ordered, l.received, l.cancelled,
            (SELECT max(r.received_at) FROM receipt r WHERE r.line_id = l.id)
        FROM po_line l JOIN purchase_order o ON o.id = l.po_id JOIN product p ON p.id = l.product_id JOIN facility f ON f.id = l.facility_id
        WHERE (o.store_id IS NULL OR o.store_id = $1) AND l.id > $2
          AND l.id IN (SELECT r.line_id FROM receipt r WHERE r.id > $3) ORDER BY l.id LIMIT $4";
    Ok(within!(tx, c => sqlx::query_as(sql).bind(store).bind(after).bind(since).bind(BLOCK).fetch_all(c).await)?)
}

/// The newest receipt that an earlier feed of this store has told.
async fn last_receipt(task: &Task) -> Result<i64, Failure> {
    let sql = "SELECT result FROM run WHERE job_id = $1 AND store_id = $2 AND shop_id = '' AND state = 'finished' AND result IS NOT NULL
        ORDER BY id DESC LIMIT 1";
    let last: Option<(String,)> =
        on!(&task.work.db, p => sqlx::query_as(sql).bind(DEFINITION.id).bind(task.store.id).fetch_optional(p).await)?;
    let last = last.and_then(|(text,)| serde_json::from_str::<Value>(&text).ok());
    Ok(last.and_then(|result| result["throughReceipt"].as_i64()).unwrap_or(0))
}

/// A file that is being written beside its final name.
struct Feed<'a> {
    half: &'a Path,
    csv: csv::Writer<BufWriter<File>>,
}

impl<'a> Feed<'a> {
    fn begin(half: &'a Path) -> Result<Feed<'a>, Failure> {
        let file = File::create(half).map_err(|error| not_written(half, &error))?;
        let mut csv = csv::Writer::from_writer(BufWriter::new(file));
        let header =
            ["purchase_order", "line", "sku", "facility", "ordered", "received", "cancelled", "last_received_at"];
        csv.write_record(header).map_err(|error| not_written(half, &error))?;
        Ok(Feed { half, csv })
    }

    fn line(&mut self, line: &Line) -> Result<(), Failure> {
        let (_, order, number, sku, facility, ordered, received, cancelled, at) = line;
        let numbers = [number, ordered, received, cancelled].map(i64::to_string);
        let record = [
            &*defused(order),
            &numbers[0],
            &*defused(sku),
            &*defused(facility),
            &numbers[1],
            &numbers[2],
            &numbers[3],
            &instant(*at).to_rfc3339(),
        ];
        self.csv.write_record(record).map_err(|error| not_written(self.half, &error))
    }

    /// Gives the file its name when all of it is there.
    fn end(self, path: &Path) -> Result<PathBuf, Failure> {
        let buffer = self.csv.into_inner().map_err(|error| not_written(path, error.error()))?;
        let file = buffer.into_inner().map_err(|error| not_written(path, error.error()))?;
        file.sync_all().and_then(|()| fs::rename(self.half, path)).map_err(|error| not_written(path, &error))?;
        Ok(path.to_owned())
    }
}

fn not_written(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let message = format!("{} could not be written: {error}. Check that Presell may write there.", path.display());
    Failure::permanent("FOLDER", message)
}
