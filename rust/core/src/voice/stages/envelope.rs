//! Gains of the pipeline: the volume envelope of a voice, or short fades at its edges (spec voice-pipeline 12.4 and
//! 12.6). Both are functions of the frame without state.

use schemars::JsonSchema;

use crate::dsp::envelope;
use crate::dsp::envelope::{Adsr, Fade, Linen};
use crate::dsp::series::spaced;
use crate::voice::{Block, Context, Points, ToneBatch, Voice};

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
    /// Constant 1.0: an envelope object of unknown or incomplete content. It still switches the default edge fades off, except
    /// under `Compat::edge_fades_always`.
    #[schemars(skip)]
    Flat,
}

impl Envelope {
    /// The gain over the frames of `context`; `None` if it is 1 throughout.
    pub fn levels(self, context: &Context) -> Option<envelope::Envelope> {
        let (frames, dt) = (context.frames, context.dt());
        // A voice that is heard beyond an end of the call does not rise or fall there.
        let [before, after] = context.joined;
        let unless = |joined: bool, seconds: f64| if joined { 0.0 } else { seconds };
        match self {
            Self::LinearFade { fade_duration, start_amp, end_amp } => {
                let start_amp = if before { start_amp.max(end_amp) } else { start_amp };
                let fade = Fade::at_start(frames, context.sample_rate, start_amp, end_amp, fade_duration);
                Some(envelope::Envelope::Fade(fade))
            }
            Self::Adsr { .. } | Self::Linen { .. } if context.compat.flat_envelopes => None,
            Self::Adsr { attack, decay, sustain_level, release } => {
                let (attack, decay) = (unless(before, attack), unless(before, decay));
                let adsr = Adsr::new(frames, dt, attack, decay, sustain_level, unless(after, release));
                Some(envelope::Envelope::Adsr(adsr))
            }
            Self::Linen { attack, release } => {
                let linen = Linen::new(frames, dt, unless(before, attack), unless(after, release));
                Some(envelope::Envelope::Linen(linen))
            }
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

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}

/// Length of the default fades, seconds.
const EDGE: f64 = 0.01;

/// Whether a voice is faded at its start and at its end: one without an envelope at both; under
/// `Compat::edge_fades_always` one with an envelope wherever that is not 0. `rings` says that a stage behind the
/// envelope sounds on when the envelope has ended.
pub fn faded_edges(envelope: Option<Envelope>, context: &Context, rings: bool) -> [bool; 2] {
    let Some(envelope) = envelope else { return [true; 2] };
    if !context.compat.edge_fades_always {
        return [false; 2];
    }
    let sounds = |frame: u64| envelope.levels(context).is_none_or(|levels| levels.at(frame) != 0.0);
    [sounds(0), rings || sounds(context.frames.saturating_sub(1))]
}

struct EdgeFaded {
    inner: Box<dyn Voice>,
    frames: u64,
    fade: u64,
    /// Whether there is a fade at the start and at the end.
    edges: [bool; 2],
}

/// `inner` with a fade of 10 ms from exactly 0 at its start, or to exactly 0 at its end, or both, as `edges` says; they
/// overlap in very short voices. No fade where the voice is heard beyond that end of the call.
pub fn edge_faded(inner: Box<dyn Voice>, context: &Context, edges: [bool; 2]) -> Box<dyn Voice> {
    let edges = [0, 1].map(|end| edges[end] && !context.joined[end]);
    let fade = ((EDGE * context.sample_rate) as u64).min(context.frames);
    if fade < 2 || edges == [false; 2] {
        inner
    } else {
        Box::new(EdgeFaded { inner, frames: context.frames, fade, edges })
    }
}

impl Voice for EdgeFaded {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.inner.render(start, out.reborrow());
        let len = out.len() as u64;
        if self.edges[0] {
            let ramp = |k: u64| spaced(0.0, 1.0, self.fade, k, true);
            let fade_in = self.fade.saturating_sub(start).min(len);
            scale(out.part(0, fade_in as usize), |k| ramp(start + k));
        }
        if !self.edges[1] {
            return;
        }
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
        let [at_start, at_end] = self.edges;
        batch.scale_last(start, |from, to| {
            ((!at_start || from >= self.fade) && (!at_end || to <= self.frames - self.fade)).then_some(1.0)
        });
        batch.is_worth_it()
    }

    fn points(&mut self, start: u64, points: &mut Points) -> bool {
        if !self.inner.points(start, points) {
            return false;
        }
        let within = |frame: u64| frame.saturating_sub(start) as usize;
        if self.edges[0] {
            points.leave_out(0..within(self.fade));
        }
        if self.edges[1] {
            points.leave_out(within(self.frames - self.fade)..within(self.frames));
        }
        true
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

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.inner.as_ref())
    }
}

fn scale(block: Block<'_>, level: impl Fn(u64) -> f64) {
    for (k, (l, r)) in block.left.iter_mut().zip(block.right).enumerate() {
        let level = level(k as u64);
        *l = (f64::from(*l) * level) as f32;
        *r = (f64::from(*r) * level) as f32;
    }
}
