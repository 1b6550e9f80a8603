//! Last stage of the QAM voices: a 30 Hz high-pass and a low-pass near the Nyquist frequency, both with zero phase
//! (spec qam-voices 1.3).
//!
//! Each cell is filtered over a margin on both sides (0.29 s), in which the filters' initial transients decay to 1e-9;
//! at both ends of the call the result is exact ([`crate::dsp::zero_phase`]). A filter is left out where it provably changes the sound by less than
//! [`INAUDIBLE`]: far from both ends and from any discontinuity, if all partials lie well inside the pass band.

use std::f64::consts::PI;
use std::ops::Range;

use super::zero_phase;
use crate::dsp::filters::cleaning_stages;
use crate::dsp::zero_phase::Accuracy;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::{Block, Context, Voice};

/// Calls with fewer frames are not filtered (spec 6).
const SHORTEST: u64 = 16;

/// A filter may be left out if it would change the samples by at most this much, of full scale.
const INAUDIBLE: f64 = 3e-7;

/// Seconds after which earlier input no longer matters to the filters.
const MEMORY: f64 = 0.3;

/// Cutoff of the high-pass, Hz.
const HIGH_PASS: f64 = 30.0;
/// Cutoff of the low-pass, as a fraction of the sample rate.
const LOW_PASS: f64 = 0.45;

/// Bounds of a sound before the filters, between its beginning and its end.
#[derive(Debug, Clone)]
pub(crate) struct Band {
    /// All partials lie above this, Hz.
    pub(crate) lowest: f64,
    /// All partials lie below this, Hz.
    pub(crate) highest: f64,
    /// No sample exceeds this magnitude.
    pub(crate) peak: f64,
    /// Frames without discontinuities.
    pub(crate) smooth: Range<u64>,
}

impl Band {
    /// Whether the high-pass and the low-pass leave the sound unchanged (gains: spec 1.3).
    fn passes(&self, rate: f64) -> [bool; 2] {
        let warped = |hz: f64| (PI * (hz / rate).clamp(0.0, 0.4999)).tan();
        let lost = |ratio: f64| self.peak / (1.0 + ratio.max(0.0).powi(8));
        [lost(warped(self.lowest) / warped(HIGH_PASS)), lost(warped(LOW_PASS * rate) / warped(self.highest))]
            .map(|lost| lost <= INAUDIBLE * self.peak.max(1.0))
    }
}

/// `raw` behind both filters, or behind those that make a difference within `band`.
pub(crate) fn band_limited(raw: impl CellSource, context: &Context, band: Option<Band>) -> Box<dyn Voice> {
    let raw = Cells::boxed(raw);
    if context.frames < SHORTEST {
        return raw;
    }
    let stages = cleaning_stages(context.sample_rate);
    let frames = context.heard_frames(MEMORY);
    let filtered = zero_phase::filtered(raw.fork(), &stages, frames, Accuracy::Any);
    let (Some(band), [high, _]) = (band, stages.as_slice()) else { return filtered };
    let margin = (MEMORY * context.sample_rate).ceil() as u64;
    let inside = band.smooth.start + margin..band.smooth.end.saturating_sub(margin);
    let middle = match band.passes(context.sample_rate) {
        _ if inside.is_empty() => return filtered,
        [true, true] => raw,
        [false, true] => zero_phase::filtered(raw, std::slice::from_ref(high), frames, Accuracy::Any),
        [_, false] => return filtered,
    };
    Box::new(BandLimited { ends: filtered, middle, inside })
}

struct BandLimited {
    /// The sound through both filters.
    ends: Box<dyn Voice>,
    /// The sound through the filters that make a difference.
    middle: Box<dyn Voice>,
    /// Frames that are taken from `middle`.
    inside: Range<u64>,
}

impl Voice for BandLimited {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let end = start + out.len() as u64;
        let from = self.inside.start.clamp(start, end);
        let to = self.inside.end.clamp(from, end);
        let cuts = [start, from, to, end];
        for (piece, cut) in cuts.windows(2).enumerate() {
            let part = out.part((cut[0] - start) as usize, (cut[1] - start) as usize);
            if !part.is_empty() {
                let voice = if piece == 1 { &mut self.middle } else { &mut self.ends };
                voice.render(cut[0], part);
            }
        }
    }

    fn prepare(&mut self) {
        self.ends.prepare();
        self.middle.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { ends: self.ends.fork(), middle: self.middle.fork(), inside: self.inside.clone() })
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.ends.as_ref())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;

    use super::*;

    use crate::error::Result;
    use crate::voice::{Param, Params};

    /// Check that leaving out filters makes no audible difference against filtering everywhere. Names that begin with
    /// `end` make the voice a transition.
    pub(crate) fn compare<S: CellSource>(
        params: &Value,
        table: &'static [&'static [Param]],
        raw: impl Fn(&Context, &Params<'_>) -> Result<(S, Option<Band>)>,
    ) {
        let context = Context::new(2.0, 44_100.0);
        let map = params.as_object().unwrap();
        let transition = map.keys().any(|key| key.starts_with("end"));
        let reader = Params::new(map, table, transition, context.compat);
        let (source, band) = raw(&context, &reader).unwrap();
        assert!(band.is_some(), "{params}");
        let frames = context.frames as usize;
        let mut sounds = [(source.fork(), None), (source, band)].map(|(source, band)| {
            let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
            band_limited(source, &context, band).render(0, Block::new(&mut left, &mut right));
            left.append(&mut right);
            left
        });
        let [full, short] = &mut sounds;
        let worst = full.iter().zip(short).map(|(a, b)| (*a - *b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-6, "{params}: {worst:e}");
    }

    fn band(lowest: f64, highest: f64, peak: f64) -> Band {
        Band { lowest, highest, peak, smooth: 0..1 }
    }

    #[test]
    fn a_filter_is_left_out_only_inside_its_pass_band() {
        let rate = 44_100.0;
        assert_eq!(band(196.0, 208.0, 0.75).passes(rate), [true, true]);
        assert_eq!(band(96.0, 104.0, 0.75).passes(rate), [false, true]);
        assert_eq!(band(196.0, 12_000.0, 0.75).passes(rate), [true, false]);
        assert_eq!(band(-3.0, 500.0, 0.75).passes(rate), [false, true]);
        assert_eq!(band(300.0, 40_000.0, 0.75).passes(rate), [true, false]);
    }
}
