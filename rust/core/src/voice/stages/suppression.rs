//! Harmonic suppression: an optional zero-phase low-pass at the end of isochronic and dual-pulse voices
//! (spec binaural-and-isochronic 4.2). Each cell is filtered over a margin in which the filter settles to 1e-9.

use super::zero_phase;
use crate::dsp::butterworth;
use crate::voice::{Context, Voice};

/// Seconds after which later input no longer matters to the filter.
pub(crate) const MEMORY: f64 = 0.1;

/// Signals with fewer frames are not filtered (the legacy implementation refuses them).
const SHORTEST: u64 = 16;

/// `voice` behind a low-pass at 1.5 times `carrier` Hz; `voice` itself if it is too short or the cutoff is not
/// positive.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, carrier: f64) -> Box<dyn Voice> {
    let nyquist = context.sample_rate / 2.0;
    let cutoff = (1.5 * carrier).min(nyquist - 1.0);
    if context.frames < SHORTEST || cutoff <= 0.0 {
        return voice;
    }
    zero_phase::filtered(voice, &[butterworth::lowpass(4, cutoff / nyquist)], context.heard_frames(MEMORY))
}
