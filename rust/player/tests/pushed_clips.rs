//! Clips whose samples are pushed while the track plays.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::interrupt::Interrupt;
use serde_json::{Value, json};

use rig::*;

/// A track with a streamed clip.
fn streamed(start: f64, amp: f64) -> Value {
    let mut value = session(200.0);
    value["progression"] = json!([{"duration": 4.0, "voices": []}]);
    value["overlay_clips"] = json!([{"file_path": "", "start": start, "amp": amp}]);
    value
}

/// A tone for the streamed clip, with a fade-in of 0.1 s.
fn hum(seconds: u32) -> Vec<f32> {
    let turn = |i: u32, hertz: f64| f64::from(i) * std::f64::consts::TAU * hertz / f64::from(RATE);
    let rise = |i: u32| if i < RATE / 10 { 0.5 - 0.5 * turn(i, 5.0).cos() } else { 1.0 };
    let sample = |i: u32| (0.5 * rise(i) * turn(i, 200.0).sin()) as f32;
    (0..seconds * RATE).flat_map(|i| [sample(i); 2]).collect()
}

#[test]
fn an_edit_moves_and_scales_pushed_samples_without_a_click() {
    let mut rig = Rig::new(streamed(0.25, 1.0), exact_options());
    let sound = hum(4);
    rig.player.push_clip_samples(0, &sound[..4 * RATE as usize], false).expect("a streamed clip");
    rig.player.play();
    rig.resolve_levels();
    let mut heard = rig.pull(RATE as usize / 2, 512);
    // half as loud, and later by 1.25 periods of the tone
    let start = 0.25 + 1.0 / 160.0;
    rig.player.update(&track(streamed(start, 0.5)), &Interrupt::default()).expect("valid");
    rig.player.push_clip_samples(0, &sound[4 * RATE as usize..], true).expect("the same clip");
    heard.extend(rig.pull(2 * RATE as usize, 512));
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    for at in [RATE as usize, 2 * RATE as usize + 17, 2 * RATE as usize + 9_000] {
        let expected = 0.5 * sound[2 * (at - (start * f64::from(RATE)) as usize)];
        assert!((heard[at][0] - expected).abs() < 1e-4, "{} instead of {expected} at {at}", heard[at][0]);
    }
}

#[test]
fn pushed_samples_play_at_their_place_in_the_track() {
    let mut value = session(200.0);
    value["progression"] = json!([{"duration": 4.0, "voices": []}]);
    value["overlay_clips"] = json!([{"file_path": "", "start": 0.5, "amp": 1.0}]);
    let mut rig = Rig::new(value, exact_options());
    let sound: Vec<f32> = (0..RATE).flat_map(|i| [i as f32 / RATE as f32 * 0.5; 2]).collect();
    let pushed = rig.player.push_clip_samples(0, &sound, true).expect("a streamed clip");
    assert_eq!(pushed.frames, u64::from(RATE));
    assert!(rig.player.push_clip_samples(7, &sound, true).is_err());
    rig.player.play();
    rig.resolve_levels();
    let heard = rig.pull(RATE as usize, 512);
    let begin = RATE as usize / 2;
    for at in [begin + 1000, begin + 15_000] {
        assert!((heard[at][0] - (at - begin) as f32 / RATE as f32 * 0.5).abs() < 1e-6);
    }
}
