//! A source at another sample rate, for files whose rate changes midway. Each sample is a windowed sinc interpolation
//! of the samples around it, so it depends only on its position.

use crate::media::fault::Res;
use crate::media::source::Source;

/// Number of zero crossings of the sinc on each side.
const REACH: f64 = 32.0;

/// A source that converts the sample rate of another one.
pub(super) struct Rated {
    inner: Box<dyn Source>,
    from: u32,
    to: u32,
    /// Number of input samples on each side, and the cutoff: slightly below the lower of both Nyquist frequencies, as a
    /// fraction of that of the input.
    reach: u64,
    cutoff: f64,
    /// Weights for each fractional position that occurs, computed on demand.
    weights: Vec<Vec<f64>>,
    piece: Vec<Vec<f32>>,
}

impl Rated {
    /// Converts `inner` from `from` Hz to `to` Hz.
    pub(super) fn of(inner: Box<dyn Source>, from: u32, to: u32) -> Box<dyn Source> {
        if from == to {
            return inner;
        }
        let common = (1..=from.min(to)).rev().find(|n| from % n == 0 && to % n == 0).unwrap_or(1);
        let (from, to) = (from / common, to / common);
        let cutoff = (f64::from(to) / f64::from(from)).min(1.0) * 0.95;
        let reach = (REACH / cutoff).ceil() as u64;
        let piece = vec![Vec::new(); inner.channels()];
        Box::new(Self { inner, from, to, reach, cutoff, weights: vec![Vec::new(); to as usize], piece })
    }

    /// Computes the weights for a position `phase / to` after an input sample.
    fn fill(&mut self, phase: usize) {
        let (part, reach) = (phase as f64 / f64::from(self.to), self.reach as f64);
        self.weights[phase] =
            (0..2 * self.reach).map(|j| kernel(j as f64 - (reach - 1.0) - part, self.cutoff, reach)).collect();
    }
}

impl Source for Rated {
    fn channels(&self) -> usize {
        self.inner.channels()
    }

    fn frames(&self) -> u64 {
        (u128::from(self.inner.frames()) * u128::from(self.to)).div_ceil(u128::from(self.from)) as u64
    }

    fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize> {
        let count = self.frames().saturating_sub(at).min(count as u64) as usize;
        let (from, to) = (u128::from(self.from), u128::from(self.to));
        let place = |n: u64| ((u128::from(n) * from / to) as u64, (u128::from(n) * from % to) as usize);
        let first = (place(at).0 + 1).saturating_sub(self.reach);
        let last = place(at + count as u64).0 + self.reach + 1;
        let mut piece = std::mem::take(&mut self.piece);
        self.inner.read(first, (last - first) as usize, &mut piece)?;
        for out in out.iter_mut() {
            out.clear();
        }
        for n in at..at + count as u64 {
            let (whole, phase) = place(n);
            if self.weights[phase].is_empty() {
                self.fill(phase);
            }
            // the input is silent before its start and after its end
            let begin = (whole + 1) as i64 - self.reach as i64 - first as i64;
            let skip = (-begin).max(0) as usize;
            let weights = self.weights[phase].get(skip..).unwrap_or(&[]);
            for (out, x) in out.iter_mut().zip(&piece) {
                let x = x.get(begin.max(0) as usize..).unwrap_or(&[]);
                out.push(x.iter().zip(weights).map(|(x, weight)| f64::from(*x) * weight).sum::<f64>() as f32);
            }
        }
        self.piece = piece;
        Ok(count)
    }

    fn fork(&self) -> Res<Box<dyn Source>> {
        Ok(Self::of(self.inner.fork()?, self.from, self.to))
    }

    fn damaged(&self) -> u64 {
        self.inner.damaged()
    }
}

/// A sinc with this cutoff (1 is the Nyquist frequency of the input) times a Blackman window.
fn kernel(distance: f64, cutoff: f64, reach: f64) -> f64 {
    use std::f64::consts::PI;
    let x = PI * cutoff * distance;
    let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
    let turn = PI * (distance / reach).clamp(-1.0, 1.0);
    cutoff * sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone of 100 Hz at a sample rate of 24 kHz.
    struct Tone;

    impl Source for Tone {
        fn channels(&self) -> usize {
            1
        }

        fn frames(&self) -> u64 {
            4800
        }

        fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize> {
            let end = (at + count as u64).min(4800);
            out[0] = (at..end).map(|n| (std::f64::consts::TAU * n as f64 / 240.0).sin() as f32).collect();
            Ok(out[0].len())
        }

        fn fork(&self) -> Res<Box<dyn Source>> {
            Ok(Box::new(Tone))
        }
    }

    #[test]
    fn a_converted_tone_is_the_same_wherever_reading_begins() {
        let mut rated = Rated::of(Box::new(Tone), 24_000, 44_100);
        assert_eq!(rated.frames(), 8820);
        let (mut all, mut some) = ([Vec::new()], [Vec::new()]);
        assert_eq!(rated.read(0, 10_000, &mut all).unwrap(), 8820);
        for (n, x) in all[0].iter().enumerate().take(8700).skip(120) {
            let want = (std::f64::consts::TAU * 100.0 * n as f64 / 44_100.0).sin();
            assert!((f64::from(*x) - want).abs() < 1e-4, "{n}: {x} {want}");
        }
        for at in [0, 1, 17, 4000, 8819] {
            let got = rated.read(at, 1000, &mut some).unwrap();
            assert!(some[0][..] == all[0][at as usize..at as usize + got], "{at}");
        }
    }
}
