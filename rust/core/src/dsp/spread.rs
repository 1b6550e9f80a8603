//! Evenly distributed positions without a period, for sampling signals that may be periodic.

/// The golden ratio's fractional part as a fraction of 2⁶⁴.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Position number `index` of a golden-ratio sequence, in `0..places`.
pub(crate) fn spread(index: u64, places: u64) -> u64 {
    ((u128::from(index.wrapping_mul(GOLDEN)) * u128::from(places)) >> 64) as u64
}
