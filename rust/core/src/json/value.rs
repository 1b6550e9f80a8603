//! Conversions of JSON values for the track format: to numbers, to conditions, and to text for messages.

use serde_json::Value;

/// A JSON value as a number (spec voice-pipeline 1). Numbers, booleans and numeric text have one, other values do not.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::String(text) => {
            let text = text.trim();
            let plain: String = text.chars().filter(|c| *c != '_').collect();
            match plain.to_lowercase().trim_start_matches(['+', '-']) {
                "" => None,
                _ => plain.parse().ok(),
            }
        }
        _ => None,
    }
}

/// A JSON value as a condition: `false`, 0, null and empty texts, lists and objects are false.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// A JSON value for an error message: as JSON, cut after 60 characters. Lists and objects are only named.
pub fn shown(value: &Value) -> String {
    let text = match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    };
    if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text }
}
