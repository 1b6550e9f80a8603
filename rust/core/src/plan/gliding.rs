//! Builds the transition with which a voice goes over from the one of its id in the step before (spec assembly 5.6).

use serde_json::{Map, Value};

use super::joints;
use super::runs::Place;
use super::timeline::Placement;
use super::voices::{Builder, Onward};
use crate::error::Result;
use crate::json::value::truthy;
use crate::track::VoiceSpec;
use crate::voice::between::{Between, Moment, between};
use crate::voice::context::Stages;
use crate::voice::glided::{Glide, glided};
use crate::voice::pipeline::VoiceCall;
use crate::voice::resting::resting;
use crate::voice::stages::envelope::Envelope;
use crate::voice::stages::flange::Flange;
use crate::voice::{Context, Oscillators, Voice, pipeline, registry};

/// Seconds of the earlier parameters before the glide, in which filters and overlapping frames settle.
const LEAD: f64 = 0.5;
/// Seconds after which the filters of a voice have settled.
pub(super) const SETTLING: f64 = 0.3;

/// The two voices between which a glide runs.
pub(super) struct Ends<'a> {
    /// The voice of the step before, and where it is.
    pub(super) from: (&'a VoiceSpec, Place),
    /// The state of that voice where the step begins.
    pub(super) state: &'a Oscillators,
    /// The voice of the step.
    pub(super) to: &'a VoiceSpec,
    pub(super) placement: &'a Placement,
}

/// The stages of one of the two voices.
#[derive(Debug, Clone, Copy)]
struct StagesOf<'a> {
    later: bool,
    flange: Option<&'a Flange>,
    spatial: bool,
    /// The carrier that sets its harmonic suppression.
    suppressed: Option<f64>,
}

impl PartialEq for StagesOf<'_> {
    /// Whether both sound alike; the voices of a path are where it has led them.
    fn eq(&self, other: &Self) -> bool {
        let flanger = |stages: &Self| stages.flange.map(|flange| flange.params.clone());
        (flanger(self), self.spatial, self.suppressed) == (flanger(other), other.spatial, other.suppressed)
    }
}

impl<'a> StagesOf<'a> {
    /// The stages of both voices of `ends`; `suppressed` is that of the later one.
    fn both(ends: &Ends<'a>, suppressed: Option<f64>) -> [Self; 2] {
        let of = |spec: &'a VoiceSpec, suppressed, later| {
            let spatial = spec.params.get("spatialEnable").is_some_and(truthy);
            Self { later, flange: spec.flange.as_deref(), spatial, suppressed }
        };
        [of(ends.from.0, ends.state.suppressed, false), of(ends.to, suppressed, true)]
    }
}

impl Builder<'_> {
    /// All that a glide from the voice at `place` depends on, except for the state of that voice.
    pub(super) fn left_by(&self, place: Place) -> String {
        let VoiceSpec { function, is_transition, params, flange, envelope, .. } = self.spec(place);
        format!("{function} {is_transition} {params:?} {flange:?} {envelope:?} {:?}", self.runs.of(place))
    }

    /// The voice that `make` builds, which begins with a glide. `make` gets the phases that the voice goes on from.
    /// `context` is that of the whole voice.
    pub(super) fn gliding(
        &self,
        ends: &Ends<'_>,
        context: &Context,
        mut make: impl FnMut(Option<&Onward>) -> Result<Box<dyn Voice>>,
    ) -> Result<Box<dyn Voice>> {
        let frames = joints::length(ends.placement, self.sample_rate);
        let plain = make(None)?;
        let here = |frame: u64| plain.oscillators_at(frame).map_or(0.0, |state| state.alpha);
        let directly = Onward { at: 0, state: ends.state.clone() };
        let stages = StagesOf::both(ends, plain.oscillators_at(frames).and_then(|state| state.suppressed));
        let one = stages[0] == stages[1] && !stages[0].spatial;
        let meets = ends.placement.crossfade.is_none()
            && self.between(ends, here(0))?.is_some_and(|b| b.still && b.params.len() == 1 && one);
        let Some(Between { mut params, .. }) = self.between(ends, here(frames))?.filter(|_| !meets) else {
            return make(Some(&directly));
        };
        if let ([both], false) = (params.as_slice(), one) {
            params.push(both.clone());
        }
        let mut transitions = Vec::new();
        let mut lead = (LEAD * f64::from(self.sample_rate)) as u64;
        for (params, stages) in params.into_iter().zip(stages) {
            let mut voice = self.transition(ends, context, stages, params.clone(), lead, frames)?;
            let settled = |voice: &dyn Voice| voice.oscillators_at(lead).is_some_and(|state| state.alpha == 0.0);
            if lead > 0 && !settled(voice.as_ref()) {
                // the transition takes its whole length, whatever its timing says
                lead = 0;
                voice = self.transition(ends, context, stages, params, lead, frames)?;
            }
            transitions.push(voice);
        }
        // A voice that holds is taken over when its own filters have settled, too.
        let settled = frames + (SETTLING * f64::from(self.sample_rate)) as u64;
        let holds = settled < context.frames && here(settled) == here(frames) && ends.to.envelope.is_none();
        let heard = if holds && lead > 0 { settled } else { frames };
        let Some(state) = transitions.last().and_then(|voice| voice.oscillators_at(lead + heard)) else {
            return make(Some(&directly));
        };
        let voice = make(Some(&Onward { at: heard, state }))?;
        let levels = [self.level_before(ends), level(ends.to, context, frames)];
        Ok(glided(Glide { transitions, lead, ramp: frames, frames: heard, levels }, voice))
    }

    fn between(&self, ends: &Ends<'_>, alpha: f64) -> Result<Option<Between>> {
        let kind = |voice: &VoiceSpec| registry::resolve(&voice.function, voice.is_transition);
        let ((family, first), (_, second)) = (kind(ends.from.0)?, kind(ends.to)?);
        let from = Moment { params: &ends.from.0.params, transition: first, alpha: ends.state.alpha };
        let to = Moment { params: &ends.to.params, transition: second, alpha };
        between(family, from, to, self.compat)
    }

    /// The transition voice with these parameters, which begins after `lead` frames and takes `frames`.
    fn transition(
        &self,
        ends: &Ends<'_>,
        context: &Context,
        stages: StagesOf<'_>,
        mut params: Map<String, Value>,
        lead: u64,
        frames: u64,
    ) -> Result<Box<dyn Voice>> {
        let rate = f64::from(self.sample_rate);
        params.insert("initial_offset".to_owned(), (lead as f64 / rate).into());
        params.insert("transition_duration".to_owned(), (frames as f64 / rate).into());
        let total = if lead == 0 { frames } else { frames + 3 * lead };
        let mut context = Context {
            duration: total as f64 / rate,
            frames: total,
            carried: None,
            joined: [true; 2],
            level: std::sync::Arc::default(),
            stages: Some(self.places(ends, context, stages, lead)),
            ..context.clone()
        };
        let call = VoiceCall {
            is_transition: true,
            params: &params,
            flange: stages.flange,
            envelope: Some(Envelope::Flat),
            ..ends.from.0.call()
        };
        let onward = Onward { at: lead, state: ends.state.clone() };
        let (voice, _) = onward.reach(&mut context, |context| pipeline::build(context, &call, None))?;
        Ok(resting(voice, &context, &call, Value::Object(params.clone()).to_string(), None))
    }

    /// What the stages of a transition with a lead of `lead` frames take from the voice with the stages `of`.
    fn places(&self, ends: &Ends<'_>, context: &Context, of: StagesOf<'_>, lead: u64) -> Stages {
        let run = self.runs.of(ends.from.1).filter(|_| !of.later);
        let (place, path_duration) = match run {
            Some(run) => (run.offset + run.until.unwrap_or(0), run.duration),
            None => (0, context.duration),
        };
        Stages { suppressed: of.suppressed, path_from: place as i64 - lead as i64, path_duration }
    }

    /// The level of the envelope of the voice before, where the step begins.
    fn level_before(&self, ends: &Ends<'_>) -> f64 {
        let (spec, place) = ends.from;
        let Some(run) = self.runs.of(place) else { return 1.0 };
        let mut context = Context::new(run.duration, f64::from(self.sample_rate)).with_compat(self.compat);
        (context.frames, context.joined) = (run.frames, run.joined);
        level(spec, &context, run.until.map_or(run.frames, |until| until + run.offset))
    }
}

/// The level of the envelope of a voice at `frame`.
fn level(spec: &VoiceSpec, context: &Context, frame: u64) -> f64 {
    let levels = spec.envelope.and_then(|envelope| envelope.levels(context));
    levels.map_or(1.0, |levels| levels.at(frame.min(context.frames.saturating_sub(1))))
}
