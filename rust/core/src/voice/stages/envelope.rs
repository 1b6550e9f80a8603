//! Gains of the pipeline: the volume envelope of a voice, or short fades at its edges (spec voice-pipeline 12.4 and
//! 12.6). Both are functions of the frame without state.

use schemars::JsonSchema;

use crate::dsp::envelope;
use crate::dsp::envelope::{Adsr, Fade, Linen};
use crate::dsp::series::spaced;
use crate::voice::{Block, Context, Phases, ToneBatch, Voice};

/// Volume envelope of a voice (spec track-format 5, voice-pipeline 5). Seconds and linear amplitudes.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[schemars(tag = "type", content = "params", rename_all = "snake_case")]
pub enum Envelope {
    /// From one amplitude to another over the first seconds, then constant.
    LinearFade {
        /// Seconds.
        fade_duration: f64,
        /// Amplitude at the start.
        start_amp: f64,
        /// Amplitude after the fade.
        end_amp: f64,
    },
    /// Attack, decay, sustain, release.
    Adsr {
        /// Seconds.
        #[schemars(extend("default" = 0.01))]
        attack: f64,
        /// Seconds.
        #[schemars(extend("default" = 0.1))]
        decay: f64,
        /// Amplitude between decay and release, 0 to 1.
        #[schemars(extend("default" = 0.8))]
        sustain_level: f64,
        /// Seconds.
        #[schemars(extend("default" = 0.1))]
        release: f64,
    },
    /// Attack, constant, release.
    Linen {
        /// Seconds.
        #[schemars(extend("default" = 0.1))]
        attack: f64,
        /// Seconds.
        #[schemars(extend("default" = 0.1))]
        release: f64,
    },
    /// Constant 1.0: an envelope object of unknown or incomplete content. It still switches the default edge fades off.
    #[schemars(skip)]
    Flat,
}

impl Envelope {
    /// The gain over the frames of `context`; `None` if it is 1 throughout.
    pub fn levels(self, context: &Context) -> Option<envelope::Envelope> {
        let (frames, dt) = (context.frames, context.dt());
        match self {
            Self::LinearFade { fade_duration, start_amp, end_amp } => {
                let fade = Fade::at_start(frames, context.sample_rate, start_amp, end_amp, fade_duration);
                Some(envelope::Envelope::Fade(fade))
            }
            Self::Adsr { .. } | Self::Linen { .. } if context.compat.flat_envelopes => None,
            Self::Adsr { attack, decay, sustain_level, release } => {
                Some(envelope::Envelope::Adsr(Adsr::new(frames, dt, attack, decay, sustain_level, release)))
            }
            Self::Linen { attack, release } => Some(envelope::Envelope::Linen(Linen::new(frames, dt, attack, release))),
            Self::Flat => None,
        }
    }
}

struct Enveloped {
    inner: Box<dyn Voice>,
    levels: envelope::Envelope,
}

/// `inner` multiplied by a volume envelope.
pub fn enveloped(inner: Box<dyn Voice>, levels: envelope::Envelope) -> Box<dyn Voice> {
    Box::new(Enveloped { inner, levels })
}

impl Voice for Enveloped {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.inner.render(start, out.reborrow());
        match self.levels.constant_over(start, start + out.len() as u64) {
            Some(1.0) => {}
            Some(level) => scale(out, |_| level),
            None => scale(out, |k| self.levels.at(start + k)),
        }
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        if !self.inner.write(start, batch) {
            return false;
        }
        batch.scale_last(start, |from, to| self.levels.constant_over(from, to));
        batch.is_worth_it()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        enveloped(self.inner.fork(), self.levels)
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.inner.phases_at(frame)
    }
}

/// Length of the default fades, seconds.
const EDGE: f64 = 0.01;

struct EdgeFaded {
    inner: Box<dyn Voice>,
    frames: u64,
    fade: u64,
}

/// `inner` with a fade-in and a fade-out of 10 ms, from and to exactly 0; they overlap in very short voices.
pub fn edge_faded(inner: Box<dyn Voice>, context: &Context) -> Box<dyn Voice> {
    let fade = ((EDGE * context.sample_rate) as u64).min(context.frames);
    if fade < 2 { inner } else { Box::new(EdgeFaded { inner, frames: context.frames, fade }) }
}

impl Voice for EdgeFaded {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.inner.render(start, out.reborrow());
        let len = out.len() as u64;
        let ramp = |k: u64| spaced(0.0, 1.0, self.fade, k, true);
        let fade_in = self.fade.saturating_sub(start).min(len);
        scale(out.part(0, fade_in as usize), |k| ramp(start + k));
        let fade_out = (self.frames - self.fade).max(start);
        let skip = (fade_out - start).min(len);
        // the fade-out is its own ramp from 1 to 0, so that its last frame is exactly 0
        let fall = |frame: u64| spaced(1.0, 0.0, self.fade, frame - (self.frames - self.fade), true);
        scale(out.part(skip as usize, len as usize), |k| fall(start + skip + k));
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        if !self.inner.write(start, batch) {
            return false;
        }
        batch.scale_last(start, |from, to| (from >= self.fade && to <= self.frames - self.fade).then_some(1.0));
        batch.is_worth_it()
    }

    fn bound(&self) -> Option<f32> {
        self.inner.bound()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { inner: self.inner.fork(), ..*self })
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.inner.phases_at(frame)
    }
}

fn scale(block: Block<'_>, level: impl Fn(u64) -> f64) {
    for (k, (l, r)) in block.left.iter_mut().zip(block.right).enumerate() {
        let level = level(k as u64);
        *l = (f64::from(*l) * level) as f32;
        *r = (f64::from(*r) * level) as f32;
    }
}
