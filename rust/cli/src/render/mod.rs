//! `render`: renders tracks to audio files, several at a time. An error in one does not stop the others.

mod job;
mod outputs;
mod work;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::{MultiProgress, ProgressDrawTarget};
use realtime_backend_core::error::{Error, Problem, Result};
use realtime_backend_core::lock::lock;
use realtime_backend_core::render::batch::Job as Spec;
use realtime_backend_core::track::{LoadOptions, Track};

use crate::args::Render;
use crate::bars::Total;
use crate::config::{self, Config};
use crate::console::note;
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::{DONE, USAGE, gpu, report, source, tracks};
use job::Job;
pub(crate) use job::behind_end;
use outputs::{need_documents, refuse_lost};
use work::Work;

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
    let args = &match tracks::files(&args.tracks) {
        Ok(tracks) => Render { tracks, ..args.clone() },
        Err(error) => return report("render", &error),
    };
    let work = match Work::of(args, settings) {
        Ok(work) => work,
        Err(message) => {
            note(format_args!("error: {message}"));
            return USAGE;
        }
    };
    let target = if args.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bars = MultiProgress::with_draw_target(target);
    let documents = need_documents(args, &work.targets) || work.jobs.len() > work.tracks.len();
    let mut tracks = Vec::with_capacity(work.tracks.len());
    for track in &work.tracks {
        if interrupted() {
            return interrupt::exit_code();
        }
        tracks.push(load(track, documents, args, settings));
    }
    refuse_lost(&mut tracks, &work, args);
    // a copy of a track is as large as the track
    let shared = |index: usize| {
        let mut jobs = work.track_of.iter().zip(&work.jobs).filter(|(track, _)| **track == index).map(|(_, job)| job);
        jobs.next().is_some_and(|job| !job.values.is_empty()) || jobs.next().is_some()
    };
    let tracks: Vec<Mutex<Source>> =
        tracks.into_iter().enumerate().map(|(index, track)| Mutex::new(Source::new(track, shared(index)))).collect();
    let gpu = gpu::open(args.gpu || settings.gpu);
    let (next, worst) = (AtomicUsize::new(0), AtomicU8::new(DONE));
    let total = (work.jobs.len() > 1).then(|| Total::new(work.jobs.len()));
    if let Some(total) = &total {
        bars.add(total.drawn());
    }
    let worker = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((spec, target)) = work.jobs.get(index).zip(work.targets.get(index)) else { return };
            let Some(source) = tracks.get(work.track_of[index]) else { return };
            if interrupted() {
                return;
            }
            let loaded = lock(source).take(spec, &load_options(documents, args, settings));
            let name = title(index, &work);
            let total = total.as_ref().map(|total| (total, index));
            let gpu = gpu.as_ref();
            let job = Job { name: &name, spec, target, work: &work, args, settings, gpu, bars: &bars, total };
            let failed = match job.run(loaded) {
                // the reader has closed the pipe: no error
                Err(Error::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => None,
                done => done.err(),
            };
            if let Some(error) = failed {
                if !matches!(error, Error::Cancelled) {
                    let kept = work.put(spec, &[("error", error.to_string())]);
                    if let Err(error) = kept {
                        bars.suspend(|| report(&name, &error));
                    }
                }
                worst.fetch_max(bars.suspend(|| report(&name, &error)), Ordering::Relaxed);
            }
            if let Some((total, index)) = total {
                total.end(index);
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = if args.jobs == 0 { cores.min(JOBS) } else { args.jobs };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(work.jobs.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    if let Some(total) = &total {
        total.finish();
    }
    if let Some(gpu) = &gpu {
        gpu::report(gpu);
    }
    if interrupted() { interrupt::exit_code() } else { worst.into_inner() }
}

/// A track and the findings from loading it, or the error.
type Loaded = Result<(Track, Vec<Problem>)>;

/// A track, for one job or for several.
enum Source {
    /// For one job, or an error for the first one.
    Once(Option<Box<Loaded>>),
    /// With its document, for any number of jobs.
    Shared(Arc<Track>, Vec<Problem>),
}

impl Source {
    fn new(loaded: Loaded, shared: bool) -> Self {
        match loaded {
            Ok((track, problems)) if shared => Self::Shared(Arc::new(track), problems),
            other => Self::Once(Some(Box::new(other))),
        }
    }

    /// The track of a job.
    fn take(&mut self, job: &Spec, options: &LoadOptions) -> Loaded {
        match self {
            Self::Once(loaded) => {
                loaded.take().map_or_else(|| Err(Error::invalid("", "cannot be read")), |loaded| *loaded)
            }
            Self::Shared(track, problems) => {
                if job.values.is_empty() {
                    return Ok((Track::clone(track), problems.clone()));
                }
                track.edited(job.edit(track.document().clone())?, options)
            }
        }
    }
}

/// The name of a job in messages.
fn title(index: usize, work: &Work) -> String {
    let name = source::name(&work.tracks[work.track_of[index]]);
    if work.tracks.len() == work.jobs.len() { name } else { format!("{name} (file {})", index + 1) }
}

fn load_options(documents: bool, args: &Render, settings: &Config) -> LoadOptions {
    LoadOptions {
        compat: args.sound.compat.or(settings.compat),
        keep_bad_voices: args.keep_going,
        interrupt: interrupt::token(),
        only_to_play: !documents,
        ..LoadOptions::filling_starts()
    }
}

fn load(track: &Path, documents: bool, args: &Render, settings: &Config) -> Loaded {
    let options = load_options(documents, args, settings);
    watched(&source::name(track), args.quiet, &options.interrupt, || source::load(track, &options))
}
