//! `doctor`: what this build can do, and what it finds on this machine.

use std::path::Path;
use std::thread;

use realtime_backend_core::printable::printable;
use realtime_backend_gpu::Gpu;
use realtime_backend_player::device::system;

use crate::config;
use crate::console::say;
use crate::{DONE, FAILED, report};

/// Features of a build that the published packages leave out.
const OPTIONAL: [(&str, bool); 4] = [
    ("gpu", cfg!(feature = "gpu")),
    ("jack", cfg!(feature = "jack")),
    ("mp3", cfg!(feature = "mp3")),
    ("mpris", cfg!(feature = "mpris")),
];

/// Print the report. Fails if a settings file cannot be read.
pub(crate) fn run() -> u8 {
    let (settings, code) = settings();
    let rows = [
        ("version", version()),
        ("features", features()),
        ("processor", processor()),
        ("graphics", graphics()),
        ("settings", settings),
        ("sound", sound()),
    ];
    let text: Vec<String> =
        rows.iter().map(|(name, value)| format!("{name:11}{}", value.replace('\n', "\n           "))).collect();
    say(text.join("\n")).map_or_else(|error| report("doctor", &error), |()| code)
}

fn version() -> String {
    let speed =
        if cfg!(debug_assertions) { "a debug build, about 20 times slower than a release" } else { "release build" };
    format!("{} ({speed}, {} {})", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH)
}

fn features() -> String {
    let names = |built: bool| {
        let list: Vec<_> = OPTIONAL.iter().filter(|(_, has)| *has == built).map(|(name, _)| *name).collect();
        if list.is_empty() { "none".to_owned() } else { list.join(", ") }
    };
    format!("{}; left out of this build: {}", names(true), names(false))
}

fn processor() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} {}, {}", if cores == 1 { "core" } else { "cores" }, instructions())
}

/// The widest instructions that the kernels use here.
#[cfg(target_arch = "x86_64")]
fn instructions() -> &'static str {
    if is_x86_feature_detected!("avx512f") {
        "AVX-512"
    } else if is_x86_feature_detected!("avx2") {
        "AVX2"
    } else {
        "SSE2"
    }
}

/// The widest instructions that the kernels use here.
#[cfg(not(target_arch = "x86_64"))]
fn instructions() -> &'static str {
    if cfg!(target_arch = "aarch64") { "NEON" } else { "no vector instructions" }
}

fn graphics() -> String {
    Gpu::open().map_or_else(|error| error.to_string(), |gpu| printable(gpu.name()).into_owned())
}

/// Where the settings come from, and the exit code.
fn settings() -> (String, u8) {
    let Some(path) = config::file() else {
        return (format!("defaults; no file at\n{}", config::places().join("\n")), DONE);
    };
    let name = shown(&path);
    match config::load(Some(&path)) {
        Ok(_) => (name, DONE),
        Err((_, error)) => (format!("{name}\nerror: {error}"), FAILED),
    }
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// The hosts and their outputs.
fn sound() -> String {
    match system::list() {
        Err(error) => error.to_string(),
        Ok(found) if found.is_empty() => {
            "no output device was found; REALTIME_BACKEND_AUDIO_HOST=null plays without".to_owned()
        }
        Ok(found) => {
            let mut hosts: Vec<(String, usize, Option<String>)> = Vec::new();
            for device in &found {
                let at = hosts.iter().position(|(host, ..)| *host == device.host).unwrap_or_else(|| {
                    hosts.push((device.host.clone(), 0, None));
                    hosts.len() - 1
                });
                hosts[at].1 += 1;
                if device.is_default {
                    hosts[at].2 = Some(device.name.clone());
                }
            }
            let row = |(host, count, default): &(String, usize, Option<String>)| {
                let outputs = if *count == 1 { "output" } else { "outputs" };
                let default =
                    default.as_ref().map_or_else(String::new, |name| format!("; default: {}", printable(name)));
                format!("{}: {count} {outputs}{default}", printable(host))
            };
            hosts.iter().map(row).collect::<Vec<_>>().join("\n")
        }
    }
}
