//! Loudness of a step: the mean of a moving RMS over 50 ms, without silent stretches (spec assembly 6).

use crate::voice::Block;

/// RMS values up to this linear level are not counted.
const FLOOR: f64 = 1e-5;

/// Length in frames of the RMS window at `sample_rate`.
pub(crate) fn window(sample_rate: u32) -> u64 {
    ((0.05 * f64::from(sample_rate)) as u64).max(1)
}

/// Number of values of the moving RMS over a step of `frames` frames.
pub(crate) fn values(frames: u64, window: u64) -> u64 {
    frames.max(window)
}

/// The last frame in the window of value 0: value `k` covers the `window` frames up to and including `k + lead`.
pub(crate) fn lead(frames: u64, window: u64) -> u64 {
    (frames.min(window).max(1) - 1) / 2
}

/// Sum and number of the counted RMS values in a run of consecutive values.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sum {
    total: f64,
    count: u64,
}

impl Sum {
    /// Mean over several sums, added in order; 0 if no value was counted.
    pub(crate) fn mean(sums: &[Self]) -> f64 {
        let (total, count) = sums.iter().fold((0.0, 0), |(t, c), sum| (t + sum.total, c + sum.count));
        if count == 0 { 0.0 } else { total / count as f64 }
    }
}

/// Measures the moving RMS; keeps the power of the frames in the window and their sum.
pub(crate) struct Meter {
    ring: Vec<f64>,
    next: usize,
    power: f64,
    skip: u64,
    sum: Sum,
}

impl Meter {
    /// A meter with a window of `window` frames that ignores the values at its first `skip` frames.
    pub(crate) fn new(window: u64, skip: u64) -> Self {
        Self { ring: vec![0.0; window as usize], next: 0, power: 0.0, skip, sum: Sum::default() }
    }

    /// Process the next frames.
    pub(crate) fn add(&mut self, block: &Block<'_>) {
        for (l, r) in block.left.iter().zip(block.right.iter()) {
            let (l, r) = (f64::from(*l), f64::from(*r));
            self.push(0.5 * (l * l + r * r));
        }
    }

    /// Process `frames` frames of silence.
    pub(crate) fn add_silence(&mut self, frames: u64) {
        for _ in 0..frames {
            self.push(0.0);
        }
    }

    fn push(&mut self, power: f64) {
        let old = std::mem::replace(&mut self.ring[self.next], power);
        self.next += 1;
        if self.next == self.ring.len() {
            self.next = 0;
            // Recompute the sum once per turn of the ring, so that rounding errors cannot accumulate.
            self.power = self.ring.iter().sum();
        } else {
            self.power += power - old;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let rms = (self.power.max(0.0) / self.ring.len() as f64).sqrt();
        if rms > FLOOR {
            self.sum.total += rms;
            self.sum.count += 1;
        }
    }

    /// The sum of all counted values.
    pub(crate) fn finish(self) -> Sum {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: full convolution with zero padding, cut to "same" length.
    fn direct(x: &[f32], window: usize) -> f64 {
        let n = x.len();
        let values: Vec<f64> = (0..n.max(window))
            .map(|k| k + (n.min(window) - 1) / 2)
            .map(|last| {
                let first = (last + 1).saturating_sub(window);
                let sum: f64 = (first..=last).filter_map(|i| x.get(i)).map(|v| f64::from(*v) * f64::from(*v)).sum();
                (sum / window as f64).sqrt()
            })
            .filter(|v| *v > FLOOR)
            .collect();
        if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
    }

    #[test]
    fn the_running_sum_equals_the_direct_convolution() {
        for (n, w) in [(500, 37), (500, 36), (20, 37), (1, 5), (37, 37)] {
            let mut x: Vec<f32> = (0..n).map(|i| (i as f32 * 0.9).sin()).collect();
            x.iter_mut().skip(100).take(150).for_each(|v| *v = 0.0);
            let (frames, window) = (n as u64, w as u64);
            let lead = lead(frames, window);
            let mut right = x.clone();
            let mut meter = Meter::new(window, lead);
            meter.add(&Block::new(&mut x.clone(), &mut right));
            meter.add_silence((values(frames, window) + lead).saturating_sub(frames));
            let got = Sum::mean(&[meter.finish()]);
            assert!((got - direct(&x, w)).abs() < 1e-12, "{n} {w}: {got} {}", direct(&x, w));
        }
    }
}
