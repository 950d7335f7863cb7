//! What the shops show of a product, and what a customer sees there.

use std::fmt::Write;

use chrono_tz::Tz;
use presell_shops::diff::said;
use presell_shops::matrix::InShop;
use presell_shops::model::Listing;
use presell_shops::shop::ShopState;
use presell_shops::sight::{Offer, Sight};

use super::shops::{standing, state};
use super::words::{moment, number};
use crate::output::{BAD, BOLD, CAUTION, DIM, GOOD};

/// Each shop; nothing at all where none is connected.
pub(super) fn in_shops(out: &mut String, shops: &[InShop], zone: Tz) {
    if shops.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}In the shops{BOLD:#}");
    shops.iter().for_each(|shop| one(out, shop, zone));
}

fn one(out: &mut String, InShop { shop, platform, shop_state, row }: &InShop, zone: Tz) {
    let mark = match row.state.as_str() {
        "failed" => format!("{BAD}✗{BAD:#}"),
        "listed" => format!("{GOOD}✓{GOOD:#}"),
        "notListed" => "·".to_owned(),
        "pending" => "…".to_owned(),
        _ => format!("{CAUTION}!{CAUTION:#}"),
    };
    let away = match shop_state {
        ShopState::Connected | ShopState::New => String::new(),
        ShopState::Disconnected | ShopState::Blocked => format!(" ({})", standing(*platform, *shop_state)),
    };
    let why = row.reason.as_ref().map(|reason| format!(". {reason}")).unwrap_or_default();
    let _ = writeln!(out, "  {mark} {BOLD}{shop}{BOLD:#}{away}: {}{why}", state(&row.state));
    let listing = |listing: &Option<Listing>| listing.map_or_else(|| "not listed".to_owned(), said);
    let _ = writeln!(out, "      {DIM}should show{DIM:#} {}", listing(&row.expected));
    let _ = writeln!(out, "      {DIM}confirmed{DIM:#}   {}", listing(&row.confirmed));
    let sells = match row.sells {
        None => "never seen".to_owned(),
        Some(true) => format!("{}, sells without stock", marked(&row.observed)),
        Some(false) => format!("{}, stops at zero", marked(&row.observed)),
    };
    let seen = row.seen_at.map_or_else(String::new, |at| format!(" {DIM}(seen {}){DIM:#}", moment(at.0, zone)));
    let _ = writeln!(out, "      {DIM}shows{DIM:#}       {sells}{seen}");
    let _ = writeln!(out, "      {DIM}a customer sees{DIM:#} {}", sight(&row.customer));
    if let Some(note) = row.customer.note {
        let _ = writeln!(out, "        {DIM}{note}{DIM:#}");
    }
    if let Some(after) = &row.after {
        let _ = writeln!(out, "      {DIM}after the next sync{DIM:#} {}", sight(after));
    }
}

fn marked(observed: &Option<Listing>) -> String {
    observed.map_or_else(|| "no mark".to_owned(), said)
}

/// `Pre-order · ships by 2026-12-14 · 40 left [Pre-order]`: days as programs write them, since this is what a shop is told.
fn sight(sight: &Sight) -> String {
    let (badge, button) = match sight.offer {
        Offer::Unknown => return "unknown".to_owned(),
        Offer::InStock => ("In stock", "[Add to cart]"),
        Offer::PreOrder => ("Pre-order", "[Pre-order]"),
        Offer::Backorder => ("Backorder", "[Backorder]"),
        Offer::SoldOut => ("Sold out", "(no button)"),
        Offer::Unpromised => ("Out of stock, but can be bought", "[Add to cart]"),
    };
    let day = sight.promise_date.map(|day| format!(" · ships by {day}")).unwrap_or_default();
    let left = sight.left.map(|left| format!(" · {} left", number(left.unsigned_abs()))).unwrap_or_default();
    format!("{badge}{day}{left} {button}")
}
