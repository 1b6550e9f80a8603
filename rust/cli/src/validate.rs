//! `validate`: prints every finding of every track. The exit code is 1 if one of them is an error.

use std::path::Path;

use realtime_backend_core::error::{Error, Problem, Severity, add_new};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::LoadOptions;
use serde_json::json;

use crate::args::Validate;
use crate::console::{say, say_json};
use crate::source;
use crate::{DONE, FAILED, interrupt, report};

pub(crate) fn run(args: &Validate) -> u8 {
    let mut worst = DONE;
    for path in &args.tracks {
        worst = worst.max(one(path, args));
        if interrupt::interrupted() {
            return interrupt::exit_code();
        }
    }
    worst
}

fn one(path: &Path, args: &Validate) -> u8 {
    let name = source::name(path);
    let problems = match findings(path, args) {
        Ok(problems) => problems,
        Err(error) => return report(&name, &error),
    };
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let said = if args.json {
        let rows: Vec<_> = problems.iter().map(row).collect();
        say_json(json!({ "track": source::raw_name(path), "errors": errors, "problems": rows }))
    } else if problems.is_empty() {
        say(format_args!("{name}: nothing wrong"))
    } else {
        let line = |problem: &Problem| format!("{name}: {}: {problem}", word(problem.severity));
        say(problems.iter().map(line).collect::<Vec<_>>().join("\n"))
    };
    match said {
        Err(error) => report(&name, &error),
        Ok(()) if errors == 0 => DONE,
        Ok(()) => FAILED,
    }
}

/// Findings about a track, including those that refuse it. An error means that the track cannot be read.
fn findings(path: &Path, args: &Validate) -> Result<Vec<Problem>, Error> {
    let options = LoadOptions { compat: args.compat, interrupt: interrupt::token(), ..LoadOptions::to_play() };
    match source::load(path, &options) {
        Ok((track, mut problems)) => {
            let options = PlanOptions { compat: args.compat, interrupt: interrupt::token(), ..PlanOptions::default() };
            add_new(&mut problems, Plan::findings(&track, &options)?);
            Ok(problems)
        }
        Err(Error::Invalid(problems)) => Ok(problems),
        Err(error) => Err(error),
    }
}

pub(crate) fn row(problem: &Problem) -> serde_json::Value {
    json!({ "severity": word(problem.severity), "path": problem.path, "message": problem.message })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
