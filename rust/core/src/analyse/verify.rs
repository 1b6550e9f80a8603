//! Compares what was measured with what the track declares.

use serde::Serialize;

use super::declared::Declared;
use super::report::{Analysis, Place, StepAnalysis};
use crate::plan::{Plan, StepPlan};
use crate::track::{Bus, Track};

/// Tolerance of a steady frequency, Hz, and what a short or moving stretch adds: shares of the width of a line and of
/// the way that the tone moves.
const STEADY: f64 = 0.02;
const WIDTH: f64 = 0.05;
const WAY: f64 = 0.05;
/// Tolerance of a level, dB.
const LEVEL: f64 = 0.1;
/// Cycles of a beat within a stretch without which it cannot be told from a slow change of level.
const CYCLES: f64 = 4.0;

/// The comparison of a whole track.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Whether every comparison agrees.
    pub passed: bool,
    /// Version of the engine.
    pub version: &'static str,
    /// SHA-256 of the track in the spelling in which it is saved.
    pub track_sha256: Option<String>,
    /// Frames per second.
    pub sample_rate: u32,
    /// Length in seconds.
    pub seconds: f64,
    /// The seed that was given; absent if the seeds come from the track alone.
    pub seed: Option<u64>,
    /// Every declared value, in the order of the track.
    pub comparisons: Vec<Comparison>,
    /// What was not compared, with the reason.
    pub not_compared: Vec<String>,
}

/// One declared value and the sound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// JSON path of the voice or the step.
    pub path: String,
    /// `carrier`, `beat` or `peak`.
    pub quantity: &'static str,
    /// `Hz` or `dBFS`.
    pub unit: &'static str,
    /// The place of the measurement, seconds on the track.
    pub at: f64,
    /// By the track.
    pub declared: f64,
    /// In the sound; absent if it was not found.
    pub measured: Option<f64>,
    /// Largest difference that agrees, in the same unit.
    pub tolerance: f64,
    /// Whether the measured value is within the tolerance.
    pub passed: bool,
}

impl Comparison {
    fn new(
        path: &str,
        (quantity, unit): (&'static str, &'static str),
        at: f64,
        declared: f64,
        measured: Option<f64>,
        tolerance: f64,
    ) -> Self {
        let passed = measured.is_some_and(|measured| (measured - declared).abs() <= tolerance);
        Self { path: path.to_owned(), quantity, unit, at, declared, measured, tolerance, passed }
    }
}

/// Compare `analysis`, which was made of `plan`, with what `track` declares: the carrier and the beat of every voice
/// that has them, and the peak of every step whose level is absolute.
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// use realtime_backend_core::analyse::{analyse, verify};
///
/// let (track, _) = Track::from_json(r#"{"global": {"compat": "intended"}, "progression": [{"duration": 4.0, "voices": [
///     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 6.0}}]}]}"#)?;
/// let (plan, _) = Plan::compile(&track, &PlanOptions::default())?;
/// let plan = Arc::new(plan);
/// let analysis = analyse(&track, &plan, None, 0, &mut |_done| true)?;
/// let sheet = verify(&track, &plan, &analysis);
/// assert!(sheet.passed, "{:?}", sheet.comparisons);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn verify(track: &Track, plan: &Plan, analysis: &Analysis) -> Verification {
    let (mut comparisons, mut not_compared) = (Vec::new(), Vec::new());
    for step in &analysis.steps {
        for voice in &step.voices {
            for place in &voice.places {
                frequencies(&voice.path, place, &mut comparisons, &mut not_compared);
            }
        }
        let Some(index) = plan.steps().iter().position(|planned| planned.at == step.path) else { continue };
        compare_level(track, plan, index, step, &mut comparisons, &mut not_compared);
    }
    Verification {
        passed: comparisons.iter().all(|row| row.passed),
        version: analysis.version,
        track_sha256: analysis.track_sha256.clone(),
        sample_rate: analysis.sample_rate,
        seconds: analysis.seconds,
        seed: analysis.seed,
        comparisons,
        not_compared,
    }
}

fn frequencies(path: &str, place: &Place, rows: &mut Vec<Comparison>, not_compared: &mut Vec<String>) {
    let tolerance = STEADY + WIDTH / place.length + WAY * place.slope * place.length;
    let mut compare = |quantity, declared: Option<f64>, measured: Option<f64>| {
        if let Some(declared) = declared {
            rows.push(Comparison::new(path, (quantity, "Hz"), place.at, declared, measured, tolerance));
        }
    };
    compare("carrier", place.declared.carrier_hz, place.measured.carrier_hz);
    match place.declared.beat_hz {
        Some(beat) if place.measured.beat_hz.is_none() && beat * place.length < CYCLES => not_compared.push(format!(
            "{path}: the beat of {beat:.3} Hz at {:.1} s: {:.2} s are too short for it",
            place.at, place.length
        )),
        declared => compare("beat", declared, place.measured.beat_hz),
    }
}

fn compare_level(
    track: &Track,
    plan: &Plan,
    index: usize,
    step: &StepAnalysis,
    rows: &mut Vec<Comparison>,
    not_compared: &mut Vec<String>,
) {
    match declared_peak(track, plan, index) {
        Ok(Some(declared)) => {
            let at = 0.5 * (step.start + step.end);
            let row = ("peak", "dBFS");
            rows.push(Comparison::new(&step.path, row, at, declared, step.levels.peak_dbfs, LEVEL));
        }
        Ok(None) => {}
        Err(reason) => not_compared.push(format!("{}: the peak: {reason}", step.path)),
    }
}

/// The peak in dBFS that the level settings of a step give it. `None` for a silent step; an error with the reason if
/// they do not determine it.
fn declared_peak(track: &Track, plan: &Plan, index: usize) -> Result<Option<f64>, &'static str> {
    let step = &plan.steps()[index];
    let sounding = |bus| sounding(step).filter(|voice| voice.bus == bus).count();
    let (levels, binaural, noise) = (&step.levels, sounding(Bus::Binaural), sounding(Bus::Noise));
    let volume = match (binaural, noise) {
        (0, 0) => return Ok(None),
        (_, 0) => levels.binaural_volume,
        (0, 1) => levels.noise_volume,
        (0, _) => return Err("the noise bus is normalised by its loudest voice, not by the sum"),
        _ => return Err("both buses sound, so the sum of their peaks is only a limit"),
    };
    if track.globals.preserve_relative_step_loudness {
        return Err("preserve_relative_step_loudness changes it");
    }
    let (start, end) = (step.placement.start, step.placement.end());
    let mut others = plan.steps().iter().enumerate().filter(|(other, _)| *other != index);
    if others.any(|(_, other)| other.placement.start < end && start < other.placement.end()) {
        return Err("it overlaps another step");
    }
    let bed = plan.background().is_some_and(|bed| bed.start < end && start < bed.end);
    if bed || plan.clips().iter().any(|clip| clip.is_within(start, end)) {
        return Err("a clip or the background layer sounds as well");
    }
    let Some(target) = levels.normalization else {
        let voices = Declared::of_step(track, plan, index);
        let [Some(peak)] = voices.iter().map(|voice| voice.peak).collect::<Vec<_>>()[..] else {
            return Err("the amplitudes of its voices do not state it");
        };
        if binaural + noise != 1 {
            return Err("several voices sound");
        }
        return Ok(super::part::decibels(peak * f64::from(volume) * f64::from(levels.master)));
    };
    let peak = (f64::from(target) * f64::from(volume)).min(0.99) * f64::from(levels.master);
    Ok(super::part::decibels(peak))
}

fn sounding(step: &StepPlan) -> impl Iterator<Item = &crate::plan::StepVoice> {
    let silent = |index: usize| step.measured().is_some_and(|measured| measured.silent(index));
    step.voices.iter().filter(move |voice| voice.voice.is_some() && !silent(voice.index))
}
