//! Chance with an address: every fact draws from its own place in the seed's key stream, so any row can be made without the rows before it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The thing a throw is for. Each has a key stream of its own, so a new draw for one leaves the others as they were.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Style,
    PurchaseOrder,
    Line,
    OrderItem,
    Stock,
    Receipt,
}

/// The start of all chance in a sample set.
#[derive(Debug, Clone)]
pub(crate) struct Seed(ChaCha8Rng);

impl Seed {
    pub(crate) fn new(seed: u64) -> Self {
        Seed(ChaCha8Rng::seed_from_u64(seed))
    }

    /// The dice of the thing with this index: always the same throws in the same order.
    pub(crate) fn dice(&self, of: Of, index: usize) -> Dice {
        const WORDS_EACH: u128 = 16;
        let mut rng = self.0.clone();
        rng.set_stream(of as u64);
        rng.set_word_pos(index as u128 * WORDS_EACH);
        Dice(rng)
    }
}

/// Up to 16 throws for one thing; further ones would repeat its neighbour's.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.0.next_u32() % (high - low + 1)
    }

    /// True once in `n` throws on average.
    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        self.0.next_u32().is_multiple_of(n)
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.0.next_u32() as usize % of.len()]
    }
}
