//! What the app costs, as the system tells it.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::machine::{App, memory};

/// Memory in kB, process by process.
pub(super) fn parts(app: &App) -> Vec<String> {
    app.family().into_iter().map(|id| format!("{} {}", read(id, "comm").trim(), memory(id))).collect()
}

/// What all its processes have done so far.
#[derive(Default)]
pub(super) struct Effort {
    /// How often any thread was woken.
    pub(super) wake_ups: u64,
    /// Time on a processor.
    pub(super) processor_ms: f64,
}

pub(super) fn effort(app: &App) -> Effort {
    let mut all = Effort::default();
    for id in app.family() {
        for task in fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten() {
            let of = |file: &str| fs::read_to_string(task.path().join(file)).unwrap_or_default();
            let status = of("status");
            let woken = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            all.wake_ups += woken.and_then(|number| number.trim().parse::<u64>().ok()).unwrap_or_default();
            // The first number is nanoseconds on a processor.
            let nanoseconds = of("schedstat").split(' ').next().and_then(|number| number.parse::<f64>().ok());
            all.processor_ms += nanoseconds.unwrap_or_default() / 1e6;
        }
    }
    all
}

/// When it was started, in milliseconds since 1970; the system tells hundredths of a second.
pub(super) fn began_ms(app: &App) -> f64 {
    let id = app.family()[0];
    let first = |text: &str| text.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    let since_boot = fs::read_to_string("/proc/uptime").ok().and_then(|text| first(&text)).unwrap_or(f64::NAN);
    let stat = read(id, "stat");
    let ticks = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(19)?.parse::<f64>().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(f64::NAN, |now| now.as_secs_f64());
    (now - since_boot + ticks.unwrap_or(f64::NAN) / 100.0) * 1e3
}

fn read(id: u32, file: &str) -> String {
    fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default()
}
