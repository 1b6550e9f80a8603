//! The number formats of the noise voices: unreadable values become defaults (spec noise 3).

use serde_json::{Map, Value};

use super::sweeps::LFO_WAVEFORM;
use crate::dsp::noise::sweep::Waveform;
use crate::error::{Error, Result, suggestion};
use crate::json::value::{number, shown};
use crate::voice::{Param, Params};

/// Largest magnitude of a number within a list or an object. Only seeds need values as large as this.
const LIMIT: f64 = 1e12;

/// `number`, or an error if its magnitude exceeds the limit.
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

/// `num(v, d)` of the specification: the value as a number, or `default` if it is not one. Numbers beyond the limit are
/// errors.
pub(super) fn num(value: Option<&Value>, default: f64) -> Result<f64> {
    match value.and_then(number) {
        Some(n) => within_limits(n),
        None => Ok(default),
    }
}

/// `int(v, d)` of the specification: [`num`] rounded to the nearest whole number, halves to even.
pub(super) fn int(value: Option<&Value>, default: f64) -> Result<f64> {
    Ok(num(value, default)?.round_ties_even())
}

/// The value of the first of `keys` that is present, even if it is null (spec noise 3).
pub(super) fn first<'a>(entry: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().find_map(|key| entry.get(*key))
}

/// The values of all `count` sweeps (spec noise 2.1), from a number or a list of one (for every sweep) or a list of
/// `count` (one each). `None` if the parameter is absent.
pub(super) fn per_sweep(
    params: &Params<'_>,
    row: &'static Param,
    count: usize,
    read: impl Fn(&Value, usize) -> Result<f64>,
) -> Result<Option<Vec<f64>>> {
    let Some(value) = params.raw(row) else { return Ok(None) };
    let within = |e: Error| e.within(row.name);
    let values = match value {
        Value::Array(items) if items.len() == 1 && count != 1 => {
            (0..count).map(|i| read(&items[0], i)).collect::<Result<_>>()
        }
        Value::Array(items) if items.len() != count => {
            let message = format!("expected one value for each of the {count} sweeps, got {}", items.len());
            return Err(Error::invalid(row.name, message));
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(i, item)| read(item, i).map_err(|e| e.within(&format!("[{i}]")))).collect()
        }
        single => (0..count).map(|i| read(single, i)).collect(),
    };
    values.map(Some).map_err(within)
}

/// The value as a number, or an error if it is not one.
pub(super) fn strict(value: &Value) -> Result<f64> {
    match number(value) {
        Some(n) => within_limits(n),
        None => Err(Error::invalid("", format!("expected a finite number, got {}", shown(value)))),
    }
}

/// The number of `row` under its static name; `default` if absent.
pub(super) fn number_or(params: &Params<'_>, row: &'static Param, default: f64) -> Result<f64> {
    Ok(params.optional(row)?.unwrap_or(default))
}

/// The oscillator shape: `sine` (also if absent) or `triangle`; other words are errors (spec noise 13).
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
            Err(Error::invalid(LFO_WAVEFORM.name, format!("expected \"sine\" or \"triangle\", got \"{other}\"{hint}")))
        }
    }
}
