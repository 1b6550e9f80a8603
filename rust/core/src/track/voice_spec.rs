//! Reads the voices of a step (spec track-format 4, voice-pipeline 12.1).

use serde_json::{Map, Value};

use super::model::{Bus, Flange, Identity, VoiceSpec};
use super::{envelope, names};
use crate::error::Error;
use crate::json::fields::{Fields, plain_text, says_no};
use crate::json::findings::Findings;
use crate::json::path;
use crate::json::value::{number, shown, truthy};
use crate::voice::registry;

/// Longest name of a voice, in bytes, that is looked up and repeated in full in a message.
const MAX_NAME: usize = 100;

/// All voices of a step.
pub(super) fn read_all(step: &Fields<'_>) -> Vec<VoiceSpec> {
    let Some((at, items)) = step.list(names::VOICES) else { return Vec::new() };
    let findings = step.findings;
    let mut voices = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = path::item(&at, index);
        match item {
            Value::Object(map) => voices.push(read(map, at, index, findings)),
            other => findings.error(at, format!("expected a voice (an object), got {}", shown(other))),
        }
    }
    voices
}

fn read(map: &Map<String, Value>, at: String, position: usize, findings: &Findings) -> VoiceSpec {
    let fields = Fields::new(map, at.clone(), findings);
    let bad_before = findings.bad_voices();
    let is_transition = fields.flag(names::IS_TRANSITION).unwrap_or(false);
    let (function, transition) = function(&fields, is_transition);
    let empty = Map::new();
    let (params_at, given) = fields.object(names::PARAMS).unwrap_or_else(|| (fields.at(names::PARAMS[0]), &empty));
    let raw = Fields::new(given, params_at.clone(), findings);
    if transition && !findings.rules.transition_timing {
        warn_of_jump(&raw);
    }
    let voice_type = fields.text(names::VOICE_TYPE);
    let description = fields.text(names::DESCRIPTION).unwrap_or_default();
    let mut voice = VoiceSpec {
        params: params(given, is_transition, &raw),
        flange: flange(given, &raw),
        envelope: envelope::read(&fields),
        bus: bus(&fields, voice_type.as_deref()),
        source_id: fields.text(names::SOURCE_ID).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()),
        scene_parts: scene_parts(given),
        identity: identity(&fields, voice_type, &function, &description, position),
        function,
        is_transition,
        unusable: false,
        description,
        at,
        params_at,
    };
    voice.unusable = findings.bad_voices() > bad_before;
    fields.known(names::VOICE_HINTS);
    fields.finish();
    voice
}

/// The generator's name, and whether its transition form is used. Reports unknown names.
fn function(fields: &Fields<'_>, is_transition: bool) -> (String, bool) {
    let Some(found) = fields.pick_filled(names::FUNCTION) else {
        let message = format!("the voice has no \"{}\"", names::FUNCTION[0]);
        fields.findings.bad_voice(fields.at.clone(), message);
        return (String::new(), false);
    };
    let Value::String(given) = found.value else {
        let message = format!("expected the name of a voice, got {}", shown(found.value));
        fields.findings.bad_voice(fields.at(found.key), message);
        return (String::new(), false);
    };
    let name = match given.as_str() {
        "noise" => "noise_swept_notch",
        "noise_transition" => "noise_swept_notch_transition",
        other => other,
    };
    if name.len() > MAX_NAME {
        fields.findings.bad_voice(fields.at(found.key), format!("unknown voice {}", shown(found.value)));
        return (name.to_owned(), false);
    }
    match registry::resolve(name, is_transition) {
        Ok((_, transition)) => (name.to_owned(), transition),
        Err(Error::Invalid(problems)) => {
            for problem in problems {
                fields.findings.bad_voice(fields.at(found.key), problem.message);
            }
            (name.to_owned(), false)
        }
        Err(other) => {
            fields.findings.bad_voice(fields.at(found.key), other.to_string());
            (name.to_owned(), false)
        }
    }
}

/// The key that gives the length of a transition (spec voice-pipeline 12.1, rules 2 and 3).
fn ramp_key(given: &Map<String, Value>) -> Option<&'static str> {
    let filled = |key: &str| given.get(key).is_some_and(|value| !value.is_null());
    if filled("transition_duration") {
        return Some("transition_duration");
    }
    // A `duration` of null hides `post_offset`.
    let key = if given.contains_key("duration") { "duration" } else { "post_offset" };
    filled(key).then_some(key)
}

fn warn_of_jump(raw: &Fields<'_>) {
    let Some(key) = ramp_key(raw.map()) else { return };
    let length = raw.map().get(key).and_then(number);
    if length.is_some_and(|seconds| seconds <= 0.0) {
        raw.warn(key, "the transition takes no time: the voice jumps to its end values at initial_offset");
    }
}

/// The parameters for the generator, after rules 1 to 5 of spec voice-pipeline 12.1.
fn params(given: &Map<String, Value>, is_transition: bool, raw: &Fields<'_>) -> Map<String, Value> {
    let ramp = ramp_key(given);
    // Reserve the exact size: a map that grows stays half empty, and a long track has many of them.
    let mut params = Map::with_capacity(given.len());
    for (key, value) in given {
        let key = match key.as_str() {
            key if is_flange(key) || names::PRIVATE.contains(&key) || value.is_null() => continue,
            key if names::SCENE_PARTS.contains(&key) => continue,
            "initial_offset" if !is_transition => continue,
            "duration" | "post_offset" | "transition_duration" if is_transition && ramp == Some(key.as_str()) => {
                "transition_duration"
            }
            "duration" | "post_offset" | "sample_rate" => continue,
            key => key,
        };
        if is_transition && matches!(key, "initial_offset" | "transition_duration") {
            let written = if key == "transition_duration" { ramp.unwrap_or(key) } else { "initial_offset" };
            if let Some(message) = not_seconds(value) {
                raw.findings.bad_voice(raw.at(written), message);
                continue;
            }
        }
        params.insert(key.to_owned(), value.clone());
    }
    params
}

/// The parts of a scene that older editors write into the parameters of a voice.
fn scene_parts(given: &Map<String, Value>) -> Option<Box<Map<String, Value>>> {
    let parts = given.iter().filter(|(key, value)| names::SCENE_PARTS.contains(&key.as_str()) && !value.is_null());
    let parts: Map<String, Value> = parts.map(|(key, value)| (key.clone(), value.clone())).collect();
    (!parts.is_empty()).then(|| Box::new(parts))
}

fn not_seconds(value: &Value) -> Option<String> {
    match number(value) {
        None => Some(format!("expected a number, got {}", shown(value))),
        Some(x) if !x.is_finite() => Some(format!("expected a finite number, got {}", shown(value))),
        Some(_) => None,
    }
}

fn is_flange(key: &str) -> bool {
    key.to_lowercase().contains("flange")
}

/// The settings of the flanger, if it is on (spec voice-pipeline 12.1 rule 1 and 12.5).
fn flange(given: &Map<String, Value>, raw: &Fields<'_>) -> Option<Box<Flange>> {
    let on = match given.get("flangeEnable")? {
        Value::String(text) if says_no(text) && !raw.findings.rules.text_is_true => {
            raw.warn("flangeEnable", "the text is taken as false");
            false
        }
        other => truthy(other),
    };
    let seconds = |key: &str| given.get(key).and_then(number).filter(|x| x.is_finite());
    let length = if given.contains_key("duration") { "duration" } else { "post_offset" };
    let read = || Flange {
        params: given.iter().filter(|(key, _)| is_flange(key)).map(|(k, v)| (k.clone(), v.clone())).collect(),
        initial_offset: seconds("initial_offset").unwrap_or(0.0),
        transition_duration: seconds(length),
        curve: given.get("transition_curve").filter(|v| !v.is_null()).map_or_else(|| "linear".to_owned(), plain_text),
    };
    on.then(|| Box::new(read()))
}

fn bus(fields: &Fields<'_>, voice_type: Option<&str>) -> Bus {
    match voice_type.map(|text| text.trim().to_lowercase()).as_deref() {
        Some("noise") => Bus::Noise,
        None | Some("binaural" | "") => Bus::Binaural,
        Some(_) => {
            fields.warn(names::VOICE_TYPE[0], "neither binaural nor noise; the voice is mixed on the binaural bus");
            Bus::Binaural
        }
    }
}

/// The identity of the voice across steps (spec assembly 5.2).
fn identity(
    fields: &Fields<'_>,
    voice_type: Option<String>,
    function: &str,
    description: &str,
    position: usize,
) -> Identity {
    let id = names::IDS.chunks(1).filter_map(|name| fields.text(name)).map(|id| id.trim().to_owned());
    if let Some(id) = id.filter(|id| !id.is_empty()).reduce(|first, _| first) {
        return Identity::Id(id);
    }
    let voice_type = voice_type.unwrap_or_else(|| "binaural".to_owned());
    let function = function.to_owned();
    let name = fields.text(names::NAME).unwrap_or_default();
    let label = if description.trim().is_empty() { name.trim() } else { description.trim() };
    if label.is_empty() {
        Identity::Index { voice_type, function, position }
    } else {
        Identity::Label { voice_type, function, label: label.to_owned() }
    }
}
