//! A node with nothing to do: statements, processor time and wake-ups.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use presell_store::Db;
use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::node;

/// Counts the statements this process sends.
pub(crate) fn count_statements() -> Arc<AtomicU64> {
    let count = Arc::new(AtomicU64::new(0));
    let subscriber = tracing_subscriber::registry().with(Counter(count.clone()));
    // Only this program sets one.
    let _ = tracing::subscriber::set_global_default(subscriber);
    count
}

struct Counter(Arc<AtomicU64>);

impl<S: tracing::Subscriber> Layer<S> for Counter {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "sqlx::query" && *metadata.level() >= Level::ERROR
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) async fn measure(db: &Db, count: usize, seconds: u64, statements: &AtomicU64) -> Result<Value> {
    let tomorrow = db.now().await?.timestamp_millis() + 86_400_000;
    node::schedules(db, &vec![tomorrow; count]).await?;
    let (engine, _told) = node::start(db, 4, None).await?;
    // The first passes are not idleness.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = (statements.load(Ordering::Relaxed), processor_ms(), wake_ups());
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let after = (statements.load(Ordering::Relaxed), processor_ms(), wake_ups());
    engine.stop().await;
    let per_minute = |n: u64| (n as f64 * 60.0 / seconds as f64 * 10.0).round() / 10.0;
    Ok(json!({"peer": "presell", "idle": {
        "schedules": count,
        "statementsPerMinute": per_minute(after.0 - before.0),
        "processorMsPerMinute": per_minute(after.1 - before.1),
        "wakeUpsPerMinute": per_minute(after.2 - before.2),
    }}))
}

/// Processor time of this process so far. Linux counts it in hundredths of a second.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<u64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) * 10
}

/// How often any thread of this process was woken so far.
fn wake_ups() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.path().join("status")).ok())
        .filter_map(|status| {
            status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:")?.trim().parse::<u64>().ok())
        })
        .sum()
}
