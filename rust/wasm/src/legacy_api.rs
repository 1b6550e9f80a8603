//! One stream per module, as functions. They have the names that the legacy implementation exported (spec
//! streaming-and-bindings 4).
//!
//! The page pulls the sound: it calls [`process_block`] and plays the result. Without a stream, commands do nothing.

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

/// Pulled frames after which another third of a second is measured. So the measurement is about four times as fast as
/// playback.
const SURVEY_EVERY: u64 = 4096;

thread_local! {
    static ONE: RefCell<Option<One>> = const { RefCell::new(None) };
}

/// The stream of this module.
struct One {
    engine: Engine,
    interleaved: Vec<f32>,
    /// Index at which levels were measured last.
    surveyed: u64,
}

/// Call a method of the stream, if there is one.
fn with<R>(act: impl FnOnce(&mut Stream) -> R) -> Option<R> {
    ONE.with_borrow_mut(|one| one.as_mut()?.engine.stream().map(act))
}

fn checked<R>(result: Option<Result<R>>) -> Result<Option<R>, JsValue> {
    result.transpose().map_err(|error| raised(&error))
}

/// Play a track (JSON text) from `start_time` seconds on, at `sample_rate` frames per second (default: the rate of the
/// track). Replaces the current stream. A voice that cannot be rendered is left out. Throws a `TrackError`.
#[wasm_bindgen]
pub fn start_stream(track_json: &str, sample_rate: Option<u32>, start_time: Option<f64>) -> Result<(), JsValue> {
    let start = start_time.filter(|time| time.is_finite()).unwrap_or(0.0);
    let mut engine =
        Engine::with(StreamOptions { sample_rate, start, on_error: OnError::Warn, ..StreamOptions::default() });
    engine.load(track_json, None)?;
    engine.play();
    ONE.set(Some(One { engine, interleaved: Vec::new(), surveyed: 0 }));
    Ok(())
}

/// Fade out. The stream is removed after its last frame.
#[wasm_bindgen]
pub fn stop_stream() {
    with(Stream::stop);
}

/// Fade out and keep the position.
#[wasm_bindgen]
pub fn pause_stream() {
    with(Stream::pause);
}

/// Continue after a pause.
#[wasm_bindgen]
pub fn resume_stream() {
    with(Stream::play);
}

/// Go to a position in the track, in seconds. A paused stream stays paused.
#[wasm_bindgen]
pub fn start_from(seconds: f64) {
    with(|stream| stream.seek(seconds));
}

/// The same as `start_from`.
#[wasm_bindgen]
pub fn seek(seconds: f64) {
    start_from(seconds);
}

/// Replace the track with an edited one (JSON text) while it plays. Throws a `TrackError`; the old track continues.
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

/// Pull the next `frames` frames, interleaved, into `out` or a new array. Without a stream, during a pause and after
/// the end they are silent. Throws a `TrackError` if `out` has not `2 * frames` samples.
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

/// Set the volume, clamped to 0 to 1. The change is ramped. Throws a `TrackError` if it is not finite.
#[wasm_bindgen]
pub fn set_master_gain(gain: f32) -> Result<(), JsValue> {
    checked(with(|stream| stream.set_volume(gain))).map(|_| ())
}

/// The volume that was set last, 0 to 1; 1 without a stream.
#[wasm_bindgen]
pub fn gain() -> f32 {
    with(|stream| stream.volume()).unwrap_or(1.0)
}

/// Do nothing. This exists for compatibility; streams are rendered on the CPU.
#[wasm_bindgen]
#[allow(clippy::missing_const_for_fn, reason = "an export")]
pub fn enable_gpu(_enable: bool) {}

/// Append interleaved stereo samples at the rate of the stream to the streamed clip `index` of the track. Throws a
/// `TrackError` if that clip is not a streamed clip.
#[wasm_bindgen]
pub fn push_clip_samples(index: usize, samples: &[f32], finished: bool) -> Result<(), JsValue> {
    checked(with(|stream| stream.push_clip_samples(index, samples, finished))).map(|_| ())
}

/// Index of the step at the position; `undefined` between steps and after the last one.
#[wasm_bindgen]
pub fn current_step() -> Option<usize> {
    with(|stream| {
        let frame = stream.frame_at(stream.index());
        stream.plan().timeline().current(frame)
    })
    .flatten()
}

/// The position in track frames, as a `BigInt`.
#[wasm_bindgen]
pub fn elapsed_samples() -> u64 {
    with(|stream| stream.frame_at(stream.index())).unwrap_or(0)
}

/// Position in the track of the next frame, in seconds.
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

/// Findings about the track that plays.
#[wasm_bindgen]
pub fn warnings() -> Problems {
    with(|stream| convert::problems(stream.warnings())).unwrap_or_else(|| convert::problems(&[]))
}
