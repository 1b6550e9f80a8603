//! The order of a list.

/// An order by chance. The same seed gives the same order, on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shuffle {
    /// Seed of the order.
    pub seed: u64,
}

impl Shuffle {
    /// The order of `count` tracks in round `round` of a list that is repeated.
    ///
    /// ```
    /// use realtime_backend_player::Shuffle;
    ///
    /// let shuffle = Shuffle { seed: 7 };
    /// let mut order = shuffle.order(5, 0);
    /// assert_eq!(order, shuffle.order(5, 0));
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4]);
    /// ```
    pub fn order(self, count: usize, round: u64) -> Vec<usize> {
        let mut state = self.seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut order: Vec<usize> = (0..count).collect();
        // Fisher and Yates
        for last in (1..count).rev() {
            order.swap(last, (split_mix(&mut state) % (last as u64 + 1)) as usize);
        }
        order
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
