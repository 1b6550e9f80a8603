//! Loops of clips: the part that repeats, several at a time, and the fades at the edges of clips.

use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{AudioFile, FileFormat, Subtype};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

const RATE: u32 = 8000;

/// A file of which frame n has the value n/100000.
fn ramp(folder: &Path, name: &str, frames: usize) {
    let path = folder.join(name);
    let format = FileFormat::for_path(&path).expect("a format").with_subtype(Subtype::Float32);
    let mut file = AudioFile::create(&path, format, RATE).expect("a file");
    let samples: Vec<f32> = (0..frames).map(|frame| frame as f32 / 1e5).collect();
    file.write(&samples, &samples).expect("written");
    file.finish().expect("finished");
}

fn plan(folder: &Path, rules: &str, seconds: f64, clips: &Value) -> Result<Arc<Plan>, String> {
    let track = json!({
        "global": {"sample_rate": RATE, "compat": rules, "crossfade_duration": 0.0},
        "progression": [{"duration": seconds}],
        "overlay_clips": clips,
    });
    let options = LoadOptions { folder: Some(folder.to_owned()), ..LoadOptions::filling_starts() };
    let (track, problems) = Track::from_value_with(track, &options).map_err(|error| error.to_string())?;
    assert_eq!(problems, []);
    let (plan, problems) = Plan::compile(&track, &PlanOptions::default()).map_err(|error| error.to_string())?;
    assert_eq!(problems, []);
    Ok(Arc::new(plan))
}

fn left(plan: &Arc<Plan>) -> Vec<f64> {
    let sound = render_array(plan, 0, None, 1, &mut |_| true).expect("sound");
    sound.chunks(2).map(|frame| f64::from(frame[0]) * 1e5).collect()
}

/// The frame of the file that plays at frame `at` of a clip with this loop.
fn looped(at: usize, start: usize, end: usize) -> usize {
    if at < end { at } else { start + (at - end) % (end - start) }
}

#[test]
fn a_part_of_a_file_repeats() {
    let folder = tempfile::tempdir().expect("a folder");
    ramp(folder.path(), "a.wav", 4000);
    let clip = json!([{"file_path": "a.wav", "start": 0.1, "loop": true, "loop_start": 0.1, "loop_end": 0.25}]);
    let found = left(&plan(folder.path(), "default", 2.0, &clip).expect("a plan"));
    assert_eq!(found.len(), 16_000);
    for (at, value) in found.iter().enumerate() {
        let expected = at.checked_sub(800).map_or(0, |at| looped(at, 800, 2000));
        assert!((value - expected as f64).abs() < 0.01, "{at}: {value} instead of {expected}");
    }
}

#[test]
fn several_clips_loop_with_gains_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    ramp(folder.path(), "a.wav", 3000);
    ramp(folder.path(), "b.wav", 700);
    let clips = json!([
        {"file_path": "a.wav", "loop": true, "amp": 0.5},
        {"file_path": "b.wav", "loop": true, "amp": 0.25},
        {"file_path": "a.wav", "loop": true, "loop_end": 0.125, "duration": 0.5},
    ]);
    let mut track = left(&plan(folder.path(), "default", 2.0, &clips).expect("a plan"));
    track.truncate(16_000);
    for (at, value) in track.iter().enumerate().filter(|(at, _)| !(3600..=4000).contains(at)) {
        let third = if at < 4000 { (at % 1000) as f64 } else { 0.0 };
        let expected = 0.5 * (at % 3000) as f64 + 0.25 * (at % 700) as f64 + third;
        assert!((value - expected).abs() < 0.01, "{at}: {value} instead of {expected}");
    }
}

#[test]
fn clips_without_fades_get_short_ones_under_the_intended_rules() {
    let folder = tempfile::tempdir().expect("a folder");
    ramp(folder.path(), "a.wav", 4000);
    // 5 ms are 40 frames
    for (clip, head, frames) in [
        (json!({"file_path": "a.wav", "start": 0.0}), 0, 4000),
        (json!({"file_path": "a.wav", "start": -0.25}), 2000, 2000),
    ] {
        for rules in ["default", "intended"] {
            let found = left(&plan(folder.path(), rules, 1.0, &json!([clip])).expect("a plan"));
            for (at, value) in found.iter().enumerate().take(frames) {
                let line = |at: usize| if rules == "intended" { (at as f64 / 39.0).min(1.0) } else { 1.0 };
                let expected = (head + at) as f64 * line(at) * line(frames - 1 - at);
                assert!((value - expected).abs() < 0.02, "{rules} {at}: {value} instead of {expected}");
            }
        }
    }
    let own = json!([{"file_path": "a.wav", "fade_in": 0.1, "fade_out": 0.1}]);
    let [old, new] = ["default", "intended"].map(|rules| left(&plan(folder.path(), rules, 1.0, &own).expect("a plan")));
    assert_eq!(old, new);
}

#[test]
fn a_loop_that_ends_before_it_begins_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    ramp(folder.path(), "a.wav", 4000);
    let clip = json!([{"file_path": "a.wav", "loop": true, "loop_start": 0.3, "loop_end": 0.2}]);
    let Err(said) = plan(folder.path(), "default", 1.0, &clip) else { panic!("it was accepted") };
    assert!(said.contains("overlay_clips[0].loop_end") && said.contains("after loop_start"), "{said}");
}
