//! Loads libasound at run time instead of link time, so that everything except playback works on machines without it.
//!
//! The cargo configuration keeps `alsa-sys` from linking the library. Its functions are defined here as jumps through a
//! table that [`load`] fills. Nothing calls them before `load` has succeeded.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::OnceLock;

use crate::device::DeviceError;

include!(concat!(env!("OUT_DIR"), "/alsa_symbols.rs"));

/// Default name of the library.
const LIBRARY: &str = "libasound.so.2";
/// Environment variable with another name or path of the library.
const LIBRARY_VARIABLE: &str = "REALTIME_BACKEND_LIBASOUND";

/// Load libasound and fill the table of its functions. Later calls return the result of the first one.
pub(super) fn load() -> Result<(), DeviceError> {
    static LOADED: OnceLock<Result<(), DeviceError>> = OnceLock::new();
    LOADED.get_or_init(connect).clone()
}

fn connect() -> Result<(), DeviceError> {
    let name = std::env::var(LIBRARY_VARIABLE).unwrap_or_else(|_| LIBRARY.to_owned());
    let missing = || DeviceError(format!("the library {name} is missing"));
    let file = CString::new(name.as_str()).map_err(|_| missing())?;
    // SAFETY: the name is terminated, and the handle is never closed.
    let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    if library.is_null() {
        return Err(missing());
    }
    for (index, name) in NAMES.iter().enumerate() {
        // SAFETY: the library is open and the name is terminated.
        let found = unsafe { libc::dlsym(library, name.as_ptr()) };
        // a function that an old library lacks returns "not implemented", which cpal reports as an error
        let function = if found.is_null() { absent as *mut c_void } else { found };
        // SAFETY: the table has one entry per name, and nothing reads it before `load` returns (`OnceLock`).
        unsafe { (&raw mut realtime_backend_alsa_table).cast::<*mut c_void>().add(index).write(function) };
    }
    // SAFETY: as above. The handler ignores its arguments, so the variadic ones do no harm.
    unsafe {
        let set = libc::dlsym(library, c"snd_lib_error_set_handler".as_ptr());
        if !set.is_null() {
            let set: extern "C" fn(Option<Handler>) -> c_int = std::mem::transmute(set);
            set(Some(keep_quiet));
        }
    }
    Ok(())
}

extern "C" fn absent() -> c_int {
    -libc::ENOSYS
}

type Handler = extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char);

/// Drop the messages that the library would print to stderr. Users get errors as `DeviceError`.
extern "C" fn keep_quiet(_: *const c_char, _: c_int, _: *const c_char, _: c_int, _: *const c_char) {}
