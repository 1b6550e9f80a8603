//! The thread that may take its time: measures plans ahead of the playback, and drops what others have no time to drop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use realtime_backend_core::error::Error;
use realtime_backend_core::plan::Plan;

use crate::queue::Shared;
use crate::render_thread::Source;

/// How often the thread looks whether it should end.
const LOOK: Duration = Duration::from_millis(500);

pub(crate) enum Task {
    /// Measure this plan instead of the one before.
    Measure(Arc<Plan>),
    Drop(Box<Source>),
}

/// Where tasks are left.
pub(crate) type Tasks = Sender<Task>;

/// Do tasks until `closing`: the newest plan, step by step, from the one that is heard now.
pub(crate) fn run(todo: &Receiver<Task>, shared: &Shared, closing: &AtomicBool) {
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
        let Some(step) = current.next_unresolved(shared.frame.load(Ordering::Acquire)) else {
            plan = None;
            continue;
        };
        let mut overtaken = None;
        let mut go_on = |_| {
            overtaken = waiting(todo);
            overtaken.is_none() && !closing.load(Ordering::Acquire)
        };
        match current.measure(step, step + 1, 1, &mut go_on) {
            // between the last look and the end of the measurement nothing is lost: the channel keeps it
            Ok(()) | Err(Error::Cancelled) => plan = overtaken.or(plan),
            Err(_) => plan = overtaken,
        }
    }
}

/// Do what waits; the newest plan among it.
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
