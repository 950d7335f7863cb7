//! The operations a shop is asked to do.

use presell_catalog::rules::Class;
use serde::{Deserialize, Serialize};

use super::{Family, Variant};
use crate::model::{Listing, Mark};

/// The steps, in the order in which they are done. A variant takes its next step only when the one before is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Step {
    /// It stops selling without stock.
    Stop,
    /// A variant that was not listed is marked.
    Mark,
    /// The product gets the tag of a class.
    TagOn(Class),
    /// A listed variant gets a new date, quantity or class, in one write.
    Remark,
    /// It goes on selling without stock.
    Sell,
    /// The product loses the tag of a class.
    TagOff(Class),
    /// The mark says that it is not listed any more.
    Unmark,
}

impl Step {
    /// All, in order.
    pub const ALL: [Step; 9] = [
        Step::Stop,
        Step::Mark,
        Step::TagOn(Class::PreOrder),
        Step::TagOn(Class::Backorder),
        Step::Remark,
        Step::Sell,
        Step::TagOff(Class::PreOrder),
        Step::TagOff(Class::Backorder),
        Step::Unmark,
    ];

    /// Its name for programs.
    pub fn id(self) -> &'static str {
        match self {
            Step::Stop => "stop",
            Step::Mark => "mark",
            Step::TagOn(Class::PreOrder) => "tag-pre-order",
            Step::TagOn(Class::Backorder) => "tag-backorder",
            Step::Remark => "remark",
            Step::Sell => "sell",
            Step::TagOff(Class::PreOrder) => "untag-pre-order",
            Step::TagOff(Class::Backorder) => "untag-backorder",
            Step::Unmark => "unmark",
        }
    }

    /// Whether it replaces a mark.
    pub fn marks(self) -> bool {
        matches!(self, Step::Mark | Step::Remark | Step::Unmark)
    }

    fn place(self) -> usize {
        Step::ALL.iter().position(|step| *step == self).unwrap_or(Step::ALL.len())
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What must still be there when a mark is replaced, so that nobody else's change is overwritten unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expect {
    /// No mark yet.
    Absent,
    /// The mark with this digest.
    Digest(String),
    /// Anything.
    Any,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// What is done.
    pub step: Step,
    /// The product of the shop.
    pub parent: String,
    /// Its variant; none: a tag of the product itself.
    pub variant: Option<String>,
    /// Our products it is done for: if one of them failed at an earlier step, it is left undone.
    pub products: Vec<i64>,
    /// What a mark says; none on [`Step::Unmark`].
    pub listing: Option<Listing>,
    /// What a mark replaces.
    pub expect: Expect,
}

impl Op {
    pub(super) fn on_variant(step: Step, family: &Family, variant: &Variant, listing: Option<Listing>) -> Op {
        let expect = match (&variant.seen.digest, &variant.seen.mark) {
            (Some(digest), _) => Expect::Digest(digest.clone()),
            (None, Mark::None) => Expect::Absent,
            (None, _) => Expect::Any,
        };
        Op {
            step,
            parent: family.parent.clone(),
            variant: Some(variant.seen.variant.clone()),
            products: vec![variant.product],
            listing,
            expect,
        }
    }

    pub(super) fn on_tags<'a>(step: Step, family: &Family, variants: impl Iterator<Item = &'a Variant>) -> Op {
        let products = variants.map(|variant| variant.product).collect();
        Op { step, parent: family.parent.clone(), variant: None, products, listing: None, expect: Expect::Any }
    }
}
