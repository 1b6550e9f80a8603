//! Compiles a track into a plan: places the steps, builds their voices in order (each may continue the phases of the
//! step before), then reads the clips and the bed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::audio_files::AudioFiles;
use super::edits::{Edit, Edits};
use super::joints::{group, joint};
use super::kept::Kept;
use super::levels::gain::Levels;
use super::options::{OnError, PlanOptions};
use super::runs::Runs;
use super::scenes::Scenes;
use super::segments::segments;
use super::step::{FinalLevels, StepPlan};
use super::timeline::{StepTiming, Timeline};
use super::voices::{Builder, Carried, Findings};
use super::{Plan, bed, clip};
use crate::error::{Error, Problem, Result};
use crate::track::{Identity, Track};

/// The share of the reported progress that building voices takes; reading files takes the rest.
const VOICES: f64 = 0.5;

impl Plan {
    /// Compile `track`. The problems that come with the plan are warnings.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a voice or the sample rate cannot be used (see [`OnError`]); [`Error::Cancelled`] if
    /// `options.interrupt` stops it.
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// use realtime_backend_core::plan::{Plan, PlanOptions};
    ///
    /// let options = PlanOptions { sample_rate: Some(48_000), ..PlanOptions::default() };
    /// let (plan, warnings) = Plan::compile(&track, &options)?;
    /// assert!(warnings.is_empty());
    /// assert_eq!(plan.frames(), 48_000);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn compile(track: &Track, options: &PlanOptions) -> Result<(Self, Vec<Problem>)> {
        compile(track, options, None)
    }

    /// Everything that compiling `track` reports, errors and warnings together. If there are no errors, also warnings
    /// about its sound: silence, jumps of level between steps, steps that consist only of fades, sound above full
    /// scale, frequencies that make no tone, amplitudes that the levelling cancels. Only short excerpts are rendered for
    /// these. `options.on_error` is ignored.
    ///
    /// # Errors
    /// Only [`Error::Cancelled`].
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// use realtime_backend_core::plan::{Plan, PlanOptions};
    ///
    /// let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": []}]}"#)?;
    /// let findings = Plan::findings(&track, &PlanOptions::default())?;
    /// assert!(findings.iter().any(|problem| problem.message.contains("silen")));
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn findings(track: &Track, options: &PlanOptions) -> Result<Vec<Problem>> {
        let compiled = |on_error| compile(track, &PlanOptions { on_error, ..options.clone() }, None);
        let mut errors = match compiled(OnError::Fail) {
            Ok((plan, mut warnings)) => {
                warnings.extend(plan.review(track, options)?);
                return Ok(warnings);
            }
            Err(Error::Invalid(errors)) => errors,
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(other) => return Ok(vec![Problem::error("", other.to_string())]),
        };
        // Compile again without the bad voices, to collect the remaining warnings; drop those that repeat an error.
        let warnings = match compiled(OnError::Warn) {
            Ok((_, warnings)) => warnings,
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(_) => Vec::new(),
        };
        let mut said: HashMap<&str, Vec<&str>> = HashMap::new();
        for error in &errors {
            said.entry(&error.path).or_default().push(&error.message);
        }
        let new = |w: &Problem| {
            said.get(w.path.as_str()).is_none_or(|said| !said.iter().any(|text| w.message.starts_with(text)))
        };
        let besides: Vec<_> = warnings.into_iter().filter(new).collect();
        errors.extend(besides);
        Ok(errors)
    }

    /// Compile an edited track so that it can replace `old` at `frame` during playback. Voices that sound there
    /// continue the phases that the voices of the same identity have in `old`. Unchanged voices that sound there are copied
    /// from it, and measured peaks are reused for unchanged steps.
    ///
    /// # Errors
    /// Those of [`Plan::compile`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
    /// // the carrier moves while frame 22050 is heard, and keeps its phase there
    /// let (edited, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    ///     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 220.0, "beatFreq": 6.0}}]}]}"#)?;
    /// let (next, _) = Plan::compile_continuing(&edited, &PlanOptions::default(), &plan, 22_050)?;
    /// let voice = &track.steps[0].voices[0].identity;
    /// let (before, after) = (plan.phases_at(voice, 22_050), next.phases_at(voice, 22_050));
    /// let turns = (before.expect("a tone").left - after.expect("a tone").left) / std::f64::consts::TAU;
    /// assert!((turns - turns.round()).abs() < 1e-6);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn compile_continuing(
        track: &Track,
        options: &PlanOptions,
        old: &Self,
        frame: u64,
    ) -> Result<(Self, Vec<Problem>)> {
        compile(track, options, Some(Before { plan: old, frame, here: frame }))
    }

    /// Compile `track` so that its frame `here` can follow frame `frame` of `old`, as in a loop: voices that sound there
    /// continue the phases that the voices of the same identity have in `old`. Unchanged voices that sound there are copied
    /// from it, and measured peaks are reused for unchanged steps.
    ///
    /// # Errors
    /// Those of [`Plan::compile`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::plan::{Plan, PlanOptions};
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
    /// // back to frame 100 from frame 40000
    /// let (next, _) = Plan::compile_joining(&track, &PlanOptions::default(), &plan, 40_000, 100)?;
    /// let voice = &track.steps[0].voices[0].identity;
    /// let (before, after) = (plan.phases_at(voice, 40_000), next.phases_at(voice, 100));
    /// let turns = (before.expect("a tone").left - after.expect("a tone").left) / std::f64::consts::TAU;
    /// assert!((turns - turns.round()).abs() < 1e-6);
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn compile_joining(
        track: &Track,
        options: &PlanOptions,
        old: &Self,
        frame: u64,
        here: u64,
    ) -> Result<(Self, Vec<Problem>)> {
        let (plan, warnings) = compile(track, options, Some(Before { plan: old, frame, here }))?;
        if let Some(peak) = old.known_peak() {
            // other phases change it by little, and a loop must not change its level
            plan.peak.set(peak).ok();
        }
        Ok((plan, warnings))
    }
}

/// The plan that plays before another one.
#[derive(Clone, Copy)]
struct Before<'a> {
    plan: &'a Plan,
    /// The frame of this plan that the other one continues.
    frame: u64,
    /// The frame of the other plan that continues it.
    here: u64,
}

fn compile(track: &Track, options: &PlanOptions, old: Option<Before<'_>>) -> Result<(Plan, Vec<Problem>)> {
    if cfg!(not(feature = "spatial")) && track.is_placed() {
        return Err(Error::unplaced());
    }
    let compat = options.compat.unwrap_or_else(|| track.compat());
    let sample_rate = options.sample_rate.unwrap_or(track.globals.sample_rate);
    if !(1000..=1_000_000).contains(&sample_rate) {
        return Err(Error::invalid(
            "sample_rate",
            format!("expected 1000 to 1000000 frames per second, got {sample_rate}"),
        ));
    }
    let mut timeline = Timeline::new(&StepTiming::of(track, compat), sample_rate, compat);
    let scenes = Scenes::of(track, compat);
    let runs = Runs::find(track, &scenes, &mut timeline, sample_rate, compat);
    let own = Arc::default();
    let media_cache = options.media_cache.as_ref().unwrap_or(&own);
    media_cache.begin();
    let (seed, on_error) = (options.seed.unwrap_or(0), options.on_error);
    let interrupt = &options.interrupt;
    let running = RefCell::default();
    let on_timeline = timeline.placements.iter().map(|placement| placement.step).collect();
    let builder = Builder {
        track,
        sample_rate,
        compat,
        seed,
        on_error,
        media_cache,
        interrupt,
        steps: on_timeline,
        scenes,
        runs,
        running,
        kept: Kept::of(old.map(|old| (old.plan, old.frame))),
    };
    let mut findings = Findings::default();
    let steps = steps(&builder, &timeline, options.gains.voices, old, &mut findings)?;
    if !findings.errors.is_empty() {
        return Err(Error::Invalid(findings.errors));
    }
    let mut warnings = findings.warnings;
    let files = AudioFiles::new(track, sample_rate, compat, options.gains, media_cache, interrupt);
    let clips = clip::place_all(&files, timeline.end, &mut warnings)?;
    let clips_end = clips.iter().map(super::PlacedClip::end).max().unwrap_or(0);
    interrupt.check()?;
    let background = bed::place(&files, builder.seed, timeline.end, clips_end, &mut warnings)?;
    interrupt.at(1.0)?;
    let layers_end = background.as_ref().map_or(0, |bed| bed.end).max(clips_end);
    // A track without any content is a second of silence (spec assembly 1).
    let frames = match timeline.end.max(layers_end) {
        0 => u64::from(sample_rate),
        frames => frames,
    };
    let mut plan = Plan {
        sample_rate,
        compat,
        absolute: track.has_absolute_levels(&compat),
        preserve_loudness: track.globals.preserve_relative_step_loudness,
        segments: segments(&timeline),
        timeline,
        steps,
        background,
        clips,
        frames,
        accelerator: options.accelerator.clone(),
        peak: OnceLock::new(),
        told: Vec::new(),
    };
    plan.told = plan.noticed();
    Ok((plan, warnings))
}

/// Most passes in which voices that run through several steps are led to their phases in the plan that is replaced. The
/// second is exact unless the pitch of a voice depends on another phase that is led, too.
const PASSES: usize = 3;

fn steps(
    builder: &Builder<'_>,
    timeline: &Timeline,
    master: f64,
    old: Option<Before<'_>>,
    findings: &mut Findings,
) -> Result<Vec<StepPlan>> {
    let mut edits = Edits::default();
    let mut passes = 0;
    loop {
        *findings = Findings::default();
        let mut further = Edits::default();
        let steps = pass(builder, timeline, master, old, &edits, &mut further, findings)?;
        passes += 1;
        if further.is_empty() || passes == PASSES {
            return Ok(steps);
        }
        builder.running.borrow_mut().clear();
        edits.extend(further);
    }
}

/// All steps. A voice that runs on from an earlier step cannot be led to other phases in the middle: `further` gets what
/// the first voice of its run must continue instead, which `edits` then gives the next pass.
fn pass(
    builder: &Builder<'_>,
    timeline: &Timeline,
    master: f64,
    old: Option<Before<'_>>,
    edits: &Edits,
    further: &mut Edits,
    findings: &mut Findings,
) -> Result<Vec<StepPlan>> {
    let compat = builder.compat;
    let mut steps: Vec<StepPlan> = Vec::with_capacity(timeline.placements.len());
    let share = VOICES / timeline.placements.len().max(1) as f64;
    let known: HashMap<u64, &StepPlan> =
        old.into_iter().flat_map(|old| &old.plan.steps).map(|step| (step.fingerprint, step)).collect();
    for (index, placement) in timeline.placements.iter().enumerate() {
        builder.interrupt.at(share * index as f64)?;
        let step = &builder.track.steps[placement.step];
        let inherited = |position: usize, identity: &Identity, joined: bool| match edits.get(&(index, position)) {
            Some(edited) => edited.clone(),
            None => match steps.last() {
                Some(last) if !joined => builder.inherited(last, identity, placement.start),
                _ => Carried::default(),
            },
        };
        let (mut voices, mut fingerprint) = builder.voices(index, step, placement, inherited, findings)?;
        if let Some(old) = old.filter(|old| (placement.start..placement.end()).contains(&old.here)) {
            let own = old.here - placement.start;
            let edit = Edit { builder, old: (old.plan, old.frame), index, own, plain: &voices };
            further.extend(edit.begun(&steps));
            let running = |position: usize, identity: &Identity, joined: bool| {
                let inherited = || inherited(position, identity, joined);
                edit.carried(identity, inherited).unwrap_or_else(inherited)
            };
            // The voices were first built only to ask for their phases. The second build repeats their findings.
            let mut again = Findings::default();
            (voices, fingerprint) = builder.voices(index, step, placement, running, &mut again)?;
        }
        let measured =
            |fingerprint| known.get(&fingerprint).map_or_else(Arc::default, |step| Arc::clone(&step.measured));
        if let Some(before) = steps.last_mut()
            && let Some(changes) = builder.fit(before, &mut voices, placement)
        {
            before.fingerprint = before.fingerprint.rotate_left(1) ^ changes;
            before.measured = measured(before.fingerprint);
            fingerprint = fingerprint.rotate_left(2) ^ changes;
        }
        builder.end_runs(index, voices.len());
        if let Some(before) = steps.last_mut() {
            before.rest();
        }
        let levels = Levels::of(step, builder.track, builder.track.has_absolute_levels(&compat), master);
        let fixed = levels.fixed().filter(|_| !compat.align_phases).map(FinalLevels::fixed);
        let final_levels = fixed.map_or_else(OnceLock::new, OnceLock::from);
        steps.push(StepPlan {
            placement: *placement,
            at: step.at.clone(),
            description: step.description.clone(),
            joint: joint(&voices, placement, builder.sample_rate),
            together: index..index + 1,
            voices,
            levels,
            sample_rate: builder.sample_rate,
            fingerprint,
            measured: measured(fingerprint),
            final_levels,
            estimate: OnceLock::new(),
        });
    }
    if let Some(last) = steps.last_mut() {
        last.rest();
    }
    group(&mut steps);
    Ok(steps)
}
