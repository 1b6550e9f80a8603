//! Compares whole tracks with the recordings of the legacy implementation (spec assembly 13).

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Error;
use realtime_backend_core::media::decode_file;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding};
use realtime_backend_core::render::{ExportOptions, render_array, render_to_file};
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::Value;
use tests_rs::golden::{self, TrackCase};

const TOLERANCE: f64 = 1e-5;

fn plan(case: &TrackCase, compat: Compat) -> Arc<Plan> {
    let options = LoadOptions { fill_starts: case.load_mode == "load", compat: Some(compat), ..LoadOptions::default() };
    let (track, _) = Track::from_path_with(&case.path, &options).expect("a track");
    let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
    Arc::new(Plan::compile(&track, &options).expect("a plan").0)
}

fn audio(plan: &Arc<Plan>) -> Vec<f64> {
    let audio = render_array(plan, 0, None, 0, &mut |_| true).expect("audio");
    audio.into_iter().map(f64::from).collect()
}

/// Compare every recorded track that has an array `name` with it.
fn compare(name: &str, compat: Compat) {
    let mut bad = Vec::new();
    for case in golden::tracks() {
        let Some(recorded) = case.array(name) else { continue };
        let (error, frame) = recorded.worst(&audio(&plan(&case, compat)));
        if error > TOLERANCE {
            bad.push(format!("{}: {error:e} at frame {frame}", case.name));
        }
    }
    assert!(bad.is_empty(), "{name}:\n{}", bad.join("\n"));
}

#[test]
fn every_track_matches_its_recording() {
    compare("audio", Compat::LEGACY);
}

#[test]
fn without_alignment_tracks_match_their_unaligned_recordings() {
    compare("audio_no_alignment", Compat { align_phases: false, ..Compat::LEGACY });
}

#[test]
fn tracks_with_working_envelopes_match_their_recordings() {
    compare("audio_envelopes_fixed", Compat { flat_envelopes: false, ..Compat::LEGACY });
}

#[test]
fn exported_integers_differ_from_recorded_ones_by_at_most_one() {
    let folder = tempfile::tempdir().expect("a folder");
    for case in golden::tracks() {
        let Some(recorded) = case.array("pcm16_target_0_25") else { continue };
        let path = folder.path().join("track.wav");
        let format = FileFormat::new(Container::Wav).with_rounding(Rounding::of_file(&Compat::LEGACY, true));
        let plan = plan(&case, Compat::LEGACY);
        render_to_file(&plan, &path, &ExportOptions::new(format), &mut |_| true).expect("a file");
        let audio = decode_file(&path).expect("audio");
        let integers = |x: &[f32]| x.iter().map(|x| x * 32_768.0).collect::<Vec<f32>>();
        let (left, right) = audio.stereo();
        let (error, frame) = recorded.worst_planar(&integers(left), &integers(right));
        assert!(error <= 1.0, "{}: {error} at frame {frame}", case.name);
    }
}

#[test]
fn a_cancelled_export_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = golden::tracks().remove(0);
    for stop_at in [0.1, 0.45, 0.6] {
        let path = folder.path().join("track.wav");
        let options = ExportOptions::new(FileFormat::new(Container::Wav));
        let ended = render_to_file(&plan(&case, Compat::LEGACY), &path, &options, &mut |done| done < stop_at);
        assert!(matches!(ended, Err(Error::Cancelled)), "{stop_at}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "{stop_at}");
    }
}

#[test]
fn measured_peaks_gains_and_lags_match_the_recorded_ones() {
    for case in golden::tracks() {
        let plan = plan(&case, Compat::LEGACY);
        plan.measure(0, plan.steps().len(), 0, &mut |_| true).expect("measured");
        for (step, recorded) in plan.steps().iter().zip(&case.steps) {
            let name = format!("{} step {}", case.name, step.placement.step);
            let close = |key: &str, got: f64, tolerance: f64| {
                if let Some(expected) = recorded.get(key).and_then(Value::as_f64) {
                    assert!((got - expected).abs() <= tolerance, "{name} {key}: {got} instead of {expected}");
                }
            };
            let (measured, final_levels) =
                (step.measured().expect("measured"), step.final_levels().expect("final levels"));
            let loudest = measured.voices.iter().filter(|v| v.bus == realtime_backend_core::track::Bus::Noise);
            close("binaural_peak", measured.binaural.max().into(), 1e-6);
            close("noise_peak", loudest.map(|v| v.peak).fold(0.0, f32::max).into(), 1e-6);
            close("continuity_gain", final_levels.gains.both[0].into(), 1e-6);
            close("alignment_lag", final_levels.lag as f64, 0.0);
            if final_levels.mix_peak.is_some_and(|peak| peak > 0.99) || measured.noise.max() == 0.0 {
                close("mix_peak", final_levels.mix_peak.expect("normalised").into(), 1e-6);
            }
        }
    }
}
