//! A start at a time of the device is exact to the frame, and the levels are those of what is heard.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::error::Error as EngineError;
use realtime_backend_player::{Error, State};
use serde_json::json;

use rig::*;

/// Frames after which the ramp of a start is over.
const RAMP: usize = 2000;

fn seconds(frames: usize) -> f64 {
    frames as f64 / f64::from(RATE)
}

#[test]
fn playback_begins_at_the_frame_ordered() {
    let expected = offline(session(200.0));
    for block in [64, 441, 1000] {
        let mut rig = Rig::new(session(200.0), exact_options());
        rig.resolve_levels();
        let silence = rig.pull(1000, block);
        let begin = 10_007;
        rig.player.play_at(seconds(begin)).expect("valid");
        assert_eq!((rig.player.state(), rig.player.started_at()), (State::Starting, None));
        let heard = [silence, rig.pull(20_000, block)].concat();
        assert!(heard[..begin].iter().all(|frame| *frame == [0.0; 2]), "block {block}");
        let sounds = heard[begin..begin + 100].iter().any(|frame| frame[0] != 0.0);
        assert!(sounds, "block {block}");
        assert_eq!(difference(&heard[begin + RAMP..], &expected[RAMP..]), 0.0, "block {block}");
        assert_eq!(rig.player.started_at(), Some(seconds(begin)));
        assert_eq!((rig.player.state(), rig.player.stats().underrun_events), (State::Playing, 0));
    }
}

#[test]
fn a_device_that_takes_frames_back_begins_on_time() {
    let expected = offline(session(200.0));
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.handle.takes_back(8192);
    let mut heard = rig.pull(6000, 500);
    let begin = 5003;
    rig.player.play_at(seconds(begin)).expect("valid");
    let back = rig.handle.rewind(2000).expect("the command changes frames") as usize;
    heard.truncate(back);
    heard.extend(rig.pull(6000, 500));
    assert!(heard[..begin].iter().all(|frame| *frame == [0.0; 2]));
    assert_eq!(difference(&heard[begin + RAMP..], &expected[RAMP..]), 0.0);
    assert_eq!(rig.player.started_at(), Some(seconds(begin)));
}

#[test]
fn a_time_that_is_over_begins_at_once() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    let _ = rig.pull(5000, 500);
    rig.player.play_at(0.01).expect("valid");
    let _ = rig.pull(500, 500);
    assert_eq!(rig.player.started_at(), Some(seconds(5000)));
}

#[test]
fn a_pause_ends_the_wait_and_play_does_not_wait() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play_at(0.5).expect("valid");
    let _ = rig.pull(1000, 500);
    rig.player.pause();
    let heard = rig.pull(30_000, 500);
    assert!(heard.iter().all(|frame| *frame == [0.0; 2]));
    assert_eq!((rig.player.state(), rig.player.started_at()), (State::Paused, None));
    rig.player.play();
    let _ = rig.pull(500, 500);
    assert_eq!(rig.player.started_at(), Some(seconds(31_000)));
}

#[test]
fn after_the_end_it_begins_again_on_time() {
    let short =
        json!({"global": {"sample_rate": RATE}, "progression": [{"duration": 0.2, "voices": [voice(200.0, "a")]}]});
    let expected = offline(short.clone());
    let mut rig = Rig::new(short, exact_options());
    rig.resolve_levels();
    rig.player.play();
    let _ = rig.pull(10_000, 500);
    assert_eq!(rig.player.state(), State::Finished);
    rig.player.play_at(seconds(15_001)).expect("valid");
    assert_eq!(rig.player.state(), State::Starting);
    let heard = rig.pull(15_000, 500);
    let begin = 15_001 - 10_000;
    assert!(heard[..begin].iter().all(|frame| *frame == [0.0; 2]));
    let end = expected.len() - 10;
    assert_eq!(difference(&heard[begin + RAMP..begin + end], &expected[RAMP..end]), 0.0);
    assert_eq!(rig.player.started_at(), Some(seconds(15_001)));
}

#[test]
fn after_the_end_a_long_buffer_begins_on_time() {
    let short =
        json!({"global": {"sample_rate": RATE}, "progression": [{"duration": 0.2, "voices": [voice(200.0, "a")]}]});
    let expected = offline(short.clone());
    let mut rig = Rig::new(short, exact_options());
    rig.resolve_levels();
    rig.handle.takes_back(8192);
    rig.player.play();
    let mut heard = rig.pull(12_000, 500);
    assert_eq!(rig.player.state(), State::Finished);
    let begin = 15_001;
    rig.player.play_at(seconds(begin)).expect("valid");
    rig.resolve_levels(); // the new sound is in the queue
    let back = rig.handle.rewind(9500).expect("the command changes frames") as usize;
    heard.truncate(back);
    heard.extend(rig.pull(28_000 - back, 500));
    assert!(heard[9500..begin].iter().all(|frame| *frame == [0.0; 2]));
    let end = expected.len() - 10;
    assert_eq!(difference(&heard[begin + RAMP..begin + end], &expected[RAMP..end]), 0.0);
    assert_eq!(rig.player.started_at(), Some(seconds(begin)));
}

#[test]
fn odd_times_and_a_playing_player_are_refused() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    let refused = |at: f64| match rig.player.play_at(at) {
        Err(Error::Engine(EngineError::Invalid(problems))) => problems[0].path.clone(),
        other => panic!("{other:?}"),
    };
    for at in [-1.0, f64::NAN, f64::INFINITY, 2e8] {
        assert_eq!(refused(at), "at");
    }
    rig.player.play();
    let _ = rig.pull(500, 500);
    assert!(rig.player.play_at(5.0).is_err());
}

#[test]
fn nothing_follows_a_stop() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    let _ = rig.pull(500, 500);
    rig.player.stop();
    rig.player.play();
    rig.player.pause();
    assert!(rig.player.is_stopped());
    assert_eq!(rig.player.state(), State::Stopped);
}

#[test]
fn the_levels_are_those_of_the_tone_with_the_volume() {
    let mut rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.set_volume(0.5).expect("valid");
    rig.player.play();
    let heard = rig.pull(2 * RATE as usize, 441);
    let found = rig.player.meters();
    // the volume ramps at the start only; the tones have whole periods in half a second
    let last = &heard[RATE as usize..];
    for side in 0..2 {
        let peak = last.iter().fold(0.0_f32, |peak, frame| peak.max(frame[side].abs()));
        let due = 20.0 * f64::from(peak).log10();
        assert!((found.peak[side] - due).abs() < 0.01, "{found:?} {due}");
        assert!((found.rms[side] - (due - 10.0 * 2.0_f64.log10())).abs() < 0.05, "{found:?} {due}");
    }
    assert_eq!(rig.player.meters().rms, found.rms, "a reading does not change the next one");
}
