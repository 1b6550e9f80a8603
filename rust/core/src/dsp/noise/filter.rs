//! Filters noise through the moving notches of a voice, segment by segment, in one or two passes with cross-fades
//! between blocks (spec noise 9).

use std::f64::consts::PI;
use std::sync::{Arc, OnceLock};

use multiversion::multiversion;

use super::bank::{Bank, SEGMENT, Tuning};
use super::sweep;
use super::sweep::Motion;

/// The filter with its running state. Segments must be consecutive; after [`reset`](Self::reset) any segment may come
/// next.
#[derive(Debug, Clone)]
pub struct SweptFilter {
    motion: Arc<Motion>,
    tops: Arc<[usize]>,
    channels: usize,
    banks: Vec<Bank>,
    /// Whether a block has begun before the next segment.
    running: bool,
    window: &'static Window,
    tuning: Vec<Tuning>,
    old: Vec<Vec<f64>>,
    new: Vec<Vec<f64>>,
    /// Output of the previous pass, per channel.
    between: Vec<Vec<f64>>,
}

/// Both halves of the block window and their sums, rounded as in the legacy implementation.
#[derive(Debug)]
struct Window {
    rising: Vec<f64>,
    falling: Vec<f64>,
    rising_sum: Vec<f32>,
    falling_sum: Vec<f32>,
    both_sum: Vec<f32>,
}

impl Window {
    /// The one window that all filters use.
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Window> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    fn new() -> Self {
        let value = |n: usize| 0.5 - 0.5 * (2.0 * PI * n as f64 / (sweep::BLOCK - 1) as f64).cos();
        let rising: Vec<f64> = (0..SEGMENT).map(value).collect();
        let falling: Vec<f64> = (SEGMENT..sweep::BLOCK).map(value).collect();
        let rising_sum: Vec<f32> = rising.iter().map(|w| *w as f32).collect();
        let falling_sum: Vec<f32> = falling.iter().map(|w| *w as f32).collect();
        let both_sum = falling_sum.iter().zip(&rising).map(|(a, b)| (f64::from(*a) + b) as f32).collect();
        Self { rising, falling, rising_sum, falling_sum, both_sum }
    }
}

impl SweptFilter {
    /// A filter with cleared state, whose next segment may be any.
    pub fn new(motion: Arc<Motion>) -> Self {
        let channels = if motion.is_mono() { 1 } else { 2 };
        Self::with_channels(motion, channels)
    }

    /// The same for 1 or 2 channels, also where both have the same notches.
    pub fn with_channels(motion: Arc<Motion>, channels: usize) -> Self {
        let tops: Arc<[usize]> = motion.tops().into();
        let stages = tops.iter().sum();
        let passes = motion.passes();
        let buffers = || vec![vec![0.0; SEGMENT]; channels];
        Self {
            banks: vec![Bank::new(channels, stages); passes],
            running: false,
            window: Window::shared(),
            tuning: vec![None; stages * channels],
            old: buffers(),
            new: buffers(),
            between: buffers(),
            motion,
            tops,
            channels,
        }
    }

    /// Whether there are no notches, so that it passes every signal on.
    pub fn is_empty(&self) -> bool {
        self.tuning.is_empty()
    }

    /// Number of channels: 1 if left and right are equal, else 2.
    pub const fn channels(&self) -> usize {
        self.channels
    }

    /// The movement of the notches.
    pub const fn motion(&self) -> &Arc<Motion> {
        &self.motion
    }

    /// Clears all state; the next segment may be any.
    pub fn reset(&mut self) {
        self.banks.iter_mut().for_each(Bank::reset);
        self.running = false;
    }

    /// Filters segment `index` (the samples from `index·2048` on) of a signal of `frames` samples (`None`: endless).
    /// `inputs` has one signal for each channel, or one for both. Each signal and each `out[channel]` holds 2048
    /// samples; input beyond the end of the signal must be zero.
    pub fn segment(&mut self, index: i64, frames: Option<u64>, inputs: &[&[f64]], out: &mut [Vec<f32>]) {
        let place = sweep::centre(index, frames).map(|centre| self.motion.place(index, centre));
        let running = self.running;
        // the decay of the notches after the end of the signal is no input of the next pass
        let len =
            frames.map_or(SEGMENT as i64, |n| (n as i64 - index * SEGMENT as i64).clamp(0, SEGMENT as i64)) as usize;
        for pass in 0..self.banks.len() {
            if let Some(place) = place {
                self.motion.tune(place, pass, &self.tops, self.channels, &mut self.tuning);
            }
            let empty: &[f64] = &[];
            let mut signals = [empty; 2];
            for (channel, signal) in signals[..self.channels].iter_mut().enumerate() {
                *signal = if pass == 0 { inputs[channel.min(inputs.len() - 1)] } else { &self.between[channel] };
            }
            let next = place.is_some().then_some(&self.tuning[..]);
            let old = running.then_some(&mut self.old[..]);
            self.banks[pass].segment(&signals[..self.channels], next, old, &mut self.new);
            for (channel, out) in out.iter_mut().enumerate().take(self.channels) {
                let halves = (running.then_some(&self.old[channel][..]), place.map(|_| &self.new[channel][..]));
                mix(self.window, halves, out);
                let (heard, rest) = self.between[channel].split_at_mut(len);
                heard.iter_mut().zip(&*out).for_each(|(between, value)| *between = f64::from(*value));
                rest.fill(0.0);
            }
        }
        self.running |= place.is_some();
    }
}

/// Overlap-adds the two filtered versions of a segment, with the rounding of the legacy implementation.
fn mix(window: &Window, halves: (Option<&[f64]>, Option<&[f64]>), out: &mut [f32]) {
    match halves {
        (Some(old), Some(new)) => blend(window, old, new, out),
        (Some(old), None) => fade(old, &window.falling, &window.falling_sum, out),
        (None, Some(new)) => fade(new, &window.rising, &window.rising_sum, out),
        (None, None) => out.fill(0.0),
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn blend(window: &Window, old: &[f64], new: &[f64], out: &mut [f32]) {
    let n = out.len();
    let (falling, rising, sum) = (&window.falling[..n], &window.rising[..n], &window.both_sum[..n]);
    let (old, new) = (&old[..n], &new[..n]);
    for i in 0..n {
        let first = (old[i] * falling[i]) as f32;
        out[i] = (f64::from(first) + new[i] * rising[i]) as f32 / sum[i];
    }
}

fn fade(signal: &[f64], window: &[f64], sum: &[f32], out: &mut [f32]) {
    for (((out, v), w), sum) in out.iter_mut().zip(signal).zip(window).zip(sum) {
        let value = (v * w) as f32;
        *out = if *sum > 1e-8 { value / sum } else { value };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::noise::sweep::{Drift, Sweep, Waveform};
    use crate::dsp::ramp::Ramp;

    fn motion(second: Option<f64>, sweeps: &[(f64, f64, f64, f64)], frames: u64) -> Motion {
        let fixed = Ramp::fixed;
        Motion {
            sweeps: sweeps
                .iter()
                .map(|s| Sweep { min: fixed(s.0), max: fixed(s.1), q: fixed(s.2), stages: fixed(s.3) })
                .collect(),
            waveform: Waveform::Sine,
            rate: fixed(1.3),
            offset: fixed(0.8),
            second: second.map(fixed),
            drift: Drift::Still,
            sample_rate: 22_050.0,
            frames,
        }
    }

    /// The reference implementation with overlapping blocks (spec noise 9), for one channel and pass.
    fn blocks(motion: &Motion, x: &[f64], channel: usize, pass: usize) -> Vec<f32> {
        let n = x.len();
        let tops = motion.tops();
        let stages: usize = tops.iter().sum();
        let mut state: Vec<Option<[f64; 2]>> = vec![None; stages];
        let (mut acc, mut wsum) = (vec![0.0_f32; n + sweep::BLOCK], vec![0.0_f32; n + sweep::BLOCK]);
        let mut lanes = vec![None; stages];
        for k in 0..n.div_ceil(SEGMENT) {
            let s = k * SEGMENT;
            let m = sweep::BLOCK.min(n - s);
            if m < 100 {
                continue;
            }
            let mut y = x[s..s + m].to_vec();
            y.resize(sweep::BLOCK, 0.0);
            let place = motion.place(k as i64, (s + m / 2) as i64);
            let mut stage = 0;
            for ((f, q, count), top) in motion.notches(place, channel, pass).zip(&tops) {
                for j in 0..*top {
                    lanes[stage + j] = (j < count).then(|| super::super::notch::Notch::new(f, q, 22_050.0)).flatten();
                }
                stage += top;
            }
            for (slot, notch) in state.iter_mut().zip(&lanes) {
                let Some(c) = notch else { continue };
                let [mut z1, mut z2] = slot.unwrap_or([(1.0 - c.gain) * y[0]; 2]);
                for v in &mut y {
                    let out = c.gain * *v + z1;
                    z1 = c.a1 * *v - c.a1 * out + z2;
                    z2 = c.gain * *v - c.a2 * out;
                    *v = out;
                }
                *slot = Some([z1, z2]);
            }
            for (i, v) in y.iter().enumerate() {
                let w = 0.5 - 0.5 * (2.0 * PI * i as f64 / 4095.0).cos();
                acc[s + i] = (f64::from(acc[s + i]) + v * w) as f32;
                wsum[s + i] = (f64::from(wsum[s + i]) + w) as f32;
            }
        }
        (0..n).map(|i| if wsum[i] > 1e-8 { acc[i] / wsum[i] } else { acc[i] }).collect()
    }

    #[test]
    fn segments_equal_overlapping_blocks() {
        let sweeps = [(50.0, 3000.0, 10.0, 3.0), (8000.0, 13_000.0, 6.0, 2.0), (-500.0, 2000.0, 6.0, 2.0)];
        for (n, sweeps) in [
            (1, &sweeps[..1]),
            (99, &sweeps),
            (100, &sweeps),
            (2048, &sweeps),
            (2147, &sweeps[..2]),
            (2148, &sweeps),
            (20_000, &sweeps),
            (20_000, &[]),
        ] {
            for second in [None, Some(0.7)] {
                let motion = motion(second, sweeps, n as u64);
                let mut x32 = vec![0.0_f32; n];
                super::super::counter::White::new(9).fill(0, &mut x32);
                let x: Vec<f64> = x32.iter().map(|v| f64::from(*v)).collect();
                let mut filter = SweptFilter::new(Arc::new(motion.clone()));
                for channel in 0..filter.channels() {
                    filter.reset();
                    let mut expected = blocks(&motion, &x, channel, 0);
                    if second.is_some() {
                        let again: Vec<f64> = expected.iter().map(|v| f64::from(*v)).collect();
                        expected = blocks(&motion, &again, channel, 1);
                    }
                    let mut got = Vec::new();
                    let mut out = vec![vec![0.0; SEGMENT]; filter.channels()];
                    for k in 0..n.div_ceil(SEGMENT) {
                        let mut segment = x[k * SEGMENT..n.min((k + 1) * SEGMENT)].to_vec();
                        segment.resize(SEGMENT, 0.0);
                        filter.segment(k as i64, Some(n as u64), &[&segment], &mut out);
                        got.extend_from_slice(&out[channel]);
                    }
                    let worst = got.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                    assert!(worst < 1e-6, "{n} samples, {} sweeps, channel {channel}: {worst:e}", motion.sweeps.len());
                }
            }
        }
    }
}
