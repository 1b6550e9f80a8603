//! Generates the JSON Schema of a track from the model and the parameter tables of the voices.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::model::Track;
use crate::voice::family::Family;
use crate::voice::param::{Fallback, Kind, Param, SPATIAL};
use crate::voice::registry;
use crate::voice::registry::FAMILIES;
use crate::voice::spatial::stage::rows::TABLE;

/// Fields that the loader accepts but the model does not have: part, name, meaning.
const UNMODELLED: &[(&str, &str, &str)] = &[
    (
        "VoiceSpec",
        "voice_id",
        "Who this voice is from step to step: a voice that the next step repeats unchanged runs on as one sound, others carry their phases on.",
    ),
    ("VoiceSpec", "name", "Label if there is no description."),
    ("VoiceSpec", "category", "Lane in a timeline display."),
    ("Clip", "streaming", "True if the samples are pushed while playing."),
    ("Clip", "category", "Lane in a timeline display."),
];

impl Track {
    /// The JSON Schema (draft 2020-12) of a track in the second dialect and canonical spelling, with the parameters of
    /// every voice. It is meant for editors; the loader accepts more (older spellings, numbers as text).
    ///
    /// ```
    /// use realtime_backend_core::track::Track;
    ///
    /// let schema = Track::json_schema();
    /// assert_eq!(schema["type"], "object");
    /// ```
    pub fn json_schema() -> Value {
        let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Self>().to_value();
        for part in schema["$defs"].as_object_mut().into_iter().flat_map(Map::values_mut) {
            relax(part);
        }
        schema["$defs"]["Clip"]["properties"][SPATIAL.name] = property(&SPATIAL);
        for (part, field, about) in UNMODELLED {
            schema["$defs"][*part]["properties"][*field] = json!({ "description": about });
        }
        let voice = &mut schema["$defs"]["VoiceSpec"];
        voice["properties"]["synth_function_name"]["enum"] = json!(registry::names());
        voice["allOf"] = FAMILIES.iter().map(|family| rule(family)).collect();
        schema["$defs"][SPATIAL.name] =
            json!({"description": SPATIAL.about, "type": "object", "properties": described(TABLE.iter(), false)});
        for family in FAMILIES {
            schema["$defs"][definition(family)] = parameters(family);
        }
        schema
    }
}

/// Remove fields that have a default from the list of required ones.
fn relax(part: &mut Value) {
    let defaults = part["properties"].clone();
    let Some(required) = part.get_mut("required").and_then(Value::as_array_mut) else { return };
    required.retain(|name| name.as_str().is_some_and(|name| defaults[name].get("default").is_none()));
    if required.is_empty()
        && let Some(part) = part.as_object_mut()
    {
        part.shift_remove("required");
    }
}

fn definition(family: &Family) -> String {
    format!("params of {}", family.name)
}

/// The rule that gives the voices of a family the definition of their parameters.
fn rule(family: &Family) -> Value {
    let mut names = vec![family.name.to_owned()];
    names.extend(family.transition.then(|| format!("{}_transition", family.name)));
    json!({
        "if": {"properties": {"synth_function_name": {"enum": names}}},
        "then": {"properties": {"params": {"$ref": format!("#/$defs/{}", definition(family).replace(' ', "%20"))}}},
    })
}

/// The parameters of a family, in the spellings of the static and of the transition voice.
fn parameters(family: &Family) -> Value {
    let properties = described(family.rows(family.transition), true);
    json!({"description": family.summary, "type": "object", "properties": properties})
}

/// The properties that the rows describe, in the spellings of the static voice and, with `moving`, of the transition voice.
fn described<'a>(rows: impl Iterator<Item = &'a Param>, moving: bool) -> Map<String, Value> {
    let mut properties = Map::new();
    for param in rows {
        for name in [false, true].into_iter().take(1 + usize::from(moving)).flat_map(|moves| param.spellings(moves)) {
            properties.entry(name).or_insert_with(|| property(param));
        }
    }
    properties
}

fn property(param: &Param) -> Value {
    if *param == SPATIAL {
        return json!({"description": SPATIAL.about, "$ref": format!("#/$defs/{}", SPATIAL.name)});
    }
    let mut out = Map::new();
    let kind = match param.kind {
        Kind::Number => Some("number"),
        Kind::Integer => Some("integer"),
        Kind::Flag => Some("boolean"),
        Kind::Choice(_) | Kind::Text | Kind::File => Some("string"),
        Kind::Files | Kind::Structure => None,
    };
    let unit = if param.unit.is_empty() { String::new() } else { format!(" [{}]", param.unit) };
    out.insert("description".to_owned(), json!(format!("{}{unit}", param.about)));
    if let Some(kind) = kind {
        // The legacy editor writes some numeric switches as flags.
        let kinds = if kind == "number" { json!([kind, "boolean", "null"]) } else { json!([kind, "null"]) };
        out.insert("type".to_owned(), kinds);
    }
    if let Kind::Choice(words) = param.kind {
        out.insert("enum".to_owned(), words.iter().map(|word| json!(word)).chain([Value::Null]).collect());
    }
    for (bound, limit, none) in [("minimum", param.min, f64::MIN), ("maximum", param.max, f64::MAX)] {
        if limit != none {
            out.insert(bound.to_owned(), json!(limit));
        }
    }
    match param.default {
        Fallback::Number(number) => out.insert("default".to_owned(), json!(number)),
        Fallback::Flag(flag) => out.insert("default".to_owned(), json!(flag)),
        Fallback::Text(text) => out.insert("default".to_owned(), json!(text)),
        Fallback::None => None,
    };
    Value::Object(out)
}
