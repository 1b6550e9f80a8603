//! The registry as plain data: what command line, Python and documentation show about a voice.

use serde_json::{Value, json};

use super::param::{Fallback, Kind, Param, TIMING};
use super::registry;
use super::stages::flange;

/// Every voice in registry order, as [`voice`] shows it.
pub fn voices() -> Value {
    registry::names().iter().filter_map(|name| voice(name)).collect()
}

/// The voice called `name`: `name`, `family`, `is_transition`, `summary`, `source`, and `parameters` with one object a
/// name to write (`name`, `parameter`, `kind`, `choices`, `unit`, `default`, `minimum`, `maximum`, `about`; null where
/// there is none). `None` if there is no such voice.
pub fn voice(name: &str) -> Option<Value> {
    let (family, transition) = registry::find(name)?;
    let rows = family.params.iter().copied().flatten().chain(TIMING);
    let parameters: Vec<Value> = rows.flat_map(|param| parameters(param, transition)).collect();
    Some(json!({
        "name": name,
        "family": family.name,
        "is_transition": transition,
        "summary": family.summary,
        "source": family.source,
        "parameters": parameters,
    }))
}

/// The parameters of the flanger that every voice can have, as in [`voice`].
pub fn flanger() -> Value {
    flange::PARAMS.iter().flat_map(|param| parameters(param, false)).collect()
}

/// One object for each name under which `param` is shown.
fn parameters(param: &Param, transition: bool) -> Vec<Value> {
    let (kind, choices): (_, &[&str]) = match param.kind {
        Kind::Number => ("number", &[]),
        Kind::Integer => ("integer", &[]),
        Kind::Flag => ("flag", &[]),
        Kind::Choice(words) => ("choice", words),
        Kind::Text => ("text", &[]),
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
