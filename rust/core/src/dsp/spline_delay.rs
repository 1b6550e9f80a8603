//! Delays of a finite signal by fractions of a sample with the interpolating cubic B-spline (spec hrtf-renderer 4).

/// Pole of the filter from samples to coefficients, √3 − 2.
const POLE: f64 = -0.267_949_192_431_122_7;

/// A finite signal that can be read between its samples. It is mirrored at its first and its last sample.
#[derive(Debug, Clone)]
pub struct SplineDelay {
    coefficients: Vec<f64>,
}

impl SplineDelay {
    /// The spline through `samples`.
    pub fn new(samples: &[f64]) -> Self {
        let mut b: Vec<f64> = samples.iter().map(|sample| 6.0 * sample).collect();
        let n = b.len();
        if n < 2 {
            return Self { coefficients: samples.to_vec() };
        }
        // the exact sum over one period of the mirrored signal
        let mut sum = 0.0;
        for k in (0..2 * n - 2).rev() {
            sum = b[if k < n { k } else { 2 * n - 2 - k }] + POLE * sum;
        }
        b[0] = sum / (1.0 - POLE.powi(2 * n as i32 - 2));
        for i in 1..n {
            b[i] += POLE * b[i - 1];
        }
        b[n - 1] = POLE / (POLE * POLE - 1.0) * (b[n - 1] + POLE * b[n - 2]);
        for i in (0..n - 1).rev() {
            b[i] = POLE * (b[i + 1] - b[i]);
        }
        Self { coefficients: b }
    }

    /// Write the signal, `samples` later, to `out`. It is 0 before its first and after its last sample.
    pub fn read(&self, samples: f64, out: &mut [f64]) {
        let n = self.coefficients.len();
        if n < 2 {
            out.fill(0.0);
            if let (Some(first), Some(only), true) = (out.first_mut(), self.coefficients.first(), samples == 0.0) {
                *first = *only;
            }
            return;
        }
        for (i, out) in out.iter_mut().enumerate() {
            let at = i as f64 - samples;
            if at < 0.0 || at > (n - 1) as f64 {
                *out = 0.0;
                continue;
            }
            let p = at.floor();
            let t = at - p;
            let weights = [
                (1.0 - t).powi(3) / 6.0,
                (4.0 - 6.0 * t * t + 3.0 * t.powi(3)) / 6.0,
                (1.0 + 3.0 * t + 3.0 * t * t - 3.0 * t.powi(3)) / 6.0,
                t.powi(3) / 6.0,
            ];
            let first = p as i64 - 1;
            *out = (first..).zip(weights).map(|(index, weight)| weight * self.coefficients[mirrored(index, n)]).sum();
        }
    }
}

/// The index within `0..n` of the sample that stands for `index`, which is at most `n` outside.
fn mirrored(index: i64, n: usize) -> usize {
    let last = n as i64 - 1;
    let inside = if index < 0 { -index } else { index };
    (if inside > last { (2 * last - inside).max(0) } else { inside }) as usize
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn whole_samples_are_exact() {
        let signal: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17) - 8.0).collect();
        let mut out = vec![0.0; 44];
        SplineDelay::new(&signal).read(3.0, &mut out);
        for (i, value) in out.iter().enumerate() {
            let expected = if (3..43).contains(&i) { signal[i - 3] } else { 0.0 };
            assert!((value - expected).abs() < 1e-12, "{i}: {value} {expected}");
        }
    }

    /// The loss of a delay by half a sample at a frequency in half sample rates, dB: the closed form of the spline.
    fn loss(x: f64) -> f64 {
        let (c, half) = ((PI * x).cos(), (PI * x / 2.0).cos());
        let through = (2.0 * half * 23.0 + 2.0 * (3.0 * PI * x / 2.0).cos()) / 48.0;
        20.0 * (through / ((4.0 + 2.0 * c) / 6.0)).abs().log10()
    }

    #[test]
    fn half_a_sample_dulls_the_top_octave() {
        for (x, expected) in [(0.5, -0.24), (0.7, -1.6), (0.9, -8.5)] {
            assert!((loss(x) - expected).abs() < 0.06, "{x}: {}", loss(x));
            let wave = |at: f64| (PI * x * at).cos();
            let signal: Vec<f64> = (0..400).map(|i| wave(f64::from(i))).collect();
            let mut out = vec![0.0; 400];
            SplineDelay::new(&signal).read(0.5, &mut out);
            let gain = 10_f64.powf(loss(x) / 20.0);
            for i in 100..300 {
                assert!((out[i] - gain * wave(i as f64 - 0.5)).abs() < 1e-9, "{x} {i}");
            }
        }
    }
}
