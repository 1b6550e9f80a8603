//! Turns Ctrl-C and SIGTERM into a flag that long work checks, so that it can clean up.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Once};

use realtime_backend_core::interrupt::Interrupt;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
static LISTEN: Once = Once::new();

/// Catch the signals from now on. If the system does not support that, they end the process as usual.
pub(crate) fn listen() {
    STOP.store(false, Ordering::Relaxed);
    LISTEN.call_once(|| {
        for signal in [SIGINT, SIGTERM] {
            // the number first: a thread that sees the flag may ask for the number at once
            let _ = flag::register_usize(signal, Arc::clone(&SIGNAL), signal as usize);
            let _ = flag::register(signal, Arc::clone(&STOP));
        }
    });
}

/// Whether one of the signals was received.
pub(crate) fn interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A token for work that must end when one of the signals is received.
pub(crate) fn token() -> Interrupt {
    Interrupt::by(Arc::clone(&STOP))
}

/// The exit code for the received signal, as in a shell: 130 for Ctrl-C, 143 for SIGTERM.
pub(crate) fn exit_code() -> u8 {
    let signal = match SIGNAL.load(Ordering::Relaxed) {
        0 => SIGINT as usize,
        signal => signal,
    };
    (128 + signal) as u8
}
