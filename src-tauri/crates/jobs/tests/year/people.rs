//! What people do to a schedule: pause, resume, skip one, choose another frequency, switch off and on.

use presell_scheduler::planning::{Frequency, Recurrence};
use presell_scheduler::{Millis, ScheduleState, reason};

use crate::fleet::custom;
use crate::life::Life;

impl Life {
    /// Does what a person chose, if the schedule is in a state for it.
    pub(crate) fn person(&mut self, now: Millis, choice: u8) {
        self.rules.step(now);
        match (self.schedule.state, choice) {
            (ScheduleState::Enabled, 0..2) => self.schedule.state = ScheduleState::Paused,
            (ScheduleState::Enabled, 2..5) => self.skip_one(now),
            (ScheduleState::Enabled, 5..8) => self.edit(now),
            (ScheduleState::Enabled, _) => {
                (self.schedule.state, self.schedule.next_due_at) = (ScheduleState::Draft, None);
                self.cancel_waiting();
                self.rules.waits_anew(None);
            }
            (ScheduleState::Paused, 0..6) => self.resume(now),
            // Catch up: as if it had been asleep.
            (ScheduleState::Paused, _) => self.schedule.state = ScheduleState::Enabled,
            (ScheduleState::Draft, _) => {
                self.schedule.state = ScheduleState::Enabled;
                self.wait_from(now);
            }
        }
    }

    fn skip_one(&mut self, now: Millis) {
        let Some((due, next)) = self.schedule.next_due_at.and_then(|due| Some((due, self.timing.next(due)?))) else {
            return;
        };
        self.schedule.next_due_at = Some(next);
        self.left_out(due, 1, reason::BY_USER, now);
        self.rules.accounted(&self.timing, due, Some(next), 1);
    }

    fn resume(&mut self, now: Millis) {
        self.schedule.state = ScheduleState::Enabled;
        let Some(due) = self.schedule.next_due_at.filter(|due| *due <= now) else { return };
        let (newest, covers) = self.timing.count(due + 1, now).map_or((due, 1), |(newest, count)| (newest, count + 1));
        self.left_out(newest, covers, reason::PAUSED, now);
        self.rules.accounted(&self.timing, due, self.timing.next(now), covers);
        self.wait_from(now);
    }

    /// Another frequency; its phase stays.
    fn edit(&mut self, now: Millis) {
        let offered = [
            Frequency::Every5Minutes,
            Frequency::Every30Minutes,
            Frequency::Hourly,
            Frequency::Every6Hours,
            Frequency::Everyday,
        ];
        let chosen = self.dice.usize(0..offered.len() + 2);
        let recurrence = match offered.get(chosen) {
            Some(frequency) => frequency.recurrence().unwrap(),
            None if chosen == offered.len() => custom("*/20 * * * *"),
            None => custom("45 1 * * *"),
        };
        if self.timing.recurrence == recurrence || self.timing.recurrence == Recurrence::OnDemand {
            return;
        }
        self.schedule.kind = recurrence.kind().to_owned();
        self.timing.recurrence = recurrence;
        self.wait_from(now);
    }

    /// Waits for the first occurrence that has no row; what was still to come is given up.
    fn wait_from(&mut self, now: Millis) {
        let taken = self.rules.taken(now);
        self.schedule.next_due_at = self.timing.next_without_row(now, &taken);
        self.rules.waits_anew(self.schedule.next_due_at);
    }
}
