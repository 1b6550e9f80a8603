//! What `render` has to do: the jobs, where their files go, and the manifest.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::lock::lock;
use realtime_backend_core::render::batch::{Axis, Job, Manifest, Names, Row, fingerprint, jobs};

use super::outputs::{Target, targets};
use crate::args::Render;
use crate::config::Config;

/// The jobs of a command line.
pub(super) struct Work {
    pub(super) jobs: Vec<Job>,
    /// Where the file of each job goes.
    pub(super) targets: Vec<Target>,
    /// The different tracks.
    pub(super) tracks: Vec<PathBuf>,
    /// The position of the track of each job.
    pub(super) track_of: Vec<usize>,
    pub(super) names: Names,
    manifest: Option<Mutex<Manifest>>,
    /// The hash of the options.
    pub(super) options: String,
}

impl Work {
    pub(super) fn of(args: &Render, settings: &Config) -> Result<Self, String> {
        let text = |error: Error| error.to_string();
        let manifest = args.manifest.as_deref().map(Manifest::open).transpose().map_err(text)?;
        let axes = args.matrix.iter().map(|text| axis(text)).collect::<Result<Vec<_>, String>>()?;
        let jobs = match &manifest {
            Some(manifest) if args.tracks.is_empty() && axes.is_empty() => manifest.jobs().map_err(text)?,
            _ if args.tracks.is_empty() => return Err("--matrix needs a TRACK".to_owned()),
            _ => {
                let tracks: Vec<String> =
                    args.tracks.iter().map(|track| track.to_string_lossy().into_owned()).collect();
                jobs(&tracks, &axes).map_err(text)?
            }
        };
        if jobs.is_empty() {
            return Err("the manifest names no track".to_owned());
        }
        let mut tracks: Vec<PathBuf> = Vec::new();
        let mut track_of = Vec::with_capacity(jobs.len());
        let each = jobs.len() / args.tracks.len().max(1);
        for (index, job) in jobs.iter().enumerate() {
            // the paths of arguments need not be text
            let path = args.tracks.get(index / each).cloned().unwrap_or_else(|| PathBuf::from(&job.track));
            let known = tracks.iter().position(|known| *known == path);
            track_of.push(known.unwrap_or(tracks.len()));
            if known.is_none() {
                tracks.push(path);
            }
        }
        let paths: Vec<&Path> = track_of.iter().map(|at| tracks[*at].as_path()).collect();
        let targets = targets(&jobs, &paths, args, settings)?;
        let (names, manifest, options) = (Names::default(), manifest.map(Mutex::new), options(args, settings));
        Ok(Self { jobs, targets, tracks, track_of, names, manifest, options })
    }

    /// Whether there is a manifest.
    pub(super) fn has_manifest(&self) -> bool {
        self.manifest.is_some()
    }

    /// The row of a job in the manifest.
    pub(super) fn row(&self, job: &Job) -> Option<Row> {
        lock(self.manifest.as_ref()?).row(job).cloned()
    }

    /// Put the results of a job into the manifest, if there is one.
    pub(super) fn put(&self, job: &Job, results: &[(&str, String)]) -> Result<()> {
        self.manifest.as_ref().map_or(Ok(()), |manifest| lock(manifest).put(job, results))
    }
}

fn axis(text: &str) -> Result<Axis, String> {
    let hint = if Path::new(text).exists() { "; tracks come before --matrix" } else { "" };
    Axis::parse(text).map_err(|error| format!("--matrix: {error}{hint}"))
}

/// The hash of what makes a difference to the sound of a file or to its format.
fn options(args: &Render, settings: &Config) -> String {
    let args = Render {
        tracks: Vec::new(),
        output: None,
        matrix: Vec::new(),
        manifest: None,
        jobs: 0,
        threads: 0,
        quiet: false,
        ..args.clone()
    };
    let settings =
        Config { output_dir: None, device: None, latency: None, startup_fade: None, volume: None, ..settings.clone() };
    fingerprint(&format!("{args:?} {settings:?}"))
}
