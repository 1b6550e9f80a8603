//! Several tracks in turn.

use realtime_backend_core::error::{Result, add_new};
use realtime_backend_core::stream::{Shuffle, Turns};
use wasm_bindgen::prelude::*;

use super::{Engine, no_track};
use crate::convert::raised;
use crate::files::load;
use crate::stream::Stream;

#[wasm_bindgen]
impl Engine {
    /// Play a list of `count` tracks in turn, in its order or in one by chance that this `seed` gives. With `repeat` it
    /// begins again after the last track. An entry is a turn of the list: entry 0 is the first track that is played.
    #[wasm_bindgen(js_name = setTurns)]
    pub fn set_turns(&mut self, count: usize, seed: Option<f64>, repeat: bool) {
        let shuffle = seed.map(|seed| Shuffle { seed: seed as u64 });
        self.turns = Some(Turns { count, shuffle, repeat });
        self.left_out.clear();
    }

    /// Index of the track of an entry.
    #[wasm_bindgen(js_name = trackOf)]
    pub fn track_of(&self, entry: f64) -> usize {
        self.turns.map_or(0, |turns| turns.index(entry as u64))
    }

    /// The first entry from `entry` on whose track is not left out; `undefined` if there is none.
    #[wasm_bindgen(js_name = turnFrom)]
    pub fn turn_from(&self, entry: f64) -> Option<f64> {
        let playable = |index| !self.left_out.contains(&index);
        self.turns?.from(entry as u64, playable).map(|entry| entry as f64)
    }

    /// The last entry before `entry` whose track is not left out; `undefined` if there is none.
    #[wasm_bindgen(js_name = turnBefore)]
    pub fn turn_before(&self, entry: f64) -> Option<f64> {
        let playable = |index| !self.left_out.contains(&index);
        self.turns?.before(entry as u64, playable).map(|entry| entry as f64)
    }

    /// The entry of the track with this index in the round of `entry`; `undefined` if there is none.
    #[wasm_bindgen(js_name = turnOf)]
    pub fn turn_of(&self, index: usize, entry: f64) -> Option<f64> {
        self.turns?.entry_of(index, entry as u64).map(|entry| entry as f64)
    }

    /// Leave the track with this index out from now on.
    #[wasm_bindgen(js_name = leaveOut)]
    pub fn leave_out(&mut self, index: usize) {
        self.left_out.push(index);
    }

    /// Compile the track (JSON text) of an entry; `follow` or `goTo` plays it. Throws a `TrackError`.
    #[wasm_bindgen(js_name = compileEntry)]
    pub fn compile_entry(&mut self, track_json: &str, entry: f64) -> Result<(), JsValue> {
        self.try_compile_entry(track_json, entry as u64).map_err(|error| raised(&error))
    }

    /// Play the compiled track after the entry `after`, with a crossfade of `crossfade` seconds, at most half of the shorter
    /// one. If another entry is pulled next, this has no effect.
    pub fn follow(&mut self, after: f64, crossfade: f64) {
        if let (Some(stream), Some(next)) = (&mut self.stream, self.compiled.take()) {
            stream.follow(next, after as u64, crossfade);
        }
    }

    /// Go on with the start of the compiled track at the next frame, with a crossfade of `crossfade` seconds.
    #[wasm_bindgen(js_name = goTo)]
    pub fn go_to(&mut self, crossfade: f64) {
        if let (Some(stream), Some(other)) = (&mut self.stream, self.compiled.take()) {
            stream.go_to(other, crossfade);
        }
    }

    /// Go on with the start of the track that follows at the next frame. Returns false if it is not there.
    pub fn skip(&mut self, crossfade: f64) -> bool {
        self.stream.as_mut().is_some_and(|stream| stream.skip(crossfade))
    }

    /// Whether another track follows. Until it is there, silence follows the end of the last one.
    #[wasm_bindgen(js_name = setContinues)]
    pub fn set_continues(&mut self, continues: bool) {
        self.act(|stream| stream.set_continues(continues));
    }

    /// The entry that is pulled next.
    #[wasm_bindgen(getter)]
    pub fn entry(&self) -> f64 {
        self.stream.as_ref().map_or(0.0, |stream| stream.entry() as f64)
    }

    /// The entry of the frame with this index.
    #[wasm_bindgen(js_name = entryAt)]
    pub fn entry_at(&self, index: f64) -> f64 {
        self.stream.as_ref().map_or(0.0, |stream| stream.entry_at(index as u64) as f64)
    }

    /// Whether the track that follows is there.
    #[wasm_bindgen(getter, js_name = hasNext)]
    pub fn has_next(&self) -> bool {
        self.stream.as_ref().is_some_and(Stream::has_next)
    }
}

impl Engine {
    fn try_compile_entry(&mut self, track_json: &str, entry: u64) -> Result<()> {
        let stream = self.stream.as_ref().ok_or_else(no_track)?;
        let (track, mut found) = load(track_json, self.load_options(), &self.media_cache)?;
        let mut compiled = stream.compile_entry(&track, entry)?;
        add_new(&mut found, std::mem::take(&mut compiled.warnings));
        compiled.warnings = found;
        self.compiled = Some(compiled);
        Ok(())
    }
}
