//! Analyses and comparisons as text for people.

use std::fmt;

use super::report::{Analysis, Levels, Pair, StepAnalysis, Tone};
use super::verify::{Comparison, Verification};

/// Everything that was measured, of the whole track and of each step: one line for each group of values.
impl fmt::Display for Analysis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        add("whole track", &self.whole, &mut lines);
        for step in &self.steps {
            add(&format!("{}, {:.1} to {:.1} s", step.path, step.start, step.end), &step.levels, &mut lines);
            add_tones(step, &mut lines);
        }
        out.write_str(&lines.join("\n"))
    }
}

/// The sheet to file with a stimulus: the verdict, what was rendered, and one line for each value.
impl fmt::Display for Verification {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agree = self.comparisons.iter().filter(|row| row.passed).count();
        let verdict = if self.passed { "passed" } else { "differs" };
        let seed = self.seed.map_or_else(|| "from the track".to_owned(), |seed| seed.to_string());
        writeln!(out, "{verdict}: {agree} of {} values agree", self.comparisons.len())?;
        writeln!(
            out,
            "realtime_backend {}, {} Hz, {:.3} s, seed {seed}",
            self.version, self.sample_rate, self.seconds
        )?;
        write!(out, "track sha256 {}", self.track_sha256.as_deref().unwrap_or("unknown"))?;
        for row in &self.comparisons {
            let Comparison { path, quantity, unit, at, declared, tolerance, .. } = row;
            let measured = row.measured.map_or_else(|| "not found".to_owned(), |value| format!("{value:.4} {unit}"));
            let verdict = if row.passed { "ok" } else { "DIFFERS" };
            write!(
                out,
                "\n{verdict:<8}{path} {quantity} at {at:.1} s: declared {declared:.4} {unit}, measured {measured} \
                 (tolerance {tolerance:.3} {unit})"
            )?;
        }
        for reason in &self.not_compared {
            write!(out, "\nnot compared: {reason}")?;
        }
        Ok(())
    }
}

fn add(label: &str, levels: &Levels, lines: &mut Vec<String>) {
    let mut line = |text: String| lines.push(text);
    let [left, right] = levels.dc_offset;
    let [a_left, a_right] = levels.a_weighted_dbfs;
    line(label.to_owned());
    line(format!(
        "  {}, short-term at most {}, range {:.1} LU, true peak {}",
        known(levels.integrated_lufs, "LUFS"),
        known(levels.short_term_max_lufs, "LUFS"),
        levels.loudness_range_lu,
        known(levels.true_peak_dbtp, "dBTP"),
    ));
    line(format!(
        "  crest factor {}, DC {left:.1e} and {right:.1e}, A-weighted {} and {}",
        known(levels.crest_factor_db, "dB"),
        known(a_left, "dBFS"),
        known(a_right, "dBFS"),
    ));
    line(format!(
        "  interaural correlation {}, loss in mono {}",
        levels.interaural_correlation.map_or_else(|| "none".to_owned(), |value| format!("{value:.3}")),
        known(levels.mono_loss_db, "dB"),
    ));
}

fn add_tones(step: &StepAnalysis, lines: &mut Vec<String>) {
    let mut line = |text: String| lines.push(text);
    for (ear, tones) in [("left", &step.left), ("right", &step.right)] {
        if !tones.is_empty() {
            let tone = |tone: &Tone| format!("{:.3} Hz ({:.1} dBFS)", tone.hz, tone.dbfs);
            line(format!("  {ear}: {}", tones.iter().map(tone).collect::<Vec<_>>().join(", ")));
        }
    }
    if let Some(beat) = step.beat {
        line(format!("  beat {:.3} Hz ({})", beat.hz, beat.kind));
    }
    for voice in &step.voices {
        for place in &voice.places {
            line(format!(
                "  {} {} at {:.1} s: declared {}, measured {}",
                voice.path,
                voice.function,
                place.at,
                pair(&place.declared),
                pair(&place.measured)
            ));
        }
    }
}

fn pair(pair: &Pair) -> String {
    let hz = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |hz| format!("{hz:.3} Hz"));
    format!("carrier {}, beat {}", hz(pair.carrier_hz), hz(pair.beat_hz))
}

fn known(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("{value:.1} {unit}"))
}
