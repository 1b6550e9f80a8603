//! Linear prediction: coefficients by the autocorrelation method, and fixed predictors.

use multiversion::multiversion;

/// Highest order.
pub(super) const MOST: usize = 10;
/// Lags of the autocorrelation that are summed in step: more than [`MOST`].
const LAGS: usize = 12;

/// A predictor with whole numbers: the prediction is `sum(coefficients * samples before) >> shift`.
#[derive(Debug, Clone, Default)]
pub(super) struct Predictor {
    pub(super) coefficients: Vec<i32>,
    pub(super) shift: u32,
    /// Bits per coefficient.
    pub(super) precision: u32,
}

/// Flat in the middle, with half a cosine at both ends: a Tukey window with the taper 1/2.
pub(super) fn window(len: usize) -> Vec<f64> {
    let taper = len / 4;
    let slope = |index: usize| 0.5 - 0.5 * (std::f64::consts::PI * index as f64 / taper as f64).cos();
    (0..len).map(|index| index.min(len - 1 - index)).map(|at| if at < taper { slope(at) } else { 1.0 }).collect()
}

/// The autocorrelation of `x` at the lags from 0 on. `x` begins with [`LAGS`] zeros.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn autocorrelation(x: &[f64]) -> [f64; LAGS] {
    let mut sums = [0.0; LAGS];
    for window in x.windows(LAGS + 1) {
        let newest = window[LAGS];
        for lag in 0..LAGS {
            sums[lag] += newest * window[LAGS - lag];
        }
    }
    sums
}

impl Predictor {
    /// The predictor that is expected to give the shortest code for `samples` of `bits` bits, and for samples with more
    /// bits than the coefficients lower orders, whose coefficients are smaller and so more exact. `room` is working
    /// memory.
    pub(super) fn candidates(samples: &[f64], window: &[f64], bits: u32, room: &mut Vec<f64>) -> Vec<Self> {
        room.clear();
        room.resize(LAGS, 0.0);
        room.extend(samples.iter().zip(window).map(|(sample, factor)| sample * factor));
        let sums = autocorrelation(room);
        // tones need the largest one: with 12 bits they take a quarter more
        let precision = 15;
        let found = orders(&sums);
        let cost = |order: usize, error: f64| {
            let power = (error / samples.len() as f64).max(1e-3);
            // a Laplacian with this power takes about so many bits
            0.5 * power.log2().max(-2.0) * (samples.len() - order) as f64 + (order as u32 * (bits + precision)) as f64
        };
        let best = found.iter().enumerate().map(|(index, (_, error))| cost(index + 1, *error));
        let Some((best, _)) = best.enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b)) else { return Vec::new() };
        let lower = if bits < 20 { &[][..] } else { &[2, 4, 6] };
        let orders = lower.iter().copied().filter(|order| *order <= best).chain([best + 1]);
        orders.filter_map(|order| Self::quantised(&found[order - 1].0, precision)).collect()
    }

    /// Round to whole numbers; the rounding error of each goes on to the next.
    fn quantised(coefficients: &[f64], precision: u32) -> Option<Self> {
        let most = coefficients.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        if !most.is_normal() {
            return None;
        }
        let limit = (1_i32 << (precision - 1)) - 1;
        // the largest one just fits; the format has 4 bits for a shift that is not negative
        let shift = precision as i32 - 2 - most.log2().floor() as i32;
        let shift = u32::try_from(shift).ok()?.min(15);
        let mut error = 0.0;
        let coefficients = coefficients.iter().map(|value| {
            let exact = value * f64::from(1_u32 << shift) + error;
            let whole = exact.round().clamp(-f64::from(limit) - 1.0, f64::from(limit));
            error = exact - whole;
            whole as i32
        });
        Some(Self { coefficients: coefficients.collect(), shift, precision })
    }

    /// Replace `residual` by what is left of `samples` from the order on. False if it is too large for 32 bits.
    pub(super) fn residual(&self, samples: &[f64], residual: &mut Vec<i32>) -> bool {
        let scale = 1.0 / f64::from(1_u32 << self.shift);
        let scaled: Vec<f64> = self.coefficients.iter().map(|value| f64::from(*value) * scale).collect();
        residual.clear();
        residual.resize(samples.len() - scaled.len(), 0);
        subtract(samples, &scaled, residual)
    }
}

/// The sums are exact: products of 25 and 15 bits, ten of them, have 44 bits.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn subtract(samples: &[f64], scaled: &[f64], residual: &mut [i32]) -> bool {
    const RUN: usize = 64;
    let order = scaled.len();
    let mut most = [0.0_f64; RUN];
    for (number, out) in residual.chunks_mut(RUN).enumerate() {
        let at = number * RUN;
        let mut sums = [0.0; RUN];
        for (tap, c) in scaled.iter().enumerate() {
            let before = &samples[at + order - 1 - tap..];
            sums.iter_mut().zip(before).for_each(|(sum, sample)| *sum += c * sample);
        }
        let now = &samples[at + order..];
        for (((out, sum), now), most) in out.iter_mut().zip(&sums).zip(now).zip(&mut most) {
            let left = now - sum.floor();
            *most = if left.abs() > *most { left.abs() } else { *most };
            *out = left as i32;
        }
    }
    most.iter().all(|most| *most < f64::from(1 << 30))
}

/// Levinson-Durbin recursion: the coefficients and the power of the error for each order from 1 on.
fn orders(sums: &[f64; LAGS]) -> Vec<(Vec<f64>, f64)> {
    let mut found: Vec<(Vec<f64>, f64)> = Vec::with_capacity(MOST);
    let mut error = sums[0];
    let mut c: Vec<f64> = Vec::with_capacity(MOST);
    for order in 0..MOST {
        if error <= sums[0] * 1e-14 {
            break;
        }
        let left = sums[order + 1] - c.iter().enumerate().map(|(tap, value)| value * sums[order - tap]).sum::<f64>();
        let reflection = left / error;
        let old = c.clone();
        for (tap, value) in c.iter_mut().enumerate() {
            *value -= reflection * old[order - 1 - tap];
        }
        c.push(reflection);
        error *= 1.0 - reflection * reflection;
        found.push((c.clone(), error));
    }
    found
}

/// The order of the fixed predictor, 0 to 4, that leaves the smallest residual of at least five samples.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn fixed_order(samples: &[i32]) -> usize {
    // magnitudes have at most 30 bits, so that so many of them fit
    const RUN: usize = 4;
    let mut sums = [0_u64; 5];
    for run in samples.windows(RUN + 4).step_by(RUN) {
        let mut some = [0_u32; 5];
        for at in 4..RUN + 4 {
            let [d, c, b, a, now] = [run[at - 4], run[at - 3], run[at - 2], run[at - 1], run[at]];
            some[0] += now.unsigned_abs();
            some[1] += (now - a).unsigned_abs();
            some[2] += (now - 2 * a + b).unsigned_abs();
            some[3] += (now - 3 * a + 3 * b - c).unsigned_abs();
            some[4] += (now - 4 * a + 6 * b - 4 * c + d).unsigned_abs();
        }
        (0..5).for_each(|order| sums[order] += u64::from(some[order]));
    }
    (0..5).min_by_key(|order| sums[*order]).unwrap_or(0)
}

/// Replace `residual` by what the fixed predictor leaves from `order` on: at most 29 bits of samples of 25 bits.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
pub(super) fn fixed_residual(samples: &[i32], order: usize, residual: &mut Vec<i32>) {
    residual.clear();
    residual.extend_from_slice(samples);
    for _ in 0..order {
        // each round subtracts from every sample the one before it
        let before = residual.clone();
        residual.truncate(before.len() - 1);
        residual.iter_mut().zip(before.windows(2)).for_each(|(out, pair)| *out = pair[1] - pair[0]);
    }
}
