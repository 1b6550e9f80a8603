//! Whether what a header says can be true.

use crate::media::fault::Res;

/// Valid sample rates in Hz; others mean a damaged header.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Largest valid number of channels; more mean a damaged header.
const MAX_CHANNELS: usize = 64;

/// Checks that the sample rate and the number of channels in a header are plausible.
pub(super) fn check_format(rate: u32, channels: usize) -> Res<()> {
    if !RATES.contains(&rate) {
        let (low, high) = (RATES.start(), RATES.end());
        return Err(format!("the header claims a sample rate of {rate} Hz (possible are {low} to {high})").into());
    }
    if !(1..=MAX_CHANNELS).contains(&channels) {
        return Err(format!("the header claims {channels} channels (possible are 1 to {MAX_CHANNELS})").into());
    }
    Ok(())
}

/// Rounds a sample rate that is stored as a floating-point number.
pub(super) fn whole_rate(rate: f64) -> Res<u32> {
    if (0.0..=f64::from(u32::MAX)).contains(&rate) {
        return Ok(rate.round() as u32);
    }
    Err(format!("the header claims a sample rate of {rate} Hz").into())
}
