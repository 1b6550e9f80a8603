//! Loops: joined without a click, with a period that is exact to the frame.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::stream::ramps::crossfade_gain;
use realtime_backend_player::{Frame, State};
use serde_json::{Value, json};

use rig::*;

/// Six seconds of two tones, with crossfades of half a second.
fn tones(base: f64) -> Value {
    json!({
        "global": {"sample_rate": RATE, "crossfade_duration": 0.5},
        "progression": [{"duration": 6.0, "voices": [voice(base, "a"), voice(base * 1.5, "b")]}]
    })
}

fn frames(seconds: f64) -> usize {
    (seconds * f64::from(RATE)).round() as usize
}

fn playing(value: Value) -> Rig {
    let rig = Rig::new(value, exact_options());
    rig.resolve_levels();
    rig
}

/// What `count` frames of a loop sound like: `sound` up to `at`, then from `start` on, again and again. Each round begins
/// with a crossfade of `fade` frames from what follows the end of the round before.
fn looped(sound: &[Frame], start: usize, at: usize, fade: usize, count: usize) -> Vec<Frame> {
    let mix = |frame: usize, round: usize| {
        let into = frame.saturating_sub(start);
        if round == 0 || into >= fade {
            return sound[frame];
        }
        let (share, old) = (crossfade_gain(into, fade), sound[at + into]);
        [0, 1].map(|side| old[side] * (1.0 - share) + sound[frame][side] * share)
    };
    let place = |n: usize| if n < at { (n, 0) } else { (start + (n - at) % (at - start), 1 + (n - at) / (at - start)) };
    (0..count).map(place).map(|(frame, round)| mix(frame, round)).collect()
}

#[test]
fn a_loop_is_the_closed_form_at_any_block_size() {
    // whole numbers of periods fit into the loop, so that the phases continue by themselves
    let expected = looped(&offline(tones(200.0)), frames(1.0), frames(3.0), frames(0.5), frames(7.5));
    let mut all: Vec<Vec<Frame>> = Vec::new();
    for block in [100, 441, 1024] {
        let mut rig = playing(tones(200.0));
        rig.player.set_loop(Some(1.0..3.0)).expect("valid");
        rig.resolve_levels();
        rig.player.play();
        let heard = rig.pull(frames(7.5), block);
        let ramp = frames(0.1);
        assert!(difference(&heard[ramp..], &expected[ramp..]) < 1e-5, "block {block}");
        assert!(roughness(&heard) < 1.5 * SMOOTH, "{}", roughness(&heard));
        assert_eq!(frames(rig.player.position()), frames(1.0 + 0.5));
        assert_eq!((rig.player.state(), rig.player.looped()), (State::Playing, Some(1.0..3.0)));
        all.push(heard);
    }
    let settled = |heard: &[Frame]| heard[frames(0.1)..].to_vec();
    assert!(
        settled(&all[0]) == settled(&all[1]) && settled(&all[0]) == settled(&all[2]),
        "the block size changed a sample"
    );
}

#[test]
fn phases_continue_where_periods_do_not_fit() {
    let mut rig = playing(session(211.3));
    rig.player.set_loop(Some(1.0..2.713)).expect("valid");
    rig.resolve_levels();
    rig.player.play();
    let heard = rig.pull(frames(6.0), 512);
    let length = frames(2.713) - frames(1.0);
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    let levels =
        heard[4410..].chunks_exact(441).map(|piece| piece.iter().fold(0.0_f32, |peak, frame| peak.max(frame[0].abs())));
    let quietest = levels.fold(f32::MAX, f32::min);
    assert!(quietest > 0.4, "the level fell to {quietest} in the crossfade");
    let place = frames(1.0) + (frames(6.0) - frames(2.713)) % length;
    assert_eq!(frames(rig.player.position()), place);
}

#[test]
fn the_whole_track_overlaps_its_end_with_its_start() {
    let sound = offline(tones(200.0));
    let (fade, length) = (frames(0.5), frames(6.0));
    let expected = looped(&sound, 0, length - fade, fade, frames(12.0));
    let mut rig = playing(tones(200.0));
    rig.player.set_loop(Some(0.0..f64::INFINITY)).expect("valid");
    rig.player.seek(5.0);
    for _ in 0..2 {
        rig.resolve_levels();
        let _ = rig.pull(64, 64);
    }
    rig.resolve_levels();
    rig.player.play();
    let heard = rig.pull(frames(7.0), 512);
    let (from, ramp) = (frames(5.0), frames(0.1));
    assert!(difference(&heard[ramp..], &expected[from + ramp..]) < 1e-5);
    rig.player.set_loop(None).expect("valid");
    rig.player.seek(5.5);
    let _ = rig.pull(frames(1.0), 512);
    assert_eq!((rig.player.state(), rig.player.position()), (State::Finished, 6.0));
}

#[test]
fn seeks_edits_and_the_timer_keep_the_loop() {
    let mut rig = playing(session(200.0));
    rig.player.set_loop(Some(1.0..2.0)).expect("valid");
    rig.resolve_levels();
    rig.player.play();
    let mut heard = rig.pull(frames(2.5), 512);
    assert_eq!(frames(rig.player.position()), frames(1.5));
    // an edit in the middle of the crossfade, then a seek within the loop
    heard.extend(rig.pull(frames(0.6), 512));
    rig.player.update(&track(session(230.0)), &Interrupt::default()).expect("valid");
    heard.extend(rig.pull(frames(1.0), 512));
    rig.player.seek(0.5);
    heard.extend(rig.pull(frames(2.0), 512));
    assert!((1.0..2.0).contains(&rig.player.position()), "{}", rig.player.position());
    // behind the end the track plays on
    rig.player.seek(3.0);
    heard.extend(rig.pull(frames(1.0), 512));
    assert!(rig.player.position() > 3.9);
    rig.player.set_loop(Some(3.0..4.2)).expect("valid");
    rig.player.stop_after(2.0, 1.0).expect("valid");
    heard.extend(rig.pull(frames(2.1), 512));
    assert_eq!(rig.player.state(), State::Finished);
    assert!((3.0..4.2).contains(&rig.player.position()), "{}", rig.player.position());
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    assert_eq!(rig.player.stats().late_splices, 0);
    // an edit that is shorter than the loop
    let short = json!({"global": {"sample_rate": RATE, "crossfade_duration": 1.0}, "progression": [{"duration": 4.0, "voices": [voice(200.0, "a")]}]});
    rig.player.update(&track(short), &Interrupt::default()).expect("valid");
    rig.player.seek(3.2);
    rig.player.play();
    let _ = rig.pull(frames(3.0), 512);
    assert_eq!(rig.player.state(), State::Playing);
    assert!((3.0..4.0).contains(&rig.player.position()));
}

#[test]
fn a_pause_reaches_back_over_a_buffered_joint() {
    let held = 20_000;
    let mut rig = playing(tones(200.0));
    rig.player.set_loop(Some(1.0..3.0)).expect("valid");
    rig.player.seek(2.9);
    let mut sound = rig.fill_buffer(held);
    // frame 4410 is the joint; the device has played 1000
    rig.player.pause();
    let place = rig.handle.rewind(1000).expect("a command") as usize;
    assert!((1000..1128).contains(&place), "{place}");
    rig.handle.fill(&mut sound[place..]);
    assert!((2.9..3.0).contains(&rig.player.position()), "{}", rig.player.position());
    rig.player.play();
    let place = rig.handle.rewind(5000).expect("a command") as usize;
    rig.handle.fill(&mut sound[place..]);
    assert!(roughness(&sound) < 1.5 * SMOOTH);
    assert!((1.0..1.4).contains(&rig.player.position()), "{}", rig.player.position());
}
