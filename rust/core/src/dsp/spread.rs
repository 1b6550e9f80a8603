//! Evenly spread places that are in step with nothing periodic.

/// Steps of the golden section, as a fraction of 2^64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The place of the `index`-th sample among `places` places.
pub(crate) fn spread(index: u64, places: u64) -> u64 {
    ((u128::from(index.wrapping_mul(GOLDEN)) * u128::from(places)) >> 64) as u64
}
