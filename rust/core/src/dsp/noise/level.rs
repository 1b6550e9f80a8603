//! The level of the streaming forms: gains that are fixed before the first sample is generated (spec noise 16.3 and
//! 16.4).
//!
//! The exact form matches the RMS of each channel to that of its source and scales the signal to a peak of 0.95. Both
//! need the whole signal. The streaming form uses expected values instead: the loss in the notches follows from their
//! responses over the sweep, and the peaks from the statistics of Gaussian noise with the same spectrum.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use super::bank::SEGMENT;
use super::conditioning::{Conditioning, PEAK, StaticNotch};
use super::notch::{Response, product};
use super::stream::{Coloured, Tint};
use super::sweep::{Drift, Motion};

/// Peak of a finished voice.
pub const CEILING: f64 = 0.95;
/// RMS of each channel of a voice under `Compat::full_band_noise`: -15 dBFS. A sample beyond [`CEILING`], 5.3 times as
/// much, comes once in four minutes of white noise, and less often in darker noise.
pub const STEADY_RMS: f64 = 0.177_827_941_003_892_3;
/// Smallest part of the power that notches may leave, as far as it is made up for.
const LEAST_LEFT: f64 = 1e-4;
/// Number of points on the frequency axis and on the time axis.
const FREQUENCIES: usize = 512;
const TIMES: usize = 48;
/// The same for the steady level.
const STEADY_FREQUENCIES: usize = 160;
const STEADY_TIMES: usize = 32;
/// A voice of fewer periods of its sweep is sampled over its whole length, a longer one over one period.
const WHOLE_PERIODS: f64 = 4.0;
const LOWEST_HZ: f64 = 8.0;
const EULER: f64 = 0.577_215_664_901_532_9;

/// Gains of the two channels of a filtered source of unit variance. They give the channels the level that a whole
/// signal of this length has on average. `power` is the power density of the raw source at a frequency in Hz, in any
/// scale, and `grain` that of it.
pub fn gains(motion: &Motion, power: impl Fn(f64) -> f64, grain: &Grain, statics: &[StaticNotch]) -> [f64; 2] {
    let rate = motion.sample_rate;
    let conditioning = Conditioning::new(rate);
    let axis = Axis::new(&|f| power(f) * conditioning.power(f), statics, rate, FREQUENCIES);
    let channels = if motion.is_mono() { 1 } else { 2 };
    let course = Course::new(motion, &axis, channels, Steps::Blocks, times(motion));
    let peaks = Peaks::new(axis.neighbour_correlation(), grain.clumping);
    let frames = motion.frames.max(1) as f64;

    let source_peak = peaks.expected(&[(1.0, 1.0)].into_iter(), frames);
    let loss = |channel: usize| course.matched[channel].iter().sum::<f64>() / TIMES as f64;
    let rms = [loss(0), loss(channels - 1)].map(|power| power.max(1e-12).sqrt());
    // two channels have up to twice as many chances of a high peak, depending on their correlation
    let independent = 1.0 + (1.0 - course.correlation * course.correlation).max(0.0).sqrt();
    let chances = frames * if channels == 1 { 1.0 } else { independent };
    let spread = (0..channels).flat_map(|c| {
        course.heard[c].iter().map(move |power| (power.sqrt() / rms[c], 1.0 / (TIMES * channels) as f64))
    });
    let crest = peaks.expected(&spread, chances);

    let edges = &grain.edges;
    let mean = edges.iter().map(|edge| level(source_peak.max(*edge), crest.max(*edge)).ln()).sum::<f64>();
    let level = (mean / edges.len() as f64).exp();
    [level / rms[0], level / rms[1]]
}

/// Gains of the two channels of a filtered source of unit variance that bring each channel to [`STEADY_RMS`], averaged
/// over the voice. `power` is the power density of the source at a frequency in Hz, in any scale. The notches move as
/// `steps` says.
pub fn steady_gains(motion: &Motion, power: impl Fn(f64) -> f64, statics: &[StaticNotch], steps: Steps) -> [f64; 2] {
    if motion.sweeps.is_empty() && statics.is_empty() {
        return [STEADY_RMS; 2];
    }
    let axis = Axis::new(&power, statics, motion.sample_rate, STEADY_FREQUENCIES);
    let channels = if motion.is_mono() { 1 } else { 2 };
    let course = Course::new(motion, &axis, channels, steps, steady_times(motion));
    let left = |channel: usize| course.heard[channel].iter().sum::<f64>() / STEADY_TIMES as f64;
    [0, channels - 1].map(|channel| STEADY_RMS / left(channel).max(LEAST_LEFT).sqrt())
}

/// How notches get from one place to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steps {
    /// By a crossfade between blocks that overlap, each with notches at rest.
    Blocks,
    /// Frame by frame.
    Glide,
}

/// What depends on nothing but the power density of a source: its table, and measurements of its noise.
pub struct Grain {
    /// The source after conditioning.
    pub tint: Arc<Tint>,
    clumping: f64,
    edges: Vec<f64>,
}

impl Grain {
    /// For a power density over frequency in Hz, in any scale. Takes several milliseconds.
    pub fn new(power: impl Fn(f64) -> f64, rate: f64) -> Self {
        let conditioning = Conditioning::new(rate);
        let tint = Arc::new(Tint::new(|f| power(f) * conditioning.power(f), rate));
        Self { clumping: clumping_of(&tint, rate), edges: edge_peaks(&power, rate), tint }
    }
}

/// The RMS of a voice whose source and whose filtered signal have these peaks, in units of their RMS.
fn level(source_peak: f64, crest: f64) -> f64 {
    let matched = PEAK / source_peak;
    if matched * crest > CEILING { matched } else { CEILING / crest }
}

/// Random samples of the largest magnitude near the ends of a whole signal, in units of its RMS. The forward-backward
/// high-pass starts in the steady state for its first (reflected) sample. With bright noise the decaying offset that
/// follows often contains the peak of the whole voice (spec noise 7, edge effect).
fn edge_peaks(power: &impl Fn(f64) -> f64, rate: f64) -> Vec<f64> {
    const DRAWS: usize = 96;
    let len = ((rate * 0.05) as usize).max(64);
    let conditioning = Conditioning::new(rate);
    let mut source = Coloured::new(Arc::new(Tint::new(power, rate)), 0);
    let mut x = vec![0.0; len];
    let (mut peaks, mut sum) = (Vec::with_capacity(DRAWS), 0.0);
    for draw in 0..DRAWS {
        source.read((draw * len) as i64, &mut x);
        conditioning.filter(&mut x);
        peaks.push(x.iter().fold(0.0_f64, |peak, v| peak.max(v.abs())));
        sum += x[len / 3..2 * len / 3].iter().map(|v| v * v).sum::<f64>();
    }
    let rms = (sum / (DRAWS * (2 * len / 3 - len / 3)) as f64).sqrt().max(1e-12);
    peaks.into_iter().map(|peak| peak / rms).collect()
}

/// The spectrum of the source, sampled at points that are evenly spaced over log frequency.
struct Axis {
    points: Vec<Point>,
}

/// One frequency: cosine and sine of its angle per sample, its share of the power, and the share of that which the
/// static notches let pass.
struct Point {
    cos: f64,
    sin: f64,
    share: f64,
    kept: f64,
}

impl Axis {
    fn new(power: &impl Fn(f64) -> f64, statics: &[StaticNotch], rate: f64, count: usize) -> Self {
        let statics: Vec<Response> =
            statics.iter().filter_map(|n| Response::new(n.frequency, n.q, n.stages, rate)).collect();
        let step = (rate / 2.0 / LOWEST_HZ).powf(1.0 / count as f64);
        let mut points: Vec<Point> = (0..count)
            .map(|i| {
                let f = LOWEST_HZ * step.powf(i as f64 + 0.5);
                let (sin, cos) = (TAU * f / rate).sin_cos();
                let kept = statics.iter().map(|r| norm(r.at(cos, sin)).powi(2)).product();
                let share = power(f) * f;
                Point { cos, sin, share: if share.is_finite() { share } else { 0.0 }, kept }
            })
            .collect();
        let total: f64 = points.iter().map(|p| p.share).sum();
        for point in &mut points {
            point.share /= total.max(1e-300);
        }
        Self { points }
    }

    fn neighbour_correlation(&self) -> f64 {
        self.points.iter().map(|p| p.share * p.cos).sum()
    }
}

fn norm(z: (f64, f64)) -> f64 {
    z.0 * z.0 + z.1 * z.1
}

/// Power of the filtered source over the course of the sweep, per channel: `matched` is the power before the static
/// notches, where the RMS is matched, and `heard` the power after them.
struct Course {
    matched: [Vec<f64>; 2],
    heard: [Vec<f64>; 2],
    correlation: f64,
}

impl Course {
    fn new(motion: &Motion, axis: &Axis, channels: usize, steps: Steps, times: impl Iterator<Item = i64>) -> Self {
        let back = match steps {
            Steps::Blocks => SEGMENT as i64,
            Steps::Glide => 0,
        };
        let mut course = Self { matched: [Vec::new(), Vec::new()], heard: [Vec::new(), Vec::new()], correlation: 0.0 };
        let (mut cross, mut own) = (0.0, [0.0; 2]);
        for centre in times {
            // the two blocks that overlap at this point
            let places = [motion.place(0, centre - back), motion.place(0, centre)];
            let filters: Vec<Vec<Vec<Response>>> = (0..2 * motion.passes())
                .map(|i| {
                    let (block, pass) = (i % 2, i / 2);
                    (0..channels).map(|c| motion.responses(places[block], c, pass).collect()).collect()
                })
                .collect();
            let (mut matched, mut heard) = ([0.0; 2], [0.0; 2]);
            for point in &axis.points {
                let mut middle = [(1.0, 0.0); 2];
                for channel in 0..channels {
                    let mut single = [(1.0, 0.0); 4];
                    for (value, filter) in single.iter_mut().zip(&filters) {
                        *value = through(&filter[channel], point);
                    }
                    let single = &single[..filters.len()];
                    let power = blended_power(single);
                    matched[channel] += point.share * power;
                    heard[channel] += point.share * power * point.kept;
                    middle[channel] = blend(single, 0.5);
                }
                cross += point.share * (middle[0].0 * middle[1].0 + middle[0].1 * middle[1].1);
                own[0] += point.share * norm(middle[0]);
                own[1] += point.share * norm(middle[1]);
            }
            for channel in 0..channels {
                course.matched[channel].push(matched[channel]);
                course.heard[channel].push(heard[channel]);
            }
        }
        course.correlation = cross / (own[0] * own[1]).sqrt().max(1e-12);
        course
    }
}

/// Frames that represent the sweep: spread over one period, or over the whole voice if that is shorter or if the
/// parameters move.
fn times(motion: &Motion) -> impl Iterator<Item = i64> {
    let frames = motion.frames.max(1) as f64;
    let still = matches!(motion.drift, Drift::Still);
    let period = if motion.rate.start == 0.0 { f64::INFINITY } else { motion.sample_rate / motion.rate.start.abs() };
    let span = if still { period.min(frames) } else { frames };
    (0..TIMES).map(move |i| {
        // jitter keeps the points from aligning with a moving rate
        let jitter = if still { 0.5 } else { (i as f64 * 0.618_033_988_75).fract() };
        ((i as f64 + jitter) / TIMES as f64 * span) as i64
    })
}

/// Frames that represent the sweep over the very length of the voice: its mean power must be right also for a voice of
/// one and a half periods.
fn steady_times(motion: &Motion) -> impl Iterator<Item = i64> {
    let frames = motion.frames.max(1) as f64;
    let period = motion.sample_rate / motion.rate.start.abs();
    let regular = matches!(motion.drift, Drift::Still) && period * WHOLE_PERIODS < frames;
    let span = if regular { period } else { frames };
    (0..STEADY_TIMES).map(move |i| {
        let jitter = if regular { 0.5 } else { (i as f64 * 0.618_033_988_75).fract() };
        ((i as f64 + jitter) / STEADY_TIMES as f64 * span) as i64
    })
}

fn through(filters: &[Response], point: &Point) -> (f64, f64) {
    filters.iter().fold((1.0, 0.0), |z, filter| product(z, filter.at(point.cos, point.sin)))
}

/// Response during a cross-fade in which the previous block has the weight `a`; `single` holds `[old, new]` per pass.
fn blend(single: &[(f64, f64)], a: f64) -> (f64, f64) {
    single.chunks_exact(2).fold((1.0, 0.0), |z, pair| {
        product(z, (a * pair[0].0 + (1.0 - a) * pair[1].0, a * pair[0].1 + (1.0 - a) * pair[1].1))
    })
}

/// Power averaged over the cross-fade. Its weight is a raised cosine of an evenly advancing angle, so three nodes of
/// quadrature are exact.
fn blended_power(single: &[(f64, f64)]) -> f64 {
    const SIDE: f64 = 0.433_012_701_892_219_3; // cos(30 degrees)/2
    [0.5 - SIDE, 0.5, 0.5 + SIDE].into_iter().map(|a| norm(blend(single, a))).sum::<f64>() / 3.0
}

/// [`clumping`] of 2¹⁸ samples of noise of this colour.
fn clumping_of(tint: &Arc<Tint>, rate: f64) -> f64 {
    let mut x = vec![0.0; 1 << 18];
    Coloured::new(Arc::clone(tint), 1).read(0, &mut x);
    clumping(&x, (rate * CLUMP_SECONDS) as usize)
}

/// Number of groups of excursions beyond ±[`CLUMP_LEVEL`] standard deviations, divided by the number of excursions. Two
/// excursions belong to one group if they are at most `gap` samples apart. Noise may cross a level several times in a
/// row, and each group has only one peak.
fn clumping(x: &[f64], gap: usize) -> f64 {
    let level = CLUMP_LEVEL * (x.iter().map(|v| v * v).sum::<f64>() / x.len().max(1) as f64).sqrt();
    let (mut excursions, mut groups) = (0_u32, 0_u32);
    let mut outside = None;
    for (i, _) in x.iter().enumerate().filter(|(_, v)| v.abs() > level) {
        let since = outside.map_or(usize::MAX, |before| i - before);
        excursions += u32::from(since > 1);
        groups += u32::from(since > gap.max(1));
        outside = Some(i);
    }
    if excursions == 0 { 1.0 } else { f64::from(groups) / f64::from(excursions) }
}

const CLUMP_LEVEL: f64 = 3.0;
const CLUMP_SECONDS: f64 = 0.001;

/// Expected peaks of Gaussian noise, computed from the correlation of neighbouring samples.
struct Peaks {
    /// Item `i`: `ln` of the probability that a sample of unit variance is the first of a group above `i·STEP`.
    crossings: Vec<f64>,
}

const STEP: f64 = 0.1;

impl Peaks {
    /// For the correlation of neighbouring samples, -1 to 1, and a measured `clumping`, 0 to 1.
    fn new(correlation: f64, clumping: f64) -> Self {
        let correlation = correlation.clamp(-1.0, 1.0 - 1e-9);
        let first = |level: f64| crossing(level, correlation) * clumping;
        let crossings = (0..130).map(|i| first(f64::from(i) * STEP).max(1e-300).ln()).collect();
        Self { crossings }
    }

    fn log_crossing(&self, level: f64) -> f64 {
        let place = (level / STEP).clamp(0.0, (self.crossings.len() - 2) as f64);
        let low = (place as usize).min(self.crossings.len() - 2);
        self.crossings[low] + (self.crossings[low + 1] - self.crossings[low]) * (place - low as f64)
    }

    /// Expected largest magnitude in `samples` samples. `spread` lists their standard deviations as (value, share of
    /// the samples).
    fn expected(&self, spread: &(impl Iterator<Item = (f64, f64)> + Clone), samples: f64) -> f64 {
        // ln of the expected number of excursions beyond ±level
        let excursions = |level: f64| {
            let count: f64 =
                spread.clone().map(|(sd, share)| share * self.log_crossing(level / sd.max(1e-9)).exp()).sum();
            (2.0 * samples * count).max(1e-300).ln()
        };
        let (mut low, mut high) = (0.0, 40.0);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if excursions(middle) > 0.0 { low = middle } else { high = middle }
        }
        // peaks follow a Gumbel distribution, whose mean is above the level that is exceeded once on average
        let slope = (excursions(low - 0.05) - excursions(low + 0.05)) / 0.1;
        low + EULER / slope.max(0.5)
    }
}

/// Probability that of two neighbouring samples of unit variance the first is below `u` and the second above.
fn crossing(u: f64, correlation: f64) -> f64 {
    const NODES: u32 = 60;
    const REACH: f64 = 12.0;
    let rest = (1.0 - correlation * correlation).sqrt();
    // substitute x = u + y/scale, so that for high levels the integrand falls like e^-y
    let scale = u.max(1.0);
    let width = REACH / f64::from(NODES);
    (0..NODES)
        .map(|i| {
            let x = u + (f64::from(i) + 0.5) * width / scale;
            let density = (-0.5 * x * x).exp() / TAU.sqrt();
            density * normal_below((u - correlation * x) / rest)
        })
        .sum::<f64>()
        * width
        / scale
}

/// Cumulative distribution function of the standard normal, absolute error 1e-7 (Abramowitz and Stegun 26.2.17).
fn normal_below(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly =
        t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-0.5 * x * x).exp() / (2.0 * PI).sqrt() * poly;
    if x >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smoothed(seed: u64, samples: usize, pole: f64) -> Vec<f64> {
        let mut x = vec![0.0_f32; samples];
        super::super::counter::White::new(seed).fill(0, &mut x);
        let gain = (1.0 - pole * pole).sqrt();
        let mut y = 0.0;
        let next = |v: &f32| {
            y = pole * y + gain * f64::from(*v);
            y
        };
        x.iter().map(next).collect()
    }

    #[test]
    fn expected_peaks_match_simulated_noise() {
        for pole in [0.0, 0.5, 0.9] {
            let clumping = clumping(&smoothed(1000, 1 << 18, pole), 44);
            for samples in [20_000_usize, 200_000] {
                let runs = 100;
                let peak = |seed| smoothed(seed, samples, pole).into_iter().fold(0.0_f64, |peak, v| peak.max(v.abs()));
                let mean = (0..runs).map(peak).sum::<f64>() / runs as f64;
                let expected = Peaks::new(pole, clumping).expected(&[(1.0, 1.0)].into_iter(), samples as f64);
                // the standard error of the mean is below 0.06 dB
                assert!((mean / expected).log10().abs() * 20.0 < 0.2, "{pole} {samples}: {mean} {expected}");
            }
        }
    }

    #[test]
    fn the_louder_part_of_a_signal_determines_the_peak() {
        let peaks = Peaks::new(0.0, 1.0);
        let even = peaks.expected(&[(1.0, 1.0)].into_iter(), 1e6);
        let uneven = peaks.expected(&[(2.0, 0.5), (0.1, 0.5)].into_iter(), 1e6);
        let half = peaks.expected(&[(1.0, 1.0)].into_iter(), 5e5);
        assert!((uneven - 2.0 * half).abs() < 0.02 && half < even);
    }
}
