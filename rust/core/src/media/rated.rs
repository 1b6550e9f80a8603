//! A source at another sample rate, for files whose rate changes on the way: each sample is a windowed sinc over the
//! samples around it, so it depends on its place alone.

use super::fault::Res;
use super::source::Source;

/// Zero crossings of the sinc on each side.
const REACH: f64 = 32.0;

pub(super) struct Rated {
    inner: Box<dyn Source>,
    from: u32,
    to: u32,
    piece: Vec<Vec<f32>>,
}

impl Rated {
    /// `inner`, which is at `from` Hz, at `to` Hz.
    pub(super) fn of(inner: Box<dyn Source>, from: u32, to: u32) -> Box<dyn Source> {
        if from == to {
            return inner;
        }
        let piece = vec![Vec::new(); inner.channels()];
        Box::new(Self { inner, from, to, piece })
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
        // Below the lower of both Nyquist frequencies.
        let cutoff = (f64::from(self.to) / f64::from(self.from)).min(1.0) * 0.95;
        let reach = (REACH / cutoff).ceil();
        let place = |n: u64| (u128::from(n) * from / to) as u64;
        let first = place(at).saturating_sub(reach as u64);
        let last = place(at + count as u64) + reach as u64 + 2;
        let got = self.inner.read(first, (last - first) as usize, &mut self.piece)?;
        for (out, x) in out.iter_mut().zip(&self.piece) {
            out.clear();
            out.extend((0..count as u64).map(|i| {
                let product = u128::from(at + i) * from;
                let (whole, part) = ((product / to) as u64, (product % to) as f64 / to as f64);
                let centre = (whole - first) as f64 + part;
                let begin = (centre - reach).ceil().max(0.0) as usize;
                let end = ((centre + reach).floor() as usize + 1).min(got);
                let sum = (begin..end).map(|k| f64::from(x[k]) * kernel(k as f64 - centre, cutoff, reach)).sum::<f64>();
                sum as f32
            }));
        }
        Ok(count)
    }

    fn fork(&self) -> Res<Box<dyn Source>> {
        Ok(Self::of(self.inner.fork()?, self.from, self.to))
    }

    fn damaged(&self) -> u64 {
        self.inner.damaged()
    }
}

/// A sinc with this cutoff (1 is the Nyquist frequency of the input) under a Blackman window.
fn kernel(distance: f64, cutoff: f64, reach: f64) -> f64 {
    use std::f64::consts::PI;
    let x = PI * cutoff * distance;
    let sinc = if x.abs() < 1e-9 { 1.0 } else { x.sin() / x };
    let turn = PI * (distance / reach).clamp(-1.0, 1.0);
    cutoff * sinc * (0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
}
