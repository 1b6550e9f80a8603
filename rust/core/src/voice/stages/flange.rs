//! The per-voice flanger as a track writes it: `flangeX`, `startFlangeX`, `endFlangeX` (spec voice-pipeline 12.5).

use serde_json::{Map, Value};

use super::flanged::{Effect, flanged};
use crate::dsp::curve::{Alpha, Curve};
use crate::dsp::flanger::{Corrections, Flanger, FlangerSettings};
use crate::error::{Error, Problem, Result};
use crate::json::value::truthy;
use crate::voice::param::Moves;
use crate::voice::{Context, Param, Params, Voice};

/// The settings of the per-voice flanger as a track writes them (spec voice-pipeline 12.5).
#[derive(Debug, Clone, PartialEq)]
pub struct Flange {
    /// All keys that contain `flange`, including those that are null (a null shape differs from an absent one).
    pub params: Map<String, Value>,
    /// `initial_offset` as written, seconds.
    pub initial_offset: f64,
    /// `duration` or `post_offset` as written, seconds; `transition_duration` is not read.
    pub transition_duration: Option<f64>,
    /// `transition_curve` as written.
    pub curve: String,
}

const fn ms(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "ms", about).range(-1e4, 1e4)
}

const fn hz(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "Hz", about).range(-1e6, 1e6)
}

const fn level(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "", about).range(-1e6, 1e6)
}

const fn code(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::integer(name, default, about).moves(Moves::Pair)
}

/// Parameters of the flanger that every voice can have. In a transition each can also be given for the start or the end
/// alone (`startFlangeX`, `endFlangeX`); otherwise the plain name applies to both.
pub const PARAMS: &[Param] = &[
    Param::flag("flangeEnable", false, "Turns the flanger on; without it nothing below is read.").moves(Moves::Pair),
    ms("flangeDelayMs", 1.2, "Centre delay."),
    ms("flangeDepthMs", 0.6, "Excursion of the delay."),
    hz("flangeRateHz", 0.12, "Rate of the sweep."),
    Param::choice("flangeShape", &["sine", "triangle"], "sine", "Shape of the sweep.").moves(Moves::Pair),
    level("flangeFeedback", 0.5, "Feedback, kept in -1..1; silent while the loop's high-pass is at 0 (see compat)."),
    level("flangeMix", 0.3, "Level of the delayed signal; the direct one stays at 1."),
    hz("flangeLoopLpfHz", 7000.0, "Low-pass in the feedback loop; 0 mutes the loop."),
    hz("flangeLoopHpfHz", 0.0, "High-pass in the feedback loop."),
    code("flangeStereoMode", 0.0, "0 linked, 1 spread, 2 mid only, 3 side only."),
    Param::number("flangeSpreadDeg", 0.0, "deg", "Sweep offset of the right channel in stereo mode 1 (see compat).")
        .range(-1e6, 1e6),
    code("flangeDelayLaw", 0.0, "What moves evenly: 0 the delay, 1 its reciprocal, 2 its logarithm."),
    code("flangeInterp", 0.0, "Interpolation of the delay line: 0 two taps, 1 four taps."),
    ms("flangeMinDelayMs", 0.25, "Shortest delay."),
    ms("flangeMaxDelayMs", 8.0, "Longest delay."),
    code("flangeLoudnessMode", 1.0, "0 off, otherwise match the loudness of the input."),
    ms("flangeLoudnessTcMs", 80.0, "Time constant of the loudness match."),
    level("flangeLoudnessMinGain", 0.5, "Smallest gain of the loudness match."),
    level("flangeLoudnessMaxGain", 2.0, "Largest gain of the loudness match."),
    ms("flangeDezipperDelayMs", 30.0, "Smoothing of changes; without effect in a render."),
    ms("flangeDezipperDepthMs", 30.0, "Smoothing of changes; without effect in a render."),
    ms("flangeDezipperRateMs", 200.0, "Smoothing of changes; without effect in a render."),
    ms("flangeDezipperFeedbackMs", 30.0, "Smoothing of changes; without effect in a render."),
    ms("flangeDezipperWetMs", 40.0, "Smoothing of changes; without effect in a render."),
    ms("flangeDezipperFilterMs", 60.0, "Smoothing of changes; without effect in a render."),
];

/// The end of the transition whose values are read.
#[derive(Debug, Clone, Copy)]
enum Side {
    Start,
    End,
}

impl Side {
    /// `startFlangeX` or `endFlangeX` if it is present, else `flangeX`. A null counts as present if `nulls` is set.
    fn spelling(self, params: &Map<String, Value>, name: &str, nulls: bool) -> String {
        let word = match self {
            Self::Start => "startF",
            Self::End => "endF",
        };
        let own = format!("{word}{}", &name[1..]);
        let there = params.get(&own).is_some_and(|value| nulls || !value.is_null());
        if there { own } else { name.to_owned() }
    }
}

struct Reader<'a> {
    map: &'a Map<String, Value>,
    params: Params<'a>,
    exact: bool,
}

impl Reader<'_> {
    fn number(&self, side: Side, name: &'static str) -> Result<f64> {
        let spelling = side.spelling(self.map, name, false);
        match self.params.number_as(name, &spelling)? {
            Some(number) => Ok(number),
            None => self.params.number(name),
        }
    }

    fn code(&self, side: Side, name: &'static str) -> Result<i64> {
        Ok(self.number(side, name)? as i64)
    }

    /// 0 for a sine, 1 for a triangle. Under `Compat::exact_words` every given value but `sine` is a triangle, even
    /// null.
    fn shape(&self, side: Side) -> i64 {
        let spelling = side.spelling(self.map, "flangeShape", true);
        let sine = if self.exact {
            self.map.get(&spelling).is_none_or(|value| value.as_str() == Some("sine"))
        } else {
            self.params.choice_as("flangeShape", &spelling) != Some("triangle")
        };
        i64::from(!sine)
    }

    fn enabled(&self, side: Side) -> bool {
        let spelling = side.spelling(self.map, "flangeEnable", true);
        match self.map.get(&spelling) {
            None | Some(Value::Null) => false,
            Some(value) => self.params.flag_as(&spelling).unwrap_or_else(|| truthy(value)),
        }
    }

    fn settings(&self, side: Side) -> Result<FlangerSettings> {
        Ok(FlangerSettings {
            delay_ms: self.number(side, "flangeDelayMs")?,
            depth_ms: self.number(side, "flangeDepthMs")?,
            rate_hz: self.number(side, "flangeRateHz")?,
            lfo_shape: self.shape(side),
            feedback: self.number(side, "flangeFeedback")?,
            wet: self.number(side, "flangeMix")?,
            loop_lpf_hz: self.number(side, "flangeLoopLpfHz")?,
            loop_hpf_hz: self.number(side, "flangeLoopHpfHz")?,
            stereo_mode: self.code(side, "flangeStereoMode")?,
            spread_deg: self.number(side, "flangeSpreadDeg")?,
            law: self.code(side, "flangeDelayLaw")?,
            interp_mode: self.code(side, "flangeInterp")?,
            min_delay_ms: self.number(side, "flangeMinDelayMs")?,
            max_delay_ms: self.number(side, "flangeMaxDelayMs")?,
            loud_mode: self.code(side, "flangeLoudnessMode")?,
            loud_tc_ms: self.number(side, "flangeLoudnessTcMs")?,
            loud_min_gain: self.number(side, "flangeLoudnessMinGain")?,
            loud_max_gain: self.number(side, "flangeLoudnessMaxGain")?,
        })
    }
}

/// `voice` behind the flanger that `flange` describes, and the warnings. Their paths are relative to the voice's
/// parameters.
pub(crate) fn apply(
    voice: Box<dyn Voice>,
    flange: &Flange,
    is_transition: bool,
    context: &Context,
) -> Result<(Box<dyn Voice>, Vec<Problem>)> {
    let exact = context.compat.exact_words;
    let params = Params::new(&flange.params, &[PARAMS], true, context.compat);
    let reader = Reader { map: &flange.params, params, exact };
    let (start, end) = (reader.settings(Side::Start)?, reader.settings(Side::End)?);
    let (start_on, end_on) = (reader.enabled(Side::Start), reader.enabled(Side::End));
    let compat = &context.compat;
    let corrections = Corrections {
        interpolation: compat.flanger_interpolation,
        feedback: compat.flanger_feedback,
        spread: compat.flanger_spread,
    };
    let flanger = |settings: &FlangerSettings| Box::new(Flanger::new(settings, context.sample_rate, corrections));
    let voice = if is_transition && (start != end || start_on != end_on) {
        let curve = Curve::parse(&flange.curve, !exact).map_err(|e: Error| e.within("transition_curve"))?;
        // the legacy reads other keys for the flanger's ramp than for the generator's
        let (offset, length) = match context.timing.filter(|_| compat.transition_timing) {
            Some(timing) => (timing.initial_offset, Some(timing.duration)),
            None => (flange.initial_offset, flange.transition_duration),
        };
        let alpha = Alpha::new(context.duration, context.frames, offset, context.ramp_length(length), curve);
        let start = start_on.then(|| flanger(&start));
        let end = end_on.then(|| flanger(&end));
        flanged(voice, Effect::Crossfade { start, end, alpha })
    } else if start_on || end_on {
        flanged(voice, Effect::One(flanger(&start)))
    } else {
        voice
    };
    Ok((voice, reader.params.into_warnings()))
}
