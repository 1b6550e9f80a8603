//! Plain exports of numbers and pointers: the engine where wasm-bindgen's glue cannot run, as in an AudioWorklet, which
//! has no `TextDecoder`.
//!
//! The module is instantiated with stubs for its imports (none is called from here), then: [`rb_alloc`] and write the
//! track's JSON text (UTF-8), [`rb_open`], [`rb_play`], and [`rb_fill`] with views of [`rb_left`] and [`rb_right`] in every
//! quantum. A handle is valid until [`rb_close`]; 0 is "no stream" to every function.
#![allow(clippy::missing_safety_doc, reason = "one contract for all: pointers and handles come from this module")]

use std::cell::RefCell;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::MediaCache;
use realtime_backend_core::track::LoadOptions;

use crate::files::load;
use crate::options::StreamOptions;
use crate::stream::Stream;

/// Frames per block at most.
pub const BLOCK: usize = 1024;

/// A stream and its block.
pub struct Handle {
    stream: Stream,
    left: [f32; BLOCK],
    right: [f32; BLOCK],
}

thread_local! {
    static ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Room for `len` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn rb_alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; len].into_boxed_slice()).cast()
}

/// Give back what [`rb_alloc`] gave for the same `len`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_free(at: *mut u8, len: usize) {
    // SAFETY: by contract a pointer from `rb_alloc` and its length, given back once.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, len)) });
}

/// A stream of the track whose JSON text lies at `json`, at `sample_rate` (0: the track's), from `start` seconds on, with
/// `startup_fade` seconds of rise if that is 0. Null if the track cannot be played: see [`rb_error`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_open(
    json: *const u8,
    len: usize,
    sample_rate: u32,
    start: f64,
    startup_fade: f64,
) -> *mut Handle {
    // SAFETY: by contract `len` readable bytes.
    let bytes = unsafe { std::slice::from_raw_parts(json, len) };
    let sample_rate = (sample_rate > 0).then_some(sample_rate);
    let options = StreamOptions { sample_rate, start, startup_fade, ..StreamOptions::default() };
    match open(bytes, &options) {
        Ok(stream) => Box::into_raw(Box::new(Handle { stream, left: [0.0; BLOCK], right: [0.0; BLOCK] })),
        Err(error) => {
            ERROR.set(error.to_string());
            std::ptr::null_mut()
        }
    }
}

fn open(bytes: &[u8], options: &StreamOptions) -> Result<Stream> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::invalid("", error.to_string()))?;
    let (track, _) = load(text, LoadOptions::default(), &MediaCache::default())?;
    Stream::new(&track, options)
}

/// Text of the last error (UTF-8), [`rb_error_len`] bytes.
#[unsafe(no_mangle)]
pub extern "C" fn rb_error() -> *const u8 {
    ERROR.with_borrow(|text| text.as_ptr())
}

/// Length of the last error's text.
#[unsafe(no_mangle)]
pub extern "C" fn rb_error_len() -> usize {
    ERROR.with_borrow(String::len)
}

/// The stream is no longer needed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_close(handle: *mut Handle) {
    if !handle.is_null() {
        // SAFETY: by contract from `rb_open`, closed once.
        drop(unsafe { Box::from_raw(handle) });
    }
}

fn with<R>(handle: *mut Handle, otherwise: R, act: impl FnOnce(&mut Handle) -> R) -> R {
    // SAFETY: by contract null or from `rb_open` and not closed; one thread, no call within a call.
    unsafe { handle.as_mut() }.map_or(otherwise, act)
}

/// The left channel of the last block: [`BLOCK`] samples, the same place for as long as the stream lives.
#[unsafe(no_mangle)]
pub extern "C" fn rb_left(handle: *mut Handle) -> *const f32 {
    with(handle, std::ptr::null(), |handle| handle.left.as_ptr())
}

/// The right channel.
#[unsafe(no_mangle)]
pub extern "C" fn rb_right(handle: *mut Handle) -> *const f32 {
    with(handle, std::ptr::null(), |handle| handle.right.as_ptr())
}

/// Pull up to `frames` (at most [`BLOCK`]) frames; returns how many there were before silence. Memory may grow where
/// another step comes near: check that views are still valid.
#[unsafe(no_mangle)]
pub extern "C" fn rb_fill(handle: *mut Handle, frames: usize) -> usize {
    with(handle, 0, |Handle { stream, left, right }| {
        let frames = frames.min(BLOCK);
        stream.fill(&mut left[..frames], &mut right[..frames])
    })
}

/// Begin, or go on.
#[unsafe(no_mangle)]
pub extern "C" fn rb_play(handle: *mut Handle) {
    with(handle, (), |handle| handle.stream.play());
}

/// Fade out and hold the position.
#[unsafe(no_mangle)]
pub extern "C" fn rb_pause(handle: *mut Handle) {
    with(handle, (), |handle| handle.stream.pause());
}

/// Go to `seconds` on the track.
#[unsafe(no_mangle)]
pub extern "C" fn rb_seek(handle: *mut Handle, seconds: f64) {
    with(handle, (), |handle| handle.stream.seek(seconds));
}

/// Volume, 0 to 1; ramps. What is not finite is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rb_volume(handle: *mut Handle, volume: f32) {
    with(handle, (), |handle| handle.stream.set_volume(volume).unwrap_or(()));
}

/// Measure the levels a third of a second of sound further; 0 when nothing is left to do.
#[unsafe(no_mangle)]
pub extern "C" fn rb_survey(handle: *mut Handle) -> u32 {
    with(handle, 0, |handle| u32::from(handle.stream.survey().unwrap_or(false)))
}

/// Seconds on the track of the next frame.
#[unsafe(no_mangle)]
pub extern "C" fn rb_position(handle: *mut Handle) -> f64 {
    with(handle, 0.0, |Handle { stream, .. }| stream.frame_at(stream.index()) as f64 / f64::from(stream.sample_rate()))
}

/// Length of the track in seconds.
#[unsafe(no_mangle)]
pub extern "C" fn rb_duration(handle: *mut Handle) -> f64 {
    with(handle, 0.0, |handle| handle.stream.plan().seconds())
}

/// 1 when the last frame has been pulled.
#[unsafe(no_mangle)]
pub extern "C" fn rb_finished(handle: *mut Handle) -> u32 {
    with(handle, 0, |handle| u32::from(handle.stream.ended()))
}
