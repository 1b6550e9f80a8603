//! Panning: equal-power gains, and a pan position that moves (spec voice-pipeline 7) with an exact phase, at any frame.

use std::f64::consts::TAU;

use multiversion::multiversion;

use super::curve::Alpha;
use super::lfo::frac;
use super::ramp::Ramp;
use super::series::Series;
use super::sine::{phase_u32, sine_cycles, sine_quarter, sine_u32};

/// Gains (left, right) of the position `pan`, clipped to -1 (left) .. 1 (right); 0.7071 each in the centre.
#[inline(always)]
pub fn pan_gains(pan: f64) -> (f64, f64) {
    let eighth = (pan.clamp(-1.0, 1.0) + 1.0) * 0.125;
    (sine_cycles(0.25 - eighth), sine_cycles(eighth))
}

/// `pan2`: a mono signal placed at `pan`; left and right channel.
pub fn pan2(signal: &[f64], pan: f64) -> (Vec<f64>, Vec<f64>) {
    let (left, right) = pan_gains(pan);
    (signal.iter().map(|x| left * x).collect(), signal.iter().map(|x| right * x).collect())
}

/// `apply_pan_envelope`: scale both channels by the gains of a pan position per frame, in place. A balance, not a
/// rotation: the channels keep their content.
pub fn apply_pan(left: &mut [f32], right: &mut [f32], pan: Series<'_>) {
    for (k, (l, r)) in left.iter_mut().zip(right).enumerate() {
        let (gain_left, gain_right) = pan_gains(pan.at(k));
        *l = (f64::from(*l) * gain_left) as f32;
        *r = (f64::from(*r) * gain_right) as f32;
    }
}

/// How a pan position moves within its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PanKind {
    /// A sine between the limits.
    #[default]
    Linear,
    /// From alternating edges towards the centre, then a jump to the other edge.
    Inward,
    /// From the centre towards alternating edges, then a jump back.
    Outward,
}

impl PanKind {
    /// The words of the track format.
    pub const NAMES: &'static [&'static str] = &["linear", "inward", "outward"];

    /// From a word, any case; unknown words are linear.
    pub fn from_name(name: &str) -> Self {
        match name.trim().to_lowercase().as_str() {
            "inward" => Self::Inward,
            "outward" => Self::Outward,
            _ => Self::Linear,
        }
    }

    /// Position after `cycles` cycles between the limits `lo <= hi`, clipped to -1..1.
    #[inline(always)]
    pub fn position(self, cycles: f64, lo: f64, hi: f64) -> f64 {
        let part = frac(cycles);
        let edge = if frac(0.5 * cycles) < 0.5 { hi } else { lo };
        let position = match self {
            Self::Linear => 0.5 * (hi + lo) + 0.5 * (hi - lo) * sine_cycles(cycles),
            Self::Inward => edge * (1.0 - part),
            Self::Outward => edge * part,
        };
        position.clamp(-1.0, 1.0)
    }
}

/// `generate_pan_envelope`: the pan position of `frames` frames, with exact phase (the legacy's single-precision running
/// sum is not imitated). Limits in any order, rate in Hz, phase in radians; no rate above 0: the middle of the range.
pub fn pan_envelope(
    frames: usize,
    sample_rate: f64,
    limits: [Series<'_>; 2],
    rate: Series<'_>,
    kind: PanKind,
    phase: Series<'_>,
) -> Vec<f32> {
    let moves = (0..frames).any(|k| rate.at(k) > 0.0);
    let mut cycles = 0.0;
    (0..frames)
        .map(|k| {
            let (a, b) = (limits[0].at(k), limits[1].at(k));
            let (lo, hi) = (a.min(b), a.max(b));
            if !moves {
                return (0.5 * (lo + hi)).clamp(-1.0, 1.0) as f32;
            }
            let position = kind.position(phase.at(k) / TAU + cycles / sample_rate, lo, hi);
            cycles += rate.at(k).abs();
            position as f32
        })
        .collect()
}

/// What a voice says about its pan; each value may move with the voice's transition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanSettings {
    /// One limit of the range, -1..1; the limits may come in any order.
    pub min: Ramp,
    /// The other limit.
    pub max: Ramp,
    /// Hz. Rates count by magnitude if at least one is above 0, otherwise the pan stands still.
    pub rate: Ramp,
    /// Radians.
    pub phase: Ramp,
    /// Movement.
    pub kind: PanKind,
}

impl PanSettings {
    /// Whether the stage is to be left out (gain 1): nothing differs from 0 by more than `tolerance`.
    pub fn is_off(&self, tolerance: f64) -> bool {
        [self.min, self.max, self.rate].iter().all(|r| r.start.abs() <= tolerance && r.end.abs() <= tolerance)
    }
}

/// The pan stage of a voice: gains for any stretch of frames, no state.
#[derive(Debug, Clone)]
pub struct PanStage {
    settings: PanSettings,
    alpha: Alpha,
    sample_rate: f64,
    moves: bool,
    /// First frame and pan cycles (times the sample rate) at which the rate has changed its sign, with the new sign.
    flips: Vec<(u64, f64, f64)>,
    scale: f32,
}

/// Frames computed together.
const RUN: usize = 64;

impl PanStage {
    /// For a call of `frames` frames. `unity_centre` scales the gains by √2, so that the centre has gain 1 and there is
    /// no step between no pan and a little pan (`Compat::smooth_pan_onset`).
    pub fn new(settings: PanSettings, alpha: Alpha, sample_rate: f64, frames: u64, unity_centre: bool) -> Self {
        let rate = settings.rate;
        let last = frames.saturating_sub(1);
        let probe = |i: u64| rate.at(alpha.at((u128::from(last) * u128::from(i) / 256) as u64));
        let (moves, reverses) = ((0..=256).any(|i| probe(i) > 0.0), (0..=256).any(|i| probe(i) < 0.0));
        let mut stage = Self {
            settings,
            alpha,
            sample_rate,
            moves,
            flips: Vec::new(),
            scale: if unity_centre { std::f32::consts::SQRT_2 } else { 1.0 },
        };
        if moves && reverses {
            stage.find_flips(frames);
        }
        stage
    }

    /// Rates of either sign: remember where the sign changes, so that the sum of magnitudes stays a closed form.
    fn find_flips(&mut self, frames: u64) {
        let rate = self.settings.rate;
        let (begin, after) = self.alpha.corners();
        let mut sign = sign_of(rate.at(self.alpha.at(0)));
        let mut cycles = 0.0;
        let mut base = 0.0;
        self.flips.push((0, 0.0, sign));
        for frame in begin.max(1)..=after.min(frames.saturating_sub(1)) {
            let now = sign_of(rate.at(self.alpha.at(frame)));
            if now != sign {
                let raw = self.raw_cycles(frame);
                cycles += (raw - base) * sign;
                base = raw;
                sign = now;
                // stored so that magnitude(n) = offset + sign·raw(n) from here on
                self.flips.push((frame, cycles - base * sign, sign));
            }
        }
    }

    /// Sum of the signed rates of the frames before `frame`.
    #[inline]
    fn raw_cycles(&self, frame: u64) -> f64 {
        let rate = self.settings.rate;
        let moved = if frame == 0 || !rate.moves() { 0.0 } else { (rate.end - rate.start) * self.alpha.sum(frame - 1) };
        frame as f64 * rate.start + moved
    }

    #[inline]
    fn magnitude(&self, frame: u64, raw: f64) -> f64 {
        match self.flips.iter().rev().find(|(from, ..)| *from <= frame) {
            Some((_, offset, sign)) => offset + sign * raw,
            None => raw,
        }
    }

    /// Gains of the frames from `start` on.
    pub fn gains(&self, start: u64, left: &mut [f32], right: &mut [f32]) {
        let mut done = 0;
        for (l, r) in left.chunks_mut(RUN).zip(right.chunks_mut(RUN)) {
            self.run(start + done, l, r);
            done += l.len() as u64;
        }
    }

    /// Scale the frames from `start` on, in place.
    pub fn apply(&self, start: u64, left: &mut [f32], right: &mut [f32]) {
        let mut gains = [[0.0_f32; RUN]; 2];
        let mut done = 0;
        for (l, r) in left.chunks_mut(RUN).zip(right.chunks_mut(RUN)) {
            let [gl, gr] = &mut gains;
            self.run(start + done, &mut gl[..l.len()], &mut gr[..r.len()]);
            l.iter_mut().zip(gl).for_each(|(x, g)| *x *= *g);
            r.iter_mut().zip(gr).for_each(|(x, g)| *x *= *g);
            done += l.len() as u64;
        }
    }

    fn run(&self, start: u64, left: &mut [f32], right: &mut [f32]) {
        let n = left.len();
        let s = &self.settings;
        let mut lanes = Lanes { cycles: [0.0; RUN], lo: [0.0; RUN], hi: [0.0; RUN] };
        let mut alpha = [0.0; RUN];
        self.alpha.fill(start, &mut alpha[..n]);
        for (k, alpha) in alpha[..n].iter().enumerate() {
            let (a, b) = (s.min.at(*alpha), s.max.at(*alpha));
            lanes.lo[k] = a.min(b);
            lanes.hi[k] = a.max(b);
        }
        if self.moves {
            let mut sums = [0.0; RUN];
            let change = s.rate.end - s.rate.start;
            if change != 0.0 {
                // sums of the frames before each frame: the inclusive sums less the frame itself
                self.alpha.fill_sums(start, &mut sums[..n]);
                (0..n).for_each(|k| sums[k] = change * (sums[k] - alpha[k]));
            }
            for k in 0..n {
                let frame = start + k as u64;
                let raw = frame as f64 * s.rate.start + sums[k];
                lanes.cycles[k] = s.phase.at(alpha[k]) / TAU + self.magnitude(frame, raw) / self.sample_rate;
            }
        }
        let mut gains = [[0.0_f32; RUN]; 2];
        lane_gains(self.moves.then_some(s.kind), &lanes, self.scale, &mut gains);
        left.copy_from_slice(&gains[0][..n]);
        right.copy_from_slice(&gains[1][..n]);
    }
}

struct Lanes {
    cycles: [f64; RUN],
    lo: [f64; RUN],
    hi: [f64; RUN],
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx+avx2", "x86_64+sse+sse2+sse3+ssse3+sse4.1"))]
fn lane_gains(kind: Option<PanKind>, lanes: &Lanes, scale: f32, gains: &mut [[f32; RUN]; 2]) {
    let mut position = [0.0_f32; RUN];
    match kind {
        None => (0..RUN).for_each(|k| position[k] = (0.5 * (lanes.lo[k] + lanes.hi[k])) as f32),
        Some(PanKind::Linear) => (0..RUN).for_each(|k| {
            let wave = sine_u32(phase_u32(lanes.cycles[k]));
            let (lo, hi) = (lanes.lo[k] as f32, lanes.hi[k] as f32);
            position[k] = 0.5 * (hi + lo) + 0.5 * (hi - lo) * wave;
        }),
        Some(kind) => (0..RUN).for_each(|k| {
            position[k] = kind.position(lanes.cycles[k], lanes.lo[k], lanes.hi[k]) as f32;
        }),
    }
    for k in 0..RUN {
        let eighth = (position[k].clamp(-1.0, 1.0) + 1.0) * 0.125;
        gains[0][k] = sine_quarter(0.25 - eighth) * scale;
        gains[1][k] = sine_quarter(eighth) * scale;
    }
}

fn sign_of(x: f64) -> f64 {
    if x < 0.0 { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::Curve;

    fn check(settings: PanSettings, alpha: &Alpha, frames: u64) {
        let rate = 8000.0;
        let values = |ramp: Ramp| (0..frames).map(|k| ramp.at(alpha.at(k))).collect::<Vec<_>>();
        let (min, max, freq, phase) =
            (values(settings.min), values(settings.max), values(settings.rate), values(settings.phase));
        let direct = pan_envelope(
            frames as usize,
            rate,
            [Series::Values(&min), Series::Values(&max)],
            Series::Values(&freq),
            settings.kind,
            Series::Values(&phase),
        );
        let stage = PanStage::new(settings, alpha.clone(), rate, frames, false);
        let (mut left, mut right) = (vec![0.0; frames as usize], vec![0.0; frames as usize]);
        stage.gains(0, &mut left, &mut right);
        for k in 0..frames as usize {
            let (l, r) = pan_gains(f64::from(direct[k]));
            assert!((f64::from(left[k]) - l).abs() < 6e-7, "{settings:?} {k}: {} {l}", left[k]);
            assert!((f64::from(right[k]) - r).abs() < 6e-7, "{settings:?} {k}: {} {r}", right[k]);
        }
        let (mut part_left, mut part_right) = ([0.0; 101], [0.0; 101]);
        stage.gains(777, &mut part_left, &mut part_right);
        assert_eq!(part_left, left[777..878]);
        assert_eq!(part_right, right[777..878]);
    }

    #[test]
    fn the_stage_follows_the_running_sum_for_every_movement() {
        let frames = 8000;
        let curves = ["linear", "logarithmic", "exponential", "alpha**3"];
        for (curve, kind) in curves.iter().zip([PanKind::Linear, PanKind::Inward, PanKind::Outward].iter().cycle()) {
            let alpha = Alpha::new(1.0, frames, 0.1, Some(0.7), Curve::parse(curve, false).unwrap());
            for rate in [(3.3, 3.3), (0.0, 7.1), (-3.1, 6.3), (6.3, -3.1), (-1.0, -2.0), (0.0, 0.0)] {
                let settings = PanSettings {
                    min: Ramp { start: 0.8, end: -0.3 },
                    max: Ramp { start: -0.5, end: 0.9 },
                    rate: Ramp { start: rate.0, end: rate.1 },
                    phase: Ramp { start: 0.3, end: 1.2 },
                    kind: *kind,
                };
                check(settings, &alpha, frames);
            }
        }
    }

    #[test]
    fn a_pan_after_hours_still_moves() {
        let settings = PanSettings {
            min: Ramp::fixed(-1.0),
            max: Ramp::fixed(1.0),
            rate: Ramp::fixed(0.3),
            phase: Ramp::fixed(0.0),
            kind: PanKind::Linear,
        };
        let frames = 8 * 3600 * 44_100;
        let stage = PanStage::new(settings, Alpha::still(), 44_100.0, frames, false);
        // a quarter of the 0.3 Hz cycle after a whole number of them: fully right
        let frame = 7 * 3600 * 44_100 + 36_750;
        let (mut left, mut right) = ([0.0], [0.0]);
        stage.gains(frame, &mut left, &mut right);
        assert!(left[0].abs() < 1e-3 && right[0] > 0.999_999, "{left:?} {right:?}");
    }

    #[test]
    fn a_unity_centre_has_no_step() {
        let settings = PanSettings {
            min: Ramp::fixed(0.0),
            max: Ramp::fixed(0.0),
            rate: Ramp::fixed(0.0),
            phase: Ramp::fixed(0.0),
            kind: PanKind::Linear,
        };
        assert!(settings.is_off(1e-8));
        let (mut left, mut right) = ([0.0; 3], [0.0; 3]);
        PanStage::new(settings, Alpha::still(), 44_100.0, 100, true).gains(0, &mut left, &mut right);
        assert!(left.iter().chain(&right).all(|g| (g - 1.0).abs() < 1e-6));
    }
}
