//! The beginning of a seamless file: the sound after its end, crossfaded into the sound at its start.

use std::f64::consts::{FRAC_PI_2, PI};
use std::ops::Range;
use std::sync::Arc;

use crate::error::Result;
use crate::plan::{Part, Plan};
use crate::render::offline::render_part;

/// Longest stretch at the start of a file that is the sound after its end alone, in seconds: the fades at the start of the
/// step are in it. At most an eighth of the file.
const EDGE: f64 = 0.05;
/// Longest crossfade after it, in seconds; at most a quarter of the file.
const FADE: f64 = 1.0;

/// The joined beginning of a file.
pub(in crate::render) struct Join {
    left: Vec<f32>,
    right: Vec<f32>,
    /// Frames that were handed out.
    done: usize,
}

/// Frames before the crossfade, and in it.
fn lengths(frames: u64, rate: u32) -> [usize; 2] {
    let limited = |seconds: f64, share: u64| ((seconds * f64::from(rate)) as u64).min(frames / share) as usize;
    [limited(EDGE, 8), limited(FADE, 4)]
}

impl Join {
    /// How long the sound after the end of a file of `frames` frames must last.
    pub(super) fn frames(frames: u64, rate: u32) -> u64 {
        lengths(frames, rate).iter().sum::<usize>() as u64
    }

    /// Render the beginning of the file of a part of `plan` from the track frames `frames`, multiplied by `gain`.
    pub(in crate::render) fn of(
        plan: &Arc<Plan>,
        part: &Part,
        frames: Range<u64>,
        gain: f32,
        threads: usize,
    ) -> Result<Self> {
        let [edge, fade] = lengths(frames.end - frames.start, plan.sample_rate());
        let mut join = Self { left: vec![0.0; edge + fade], right: vec![0.0; edge + fade], done: 0 };
        for one in single(plan, part) {
            let one = Arc::new(one);
            let head = sound(plan, &one, frames.start, edge + fade, gain, threads)?;
            let tail = sound(plan, &one, frames.end, edge + fade, gain, threads)?;
            let correlation = correlation(&head, &tail, edge);
            for (channel, out) in [&mut join.left, &mut join.right].into_iter().enumerate() {
                for (at, out) in out.iter_mut().enumerate() {
                    let [leaving, coming] =
                        gains(at.checked_sub(edge).map_or(0.0, |at| (at as f64 + 0.5) / fade as f64), correlation);
                    *out += (f64::from(tail[channel][at]) * leaving + f64::from(head[channel][at]) * coming) as f32;
                }
            }
        }
        Ok(join)
    }

    /// Replace the beginning of the next block of the file.
    pub(in crate::render) fn replace(&mut self, left: &mut [f32], right: &mut [f32]) {
        let count = (self.left.len() - self.done).min(left.len());
        let own = self.done..self.done + count;
        left[..count].copy_from_slice(&self.left[own.clone()]);
        right[..count].copy_from_slice(&self.right[own]);
        self.done += count;
    }

    /// Whether all of the beginning was handed out.
    pub(in crate::render) fn is_done(&self) -> bool {
        self.done == self.left.len()
    }
}

/// The sounds of `part`, each for itself.
fn single(plan: &Plan, part: &Part) -> Vec<Part> {
    let mut found = Vec::new();
    for (step, index) in
        plan.steps().iter().enumerate().flat_map(|(at, step)| step.voices.iter().map(move |v| (at, v.index)))
    {
        if part.has(step, index) {
            found.push(Part::of_voices(plan, |voice| voice.index == index));
        }
    }
    found.extend((part.bed && plan.background().is_some()).then(|| Part::of_bed(plan)));
    found.extend((part.clips && !plan.clips().is_empty()).then(|| Part::of_clips(plan)));
    found
}

fn sound(
    plan: &Arc<Plan>,
    part: &Arc<Part>,
    start: u64,
    frames: usize,
    gain: f32,
    threads: usize,
) -> Result<[Vec<f32>; 2]> {
    let mut both = [Vec::with_capacity(frames), Vec::with_capacity(frames)];
    let mut take = |left: &[f32], right: &[f32]| {
        both[0].extend_from_slice(left);
        both[1].extend_from_slice(right);
        Ok(())
    };
    render_part(plan, part, start..start + frames as u64, gain, threads, &mut take, &mut |_| true)?;
    Ok(both)
}

/// The correlation of two sounds from frame `from` on, 0 to 1; 1 if one of them is silent.
fn correlation(one: &[Vec<f32>; 2], other: &[Vec<f32>; 2], from: usize) -> f64 {
    let sum = |a: &[Vec<f32>; 2], b: &[Vec<f32>; 2]| -> f64 {
        a.iter()
            .zip(b)
            .flat_map(|(a, b)| a[from..].iter().zip(&b[from..]))
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let power = (sum(one, one) * sum(other, other)).sqrt();
    if power > 0.0 { (sum(one, other) / power).clamp(0.0, 1.0) } else { 1.0 }
}

/// Gains of the sound that goes and of the one that comes at `part` of the crossfade, 0 to 1. The power of the sum stays that
/// of either.
fn gains(part: f64, correlation: f64) -> [f64; 2] {
    let (coming, leaving) = (FRAC_PI_2 * 0.5 * (1.0 - (PI * part).cos())).sin_cos();
    let level = (1.0 + 2.0 * correlation * leaving * coming).sqrt();
    [leaving / level, coming / level]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sounds_keep_their_amplitude_and_noise_its_power() {
        for part in [0.0, 0.2, 0.5, 0.9, 1.0] {
            let [leaving, coming] = gains(part, 1.0);
            assert!((leaving + coming - 1.0).abs() < 1e-12);
            let [leaving, coming] = gains(part, 0.0);
            assert!((leaving * leaving + coming * coming - 1.0).abs() < 1e-12);
        }
        assert_eq!(gains(0.0, 0.5), [1.0, 0.0]);
    }
}
