//! Render a track to a file: `cargo run --release -p realtime-backend-core --example render TRACK OUTPUT`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to its user")]

use std::path::PathBuf;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::encode::FileFormat;
use realtime_backend_core::render::{ExportOptions, render_to_file};
use realtime_backend_core::track::Track;

fn main() -> Result<()> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(track), Some(output)) = (paths.next(), paths.next()) else {
        return Err(Error::invalid("", "usage: render TRACK OUTPUT (.wav, .flac, .opus or .ogg)"));
    };

    let (track, noticed) = Track::from_path(&track)?;
    let (plan, more) = Plan::compile(&track, &PlanOptions::default())?;
    for problem in noticed.iter().chain(&more) {
        eprintln!("warning: {problem}");
    }

    let options = ExportOptions::new(FileFormat::for_path(&output)?);
    let exported = render_to_file(&Arc::new(plan), &output, &options, &mut |done| {
        eprint!("\r{:3.0} %", 100.0 * done);
        true // go on
    })?;
    eprintln!("\n{} frames", exported.file.tally.frames);
    Ok(())
}
