//! Arguments of `render_to_file` about levels, tags and triggers.

use std::collections::BTreeMap;

use pyo3::exceptions::PyDeprecationWarning;
use pyo3::prelude::*;
use realtime_backend_core::error::Error;
use realtime_backend_core::render::{TagOptions, TargetLevel};

use crate::errors::raise;

/// Width of the pulses of a trigger channel in frames; 0 without one.
pub(crate) fn trigger_frames(py: Python<'_>, wanted: bool, width: Option<f64>, rate: u32) -> PyResult<u64> {
    match width {
        _ if !wanted => Ok(0),
        None => Ok(1),
        Some(ms) if ms > 0.0 && ms <= 1000.0 => Ok(((ms / 1000.0 * f64::from(rate)).round() as u64).max(1)),
        Some(ms) => {
            let message = format!("expected milliseconds above 0 and up to 1000, got {ms}");
            Err(raise(py, &Error::invalid("trigger_width_ms", message)))
        }
    }
}

/// The argument `trigger_width_ms`, or its old name `trigger_width` with a warning.
pub(crate) fn trigger_width(py: Python<'_>, width: Option<f64>, old: Option<f64>) -> PyResult<Option<f64>> {
    let Some(old) = old else { return Ok(width) };
    if width.is_some() {
        let message = "expected one width, got trigger_width_ms and trigger_width";
        return Err(raise(py, &Error::invalid("trigger_width", message)));
    }
    let category = py.get_type::<PyDeprecationWarning>();
    PyErr::warn(py, &category, c"trigger_width is now called trigger_width_ms", 1)?;
    Ok(Some(old))
}

/// The argument `tags`: whether there are tags, or texts by name.
#[derive(FromPyObject)]
pub(crate) enum TagsArgument {
    Wanted(bool),
    Fields(BTreeMap<String, String>),
}

/// What a file says about itself, from the arguments `tags` and `embed_track`.
pub(crate) fn tag_options(given: Option<TagsArgument>, track: bool) -> Result<TagOptions, Error> {
    let mut options = TagOptions { track, ..TagOptions::default() };
    match given {
        None => {}
        Some(TagsArgument::Wanted(wanted)) => options.usual = Some(wanted),
        Some(TagsArgument::Fields(fields)) => {
            fields.iter().try_for_each(|(name, text)| options.add(name, text))?;
        }
    }
    Ok(options)
}

/// The level of a file, from the arguments of a call.
pub(crate) fn target(
    target_level: TargetLevel,
    loudness: Option<f64>,
    peak: Option<f64>,
    true_peak: Option<f64>,
) -> Result<TargetLevel, Error> {
    let within = |name: &str, value: Option<f64>, low: f64, high: f64| match value {
        Some(value) if !(low..=high).contains(&value) => {
            Err(Error::invalid(name, format!("expected {low} to {high}, got {value}")))
        }
        _ => Ok(()),
    };
    within("loudness", loudness, -70.0, 0.0)?;
    within("peak", peak, -100.0, 0.0)?;
    within("true_peak", true_peak, -100.0, 0.0)?;
    let given = Some(target_level).filter(|given| *given != TargetLevel::Track);
    let contradicts = |name: &str, other: &str| {
        Err(Error::invalid(name, format!("expected one level, got {name} and {other}; true_peak goes with each")))
    };
    match (loudness, peak, given) {
        (Some(_), Some(_), _) => contradicts("loudness", "peak"),
        (Some(_), None, Some(_)) => contradicts("loudness", "target_level"),
        (None, Some(_), Some(_)) => contradicts("peak", "target_level"),
        (Some(loudness), None, None) => Ok(TargetLevel::Loudness(loudness)),
        (None, Some(peak), None) => Ok(TargetLevel::Peak(10_f64.powf(peak / 20.0) as f32)),
        (None, None, Some(given)) => Ok(given),
        (None, None, None) if true_peak.is_some() => Ok(TargetLevel::TruePeak),
        (None, None, None) => Ok(TargetLevel::Track),
    }
}
