//! A stretch of a longer sound as a voice: what one step plays of a voice that runs on through several steps.

use super::{Block, Onset, Oscillators, Phases, ToneBatch, Voice};

struct RunOn {
    inner: Box<dyn Voice>,
    offset: u64,
    until: u64,
}

/// `inner` from its frame `offset` on; silent from frame `until` of the stretch on (`None`: never).
pub(crate) fn run_on(inner: Box<dyn Voice>, offset: u64, until: Option<u64>) -> Box<dyn Voice> {
    Box::new(RunOn { inner, offset, until: until.unwrap_or(u64::MAX) })
}

impl Voice for RunOn {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let len = out.len();
        let sounding = self.until.saturating_sub(start).min(len as u64) as usize;
        if sounding > 0 {
            self.inner.render(start + self.offset, out.part(0, sounding));
        }
        out.part(sounding, len).clear();
    }

    fn write(&mut self, start: u64, batch: &mut ToneBatch) -> bool {
        if !self.inner.write(start + self.offset, batch) {
            return false;
        }
        if self.until == u64::MAX {
            return true;
        }
        let until = self.until + self.offset;
        batch.scale_last(start + self.offset, |from, to| {
            if to <= until {
                Some(1.0)
            } else if from >= until {
                Some(0.0)
            } else {
                None
            }
        });
        batch.is_worth_it()
    }

    fn prepare(&mut self) {
        self.inner.prepare();
    }

    fn rest(&mut self) {
        self.inner.rest();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { inner: self.inner.fork(), ..*self })
    }

    fn bound(&self) -> Option<f32> {
        self.inner.bound()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        let to = to.min(self.until).saturating_add(self.offset);
        self.inner.onsets(from + self.offset, to, &mut |onset| {
            each(Onset { frame: onset.frame - self.offset, ..onset });
        });
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        self.inner.phases_at(frame + self.offset)
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.inner.oscillators_at(frame + self.offset)
    }
}
