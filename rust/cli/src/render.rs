//! `render`: renders tracks to audio files, several at a time. An error in one does not stop the others.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::files::same::resolved;
use realtime_backend_core::files::stream::{STANDARD_OUTPUT, is_standard_output};
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
use realtime_backend_core::render::{ExportOptions, Exported, MarkerOptions, TargetLevel, render_to_file};
use realtime_backend_core::track::{Inputs, LoadOptions, Track};
use realtime_backend_core::voice::ToneAccelerator;
use realtime_backend_gpu::Gpu;

use crate::args::{self, Format, Render};
use crate::config::{self, Config};
use crate::console::{clock, note, say};
use crate::interrupt::{self, interrupted};
use crate::preparing::{watched, watched_on};
use crate::source::{self, is_stream};
use crate::{DONE, USAGE, gpu, report};

/// Length of the progress bar.
const TICKS: u64 = 1000;
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
        compat,
        keep_bad_voices: args.keep_going,
        interrupt: interrupt::token(),
        ..LoadOptions::to_play()
    };
    watched(&source::name(track), args.quiet, &options.interrupt, || source::load(track, &options))
}

/// Replace a track by an error if its output is an input file of one of the tracks.
fn refuse_lost(tracks: &mut [Loaded], args: &Render, outputs: &[PathBuf]) {
    let inputs: Vec<Inputs> =
        tracks.iter().map(|track| track.as_ref().map(|(track, _)| track.inputs()).unwrap_or_default()).collect();
    for (index, (track, output)) in tracks.iter_mut().zip(outputs).enumerate() {
        if track.is_err() {
            continue;
        }
        let table = args.markers.as_deref().map_or(Ok(()), |table| inputs[index].refuse(table));
        let own = inputs[index].refuse(output).and(table);
        let others = || (0..inputs.len()).find(|other| *other != index && inputs[*other].find(output).is_some());
        if let Err(error) = own {
            *track = Err(error);
        } else if let Some(other) = others() {
            let message = format!("is needed by {} and would be lost", source::raw_name(&args.tracks[other]));
            let source = std::io::Error::new(ErrorKind::AlreadyExists, message);
            *track = Err(Error::Io { path: output.display().to_string(), source });
        }
    }
}

/// The output of each track. It is an error if two tracks have the same output or one has none.
fn outputs(args: &Render, settings: &Config) -> Result<Vec<PathBuf>, String> {
    let folder = settings.output_dir.as_deref().unwrap_or_else(|| Path::new(""));
    let place = |path: &PathBuf| if is_stream(path) { STANDARD_OUTPUT.into() } else { folder.join(path) };
    let given = args.output.as_ref().map(place);
    // `out/` is a folder even if it does not exist
    let into = given.as_ref().filter(|path| path.is_dir() || ends_with_separator(path));
    if args.tracks.len() > 1 && given.is_some() && into.is_none() {
        return Err(format!("--output names one file, but there are {} tracks", args.tracks.len()));
    }
    if args.tracks.len() > 1 && args.markers.is_some() {
        return Err(format!("--markers names one file, but there are {} tracks", args.tracks.len()));
    }
    let format = args.format.or(settings.format).unwrap_or(Format::Wav);
    let extension = match format {
        Format::Wav => "wav",
        Format::Flac => "flac",
    };
    let mut outputs = Vec::with_capacity(args.tracks.len());
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    for track in &args.tracks {
        let output = match (&given, into) {
            (Some(path), None) => path.clone(),
            _ if is_stream(track) => return Err("a track from the standard input needs --output FILE".to_owned()),
            _ => {
                let named = track.with_extension(extension);
                match into.map(PathBuf::as_path).or(settings.output_dir.as_deref()) {
                    Some(folder) => folder.join(named.file_name().unwrap_or_default()),
                    None => named,
                }
            }
        };
        let meant = resolved(&output).unwrap_or_else(|_| output.clone());
        if let Some(other) = taken.insert(meant, track) {
            let [other, track, output] = [other, track, &output].map(source::shown);
            return Err(format!("{other} and {track} would both be written to {output}"));
        }
        outputs.push(output);
    }
    Ok(outputs)
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().last().is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// The work of rendering one track to one file.
struct Job<'a> {
    name: &'a str,
    output: &'a Path,
    args: &'a Render,
    settings: &'a Config,
    gpu: Option<&'a Arc<Gpu>>,
    bars: &'a MultiProgress,
}

impl Job<'_> {
    fn run(&self, loaded: Loaded) -> Result<()> {
        let Self { args, settings, .. } = self;
        let (track, warnings) = loaded?;
        let container = self.container()?;
        let bar = self.bars.add(bar(self.name));
        let began = Instant::now();
        let exported = self.plan(&track, warnings, &bar).and_then(|plan| {
            let frame = |seconds: f64| (seconds * f64::from(plan.sample_rate())).round() as u64;
            let first = frame(args.start).min(plan.frames());
            let end = args.duration.map_or(u64::MAX, |seconds| first.saturating_add(frame(seconds))).min(plan.frames());
            let rounding = Rounding::of_file(&plan.compat(), !args.no_dither);
            let subtype = args.subtype.or(settings.subtype).map_or(Subtype::Pcm16, Subtype::from);
            let options = ExportOptions {
                format: FileFormat { container, subtype, rounding },
                frames: first..end,
                target_level: target(args, settings),
                true_peak: args.true_peak,
                seed: args.sound.seed.unwrap_or(0),
                threads: args.threads,
                markers: MarkerOptions {
                    table: args.markers.clone(),
                    trigger: if args.trigger_channel { args.trigger_width.frames(plan.sample_rate()) } else { 0 },
                    every: args.marker_every,
                },
            };
            let exported = render_to_file(&plan, self.output, &options, &mut |done| {
                bar.set_position((done * TICKS as f64) as u64);
                !interrupted()
            })?;
            Ok((exported, plan))
        });
        bar.finish_and_clear();
        let (exported, plan) = exported?;
        let rate = plan.sample_rate();
        self.bars.suspend(|| {
            source::warn(self.name, &plan.noticed());
            for warning in &exported.warnings {
                note(format_args!("{}: warning: {warning}", source::shown(&exported.file.path)));
            }
            if args.quiet {
                Ok(())
            } else if is_standard_output(self.output) {
                note(summary(&exported, rate, began.elapsed().as_secs_f64(), self.gpu.map(|gpu| gpu.name())));
                Ok(())
            } else {
                say(summary(&exported, rate, began.elapsed().as_secs_f64(), self.gpu.map(|gpu| gpu.name())))
            }
        })
    }

    /// The file format: from the option, otherwise from the name of the output.
    fn container(&self) -> Result<Container> {
        match self.args.format {
            Some(Format::Wav) => Ok(Container::Wav),
            Some(Format::Flac) => Ok(Container::Flac),
            None if is_standard_output(self.output) && self.settings.format == Some(Format::Flac) => {
                Ok(Container::Flac)
            }
            None => Container::of_output(self.output),
        }
    }

    fn plan(&self, track: &Track, mut warnings: Vec<Problem>, bar: &ProgressBar) -> Result<Arc<Plan>> {
        let Self { args, settings, .. } = self;
        let compat = args.sound.compat.or(settings.compat);
        let options = PlanOptions {
            sample_rate: args.sample_rate,
            compat,
            seed: args.sound.seed,
            on_error: if args.keep_going { OnError::Warn } else { OnError::Fail },
            gains: settings.gains,
            interrupt: interrupt::token(),
            accelerator: self.gpu.map(|gpu| Arc::clone(gpu) as Arc<dyn ToneAccelerator>),
            ..PlanOptions::default()
        };
        let compiled = watched_on(bar, &options.interrupt, || Plan::compile(track, &options));
        if let Ok((_, more)) = &compiled {
            add_new(&mut warnings, more.clone());
        }
        self.bars.suspend(|| source::warn(self.name, &warnings));
        compiled.map(|(plan, _)| Arc::new(plan))
    }
}

/// Create a progress bar. It is hidden until it gets a draw target.
pub(crate) fn bar(name: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:40}] {percent}% {elapsed} (about {eta} left)");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
    ProgressBar::with_draw_target(Some(TICKS), ProgressDrawTarget::hidden())
        .with_style(style)
        .with_prefix(name.to_owned())
}

fn summary(exported: &Exported, rate: u32, took: f64, device: Option<&str>) -> String {
    let Exported { file, level, .. } = exported;
    let seconds = file.tally.frames as f64 / f64::from(rate);
    let mut text = format!(
        "{}: {} at {rate} Hz in {took:.2} s ({:.0} times real time{})",
        source::shown(&file.path),
        clock(seconds),
        seconds / took.max(1e-9),
        device.map(|name| format!(", with {name}")).unwrap_or_default(),
    );
    if let Some(loudness) = level.loudness {
        let _ = write!(text, ", {loudness:.1} LUFS");
    }
    if let Some(peak) = level.true_peak {
        let _ = write!(text, ", true peak {peak:.1} dBTP");
    }
    text
}

/// The level of the file: from the options, otherwise from the settings.
fn target(args: &Render, settings: &Config) -> TargetLevel {
    let level = args.target_level.or(settings.target_level.filter(|_| args.true_peak.is_none()));
    match (args.loudness, args.peak) {
        (Some(loudness), _) => TargetLevel::Loudness(loudness),
        (None, Some(peak)) => TargetLevel::Peak(10_f64.powf(peak / 20.0) as f32),
        (None, None) if level.is_none() && args.true_peak.is_some() => TargetLevel::TruePeak,
        (None, None) => config::target_level(level),
    }
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
