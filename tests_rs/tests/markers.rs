//! The marker track (spec stimuli 5): events of a plan, the table beside a file, the trigger channel.

use std::fs;
use std::sync::Arc;

use realtime_backend_core::plan::{Marker, Plan, PlanOptions};
use realtime_backend_core::render::encode::FileFormat;
use realtime_backend_core::render::{ExportOptions, MarkerOptions, render_to_file};
use realtime_backend_core::track::Track;
use serde_json::json;

/// Two steps of two seconds that overlap by half a second, pulses at 40 Hz and clicks at 3 Hz.
fn plan() -> Arc<Plan> {
    let gate = json!({"baseFreq": 400.0, "beatFreq": 40.0, "attack_ms": 1, "hold_ms": 5, "release_ms": 1});
    let track = json!({
        "global": {"sample_rate": 48_000, "crossfade_duration": 0.5},
        "progression": [
            {"duration": 2.0, "voices": [{"synth_function_name": "isochronic_tone", "params": gate}]},
            {"duration": 2.0, "voices": [{"synth_function_name": "click_train", "params": {"rate_hz": 3.0}}]},
        ],
    });
    let (track, _) = Track::from_json(&track.to_string()).expect("a track");
    let (plan, warnings) = Plan::compile(&track, &PlanOptions::default()).expect("a plan");
    assert!(warnings.is_empty(), "{warnings:?}");
    Arc::new(plan)
}

fn list(plan: &Plan, from: u64, to: u64, every: u64) -> Vec<Marker> {
    let mut found = Vec::new();
    plan.markers(from..to, every, &mut |marker| {
        found.push(*marker);
        Ok(())
    })
    .expect("listed");
    found
}

fn frames(markers: &[Marker], label: &str) -> Vec<u64> {
    markers.iter().filter(|marker| marker.label == label).map(|marker| marker.frame).collect()
}

#[test]
fn every_event_of_a_track_is_listed_once() {
    let plan = plan();
    let all = list(&plan, 0, u64::MAX, 1);
    assert_eq!(frames(&all, "step"), [0, 72_000]);
    assert_eq!(frames(&all, "crossfade"), [72_000]);
    assert_eq!(frames(&all, "pulse"), (0..80).map(|k| 1200 * k).collect::<Vec<_>>());
    assert_eq!(frames(&all, "click"), (0..6).map(|k| 72_000 + 16_000 * k).collect::<Vec<_>>());
    assert!(all.iter().filter(|marker| marker.label == "pulse").all(|marker| (marker.length - 336.0).abs() < 1e-6));
    assert!(all.windows(2).all(|pair| pair[0].frame <= pair[1].frame));
    let tenth = list(&plan, 0, u64::MAX, 10);
    assert_eq!(frames(&tenth, "pulse"), (0..8).map(|k| 12_000 * k).collect::<Vec<_>>());
}

#[test]
fn parts_of_a_track_list_the_events_of_the_whole() {
    let plan = plan();
    for every in [1, 7] {
        let all = list(&plan, 0, u64::MAX, every);
        let edges = [0, 1, 1200, 1201, 71_999, 72_000, 90_001, plan.frames()];
        let parts: Vec<Marker> = edges.windows(2).flat_map(|edge| list(&plan, edge[0], edge[1], every)).collect();
        assert_eq!(parts, all);
    }
}

#[test]
fn table_and_trigger_channel_agree_with_the_events() {
    let plan = plan();
    let folder = tempfile::tempdir().expect("a folder");
    let (sound, table) = (folder.path().join("x.wav"), folder.path().join("events.tsv"));
    let markers = MarkerOptions { table: Some(table.clone()), trigger: 240, every: 2 };
    let options = ExportOptions {
        frames: 600..100_000,
        markers,
        ..ExportOptions::new(FileFormat::for_path("x.wav").expect("a format"))
    };
    render_to_file(&plan, &sound, &options, &mut |_| true).expect("written");

    let text = fs::read_to_string(&table).expect("a table");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("onset\tduration\ttrial_type\tsample"));
    let wanted = list(&plan, 600, 100_000, 2);
    let samples: Vec<u64> = lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let (onset, sample): (f64, u64) = (cells[0].parse().expect("s"), cells[3].parse().expect("frames"));
            assert!((onset * 48_000.0 - sample as f64).abs() < 1e-3);
            sample
        })
        .collect();
    assert_eq!(samples, wanted.iter().map(|marker| marker.frame - 600).collect::<Vec<_>>());

    let bytes = fs::read(&sound).expect("a file");
    let data = bytes.windows(4).position(|word| word == b"data").expect("a chunk") + 8;
    assert_eq!(bytes[data - 8 - 16 + 2], 3, "channels");
    let trigger: Vec<i16> = bytes[data..].chunks(6).map(|frame| i16::from_le_bytes([frame[4], frame[5]])).collect();
    assert_eq!(trigger.len(), 99_400);
    for (frame, value) in trigger.iter().enumerate() {
        let on = wanted.iter().any(|marker| (marker.frame - 600..marker.frame - 360).contains(&(frame as u64)));
        assert_eq!(*value, if on { 32_767 } else { 0 }, "frame {frame}");
    }

    // the sound is the same as without the channel
    let plain = folder.path().join("plain.wav");
    render_to_file(&plan, &plain, &ExportOptions { markers: MarkerOptions::default(), ..options }, &mut |_| true)
        .expect("written");
    let stereo = fs::read(&plain).expect("a file");
    assert!(bytes[data..].chunks(6).zip(stereo[data..].chunks(4)).all(|(three, two)| three[..4] == *two));
}

#[test]
fn a_cancelled_render_leaves_no_table() {
    let plan = plan();
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("events.tsv");
    fs::write(&table, "mine").expect("written");
    let markers = MarkerOptions { table: Some(table.clone()), trigger: 0, every: 1 };
    let options = ExportOptions { markers, ..ExportOptions::new(FileFormat::for_path("x.wav").expect("a format")) };
    assert!(render_to_file(&plan, &folder.path().join("x.wav"), &options, &mut |done| done < 0.6).is_err());
    assert_eq!(fs::read_to_string(&table).expect("still there"), "mine");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let same = MarkerOptions { table: Some(folder.path().join("x.wav")), ..MarkerOptions::default() };
    let error =
        render_to_file(&plan, &folder.path().join("x.wav"), &ExportOptions { markers: same, ..options }, &mut |_| true);
    assert!(error.err().is_some_and(|error| error.to_string().ends_with("is the audio file")));
}

#[test]
fn flac_files_refuse_a_trigger_channel() {
    let folder = tempfile::tempdir().expect("a folder");
    let markers = MarkerOptions { trigger: 1, ..MarkerOptions::default() };
    let options = ExportOptions { markers, ..ExportOptions::new(FileFormat::for_path("x.flac").expect("a format")) };
    let error = render_to_file(&plan(), &folder.path().join("x.flac"), &options, &mut |_| true).expect_err("refused");
    assert!(error.to_string().ends_with("only WAV files can have a trigger channel"));
}

#[test]
fn pulses_that_run_on_are_listed_where_they_sound() {
    // two steps with one voice id: the second begins in the middle of a cycle of 7 Hz
    let gate = |end: f64| {
        json!({"synth_function_name": "isochronic_tone", "voice_id": "a", "params": {
            "baseFreq": 1000.0, "beatFreq": 7.0, "attack_ms": 0, "hold_ms": end, "release_ms": 0,
        }})
    };
    for hold in [20.0, 30.0] {
        let track = json!({
            "global": {"sample_rate": 48_000, "compat": "intended"},
            "progression": [{"duration": 1.5, "voices": [gate(20.0)]}, {"duration": 1.5, "voices": [gate(hold)]}],
        });
        let (track, _) = Track::from_json(&track.to_string()).expect("a track");
        let plan = Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0);
        let expected = (0..21_u64).map(|k| (k * 48_000).div_ceil(7)).filter(|frame| *frame < plan.frames());
        let expected: Vec<u64> = expected.collect();
        assert_eq!(frames(&list(&plan, 0, u64::MAX, 1), "pulse"), expected, "{hold}");
    }
}

#[test]
fn pulses_whose_gap_grows_become_shorter() {
    let gate = json!({"startBaseFreq": 400.0, "endBaseFreq": 400.0, "startBeatFreq": 10.0, "endBeatFreq": 10.0,
        "startGapPercent": 0.2, "endGapPercent": 0.6});
    let track = json!({
        "global": {"sample_rate": 48_000},
        "progression": [{"duration": 2.0, "voices": [
            {"synth_function_name": "isochronic_tone", "is_transition": true, "params": gate}]}],
    });
    let (track, _) = Track::from_json(&track.to_string()).expect("a track");
    let (plan, warnings) = Plan::compile(&track, &PlanOptions::default()).expect("a plan");
    assert!(warnings.is_empty(), "{warnings:?}");
    let pulses: Vec<Marker> = list(&plan, 0, u64::MAX, 1).into_iter().filter(|one| one.label == "pulse").collect();
    // the sum of a moving rate begins with its first frame, so that pulse k begins one frame before k cycles
    for (pulse, k) in pulses.iter().zip(1_u64..) {
        assert_eq!(pulse.frame, 4800 * k - 1);
        let gap = 0.2 + 0.4 * k as f64 / 20.0;
        assert!((pulse.length - (1.0 - gap) * 4800.0).abs() < 0.1, "{k}: {}", pulse.length);
    }
    assert_eq!(pulses.len(), 20);
}

#[test]
fn each_ear_has_its_own_shrinking_pulses() {
    let gates = json!({"startPulseRateL": 10, "endPulseRateL": 10, "startGapPercentL": 0.2, "endGapPercentL": 0.6,
        "startPulseRateR": 20, "endPulseRateR": 20, "startGapPercentR": 0.5, "endGapPercentR": 0.1});
    let track = json!({
        "global": {"sample_rate": 48_000, "compat": "intended"},
        "progression": [{"duration": 2.0, "voices": [
            {"synth_function_name": "dual_pulse_binaural", "is_transition": true, "params": gates}]}],
    });
    let (track, _) = Track::from_json(&track.to_string()).expect("a track");
    let (plan, warnings) = Plan::compile(&track, &PlanOptions::default()).expect("a plan");
    assert!(warnings.is_empty(), "{warnings:?}");
    let all = list(&plan, 0, u64::MAX, 1);
    for (label, cycle, gap) in [("pulse_left", 4800_u64, [0.2, 0.6]), ("pulse_right", 2400, [0.5, 0.1])] {
        let pulses: Vec<&Marker> = all.iter().filter(|marker| marker.label == label).collect();
        assert_eq!(pulses.len() as u64, 96_000 / cycle, "{label}");
        for (pulse, k) in pulses.iter().zip(0_u64..) {
            assert_eq!(pulse.frame, cycle * k);
            let gap = gap[0] + (gap[1] - gap[0]) * (cycle * k) as f64 / 96_000.0;
            assert!((pulse.length - (1.0 - gap) * cycle as f64).abs() < 0.1, "{label} {k}: {}", pulse.length);
        }
    }
}
