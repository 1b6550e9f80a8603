//! Tells whether a document is a track or a session.

use serde_json::Value;

use super::names;
use crate::json::fields::Names;

/// Whether this document is a session rather than a track: it has no global settings of a track, and its steps name
/// presets and hold no voices.
///
/// ```
/// use realtime_backend_core::track::is_session;
/// use serde_json::json;
///
/// assert!(is_session(&json!({"steps": [{"duration": 60.0, "binaural_preset_id": "voice:alpha"}]})));
/// assert!(!is_session(&json!({"progression": [{"duration": 60.0, "voices": []}]})));
/// ```
pub fn is_session(document: &Value) -> bool {
    let has = |value: &Value, keys: Names| keys.iter().any(|key| value.get(key).is_some());
    let steps = || document.get("steps").and_then(Value::as_array).into_iter().flatten();
    !has(document, names::GLOBALS)
        && document.get(names::STEPS[0]).is_none()
        && steps().any(|step| has(step, names::PRESETS))
        && !steps().any(|step| has(step, names::VOICES))
}
