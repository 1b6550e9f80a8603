//! Plain exports of numbers and pointers, for places where the glue of wasm-bindgen cannot run. An AudioWorklet is one,
//! because it has no `TextDecoder`.
//!
//! Instantiate the module with stubs for its imports; these functions call none of them. Call [`rb_alloc`] and write
//! the JSON text of the track (UTF-8) there. Call [`rb_open`] and [`rb_play`], then [`rb_fill`] in every render
//! quantum, with views of [`rb_left`] and [`rb_right`]. A handle is valid until [`rb_close`]. A handle of 0 means "no
//! stream" to every function.
#![allow(clippy::missing_safety_doc, reason = "one contract for all: pointers and handles come from this module")]

use std::cell::RefCell;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::MediaCache;
use realtime_backend_core::track::LoadOptions;

use crate::files::load;
use crate::options::StreamOptions;
use crate::stream::Stream;

/// Most frames per block.
pub const BLOCK: usize = 1024;

/// A stream and the block that it fills.
pub struct Handle {
    stream: Stream,
    left: [f32; BLOCK],
    right: [f32; BLOCK],
}

thread_local! {
    static ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Allocate `len` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn rb_alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; len].into_boxed_slice()).cast()
}

/// Free memory from [`rb_alloc`]. `len` must be the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_free(at: *mut u8, len: usize) {
    // SAFETY: by contract, `at` and `len` come from `rb_alloc` and are freed once.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(at, len)) });
}

/// Open a stream of the track whose JSON text is at `json`. `sample_rate` is in Hz; 0 means the rate of the track. The
/// stream begins at `start` seconds. If `start` is 0, it fades in over `startup_fade` seconds. Returns null if the
/// track cannot be played; see [`rb_error`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_open(
    json: *const u8,
    len: usize,
    sample_rate: u32,
    start: f64,
    startup_fade: f64,
) -> *mut Handle {
    // SAFETY: by contract, `json` points to `len` readable bytes.
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

/// Address of the text of the last error, [`rb_error_len`] bytes of UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn rb_error() -> *const u8 {
    ERROR.with_borrow(|text| text.as_ptr())
}

/// Length of the text of the last error, in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn rb_error_len() -> usize {
    ERROR.with_borrow(String::len)
}

/// Close a stream.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rb_close(handle: *mut Handle) {
    if !handle.is_null() {
        // SAFETY: by contract, the handle comes from `rb_open` and is closed once.
        drop(unsafe { Box::from_raw(handle) });
    }
}

fn with<R>(handle: *mut Handle, otherwise: R, act: impl FnOnce(&mut Handle) -> R) -> R {
    // SAFETY: by contract, the handle is null or comes from `rb_open` and is not closed. There is one thread, and `act`
    // calls none of these functions.
    unsafe { handle.as_mut() }.map_or(otherwise, act)
}

/// Address of the left channel of the last block: [`BLOCK`] samples. It does not change until the stream is closed.
#[unsafe(no_mangle)]
pub extern "C" fn rb_left(handle: *mut Handle) -> *const f32 {
    with(handle, std::ptr::null(), |handle| handle.left.as_ptr())
}

/// Address of the right channel of the last block: [`BLOCK`] samples. It does not change until the stream is closed.
#[unsafe(no_mangle)]
pub extern "C" fn rb_right(handle: *mut Handle) -> *const f32 {
    with(handle, std::ptr::null(), |handle| handle.right.as_ptr())
}

/// Pull up to `frames` frames, at most [`BLOCK`]. Returns the number of frames before silence. The memory may grow when
/// the next step is prepared, so check that views are still valid.
#[unsafe(no_mangle)]
pub extern "C" fn rb_fill(handle: *mut Handle, frames: usize) -> usize {
    with(handle, 0, |Handle { stream, left, right }| {
        let frames = frames.min(BLOCK);
        stream.fill(&mut left[..frames], &mut right[..frames])
    })
}

/// Start or continue to play. After the end, play from the start of the track.
#[unsafe(no_mangle)]
pub extern "C" fn rb_play(handle: *mut Handle) {
    with(handle, (), |handle| handle.stream.play());
}

/// Fade out and keep the position.
#[unsafe(no_mangle)]
pub extern "C" fn rb_pause(handle: *mut Handle) {
    with(handle, (), |handle| handle.stream.pause());
}

/// Go to a position in the track, in seconds, clamped to its length.
#[unsafe(no_mangle)]
pub extern "C" fn rb_seek(handle: *mut Handle, seconds: f64) {
    with(handle, (), |handle| handle.stream.seek(seconds));
}

/// Set the volume, clamped to 0 to 1. The change is ramped. A value that is not finite is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rb_volume(handle: *mut Handle, volume: f32) {
    with(handle, (), |handle| handle.stream.set_volume(volume).unwrap_or(()));
}

/// Measure the levels of one more piece of the track (a third of a second of sound). Returns 0 if all levels are final.
#[unsafe(no_mangle)]
pub extern "C" fn rb_survey(handle: *mut Handle) -> u32 {
    with(handle, 0, |handle| u32::from(handle.stream.survey().unwrap_or(false)))
}

/// Position in the track of the next frame, in seconds.
#[unsafe(no_mangle)]
pub extern "C" fn rb_position(handle: *mut Handle) -> f64 {
    with(handle, 0.0, |Handle { stream, .. }| stream.frame_at(stream.index()) as f64 / f64::from(stream.sample_rate()))
}

/// Length of the track in seconds.
#[unsafe(no_mangle)]
pub extern "C" fn rb_duration(handle: *mut Handle) -> f64 {
    with(handle, 0.0, |handle| handle.stream.plan().seconds())
}

/// 1 if the last frame of the track has been pulled, otherwise 0.
#[unsafe(no_mangle)]
pub extern "C" fn rb_finished(handle: *mut Handle) -> u32 {
    with(handle, 0, |handle| u32::from(handle.stream.ended()))
}
