//! Every real-time behaviour. The tests call the audio callback themselves.
#![allow(clippy::expect_used)]

mod rig;

use std::time::{Duration, Instant};

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::LayerGains;
use realtime_backend_core::track::Track;
use realtime_backend_player::{Frame, PlayerOptions, State};
use serde_json::json;

use rig::*;

#[test]
fn the_stream_equals_the_offline_render_whatever_the_block_size() {
    let expected = offline(session(200.0));
    for block in [64, 441, 1024] {
        let mut rig = Rig::new(session(200.0), exact_options());
        rig.resolve_levels();
        rig.player.play();
        let heard = rig.pull(3 * RATE as usize, block);
        let ramp = RATE as usize / 30;
        assert!(difference(&heard[ramp..], &expected[ramp..]) == 0.0, "block {block}");
        assert!(roughness(&heard) < SMOOTH);
    }
}

#[test]
fn a_seek_continues_at_the_requested_frame_without_a_click() {
    let expected = offline(session(200.0));
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    let mut heard = rig.pull(RATE as usize, 512);
    rig.player.seek(7.25);
    heard.extend(rig.pull(RATE as usize / 2, 512));
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    let position = (rig.player.position() * f64::from(RATE)).round() as usize;
    let tail = &heard[heard.len() - 2000..];
    assert!(difference(tail, &expected[position - 2000..position]) == 0.0);
    let lag = rig.player.position() - 7.25;
    assert!((0.4..=0.5).contains(&lag), "the seek took effect {:.0} ms late", (0.5 - lag) * 1e3);
    assert_eq!(rig.player.stats().late_splices, 0);
}

#[test]
fn a_pause_keeps_the_position_and_playback_resumes_from_it() {
    let expected = offline(session(200.0));
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    let mut heard = rig.pull(RATE as usize, 512);
    rig.player.pause();
    heard.extend(rig.pull(RATE as usize / 4, 512));
    let frozen = rig.player.position();
    assert_eq!(rig.player.state(), State::Paused);
    let silence = rig.pull(2048, 512);
    assert!(silence.iter().all(|frame| *frame == [0.0; 2]));
    assert_eq!(rig.player.position(), frozen);
    rig.player.play();
    heard.extend(rig.pull(RATE as usize / 2, 512));
    assert!(roughness(&heard) < SMOOTH);
    let position = (rig.player.position() * f64::from(RATE)).round() as usize;
    let tail = &heard[heard.len() - 2000..];
    assert!(difference(tail, &expected[position - 2000..position]) == 0.0);
}

#[test]
fn a_seek_while_paused_is_silent_and_updates_the_position() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.seek(3.5);
    rig.resolve_levels();
    let silence = rig.pull(4096, 512);
    assert!(silence.iter().all(|frame| *frame == [0.0; 2]));
    assert!((rig.player.position() - 3.5).abs() < 1e-3, "{}", rig.player.position());
}

#[test]
fn playback_and_a_seek_past_the_end_finish_exactly() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    let _ = rig.pull(RATE as usize / 10, 512);
    rig.player.seek(10.5);
    let duration = rig.player.duration();
    assert!((duration - 11.0).abs() < 1e-9);
    let heard = rig.pull(RATE as usize, 512);
    assert_eq!(rig.player.state(), State::Finished);
    assert_eq!(rig.player.position(), duration);
    assert!(heard[heard.len() - 512..].iter().all(|frame| *frame == [0.0; 2]));
    rig.player.seek(1.0);
    let again = rig.pull(RATE as usize / 2, 512);
    assert!(again[RATE as usize / 4..].iter().any(|frame| frame[0].abs() > 0.1));
    assert_eq!(rig.player.state(), State::Playing);
    rig.player.seek(1e9);
    let _ = rig.pull(RATE as usize / 4, 512);
    assert_eq!(rig.player.state(), State::Finished);
}

#[test]
fn an_edit_keeps_the_phases_and_does_not_click() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    let mut heard = rig.pull(RATE as usize / 2, 512);
    for base in [201.0, 230.0, 180.0, 200.0] {
        rig.player.update(&track(session(base)), &Interrupt::default()).expect("valid");
        heard.extend(rig.pull(RATE as usize / 4, 512));
        // the phases continue, so the crossfade never cancels and the envelope stays high
        let recent = &heard[heard.len() - RATE as usize / 4..];
        let quietest = recent
            .chunks(RATE as usize / 100)
            .filter(|chunk| chunk.len() == RATE as usize / 100)
            .map(|chunk| chunk.iter().fold(0.0_f32, |peak, frame| peak.max(frame[0].abs())))
            .fold(f32::MAX, f32::min);
        assert!(quietest > 0.4, "the level dropped to {quietest} at {base} Hz");
    }
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    assert_eq!(rig.player.stats().late_splices, 0);
}

#[test]
fn a_rejected_edit_is_reported_and_the_old_track_continues() {
    let rig = Rig::new(session(200.0), exact_options());
    let mut bad = session(200.0);
    bad["progression"][0]["voices"][0]["params"]["baseFreq"] = json!("fast");
    let error = match Track::from_value(bad) {
        Ok((track, _)) => rig.player.update(&track, &Interrupt::default()).expect_err("refused").to_string(),
        Err(error) => error.to_string(),
    };
    assert!(error.contains("baseFreq"), "{error}");
    assert!((rig.player.duration() - 11.0).abs() < 1e-9);
}

#[test]
fn the_volume_applies_from_the_first_sample_and_ramps() {
    let options = PlayerOptions { volume: 0.0, ..exact_options() };
    let mut rig = Rig::new(session(200.0), options);
    rig.resolve_levels();
    rig.player.play();
    let mut heard = rig.pull(RATE as usize / 4, 512);
    assert!(heard.iter().all(|frame| *frame == [0.0; 2]));
    rig.player.set_volume(1.0).expect("a number");
    heard.extend(rig.pull(RATE as usize / 4, 512));
    assert!(roughness(&heard) < SMOOTH);
    assert!(heard[heard.len() - 512..].iter().any(|frame| frame[0].abs() > 0.3));
    assert!(rig.player.set_volume(f32::NAN).is_err());
}

#[test]
fn playback_fades_in_only_from_the_start_of_the_track() {
    let options = PlayerOptions { startup_fade: 2.0, measure_first: true, ..PlayerOptions::default() };
    let expected = offline(session(200.0));
    let mut rig = Rig::new(session(200.0), options.clone());
    rig.resolve_levels();
    rig.player.play();
    let heard = rig.pull(RATE as usize, 512);
    for at in [10_000_usize, 30_000] {
        let gain = at as f32 / (2.0 * RATE as f32);
        assert!((heard[at][0] - expected[at][0] * gain).abs() < 1e-6);
    }
    let mut rig = Rig::new(session(200.0), PlayerOptions { start: 2.0, ..options });
    rig.resolve_levels();
    rig.player.play();
    let heard = rig.pull(RATE as usize / 2, 512);
    let at = RATE as usize / 4;
    assert_eq!(heard[at], expected[at + 2 * RATE as usize]);
}

#[test]
fn the_state_is_starting_until_a_callback_and_finally_stopped() {
    let mut rig = Rig::new(session(200.0), exact_options());
    assert_eq!(rig.player.state(), State::Paused);
    rig.player.play();
    assert_eq!(rig.player.state(), State::Starting);
    assert!(!rig.player.wait(Some(Duration::ZERO)));
    rig.pull(64, 64);
    assert_eq!(rig.player.state(), State::Playing);
    rig.player.pause();
    rig.pull(4096, 512);
    assert_eq!(rig.player.state(), State::Paused);
    rig.player.play();
    assert_eq!(rig.player.state(), State::Playing);
    rig.player.stop();
    rig.player.play();
    assert_eq!(rig.player.state(), State::Stopped);
    assert!(rig.player.wait(Some(Duration::ZERO)));
}

#[test]
fn stop_is_idempotent_and_quick() {
    let rig = Rig::new(session(200.0), exact_options());
    let begun = Instant::now();
    rig.player.stop();
    rig.player.stop();
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(rig.player.state(), State::Stopped);
}

/// Root mean square of both channels, in dB.
fn level(frames: &[Frame]) -> f64 {
    let sum: f64 = frames.iter().flatten().map(|x| f64::from(*x).powi(2)).sum();
    10.0 * (sum / (2 * frames.len()) as f64).log10()
}

#[test]
fn levels_equal_those_of_a_file_from_the_start() {
    // slow amplitude modulation that short excerpts miss: an estimated level would be wrong
    let swelling = |base: f64, amp: f64| {
        json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": base, "beatFreq": 3.0, "ampL": amp, "ampR": amp,
               "ampOscDepthL": 1.0, "ampOscFreqL": 0.31, "ampOscDepthR": 1.0, "ampOscFreqR": 0.23}})
    };
    let step =
        |seconds: f64, amp: f64| json!({"duration": seconds, "voices": [swelling(180.0, amp), swelling(231.0, 0.4)]});
    let value = json!({
        "global": {"sample_rate": RATE, "crossfade_duration": 0.5},
        "progression": [step(3.0, 0.2), step(2.0, 1.5), step(2.5, 0.7)]
    });
    let expected = offline(value.clone());
    let mut rig = Rig::new(value, PlayerOptions { startup_fade: 0.0, ..PlayerOptions::default() });
    let times = rig.player.step_times();
    rig.player.play();
    let heard = rig.pull(expected.len(), 512);
    for (from, to) in times {
        let span = (from * f64::from(RATE)) as usize..(to * f64::from(RATE)) as usize;
        let (ours, file) = (level(&heard[span.clone()]), level(&expected[span]));
        assert!((ours - file).abs() < 0.1, "{from} s: {ours:.2} dB instead of {file:.2} dB");
    }
}

#[test]
fn layer_gains_scale_the_sound() {
    let plain = offline(session(200.0));
    let gains = LayerGains { voices: 0.25, ..LayerGains::default() };
    let mut rig = Rig::new(session(200.0), PlayerOptions { gains, ..exact_options() });
    rig.resolve_levels();
    rig.player.play();
    let heard = rig.pull(RATE as usize / 2, 512);
    for at in [4_000, 20_000] {
        assert!((heard[at][0] - 0.25 * plain[at][0]).abs() < 1e-6);
    }
}
