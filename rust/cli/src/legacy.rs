//! `run`: the legacy command line, which plays a track or writes the file that the track names.

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::track::LoadOptions;

use crate::args::{Play, Render, Run, Sound};
use crate::console::note;
use crate::{config, interrupt, play, render, report, source};

/// Where files go if the settings do not say.
const OUTPUT_DIR: &str = "output";

pub(crate) fn run(args: &Run) -> u8 {
    let mut settings = match config::load_or_report(args.config.as_deref()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if !args.generate {
        if args.gpu.unwrap_or(settings.gpu) {
            note("warning: a graphics processor has no part in playing; --gpu only matters with --generate");
        }
        return play::run_with(&Play { track: args.path.clone(), start: args.start, ..Play::default() }, &settings);
    }
    settings.gpu = args.gpu.unwrap_or(settings.gpu);
    settings.output_dir.get_or_insert_with(|| OUTPUT_DIR.into());
    match request(args) {
        Ok(request) => render::run_with(&request, &settings),
        Err(error) => report(&source::name(&args.path), &error),
    }
}

/// What `render` is to do: all of the track from `--start` on, to the name that the track gives.
fn request(args: &Run) -> Result<Render> {
    let options = LoadOptions { keep_bad_voices: true, interrupt: interrupt::token(), ..LoadOptions::filling_starts() };
    let (track, _) = source::load(&args.path, &options)?;
    let output = track.globals.output_filename.ok_or_else(|| {
        Error::invalid("global.output_filename", "expected the name of the file to write, got nothing")
    })?;
    Ok(Render {
        tracks: vec![args.path.clone()],
        output: Some(output.into()),
        start: args.start,
        sound: Sound::default(),
        ..Render::default()
    })
}
