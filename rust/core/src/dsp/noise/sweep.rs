//! The positions of the notches: the sweep oscillator and the ranges that it sweeps, as closed forms of the block
//! number (spec noise 8). All values are evaluated at block centres only.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use super::bank::{SEGMENT, Tuning};
use super::notch::{Notch, Response, decay_per_sample};
use crate::dsp::curve::Alpha;
use crate::dsp::ramp::Ramp;

/// Number of samples per block. A block begins every [`SEGMENT`] samples.
pub const BLOCK: usize = 2 * SEGMENT;
/// Blocks with fewer samples of signal than this are skipped.
pub const SHORTEST_BLOCK: u64 = 100;

/// Shape of the sweep oscillator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waveform {
    /// Starts at the top of the range.
    Sine,
    /// Starts at the bottom of the range.
    Triangle,
}

impl Waveform {
    /// Value, -1 to 1, at a phase in radians.
    pub fn at(self, phase: f64) -> f64 {
        match self {
            Self::Sine => phase.cos(),
            Self::Triangle => {
                let m = phase.rem_euclid(TAU);
                if m < PI { 2.0 * m / PI - 1.0 } else { 3.0 - 2.0 * m / PI }
            }
        }
    }
}

/// One swept notch: range in Hz, quality and number of stages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// Lower end of the range, Hz.
    pub min: Ramp,
    /// Upper end of the range, Hz.
    pub max: Ramp,
    /// Quality factor Q.
    pub q: Ramp,
    /// Number of stages of the cascade.
    pub stages: Ramp,
}

/// How the parameters of a sweep change over time.
#[derive(Debug, Clone)]
pub enum Drift {
    /// All parameters are constant; only the oscillator moves.
    Still,
    /// The parameters follow a transition.
    Moving(Alpha),
    /// The parameters follow a transition that is stretched to another number of samples: value and running sum of
    /// `alpha` at the centre of each block.
    Stretched(Arc<[(f64, f64)]>),
}

impl Drift {
    /// The transition `alpha` of `given` samples, stretched to `frames` samples by linear interpolation at
    /// `i/(frames-1)` on the grid `j/(given-1)` (spec noise 8).
    pub fn stretched(alpha: &Alpha, given: u64, frames: u64) -> Self {
        if given == frames || frames == 0 {
            return Self::Moving(alpha.clone());
        }
        let value = |i: u64| {
            if given < 2 || frames < 2 {
                return alpha.at(0);
            }
            let place = i as f64 / (frames - 1) as f64 * (given - 1) as f64;
            let low = (place as u64).min(given - 2);
            let (a, b) = (alpha.at(low), alpha.at(low + 1));
            a + (b - a) * (place - low as f64)
        };
        let mut table = Vec::new();
        let mut sum = 0.0;
        let after = |block: usize| centre(block as i64, Some(frames)).map(|c| c as u64);
        let mut next = after(0);
        for i in 0..frames {
            let a = value(i);
            sum += a;
            if next == Some(i) {
                table.push((a, sum));
                next = after(table.len());
            }
        }
        Self::Stretched(table.into())
    }
}

/// The centre sample of block `block`, for which its notches are tuned, in a signal of `frames` samples (`None`:
/// endless). `None` if the block is skipped.
pub fn centre(block: i64, frames: Option<u64>) -> Option<i64> {
    let start = block * SEGMENT as i64;
    let Some(frames) = frames else { return Some(start + SEGMENT as i64) };
    let left = frames.saturating_sub(start.max(0) as u64).min(BLOCK as u64);
    (left >= SHORTEST_BLOCK).then_some(start + (left / 2) as i64)
}

/// The movement of the notches of a voice.
#[derive(Debug, Clone)]
pub struct Motion {
    /// The notches, in the order of processing.
    pub sweeps: Vec<Sweep>,
    /// Shape of the oscillator.
    pub waveform: Waveform,
    /// Rate of the oscillator, Hz.
    pub rate: Ramp,
    /// Phase lead of the right channel, radians.
    pub offset: Ramp,
    /// Phase lead of the second pass, radians; `None` means a single pass.
    pub second: Option<Ramp>,
    /// How the parameters change over time.
    pub drift: Drift,
    /// Sample rate, Hz.
    pub sample_rate: f64,
    /// Length of the voice in frames.
    pub frames: u64,
}

/// State of the oscillator at one block: `alpha`, and the phase of the left channel in the first pass.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    alpha: f64,
    phase: f64,
}

impl Motion {
    /// Whether both channels have the same notches.
    pub fn is_mono(&self) -> bool {
        self.sweeps.is_empty() || (self.offset.start == 0.0 && self.offset.end == 0.0)
    }

    /// Number of passes, 1 or 2.
    pub const fn passes(&self) -> usize {
        if self.second.is_some() { 2 } else { 1 }
    }

    /// The largest number of stages of each sweep (spec noise 8: `c_top`).
    pub fn tops(&self) -> Vec<usize> {
        let factors = self.drift.extremes(self.frames);
        let top = |sweep: &Sweep| {
            let most = factors.map(|a| sweep.stages.at(a)).into_iter().fold(f64::MIN, f64::max);
            most.trunc().max(self.fewest_stages()) as usize
        };
        self.sweeps.iter().map(top).collect()
    }

    /// The least number of stages: a transition keeps at least one stage of every sweep.
    fn fewest_stages(&self) -> f64 {
        if matches!(self.drift, Drift::Still) { 0.0 } else { 1.0 }
    }

    /// The state of the oscillator at the block `block`, whose centre sample is `centre`.
    pub fn place(&self, block: i64, centre: i64) -> Place {
        let turn = TAU * self.rate.start;
        match &self.drift {
            Drift::Still => Place { alpha: 0.0, phase: turn * (centre as f64 / self.sample_rate) },
            Drift::Moving(alpha) => {
                let (factor, sum) = if centre < 0 {
                    (alpha.at(0), (centre + 1) as f64 * alpha.at(0))
                } else {
                    (alpha.at(centre as u64), alpha.sum(centre as u64))
                };
                self.moved(centre, factor, sum)
            }
            Drift::Stretched(table) => {
                let (factor, sum) = table.get(block.max(0) as usize).copied().unwrap_or_default();
                self.moved(centre, factor, sum)
            }
        }
    }

    /// The place at `centre` in a transition. The phase of the first sample already includes one increment (spec
    /// noise 8).
    fn moved(&self, centre: i64, alpha: f64, sum: f64) -> Place {
        let cycles =
            ((centre + 1) as f64 * self.rate.start + (self.rate.end - self.rate.start) * sum) / self.sample_rate;
        Place { alpha, phase: TAU * cycles }
    }

    /// Frequency in Hz, quality and number of stages of each sweep at `place`. `channel` 1 is the right one, and `pass`
    /// 1 the second.
    pub fn notches(&self, place: Place, channel: usize, pass: usize) -> impl Iterator<Item = (f64, f64, usize)> {
        let wave = self.wave(place, channel, pass);
        self.sweeps.iter().map(move |sweep| self.at_wave(sweep, place, wave))
    }

    /// The same for one sweep.
    pub fn notch(&self, place: Place, channel: usize, pass: usize, sweep: usize) -> (f64, f64, usize) {
        self.at_wave(&self.sweeps[sweep], place, self.wave(place, channel, pass))
    }

    /// The oscillator of one channel and pass.
    fn wave(&self, place: Place, channel: usize, pass: usize) -> f64 {
        let lead = if channel == 1 { self.offset.at(place.alpha) } else { 0.0 };
        let intra = if pass == 1 { self.second.map_or(0.0, |r| r.at(place.alpha)) } else { 0.0 };
        self.waveform.at(place.phase + lead + intra)
    }

    fn at_wave(&self, sweep: &Sweep, place: Place, wave: f64) -> (f64, f64, usize) {
        let (min, max) = (sweep.min.at(place.alpha), sweep.max.at(place.alpha));
        let frequency = f64::midpoint(min, max) + (max - min) / 2.0 * wave;
        let stages = sweep.stages.at(place.alpha).round_ties_even().max(self.fewest_stages());
        (frequency, sweep.q.at(place.alpha), stages as usize)
    }

    /// Writes the tunings of all lanes of a bank (lane = stage · channels + channel) for one block and pass to `lanes`.
    pub fn tune(&self, place: Place, pass: usize, tops: &[usize], channels: usize, lanes: &mut [Tuning]) {
        for channel in 0..channels {
            let mut stage = 0;
            for ((frequency, q, count), top) in self.notches(place, channel, pass).zip(tops) {
                let notch = Notch::new(frequency, q, self.sample_rate);
                for j in 0..*top {
                    lanes[(stage + j) * channels + channel] = notch.filter(|_| j < count);
                }
                stage += top;
            }
        }
    }

    /// The frequency responses of the notches of one channel and pass at `place`.
    pub fn responses(&self, place: Place, channel: usize, pass: usize) -> impl Iterator<Item = Response> {
        self.notches(place, channel, pass).filter_map(|(f, q, count)| Response::new(f, q, count, self.sample_rate))
    }

    /// How many times the slowest notch state decays by a factor of `e` while the segment before `block` is filtered
    /// (twice).
    pub fn decay(&self, block: i64) -> f64 {
        let place = self.place(block, block * SEGMENT as i64 + SEGMENT as i64);
        let mut slowest = f64::INFINITY;
        for channel in 0..=usize::from(!self.is_mono()) {
            for pass in 0..self.passes() {
                for (f, q, count) in self.notches(place, channel, pass) {
                    if let (Some(rate), true) = (decay_per_sample(f, q, self.sample_rate), count > 0) {
                        slowest = slowest.min(rate * BLOCK as f64);
                    }
                }
            }
        }
        slowest
    }
}

impl Drift {
    /// The smallest and the largest value of `alpha` in the transition.
    fn extremes(&self, frames: u64) -> [f64; 2] {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut see = |a: f64| {
            low = low.min(a);
            high = high.max(a);
        };
        match self {
            Self::Still => {}
            Self::Moving(alpha) => {
                // the named curves have their extremes at the ends; for expressions about 2¹⁴ points are enough
                let spacing = (frames >> 14).max(1);
                (0..frames.div_ceil(spacing)).for_each(|i| see(alpha.at(i * spacing)));
                see(alpha.at(frames.saturating_sub(1)));
            }
            Self::Stretched(table) => table.iter().for_each(|(a, _)| see(*a)),
        }
        if low > high { [0.0; 2] } else { [low, high] }
    }
}
