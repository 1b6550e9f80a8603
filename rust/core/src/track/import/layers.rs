//! From the audio files of lanes to the background layer and the clips of a track (spec interchange 1).

use std::sync::Arc;

use serde_json::{Value, json};

use super::lanes::{AudioFile, Kind, Lane, Lanes, Stretch};

/// The audio files of a session.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// `background_noise`, if all lanes share one looped file with equal levels in both ears.
    pub(super) background: Option<Value>,
    /// `overlay_clips` otherwise.
    pub(super) clips: Vec<Value>,
}

impl Layers {
    pub(super) fn of(lanes: &Lanes) -> Self {
        let all = || lanes.lanes.iter().flat_map(played);
        let Some((first, _)) = all().next() else { return Self::default() };
        let is_bed = first.looped
            && all().all(|(file, stretch)| file == first && [stretch.start, stretch.end].iter().all(|v| v.is_even()));
        if is_bed {
            let points = points(&all().map(|(_, stretch)| stretch).collect::<Vec<_>>(), 0.0, lanes.end);
            let mut layer = json!({"file_path": &*first.path, "amp": 1.0, "amp_envelope": points});
            moved(first, &mut layer);
            return Self { background: Some(layer), clips: Vec::new() };
        }
        let clips = lanes.lanes.iter().flat_map(|lane| clips(lane, lanes.end)).collect();
        Self { background: None, clips }
    }
}

/// The audible stretches of a lane that are an audio file.
fn played(lane: &Lane) -> impl Iterator<Item = (&AudioFile, &Stretch)> {
    lane.stretches.iter().filter_map(|stretch| match &stretch.kind {
        Kind::Audio(file) if !file.path.is_empty() => Some((file, stretch)),
        _ => None,
    })
}

/// A clip for each file of a lane.
fn clips(lane: &Lane, end: f64) -> Vec<Value> {
    let mut files: Vec<(&AudioFile, Vec<&Stretch>)> = Vec::new();
    for (file, stretch) in played(lane) {
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, stretches)) => stretches.push(stretch),
            None => files.push((file, vec![stretch])),
        }
    }
    let begins: Vec<(Arc<str>, f64)> =
        files.iter().filter_map(|(file, stretches)| Some((file.path.clone(), stretches.first()?.from))).collect();
    let clip = |(file, stretches): (&AudioFile, Vec<&Stretch>)| {
        // a file goes on where its movements change
        let from = begins.iter().find(|(path, _)| *path == file.path).map(|(_, from)| *from)?;
        let to = stretches.last()?.to.min(end);
        let mut clip = json!({
            "file_path": &*file.path, "start": from, "duration": to - from, "loop": file.looped, "amp": 1.0,
            "amp_envelope": points(&stretches, from, to), "description": lane.name,
        });
        moved(file, &mut clip);
        Some(clip)
    };
    files.into_iter().filter_map(clip).collect()
}

/// Add the movements of a file to its layer.
fn moved(file: &AudioFile, layer: &mut Value) {
    if let Value::Object(layer) = layer {
        file.movement.write(layer);
    }
}

/// The sum of the levels of `stretches` over time, as points of an `amp_envelope` whose time 0 is `from`.
fn points(stretches: &[&Stretch], from: f64, end: f64) -> Vec<Value> {
    let mut times: Vec<f64> = stretches.iter().flat_map(|stretch| [stretch.from, stretch.to]).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let level = |time: f64, before: bool| {
        let covers = |s: &&&Stretch| if before { s.from < time && time <= s.to } else { s.from <= time && time < s.to };
        // the sum of nothing is -0
        stretches.iter().filter(covers).fold([0.0; 2], |sum, stretch| {
            let amps = stretch.at(time).amps;
            [sum[0] + amps[0], sum[1] + amps[1]]
        })
    };
    let point = |time: f64, [left, right]: [f64; 2]| {
        if left == right { json!([time - from, left]) } else { json!([time - from, left, right]) }
    };
    let mut points = Vec::new();
    for time in times {
        let (before, after) = (level(time, true), level(time, false));
        if time > from {
            points.push(point(time, before));
        }
        // two points where the level jumps
        if time == from || after != before && time < end {
            points.push(point(time, after));
        }
    }
    points
}
