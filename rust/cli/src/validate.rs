//! `validate`: prints every finding of every track. The exit code is 1 if one of them is an error.

use std::path::Path;

use realtime_backend_core::analyse::loud_exposure;
use realtime_backend_core::error::{Error, Problem, Severity, add_new};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::LoadOptions;
use serde_json::json;

use crate::args::Validate;
use crate::console::{note, say, say_json};
use crate::measure::Compiled;
use crate::preparing::watched;
use crate::source;
use crate::{DONE, FAILED, interrupt, report, tracks};

pub(crate) fn run(args: &Validate) -> u8 {
    let files = match tracks::files(&args.tracks) {
        Ok(files) => files,
        Err(error) => return report("validate", &error),
    };
    let mut worst = DONE;
    for path in &files {
        worst = worst.max(one(path, args));
        if interrupt::interrupted() {
            return interrupt::exit_code();
        }
    }
    worst
}

fn one(path: &Path, args: &Validate) -> u8 {
    let name = source::name(path);
    let (problems, notes) = match findings(path, args) {
        Ok(found) => found,
        Err(error) => return report(&name, &error),
    };
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let said = if args.json {
        let rows = |found: &[Problem]| found.iter().map(row).collect::<Vec<_>>();
        let (problems, notes) = (rows(&problems), rows(&notes));
        say_json(json!({ "track": source::raw_name(path), "errors": errors, "problems": problems, "notes": notes }))
    } else if problems.is_empty() {
        say(format_args!("{name}: nothing wrong"))
    } else {
        let line = |problem: &Problem| source::finding(&name, word(problem.severity), problem);
        say(problems.iter().map(line).collect::<Vec<_>>().join("\n"))
    };
    if !args.json {
        for found in &notes {
            note(format_args!("{name}: {}: {found}", word(found.severity)));
        }
    }
    match said {
        Err(error) => report(&name, &error),
        Ok(()) if errors == 0 => DONE,
        Ok(()) => FAILED,
    }
}

/// Findings about a track, including those that refuse it, and notes on the compatibility switches that its sound
/// depends on. An error means that the track cannot be read.
fn findings(path: &Path, args: &Validate) -> Result<(Vec<Problem>, Vec<Problem>), Error> {
    let options = LoadOptions { compat: args.compat, interrupt: interrupt::token(), ..LoadOptions::to_play() };
    let name = source::name(path);
    match watched(&name, false, &options.interrupt, || source::load(path, &options)) {
        Ok((track, mut problems)) => {
            let options = PlanOptions { compat: args.compat, interrupt: interrupt::token(), ..PlanOptions::default() };
            let found = watched(&name, false, &options.interrupt, || Plan::findings(&track, &options));
            add_new(&mut problems, found?);
            let refused = problems.iter().any(|problem| problem.severity == Severity::Error);
            let notes = if args.no_notes || refused { Vec::new() } else { Plan::quirks(&track, &options)? };
            if let Some(level) = args.spl_at_full_scale.filter(|_| !refused) {
                let mut compiled = Compiled::of(track, &name, args.compat)?;
                problems.extend(loud_exposure(&compiled.analyse(&name)?, level));
            }
            Ok((problems, notes))
        }
        Err(Error::Invalid(problems)) => Ok((problems, Vec::new())),
        Err(error) => Err(error),
    }
}

pub(crate) fn row(problem: &Problem) -> serde_json::Value {
    json!({ "severity": word(problem.severity), "path": problem.path, "message": problem.message })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
