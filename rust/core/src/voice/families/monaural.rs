//! `monaural_beat_stereo_amps`: a lower and an upper tone in both ears with four gains, optional phase and amplitude
//! oscillation; clipped at ±1, except under `Compat::no_hidden_clipping` (spec am-and-monaural-voices 6).

use std::sync::Arc;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell, deviate, sines};
use crate::dsp::equal_loudness::Contour;
use crate::error::Result;
use crate::voice::family::{Family, Heard};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Moves;
use crate::voice::parts::amp_osc::AmpOscillator;
use crate::voice::parts::glide::{CellMotion, Glide};
use crate::voice::parts::phase_osc::PhaseOscillator;
use crate::voice::parts::rows::{hertz, level, radians};
use crate::voice::parts::sweep::{Law, Sweep};
use crate::voice::parts::{loudness, nyquist};
use crate::voice::{Block, Context, Oscillators, Param, Params, Ramp, Voice};

const AMP_LOWER_L: Param = level("amp_lower_L", 0.5, "Gain of the lower tone in the left ear.");
const AMP_UPPER_L: Param = level("amp_upper_L", 0.5, "Gain of the upper tone in the left ear.");
const AMP_LOWER_R: Param = level("amp_lower_R", 0.5, "Gain of the lower tone in the right ear.");
const AMP_UPPER_R: Param = level("amp_upper_R", 0.5, "Gain of the upper tone in the right ear.");
const BASE_FREQ: Param = hertz("baseFreq", 200.0, "Centre between the tones.").editor_spelling();
const BEAT_FREQ: Param = hertz("beatFreq", 4.0, "Distance of the tones; negative swaps them.").editor_spelling();
const START_PHASE_L: Param =
    radians("startPhaseL", 0.0, "Start phase of the lower tone, in both ears.").editor_spelling();
const START_PHASE_R: Param = radians("startPhaseR", 0.0, "Start phase of the upper tone, in both ears.")
    .moves(Moves::Named { start: "startStartPhaseU", end: "endStartPhaseU" })
    .editor_spelling();
const PHASE_OSC_FREQ: Param =
    hertz("phaseOscFreq", 0.0, "Rate at which the tones' phases move against each other.").editor_spelling();
const PHASE_OSC_RANGE: Param = radians("phaseOscRange", 0.0, "Range of that movement, peak to peak.").editor_spelling();
const AMP_OSC_DEPTH: Param =
    level("ampOscDepth", 0.0, "Depth of the amplitude oscillation, limited to 0..2 (2: ring modulation).")
        .editor_spelling();
const AMP_OSC_FREQ: Param = hertz("ampOscFreq", 0.0, "Rate of the amplitude oscillation; 0 is off.").editor_spelling();
const AMP_OSC_PHASE_OFFSET: Param =
    radians("ampOscPhaseOffset", 0.0, "Start phase of the amplitude oscillation.").editor_spelling();

const PARAMS: &[Param] = &[
    AMP_LOWER_L,
    AMP_UPPER_L,
    AMP_LOWER_R,
    AMP_UPPER_R,
    BASE_FREQ,
    BEAT_FREQ,
    START_PHASE_L,
    START_PHASE_R,
    PHASE_OSC_FREQ,
    PHASE_OSC_RANGE,
    AMP_OSC_DEPTH,
    AMP_OSC_FREQ,
    AMP_OSC_PHASE_OFFSET,
    loudness::ROW,
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "monaural_beat_stereo_amps",
    transition: true,
    summary: "Two tones a beat apart, mixed into both ears with four gains.",
    source: "spec am-and-monaural-voices 6",
    params: &[PARAMS],
    carrier: Some(&BASE_FREQ),
    beat: Some(&BEAT_FREQ),
    heard: Heard::Pair,
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let glide = Glide::read(context, params)?;
    let mut voice = Monaural::read(context, params, glide, [&AMP_OSC_DEPTH, &AMP_OSC_FREQ, &AMP_OSC_PHASE_OFFSET])?;
    voice.loudness = loudness::read(params, voice.frequencies)?;
    Ok(Cells::boxed(voice))
}

impl Monaural {
    /// Read the beat of a family with these rows; `amp_osc` names depth, rate and phase of the amplitude oscillation.
    pub(crate) fn read(
        context: &Context,
        params: &Params<'_>,
        glide: Glide,
        amp_osc: [&'static Param; 3],
    ) -> Result<Self> {
        let (base, beat) = (params.ramp(&BASE_FREQ)?, params.ramp(&BEAT_FREQ)?);
        let frequency =
            |side: f64| Ramp { start: base.start + side * beat.start / 2.0, end: base.end + side * beat.end / 2.0 };
        let tone = |side: f64, phase: &'static Param, role: &str| {
            // the end values of the start phases are not used
            let phase = Ramp::fixed(params.ramp(phase)?.start);
            let left_out = nyquist::is_left_out(context, params, &BASE_FREQ, frequency(side));
            let tone = Sweep::new(&glide, frequency(side), 0.0, phase, Law::SumWithFirst);
            Ok(tone.shifted(context.shift(role)).band_limited(left_out))
        };
        let (phase_rate, phase_range) = (params.ramp(&PHASE_OSC_FREQ)?, params.ramp(&PHASE_OSC_RANGE)?);
        let never = |ramp: Ramp| ramp == Ramp::fixed(0.0);
        let amps = [&AMP_LOWER_L, &AMP_UPPER_L, &AMP_LOWER_R, &AMP_UPPER_R];
        let mut gains = [Gain::default(); 4];
        for (gain, row) in gains.iter_mut().zip(amps) {
            *gain = Gain::new(params.ramp(row)?);
        }
        Ok(Self {
            tones: [tone(-1.0, &START_PHASE_L, "lower")?, tone(1.0, &START_PHASE_R, "upper")?],
            gains,
            phase_osc: PhaseOscillator::new(context, &glide, phase_rate, phase_range, Ramp::fixed(0.0))
                .filter(|_| !never(phase_rate))
                .map(|osc| osc.shifted(context.shift("phaseOsc"))),
            amp_osc: AmpOscillator::read(context, params, &glide, amp_osc, |rate| rate != 0.0)?
                .map(|osc| osc.shifted(context.shift("ampOsc"))),
            limit: if context.compat.no_hidden_clipping { f32::INFINITY } else { 1.0 },
            frequencies: [frequency(-1.0), frequency(1.0)],
            loudness: None,
            glide,
        })
    }
}

/// A gain that follows alpha, in single precision.
#[derive(Debug, Clone, Copy, Default)]
struct Gain {
    start: f32,
    change: f32,
}

impl Gain {
    fn new(ramp: Ramp) -> Self {
        Self { start: ramp.start as f32, change: (ramp.end - ramp.start) as f32 }
    }

    #[inline(always)]
    fn at(self, alpha: f32) -> f32 {
        self.start + self.change * alpha
    }
}

/// Both ears of the beat.
#[derive(Debug, Clone)]
pub(crate) struct Monaural {
    /// Lower and upper tone.
    tones: [Sweep; 2],
    /// Gains: lower and upper tone in the left ear, lower and upper tone in the right ear.
    gains: [Gain; 4],
    phase_osc: Option<PhaseOscillator>,
    amp_osc: Option<AmpOscillator>,
    /// Magnitude at which each ear is clipped.
    limit: f32,
    /// Frequencies of the tones, Hz.
    frequencies: [Ramp; 2],
    /// Contour of equal loudness that the level of each tone follows, if any.
    loudness: Option<Arc<Contour>>,
    glide: Glide,
}

impl Monaural {
    /// Bring both tones to the levels of the contour.
    fn follow(&self, contour: &Contour, tones: [&mut Cell; 2]) {
        for (frequency, tone) in self.frequencies.iter().zip(tones) {
            let gain = |j: usize| contour.gain(frequency.at(self.glide.at(j)).max(0.0)) as f32;
            if let (CellMotion::Still(_), gain) = (self.glide.shape(), gain(0)) {
                for sample in tone.iter_mut() {
                    *sample *= gain;
                }
            } else {
                for (j, sample) in tone.iter_mut().enumerate() {
                    *sample *= gain(j);
                }
            }
        }
    }

    /// Write both tones of the current cell.
    fn tones(&self, lower: &mut Cell, upper: &mut Cell) {
        let Some(phase_osc) = &self.phase_osc else {
            self.tones[0].sines(&self.glide, lower);
            self.tones[1].sines(&self.glide, upper);
            return;
        };
        let (mut turns, mut phases) = ([0.0; CELL], [0; CELL]);
        phase_osc.turns(&self.glide, &mut turns);
        for (tone, direction, out) in [(&self.tones[0], -1.0, lower), (&self.tones[1], 1.0, upper)] {
            tone.phases(&self.glide, &mut phases);
            deviate(&mut phases, &turns, direction);
            sines(&phases, out);
            tone.mask(&self.glide, out);
        }
    }
}

impl CellSource for Monaural {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.glide.enter(index);
        let (mut lower, mut upper, mut gains) = ([0.0; CELL], [0.0; CELL], [1.0; CELL]);
        self.tones(&mut lower, &mut upper);
        if let Some(contour) = &self.loudness {
            self.follow(contour, [&mut lower, &mut upper]);
        }
        if let Some(amp_osc) = &self.amp_osc {
            amp_osc.gains(&self.glide, &mut gains);
        }
        for (out, amps) in [out.left, out.right].into_iter().zip([&self.gains[..2], &self.gains[2..]]) {
            if let (Some(out), [low, high]) = (out.first_chunk_mut(), amps) {
                mix([*low, *high], self.limit, self.glide.values(), [&lower, &upper, &gains], out);
            }
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = Oscillators { alpha: self.glide.alpha.at(frame), ..Oscillators::default() }
            .with("lower", self.tones[0].phase(&self.glide, frame))
            .with("upper", self.tones[1].phase(&self.glide, frame));
        Some(
            all.and("phaseOsc", self.phase_osc.as_ref().map(|osc| osc.phase(&self.glide, frame)))
                .and("ampOsc", self.amp_osc.as_ref().map(|osc| osc.phase(&self.glide, frame))),
        )
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn mix(amps: [Gain; 2], limit: f32, alpha: &Cell, [lower, upper, gains]: [&Cell; 3], out: &mut Cell) {
    for j in 0..CELL {
        let sum = lower[j] * amps[0].at(alpha[j]) + upper[j] * amps[1].at(alpha[j]);
        out[j] = (sum * gains[j]).clamp(-limit, limit);
    }
}
