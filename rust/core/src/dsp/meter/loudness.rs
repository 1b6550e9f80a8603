//! Loudness by EBU R 128: integrated and short-term loudness (ITU-R BS.1770-4, EBU Tech 3341) and loudness range (EBU
//! Tech 3342).
//!
//! The crate `ebur128` does the K-weighting. The gating is done here, on histograms: the crate takes a value for the
//! loudness range once a second, so that it is off by whole units where sound and silence alternate, and it keeps every
//! value of a long programme.

use ebur128::{EbuR128, Mode};

use crate::error::{Error, Result};

/// Values below this loudness do not count, LUFS.
const ABSOLUTE_GATE: f64 = -70.0;
/// Distance of the relative gate of the integrated loudness below the mean, LU.
const INTEGRATED_GATE: f64 = 10.0;
/// Distance of the relative gate of the loudness range below the mean, LU.
const RANGE_GATE: f64 = 20.0;
/// Hops of 100 ms in the windows of momentary and of short-term loudness.
const MOMENTARY: usize = 4;
const SHORT_TERM: usize = 30;
/// Duration of a hop in milliseconds.
const HOP_MS: u32 = 100;
/// Offset between mean square and loudness, dB (BS.1770-4).
const OFFSET: f64 = -0.691;

/// Measures the loudness of a stereo signal, with bounded memory.
#[derive(Debug)]
pub struct LoudnessMeter {
    weighted: EbuR128,
    hop: usize,
    /// Frames of the current hop so far.
    filled: usize,
    /// Powers of the last hops.
    recent: [f64; SHORT_TERM],
    hops: usize,
    momentary: Histogram,
    short_term: Histogram,
    most: f64,
}

impl LoudnessMeter {
    /// A meter for `sample_rate` frames per second.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a sample rate below 1000 or above 2 MHz.
    pub fn new(sample_rate: u32) -> Result<Self> {
        let weighted =
            Some(sample_rate).filter(|rate| *rate >= 1000).and_then(|rate| EbuR128::new(2, rate, Mode::M).ok());
        let Some(weighted) = weighted else {
            return Err(Error::invalid("sample_rate", format!("loudness cannot be measured at {sample_rate} Hz")));
        };
        Ok(Self {
            weighted,
            hop: (sample_rate * HOP_MS / 1000) as usize,
            filled: 0,
            recent: [0.0; SHORT_TERM],
            hops: 0,
            momentary: Histogram::new(),
            short_term: Histogram::new(),
            most: 0.0,
        })
    }

    /// Takes the next frames; both channels have the same length.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the channels differ in length.
    pub fn add(&mut self, mut left: &[f32], mut right: &[f32]) -> Result<()> {
        let failed = |error: ebur128::Error| Error::invalid("", format!("loudness: {error}"));
        while !left.is_empty() {
            let part = (self.hop - self.filled).min(left.len());
            let (first, second) = (left.split_at(part), right.split_at(part.min(right.len())));
            self.weighted.add_frames_planar_f32(&[first.0, second.0]).map_err(failed)?;
            (left, right) = (first.1, second.1);
            self.filled += part;
            if self.filled == self.hop {
                self.filled = 0;
                let loudness = self.weighted.loudness_window(HOP_MS).map_err(failed)?;
                self.complete(power(loudness));
            }
        }
        Ok(())
    }

    fn complete(&mut self, hop: f64) {
        self.recent[self.hops % SHORT_TERM] = hop;
        self.hops += 1;
        let mean = |count: usize| {
            let last = (self.hops - count..self.hops).map(|index| self.recent[index % SHORT_TERM]);
            last.sum::<f64>() / count as f64
        };
        if self.hops >= MOMENTARY {
            self.momentary.add(mean(MOMENTARY));
        }
        if self.hops >= SHORT_TERM {
            let short_term = mean(SHORT_TERM);
            self.short_term.add(short_term);
            self.most = self.most.max(short_term);
        }
    }

    /// Integrated loudness in LUFS. `None` if no block of 400 ms is above -70 LUFS.
    pub fn integrated(&self) -> Option<f64> {
        self.integrated_after(0.0)
    }

    /// Integrated loudness of the signal after a gain of `gain_db`. It can change by more than the gain, because more
    /// or fewer blocks are then above -70 LUFS.
    pub fn integrated_after(&self, gain_db: f64) -> Option<f64> {
        let open = self.momentary.mean_above(ABSOLUTE_GATE - gain_db)?;
        let gate = (loudness(open) - INTEGRATED_GATE).max(ABSOLUTE_GATE - gain_db);
        self.momentary.mean_above(gate).map(|power| loudness(power) + gain_db)
    }

    /// The gain in dB that brings the signal to an integrated loudness of `target` LUFS. `None` if it is silent or
    /// shorter than 400 ms.
    pub fn gain_to(&self, target: f64) -> Option<f64> {
        // With everything above the absolute gate the loudness is lowest, so the first gain is the highest.
        let mut gain = target - self.integrated_after(-LOWEST)? - LOWEST;
        for _ in 0..32 {
            let next = gain + target - self.integrated_after(gain)?;
            if (next - gain).abs() < 1e-9 {
                break;
            }
            gain = next;
        }
        Some(gain)
    }

    /// Largest short-term loudness (3 s) in LUFS. `None` if the signal is shorter or silent.
    pub fn short_term_max(&self) -> Option<f64> {
        (self.most > 0.0).then(|| loudness(self.most)).filter(|loudness| *loudness >= LOWEST)
    }

    /// Loudness range in LU; 0 if fewer than two values of the short-term loudness are above the gates.
    pub fn range(&self) -> f64 {
        let Some(open) = self.short_term.mean_above(ABSOLUTE_GATE) else { return 0.0 };
        let gate = (loudness(open) - RANGE_GATE).max(ABSOLUTE_GATE);
        let [low, high] = [0.1, 0.95].map(|share| self.short_term.percentile_above(gate, share));
        high - low
    }
}

fn loudness(power: f64) -> f64 {
    OFFSET + 10.0 * power.log10()
}

fn power(loudness: f64) -> f64 {
    10_f64.powf((loudness - OFFSET) / 10.0)
}

/// Lower and upper end of a histogram, LUFS.
const LOWEST: f64 = -150.0;
const HIGHEST: f64 = 60.0;
/// Bins per LU.
const BINS: f64 = 100.0;

/// Powers by their loudness.
#[derive(Debug)]
struct Histogram {
    counts: Vec<u64>,
    powers: Vec<f64>,
}

impl Histogram {
    fn new() -> Self {
        let bins = ((HIGHEST - LOWEST) * BINS) as usize;
        Self { counts: vec![0; bins], powers: vec![0.0; bins] }
    }

    fn bin(&self, loudness: f64) -> usize {
        // the conversion saturates, also for minus infinity
        (((loudness - LOWEST) * BINS).floor() as usize).min(self.counts.len() - 1)
    }

    fn add(&mut self, power: f64) {
        if loudness(power) >= LOWEST {
            let bin = self.bin(loudness(power));
            self.counts[bin] += 1;
            self.powers[bin] += power;
        }
    }

    /// Mean of the powers above a gate.
    fn mean_above(&self, gate: f64) -> Option<f64> {
        let first = self.bin(gate);
        let count: u64 = self.counts[first..].iter().sum();
        (count > 0).then(|| self.powers[first..].iter().sum::<f64>() / count as f64)
    }

    /// The loudness below which `share` of the values above a gate are.
    fn percentile_above(&self, gate: f64, share: f64) -> f64 {
        let first = self.bin(gate);
        let count: u64 = self.counts[first..].iter().sum();
        let mut before = (count.saturating_sub(1) as f64 * share).round() as u64;
        for (bin, here) in self.counts.iter().enumerate().skip(first) {
            if *here > before {
                return LOWEST + (bin as f64 + 0.5) / BINS;
            }
            before -= here;
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn tone(hz: f32, level: f32, seconds: f32) -> Vec<f32> {
        (0..(48_000.0 * seconds) as usize).map(|n| level * (TAU * ((hz * n as f32 / 48_000.0) % 1.0)).sin()).collect()
    }

    fn measured(signal: &[f32]) -> LoudnessMeter {
        let mut meter = LoudnessMeter::new(48_000).unwrap();
        signal.chunks(777).for_each(|part| meter.add(part, part).unwrap());
        meter
    }

    #[test]
    fn a_tone_has_the_loudness_that_the_standard_states() {
        // EBU Tech 3341, case 1: a sine of 1 kHz at -23 dBFS in both channels has -23 LUFS
        let meter = measured(&tone(1000.0, 10_f32.powf(-23.0 / 20.0), 20.0));
        assert!((meter.integrated().unwrap() + 23.0).abs() < 0.1);
        assert!((meter.short_term_max().unwrap() + 23.0).abs() < 0.1);
        assert!(meter.range() < 0.05);
    }

    #[test]
    fn the_loudness_range_of_two_levels_is_their_distance() {
        // EBU Tech 3342, case 1: 20 s at -20 dBFS, then 20 s at -30 dBFS: 10 LU
        let signal = [tone(1000.0, 0.1, 20.0), tone(1000.0, 0.031_623, 20.0)].concat();
        assert!((measured(&signal).range() - 10.0).abs() < 0.5);
    }

    #[test]
    fn the_gain_to_a_target_takes_the_gates_into_account() {
        // The quiet half is below the gate before the gain and above it afterwards.
        let signal = [tone(1000.0, 0.000_2, 10.0), tone(1000.0, 0.000_1, 10.0)].concat();
        let gain = measured(&signal).gain_to(-23.0).unwrap();
        let factor = 10_f64.powf(gain / 20.0) as f32;
        let louder: Vec<f32> = signal.iter().map(|x| x * factor).collect();
        assert!((measured(&louder).integrated().unwrap() + 23.0).abs() < 0.02);
    }

    #[test]
    fn silence_and_very_short_signals_have_no_loudness() {
        for signal in [vec![0.0; 96_000], tone(1000.0, 0.5, 0.39)] {
            let meter = measured(&signal);
            assert_eq!((meter.integrated(), meter.short_term_max(), meter.gain_to(-23.0)), (None, None, None));
        }
    }
}
