//! Reads overlay clips and the bed (spec track-format 6 and 7). Each is read twice: with all spellings, and with only
//! those that the legacy renderer knew.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::model::{Background, Clip, Dialect, Source};
use super::movement::Movement;
use super::names;
use crate::json::fields::{Fields, MAX_TRACK_SECONDS, Names};
use crate::json::findings::Findings;
use crate::json::path;
use crate::json::value::{number, shown};
use crate::media::location::is_data_url;
use crate::order::order;

/// The clips of both lists; a clip that is in both is played once.
pub(super) fn clips(document: &Fields<'_>) -> Vec<Clip> {
    let mut clips = Vec::new();
    for (at, index, item) in merged(document) {
        let at = path::item(&at, index);
        match item {
            Value::Object(map) => clips.push(clip(map, at, document.findings)),
            other => document.findings.error(at, format!("expected a clip (an object), got {}", shown(other))),
        }
    }
    clips
}

/// The items of `overlay_clips`, then those of `clips` that it lacks; each with the path of its list and its position.
fn merged<'a>(document: &Fields<'a>) -> Vec<(String, usize, &'a Value)> {
    let mut out: Vec<(String, usize, &Value)> = Vec::new();
    let mut known: HashSet<&Value> = HashSet::new();
    for names in [names::OVERLAY_CLIPS, names::CLIPS] {
        let Some((at, items)) = document.list(names) else { continue };
        let first = out.is_empty();
        for (index, item) in items.iter().enumerate() {
            // A repeat within one list is intended, a repeat in the other list is not.
            if first {
                known.insert(item);
            } else if known.contains(item) {
                continue;
            }
            out.push((at.clone(), index, item));
        }
    }
    out
}

/// The merged list as JSON, for writing a track.
pub(super) fn merged_values(document: &Map<String, Value>) -> Vec<Value> {
    let findings = Findings::default();
    merged(&Fields::new(document, "", &findings)).into_iter().map(|(_, _, item)| item.clone()).collect()
}

fn clip(map: &Map<String, Value>, at: String, findings: &Findings) -> Clip {
    let fields = Fields::new(map, at.clone(), findings);
    let streaming = fields.flag(names::STREAMING).unwrap_or(false);
    let source = source(&fields, streaming);
    let loop_start = fields.length(names::LOOP_START).unwrap_or(0.0);
    let loop_end = fields.length(names::LOOP_END);
    if loop_end.is_some_and(|end| end <= loop_start) {
        fields.error(names::LOOP_END[0], "expected a time after loop_start");
    }
    let clip = Clip {
        source,
        start: fields.time(names::CLIP_START).unwrap_or(0.0),
        gain: fields.gain(names::CLIP_GAIN).unwrap_or(1.0),
        duration: fields.length(names::CLIP_DURATION).filter(|seconds| *seconds > 0.0),
        pan: fields.clamped(names::PAN, -1.0, 1.0).unwrap_or(0.0),
        fade_in: fields.length(names::FADE_IN).unwrap_or(0.0),
        fade_out: fields.length(names::FADE_OUT).unwrap_or(0.0),
        repeats: fields.flag(names::CLIP_LOOP).unwrap_or(false),
        loop_start,
        loop_end,
        amp_envelope: stereo_amp_envelope(&fields),
        movement: Movement::read(&fields),
        spatial: fields.pick(names::SPATIAL).map(|found| found.value.clone()),
        description: fields.text(names::DESCRIPTION).unwrap_or_default(),
        at,
    };
    if clip.spatial.is_some() && clip.source == Source::Pushed {
        fields.warn(names::SPATIAL[0], "no effect on samples that are pushed");
    }
    fields.known(names::CLIP_HINTS);
    fields.finish();
    clip
}

fn source(fields: &Fields<'_>, streaming: bool) -> Source {
    let Some(found) = fields.pick_filled(names::CLIP_PATH) else {
        if !streaming {
            fields.findings.warn(fields.at.clone(), "the clip has no file: it is silent unless samples are pushed");
        }
        return Source::Pushed;
    };
    match fields.text_of(found) {
        Some(text) if is_data_url(&text) => Source::DataUrl(text),
        Some(text) if usable_path(&text, fields, found.key) => Source::File(text),
        _ => Source::Pushed,
    }
}

/// Whether `text` can be a path at all; reports an error if not.
fn usable_path(text: &str, fields: &Fields<'_>, key: &str) -> bool {
    let complaint = if text.contains('\0') {
        "expected a path, got a text with a NUL character"
    } else if text.len() > 4096 {
        "expected a path of at most 4096 bytes"
    } else {
        return true;
    };
    fields.error(key, complaint);
    false
}

/// The bed; `None` if it has neither a file nor inline content.
pub(super) fn background(document: &Fields<'_>) -> Option<Background> {
    let found = document.pick_filled(names::BACKGROUND)?;
    let (at, map) = document.object_of(found)?;
    let fields = Fields::new(map, at.clone(), document.findings);
    let file = fields.pick_filled(names::BACKGROUND_FILE);
    let params = fields.object(names::BACKGROUND_PARAMS).filter(|(_, map)| !map.is_empty());
    let source_at = match (&file, &params) {
        (Some(found), _) => fields.at(found.key),
        (None, Some((params_at, _))) => params_at.clone(),
        (None, None) => at.clone(),
    };
    if let (Some(file), Some(_)) = (&file, &params) {
        fields.warn(names::BACKGROUND_PARAMS[0], format!("ignored, because \"{}\" is given too", file.key));
    }
    let file = file.and_then(|f| fields.text_of(f).filter(|text| usable_path(text, &fields, f.key)));
    let layer = Background {
        params: if file.is_none() { params.map(|(_, map)| map.clone()) } else { None },
        file,
        gain: fields.gain(names::BACKGROUND_GAIN).unwrap_or(1.0),
        start_time: fields.time(names::BACKGROUND_START).unwrap_or(0.0),
        fade_in: fields.length(names::FADE_IN).unwrap_or(0.0),
        fade_out: fields.length(names::FADE_OUT).unwrap_or(0.0),
        amp_envelope: stereo_amp_envelope(&fields),
        pan: fields.clamped(names::PAN, -1.0, 1.0).unwrap_or(0.0),
        movement: Movement::read(&fields),
        at,
        source_at,
    };
    fields.finish();
    (layer.file.is_some() || layer.params.is_some()).then_some(layer)
}

/// Reads points `[seconds, gain]`; the result is in ascending order of time.
pub(super) fn amp_envelope(fields: &Fields<'_>, names: Names) -> Vec<(f64, f64)> {
    let points = points(fields, names, 2, "expected a pair [seconds, amplitude] of finite numbers");
    points.into_iter().map(|(time, [gain, _])| (time, gain)).collect()
}

/// Like [`amp_envelope`], but points may also be `[seconds, left gain, right gain]`.
fn stereo_amp_envelope(fields: &Fields<'_>) -> Vec<(f64, [f64; 2])> {
    let expected = "expected [seconds, amplitude] or [seconds, left amplitude, right amplitude], finite numbers";
    points(fields, names::AMP_ENVELOPE, 3, expected)
}

/// Reads points of two numbers to `longest` numbers.
fn points(fields: &Fields<'_>, names: Names, longest: usize, expected: &str) -> Vec<(f64, [f64; 2])> {
    let Some((at, items)) = fields.list(names) else { return Vec::new() };
    let mut points = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let values = item.as_array().filter(|values| (2..=longest).contains(&values.len()));
        let numbers: Option<Vec<f64>> = values.and_then(|values| values.iter().map(number).collect());
        match numbers.as_deref() {
            Some([t, gains @ ..]) if t.abs() <= MAX_TRACK_SECONDS && gains.iter().all(|gain| gain.is_finite()) => {
                let [left, right] = [gains.first(), gains.last()].map(|gain| gain.copied().unwrap_or(1.0));
                points.push((t.max(0.0), [left, right]));
            }
            _ => {
                let got = if values.is_some() { item.to_string() } else { shown(item) };
                let got: String = got.chars().take(60).collect();
                fields.findings.error(path::item(&at, index), format!("{expected}, got {got}"));
            }
        }
    }
    if !points.is_sorted_by(|a, b| a.0 <= b.0) {
        fields.findings.warn(at, "the points are not in order of time; they are sorted");
        points.sort_by_cached_key(|(time, _)| order(*time));
    }
    points
}

/// The clips as the legacy renderer reads them: only `path`, `start_time` and `gain`.
pub(super) fn legacy_clips(document: &Map<String, Value>, dialect: Dialect) -> Vec<Clip> {
    let key = match dialect {
        Dialect::V2 if document.get("overlay_clips").is_some_and(|list| !list.is_null()) => "overlay_clips",
        _ => "clips",
    };
    let items = document.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .enumerate()
        .filter_map(|(index, item)| {
            let path = item.get("path")?.as_str().filter(|path| !path.is_empty())?;
            Some(Clip {
                source: Source::File(path.to_owned()),
                start: finite(item, "start_time").unwrap_or(0.0),
                gain: finite(item, "gain").unwrap_or(1.0),
                duration: None,
                pan: 0.0,
                fade_in: 0.0,
                fade_out: 0.0,
                repeats: false,
                loop_start: 0.0,
                loop_end: None,
                amp_envelope: Vec::new(),
                movement: Movement::default(),
                spatial: None,
                description: String::new(),
                at: path::item(key, index),
            })
        })
        .collect()
}

/// The bed as the legacy renderer reads it: without `file_path` and inline content, and with `gain` but not `amp`.
pub(super) fn legacy_background(document: &Map<String, Value>) -> Option<Background> {
    let silent = Findings::default();
    let at = Fields::new(document, "", &silent).pick_filled(names::BACKGROUND)?.key;
    let map = document.get(at)?.as_object()?;
    let file = names::BACKGROUND_FILE[1..]
        .iter()
        .find_map(|key| map.get(*key).and_then(Value::as_str).filter(|file| !file.is_empty()).map(|file| (*key, file)));
    let (key, file) = file?;
    let fields = Fields::new(map, at, &silent);
    Some(Background {
        file: Some(file.to_owned()),
        params: None,
        gain: fields.gain(&["gain"]).unwrap_or(1.0),
        start_time: fields.time(&["start_time"]).unwrap_or(0.0),
        fade_in: fields.length(names::FADE_IN).unwrap_or(0.0),
        fade_out: fields.length(names::FADE_OUT).unwrap_or(0.0),
        amp_envelope: stereo_amp_envelope(&fields),
        pan: 0.0,
        movement: Movement::default(),
        at: at.to_owned(),
        source_at: path::member(at, key),
    })
}

fn finite(item: &Value, key: &str) -> Option<f64> {
    item.get(key).and_then(number).filter(|x| x.abs() <= MAX_TRACK_SECONDS)
}

/// Remove the keys that renderers add to parameters for their own use (spec track-format 4).
pub(super) fn strip_private_keys(document: &mut Value) {
    let lists = names::STEPS.iter().filter_map(|key| document.get(*key).is_some().then_some(*key));
    for key in lists.collect::<Vec<_>>() {
        let steps = document.get_mut(key).and_then(Value::as_array_mut);
        let voices = steps.into_iter().flatten().filter_map(|step| step.get_mut("voices")?.as_array_mut()).flatten();
        for voice in voices {
            for params in names::PARAMS {
                let Some(params) = voice.get_mut(*params).and_then(Value::as_object_mut) else { continue };
                for private in names::PRIVATE {
                    params.shift_remove(*private);
                }
            }
        }
    }
}
