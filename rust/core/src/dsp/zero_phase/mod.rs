//! Forward-backward filtering (spec voice-pipeline 9, binaural-and-isochronic 4.2) of a whole signal, or of single
//! cells of a long signal that can be rendered at any frame.
//!
//! Cells near the ends of the signal, and filters whose corner is high, are filtered sample by sample ([`window`]). In
//! between, low-passes and high-passes whose corner is low against the sample rate run at a low rate ([`low_rate`]).

mod kernel;
mod lanes;
mod loops;
mod low_rate;
mod near_nyquist;
mod response;
mod window;

pub use self::low_rate::Accuracy;
use self::low_rate::LowRate;
pub use self::response::{LowPass, Sums};
use self::window::Window;
use super::biquad::{Cascade, Section};

/// Number of samples by which a signal is extended at each end (odd reflection).
const EXTENSION: usize = 15;

/// Filters `signal` forward and backward. Each end is extended by 15 samples, or fewer if the signal is shorter.
pub fn zero_phase(sections: &[Section], signal: &[f64]) -> Vec<f64> {
    let n = signal.len();
    if n == 0 {
        return Vec::new();
    }
    let p = EXTENSION.min(n - 1);
    let before = (1..=p).rev().map(|k| 2.0 * signal[0] - signal[k]);
    let after = (1..=p).map(|k| 2.0 * signal[n - 1] - signal[n - 1 - k]);
    let mut x: Vec<f64> = before.chain(signal.iter().copied()).chain(after).collect();
    let mut filter = Cascade::new(sections.to_vec());
    filter.settle(x[0]);
    filter.process(&mut x);
    filter.settle(x[x.len() - 1]);
    filter.process(x.iter_mut().rev());
    x[p..p + n].to_vec()
}

/// Bounds of a filtered cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointBounds {
    /// Of its magnitude and of that of its second difference from frame to frame, relative to the largest input.
    pub sums: Sums,
    /// Whether any frame is not 0.
    pub sounds: bool,
}

/// Zero-phase filter for single cells of a long stereo signal. Allocates all buffers when it is created.
#[derive(Debug)]
pub struct ZeroPhaseWindow {
    /// For every cell.
    exact: Window,
    /// For cells away from both ends.
    fast: Option<LowRate>,
}

impl ZeroPhaseWindow {
    /// For a signal of `frames` frames that each of `filters` filters with zero phase, one after the other.
    pub fn new(filters: &[Vec<Section>], frames: u64) -> Self {
        Self::within(filters, frames, Accuracy::Any)
    }

    /// As [`Self::new`], as accurate as is said.
    pub fn within(filters: &[Vec<Section>], frames: u64, accuracy: Accuracy) -> Self {
        let fast = LowRate::new(filters, frames, accuracy);
        Self { exact: Window::new(filters, frames, fast.as_ref().map(LowRate::cell_len)), fast }
    }

    /// A copy of this filter with its own buffers.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { exact: self.exact.fork(), fast: self.fast.as_ref().map(LowRate::fork) }
    }

    /// Number of frames per cell.
    pub const fn cell_len(&self) -> usize {
        self.exact.cell_len()
    }

    /// Filters cell `index` into `left` and `right`, both [`cell_len`](Self::cell_len) long; frames beyond the end of
    /// the signal are 0. `source` fills its two slices with the raw signal from the given frame on.
    pub fn cell(
        &mut self,
        index: u64,
        source: impl FnMut(u64, &mut [f32], &mut [f32]),
        left: &mut [f32],
        right: &mut [f32],
    ) {
        match self.fast.as_mut().filter(|fast| fast.covers(index)) {
            Some(fast) => fast.cell(index, source, [left, right]),
            None => self.exact.cell(index, source, left, right),
        }
    }

    /// Whether [`Self::points`] gives any cells.
    pub fn has_points(&self) -> bool {
        self.fast.as_ref().is_some_and(LowRate::is_narrow)
    }

    /// The filter, if it is a single low-pass and the frames on which cell `index` depends lie within the signal.
    pub fn low_pass(&self, index: u64) -> Option<&LowPass> {
        let fast = self.fast.as_ref().filter(|fast| fast.is_narrow() && fast.covers(index))?;
        Some(fast.low_pass())
    }

    /// Fill `out` with every `spacing`-th frame of cell `index`, at most one beyond its end, and bound what lies between;
    /// `None` if the cell or the filter has no such bound.
    pub fn points(
        &mut self,
        index: u64,
        source: impl FnMut(u64, &mut [f32], &mut [f32]),
        spacing: usize,
        out: [&mut [f32]; 2],
    ) -> Option<PointBounds> {
        let fast = self.fast.as_mut().filter(|fast| fast.is_narrow() && fast.covers(index))?;
        Some(fast.points(index, source, spacing, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::butterworth::{highpass, lowpass};

    /// A test signal with all frequencies: a hash of frame and channel.
    fn raw(frame: u64, channel: u64) -> f32 {
        let x = (frame * 2 + channel).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn source(start: u64, left: &mut [f32], right: &mut [f32]) {
        for k in 0..left.len() {
            left[k] = raw(start + k as u64, 0);
            right[k] = raw(start + k as u64, 1);
        }
    }

    fn check(filters: &[Vec<Section>], frames: u64) {
        let whole: [Vec<f64>; 2] = std::array::from_fn(|c| {
            let x: Vec<f64> = (0..frames).map(|k| f64::from(raw(k, c as u64))).collect();
            filters.iter().fold(x, |x, f| zero_phase(f, &x))
        });
        let mut window = ZeroPhaseWindow::new(filters, frames);
        let len = window.cell_len();
        let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
        for index in 0..frames.div_ceil(len as u64) {
            window.cell(index, source, &mut left, &mut right);
            for k in 0..len {
                let frame = index as usize * len + k;
                let expected = [0, 1].map(|c| whole[c].get(frame).copied().unwrap_or(0.0));
                for (got, expected) in [left[k], right[k]].iter().zip(expected) {
                    assert!((f64::from(*got) - expected).abs() < 2e-7, "{frames} frames, {frame}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn cells_equal_the_filtered_whole_signal() {
        for frames in [1, 2, 3, 15, 16, 17, 1000, 32_768, 32_769, 100_003] {
            check(&[lowpass(4, 0.0136)], frames);
            check(&[highpass(4, 0.02), lowpass(4, 0.9)], frames);
            check(&[lowpass(4, 0.9)], frames);
        }
        check(&[lowpass(3, 0.05)], 70_000);
        check(&[lowpass(2, 0.0005)], 300_000);
    }

    #[test]
    fn a_constant_passes_unchanged_up_to_both_ends() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 0.01)], 50_000);
        let (mut left, mut right) = (vec![0.0; window.cell_len()], vec![0.0; window.cell_len()]);
        let constant = |_: u64, l: &mut [f32], r: &mut [f32]| {
            l.fill(0.25);
            r.fill(-0.5);
        };
        window.cell(1, constant, &mut left, &mut right);
        assert!(left[..50_000 - 32_768].iter().all(|x| (x - 0.25).abs() < 1e-6));
        assert!(right[..50_000 - 32_768].iter().all(|x| (x + 0.5).abs() < 1e-6));
        assert!(left[50_000 - 32_768..].iter().all(|x| *x == 0.0));
    }

    #[test]
    fn silence_after_a_sound_is_exact_silence() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 0.2)], 200_000);
        let (mut left, mut right) = (vec![1.0; window.cell_len()], vec![1.0; window.cell_len()]);
        let burst = |start: u64, l: &mut [f32], r: &mut [f32]| {
            for k in 0..l.len() {
                l[k] = if start + (k as u64) < 40_000 { 0.5 } else { 0.0 };
                r[k] = l[k];
            }
        };
        window.cell(1, burst, &mut left, &mut right);
        assert!(left[0] > 0.49);
        assert!(left[20_000..].iter().chain(&right[20_000..]).all(|x| *x == 0.0));
    }

    #[test]
    fn extremely_low_cutoffs_stay_finite() {
        let mut window = ZeroPhaseWindow::new(&[lowpass(4, 1e-7)], 20_000);
        let (mut left, mut right) = (vec![0.0; window.cell_len()], vec![0.0; window.cell_len()]);
        window.cell(0, source, &mut left, &mut right);
        assert!(left.iter().chain(&right).all(|x| x.is_finite() && x.abs() < 3.0));
    }

    #[test]
    fn points_are_frames_and_bound_those_between_them() {
        for edge in [0.0136, 0.02, 0.001, 0.03] {
            let mut window = ZeroPhaseWindow::new(&[lowpass(4, edge)], 300_000);
            assert!(window.has_points());
            let len = window.cell_len();
            let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
            window.cell(1, source, &mut left, &mut right);
            let mut points = [vec![0.0; len / 8 + 1], vec![0.0; len / 8 + 1]];
            let [a, b] = &mut points;
            let bounds = window.points(1, source, 8, [a, b]).unwrap();
            assert!(bounds.sounds);
            for (points, plane) in points.iter().zip([&left, &right]) {
                for (n, sample) in plane.iter().enumerate() {
                    let near = points[n / 8].abs().max(points[n / 8 + 1].abs());
                    assert!(n % 8 > 0 || (near.max(0.0) - sample.abs()) > -1e-7);
                    assert!(f64::from(sample.abs()) <= f64::from(near) + 8.0 * bounds.sums.bend + 1e-6, "{edge} {n}");
                    assert!(f64::from(sample.abs()) <= bounds.sums.size);
                }
            }
            assert_eq!(window.points(0, source, 8, [&mut [], &mut []]), None);
        }
        assert!(!ZeroPhaseWindow::new(&[highpass(4, 0.02)], 300_000).has_points());
        assert!(!ZeroPhaseWindow::new(&[lowpass(4, 0.2)], 300_000).has_points());
        assert!(!ZeroPhaseWindow::new(&[lowpass(4, 0.02)], 30_000).has_points());
    }

    #[test]
    fn gated_tones_are_filtered_to_the_accuracy_of_tones() {
        for edge in [0.0148, 0.0198, 0.0297, 0.05, 0.002] {
            // two thirds of the corner, on and off at once
            let tone = |n: u64| {
                let on = if n % 11_025 < 5000 { 1.0 } else { 0.0 };
                (on * (std::f64::consts::PI * edge / 1.5 * n as f64).sin()) as f32
            };
            let source = |start: u64, left: &mut [f32], right: &mut [f32]| {
                for (n, (left, right)) in (start..).zip(left.iter_mut().zip(right)) {
                    (*left, *right) = (tone(n), 0.5 * tone(n + 777));
                }
            };
            let whole: Vec<f64> = (0..150_000).map(|n| f64::from(tone(n))).collect();
            let exact = zero_phase(&lowpass(4, edge), &whole);
            let mut window = ZeroPhaseWindow::within(&[lowpass(4, edge)], 150_000, Accuracy::Tones);
            assert!(window.has_points());
            let len = window.cell_len();
            let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
            for index in 0..150_000_u64.div_ceil(len as u64) {
                window.cell(index, source, &mut left, &mut right);
                for (sample, exact) in left.iter().zip(&exact[index as usize * len..]) {
                    assert!((f64::from(*sample) - exact).abs() < 2e-6, "{edge}: {sample} {exact}");
                }
            }
        }
    }
}
