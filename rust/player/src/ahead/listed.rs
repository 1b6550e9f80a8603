//! The next track of a list.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use realtime_backend_core::error::{Error, add_new};
use realtime_backend_core::plan::{Plan, StepPlan};
use realtime_backend_core::render;
use realtime_backend_core::stream::{Next, Playing, Source, StreamClips};

use super::{Ahead, Current};
use crate::mailbox::Replace;
use crate::player::SHORT_S;
use crate::playlist::List;
use crate::render_thread::{Begins, TakeOver};

impl Ahead {
    /// Make the track after `entry`.
    pub(super) fn follow(&self, entry: u64) {
        let Some(list) = &self.list else { return };
        let version = list.version();
        let source = self.first_from(list, entry + 1);
        let fade = self.frames(list.crossfade());
        let next = source.map(|source| Next { after: entry, fade, source });
        let replaced = self.mailbox.post(|mail| {
            if list.version() != version {
                // made for another list; it is being made again
                return next.map(|next| Replace(Some(next)));
            }
            mail.continues = Some(next.is_some());
            mail.next.replace(Replace(next))
        });
        drop(replaced);
    }

    /// Go to the start of `entry`, or of the first one after it that can be played.
    pub(super) fn skip(&self, entry: u64) {
        let Some(list) = &self.list else { return };
        let Some(source) = self.first_from(list, entry) else { return };
        let skip = TakeOver { source, begins: Begins::Skip(0, self.frames(list.skip_fade())) };
        drop(self.mailbox.post(|mail| mail.source.replace(skip)));
    }

    /// The source of the first entry from `entry` on that can be played.
    fn first_from(&self, list: &List, entry: u64) -> Option<Box<Source>> {
        let mut at = list.from(entry)?;
        loop {
            match self.load(list, at) {
                Ok(source) => return Some(source),
                Err(Error::Cancelled) => return None,
                Err(error) => list.leave_out(at, error.to_string()),
            }
            at = list.from(at + 1)?;
        }
    }

    fn load(&self, list: &List, entry: u64) -> Result<Box<Source>, Error> {
        let options = self.options();
        let (track, mut warnings) = list.load(entry, &options.interrupt)?;
        let (plan, more) = Plan::compile(&track, &options)?;
        add_new(&mut warnings, more);
        let plan = Arc::new(plan);
        self.measure(&plan)?;
        let clips = StreamClips::of(&track, &plan, options.gains.clips);
        let target = self.target.stream_peak(&plan);
        let playing = Playing::new(Arc::clone(&plan), clips.clone(), 0).at_level(target, None);
        let (number, track) = (self.tracks.number(), Arc::new(track));
        self.tracks.know(Current { number, entry, track, plan, clips, warnings });
        Ok(Box::new(Source { playing, number, entry }))
    }

    /// Measure what a player would measure before it plays.
    fn measure(&self, plan: &Arc<Plan>) -> Result<(), Error> {
        let mut go_on = |_| !self.closing.load(Ordering::Acquire);
        let short = |step: &StepPlan| step.placement.frames < u64::from(plan.sample_rate()) * SHORT_S;
        if self.measure_first {
            plan.measure(0, plan.steps().len(), 1, &mut go_on)?;
        } else if plan.steps().first().is_some_and(short) {
            plan.measure(0, 1, 1, &mut go_on)?;
        }
        if self.measure_first && self.target.stream_peak(plan).is_some() {
            render::peak(plan, 1, &mut go_on)?;
        }
        Ok(())
    }
}
