//! Faults of the engine itself: a panic becomes a message with its text and its place in the source. A panic that is
//! caught here prints nothing.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many nested calls of [`caught`] this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Where this thread panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work` and turns a panic in it into an error.
///
/// # Errors
/// The text of the panic, with its place in the source if [`print_in_one_line`] was called.
pub fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    DEPTH.set(DEPTH.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    done.map_err(|panic| {
        let text = said(panic.as_ref());
        PLACE.take().map_or_else(|| text.to_owned(), |place| format!("{text} ({place})"))
    })
}

/// Installs a panic hook that prints one line, or nothing if the panic is [`caught`]. With `RUST_BACKTRACE` set the
/// previous hook prints instead. For extensions of other languages, whose users do not expect a backtrace.
pub fn print_in_one_line() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
            if std::env::var_os("RUST_BACKTRACE").is_some() {
                usual(info);
            } else if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
                let place = place.as_deref().unwrap_or("an unknown place");
                let line = format!("realtime_backend: a fault in the engine at {place}: {}\n", said(info.payload()));
                // if writing to stderr fails, there is nowhere left to report it
                drop(std::io::stderr().write_all(line.as_bytes()));
            }
            drop(PLACE.try_with(|kept| kept.replace(place)));
        }));
    });
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caught_panic_becomes_an_error_with_text_and_place() {
        print_in_one_line();
        let line = line!() + 1;
        let outer = caught(|| caught(|| panic!("frame {} is missing", 7)));
        let text = outer.unwrap().unwrap_err();
        assert!(text.starts_with("frame 7 is missing (") && text.ends_with(&format!("fault.rs:{line})")), "{text}");
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(DEPTH.get(), 0);
    }
}
