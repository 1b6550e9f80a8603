//! Runs long work that a Python signal handler, such as that of Ctrl-C, can end.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use realtime_backend_core::fault::caught;
use realtime_backend_core::interrupt::Interrupt;

use crate::errors::fault;

/// Time between two checks for signals.
const LOOK: Duration = Duration::from_millis(20);
/// Stack size of the worker thread, in bytes. As large as that of a main thread, because documents can be deeply
/// nested.
const STACK: usize = 8 << 20;

/// Run `work` on another thread, while this thread releases the interpreter and checks for signals. If a signal handler
/// raises an exception, ask the work to end, wait for it, and return the exception.
pub(crate) fn interruptible<R: Send>(py: Python<'_>, work: impl FnOnce(&Interrupt) -> R + Send) -> PyResult<R> {
    observed(py, None, work)
}

/// Run `work` as [`interruptible`] does, and call the Python function `progress` with the fraction done, 0 to 1,
/// whenever it has grown. An exception in `progress` ends the work as one of a signal handler does.
pub(crate) fn observed<R: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&Interrupt) -> R + Send,
) -> PyResult<R> {
    observed_part(py, progress, (0.0, 1.0), work)
}

/// Run `work` as [`observed`] does, as the part of a greater work from the first fraction of `part` to the second.
pub(crate) fn observed_part<R: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    part: (f64, f64),
    work: impl FnOnce(&Interrupt) -> R + Send,
) -> PyResult<R> {
    let (from, to) = part;
    let interrupt = Interrupt::default();
    let mut told = from;
    let mut look = || {
        let done = from + (to - from) * interrupt.done().clamp(0.0, 1.0);
        Python::attach(|py| {
            py.check_signals()?;
            let Some(progress) = progress.filter(|_| done > told) else { return Ok(()) };
            told = done;
            progress.call1(py, (done,)).map(drop)
        })
    };
    let (raised, done) = py.detach(|| {
        thread::scope(|scope| {
            let (ended, end) = channel::<()>();
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
                let _ended = ended;
                caught(|| work(&interrupt))
            });
            let worker = match worker {
                Ok(worker) => worker,
                Err(error) => {
                    return (Some(PyRuntimeError::new_err(format!("no thread can be started: {error}"))), None);
                }
            };
            let mut raised = None;
            while raised.is_none() && end.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                raised = look().err();
            }
            if raised.is_some() {
                interrupt.request();
            }
            match worker.join() {
                Ok(Ok(done)) => (raised, Some(done)),
                Ok(Err(panic)) => (Some(raised.unwrap_or_else(|| fault(&panic))), None),
                // not reached: `caught` catches panics of the work
                Err(_) => (Some(raised.unwrap_or_else(|| fault("the thread ended"))), None),
            }
        })
    });
    match (raised, done) {
        (None, Some(done)) => {
            if let Some(progress) = progress.filter(|_| told < to) {
                progress.call1(py, (to,))?;
            }
            Ok(done)
        }
        (Some(error), _) => Err(error),
        (None, None) => Err(PyRuntimeError::new_err("the work was not done")),
    }
}
