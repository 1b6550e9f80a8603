//! Several tracks in turn.

use std::sync::Arc;

use realtime_backend_core::error::Result;
use realtime_backend_core::plan::{IncrementalAnalysis, Plan};
use realtime_backend_core::stream::{Next, Playing, Source, StreamClips};
use realtime_backend_core::track::Track;

use super::Stream;
use super::known::Known;
use crate::compiled::Compiled;

impl Stream {
    /// Compile the track of the entry `entry` of a list, at the rate of the stream. The stream does not change.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn compile_entry(&self, track: &Track, entry: u64) -> Result<Compiled> {
        let (plan, warnings) = Plan::compile(track, &self.plan_options)?;
        let plan = Arc::new(plan);
        let clips = StreamClips::of(track, &plan, 1.0);
        Ok(Compiled { playing: Playing::new(plan, clips, 0), entry, track: Arc::new(track.clone()), warnings })
    }

    /// Play `compiled` after the entry `after`, with a crossfade of `crossfade` seconds, at most half of the shorter one. The
    /// squares of both gains add up to 1. If another entry is pulled next, this has no effect.
    pub fn follow(&mut self, compiled: Compiled, after: u64, crossfade: f64) {
        if after != self.entry() {
            return;
        }
        self.next_survey = Some(IncrementalAnalysis::new(Arc::clone(compiled.plan())));
        let fade = self.frames(crossfade);
        let source = self.admit(compiled);
        self.course.follow(Some(Next { after, fade, source }));
    }

    /// Say whether another track follows. Until it is there, the end of the last one is followed by silence.
    pub fn set_continues(&mut self, continues: bool) {
        self.course.set_continues(continues);
    }

    /// Whether the next track is there.
    pub const fn has_next(&self) -> bool {
        self.course.has_next()
    }

    /// Go on with the start of the next track at the next frame, with a crossfade of `crossfade` seconds. Returns false
    /// if it is not there.
    pub fn skip(&mut self, crossfade: f64) -> bool {
        let next = self.course.take_next();
        let found = next.is_some();
        if let Some(next) = next {
            self.change_to(next.source, crossfade);
        }
        found
    }

    /// Go on with the start of another track at the next frame, with a crossfade of `crossfade` seconds.
    pub fn go_to(&mut self, compiled: Compiled, crossfade: f64) {
        // what was made to follow the old track does not follow this one
        self.course.follow(None);
        let source = self.admit(compiled);
        self.change_to(source, crossfade);
    }

    /// The entry of the list that is pulled next.
    pub fn entry(&self) -> u64 {
        self.course.source().entry
    }

    /// The entry of the frame with this index.
    pub fn entry_at(&self, index: u64) -> u64 {
        self.course.at(index).1.entry
    }

    pub(super) fn admit(&mut self, compiled: Compiled) -> Box<Source> {
        let Compiled { playing, entry, track, warnings } = compiled;
        self.tracks.know(Known { entry, track, warnings });
        Box::new(Source { playing, number: self.number(), entry })
    }

    fn change_to(&mut self, source: Box<Source>, crossfade: f64) {
        self.hurry();
        self.wake();
        let fade = self.frames(crossfade).max(self.ramp);
        self.take_over(source, 0, 0, fade, true);
        self.landing = self.index;
    }
}
