//! Loops of a stream.

use std::sync::Arc;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::{IncrementalAnalysis, Plan};
use realtime_backend_core::stream::{Joint, Led, Loop, Playing, Source};

use super::Stream;

/// Shortest loop in seconds.
const SHORTEST_S: f64 = 0.1;

/// The next round of a loop while its levels are measured.
pub(super) struct Leading {
    led: Led,
    survey: IncrementalAnalysis,
}

impl Stream {
    /// Play the track from `start` to `end`, in seconds, again and again, from the next frame on; `None` ends the loop.
    /// An infinite end is that of the track. The end joins the start with a crossfade as long as that of the track's
    /// steps, and voices continue their phases. After a seek behind the end the track plays on.
    ///
    /// # Errors
    /// If the part is shorter than 0.1 s or not a part of a track.
    pub fn set_loop(&mut self, part: Option<(f64, f64)>) -> Result<()> {
        if let Some((start, end)) = part
            && !(start >= 0.0 && start.is_finite() && end - start >= SHORTEST_S)
        {
            let message = format!("expected a start and an end at least {SHORTEST_S} s apart, got {start} and {end}");
            return Err(Error::invalid("loop", message));
        }
        let rate = f64::from(self.sample_rate());
        let frames = |seconds: f64| (seconds * rate).round() as u64;
        let crossfade = self.tracks.of(self.course.source().entry).track.globals.crossfade_duration;
        self.course.set_loop(part.map(|(start, end)| Loop {
            start: frames(start),
            end: if end.is_finite() { frames(end) } else { u64::MAX },
            fade: frames(crossfade).max(self.ramp),
        }));
        Ok(())
    }

    /// Do a piece of the work for the next round of the loop, which continues the phases of this one. Returns false if
    /// there is nothing to do.
    pub(super) fn lead(&mut self) -> Result<bool> {
        let Some(joint) = self.course.loop_joint(self.index) else { return Ok(false) };
        let source = self.course.source();
        let (after, entry, plan) = (source.number, source.entry, Arc::clone(source.playing.plan()));
        if self.course.is_led(after, joint) || !joint.is_measured(&plan) {
            return Ok(false);
        }
        let Some(mut leading) = self.leading.take().filter(|it| it.led.after == after && it.led.joint == joint) else {
            self.leading = Some(self.next_round(after, entry, &plan, joint)?);
            return Ok(true);
        };
        let measured = joint.is_measured(leading.led.source.playing.plan());
        if !measured && leading.survey.advance(joint.frame)? {
            self.leading = Some(leading);
            return Ok(true);
        }
        self.course.lead(leading.led);
        Ok(true)
    }

    fn next_round(&mut self, after: u64, entry: u64, before: &Plan, joint: Joint) -> Result<Leading> {
        let track = Arc::clone(&self.tracks.of(entry).track);
        let (plan, _) = Plan::compile_joining(&track, &self.plan_options, before, joint.at, joint.frame)?;
        let plan = Arc::new(plan);
        let survey = IncrementalAnalysis::new(Arc::clone(&plan));
        let playing = Playing::new(plan, self.course.source().playing.clips.clone(), joint.frame);
        let source = Box::new(Source { playing, number: self.number(), entry });
        Ok(Leading { led: Led { after, joint, source }, survey })
    }
}
