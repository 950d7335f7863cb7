//! S3: no two at once where one may be.
//!
//! A run holds its lane from its start to its end, as the rows say. An execution counts while the run is its claim's:
//! a frozen process that wakes up may still execute, and the fence sees to it that this has no effect.

use std::collections::{BTreeMap, HashMap, HashSet};

use presell_scheduler::{Millis, Run, RunState, reason};

use super::{Found, Tables};

pub(super) fn judge(tables: &Tables) -> Vec<Found> {
    vec![
        side_by_side("runs side by side in one lane", held(tables, |run| run.lane.clone())),
        side_by_side("equal runs side by side", held(tables, |run| run.xkey.clone())),
        side_by_side("executions side by side in one lane", executed(tables)),
        side_by_side("recurring runs of a schedule open at once", open(tables)),
        again(tables),
        too_many(tables),
    ]
}

/// What holds something, from when until when.
struct Span {
    key: String,
    run: i64,
    from: Millis,
    until: Millis,
}

fn held(tables: &Tables, key: impl Fn(&Run) -> Option<String>) -> Vec<Span> {
    let span = |run: &Run| {
        Some(Span { key: key(run)?, run: run.id, from: run.started_at?, until: run.finished_at.unwrap_or(Millis::MAX) })
    };
    tables.runs.iter().filter_map(span).collect()
}

fn executed(tables: &Tables) -> Vec<Span> {
    let runs: HashMap<i64, &Run> = tables.runs.iter().map(|run| (run.id, run)).collect();
    let spans = tables.starts.iter().filter_map(|start| {
        let run = runs.get(&start.run_id)?;
        let ends = [start.ended_at, run.finished_at];
        let until = ends.into_iter().flatten().min().unwrap_or(Millis::MAX);
        Some(Span { key: run.lane.clone()?, run: run.id, from: start.at, until })
    });
    // One that began after its claim was lost held nothing.
    spans.filter(|span| span.from < span.until).collect()
}

fn open(tables: &Tables) -> Vec<Span> {
    // A first row that is born skipped is never open.
    let recurring = |run: &&Run| run.due_at.is_some() && (run.seq > 1 || run.state != RunState::Skipped);
    let span = |run: &Run| {
        let key = run.schedule_id?.to_string();
        Some(Span { key, run: run.id, from: run.created_at, until: run.finished_at.unwrap_or(Millis::MAX) })
    };
    tables.runs.iter().filter(recurring).filter_map(span).collect()
}

fn side_by_side(what: &'static str, spans: Vec<Span>) -> Found {
    let mut found = Found::none("S3", what);
    let mut by_key: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for span in spans {
        by_key.entry(span.key.clone()).or_default().push(span);
    }
    for (key, mut spans) in by_key {
        spans.sort_by_key(|span| (span.from, span.until));
        let mut spans = spans.into_iter();
        let Some(mut longest) = spans.next() else { continue };
        for span in spans {
            if span.from < longest.until {
                found.add(|| {
                    format!(
                        "{key}: run {} from {}, while {} was at it until {}",
                        span.run, span.from, longest.run, longest.until
                    )
                });
            }
            if span.until > longest.until {
                longest = span;
            }
        }
    }
    found
}

fn again(tables: &Tables) -> Found {
    let mut found = Found::none("S3", "claims executed more than once");
    let mut times: HashMap<(i64, i64), u64> = HashMap::new();
    for start in &tables.starts {
        let times = times.entry((start.run_id, start.fence)).or_default();
        *times += 1;
        if *times > 1 {
            found.add(|| format!("run {} fence {} began again at {}", start.run_id, start.fence, start.at));
        }
    }
    found
}

/// An answer that is lost takes all of its claim with it. Where a node heard of some of its runs only, the claim took more
/// than the node had asked for.
fn too_many(tables: &Tables) -> Found {
    let mut found = Found::none("S3", "runs claimed beyond what was asked for");
    let begun: HashSet<i64> = tables.starts.iter().map(|start| start.run_id).collect();
    let claim = |run: &Run| Some((run.node_id?, run.started_at?));
    let heard: HashSet<_> = tables.runs.iter().filter(|run| begun.contains(&run.id)).filter_map(claim).collect();
    let lost = |run: &&Run| run.reason.as_deref() == Some(reason::CLAIM_LOST) && !begun.contains(&run.id);
    for run in tables.runs.iter().filter(lost).filter(|run| claim(run).is_some_and(|claim| heard.contains(&claim))) {
        found.add(|| format!("run {} of node {:?} at {:?}", run.id, run.node_id, run.started_at));
    }
    found
}
