//! Renders tracks natively for the tests of the browser build: `reference FOLDER SECONDS < TRACKS`, one track per line.
//! The line `{"loop": [START, END], "track": TRACK}` is what the player plays of a loop, and
//! `{"file": {"format": NAME, "bits": 16, "start": S, "duration": S}, "track": TRACK}` is a file.
//!
//! Writes for each track the number of frames (u32, little endian) and the frames (f32, interleaved); for a file, the number
//! of its bytes (u32) and the bytes. If there is an error, writes `u32::MAX`, the length of the message (u32) and the message. Relative paths start at FOLDER.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
use realtime_backend_core::render::{ExportOptions, TagOptions, frames_between, render_array, render_to_file};
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

#[derive(Deserialize)]
struct Exported {
    file: Wanted,
    track: Value,
}

#[derive(Deserialize)]
struct Wanted {
    format: String,
    bits: u32,
    #[serde(default)]
    start: f64,
    duration: Option<f64>,
    rate: Option<u32>,
}

/// The bytes of a file, as `render_to_file` of the Python package writes it.
fn file(wanted: &Wanted, track: &str, folder: &str) -> Result<Vec<u8>> {
    let options = LoadOptions { folder: Some(PathBuf::from(folder)), ..LoadOptions::filling_starts() };
    let (track, _) = Track::from_json_with(track, &options)?;
    let options = PlanOptions { sample_rate: wanted.rate, ..PlanOptions::default() };
    let plan = Arc::new(Plan::compile(&track, &options)?.0);
    let invalid = |message: String| Error::invalid("format", message);
    let container = Container::named(&wanted.format).map_err(invalid)?;
    let subtype = Subtype::from_name(&wanted.bits.to_string()).ok_or_else(|| Error::invalid("bits", "16, 24 or 32"))?;
    let rounding = Rounding::of_file(&plan.compat(), true);
    let format = FileFormat::new(container).with_subtype(subtype).with_rounding(rounding);
    let frames = frames_between(&plan, wanted.start, wanted.duration)?;
    let tags = TagOptions::default().tags(&track, &plan, container, &frames, None)?;
    let path = std::env::temp_dir().join(format!("reference-{}", std::process::id()));
    let options = ExportOptions { frames, tags, ..ExportOptions::new(format) };
    render_to_file(&plan, &path, &options, &mut |_| true)?;
    let failed = |source| Error::Io { path: path.display().to_string(), source };
    let bytes = std::fs::read(&path).map_err(failed)?;
    std::fs::remove_file(&path).map_err(failed)?;
    Ok(bytes)
}

/// What is written for a line: the number of frames or bytes, and they themselves.
fn answer(line: &str, folder: &str, seconds: f64) -> Result<(u32, Vec<u8>)> {
    if let Ok(Exported { file: wanted, track }) = serde_json::from_str(line) {
        let bytes = file(&wanted, &track.to_string(), folder)?;
        return Ok((bytes.len() as u32, bytes));
    }
    let samples = render(line, folder, seconds)?;
    Ok((samples.len() as u32 / 2, samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()))
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
        match answer(&line?, folder, seconds) {
            Ok((count, bytes)) => {
                out.write_all(&count.to_le_bytes())?;
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
