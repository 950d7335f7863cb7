//! How many tests passed and failed, read from what the test runners write.

use std::fmt;
use std::iter::Sum;

use anyhow::{Context, Result};

/// Tests that ran; skipped ones are neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |a, b| Counts { passed: a.passed + b.passed, failed: a.failed + b.failed })
    }
}

/// Counts in the JUnit report that nextest writes; time-outs and tests that could not start are failures.
///
/// # Errors
/// The text is no such report.
pub(super) fn of_junit(report: &str) -> Result<Counts> {
    let element = report
        .split_once("<testsuites ")
        .and_then(|(_, rest)| rest.split_once('>'))
        .context("nextest's report has no <testsuites>")?
        .0;
    let number = |name: &str| -> Result<usize> {
        let value = element.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        let (value, _) = value.with_context(|| format!("nextest's report does not say {name}"))?;
        value.parse().with_context(|| format!("nextest's report says {name} {value}"))
    };
    let failed = number("failures")? + number("errors")?;
    Ok(Counts { passed: number("tests")?.saturating_sub(failed), failed })
}

/// The tests of a JUnit report that failed, each with the first line of its reason: what a reader of a long log looks for.
pub(super) fn failures_of_junit(report: &str) -> Vec<String> {
    let cases = report.split("<testcase ").skip(1).map(|case| case.split("</testcase>").next().unwrap_or(case));
    let failed = cases.filter(|case| case.contains("<failure") || case.contains("<error"));
    failed.map(|case| format!("{}: {}", attribute(case, "name"), attribute(case, "message"))).collect()
}

/// The first value of an attribute in `xml`, its first line, readable.
fn attribute(xml: &str, name: &str) -> String {
    let value = xml.split_once(&format!(" {name}=\"")).or_else(|| xml.split_once(&format!("{name}=\"")));
    let value = value.and_then(|(_, rest)| rest.split_once('"')).map_or("", |(value, _)| value);
    let value = value.split("&#10;").next().and_then(|value| value.lines().next()).unwrap_or_default();
    value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// Counts in the output of `cargo test`: one `test result:` line a package.
pub(super) fn of_cargo_test(output: &str) -> Counts {
    let before = |line: &str, word: &str| -> usize {
        let number = line.split(word).next().and_then(|rest| rest.split_whitespace().next_back());
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    let lines = output.lines().filter_map(|line| line.trim().strip_prefix("test result:"));
    lines.map(|line| Counts { passed: before(line, " passed"), failed: before(line, " failed") }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_nextest_is_read() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="12" failures="2" errors="1" uuid="0e" timestamp="2026-11-23T10:00:00" time="1.2">
    <testsuite name="presell-store" tests="99" disabled="0" errors="7" failures="7">"#;
        assert_eq!(
            of_junit(report).unwrap(),
            Counts { passed: 9, failed: 3 },
            "the sums of the whole run count, not a suite's"
        );
    }

    #[test]
    fn a_broken_report_is_an_error_and_not_zero_tests() {
        for report in ["", "<testsuites tests=\"3\">", "<testsuites tests=\"x\" failures=\"0\" errors=\"0\">"] {
            assert!(of_junit(report).is_err(), "{report:?} says nothing about the tests");
        }
    }

    #[test]
    fn the_tests_that_failed_are_named_with_their_reason() {
        let report = r#"<testsuites tests="3"><testsuite name="pages">
            <testcase name="a page &gt; opens" classname="shell.spec.ts" time="1"></testcase>
            <testcase name="a tick &quot;on&quot; holds" classname="jobs.spec.ts" time="1">
              <failure message="it was off&#10;at line 3" type="FAILURE">long text</failure></testcase>
            <testcase name="never started" time="0"><error message="no binary"/></testcase>"#;
        assert_eq!(
            failures_of_junit(report),
            ["a tick \"on\" holds: it was off", "never started: no binary"],
            "those that passed are not named"
        );
    }

    #[test]
    fn doc_tests_of_all_packages_are_summed() {
        let output = "running 2 tests\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                      test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(of_cargo_test(output), Counts { passed: 3, failed: 3 }, "ignored tests are neither");
    }
}
