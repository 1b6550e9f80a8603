//! Derives the final levels of steps from their peaks: loudness continuity, ceiling, and the legacy alignment (spec
//! assembly 6 and 7.1).

use std::ops::Range;

use super::gain::{CEILING, continuity};
use super::loudness;
use super::measure::{ChunkPeaks, Probe, chunks};
use super::measured::Measured;
use super::peak_pruning::PrunedVoices;
use super::search::{Candidate, exact_peak};
use crate::error::Result;
use crate::parallel;
use crate::parallel::{Progress, run, run_reporting, stage};
use crate::plan::mix::block::peak;
use crate::plan::mix::bus::StepVoice;
use crate::plan::mix::gains::StepGains;
use crate::plan::mix::mixer::Mixer;
use crate::plan::step::FinalLevels;
use crate::plan::{Plan, StepPlan, align};
use crate::voice::Block;

impl Plan {
    /// Measure the steps `from..to` (indices in [`Plan::steps`]) on `threads` threads (0: all cores) and set their
    /// final levels. If levels depend on the steps before, those before `from` are included. Steps that already have
    /// final levels are not measured again.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`] if `progress` returns false; [`crate::error::Error::Invalid`] if a step
    /// cannot be aligned.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
    /// plan.measure(0, plan.steps().len(), 0, &mut |_done| true)?;
    /// assert!(plan.has_final_levels());
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn measure(&self, from: usize, to: usize, threads: usize, progress: Progress<'_>) -> Result<()> {
        let chained = self.is_chained();
        let to = to.min(self.steps().len());
        // steps that are levelled together are measured together
        let last = to.checked_sub(1).map_or(0, |last| self.steps()[last].together.end);
        let first = self.steps().get(from).map_or(from, |step| step.together.start);
        let wanted = if chained { 0 } else { first.min(from) }..last;
        let mut probes: Vec<Probe> =
            (0..parallel::threads(threads)).map(|_| Probe::new(self.accelerator.clone())).collect();
        self.measure_voices(wanted.clone(), &mut probes, progress)?;
        let open = wanted.clone().filter(|index| self.steps()[*index].final_levels().is_none());
        self.measure_buses(open, &mut probes, &mut stage(progress, 0.0, if chained { 0.6 } else { 1.0 }))?;
        let count = wanted.len() as f64;
        for (done, index) in wanted.enumerate() {
            if self.steps()[index].final_levels().is_none() {
                let final_levels = self.resolve_levels(index, &mut probes)?;
                let _ = self.steps()[index].final_levels.set(final_levels);
            }
            if !progress(if chained { 0.6 + 0.4 * (done + 1) as f64 / count } else { 1.0 }) {
                return Err(crate::error::Error::Cancelled);
            }
        }
        Ok(())
    }

    /// Whether the gains of a step depend on the steps before it.
    pub(crate) const fn is_chained(&self) -> bool {
        (self.preserve_loudness && !self.absolute) || self.compat.align_phases
    }

    /// Whether the levels of all steps are final.
    pub fn has_final_levels(&self) -> bool {
        self.steps().iter().all(|step| step.final_levels().is_some())
    }

    /// Measure the bus peaks of all steps, also of those whose gains do not depend on them.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`] if `progress` returns false.
    pub(crate) fn measure_peaks(&self, threads: usize, progress: Progress<'_>) -> Result<()> {
        let mut probes: Vec<Probe> =
            (0..parallel::threads(threads)).map(|_| Probe::new(self.accelerator.clone())).collect();
        self.measure_voices(0..self.steps().len(), &mut probes, progress)?;
        self.measure_buses(0..self.steps().len(), &mut probes, progress)
    }

    /// Measure the levels of the voices of `steps` that need one. One job per voice, so that a request to stop does not
    /// wait for all voices of a step.
    fn measure_voices(&self, steps: Range<usize>, probes: &mut [Probe], progress: Progress<'_>) -> Result<()> {
        let unknown = |voice: &&StepVoice| voice.level.is_missing();
        let open = self.steps()[steps].iter().filter(|step| step.measured().is_none());
        let voices: Vec<&StepVoice> = open.flat_map(|step| &step.voices).filter(unknown).collect();
        let measure_level = |_: &mut Probe, job: usize| voices[job].measure_level();
        run_reporting(probes, voices.len(), measure_level, &mut stage(progress, 0.0, 0.0))?;
        Ok(())
    }

    fn measure_buses(
        &self,
        steps: impl Iterator<Item = usize>,
        probes: &mut [Probe],
        progress: Progress<'_>,
    ) -> Result<()> {
        let open: Vec<usize> = steps.filter(|index| self.steps()[*index].measured().is_none()).collect();
        let pruned: Vec<PrunedVoices> = self.steps().iter().map(|step| PrunedVoices::of(&step.voices)).collect();
        let spans = |index: &usize| {
            let index = *index;
            chunks(self.steps()[index].placement.frames).map(move |(from, to)| (index, from, to))
        };
        let jobs: Vec<(usize, u64, u64)> = open.iter().flat_map(spans).collect();
        let measure = |probe: &mut Probe, job: usize| {
            let (index, from, to) = jobs[job];
            probe.bounds(index, &self.steps()[index].voices, &pruned[index], from, to)
        };
        let found = run_reporting(probes, jobs.len(), measure, progress)?;
        let mut rest: &[ChunkPeaks] = &found;
        for index in open {
            let step = &self.steps()[index];
            let (own, others) = rest.split_at(chunks(step.placement.frames).count());
            rest = others;
            let (voices, frames) = (&step.voices, step.placement.frames);
            let _ = step.measured.set(Measured::bounded(voices, own, &pruned[index], |bounds| {
                let candidates = bounds.iter().zip(0..).map(|(bound, cell)| Candidate::cell(*bound, cell, frames));
                exact_peak(candidates.collect(), 0.0, probes, |probe, from, to| {
                    probe.binaural_peak(index, voices, from, to)
                })
            }));
        }
        Ok(())
    }

    fn resolve_levels(&self, index: usize, probes: &mut [Probe]) -> Result<FinalLevels> {
        let step = &self.steps()[index];
        if let Some(first) = self.steps()[step.together.start].final_levels().filter(|_| step.together.start < index) {
            return Ok(*first);
        }
        let reference = index.checked_sub(1).and_then(|i| self.steps()[i].final_levels()).and_then(|s| s.reference);
        if let Some(gains) = step.levels.fixed() {
            return Ok(FinalLevels { lag: self.lag(index, &gains)?, ..FinalLevels::fixed(gains) });
        }
        let Some(measured) = step.measured().filter(|_| !step.voices.is_empty()) else {
            let lag = self.lag(index, &StepGains::NEUTRAL)?;
            return Ok(FinalLevels { gains: StepGains::NEUTRAL, mix_peak: Some(0.0), reference, lag });
        };
        let together = &self.steps()[step.together.clone()];
        let mut gains = match together {
            [_] => StepGains::of_buses(&step.levels, measured),
            _ => StepGains::of_buses(&step.levels, &Measured::combined(together.iter().filter_map(StepPlan::measured))),
        };
        let mut next = None;
        if self.preserve_loudness {
            let loudness = self.loudness(index, &gains, probes);
            let gain = continuity(reference, loudness);
            gains.both[0] = gain as f32;
            next = Some(loudness * gain);
        }
        let peak = |(index, step): (usize, &StepPlan)| mix_peak(step, index, step.measured()?, &gains, probes).into();
        let mix_peak = step.together.clone().zip(together).filter_map(peak).fold(0.0, f32::max);
        gains.both[1] = step.levels.ceiling(mix_peak) * step.levels.master;
        let lag = self.lag(index, &gains)?;
        Ok(FinalLevels { gains, mix_peak: Some(mix_peak), reference: next, lag })
    }

    fn loudness(&self, index: usize, gains: &StepGains, probes: &mut [Probe]) -> f64 {
        let step = &self.steps()[index];
        let frames = step.placement.frames;
        let window = loudness::window(self.sample_rate());
        let lead = loudness::lead(frames, window);
        let spans: Vec<(u64, u64)> = chunks(loudness::values(frames, window)).collect();
        let sums = run(probes, spans.len(), |probe, job| {
            let (first, end) = spans[job];
            let from = (first + lead + 1).saturating_sub(window);
            let to = end + lead;
            let mut meter = loudness::Meter::new(window, first + lead - from);
            let heard = to.min(frames);
            probe.mix(index, &step.voices, gains, from.min(heard), heard, |block| meter.add(block));
            meter.add_silence(to - heard.max(from));
            meter.finish()
        });
        loudness::Sum::mean(&sums)
    }

    /// Frames by which the step is delayed to align it at its crossfade; 0 unless steps are aligned.
    fn lag(&self, index: usize, gains: &StepGains) -> Result<i64> {
        let step = &self.steps()[index];
        let Some(fade) = step.placement.crossfade.filter(|_| self.compat.align_phases) else { return Ok(0) };
        let frames = fade.frames as usize;
        let plane = || (vec![0.0_f32; frames], vec![0.0_f32; frames]);
        let (mut before, mut new) = (plane(), plane());
        Mixer::new(self).render(self, index, step.placement.start, Block::new(&mut before.0, &mut before.1));
        let mut at = 0;
        Probe::new(None).mix(index, &step.voices, gains, 0, fade.frames, |block| {
            new.0[at..at + block.len()].copy_from_slice(block.left);
            new.1[at..at + block.len()].copy_from_slice(block.right);
            at += block.len();
        });
        align::best_lag([&before.0, &before.1], [&new.0, &new.1])
    }
}

/// Peak of a step's mix under `gains`. Exact if one bus is silent; else an upper bound if that is below the ceiling,
/// and at least the ceiling otherwise.
fn mix_peak(step: &StepPlan, index: usize, measured: &Measured, gains: &StepGains, probes: &mut [Probe]) -> f32 {
    let bound = gains.peak(measured.binaural.max(), measured.noise.max());
    if bound <= CEILING || measured.binaural.max() == 0.0 || measured.noise.max() == 0.0 {
        return bound;
    }
    let frames = step.placement.frames;
    let cells = (0..measured.binaural.len() as u64)
        .map(|cell| Candidate::cell(gains.peak(measured.binaural.cell(cell), measured.noise.cell(cell)), cell, frames));
    exact_peak(cells.collect(), CEILING, probes, |probe, from, to| {
        let mut most = 0.0_f32;
        probe.mix(index, &step.voices, gains, from, to, |block| most = most.max(peak(block)));
        most
    })
    .peak
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Error;
    use crate::plan::PlanOptions;
    use crate::track::Track;

    #[test]
    fn cancelling_does_not_wait_for_the_levels_of_all_voices() {
        let voice = json!({"synth_function_name": "spatial_angle_modulation"});
        let track = json!({"progression": [{"duration": 1, "voices": [voice, voice, voice]}]});
        let (track, _) = Track::from_value(track).unwrap();
        let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
        let missing = || plan.steps()[0].voices.iter().filter(|voice| voice.level.is_missing()).count();
        assert_eq!(missing(), 3);
        assert!(matches!(plan.measure(0, 1, 1, &mut |_| false), Err(Error::Cancelled)));
        assert_eq!(missing(), 2);
        plan.measure(0, 1, 1, &mut |_| true).unwrap();
        assert_eq!(missing(), 0);
    }
}
