//! The carriers and beats that a track declares.

use crate::dsp::curve::Alpha;
use crate::plan::Plan;
use crate::track::Track;
use crate::voice::param::SPATIAL;
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::{Context, Heard, Param, pipeline, registry};

/// A voice with a carrier or a beat that can be measured.
pub(super) struct Declared {
    pub(super) path: String,
    pub(super) function: String,
    pub(super) heard: Heard,
    carrier: Option<Ramp>,
    beat: Option<Ramp>,
    alpha: Alpha,
    /// The peak that the parameters state, linear, before all gains.
    pub(super) peak: Option<f64>,
}

impl Declared {
    /// The audible voices of step `index` of `plan` that have a carrier.
    pub(super) fn of_step(track: &Track, plan: &Plan, index: usize) -> Vec<Self> {
        let step = &plan.steps()[index];
        let specs = track.steps.get(step.placement.step).map_or(&[][..], |step| step.voices.as_slice());
        let mut context = Context::new(step.placement.duration, f64::from(plan.sample_rate()));
        context.frames = step.placement.frames;
        context.compat = plan.compat();
        let sounds = |at: &usize| {
            step.voices.iter().any(|voice| voice.index == *at && voice.voice.is_some())
                && step.measured().is_none_or(|measured| !measured.silent(*at))
        };
        let voices = specs.iter().enumerate().filter(|(at, _)| sounds(at));
        voices.filter_map(|(_, spec)| Self::of_voice(spec, &context)).collect()
    }

    fn of_voice(spec: &crate::track::VoiceSpec, context: &Context) -> Option<Self> {
        let (family, transition) = registry::resolve(&spec.function, spec.is_transition).ok()?;
        // motion shifts the tones of a voice, and its ears may hear both channels
        if family.heard == Heard::NotAtAll || spec.params.contains_key(SPATIAL.name) {
            return None;
        }
        // Parameters that cannot be read were reported when the track was compiled.
        let call = spec.call();
        let arguments = pipeline::arguments(context, &call, transition).ok()?;
        let params = Params::new(&arguments.params, family.params, transition, context.compat);
        let context = Context { timing: arguments.timing, ..context.clone() };
        let ramp = |row: Option<&'static Param>| row.and_then(|row| params.ramp(row).ok());
        let name = if transition { format!("{}_transition", family.name) } else { family.name.to_owned() };
        Some(Self {
            path: spec.at.clone(),
            function: name,
            heard: family.heard,
            carrier: ramp(family.carrier),
            beat: ramp(family.beat).filter(|_| family.heard != Heard::Carrier),
            alpha: transition::alpha_any_case(&context, &params).ok()?,
            peak: (family.peak)(&params).filter(|_| spec.envelope.is_none() && spec.flange.is_none()),
        })
    }

    /// Whether carrier or beat change over the step.
    pub(super) fn moves(&self) -> bool {
        let changes = |ramp: Option<Ramp>| ramp.is_some_and(Ramp::moves);
        !self.alpha.is_constant() && (changes(self.carrier) || changes(self.beat))
    }

    /// Carrier and beat in Hz at a frame of the step.
    pub(super) fn at(&self, frame: u64) -> [Option<f64>; 2] {
        let alpha = self.alpha.at(frame);
        [self.carrier, self.beat].map(|ramp| ramp.map(|ramp| ramp.at(alpha)))
    }

    /// The fastest change of a tone between two frames, Hz per frame.
    pub(super) fn slope(&self, from: u64, to: u64) -> f64 {
        let (one, other) = (self.at(from), self.at(to));
        let changes = one.into_iter().zip(other).filter_map(|(a, b)| Some((a? - b?).abs()));
        changes.sum::<f64>() / (to.max(from + 1) - from) as f64
    }
}
