//! `verify`: compares the sound of tracks with what they declare. The exit code is 1 if something differs.

use std::path::Path;

use realtime_backend_core::analyse::verify;
use realtime_backend_core::error::Result;
use realtime_backend_core::plan::LayerGains;
use serde_json::json;

use crate::args::Verify;
use crate::config::{self, Config};
use crate::console::{fitted, say, say_json};
use crate::interrupt::{self, interrupted};
use crate::measure::Compiled;
use crate::{DONE, FAILED, report, source, tracks};

/// Columns before a value.
const INDENT: usize = 10;

pub(crate) fn run(args: &Verify) -> u8 {
    let settings = match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let files = match tracks::files(&args.tracks) {
        Ok(files) => files,
        Err(error) => return report("verify", &error),
    };
    let mut worst = DONE;
    for path in &files {
        let name = source::name(path);
        match one(path, &name, args, &settings) {
            Ok(true) => {}
            Ok(false) => worst = worst.max(FAILED),
            Err(error) => worst = worst.max(report(&name, &error)),
        }
        if interrupted() {
            return interrupt::exit_code();
        }
    }
    worst
}

fn one(path: &Path, name: &str, args: &Verify, settings: &Config) -> Result<bool> {
    let compat = args.sound.compat.or(settings.compat);
    // The gains of the settings would change levels that the track declares.
    let mut compiled = Compiled::load(path, name, compat, args.sound.seed, LayerGains::default())?;
    let analysis = compiled.analyse(name)?;
    source::warn(name, &compiled.warnings);
    let found = verify(&compiled.track, &compiled.plan, &analysis);
    if args.json {
        let mut value = json!(found);
        value["track"] = json!(source::raw_name(path));
        say_json(value)?;
    } else {
        let sheet = format!("{name}: {}", found.to_string().replace('\n', "\n  "));
        say(fitted(&sheet, INDENT))?;
    }
    Ok(found.passed)
}
