//! Builds the voices of a step from the track: carried phases, seeds, errors (spec assembly 5).

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::gliding::Ends;
use super::kept::Kept;
use super::media_cache::MediaCache;
use super::mix::bus::StepVoice;
use super::options::OnError;
use super::runs::{Place, Run, Runs};
use super::scenes::Scenes;
use super::stable_hash::stable_hash;
use super::step::StepPlan;
use super::timeline::Placement;
use super::voice_cache::Sound;
use crate::compat::Compat;
use crate::error::{Error, Problem, Result};
use crate::interrupt::Interrupt;
use crate::track::{Identity, Step, Track, VoiceSpec};
use crate::voice::family::{Family, Preparation};
use crate::voice::measured_level::MeasuredLevel;
use crate::voice::param::SPATIAL;
use crate::voice::pipeline::VoiceCall;
use crate::voice::resting::resting;
use crate::voice::run_on::run_on;
use crate::voice::stages::envelope::Envelope;
use crate::voice::{Context, Oscillators, Phases, Stream, Voice, pipeline, registry};

/// Steps with more voices than this drop each voice's working data as soon as it is built; others keep it until the
/// next step has taken over the phases.
const CROWD: usize = 200;

/// What the voices of all steps are built from.
pub(crate) struct Builder<'a> {
    pub(crate) track: &'a Track,
    pub(crate) sample_rate: u32,
    pub(crate) compat: Compat,
    /// Mixed into the seed of every voice, together with the voice's own parameters and position.
    pub(crate) seed: u64,
    pub(crate) on_error: OnError,
    pub(crate) media_cache: &'a MediaCache,
    pub(crate) interrupt: &'a Interrupt,
    /// Index in the track of each step on the timeline.
    pub(crate) steps: Vec<usize>,
    /// What the scene of the track does to each voice.
    pub(crate) scenes: Scenes,
    /// The voices that run on through several steps.
    pub(crate) runs: Runs,
    /// The sounds of those that are under way, by their first place.
    pub(crate) running: RefCell<HashMap<Place, Running>>,
    /// The voices of the plan that is replaced.
    pub(crate) kept: Kept<'a>,
}

/// The sound of a run, from its first frame.
pub(crate) struct Running {
    voice: Box<dyn Voice>,
    level: Arc<MeasuredLevel>,
    /// JSON path of its first voice.
    at: String,
    /// About its first voice.
    warnings: Vec<Problem>,
}

/// A sound with the level that it may have to measure, and the warnings about it.
type Built = (Box<dyn Voice>, Arc<MeasuredLevel>, Vec<Problem>);

/// Problems by severity.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) warnings: Vec<Problem>,
    pub(crate) errors: Vec<Problem>,
}

impl Builder<'_> {
    /// The voices of step `index` of the timeline, and the fingerprint of everything that their peaks depend on.
    /// `carried` gives what a voice continues, by its position and identity; its last argument says whether the voice runs
    /// on from the step before anyway.
    pub(crate) fn voices(
        &self,
        index: usize,
        step: &Step,
        placement: &Placement,
        carried: impl Fn(usize, &Identity, bool) -> Carried,
        findings: &mut Findings,
    ) -> Result<(Vec<StepVoice>, u64)> {
        let mut fingerprint = DefaultHasher::new();
        (placement.frames, placement.duration.to_bits(), self.sample_rate).hash(&mut fingerprint);
        self.compat.hash(&mut fingerprint);
        let call = fingerprint.clone();
        let mut voices = Vec::with_capacity(step.voices.len());
        // The working data of a voice is kept until the next step has taken over its phases, unless the voices are
        // many.
        let crowded = step.voices.len() > CROWD;
        let mut streams: HashMap<&Identity, u32> = HashMap::new();
        for (position, spec) in step.voices.iter().enumerate() {
            self.interrupt.check()?;
            let mut sound = call.clone();
            let run = self.runs.of((index, position)).copied();
            let joined = run.is_some_and(|run| run.continues);
            let mut carried = carried(position, &spec.identity, joined);
            carried.phases = carried.phases.filter(|_| !spec.noise_bus());
            let part = Part { spec, carried, crowded, placement };
            let mut context = Context::new(placement.duration, f64::from(self.sample_rate)).with_compat(self.compat);
            context.frames = placement.frames;
            let params = Value::Object(spec.params.clone()).to_string();
            context.seed = match run.filter(|run| run.root != (index, position)) {
                Some(run) => self.seed_of(run.root),
                None => stable_hash(self.seed, &[&spec.function, &params, &position.to_string()]),
            };
            context.scene = self.scene((index, position), placement, run.map_or(0, |run| run.offset));
            if let Some(at) = &context.scene {
                format!("{at:?}").hash(&mut sound);
            }
            context.folder.clone_from(&self.track.folder);
            context.interrupt = self.interrupt.clone();
            context.store = Arc::clone(&self.media_cache.store);
            context.wholes = Arc::clone(&self.media_cache.wholes);
            let colour = free_noise(spec);
            if self.compat.full_band_noise && is_noise(part.family()) {
                let twin = streams.entry(&spec.identity).and_modify(|count| *count += 1).or_default();
                let colour = colour.as_deref().unwrap_or_default();
                context.stream = Some(self.stream(&spec.identity, colour, *twin, placement.start));
                context.stream.hash(&mut sound);
            }
            let phase_bits = part.carried.phases.map(|p| (p.left.to_bits(), p.right.to_bits()));
            (&spec.function, spec.is_transition, spec.unusable, &params, spec.noise_bus(), context.seed, phase_bits)
                .hash(&mut sound);
            format!("{:?} {:?} {run:?} {:?}", spec.flange, spec.envelope, part.carried.onward).hash(&mut sound);
            run.and_then(|run| run.glides_from).map(|place| self.left_by(place)).hash(&mut sound);
            let sound = sound.finish();
            sound.hash(&mut fingerprint);
            // a run depends on other steps, too, and a file may have changed
            let mut sound = (run.is_none() && !spec.unusable && !from_file(spec)).then_some(sound);
            let mut excerpts = Arc::default();
            let built = match (self.kept.get(sound), run) {
                (Some((kept, voice)), _) => {
                    excerpts = Arc::clone(&kept.excerpts);
                    Ok((voice, Arc::clone(&kept.level), Vec::new()))
                }
                (None, None) => self.build(&part, &context, &spec.call(), &params),
                (None, Some(run)) => self.running(&part, &run, &context, &params),
            };
            let (voice, level) = match built {
                // The loader has already reported this voice as silent.
                _ if spec.unusable => (None, Arc::default()),
                Ok((voice, level, warnings)) => {
                    // a copy would not repeat them
                    sound = sound.filter(|_| warnings.is_empty());
                    findings.warnings.extend(warnings);
                    (Some(voice), level)
                }
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => {
                    self.refuse(error, &spec.at, findings);
                    (None, Arc::default())
                }
            };
            voices.push(StepVoice {
                index: position,
                bus: spec.bus,
                identity: spec.identity.clone(),
                family: part.family(),
                sound,
                level,
                excerpts,
                stream: context.stream.filter(|_| colour.is_some()).map(|stream| stream.seed),
                joined: run.is_some_and(|run| run.is_joined()),
                repeats: joined,
                voice,
            });
        }
        Ok((voices, fingerprint.finish()))
    }

    /// The seed of the voice at `place`.
    fn seed_of(&self, place: Place) -> u64 {
        let spec = self.spec(place);
        let params = Value::Object(spec.params.clone()).to_string();
        stable_hash(self.seed, &[&spec.function, &params, &place.1.to_string()])
    }

    /// The stream of noise of a voice in a step that begins at frame `start`. Voices of one identity and colour share a
    /// stream over all steps, so that it runs on where they follow each other; `twin` tells those within a step apart.
    fn stream(&self, identity: &Identity, colour: &str, twin: u32, start: u64) -> Stream {
        let twin = twin.to_string();
        let position;
        let parts: [&str; 6] = match identity {
            Identity::Id(id) => ["id", id, "", "", &twin, colour],
            Identity::Label { voice_type, function, label } => ["label", voice_type, function, label, &twin, colour],
            Identity::Index { voice_type, function, position: index } => {
                position = index.to_string();
                ["index", voice_type, function, &position, &twin, colour]
            }
        };
        Stream { seed: stable_hash(self.seed, &parts), from: start }
    }

    /// The part of a run that one step plays. The sound of the run is built in its first step, and again if its phases
    /// change.
    fn running(&self, part: &Part<'_>, run: &Run, context: &Context, params: &str) -> Result<Built> {
        let spec = part.spec;
        let mut running = self.running.borrow_mut();
        let continues = part.carried.phases.is_some() || part.carried.onward.is_some();
        if continues || !running.contains_key(&run.first) {
            let (duration, frames) = (run.duration, run.frames);
            // where there is nothing to glide from, the voice is faded in
            let joined = [run.joined[0] && (run.source().is_none() || part.state().is_some()), run.joined[1]];
            let context = Context { duration, frames, joined, ..context.clone() };
            let call = if run.seamless {
                spec.call()
            } else {
                // the envelope and what follows it belong to the step
                VoiceCall { envelope: Some(Envelope::Flat), flange: None, ..spec.call() }
            };
            let (voice, level, warnings) = match (run.source(), part.state()) {
                (Some(source), Some(state)) => {
                    let from = (self.spec(source), source);
                    let ends = Ends { from, state, to: spec, placement: part.placement };
                    let mut about = None;
                    let voice = self.gliding(&ends, &context, |onward| {
                        let (voice, level, warnings) = self.onward(part, &context, &call, params, onward)?;
                        about = Some((level, warnings));
                        Ok(voice)
                    })?;
                    let (level, warnings) = about.unwrap_or_default();
                    (voice, level, warnings)
                }
                _ => {
                    let onward = part.onward(run.offset);
                    self.onward(part, &context, &call, params, onward.as_ref())?
                }
            };
            running.insert(run.first, Running { voice, level, at: spec.at.clone(), warnings });
        }
        let Some(whole) = running.get(&run.first) else { return Err(Error::Cancelled) };
        let voice = run_on(whole.voice.fork(), run.offset, run.silent_from());
        let own = |problem: &Problem| {
            let path = problem.path.strip_prefix(&whole.at).map(|rest| format!("{}{rest}", spec.at));
            Problem { path: path.unwrap_or_else(|| problem.path.clone()), ..problem.clone() }
        };
        let warnings: Vec<Problem> = whole.warnings.iter().map(own).collect();
        let level = Arc::clone(&whole.level);
        if run.seamless {
            return Ok((voice, level, warnings));
        }
        let (voice, more) = pipeline::staged(voice, context, &spec.call())?;
        Ok((voice, level, [warnings, more].concat()))
    }

    pub(super) fn spec(&self, (index, position): Place) -> &VoiceSpec {
        &self.track.steps[self.steps[index]].voices[position]
    }

    fn build(&self, part: &Part<'_>, context: &Context, call: &VoiceCall<'_>, params: &str) -> Result<Built> {
        self.onward(part, context, call, params, part.onward(0).as_ref())
    }

    /// A voice with all stages that goes on from the state `onward`.
    fn onward(
        &self,
        part: &Part<'_>,
        context: &Context,
        call: &VoiceCall<'_>,
        params: &str,
        onward: Option<&Onward>,
    ) -> Result<Built> {
        let (family, phases) = (part.family(), part.carried.phases);
        let key = kept_as(part.spec, family, context, phases);
        let make = || {
            let mut context = context.clone();
            let build = |context: &Context| pipeline::build(context, call, phases);
            let (mut voice, warnings) = match onward {
                Some(onward) => onward.reach(&mut context, build)?,
                None => build(&context)?,
            };
            if rests(family) && !from_file(part.spec) {
                voice = resting(voice, &context, call, params.to_owned(), phases);
                if part.crowded {
                    voice.rest();
                }
            }
            Ok(Sound { voice, frames: context.frames, warnings })
        };
        let sound = self.media_cache.noise.get(key, make)?;
        Ok((sound.voice, Arc::clone(&context.level), sound.warnings))
    }

    /// What the voice of this identity in the step after `previous`, which begins at `next_start`, continues.
    pub(crate) fn inherited(&self, previous: &StepPlan, identity: &Identity, next_start: u64) -> Carried {
        if !self.compat.carry_all_phases && !self.compat.glide_same_voice {
            return Carried { phases: carried(previous, identity, next_start, self.compat), ..Carried::default() };
        }
        let phases =
            if self.compat.carry_all_phases { None } else { carried(previous, identity, next_start, self.compat) };
        let frame = next_start.saturating_sub(previous.placement.start).min(previous.placement.frames);
        let state = oscillators_of(&previous.voices, identity, frame);
        Carried { phases, onward: state.map(|state| Onward { at: 0, state }), all: self.compat.carry_all_phases }
    }

    /// Phases at the beginning of the run that the voice at `place` continues; `None` if it continues none.
    pub(crate) fn begun_at(&self, place: Place) -> Option<Phases> {
        let run = self.runs.of(place).filter(|run| run.continues)?;
        self.running.borrow().get(&run.first)?.voice.phases_at(0)
    }

    /// Drop the sounds of the runs that end with step `index` of the timeline, which has `count` voices.
    pub(crate) fn end_runs(&self, index: usize, count: usize) {
        let ended = |position| self.runs.of((index, position)).filter(|run| run.is_last);
        for run in (0..count).filter_map(ended) {
            self.running.borrow_mut().remove(&run.first);
        }
    }

    fn refuse(&self, error: Error, at: &str, findings: &mut Findings) {
        let problems = match error {
            Error::Invalid(problems) => problems,
            other => vec![Problem::error(at, other.to_string())],
        };
        if self.compat.silence_bad_voices || self.on_error == OnError::Warn {
            let left_out = |p: Problem| Problem::warning(p.path, format!("{}; the voice is left out", p.message));
            findings.warnings.extend(problems.into_iter().map(left_out));
        } else {
            findings.errors.extend(problems);
        }
    }
}

/// A state that a voice goes on from.
#[derive(Debug, Clone)]
pub(crate) struct Onward {
    /// The frame of the voice at which it is in this state.
    pub(crate) at: u64,
    pub(crate) state: Oscillators,
}

impl Onward {
    /// Build a voice whose oscillators are in this state at that frame; `context` gets the shifts that lead there.
    pub(crate) fn reach(
        &self,
        context: &mut Context,
        build: impl Fn(&Context) -> Result<(Box<dyn Voice>, Vec<Problem>)>,
    ) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
        // the phase of a carrier depends on that of its vibrato, which is right after the first turn
        for _ in 0..3 {
            let built = build(context)?;
            let Some(own) = built.0.oscillators_at(self.at) else { return Ok(built) };
            if !context.shifts.lead(&own, &self.state) {
                return Ok(built);
            }
        }
        build(context)
    }
}

/// What a voice continues.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// The phases of the carriers.
    pub(crate) phases: Option<Phases>,
    /// The state of all oscillators, under `Compat::carry_all_phases` or for a glide.
    pub(crate) onward: Option<Onward>,
    /// Whether that state is continued without a glide, too.
    pub(crate) all: bool,
}

/// One voice of a step and what it continues.
struct Part<'a> {
    spec: &'a VoiceSpec,
    carried: Carried,
    crowded: bool,
    placement: &'a Placement,
}

impl Part<'_> {
    /// The state that the voice goes on from, `offset` frames after its first.
    fn onward(&self, offset: u64) -> Option<Onward> {
        let onward = self.carried.onward.as_ref().filter(|_| self.carried.all)?;
        Some(Onward { at: onward.at + offset, ..onward.clone() })
    }

    /// The state where the step begins, for a glide.
    fn state(&self) -> Option<&Oscillators> {
        self.carried.onward.as_ref().filter(|onward| onward.at == 0).map(|onward| &onward.state)
    }

    fn family(&self) -> Option<&'static Family> {
        registry::resolve(&self.spec.function, self.spec.is_transition).ok().map(|(family, _)| family)
    }
}

/// Whether a voice drops its working data until it is heard. Noise does not, because it takes long to build and is
/// cached; nor do voices that read audio files.
fn rests(family: Option<&Family>) -> bool {
    family.is_some_and(|family| family.preparation == Preparation::Light)
}

fn is_noise(family: Option<&Family>) -> bool {
    family.is_some_and(Family::is_noise)
}

/// The colour of a noise voice as it is written; `None` if its samples are given by a seed or a file.
fn free_noise(spec: &VoiceSpec) -> Option<String> {
    let colour = spec.params.get("noise_type").or_else(|| spec.params.get("noise_parameters")).unwrap_or(&Value::Null);
    let seeded = colour.get("seed").is_some_and(|seed| !seed.is_null());
    (!seeded && !from_file(spec)).then(|| colour.to_string())
}

fn from_file(spec: &VoiceSpec) -> bool {
    let stage = spec.params.get(SPATIAL.name).and_then(Value::as_object);
    let written = |params: &Map<String, Value>| {
        let path = |name: &&str| params.get(*name).and_then(Value::as_str).is_some_and(|path| !path.is_empty());
        registry::file_params().iter().any(path)
    };
    std::iter::once(&spec.params).chain(stage).any(written)
}

/// The key under which a voice is cached for the next compilation; `None` if it is not cached. Only noise takes long
/// enough to prepare, and a voice made from an audio file is not cached because the file may change.
fn kept_as(spec: &VoiceSpec, family: Option<&Family>, context: &Context, phases: Option<Phases>) -> Option<String> {
    (is_noise(family) && !from_file(spec)).then(|| format!("{spec:?} {context:?} {phases:?}"))
}

/// The phases that a voice takes over from the voice of the same identity in the step placed before, if there is one.
fn carried(previous: &StepPlan, identity: &Identity, next_start: u64, compat: Compat) -> Option<Phases> {
    let frame = if compat.carry_end_phase {
        previous.placement.frames
    } else {
        next_start.saturating_sub(previous.placement.start).min(previous.placement.frames)
    };
    phases_of(&previous.voices, identity, frame)
}

/// Phases of the voice with this identity after `frame` frames of its step. If several voices have it, the last one
/// with phases counts.
pub(crate) fn phases_of(voices: &[StepVoice], identity: &Identity, frame: u64) -> Option<Phases> {
    let named = |voice: &&StepVoice| voice.identity == *identity;
    voices.iter().rev().filter(named).find_map(|voice| voice.voice.as_ref()?.phases_at(frame))
}

/// As [`phases_of`] for all oscillators.
pub(crate) fn oscillators_of(voices: &[StepVoice], identity: &Identity, frame: u64) -> Option<Oscillators> {
    let named = |voice: &&StepVoice| voice.identity == *identity;
    voices.iter().rev().filter(named).find_map(|voice| voice.voice.as_ref()?.oscillators_at(frame))
}
