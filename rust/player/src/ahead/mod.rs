//! The thread that looks ahead: makes what follows the source that plays, and notes which source is heard.

mod listed;
mod tracks;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::TargetLevel;
use realtime_backend_core::stream::{Joint, Led, Playing, Source};

use crate::background::{Task, Tasks};
use crate::mailbox::Mailbox;
use crate::playlist::List;
use crate::queue::Shared;
pub(crate) use tracks::{Current, Tracks};

/// Time between two looks at what is heard.
const LOOK: Duration = Duration::from_millis(20);

/// What the thread is asked for.
pub(crate) enum Ask {
    /// Make what follows the source that is written now.
    Follow(Event),
    /// Go to the start of this entry of the list.
    Skip(u64),
    /// Make the next track of the list again.
    FollowAnew,
}

/// What the render thread writes now.
pub(crate) struct Event {
    /// Number and entry of the source.
    pub(crate) number: u64,
    pub(crate) entry: u64,
    pub(crate) plan: Arc<Plan>,
    /// Where a loop will go back.
    pub(crate) joint: Option<Joint>,
    /// Whether the next track is there.
    pub(crate) next: bool,
}

/// The state of the thread.
pub(crate) struct Ahead {
    pub(crate) shared: Arc<Shared>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) tracks: Arc<Tracks>,
    pub(crate) tasks: Tasks,
    pub(crate) closing: Arc<AtomicBool>,
    pub(crate) plan_options: PlanOptions,
    pub(crate) target: TargetLevel,
    pub(crate) measure_first: bool,
    pub(crate) rate: u32,
    /// The tracks in turn, if there are several.
    pub(crate) list: Option<Arc<List>>,
    /// Number of the source that was heard last.
    pub(crate) heard: u64,
    /// The entry that is written now.
    pub(crate) written: u64,
}

impl Ahead {
    /// Work until the player closes.
    pub(crate) fn run(mut self, asks: &Receiver<Ask>) {
        while !self.closing.load(Ordering::Acquire) {
            match asks.recv_timeout(LOOK) {
                Ok(ask) => self.answer(std::iter::once(ask).chain(asks.try_iter())),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.listen();
        }
    }

    /// Do what is asked for. Of each kind, only the newest is of use.
    fn answer(&mut self, asks: impl Iterator<Item = Ask>) {
        let (mut event, mut skip, mut anew) = (None, None, false);
        for ask in asks {
            match ask {
                Ask::Follow(newer) => event = Some(newer),
                Ask::Skip(entry) => skip = Some(entry),
                Ask::FollowAnew => anew = true,
            }
        }
        if let Some(entry) = skip {
            self.skip(entry);
        }
        if let Some(event) = event {
            self.tracks.repeat(event.number, event.entry, &event.plan);
            self.lead(&event);
            self.written = event.entry;
            anew |= !event.next;
        }
        if anew {
            self.follow(self.written);
        }
    }

    /// Note which source is heard.
    fn listen(&mut self) {
        let heard = self.shared.source.load(Ordering::Acquire);
        if heard == self.heard {
            return;
        }
        self.heard = heard;
        let Some(track) = self.tracks.find(heard) else { return };
        if !track.plan.has_final_levels() {
            self.tasks.send(Task::Measure(Arc::clone(&track.plan))).ok();
        }
        self.tracks.heard(track);
    }

    /// Make the next round of a loop, which continues the phases of this one.
    fn lead(&self, event: &Event) {
        let (Some(joint), Some(track)) = (event.joint, self.tracks.find(event.number)) else { return };
        let options = PlanOptions { interrupt: Interrupt::by(Arc::clone(&self.closing)), ..self.plan_options.clone() };
        // if this fails, the render thread repeats the round as it is
        let Ok((plan, _)) = Plan::compile_joining(&track.track, &options, &event.plan, joint.at, joint.frame) else {
            return;
        };
        if joint.is_measured(&event.plan) && !joint.is_measured(&plan) {
            let mut go_on = |_| !self.closing.load(Ordering::Acquire);
            let steps = joint.steps(&plan);
            if plan.measure(steps.start, steps.end, 1, &mut go_on).is_err() {
                return;
            }
        }
        let plan = Arc::new(plan);
        let playing = Playing::new(Arc::clone(&plan), track.clips.clone(), joint.frame)
            .at_level(self.target.stream_peak(&plan), None);
        let number = self.tracks.number();
        self.tracks.know(Current { number, plan, ..track.clone() });
        let source = Box::new(Source { playing, number, entry: track.entry });
        let led = Led { after: event.number, joint, source };
        drop(self.mailbox.post(|mail| mail.led.replace(led)));
    }

    fn options(&self) -> PlanOptions {
        PlanOptions { interrupt: Interrupt::by(Arc::clone(&self.closing)), ..self.plan_options.clone() }
    }

    fn frames(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.rate)).round() as u64
    }
}
