//! The registry as JSON data, which the command line, Python and the documentation show.

use serde_json::{Value, json};

use super::param::{Fallback, Kind, Param};
use super::registry;
use super::spatial::stage::rows::TABLE;
use super::stages::flange;

/// An array of all voices in registry order, each as an object of [`voice`].
///
/// ```
/// use realtime_backend_core::voice::describe::voices;
///
/// assert_eq!(voices()[0]["name"], "binaural_beat");
/// ```
pub fn voices() -> Value {
    registry::names().iter().filter_map(|name| voice(name)).collect()
}

/// An object that describes the voice called `name`: `name`, `family`, `is_transition`, `summary`, `source`,
/// `carrier`, `beat` (names of parameters) and `parameters`. The last is an array with one object for each name that a track can write (`name`, `parameter`,
/// `kind`, `choices`, `unit`, `default`, `minimum`, `maximum`, `about`); absent values are null. `None` if there is no
/// such voice.
///
/// ```
/// use realtime_backend_core::voice::describe::voice;
///
/// let described = voice("binaural_beat").expect("a known voice");
/// assert_eq!(described["carrier"], "baseFreq");
/// ```
pub fn voice(name: &str) -> Option<Value> {
    let (family, transition) = registry::find(name)?;
    let parameters: Vec<Value> = family.rows(transition).flat_map(|param| parameters(param, transition)).collect();
    Some(json!({
        "name": name,
        "family": family.name,
        "is_transition": transition,
        "summary": family.summary,
        "source": family.source,
        "carrier": family.carrier.map(|row| row.name),
        "beat": family.beat.map(|row| row.name),
        "parameters": parameters,
    }))
}

/// The parameters of the flanger that every voice can have, in the form of `parameters` in [`voice`].
///
/// ```
/// use realtime_backend_core::voice::describe::flanger;
///
/// assert_eq!(flanger()[0]["kind"], "flag");
/// ```
pub fn flanger() -> Value {
    flange::PARAMS.iter().flat_map(|param| parameters(param, false)).collect()
}

/// The keys of the parameter `spatial` that every voice can have, in the form of `parameters` in [`voice`].
///
/// ```
/// use realtime_backend_core::voice::describe::spatial;
///
/// assert_eq!(spatial()[0]["name"], "rendererMode");
/// ```
pub fn spatial() -> Value {
    TABLE.iter().flat_map(|param| parameters(param, false)).collect()
}

/// One object for each documented name of `param`.
fn parameters(param: &Param, transition: bool) -> Vec<Value> {
    let (kind, choices): (_, &[&str]) = match param.kind {
        Kind::Number => ("number", &[]),
        Kind::Integer => ("integer", &[]),
        Kind::Flag => ("flag", &[]),
        Kind::Choice(words) => ("choice", words),
        Kind::Text => ("text", &[]),
        Kind::File => ("file", &[]),
        Kind::Files => ("files", &[]),
        Kind::Structure => ("structure", &[]),
    };
    let describe = |(name, default): (String, Fallback)| {
        json!({
            "name": name,
            "parameter": param.name,
            "kind": kind,
            "choices": choices,
            "unit": param.unit,
            "default": match default {
                Fallback::Number(number) => json!(number),
                Fallback::Flag(flag) => json!(flag),
                Fallback::Text(text) => json!(text),
                Fallback::None => Value::Null,
            },
            "minimum": (param.min != f64::MIN).then_some(param.min),
            "maximum": (param.max != f64::MAX).then_some(param.max),
            "about": param.about,
        })
    };
    param.documented(transition).into_iter().map(describe).collect()
}
