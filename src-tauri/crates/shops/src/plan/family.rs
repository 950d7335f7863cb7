//! One product of a shop with those of its variants that are ours: tags belong to the product, so they are planned together.

use presell_catalog::rules::Class;

use super::Step;
use crate::model::{Listing, Mark, Seen, Tags, Want};
use crate::plan::Op;

/// A product of the shop and its linked variants, all of them: a tag depends on every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The shop's id of the product.
    pub parent: String,
    /// The tags we wrote, confirmed.
    pub tags: Tags,
    /// The tags that are there.
    pub seen_tags: Tags,
    /// Its variants.
    pub variants: Vec<Variant>,
}

/// One variant: what is wanted, what we confirmed, what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Our product.
    pub product: i64,
    /// What is wanted.
    pub want: Want,
    /// What we know we did.
    pub ours: Ours,
    /// What is there.
    pub seen: Seen,
}

/// What we know we did with a variant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    /// We wrote to it at some time.
    pub written: bool,
    /// The listing that was last confirmed; none: not listed.
    pub listed: Option<Listing>,
    /// Something was sent and never confirmed.
    pub half_done: bool,
    /// Whether it sold without stock before we first listed it.
    pub original_continues: Option<bool>,
}

/// What happens to a variant as a whole, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It becomes listed.
    List,
    /// It is taken off.
    Delist,
    /// It changes class.
    Move,
    /// Date or quantity change, or somebody else's change is put right.
    Update,
    /// Only a tag of its product changes.
    Tags,
}

impl Action {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::List => "list",
            Action::Delist => "delist",
            Action::Move => "move",
            Action::Update => "update",
            Action::Tags => "tags",
        }
    }
}

impl Variant {
    /// What its operations come to, with those of its product; none: nothing is done for it.
    pub fn action(&self, ops: &[Op]) -> Option<Action> {
        let mut own = ops.iter().filter(|op| op.products.contains(&self.product)).peekable();
        own.peek()?;
        if own.all(|op| op.variant.is_none()) {
            return Some(Action::Tags);
        }
        Some(match (self.ours.listed, self.want.listing()) {
            (None, Some(_)) => Action::List,
            (_, None) => Action::Delist,
            (Some(before), Some(after)) if before.class != after.class => Action::Move,
            (Some(_), Some(_)) => Action::Update,
        })
    }

    /// Whether a tag of this class was on for its sake, and is no longer wanted for it.
    pub(super) fn leaves(&self, class: Class) -> bool {
        let was = self.ours.listed.is_some_and(|listing| listing.class == class)
            || self.seen.mark.listing().is_some_and(|listing| listing.class == class);
        (was || self.ours.half_done) && self.want.listing().is_none_or(|listing| listing.class != class)
    }
}

impl Family {
    /// The name of the product in the shop.
    pub(crate) fn title(&self) -> &str {
        self.variants.first().map_or("", |variant| &variant.seen.title)
    }

    /// The variants to be listed in this class.
    pub(super) fn wanting(&self, class: Class) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(move |variant| variant.want.listing().is_some_and(|listing| listing.class == class))
    }

    /// Whether a variant that nobody knows enough about may be listed in this class.
    pub(super) fn keeps(&self, class: Class) -> bool {
        let of_class = |listing: Listing| listing.class == class;
        let held = self.variants.iter().filter(|variant| variant.want == Want::Held);
        held.into_iter().any(|variant| {
            variant.ours.listed.is_some_and(of_class) || variant.seen.mark.listing().is_some_and(of_class)
        })
    }

    /// What is there once this operation is done.
    pub fn apply(&mut self, op: &Op, digest: Option<String>) {
        match op.step {
            Step::TagOn(class) => self.tag(class, true),
            Step::TagOff(class) => self.tag(class, false),
            step => {
                let Some(variant) = self.variants.iter_mut().find(|v| Some(&v.seen.variant) == op.variant.as_ref())
                else {
                    return;
                };
                match step {
                    Step::Stop => variant.seen.continues = false,
                    Step::Sell => variant.seen.continues = true,
                    Step::Mark | Step::Remark | Step::Unmark => {
                        variant.seen.mark = op.listing.map_or(Mark::Inactive, Mark::Active);
                        variant.seen.digest = digest;
                    }
                    Step::TagOn(_) | Step::TagOff(_) => {}
                }
            }
        }
    }

    fn tag(&mut self, class: Class, on: bool) {
        self.seen_tags = self.seen_tags.with(class, on);
        self.tags = self.tags.with(class, on);
        for variant in &mut self.variants {
            variant.seen.tags = self.seen_tags;
        }
    }
}
