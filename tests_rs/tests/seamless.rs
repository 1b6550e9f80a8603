//! Seamless files: the end runs into the beginning, to the last sample.

use std::f64::consts::PI;
use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::media::decode_file;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{AudioFile, FileFormat, Subtype};
use realtime_backend_core::render::{ExportOptions, Stems, TargetLevel, render_to_file, seamless};
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

const RATE: u32 = 44_100;

struct Made {
    channels: Vec<Vec<f64>>,
    changes: Vec<String>,
    stems: Vec<Vec<f64>>,
}

fn made(document: &Value, folder: &Path, start: f64, duration: Option<f64>) -> Result<Made, String> {
    let options = LoadOptions { folder: Some(folder.to_owned()), ..LoadOptions::filling_starts() };
    let (mut track, problems) = Track::from_value_with(document.clone(), &options).expect("a track");
    assert_eq!(problems, []);
    let fitted = seamless::fit(&mut track, RATE, start, duration).map_err(|error| error.to_string())?;
    let plan = Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0);
    let path = folder.join("loop.wav");
    let options = ExportOptions {
        frames: fitted.frames,
        seamless: true,
        target_level: TargetLevel::Mix,
        stems: Some(Stems::Voices),
        ..ExportOptions::new(FileFormat::for_path(&path).expect("a format").with_subtype(Subtype::Float32))
    };
    let exported = render_to_file(&plan, &path, &options, &mut |_| true).expect("a file");
    let read = |path: &Path| -> Vec<Vec<f64>> {
        let audio = decode_file(path).expect("audio");
        audio.channels().iter().map(|channel| channel.iter().map(|x| f64::from(*x)).collect()).collect()
    };
    Ok(Made {
        channels: read(&path),
        changes: fitted.changes.iter().map(ToString::to_string).collect(),
        stems: exported.stems.iter().map(|stem| read(stem).swap_remove(0)).collect(),
    })
}

fn track(seconds: f64, voices: &Value) -> Value {
    json!({"global": {"sample_rate": RATE, "compat": "intended", "normalization": "none", "crossfade_duration": 0.0},
           "progression": [{"duration": seconds, "voices": voices}]})
}

fn tone(function: &str, params: &Value) -> Value {
    json!({"synth_function_name": function, "params": params})
}

/// Largest second difference at the seam of a file that is played twice, and that of the rest.
fn bends(channel: &[f64]) -> (f64, f64) {
    let bend = |x: &[f64]| (x[0] - 2.0 * x[1] + x[2]).abs();
    let count = channel.len();
    let seam = [&channel[count - 2..], &channel[..2]].concat();
    let seam = seam.windows(3).map(bend).fold(0.0, f64::max);
    (seam, channel.windows(3).map(bend).fold(0.0, f64::max))
}

#[test]
fn a_tone_has_whole_cycles_and_no_edges() {
    let folder = tempfile::tempdir().expect("a folder");
    let voices =
        json!([tone("binaural_beat", &json!({"baseFreq": 200.0, "beatFreq": 4.3, "ampL": 0.5, "ampR": 0.25}))]);
    let made = made(&track(2.0, &voices), folder.path(), 0.0, None).expect("a file");
    assert_eq!(made.changes, ["step 1, voice 1: baseFreq 200 -> 200.25 Hz", "step 1, voice 1: beatFreq 4.3 -> 4.5 Hz"]);
    for (channel, (level, hz)) in made.channels.iter().zip([(0.5, 198.0), (0.25, 202.5)]) {
        assert_eq!(channel.len(), 88_200);
        for (frame, value) in channel.iter().enumerate() {
            // carriers are one frame ahead
            let expected = level * (2.0 * PI * hz * (frame + 1) as f64 / f64::from(RATE)).sin();
            assert!((value - expected).abs() < 2e-6, "{hz} Hz, frame {frame}: {value} instead of {expected}");
        }
    }
}

#[test]
fn what_moves_in_cycles_repeats_exactly() {
    let folder = tempfile::tempdir().expect("a folder");
    let voices = json!([
        tone(
            "binaural_beat",
            &json!({"baseFreq": 310.0, "beatFreq": 7.3, "ampL": 0.2, "ampR": 0.2, "ampOscDepthL": 0.5,
            "ampOscFreqL": 1.3, "freqOscRangeR": 3.0, "freqOscFreqR": 0.9})
        ),
        tone("isochronic_tone", &json!({"baseFreq": 150.3, "beatFreq": 6.1, "amp": 0.2})),
        tone("monaural_beat_stereo_amps", &json!({"baseFreq": 250.1, "beatFreq": 5.0})),
    ]);
    let made = made(&track(3.0, &voices), folder.path(), 0.0, None).expect("a file");
    assert!(made.changes.iter().any(|text| text.contains("ampOscFreqL 1.3 -> 1.3333 Hz")), "{:?}", made.changes);
    for channel in &made.channels {
        let (seam, rest) = bends(channel);
        assert!(seam <= rest, "{seam} against {rest}");
    }
    // each voice alone goes on over the seam as the closed form of its spectrum says: only whole cycles of the file
    for (index, stem) in made.stems.iter().enumerate() {
        let energy: f64 = stem.iter().map(|x| x * x).sum();
        let at = |cycles: f64| {
            let angle = 2.0 * PI * cycles / stem.len() as f64;
            let (re, im) = stem.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, x)| {
                let (sin, cos) = (angle * n as f64).sin_cos();
                (re + x * cos, im + x * sin)
            });
            (re * re + im * im) / stem.len() as f64 / energy
        };
        // far from all tones; a click would have the same energy everywhere
        let far = (0..20).map(|k| at(9000.0 + 997.0 * f64::from(k))).fold(0.0, f64::max);
        let limit = if index == 1 { 1e-8 } else { 1e-12 };
        assert!(far < limit, "voice {index}: {far}");
    }
}

#[test]
fn noise_and_recordings_are_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rain.wav");
    let mut file = AudioFile::create(&path, FileFormat::for_path(&path).expect("a format"), RATE).expect("a file");
    let sound: Vec<f32> = (0..50_000).map(|i| 0.3 * (i as f32 * 0.031).sin()).collect();
    file.write(&sound, &sound).expect("written");
    file.finish().expect("finished");
    let mut document = track(
        4.0,
        &json!([{"synth_function_name": "noise_swept_notch", "voice_type": "noise",
        "params": {"noise_parameters": {"name": "brown"}}}]),
    );
    document["background_noise"] =
        json!({"params": {"noise_parameters": {"name": "brown"}}, "gain": 0.5, "fade_in": 1.0});
    document["overlay_clips"] = json!([{"file_path": "rain.wav", "loop": true}]);
    let made = made(&document, folder.path(), 0.0, None).expect("a file");
    assert_eq!(made.stems.len(), 3);
    for sound in made.channels.iter().chain(&made.stems) {
        let (seam, rest) = bends(sound);
        assert!(seam <= rest, "{seam} against {rest}");
        // the level does not dip in the join
        let rms = |part: &[f64]| (part.iter().map(|x| x * x).sum::<f64>() / part.len() as f64).sqrt();
        let (join, all) = (rms(&sound[..44_100]), rms(sound));
        assert!((join / all).log10().abs() * 20.0 < 4.0, "{join} against {all}");
    }
    for (frame, value) in made.channels[0].iter().enumerate() {
        let sum: f64 = made.stems.iter().map(|stem| stem[frame]).sum();
        assert!((sum - value).abs() < 1e-6, "{frame}");
    }
}

#[test]
fn a_part_inside_of_a_step_can_be_seamless() {
    let folder = tempfile::tempdir().expect("a folder");
    let step = |hz: f64| json!({"duration": 4.0, "voices": [tone("binaural_beat", &json!({"baseFreq": hz, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5}))]});
    let mut document = track(4.0, &json!([]));
    document["progression"] = json!([step(200.0), step(300.0)]);
    let made = made(&document, folder.path(), 5.0, Some(1.5)).expect("a file");
    assert_eq!(made.channels[0].len(), 66_150);
    for channel in &made.channels {
        let (seam, rest) = bends(channel);
        assert!(seam <= rest * 1.0001 && rest < 0.5 * (2.0 * PI * 303.0 / f64::from(RATE)).powi(2), "{seam} {rest}");
    }
}

#[test]
fn what_cannot_be_seamless_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let beat = tone("binaural_beat", &json!({"baseFreq": 200.0, "beatFreq": 4.0}));
    let mut two = track(2.0, &json!([beat]));
    let step = two["progression"][0].clone();
    two["progression"].as_array_mut().expect("a list").push(step);
    let mut sweep =
        tone("binaural_beat_transition", &json!({"startBaseFreq": 200.0, "endBaseFreq": 220.0, "startBeatFreq": 4.0}));
    sweep["is_transition"] = json!(true);
    for (document, duration, said) in [
        (&two, None, "one with 2 steps"),
        (&two, Some(3.0), "one with 2 steps"),
        (&two, Some(0.1), "at least 0.5 s"),
        (&track(2.0, &json!([sweep])), None, "moves from a start to an end"),
    ] {
        let Err(message) = made(document, folder.path(), 0.0, duration) else { panic!("it was accepted: {said}") };
        assert!(message.contains(said), "{message}");
    }
}
