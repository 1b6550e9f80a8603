//! Numbers as the noise voices read them: what cannot be read becomes a default (spec noise 3).

use serde_json::{Map, Value};

use crate::dsp::noise::sweep::Waveform;
use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown};
use crate::voice::params::Params;

/// Largest magnitude of a number within a list or an object. Seeds are the largest that mean something.
const LIMIT: f64 = 1e12;

/// A number that is within the limits, or what was expected.
pub(super) fn within_limits(number: f64) -> Result<f64> {
    if number.abs() <= LIMIT {
        return Ok(number);
    }
    let limits = if number.is_finite() {
        format!("a number between -{LIMIT} and {LIMIT}")
    } else {
        "a finite number".to_owned()
    };
    Err(Error::invalid("", format!("expected {limits}, got {number}")))
}

/// `num(v, d)`: the value as a number, `default` if it cannot be one. Numbers beyond the limits are errors.
pub(super) fn num(value: Option<&Value>, default: f64) -> Result<f64> {
    match value.and_then(number) {
        Some(n) => within_limits(n),
        None => Ok(default),
    }
}

/// `int(v, d)`: [`num`] rounded to the nearest whole number, halves to even.
pub(super) fn int(value: Option<&Value>, default: f64) -> Result<f64> {
    Ok(num(value, default)?.round_ties_even())
}

/// The value of the first key that is present, even if it is null (spec noise 3).
pub(super) fn first<'a>(entry: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| entry.get(*key))
}

/// One value for every sweep, or one each (spec noise 2.1): absent, a number, a list of one, a list of `count`.
pub(super) fn per_sweep(
    params: &Params<'_>,
    name: &str,
    count: usize,
    read: impl Fn(&Value, usize) -> Result<f64>,
) -> Result<Option<Vec<f64>>> {
    let Some(value) = params.raw(name) else { return Ok(None) };
    let within = |e: Error| e.within(name);
    let values = match value {
        Value::Array(items) if items.len() == 1 && count != 1 => {
            (0..count).map(|i| read(&items[0], i)).collect::<Result<_>>()
        }
        Value::Array(items) if items.len() != count => {
            let message = format!("expected one value for each of the {count} sweeps, got {}", items.len());
            return Err(Error::invalid(name, message));
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, item)| read(item, i).map_err(|e| e.within(&format!("[{i}]")))).collect()
        }
        single => (0..count).map(|i| read(single, i)).collect(),
    };
    values.map(Some).map_err(within)
}

/// A number, or an error that says what was found.
pub(super) fn strict(value: &Value) -> Result<f64> {
    match number(value) {
        Some(n) => within_limits(n),
        None => Err(Error::invalid("", format!("expected a finite number, got {}", shown(value)))),
    }
}

/// A parameter under exactly this name, `default` if absent.
pub(super) fn number_or(params: &Params<'_>, name: &str, default: f64) -> Result<f64> {
    Ok(params.number_as(name, name)?.unwrap_or(default))
}

/// The oscillator shape; another word than the two is an error (spec noise 13).
pub(super) fn waveform(value: Option<&Value>) -> Result<Waveform> {
    let text = match value {
        None | Some(Value::Null) => return Ok(Waveform::Sine),
        Some(Value::String(text)) => text.trim().to_lowercase(),
        Some(other) => other.to_string(),
    };
    match text.as_str() {
        "sine" | "" => Ok(Waveform::Sine),
        "triangle" => Ok(Waveform::Triangle),
        other => {
            let hint = suggestion(other, ["sine", "triangle"]);
            Err(Error::invalid("lfo_waveform", format!("expected \"sine\" or \"triangle\", got \"{other}\"{hint}")))
        }
    }
}
