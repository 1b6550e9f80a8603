//! Runs the binary in a temporary folder, without the settings of the user who runs the tests.
// each test file uses only a part of this
#![allow(dead_code, unreachable_pub)]

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// How the system says that there is no file; Windows has words for every language.
pub const NO_SUCH_FILE: &str = if cfg!(windows) { "" } else { "No such file" };

pub struct Folder(tempfile::TempDir);

/// Exit code, standard output and standard error of a run.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn track(&self, name: &str, track: &Value) -> PathBuf {
        self.write(name, track.to_string())
    }

    /// A command that runs the binary in this folder, with only the settings that the test writes.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_realtime_backend"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env_remove("REALTIME_BACKEND_CONFIG")
            .env("XDG_CONFIG_HOME", self.path("settings"))
            .env("APPDATA", self.path("settings"))
            .env("REALTIME_BACKEND_AUDIO_HOST", "null")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Done {
        done(self.command(args))
    }

    /// Run the binary with `input` on the standard input.
    pub fn fed(&self, args: &[&str], input: &str) -> Done {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        match child.stdin.take().unwrap().write_all(input.as_bytes()) {
            // it may have refused its arguments before it read anything
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written.unwrap(),
        }
        finished(child.wait_with_output().unwrap())
    }

    /// Names of all files, including hidden ones, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.0.path().read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub fn done(mut command: Command) -> Done {
    finished(command.output().unwrap())
}

fn finished(output: std::process::Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A track with a binaural beat of 0.25 s at a sample rate of 8000 Hz, in the first dialect.
pub fn short() -> Value {
    beat(0.25)
}

/// A track with a binaural beat of `seconds` at a sample rate of 8000 Hz, in the first dialect.
pub fn beat(seconds: f64) -> Value {
    json!({
        "global_settings": {"sample_rate": 8000, "crossfade_duration": 0.0},
        "steps": [{"duration": seconds, "voices": [
            {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 4.0}}]}],
    })
}

/// A track whose `baseFreq` is not a number.
pub fn bad() -> Value {
    let mut track = short();
    track["steps"][0]["voices"][0]["params"]["baseFreq"] = json!("low");
    track
}

/// The interleaved samples of a 16-bit WAV file; full scale is 1.
pub fn samples(path: &Path) -> Vec<f64> {
    let bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(4).position(|w| w == b"data").unwrap() + 8;
    bytes[at..].chunks_exact(2).map(|b| f64::from(i16::from_le_bytes([b[0], b[1]])) / 32768.0).collect()
}

/// The largest magnitude of the samples of a 16-bit WAV file; full scale is 1.
pub fn peak(path: &Path) -> f64 {
    samples(path).into_iter().fold(0.0, |most, x| most.max(x.abs()))
}
