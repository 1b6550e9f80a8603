//! `run`: the legacy command line. Plays a track, or writes the audio file that the track names.

use std::path::{Path, PathBuf};

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::files::same::resolved;
use realtime_backend_core::track::LoadOptions;

use crate::args::{Play, Render, Run, Sound};
use crate::console::note;
use crate::{config, interrupt, play, render, report, source};

/// Default output folder.
const OUTPUT_DIR: &str = "output";

pub(crate) fn run(args: &Run) -> u8 {
    let mut settings = match config::load_or_report(args.config.as_deref()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if !args.generate {
        if args.output.is_some() {
            note("warning: nothing is written without --generate; --output has no effect");
        }
        if args.gpu.unwrap_or(settings.gpu) {
            note("warning: a graphics processor has no part in playing; --gpu only matters with --generate");
        }
        return play::run_with(
            &Play { tracks: vec![args.path.clone()], start: args.start, ..Play::default() },
            &settings,
        );
    }
    settings.gpu = args.gpu.unwrap_or(settings.gpu);
    settings.output_dir.get_or_insert_with(|| OUTPUT_DIR.into());
    match request(args, settings.output_dir.as_deref().unwrap_or_else(|| Path::new(OUTPUT_DIR))) {
        Ok(request) => render::run_with(&request, &settings),
        Err(error) => report(&source::name(&args.path), &error),
    }
}

/// Create the arguments of `render`: the track from `--start` on, to `--output` or the file that the track names.
fn request(args: &Run, folder: &Path) -> Result<Render> {
    let output = match &args.output {
        Some(output) => output.clone(),
        None => named_by_track(args, folder)?,
    };
    Ok(Render {
        tracks: vec![args.path.clone()],
        output: Some(literal(output)),
        start: args.start,
        sound: Sound::default(),
        ..Render::default()
    })
}

/// A path without placeholders.
fn literal(path: PathBuf) -> PathBuf {
    match path.to_str() {
        Some(text) => text.replace('{', "{{").replace('}', "}}").into(),
        None => path,
    }
}

/// The output file that the track names. It must be inside of `folder`, because a track may come from an untrusted
/// source.
fn named_by_track(args: &Run, folder: &Path) -> Result<PathBuf> {
    const AT: &str = "global.output_filename";
    let options = LoadOptions { keep_bad_voices: true, interrupt: interrupt::token(), ..LoadOptions::filling_starts() };
    let (track, _) = source::load(&args.path, &options)?;
    let name = track.globals.output_filename;
    let name = name.ok_or_else(|| Error::invalid(AT, "expected the name of the file to write, got nothing"))?;
    let io = |source| Error::Io { path: folder.display().to_string(), source };
    let (base, output) = (resolved(folder).map_err(io)?, resolved(&folder.join(&name)));
    match output {
        Ok(output) if output != base && output.starts_with(&base) => Ok(Path::new(".").join(name)),
        _ => {
            let folder = folder.display();
            let message = format!(
                "expected the name of a file in \"{folder}\", got \"{name}\"; to write there all the same give --output FILE"
            );
            Err(Error::invalid(AT, message))
        }
    }
}
