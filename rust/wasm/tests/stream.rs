//! The promises of the stream, tested natively. The browser tests run the same code.
#![allow(clippy::expect_used)]

mod rig;

use std::sync::Arc;

use realtime_backend_core::plan::{MediaCache, Plan, PlanOptions};
use realtime_backend_core::track::{self, LoadOptions, Track};
use realtime_backend_wasm::{State, Stream, StreamOptions};
use serde_json::json;

use rig::*;

/// Frames of a ramp.
const RAMP: usize = 662;

fn session(base: f64) -> Track {
    rig::track(json!({
        "global": {"sample_rate": RATE, "crossfade_duration": 1.0},
        "progression": [
            {"duration": 4.0, "voices": [voice(base, "a")]},
            {"duration": 4.0, "voices": [voice(base, "a"), voice(base * 1.5, "b")]}
        ]
    }))
}

#[test]
fn the_stream_equals_the_offline_render_for_any_block_size() {
    let track = session(200.0);
    let expected = offline(&track);
    for block in [1, 128, 1000, 4096] {
        let mut stream = stream(&track);
        stream.play();
        let count = if block == 1 { 20_000 } else { expected.len() };
        let heard = pull(&mut stream, count, block);
        assert!(heard[RAMP..] == expected[RAMP..count], "block {block}");
        assert!(roughness(&heard[..count - 1000]) < SMOOTH);
    }
}

#[test]
fn frames_that_are_taken_back_can_be_pulled_again() {
    let track = session(200.0);
    let expected = offline(&track);
    let mut stream = stream(&track);
    stream.play();
    pull(&mut stream, 30_000, 512);
    stream.rewind(12_345);
    assert_eq!(stream.index(), 12_345);
    assert!(pull(&mut stream, 30_000, 512)[..] == expected[12_345..42_345]);
}

#[test]
fn a_seek_replaces_buffered_frames_and_does_not_click() {
    let track = session(200.0);
    let expected = offline(&track);
    let mut stream = stream(&track);
    stream.play();
    let mut heard = pull(&mut stream, 40_000, 512);
    stream.rewind(20_000);
    heard.truncate(20_000);
    stream.seek(5.0);
    heard.extend(pull(&mut stream, 20_000, 512));
    assert!(roughness(&heard) < SMOOTH);
    let from = 5 * RATE as usize;
    assert!(heard[20_000 + RAMP..] == expected[from + RAMP..from + 20_000]);
    // within the crossfade the same frames come again, and before it nothing does
    stream.rewind(20_100);
    assert!(pull(&mut stream, 2000, 100)[..] == heard[20_100..22_100]);
    stream.rewind(19_000);
    assert_eq!(stream.index(), 20_000);
    assert_eq!(stream.frame_at(19_999), 19_999);
    assert_eq!(stream.frame_at(21_000), from as u64 + 1000);
}

#[test]
fn a_pause_fades_out_and_playback_resumes_without_a_gap() {
    let track = session(200.0);
    let expected = offline(&track);
    let mut stream = stream(&track);
    stream.play();
    let mut heard = pull(&mut stream, 10_000, 512);
    stream.pause();
    heard.extend(pull(&mut stream, 2_000, 512));
    assert!(stream.is_resting());
    let held = stream.index();
    assert_eq!(stream.state(held), State::Paused);
    assert!(heard[held as usize..].iter().all(|frame| *frame == [0.0; 2]));
    stream.play();
    heard.truncate(held as usize);
    heard.extend(pull(&mut stream, 10_000, 512));
    assert!(roughness(&heard) < SMOOTH);
    assert!(heard[held as usize + RAMP..] == expected[held as usize + RAMP..heard.len()]);
}

#[test]
fn a_seek_while_paused_is_silent_and_applies_on_resume() {
    let track = session(200.0);
    let expected = offline(&track);
    let mut stream = stream(&track);
    stream.play();
    pull(&mut stream, 10_000, 512);
    stream.pause();
    pull(&mut stream, 2_000, 512);
    stream.seek(3.0);
    let held = stream.index();
    assert_eq!(stream.frame_at(held), 3 * u64::from(RATE));
    assert!(pull(&mut stream, 1_000, 512).iter().all(|frame| *frame == [0.0; 2]));
    stream.play();
    let heard = pull(&mut stream, 5_000, 512);
    let from = 3 * RATE as usize;
    assert!(heard[RAMP..] == expected[from + RAMP..from + 5_000]);
}

#[test]
fn a_seek_during_a_fade_out_waits_for_its_end() {
    let track = session(200.0);
    let mut stream = stream(&track);
    stream.play();
    let mut heard = pull(&mut stream, 10_000, 512);
    stream.pause();
    heard.extend(pull(&mut stream, 100, 512));
    stream.seek(6.0);
    stream.seek(3.0);
    assert_eq!(stream.landing(), 10_000 + RAMP as u64 - 1);
    assert_eq!(stream.frame_at(10_100), 10_100, "the seek took effect before the end of the fade-out");
    heard.extend(pull(&mut stream, 1000, 512));
    assert!(roughness(&heard) < SMOOTH);
    assert!(stream.is_resting());
    let rest = stream.index();
    assert_eq!((rest, stream.frame_at(rest)), (stream.landing(), 3 * u64::from(RATE)));
    stream.play();
    let resumed = pull(&mut stream, 10_000, 512);
    assert!(resumed[RAMP..] == offline(&track)[3 * RATE as usize..][RAMP..10_000]);
}

#[test]
fn a_resume_during_a_fade_out_does_the_waiting_seek() {
    let track = session(200.0);
    let mut stream = stream(&track);
    stream.play();
    let mut heard = pull(&mut stream, 10_000, 512);
    stream.pause();
    heard.extend(pull(&mut stream, 100, 512));
    stream.seek(3.0);
    heard.extend(pull(&mut stream, 100, 512));
    stream.play();
    heard.extend(pull(&mut stream, 10_000, 512));
    assert!(roughness(&heard) < 2.0 * SMOOTH, "{}", roughness(&heard));
    let at = 3 * RATE as usize + RAMP;
    assert!(heard[10_200 + RAMP..] == offline(&track)[at..at + 10_000 - RAMP]);
}

#[test]
fn the_stream_is_finished_when_heard_and_play_restarts_it() {
    let track = session(200.0);
    let mut stream = stream(&track);
    stream.play();
    stream.seek(1e9);
    pull(&mut stream, 2_000, 512);
    assert!(stream.ended());
    let end = stream.index();
    assert_eq!(stream.state(end - 1), State::Playing);
    assert_eq!(stream.state(end), State::Finished);
    assert_eq!(stream.frame_at(end), stream.plan().frames());
    stream.play();
    assert_eq!(stream.state(end), State::Playing);
    pull(&mut stream, 1_000, 512);
    assert_eq!(stream.frame_at(end + 1_000), 1_000);
}

#[test]
fn an_edit_keeps_the_phases_and_does_not_click() {
    let track = session(200.0);
    let edited = session(230.0);
    let mut stream = stream(&track);
    stream.play();
    let mut heard = pull(&mut stream, 40_000, 512);
    let edit = stream.compile(&edited, 25_000).expect("compiles");
    stream.rewind(25_000);
    heard.truncate(25_000);
    stream.splice(edit);
    settle(&mut stream);
    heard.extend(pull(&mut stream, 20_000, 512));
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    // the phase continues: the new frequency begins at the old phase
    let crossings = |part: &[[f32; 2]]| part.windows(2).filter(|w| w[0][0] < 0.0 && w[1][0] >= 0.0).count();
    assert_eq!(crossings(&heard[26_000..26_000 + 4410]), 23);
    assert_eq!(crossings(&heard[20_000..20_000 + 4410]), 20);
}

#[test]
fn an_edit_while_paused_is_heard_on_resume() {
    let mut stream = stream(&session(200.0));
    let edit = stream.compile(&session(300.0), 0).expect("compiles");
    stream.splice(edit);
    settle(&mut stream);
    stream.play();
    let expected = offline(&session(300.0));
    assert!(pull(&mut stream, 5_000, 512)[RAMP..] == expected[RAMP..5_000]);
}

#[test]
fn an_edit_moves_and_scales_pushed_samples_without_a_click() {
    let streamed = |start: f64, amp: f64| {
        rig::track(json!({
            "global": {"sample_rate": RATE},
            "progression": [{"duration": 4.0, "voices": []}],
            "overlay_clips": [{"file_path": "", "start": start, "amp": amp}]
        }))
    };
    let turn = |i: u32, hertz: f64| f64::from(i) * std::f64::consts::TAU * hertz / f64::from(RATE);
    let sample = |i: u32| (0.5 * turn(i, 200.0).sin()) as f32;
    let sound: Vec<f32> = (0..4 * RATE).flat_map(|i| [sample(i); 2]).collect();
    let mut stream = stream(&streamed(0.0, 1.0));
    stream.push_clip_samples(0, &sound[..4 * RATE as usize], false).expect("a streamed clip");
    stream.play();
    let mut heard = pull(&mut stream, RATE as usize / 2, 512);
    // half as loud, and later by 1.25 periods of the tone
    let shift = (RATE / 160) as usize;
    let edit = stream.compile(&streamed(shift as f64 / f64::from(RATE), 0.5), stream.index()).expect("valid");
    stream.push_clip_samples(0, &sound[4 * RATE as usize..], true).expect("the same clip");
    stream.splice(edit);
    heard.extend(pull(&mut stream, 2 * RATE as usize, 512));
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    for at in [RATE as usize, 2 * RATE as usize + 17] {
        let expected = 0.5 * sound[2 * (at - shift)];
        assert!((heard[at][0] - expected).abs() < 1e-4, "{} instead of {expected} at {at}", heard[at][0]);
    }
}

#[test]
fn a_streamed_clip_takes_samples_before_its_edit_is_heard() {
    let mut stream = stream(&session(0.0));
    stream.play();
    let mut heard = pull(&mut stream, 4096, 512);
    stream.frame_at(2048); // half of that is still on its way to the ear
    let edited = rig::track(json!({
        "global": {"sample_rate": RATE},
        "progression": [{"duration": 4.0, "voices": []}],
        "overlay_clips": [{"file_path": "", "start": 0.0, "amp": 1.0}]
    }));
    assert!(stream.push_clip_samples(0, &[0.5; 16], false).is_err());
    let edit = stream.compile(&edited, stream.index()).expect("valid");
    stream.splice(edit);
    stream.push_clip_samples(0, &vec![0.5; 2 * RATE as usize], true).expect("the clip of the edit");
    heard.extend(pull(&mut stream, 4096, 512));
    assert!(heard[5000..].iter().all(|[left, right]| (left - 0.5).abs() < 1e-6 && left == right));
}

#[test]
fn a_bad_edit_is_refused_with_its_path() {
    let bad = json!({"progression": [{"duration": 1.0, "voices": [{"synth_function_name": "binaural_beat", "params": {"beatFreq": "fast"}}]}]});
    let stream = stream(&session(200.0));
    let message = match Track::from_value(bad) {
        Err(error) => error.to_string(),
        Ok((track, _)) => stream.compile(&track, 0).err().expect("refused").to_string(),
    };
    assert!(message.starts_with("progression[0].voices[0].params.beatFreq: expected a number"), "{message}");
}

#[test]
fn playback_fades_in_at_the_start_and_the_volume_ramps() {
    let mut stream = Stream::new(&session(200.0), &StreamOptions::default()).expect("compiles");
    stream.play();
    let heard = pull(&mut stream, RATE as usize, 512);
    let peak = |part: &[[f32; 2]]| part.iter().map(|frame| frame[0].abs()).fold(0.0, f32::max);
    assert!(peak(&heard[..4_000]) < 0.05 && peak(&heard[RATE as usize - 4_000..]) > 0.1);
    let mut stream = rig::stream(&session(200.0));
    stream.play();
    let mut heard = pull(&mut stream, 10_000, 512);
    stream.set_volume(0.0).expect("a number");
    heard.extend(pull(&mut stream, 10_000, 512));
    assert!(roughness(&heard) < SMOOTH);
    assert!(peak(&heard[15_000..]) == 0.0);
    assert!(stream.set_volume(f32::NAN).is_err());
}

#[test]
fn incremental_analysis_gives_the_levels_of_a_whole_measurement() {
    let track = session(200.0);
    let whole = Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("valid").0);
    whole.measure(0, whole.steps().len(), 1, &mut |_| true).expect("measures");
    let pieces = stream(&track);
    for (a, b) in whole.steps().iter().zip(pieces.plan().steps()) {
        assert!(a.final_levels().is_some());
        assert_eq!(a.final_levels(), b.final_levels());
        assert_eq!(a.measured().map(|m| m.binaural.max()), b.measured().map(|m| m.binaural.max()));
    }
}

#[test]
fn session_files_of_other_programs_play_like_their_tracks() {
    let schedule = "<schedule><voice><type>0</type><entries><entry duration=\"3\" volume_left=\"0.3\" volume_right=\"0.2\" \
                    beatfreq=\"4\" basefreq=\"200\"/></entries></voice></schedule>";
    for text in [
        "-SE -F 1000\na: 200+4/20 pink/10\noff: -\n0:00:00 a\n0:00:03 off\n",
        schedule,
        "a\n  tone 200 binaural 4 effect pan 2 intensity 50 amplitude 20\n00:00:00 a\n00:00:03 a\n",
    ] {
        let (loaded, warnings) =
            realtime_backend_wasm::load(text, LoadOptions::default(), &MediaCache::default()).expect("loads");
        assert_eq!(warnings, []);
        let (native, _) = track::open_text(text, &LoadOptions::filling_starts(), &[]).expect("loads");
        assert_eq!(loaded.to_value(), native.to_value());
        let mut stream = stream(&loaded);
        stream.play();
        let heard = pull(&mut stream, 2 * RATE as usize, 1000);
        // after the ramp
        assert_eq!(heard[4410..], offline(&native)[4410..2 * RATE as usize]);
    }
    assert!(realtime_backend_wasm::load("-SE\na: 200*4/20\n", LoadOptions::default(), &MediaCache::default()).is_err());
}
