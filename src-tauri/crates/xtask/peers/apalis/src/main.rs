//! apalis on both databases, asked as in `../measured.mjs`: `apalis-peer DATABASE drain N W` or `… due N GAP`.
//! "tuned": batches of 100 and a look every 10 ms; otherwise its defaults of 10 and 100 ms.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use apalis::prelude::*;
use futures::stream;
use serde_json::json;
use tokio::sync::mpsc;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

struct Asked {
    database: String,
    drain: bool,
    count: usize,
    gap: u64,
    batch: usize,
    poll: Duration,
}

fn millis() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

fn asked() -> Outcome<Asked> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [database, what, count, second, rest @ ..] = words.as_slice() else {
        return Err("usage: apalis-peer DATABASE drain|due N W|GAP [tuned|default]".into());
    };
    let tuned = rest.first().is_none_or(|word| word == "tuned");
    let (batch, poll) = if tuned { (100, 10) } else { (10, 100) };
    Ok(Asked {
        database: database.clone(),
        drain: what == "drain",
        count: count.parse()?,
        gap: second.parse()?,
        batch,
        poll: Duration::from_millis(poll),
    })
}

/// The instants at which jobs are due; 0 for jobs that need not wait.
fn instants(asked: &Asked) -> Vec<i64> {
    let first = millis() + 3000 + asked.count as i64;
    (0..asked.count as i64).map(|n| if asked.drain { 0 } else { first + n * asked.gap as i64 }).collect()
}

fn report(peer: &str, asked: &Asked, began: Instant, mut late: Vec<i64>) {
    if asked.drain {
        let seconds = began.elapsed().as_secs_f64();
        let rate = (asked.count as f64 / seconds).round();
        println!("{}", json!({"peer": peer, "drain": {"count": asked.count, "seconds": seconds, "perSecond": rate}}));
        return;
    }
    late.sort_unstable();
    let at = |part: f64| late[((late.len() as f64 * part).ceil() as usize).clamp(1, late.len()) - 1];
    let found =
        json!({"count": late.len(), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0), "min": late[0]});
    println!("{}", json!({"peer": peer, "due": found}));
}

/// Both storages have the same shape but no common trait for it.
macro_rules! measure {
    ($peer:literal, $asked:ident, $pool:ident, $storage:ident, $config:expr, $left:literal) => {{
        $storage::setup(&$pool).await?;
        let mut backend = $storage::new(&$pool).with_config($config.batch_size($asked.batch));
        let times = instants(&$asked);
        let tasks: Vec<_> = times
            .iter()
            .map(|at| {
                let task = TaskBuilder::new(*at);
                let wait = u64::try_from(at - millis()).unwrap_or(0);
                if *at == 0 { task.build() } else { task.run_after(Duration::from_millis(wait)).build() }
            })
            .collect();
        backend.push_all(&mut stream::iter(tasks)).await?;
        let (tell, mut told) = mpsc::unbounded_channel();
        let started = Arc::new(AtomicUsize::new(0));
        let counter = started.clone();
        let work = move |at: i64| {
            let (tell, counter) = (tell.clone(), counter.clone());
            async move {
                counter.fetch_add(1, Ordering::Relaxed);
                let _ = tell.send(millis() - at);
                Ok::<(), BoxDynError>(())
            }
        };
        let began = Instant::now();
        let worker = WorkerBuilder::new("w").backend(backend.poll_with_interval($asked.poll)).build(work);
        // It has been seen to start only part of them; what has not started by then is told, not waited for.
        let limit = Duration::from_secs(90) + Duration::from_millis($asked.gap * $asked.count as u64);
        let all = async {
            while started.load(Ordering::Relaxed) < $asked.count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            while $asked.drain {
                let (left,): (i64,) = count!($left, $pool);
                if left == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let in_time = tokio::select! {
            ended = worker.run() => return Err(format!("the worker ended: {:?}", ended.err()).into()),
            in_time = tokio::time::timeout(limit, all) => in_time,
        };
        if in_time.is_err() {
            eprintln!("{}: only {} of {} started", $peer, started.load(Ordering::Relaxed), $asked.count);
        }
        let mut late = Vec::new();
        while let Ok(ms) = told.try_recv() {
            late.push(ms);
        }
        report($peer, &$asked, began, late);
    }};
}

macro_rules! count {
    ($sql:literal, $pool:ident) => {
        sqlx::query_as($sql).fetch_one(&$pool).await.unwrap_or((0,))
    };
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let asked = asked()?;
    if asked.database.starts_with("postgres") {
        use apalis_postgres::{Config, PgPool, PostgresStorage};
        let pool = PgPool::connect(&asked.database).await?;
        measure!(
            "apalis-postgres",
            asked,
            pool,
            PostgresStorage,
            Config::default(),
            "SELECT count(*) FROM apalis.jobs WHERE status <> 'Done'"
        );
    } else {
        use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
        let pool = SqlitePool::connect(&format!("sqlite://{}?mode=rwc", asked.database)).await?;
        measure!(
            "apalis-sqlite",
            asked,
            pool,
            SqliteStorage,
            Config::default(),
            "SELECT count(*) FROM Jobs WHERE status <> 'Done'"
        );
    }
    std::process::exit(0)
}
