//! Reads the steps of a track (spec track-format 3).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::model::{CrossfadeCurve, MAX_BUS_VOLUME, Step};
use super::{names, voice_spec};
use crate::json::fields::{Fields, MAX_STEP_SECONDS};
use crate::json::findings::Findings;
use crate::json::path;
use crate::json::value::{number, shown};

/// The part of the reported progress for parsing the text; reading the steps takes the rest.
const PARSING: f64 = 0.5;

/// All steps of the document, followed by those of `taken`, which [`take`] has moved out of it.
pub(super) fn read_all(document: &Fields<'_>, taken: Vec<Value>) -> Vec<Step> {
    let Some((at, items)) = document.list(names::STEPS) else { return Vec::new() };
    let findings = document.findings;
    let mut steps = Vec::with_capacity(items.len() + taken.len());
    // Owned steps are dropped one by one, so that a long track is never in memory twice.
    let share = (1.0 - PARSING) / (items.len() + taken.len()).max(1) as f64;
    let items = items.iter().map(Cow::Borrowed).chain(taken.into_iter().map(Cow::Owned));
    for (index, item) in items.enumerate() {
        if findings.interrupt.at(PARSING + share * index as f64).is_err() {
            break;
        }
        let at = path::item(&at, index);
        match &*item {
            Value::Object(map) => steps.push(read(map, at, findings)),
            other => findings.error(at, format!("expected a step (an object), got {}", shown(other))),
        }
    }
    steps
}

/// Move the steps out of a document that is not needed afterwards. Empty if the document has several lists of steps.
pub(super) fn take(document: &mut Map<String, Value>) -> Vec<Value> {
    let mut given = names::STEPS.iter().filter(|name| document.contains_key(**name));
    let (Some(name), None) = (given.next(), given.next()) else { return Vec::new() };
    document.get_mut(*name).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default()
}

fn read(map: &Map<String, Value>, at: String, findings: &Findings) -> Step {
    let fields = Fields::new(map, at.clone(), findings);
    let loudest = if findings.rules.absolute_levels { 1.0 } else { MAX_BUS_VOLUME };
    let step = Step {
        duration: duration(&fields),
        start: fields.time(names::START),
        description: fields.text(names::DESCRIPTION).unwrap_or_default(),
        crossfade_duration: fields.length(names::CROSSFADE_DURATION),
        crossfade_curve: curve(&fields),
        crossfade_overlap: overlap(&fields),
        binaural_volume: fields.clamped(names::BINAURAL_VOLUME, 0.0, loudest),
        noise_volume: fields.clamped(names::NOISE_VOLUME, 0.0, loudest),
        normalization_level: fields.gain(names::NORMALIZATION_LEVEL),
        voices: voice_spec::read_all(&fields),
        at,
    };
    fields.known(names::STEP_HINTS);
    fields.finish();
    step
}

fn duration(fields: &Fields<'_>) -> f64 {
    let Some(found) = fields.pick(names::DURATION) else {
        fields.findings.warn(fields.at.clone(), "the step has no duration: it is skipped");
        return 0.0;
    };
    // The legacy renderer skips steps of negative length; its rules keep that behaviour.
    let least = if fields.findings.rules.skip_negative_steps { -MAX_STEP_SECONDS } else { 0.0 };
    let seconds = fields.seconds(found, least, MAX_STEP_SECONDS, "48 hours");
    if seconds.is_some_and(|s| s <= 0.0) {
        fields.warn(found.key, "the step has no length: it is skipped");
    }
    seconds.unwrap_or(0.0)
}

/// Reads `crossfade_curve`: `linear` or `equal_power`; anything else is linear.
pub(super) fn curve(fields: &Fields<'_>) -> Option<CrossfadeCurve> {
    fields.pick(names::CROSSFADE_CURVE)?;
    Some(match fields.word(names::CROSSFADE_CURVE, &["linear", "equal_power"], "linear") {
        Some("equal_power") => CrossfadeCurve::EqualPower,
        _ => CrossfadeCurve::Linear,
    })
}

/// Reads `crossfade_overlap`: 0 to 1; a value that is not a number counts as 1.
pub(super) fn overlap(fields: &Fields<'_>) -> Option<f64> {
    let found = fields.pick(names::CROSSFADE_OVERLAP)?;
    if number(found.value).is_none() {
        fields.warn(found.key, format!("{} is not a number; 1 is used", shown(found.value)));
        return Some(1.0);
    }
    fields.clamped(names::CROSSFADE_OVERLAP, 0.0, 1.0)
}
