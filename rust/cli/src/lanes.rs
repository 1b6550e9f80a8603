//! `convert --report`: what a session file of another program holds, and what of it is left out.

use std::fmt::Write as _;

use realtime_backend_core::error::{Error, Result};
use realtime_backend_core::track::import::{self, Imported, Kind, Lane, Values};
use realtime_backend_core::track::{LoadOptions, import_options};

use crate::args::Convert;
use crate::console::{clock, fitted, say};
use crate::source::{self, is_stream};
use crate::{DONE, report};

/// Columns before the values of a stretch.
const INDENT: usize = 37;

pub(crate) fn run(args: &Convert, name: &str) -> u8 {
    let said = read(args).and_then(|imported| {
        say(fitted(table(&imported).trim_end(), INDENT))?;
        source::warn(name, &imported.warnings);
        let count = imported.warnings.len();
        say(if count == 0 { "nothing was left out".to_owned() } else { format!("{count} findings") })
    });
    match said {
        Ok(()) => DONE,
        Err(error) => report(name, &error),
    }
}

fn read(args: &Convert) -> Result<Imported> {
    let path = (!is_stream(&args.track)).then_some(args.track.as_path());
    let options = LoadOptions { strict: args.strict, hold: args.hold, ..LoadOptions::default() };
    let bytes = source::bytes(&args.track, &crate::interrupt::token())?;
    let importer = import::recognised(&bytes, path).ok_or_else(|| {
        let known: Vec<&str> = import::IMPORTERS.iter().map(|importer| importer.name()).collect();
        Error::invalid("", format!("expected a session file of another program ({})", known.join(", ")))
    })?;
    import::read(importer, &bytes, &import_options(path, &options))
}

/// A number with at most four decimals.
fn short(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One line for each stretch of each lane.
fn table(imported: &Imported) -> String {
    let mut out = String::new();
    let lanes = &imported.lanes;
    // writing to a `String` cannot fail
    let _ = writeln!(out, "{}: {} lanes, {}", imported.format, lanes.lanes.len(), clock(lanes.end));
    for lane in &lanes.lanes {
        let _ = writeln!(out, "\n{}", lane.name);
        rows(lane, &mut out);
    }
    out
}

fn rows(lane: &Lane, out: &mut String) {
    for stretch in &lane.stretches {
        let values = |values: Values| {
            let [left, right] = values.amps.map(|amp| 100.0 * amp);
            let level = if left == right {
                format!("{} %", short(left))
            } else {
                format!("{} / {} %", short(left), short(right))
            };
            match stretch.kind {
                Kind::Noise(_) | Kind::Audio(_) => level,
                Kind::Bell => format!("{} Hz, {level}", short(values.carrier)),
                _ => format!("{} Hz, {} Hz, {level}", short(values.carrier), short(values.beat)),
            }
        };
        let (from, to) = (clock(stretch.from), clock(stretch.to));
        let _ = write!(out, "  {from:>9} - {to:>9}  {:<11} {}", stretch.kind.name(), values(stretch.start));
        let end = if stretch.is_still() { String::new() } else { format!("  ->  {}", values(stretch.end)) };
        let _ = writeln!(out, "{end}");
    }
}
