//! `render`: tracks to audio files, one after the other; one that fails does not stop the rest.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use realtime_backend_core::error::{Result, add_new};
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::files::{Container, FileFormat, Rounding, Subtype, Written};
use realtime_backend_core::render::{ExportOptions, render_to_file};
use realtime_backend_core::track::{LoadOptions, Track};

use crate::args::{self, Format, Render};
use crate::interrupt::interrupted;
use crate::{DONE, INTERRUPTED, USAGE, report};

/// Steps of the progress bar.
const TICKS: u64 = 1000;

pub(crate) fn run(args: &Render) -> u8 {
    if args.output.is_some() && args.tracks.len() > 1 {
        eprintln!("error: --output names one file, but there are {} tracks", args.tracks.len());
        return USAGE;
    }
    let mut worst = DONE;
    for track in &args.tracks {
        let name = track.display().to_string();
        match one(track, &name, args) {
            Ok(()) => {}
            Err(error) => worst = worst.max(report(&name, &error)),
        }
        if interrupted() {
            return INTERRUPTED;
        }
    }
    worst
}

fn one(path: &Path, name: &str, args: &Render) -> Result<()> {
    let (output, container) = output(path, args)?;
    let plan = compile(path, name, args)?;
    let frame = |seconds: f64| (seconds * f64::from(plan.sample_rate())).round() as u64;
    let first = frame(args.start).min(plan.frames());
    let end = args.duration.map_or(u64::MAX, |seconds| first.saturating_add(frame(seconds))).min(plan.frames());
    let rounding = if args.dither { Rounding::Dither } else { Rounding::for_compat(&plan.compat()) };
    let options = ExportOptions {
        format: FileFormat { container, subtype: args.subtype.into(), rounding },
        frames: first..end,
        target_level: (args.target_level > 0.0).then_some(args.target_level as f32),
        threads: args.threads,
    };
    let bar = bar(name, args.quiet);
    let began = Instant::now();
    let written = render_to_file(&plan, &output, &options, &mut |done| {
        bar.set_position((done * TICKS as f64) as u64);
        !interrupted()
    });
    bar.finish_and_clear();
    let written = written?;
    for warning in written.warnings() {
        eprintln!("{}: warning: {warning}", written.path.display());
    }
    if !args.quiet {
        summary(&written, &plan, began.elapsed().as_secs_f64());
    }
    Ok(())
}

/// Where the file goes, and what it is.
fn output(track: &Path, args: &Render) -> Result<(PathBuf, Container)> {
    let format = args.format.map(|format| match format {
        Format::Wav => Container::Wav,
        Format::Flac => Container::Flac,
    });
    match (&args.output, format) {
        (Some(path), Some(container)) => Ok((path.clone(), container)),
        (Some(path), None) => Ok((path.clone(), Container::of(path)?)),
        (None, container) => {
            let container = container.unwrap_or(Container::Wav);
            let extension = match container {
                Container::Wav => "wav",
                Container::Flac => "flac",
            };
            Ok((track.with_extension(extension), container))
        }
    }
}

fn compile(path: &Path, name: &str, args: &Render) -> Result<Arc<Plan>> {
    let on_error = if args.keep_going { OnError::Warn } else { OnError::Fail };
    let options = LoadOptions {
        fill_starts: true,
        compat: args.compat,
        keep_bad_voices: args.keep_going,
        ..LoadOptions::default()
    };
    let (track, mut warnings) = Track::from_path_with(path, &options)?;
    let options = PlanOptions {
        sample_rate: args.sample_rate,
        compat: args.compat,
        seed: args.seed,
        on_error,
        ..PlanOptions::default()
    };
    let (plan, more) = Plan::compile(&track, &options)?;
    add_new(&mut warnings, more);
    for warning in warnings {
        eprintln!("{name}: warning: {warning}");
    }
    Ok(Arc::new(plan))
}

/// A bar on the standard error stream; nothing where that is no terminal.
fn bar(name: &str, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{prefix} [{bar:40}] {percent}% {elapsed} (about {eta} left)");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
    ProgressBar::new(TICKS).with_style(style).with_prefix(name.to_owned())
}

fn summary(written: &Written, plan: &Plan, took: f64) {
    let seconds = written.tally.frames as f64 / f64::from(plan.sample_rate());
    println!(
        "{}: {} at {} Hz in {took:.2} s ({:.0} times real time)",
        written.path.display(),
        clock(seconds),
        plan.sample_rate(),
        seconds / took.max(1e-9),
    );
}

/// `3:07.5` for 187.5 seconds, with hours where there are any.
fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    let (minutes, rest) = (tenths / 600, tenths % 600);
    let tail = format!("{:02}.{}", rest / 10, rest % 10);
    if minutes < 60 { format!("{minutes}:{tail}") } else { format!("{}:{:02}:{tail}", minutes / 60, minutes % 60) }
}

impl From<args::Subtype> for Subtype {
    fn from(subtype: args::Subtype) -> Self {
        match subtype {
            args::Subtype::Pcm16 => Self::Pcm16,
            args::Subtype::Pcm24 => Self::Pcm24,
            args::Subtype::Float => Self::Float32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_clock_times() {
        assert_eq!(clock(0.04), "0:00.0");
        assert_eq!(clock(187.46), "3:07.5");
        assert_eq!(clock(3599.96), "1:00:00.0");
    }
}
