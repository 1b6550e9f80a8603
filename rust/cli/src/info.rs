//! `info`: shows the steps, the length and the loudness (EBU R 128) of tracks.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ebur128::{EbuR128, Mode};
use indicatif::ProgressDrawTarget;
use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::printable::printable;
use realtime_backend_core::render::render_stream;
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

use crate::args::Info;
use crate::config::{self, Config};
use crate::console::{clock, say, say_json};
use crate::interrupt::{self, interrupted};
use crate::preparing::watched;
use crate::render::bar;
use crate::{DONE, report, source, validate};

/// Part of the progress bar for measuring the steps.
const MEASURING: f64 = 0.45;
/// Length of the progress bar.
const TICKS: f64 = 1000.0;

pub(crate) fn run(args: &Info) -> u8 {
    let settings = match config::load_or_report(args.sound.config.as_deref()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let mut worst = DONE;
    for path in &args.tracks {
        let name = source::name(path);
        let told = about(path, &name, args, &settings)
            .and_then(|info| if args.json { say_json(info.json()) } else { say(info.text()) });
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
    track: Track,
    plan: Arc<Plan>,
    levels: Option<Levels>,
    /// Peak level of a file; `None`: the level of the mix.
    target: Option<f64>,
    warnings: Vec<Problem>,
}

/// Levels of the mix of a track, before the final normalisation of a file.
struct Levels {
    /// Largest magnitude of a sample.
    peak: f64,
    /// Integrated loudness, LUFS; `None` for silence.
    loudness: Option<f64>,
    /// Loudness range, LU.
    range: f64,
}

fn about(path: &Path, name: &str, args: &Info, settings: &Config) -> Result<Shown> {
    let compat = args.sound.compat.or(settings.compat);
    let loading = LoadOptions { compat, interrupt: interrupt::token(), ..LoadOptions::to_play() };
    let (track, mut warnings) = watched(name, false, &loading.interrupt, || source::load(path, &loading))?;
    let options = PlanOptions {
        compat,
        seed: args.sound.seed,
        gains: settings.gains,
        interrupt: interrupt::token(),
        ..PlanOptions::default()
    };
    let (plan, more) = watched(name, false, &options.interrupt, || Plan::compile(&track, &options))?;
    add_new(&mut warnings, more);
    let plan = Arc::new(plan);
    let levels = if args.no_levels { None } else { Some(levels(&plan, name)?) };
    add_new(&mut warnings, plan.noticed());
    let target = config::target_level(settings.target_level).peak(&plan).map(f64::from);
    Ok(Shown { name: name.to_owned(), raw_name: source::raw_name(path), track, plan, levels, target, warnings })
}

/// Render the whole track in blocks and measure its levels.
fn levels(plan: &Arc<Plan>, name: &str) -> Result<Levels> {
    let failed = |error: ebur128::Error| Error::Media { path: name.to_owned(), message: format!("loudness: {error}") };
    let bar = bar(name);
    bar.set_draw_target(ProgressDrawTarget::stderr());
    let progress = |done: f64| {
        bar.set_position((done * TICKS) as u64);
        !interrupted()
    };
    let mut meter = EbuR128::new(2, plan.sample_rate(), Mode::I | Mode::LRA).map_err(failed)?;
    let mut peak = 0.0_f32;
    plan.measure(0, plan.steps().len(), 0, &mut |done| progress(MEASURING * done))?;
    let mut take = |left: &[f32], right: &[f32]| {
        peak = left.iter().chain(right).fold(peak, |most, sample| most.max(sample.abs()));
        meter.add_frames_planar_f32(&[left, right]).map_err(failed)
    };
    let rest = &mut |done: f64| progress(MEASURING + (1.0 - MEASURING) * done);
    let rendered = render_stream(plan, 0..plan.frames(), 1.0, 0, &mut take, rest);
    bar.finish_and_clear();
    rendered?;
    let loudness = Some(meter.loudness_global().map_err(failed)?).filter(|loudness| loudness.is_finite());
    Ok(Levels { peak: f64::from(peak), loudness, range: meter.loudness_range().map_err(failed)? })
}

fn decibels(level: f64) -> Option<f64> {
    (level > 0.0).then(|| 20.0 * level.log10())
}

/// Round to two decimals, the resolution of a loudness meter.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl Shown {
    /// Peak (1: full scale) and loudness (LUFS) of the file that `render` writes.
    fn in_file(&self) -> Option<(f64, f64)> {
        let levels = self.levels.as_ref()?;
        let target = self.target.unwrap_or(levels.peak);
        Some((target, levels.loudness? + decibels(target)? - decibels(levels.peak)?))
    }

    /// Path, start, end, description and voices of every step in the plan.
    fn steps(&self) -> Vec<Value> {
        let rows = self.plan.steps().iter().zip(self.plan.step_times());
        rows.map(|(step, (start, end))| {
            let voices = &self.track.steps[step.placement.step].voices;
            let names: Vec<&str> = voices.iter().map(|voice| voice.function.as_str()).collect();
            json!({"path": step.at, "start": start, "end": end, "description": step.description, "voices": names})
        })
        .collect()
    }

    fn background(&self) -> Value {
        let compat = self.plan.compat();
        let Some(bed) = self.track.background_under(&compat).filter(|_| self.plan.background().is_some()) else {
            return Value::Null;
        };
        json!({"file": bed.file, "gain": bed.gain, "start": bed.start_time})
    }

    fn json(&self) -> Value {
        let levels = self.levels.as_ref().map(|levels| {
            json!({
                "peak": levels.peak,
                "peak_dbfs": decibels(levels.peak).map(rounded),
                "loudness_lufs": levels.loudness.map(rounded),
                "loudness_range_lu": rounded(levels.range),
                "file": self.in_file().map(|(peak, loudness)| json!({"peak": peak, "loudness_lufs": rounded(loudness)})),
            })
        });
        json!({
            "track": self.raw_name,
            "seconds": self.plan.seconds(),
            "frames": self.plan.frames(),
            "sample_rate": self.plan.sample_rate(),
            "steps": self.steps(),
            "clips": self.plan.clips().len(),
            "background": self.background(),
            "levels": levels,
            "warnings": self.warnings.iter().map(validate::row).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut out = self.name.clone();
        let mut line = |label: &str, text: String| {
            let _ = write!(out, "\n  {label:<11}{}", printable(&text));
        };
        line("length", format!("{} at {} Hz", clock(self.plan.seconds()), self.plan.sample_rate()));
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
        if !self.plan.clips().is_empty() {
            line("clips", self.plan.clips().len().to_string());
        }
        if let Some(levels) = &self.levels {
            let peak = decibels(levels.peak).map_or_else(|| "silent".to_owned(), |db| format!("{db:.1} dBFS"));
            line("peak", format!("{:.3} ({peak})", levels.peak));
            let loudness = levels.loudness.map_or_else(|| "silent".to_owned(), |lufs| format!("{lufs:.1} LUFS"));
            let file = self.in_file().map(|(peak, lufs)| format!("; in a file of peak {peak}: {lufs:.1} LUFS"));
            line("loudness", format!("{loudness}, range {:.1} LU{}", levels.range, file.unwrap_or_default()));
        }
        line("warnings", if self.warnings.is_empty() { "none".to_owned() } else { self.warnings.len().to_string() });
        for warning in &self.warnings {
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
