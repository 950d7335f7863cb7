//! The rules, checked step by step:
//!
//! * S1: one first row for each schedule and due time.
//! * S2: each occurrence has a run, or a skipped row that stands for it; what people give up is counted from anew.
//! * S3: one open recurring run for each schedule.
//! * S6: no start before its due time and its earliest start.

use std::collections::{BTreeMap, BTreeSet};

use presell_scheduler::planning::{Timing, retry_bound};
use presell_scheduler::{Millis, Overlap, Schedule, ScheduleState};

use crate::life::Open;

/// What happened, to see that the year was not empty.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) ran: u64,
    pub(crate) retries: u64,
    pub(crate) crashed: u64,
    pub(crate) realigned: u64,
    skipped: BTreeMap<&'static str, i64>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        self.ran += other.ran;
        self.retries += other.retries;
        self.crashed += other.crashed;
        self.realigned += other.realigned;
        for (reason, count) in &other.skipped {
            *self.skipped.entry(reason).or_default() += count;
        }
    }

    pub(crate) fn skipped(&self, reason: &str) -> i64 {
        self.skipped.get(reason).copied().unwrap_or_default()
    }
}

/// The rules of one schedule, with what they remember.
pub(crate) struct Rules {
    pub(crate) tally: Tally,
    /// What the clock shows in this step.
    pub(crate) clock: Millis,
    seed: u64,
    step: u64,
    name: String,
    /// Due times that have a first row.
    rows: BTreeSet<Millis>,
    /// The latest row there was when a person or the clock last interfered: rows up to it may be met again, and are kept.
    known: Option<Millis>,
    /// The latest time the clock ever showed before it went back.
    latest: Millis,
    /// The first occurrence that no row stands for yet; none: nothing is due.
    open_from: Option<Millis>,
}

/// Asserts a rule; the message names seed, step, schedule and rule.
macro_rules! rule {
    ($rules:expr, $holds:expr, $rule:literal, $($said:tt)+) => {
        assert!($holds, "seed {}, step {} at {}, schedule {}: {} {}", $rules.seed, $rules.step, $rules.clock, $rules.name, $rule, format_args!($($said)+))
    };
}

impl Rules {
    pub(crate) fn new(seed: u64, schedule: &Schedule) -> Rules {
        let Schedule { id, job_id, zone, catch_up, overlap, .. } = schedule;
        Rules {
            tally: Tally::default(),
            clock: Millis::MIN,
            seed,
            step: 0,
            name: format!("{id} ({job_id}, {zone}, {catch_up}, {overlap})"),
            rows: BTreeSet::new(),
            known: None,
            latest: Millis::MIN,
            open_from: schedule.next_due_at,
        }
    }

    /// One more step.
    pub(crate) fn step(&mut self, now: Millis) {
        self.step += 1;
        rule!(self, now >= self.clock, "The model", "goes on in time: {now}");
        self.clock = now;
    }

    pub(crate) fn clock_went_back(&mut self, now: Millis) {
        self.latest = self.latest.max(self.clock);
        self.known = self.rows.last().copied();
        self.step += 1;
        self.clock = now;
    }

    /// S1, and S6 for the row itself. False: it has a row from before an edit or a clock that went back, and keeps it.
    pub(crate) fn first_row(&mut self, due: Millis, now: Millis) -> bool {
        rule!(self, due <= now, "S6:", "{due} has a row before its time");
        let is_new = self.rows.insert(due);
        rule!(self, is_new || self.known.is_some_and(|known| due <= known), "S1:", "{due} has two first rows");
        is_new
    }

    pub(crate) fn skipped(&mut self, reason: &'static str, covers: i64) {
        *self.tally.skipped.entry(reason).or_default() += covers;
    }

    pub(crate) fn superseded(&mut self) {
        self.skipped("SUPERSEDED", 1);
    }

    /// S2: the schedule moved from `old` to `new`, and rows stand for exactly the occurrences between.
    pub(crate) fn accounted(&mut self, timing: &Timing, old: Millis, new: Option<Millis>, covered: i64) {
        rule!(self, self.open_from == Some(old), "S2:", "nothing between {:?} and {old} has a row", self.open_from);
        let mut occurrences = 0;
        let mut at = Some(old);
        while at.is_some_and(|at| new.is_none_or(|new| at < new)) {
            occurrences += 1;
            at = at.and_then(|at| timing.next(at));
        }
        rule!(self, covered == occurrences, "S2:", "{occurrences} from {old} to {new:?}, but rows for {covered}");
        rule!(self, at == new, "S2:", "it waits for {new:?}, which is no occurrence");
        self.open_from = new;
    }

    /// S2: a person, or a clock that went back, says from when on occurrences count.
    pub(crate) fn waits_anew(&mut self, next: Option<Millis>) {
        self.open_from = next;
        self.known = self.rows.last().copied();
    }

    /// S1 and S2: after the clock went back it waits for the first occurrence that has no row, or already for an earlier one.
    pub(crate) fn realigned(&self, timing: &Timing, before: Option<Millis>, after: Option<Millis>) {
        let mut ahead = std::iter::successors(timing.next(self.clock), |at| timing.next(*at));
        let free = ahead.find(|at| !self.rows.contains(at));
        let right = before.map(|before| free.map_or(before, |free| free.min(before)));
        rule!(self, after == right, "S2:", "the clock went back: it waits for {after:?}, not for {right:?}");
    }

    /// S2: it never waits for what has passed.
    pub(crate) fn goes_on(&self, next: Option<Millis>, now: Millis) {
        rule!(self, next.is_none_or(|next| next > now), "S2:", "it waits for {next:?}, which has passed");
    }

    /// S2: whoever is awake leaves nothing undone. `due`: of a schedule that may tick.
    pub(crate) fn nothing_waits(&self, due: Option<Millis>, now: Millis) {
        rule!(self, due.is_none_or(|due| due > now), "S2:", "{due:?} is due and was left undone");
    }

    /// S3: a run is inserted.
    pub(crate) fn opens(&mut self, open: &Option<Open>, due: Millis) {
        rule!(self, open.is_none(), "S3:", "{due} opens a run beside {open:?}");
    }

    /// S3 and the states: what is open belongs to a schedule that may have it.
    pub(crate) fn one_at_most(&self, schedule: &Schedule, open: &Option<Open>) {
        let Some(open) = open else { return };
        rule!(self, open.attempt <= schedule.max_attempts, "S3:", "attempt {} is one too many", open.attempt);
        rule!(self, self.rows.contains(&open.due), "S1:", "the run of {} has no first row", open.due);
        let waits = schedule.next_due_at.is_some_and(|next| next <= self.clock);
        let may_wait = schedule.overlap != Overlap::Skip || schedule.catch_up == presell_scheduler::CatchUp::RunAll;
        let on = schedule.state == ScheduleState::Enabled;
        rule!(self, !on || !waits || may_wait, "S3:", "with overlap skip nothing waits for the run before");
    }

    /// S6: a run starts.
    pub(crate) fn starts(&mut self, due: Millis, available_at: Millis, now: Millis) {
        self.tally.ran += 1;
        // A clock that went back during the run before may show less than the due time of its retry.
        let is_due = now >= due || self.latest >= due;
        rule!(self, is_due && now >= available_at, "S6:", "{due} starts at {now}, before {available_at}");
    }

    /// A retry never reaches the next occurrence, nor its bound.
    pub(crate) fn retries(&mut self, schedule: &Schedule, attempt: i64, at: Millis, now: Millis) {
        self.tally.retries += 1;
        rule!(self, attempt < schedule.max_attempts, "Retry:", "after attempt {attempt} none is left");
        rule!(self, at >= now && at <= now + retry_bound(attempt), "Retry:", "{at} is not within its bound");
        rule!(
            self,
            schedule.next_due_at.is_none_or(|next| at < next),
            "Retry:",
            "{at} is not before {:?}",
            schedule.next_due_at
        );
    }

    /// Occurrences after `now` that have a row.
    pub(crate) fn taken(&self, now: Millis) -> BTreeSet<Millis> {
        self.rows.range(now + 1..).copied().collect()
    }
}
