//! A tone behind a tanh shaper as the sum of its lowest partials (spec am-and-monaural-voices 4.1).
//!
//! The level of a partial is a smooth function of the drive. A table has it as polynomials over pieces of the drive,
//! eight in each octave of `1 + drive`.

use std::f64::consts::PI;
use std::sync::OnceLock;

use multiversion::multiversion;

use super::cell::{Cell, PhaseCell};
use super::sine::sine_u32;

/// Most partials: the odd ones up to 127.
pub const MOST: usize = 64;
/// Pieces of the drive.
const ROWS: usize = 8 * 16;
/// Mantissa bits below those that tell the pieces of one octave apart.
const LOCAL: u32 = 20;
/// Coefficients of a polynomial.
const TERMS: usize = 5;
/// Largest drive of the table; above it the levels of all its partials are constant.
const LARGEST: f32 = 65_535.0;
/// The polynomials are good to this distance from the middle of their piece, in half pieces.
const REACH: f32 = 2.0;
/// Frames computed together.
const LANES: usize = 64;
/// Smaller coefficients are 0.
const NOTHING: f64 = 1e-20;
/// Fractions that are summed one by one.
const FRACTIONS: u32 = 32;

/// The polynomials of the levels of the odd partials, divided by the drive, over one piece of it.
type Piece = [[f32; TERMS]; MOST];

/// The table of all pieces.
pub struct TanhSeries(Vec<Piece>);

impl std::fmt::Debug for TanhSeries {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("TanhSeries")
    }
}

impl TanhSeries {
    /// The table. The first call computes it.
    pub fn table() -> &'static Self {
        static TABLE: OnceLock<TanhSeries> = OnceLock::new();
        TABLE.get_or_init(|| Self((0..ROWS).map(piece).collect()))
    }

    /// Fills `out` with the lowest `count` odd partials of `tanh(drive·sin(phase))` (at least 1, at most [`MOST`]),
    /// the highest of them multiplied by `last`. The error is below 1e-5.
    pub fn sum(&self, drives: &Cell, phases: &PhaseCell, count: usize, last: &Cell, out: &mut Cell) {
        let count = count.clamp(1, MOST);
        let (drives, phases) = (drives.as_chunks::<LANES>().0, phases.as_chunks::<LANES>().0);
        let (last, out) = (last.as_chunks::<LANES>().0, out.as_chunks_mut::<LANES>().0);
        for (((drives, phases), last), out) in drives.iter().zip(phases).zip(last).zip(out) {
            let [lowest, highest] = span(drives);
            let middle = row(u32::midpoint(lowest, highest));
            let [centre, scale] = place(middle);
            let fits = |bits: u32| ((f32::from_bits(bits) - centre) * scale).abs() <= REACH;
            if let (Some(piece), true) = (self.0.get(middle as usize), fits(lowest) && fits(highest)) {
                *out = partials(&piece[..count], [centre, scale], drives, phases, last);
                continue;
            }
            for index in (pair(lowest)..=pair(highest)).step_by(2) {
                let own = |drive: f32| pair(bits(drive)) == index;
                let piece = self.0.get((index as usize).min(ROWS - 1));
                let Some(piece) = piece.filter(|_| drives.iter().any(|drive| own(*drive))) else { continue };
                let sum = partials(&piece[..count], place(index.min(ROWS as u32 - 1)), drives, phases, last);
                for ((out, sum), drive) in out.iter_mut().zip(sum).zip(drives) {
                    *out = if own(*drive) { sum } else { *out };
                }
            }
        }
    }
}

/// `1 + |drive|`, as bits, which have the order of the numbers.
#[inline(always)]
fn bits(drive: f32) -> u32 {
    // 65536 itself has no piece
    (1.0 + drive.abs()).min(65_535.996).to_bits()
}

/// The least and the greatest [`bits`].
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn span(drives: &[f32; LANES]) -> [u32; 2] {
    let (mut least, mut most) = (u32::MAX, 0);
    for drive in drives {
        let bits = bits(*drive);
        least = least.min(bits);
        most = most.max(bits);
    }
    [least, most]
}

/// The piece of these bits.
#[inline(always)]
const fn row(bits: u32) -> u32 {
    (bits - 1.0_f32.to_bits()) >> LOCAL
}

/// The piece of an even number that reaches over these bits: half a piece before it to half a piece after the next one.
#[inline(always)]
const fn pair(bits: u32) -> u32 {
    (bits - 1.0_f32.to_bits() + (1 << (LOCAL - 1))) >> (LOCAL + 1) << 1
}

/// The middle of a piece, and the reciprocal of half its length.
fn place(row: u32) -> [f32; 2] {
    let octave = f32::from_bits(((row / 8) << 23) + 1.0_f32.to_bits());
    [octave * (1.0 + ((row % 8) as f32 + 0.5) / 8.0), 16.0 / octave]
}

/// The polynomials of piece `index` of the drive, through the zeros of a Chebyshev polynomial.
fn piece(index: usize) -> Piece {
    let [centre, scale] = place(index as u32);
    let nodes: [f64; TERMS] = std::array::from_fn(|n| ((2 * n + 1) as f64 * PI / (2 * TERMS) as f64).cos());
    let values = nodes.map(|x| levels(f64::from(centre) + x / f64::from(scale) - 1.0));
    std::array::from_fn(|partial| {
        let mean = |degree: usize| -> f64 {
            let weight = |x: f64| (degree as f64 * x.acos()).cos() / TERMS as f64;
            let sum: f64 = nodes.iter().zip(&values).map(|(x, values)| values[partial] * weight(*x)).sum();
            if degree == 0 { sum } else { 2.0 * sum }
        };
        // coefficients of Chebyshev polynomials, then of powers
        let c: [f64; TERMS] = std::array::from_fn(mean);
        let powers = [c[0] - c[2] + c[4], c[1] - 3.0 * c[3], 2.0 * c[2] - 8.0 * c[4], 4.0 * c[3], 8.0 * c[4]];
        // subnormal numbers are slow
        powers.map(|c| if c.abs() < NOTHING { 0.0 } else { c as f32 })
    })
}

/// The levels of the odd partials at `drive`, divided by it: the sum over the fractions of `tanh`, and the integral over
/// those that are left, with the first correction of the midpoint rule.
fn levels(drive: f64) -> [f64; MOST] {
    let mut levels = [0.0; MOST];
    let mut add = |c: f64, weight: &dyn Fn(f64, f64) -> f64| {
        let h = drive.hypot(c);
        let r = drive / (h + c);
        let mut power = 1.0 / (h + c);
        for (k, level) in (1..).step_by(2).map(f64::from).zip(&mut levels) {
            *level += power * weight(k, h);
            power *= r * r;
        }
    };
    for index in 0..FRACTIONS {
        add((f64::from(index) + 0.5) * PI, &|_, h| 4.0 / h);
    }
    let c = f64::from(FRACTIONS) * PI;
    add(c, &|k, h| 4.0 / (PI * k) - PI / 24.0 * (4.0 / h) * (c / (h * h) + k / h));
    levels
}

/// The sum of partials over some frames. The levels are polynomials in `(1 + |drive| - centre)·scale`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn partials(
    piece: &[[f32; TERMS]],
    [centre, scale]: [f32; 2],
    drives: &[f32; LANES],
    phases: &[u32; LANES],
    last: &[f32; LANES],
) -> [f32; LANES] {
    let level = |c: &[f32; TERMS], x: f32| c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * c[4])));
    let mut sum = [0.0; LANES];
    let Some((highest, lower)) = piece.split_last() else { return sum };
    let (mut places, mut sines, mut folds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    // Clenshaw's sum with the differences of Reinsch: exact near the zeros of the sine
    let (mut sums, mut steps) = ([0.0; LANES], [0.0; LANES]);
    for j in 0..LANES {
        places[j] = (1.0 + drives[j].abs().min(LARGEST) - centre) * scale;
        sines[j] = sine_u32(phases[j]);
        folds[j] = 4.0 * sines[j] * sines[j];
        steps[j] = level(highest, places[j]) * last[j];
        sums[j] = steps[j];
    }
    for c in lower.iter().rev() {
        for j in 0..LANES {
            steps[j] += level(c, places[j]) - folds[j] * sums[j];
            sums[j] += steps[j];
        }
    }
    for j in 0..LANES {
        sum[j] = drives[j].clamp(-LARGEST, LARGEST) * sines[j] * (2.0 * sums[j] - steps[j]);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::cell::CELL;
    use super::*;

    /// The level of partial `k`, by integration.
    fn partial(drive: f64, k: u32) -> f64 {
        let n = 1 << 14;
        let term = |i: u32| {
            let x = f64::from(i) / f64::from(n) * 2.0 * PI;
            (drive * x.sin()).tanh() * (f64::from(k) * x).sin()
        };
        2.0 / f64::from(n) * (0..n).map(term).sum::<f64>()
    }

    #[test]
    fn levels_are_those_of_the_series_of_sines() {
        for drive in [0.01, 0.7, 5.0, 60.0, 300.0] {
            for (k, level) in (1..).step_by(2).zip(levels(drive)) {
                let error = (level * drive - partial(drive, k)).abs();
                assert!(error < 1e-8, "{drive} {k}: {error:e}");
            }
        }
        // a square wave
        for (k, level) in (1..).step_by(2).map(f64::from).zip(levels(1e9)) {
            assert!((level * 1e9 - 4.0 / (PI * k)).abs() < 1e-7, "{k}");
        }
    }

    #[test]
    fn the_sum_has_the_partials_that_it_should() {
        let phases: PhaseCell = std::array::from_fn(|j| (j as u32).wrapping_mul(0x0123_4567));
        let last: Cell = std::array::from_fn(|j| j as f32 / CELL as f32);
        let steady = |drive: f32| [drive; CELL];
        let moving = |from: f32, to: f32| std::array::from_fn(|j| from + (to - from) * j as f32 / CELL as f32);
        for drives in [steady(0.3), steady(-50.0), steady(1e6), moving(-0.5, 2.0), moving(4.0, 4.3), moving(0.0, 60.0)]
        {
            for count in [1, 2, 11, MOST] {
                let mut out = [0.0; CELL];
                TanhSeries::table().sum(&drives, &phases, count, &last, &mut out);
                for j in (0..CELL).step_by(5) {
                    let drive = f64::from(drives[j]);
                    let levels = levels(drive.abs().min(f64::from(LARGEST)));
                    let angle = f64::from(phases[j]) / 4_294_967_296.0 * 2.0 * PI;
                    let wanted: f64 = (0..count)
                        .map(|n| {
                            let share = if n + 1 == count { f64::from(last[j]) } else { 1.0 };
                            share * levels[n] * drive.clamp(-65535.0, 65535.0) * ((2 * n + 1) as f64 * angle).sin()
                        })
                        .sum();
                    let error = (f64::from(out[j]) - wanted).abs();
                    assert!(error < 1e-5, "{drive} {count} {j}: {error:e}");
                }
            }
        }
    }
}
