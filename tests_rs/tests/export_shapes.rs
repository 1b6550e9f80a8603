//! Fades, one channel and stems of exported files, against closed forms.

use std::f64::consts::PI;
use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::media::{Audio, decode_file};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{FileFormat, Subtype};
use realtime_backend_core::render::{ExportOptions, Exported, Shaping, Stems, TargetLevel, render_to_file};
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

const RATE: f64 = 44_100.0;

fn plan(document: Value, folder: &Path) -> Arc<Plan> {
    let options = LoadOptions { folder: Some(folder.to_owned()), ..LoadOptions::filling_starts() };
    let (track, problems) = Track::from_value_with(document, &options).expect("a track");
    assert_eq!(problems, []);
    Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0)
}

/// One second of a tone in each ear, at the amplitudes that it states.
fn tones(left: f64, right: f64) -> Value {
    json!({"global": {"normalization": "none", "compat": "intended"}, "progression": [{"duration": 1.0, "voices": [
        {"synth_function_name": "binaural_beat", "params": {"baseFreq": 440.0, "beatFreq": 40.0, "ampL": left, "ampR": right}}]}]})
}

fn options(path: &Path) -> ExportOptions {
    let format = FileFormat::for_path(path).expect("a format");
    let subtype = if path.extension().is_some_and(|kind| kind == "wav") { Subtype::Float32 } else { Subtype::Pcm24 };
    ExportOptions { target_level: TargetLevel::Mix, ..ExportOptions::new(format.with_subtype(subtype)) }
}

fn export(plan: &Arc<Plan>, path: &Path, options: &ExportOptions) -> (Exported, Audio) {
    let exported = render_to_file(plan, path, options, &mut |_| true).expect("a file");
    (exported, decode_file(path).expect("audio"))
}

/// The tones in the middle of the step, where its edge fades do not reach. Carriers are one frame ahead (spec
/// binaural-and-isochronic 2).
fn ears(frame: usize) -> [f64; 2] {
    [420.0, 460.0].map(|hz| (2.0 * PI * hz * (frame + 1) as f64 / RATE).sin())
}

fn close(found: f32, expected: f64, at: usize) {
    assert!((f64::from(found) - expected).abs() < 2e-6, "frame {at}: {found} instead of {expected}");
}

#[test]
fn fades_are_raised_cosines_over_the_exported_range() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = plan(tones(0.5, 0.25), folder.path());
    let path = folder.path().join("a.wav");
    let (first, count) = (10_000, 20_000_usize);
    let shaping = Shaping { fade_in: 4000, fade_out: 6000, mono: false };
    let frames = first..first + count as u64;
    let (exported, audio) = export(&plan, &path, &ExportOptions { shaping, frames, ..options(&path) });
    assert_eq!(audio.frames(), count);
    let mut largest = 0.0_f64;
    for frame in 0..count {
        let rise = |at: usize, length: f64| 0.5 * (1.0 - (PI * (at as f64 / length).min(1.0)).cos());
        let gain = rise(frame, 4000.0) * rise(count - 1 - frame, 6000.0);
        let [left, right] = ears(first as usize + frame);
        close(audio.channels()[0][frame], 0.5 * left * gain, frame);
        close(audio.channels()[1][frame], 0.25 * right * gain, frame);
        largest = largest.max((0.5 * left * gain).abs());
    }
    assert!((f64::from(exported.levels.peak) - largest).abs() < 2e-6);
}

#[test]
fn a_mono_file_has_half_the_sum_in_one_channel() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = plan(tones(0.5, 0.25), folder.path());
    for name in ["a.wav", "a.flac"] {
        let path = folder.path().join(name);
        let shaping = Shaping { mono: true, ..Shaping::default() };
        let (exported, audio) = export(&plan, &path, &ExportOptions { shaping, ..options(&path) });
        assert_eq!((audio.channels().len(), audio.frames(), exported.file.tally.frames), (1, 44_100, 44_100), "{name}");
        for frame in 1000..43_000 {
            let [left, right] = ears(frame);
            close(audio.channels()[0][frame], 0.25 * left + 0.125 * right, frame);
        }
    }
}

#[test]
fn a_mono_file_has_the_level_of_its_channel() {
    let folder = tempfile::tempdir().expect("a folder");
    // the ears cancel each other except for a tenth
    let mut document = tones(0.5, 0.4);
    document["progression"][0]["voices"][0]["params"]["beatFreq"] = json!(0.0);
    document["progression"][0]["voices"][0]["params"]["startPhaseR"] = json!(PI);
    document["progression"][0]["duration"] = json!(4.0);
    let plan = plan(document, folder.path());
    let path = folder.path().join("a.wav");
    let shaping = Shaping { mono: true, ..Shaping::default() };
    let with = |target_level| ExportOptions { target_level, shaping, loudness: true, ..options(&path) };
    let (_, audio) = export(&plan, &path, &with(TargetLevel::Peak(0.5)));
    let peak = audio.channels()[0].iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    assert!((peak - 0.5).abs() < 1e-5, "{peak}");
    let (exported, audio) = export(&plan, &path, &with(TargetLevel::Loudness(-30.0)));
    // BS.1770: in one channel the loudness is that of its mean square; the weighting of a tone at 440 Hz is 0.01 dB
    let power = audio.channels()[0].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / audio.frames() as f64;
    let unweighted = -0.691 + 10.0 * power.log10();
    assert!((unweighted - -30.0).abs() < 0.05, "{unweighted}");
    assert!((exported.levels.loudness.expect("long enough") - -30.0).abs() < 0.05, "{exported:?}");
}

/// A track with two steps in a crossfade, a voice id that goes on, noise, a bed and a clip.
fn busy(folder: &Path) -> Value {
    let tone = |id: &str, hz: f64| json!({"synth_function_name": "binaural_beat", "voice_id": id, "params": {"baseFreq": hz, "beatFreq": 6.0}});
    let noise = json!({"synth_function_name": "noise_swept_notch", "voice_type": "noise", "params": {}});
    let mut file = b"RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    file.extend(16_000_u32.to_le_bytes());
    file.extend((0..8000).flat_map(|i| (if i % 8 < 4 { 8000_i16 } else { -8000 }).to_le_bytes()));
    std::fs::write(folder.join("clip.wav"), file).expect("a file");
    json!({
        "global": {"crossfade_duration": 0.5},
        "progression": [
            {"duration": 2.0, "voices": [tone("drone", 110.0), noise.clone(), tone("bell/a", 330.0)]},
            {"duration": 2.0, "voices": [tone("drone", 120.0), noise]},
        ],
        "background_noise": {"params": {"noise_parameters": {"name": "brown"}}, "gain": 0.1},
        "overlay_clips": [{"file_path": "clip.wav", "start": 1.0, "amp": 0.2}],
    })
}

#[test]
fn the_sum_of_the_stems_is_the_mix() {
    let folder = tempfile::tempdir().expect("a folder");
    for compat in Compat::PRESETS {
        let mut document = busy(folder.path());
        document["global"]["compat"] = json!(compat);
        let plan = plan(document, folder.path());
        for (stems, names) in [
            (Stems::Voices, vec!["drone", "voice2", "bell_a", "bed", "clips"]),
            (Stems::Buses, vec!["binaural", "noise", "bed", "clips"]),
            (Stems::Layers, vec!["voices", "bed", "clips"]),
        ] {
            // inline noise and the editor's spelling of clips are unknown to the legacy rules
            let names: Vec<&str> =
                names.into_iter().filter(|n| compat != "legacy" || !["bed", "clips"].contains(n)).collect();
            assert_eq!(stems.names(&plan), names, "{compat}");
            let path = folder.path().join("mix.wav");
            let shaping = Shaping { fade_in: 3000, ..Shaping::default() };
            let level = TargetLevel::Peak(0.9);
            let (exported, mix) = export(
                &plan,
                &path,
                &ExportOptions { target_level: level, shaping, stems: Some(stems), ..options(&path) },
            );
            let mut sum = [vec![0.0_f64; mix.frames()], vec![0.0; mix.frames()]];
            for (file, name) in exported.stems.iter().zip(&names) {
                assert_eq!(file.file_name().unwrap().to_str().unwrap(), format!("mix.{name}.wav"));
                let stem = decode_file(file).expect("a stem");
                assert!(stem.channels()[0].iter().any(|x| x.abs() > 1e-3), "{name} is silent");
                for (sum, channel) in sum.iter_mut().zip(stem.channels()) {
                    sum.iter_mut().zip(channel.iter()).for_each(|(sum, x)| *sum += f64::from(*x));
                }
            }
            for (sum, mix) in sum.iter().zip(mix.channels()) {
                let worst = sum.iter().zip(mix.iter()).map(|(sum, x)| (sum - f64::from(*x)).abs()).fold(0.0, f64::max);
                assert!(worst < 1e-6, "{compat} {stems:?}: {worst}");
            }
        }
    }
}

#[test]
fn stems_of_a_stream_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = plan(tones(0.5, 0.5), folder.path());
    let options = ExportOptions { stems: Some(Stems::Layers), ..options(Path::new("a.wav")) };
    assert!(render_to_file(&plan, Path::new("/dev/stdout"), &options, &mut |_| true).is_err());
}
