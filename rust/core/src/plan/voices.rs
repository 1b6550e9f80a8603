//! Builds the voices of a step from the track: carried phases, seeds, errors (spec assembly 5).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use super::media_cache::MediaCache;
use super::mix::bus::StepVoice;
use super::options::OnError;
use super::step::StepPlan;
use super::timeline::Placement;
use super::voice_cache::Sound;
use crate::compat::Compat;
use crate::error::{Error, Problem, Result};
use crate::interrupt::Interrupt;
use crate::track::{Identity, Step, Track, VoiceSpec};
use crate::voice::family::{Family, Preparation};
use crate::voice::resting::resting;
use crate::voice::{Context, Phases, Stream, pipeline, registry};

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
}

/// Problems by severity.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) warnings: Vec<Problem>,
    pub(crate) errors: Vec<Problem>,
}

impl Builder<'_> {
    /// The voices of one step, and the fingerprint of everything that their peaks depend on. `carried` gives the phases
    /// that a voice continues.
    pub(crate) fn voices(
        &self,
        step: &Step,
        placement: &Placement,
        carried: impl Fn(&Identity) -> Option<Phases>,
        findings: &mut Findings,
    ) -> Result<(Vec<StepVoice>, u64)> {
        let mut fingerprint = DefaultHasher::new();
        (placement.frames, placement.duration.to_bits(), self.sample_rate).hash(&mut fingerprint);
        self.compat.hash(&mut fingerprint);
        let mut voices = Vec::with_capacity(step.voices.len());
        // The working data of a voice is kept until the next step has taken over its phases, unless the voices are
        // many.
        let crowded = step.voices.len() > CROWD;
        let mut streams: HashMap<&Identity, u32> = HashMap::new();
        for (index, spec) in step.voices.iter().enumerate() {
            self.interrupt.check()?;
            let phases = if spec.noise_bus() { None } else { carried(&spec.identity) };
            let params = Value::Object(spec.params.clone()).to_string();
            let seed = stable_hash(self.seed, &[&spec.function, &params, &index.to_string()]);
            let mut context = Context::new(placement.duration, f64::from(self.sample_rate)).with_compat(self.compat);
            context.frames = placement.frames;
            context.seed = seed;
            context.folder.clone_from(&self.track.folder);
            context.interrupt = self.interrupt.clone();
            context.store = Arc::clone(&self.media_cache.store);
            let family = registry::resolve(&spec.function, spec.is_transition).ok().map(|(family, _)| family);
            if self.compat.full_band_noise && is_noise(family) {
                let twin = streams.entry(&spec.identity).and_modify(|count| *count += 1).or_default();
                context.stream = Some(self.stream(&spec.identity, *twin, placement.start));
                context.stream.hash(&mut fingerprint);
            }
            let phase_bits = phases.map(|p| (p.left.to_bits(), p.right.to_bits()));
            (&spec.function, spec.is_transition, spec.unusable, &params, spec.noise_bus(), seed, phase_bits)
                .hash(&mut fingerprint);
            format!("{:?} {:?}", spec.flange, spec.envelope).hash(&mut fingerprint);
            let key = kept_as(spec, family, &context, phases);
            let make = || {
                let call = spec.call();
                let (mut voice, warnings) = pipeline::build(&context, &call, phases)?;
                if rests(family) {
                    voice = resting(voice, &context, &call, params, phases);
                    if crowded {
                        voice.rest();
                    }
                }
                Ok(Sound { voice, frames: placement.frames, warnings })
            };
            let voice = match self.media_cache.noise.get(key, make) {
                // The loader has already reported this voice as silent.
                _ if spec.unusable => None,
                Ok(sound) => {
                    findings.warnings.extend(sound.warnings);
                    Some(sound.voice)
                }
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                Err(error) => {
                    self.refuse(error, &spec.at, findings);
                    None
                }
            };
            let (bus, identity, level) = (spec.bus, spec.identity.clone(), context.level);
            voices.push(StepVoice { index, bus, identity, family, level, voice });
        }
        Ok((voices, fingerprint.finish()))
    }

    /// The stream of noise of a voice in a step that begins at frame `start`. Voices of one identity share a stream over
    /// all steps, so that it runs on where they follow each other; `twin` tells those within a step apart.
    fn stream(&self, identity: &Identity, twin: u32, start: u64) -> Stream {
        let twin = twin.to_string();
        let position;
        let parts: [&str; 5] = match identity {
            Identity::Id(id) => ["id", id, "", "", &twin],
            Identity::Label { voice_type, function, label } => ["label", voice_type, function, label, &twin],
            Identity::Index { voice_type, function, position: index } => {
                position = index.to_string();
                ["index", voice_type, function, &position, &twin]
            }
        };
        Stream { seed: stable_hash(self.seed, &parts), from: start }
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

/// Whether a voice drops its working data until it is heard. Noise does not, because it takes long to build and is
/// cached; nor do voices that read audio files.
fn rests(family: Option<&Family>) -> bool {
    family.is_some_and(|family| family.preparation == Preparation::Light)
}

/// Whether it is a family of noise, whose voices take long to prepare.
fn is_noise(family: Option<&Family>) -> bool {
    family.is_some_and(|family| family.preparation == Preparation::Long)
}

/// The key under which a voice is cached for the next compilation; `None` if it is not cached. Only noise takes long
/// enough to prepare, and a voice made from an audio file is not cached because the file may change.
fn kept_as(spec: &VoiceSpec, family: Option<&Family>, context: &Context, phases: Option<Phases>) -> Option<String> {
    let from_file = spec.params.get("input_audio_path").and_then(Value::as_str).is_some_and(|path| !path.is_empty());
    (is_noise(family) && !from_file).then(|| format!("{spec:?} {context:?} {phases:?}"))
}

/// The phases that a voice takes over from the voice of the same identity in the step placed before, if there is one.
pub(crate) fn carried(previous: &StepPlan, identity: &Identity, next_start: u64, compat: Compat) -> Option<Phases> {
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

/// A 64-bit hash (FNV-1a) that is the same in every run and on every machine, for use as a seed.
pub(crate) fn stable_hash(seed: u64, parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    seed.to_le_bytes()
        .into_iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
