//! A low-pass close to half the sample rate changes nothing where the sound has nothing there. Eighth differences show
//! this: all that the filter removes is a filtered form of them, whose impulse response is known. The filter runs only on
//! the blocks that it may change by more than [`INAUDIBLE`].

use multiversion::multiversion;

use super::EXTENSION;
use super::lanes::filter_lanes;
use super::response::{Mode, gain, modes};
use super::window::{Frame, PARTS, Part, Stage, padding, settling};
use crate::dsp::biquad::Section;
use crate::dsp::mix;

/// A sample may differ by this much, of full scale, where the filter is left out.
const INAUDIBLE: f32 = 3e-7;
/// Frames that are filtered or left out together.
const BLOCK: usize = 512;
/// Frames whose differences are examined together.
const TILE: usize = 256;
/// Order of the differences; that of the zeros of the filter that removes.
const ORDER: usize = 8;
/// Longest time in frames in which the filter may settle.
const LONGEST: usize = 400;

#[derive(Debug)]
pub(super) struct NearNyquist {
    stage: Stage,
    gain: f64,
    /// Frames in which the filter settles.
    margin: usize,
    /// Differences up to this leave the sound unchanged.
    most: f32,
    tiles: Vec<f32>,
    lanes: Vec<Frame>,
}

impl NearNyquist {
    /// For this filter; `None` if it is no low-pass of four poles close to half the sample rate.
    pub(super) fn new(filter: &[Section], cell: usize) -> Option<Self> {
        let is_low = filter.iter().all(|section| section.b[1] == 2.0 * section.b[0] && section.b[2] == section.b[0]);
        let modes = modes(filter).filter(|_| is_low && gain(filter, 0.25) > 1.0 - 1e-6)?;
        let margin = settling(filter);
        if margin > LONGEST {
            return None;
        }
        let stage = Stage::split(filter).next()?;
        let level: f64 = filter.iter().map(|section| section.b[0]).product();
        let tiles = vec![0.0; (cell + 2 * margin).div_ceil(TILE) + 1];
        let lanes = vec![[0.0; super::window::LANES]; BLOCK + 2 * margin + 2 * EXTENSION];
        let most = INAUDIBLE / response_sum(&modes) as f32;
        Some(Self { stage, gain: level * level, margin, most, tiles, lanes })
    }

    pub(super) fn fork(&self) -> Self {
        Self { tiles: self.tiles.clone(), lanes: self.lanes.clone(), ..*self }
    }

    /// Frames that are needed on each side of a cell.
    pub(super) const fn reach(&self) -> usize {
        self.margin + 2 * TILE + ORDER
    }

    /// Fill `out` with the cell that begins at frame `at` of `raw`, filtered where that makes a difference.
    pub(super) fn apply(&mut self, raw: &[Vec<f32>; 2], at: usize, out: &mut [&mut [f32]; 2]) {
        let len = out[0].len();
        for (out, raw) in out.iter_mut().zip(raw) {
            out.copy_from_slice(&raw[at..at + len]);
        }
        let first = at - self.margin;
        for (tile, most) in self.tiles.iter_mut().enumerate() {
            let from = first + tile * TILE;
            *most = raw.iter().map(|raw| roughness(raw, from)).fold(0.0, f32::max);
        }
        let mut parts = [Part { raw: 0, skip: self.margin, count: 0, out: 0 }; PARTS];
        let mut count = 0;
        for block in 0..len / BLOCK {
            let tiles = block * BLOCK / TILE..=(block * BLOCK + BLOCK + 2 * self.margin) / TILE;
            if self.tiles[tiles].iter().all(|tile| *tile <= self.most) {
                continue;
            }
            let from = block * BLOCK;
            parts[count] = Part { raw: first + from, skip: self.margin, count: BLOCK, out: from };
            count += 1;
            if count == PARTS {
                self.filter(raw, &parts, out);
                count = 0;
            }
        }
        if count > 0 {
            // the rest of the lanes repeat the last block and are not stored
            let last = parts[count - 1];
            parts[count..].fill(Part { count: 0, out: last.out + BLOCK, ..last });
            self.filter(raw, &parts, out);
        }
    }

    fn filter(&mut self, raw: &[Vec<f32>; 2], parts: &[Part; PARTS], out: &mut [&mut [f32]; 2]) {
        let window = BLOCK + 2 * self.margin;
        let p = padding(window);
        let [left, right] = out;
        let out = [&mut **left, &mut **right];
        filter_lanes(std::slice::from_ref(&self.stage), self.gain, &mut self.lanes, p, raw, parts, out);
    }
}

/// The sum of the magnitudes of the impulse response that makes what the filter removes of the differences. Both have the
/// same poles; the differences have the zeros.
fn response_sum(modes: &[Mode; 2]) -> f64 {
    // turned over at half the sample rate, so that it is a low-pass
    let poles = modes.map(|mode| -mode.pole);
    let step = |signal: &mut dyn Iterator<Item = &mut f64>| {
        let mut state = [[0.0; 2]; 2];
        for value in signal {
            for (pole, state) in poles.iter().zip(&mut state) {
                let next = *value + 2.0 * pole.re * state[0] - pole.norm_sqr() * state[1];
                *state = [next, state[0]];
                *value = next;
            }
        }
    };
    let mut response = vec![0.0; 4 * LONGEST + 1];
    response[2 * LONGEST] = 1.0;
    step(&mut response.iter_mut());
    step(&mut response.iter_mut().rev());
    let (sum, whole) = response.iter().fold((0.0, 0.0), |(sum, whole), value| (sum + value.abs(), whole + value));
    // the gain at half the sample rate, where all of the sound is removed, is 1
    sum / whole
}

/// The largest magnitude of the eighth differences of [`TILE`] frames from `from` on, scaled so that they are those of the
/// sound at half the sample rate.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn roughness(raw: &[f32], from: usize) -> f32 {
    let mut values = [0.0; TILE + ORDER];
    values.copy_from_slice(&raw[from - ORDER / 2..][..TILE + ORDER]);
    for order in 0..ORDER {
        for j in 0..TILE + ORDER - 1 - order {
            values[j] = values[j + 1] - values[j];
        }
    }
    mix::peak(&values[..TILE]) / 256.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::butterworth::{highpass, lowpass};
    use crate::dsp::zero_phase::zero_phase;

    #[test]
    fn the_filter_is_left_out_only_where_it_changes_nothing() {
        let filter = lowpass(4, 0.9);
        let mut near = NearNyquist::new(&filter, 4096).unwrap();
        assert!(NearNyquist::new(&lowpass(4, 0.2), 4096).is_none());
        assert!(NearNyquist::new(&highpass(4, 0.9), 4096).is_none());
        let reach = near.reach();
        // a tone; a click in one block; a tone of 20 kHz that is just too quiet to count
        let tone = |n: usize| 0.5 * (n as f64 * 0.03).sin();
        let signals: [&dyn Fn(usize) -> f64; 3] =
            [&tone, &|n| tone(n) + f64::from(u8::from(n == reach + 1500)) * 1e-3, &|n| {
                tone(n) + 1e-7 * (n as f64 * 2.85).sin()
            }];
        for (index, signal) in signals.into_iter().enumerate() {
            let raw: Vec<f32> = (0..4096 + 2 * reach).map(|n| signal(n) as f32).collect();
            let exact = zero_phase(&filter, &raw.iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
            let (mut left, mut right) = (vec![0.0; 4096], vec![0.0; 4096]);
            near.apply(&[raw.clone(), raw.clone()], reach, &mut [&mut left, &mut right]);
            let changed = left.iter().zip(&raw[reach..]).filter(|(a, b)| a != b).count();
            assert_eq!(changed > 0, index == 1);
            assert!(changed <= 2 * BLOCK);
            for (n, (a, b)) in left.iter().zip(&right).enumerate() {
                assert_eq!(a, b);
                assert!((f64::from(*a) - exact[n + reach]).abs() < 3e-7, "{index} {n}");
            }
        }
    }

    #[test]
    fn the_sum_of_the_response_is_that_of_its_definition() {
        let modes = modes(&lowpass(4, 0.9)).unwrap();
        assert!((response_sum(&modes) - 1.4325).abs() < 1e-3, "{}", response_sum(&modes));
    }
}
