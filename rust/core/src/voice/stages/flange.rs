//! The per-voice flanger as a track writes it: `flangeX`, `startFlangeX`, `endFlangeX` (spec voice-pipeline 12.5).

use serde_json::{Map, Value};

use super::flanged::{Effect, LFO, flanged};
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

impl Flange {
    /// Whether it has one setting throughout.
    pub(crate) fn is_steady(&self) -> bool {
        self.params.keys().all(|name| name.starts_with("flange"))
    }
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

const FLANGE_ENABLE: Param =
    Param::flag("flangeEnable", false, "Turns the flanger on; without it nothing below is read.").moves(Moves::Pair);
const FLANGE_DELAY_MS: Param = ms("flangeDelayMs", 1.2, "Centre delay.");
const FLANGE_DEPTH_MS: Param = ms("flangeDepthMs", 0.6, "Excursion of the delay.");
const FLANGE_RATE_HZ: Param = hz("flangeRateHz", 0.12, "Rate of the sweep.");
const FLANGE_SHAPE: Param =
    Param::choice("flangeShape", &["sine", "triangle"], "sine", "Shape of the sweep.").moves(Moves::Pair);
const FLANGE_FEEDBACK: Param =
    level("flangeFeedback", 0.5, "Feedback, kept in -1..1; silent while the loop's high-pass is at 0 (see compat).");
const FLANGE_MIX: Param = level("flangeMix", 0.3, "Level of the delayed signal; the direct one stays at 1.");
const FLANGE_LOOP_LPF_HZ: Param = hz("flangeLoopLpfHz", 7000.0, "Low-pass in the feedback loop; 0 mutes the loop.");
const FLANGE_LOOP_HPF_HZ: Param = hz("flangeLoopHpfHz", 0.0, "High-pass in the feedback loop.");
const FLANGE_STEREO_MODE: Param = code("flangeStereoMode", 0.0, "0 linked, 1 spread, 2 mid only, 3 side only.");
const FLANGE_SPREAD_DEG: Param =
    Param::number("flangeSpreadDeg", 0.0, "deg", "Sweep offset of the right channel in stereo mode 1 (see compat).")
        .range(-1e6, 1e6);
const FLANGE_DELAY_LAW: Param =
    code("flangeDelayLaw", 0.0, "What moves evenly: 0 the delay, 1 its reciprocal, 2 its logarithm.");
const FLANGE_INTERP: Param = code("flangeInterp", 0.0, "Interpolation of the delay line: 0 two taps, 1 four taps.");
const FLANGE_MIN_DELAY_MS: Param = ms("flangeMinDelayMs", 0.25, "Shortest delay.");
const FLANGE_MAX_DELAY_MS: Param = ms("flangeMaxDelayMs", 8.0, "Longest delay.");
const FLANGE_LOUDNESS_MODE: Param =
    code("flangeLoudnessMode", 1.0, "0 off, otherwise match the loudness of the input.");
const FLANGE_LOUDNESS_TC_MS: Param = ms("flangeLoudnessTcMs", 80.0, "Time constant of the loudness match.");
const FLANGE_LOUDNESS_MIN_GAIN: Param = level("flangeLoudnessMinGain", 0.5, "Smallest gain of the loudness match.");
const FLANGE_LOUDNESS_MAX_GAIN: Param = level("flangeLoudnessMaxGain", 2.0, "Largest gain of the loudness match.");
const FLANGE_DEZIPPER_DELAY_MS: Param =
    ms("flangeDezipperDelayMs", 30.0, "Smoothing of changes; without effect in a render.");
const FLANGE_DEZIPPER_DEPTH_MS: Param =
    ms("flangeDezipperDepthMs", 30.0, "Smoothing of changes; without effect in a render.");
const FLANGE_DEZIPPER_RATE_MS: Param =
    ms("flangeDezipperRateMs", 200.0, "Smoothing of changes; without effect in a render.");
const FLANGE_DEZIPPER_FEEDBACK_MS: Param =
    ms("flangeDezipperFeedbackMs", 30.0, "Smoothing of changes; without effect in a render.");
const FLANGE_DEZIPPER_WET_MS: Param =
    ms("flangeDezipperWetMs", 40.0, "Smoothing of changes; without effect in a render.");
const FLANGE_DEZIPPER_FILTER_MS: Param =
    ms("flangeDezipperFilterMs", 60.0, "Smoothing of changes; without effect in a render.");

/// Parameters of the flanger that every voice can have. In a transition each can also be given for the start or the end
/// alone (`startFlangeX`, `endFlangeX`); otherwise the plain name applies to both.
pub const PARAMS: &[Param] = &[
    FLANGE_ENABLE,
    FLANGE_DELAY_MS,
    FLANGE_DEPTH_MS,
    FLANGE_RATE_HZ,
    FLANGE_SHAPE,
    FLANGE_FEEDBACK,
    FLANGE_MIX,
    FLANGE_LOOP_LPF_HZ,
    FLANGE_LOOP_HPF_HZ,
    FLANGE_STEREO_MODE,
    FLANGE_SPREAD_DEG,
    FLANGE_DELAY_LAW,
    FLANGE_INTERP,
    FLANGE_MIN_DELAY_MS,
    FLANGE_MAX_DELAY_MS,
    FLANGE_LOUDNESS_MODE,
    FLANGE_LOUDNESS_TC_MS,
    FLANGE_LOUDNESS_MIN_GAIN,
    FLANGE_LOUDNESS_MAX_GAIN,
    FLANGE_DEZIPPER_DELAY_MS,
    FLANGE_DEZIPPER_DEPTH_MS,
    FLANGE_DEZIPPER_RATE_MS,
    FLANGE_DEZIPPER_FEEDBACK_MS,
    FLANGE_DEZIPPER_WET_MS,
    FLANGE_DEZIPPER_FILTER_MS,
];

/// The end of the transition whose values are read.
#[derive(Debug, Clone, Copy)]
enum Side {
    Start,
    End,
}

impl Side {
    /// `startFlangeX` or `endFlangeX` if it is present, else `flangeX`. A null counts as present if `nulls` is set.
    fn spelling(self, params: &Map<String, Value>, row: &Param, nulls: bool) -> String {
        let [start, end] = row.ends();
        let own = match self {
            Self::Start => start,
            Self::End => end,
        };
        let there = params.get(&own).is_some_and(|value| nulls || !value.is_null());
        if there { own } else { row.name.to_owned() }
    }
}

struct Reader<'a> {
    map: &'a Map<String, Value>,
    params: Params<'a>,
    exact: bool,
}

impl Reader<'_> {
    fn number(&self, side: Side, row: &'static Param) -> Result<f64> {
        let spelling = side.spelling(self.map, row, false);
        match self.params.number_as(row, &spelling)? {
            Some(number) => Ok(number),
            None => self.params.number(row),
        }
    }

    fn code(&self, side: Side, row: &'static Param) -> Result<i64> {
        Ok(self.number(side, row)? as i64)
    }

    /// 0 for a sine, 1 for a triangle. Under `Compat::exact_words` every given value but `sine` is a triangle, even
    /// null.
    fn shape(&self, side: Side) -> i64 {
        let spelling = side.spelling(self.map, &FLANGE_SHAPE, true);
        let sine = if self.exact {
            self.map.get(&spelling).is_none_or(|value| value.as_str() == Some("sine"))
        } else {
            self.params.choice_as(&FLANGE_SHAPE, &spelling) != Some("triangle")
        };
        i64::from(!sine)
    }

    fn enabled(&self, side: Side) -> bool {
        let spelling = side.spelling(self.map, &FLANGE_ENABLE, true);
        match self.map.get(&spelling) {
            None | Some(Value::Null) => false,
            Some(value) => self.params.flag_as(&spelling).unwrap_or_else(|| truthy(value)),
        }
    }

    fn settings(&self, side: Side) -> Result<FlangerSettings> {
        Ok(FlangerSettings {
            delay_ms: self.number(side, &FLANGE_DELAY_MS)?,
            depth_ms: self.number(side, &FLANGE_DEPTH_MS)?,
            rate_hz: self.number(side, &FLANGE_RATE_HZ)?,
            lfo_shape: self.shape(side),
            feedback: self.number(side, &FLANGE_FEEDBACK)?,
            wet: self.number(side, &FLANGE_MIX)?,
            loop_lpf_hz: self.number(side, &FLANGE_LOOP_LPF_HZ)?,
            loop_hpf_hz: self.number(side, &FLANGE_LOOP_HPF_HZ)?,
            stereo_mode: self.code(side, &FLANGE_STEREO_MODE)?,
            spread_deg: self.number(side, &FLANGE_SPREAD_DEG)?,
            law: self.code(side, &FLANGE_DELAY_LAW)?,
            interp_mode: self.code(side, &FLANGE_INTERP)?,
            min_delay_ms: self.number(side, &FLANGE_MIN_DELAY_MS)?,
            max_delay_ms: self.number(side, &FLANGE_MAX_DELAY_MS)?,
            loud_mode: self.code(side, &FLANGE_LOUDNESS_MODE)?,
            loud_tc_ms: self.number(side, &FLANGE_LOUDNESS_TC_MS)?,
            loud_min_gain: self.number(side, &FLANGE_LOUDNESS_MIN_GAIN)?,
            loud_max_gain: self.number(side, &FLANGE_LOUDNESS_MAX_GAIN)?,
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
    let flanger = |settings: &FlangerSettings| {
        Box::new(Flanger::new(settings, context.sample_rate, corrections).shifted(context.shift(LFO)))
    };
    let voice = if is_transition && (start != end || start_on != end_on) {
        let curve = Curve::parse(&flange.curve, !exact).map_err(|e: Error| e.within("transition_curve"))?;
        // the legacy reads other keys for the flanger's ramp than for the generator's
        let (offset, length) = match context.timing.filter(|_| compat.transition_timing) {
            Some(timing) => (timing.initial_offset, Some(timing.duration)),
            None => (flange.initial_offset, flange.transition_duration),
        };
        let alpha = Alpha::new(context.duration, context.frames, offset, context.ramp_length(length), curve);
        let rates = [start.rate_hz, end.rate_hz];
        let moves = compat.integrate_rates && start_on && end_on && rates[0] != rates[1];
        let flanger = |settings: &FlangerSettings| match flanger(settings) {
            flanger if moves => Box::new(flanger.with_rate(rates, context.sample_rate, alpha.clone())),
            flanger => flanger,
        };
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
