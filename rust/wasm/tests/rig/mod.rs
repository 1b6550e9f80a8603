//! What the tests of the stream have in common.
#![allow(dead_code, missing_docs, clippy::expect_used, reason = "each test program uses a part of it")]

use std::sync::Arc;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render;
use realtime_backend_core::track::Track;
use realtime_backend_wasm::{Stream, StreamOptions};
use serde_json::{Value, json};

pub(crate) type Frame = [f32; 2];

pub(crate) const RATE: u32 = 44_100;

/// Bound of [`roughness`] for tones of amplitude 0.5 up to 350 Hz.
pub(crate) const SMOOTH: f32 = 0.004;

pub(crate) fn track(value: Value) -> Track {
    Track::from_value(value).expect("a valid track").0
}

pub(crate) fn voice(base: f64, id: &str) -> Value {
    json!({"synth_function_name": "binaural_beat", "voice_id": id, "params": {"baseFreq": base, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5}})
}

/// One step of one tone.
pub(crate) fn tone(base: f64, seconds: f64, crossfade: f64) -> Value {
    json!({
        "global": {"sample_rate": RATE, "crossfade_duration": crossfade},
        "progression": [{"duration": seconds, "voices": [voice(base, "a")]}]
    })
}

pub(crate) fn offline(track: &Track) -> Vec<Frame> {
    let plan = Arc::new(Plan::compile(track, &PlanOptions::default()).expect("valid").0);
    let flat = render::render_array(&plan, 0, None, 1, &mut |_| true).expect("renders");
    flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// A stopped stream on final levels, without a fade-in.
pub(crate) fn stream(track: &Track) -> Stream {
    let options = StreamOptions { startup_fade: 0.0, ..StreamOptions::default() };
    let mut stream = Stream::new(track, &options).expect("compiles");
    settle(&mut stream);
    stream
}

/// Do all work that need not be done at once.
pub(crate) fn settle(stream: &mut Stream) {
    while stream.survey().expect("measures") {}
}

pub(crate) fn pull(stream: &mut Stream, count: usize, block: usize) -> Vec<Frame> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        let len = block.min(count - heard.len());
        let (mut left, mut right) = (vec![9.0; len], vec![9.0; len]);
        stream.fill(&mut left, &mut right);
        heard.extend(left.iter().zip(&right).map(|(l, r)| [*l, *r]));
    }
    heard
}

pub(crate) fn difference(a: &[Frame], b: &[Frame]) -> f32 {
    a.iter().zip(b).flat_map(|(a, b)| [(a[0] - b[0]).abs(), (a[1] - b[1]).abs()]).fold(0.0, f32::max)
}

/// Largest second difference. A jump in value or slope shows here.
pub(crate) fn roughness(heard: &[Frame]) -> f32 {
    let bend = |w: &[Frame], side: usize| (w[2][side] - 2.0 * w[1][side] + w[0][side]).abs();
    heard.windows(3).flat_map(|w| [bend(w, 0), bend(w, 1)]).fold(0.0, f32::max)
}

pub(crate) fn frames(seconds: f64) -> usize {
    (seconds * f64::from(RATE)).round() as usize
}
