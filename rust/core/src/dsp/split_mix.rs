//! Random numbers that can be computed directly at any position: `SplitMix64` (Steele, Lea and Flood, "Fast splittable
//! pseudorandom number generators", 2014).

/// The distance between consecutive states.
pub(crate) const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number at `state`.
pub(crate) const fn mixed(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_reference_code() {
        // the first three numbers of the published generator for the seed 1234567
        let numbers = [1, 2, 3].map(|n: u64| mixed(STEP.wrapping_mul(n).wrapping_add(1_234_567)));
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
