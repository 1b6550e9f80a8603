//! Shows the progress of loading and compiling a track, if that takes long.

use std::cell::Cell;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use indicatif::ProgressDrawTarget;
use realtime_backend_core::interrupt::Interrupt;

use crate::bars::Bar;

/// Time between two updates of the progress bar. Work that ends sooner shows none.
const UPDATE: Duration = Duration::from_millis(250);

/// Do `work`, which reports to `interrupt`, and show its progress on the standard error stream under `name`, unless
/// `quiet` is set.
pub(crate) fn watched<R>(name: &str, quiet: bool, interrupt: &Interrupt, work: impl FnOnce() -> R) -> R {
    let bar = Bar::new(name);
    let (shown, shared) = (Cell::new(quiet), bar.clone());
    let show = move |done: f64| {
        // once: a new target does not know what the old one has drawn
        if !shown.replace(true) {
            shared.drawn().set_draw_target(ProgressDrawTarget::stderr());
        }
        shared.set(done);
    };
    let done = polled(interrupt, show, work);
    bar.finish();
    done
}

/// Do `work` as [`watched`] does, with a bar that exists already.
pub(crate) fn watched_on<R>(bar: &Bar, interrupt: &Interrupt, work: impl FnOnce() -> R) -> R {
    polled(interrupt, |done| bar.set(done), work)
}

fn polled<R>(interrupt: &Interrupt, show: impl Fn(f64) + Send, work: impl FnOnce() -> R) -> R {
    thread::scope(|scope| {
        // the sender is dropped when the work returns or panics
        let (ended, end) = channel::<()>();
        scope.spawn(move || {
            while end.recv_timeout(UPDATE) == Err(RecvTimeoutError::Timeout) {
                show(interrupt.done());
            }
        });
        let _ended = ended;
        work()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn long_work_reports_and_short_work_does_not() {
        let shown = Mutex::new(Vec::new());
        let show = |done: f64| shown.lock().unwrap().push(done);
        let interrupt = Interrupt::default();
        assert_eq!(polled(&interrupt, show, || 1), 1);
        assert!(shown.lock().unwrap().is_empty());
        polled(&interrupt, show, || {
            interrupt.at(0.5).unwrap();
            while shown.lock().unwrap().is_empty() {
                thread::yield_now();
            }
        });
        assert_eq!(shown.lock().unwrap()[0], 0.5);
    }
}
