//! Converts options, findings and errors between JavaScript and the engine.

use js_sys::{Array, Object, Reflect};
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem, Result, Severity};
use realtime_backend_core::plan::OnError;
use serde::Deserialize;
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

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Given {
    sample_rate: Option<f64>,
    start: Option<f64>,
    startup_fade: Option<f64>,
    ramp: Option<f64>,
    volume: Option<f64>,
    compat: Option<Value>,
    seed: Option<u64>,
    on_error: Option<String>,
}

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
    let given: Given = serde_json::from_str(text).map_err(|error| Error::invalid("options", error.to_string()))?;
    let default = StreamOptions::default();
    let number = |name: &str, value: Option<f64>, default: f64| match value {
        Some(value) if value < 0.0 => {
            Err(Error::invalid(format!("options.{name}"), format!("expected a number of at least 0, got {value}")))
        }
        value => Ok(value.unwrap_or(default)),
    };
    Ok(StreamOptions {
        sample_rate: given.sample_rate.map(sample_rate).transpose()?,
        start: number("start", given.start, default.start)?,
        entry: default.entry,
        startup_fade: number("startupFade", given.startup_fade, default.startup_fade)?,
        ramp: number("ramp", given.ramp, default.ramp)?,
        volume: number("volume", given.volume, 1.0)? as f32,
        compat: given.compat.as_ref().map(compat).transpose()?,
        seed: given.seed,
        on_error: OnError::from_word("options.onError", given.on_error.as_deref().unwrap_or("raise"))?,
        media_cache: default.media_cache,
    })
}

fn sample_rate(rate: f64) -> Result<u32> {
    if rate.fract() == 0.0 && (1000.0..=1_000_000.0).contains(&rate) {
        return Ok(rate as u32);
    }
    let message = format!("expected a whole number of 1000 to 1000000 frames per second, got {rate}");
    Err(Error::invalid("options.sampleRate", message))
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
    .map_err(|error| error.within("options.compat"))
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
            (r#"{"strat": 1}"#, "strat"),
            (r#"{"ramp": -1}"#, "options.ramp: expected a number of at least 0, got -1"),
            (r#"{"compat": "legasy"}"#, "did you mean"),
            (r#"{"onError": "ignore"}"#, "options.onError"),
        ] {
            let message = parsed(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
