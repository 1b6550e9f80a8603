//! Sums over a stereo signal, and the figures that follow from them.

/// Sums over the frames of a stereo signal.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    frames: u64,
    peaks: [f32; 2],
    sums: [f64; 2],
    powers: [f64; 2],
    across: f64,
}

impl Moments {
    /// Takes the next frames.
    pub fn add(&mut self, left: &[f32], right: &[f32]) {
        self.frames += left.len() as u64;
        for (ear, samples) in [left, right].into_iter().enumerate() {
            for x in samples {
                let value = f64::from(*x);
                self.peaks[ear] = self.peaks[ear].max(x.abs());
                self.sums[ear] += value;
                self.powers[ear] += value * value;
            }
        }
        // one sum over all frames, so that its rounding does not depend on the blocks
        left.iter().zip(right).for_each(|(l, r)| self.across += f64::from(*l) * f64::from(*r));
    }

    /// Largest magnitude of a sample.
    pub fn peak(&self) -> f64 {
        f64::from(self.peaks[0].max(self.peaks[1]))
    }

    /// Root of the mean square of each channel.
    pub fn rms(&self) -> [f64; 2] {
        self.powers.map(|power| (power / self.count()).sqrt())
    }

    /// Mean of each channel.
    pub fn dc_offset(&self) -> [f64; 2] {
        self.sums.map(|sum| sum / self.count())
    }

    /// Peak by RMS of the channel with the higher peak, linear. `None` for silence.
    pub fn crest(&self) -> Option<f64> {
        let ear = usize::from(self.peaks[1] > self.peaks[0]);
        (self.peaks[ear] > 0.0).then(|| f64::from(self.peaks[ear]) / self.rms()[ear])
    }

    /// Correlation of the channels at equal times, -1 to 1. `None` if one of them is silent.
    pub fn correlation(&self) -> Option<f64> {
        let product = (self.powers[0] * self.powers[1]).sqrt();
        (product > 0.0).then(|| (self.across / product).clamp(-1.0, 1.0))
    }

    /// Power of the sum of the channels as a share of the power that two equal channels would give, 0 to 1. `None` for
    /// silence.
    pub fn mono_share(&self) -> Option<f64> {
        let sum = self.powers[0] + self.powers[1];
        (sum > 0.0).then(|| ((sum + 2.0 * self.across) / (2.0 * sum)).clamp(0.0, 1.0))
    }

    fn count(&self) -> f64 {
        self.frames.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn moments(ear: impl Fn(f64) -> (f64, f64)) -> Moments {
        let (left, right): (Vec<f32>, Vec<f32>) =
            (0..48_000).map(|n| ear(f64::from(n) / 48_000.0)).map(|(l, r)| (l as f32, r as f32)).unzip();
        let mut moments = Moments::default();
        left.chunks(100).zip(right.chunks(100)).for_each(|(l, r)| moments.add(l, r));
        moments
    }

    fn sine(hz: f64, t: f64) -> f64 {
        (TAU * hz * t).sin()
    }

    #[test]
    fn equal_opposite_and_beating_ears_give_the_known_figures() {
        let equal = moments(|t| (0.5 * sine(200.0, t), 0.5 * sine(200.0, t)));
        assert!((equal.crest().unwrap() - 2_f64.sqrt()).abs() < 1e-4);
        assert!((equal.correlation().unwrap() - 1.0).abs() < 1e-9 && (equal.mono_share().unwrap() - 1.0).abs() < 1e-9);
        let opposite = moments(|t| (sine(200.0, t), -sine(200.0, t)));
        assert!((opposite.correlation().unwrap() + 1.0).abs() < 1e-9 && opposite.mono_share().unwrap() < 1e-9);
        // whole cycles of a beat: uncorrelated, and half the power is lost
        let beat = moments(|t| (sine(195.0, t), sine(205.0, t)));
        assert!(beat.correlation().unwrap().abs() < 1e-6 && (beat.mono_share().unwrap() - 0.5).abs() < 1e-6);
        let one = moments(|t| (0.25 * sine(200.0, t) + 0.125, 0.0));
        assert!((one.dc_offset()[0] - 0.125).abs() < 1e-6 && one.dc_offset()[1] == 0.0);
        assert_eq!((one.correlation(), one.mono_share().map(|share| share < 0.51)), (None, Some(true)));
    }

    #[test]
    fn the_size_of_blocks_changes_no_figure() {
        let ears: Vec<f32> = (0..5000).map(|n| (n as f32 * 0.37).sin()).collect();
        let measured = |size: usize| {
            let mut moments = Moments::default();
            ears.chunks(size).for_each(|part| moments.add(part, &part.iter().map(|x| x * x).collect::<Vec<_>>()));
            (moments.rms(), moments.dc_offset(), moments.crest(), moments.correlation(), moments.mono_share())
        };
        assert_eq!(measured(5000), measured(7));
    }

    #[test]
    fn silence_has_no_crest_factor() {
        let silence = moments(|_| (0.0, 0.0));
        assert_eq!((silence.crest(), silence.correlation(), silence.mono_share()), (None, None, None));
    }
}
