//! The files that `render` writes: where, and none over another or over an input.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use realtime_backend_core::error::Error;
use realtime_backend_core::files::same::resolved;
use realtime_backend_core::files::stream::STANDARD_OUTPUT;
use realtime_backend_core::render::encode::Container;
use realtime_backend_core::track::Inputs;

use super::Loaded;
use crate::args::Render;
use crate::config::Config;
use crate::source::{self, is_stream};

/// Replace a track by an error if its output is an input file of one of the tracks.
pub(super) fn refuse_lost(tracks: &mut [Loaded], args: &Render, outputs: &[PathBuf]) {
    let inputs: Vec<Inputs> =
        tracks.iter().map(|track| track.as_ref().map(|(track, _)| track.inputs()).unwrap_or_default()).collect();
    for (index, (track, output)) in tracks.iter_mut().zip(outputs).enumerate() {
        if track.is_err() {
            continue;
        }
        let sheets = args.file.sheets();
        let mut beside = args.markers.as_deref().into_iter().chain(sheets.paths());
        let own = inputs[index].refuse(output).and_then(|()| beside.try_for_each(|path| inputs[index].refuse(path)));
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
pub(super) fn outputs(args: &Render, settings: &Config) -> Result<Vec<PathBuf>, String> {
    let folder = settings.output_dir.as_deref().unwrap_or_else(|| Path::new(""));
    let place = |path: &PathBuf| if is_stream(path) { STANDARD_OUTPUT.into() } else { folder.join(path) };
    let given = args.output.as_ref().map(place);
    // `out/` is a folder even if it does not exist
    let into = given.as_ref().filter(|path| path.is_dir() || ends_with_separator(path));
    if args.tracks.len() > 1 && given.is_some() && into.is_none() {
        return Err(format!("--output names one file, but there are {} tracks", args.tracks.len()));
    }
    let beside = [("--markers", &args.markers), ("--cue", &args.file.cue), ("--labels", &args.file.labels)];
    if let Some((option, _)) = beside.into_iter().find(|(_, path)| args.tracks.len() > 1 && path.is_some()) {
        return Err(format!("{option} names one file, but there are {} tracks", args.tracks.len()));
    }
    let extension = args.file.format.or(settings.format).unwrap_or(Container::Wav).name();
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
