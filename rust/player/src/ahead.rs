//! The thread that looks ahead: makes what follows the source that plays, and notes which source is heard.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use realtime_backend_core::error::Problem;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::TargetLevel;
use realtime_backend_core::stream::{Joint, Playing, StreamClips};
use realtime_backend_core::track::Track;

use crate::background::{Task, Tasks};
use crate::mailbox::Mailbox;
use crate::queue::Shared;
use crate::render_thread::{Begins, Led, Source};

/// Time between two looks at what is heard.
const LOOK: Duration = Duration::from_millis(20);
/// Most sources that are known at a time. Older ones are not heard any more.
const KNOWN: usize = 16;

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

/// A track that plays or will play.
#[derive(Clone)]
pub(crate) struct Current {
    /// Number and entry of its source.
    pub(crate) number: u64,
    pub(crate) entry: u64,
    pub(crate) track: Arc<Track>,
    pub(crate) plan: Arc<Plan>,
    /// Its streamed clips.
    pub(crate) clips: StreamClips,
    pub(crate) warnings: Vec<Problem>,
}

/// The track that is heard, or the edit that is about to take over, and those that were made lately.
pub(crate) struct Tracks {
    current: Mutex<Current>,
    known: Mutex<Vec<Current>>,
    numbers: AtomicU64,
}

impl Tracks {
    pub(crate) fn new(first: Current) -> Self {
        let numbers = AtomicU64::new(first.number + 1);
        Self { current: Mutex::new(first.clone()), known: Mutex::new(vec![first]), numbers }
    }

    /// A number that no source has.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn current(&self) -> Current {
        lock(&self.current).clone()
    }

    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&lock(&self.current).plan)
    }

    pub(crate) fn set(&self, current: Current) {
        self.know(current.clone());
        *lock(&self.current) = current;
    }

    /// Remember a track that may be heard later.
    pub(crate) fn know(&self, track: Current) {
        let mut known = lock(&self.known);
        if known.len() >= KNOWN {
            known.remove(0);
        }
        known.push(track);
    }

    fn find(&self, number: u64) -> Option<Current> {
        lock(&self.known).iter().find(|track| track.number == number).cloned()
    }
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
    /// Number of the source that was heard last.
    pub(crate) heard: u64,
}

impl Ahead {
    /// Work until the player closes.
    pub(crate) fn run(mut self, events: &Receiver<Event>) {
        while !self.closing.load(Ordering::Acquire) {
            match events.recv_timeout(LOOK) {
                Ok(event) => {
                    // only the newest is of use
                    let event = events.try_iter().last().unwrap_or(event);
                    self.register(&event);
                    self.lead(&event);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.listen();
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
        *lock(&self.tracks.current) = track;
    }

    /// Know a source that the render thread made: a repetition of one that is known.
    fn register(&self, event: &Event) {
        if self.tracks.find(event.number).is_some() {
            return;
        }
        let like = lock(&self.tracks.known).iter().rev().find(|track| track.entry == event.entry).cloned();
        if let Some(like) = like {
            self.tracks.know(Current { number: event.number, plan: Arc::clone(&event.plan), ..like });
        }
    }

    /// Make the next round of a loop, which continues the phases of this one.
    fn lead(&self, event: &Event) {
        let (Some(joint), Some(track)) = (event.joint, self.tracks.find(event.number)) else { return };
        let options = PlanOptions { interrupt: Interrupt::by(Arc::clone(&self.closing)), ..self.plan_options.clone() };
        // if this fails, the render thread repeats the round as it is
        let Ok((plan, _)) = Plan::compile_joining(&track.track, &options, &event.plan, joint.at, joint.frame) else {
            return;
        };
        if event.plan.has_final_levels() && !plan.has_final_levels() {
            let mut go_on = |_| !self.closing.load(Ordering::Acquire);
            if plan.measure(0, plan.steps().len(), 1, &mut go_on).is_err() {
                return;
            }
        }
        let plan = Arc::new(plan);
        let playing = Playing::new(Arc::clone(&plan), track.clips.clone(), joint.frame)
            .at_level(self.target.stream_peak(&plan), None);
        let number = self.tracks.number();
        self.tracks.know(Current { number, plan, ..track.clone() });
        let source = Box::new(Source { playing, number, entry: track.entry, begins: Begins::Later });
        let led = Led { after: event.number, joint, source };
        drop(self.mailbox.post(|mail| mail.led.replace(led)));
    }
}
