//! What the app costs, as the system tells it.

use std::collections::BTreeMap;
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
    /// How often each thread was woken.
    wake_ups: BTreeMap<u32, u64>,
    /// Time on a processor, that of ended threads included; the system counts hundredths of a second.
    processor_ms: u64,
}

impl Effort {
    pub(super) fn of(app: &App) -> Effort {
        let mut all = Effort::default();
        for id in app.family() {
            let stat = read(id, "stat");
            let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            all.processor_ms += fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10;
            for task in fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten() {
                let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
                let woken = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
                let thread = task.file_name().to_string_lossy().parse();
                if let (Ok(thread), Some(Ok(woken))) = (thread, woken.map(|number| number.trim().parse())) {
                    all.wake_ups.insert(thread, woken);
                }
            }
        }
        all
    }

    /// Wake-ups of the threads that are still there, and time on a processor.
    pub(super) fn since(&self, before: &Effort) -> (u64, u64) {
        let woken = |(thread, now): (&u32, &u64)| now.saturating_sub(*before.wake_ups.get(thread).unwrap_or(&0));
        (self.wake_ups.iter().map(woken).sum(), self.processor_ms.saturating_sub(before.processor_ms))
    }
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
