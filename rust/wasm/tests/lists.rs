//! Several tracks in turn in the browser's stream.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::stream::ramps::crossfade_gain;
use realtime_backend_wasm::{State, Stream};

use rig::*;

/// Frames of a ramp.
const RAMP: usize = 662;

fn one() -> Vec<Frame> {
    offline(&track(tone(200.0, 3.0, 0.0)))
}

fn two() -> Vec<Frame> {
    offline(&track(tone(300.0, 4.0, 0.0)))
}

/// A stream of the first track that is followed by the second one.
fn list(crossfade: f64) -> Stream {
    let mut stream = stream(&track(tone(200.0, 3.0, 0.0)));
    let next = stream.compile_entry(&track(tone(300.0, 4.0, 0.0)), 1).expect("compiles");
    stream.follow(next, 0, crossfade);
    settle(&mut stream);
    stream.play();
    stream
}

/// What is heard from frame `at` of `old` on, if `new` begins there with a crossfade whose squares add up to 1.
fn joined(old: &[Frame], at: usize, fade: usize, new: &[Frame]) -> Vec<Frame> {
    let mix = |i: usize| {
        let share = crossfade_gain(i, fade);
        [0, 1].map(|side| old[at + i][side] * (1.0 - share).sqrt() + new[i][side] * share.sqrt())
    };
    (0..new.len()).map(|i| if i < fade { mix(i) } else { new[i] }).collect()
}

#[test]
fn tracks_follow_each_other_as_the_closed_form() {
    let (one, two) = (one(), two());
    let fade = frames(1.0);
    let at = one.len() - fade;
    let expected = [&one[..at], &joined(&one, at, fade, &two)].concat();
    for block in [128, 1000] {
        let mut stream = list(1.0);
        let mut heard = pull(&mut stream, at + 9000, block);
        assert_eq!((stream.entry(), stream.entry_at(at as u64 - 1), stream.has_next()), (1, 0, false));
        // back over the joint, as for a command
        stream.rewind(at as u64 - 500);
        assert!(stream.has_next());
        heard.truncate(at - 500);
        heard.extend(pull(&mut stream, expected.len() - heard.len() + 100, block));
        assert!(difference(&heard[RAMP..], &expected[RAMP..]) < 1e-6, "block {block}");
        assert!(heard[expected.len()..].iter().all(|frame| *frame == [0.0; 2]));
        assert_eq!((stream.state(u64::MAX), stream.frame_at(u64::MAX)), (State::Finished, two.len() as u64));
    }
}

#[test]
fn a_list_goes_back_over_a_track_that_was_buffered() {
    let mut stream = list(0.5);
    let at = one().len() - frames(0.5);
    let heard = pull(&mut stream, at + 5000, 512);
    // the third track is ready when a command takes the second one back
    let third = || stream.compile_entry(&track(tone(250.0, 2.0, 0.0)), 2).expect("compiles");
    let (third, again) = (third(), third());
    stream.follow(third, 1, 0.5);
    stream.rewind(at as u64 - 1000);
    assert_eq!((stream.entry(), stream.has_next()), (0, true));
    stream.follow(again, 1, 0.5); // too early: the first track is pulled
    assert!(pull(&mut stream, 6000, 512)[..] == heard[at - 1000..]);
    assert_eq!((stream.entry(), stream.has_next()), (1, false));
}

#[test]
fn a_crossfade_is_at_most_half_of_the_shorter_track() {
    let (one, two) = (one(), two());
    let fade = one.len() / 2;
    let expected = [&one[..one.len() - fade], &joined(&one, one.len() - fade, fade, &two)].concat();
    let heard = pull(&mut list(60.0), expected.len(), 1000);
    assert!(difference(&heard[RAMP..], &expected[RAMP..]) < 1e-6);
}

#[test]
fn a_skip_begins_the_next_track_at_once() {
    let (one, two) = (one(), two());
    let (at, fade) = (20_000, frames(0.5));
    let mut stream = list(1.0);
    let mut heard = pull(&mut stream, at, 512);
    assert!(stream.skip(0.5) && !stream.skip(0.5));
    heard.extend(pull(&mut stream, 60_000, 512));
    let expected = [&one[..at], &joined(&one, at, fade, &two)].concat();
    assert!(difference(&heard[RAMP..], &expected[RAMP..]) < 1e-6);
    assert_eq!((stream.landing(), stream.frame_at(at as u64 + 7)), (at as u64, 7));
}

#[test]
fn a_track_that_comes_late_follows_silence() {
    let (one, two) = (one(), two());
    let mut stream = stream(&track(tone(200.0, 3.0, 0.0)));
    stream.set_continues(true);
    stream.play();
    let heard = pull(&mut stream, one.len() + 5000, 512);
    assert!(heard[one.len()..].iter().all(|frame| *frame == [0.0; 2]));
    assert_eq!(stream.state(u64::MAX), State::Playing);
    let next = stream.compile_entry(&track(tone(300.0, 4.0, 0.0)), 1).expect("compiles");
    stream.follow(next, 0, 1.0);
    stream.set_continues(false);
    settle(&mut stream);
    let heard = pull(&mut stream, two.len() + 10, 512);
    assert!(difference(&heard[frames(1.0)..], &two[frames(1.0)..]) < 1e-6);
    assert_eq!(stream.state(u64::MAX), State::Finished);
}

#[test]
fn another_track_plays_after_the_end_and_while_paused() {
    let two = two();
    let mut stream = stream(&track(tone(200.0, 3.0, 0.0)));
    stream.play();
    stream.seek(1e9);
    let _ = pull(&mut stream, 2000, 512);
    assert!(stream.ended());
    for _ in 0..2 {
        let other = stream.compile_entry(&track(tone(300.0, 4.0, 0.0)), 4).expect("compiles");
        stream.go_to(other, 1.0);
        settle(&mut stream);
        stream.play();
        let heard = pull(&mut stream, 30_000, 512);
        assert!(difference(&heard[RAMP..], &two[RAMP..30_000]) < 1e-6);
        assert_eq!((stream.entry(), stream.warnings().len()), (4, 0));
        stream.pause();
        let _ = pull(&mut stream, 2000, 512);
        assert!(stream.is_resting());
    }
}

#[test]
fn a_loop_holds_the_next_track_back() {
    let mut stream = list(0.0);
    stream.set_loop(Some((0.5, 2.5))).expect("valid");
    settle(&mut stream);
    let _ = pull(&mut stream, frames(6.0), 512);
    assert_eq!((stream.entry(), stream.state(u64::MAX)), (0, State::Playing));
    stream.set_loop(None).expect("valid");
    let _ = pull(&mut stream, frames(3.0), 512);
    assert_eq!(stream.entry(), 1);
}
