//! The background thread: measures plans ahead of the playback, and drops sources for the render thread, which has no
//! time for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use realtime_backend_core::error::Error;
use realtime_backend_core::plan::Plan;
use realtime_backend_core::render::{self, TargetLevel};
use realtime_backend_core::stream::Source;

use crate::queue::Shared;

/// Interval at which the idle thread checks whether it should end.
const LOOK: Duration = Duration::from_millis(500);

/// Work for the background thread.
pub(crate) enum Task {
    /// Measure this plan instead of the previous one.
    Measure(Arc<Plan>),
    /// Drop this source.
    Drop(Box<Source>),
}

/// Sends tasks to the background thread.
pub(crate) type Tasks = Sender<Task>;

/// Do tasks until `closing`. Measures the newest plan step by step, beginning with the step that plays now, and then its
/// peak, if the level of the stream depends on it.
pub(crate) fn run(todo: &Receiver<Task>, shared: &Shared, target: TargetLevel, closing: &AtomicBool) {
    let mut plan: Option<Arc<Plan>> = None;
    while !closing.load(Ordering::Acquire) {
        if plan.is_none()
            && let Ok(task) = todo.recv_timeout(LOOK)
        {
            plan = newest(task);
        }
        if let Some(newer) = waiting(todo) {
            plan = Some(newer);
        }
        let Some(current) = &plan else { continue };
        let step = current.next_unresolved(shared.frame.load(Ordering::Acquire));
        let levelled = target.stream_peak(current).is_none() || current.known_peak().is_some();
        if step.is_none() && levelled {
            plan = None;
            continue;
        }
        let mut overtaken = None;
        let mut go_on = |_| {
            overtaken = waiting(todo);
            overtaken.is_none() && !closing.load(Ordering::Acquire)
        };
        let measured = match step {
            Some(step) => current.measure(step, step + 1, 1, &mut go_on),
            None => render::peak(current, 1, &mut go_on).map(|_| ()),
        };
        match measured {
            // a task that came after the last check is still in the channel
            Ok(()) | Err(Error::Cancelled) => plan = overtaken.or(plan),
            Err(_) => plan = overtaken,
        }
    }
}

/// Take all queued tasks, drop the sources among them, and return the newest plan.
fn waiting(todo: &Receiver<Task>) -> Option<Arc<Plan>> {
    todo.try_iter().filter_map(newest).last()
}

fn newest(task: Task) -> Option<Arc<Plan>> {
    match task {
        Task::Measure(plan) => Some(plan),
        Task::Drop(source) => {
            drop(source);
            None
        }
    }
}
