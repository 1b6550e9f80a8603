//! Ctrl-C as a flag that long work looks at, so that it can clean up.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static LISTEN: Once = Once::new();

/// Catch Ctrl-C from now on. Without a handler (an exotic system) Ctrl-C ends the process, as usual.
pub(crate) fn listen() {
    INTERRUPTED.store(false, Ordering::Relaxed);
    LISTEN.call_once(|| {
        let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
    });
}

/// Whether Ctrl-C was pressed.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
