//! What goes into one document.

use crate::adapter::{Outcome, Reason};
use crate::shopify::retry::Backoff;

/// Operations in one document.
const OPERATIONS: usize = 250;

/// Operations by their places, as units of one document, and how often it was tried.
pub(super) struct Part {
    pub(super) units: Vec<Vec<usize>>,
    pub(super) backoff: Backoff,
    /// An earlier try may have done them, as far as anybody knows.
    pub(super) unsure: Option<Reason>,
}

impl Part {
    pub(super) fn new(units: Vec<Vec<usize>>) -> Part {
        Part { units, backoff: Backoff::default(), unsure: None }
    }

    /// What they come to when they are not tried any more.
    pub(super) fn given_up(&self, why: Reason) -> Outcome {
        match &self.unsure {
            Some(unsure) => Outcome::Unknown(unsure.clone()),
            None => Outcome::Later(why),
        }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.units.iter().flatten().copied()
    }

    /// Two documents of half the units; of one unit, two of half the operations.
    pub(super) fn halves(&self) -> Option<[Part; 2]> {
        let half =
            |left: &[Vec<usize>], right: &[Vec<usize>]| Some([Part::new(left.to_vec()), Part::new(right.to_vec())]);
        match &self.units[..] {
            [unit] if unit.len() > 1 => {
                let (left, right) = unit.split_at(unit.len() / 2);
                half(&[left.to_vec()], &[right.to_vec()])
            }
            [_] | [] => None,
            units => {
                let (left, right) = units.split_at(units.len() / 2);
                half(left, right)
            }
        }
    }
}

/// Units as documents, so many in each, and no more operations than one call may have: the shop cuts a request after about
/// ten seconds.
pub(super) fn documents(units: Vec<Vec<usize>>, most: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for unit in units {
        match parts.last_mut() {
            Some(part) if part.units.len() < most && part.places().count() + unit.len() <= OPERATIONS => {
                part.units.push(unit);
            }
            _ => parts.push(Part::new(vec![unit])),
        }
    }
    parts
}
