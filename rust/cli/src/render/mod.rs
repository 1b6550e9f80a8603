//! `render`: renders tracks to audio files, several at a time. An error in one does not stop the others.

mod job;
mod outputs;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use indicatif::{MultiProgress, ProgressDrawTarget};
use realtime_backend_core::error::{Error, Problem, Result};
use realtime_backend_core::lock::lock;
use realtime_backend_core::track::{LoadOptions, Track};

use crate::args::Render;
use crate::config::{self, Config};
use crate::console::note;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::{DONE, USAGE, gpu, report, source};
use job::Job;
pub(crate) use job::bar;
use outputs::{outputs, refuse_lost};

/// Default limit of tracks that are rendered at the same time. Each track already uses all cores.
const JOBS: usize = 4;

pub(crate) fn run(args: &Render) -> u8 {
    match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => run_with(args, &settings),
        Err(code) => code,
    }
}

/// Render the tracks with settings that are already loaded.
pub(crate) fn run_with(args: &Render, settings: &Config) -> u8 {
    let outputs = match outputs(args, settings) {
        Ok(outputs) => outputs,
        Err(message) => {
            note(format_args!("error: {message}"));
            return USAGE;
        }
    };
    let target = if args.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bars = MultiProgress::with_draw_target(target);
    let mut tracks = Vec::with_capacity(args.tracks.len());
    for track in &args.tracks {
        if interrupted() {
            return interrupt::exit_code();
        }
        tracks.push(load(track, args, settings));
    }
    refuse_lost(&mut tracks, args, &outputs);
    let tracks: Vec<Mutex<Option<Loaded>>> = tracks.into_iter().map(|track| Mutex::new(Some(track))).collect();
    let gpu = gpu::open(args.gpu || settings.gpu);
    let (next, worst) = (AtomicUsize::new(0), AtomicU8::new(DONE));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((track, output)) = args.tracks.get(index).zip(outputs.get(index)) else { return };
            let Some(loaded) = tracks.get(index).and_then(|track| lock(track).take()) else { return };
            if interrupted() {
                return;
            }
            let name = source::name(track);
            let job = Job { name: &name, output, args, settings, gpu: gpu.as_ref(), bars: &bars };
            match job.run(loaded) {
                // the reader has closed the pipe: no error
                Err(Error::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {}
                Err(error) => drop(worst.fetch_max(bars.suspend(|| report(&name, &error)), Ordering::Relaxed)),
                Ok(()) => {}
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = if args.jobs == 0 { cores.min(JOBS) } else { args.jobs };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(args.tracks.len()) {
            scope.spawn(work);
        }
        work();
    });
    if let Some(gpu) = &gpu {
        gpu::report(gpu);
    }
    if interrupted() { interrupt::exit_code() } else { worst.into_inner() }
}

/// A track and the findings from loading it, or the error.
type Loaded = Result<(Track, Vec<Problem>)>;

fn load(track: &Path, args: &Render, settings: &Config) -> Loaded {
    let compat = args.sound.compat.or(settings.compat);
    let options = LoadOptions {
        // tags need the document
        only_to_play: args.file.no_tags && !args.file.embed_track,
        compat,
        keep_bad_voices: args.keep_going,
        interrupt: interrupt::token(),
        ..LoadOptions::filling_starts()
    };
    watched(&source::name(track), args.quiet, &options.interrupt, || source::load(track, &options))
}
