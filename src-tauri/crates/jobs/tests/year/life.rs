//! The life of one schedule with its runs: ticks by the real plan, runs that take their time, end well or do not.

use presell_scheduler::planning::{Fate, Timing, plan, realign, retry_at};
use presell_scheduler::{CatchUp, Millis, Overlap, Schedule, ScheduleState};

use crate::rules::Rules;
use crate::{HOUR, MINUTE, SECOND};

/// The open recurring run.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) due: Millis,
    pub(crate) attempt: i64,
    available_at: Millis,
    created_at: Millis,
    /// When it will end; none: it has not started.
    ends: Option<Millis>,
    stopped: bool,
}

impl Open {
    /// A retry that waits does not hold up its schedule.
    fn is_waiting_retry(&self) -> bool {
        self.attempt > 1 && self.ends.is_none()
    }
}

pub(crate) struct Life {
    pub(crate) schedule: Schedule,
    pub(crate) timing: Timing,
    pub(crate) open: Option<Open>,
    pub(crate) rules: Rules,
    pub(crate) dice: fastrand::Rng,
}

impl Life {
    pub(crate) fn new(seed: u64, schedule: Schedule, timing: Timing, dice: fastrand::Rng) -> Life {
        let rules = Rules::new(seed, &schedule);
        Life { schedule, timing, open: None, rules, dice }
    }

    /// Lives on until the clock shows `end`.
    pub(crate) fn until(&mut self, end: Millis) {
        while let Some(now) = self.next().filter(|at| *at <= end) {
            self.step(now);
        }
        self.rest(end);
    }

    /// The next moment at which something is to do; it may have passed while nobody was there.
    fn next(&self) -> Option<Millis> {
        let tick = self.schedule.next_due_at.filter(|_| self.may_tick());
        // One that is in the way of the next is asked to stop when that is due.
        let stop = self.schedule.next_due_at.filter(|_| self.must_stop());
        let run = self.open.as_ref().map(|open| open.ends.unwrap_or(open.available_at));
        [tick, stop, run].into_iter().flatten().min()
    }

    fn is_busy(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.is_waiting_retry())
    }

    fn may_tick(&self) -> bool {
        self.schedule.state == ScheduleState::Enabled && (self.schedule.overlap == Overlap::Skip || !self.is_busy())
    }

    fn must_stop(&self) -> bool {
        let at_work = self.open.as_ref().is_some_and(|open| open.ends.is_some() && !open.stopped);
        self.schedule.state == ScheduleState::Enabled && self.schedule.overlap == Overlap::StopPrevious && at_work
    }

    /// One step of a round, in its order: ends, the tick, starts.
    fn step(&mut self, at: Millis) {
        // What was missed is done now; the clock never shows an earlier time within one stretch of being awake.
        let now = at.max(self.rules.clock);
        self.rules.step(now);
        if self.open.as_ref().is_some_and(|open| open.ends.is_some_and(|ends| ends <= now)) {
            let lucky = self.dice.u8(0..100) < 94;
            self.end(now, !lucky);
        }
        let due = self.schedule.next_due_at.is_some_and(|due| due <= now);
        if due
            && self.must_stop()
            && let Some(open) = &mut self.open
        {
            open.stopped = true;
            open.ends = open.ends.map(|ends| ends.min(now + 5 * SECOND));
        }
        if due && self.may_tick() {
            self.tick(now);
        }
        self.start(now);
        self.rules.one_at_most(&self.schedule, &self.open);
    }

    fn tick(&mut self, now: Millis) {
        let (old, busy) = (self.schedule.next_due_at.unwrap(), self.is_busy());
        let plan = plan(&self.schedule, &self.timing, now, busy);
        self.schedule.next_due_at = plan.next_due;
        if self.open.as_ref().is_some_and(Open::is_waiting_retry) {
            self.rules.superseded();
            self.open = None;
        }
        for row in &plan.rows {
            let is_new = self.rules.first_row(row.due, now);
            match row.fate {
                Fate::Run { available_at } if is_new => {
                    self.rules.opens(&self.open, row.due);
                    self.open = Some(Open {
                        due: row.due,
                        attempt: 1,
                        available_at,
                        created_at: now,
                        ends: None,
                        stopped: false,
                    });
                }
                Fate::Run { .. } => {}
                Fate::Skipped { reason, covers } => self.rules.skipped(reason, covers),
            }
        }
        let runs = plan.rows.iter().filter(|row| matches!(row.fate, Fate::Run { .. })).count() as i64;
        let covered: i64 =
            plan.rows.iter().map(|row| if let Fate::Skipped { covers, .. } = row.fate { covers } else { 0 }).sum();
        self.rules.accounted(&self.timing, old, plan.next_due, runs + covered);
        if self.schedule.catch_up != CatchUp::RunAll || busy {
            self.rules.goes_on(plan.next_due, now);
        }
    }

    /// Starts what may start, and decides how long it takes.
    fn start(&mut self, now: Millis) {
        let Some(open) = self.open.as_mut().filter(|open| open.ends.is_none() && open.available_at <= now) else {
            return;
        };
        self.rules.starts(open.due, open.available_at, now);
        let long = match self.dice.u8(0..200) {
            0..2 => self.dice.i64(HOUR..8 * HOUR),
            2..12 => self.dice.i64(MINUTE..40 * MINUTE),
            _ => self.dice.i64(SECOND..MINUTE),
        };
        open.ends = Some(now + long);
    }

    /// The run at work ends; a failure that may pass is tried again.
    fn end(&mut self, now: Millis, failed: bool) {
        let Some(open) = self.open.take() else { return };
        (self.schedule.last_from, self.schedule.last_until) = (Some(open.created_at), Some(now));
        if !failed || open.stopped {
            return;
        }
        let (next, draw) = (self.schedule.next_due_at, self.dice.f64());
        if let Some(at) = retry_at(open.attempt, self.schedule.max_attempts, now, next, draw) {
            self.rules.retries(&self.schedule, open.attempt, at, now);
            let attempt = open.attempt + 1;
            self.open = Some(Open { attempt, available_at: at, created_at: now, ends: None, ..open });
        }
    }

    /// All that was due is done, or waits for the run before.
    fn rest(&mut self, now: Millis) {
        self.rules.step(now);
        let due = self.schedule.next_due_at.filter(|_| self.may_tick());
        self.rules.nothing_waits(due, now);
    }

    /// Nobody was there for `span`, and now the clock shows `now`; a run at work is lost, or goes on where it was.
    pub(crate) fn away(&mut self, now: Millis, span: Millis, lost: bool) {
        self.rules.step(now);
        if let Some(open) = self.open.as_mut().filter(|open| open.ends.is_some()) {
            if lost {
                self.rules.tally.crashed += 1;
                self.end(now, true);
            } else {
                open.ends = open.ends.map(|ends| ends + span);
            }
        }
    }

    /// The clock was set back.
    pub(crate) fn back(&mut self, now: Millis, by: Millis) {
        self.rules.clock_went_back(now);
        if let Some(open) = &mut self.open {
            // It takes as long as it takes, whatever the clock shows; what waits, waits for its time again.
            open.ends = open.ends.map(|ends| ends + by);
        }
        if self.schedule.state == ScheduleState::Enabled {
            let (taken, before) = (self.rules.taken(now), self.schedule.next_due_at);
            if let Some(next) = realign(&self.schedule, &self.timing, now, &taken) {
                self.schedule.next_due_at = Some(next);
                self.rules.waits_anew(Some(next));
                self.rules.tally.realigned += 1;
            }
            self.rules.realigned(&self.timing, before, self.schedule.next_due_at);
        }
    }

    /// A row for occurrences that a person left out.
    pub(crate) fn left_out(&mut self, newest: Millis, covers: i64, why: &'static str, now: Millis) {
        self.rules.first_row(newest, now.max(newest));
        self.rules.skipped(why, covers);
    }

    /// Waiting recurring runs are cancelled; one at work goes on.
    pub(crate) fn cancel_waiting(&mut self) {
        self.open = self.open.take().filter(|open| open.ends.is_some());
    }
}
