//! A gated tone behind a low-pass at every few frames, without filtering it: where frequency and gain move slowly against
//! the impulse response, the filter multiplies the tone by its gain at the frequency of the tone, up to an error that has
//! a bound.

use std::f64::consts::TAU;

use crate::dsp::zero_phase::LowPass;
use crate::voice::Voice;
use crate::voice::parts::tone::kernel;
use crate::voice::points::{Limits, SPACING};
use crate::voice::tone_batch::{Phase, SegmentGate, ToneBatch, ToneSegment, bounds_of};

/// Largest error, relative to the gain of the tone.
const MOST_ERROR: f64 = 0.05;
/// What rounding, the low rate of the filter and jumps between segments add to the error, relative to the gain.
const ROUNDING: f64 = 1e-5;
/// Largest jump of a phase between segments in cycles, and of the gain relative to the largest.
const MOST_JUMP: f64 = 1e-7;
const MOST_STEP: f64 = 1e-6;
/// A multiple of the lengths of all segments, in frames.
const GRID: u64 = 4096;
/// One turn of a bend, and of a phase.
const TURN: f64 = 4_294_967_296.0;
const LONG_TURN: f64 = TURN * TURN;

/// Working memory.
#[derive(Debug, Default)]
pub(super) struct FilteredTones {
    batch: ToneBatch,
    phases: Vec<u32>,
}

impl FilteredTones {
    /// Fill `out` with `voice` behind `low_pass`, at every [`SPACING`]-th of `len` frames from `start` on, the one after the
    /// last included. `None` if the voice is no tone there, moves too fast, or does not sound; `start` and `len` are
    /// multiples of the length of every segment.
    pub(super) fn points(
        &mut self,
        voice: &mut dyn Voice,
        low_pass: &LowPass,
        start: u64,
        len: usize,
        out: [&mut [f32]; 2],
    ) -> Option<Limits> {
        let Self { batch, phases } = self;
        let margin = (low_pass.reach as u64).next_multiple_of(GRID);
        let from = start.checked_sub(margin)?;
        batch.clear(len + 2 * margin as usize);
        if !voice.write(from, batch) || !batch.is_whole() {
            return None;
        }
        let segment_len = batch.parts.first()?.len;
        let mut limits = Limits::default();
        for (side, out) in out.into_iter().enumerate() {
            let ear = Ear::of(batch.segments.iter().map(|pair| &pair[side]), segment_len)?;
            let error = ear.error(low_pass);
            if error > MOST_ERROR * ear.level {
                return None;
            }
            limits.gain = limits.gain.max(ear.level * low_pass.sums.size);
            limits.bend = limits.bend.max(ear.level * low_pass.sums.bend);
            limits.error = limits.error.max(error + ROUNDING * ear.level);
            out.fill(0.0);
            let segments = batch.segments.iter().skip(margin as usize / segment_len);
            for (pair, out) in segments.zip(out.chunks_mut(segment_len / SPACING)) {
                evaluate(&pair[side], segment_len, low_pass, out, phases);
            }
            limits.sounds |= out.iter().any(|point| *point != 0.0);
        }
        limits.sounds.then_some(limits)
    }
}

/// Add `segment` behind `low_pass` to the points `out`, which are 0.
fn evaluate(segment: &ToneSegment, len: usize, low_pass: &LowPass, out: &mut [f32], phases: &mut Vec<u32>) {
    if segment.is_silent() {
        return;
    }
    segment.add_sparse(len, 0, SPACING, out);
    if let Some(gate) = &segment.gate {
        let Phase { start, increment, .. } = gate.phase;
        phases.resize(out.len(), 0);
        let phase = Phase { start, increment: increment.wrapping_mul(SPACING as u64), bend: [0.0; 4] };
        kernel::phases(phases, &phase);
        kernel::gate(out, phases, gate);
    }
    let gain = low_pass.gain(cycles(segment.phase.increment)) as f32;
    for point in out {
        *point *= gain;
    }
}

/// What the segments of one ear have at most.
#[derive(Debug, Default)]
struct Ear {
    /// Gain.
    level: f64,
    /// Change of the gain per frame.
    slope: f64,
    /// Deviation from the frequency of the segment, in radians per frame.
    deviation: f64,
    /// Change of the frequency, in radians per frame squared.
    turning: f64,
    /// Jump of the gain from segment to segment.
    jump: f64,
}

impl Ear {
    /// `None` if gain or phase jump, or if a gate changes its rate or its form.
    fn of<'a>(segments: impl Iterator<Item = &'a ToneSegment>, len: usize) -> Option<Self> {
        let mut most = Self::default();
        let mut flank = 0.0_f64;
        let mut before: Option<&ToneSegment> = None;
        for segment in segments {
            let frames = len as f64;
            let [_, turn, turning] = bounds_of(segment.phase.bend, frames).map(|bound| bound / TURN * TAU);
            let [_, rise, _] = bounds_of(segment.curve, frames);
            most.level = most.level.max(segment.gain_limit(len));
            most.slope = most.slope.max(f64::from(segment.slope.abs()) + rise);
            most.deviation = most.deviation.max(turn);
            most.turning = most.turning.max(turning);
            if let Some(gate) = segment.gate {
                if gate.steepness <= 0.0 || gate.phase.bend != [0.0; 4] {
                    return None;
                }
                let speed = cycles(gate.phase.increment).abs() * 0.5 * TURN;
                flank = flank.max(f64::from(gate.steepness) * speed);
            }
            if let Some(before) = before {
                if !continues(before, segment, len) {
                    return None;
                }
                let end = f64::from(before.level) + f64::from(before.slope) * frames;
                most.jump = most.jump.max((end - f64::from(segment.level)).abs());
            }
            before = Some(segment);
        }
        most.slope += flank * most.level;
        (most.jump <= MOST_STEP * most.level).then_some(most)
    }

    fn error(&self, low_pass: &LowPass) -> f64 {
        low_pass.tone_error(self.level, self.slope, self.deviation, self.turning)
    }
}

/// Whether the phases of `next` go on where those of `before`, a segment of `len` frames, end.
fn continues(before: &ToneSegment, next: &ToneSegment, len: usize) -> bool {
    let joins = |before: &Phase, next: &Phase| {
        let end = before.start.wrapping_add(before.increment.wrapping_mul(len as u64));
        cycles(next.start.wrapping_sub(end)).abs() <= MOST_JUMP
    };
    let same_gate = |(before, next): (&SegmentGate, &SegmentGate)| {
        before.end == next.end && before.steepness == next.steepness && joins(&before.phase, &next.phase)
    };
    let gates = match (&before.gate, &next.gate) {
        (Some(before), Some(next)) => same_gate((before, next)),
        (None, None) => true,
        _ => false,
    };
    gates && joins(&before.phase, &next.phase)
}

/// A phase as cycles, -0.5 to 0.5.
fn cycles(phase: u64) -> f64 {
    phase as i64 as f64 / LONG_TURN
}

#[cfg(test)]
mod tests {
    use super::super::zero_phase;
    use crate::dsp::butterworth::lowpass;
    use crate::dsp::phase::Turns;
    use crate::dsp::zero_phase::Accuracy;
    use crate::voice::grid::{CellSource, Cells};
    use crate::voice::parts::tone::gated;
    use crate::voice::points::{Points, SPACING};
    use crate::voice::tone_batch::{Phase, SegmentGate, ToneSegment};
    use crate::voice::{Block, Voice};

    const LEN: usize = 2048;
    const FRAMES: u64 = 400_000;
    const CYCLES: f64 = 0.0066;

    /// A tone with a pulse of `rate` cycles per frame; the gain of the right ear falls to 0 and rises again.
    struct Pulsed {
        rate: f64,
        phases: Vec<u32>,
    }

    impl Pulsed {
        fn at(&self, index: u64) -> [ToneSegment; 2] {
            let first = index * LEN as u64;
            let phase = |cycles: f64| {
                let increment = Turns::from_cycles(cycles);
                Phase { start: increment.times(first).0, increment: increment.0, bend: [0.0; 4] }
            };
            let gate = Some(SegmentGate::new(phase(self.rate), 0.5, 0.125));
            let right = |frame: u64| (1.0 - frame as f64 / 1e5).abs();
            let slope = (right(first + LEN as u64) - right(first)) / LEN as f64;
            [(0.4, 0.0), (right(first), slope)].map(|(level, slope)| ToneSegment {
                phase: phase(CYCLES),
                level: level as f32,
                slope: slope as f32,
                curve: [0.0; 4],
                gate,
            })
        }
    }

    impl CellSource for Pulsed {
        fn cell_len(&self) -> usize {
            LEN
        }

        fn cell(&mut self, index: u64, out: Block<'_>) {
            gated::pair(out, &self.at(index), &mut self.phases);
        }

        fn segments(&mut self, index: u64) -> Option<[ToneSegment; 2]> {
            Some(self.at(index))
        }

        fn fork(&self) -> Self {
            Self { rate: self.rate, phases: self.phases.clone() }
        }

        fn bound(&self) -> Option<f32> {
            Some(3.1)
        }
    }

    fn filtered(rate: f64) -> Box<dyn Voice> {
        let voice = Cells::boxed(Pulsed { rate, phases: vec![0; LEN] });
        zero_phase::filtered(voice, &[lowpass(4, 3.0 * CYCLES)], FRAMES, Accuracy::Tones)
    }

    #[test]
    fn points_are_within_their_error_of_the_filtered_tone() {
        // 4 and 0.5 pulses per second, and 44, whose flanks are too steep
        for (rate, slow) in [(9.07e-5, true), (1.1e-5, true), (1e-3, false)] {
            let mut voice = filtered(rate);
            let (mut left, mut right) = (vec![0.0; 65_536], vec![0.0; 65_536]);
            voice.render(65_536, Block::new(&mut left, &mut right));
            let mut points = Points::new(65_536);
            assert!(voice.points(65_536, &mut points));
            let error = points.limits.error;
            assert_eq!(error > 0.0, slow, "{rate}: {error}");
            assert!(error < 0.05 && points.limits.sounds);
            for (plane, points) in [left, right].iter().zip(&points.planes) {
                let most = plane.iter().step_by(SPACING).zip(points).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(f64::from(most) <= error + 1e-9, "{rate}: {most} {error}");
            }
        }
    }
}
