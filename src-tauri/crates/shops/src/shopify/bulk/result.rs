//! The result of a bulk operation: one line for each line that was sent, in any order.

use serde_json::Value;

use crate::adapter::{Outcome, Reason};
use crate::plan::Op;
use crate::shopify::answer::Problem;
use crate::shopify::write::{Verdict, Write, judge};

/// Operations by what became of them; together they are all that was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) done: usize,
    pub(super) failed: usize,
    pub(super) missing: usize,
}

impl Count {
    pub(super) fn whole(self) -> bool {
        self.failed == 0 && self.missing == 0
    }

    pub(super) fn words(self, status: &str) -> String {
        let Count { done, failed, missing } = self;
        format!("{done} done, {failed} failed, {missing} without a result; Shopify calls the operation {status}.")
    }
}

/// Completed only means that it ran: what counts is in the lines. Operations without a line are unknown.
pub(super) fn read(
    write: &dyn Write,
    ops: &[Op],
    lines: &[Vec<usize>],
    text: &[u8],
    status: &str,
) -> (Vec<Verdict>, Count) {
    let mut verdicts: Vec<Option<Verdict>> = vec![None; ops.len()];
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let Ok(said) = serde_json::from_slice::<Value>(line) else { continue };
        let Some(places) = said["__lineNumber"].as_u64().and_then(|n| lines.get(usize::try_from(n).ok()?)) else {
            tracing::warn!("the result of a bulk operation has a line that was not sent");
            continue;
        };
        let problems: Vec<Problem> = (said["errors"].as_array().into_iter().flatten())
            .map(|error| Problem {
                code: error["extensions"]["code"].as_str().unwrap_or("ERROR").to_owned(),
                message: error["message"].as_str().unwrap_or("The shop gives no reason.").to_owned(),
                field: None,
            })
            .collect();
        let line: Vec<&Op> = places.iter().map(|place| &ops[*place]).collect();
        let payload = said["data"].get(write.mutation().field);
        let judged = judge(write, &line, payload, &problems.iter().collect::<Vec<_>>());
        for (place, verdict) in places.iter().zip(judged) {
            verdicts[*place] = Some(verdict);
        }
    }
    let mut count = Count::default();
    let missing = Reason::new("NO_LINE", format!("The bulk operation is {status}, and its result leaves this out."));
    let verdicts = verdicts.into_iter().map(|verdict| {
        match &verdict {
            Some(Verdict::Is(Outcome::Done(_))) => count.done += 1,
            Some(_) => count.failed += 1,
            None => count.missing += 1,
        }
        verdict.unwrap_or_else(|| Verdict::Is(Outcome::Unknown(missing.clone())))
    });
    (verdicts.collect(), count)
}
