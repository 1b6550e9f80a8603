//! The JSON Schema in `docs/` matches the model and the parameter tables.

use realtime_backend_core::track::Track;
use realtime_backend_core::voice;
use serde_json::{Value, json};
use tests_rs::generated::assert_current;

/// Run with `UPDATE_DOCS=1` to rewrite the file.
#[test]
fn the_schema_in_the_documentation_is_current() {
    assert_current("docs/track.schema.json", &format!("{:#}\n", Track::json_schema()));
}

#[test]
fn fields_have_descriptions_and_only_those_without_default_are_required() {
    let schema = Track::json_schema();
    assert_eq!(schema["required"], json!(["progression"]));
    assert_eq!(schema["$defs"]["Step"]["required"], json!(["duration"]));
    assert_eq!(schema["$defs"]["VoiceSpec"]["required"], json!(["synth_function_name"]));
    assert_eq!(schema["$defs"]["Clip"]["required"], json!(["file_path"]));
    for part in ["Globals", "Background"] {
        assert_eq!(schema["$defs"][part].get("required"), None, "{part}");
    }
    let properties = |part: &str| schema["$defs"][part]["properties"].as_object().unwrap().clone();
    for part in ["Globals", "Step", "VoiceSpec", "Clip", "Background"] {
        for (name, property) in properties(part) {
            assert!(property.get("description").is_some(), "{part}.{name} has no description: {property}");
        }
    }
    assert_eq!(properties("Globals")["sample_rate"]["minimum"], json!(8000));
    assert_eq!(properties("Globals")["crossfade_duration"]["default"], json!(1.0));
    assert_eq!(properties("Step")["noise_volume"]["maximum"], json!(1.0));
}

#[test]
fn every_voice_has_its_parameters_in_the_schema() {
    let schema = Track::json_schema();
    let voice = &schema["$defs"]["VoiceSpec"];
    assert_eq!(voice["properties"]["synth_function_name"]["enum"], json!(voice::names()));
    assert_eq!(voice["allOf"].as_array().unwrap().len(), voice::registry::FAMILIES.len());
    let binaural = &schema["$defs"]["params of binaural_beat"]["properties"];
    for name in ["baseFreq", "startBaseFreq", "endBaseFreq", "initial_offset", "transition_duration"] {
        assert!(binaural[name]["description"].is_string(), "{name}");
    }
    let reference = |rule: &Value| rule["then"]["properties"]["params"]["$ref"].as_str().unwrap().to_owned();
    assert_eq!(reference(&voice["allOf"][0]), "#/$defs/params%20of%20binaural_beat");
}
