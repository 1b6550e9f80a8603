//! The place where a looped recording starts again. If it would click there, the end of the recording is crossfaded into
//! its start.

use std::f64::consts::{FRAC_PI_2, PI};

/// Longest crossfade in seconds, and at most a quarter of the recording. The shortest is half of it.
const FADE_S: f64 = 0.05;

/// Frames at each end of the recording with which the seam is compared.
pub(super) const AROUND: u64 = 1024;

/// How much rougher than the sound around it a seam may be, as a factor on the second difference.
const ROUGHER: f32 = 1.5;

/// Second differences that are never heard, -100 dBFS.
const INAUDIBLE: f32 = 1e-5;

/// The crossfade of a loop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seam {
    /// Its length in frames.
    pub(super) frames: u64,
    /// Correlation of the end and the start of the recording, 0 to 1.
    correlation: f64,
}

impl Seam {
    /// Longest crossfade for a recording of `frames` frames.
    pub(super) fn longest(frames: u64, rate: u32) -> u64 {
        ((FADE_S * f64::from(rate)) as u64).min(frames / 4)
    }

    /// The crossfade of the last frames of a recording, `end`, and as many of its first frames, `start`, per channel. Of
    /// all lengths, the one at which they are most alike, so that the cycles of a tone add up.
    pub(super) fn between(end: [&[f32]; 2], start: [&[f32]; 2]) -> Self {
        let sum = |a: [&[f32]; 2], b: [&[f32]; 2]| -> f64 {
            a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>()).map(f64::from).sum()
        };
        let longest = end[0].len();
        let of_length = |frames: usize| {
            let (end, start) = (end.map(|x| &x[longest - frames..]), start.map(|x| &x[..frames]));
            let power = (sum(end, end) * sum(start, start)).sqrt();
            let correlation = if power > 0.0 { (sum(end, start) / power).clamp(0.0, 1.0) } else { 0.0 };
            Self { frames: frames as u64, correlation }
        };
        let lengths = (longest / 2..longest).rev().step_by((longest / 2400).max(1));
        lengths
            .filter(|frames| *frames > 0)
            .map(of_length)
            .fold(of_length(longest), |best, other| if other.correlation > best.correlation { other } else { best })
    }

    /// A crossfade of `end` into `start`, which have the same length.
    pub(super) fn of(end: [&[f32]; 2], start: [&[f32]; 2]) -> Self {
        let sum = |a: [&[f32]; 2], b: [&[f32]; 2]| -> f64 {
            a.iter().zip(b).flat_map(|(a, b)| a.iter().zip(b)).map(|(a, b)| f64::from(a * b)).sum()
        };
        let power = (sum(end, end) * sum(start, start)).sqrt();
        let correlation = if power > 0.0 { (sum(end, start) / power).clamp(0.0, 1.0) } else { 0.0 };
        Self { frames: end[0].len() as u64, correlation }
    }

    /// Gains of the end and of the start at frame `at` of the crossfade. The power of their sum is that of either.
    pub(super) fn gains(&self, at: u64) -> [f32; 2] {
        let part = (at as f64 + 0.5) / self.frames as f64;
        let (start, end) = (FRAC_PI_2 * 0.5 * (1.0 - (PI * part).cos())).sin_cos();
        let level = (1.0 + self.correlation * 2.0 * start * end).sqrt();
        [end, start].map(|gain| (gain / level) as f32)
    }
}

/// Whether `start` can follow `end` without a click: the seam is not rougher than the sound on either side of it.
pub(super) fn fits(end: &[f32], start: &[f32]) -> bool {
    let bend = |x: &[f32]| x.windows(3).map(|x| (x[0] - 2.0 * x[1] + x[2]).abs()).fold(0.0, f32::max);
    let [.., a, b] = end else { return true };
    let [c, d, ..] = start else { return true };
    bend(&[*a, *b, *c, *d]) <= ROUGHER * bend(end).max(bend(start)) + INAUDIBLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(frames: usize, phase: f64) -> Vec<f32> {
        (0..frames).map(|i| (0.5 * (0.03 * i as f64 + phase).sin()) as f32).collect()
    }

    #[test]
    fn a_tone_fits_only_in_phase() {
        let end = sine(1024, 0.0);
        assert!(fits(&end, &sine(1024, 0.03 * 1024.0)));
        for wrong in [0.2, 1.0, 3.0] {
            assert!(!fits(&end, &sine(1024, 0.03 * 1024.0 + wrong)), "{wrong}");
        }
        assert!(fits(&[0.0; 1024], &[0.0; 1024]));
    }

    #[test]
    fn the_cycles_of_a_tone_are_added_in_phase() {
        let start = sine(2205, 0.0);
        for phase in [0.5, 2.0, 3.1, 5.0] {
            let end = sine(2205, phase);
            let seam = Seam::between([&end, &end], [&start, &start]);
            assert!(seam.correlation > 0.9995, "{seam:?}");
            assert!((1102..=2205).contains(&seam.frames));
        }
    }

    #[test]
    fn a_crossfade_keeps_the_power_of_what_it_mixes() {
        let tone = sine(2205, 0.0);
        let other: Vec<f32> = (0..2205_u64).map(|i| ((i * 7919 % 2205) as f32 / 1102.0 - 1.0) * 0.5).collect();
        for (end, start) in [(&tone, &tone), (&tone, &other)] {
            let seam = Seam::between([end, end], [start, start]);
            for at in [0, 500, 1102, 2000, 2204] {
                let [out, into] = seam.gains(at).map(f64::from);
                let power = out * out + into * into + 2.0 * seam.correlation * out * into;
                assert!((power - 1.0).abs() < 1e-6, "{power} at {at}");
            }
        }
        let tone = Seam::between([&tone, &tone], [&tone, &tone]);
        assert!(tone.frames == 2205 && tone.gains(1102) == [0.5, 0.5], "{tone:?}");
    }
}
