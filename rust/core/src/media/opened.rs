//! The result of opening a file of any format.

use super::fault::Res;
use super::pcm::Pcm;
use super::source::{Found, Source};
use crate::error::Result;

/// Valid sample rates in Hz; others mean a damaged header.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Largest valid number of channels; more mean a damaged header.
const MAX_CHANNELS: usize = 64;

/// Callback that is called regularly while a long file is indexed. An error (see [`crate::interrupt`]) stops the work.
pub(crate) type Check<'a> = dyn FnMut() -> Result<()> + 'a;

/// An open file with its warnings.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    /// Sample rate in Hz.
    pub(super) rate: u32,
    pub(super) warnings: Vec<String>,
    pub(super) found: Found,
}

impl Opened {
    /// An open file with this source and without warnings; the caller sets the rate.
    pub(super) fn of(source: Box<dyn Source>) -> Self {
        Self { source, rate: 0, warnings: Vec::new(), found: Found::default() }
    }

    /// An open file of uncompressed samples at `rate` Hz, which are searched for anomalies.
    pub(super) fn pcm(mut pcm: Pcm, rate: u32) -> Res<Self> {
        if pcm.frames == 0 {
            return Err("contains no audio (0 frames)".into());
        }
        let found = pcm.search()?;
        let source = Box::new(pcm);
        Ok(Self { rate, warnings: found.warnings(), found, ..Self::of(source) })
    }
}

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
