//! The computer: awake for a while, then something happens to it, to its clock, or to somebody's schedule.

use presell_scheduler::Millis;

use crate::life::Life;
use crate::{DAY, HOUR, MINUTE, SECOND};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Luck {
    /// A server.
    None,
    /// A laptop with people in front of it.
    All,
}

/// A lease ends after this; whoever was away for longer has lost its runs.
const LEASE: Millis = 30 * SECOND;

pub(crate) struct Computer {
    /// What its clock shows.
    pub(crate) now: Millis,
    luck: Luck,
    dice: fastrand::Rng,
    /// The clock is ahead by this and will be set right.
    ahead: Millis,
}

impl Computer {
    pub(crate) fn new(seed: u64, luck: Luck, now: Millis) -> Computer {
        Computer { now, luck, dice: fastrand::Rng::with_seed(seed ^ 0xC0), ahead: 0 }
    }

    /// Awake from now until the moment returned.
    pub(crate) fn awake(&mut self) -> Millis {
        let most = if self.luck == Luck::None || self.dice.u8(0..3) > 0 { DAY } else { HOUR };
        self.now += self.dice.i64(MINUTE..most);
        self.now
    }

    /// From a minute to days; short spans as often as long ones.
    fn while_(&mut self) -> Millis {
        let most = [5 * MINUTE, 2 * HOUR, 12 * HOUR, 4 * DAY][self.dice.usize(0..4)];
        self.dice.i64(MINUTE..most)
    }

    /// What happens next.
    pub(crate) fn trouble(&mut self, lives: &mut [Life]) {
        if self.luck == Luck::None {
            return;
        }
        match self.dice.u8(0..100) {
            0..40 => self.sleep(lives),
            40..55 => self.crash(lives),
            55..60 if self.ahead == 0 => {
                self.ahead = self.while_();
                self.jump(lives, self.ahead);
            }
            // A clock that is ahead is set right before long.
            55..70 if self.ahead > 0 => {
                let back = std::mem::take(&mut self.ahead);
                self.jump(lives, -back);
            }
            60..66 => {
                let back = self.while_().min(6 * HOUR);
                self.jump(lives, -back);
            }
            _ => {
                for _ in 0..4 {
                    let at = self.dice.usize(0..lives.len());
                    let choice = self.dice.u8(0..10);
                    lives[at].person(self.now, choice);
                }
            }
        }
    }

    /// The lid is closed for a while.
    fn sleep(&mut self, lives: &mut [Life]) {
        let span = self.while_();
        self.now += span;
        for life in lives {
            life.away(self.now, span, span > LEASE);
        }
    }

    /// The app dies and is started again, at once or much later; its runs are lost.
    fn crash(&mut self, lives: &mut [Life]) {
        let span = if self.dice.bool() { self.dice.i64(SECOND..MINUTE) } else { self.while_() };
        self.now += span;
        for life in lives {
            life.away(self.now, span, true);
        }
    }

    /// The clock is set.
    fn jump(&mut self, lives: &mut [Life], by: Millis) {
        self.now += by;
        for life in lives {
            if by > 0 {
                life.away(self.now, by, by > LEASE);
            } else {
                life.back(self.now, by);
            }
        }
    }
}
