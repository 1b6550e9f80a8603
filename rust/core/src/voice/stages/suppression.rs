//! Harmonic suppression: an optional zero-phase low-pass at the end of isochronic and dual-pulse voices
//! (spec binaural-and-isochronic 4.2). Each cell is filtered over a margin in which the filter settles to 1e-9.

use super::zero_phase;
use crate::dsp::butterworth;
use crate::dsp::zero_phase::Accuracy;
use crate::voice::{Block, Context, Oscillators, Points, Voice};

/// Seconds after which later input no longer matters to the filter.
pub(crate) const MEMORY: f64 = 0.1;

/// Signals with fewer frames are not filtered (the legacy implementation refuses them).
const SHORTEST: u64 = 16;

struct Suppressed {
    filtered: Box<dyn Voice>,
    carrier: f64,
}

/// `voice` behind a low-pass at 1.5 times `carrier` Hz; `voice` itself if it is too short or the cutoff is not
/// positive.
pub(crate) fn wrap(voice: Box<dyn Voice>, context: &Context, carrier: f64) -> Box<dyn Voice> {
    let carrier = context.stages.as_ref().and_then(|stages| stages.suppressed).unwrap_or(carrier);
    let nyquist = context.sample_rate / 2.0;
    let cutoff = (1.5 * carrier).min(nyquist - 1.0);
    if context.frames < SHORTEST || cutoff <= 0.0 {
        return voice;
    }
    let filters = [butterworth::lowpass(4, cutoff / nyquist)];
    let filtered = zero_phase::filtered(voice, &filters, context.heard_frames(MEMORY), Accuracy::Tones);
    Box::new(Suppressed { filtered, carrier })
}

impl Voice for Suppressed {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.filtered.render(start, out);
    }

    fn points(&mut self, start: u64, points: &mut Points) -> bool {
        self.filtered.points(start, points)
    }

    fn prepare(&mut self) {
        self.filtered.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { filtered: self.filtered.fork(), carrier: self.carrier })
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.filtered.as_ref())
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let state = self.filtered.oscillators_at(frame)?;
        Some(Oscillators { suppressed: Some(self.carrier), ..state })
    }
}
