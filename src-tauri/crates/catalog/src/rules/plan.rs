//! From a decision to a change of the catalog, and the brake that stops a run which would empty it.

use super::{Code, Decision, Member, Verdict};

/// What to do with one product, and what to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The change to write.
    pub change: Change,
    /// Why the product could not be decided, if it could not. To be shown prominently.
    pub warning: Option<Code>,
}

/// A change of the catalog. Each is written in one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Becomes a member.
    Add(Member),
    /// Stays in its list; date, active line or cap are new.
    Update {
        /// As it is.
        from: Member,
        /// As it should be.
        to: Member,
    },
    /// Goes to the other list: the old membership ends and the new one begins at once, as one change for the shop.
    Move {
        /// As it is.
        from: Member,
        /// As it should be.
        to: Member,
    },
    /// Stops being a member, for this reason.
    Remove(Code),
    /// Stays as it is, in the catalog or outside.
    Keep,
}

impl Change {
    /// The place in the catalog after the change.
    pub fn apply(&self, member: Option<Member>) -> Option<Member> {
        match *self {
            Change::Add(to) | Change::Update { to, .. } | Change::Move { to, .. } => Some(to),
            Change::Remove(_) => None,
            Change::Keep => member,
        }
    }
}

/// Compares a decision with the present place of the product in the catalog.
///
/// While stock is unknown nothing is added, removed or moved; but a member still follows its purchase order in date,
/// active line and cap, so that no outdated promise is published meanwhile.
pub fn plan(member: Option<&Member>, decision: &Decision) -> Plan {
    let (change, warning) = match (decision.verdict, member.copied()) {
        (Verdict::Listed(listing), None) => (Change::Add(listing.into()), None),
        (Verdict::Listed(listing), Some(from)) => (change(from, listing.into()), None),
        (Verdict::NotListed, None) => (Change::Keep, None),
        (Verdict::NotListed, Some(from)) => (Change::Remove(removal_reason(decision, &from)), None),
        (Verdict::Undetermined(_), None) => (Change::Keep, Some(Code::StockUnknown)),
        (Verdict::Undetermined(listing), Some(from)) => {
            (change(from, Member { class: from.class, ..listing.into() }), Some(Code::StockUnknown))
        }
    };
    Plan { change, warning }
}

fn change(from: Member, to: Member) -> Change {
    if from == to {
        Change::Keep
    } else if from.class == to.class {
        Change::Update { from, to }
    } else {
        Change::Move { from, to }
    }
}

/// The first reason to show for a removal.
fn removal_reason(decision: &Decision, member: &Member) -> Code {
    decision.reasons_for(Some(member)).first().copied().unwrap_or(Code::NoPo)
}

/// Up to this many removals in one run never need confirmation.
pub const BRAKE_FREE_REMOVALS: u64 = 20;

/// Whether a run must wait for confirmation: it would remove more than `max_change_percent` of the members, and more
/// than [`BRAKE_FREE_REMOVALS`]. An empty purchase order or stock file must not empty the shop.
pub fn brake(members: u64, removals: u64, max_change_percent: i64) -> bool {
    let percent = u64::try_from(max_change_percent).unwrap_or(0);
    removals > BRAKE_FREE_REMOVALS && removals.saturating_mul(100) > members.saturating_mul(percent)
}
