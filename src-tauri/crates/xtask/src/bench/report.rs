//! Measurements as a table of ratios.

use std::fmt;
use std::time::Duration;

use super::measure::{Cost, median};

/// One result of a bench.
pub(super) enum Finding {
    Compared(Comparison),
    Limited(Limit),
    Table(Table),
}

impl Finding {
    pub(super) fn holds(&self) -> bool {
        match self {
            Finding::Compared(comparison) => comparison.holds(),
            Finding::Limited(limit) => limit.holds(),
            Finding::Table(table) => table.lines.iter().all(|line| line.kept != Some(false)),
        }
    }

    pub(super) fn title(&self) -> &str {
        match self {
            Finding::Compared(comparison) => &comparison.title,
            Finding::Limited(limit) => &limit.title,
            Finding::Table(table) => &table.title,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Finding::Compared(comparison) => comparison.fmt(f),
            Finding::Limited(limit) => limit.fmt(f),
            Finding::Table(table) => table.fmt(f),
        }
    }
}

/// Several measurements of one kind, each with a promise of its own or none.
pub(super) struct Table {
    pub(super) title: String,
    pub(super) promise: String,
    pub(super) lines: Vec<Line>,
}

/// One line of a table.
pub(super) struct Line {
    name: &'static str,
    shown: String,
    /// Whether its promise is kept; none: nothing is promised of it.
    kept: Option<bool>,
}

impl Line {
    /// What `show` makes of the answers; without them, the reason why there are none. A promise of ours that was not measured
    /// is not kept.
    pub(super) fn of(
        name: &'static str,
        answers: anyhow::Result<Vec<serde_json::Value>>,
        show: impl FnOnce(&[serde_json::Value]) -> anyhow::Result<(String, Option<bool>)>,
    ) -> Line {
        match answers.and_then(|values| show(&values)) {
            Ok((shown, kept)) => Line { name, shown, kept },
            Err(error) => Line { name, shown: format!("not measured: {error:#}"), kept: Some(false) },
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for line in &self.lines {
            let verdict = match line.kept {
                None => "",
                Some(true) => ": kept",
                Some(false) => ": NOT KEPT",
            };
            writeln!(f, "  {:<26} {}{verdict}", line.name, line.shown)?;
        }
        writeln!(f, "  promised: {}", self.promise)
    }
}

/// A wait that 95 of 100 times must stay below a limit.
pub(super) struct Limit {
    pub(super) title: String,
    pub(super) runs: Vec<Cost>,
    pub(super) at_most_ms: u128,
}

impl Limit {
    fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut walls: Vec<Duration> = self.runs.iter().map(|run| run.wall).collect();
        walls.sort();
        walls.get((walls.len() * percent).div_ceil(100).checked_sub(1)?).copied()
    }

    fn holds(&self) -> bool {
        self.percentile(95).is_some_and(|wait| wait.as_millis() <= self.at_most_ms)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let ms = |percent| self.percentile(percent).map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3);
        let verdict = if self.holds() { "kept" } else { "NOT KEPT" };
        writeln!(f, "{}", self.title)?;
        writeln!(
            f,
            "  median {:.1} ms, 95 of 100 within {:.1} ms, at most {} ms: {verdict} ({} runs)",
            ms(50),
            ms(95),
            self.at_most_ms,
            self.runs.len()
        )
    }
}

/// A contender's name and how to run it once.
pub(super) type Measured<'a> = (&'static str, &'a dyn Fn() -> anyhow::Result<Cost>);

/// Takes turns, so that a slow minute of the machine hits both. Title and promise are for the caller to fill in.
pub(super) fn side_by_side(rounds: u32, ours: Measured, rival: Measured) -> Comparison {
    let mut contenders = [ours, rival].map(|(name, _)| Contender { name, outcome: Ok(Vec::new()) });
    for _ in 0..rounds {
        for (contender, (_, measure)) in contenders.iter_mut().zip([ours, rival]) {
            if let Ok(costs) = &mut contender.outcome {
                match measure() {
                    Ok(cost) => costs.push(cost),
                    Err(error) => contender.outcome = Err(format!("{error:#}")),
                }
            }
        }
    }
    Comparison { title: String::new(), at_most: 1.0, contenders: contenders.into(), remark: None }
}

/// Several contenders at the same work, and the ratio the first must keep to each of the others.
pub(super) struct Comparison {
    pub(super) title: String,
    /// At most this many times the wall time of every rival.
    pub(super) at_most: f64,
    /// Ours first.
    pub(super) contenders: Vec<Contender>,
    /// What else was seen.
    pub(super) remark: Option<String>,
}

/// One of the compared, with its runs or the reason why there are none.
pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) outcome: Result<Vec<Cost>, String>,
}

impl Contender {
    fn cost(&self) -> Option<Cost> {
        median(self.outcome.as_ref().ok()?)
    }
}

impl Comparison {
    /// Whether every contender ran and the promised ratio is kept.
    pub(super) fn holds(&self) -> bool {
        self.contenders.iter().all(|contender| contender.cost().is_some())
            && self.ratios().all(|ratio| ratio <= self.at_most)
    }

    /// Our wall time as a multiple of each rival's.
    fn ratios(&self) -> impl Iterator<Item = f64> {
        let ours = self.contenders.first().and_then(Contender::cost);
        let rivals = self.contenders.iter().skip(1).filter_map(Contender::cost);
        rivals.filter_map(move |rival| Some(ours?.wall.as_secs_f64() / rival.wall.as_secs_f64()))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for contender in &self.contenders {
            match (&contender.outcome, contender.cost()) {
                (Ok(runs), Some(cost)) => writeln!(
                    f,
                    "  {:<24} {:>9.3} s   peak {:>7.1} MB   median of {}",
                    contender.name,
                    cost.wall.as_secs_f64(),
                    cost.peak as f64 / 1e6,
                    runs.len()
                )?,
                (Err(reason), _) => writeln!(f, "  {:<24} not measured: {reason}", contender.name)?,
                (Ok(_), None) => writeln!(f, "  {:<24} not measured", contender.name)?,
            }
        }
        for ratio in self.ratios() {
            let verdict = if ratio <= self.at_most { "kept" } else { "NOT KEPT" };
            writeln!(f, "  ratio {ratio:.2}, at most {:.2}: {verdict}", self.at_most)?;
        }
        if let Some(remark) = &self.remark {
            writeln!(f, "  {remark}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(name: &'static str, millis: &[u64]) -> Contender {
        let cost = |&wall| Cost { wall: Duration::from_millis(wall), peak: 5_000_000 };
        Contender { name, outcome: Ok(millis.iter().map(cost).collect()) }
    }

    fn comparison(contenders: Vec<Contender>) -> Comparison {
        Comparison { title: "import".into(), at_most: 3.0, contenders, remark: None }
    }

    #[test]
    fn the_median_decides_and_not_the_luckiest_run() {
        assert!(comparison(vec![ran("ours", &[290, 900, 200]), ran("rival", &[100, 100, 1])]).holds(), "290 ≤ 3 × 100");
        assert!(
            !comparison(vec![ran("ours", &[310, 900, 200]), ran("rival", &[100, 100, 900])]).holds(),
            "310 > 3 × 100"
        );
    }

    #[test]
    fn what_was_not_measured_does_not_hold() {
        let missing = Contender { name: "ours", outcome: Err("no such command".into()) };
        let comparison = comparison(vec![missing, ran("rival", &[100])]);
        assert!(!comparison.holds(), "a promise is not kept by not measuring it");
        assert!(
            comparison.to_string().contains("ours                     not measured: no such command"),
            "the reason is shown"
        );
    }

    #[test]
    fn the_table_shows_seconds_memory_and_the_ratio() {
        let text = comparison(vec![ran("ours", &[250]), ran("rival", &[100])]).to_string();
        let expected = "import\n  ours                         0.250 s   peak     5.0 MB   median of 1\n  \
                        rival                        0.100 s   peak     5.0 MB   median of 1\n  ratio 2.50, at most 3.00: kept\n";
        assert_eq!(text, expected, "one line a contender and one a ratio");
    }
}
