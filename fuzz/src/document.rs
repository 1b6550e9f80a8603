//! Generates tracks from random bytes. Most have the right structure, so that the loader accepts them, and values at
//! and beyond the limits in the parameter tables of the voices.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Map, Value, json};
use realtime_backend_core::voice::describe;

/// A track as JSON.
#[derive(Debug)]
pub struct Document(pub Value);

/// All voices with their parameters.
static VOICES: LazyLock<Vec<Value>> = LazyLock::new(|| list(describe::voices()));
/// The parameters that every voice can have.
static FLANGER: LazyLock<Vec<Value>> = LazyLock::new(|| list(describe::flanger()));

/// Numbers that often cause errors.
const NUMBERS: &[f64] = &[
    0.0, -0.0, 1.0, -1.0, 0.5, 1e-9, 1e-300, -1e-3, 2.0, 3.7, 10.0, 100.0, 440.0, 999.0, 4e3, 2e4, 1e6, 1e9, -1e9, 1e18,
    1e300, -1e300, 4_294_967_296.0, 9_007_199_254_740_993.0,
];
const SECONDS: &[f64] = &[0.0, 0.001, 0.01, 0.1, 1.0, 1.0, 1.0, 3.3, 60.0, 3600.0, 28_800.0, -1.0, 1e9];
const WORDS: &[&str] = &["", "linear", "equal_power", "sine", "nan", "inf", "-Infinity", "1e999", "x", "\u{1b}[2J", "\u{202e}", "false"];
/// Cyclic movements of a layer.
const MOVEMENT: [&str; 7] =
    ["am_rate", "am_depth", "am_duty", "pan_rate", "pan_width", "spin_rate", "spin_width"];
const FILES: &[&str] = &["clip.wav", "missing.wav", "", "/", "..", "data:audio/wav;base64,UklGRg==", "noise.noise"];
const COLOURS: &[&str] = &["pink", "brown", "white", "blue", "green", "no such colour"];
const COMPAT: &[&str] = &["legacy", "default", "intended"];

impl<'a> Arbitrary<'a> for Document {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut track = json!({ "global": globals(u)?, "progression": many(u, 4, step)? });
        if u.ratio(1, 3)? {
            track["background_noise"] = background(u)?;
        }
        if u.ratio(1, 4)? {
            track["overlay_clips"] = many(u, 4, clip)?;
        }
        Ok(Self(track))
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn many(u: &mut Unstructured<'_>, most: usize, one: fn(&mut Unstructured<'_>) -> Result<Value>) -> Result<Value> {
    (0..u.int_in_range(0..=most)?).map(|_| one(u)).collect()
}

fn globals(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    sometimes(u, &mut map, "crossfade_duration", seconds)?;
    sometimes(u, &mut map, "crossfade_curve", word)?;
    sometimes(u, &mut map, "crossfade_overlap", number)?;
    sometimes(u, &mut map, "normalization_level", number)?;
    sometimes(u, &mut map, "compat", |u| Ok(json!(u.choose(COMPAT)?)))?;
    Ok(Value::Object(map))
}

fn step(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    map.insert("duration".into(), seconds(u)?);
    map.insert("voices".into(), many(u, 3, voice)?);
    sometimes(u, &mut map, "start", seconds)?;
    sometimes(u, &mut map, "binaural_volume", number)?;
    sometimes(u, &mut map, "crossfade_duration", seconds)?;
    Ok(Value::Object(map))
}

fn voice(u: &mut Unstructured<'_>) -> Result<Value> {
    let known = u.choose(&VOICES)?;
    let rows = known["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let mut params = Map::new();
    for _ in 0..u.int_in_range(0..=8)? {
        let rows = if u.ratio(1, 8)? { FLANGER.as_slice() } else { rows };
        let row = u.choose(rows)?;
        params.insert(row["name"].as_str().unwrap_or_default().to_owned(), parameter(u, row)?);
    }
    let mut map = Map::new();
    map.insert("synth_function_name".into(), known["name"].clone());
    map.insert("params".into(), Value::Object(params));
    sometimes(u, &mut map, "voice_id", |u| Ok(json!(u.choose(&["a", "b"])?)))?;
    sometimes(u, &mut map, "is_transition", anything)?;
    sometimes(u, &mut map, "volume_envelope", envelope)?;
    Ok(Value::Object(map))
}

/// A value for a row of a parameter table: a probable value, a limit, or any value.
fn parameter(u: &mut Unstructured<'_>, row: &Value) -> Result<Value> {
    Ok(match u.int_in_range(0..=9)? {
        0 => row["minimum"].clone(),
        1 => row["maximum"].clone(),
        2 => row["default"].clone(),
        3 => anything(u)?,
        _ => match row["kind"].as_str() {
            Some("choice") => u.choose(row["choices"].as_array().map_or(&[][..], Vec::as_slice))?.clone(),
            Some("flag") => json!(u.arbitrary::<bool>()?),
            Some("text" | "file") => json!(u.choose(FILES)?),
            Some("files") => json!([u.choose(FILES)?, u.choose(FILES)?]),
            Some("structure") => structure(u, 3)?,
            _ => number(u)?,
        },
    })
}

fn envelope(u: &mut Unstructured<'_>) -> Result<Value> {
    let kind = u.choose(&["adsr", "linen", "linear_fade_in", "linear_fade_out", "breakpoints"])?;
    let mut params = Map::new();
    for name in ["attack", "decay", "release", "fade_duration", "start_amp", "end_amp", "sustain_level"] {
        sometimes(u, &mut params, name, number)?;
    }
    Ok(json!({ "type": kind, "params": params }))
}

fn background(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    if u.arbitrary()? {
        map.insert("file_path".into(), json!(u.choose(FILES)?));
    } else {
        map.insert("params".into(), noise(u)?);
    }
    sometimes(u, &mut map, "gain", number)?;
    sometimes(u, &mut map, "pan", number)?;
    sometimes(u, &mut map, "start_time", seconds)?;
    sometimes(u, &mut map, "fade_in", seconds)?;
    sometimes(u, &mut map, "fade_out", seconds)?;
    sometimes(u, &mut map, "amp_envelope", |u| structure(u, 2))?;
    for name in MOVEMENT {
        sometimes(u, &mut map, name, number)?;
    }
    Ok(Value::Object(map))
}

/// The content of a `.noise` file.
fn noise(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    sometimes(u, &mut map, "noise_type", |u| Ok(json!(u.choose(COLOURS)?)))?;
    sometimes(u, &mut map, "duration_seconds", seconds)?;
    sometimes(u, &mut map, "sample_rate", number)?;
    sometimes(u, &mut map, "lfo_freq", number)?;
    sometimes(u, &mut map, "transition", anything)?;
    sometimes(u, &mut map, "num_sweeps", number)?;
    sometimes(u, &mut map, "sweeps", |u| many(u, 3, sweep))?;
    sometimes(u, &mut map, "noise_parameters", |u| structure(u, 2))?;
    Ok(Value::Object(map))
}

fn sweep(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    for name in ["start_min", "start_max", "end_min", "end_max", "start_q", "end_q", "start_casc", "end_casc"] {
        sometimes(u, &mut map, name, number)?;
    }
    Ok(Value::Object(map))
}

fn clip(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut map = Map::new();
    map.insert("file_path".into(), json!(u.choose(FILES)?));
    sometimes(u, &mut map, "start", seconds)?;
    sometimes(u, &mut map, "duration", seconds)?;
    sometimes(u, &mut map, "amp", number)?;
    sometimes(u, &mut map, "pan", number)?;
    sometimes(u, &mut map, "fade_in", seconds)?;
    sometimes(u, &mut map, "fade_out", seconds)?;
    sometimes(u, &mut map, "streaming", anything)?;
    Ok(Value::Object(map))
}

fn sometimes(
    u: &mut Unstructured<'_>,
    map: &mut Map<String, Value>,
    key: &str,
    value: impl FnOnce(&mut Unstructured<'_>) -> Result<Value>,
) -> Result<()> {
    if u.ratio(1, 3)? {
        map.insert(key.to_owned(), value(u)?);
    }
    Ok(())
}

fn number(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=3)? {
        0 => json!(u.choose(NUMBERS)?),
        1 => json!(u.arbitrary::<f64>()?),
        _ => json!(f64::from(u.arbitrary::<i16>()?) / 64.0),
    })
}

fn seconds(u: &mut Unstructured<'_>) -> Result<Value> {
    if u.ratio(1, 8)? { anything(u) } else { Ok(json!(u.choose(SECONDS)?)) }
}

fn word(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(json!(u.choose(WORDS)?))
}

fn anything(u: &mut Unstructured<'_>) -> Result<Value> {
    structure(u, 2)
}

fn structure(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match u.int_in_range(0..=if depth == 0 { 4 } else { 6 })? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => word(u)?,
        5 => (0..u.int_in_range(0..=4)?).map(|_| structure(u, depth - 1)).collect::<Result<Value>>()?,
        6 => {
            let mut map = Map::new();
            for _ in 0..u.int_in_range(0..=3)? {
                let key = u.choose(&["time", "value", "start", "end", "exponent", "low_cutoff", "amplitude", "name"])?;
                map.insert((*key).to_owned(), structure(u, depth - 1)?);
            }
            Value::Object(map)
        }
        _ => number(u)?,
    })
}
