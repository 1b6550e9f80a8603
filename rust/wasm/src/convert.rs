//! Converts options, findings and errors between JavaScript and the engine.

use js_sys::{Array, Object, Reflect};
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem, Result, Severity, suggestion};
use realtime_backend_core::json::parse::parse;
use realtime_backend_core::plan::OnError;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::options::StreamOptions;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A finding about a track: its path (empty: the whole document) and a message. */
export interface Problem { severity: "warning" | "error"; path: string; message: string; }

/** An error of the engine. `problems` lists the errors of the track; it is empty if the track is not the cause. */
export interface TrackError extends Error { name: "TrackError"; problems: Problem[]; }

/** Options of a stream. Times are in seconds. */
export interface EngineOptions {
    /** Frames per second. Default: the rate of the track. */
    sampleRate?: number;
    /** Position in the track at which to start. Default: 0. */
    start?: number;
    /** Length of the fade-in when the stream starts at the beginning of the track. Default: 3. */
    startupFade?: number;
    /** Length of the ramps that avoid clicks, 0.001 to 0.5. Default: 0.015. */
    ramp?: number;
    /** Linear volume, 0 to 1. Default: 1. */
    volume?: number;
    /** Rules that replace those of the track: the name of a preset, or `{ preset?, [switch]: boolean }`. */
    compat?: string | Record<string, boolean | string>;
    /** Seed of random parts that have no seed in the track. Default: derived from the content of the track. */
    seed?: number;
    /** `"raise"` (default) refuses a track with a voice that cannot be rendered; `"warn"` leaves the voice out. */
    onError?: "raise" | "warn";
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `Problem[]` in TypeScript.
    #[wasm_bindgen(typescript_type = "Problem[]")]
    pub type Problems;
    /// `EngineOptions` in TypeScript.
    #[wasm_bindgen(typescript_type = "EngineOptions")]
    pub type Options;
    /// `string[]` in TypeScript.
    #[wasm_bindgen(typescript_type = "string[]")]
    pub type Strings;
}

/// The names of the options.
const NAMES: [&str; 8] = ["sampleRate", "start", "startupFade", "ramp", "volume", "compat", "seed", "onError"];

/// Convert options from a JavaScript object; `undefined` means the defaults.
pub(crate) fn options(given: Option<&Options>) -> Result<StreamOptions> {
    parsed(&given.map_or_else(|| "{}".to_owned(), |given| json_text(given)))
}

/// The JSON text of an object; `{}` for anything else.
pub(crate) fn json_text(given: &JsValue) -> String {
    let text = Some(given).filter(|given| given.is_object()).and_then(|given| js_sys::JSON::stringify(given).ok());
    text.map_or_else(|| "{}".to_owned(), String::from)
}

/// Convert options from JSON text.
fn parsed(text: &str) -> Result<StreamOptions> {
    let (value, _) = parse(text).map_err(|error| error.within("options"))?;
    let Value::Object(given) = value else { return Err(Error::invalid("options", "expected an object")) };
    let mut options = StreamOptions::default();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let done = set(&mut options, name, value);
        done.map_err(|error| error.within(name).within("options"))?;
    }
    Ok(options)
}

/// Set one option; errors are about its value.
fn set(options: &mut StreamOptions, name: &str, value: &Value) -> Result<()> {
    match name {
        "sampleRate" => options.sample_rate = Some(sample_rate(value)?),
        "start" => options.start = number(value)?,
        "startupFade" => options.startup_fade = number(value)?,
        "ramp" => options.ramp = number(value)?,
        "volume" => options.volume = number(value)? as f32,
        "compat" => options.compat = Some(compat(value)?),
        "seed" => options.seed = Some(value.as_u64().ok_or_else(|| refused("a whole number of at least 0", value))?),
        "onError" => options.on_error = OnError::from_word("", value.as_str().unwrap_or_default())?,
        _ => return Err(Error::invalid("", format!("unknown option{}", suggestion(name, NAMES)))),
    }
    Ok(())
}

/// The error of a value that is not what was expected.
fn refused(expected: &str, value: &Value) -> Error {
    Error::invalid("", format!("expected {expected}, got {value}"))
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().filter(|number| *number >= 0.0).ok_or_else(|| refused("a number of at least 0", value))
}

fn sample_rate(value: &Value) -> Result<u32> {
    let rate = value.as_f64().filter(|rate| rate.fract() == 0.0 && (1000.0..=1_000_000.0).contains(rate));
    rate.map(|rate| rate as u32).ok_or_else(|| refused("a whole number of 1000 to 1000000 frames per second", value))
}

fn compat(value: &Value) -> Result<Compat> {
    match value {
        Value::String(name) => Compat::named(name),
        Value::Object(map) => {
            let mut rules = map.get("preset").and_then(Value::as_str).map_or(Ok(Compat::DEFAULT), Compat::named)?;
            for (name, value) in map.iter().filter(|(name, _)| *name != "preset") {
                let on = value.as_bool().ok_or_else(|| Error::invalid(name, "expected true or false"))?;
                rules.switch(name, on)?;
            }
            Ok(rules)
        }
        _ => Err(Error::invalid("", "expected the name of a preset or an object of switches")),
    }
}

/// Convert findings to plain JavaScript objects.
pub(crate) fn problems(found: &[Problem]) -> Problems {
    let list = found.iter().map(|problem| {
        let object = Object::new();
        let severity = if problem.severity == Severity::Error { "error" } else { "warning" };
        for (key, value) in [("severity", severity), ("path", &problem.path), ("message", &problem.message)] {
            // setting a property of a new plain object cannot fail
            let _ = Reflect::set(&object, &key.into(), &value.into());
        }
        object
    });
    JsValue::from(list.collect::<Array>()).unchecked_into()
}

/// Convert an error to a JavaScript `Error` that is named `TrackError` and has a list of problems, or `MissingPart` if
/// the other module can do what is asked for.
pub(crate) fn raised(error: &Error) -> JsValue {
    let raised = js_sys::Error::new(&error.to_string());
    raised.set_name(if matches!(error, Error::Missing(_)) { "MissingPart" } else { "TrackError" });
    let found = if let Error::Invalid(found) = error { found.as_slice() } else { &[] };
    let _ = Reflect::set(&raised, &"problems".into(), &problems(found).into());
    raised.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_defaults_and_bad_options_are_named() {
        let options = parsed(r#"{"start": 2.5, "compat": {"preset": "legacy"}, "onError": "warn"}"#).unwrap();
        assert_eq!((options.start, options.startup_fade, options.on_error), (2.5, 3.0, OnError::Warn));
        for (text, part) in [
            (r#"{"strat": 1}"#, "options.strat: unknown option; did you mean \"start\"?"),
            (r#"{"seed": 1.5}"#, "options.seed: expected a whole number of at least 0, got 1.5"),
            (r#"{"sampleRate": 12.5}"#, "options.sampleRate: expected a whole number of 1000 to 1000000"),
            (r#"{"ramp": -1}"#, "options.ramp: expected a number of at least 0, got -1"),
            (r#"{"compat": "legasy"}"#, "did you mean"),
            (r#"{"onError": "ignore"}"#, "options.onError"),
        ] {
            let message = parsed(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
