//! Long work that Ctrl-C (and whatever else a Python signal handler does) ends.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use realtime_backend_core::interrupt::Interrupt;

use crate::errors::fault;

/// Time between two looks at the signals.
const LOOK: Duration = Duration::from_millis(20);
/// As large as the stack of a main thread: documents nest.
const STACK: usize = 8 << 20;

/// Do `work` on a thread of its own while this one, with the interpreter released, looks at the signals. What a signal
/// handler raises asks the work to end, and is returned once it has.
pub(crate) fn interruptible<R: Send>(py: Python<'_>, work: impl FnOnce(&Interrupt) -> R + Send) -> PyResult<R> {
    let interrupt = Interrupt::default();
    let (raised, done) = py.detach(|| {
        thread::scope(|scope| {
            let (ended, end) = channel::<()>();
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
                let _ended = ended;
                work(&interrupt)
            });
            let worker = match worker {
                Ok(worker) => worker,
                Err(error) => {
                    return (Some(PyRuntimeError::new_err(format!("no thread can be started: {error}"))), None);
                }
            };
            let mut raised = None;
            while raised.is_none() && end.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                #[allow(clippy::redundant_closure_for_method_calls)] // the method alone is not general enough
                {
                    raised = Python::attach(|py| py.check_signals()).err();
                }
            }
            if raised.is_some() {
                interrupt.request();
            }
            match worker.join() {
                Ok(done) => (raised, Some(done)),
                Err(panic) => (Some(raised.unwrap_or_else(|| fault(panic.as_ref()))), None),
            }
        })
    });
    match (raised, done) {
        (None, Some(done)) => Ok(done),
        (Some(error), _) => Err(error),
        (None, None) => Err(PyRuntimeError::new_err("the work was not done")),
    }
}
