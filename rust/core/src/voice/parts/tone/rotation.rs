//! Sums many tones in rows of frames, each row a rotation of one that is shared by a tile of rows.
//!
//! Near the frame in the middle of a row, with `j` the distance from it, a tone of slowly moving frequency and gain is
//!
//! `(g + j·g′)·sin(φ + θ(j) + j·δ) ≈ g·sin φ·C + g·cos φ·S + (g′·sin φ + g·δ·cos φ)·jC + (g′·cos φ - g·δ·sin φ)·jS`
//!
//! where `θ(j)` is the course of the phase around the middle of the tile, `C` and `S` are its cosine and sine, and `δ` is
//! by how much the frequency of the row differs. So a tile of a tone is four weights for each row and four shapes, and
//! sines are computed only for these. Tones whose error would be larger than [`TOLERANCE`] are evaluated frame by frame.
//!
//! There are no fused operations, and every sum has one order, so every target gives the same bits. Rows of 32 frames are
//! long enough that the compiler vectorises them instead of unrolling them.

use std::f32::consts::TAU;

use multiversion::multiversion;

use super::gated;
use super::kernel::{self, bend_at, curve_at};
use super::segment::{Phase, ToneSegment, bounds_of};
use crate::dsp::mix;
use crate::dsp::sine::sine_u32;
use crate::voice::Block;

/// Frames per tile. Segments are at least as long, or evaluated frame by frame.
const TILE: usize = 512;
/// Frames per row, and rows per tile.
const ROW: usize = 32;
const ROWS: usize = TILE / ROW;
/// Tiles whose errors are bounded together.
const GROUP: usize = 4;
/// Distance of the middle of a row from its first frame, and of the middle of a tile from its ends.
const REACH: f32 = (ROW / 2) as f32;
const FAR: f32 = (TILE / 2) as f32;
/// A quarter of a turn as a 32-bit phase.
const QUARTER: u32 = 1 << 30;
/// One unit of a 32-bit phase in radians.
const UNIT: f32 = TAU / 4_294_967_296.0;

/// Largest error of one tone, relative to its gain or to the mean gain of all tones.
const TOLERANCE: f32 = 2e-7;
/// Largest deviation of the frequency from that in the middle of a tile, in radians per frame.
const MOST_DEVIATION: f32 = 0.1;

/// One ear of a tone over one tile.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Rotor {
    weights: [[f32; ROWS]; 4],
    shapes: [[f32; ROW]; 4],
    /// Whether frequency and gain are fixed, so that only the first two count.
    steady: bool,
}

impl Rotor {
    const ZERO: Self = Self { weights: [[0.0; ROWS]; 4], shapes: [[0.0; ROW]; 4], steady: true };
}

/// Working memory for sums.
#[derive(Debug, Clone)]
pub(crate) struct Rotors {
    rotor: Rotor,
    left: Vec<f32>,
    right: Vec<f32>,
    phases: Vec<u32>,
}

/// One voice over the stretch: its segments of `len` frames for both ears, one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tones<'a> {
    /// The segments.
    pub(crate) segments: &'a [[ToneSegment; 2]],
    /// Frames per segment.
    pub(crate) len: usize,
}

impl Tones<'_> {
    /// Whether the segments of `pair` are summed in tiles.
    fn has_tiles(&self, pair: &[ToneSegment; 2]) -> bool {
        self.len >= TILE && pair.iter().all(|segment| segment.gate.is_none())
    }
}

impl Rotors {
    /// For segments of at most `longest` frames.
    pub(crate) fn new(longest: usize) -> Self {
        let plane = vec![0.0; longest];
        Self { rotor: Rotor::ZERO, left: plane.clone(), right: plane, phases: vec![0; longest] }
    }

    /// Fill `out`, a whole number of tiles, with the sum of `voices` in their order.
    pub(crate) fn sum<'a>(&mut self, voices: impl ExactSizeIterator<Item = Tones<'a>> + Clone, mut out: Block<'_>) {
        out.clear();
        let mean = |side: usize| {
            let gain = |voice: Tones<'_>| {
                let sum: f32 = voice.segments.iter().map(|pair| pair[side].gain_limit(voice.len) as f32).sum();
                sum / voice.segments.len() as f32
            };
            voices.clone().map(gain).sum::<f32>() / voices.len() as f32
        };
        let mean = [mean(0), mean(1)];
        for voice in voices {
            for (index, pair) in voice.segments.iter().enumerate() {
                let Block { left, right } = out.part(index * voice.len, (index + 1) * voice.len);
                if voice.has_tiles(pair) {
                    if pair[0] == pair[1] {
                        self.add_tiles(&pair[0], mean, [left, right]);
                    } else {
                        self.add_tiles(&pair[0], [mean[0]], [left]);
                        self.add_tiles(&pair[1], [mean[1]], [right]);
                    }
                } else if !pair.iter().all(ToneSegment::is_silent) {
                    let one = self.one(pair, voice.len);
                    mix::add(left, one.left);
                    mix::add(right, one.right);
                }
            }
        }
    }

    /// Add a segment to each plane of `out`, in which the mean gain of all voices is that of `mean`.
    fn add_tiles<const N: usize>(&mut self, segment: &ToneSegment, mean: [f32; N], mut out: [&mut [f32]; N]) {
        if segment.is_silent() {
            return;
        }
        let part = Part::new(segment, out[0].len());
        for from in (0..part.len).step_by(GROUP * TILE) {
            let errors = part.errors(from);
            for (at, error) in (from..part.len).step_by(TILE).zip(errors) {
                let mut turned = false;
                for (plane, mean) in out.iter_mut().zip(mean) {
                    let Some(tile) = plane[at..].first_chunk_mut::<TILE>() else { continue };
                    if error > TOLERANCE * part.gain.max(mean) {
                        kernel::add_sparse(tile, segment, part.len, at, 1);
                        continue;
                    }
                    if !turned {
                        rotate(&mut self.rotor, segment, part.len, at);
                        turned = true;
                    }
                    add_rows(tile, &self.rotor);
                }
            }
        }
    }

    /// Both ears of one segment, evaluated frame by frame.
    fn one(&mut self, pair: &[ToneSegment; 2], len: usize) -> Block<'_> {
        let Self { left, right, phases, .. } = self;
        let (left, right, phases) = (&mut left[..len], &mut right[..len], &mut phases[..len]);
        gated::pair(Block::new(left, right), pair, phases);
        Block::new(left, right)
    }
}

/// A segment with limits of its gain.
struct Part<'a> {
    segment: &'a ToneSegment,
    /// Frames of the segment.
    len: usize,
    /// The largest gain, its largest slope and its largest second derivative.
    gain: f32,
    rise: f32,
    curving: f32,
}

impl<'a> Part<'a> {
    fn new(segment: &'a ToneSegment, len: usize) -> Self {
        let [_, rise, curving] = bounds_of(segment.curve, len as f64).map(|bound| bound as f32);
        Self { segment, len, gain: segment.gain_limit(len) as f32, rise: segment.slope.abs() + rise, curving }
    }

    /// Upper bounds of what the rows of [`GROUP`] tiles from frame `at` on differ from the segment.
    fn errors(&self, at: usize) -> [f32; GROUP] {
        const SQUARE: f32 = REACH * REACH / 2.0;
        let bend = self.segment.phase.bend;
        if bend == [0.0; 4] {
            return [SQUARE * self.curving; GROUP];
        }
        let (length, first) = (self.len as f32, at as f32);
        // at both ends and in the middle of each tile
        let (mut thirds, mut seconds) = ([0.0; 2 * GROUP + 1], [0.0; GROUP]);
        for (k, third) in thirds.iter_mut().enumerate() {
            *third = third_at(first + FAR * (k as i32 as f32), length, bend).abs();
        }
        for (k, second) in seconds.iter_mut().enumerate() {
            *second = second_at(first + FAR * ((2 * k + 1) as i32 as f32), length, bend).abs();
        }
        std::array::from_fn(|k| {
            // a parabola exceeds the largest of three of its points by at most a quarter
            let third = 1.25 * UNIT * thirds[2 * k].max(thirds[2 * k + 1]).max(thirds[2 * k + 2]);
            let deviation = FAR * (UNIT * seconds[k] + FAR * third);
            if deviation > MOST_DEVIATION {
                return f32::INFINITY;
            }
            let phase = SQUARE * (FAR * third + deviation * deviation);
            self.gain * phase + 2.0 * SQUARE * deviation * self.rise + SQUARE * self.curving
        })
    }
}

/// First derivative of `x·(len - x)·(c₀ + c₁·x + c₂·x² + c₃·x³)` at `x`.
#[inline(always)]
fn first_at(x: f32, len: f32, c: [f32; 4]) -> f32 {
    (len - 2.0 * x) * curve_at(x, c) + x * (len - x) * (c[1] + x * (2.0 * c[2] + x * (3.0 * c[3])))
}

/// Its second derivative.
fn second_at(x: f32, len: f32, c: [f32; 4]) -> f32 {
    let slope = c[1] + x * (2.0 * c[2] + x * (3.0 * c[3]));
    2.0 * (len - 2.0 * x) * slope - 2.0 * curve_at(x, c) + x * (len - x) * (2.0 * c[2] + x * (6.0 * c[3]))
}

/// Its third derivative, which is a parabola.
fn third_at(x: f32, len: f32, c: [f32; 4]) -> f32 {
    let slope = c[1] + x * (2.0 * c[2] + x * (3.0 * c[3]));
    3.0 * (len - 2.0 * x) * (2.0 * c[2] + x * (6.0 * c[3])) - 6.0 * slope + x * (len - x) * (6.0 * c[3])
}

/// Write the tile of `segment` that begins at its frame `at`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn rotate(rotor: &mut Rotor, segment: &ToneSegment, len: usize, at: usize) {
    let Phase { start, increment, bend } = segment.phase;
    let high = |phase: u64| (phase.wrapping_add(1 << 31) >> 32) as u32;
    let base = high(start.wrapping_add(increment.wrapping_mul((at + ROW / 2) as u64)));
    let (row, step) = (high(increment.wrapping_mul(ROW as u64)), high(increment));
    let Rotor { weights: [a, b, c, d], shapes: [cosine, sine, far_cosine, far_sine], steady } = rotor;
    *steady = segment.is_steady();
    if *steady {
        for k in 0..ROWS {
            let phase = base.wrapping_add(row.wrapping_mul(k as u32));
            a[k] = sine_u32(phase) * segment.level;
            b[k] = sine_u32(phase.wrapping_add(QUARTER)) * segment.level;
        }
        for j in 0..ROW {
            let phase = step.wrapping_mul((j as u32).wrapping_sub(ROW as u32 / 2));
            cosine[j] = sine_u32(phase.wrapping_add(QUARTER));
            sine[j] = sine_u32(phase);
        }
        return;
    }
    let length = len as f32;
    let middle = at as f32 + FAR;
    let (speed, turning) = (first_at(middle, length, bend), second_at(middle, length, bend));
    let first = at as f32 + REACH;
    // several short loops, because the compiler does not vectorise a long one
    let (mut phases, mut gains, mut rises, mut turns) = ([0; ROWS], [0.0; ROWS], [0.0; ROWS], [0.0; ROWS]);
    for k in 0..ROWS {
        let x = first + 2.0 * REACH * (k as i32 as f32);
        phases[k] = base.wrapping_add(row.wrapping_mul(k as u32)).wrapping_add(bend_at(x, length, bend));
    }
    for k in 0..ROWS {
        let x = first + 2.0 * REACH * (k as i32 as f32);
        gains[k] = segment.level + x * segment.slope + x * (length - x) * curve_at(x, segment.curve);
        rises[k] = segment.slope + first_at(x, length, segment.curve);
        turns[k] = gains[k] * ((first_at(x, length, bend) - speed) * UNIT);
    }
    for k in 0..ROWS {
        let (sin, cos) = (sine_u32(phases[k]), sine_u32(phases[k].wrapping_add(QUARTER)));
        a[k] = sin * gains[k];
        b[k] = cos * gains[k];
        c[k] = sin * rises[k] + cos * turns[k];
        d[k] = cos * rises[k] - sin * turns[k];
    }
    let step = step.wrapping_add(speed as i32 as u32);
    for j in 0..ROW {
        let x = j as i32 - ROW as i32 / 2;
        let far = x as f32;
        // SAFETY: finite, and small because of `MOST_DEVIATION`.
        let curved = unsafe { (turning * (far * far * 0.5)).to_int_unchecked::<i32>() };
        let phase = step.wrapping_mul(x as u32).wrapping_add(curved as u32);
        let (sin, cos) = (sine_u32(phase), sine_u32(phase.wrapping_add(QUARTER)));
        cosine[j] = cos;
        sine[j] = sin;
        far_cosine[j] = far * cos;
        far_sine[j] = far * sin;
    }
}

/// Add `rotor` to `out`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn add_rows(out: &mut [f32; TILE], rotor: &Rotor) {
    let Rotor { weights: [a, b, c, d], shapes: [cosine, sine, far_cosine, far_sine], steady } = rotor;
    for (k, row) in out.as_chunks_mut::<ROW>().0.iter_mut().enumerate() {
        let (a, b, c, d) = (a[k], b[k], c[k], d[k]);
        if *steady {
            for j in 0..ROW {
                row[j] += a * cosine[j] + b * sine[j];
            }
        } else {
            for j in 0..ROW {
                row[j] += (a * cosine[j] + b * sine[j]) + (c * far_cosine[j] + d * far_sine[j]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::polynomial::{CellPolynomial, nodes};
    use super::super::segment::SegmentGate;
    use super::*;
    use crate::dsp::phase::Turns;

    /// Tones over `cells` cells of `len` frames, with a vibrato, a tremolo, or neither; their exact values in `sums`.
    struct Choir {
        len: usize,
        voices: Vec<Vec<[ToneSegment; 2]>>,
        exact: Vec<[f64; 2]>,
    }

    impl Choir {
        const GAIN: f64 = 0.3;

        /// `range` is that of the vibrato in Hz, `depth` that of the tremolo.
        fn new(voices: usize, cells: usize, len: usize, range: f64, depth: f64) -> Self {
            let mut choir = Self { len, voices: Vec::new(), exact: vec![[0.0; 2]; cells * len] };
            let wave = |frame: f64, rate: f64| (std::f64::consts::TAU * rate / 44_100.0 * frame).sin();
            for voice in 0..voices {
                let pitch = 43.6 * 1.37_f64.powi(voice as i32 % 16);
                let side = |cell: usize, side: usize| {
                    let first = (cell * len) as f64;
                    let turns = |frame: f64| {
                        frame * (pitch + side as f64 * 4.0) / 44_100.0 + range / 2.0 / 12.566 * wave(frame, 2.0)
                    };
                    let gain = |frame: f64| Self::GAIN * (1.0 - depth / 2.0 * (1.0 + wave(frame, 0.3)));
                    let through =
                        |f: &dyn Fn(f64) -> f64| CellPolynomial::through(nodes(len).map(|x| f(first + x as f64)), len);
                    let start = Turns::from_cycles(turns(first));
                    let phase = through(&|frame| turns(frame) - turns(first));
                    let segment = ToneSegment::new(Phase::new(start, &phase), &through(&gain));
                    let exact = (0..len).map(|x| {
                        let cycles = start.cycles() + phase.at(x as f64, len);
                        gain(first + x as f64) * (cycles * std::f64::consts::TAU).sin()
                    });
                    (segment, exact.collect::<Vec<f64>>())
                };
                let mut segments = Vec::new();
                for cell in 0..cells {
                    let [left, right] = [0, 1].map(|ear| side(cell, ear));
                    segments.push([left.0, right.0]);
                    for (sum, (l, r)) in choir.exact[cell * len..].iter_mut().zip(left.1.iter().zip(&right.1)) {
                        *sum = [sum[0] + l, sum[1] + r];
                    }
                }
                choir.voices.push(segments);
            }
            choir
        }

        fn sum(&self) -> [Vec<f32>; 2] {
            let mut planes = [0, 1].map(|_| vec![f32::NAN; self.exact.len()]);
            let [left, right] = &mut planes;
            let mut rotors = Rotors::new(self.len);
            let tones = self.voices.iter().map(|segments| Tones { segments, len: self.len });
            rotors.sum(tones, Block::new(left, right));
            planes
        }

        fn error(&self) -> f64 {
            let [left, right] = self.sum();
            let frames = self.exact.iter().zip(left.iter().zip(&right));
            frames.map(|(e, (l, r))| (e[0] - f64::from(*l)).abs().max((e[1] - f64::from(*r)).abs())).fold(0.0, f64::max)
        }
    }

    #[test]
    fn sums_are_those_of_exact_sines() {
        // the last ones are too fast for rows, or their segments too short
        for (voices, len, range, depth) in [
            (1, 2048, 0.0, 0.0),
            (12, 2048, 0.0, 0.0),
            (12, 2048, 0.5, 0.5),
            (12, 512, 20.0, 0.3),
            (5, 2048, 150.0, 0.2),
            (7, 256, 3.0, 0.0),
        ] {
            let choir = Choir::new(voices, 4096 / len, len, range, depth);
            let error = choir.error() / (Choir::GAIN * voices as f64);
            assert!(error < 4e-7, "{voices} voices, {len}, {range}: {error:e} of the sum of the gains");
        }
    }

    #[test]
    fn slow_tones_are_rotated_and_fast_ones_are_not() {
        for (range, slow) in [(0.5, true), (150.0, false)] {
            let choir = Choir::new(1, 2, 2048, range, 0.1);
            let fits =
                |pair: &[ToneSegment; 2]| Part::new(&pair[1], 2048).errors(0)[1] <= TOLERANCE * Choir::GAIN as f32;
            assert!(choir.voices[0].iter().all(|pair| fits(pair) == slow), "{range}");
        }
    }

    #[test]
    fn pulses_have_the_samples_of_the_kernels() {
        let mut choir = Choir::new(1, 1, 2048, 0.5, 0.0);
        let phase = Phase { start: 1 << 60, increment: 1 << 53, bend: [0.0; 4] };
        let gate = SegmentGate::new(phase, 0.7, 0.1);
        choir.voices[0][0].iter_mut().for_each(|segment| segment.gate = Some(gate));
        let (mut expected, mut phases) = (vec![0.0; 2048], vec![0; 2048]);
        for (side, sum) in choir.sum().iter().enumerate() {
            kernel::tone(&mut expected, &choir.voices[0][0][side]);
            kernel::phases(&mut phases, &gate.phase);
            kernel::gate(&mut expected, &phases, &gate);
            assert_eq!(sum, &expected);
        }
    }
}
