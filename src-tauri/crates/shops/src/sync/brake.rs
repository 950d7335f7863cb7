//! A sync that would empty the shop stops and asks: an empty file of purchase orders looks just like that.

use super::choose::Planned;
use crate::facts::Known;
use crate::plan::Action;
use crate::shop::Shop;

/// So many are always let pass, however few are listed.
const FEW: u64 = 20;

/// Too much would be taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{delisted} of {listed} listed variants would be taken off the shop, more than the {percent} % it is set to allow. \
     Look at the difference first, then confirm it. Nothing was sent."
)]
pub struct Brake {
    /// Variants that would be taken off.
    pub delisted: u64,
    /// Variants listed now.
    pub listed: u64,
    /// What the shop is set to allow.
    pub percent: i64,
}

pub(super) fn check(known: &[Known], planned: &Planned, shop: &Shop, confirmed: bool) -> Result<(), Brake> {
    let listed = known.iter().flat_map(|k| &k.family.variants).filter(|v| v.ours.listed.is_some()).count() as u64;
    let delisted = planned.variants.iter().filter(|v| v.action == Action::Delist).count() as u64;
    let percent = shop.settings.max_delist_percent;
    let allowed = listed * percent.clamp(0, 100).unsigned_abs() / 100;
    if confirmed || delisted <= FEW.max(allowed) { Ok(()) } else { Err(Brake { delisted, listed, percent }) }
}
