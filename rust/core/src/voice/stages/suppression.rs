//! Harmonic suppression: the zero-phase low-pass that isochronic and dual-pulse voices can end with
//! (spec binaural-and-isochronic 4.2). Cells are filtered over a margin in which the filter settles to 1e-9.

use super::zero_phase;
use crate::dsp::butterworth;
use crate::voice::{Context, Voice};

/// Shorter signals are not filtered (the legacy refuses them).
const SHORTEST: u64 = 16;

/// `voice` behind a low-pass at 1.5 times `carrier` Hz; unchanged where there is nothing to filter or no such cutoff.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, carrier: f64) -> Box<dyn Voice> {
    let nyquist = context.sample_rate / 2.0;
    let cutoff = (1.5 * carrier).min(nyquist - 1.0);
    if context.frames < SHORTEST || cutoff <= 0.0 {
        return voice;
    }
    zero_phase::filtered(voice, &[butterworth::lowpass(4, cutoff / nyquist)], context.frames)
}
