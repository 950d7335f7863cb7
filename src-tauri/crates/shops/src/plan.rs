//! What has to be done in a shop so that it shows what is wanted. Pure: the preview and the sync are the same plan.
//!
//! The order is the safety. A half-done listing shows nothing wrong, and a half-done delisting has stopped selling already:
//!
//! * list: mark, tag, sell;
//! * take off: stop, tag off, unmark;
//! * move to the other class: new tag, mark with the new class in one write, old tag off; it goes on selling throughout.

mod family;
mod step;
#[cfg(test)]
mod tests;

pub use family::{Action, Family, Ours, Variant};
pub use step::{Expect, Op, Step};

use presell_catalog::rules::Class;

use crate::model::{Mark, Want};
use crate::settings::Drift;

/// What a sync may write, and how it takes other people's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What the jobs that are switched on cover.
    pub allowed: Allowed,
    /// What is done where somebody else changed what Presell wrote.
    pub drift: Drift,
    /// Gives a variant its own earlier freedom back when it leaves the list.
    pub restore_policy: bool,
}

/// Kinds of writes that somebody switched on, each by a job of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Marks and selling without stock.
    pub variants: bool,
    /// Tags are put on for these classes: pre-order, backorder.
    pub tags_on: [bool; 2],
    /// Tags are taken off for these classes.
    pub tags_off: [bool; 2],
}

impl Allowed {
    /// Everything.
    pub const ALL: Allowed = Allowed { variants: true, tags_on: [true; 2], tags_off: [true; 2] };
    /// Nothing.
    pub const NONE: Allowed = Allowed { variants: false, tags_on: [false; 2], tags_off: [false; 2] };

    fn covers(self, step: Step) -> bool {
        let at = |class: Class| usize::from(class == Class::Backorder);
        match step {
            Step::TagOn(class) => self.tags_on[at(class)],
            Step::TagOff(class) => self.tags_off[at(class)],
            Step::Stop | Step::Mark | Step::Remark | Step::Sell | Step::Unmark => self.variants,
        }
    }
}

/// The operations for one product of the shop with all its linked variants, in the order in which they must be done.
/// Empty: the shop shows what is wanted.
pub fn plan(family: &Family, rules: Rules) -> Vec<Op> {
    let mut ops: Vec<Op> = family.variants.iter().flat_map(|variant| of_variant(family, variant, rules)).collect();
    ops.extend(of_tags(family, rules));
    ops.retain(|op| rules.allowed.covers(op.step));
    ops.sort_by_key(|op| op.step);
    // There may be a hundred thousand of these.
    ops.shrink_to_fit();
    ops
}

fn of_variant(family: &Family, variant: &Variant, rules: Rules) -> Vec<Op> {
    let op = |step, listing| Op::on_variant(step, family, variant, listing);
    let confirmed = variant.ours.listed;
    // Somebody else's change is put right only if the shop is set so; what we changed our mind about always is, and so is
    // what we may have left half done.
    let ours_to_change = |changed: bool| changed || variant.ours.half_done || rules.drift == Drift::Repair;
    let mut ops = Vec::new();
    match variant.want {
        Want::Held => {}
        Want::Listed(listing) => {
            let marked = variant.seen.mark.listing();
            if marked != Some(listing) && ours_to_change(confirmed != Some(listing)) {
                // One that we let sell may be seen with its mark at any moment, also if somebody spoilt the old one: first its tag.
                let sells = variant.seen.continues && (confirmed.is_some() || variant.ours.half_done);
                ops.push(op(if marked.is_some() || sells { Step::Remark } else { Step::Mark }, Some(listing)));
            }
            if !variant.seen.continues && ours_to_change(confirmed.is_none()) {
                ops.push(op(Step::Sell, None));
            }
        }
        Want::NotListed => {
            let stray = matches!(variant.seen.mark, Mark::Active(_));
            let ours = variant.ours.written || (stray && rules.drift == Drift::Repair);
            if !ours {
                return ops;
            }
            let restored = rules.restore_policy && variant.ours.original_continues == Some(true);
            if variant.seen.continues && !restored && ours_to_change(confirmed.is_some()) {
                ops.push(op(Step::Stop, None));
            }
            if stray && ours_to_change(confirmed.is_some()) {
                ops.push(op(Step::Unmark, None));
            }
        }
    }
    ops
}

/// A class tag is on if and only if one of the variants is listed in that class; one whose state nobody knows keeps it on.
fn of_tags(family: &Family, rules: Rules) -> Vec<Op> {
    let mut ops = Vec::new();
    for class in [Class::PreOrder, Class::Backorder] {
        let (on, written) = (family.seen_tags.has(class), family.tags.has(class));
        let half_done = |variant: &&Variant| variant.ours.half_done;
        if family.wanting(class).next().is_some() {
            let changed = !written || family.wanting(class).any(|variant| half_done(&variant));
            if !on && (changed || rules.drift == Drift::Repair) {
                ops.push(Op::on_tags(Step::TagOn(class), family, family.wanting(class)));
            }
        } else if on && !family.keeps(class) {
            let leaving: Vec<_> = family.variants.iter().filter(|variant| variant.leaves(class)).collect();
            if written || leaving.iter().any(half_done) || rules.drift == Drift::Repair {
                // Somebody has to bear what becomes of it; a tag that was for none of them is everybody's.
                let bearers = if leaving.is_empty() { family.variants.iter().collect() } else { leaving };
                ops.push(Op::on_tags(Step::TagOff(class), family, bearers.into_iter()));
            }
        }
    }
    ops
}
