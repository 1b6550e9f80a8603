//! A terminal of a given size, in tmux.
// each test file uses only a part of this
#![allow(dead_code, unreachable_pub)]

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Longest time until something is seen.
const PATIENCE: Duration = Duration::from_secs(30);

static TERMINALS: AtomicU32 = AtomicU32::new(0);

/// A shell in a terminal. Its prompt is `$ `.
pub struct Tmux(String);

impl Tmux {
    pub fn new(width: u16, height: u16, folder: &Path) -> Self {
        let number = TERMINALS.fetch_add(1, Ordering::Relaxed);
        let terminal = Self(format!("realtime_backend-{}-{number}", std::process::id()));
        let [width, height] = [width, height].map(|size| size.to_string());
        let folder = folder.to_str().unwrap();
        let size = ["-x", &width, "-y", &height, "-c", folder];
        let shell = ["-e", "XDG_CONFIG_HOME=/nonexistent", "sh"];
        terminal.call(&[&["-u", "-f", "/dev/null", "new-session", "-d"], &size[..], &shell[..]].concat());
        terminal.wait_until("a prompt", |shown| !shown.trim().is_empty());
        terminal.run("PS1='$ '; unset REALTIME_BACKEND_CONFIG; clear");
        terminal.wait_until("an empty screen", |shown| shown.trim() == "$");
        terminal
    }

    /// Run a tmux command. Returns its output.
    fn call(&self, args: &[&str]) -> String {
        let done = Command::new("tmux").args(["-L", &self.0]).args(args).output();
        let done = done.expect("tmux is installed by scripts/setup_tests.sh");
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Press keys: a character, or a name such as `Enter`, `Escape`, `C-c`.
    pub fn press(&self, keys: &[&str]) {
        self.call(&[&["send-keys"], keys].concat());
    }

    /// Type a line and Enter.
    pub fn run(&self, line: &str) {
        self.call(&["send-keys", "-l", line]);
        self.press(&["Enter"]);
    }

    pub fn resize(&self, width: u16, height: u16) {
        self.call(&["resize-window", "-x", &width.to_string(), "-y", &height.to_string()]);
    }

    pub fn shown(&self) -> String {
        self.call(&["capture-pane", "-p"])
    }

    /// Wait until `seen` is true of what is shown.
    pub fn wait_until(&self, what: &str, seen: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if seen(&shown) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{what} is not shown:\n{shown}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Wait until `text` is shown.
    pub fn wait(&self, text: &str) -> String {
        self.wait_until(text, |shown| shown.contains(text))
    }

    /// Whether the alternate screen is shown, and whether the cursor is.
    pub fn state(&self) -> String {
        self.call(&["display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag}"]).trim().to_owned()
    }

    /// Check that the shell has its terminal as before: its content, the cursor, lines and their echo.
    pub fn assert_restored(&self) {
        self.run("stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo -e isig | sort | tr '\\n' ' '; echo restored");
        self.wait_until("restored", |shown| shown.lines().any(|line| line == "echo icanon isig restored"));
        assert_eq!(self.state(), "alternate 0 cursor 1");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = Command::new("tmux").args(["-L", &self.0, "kill-server"]).output();
    }
}
