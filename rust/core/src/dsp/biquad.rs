//! Second-order sections in double precision, transposed direct form II.

/// One second-order section: numerator `b0 b1 b2`, denominator `1 a1 a2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// Numerator coefficients.
    pub b: [f64; 3],
    /// Denominator coefficients without the leading 1.
    pub a: [f64; 2],
    /// `1 + a1 + a2`, stored separately because computing it from `a` loses its digits for low cutoffs.
    pub a_sum: f64,
}

impl Section {
    /// Gain at 0 Hz.
    pub fn dc_gain(&self) -> f64 {
        let numerator = self.b[0] + self.b[1] + self.b[2];
        if numerator == 0.0 { 0.0 } else { numerator / self.a_sum }
    }

    /// The state `[z1, z2]` that a constant input of 1 leads to.
    pub fn steady_state(&self) -> [f64; 2] {
        let gain = self.dc_gain();
        let second = self.b[2] - self.a[1] * gain;
        [self.b[1] - self.a[0] * gain + second, second]
    }

    /// Radius of the outermost pole in the z-plane.
    pub fn pole_radius(&self) -> f64 {
        let [a1, a2] = self.a;
        let discriminant = a1 * a1 - 4.0 * a2;
        if discriminant < 0.0 { a2.sqrt() } else { (a1.abs() + discriminant.sqrt()) * 0.5 }
    }
}

/// Smaller states are set to zero: this is far below audibility and far above denormal numbers, which are slow.
const SILENCE: f64 = 1e-30;

/// Sections in series, with their state.
#[derive(Debug, Clone)]
pub struct Cascade {
    sections: Vec<Section>,
    state: Vec<[f64; 2]>,
}

impl Cascade {
    /// The sections in the order of processing, with zero state.
    pub fn new(sections: Vec<Section>) -> Self {
        let state = vec![[0.0; 2]; sections.len()];
        Self { sections, state }
    }

    /// Sets all state to zero.
    pub fn reset(&mut self) {
        self.state.fill([0.0; 2]);
    }

    /// Sets the state to the steady state for the constant input `value`.
    pub fn settle(&mut self, value: f64) {
        let mut level = value;
        for (section, state) in self.sections.iter().zip(&mut self.state) {
            *state = section.steady_state().map(|z| z * level);
            level *= section.dc_gain();
        }
    }

    /// Filters one sample.
    #[inline]
    pub fn next(&mut self, input: f64) -> f64 {
        let mut x = input;
        for (section, z) in self.sections.iter().zip(&mut self.state) {
            let y = section.b[0] * x + z[0];
            z[0] = section.b[1] * x - section.a[0] * y + z[1];
            z[1] = section.b[2] * x - section.a[1] * y;
            for value in z.iter_mut() {
                if value.abs() < SILENCE {
                    *value = 0.0;
                }
            }
            x = y;
        }
        x
    }

    /// Filters all samples of `signal` in place.
    pub fn process<'a>(&mut self, signal: impl IntoIterator<Item = &'a mut f64>) {
        signal.into_iter().for_each(|x| *x = self.next(*x));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::butterworth::{highpass, lowpass};

    #[test]
    fn a_settled_cascade_passes_a_constant_unchanged() {
        let mut low = Cascade::new(lowpass(4, 0.01));
        low.settle(0.7);
        assert!((0..1000).all(|_| (low.next(0.7) - 0.7).abs() < 1e-9));
        let mut high = Cascade::new(highpass(4, 0.01));
        high.settle(0.7);
        assert!((0..1000).all(|_| high.next(0.7).abs() < 1e-9));
    }

    #[test]
    fn a_decaying_tail_reaches_exact_zero_without_denormals() {
        let mut filter = Cascade::new(lowpass(4, 0.1));
        filter.next(1.0);
        let tail: Vec<f64> = (0..20_000).map(|_| filter.next(0.0)).collect();
        assert!(tail.iter().all(|y| *y == 0.0 || y.abs() > 1e-40));
        assert_eq!(tail[19_999], 0.0);
    }
}
