//! Parsers of values, with their ranges.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::suggestion;
use realtime_backend_core::parallel::MOST_THREADS;
use realtime_backend_core::render::TargetLevel;
use realtime_backend_player::OnDeviceLoss;

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

pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

pub(super) fn sample_rate(text: &str) -> Result<u32, String> {
    let expected = || "expected a whole number of Hz from 1000 to 1000000".to_owned();
    text.parse().ok().filter(|rate| (1000..=1_000_000).contains(rate)).ok_or_else(expected)
}

pub(super) fn volume(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}

/// Parse the level of a file: a peak, `none` for the level of the mix (also 0), `auto` for what suits the track.
pub(crate) fn target_level(text: &str) -> Result<TargetLevel, String> {
    match text.trim().to_lowercase().as_str() {
        "none" => Ok(TargetLevel::Mix),
        "auto" => Ok(TargetLevel::Track),
        number => volume(number).map(peak).map_err(|error| format!("{error}, none or auto")),
    }
}

/// The level of a file with a peak of `level`; 0 is the level of the mix.
fn peak(level: f64) -> TargetLevel {
    if level > 0.0 { TargetLevel::Peak(level as f32) } else { TargetLevel::Mix }
}

pub(super) fn device_loss(text: &str) -> Result<OnDeviceLoss, String> {
    const NAMES: [&str; 2] = ["pause", "follow"];
    let expected = || format!("expected {}, got {text:?}{}", NAMES.join(" or "), suggestion(text, NAMES));
    OnDeviceLoss::named(text).ok_or_else(expected)
}

pub(super) fn preset(text: &str) -> Result<Compat, String> {
    Compat::named(text).map_err(|error| error.to_string())
}

pub(super) fn preset_name(text: &str) -> Result<&'static str, String> {
    preset(text)?;
    let name = text.trim().to_lowercase();
    Ok(Compat::PRESETS.into_iter().find(|preset| *preset == name).unwrap_or("default"))
}
