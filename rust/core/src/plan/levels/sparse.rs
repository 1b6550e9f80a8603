//! Bounds of the peaks of a sum of tones from every few frames of it.
//!
//! Between two frames that are `h` frames apart, a signal exceeds the larger of their magnitudes by at most `h²/8` times
//! the largest magnitude of its second derivative, which follows from the polynomials of phase and gain. Tones are so
//! slow against the sample rate that this is a few percent of their level, and few cells remain that may hold the peak.

use std::f64::consts::TAU;

use super::peaks::CELL;
use crate::voice::Points;
use crate::voice::points::SPACING;
use crate::voice::tone_batch::{Phase, ToneBatch, ToneSegment, bounds_of};

/// Distances in frames at which tones are evaluated, the largest first.
const SPACINGS: [usize; 3] = [16, 8, 4];
/// Largest excess of the bounds over the evaluated frames, relative to the sum of the gains.
const MOST_EXCESS: f64 = 0.06;
/// What rounding can add to a sample, relative to the sum of the gains.
const ROUNDING: f64 = 1e-5;
/// One turn in the units of a bend.
const TURN: f64 = 4_294_967_296.0;

/// Working memory.
#[derive(Debug, Default)]
pub(crate) struct Sparse {
    /// Tones.
    pub(crate) batch: ToneBatch,
    /// Other voices.
    pub(crate) others: Vec<Points>,
    /// What each cell of one ear has at most of gain, of second derivative, and of jumps and errors, summed over all parts.
    gains: Vec<f64>,
    bends: Vec<f64>,
    jumps: Vec<f64>,
    points: Vec<f32>,
}

impl Sparse {
    /// An upper bound of the peak of the sum of the batch in each cell of [`CELL`] frames; `None` for cells with gaps.
    /// `None` if the tones are too fast for this, are gated, or do not lie on the grid.
    pub(crate) fn bounds(&mut self) -> Option<Vec<Option<f32>>> {
        let frames = self.batch.frames;
        let cells = frames.div_ceil(CELL as usize);
        let mut bounds = vec![Some(0.0_f32); cells];
        for side in 0..2 {
            let spacing = self.limits(side, cells)?;
            self.evaluate(side, spacing);
            let excess = (spacing * spacing) as f64 / 8.0;
            for (cell, bound) in bounds.iter_mut().enumerate() {
                // the last frame of a cell lies before the first point of the next
                let from = cell * CELL as usize / spacing;
                let to = ((cell + 1) * CELL as usize / spacing + 1).min(self.points.len());
                let most = crate::dsp::mix::peak(&self.points[from..to]);
                let more = excess * self.bends[cell] + self.jumps[cell] + ROUNDING * self.gains[cell];
                *bound = bound.map(|bound| bound.max((f64::from(most) + more) as f32));
            }
        }
        let gaps = self.batch.parts.iter().flat_map(|part| &part.gaps);
        let gaps = gaps.chain(self.others.iter().flat_map(|points| &points.gaps));
        let mut open = |from: usize, to: usize| bounds[from / CELL as usize..to.div_ceil(CELL as usize)].fill(None);
        for gap in gaps {
            // the frame before it lies before a point in the gap
            open(gap.start.saturating_sub(1), gap.end);
        }
        if frames % SPACINGS[0] != 0 {
            // there is no point after the last frame
            open(frames - 1, frames);
        }
        Some(bounds)
    }

    /// Find the limits of one ear in each cell, and the spacing that they allow.
    fn limits(&mut self, side: usize, cells: usize) -> Option<usize> {
        let Self { batch, others, gains, bends, jumps, .. } = self;
        for all in [&mut *gains, bends, jumps] {
            all.clear();
            all.resize(cells, 0.0);
        }
        let mut most = [0.0_f64; 2];
        let mut own = vec![[0.0_f64; 3]; cells];
        for (index, part) in batch.parts.iter().enumerate() {
            own.fill([0.0; 3]);
            let mut before: Option<&ToneSegment> = None;
            for (at, pair) in batch.segments[batch.cells(index)].iter().enumerate() {
                let segment = &pair[side];
                if segment.gate.is_some() {
                    return None;
                }
                let from = (at * part.len).saturating_sub(part.offset);
                let to = ((at + 1) * part.len - part.offset).min(batch.frames);
                let limits = [segment.gain_limit(part.len), bend_limit(segment, part.len)];
                for cell in &mut own[from / CELL as usize..to.div_ceil(CELL as usize)] {
                    cell[0] = cell[0].max(limits[0]);
                    cell[1] = cell[1].max(limits[1]);
                }
                if let Some(before) = before {
                    let cell = &mut own[(from - 1) / CELL as usize];
                    cell[2] = cell[2].max(jump(before, segment, part.len));
                }
                before = Some(segment);
            }
            let mut largest = [0.0_f64; 2];
            for (cell, own) in own.iter().enumerate() {
                gains[cell] += own[0];
                bends[cell] += own[1];
                jumps[cell] += own[2];
                largest = [largest[0].max(own[0]), largest[1].max(own[1])];
            }
            most = [most[0] + largest[0], most[1] + largest[1]];
        }
        for points in &*others {
            let limits = points.limits;
            for ((gain, bend), jump) in gains.iter_mut().zip(&mut *bends).zip(&mut *jumps) {
                *gain += limits.gain;
                *bend += limits.bend;
                *jump += limits.error;
            }
            most = [most[0] + limits.gain, most[1] + limits.bend];
        }
        let fits = |spacing: &usize| {
            let excess = (spacing * spacing) as f64 / 8.0 * most[1];
            let on_grid = |len: usize| len % spacing == 0;
            (others.is_empty() || spacing.is_multiple_of(SPACING))
                && excess <= MOST_EXCESS * most[0]
                && batch.parts.iter().all(|part| on_grid(part.len) && on_grid(part.offset))
        };
        SPACINGS.into_iter().find(fits)
    }

    /// Sum one ear of all parts at every `spacing`-th frame, the one after the last included.
    fn evaluate(&mut self, side: usize, spacing: usize) {
        let Self { batch, others, points, .. } = self;
        points.clear();
        points.resize(batch.frames / spacing + 1, 0.0);
        for (index, part) in batch.parts.iter().enumerate() {
            let segments = &batch.segments[batch.cells(index)];
            for (at, pair) in segments.iter().enumerate() {
                let from = (at * part.len).saturating_sub(part.offset) / spacing;
                let last = at + 1 == segments.len();
                let to = if last { points.len() } else { ((at + 1) * part.len - part.offset) / spacing };
                let first = if at == 0 { part.offset } else { 0 };
                pair[side].add_sparse(part.len, first, spacing, &mut points[from..to]);
            }
        }
        for other in others {
            let plane = other.planes[side].iter().step_by(spacing / SPACING);
            points.iter_mut().zip(plane).for_each(|(point, value)| *point += value);
        }
    }
}

/// An upper bound of the magnitude of the second derivative of a segment of `len` frames, per frame squared.
fn bend_limit(segment: &ToneSegment, len: usize) -> f64 {
    let Phase { increment, bend, .. } = segment.phase;
    let [_, turning, bending] = bounds_of(bend, len as f64).map(|bound| bound / TURN * TAU);
    let speed = (increment as i64 as f64 / TURN / TURN * TAU).abs() + turning;
    let [_, rise, curving] = bounds_of(segment.curve, len as f64);
    let rise = f64::from(segment.slope.abs()) + rise;
    curving + 2.0 * rise * speed + segment.gain_limit(len) * (bending + speed * speed)
}

/// By how much the end of a segment of `len` frames and the beginning of the next one differ at most.
fn jump(before: &ToneSegment, next: &ToneSegment, len: usize) -> f64 {
    let end = before.phase.start.wrapping_add(before.phase.increment.wrapping_mul(len as u64));
    let turned = (next.phase.start.wrapping_sub(end) as i64 as f64 / TURN / TURN * TAU).abs();
    let gain = f64::from(before.level) + f64::from(before.slope) * len as f64;
    (gain - f64::from(next.level)).abs() + gain.abs().min(f64::from(next.level.abs())) * turned
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::plan::levels::measure::Probe;
    use crate::plan::levels::peak_pruning::PrunedVoices;
    use crate::plan::{Plan, PlanOptions};
    use crate::track::Track;

    fn voices(more: &Value) -> Value {
        let voice = |k: usize| {
            let mut params = json!({"baseFreq": 90.0 + 61.0 * k as f64, "beatFreq": 4.0, "ampL": 0.3, "ampR": 0.2});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let moves = more.get("endBaseFreq").is_some();
            json!({"synth_function_name": "binaural_beat", "is_transition": moves, "params": params})
        };
        json!([voice(0), voice(1), voice(2)])
    }

    #[test]
    fn every_cell_is_bounded_within_a_few_percent() {
        let cases = [
            (json!({}), 0.1),
            (json!({"freqOscRangeL": 3.0, "freqOscRangeR": 3.0, "freqOscFreqL": 0.7, "freqOscFreqR": 0.6}), 0.1),
            (json!({"ampOscDepthL": 0.9, "ampOscFreqL": 3.0, "panRangeMax": 0.8, "panFreq": 0.4}), 0.15),
            (json!({"startBaseFreq": 100.0, "endBaseFreq": 330.0, "startAmpL": 0.1, "endAmpL": 0.6}), 0.2),
        ];
        for (more, excess) in cases {
            let track = json!({"progression": [{"duration": 13.3, "voices": voices(&more)}]});
            let (plan, _) = Plan::compile(&Track::from_value(track).unwrap().0, &PlanOptions::default()).unwrap();
            let step = &plan.steps()[0];
            let (pruned, frames) = (PrunedVoices::none(step.voices.len()), step.placement.frames);
            let exact = Probe::new(None).peaks(0, &step.voices, &pruned, 0, frames);
            let found = Probe::new(None).bounds(0, &step.voices, &pruned, 0, frames);
            assert!(exact.exact && !found.exact, "{more}");
            let most = exact.binaural.iter().copied().fold(0.0, f32::max);
            for (cell, (exact, bound)) in exact.binaural.iter().zip(&found.binaural).enumerate() {
                assert!(exact <= bound && bound - exact < excess * most, "{more} {cell}: {exact} {bound}");
            }
        }
    }

    #[test]
    fn the_exact_peak_is_found() {
        let track = json!({"progression": [{"duration": 40.0, "voices": voices(&json!({"ampOscDepthL": 0.3, "ampOscFreqL": 0.1}))}]});
        let (plan, _) = Plan::compile(&Track::from_value(track).unwrap().0, &PlanOptions::default()).unwrap();
        plan.measure(0, 1, 2, &mut |_| true).unwrap();
        let step = &plan.steps()[0];
        let none = PrunedVoices::none(step.voices.len());
        let exact = Probe::new(None).peaks(0, &step.voices, &none, 0, step.placement.frames);
        let most = exact.binaural.iter().copied().fold(0.0, f32::max);
        let measured = step.measured().unwrap();
        assert_eq!(measured.binaural.max().to_bits(), most.to_bits());
        let top = exact.binaural.iter().position(|peak| *peak == most).unwrap() as u64;
        assert!(measured.binaural.is_exact(top) && measured.binaural.cell(top) == most);
    }

    #[test]
    fn voices_behind_a_low_pass_are_bounded_too() {
        let mut all = voices(&json!({}));
        let params = json!({"baseFreq": 437.0, "beatFreq": 7.25, "amp": 0.4, "gapPercent": 0.5, "rampPercent": 0.25,
            "harmonicSuppression": true});
        all.as_array_mut().unwrap().push(json!({"synth_function_name": "isochronic_tone", "params": params}));
        let track = json!({"progression": [{"duration": 20.7, "voices": all}]});
        let (plan, _) = Plan::compile(&Track::from_value(track).unwrap().0, &PlanOptions::default()).unwrap();
        let step = &plan.steps()[0];
        let (none, frames) = (PrunedVoices::none(step.voices.len()), step.placement.frames);
        let exact = Probe::new(None).peaks(0, &step.voices, &none, 0, frames);
        let found = Probe::new(None).bounds(0, &step.voices, &none, 0, frames);
        assert!(exact.exact && !found.exact);
        let most = exact.binaural.iter().copied().fold(0.0, f32::max);
        let mut looser = 0;
        for (cell, (exact, bound)) in exact.binaural.iter().zip(&found.binaural).enumerate() {
            assert!(exact <= bound && bound - exact < 0.15 * most, "{cell}: {exact} {bound}");
            looser += usize::from(exact != bound);
        }
        assert!(looser > exact.binaural.len() / 2);
    }
}
