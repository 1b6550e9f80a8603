//! Reads the volume envelope of a voice (spec track-format 5).

use serde_json::{Map, Value};

use super::model::Envelope;
use super::names;
use crate::error::suggestion;
use crate::json::fields::Fields;
use crate::json::value::{shown, truthy};

const TYPES: [&str; 3] = ["linear_fade", "adsr", "linen"];

/// The envelope of the voice, `None` if it has none. An envelope that cannot be read becomes flat, with a warning.
pub(super) fn read(voice: &Fields<'_>) -> Option<Envelope> {
    let found = voice.pick(names::ENVELOPE).filter(|found| truthy(found.value))?;
    let Value::Object(map) = found.value else {
        voice.warn(found.key, format!("expected an object, got {}; the volume stays flat", shown(found.value)));
        return Some(Envelope::Flat);
    };
    let fields = Fields::new(map, voice.at(found.key), voice.findings);
    let kind = fields.text(&["type"]).unwrap_or_default().trim().to_lowercase();
    let empty = Map::new();
    let (at, map) = fields.object(&["params"]).unwrap_or_else(|| (fields.at("params"), &empty));
    let params = Fields::new(map, at, voice.findings);
    let envelope = match kind.as_str() {
        "linear_fade" => linear_fade(&params),
        "adsr" => Envelope::Adsr {
            attack: params.length(&["attack"]).unwrap_or(0.01),
            decay: params.length(&["decay"]).unwrap_or(0.1),
            sustain_level: params.clamped(&["sustain_level"], 0.0, 1.0).unwrap_or(0.8),
            release: params.length(&["release"]).unwrap_or(0.1),
        },
        "linen" => Envelope::Linen {
            attack: params.length(&["attack"]).unwrap_or(0.1),
            release: params.length(&["release"]).unwrap_or(0.1),
        },
        other => {
            let hint = suggestion(other, TYPES);
            let got = if other.is_empty() { "no type".to_owned() } else { format!("\"{other}\"") };
            fields
                .warn("type", format!("expected one of {}, got {got}; the volume stays flat{hint}", TYPES.join(", ")));
            fields.finish();
            return Some(Envelope::Flat);
        }
    };
    fields.finish();
    params.finish();
    Some(envelope)
}

fn linear_fade(params: &Fields<'_>) -> Envelope {
    let fade_duration = params.length(&["fade_duration"]);
    let start_amp = params.gain(&["start_amp"]);
    let end_amp = params.gain(&["end_amp"]);
    if let (Some(fade_duration), Some(start_amp), Some(end_amp)) = (fade_duration, start_amp, end_amp) {
        return Envelope::LinearFade { fade_duration, start_amp, end_amp };
    }
    let missing: Vec<&str> = [("fade_duration", fade_duration), ("start_amp", start_amp), ("end_amp", end_amp)]
        .into_iter()
        .filter_map(|(name, value)| value.is_none().then_some(name))
        .collect();
    params.findings.warn(params.at.clone(), format!("{} missing; the volume stays flat", missing.join(", ")));
    Envelope::Flat
}
