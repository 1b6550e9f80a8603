//! Several tracks in turn: order, crossfades, skips, and tracks that cannot be loaded.
#![allow(clippy::expect_used)]

mod rig;

use std::sync::Arc;
use std::time::{Duration, Instant};

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render;
use realtime_backend_core::stream::ramps::crossfade_gain;
use realtime_backend_core::track::Track;
use realtime_backend_player::device::manual::{Handle, Manual};
use realtime_backend_player::{Frame, Playlist, PlaylistOptions, Shuffle, State};
use serde_json::{Value, json};

use rig::*;

/// Two seconds of a tone, at the sample rate `rate` of the file.
fn tone(base: f64, rate: u32) -> Value {
    json!({"global": {"sample_rate": rate}, "progression": [{"duration": 2.0, "voices": [voice(base, "a")]}]})
}

fn sound(value: Value) -> Vec<Frame> {
    let options = PlanOptions { sample_rate: Some(RATE), ..PlanOptions::default() };
    let plan = Arc::new(Plan::compile(&track(value), &options).expect("valid").0);
    plan.measure(0, plan.steps().len(), 0, &mut |_| true).expect("measured");
    let flat = render::render_array(&plan, 0, None, 1, &mut |_| true).expect("renders");
    flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// Sounds one after the other, with crossfades of equal power.
fn joined(sounds: &[Vec<Frame>], fade: usize) -> Vec<Frame> {
    let mut all: Vec<Frame> = Vec::new();
    for sound in sounds {
        let begin = all.len().saturating_sub(fade);
        let end = all.split_off(begin);
        for (i, new) in sound.iter().enumerate() {
            let share = crossfade_gain(i, fade);
            let mix = |side: usize| end[i][side] * (1.0 - share).sqrt() + new[side] * share.sqrt();
            all.push(if i < end.len() { [0, 1].map(mix) } else { *new });
        }
    }
    all
}

struct Deck {
    list: Playlist,
    handle: Handle,
}

impl Deck {
    fn new(values: Vec<Value>, options: PlaylistOptions) -> Self {
        let count = values.len();
        let load = move |index: usize, _: &_| Track::from_value(values[index].clone());
        let device = Manual::new(Some(RATE));
        let backend = Arc::new(device.clone());
        let list = Playlist::new(count, Box::new(load), options, exact_options(), backend).expect("plays");
        Self { list, handle: device.handle().expect("started") }
    }

    fn pull(&mut self, frames: usize) -> Vec<Frame> {
        let mut heard = Vec::with_capacity(frames);
        while heard.len() < frames {
            let mut out = vec![[0.0; 2]; 441.min(frames - heard.len())];
            self.handle.fill(&mut out);
            heard.extend(out);
            std::thread::sleep(Duration::from_millis(3));
        }
        heard
    }

    /// Pull until the track with this index is heard.
    fn pull_until(&mut self, index: usize) -> Vec<Frame> {
        let begun = Instant::now();
        let mut heard = Vec::new();
        while self.list.current() != index {
            assert!(begun.elapsed() < Duration::from_secs(20), "track {index} does not begin");
            heard.extend(self.pull(441));
        }
        heard
    }
}

fn options() -> PlaylistOptions {
    PlaylistOptions { crossfade: 0.5, ..PlaylistOptions::default() }
}

fn frames(seconds: f64) -> usize {
    (seconds * f64::from(RATE)).round() as usize
}

#[test]
fn tracks_of_any_sample_rate_follow_each_other() {
    let values = vec![tone(200.0, RATE), tone(260.0, 48_000), tone(330.0, RATE)];
    let expected = joined(&values.iter().cloned().map(sound).collect::<Vec<_>>(), frames(0.5));
    assert_eq!(expected.len(), frames(5.0));
    let mut deck = Deck::new(values, options());
    std::thread::sleep(Duration::from_millis(100));
    deck.list.play();
    let heard = deck.pull(frames(5.0));
    let ramp = frames(0.1);
    assert!(difference(&heard[ramp..], &expected[ramp..]) < 1e-6, "{}", difference(&heard[ramp..], &expected[ramp..]));
    assert_eq!(deck.list.player().stats().underrun_events, 0);
    let rest = deck.pull(441);
    assert!(rest.iter().all(|frame| *frame == [0.0; 2]));
    assert_eq!((deck.list.player().state(), deck.list.current()), (State::Finished, 2));
    assert_eq!(deck.list.player().position(), 2.0);
    // after the end, from the first track on
    deck.list.play();
    let _ = deck.pull_until(0);
    assert_eq!(deck.list.player().state(), State::Playing);
}

#[test]
fn a_track_that_cannot_be_loaded_is_left_out() {
    let values = vec![tone(200.0, RATE), json!({"progression": 7}), tone(330.0, RATE)];
    let expected = joined(&[sound(values[0].clone()), sound(values[2].clone())], frames(0.5));
    let mut deck = Deck::new(values, options());
    std::thread::sleep(Duration::from_millis(100));
    deck.list.play();
    let heard = deck.pull(frames(3.5));
    let ramp = frames(0.1);
    assert!(difference(&heard[ramp..], &expected[ramp..]) < 1e-6);
    let found = deck.list.left_out();
    assert!(found.len() == 1 && found[0].0 == 1 && found[0].1.contains("progression"), "{found:?}");
    let load = |_: usize, _: &_| Track::from_value(json!({"progression": 7}));
    let nothing = Playlist::new(2, Box::new(load), options(), exact_options(), Arc::new(Manual::default()));
    assert!(nothing.is_err_and(|error| error.to_string().contains("progression")));
}

#[test]
fn skips_between_tracks_do_not_click() {
    let mut deck = Deck::new(vec![tone(200.0, RATE), tone(210.0, RATE), tone(220.0, RATE)], options());
    std::thread::sleep(Duration::from_millis(100));
    deck.list.play();
    let mut heard = deck.pull(frames(0.5));
    assert!(deck.list.next());
    heard.extend(deck.pull(frames(0.2)));
    assert_eq!(deck.list.current(), 1);
    assert!((0.1..=0.2).contains(&deck.list.player().position()), "{}", deck.list.player().position());
    heard.extend(deck.pull(frames(0.5)));
    assert!(deck.list.next());
    heard.extend(deck.pull_until(2));
    assert!(!deck.list.next(), "there is no track after the last one");
    deck.list.previous();
    heard.extend(deck.pull_until(1));
    heard.extend(deck.pull(frames(0.6)));
    // a seek when the crossfade to the next track is in the ring, but has not begun for the listener
    deck.list.player().seek(1.4);
    heard.extend(deck.pull(frames(0.04)));
    deck.list.player().seek(0.2);
    heard.extend(deck.pull(frames(0.3)));
    assert_eq!(deck.list.current(), 1);
    assert!((0.4..0.5).contains(&deck.list.player().position()), "{}", deck.list.player().position());
    heard.extend(deck.pull_until(2));
    assert!(roughness(&heard) < 1.5 * SMOOTH, "{}", roughness(&heard));
}

#[test]
fn a_repeated_list_is_shuffled_by_its_seed() {
    let shuffle = Shuffle { seed: 3 };
    let due: Vec<usize> = (0..3).flat_map(|round| shuffle.order(3, round)).collect();
    let options =
        PlaylistOptions { shuffle: Some(shuffle), repeat: true, crossfade: 0.0, ..PlaylistOptions::default() };
    let mut deck = Deck::new(vec![tone(200.0, RATE), tone(260.0, RATE), tone(330.0, RATE)], options);
    std::thread::sleep(Duration::from_millis(100));
    deck.list.play();
    let mut found = Vec::new();
    for _ in 0..6 {
        let _ = deck.pull(frames(1.0));
        found.push(deck.list.current());
        let _ = deck.pull(frames(1.0));
    }
    assert_eq!(found, due[..6]);
    let orders: std::collections::HashSet<_> = (0..500).map(|seed| Shuffle { seed }.order(4, 0)).collect();
    assert_eq!(orders.len(), 24, "some orders of four never come");
}
