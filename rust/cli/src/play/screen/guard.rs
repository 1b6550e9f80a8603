//! Gives the terminal back: the shell's content and the cursor return when this is dropped, and before a panic is
//! reported.

use std::io::{self, Write as _, stderr};
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;

use crossterm::cursor::{Hide, Show};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode};
use crossterm::{execute, queue};
use realtime_backend_core::lock::lock;

use crate::console::note;

type Hook = Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// The alternate screen without a cursor, until this is dropped.
pub(super) struct Guard {
    /// The panic hook that was set before.
    before: Hook,
    /// Panics of other threads, which would spoil the screen; they are reported after it.
    held: Arc<Mutex<Vec<String>>>,
}

impl Guard {
    pub(super) fn enter() -> io::Result<Self> {
        execute!(stderr(), EnterAlternateScreen, Hide)?;
        let before: Hook = Arc::from(panic::take_hook());
        let held = Arc::<Mutex<Vec<String>>>::default();
        let (then, there, own) = (Arc::clone(&before), Arc::clone(&held), thread::current().id());
        panic::set_hook(Box::new(move |panic| {
            if thread::current().id() == own {
                leave();
                let _ = disable_raw_mode();
                report(&there);
                then(panic);
            } else {
                lock(&there).push(panic.to_string());
            }
        }));
        Ok(Self { before, held })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            return; // the hook has given the terminal back
        }
        let before = Arc::clone(&self.before);
        panic::set_hook(Box::new(move |panic| before(panic)));
        leave();
        report(&self.held);
    }
}

fn report(held: &Mutex<Vec<String>>) {
    lock(held).drain(..).for_each(note);
}

fn leave() {
    let mut err = stderr();
    let _ = queue!(err, LeaveAlternateScreen, Show);
    let _ = err.flush();
}

#[cfg(all(test, target_os = "linux"))]
#[path = "../../../tests/support/tmux.rs"]
mod tmux;

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::tmux::Tmux;
    use super::*;

    /// Set in the process that panics.
    const INSIDE: &str = "REALTIME_BACKEND_TEST_PANIC";

    #[test]
    fn a_panic_is_reported_on_the_restored_terminal() {
        if std::env::var_os(INSIDE).is_some() {
            crossterm::terminal::enable_raw_mode().unwrap();
            let _guard = Guard::enter().unwrap();
            let _ = thread::spawn(|| panic!("another thread")).join();
            panic!("the panic of the test");
        }
        let program = std::env::current_exe().unwrap();
        let name = "play::screen::guard::tests::a_panic_is_reported_on_the_restored_terminal";
        let terminal = Tmux::new(120, 40, std::env::temp_dir().as_path());
        terminal.run(&format!("RUST_BACKTRACE=0 {INSIDE}=1 {} --exact {name} --nocapture", program.display()));
        terminal.wait("another thread");
        terminal.wait("the panic of the test");
        terminal.wait("test result: FAILED");
        terminal.assert_restored();
    }
}
