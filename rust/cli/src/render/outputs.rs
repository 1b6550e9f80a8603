//! The files that `render` writes: where, and none over another or over an input.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use realtime_backend_core::error::Error;
use realtime_backend_core::files::same::resolved;
use realtime_backend_core::files::stream::STANDARD_OUTPUT;
use realtime_backend_core::render::batch::{Job, Output, Template};
use realtime_backend_core::render::encode::Container;
use realtime_backend_core::track::Inputs;

use super::Loaded;
use super::work::Work;
use crate::args::Render;
use crate::config::Config;
use crate::source::{self, is_stream};

/// Where the file of a job goes.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// To this path.
    Fixed(PathBuf),
    /// To a name with placeholders, which counts from a folder.
    Named(Template, PathBuf),
}

impl Target {
    /// Whether the loudness of the file is a part of its name.
    pub(super) fn needs_loudness(&self) -> bool {
        matches!(self, Self::Named(template, _) if template.has("lufs"))
    }

    /// Whether the hash of the track is a part of its name.
    fn needs_hash(&self) -> bool {
        matches!(self, Self::Named(template, _) if template.has("hash"))
    }
}

/// Whether the documents of the tracks are needed, not only their sound.
pub(super) fn need_documents(args: &Render, targets: &[Target]) -> bool {
    let tagged = !args.file.no_tags || args.file.embed_track;
    tagged || !args.matrix.is_empty() || args.manifest.is_some() || targets.iter().any(Target::needs_hash)
}

/// Replace a track by an error if its output is an input file of one of the tracks.
pub(super) fn refuse_lost(tracks: &mut [Loaded], work: &Work, args: &Render) {
    let inputs: Vec<Inputs> =
        tracks.iter().map(|track| track.as_ref().map(|(track, _)| track.inputs()).unwrap_or_default()).collect();
    for (index, target) in work.track_of.iter().copied().zip(&work.targets) {
        let Target::Fixed(output) = target else { continue };
        if tracks[index].is_err() {
            continue;
        }
        let sheets = args.file.sheets();
        let mut beside = args.markers.as_deref().into_iter().chain(sheets.paths());
        let own = inputs[index].refuse(output).and_then(|()| beside.try_for_each(|path| inputs[index].refuse(path)));
        let others = || (0..inputs.len()).find(|other| *other != index && inputs[*other].find(output).is_some());
        if let Err(error) = own {
            tracks[index] = Err(error);
        } else if let Some(other) = others() {
            let message = format!("is needed by {} and would be lost", source::raw_name(&work.tracks[other]));
            let source = std::io::Error::new(ErrorKind::AlreadyExists, message);
            tracks[index] = Err(Error::Io { path: output.display().to_string(), source });
        }
    }
}

/// The output of each job. It is an error if two jobs have the same output or one has none.
pub(super) fn targets(jobs: &[Job], tracks: &[&Path], args: &Render, settings: &Config) -> Result<Vec<Target>, String> {
    let beside = [("--markers", &args.markers), ("--cue", &args.file.cue), ("--labels", &args.file.labels)];
    if let Some((option, _)) = beside.into_iter().find(|(_, path)| jobs.len() > 1 && path.is_some()) {
        return Err(format!("{option} names one file, but there are {} {}", jobs.len(), things(args)));
    }
    let one = |(job, track): (&Job, &&Path)| target(job, track, jobs.len(), args, settings);
    let targets: Vec<Target> = jobs.iter().zip(tracks).map(one).collect::<Result<_, _>>()?;
    let mut taken: HashMap<PathBuf, &Job> = HashMap::new();
    for (job, target) in jobs.iter().zip(&targets) {
        let output = match target {
            Target::Fixed(path) => path.clone(),
            Target::Named(template, _) if !template.is_static() => {
                continue;
            }
            Target::Named(..) => {
                let name = name_of(job);
                output(job, target, &name, args, settings)
                    .map_or(Ok(PathBuf::new()), |output| output.first())
                    .map_err(|error| error.to_string())?
            }
        };
        let meant = resolved(&output).unwrap_or_else(|_| output.clone());
        if let Some(other) = taken.insert(meant, job) {
            let [other, own] = [other, job].map(|job| {
                let track = source::shown(Path::new(&job.track));
                if args.tracks.is_empty() || !args.matrix.is_empty() {
                    format!("file {} ({track})", job.index)
                } else {
                    track
                }
            });
            return Err(format!("{other} and {own} would both be written to {}", source::shown(&output)));
        }
    }
    Ok(targets)
}

/// What is known of the output of a job before its track is loaded; `None` for a fixed path.
pub(super) fn output<'a>(
    job: &'a Job,
    target: &'a Target,
    name: &'a str,
    args: &Render,
    settings: &Config,
) -> Option<Output<'a>> {
    let Target::Named(template, folder) = target else { return None };
    let (extension, seed) = (extension(args, settings), args.sound.seed.unwrap_or(0));
    Some(Output { job, template, folder, name, extension, seed, hash: "", duration: 0.0 })
}

/// The placeholder `{name}`.
pub(super) fn name_of(job: &Job) -> String {
    if is_stream(Path::new(&job.track)) {
        return "track".to_owned();
    }
    Path::new(&job.track).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn extension(args: &Render, settings: &Config) -> &'static str {
    args.file.format.or(settings.format).unwrap_or(Container::Wav).name()
}

fn things(args: &Render) -> &'static str {
    if args.matrix.is_empty() && args.manifest.is_none() { "tracks" } else { "files" }
}

fn target(job: &Job, track: &Path, count: usize, args: &Render, settings: &Config) -> Result<Target, String> {
    let base = settings.output_dir.as_deref().unwrap_or_else(|| Path::new(""));
    let given = job.output.as_ref().map(PathBuf::from).or_else(|| args.output.clone());
    if given.as_ref().is_some_and(|path| is_stream(path)) {
        if count > 1 {
            return Err(format!("--output names one file, but there are {count} {}", things(args)));
        }
        if args.manifest.is_some() {
            return Err("--manifest needs an output file, not a stream".to_owned());
        }
        return Ok(Target::Fixed(STANDARD_OUTPUT.into()));
    }
    let variables = job.names();
    // `out/` is a folder even if it does not exist
    let into = given.as_ref().map(|path| base.join(path)).filter(|path| path.is_dir() || ends_with_separator(path));
    if let (Some(path), None) = (&given, &into) {
        let Some(text) = path.to_str().filter(|text| text.contains(['{', '}'])) else {
            if count > 1 && job.output.is_none() {
                let hint = if variables.is_empty() { "{name}" } else { variables[0] };
                let hint = format!("; placeholders such as {{{}}} make names of it", hint.trim_matches(['{', '}']));
                return Err(format!("--output names one file, but there are {count} {}{hint}", things(args)));
            }
            return Ok(Target::Fixed(base.join(path)));
        };
        let template = Template::parse(text, &variables).map_err(|error| error.to_string())?;
        return Ok(if template.is_plain() {
            let text = template.fill(&|_| None).map_err(|error| error.to_string())?;
            Target::Fixed(base.join(text))
        } else {
            Target::Named(template, base.to_owned())
        });
    }
    if is_stream(track) {
        return Err("a track from the standard input needs --output FILE".to_owned());
    }
    let named = track.with_extension(extension(args, settings));
    let folder = into.as_deref().or(settings.output_dir.as_deref());
    if job.values.is_empty() {
        return Ok(Target::Fixed(match folder {
            Some(folder) => folder.join(named.file_name().unwrap_or_default()),
            None => named,
        }));
    }
    let template = Template::parse(&job.usual_name(), &variables).map_err(|error| error.to_string())?;
    let folder = folder.or(track.parent()).unwrap_or_else(|| Path::new(""));
    Ok(Target::Named(template, folder.to_owned()))
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().last().is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}
