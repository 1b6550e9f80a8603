//! The engine as a JavaScript class. The worker of a page holds one.

mod list;

use std::sync::Arc;

use js_sys::Array;
use realtime_backend_core::error::{Error, Result, add_new};
use realtime_backend_core::plan::{MediaCache, Plan};
use realtime_backend_core::stream::Turns;
use realtime_backend_core::track::LoadOptions;
use wasm_bindgen::prelude::*;

use crate::compiled::Compiled;
use crate::convert::{self, Options, Problems, Strings, raised};
use crate::files::{self, load};
use crate::options::StreamOptions;
use crate::stream::Stream;

#[wasm_bindgen]
extern "C" {
    /// `[number, number][]` in TypeScript.
    #[wasm_bindgen(typescript_type = "[number, number][]")]
    pub type Spans;
}

/// A track whose frames are pulled. An index is the number of a frame, counted from the first one pulled (see
/// `rewind`).
#[wasm_bindgen]
pub struct Engine {
    options: StreamOptions,
    media_cache: Arc<MediaCache>,
    stream: Option<Stream>,
    /// An edit or another track, compiled.
    compiled: Option<Compiled>,
    /// The turns of a list of tracks, and those that are left out.
    turns: Option<Turns>,
    left_out: Vec<usize>,
    left: Vec<f32>,
    right: Vec<f32>,
}

#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over owned handles")]
impl Engine {
    /// Create an engine without a track. Throws a `TrackError` for bad options.
    #[wasm_bindgen(constructor)]
    pub fn new(options: Option<Options>) -> Result<Engine, JsValue> {
        convert::options(options.as_ref()).map(Self::with).map_err(|error| raised(&error))
    }

    /// List the files that this track (JSON text) names and that were not inserted yet, as written in the track. Throws
    /// a `TrackError`.
    #[wasm_bindgen(js_name = wantedFiles)]
    pub fn wanted_files(&self, track_json: &str) -> Result<Strings, JsValue> {
        files::wanted(track_json, self.load_options(), &self.media_cache).map_err(|error| raised(&error))
    }

    /// Insert the content of a file that tracks name `path`. A `.noise` file may name more files (see `wantedFiles`).
    /// Returns false if it is neither a `.noise` file nor audio in a format that the engine decodes.
    #[wasm_bindgen(js_name = insertFile)]
    pub fn insert_file(&self, path: &str, bytes: Vec<u8>) -> bool {
        files::insert(&self.media_cache, path, bytes)
    }

    /// Compile a track (JSON text), which may be that of an entry of a list. The stream is stopped at `start`. Throws a
    /// `TrackError`.
    pub fn load(&mut self, track_json: &str, entry: Option<f64>) -> Result<(), JsValue> {
        self.try_load(track_json, entry.unwrap_or(0.0) as u64).map_err(|error| raised(&error))
    }

    /// Allocate room for blocks of this many frames. Views of `leftPointer` and `rightPointer` become invalid.
    pub fn reserve(&mut self, frames: usize) {
        self.left.resize(frames.max(self.left.len()), 0.0);
        self.right.resize(frames.max(self.right.len()), 0.0);
    }

    /// Address of the left channel of the last block in the memory of the module, in bytes.
    #[wasm_bindgen(getter, js_name = leftPointer)]
    pub fn left_pointer(&self) -> *const f32 {
        self.left.as_ptr()
    }

    /// Address of the right channel of the last block in the memory of the module, in bytes.
    #[wasm_bindgen(getter, js_name = rightPointer)]
    pub fn right_pointer(&self) -> *const f32 {
        self.right.as_ptr()
    }

    /// Pull up to this many frames into the two channels. Returns the number of frames before the end of the track or
    /// of a fade-out; silence follows them. Allocates only to prepare the next part of the track.
    pub fn fill(&mut self, frames: usize) -> usize {
        let frames = frames.min(self.left.len());
        let Some(stream) = &mut self.stream else { return 0 };
        stream.fill(&mut self.left[..frames], &mut self.right[..frames])
    }

    /// Number of frames pulled so far.
    #[wasm_bindgen(getter)]
    pub fn index(&self) -> f64 {
        self.stream.as_ref().map_or(0.0, |stream| stream.index() as f64)
    }

    /// Take back the frames from this index on that were not heard, as far as possible. They can be pulled again.
    pub fn rewind(&mut self, index: f64) {
        self.act(|stream| stream.rewind(index.max(0.0) as u64));
    }

    /// Start or continue to play. After the end, play from the start of the track.
    pub fn play(&mut self) {
        self.act(Stream::play);
    }

    /// Fade out and keep the position.
    pub fn pause(&mut self) {
        self.act(Stream::pause);
    }

    /// Fade out and stop.
    pub fn stop(&mut self) {
        self.act(Stream::stop);
    }

    /// Go to a position in the track, in seconds, clamped to its length.
    pub fn seek(&mut self, seconds: f64) {
        self.act(|stream| stream.seek(seconds));
    }

    /// Continue what an engine of another module played: its frame with this index is the next one, at `seconds` of the
    /// track. Nothing may have been pulled yet.
    #[wasm_bindgen(js_name = continueAt)]
    pub fn continue_at(&mut self, index: f64, seconds: f64) {
        self.act(|stream| stream.continue_at(index.max(0.0) as u64, seconds));
    }

    /// Play from `start` to `end`, in seconds, again and again, from the next frame on. `Infinity` is the end of the
    /// track. Throws a `TrackError` if the part is shorter than 0.1 s.
    #[wasm_bindgen(js_name = setLoop)]
    pub fn set_loop(&mut self, start: f64, end: f64) -> Result<(), JsValue> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        stream.set_loop(Some((start, end))).map_err(|error| raised(&error))
    }

    /// End the loop.
    #[wasm_bindgen(js_name = endLoop)]
    pub fn end_loop(&mut self) {
        self.act(|stream| {
            // without a part there is nothing to refuse
            let _ = stream.set_loop(None);
        });
    }

    /// Fade out over the last `fade` of the next `seconds` of sound, then finish; without `seconds`, end the timer. Throws
    /// a `TrackError` if a number is out of range.
    #[wasm_bindgen(js_name = stopAfter)]
    pub fn stop_after(&mut self, seconds: Option<f64>, fade: f64) -> Result<(), JsValue> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        stream.stop_after(seconds, fade).map_err(|error| raised(&error))
    }

    /// Seconds of sound until the timer ends the playback, when the frames before this index have been heard;
    /// `undefined` without a timer.
    #[wasm_bindgen(js_name = timerAt)]
    pub fn timer_at(&self, index: f64) -> Option<f64> {
        self.stream.as_ref()?.timer(index as u64)
    }

    /// Index of the frame at which the last seek takes effect. From there on, positions count from the target of the
    /// seek.
    #[wasm_bindgen(getter)]
    pub fn landing(&self) -> f64 {
        self.stream.as_ref().map_or(0.0, |stream| stream.landing() as f64)
    }

    /// Linear volume, 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn volume(&self) -> f32 {
        self.stream.as_ref().map_or(1.0, Stream::volume)
    }

    /// Set the volume, clamped to 0 to 1. The change is ramped. Throws a `TrackError` if it is not finite.
    #[wasm_bindgen(setter)]
    pub fn set_volume(&mut self, volume: f32) -> Result<(), JsValue> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        stream.set_volume(volume).map_err(|error| raised(&error))
    }

    /// Compile an edited track (JSON text) that will take over at about this index. Throws a `TrackError`; the old
    /// track continues.
    pub fn compile(&mut self, track_json: &str, index: f64) -> Result<(), JsValue> {
        self.try_compile(track_json, index).map_err(|error| raised(&error))
    }

    /// Let the compiled edit take over at the next frame, with a crossfade.
    pub fn splice(&mut self) {
        if let (Some(stream), Some(edit)) = (&mut self.stream, self.compiled.take()) {
            stream.splice(edit);
        }
    }

    /// Do one more piece of what need not be done at once: measure the levels of a third of a second of sound, or make
    /// what comes next. Returns false if there is nothing left to do.
    pub fn survey(&mut self) -> bool {
        self.stream.as_mut().is_some_and(|stream| stream.survey().unwrap_or(false))
    }

    /// Whether all levels are measured.
    #[wasm_bindgen(getter)]
    pub fn settled(&self) -> bool {
        self.stream.as_ref().is_some_and(|stream| stream.plan().has_final_levels())
    }

    /// Append interleaved stereo samples at `sampleRate` to the streamed clip with this index in the track. Returns the
    /// number of frames that the clip holds and the number of frames that came too late. Throws a `TrackError`.
    #[wasm_bindgen(js_name = pushClipSamples)]
    pub fn push_clip_samples(&self, index: usize, samples: &[f32], finished: bool) -> Result<Vec<f64>, JsValue> {
        let stream = self.stream.as_ref().ok_or_else(|| raised(&no_track()))?;
        let pushed = stream.push_clip_samples(index, samples, finished).map_err(|error| raised(&error))?;
        Ok(vec![pushed.frames as f64, pushed.missing as f64])
    }

    /// State when the frames before this index have been heard: `stopped`, `playing`, `paused` or `finished`.
    #[wasm_bindgen(js_name = stateAt)]
    pub fn state_at(&self, index: f64) -> String {
        let state = self.stream.as_ref().map_or("stopped", |stream| stream.state(index as u64).name());
        state.to_owned()
    }

    /// Position in the track, in seconds, of the frame with this index. Later calls must not ask for earlier indices.
    #[wasm_bindgen(js_name = positionAt)]
    pub fn position_at(&mut self, index: f64) -> f64 {
        self.stream.as_mut().map_or(0.0, |s| s.frame_at(index as u64) as f64 / f64::from(s.sample_rate()))
    }

    /// Index of the step at a position in seconds of the track that `positionAt` was last asked about; `undefined`
    /// between steps and after the last one.
    #[wasm_bindgen(js_name = stepAt)]
    pub fn step_at(&self, seconds: f64) -> Option<usize> {
        let stream = self.stream.as_ref()?;
        let frame = (seconds * f64::from(stream.sample_rate())).round() as u64;
        stream.heard_plan().timeline().current(frame)
    }

    /// Whether no frames come until the next command.
    #[wasm_bindgen(getter)]
    pub fn resting(&self) -> bool {
        self.stream.as_ref().is_none_or(Stream::is_resting)
    }

    /// Whether the last frame of the track has been pulled.
    #[wasm_bindgen(getter)]
    pub fn ended(&self) -> bool {
        self.stream.as_ref().is_some_and(Stream::ended)
    }

    /// Length, in seconds, of the track that was compiled or loaded last.
    #[wasm_bindgen(getter)]
    pub fn duration(&self) -> f64 {
        self.newest().map_or(0.0, |plan| plan.seconds())
    }

    /// Frames per second.
    #[wasm_bindgen(getter, js_name = sampleRate)]
    pub fn sample_rate(&self) -> u32 {
        self.stream.as_ref().map_or(0, Stream::sample_rate)
    }

    /// Start and end of every step of that track, in seconds.
    #[wasm_bindgen(getter, js_name = stepTimes)]
    pub fn step_times(&self) -> Spans {
        let times = self.newest().map(|plan| plan.step_times()).unwrap_or_default();
        let pair = |(from, to): (f64, f64)| Array::of2(&from.into(), &to.into());
        JsValue::from(times.into_iter().map(pair).collect::<Array>()).unchecked_into()
    }

    /// Findings about that track.
    #[wasm_bindgen(getter)]
    pub fn warnings(&self) -> Problems {
        let compiled = self.compiled.as_ref().map(Compiled::warnings);
        convert::problems(compiled.or(self.stream.as_ref().map(Stream::warnings)).unwrap_or_default())
    }
}

impl Engine {
    pub(crate) fn with(options: StreamOptions) -> Self {
        let media_cache = Arc::clone(&options.media_cache);
        Self {
            options,
            media_cache,
            stream: None,
            compiled: None,
            turns: None,
            left_out: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
        }
    }

    pub(crate) const fn stream(&mut self) -> Option<&mut Stream> {
        self.stream.as_mut()
    }

    /// The first `frames` frames of the last block: left and right channel.
    pub(crate) fn block(&self, frames: usize) -> (&[f32], &[f32]) {
        (&self.left[..frames], &self.right[..frames])
    }

    fn act(&mut self, act: impl FnOnce(&mut Stream)) {
        if let Some(stream) = &mut self.stream {
            act(stream);
        }
    }

    /// The plan that was compiled last, else the one that plays.
    fn newest(&self) -> Option<&Arc<Plan>> {
        self.compiled.as_ref().map(Compiled::plan).or(self.stream.as_ref().map(Stream::plan))
    }

    fn load_options(&self) -> LoadOptions {
        LoadOptions { compat: self.options.compat, ..LoadOptions::default() }
    }

    fn try_load(&mut self, track_json: &str, entry: u64) -> Result<()> {
        let (track, found) = load(track_json, self.load_options(), &self.media_cache)?;
        let mut stream = Stream::new(&track, &StreamOptions { entry, ..self.options.clone() })?;
        stream.found(found);
        self.stream = Some(stream);
        self.compiled = None;
        Ok(())
    }

    fn try_compile(&mut self, track_json: &str, index: f64) -> Result<()> {
        let stream = self.stream.as_ref().ok_or_else(no_track)?;
        let (track, mut found) = load(track_json, self.load_options(), &self.media_cache)?;
        let mut edit = stream.compile(&track, index.max(0.0) as u64)?;
        add_new(&mut found, std::mem::take(&mut edit.warnings));
        edit.warnings = found;
        self.compiled = Some(edit);
        Ok(())
    }
}

fn no_track() -> Error {
    Error::invalid("", "no track was loaded")
}
