//! Ctrl-C and SIGTERM as one request that long work looks at, so that it can clean up.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Once};

use realtime_backend_core::interrupt::Interrupt;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
static LISTEN: Once = Once::new();

/// Catch the signals from now on. Where that is not possible (an exotic system) they end the process, as usual.
pub(crate) fn listen() {
    STOP.store(false, Ordering::Relaxed);
    LISTEN.call_once(|| {
        for signal in [SIGINT, SIGTERM] {
            // the number first: whoever sees the request may ask for it at once
            let _ = flag::register_usize(signal, Arc::clone(&SIGNAL), signal as usize);
            let _ = flag::register(signal, Arc::clone(&STOP));
        }
    });
}

/// Whether one of the signals came.
pub(crate) fn interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// For work that is to end when one of the signals comes.
pub(crate) fn token() -> Interrupt {
    Interrupt::by(Arc::clone(&STOP))
}

/// The exit code of a shell for the signal that came: 130 for Ctrl-C, 143 for SIGTERM.
pub(crate) fn exit_code() -> u8 {
    let signal = match SIGNAL.load(Ordering::Relaxed) {
        0 => SIGINT as usize,
        signal => signal,
    };
    (128 + signal) as u8
}
