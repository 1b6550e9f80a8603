//! Clips and the bed (spec assembly 8 and 9, track-format 6 and 7), and corrected faults of the legacy assembly.

use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::{LayerGains, Plan, PlanOptions};
use realtime_backend_core::render::encode::{AudioFile, Container, FileFormat, Subtype};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

const RATE: u32 = 8000;

/// Write a float WAV file of `frames` frames with the constant values `left` and `right`.
fn constant_wav(folder: &Path, name: &str, frames: usize, left: f32, right: f32) {
    let format = FileFormat::new(Container::Wav).with_subtype(Subtype::Float32);
    let mut file = AudioFile::create(folder.join(name), format, RATE).expect("a file");
    file.write(&vec![left; frames], &vec![right; frames]).expect("written");
    file.finish().expect("finished");
}

/// Render a track: left channel, right channel, and the warnings.
fn render(folder: &Path, document: Value, compat: Compat) -> (Vec<f32>, Vec<f32>, Vec<Problem>) {
    let options = LoadOptions { folder: Some(folder.to_owned()), compat: Some(compat), ..LoadOptions::default() };
    let (track, _) = Track::from_value_with(document, &options).expect("a track");
    let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
    let (plan, warnings) = Plan::compile(&track, &options).expect("a plan");
    let audio = render_array(&Arc::new(plan), 0, None, 2, &mut |_| true).expect("audio");
    let channel = |offset: usize| audio.iter().skip(offset).step_by(2).copied().collect();
    (channel(0), channel(1), warnings)
}

fn document(steps: &Value, clips: &Value, bed: &Value) -> Value {
    json!({"global": {"sample_rate": RATE, "crossfade_duration": 0.0}, "progression": steps,
           "overlay_clips": clips, "background_noise": bed})
}

#[test]
fn clips_without_steps_play_and_set_the_track_length() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 100, 0.5, 0.25);
    let clips = json!([{"file_path": "a.wav", "start": 0.01, "amp": 2.0}]);
    let (left, right, warnings) = render(folder.path(), document(&json!([]), &clips, &json!({})), Compat::DEFAULT);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(left.len(), 180);
    assert!(left[..80].iter().all(|x| *x == 0.0) && left[80..].iter().all(|x| *x == 1.0));
    assert!(right[80..].iter().all(|x| *x == 0.5));
}

#[test]
fn negative_starts_cut_a_clip_and_pan_is_a_balance() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 100, 0.5, 0.5);
    let clips = json!([{"file_path": "a.wav", "start": -0.01, "pan": 0.5}]);
    let (left, right, _) = render(folder.path(), document(&json!([]), &clips, &json!({})), Compat::DEFAULT);
    assert_eq!(left, vec![0.25; 20]);
    assert_eq!(right, vec![0.5; 20]);
}

#[test]
fn a_duration_cuts_a_clip_with_a_short_fade() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 8000, 1.0, 1.0);
    let clips = json!([{"file_path": "a.wav", "duration": 0.5, "fade_in": 0.01}]);
    let (left, _, _) = render(folder.path(), document(&json!([]), &clips, &json!({})), Compat::DEFAULT);
    assert_eq!(left.len(), 4000);
    assert_eq!((left[0], left[79], left[80]), (0.0, 1.0, 1.0));
    assert_eq!((left[3599], left[3600], left[3999]), (1.0, 1.0, 0.0), "50 ms");
    assert!(left[3601] < 1.0 && (left[3800] - 0.5).abs() < 0.01);
}

#[test]
fn a_looping_clip_fills_its_duration_or_the_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 100, 0.5, 0.25);
    let steps = json!([{"duration": 0.5, "voices": []}]);
    let clips = json!([{"file_path": "a.wav", "start": 0.25, "loop": true}]);
    let (left, right, warnings) = render(folder.path(), document(&steps, &clips, &json!({})), Compat::INTENDED);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(left.len(), 4000);
    // 5 ms fade at each edge
    assert!(left[..=2000].iter().all(|x| *x == 0.0) && left[2040..3960].iter().all(|x| *x == 0.5));
    assert!(right[2040..3960].iter().all(|x| *x == 0.25));
    assert!(left[2000..=2040].is_sorted() && left[3960..].iter().rev().is_sorted());
    let clips = json!([{"file_path": "a.wav", "start": 0.25, "loop": true, "duration": 1.0, "fade_out": 0.5}]);
    let (left, _, _) = render(folder.path(), document(&steps, &clips, &json!({})), Compat::INTENDED);
    assert_eq!((left.len(), left[2040], left[5999], left[9999]), (10_000, 0.5, 0.5, 0.0));
    // a negative start cuts the first passes
    let clips = json!([{"file_path": "a.wav", "start": -0.25, "loop": true}]);
    let (left, ..) = render(folder.path(), document(&steps, &clips, &json!({})), Compat::INTENDED);
    assert_eq!((left.len(), &left[40..3960]), (4000, &[0.5; 3920][..]));
}

#[test]
fn clip_envelopes_run_in_their_own_time_per_ear() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 8000, 1.0, 1.0);
    let points = json!([[0.0, 0.0, 1.0], [0.5, 1.0, 0.5]]);
    let clips = json!([{"file_path": "a.wav", "start": 1.0, "amp_envelope": points}]);
    let (left, right, _) = render(folder.path(), document(&json!([]), &clips, &json!({})), Compat::DEFAULT);
    for (frame, l, r) in [(0, 0.0, 1.0), (1000, 0.25, 0.875), (4000, 1.0, 0.5), (7999, 1.0, 0.5)] {
        assert_eq!((left[8000 + frame], right[8000 + frame]), (l, r), "{frame}");
    }
}

#[test]
fn unreadable_clips_give_warnings_and_the_others_play() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 10, 1.0, 1.0);
    let clips =
        json!([{"file_path": "missing.wav"}, {"file_path": "a.wav"}, {"file_path": "data:audio/wav;base64,AAAA"}]);
    let (left, _, warnings) = render(folder.path(), document(&json!([]), &clips, &json!({})), Compat::DEFAULT);
    assert_eq!(left, vec![1.0; 10]);
    let paths: Vec<&str> = warnings.iter().map(|w| w.path.as_str()).collect();
    assert_eq!(paths, ["overlay_clips[0]", "overlay_clips[2]"], "{warnings:?}");
    assert!(warnings[0].message.contains("missing.wav"), "{warnings:?}");
}

#[test]
fn an_audio_bed_loops_and_fades_in_from_its_start() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 333, 1.0, 1.0);
    let steps = json!([{"duration": 0.5, "voices": []}]);
    let bed = json!({"file_path": "a.wav", "amp": 0.5, "start_time": 0.1, "fade_in": 0.05, "fade_out": 0.1});
    let (left, _, warnings) = render(folder.path(), document(&steps, &json!([]), &bed), Compat::DEFAULT);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(left.len(), 4000);
    assert!(left[..=800].iter().all(|x| *x == 0.0));
    assert!((left[1000] - 0.25).abs() < 0.01);
    assert!(left[1200..=3200].iter().all(|x| *x == 0.5));
    assert!((left[3600] - 0.25).abs() < 0.01 && left[3999] == 0.0);

    let in_track_time = Compat { background_fade_in_track_time: true, ..Compat::DEFAULT };
    let (left, _, _) = render(folder.path(), document(&steps, &json!([]), &bed), in_track_time);
    assert_eq!((left[799], left[800]), (0.0, 0.5), "the fade-in is over before the bed begins");
}

#[test]
fn a_bed_alone_lasts_the_duration_in_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let bed =
        json!({"params": {"duration_seconds": 1.5, "sweeps": [], "noise_parameters": {"name": "pink", "seed": 3}}});
    let (left, _, warnings) = render(folder.path(), document(&json!([]), &json!([]), &bed), Compat::DEFAULT);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(left.len(), 12_000);
    assert!(left.iter().any(|x| x.abs() > 0.1));
}

#[test]
fn an_unreadable_bed_is_left_out_with_a_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    let steps = json!([{"duration": 0.1, "voices": []}]);
    let bed = json!({"file_path": "missing.noise", "amp": 1.0});
    let (left, _, warnings) = render(folder.path(), document(&steps, &json!([]), &bed), Compat::DEFAULT);
    assert_eq!(left, vec![0.0; 800]);
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].path, "background_noise.file_path");
}

#[test]
fn noise_bus_voices_are_rendered_anew_in_each_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let voice = |frequency: f64| {
        json!({"synth_function_name": "binaural_beat", "voice_type": "noise",
               "params": {"baseFreq": frequency, "beatFreq": 0.0, "ampL": 0.5, "ampR": 0.5}})
    };
    let steps = json!([{"duration": 0.5, "voices": [voice(100.0)]}, {"duration": 0.5, "voices": [voice(200.0)]}]);
    for compat in [Compat::DEFAULT, Compat::LEGACY] {
        let (left, _, _) = render(folder.path(), document(&steps, &json!([]), &json!({})), compat);
        let crossings = |x: &[f32]| x.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        let (first, second) = (crossings(&left[..4000]), crossings(&left[4000..]));
        assert!((49..=51).contains(&first) && (99..=101).contains(&second), "{first} {second}");
    }
}

/// With these lengths `trunc(c / rate · rate)` is `c - 1`, and the legacy implementation fails (spec assembly 7).
#[test]
fn crossfades_of_any_length_render() {
    for (rate, fade) in [(22_050_u32, 15.0), (22_050, 1543.0), (44_100, 15.0)] {
        let seconds = (fade + 0.5) / f64::from(rate);
        let voice = json!({"synth_function_name": "binaural_beat", "params": {"ampL": 0.5, "ampR": 0.5}});
        let track = json!({"global": {"sample_rate": rate, "crossfade_duration": seconds},
                           "progression": [{"duration": 0.3, "voices": [voice]}, {"duration": 0.3, "voices": [voice]}]});
        let options = LoadOptions { compat: Some(Compat::LEGACY), ..LoadOptions::default() };
        let (track, _) = Track::from_value_with(track, &options).expect("a track");
        let options = PlanOptions { compat: Some(Compat::LEGACY), ..PlanOptions::default() };
        let (plan, _) = Plan::compile(&track, &options).expect("a plan");
        assert_eq!(plan.timeline().placements[1].crossfade.expect("a fade").frames, fade as u64);
        let audio = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio");
        assert!(audio.iter().all(|x| x.is_finite() && x.abs() <= 0.4561), "{rate} {fade}");
    }
}

#[test]
fn the_layer_gain_applies_to_the_bed() {
    let folder = tempfile::tempdir().expect("a folder");
    constant_wav(folder.path(), "a.wav", 333, 1.0, 1.0);
    let options = LoadOptions { folder: Some(folder.path().to_owned()), ..LoadOptions::default() };
    let bed = json!({"file_path": "a.wav", "amp": 0.5});
    let steps = json!([{"duration": 0.5, "voices": []}]);
    let (track, _) = Track::from_value_with(document(&steps, &json!([]), &bed), &options).expect("a track");
    let gains = LayerGains { noise: 0.25, ..LayerGains::default() };
    let (plan, _) = Plan::compile(&track, &PlanOptions { gains, ..PlanOptions::default() }).expect("a plan");
    let audio = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio");
    assert_eq!(audio[2000], 0.125);
}

#[test]
fn noise_files_are_read_with_the_limits_of_tracks() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("edited.noise");
    let track = json!({"progression": [{"duration": 1.0, "voices": []}],
        "background_noise": {"file_path": path.to_str(), "amp": 1.0}});
    let warnings = || {
        let (track, _) = Track::from_json(&track.to_string()).expect("a valid track");
        let (plan, warnings) = Plan::compile(&track, &PlanOptions::default()).expect("a plan");
        (plan.background().is_some(), warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };

    std::fs::write(&path, "\u{feff}{\"lfo_freq\": 0.1, \"lfo_freq\": 0.2}").expect("written");
    let (sounds, said) = warnings();
    assert!(sounds && said.contains("background_noise.file_path.lfo_freq"), "{said}");

    let file = std::fs::File::create(&path).expect("created");
    file.set_len((256 << 20) + 1).expect("a sparse file");
    let (sounds, said) = warnings();
    assert!(!sounds && said.contains("at most 268435456 are read"), "{said}");
}
