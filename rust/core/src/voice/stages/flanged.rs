//! A voice behind a flanger. The flanger's state is rebuilt on an absolute grid of frames, so that every stretch has
//! the same bits in whatever order it is rendered: each cell starts with a cleared flanger, early enough that the
//! difference has decayed to about 1e-6 when the cell begins (see [`Flanger::warmup`]). The first cell starts cleared
//! at frame 0, as the recordings do.

use crate::dsp::curve::Alpha;
use crate::dsp::flanger::{Flanger, crossfade};
use crate::dsp::phase::Turns;
use crate::voice::{Block, Oscillators, Voice};

/// The effect that is applied to the voice.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// One flanger.
    One(Box<Flanger>),
    /// Two flangers on the same input, with a crossfade from the first to the second (spec voice-pipeline 11.6). `None`
    /// is the dry signal.
    Crossfade {
        /// Heard alone at alpha 0.
        start: Option<Box<Flanger>>,
        /// Heard alone at alpha 1.
        end: Option<Box<Flanger>>,
        /// Position of the crossfade.
        alpha: Alpha,
    },
}

impl Effect {
    /// Phase of the LFO at `frame`: that of the flanger at the end of a crossfade.
    fn phase(&self, frame: u64) -> Option<Turns> {
        match self {
            Self::One(flanger) => Some(flanger.phase(frame)),
            Self::Crossfade { start, end, .. } => Some(end.as_ref().or(start.as_ref())?.phase(frame)),
        }
    }

    fn flangers(&mut self) -> impl Iterator<Item = &mut Flanger> {
        let (a, b) = match self {
            Self::One(flanger) => (Some(flanger.as_mut()), None),
            Self::Crossfade { start, end, .. } => (start.as_deref_mut(), end.as_deref_mut()),
        };
        a.into_iter().chain(b)
    }
}

/// Smallest cell in frames: 6 seconds at 44.1 kHz, for a warm-up of about one second.
const CELL: u64 = 1 << 18;
/// Frames processed at a time.
const CHUNK: usize = 1024;

/// The role of the oscillator that moves the delays.
pub(crate) const LFO: &str = "flanger";

struct Flanged {
    inner: Box<dyn Voice>,
    effect: Effect,
    cell: u64,
    warmup: u64,
    /// The frame that the flangers process next; `None` before the first one.
    next: Option<u64>,
    /// Buffer for the warm-up, and for the second branch of a crossfade.
    spare: [Vec<f32>; 2],
}

/// `inner` through `effect`.
pub(crate) fn flanged(inner: Box<dyn Voice>, mut effect: Effect) -> Box<dyn Voice> {
    let warmup = effect.flangers().map(|f| f.warmup()).max().unwrap_or(0);
    let cell = CELL.max((4 * warmup).next_power_of_two());
    Box::new(Flanged { inner, effect, cell, warmup, next: None, spare: [vec![0.0; CHUNK], vec![0.0; CHUNK]] })
}

impl Flanged {
    /// Bring the flangers to the state that they have at `frame` on the grid.
    fn seek(&mut self, frame: u64) {
        let cell_start = frame - frame % self.cell;
        let mut at = match self.next {
            Some(next) if next > cell_start && next <= frame => next,
            _ => {
                let from = cell_start.saturating_sub(self.warmup);
                self.effect.flangers().for_each(|f| f.reset(from));
                from
            }
        };
        while at < frame {
            let count = (frame - at).min(CHUNK as u64) as usize;
            let [left, right] = &mut self.spare;
            let (left, right) = (&mut left[..count], &mut right[..count]);
            // every flanger needs the dry input, and there is only one spare block
            for flanger in self.effect.flangers() {
                self.inner.render(at, Block::new(left, right));
                flanger.process(left, right);
            }
            at += count as u64;
        }
        self.next = Some(frame);
    }

    fn process(&mut self, frame: u64, out: &mut Block<'_>) {
        match &mut self.effect {
            Effect::One(flanger) => flanger.process(out.left, out.right),
            Effect::Crossfade { start, end, alpha } => {
                let [left, right] = &mut self.spare;
                let (left, right) = (&mut left[..out.len()], &mut right[..out.len()]);
                left.copy_from_slice(out.left);
                right.copy_from_slice(out.right);
                if let Some(flanger) = start {
                    flanger.process(out.left, out.right);
                }
                if let Some(flanger) = end {
                    flanger.process(left, right);
                }
                for k in 0..left.len() {
                    let share = alpha.at(frame + k as u64);
                    out.left[k] = crossfade(out.left[k], left[k], share);
                    out.right[k] = crossfade(out.right[k], right[k], share);
                }
            }
        }
    }
}

impl Voice for Flanged {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let mut done = 0;
        while done < out.len() {
            let frame = start + done as u64;
            let in_cell = frame % self.cell;
            if in_cell == 0 || self.next != Some(frame) {
                self.seek(frame);
            }
            let rest_of_cell = (self.cell - in_cell).min(CHUNK as u64) as usize;
            let count = rest_of_cell.min(out.len() - done);
            let mut part = out.part(done, done + count);
            self.inner.render(frame, part.reborrow());
            self.process(frame, &mut part);
            self.next = Some(frame + count as u64);
            done += count;
        }
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        flanged(self.inner.fork(), self.effect.clone())
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        Some(self.inner.oscillators_at(frame)?.and(LFO, self.effect.phase(frame)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::Curve;
    use crate::dsp::flanger::{Corrections, FlangerSettings, flanger_stereo};

    struct Noise;

    impl Voice for Noise {
        fn render(&mut self, start: u64, out: Block<'_>) {
            for k in 0..out.len() {
                let hash = |x: u64| ((x.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32) / 8_388_608.0 - 1.0;
                out.left[k] = hash(start + k as u64 + 1);
                out.right[k] = hash(3 * (start + k as u64) + 7);
            }
        }

        fn fork(&self) -> Box<dyn Voice> {
            Box::new(Self)
        }
    }

    fn render(voice: &mut dyn Voice, from: u64, count: usize) -> [Vec<f32>; 2] {
        let (mut l, mut r) = (vec![0.0; count], vec![0.0; count]);
        voice.render(from, Block::new(&mut l, &mut r));
        [l, r]
    }

    fn settings() -> FlangerSettings {
        FlangerSettings { feedback: 0.6, loop_hpf_hz: 40.0, loud_tc_ms: 30.0, rate_hz: 0.7, ..Default::default() }
    }

    #[test]
    fn any_stretch_in_any_order_has_the_same_bits() {
        let flanger = || Box::new(Flanger::new(&settings(), 44_100.0, Corrections::default()));
        let alpha = Alpha::new(20.0, 882_000, 1.0, Some(10.0), Curve::Linear);
        for effect in [
            Effect::One(flanger()),
            Effect::Crossfade { start: None, end: Some(flanger()), alpha: alpha.clone() },
            Effect::Crossfade { start: Some(flanger()), end: Some(flanger()), alpha },
        ] {
            let mut voice = flanged(Box::new(Noise), effect);
            let full = render(voice.as_mut(), 0, 600_000);
            let mut other = voice.fork();
            for (from, count) in [(300_000, 5000), (100, 7), (262_140, 10), (262_144, 3), (524_287, 2), (90_000, 4096)]
            {
                let part = render(other.as_mut(), from as u64, count);
                for channel in 0..2 {
                    assert_eq!(part[channel], full[channel][from..from + count], "{from}");
                }
            }
        }
    }

    #[test]
    fn later_cells_follow_a_flanger_that_never_restarts() {
        let mut voice = flanged(
            Box::new(Noise),
            Effect::One(Box::new(Flanger::new(&settings(), 44_100.0, Corrections::default()))),
        );
        let [left, _] = render(voice.as_mut(), 0, 600_000);
        let [mut l, mut r] = render(&mut Noise, 0, 600_000);
        flanger_stereo(&mut l, &mut r, 44_100.0, &settings(), Corrections::default());
        assert_eq!(left[..262_144], l[..262_144]);
        let worst = left.iter().zip(&l).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 3e-6, "{worst}");
    }
}
