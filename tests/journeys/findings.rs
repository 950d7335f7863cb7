//! What an import must tell about a file, and what it must leave alone while it does.

use serde_json::Value;

use crate::support::Presell;

/// A finding as a person reads it.
pub(crate) struct Finding<'a> {
    /// The check.
    pub(crate) code: &'a str,
    /// `file`, `refused`, `asks` or `note`.
    pub(crate) severity: &'a str,
    /// The row, as a spreadsheet numbers it.
    pub(crate) row: Option<u64>,
    /// The header of the column, where one is to blame.
    pub(crate) column: Option<&'a str>,
    /// Words that the message must hold.
    pub(crate) words: &'a [&'a str],
}

impl Finding<'_> {
    /// The finding stands among these problems, with its place and in plain words.
    pub(crate) fn is_told(&self, problems: &Value, file: &str) {
        let all = problems.as_array().unwrap();
        let Finding { code, severity, row, column, words } = *self;
        let fits = |p: &&Value| p["code"] == code && p["severity"] == severity && p["row"].as_u64() == row;
        let found: Vec<&Value> = all.iter().filter(fits).collect();
        assert!(!found.is_empty(), "{file}: there is a finding {code} ({severity}) at row {row:?}: {problems:#}");
        let says = |p: &&&Value| words.iter().all(|word| p["message"].as_str().unwrap().contains(word));
        let Some(found) = found.iter().find(says) else { panic!("{file}: {code} speaks of {words:?}: {found:#?}") };
        if column.is_some() {
            assert_eq!(found["column"].as_str(), column, "{file}: {code} names the column: {found:#}");
        }
        let message = found["message"].as_str().unwrap();
        assert!(message.ends_with('.'), "{file}: {code} speaks in sentences: {message}");
        for jargon in ["Err(", "unwrap", "None", "Some(", "parse error", "null"] {
            assert!(!message.contains(jargon), "{file}: {code} speaks to a merchandiser, not a programmer: {message}");
        }
    }
}

/// Products whose explanation may not change while a file is refused.
const WATCHED: [&str; 3] = ["A", "B", "NOBODY"];

impl Presell {
    /// A store with a listed product A (PO-1 line 1), a product B, and the product 00123.
    pub(crate) fn with_stock_and_orders(self) -> Presell {
        self.takes("purchase-orders", &["PO-1,1,A,10,2026-12-15,WH,Y,APPROVED"]);
        self.takes("inventory", &["A,0,WH", "B,5,WH", "00123,5,WH"]);
        assert_eq!(self.json(&["refresh"])["added"], 1, "A is listed");
        self
    }

    fn is_still(&self, before: &[String], rule: &str) {
        for (before, after) in before.iter().zip(self.state(&WATCHED)) {
            assert_eq!(*before, after, "{rule}");
        }
    }

    /// The file is refused as a whole: status 1, the finding, and nothing changed.
    pub(crate) fn refuses(&self, kind: &str, file: &str, finding: &Finding<'_>) {
        let before = self.state(&WATCHED);
        let (status, error) = self.error(&["import", kind, file]);
        assert_eq!((status, &error["code"]), (1, &"fileRefused".into()), "{file} is refused as a whole: {error:#}");
        finding.is_told(&error["problems"], file);
        let plain = self.run(&["import", kind, file]);
        assert_eq!(plain.status, 1, "{file}: people get the same exit status");
        for word in finding.words {
            // The words are wrapped for the terminal.
            let told = plain.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains(word), "{file}: people read of \"{word}\" too: {}", plain.stderr);
        }
        self.is_still(&before, &format!("{file}: a refused file changes nothing"));
    }

    /// Every row is left out: status 3, the finding, and nothing changed; for a row that asks, a confirmation takes it.
    pub(crate) fn leaves_out(&self, kind: &str, file: &str, options: &[&str], finding: &Finding<'_>) {
        let before = self.state(&WATCHED);
        let call = [&["import", kind, file], options].concat();
        let output = self.run(&[&call[..], &["--json"]].concat());
        assert_eq!(output.status, 3, "{file}: rows left out are done in part: {}", output.stdout);
        assert!(output.stderr.contains("Done in part"), "{file}: which standard error says: {}", output.stderr);
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!((&report["accepted"], &report["refused"]), (&0.into(), &report["rows"]), "{file}: no row is taken");
        finding.is_told(&report["problems"], file);
        let confirmed = self.run(&[&call[..], &["--confirm", "--dry-run", "--json"]].concat());
        match finding.severity {
            "asks" => {
                assert_eq!(report["unconfirmed"], report["refused"], "{file}: its rows wait for a yes: {report:#}");
                assert_eq!(confirmed.status, 0, "{file}: a yes takes them: {}", confirmed.stdout);
            }
            _ => assert_eq!(confirmed.status, 3, "{file}: no yes makes a wrong row right: {}", confirmed.stdout),
        }
        self.is_still(&before, &format!("{file}: neither a row that is left out nor a dry run changes anything"));
    }

    /// Every row would be taken: status 0, and nothing is written by a dry run. Returns its report.
    pub(crate) fn passes(&self, kind: &str, file: &str, options: &[&str]) -> Value {
        let before = self.state(&WATCHED);
        let output = self.run(&[&["import", kind, file, "--dry-run", "--json"], options].concat());
        assert_eq!(output.status, 0, "{file} is in order: {} {}", output.stdout, output.stderr);
        self.is_still(&before, &format!("{file}: a dry run changes nothing"));
        serde_json::from_str(&output.stdout).unwrap()
    }
}
