//! Sleep timer and loops of the stream, tested natively. The browser runs the same code.
#![allow(clippy::expect_used)]

mod rig;

use realtime_backend_core::stream::ramps::{crossfade_gain, smooth};
use realtime_backend_core::track::Track;
use realtime_backend_wasm::{State, Stream};

use rig::{Frame, difference, offline, pull, settle};

const RATE: usize = rig::RATE as usize;

/// Six seconds of a tone of a whole number of periods per half second.
fn tone() -> Track {
    rig::track(rig::tone(200.0, 6.0, 0.5))
}

fn playing() -> Stream {
    let mut stream = rig::stream(&tone());
    stream.play();
    stream
}

#[test]
fn the_timer_is_the_closed_form() {
    let expected = offline(&tone());
    for block in [128, 1000] {
        let mut stream = playing();
        let begun = 10_000;
        let _ = pull(&mut stream, begun, block);
        stream.stop_after(Some(1.0), 0.5).expect("valid");
        assert_eq!(stream.timer(begun as u64), Some(1.0));
        let heard = pull(&mut stream, RATE + 2000, block);
        let due = |i: usize| expected[begun + i].map(|x| x * smooth(((RATE - i) as f32 / (RATE / 2) as f32).min(1.0)));
        let faded: Vec<Frame> = (0..RATE).map(due).collect();
        assert!(difference(&heard[..RATE], &faded) < 1e-6, "block {block}");
        assert!(heard[RATE..].iter().all(|frame| *frame == [0.0; 2]));
        assert_eq!((stream.state(u64::MAX), stream.timer(0)), (State::Finished, None));
        stream.play();
        let heard = pull(&mut stream, 4000, block);
        assert!(difference(&heard[2000..], &expected[begun + RATE + 2000..]) < 1e-6);
    }
    assert!(playing().stop_after(Some(f64::NAN), 0.0).is_err());
}

#[test]
fn a_loop_is_the_closed_form_after_rewinds() {
    let sound = offline(&tone());
    let (start, at, fade) = (RATE, 3 * RATE, RATE / 2);
    let due = |n: usize| {
        if n < at {
            return sound[n];
        }
        let into = (n - at) % (at - start);
        if into >= fade {
            return sound[start + into];
        }
        let (share, old) = (crossfade_gain(into, fade), sound[at + into]);
        [0, 1].map(|side| old[side] * (1.0 - share) + sound[start + into][side] * share)
    };
    let expected: Vec<Frame> = (0..8 * RATE).map(due).collect();
    for block in [128, 1000] {
        let mut stream = playing();
        stream.set_loop(Some((1.0, 3.0))).expect("valid");
        settle(&mut stream);
        let mut heard = pull(&mut stream, at + 3000, block);
        // back over the joint, as for a command
        stream.rewind(at as u64 - 2000);
        heard.truncate(at - 2000);
        heard.extend(pull(&mut stream, 5000, block));
        stream.rewind(at as u64 + 1000);
        heard.truncate(at + 1000);
        heard.extend(pull(&mut stream, 8 * RATE - at - 1000, block));
        assert!(difference(&heard[2000..], &expected[2000..]) < 1e-6, "block {block}");
        let frame = stream.frame_at(8 * RATE as u64);
        assert_eq!(frame as usize, start + (8 * RATE - at) % (at - start));
        // behind its end, the track plays on
        stream.seek(5.0);
        let _ = pull(&mut stream, 2 * RATE, block);
        assert_eq!(stream.state(u64::MAX), State::Finished);
    }
    assert!(playing().set_loop(Some((2.0, 1.0))).is_err());
}
