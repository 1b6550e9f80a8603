//! Parsers of values, with their ranges.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::parallel::MOST_THREADS;
use realtime_backend_player::OnDeviceLoss;

/// Parse a position or a length in a track. It is clamped to the track later.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    within(text, 0.0, 1e9, "seconds")
}

pub(super) fn fade(text: &str) -> Result<f64, String> {
    within(text, 0.0, 3600.0, "seconds")
}

/// Parse the length of a crossfade between two tracks.
pub(super) fn crossfade(text: &str) -> Result<f64, String> {
    within(text, 0.0, 60.0, "seconds")
}

fn within(text: &str, least: f64, most: f64, unit: &str) -> Result<f64, String> {
    let expected = || format!("expected a number of {unit} from {least} to {most}");
    text.parse().ok().filter(|value| (least..=most).contains(value)).ok_or_else(expected)
}

pub(super) fn decibels(text: &str) -> Result<f64, String> {
    within(text, -100.0, 0.0, "decibels")
}

pub(super) fn loudness(text: &str) -> Result<f64, String> {
    within(text, -70.0, 0.0, "LUFS")
}

pub(super) fn pressure(text: &str) -> Result<f64, String> {
    within(text, 40.0, 160.0, "decibels")
}

pub(super) fn threads(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a whole number from 0 to {MOST_THREADS}");
    text.parse().ok().filter(|count| *count <= MOST_THREADS).ok_or_else(expected)
}

pub(super) fn milliseconds(text: &str) -> Result<f64, String> {
    within(text, 20.0, 5000.0, "milliseconds")
}

pub(super) fn level(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number between 0 and 1".to_owned())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("expected a number between 0 and 1".to_owned()) }
}

pub(super) fn device_loss(text: &str) -> Result<OnDeviceLoss, String> {
    OnDeviceLoss::named(text).ok_or_else(|| "expected pause or follow".to_owned())
}

pub(super) fn preset(text: &str) -> Result<Compat, String> {
    Compat::named(text).map_err(|error| error.to_string())
}

pub(super) fn preset_name(text: &str) -> Result<&'static str, String> {
    preset(text)?;
    let name = text.trim().to_lowercase();
    Ok(Compat::PRESETS.into_iter().find(|preset| *preset == name).unwrap_or("default"))
}
