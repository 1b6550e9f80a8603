//! One stream per module, as functions with the names that the legacy implementation exported (spec
//! streaming-and-bindings 4).
//!
//! A pull model: the page calls [`process_block`] and plays what it returns. Without a stream the commands do nothing.

use std::cell::RefCell;

use js_sys::Float32Array;
use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::OnError;
use wasm_bindgen::prelude::*;

use crate::convert::{self, Problems, raised};
use crate::engine::Engine;
use crate::options::StreamOptions;
use crate::state::State;
use crate::stream::Stream;

/// Pulled frames after which the levels are measured a third of a second further: four times as fast as they are heard.
const SURVEY_EVERY: u64 = 4096;

thread_local! {
    static ONE: RefCell<Option<One>> = const { RefCell::new(None) };
}

struct One {
    engine: Engine,
    interleaved: Vec<f32>,
    surveyed: u64,
}

fn with<R>(act: impl FnOnce(&mut Stream) -> R) -> Option<R> {
    ONE.with_borrow_mut(|one| one.as_mut()?.engine.stream().map(act))
}

fn checked<R>(result: Option<Result<R>>) -> Result<Option<R>, JsValue> {
    result.transpose().map_err(|error| raised(&error))
}

/// Play a track (JSON text) at `sample_rate` frames per second (default: the track's) from `start_time` seconds on.
/// Replaces the stream that runs. A voice that cannot be rendered is left out. Throws a `TrackError`.
#[wasm_bindgen]
pub fn start_stream(track_json: &str, sample_rate: Option<u32>, start_time: Option<f64>) -> Result<(), JsValue> {
    let start = start_time.filter(|time| time.is_finite()).unwrap_or(0.0);
    let mut engine =
        Engine::with(StreamOptions { sample_rate, start, on_error: OnError::Warn, ..StreamOptions::default() });
    engine.load(track_json)?;
    engine.play();
    ONE.set(Some(One { engine, interleaved: Vec::new(), surveyed: 0 }));
    Ok(())
}

/// Fade out. The stream is gone with its last frame.
#[wasm_bindgen]
pub fn stop_stream() {
    with(Stream::stop);
}

/// Fade out and hold the position.
#[wasm_bindgen]
pub fn pause_stream() {
    with(Stream::pause);
}

/// Go on from where it was paused.
#[wasm_bindgen]
pub fn resume_stream() {
    with(Stream::play);
}

/// Go to `seconds` on the track; stays paused when paused.
#[wasm_bindgen]
pub fn start_from(seconds: f64) {
    with(|stream| stream.seek(seconds));
}

/// The same as `start_from`.
#[wasm_bindgen]
pub fn seek(seconds: f64) {
    start_from(seconds);
}

/// Replace the track by an edited one without interrupting it. Throws a `TrackError`; then the old one plays on.
#[wasm_bindgen]
pub fn update_track(track_json: &str) -> Result<(), JsValue> {
    ONE.with_borrow_mut(|one| {
        let Some(one) = one else { return Ok(()) };
        let index = one.engine.index();
        one.engine.compile(track_json, index)?;
        one.engine.splice();
        Ok(())
    })
}

/// The next `frames` frames, interleaved: into `out` if it is given (and has room), else into a new array. Silence
/// where there is no stream, while it is paused, and after the end.
#[wasm_bindgen]
pub fn process_block(frames: usize, out: Option<Float32Array>) -> Result<Float32Array, JsValue> {
    let out = out.unwrap_or_else(|| Float32Array::new_with_length(2 * frames as u32));
    if out.length() as usize != 2 * frames {
        let message = format!("expected room for {frames} frames of two samples, got {} samples", out.length());
        return Err(raised(&Error::invalid("out", message)));
    }
    ONE.with_borrow_mut(|slot| {
        let Some(one) = slot else {
            out.fill(0.0, 0, out.length());
            return;
        };
        one.pull(frames);
        out.copy_from(&one.interleaved);
        if one.engine.stream().is_some_and(|stream| stream.state(u64::MAX) == State::Stopped && stream.is_resting()) {
            *slot = None;
        }
    });
    Ok(out)
}

impl One {
    fn pull(&mut self, frames: usize) {
        self.engine.reserve(frames);
        self.engine.fill(frames);
        let (left, right) = self.engine.block(frames);
        self.interleaved.clear();
        self.interleaved.extend(left.iter().zip(right).flat_map(|(l, r)| [*l, *r]));
        let index = self.engine.index() as u64;
        if index >= self.surveyed + SURVEY_EVERY {
            self.surveyed = index;
            self.engine.survey();
        }
    }
}

/// Volume, clamped to 0..1; ramps. Throws if it is not finite.
#[wasm_bindgen]
pub fn set_master_gain(gain: f32) -> Result<(), JsValue> {
    checked(with(|stream| stream.set_volume(gain))).map(|_| ())
}

/// The volume asked for.
#[wasm_bindgen]
pub fn gain() -> f32 {
    with(|stream| stream.volume()).unwrap_or(1.0)
}

/// Accepted for compatibility: streams are rendered on the CPU.
#[wasm_bindgen]
#[allow(clippy::missing_const_for_fn, reason = "an export")]
pub fn enable_gpu(_enable: bool) {}

/// Append interleaved stereo samples at the stream's rate to the streamed clip at place `index` of the track's list.
#[wasm_bindgen]
pub fn push_clip_samples(index: usize, samples: &[f32], finished: bool) -> Result<(), JsValue> {
    checked(with(|stream| stream.push_clip_samples(index, samples, finished))).map(|_| ())
}

/// Index of the step that sounds; `undefined` between and after steps.
#[wasm_bindgen]
pub fn current_step() -> Option<usize> {
    with(|stream| {
        let frame = stream.frame_at(stream.index());
        stream.plan().timeline().current(frame)
    })
    .flatten()
}

/// Track frames up to the position, as a `BigInt`.
#[wasm_bindgen]
pub fn elapsed_samples() -> u64 {
    with(|stream| stream.frame_at(stream.index())).unwrap_or(0)
}

/// Seconds on the track of the next frame.
#[wasm_bindgen]
pub fn position() -> f64 {
    with(|stream| stream.frame_at(stream.index()) as f64 / f64::from(stream.sample_rate())).unwrap_or(0.0)
}

/// Length of the track in seconds; 0 without a stream.
#[wasm_bindgen]
pub fn duration() -> f64 {
    with(|stream| stream.plan().seconds()).unwrap_or(0.0)
}

/// Whether the last frame of the track has been pulled.
#[wasm_bindgen]
pub fn finished() -> bool {
    with(|stream| stream.ended()).unwrap_or(false)
}

/// What was noticed about the track that plays.
#[wasm_bindgen]
pub fn warnings() -> Problems {
    with(|stream| convert::problems(stream.warnings())).unwrap_or_else(|| convert::problems(&[]))
}
