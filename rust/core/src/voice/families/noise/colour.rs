//! Reading the colour of a voice (spec noise 4): names, objects with fields, and the built-in presets.

use serde_json::{Map, Value, json};

use super::numbers::{num, within_limits};
use crate::dsp::noise::colour::{Colour, Shape};
use crate::dsp::noise::whole::Seed;
use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown};
use crate::voice::param::Moves;
use crate::voice::params::Params;
use crate::voice::{Context, Param};

const NOISE_TYPE: Param = Param::structure(
    "noise_type",
    "Colour: `pink`, `brown`, `red`, `deep brown`, `blue`, `purple`, `green`, `white`, or an object of `exponent`, \
         `high_exponent`, `distribution_curve`, `lowcut`, `highcut`, `amplitude`, `seed` or `name`.",
);
const NOISE_PARAMETERS: Param =
    Param::structure("noise_parameters", "The same as an object; read where `noise_type` is absent.");
pub(super) const INPUT_AUDIO_PATH: Param =
    Param::file("input_audio_path", "Audio file to use instead of noise; its first channel.");
const STEREO_CORRELATION: Param = Param::number(
    "stereo_correlation",
    0.0,
    "",
    "Correlation of the ears before the notches: 0 independent, 1 equal, -1 opposite; read under `full_band_noise`.",
)
.range(-1.0, 1.0)
.moves(Moves::Fixed);

/// Parameters of the source.
pub(super) const TABLE: &[Param] = &[NOISE_TYPE, NOISE_PARAMETERS, INPUT_AUDIO_PATH, STEREO_CORRELATION];

/// A colour and the seed of its random numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Source {
    pub(super) colour: Colour,
    pub(super) seed: Seed,
}

impl Source {
    /// Warn about cut-offs that are impossible at this sample rate (spec noise 13).
    pub(super) fn warn_about(&self, params: &Params<'_>, sample_rate: f64) {
        if let Colour::Shaped(shape) = &self.colour
            && let Some(message) = impossible(shape, sample_rate)
        {
            let row = if params.raw(&NOISE_TYPE).is_some() { NOISE_TYPE } else { NOISE_PARAMETERS };
            params.warn(row.name, message);
        }
    }
}

/// Largest magnitude of a power law's exponent; useful colours stay within 3.
const STEEPEST: f64 = 20.0;

const FIELDS: [&str; 7] = ["exponent", "high_exponent", "distribution_curve", "lowcut", "highcut", "amplitude", "seed"];

/// The preset called `name`, trimmed and in any case. All presets have the seed 1.
fn preset(name: &str) -> Option<Shape> {
    Some(match name.trim().to_lowercase().as_str() {
        "pink" => Shape::power_law(1.0),
        "brown" => Shape::power_law(2.0),
        "red" => Shape { high_exponent: 1.5, ..Shape::power_law(2.0) },
        "deep brown" => Shape { high_exponent: 2.0, ..Shape::power_law(2.5) },
        "white" => Shape::power_law(0.0),
        "blue" => Shape::power_law(-1.0),
        "purple" => Shape::power_law(-2.0),
        "green" => Shape::power_law(0.0).cut(Some(100.0), Some(8000.0)),
        _ => return None,
    })
}

const NAMES: [&str; 8] = ["pink", "brown", "red", "deep brown", "white", "blue", "purple", "green"];

/// The colour of a voice: `noise_type`, else `noise_parameters`, else pink (spec noise Q8).
pub(super) fn read(context: &Context, params: &Params<'_>) -> Result<Source> {
    if let Some(value) = params.raw(&NOISE_TYPE) {
        return named_or_fields(context, params, value).map_err(|e| e.within(NOISE_TYPE.name));
    }
    match params.raw(&NOISE_PARAMETERS) {
        Some(Value::Object(fields)) if !context.compat.ignored_noise_parameters && !fields.is_empty() => {
            completed(context, fields).map_err(|e| e.within(NOISE_PARAMETERS.name))
        }
        _ => Ok(Source { colour: Colour::Pink, seed: Seed::Free(context.seed) }),
    }
}

fn named_or_fields(context: &Context, params: &Params<'_>, value: &Value) -> Result<Source> {
    let unseeded = |colour| Source { colour, seed: Seed::Free(context.seed) };
    let named = |shape| Source { colour: Colour::Shaped(shape), seed: default_seed(context) };
    let name = match value {
        Value::Object(fields) if FIELDS.iter().any(|field| fields.contains_key(*field)) => {
            return fill(context, fields, None);
        }
        Value::Object(fields) => {
            let name = fields.get("name").and_then(Value::as_str).unwrap_or_default();
            if let Some(shape) = preset(name) {
                return Ok(named(shape));
            }
            name.to_owned()
        }
        Value::String(name) => {
            let shaped = |exponent| Colour::Shaped(Shape::power_law(exponent));
            let green = Colour::Shaped(Shape::power_law(1.0).cut(Some(100.0), Some(1000.0)));
            match name.to_lowercase().as_str() {
                "pink" => return Ok(unseeded(Colour::Pink)),
                "brown" | "red" => return Ok(unseeded(Colour::Brown)),
                "deep brown" => return Ok(unseeded(shaped(3.0))),
                "blue" => return Ok(unseeded(shaped(-1.0))),
                "purple" => return Ok(unseeded(shaped(-2.0))),
                "green" => return Ok(unseeded(green)),
                _ => {}
            }
            if let Some(shape) = preset(name) {
                return Ok(named(shape));
            }
            name.clone()
        }
        other => shown(other),
    };
    let hint = suggestion(name.trim(), NAMES);
    params.warn(NOISE_TYPE.name, format!("unknown colour \"{name}\", using white noise{hint}"));
    Ok(unseeded(Colour::White))
}

/// The colour of a `.noise` file or of a voice made from one (spec noise 15.1). Missing fields come from the preset
/// called `name`, then from the general defaults; an absent seed is [`default_seed`].
fn completed(context: &Context, fields: &Map<String, Value>) -> Result<Source> {
    let name = fields.get("name").and_then(Value::as_str).unwrap_or("pink");
    let base = if context.compat.generic_noise_colours { None } else { preset(name) };
    let mut given = fields.clone();
    given.retain(|_, value| !value.is_null());
    fill(context, &given, base)
}

/// A colour object with all eight fields, for writing `.noise` files. Missing fields are filled as [`completed`] reads
/// them; absent cut-offs are null (spec track-format 8.1).
pub(crate) fn filled(fields: &Map<String, Value>) -> Map<String, Value> {
    let given = |key: &str| fields.get(key).filter(|value| !value.is_null()).cloned();
    let whole = |x: f64| if x.fract() == 0.0 { json!(x as i64) } else { json!(x) };
    let name = given("name").unwrap_or_else(|| json!("pink"));
    let base = name.as_str().and_then(preset);
    let otherwise = base.unwrap_or(Shape::power_law(1.0));
    let exponent = given("exponent").unwrap_or_else(|| whole(otherwise.exponent));
    let high = base.map_or_else(|| exponent.clone(), |base| whole(base.high_exponent));
    let cut = |hz: Option<f64>| hz.map_or(Value::Null, whole);
    let mut out = Map::new();
    out.insert("name".to_owned(), name);
    out.insert("exponent".to_owned(), exponent);
    for (key, default) in [
        ("high_exponent", high),
        ("distribution_curve", whole(otherwise.curve)),
        ("lowcut", cut(otherwise.low_cut)),
        ("highcut", cut(otherwise.high_cut)),
        ("amplitude", whole(otherwise.amplitude)),
        ("seed", json!(1)),
    ] {
        out.insert(key.to_owned(), given(key).unwrap_or(default));
    }
    out
}

/// The colour of the given fields. Missing fields come from `base`, or else from the general defaults: exponent 1 at
/// all frequencies, no cut-offs, seed 1.
fn fill(context: &Context, fields: &Map<String, Value>, base: Option<Shape>) -> Result<Source> {
    let field = |name: &str, default: f64| num(fields.get(name), default).map_err(|e| e.within(name));
    let cut = |name: &str, default: Option<f64>| match fields.get(name).and_then(number) {
        Some(hz) => within_limits(hz).map(Some).map_err(|e| e.within(name)),
        None => Ok(default),
    };
    let slope = |name: &str, default: f64| {
        let slope = field(name, default)?;
        let expected =
            || Error::invalid(name, format!("expected a number between -{STEEPEST} and {STEEPEST}, got {slope}"));
        if slope.abs() <= STEEPEST { Ok(slope) } else { Err(expected()) }
    };
    let otherwise = base.unwrap_or(Shape::power_law(1.0));
    let exponent = slope("exponent", otherwise.exponent)?;
    let shape = Shape {
        exponent,
        high_exponent: slope("high_exponent", base.map_or(exponent, |b| b.high_exponent))?,
        curve: field("distribution_curve", otherwise.curve)?,
        low_cut: cut("lowcut", otherwise.low_cut)?,
        high_cut: cut("highcut", otherwise.high_cut)?,
        amplitude: field("amplitude", otherwise.amplitude)?,
    };
    Ok(Source { colour: Colour::Shaped(shape), seed: seed(context, fields.get("seed"))? })
}

/// Correlation of the ears (spec noise 16.4).
pub(super) fn correlation(context: &Context, params: &Params<'_>) -> Result<f64> {
    let correlation = params.number(&STEREO_CORRELATION)?;
    if context.compat.full_band_noise {
        return Ok(correlation);
    }
    if correlation != 0.0 {
        params.warn(
            STEREO_CORRELATION.name,
            "has an effect only under `full_band_noise`, which `compat=\"intended\"` turns on",
        );
    }
    Ok(1.0)
}

/// The seed of a colour for which the track gives none: 1, but under `Compat::full_band_noise` the voice's own.
const fn default_seed(context: &Context) -> Seed {
    if context.compat.full_band_noise { Seed::Free(context.seed) } else { Seed::Legacy(1) }
}

/// The seed of a colour: a whole number modulo 2³², [`default_seed`] if absent, the voice's own seed if null.
fn seed(context: &Context, value: Option<&Value>) -> Result<Seed> {
    match value {
        None => Ok(default_seed(context)),
        Some(Value::Null) => Ok(Seed::Free(context.seed)),
        Some(value) => match number(value) {
            Some(n) => {
                let seed = within_limits(n).map_err(|e| e.within("seed"))?;
                Ok(Seed::Legacy(seed.trunc().rem_euclid(4_294_967_296.0) as u32))
            }
            None => Err(Error::invalid("seed", format!("expected a whole number, got {}", shown(value)))),
        },
    }
}

/// A message about cut-offs that are ignored at this sample rate, if there are any.
fn impossible(shape: &Shape, sample_rate: f64) -> Option<String> {
    let nyquist = sample_rate / 2.0;
    let odd = |hz: f64| hz < 0.0 || hz >= nyquist;
    match (shape.low_cut, shape.high_cut) {
        (Some(low), Some(high)) if low > 0.0 && high > 0.0 && low >= high => {
            Some(format!("lowcut {low} Hz is not below highcut {high} Hz; both are ignored"))
        }
        (Some(low), _) if odd(low) => Some(format!("lowcut {low} Hz is not between 0 and {nyquist} Hz; ignored")),
        (_, Some(high)) if odd(high) => Some(format!("highcut {high} Hz is not between 0 and {nyquist} Hz; ignored")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::Compat;

    fn colour(given: Value) -> (Source, Vec<String>) {
        read_under(given, Compat::DEFAULT)
    }

    fn read_under(given: Value, compat: Compat) -> (Source, Vec<String>) {
        let mut context = Context::new(1.0, 44_100.0).with_compat(compat);
        context.seed = 99;
        let map = given.as_object().unwrap();
        let params = Params::new(map, &[TABLE], false, compat);
        let source = read(&context, &params).unwrap();
        (source, params.into_warnings().into_iter().map(|w| w.to_string()).collect())
    }

    fn shape(source: Source) -> Shape {
        let Colour::Shaped(shape) = source.colour else { panic!("{source:?}") };
        shape
    }

    #[test]
    fn names_and_objects_are_read_as_specified() {
        for (given, expected, seed) in [
            (json!({}), Colour::Pink, Seed::Free(99)),
            (json!({"noise_type": "PINK"}), Colour::Pink, Seed::Free(99)),
            (json!({"noise_type": "red"}), Colour::Brown, Seed::Free(99)),
            (json!({"noise_type": "white"}), Colour::Shaped(Shape::power_law(0.0)), Seed::Legacy(1)),
            (json!({"noise_type": " pink "}), Colour::Shaped(Shape::power_law(1.0)), Seed::Legacy(1)),
            (json!({"noise_type": {"name": " Brown"}}), Colour::Shaped(Shape::power_law(2.0)), Seed::Legacy(1)),
            (
                json!({"noise_type": {"name": "brown", "seed": 7}}),
                Colour::Shaped(Shape::power_law(1.0)),
                Seed::Legacy(7),
            ),
            (
                json!({"noise_type": {"exponent": "2", "seed": null}}),
                Colour::Shaped(Shape::power_law(2.0)),
                Seed::Free(99),
            ),
            (json!({"noise_type": {"seed": -1.5}}), Colour::Shaped(Shape::power_law(1.0)), Seed::Legacy(u32::MAX)),
            (json!({"noise_type": {"seed": true}}), Colour::Shaped(Shape::power_law(1.0)), Seed::Legacy(1)),
        ] {
            let (source, warnings) = colour(given.clone());
            assert_eq!((source.colour, source.seed), (expected, seed), "{given}");
            assert!(warnings.is_empty(), "{warnings:?}");
        }
    }

    #[test]
    fn unknown_colours_are_white_with_a_warning() {
        for given in [json!("pnik"), json!(""), json!([1]), json!({"name": "mauve"}), json!({})] {
            let (source, warnings) = colour(json!({"noise_type": given}));
            assert_eq!(source.colour, Colour::White);
            assert!(warnings[0].starts_with("noise_type: unknown colour"), "{warnings:?}");
        }
        assert!(colour(json!({"noise_type": "pnik"})).1[0].contains("did you mean \"pink\"?"));
    }

    #[test]
    fn noise_parameters_are_read_and_completed_from_the_preset() {
        let named = json!({"noise_parameters": {"name": "green", "seed": 5}});
        let (source, _) = colour(named.clone());
        assert_eq!(shape(source), Shape::power_law(0.0).cut(Some(100.0), Some(8000.0)));
        assert_eq!(source.seed, Seed::Legacy(5));
        let (own, _) = colour(json!({"noise_parameters": {"name": "mauve", "exponent": 0.5}}));
        assert_eq!(shape(own), Shape::power_law(0.5));
        let (kept, _) = colour(json!({"noise_parameters": {"name": "red"}}));
        assert_eq!((shape(kept).exponent, shape(kept).high_exponent), (2.0, 1.5));
        // `noise_type` takes precedence; the legacy implementation ignores `noise_parameters`
        let (both, _) = colour(json!({"noise_type": "pink", "noise_parameters": {"name": "brown"}}));
        assert_eq!(both.colour, Colour::Pink);
        assert_eq!(read_under(named, Compat::LEGACY).0.colour, Colour::Pink);
    }

    #[test]
    fn impossible_cut_offs_are_reported() {
        let say = |low, high| impossible(&Shape::power_law(0.0).cut(low, high), 32_000.0);
        assert!(say(None, Some(20_000.0)).unwrap().contains("20000"));
        assert!(say(Some(900.0), Some(300.0)).unwrap().contains("both"));
        assert!(say(Some(-3.0), None).is_some());
        assert_eq!(say(Some(50.0), Some(15_000.0)), None);
        assert_eq!(say(Some(0.0), None), None);
    }
}
