//! `info`: shows the steps, the length and the levels of tracks.

use std::fmt::Write as _;
use std::path::Path;

use realtime_backend_core::analyse::{Analysis, Levels};
use realtime_backend_core::error::{Problem, Result};
use realtime_backend_core::plan::Plan;
use realtime_backend_core::printable::printable;
use serde_json::{Value, json};

use crate::args::Info;
use crate::config::{self, Config};
use crate::console::{clock, fitted, say, say_json};
use crate::interrupt::{self, interrupted};
use crate::measure::Compiled;
use crate::{DONE, report, source, tracks, validate};

/// Columns before the values.
const INDENT: usize = 13;

pub(crate) fn run(args: &Info) -> u8 {
    let settings = match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let files = match tracks::files(&args.tracks) {
        Ok(files) => files,
        Err(error) => return report("info", &error),
    };
    let mut worst = DONE;
    for path in &files {
        let name = source::name(path);
        let told = about(path, &name, args, &settings)
            .and_then(|info| if args.json { say_json(info.json()) } else { say(fitted(&info.text(), INDENT)) });
        if let Err(error) = told {
            worst = worst.max(report(&name, &error));
        }
        if interrupted() {
            return interrupt::exit_code();
        }
    }
    worst
}

/// Everything that is shown about one track.
struct Shown {
    name: String,
    raw_name: String,
    compiled: Compiled,
    analysis: Option<Analysis>,
    /// Whether everything that was measured is shown.
    in_full: bool,
    /// Peak level of a file; `None`: the level of the mix.
    target: Option<f64>,
}

fn about(path: &Path, name: &str, args: &Info, settings: &Config) -> Result<Shown> {
    let compat = args.sound.compat.or(settings.compat);
    let mut compiled = Compiled::load(path, name, compat, args.sound.seed, settings.gains)?;
    let analysis = if args.no_levels { None } else { Some(compiled.analyse(name)?) };
    let target = settings.target_level.unwrap_or_default().peak(&compiled.plan).map(short);
    Ok(Shown {
        name: name.to_owned(),
        raw_name: source::raw_name(path),
        compiled,
        analysis,
        in_full: args.levels,
        target,
    })
}

/// A single-precision number with the digits that it has.
fn short(level: f32) -> f64 {
    level.to_string().parse().unwrap_or_else(|_| f64::from(level))
}

/// Linear level.
fn linear(decibels: Option<f64>) -> f64 {
    // the peak of a mix is a single-precision number
    short(decibels.map_or(0.0, |level| 10_f64.powf(level / 20.0)) as f32)
}

fn decibels(level: f64) -> Option<f64> {
    (level > 0.0).then(|| 20.0 * level.log10())
}

/// Round to two decimals, the resolution of a loudness meter.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Shown {
    fn levels(&self) -> Option<&Levels> {
        self.analysis.as_ref().map(|analysis| &analysis.whole)
    }

    fn plan(&self) -> &Plan {
        &self.compiled.plan
    }

    fn warnings(&self) -> &[Problem] {
        &self.compiled.warnings
    }

    /// Peak (1: full scale) and loudness (LUFS) of the file that `render` writes.
    fn in_file(&self) -> Option<(f64, f64)> {
        let levels = self.levels()?;
        let target = self.target.unwrap_or_else(|| linear(levels.peak_dbfs));
        Some((target, levels.integrated_lufs? + decibels(target)? - levels.peak_dbfs?))
    }

    /// Path, start, end, description and voices of every step in the plan.
    fn steps(&self) -> Vec<Value> {
        let rows = self.plan().steps().iter().zip(self.plan().step_times());
        rows.map(|(step, (start, end))| {
            let voices = &self.compiled.track.steps[step.placement.step].voices;
            let names: Vec<&str> = voices.iter().map(|voice| voice.function.as_str()).collect();
            json!({"path": step.at, "start": start, "end": end, "description": step.description, "voices": names})
        })
        .collect()
    }

    fn background(&self) -> Value {
        let compat = self.plan().compat();
        let Some(bed) = self.compiled.track.background_under(&compat).filter(|_| self.plan().background().is_some())
        else {
            return Value::Null;
        };
        json!({"file": bed.file, "gain": bed.gain, "start": bed.start_time})
    }

    fn json(&self) -> Value {
        let levels = self.levels().map(|levels| {
            json!({
                "peak": linear(levels.peak_dbfs),
                "peak_dbfs": levels.peak_dbfs.map(rounded),
                "true_peak_dbtp": levels.true_peak_dbtp.map(rounded),
                "loudness_lufs": levels.integrated_lufs.map(rounded),
                "loudness_range_lu": rounded(levels.loudness_range_lu),
                "file": self.in_file().map(|(peak, loudness)| json!({"peak": peak, "loudness_lufs": rounded(loudness)})),
            })
        });
        let mut shown = json!({
            "track": self.raw_name,
            "seconds": self.plan().seconds(),
            "frames": self.plan().frames(),
            "sample_rate": self.plan().sample_rate(),
            "steps": self.steps(),
            "clips": self.plan().clips().len(),
            "background": self.background(),
            "levels": levels,
            "warnings": self.warnings().iter().map(validate::row).collect::<Vec<_>>(),
        });
        if self.in_full {
            shown["analysis"] = json!(self.analysis);
        }
        shown
    }

    fn text(&self) -> String {
        let mut out = self.name.clone();
        let mut line = |label: &str, text: String| {
            let _ = write!(out, "\n  {label:<11}{}", printable(&text));
        };
        line("length", format!("{} at {} Hz", clock(self.plan().seconds()), self.plan().sample_rate()));
        let steps = self.steps();
        line("steps", steps.len().to_string());
        for step in &steps {
            let at = |key: &str| clock(step[key].as_f64().unwrap_or_default());
            let label = step["description"].as_str().filter(|text| !text.is_empty());
            let label = label.map(|text| format!("{text}: ")).unwrap_or_default();
            line("", format!("{} - {}  {label}{}", at("start"), at("end"), counted(&step["voices"])));
        }
        if let Some(bed) = self.background().as_object() {
            line("background", bed["file"].as_str().unwrap_or("noise").to_owned());
        }
        if !self.plan().clips().is_empty() {
            line("clips", self.plan().clips().len().to_string());
        }
        if let Some(levels) = self.levels() {
            let peak = levels.peak_dbfs.map_or_else(|| "silent".to_owned(), |db| format!("{db:.1} dBFS"));
            let true_peak = levels.true_peak_dbtp.map(|db| format!(", true peak {db:.1} dBTP")).unwrap_or_default();
            line("peak", format!("{:.3} ({peak}){true_peak}", linear(levels.peak_dbfs)));
            let loudness = levels.integrated_lufs.map_or_else(|| "silent".to_owned(), |lufs| format!("{lufs:.1} LUFS"));
            let file = self.in_file().map(|(peak, lufs)| {
                format!("; in a file of peak {}: {lufs:.1} LUFS", (peak * 1000.0).round() / 1000.0)
            });
            let range = levels.loudness_range_lu;
            line("loudness", format!("{loudness}, range {range:.1} LU{}", file.unwrap_or_default()));
        }
        if let Some(analysis) = self.analysis.as_ref().filter(|_| self.in_full) {
            analysis.to_string().lines().for_each(|text| line("", text.to_owned()));
        }
        line(
            "warnings",
            if self.warnings().is_empty() { "none".to_owned() } else { self.warnings().len().to_string() },
        );
        for warning in self.warnings() {
            line("", warning.to_string());
        }
        out
    }
}

/// List the names of voices with their number, as in `2 × binaural_beat, noise_generator`.
fn counted(voices: &Value) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in voices.as_array().into_iter().flatten().filter_map(Value::as_str) {
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    if counts.is_empty() {
        return "no voices".to_owned();
    }
    let word =
        |(name, count): &(&str, usize)| if *count == 1 { (*name).to_owned() } else { format!("{count} × {name}") };
    counts.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_with_the_same_name_are_counted() {
        assert_eq!(counted(&json!(["a", "b", "a"])), "2 × a, b");
        assert_eq!(counted(&json!([])), "no voices");
    }
}
