//! `convert`: a track of either dialect, or a session, written as a track of the second one and in canonical spelling;
//! nothing is lost.

use realtime_backend_core::error::Result;
use realtime_backend_core::track::LoadOptions;

use crate::args::Convert;
use crate::console::say;
use crate::source::{self, is_stream};
use crate::{DONE, interrupt, report};

pub(crate) fn run(args: &Convert) -> u8 {
    match convert(args) {
        Ok(()) => DONE,
        Err(error) => report(&source::name(&args.track), &error),
    }
}

fn convert(args: &Convert) -> Result<()> {
    // A voice that cannot sound is no reason not to convert the rest.
    let options = LoadOptions { keep_bad_voices: true, interrupt: interrupt::token(), ..LoadOptions::filling_starts() };
    let (track, warnings) = source::load_with(&args.track, &options, &args.presets)?;
    source::warn(&source::name(&args.track), &warnings);
    if is_stream(&args.output) { say(track.to_json()) } else { track.save(&args.output) }
}
