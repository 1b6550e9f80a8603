//! More processor time for the threads that sound depends on, where the system grants it.

/// As sound servers ask for.
#[cfg(all(target_os = "linux", feature = "cpal"))]
const NICE: libc::c_int = -11;

/// Raise the calling thread above ordinary ones. Without the right to (`ulimit -e`) nothing happens.
pub(crate) fn raise() {
    #[cfg(all(target_os = "linux", feature = "cpal"))]
    // SAFETY: a system call with numbers; 0 is the calling thread.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
    }
}
