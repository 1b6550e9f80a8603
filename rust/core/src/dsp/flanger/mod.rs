//! Flanger: a short swept delay with filtered feedback and loudness matching (spec voice-pipeline 11).
//!
//! The LFO phase and the position in the delay line are closed forms of the frame number. After its warm-up, a flanger
//! that starts at any frame therefore computes the same numbers as one that has run from the beginning.

mod delay_line;
mod loudness;
mod settings;

use delay_line::DelayLine;
use loudness::{Loudness, Tile};
use settings::Sweep;
pub use settings::{Corrections, FlangerSettings};

use crate::dsp::curve::Alpha;
use crate::dsp::phase::Turns;
use crate::dsp::series::spaced;

/// Number of frames whose delays are computed together.
const TILE: usize = 64;

/// The part of the stereo signal that the flanger processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Routing {
    Both,
    Mid,
    Side,
}

/// A stereo flanger with its state. It can start at any frame.
#[derive(Debug, Clone)]
pub struct Flanger {
    sweep: Sweep,
    lfo: Lfo,
    /// Phase by which the LFO of the right channel is ahead.
    spread: Turns,
    routing: Routing,
    lines: [DelayLine; 2],
    loudness: Option<Loudness>,
    frame: u64,
    warmup: u64,
}

/// The oscillator that moves the delays.
#[derive(Debug, Clone)]
struct Lfo {
    /// Phase at frame 0.
    start: Turns,
    /// Cycles per frame, and the change of that over a transition.
    increment: f64,
    change: Option<(f64, Alpha)>,
}

impl Lfo {
    fn phase(&self, frame: u64) -> Turns {
        let phase = self.start + Turns::from_cycles(self.increment).times(frame);
        match &self.change {
            Some((change, alpha)) if frame > 0 => phase + Turns::from_cycles(change * alpha.sum(frame - 1)),
            _ => phase,
        }
    }

    fn increment(&self, frame: u64) -> Turns {
        let change = self.change.as_ref().map_or(0.0, |(change, alpha)| change * alpha.at(frame));
        Turns::from_cycles(self.increment + change)
    }
}

impl Flanger {
    /// A flanger with cleared state, whose next frame is 0.
    pub fn new(settings: &FlangerSettings, sample_rate: f64, corrections: Corrections) -> Self {
        let sweep = Sweep::new(settings, sample_rate);
        let line = DelayLine::new(settings, sample_rate, corrections);
        let routing = match settings.stereo_mode {
            2 => Routing::Mid,
            3 => Routing::Side,
            _ => Routing::Both,
        };
        let spread = if corrections.spread && settings.stereo_mode == 1 { settings.spread_deg / 360.0 } else { 0.0 };
        let warmup = line.memory(settings, sample_rate);
        Self {
            sweep,
            lfo: Lfo { start: Turns::ZERO, increment: settings.rate_hz / sample_rate, change: None },
            spread: Turns::from_cycles(spread),
            routing,
            lines: [line.clone(), line],
            loudness: Loudness::new(settings, sample_rate),
            frame: 0,
            warmup,
        }
    }

    /// The same flanger with its LFO ahead by `shift`.
    #[must_use]
    pub fn shifted(mut self, shift: Turns) -> Self {
        self.lfo.start += shift;
        self
    }

    /// The same flanger with an LFO whose rate goes along `alpha` from `from` to `to`, in Hz.
    #[must_use]
    pub fn with_rate(mut self, [from, to]: [f64; 2], sample_rate: f64, alpha: Alpha) -> Self {
        self.lfo.increment = from / sample_rate;
        self.lfo.change = Some(((to - from) / sample_rate, alpha));
        self
    }

    /// Phase of the LFO at `frame`.
    pub fn phase(&self, frame: u64) -> Turns {
        self.lfo.phase(frame)
    }

    /// Number of frames after which the output no longer depends on the start from cleared state (to about 1e-6). It is
    /// at most 30 seconds, also for feedback of ±1, which may never decay.
    pub const fn warmup(&self) -> u64 {
        self.warmup
    }

    /// The next frame that [`process`](Self::process) computes.
    pub const fn position(&self) -> u64 {
        self.frame
    }

    /// Clears all state; the next frame is `frame`.
    pub fn reset(&mut self, frame: u64) {
        self.frame = frame;
        for line in &mut self.lines {
            line.reset(frame);
        }
        if let Some(loudness) = &mut self.loudness {
            loudness.reset();
        }
    }

    /// Processes the next frames in place. Both slices have the same length.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let mut done = 0;
        while done < left.len() {
            // tiles lie on a fixed grid of frames, so that block sizes do not change the result
            let room = TILE - (self.frame % TILE as u64) as usize;
            let to = (done + room).min(left.len());
            self.tile(&mut left[done..to], &mut right[done..to]);
            done = to;
        }
    }

    fn tile(&mut self, left: &mut [f32], right: &mut [f32]) {
        let n = left.len();
        let mut delays = [[0.0; TILE]; 2];
        // the rate is that at the start of the tile, whose place does not depend on blocks
        let first_of_tile = self.frame - self.frame % TILE as u64;
        let increment = self.lfo.increment(first_of_tile);
        let phase = self.lfo.phase(first_of_tile) + increment.times(self.frame - first_of_tile);
        let [first, second] = &mut delays;
        self.sweep.delays(phase, increment, &mut first[..n]);
        if self.spread == Turns::ZERO {
            *second = *first;
        } else {
            self.sweep.delays(phase + self.spread, increment, &mut second[..n]);
        }
        match self.routing {
            Routing::Both => self.both(&delays, left, right),
            Routing::Mid | Routing::Side => self.mid_side(&delays, left, right),
        }
        self.frame += n as u64;
    }

    fn both(&mut self, delays: &Tile, left: &mut [f32], right: &mut [f32]) {
        let n = left.len();
        let mut input = [[0.0; TILE]; 2];
        for k in 0..n {
            input[0][k] = f64::from(left[k]);
            input[1][k] = f64::from(right[k]);
        }
        let mut out = input;
        for (channel, line) in self.lines.iter_mut().enumerate() {
            line.run(&delays[channel][..n], &mut out[channel][..n]);
        }
        if let Some(loudness) = &mut self.loudness {
            loudness.apply(&input, &mut out, n, self.frame.is_multiple_of(TILE as u64));
        }
        for k in 0..n {
            left[k] = out[0][k] as f32;
            right[k] = out[1][k] as f32;
        }
    }

    /// Applies the flanger to the mid or side signal only, using the first delay line.
    fn mid_side(&mut self, delays: &Tile, left: &mut [f32], right: &mut [f32]) {
        const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
        let n = left.len();
        let (mut wet, mut dry) = ([[0.0; TILE]; 2], [0.0; TILE]);
        let side = self.routing == Routing::Side;
        for k in 0..n {
            let (sum, difference) = (f64::from(left[k] + right[k]) * HALF, f64::from(left[k] - right[k]) * HALF);
            (wet[0][k], dry[k]) = if side { (difference, sum) } else { (sum, difference) };
        }
        let input = wet;
        self.lines[0].run(&delays[0][..n], &mut wet[0][..n]);
        if let Some(loudness) = &mut self.loudness {
            loudness.apply(&input, &mut wet, n, self.frame.is_multiple_of(TILE as u64));
        }
        for k in 0..n {
            let (mid, side) = if side { (dry[k], wet[0][k]) } else { (wet[0][k], dry[k]) };
            left[k] = ((mid + side) * HALF) as f32;
            right[k] = ((mid - side) * HALF) as f32;
        }
    }
}

/// `flanger_stereo`: applies a flanger to a whole stereo signal in place.
pub fn flanger_stereo(
    left: &mut [f32],
    right: &mut [f32],
    sample_rate: f64,
    settings: &FlangerSettings,
    corrections: Corrections,
) {
    Flanger::new(settings, sample_rate, corrections).process(left, right);
}

/// `flanger_transition`: two flangers (`None`: the dry signal) on the same input, crossfaded by `alpha`. `alpha` has
/// `alpha_frames` frames and is stretched if the signal has another length.
pub fn flanger_transition(
    left: &mut [f32],
    right: &mut [f32],
    flangers: [Option<Flanger>; 2],
    alpha: &Alpha,
    alpha_frames: u64,
) {
    let [start, end] = flangers.map(|flanger| {
        let (mut l, mut r) = (left.to_vec(), right.to_vec());
        if let Some(mut flanger) = flanger {
            flanger.process(&mut l, &mut r);
        }
        (l, r)
    });
    let n = left.len() as u64;
    for k in 0..left.len() {
        let share = if n == alpha_frames { alpha.at(k as u64) } else { stretched(alpha, alpha_frames, n, k as u64) };
        left[k] = crossfade(start.0[k], end.0[k], share);
        right[k] = crossfade(start.1[k], end.1[k], share);
    }
}

/// Linear crossfade of two samples: `start` at share 0, `end` at share 1.
#[inline(always)]
pub fn crossfade(start: f32, end: f32, share: f64) -> f32 {
    (f64::from(start) * (1.0 - share) + f64::from(end) * share) as f32
}

/// Frame `k` of `alpha` after linear resampling from `from` to `to` frames.
fn stretched(alpha: &Alpha, from: u64, to: u64, k: u64) -> f64 {
    if from == 0 {
        return 0.0;
    }
    let place = spaced(0.0, 1.0, to, k, true) * (from - 1) as f64;
    let whole = place.floor();
    let (a, b) = (alpha.at(whole as u64), alpha.at((whole as u64 + 1).min(from - 1)));
    a + (b - a) * (place - whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, seed: u32) -> Vec<f32> {
        let mut x = seed;
        (0..n)
            .map(|_| {
                x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                x as f32 / 2_147_483_648.0 - 1.0
            })
            .collect()
    }

    fn render(settings: &FlangerSettings, corrections: Corrections) -> [Vec<f32>; 2] {
        let (mut l, mut r) = (noise(60_000, 1), noise(60_000, 2));
        flanger_stereo(&mut l, &mut r, 22_050.0, settings, corrections);
        [l, r]
    }

    #[test]
    fn a_late_start_converges_to_the_full_run() {
        for settings in [
            FlangerSettings { loud_tc_ms: 40.0, ..FlangerSettings::default() },
            FlangerSettings { feedback: 0.8, loop_hpf_hz: 60.0, loud_tc_ms: 20.0, ..FlangerSettings::default() },
            FlangerSettings { stereo_mode: 2, law: 1, interp_mode: 1, loud_mode: 0, ..FlangerSettings::default() },
        ] {
            let [full, _] = render(&settings, Corrections::default());
            let mut late = Flanger::new(&settings, 22_050.0, Corrections::default());
            let warmup = late.warmup() as usize;
            assert!(warmup < 20_000, "{warmup}");
            late.reset(30_000);
            let (mut l, mut r) = (noise(60_000, 1)[30_000..].to_vec(), noise(60_000, 2)[30_000..].to_vec());
            late.process(&mut l, &mut r);
            for k in warmup..30_000 {
                assert!((l[k] - full[30_000 + k]).abs() < 3e-6, "{k}: {} {}", l[k], full[30_000 + k]);
            }
        }
    }

    #[test]
    fn blocks_of_any_size_give_the_same_bits() {
        let settings = FlangerSettings { feedback: 0.7, loop_hpf_hz: 40.0, ..FlangerSettings::default() };
        let [left, right] = render(&settings, Corrections::default());
        let mut flanger = Flanger::new(&settings, 22_050.0, Corrections::default());
        let (mut l, mut r) = (noise(60_000, 1), noise(60_000, 2));
        let mut from = 0;
        for size in [1, 63, 64, 65, 777, 4096].iter().cycle() {
            let to = (from + size).min(l.len());
            flanger.process(&mut l[from..to], &mut r[from..to]);
            from = to;
            if from == l.len() {
                break;
            }
        }
        assert!(l == left && r == right);
    }

    #[test]
    fn corrected_interpolation_gives_the_stated_delay() {
        let sine = |k: f64| (k * 0.05).sin();
        for interp_mode in [0, 1] {
            let settings = FlangerSettings {
                delay_ms: 1.37,
                depth_ms: 0.0,
                feedback: 0.0,
                wet: 1.0,
                loud_mode: 0,
                interp_mode,
                ..FlangerSettings::default()
            };
            let corrections = Corrections { interpolation: true, ..Corrections::default() };
            let mut l: Vec<f32> = (0..2000).map(|k| sine(f64::from(k)) as f32).collect();
            let mut r = l.clone();
            flanger_stereo(&mut l, &mut r, 22_050.0, &settings, corrections);
            for k in 500..2000 {
                let k_time = f64::from(k);
                let expected = sine(k_time) + sine(k_time - 1.37 * 22.05);
                let error = (f64::from(l[k as usize]) - expected).abs();
                assert!(error < if interp_mode == 0 { 4e-4 } else { 2e-6 }, "{interp_mode} {k} {error}");
            }
        }
    }

    #[test]
    fn corrections_make_feedback_and_spread_audible() {
        let settings =
            FlangerSettings { stereo_mode: 1, spread_deg: 90.0, feedback: 0.9, ..FlangerSettings::default() };
        let plain = render(&settings, Corrections::default());
        let silent = FlangerSettings { feedback: 0.0, ..settings };
        assert_eq!(plain, render(&silent, Corrections::default()));
        let feedback = Corrections { feedback: true, ..Corrections::default() };
        assert_ne!(plain[0], render(&settings, feedback)[0]);
        let spread = render(&settings, Corrections { spread: true, ..Corrections::default() });
        assert_eq!(plain[0], spread[0]);
        assert_ne!(plain[1], spread[1]);
    }

    #[test]
    fn excessive_feedback_stays_finite() {
        let settings = FlangerSettings { feedback: 50.0, loop_hpf_hz: 1.0, loop_lpf_hz: 1e6, ..Default::default() };
        assert!(render(&settings, Corrections::default())[0].iter().all(|x| x.is_finite() && x.abs() < 1e4));
    }
}
