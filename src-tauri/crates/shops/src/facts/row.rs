//! One row of a plan: a variant with its product in the shop, its place on the lists and its open item.

use sqlx::{Error, FromRow, Result};

use super::{Known, Open};
use crate::model::{Listing, Mark, Seen, Tags, Want};
use crate::plan::{Family, Ours, Variant};

/// A row of a plan. A listing is one text, see [`listing`]: what a plan of a large shop takes is mostly the number of its values.
#[derive(FromRow)]
pub(super) struct Row {
    product_id: i64,
    sku: String,
    variant_id: String,
    parent_id: String,
    title: String,
    written: bool,
    listed: Option<String>,
    original_continues: Option<bool>,
    seen_continues: bool,
    seen_mark: String,
    seen: Option<String>,
    seen_quantity: Option<i64>,
    seen_digest: Option<String>,
    pre_order: bool,
    backorder: bool,
    seen_pre_order: bool,
    seen_backorder: bool,
    member: Option<String>,
    item_id: Option<i64>,
    item_state: Option<String>,
    attempts: Option<i64>,
    retry_at: Option<i64>,
    item: Option<String>,
}

impl Row {
    /// The families with this row, which belongs to the last one or begins the next. Most have a single variant, for which
    /// room is made.
    pub(super) fn added_to(
        self,
        mut families: Vec<Known>,
        want: impl Fn(Option<Listing>, Option<Listing>) -> Want,
    ) -> Result<Vec<Known>> {
        if families.last().is_none_or(|known| known.family.parent != self.parent_id) {
            let tags = Tags { pre_order: self.pre_order, backorder: self.backorder };
            let (parent, variants) = (self.parent_id.clone(), Vec::with_capacity(1));
            let family = Family { parent, tags, seen_tags: self.seen_tags(), variants };
            families.push(Known { family, open: Vec::with_capacity(1) });
        }
        if let Some(known) = families.last_mut() {
            known.open.push(self.open()?);
            known.family.variants.push(self.variant(want)?);
        }
        Ok(families)
    }

    fn seen_tags(&self) -> Tags {
        Tags { pre_order: self.seen_pre_order, backorder: self.seen_backorder }
    }

    fn open(&self) -> Result<Option<Box<Open>>> {
        let (attempts, retry_at, wanted) = (self.attempts.unwrap_or(0), self.retry_at, listing(self.item.as_deref())?);
        let item = self.item_id.zip(self.item_state.clone());
        Ok(item.map(|(id, state)| Box::new(Open { id, state, attempts, retry_at, wanted })))
    }

    fn variant(self, want: impl Fn(Option<Listing>, Option<Listing>) -> Want) -> Result<Variant> {
        let tags = self.seen_tags();
        let mark = match self.seen_mark.as_str() {
            "active" => listing(self.seen.as_deref())?.map_or(Mark::Foreign(String::new()), Mark::Active),
            "inactive" => Mark::Inactive,
            "foreign" => Mark::Foreign(String::new()),
            _ => Mark::None,
        };
        let listed = listing(self.listed.as_deref())?;
        let member = listing(self.member.as_deref())?;
        Ok(Variant {
            product: self.product_id,
            want: want(member, listed),
            ours: Ours {
                written: self.written,
                listed,
                // An item that was sent and is still open may be half done.
                half_done: self.written && self.attempts.is_some_and(|attempts| attempts > 0),
                original_continues: self.original_continues,
            },
            seen: Seen {
                variant: self.variant_id,
                parent: self.parent_id,
                sku: self.sku,
                title: self.title,
                continues: self.seen_continues,
                mark,
                digest: self.seen_digest,
                tags,
                quantity: self.seen_quantity,
            },
        })
    }
}

/// Class, date and pieces, as in `PRE_ORDER 2027-06-01 40`. What cannot be read is an error: "not listed" would take it off.
fn listing(text: Option<&str>) -> Result<Option<Listing>> {
    let Some(text) = text else { return Ok(None) };
    let mut parts = text.split(' ');
    let mut read = || {
        let class = parts.next()?.parse().ok()?;
        Some(Listing { class, promise_date: parts.next()?.parse().ok()?, cap: parts.next()?.parse().ok()? })
    };
    read().map(Some).ok_or_else(|| Error::Decode(format!("`{text}` is no listing").into()))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use presell_catalog::rules::Class;

    use super::*;

    #[test]
    fn a_listing_that_cannot_be_read_is_an_error_and_not_a_variant_to_take_off() {
        let date = NaiveDate::from_ymd_opt(2027, 6, 1).expect("a date");
        let read = listing(Some("PRE_ORDER 2027-06-01 40")).expect("it can be read");
        assert_eq!(
            read,
            Some(Listing { class: Class::PreOrder, promise_date: date, cap: 40 }),
            "as the database tells it"
        );
        assert_eq!(listing(None).expect("nothing can be read"), None, "what has none is not listed");
        for text in ["PRE_ORDER 01.06.2027 40", "PRESALE 2027-06-01 40", "PRE_ORDER 2027-06-01", ""] {
            assert!(listing(Some(text)).is_err(), "`{text}`: unknown is not \"not listed\"");
        }
    }
}
