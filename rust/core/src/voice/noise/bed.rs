//! The background layer of a track: the sound of a `.noise` file over the whole track (spec noise 15, assembly 8).

use serde_json::{Map, Value};

use super::body::{self, Recipe};
use super::numbers::{num, waveform};
use super::{colour, input, sweeps};
use crate::dsp::curve::{Alpha, Curve};
use crate::dsp::noise::sweep::{Drift, Motion};
use crate::dsp::ramp::Ramp;
use crate::error::{Problem, Result};
use crate::voice::params::truthy;
use crate::voice::{Context, Voice};

const RATE: f64 = 1.0 / 12.0;

/// The source of a background layer.
pub struct Bed {
    /// Its sound, peak 0.95; silent from `frames` on.
    pub voice: Box<dyn Voice>,
    /// How long it sounds: as long as asked for, or less where an audio file is the source.
    pub frames: u64,
    /// What was noticed, with paths inside the `.noise` file.
    pub warnings: Vec<Problem>,
}

/// The source of the layer: `context` is as long as the track, `file` is the object in the `.noise` file. Gain, start
/// time, fades and envelope are the track's and are not applied here.
pub fn build(context: &Context, file: &Map<String, Value>) -> Result<Bed> {
    let given = |name: &str| file.get(name).filter(|value| !value.is_null());
    let number = |name: &str, default: f64| num(given(name), default).map_err(|e| e.within(name));
    let transition = given("transition").is_some_and(truthy);
    let pair = |start: &str, end: &str, default: f64| -> Result<Ramp> {
        let from = number(start, default)?;
        Ok(Ramp { start: from, end: if transition { number(end, default)? } else { from } })
    };
    let (rate, drift) = if transition {
        let length = given("duration").or_else(|| given("post_offset"));
        let length = num(length, 0.0).map_err(|e| e.within("duration"))?;
        let offset = number("initial_offset", 0.0)?;
        let alpha = Alpha::new(context.duration, context.frames, offset, Some(length), Curve::Linear);
        (pair("start_lfo_freq", "end_lfo_freq", RATE)?, Drift::Moving(alpha))
    } else {
        (Ramp::fixed(number("lfo_freq", RATE)?), Drift::Still)
    };
    let intra = pair("start_intra_phase_offset_deg", "end_intra_phase_offset_deg", 0.0)?.map(f64::to_radians);
    let motion = Motion {
        sweeps: sweeps::of_file(given("sweeps"), transition)?,
        waveform: waveform(given("lfo_waveform"))?,
        rate,
        offset: pair("start_lfo_phase_offset_deg", "end_lfo_phase_offset_deg", 0.0)?.map(f64::to_radians),
        second: (transition || intra.start != 0.0).then_some(intra),
        drift,
        sample_rate: context.sample_rate,
        frames: context.frames,
    };
    let path = given("input_audio_path").and_then(Value::as_str).unwrap_or_default();
    let recipe = Recipe {
        source: colour_of(context, file)?,
        input: input::read(context, path)?,
        motion,
        statics: sweeps::static_notches(given("static_notches"), context.sample_rate)?,
    };
    let mut warnings = Vec::new();
    if let Some(message) = recipe.source.impossible(context.sample_rate) {
        warnings.push(Problem::warning("noise_parameters", message));
    }
    let frames = recipe.frames(context);
    Ok(Bed { voice: body::build(context, recipe)?, frames, warnings })
}

/// `noise_parameters`, else the older `color_params`; a `noise_type` beside them is the name (spec noise 15.1).
fn colour_of(context: &Context, file: &Map<String, Value>) -> Result<colour::Source> {
    let object = |name: &str| file.get(name).and_then(Value::as_object).filter(|fields| !fields.is_empty());
    let name = if object("noise_parameters").is_some() { "noise_parameters" } else { "color_params" };
    let mut fields = object(name).cloned().unwrap_or_default();
    let missing = fields.get("name").is_none_or(Value::is_null);
    if missing && let Some(kind @ Value::String(_)) = file.get("noise_type") {
        fields.insert("name".to_owned(), kind.clone());
    }
    colour::completed(context, &fields).map_err(|e| e.within(name))
}
