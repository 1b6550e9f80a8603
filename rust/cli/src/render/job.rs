//! One track rendered to one file.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use indicatif::MultiProgress;
use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::files::stream::is_standard_output;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::batch::{Job as Spec, Output, finished, results};
use realtime_backend_core::render::encode::{Container, FileFormat, Rounding, Subtype};
use realtime_backend_core::render::{
    ExportOptions, Exported, MarkerOptions, Shaping, Stems, TargetLevel, render_to_file, seamless,
};
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::ToneAccelerator;
use realtime_backend_gpu::Gpu;

use super::Loaded;
use super::outputs::{Target, name_of, output};
use super::work::Work;
use crate::args::{self, Channels, Render};
use crate::bars::{Bar, Total};
use crate::config::Config;
use crate::console::{clock, note, say};
use crate::interrupt::{self, interrupted};
use crate::preparing::watched_on;
use crate::source;

/// The work of rendering one track to one file.
pub(super) struct Job<'a> {
    pub(super) name: &'a str,
    pub(super) spec: &'a Spec,
    pub(super) target: &'a Target,
    pub(super) work: &'a Work,
    pub(super) args: &'a Render,
    pub(super) settings: &'a Config,
    pub(super) gpu: Option<&'a Arc<Gpu>>,
    pub(super) bars: &'a MultiProgress,
    /// The bar of all jobs, if there are several, and the number of this one.
    pub(super) total: Option<(&'a Total, usize)>,
}

impl Job<'_> {
    pub(super) fn run(&self, loaded: Loaded) -> Result<()> {
        let Self { args, settings, .. } = self;
        let (mut track, mut warnings) = loaded?;
        let hash = track.sha256().unwrap_or_default();
        if self.is_finished(&hash)? {
            return Ok(());
        }
        let fitted = self.fitted(&mut track, &mut warnings)?;
        let bar = Bar::new(self.name);
        // above that of all jobs
        self.bars.insert_from_back(usize::from(self.total.is_some()), bar.drawn().clone());
        let began = Instant::now();
        let exported = self.plan(&track, warnings, &bar).and_then(|plan| {
            let frame = |seconds: f64| (seconds * f64::from(plan.sample_rate())).round() as u64;
            let first_frame = self.first_frame(&plan)?;
            let end =
                args.duration.map_or(u64::MAX, |seconds| first_frame.saturating_add(frame(seconds))).min(plan.frames());
            let rounding = Rounding::of_file(&plan.compat(), !args.no_dither);
            let frames = fitted.unwrap_or(first_frame..end);
            let duration = (frames.end - frames.start) as f64 / f64::from(plan.sample_rate());
            let name = name_of(self.spec);
            let output = output(self.spec, self.target, &name, args, settings).map(|output| Output {
                hash: &hash,
                duration,
                ..output
            });
            let first = match (&output, self.target) {
                (Some(output), _) => output.first()?,
                (None, Target::Fixed(path)) => path.clone(),
                (None, Target::Named(..)) => return Err(Error::Cancelled),
            };
            let inputs = track.inputs();
            if output.is_some() {
                inputs.refuse(&first)?;
                self.work.names.claim(&first, self.spec)?;
            }
            let container = self.container(&first)?;
            let subtype = args.subtype.or(settings.subtype).map_or(Subtype::Pcm16, Subtype::from);
            let options = ExportOptions {
                format: FileFormat { container, subtype, rounding, quality: args.file.quality },
                tags: args.file.tag_options().tags(&track, &plan, container, &frames, args.sound.seed)?,
                sheets: args.file.sheets(),
                frames,
                seamless: args.seamless,
                target_level: target(args, settings),
                true_peak: args.true_peak,
                seed: args.sound.seed.unwrap_or(0),
                shaping: Shaping {
                    fade_in: frame(args.fade_in),
                    fade_out: frame(args.fade_out),
                    mono: args.channels == Some(Channels::Mono),
                },
                stems: args.stems.map(Stems::from),
                loudness: self.work.has_manifest() || self.target.needs_loudness(),
                threads: args.threads,
                markers: MarkerOptions {
                    table: args.markers.clone(),
                    trigger: if args.trigger_channel { args.trigger_width_ms.frames(plan.sample_rate()) } else { 0 },
                    every: args.marker_every,
                },
            };
            for stem in options.stems.map_or(Ok(Vec::new()), |stems| stems.paths(&plan, &first))? {
                inputs.refuse(&stem)?;
            }
            let exported = render_to_file(&plan, &first, &options, &mut |done| {
                bar.set(done);
                if let Some((total, index)) = self.total {
                    total.set(index, done);
                }
                !interrupted()
            })?;
            let mut exported = exported;
            if let Some(output) = &output {
                let names = options.stems.map_or(Vec::new(), |stems| stems.names(&plan));
                let stems: Vec<_> = names.into_iter().zip(exported.stems.clone()).collect();
                exported.file.path =
                    output.settle(&first, &stems, exported.levels, &self.work.names, &|path| inputs.refuse(path))?;
            }
            if self.work.has_manifest() {
                let (seed, hashes) = (args.sound.seed.unwrap_or(0), [hash.as_str(), self.work.options.as_str()]);
                let row = results(&exported.file.path, exported.levels, duration, seed, hashes)?;
                self.work.put(self.spec, &row)?;
            }
            Ok((exported, plan))
        });
        bar.finish();
        let (exported, plan) = exported?;
        let rate = plan.sample_rate();
        self.bars.suspend(|| {
            source::warn(self.name, &plan.noticed());
            for warning in &exported.warnings {
                note(format_args!("{}: warning: {warning}", source::shown(&exported.file.path)));
            }
            if args.quiet {
                Ok(())
            } else if is_standard_output(&exported.file.path) {
                note(summary(&exported, rate, began.elapsed().as_secs_f64(), self.gpu.map(|gpu| gpu.name())));
                Ok(())
            } else {
                say(summary(&exported, rate, began.elapsed().as_secs_f64(), self.gpu.map(|gpu| gpu.name())))
            }
        })
    }

    /// Whether the manifest says that the file is finished.
    fn is_finished(&self, hash: &str) -> Result<bool> {
        let row = self.work.row(self.spec);
        let Some(file) = row.and_then(|row| finished(&row, hash, &self.work.options)) else { return Ok(false) };
        self.work.names.claim(&file, self.spec)?;
        if !self.args.quiet {
            self.bars.suspend(|| say(format!("{}: is finished already", source::shown(&file))))?;
        }
        Ok(true)
    }

    /// Fit the track to a seamless file, if it is to be one. Returns the frames of the file.
    fn fitted(&self, track: &mut Track, warnings: &mut Vec<Problem>) -> Result<Option<Range<u64>>> {
        let args = self.args;
        if !args.seamless {
            return Ok(None);
        }
        let rate = args.sample_rate.unwrap_or(track.globals.sample_rate);
        let seamless = seamless::fit(track, rate, args.start, args.duration)?;
        warnings.extend(seamless.changes);
        Ok(Some(seamless.frames))
    }

    /// The first frame of the file. It is inside of the track.
    fn first_frame(&self, plan: &Plan) -> Result<u64> {
        let start = self.args.start;
        let frame = (start * f64::from(plan.sample_rate())).round() as u64;
        if frame > 0 && frame >= plan.frames() {
            return Err(behind_end(start, plan.seconds()));
        }
        Ok(frame)
    }

    /// The file format: from the option, otherwise from the name of the output.
    fn container(&self, output: &Path) -> Result<Container> {
        let settings = self.settings.format.filter(|_| is_standard_output(output));
        self.args.file.format.or(settings).map_or_else(|| Container::of_output(output), Ok)
    }

    fn plan(&self, track: &Track, mut warnings: Vec<Problem>, bar: &Bar) -> Result<Arc<Plan>> {
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

/// The error of a `--start` that is not before the end of a track.
pub(crate) fn behind_end(start: f64, length: f64) -> Error {
    let (start, length) = (clock(start), clock(length));
    Error::invalid("--start", format!("expected a time before the end of the track at {length}, got {start}"))
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
        (None, None) => level.unwrap_or_default(),
    }
}

impl From<args::Stems> for Stems {
    fn from(stems: args::Stems) -> Self {
        match stems {
            args::Stems::Voices => Self::Voices,
            args::Stems::Buses => Self::Buses,
            args::Stems::Layers => Self::Layers,
        }
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
