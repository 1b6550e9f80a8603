//! From lanes to the JSON of a track: one step from each break point to the next (spec interchange 1).

use serde_json::{Map, Value, json};

use super::Imported;
use super::effect::Effect;
use super::lanes::{Kind, Lanes, Stretch};
use super::layers::Layers;
use super::voices::{self, Position};
use crate::error::{Error, Result};

/// Break points that are nearer than this become one, in seconds.
const SHORTEST: f64 = 1e-3;
/// Most voices of all steps together.
const MAX_VOICES: usize = 100_000;
/// Frames per second unless the file asks for others.
const SAMPLE_RATE: u32 = 44_100;

/// The JSON of the track.
pub(super) fn document(imported: &Imported) -> Result<Value> {
    let lanes = &imported.lanes;
    let rate = lanes.sample_rate.unwrap_or(SAMPLE_RATE);
    let mut document = Map::new();
    // The envelopes of the voices fade where a lane begins and ends, and nowhere else. A bell, which sounds on in the next
    // step but does not glide, would be faded at the border, and its stroke would be softened.
    let compat = json!({"preset": "intended", "edge_fades_always": false});
    let global = json!({"sample_rate": rate, "crossfade_duration": 0.0, "normalization": "none", "compat": compat});
    document.insert("global".to_owned(), global);
    document.insert("progression".to_owned(), Value::Array(steps(lanes, f64::from(rate))?));
    let layers = Layers::of(lanes);
    if let Some(layer) = layers.background {
        document.insert("background_noise".to_owned(), layer);
    }
    if !layers.clips.is_empty() {
        document.insert("overlay_clips".to_owned(), layers.clips.into());
    }
    let mut metadata = imported.metadata.clone();
    let kept: Map<String, Value> = lanes
        .lanes
        .iter()
        .enumerate()
        .filter(|(_, lane)| !lane.points.is_empty())
        .map(|(number, lane)| ((number + 1).to_string(), lane.points.clone().into()))
        .collect();
    if !kept.is_empty() {
        metadata.insert("break_points".to_owned(), Value::Object(kept));
    }
    metadata.insert("imported_from".to_owned(), imported.format.into());
    document.insert("metadata".to_owned(), Value::Object(metadata));
    Ok(Value::Object(document))
}

/// The times at which steps begin, and the end of the last one.
fn points(lanes: &Lanes) -> Vec<f64> {
    let stretches = lanes.lanes.iter().flat_map(|lane| &lane.stretches);
    let stretches = stretches.filter(|stretch| !matches!(stretch.kind, Kind::Audio(_)));
    let ends = stretches.flat_map(|stretch| {
        // a bell rings out without a break point
        let to = if stretch.kind == Kind::Bell { stretch.from } else { stretch.to };
        [stretch.from, to]
    });
    let mut all: Vec<f64> = ends.chain(lanes.marks.iter().copied()).chain([0.0]).collect();
    all.retain(|time| (0.0..lanes.end - SHORTEST).contains(time));
    all.sort_by(f64::total_cmp);
    let mut last = f64::NEG_INFINITY;
    all.retain(|time| {
        let kept = time - last >= SHORTEST;
        last = if kept { *time } else { last };
        kept
    });
    all.push(lanes.end);
    all
}

fn steps(lanes: &Lanes, rate: f64) -> Result<Vec<Value>> {
    let points = points(lanes);
    let mut steps = Vec::with_capacity(points.len());
    let mut cycles = vec![[0.0; 2]; lanes.lanes.len()];
    let mut next = vec![0; lanes.lanes.len()];
    let mut count = 0;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let start = on_frame(from, rate);
        let frames = (on_frame(to, rate) * rate) as u64 - (start * rate) as u64;
        if frames == 0 {
            continue;
        }
        let mut voices = Vec::new();
        for (number, lane) in lanes.lanes.iter().enumerate() {
            while lane.stretches.get(next[number]).is_some_and(|stretch| stretch.to <= from + SHORTEST) {
                next[number] += 1;
            }
            let Some(stretch) = lane.stretches.get(next[number]).filter(|s| s.from < to - SHORTEST) else { continue };
            let part = stretch.cut(from.max(stretch.from), to.min(stretch.to));
            let beside = |place: Option<usize>, meets: &dyn Fn(&Stretch) -> bool| {
                let other = place.and_then(|place| lane.stretches.get(place));
                other.is_some_and(|other| other.kind == stretch.kind && meets(other))
            };
            let before = stretch.from < from - SHORTEST
                || beside(next[number].checked_sub(1), &|last| last.to > from - SHORTEST && !last.end.is_silent());
            let after = stretch.to > to + SHORTEST
                || beside(Some(next[number] + 1), &|next| next.from < to + SHORTEST && !next.start.is_silent());
            let position = Position { lane: number, from: start, cycles: cycles[number], goes_on: [before, after] };
            let turned = turns(&part);
            cycles[number] = [cycles[number][0] + turned[0], cycles[number][1] + turned[1]];
            if !(part.start.is_silent() && part.end.is_silent()) {
                voices.extend(voices::of(&part, &position, &lane.name));
            }
        }
        count += voices.len();
        if count > MAX_VOICES {
            return Err(Error::invalid("", format!("the session becomes more than {MAX_VOICES} voices")));
        }
        let label = lanes.labels.iter().rfind(|(time, _)| *time <= from + SHORTEST);
        steps.push(json!({
            "start": start,
            "duration": duration(frames, to - from, rate),
            "description": label.map_or("", |(_, name)| name.as_str()),
            "voices": voices,
        }));
    }
    Ok(steps)
}

/// Cycles of the beat and of the effect over a stretch.
fn turns(stretch: &Stretch) -> [f64; 2] {
    let rates = Effect::both(stretch.start.effect, stretch.end.effect).map_or([0.0; 2], |both| both.map(|e| e.rate));
    let length = stretch.to - stretch.from;
    [(stretch.start.beat + stretch.end.beat) / 2.0 * length, (rates[0] + rates[1]) / 2.0 * length]
}

/// `time`, moved by less than a millionth of a frame if rounding would put it one frame too early.
fn on_frame(time: f64, rate: f64) -> f64 {
    let nearest = (time * rate).round();
    let rounded_down = time * rate < nearest && nearest - time * rate < 1e-6;
    if rounded_down { (nearest + 1e-6) / rate } else { time }
}

/// A duration of so many frames: `seconds` if it has them, and no fraction of one more.
fn duration(frames: u64, seconds: f64, rate: f64) -> f64 {
    let exact = seconds * rate - frames as f64;
    if (0.0..1e-6).contains(&exact) { seconds } else { (frames as f64 + 1e-6) / rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_meet_on_a_frame_whatever_their_length() {
        let rate = 44_100.0;
        let times: Vec<f64> = (0..5000).map(|k| f64::from(k) * 0.7123457 + 0.1).collect();
        let mut end = None;
        for pair in times.windows(2) {
            let start = on_frame(pair[0], rate);
            let first = (start * rate) as u64;
            assert!(end.is_none_or(|end| end == first));
            let frames = (on_frame(pair[1], rate) * rate) as u64 - first;
            let seconds = duration(frames, pair[1] - pair[0], rate);
            assert_eq!((seconds * rate) as u64, frames);
            assert!((start - pair[0]).abs() < 1e-10 && (seconds - (pair[1] - pair[0])).abs() < 1.1 / rate);
            end = Some(first + frames);
        }
    }
}
