//! Renders tracks natively for the tests of the browser build: `reference FOLDER SECONDS < TRACKS`, one track per line.
//! The line `{"loop": [START, END], "track": TRACK}` is what the player plays of a loop.
//!
//! Writes for each track the number of frames (u32, little endian) and the frames (f32, interleaved). If there is an
//! error, writes `u32::MAX`, the length of the message (u32) and the message. Relative paths start at FOLDER.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use serde::Deserialize;
use serde_json::Value;

#[path = "../tests/rig/native.rs"]
mod native;

#[derive(Deserialize)]
struct Looped {
    r#loop: (f64, f64),
    track: Value,
}

fn render(line: &str, folder: &str, seconds: f64) -> Result<Vec<f32>> {
    let options = LoadOptions { folder: Some(PathBuf::from(folder)), ..LoadOptions::filling_starts() };
    if let Ok(Looped { r#loop, track }) = serde_json::from_str(line) {
        let (track, _) = Track::from_json_with(&track.to_string(), &options)?;
        let count = (seconds * f64::from(track.globals.sample_rate)) as usize;
        return Ok(native::looped(&track, r#loop, count).into_iter().flatten().collect());
    }
    let (track, _) = Track::from_json_with(line, &options)?;
    let (plan, _) = Plan::compile(&track, &PlanOptions::default())?;
    let frames = ((seconds * f64::from(plan.sample_rate())) as u64).min(plan.frames());
    render_array(&Arc::new(plan), 0, Some(frames), 0, &mut |_| true)
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds] = arguments.as_slice() else {
        return Err(Error::invalid("", "usage: reference FOLDER SECONDS < TRACKS").into());
    };
    let seconds = seconds.parse()?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        match render(&line?, folder, seconds) {
            Ok(samples) => {
                out.write_all(&(samples.len() as u32 / 2).to_le_bytes())?;
                let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                out.write_all(&bytes)?;
            }
            Err(error) => {
                let text = error.to_string();
                out.write_all(&u32::MAX.to_le_bytes())?;
                out.write_all(&(text.len() as u32).to_le_bytes())?;
                out.write_all(text.as_bytes())?;
            }
        }
        out.flush()?;
    }
    Ok(())
}
