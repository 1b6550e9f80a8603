//! A voice that is crossfaded with a correlated one (spec assembly 7.2): in a fade of equal power they would swell.

use crate::plan::timeline::fade_gains;
use crate::track::CrossfadeCurve;
use crate::voice::{Block, ToneBatch, Voice};

/// The side of the fade on which a voice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// It fades out.
    Leaving,
    /// It fades in.
    Coming,
}

struct Fitted {
    inner: Box<dyn Voice>,
    side: Side,
    /// Frame at which the fade begins, and its frames.
    from: u64,
    frames: u64,
    correlation: f64,
}

/// `inner`, to be faded with equal power over `frames` frames from `from` on, so that it keeps its power together with
/// a voice of this correlation (0 to 1; 1 is a linear fade).
pub(crate) fn fitted(inner: Box<dyn Voice>, side: Side, from: u64, frames: u64, correlation: f64) -> Box<dyn Voice> {
    Box::new(Fitted { inner, side, from, frames, correlation })
}

/// The gain that keeps the power divided by that of equal power at position `u` of the fade.
fn correction(side: Side, u: f64, correlation: f64) -> f64 {
    let (linear, power) = (fade_gains(CrossfadeCurve::Linear, u), fade_gains(CrossfadeCurve::EqualPower, u));
    let sum = (linear.0 * linear.0 + linear.1 * linear.1 + 2.0 * correlation * linear.0 * linear.1).sqrt();
    let (linear, power) = if side == Side::Leaving { (linear.0, power.0) } else { (linear.1, power.1) };
    if power < 1e-6 { std::f64::consts::FRAC_2_PI } else { linear / sum / power }
}

impl Voice for Fitted {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let len = out.len() as u64;
        self.inner.render(start, out.reborrow());
        let end = (self.from + self.frames).min(start + len);
        let Block { left, right } = out;
        let last = self.frames.saturating_sub(1).max(1) as f64;
        for frame in start.max(self.from)..end {
            let gain = correction(self.side, (frame - self.from) as f64 / last, self.correlation) as f32;
            let index = (frame - start) as usize;
            left[index] *= gain;
            right[index] *= gain;
        }
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        if !self.inner.write(start, batch) {
            return false;
        }
        let (begin, end) = (self.from, self.from + self.frames);
        batch.scale_last(start, |from, to| (to <= begin || from >= end).then_some(1.0));
        batch.is_worth_it()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn rest(&mut self) {
        self.inner.rest();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { inner: self.inner.fork(), ..*self })
    }

    fn bound(&self) -> Option<f32> {
        self.inner.bound()
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::grid::Cells;
    use crate::voice::wrappers::check;

    #[test]
    fn a_fitted_voice_hands_on_what_it_is_asked() {
        check("fitted", |probe| fitted(Cells::boxed(probe), Side::Leaving, 10, 100, 0.5));
    }
}
