//! The sleep timer: an exact fade, whatever else happens.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::stream::ramps::smooth;
use realtime_backend_player::{Frame, State};

use rig::*;

/// Gain of the frame at `index` after an order of `length` frames with a fade of `fade` frames.
fn gain(index: usize, length: usize, fade: usize) -> f32 {
    smooth((length.saturating_sub(index) as f32 / fade as f32).min(1.0))
}

fn playing() -> Rig {
    let rig = Rig::new(session(200.0), exact_options());
    rig.resolve_levels();
    rig.player.play();
    rig
}

#[test]
fn the_fade_is_the_closed_form_at_any_block_size() {
    let expected = offline(session(200.0));
    for block in [64, 441, 1000] {
        let mut rig = playing();
        let begun = RATE as usize / 2;
        let _ = rig.pull(begun, 441);
        rig.player.stop_after(1.0, 0.6).expect("valid");
        let heard = rig.pull(RATE as usize + 2000, block);
        let (length, fade) = (RATE as usize, (0.6 * f64::from(RATE)).round() as usize);
        for (i, frame) in heard.iter().enumerate().take(length) {
            let gain = gain(i, length, fade);
            let due = expected[begun + i].map(|sample| sample * gain);
            assert!((frame[0] - due[0]).abs() < 1e-6 && (frame[1] - due[1]).abs() < 1e-6, "block {block}, frame {i}");
        }
        assert!(heard[length..].iter().all(|frame| *frame == [0.0; 2]));
        assert_eq!(rig.player.state(), State::Finished);
        let stays = (rig.player.position() * f64::from(RATE)).round() as usize;
        assert_eq!(stays, begun + length, "the position moved on");
        assert_eq!((rig.player.timer(), rig.player.stats().underrun_events), (None, 0));
    }
}

#[test]
fn playback_continues_where_the_timer_ended_it() {
    let expected = offline(session(200.0));
    let mut rig = playing();
    rig.player.stop_after(0.2, 0.1).expect("valid");
    let _ = rig.pull(RATE as usize / 2, 512);
    assert_eq!(rig.player.state(), State::Finished);
    rig.player.play();
    let heard = rig.pull(RATE as usize / 2, 512);
    assert!(roughness(&heard) < SMOOTH);
    assert_eq!(rig.player.state(), State::Playing);
    let at = (0.2 * f64::from(RATE)).round() as usize;
    assert!(difference(&heard[2000..], &expected[at + 2000..at + heard.len()]) == 0.0);
}

#[test]
fn pauses_seeks_and_edits_do_not_change_the_timer() {
    let mut rig = playing();
    rig.player.stop_after(1.5, 0.5).expect("valid");
    assert_eq!(rig.player.timer(), Some(1.5));
    let mut heard = rig.pull(RATE as usize / 2, 512);
    rig.player.pause();
    heard.extend(rig.pull(RATE as usize / 4, 512));
    let left = rig.player.timer();
    let _ = rig.pull(RATE as usize, 512);
    assert_eq!(rig.player.timer(), left);
    rig.player.play();
    rig.player.seek(7.25);
    heard.extend(rig.pull(RATE as usize / 4, 512));
    rig.player.update(&track(session(230.0)), &Interrupt::default()).expect("valid");
    heard.extend(rig.pull(RATE as usize, 512));
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    assert_eq!(rig.player.state(), State::Finished);
    // only frames that were taken from the ring count: the pause adds its silence
    let silent = |frame: &Frame| *frame == [0.0; 2];
    let sounding = heard.iter().filter(|frame| !silent(frame)).count();
    assert!(sounding.abs_diff(3 * RATE as usize / 2) < 400, "{sounding} frames sounded");
}

#[test]
fn a_timer_replaced_in_its_fade_does_not_click() {
    let mut rig = playing();
    rig.player.stop_after(0.5, 0.5).expect("valid");
    let mut heard = rig.pull(RATE as usize / 4, 441);
    rig.player.cancel_timer();
    heard.extend(rig.pull(RATE as usize / 2, 441));
    assert_eq!((rig.player.timer(), rig.player.state()), (None, State::Playing));
    assert!(heard[heard.len() - 441..].iter().any(|frame| frame[0].abs() > 0.3));
    rig.player.stop_after(0.4, 0.4).expect("valid");
    heard.extend(rig.pull(RATE as usize / 5, 441));
    rig.player.stop_after(0.0, 0.0).expect("valid");
    heard.extend(rig.pull(RATE as usize / 5, 441));
    assert_eq!(rig.player.state(), State::Finished);
    assert!(roughness(&heard) < SMOOTH, "{}", roughness(&heard));
    assert!(rig.player.stop_after(-1.0, 0.0).is_err() && rig.player.stop_after(1.0, f64::NAN).is_err());
}

#[test]
fn a_new_timer_reaches_into_the_buffer_of_the_device() {
    let held = 10_000;
    let mut rig = Rig::new(session(200.0), exact_options());
    let mut sound = rig.fill_buffer(held);
    rig.player.stop_after(0.1, 0.05).expect("valid");
    let place = rig.handle.rewind(1000).expect("a command") as usize;
    rig.handle.fill(&mut sound[place..]);
    let quiet = sound.iter().rposition(|frame| *frame != [0.0; 2]).expect("a sound");
    assert!(quiet.abs_diff(place + RATE as usize / 10) < 200, "silent {} frames later", quiet - place);
    // fifteen more seconds before the silence was heard: the sound continues
    rig.player.stop_after(15.0, 0.05).expect("valid");
    let place = rig.handle.rewind(3000).expect("a command") as usize;
    assert_eq!(rig.handle.fill(&mut sound[place..]), held as usize - place);
    assert!(roughness(&sound) < SMOOTH && sound[held as usize - 500..].iter().any(|frame| frame[0].abs() > 0.3));
    assert_eq!(rig.player.state(), State::Playing);
}
