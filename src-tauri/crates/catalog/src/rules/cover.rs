//! Which allocations of a line its receipts have served. Covered pieces come from stock and no longer weigh on the line.

use super::Turn;

/// One allocation of a line. Cancelled and rejected items have none: cancelling frees the pieces at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Place of the item in the queue.
    pub turn: Turn,
    /// Pieces allocated.
    pub quantity: i64,
    /// The item is completed: its pieces have left the house. A release alone does not complete it.
    pub completed: bool,
}

/// Pieces of each claim that the `received` pieces of the line cover, in the order of `claims`.
///
/// What has been shipped came out of the receipt, so completed claims use it up first; then the oldest open ones.
pub fn cover(received: i64, claims: &[Claim]) -> Vec<i64> {
    let mut queue: Vec<usize> = (0..claims.len()).collect();
    queue.sort_by(|a, b| {
        let (a, b) = (&claims[*a], &claims[*b]);
        b.completed.cmp(&a.completed).then_with(|| a.turn.cmp(&b.turn))
    });
    let mut left = received.max(0);
    let mut covered = vec![0; claims.len()];
    for at in queue {
        let pieces = claims[at].quantity.clamp(0, left);
        covered[at] = pieces;
        left -= pieces;
    }
    covered
}

/// The `allocated` term of PO ATP: pieces of open claims that no receipt of the line covers yet.
pub fn allocated(received: i64, claims: &[Claim]) -> i64 {
    let covered = cover(received, claims);
    claims
        .iter()
        .zip(covered)
        .filter(|(claim, _)| !claim.completed)
        .fold(0, |sum, (claim, covered)| sum.saturating_add(claim.quantity.max(0) - covered))
}
