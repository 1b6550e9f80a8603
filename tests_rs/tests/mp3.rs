//! MP3 files, in builds with LAME (`--features tests_rs/mp3`), read back by ffmpeg and ffprobe.
#![cfg(feature = "mp3")]

use std::f64::consts::TAU;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use realtime_backend_core::media::decode_file;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{Chapter, FileFormat, Subtype, Tags};
use realtime_backend_core::render::{ExportOptions, TargetLevel, render_to_file};
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

fn output(program: &str, arguments: &[&str], file: &Path, rest: &[&str]) -> Vec<u8> {
    let done = Command::new(program).args(["-v", "error"]).args(arguments).arg(file).args(rest).output();
    let done = done.expect("ffmpeg has to be installed (scripts/setup_tests.sh)");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The two channels that ffmpeg decodes.
fn decoded(path: &Path) -> [Vec<f64>; 2] {
    let bytes = output("ffmpeg", &["-i"], path, &["-f", "f64le", "-ac", "2", "-"]);
    let samples: Vec<f64> = bytes.chunks_exact(8).map(|x| f64::from_le_bytes(x.try_into().unwrap())).collect();
    [0, 1].map(|ear| samples.iter().copied().skip(ear).step_by(2).collect())
}

fn plan(rate: u32, base: f64, beat: f64, noise: bool) -> Arc<Plan> {
    let params = json!({"baseFreq": base, "beatFreq": beat, "ampL": 0.4, "ampR": 0.4});
    let mut voices = vec![json!({"synth_function_name": "binaural_beat", "params": params})];
    if noise {
        let params = json!({"noise_type": "pink"});
        voices.push(json!({"synth_function_name": "noise_generator", "params": params}));
    }
    let document = json!({
        "global": {"sample_rate": rate, "crossfade_duration": 0.0},
        "progression": [{"duration": 3.0, "voices": voices}, {"duration": 2.5, "voices": voices}]
    });
    let (track, _) = Track::from_json(&document.to_string()).unwrap();
    Arc::new(Plan::compile(&track, &PlanOptions::default()).unwrap().0)
}

fn export(plan: &Arc<Plan>, path: &Path, tags: Tags) {
    let format = FileFormat::for_path(path).unwrap().with_subtype(Subtype::Float32);
    let options = ExportOptions { target_level: TargetLevel::Mix, tags, ..ExportOptions::new(format) };
    render_to_file(plan, path, &options, &mut |_| true).unwrap();
}

/// Amplitude and phase of a tone in half a second, under a Hann window.
fn component(samples: &[f64], frequency: f64, rate: f64) -> (f64, f64) {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, x) in samples.iter().enumerate() {
        let window = 0.5 - 0.5 * (TAU * n as f64 / samples.len() as f64).cos();
        let (sin, cos) = (TAU * frequency * n as f64 / rate).sin_cos();
        re += x * window * cos;
        im -= x * window * sin;
    }
    (re.hypot(im), im.atan2(re))
}

#[test]
fn a_binaural_pair_keeps_level_and_interaural_phase() {
    let folder = tempfile::tempdir().unwrap();
    let (mp3, wav) = (folder.path().join("a.mp3"), folder.path().join("a.wav"));
    for (base, beat, noise) in
        [(100.0, 4.0, false), (200.0, 6.0, false), (440.0, 10.0, false), (900.0, 40.0, false), (200.0, 6.0, true)]
    {
        let plan = plan(48_000, base, beat, noise);
        export(&plan, &mp3, Tags::default());
        export(&plan, &wav, Tags::default());
        let (found, exact) = (decoded(&mp3), decode_file(&wav).unwrap());
        let exact: [Vec<f64>; 2] = [0, 1].map(|ear| exact.channels()[ear].iter().map(|x| f64::from(*x)).collect());
        assert_eq!(found[0].len(), exact[0].len(), "gapless");
        let (mut most_level, mut most_phase) = (0.0_f64, 0.0_f64);
        for start in (24_000..exact[0].len() - 48_000).step_by(24_000) {
            let stretch = start..start + 24_000;
            let mut shifts = [0.0; 2];
            for ear in 0..2 {
                let (wanted, found) = (&exact[ear][stretch.clone()], &found[ear][stretch.clone()]);
                let tone = [base - beat / 2.0, base + beat / 2.0]
                    .into_iter()
                    .max_by(|a, b| component(wanted, *a, 48e3).0.total_cmp(&component(wanted, *b, 48e3).0))
                    .unwrap();
                let (wanted, found) = (component(wanted, tone, 48e3), component(found, tone, 48e3));
                most_level = most_level.max((20.0 * (found.0 / wanted.0).log10()).abs());
                shifts[ear] = (found.1 - wanted.1).to_degrees();
            }
            most_phase = most_phase.max((shifts[0] - shifts[1] + 540.0).rem_euclid(360.0) - 180.0).abs();
        }
        println!("{beat} Hz at {base} Hz, noise {noise}: {most_level:.3} dB, {most_phase:.2} degrees");
        assert!(most_level < 0.1 && most_phase < 2.0, "{most_level} dB, {most_phase} degrees");
    }
}

#[test]
fn files_are_gapless_at_every_rate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp3");
    for (rate, own) in [(8000, 48_000), (44_100, 44_100), (48_000, 48_000), (96_000, 48_000)] {
        let plan = plan(rate, 200.0, 6.0, false);
        export(&plan, &path, Tags::default());
        let frames = (plan.frames() * own).div_ceil(u64::from(rate));
        assert_eq!(decoded(&path)[0].len() as u64, frames, "{rate}");
    }
}

#[test]
fn tags_and_chapters_are_found_by_ffprobe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp3");
    let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let chapter = |start, end, name: &str| Chapter { start, end, name: name.to_owned() };
    let tags = Tags {
        fields: vec![
            field("TITLE", "Evening"),
            field("ARTIST", "Äsop"),
            field("DATE", "2026-01-31"),
            field("SEED", "7"),
        ],
        chapters: vec![chapter(0, 144_000, "Down"), chapter(144_000, 264_000, "Deep \"x\"")],
        track: Some("{}".to_owned()),
    };
    export(&plan(48_000, 200.0, 6.0, false), &path, tags);
    let found = output("ffprobe", &["-show_format", "-show_chapters", "-of", "json"], &path, &[]);
    let found: Value = serde_json::from_slice(&found).unwrap();
    let tags = &found["format"]["tags"];
    assert_eq!(
        (&tags["title"], &tags["artist"], &tags["date"]),
        (&json!("Evening"), &json!("Äsop"), &json!("2026-01-31"))
    );
    assert_eq!((&tags["SEED"], &tags["REALTIME_BACKEND_TRACK"]), (&json!("7"), &json!("{}")));
    let chapters = found["chapters"].as_array().unwrap();
    let chapters: Vec<_> = chapters.iter().map(|c| (c["start_time"].as_str(), c["tags"]["title"].as_str())).collect();
    assert_eq!(chapters, [(Some("0.000000"), Some("Down")), (Some("3.000000"), Some("Deep \"x\""))]);
}
