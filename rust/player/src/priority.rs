//! Higher priority for the audio threads, if the system grants it.

/// The nice level that sound servers use.
#[cfg(all(target_os = "linux", feature = "cpal"))]
const NICE: libc::c_int = -11;

/// Raise the priority of the calling thread. Without the right to do so (`ulimit -e`), nothing happens.
pub(crate) fn raise() {
    #[cfg(all(target_os = "linux", feature = "cpal"))]
    // SAFETY: all arguments are numbers; 0 is the calling thread.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
    }
}
