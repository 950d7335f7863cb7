//! The verdict for people: figures under their headings, then what must be zero, then one sentence.

use std::fmt;

use super::Verdict;

/// A heading.
pub(crate) fn heading(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    writeln!(f, "\n{text}")
}

/// One number and what it is.
pub(crate) fn line(f: &mut fmt::Formatter<'_>, what: &str, value: i64) -> fmt::Result {
    writeln!(f, "  {what:<52} {:>9}", thousands(value))
}

/// 1234567 as 1,234,567.
fn thousands(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    format!("{}{}", if value < 0 { "−" } else { "" }, groups.join(","))
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(f)?;
        writeln!(f, "\n{}", self.sentence())
    }
}

impl Verdict {
    /// Figures under their headings, then what must be zero.
    pub(crate) fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = "";
        for figure in &self.figures {
            if figure.group != group {
                group = figure.group;
                heading(f, group)?;
            }
            line(f, &figure.what, figure.value)?;
        }
        heading(f, "What must be zero")?;
        for rule in &self.rules {
            let mark = if rule.count == 0 { "" } else { "  ← broken" };
            let count = thousands(i64::try_from(rule.count).unwrap_or(i64::MAX));
            writeln!(f, "  {:<3} {:<48} {count:>9}{mark}", rule.rule, rule.what)?;
            for example in &rule.examples {
                writeln!(f, "        {example}")?;
            }
        }
        Ok(())
    }

    /// What came out, in one sentence.
    fn sentence(&self) -> String {
        let figure = |what| thousands(self.figure(what).unwrap_or_default());
        let found = |what| thousands(self.found(what).and_then(|count| i64::try_from(count).ok()).unwrap_or_default());
        let counts = format!(
            "{} occurrences: {} duplicates, {} missing, {} unfinished; {} stale finishes rejected, {} effects doubled.",
            figure("occurrences with a row"),
            found("occurrences with two first rows"),
            found("occurrences missing"),
            found("runs that did not end"),
            figure("stale finishes rejected"),
            found("effects doubled"),
        );
        if self.holds() {
            return format!("{counts}\nNothing lost, nothing twice, nothing early.");
        }
        let broken: Vec<&str> = self.rules.iter().filter(|rule| rule.count > 0).map(|rule| rule.what).collect();
        format!("{counts}\nNOT as it must be: {}.", broken.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-4_000, "−4,000")]
        {
            assert_eq!(thousands(value), text, "digits stand in groups of three");
        }
    }
}
