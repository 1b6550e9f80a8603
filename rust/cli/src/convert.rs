//! `convert`: writes a track of either dialect, a session, or a session file of another program as a track of the second
//! dialect in canonical spelling, or a set of head-related responses in its compact form.

use std::path::Path;

use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::files::atomic;
use realtime_backend_core::files::same::Identity;
use realtime_backend_core::files::stream::STANDARD_OUTPUT;
use realtime_backend_core::media::sofa::Hrirs;
use realtime_backend_core::track::export::Exporter;
use realtime_backend_core::track::{LoadOptions, Role};

use crate::args::Convert;
use crate::console::{note, say_json};
use crate::preparing::watched;
use crate::source::{self, is_stream};
use crate::{DONE, FAILED, USAGE, interrupt, lanes, report};

pub(crate) fn run(args: &Convert) -> u8 {
    let name = source::name(&args.track);
    if args.in_place && is_stream(&args.track) {
        note("error: --in-place needs the name of a track");
        return USAGE;
    }
    if args.report {
        return lanes::run(args, &name);
    }
    match convert(args, &name) {
        Ok(Outcome::Written) => DONE,
        Ok(Outcome::Itself) => {
            note(format_args!("{name}: error: would be replaced by its conversion; --in-place does that"));
            FAILED
        }
        Err(error) => report(&name, &error),
    }
}

/// Result of a conversion.
enum Outcome {
    Written,
    /// Nothing was written, because the output is the input.
    Itself,
}

/// Whether `output` is to be a set of head-related responses in the compact form.
fn is_set(output: &Path) -> bool {
    output.to_string_lossy().to_lowercase().ends_with(".hrir.npz")
}

/// Write the set of responses in the file `input` to `output` in the compact form.
fn convert_set(input: &Path, output: &Path, name: &str) -> Result<Outcome> {
    if Identity::of(input) == Identity::of(output) {
        return Ok(Outcome::Itself);
    }
    let set = Hrirs::open(input)?;
    let warnings: Vec<Problem> = set.warnings.iter().map(|text| Problem::warning("", text.clone())).collect();
    source::warn(name, &warnings);
    atomic::write(output, &set.to_compact()?)?;
    Ok(Outcome::Written)
}

fn convert(args: &Convert, name: &str) -> Result<Outcome> {
    if is_set(&args.output) {
        return convert_set(&args.track, &args.output, name);
    }
    // a voice that cannot be rendered must not prevent the conversion of the rest
    let options = LoadOptions {
        keep_bad_voices: true,
        strict: args.strict,
        hold: args.hold,
        interrupt: interrupt::token(),
        ..LoadOptions::filling_starts()
    };
    let load = || source::load_with(&args.track, &options, &args.presets);
    let (mut track, warnings) = watched(name, false, &options.interrupt, load)?;
    source::warn(name, &warnings);
    let output = if args.in_place { &args.track } else { &args.output };
    let inputs = track.inputs();
    let found = if is_stream(output) { inputs.find(STANDARD_OUTPUT.as_ref()) } else { inputs.find(output) };
    match found.map(|input| input.role) {
        None => {}
        Some(Role::Track | Role::Session) if args.in_place => {}
        Some(Role::Track | Role::Session) => return Ok(Outcome::Itself),
        Some(_) => inputs.refuse(output)?,
    }
    if let Some(preset) = args.compat {
        track.name_preset(preset);
    }
    if let Some(exporter) = Exporter::for_file(output) {
        atomic::write(output, exporter.text(&track)?.as_bytes())?;
        return Ok(Outcome::Written);
    }
    let text = track.to_json();
    if is_stream(output) { say_json(text) } else { atomic::write(output, text.as_bytes()) }?;
    Ok(Outcome::Written)
}
