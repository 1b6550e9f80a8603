//! Tones above half the sample rate (`Compat::band_limited`): they are left out.

use crate::dsp::curve::Alpha;
use crate::voice::{Block, Context, Param, Params, Ramp, Voice};

/// Share of half the sample rate over which a tone that moves is faded out below it.
const MARGIN: f64 = 0.02;

/// The gain of a tone of `cycles` per frame; `moves` if it sweeps.
#[inline]
pub(crate) fn gain(cycles: f64, moves: bool) -> f64 {
    let below = 1.0 - 2.0 * cycles.abs();
    if moves { (below / MARGIN).clamp(0.0, 1.0) } else { f64::from(u8::from(below > 0.0)) }
}

/// Whether a tone between these cycles per frame is ever softened.
pub(crate) fn reaches(cycles: Ramp) -> bool {
    gain(cycles.start, cycles.moves()).min(gain(cycles.end, cycles.moves())) < 1.0
}

/// Warn that a tone of `frequency` Hz that `param` makes is left out; returns whether it is, at least in
/// part.
pub(crate) fn is_left_out(context: &Context, params: &Params<'_>, param: &Param, frequency: Ramp) -> bool {
    let half = context.sample_rate / 2.0;
    let found = context.compat.band_limited && reaches(frequency.map(|hz| hz / context.sample_rate));
    if found {
        let highest = frequency.start.abs().max(frequency.end.abs());
        let what = if highest >= half { "left out" } else { "softened" };
        params.warn(param.name, format!("a tone of {highest} Hz is {what}: half the sample rate is {half} Hz"));
    }
    found
}

/// As [`is_left_out`], for a voice that is silent if the tone is above half the sample rate throughout.
pub(crate) fn is_silent(context: &Context, params: &Params<'_>, param: &Param, frequency: Ramp) -> bool {
    let lowest = frequency.start.min(frequency.end);
    lowest >= context.sample_rate / 2.0 && is_left_out(context, params, param, frequency)
}

struct Limited {
    inner: Box<dyn Voice>,
    alpha: Alpha,
    /// Cycles per frame of each ear.
    carriers: [Ramp; 2],
}

/// `voice` without its ears' tones where they are above half the sample rate. `carriers` are the parameters that make
/// the tone of each ear, and its frequency in Hz.
pub(crate) fn limited(
    voice: Box<dyn Voice>,
    context: &Context,
    params: &Params<'_>,
    alpha: &Alpha,
    carriers: [(&Param, Ramp); 2],
) -> Box<dyn Voice> {
    let [left, right] = carriers;
    let left_out = is_left_out(context, params, left.0, left.1);
    if !(if left == right { left_out } else { is_left_out(context, params, right.0, right.1) || left_out }) {
        return voice;
    }
    let carriers = carriers.map(|(_, carrier)| carrier.map(|hz| hz / context.sample_rate));
    Box::new(Limited { inner: voice, alpha: alpha.clone(), carriers })
}

impl Voice for Limited {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.inner.render(start, out.reborrow());
        for (carrier, plane) in self.carriers.iter().zip([out.left, out.right]) {
            for (frame, sample) in (start..).zip(plane) {
                *sample *= gain(carrier.at(self.alpha.at(frame)), carrier.moves()) as f32;
            }
        }
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn rest(&mut self) {
        self.inner.rest();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { inner: self.inner.fork(), alpha: self.alpha.clone(), carriers: self.carriers })
    }

    fn bound(&self) -> Option<f32> {
        self.inner.bound()
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}
