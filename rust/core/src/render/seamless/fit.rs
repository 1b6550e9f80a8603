//! Fits a track to the length of a seamless file.

use std::ops::Range;

use serde_json::Value;

use super::join::Join;
use crate::error::{Error, Problem, Result};
use crate::json::value::number;
use crate::track::{Movement, Track, VoiceSpec};
use crate::voice::family::{Family, Heard};
use crate::voice::param::{Fallback, Param};
use crate::voice::registry::resolve;

/// Shortest seamless file in seconds.
const SHORTEST: f64 = 0.5;
/// Sound after the join, in seconds, so that the fades at the end of the step are not heard.
const AFTER: f64 = 0.05;

/// Frequencies in Hz that are no rates of repetition.
const NO_RATES: &[&str] = &["freqOscRangeL", "freqOscRangeR", "cutoff"];

/// A track that is fitted to a seamless file.
#[derive(Debug, Clone, PartialEq)]
pub struct Seamless {
    /// The track frames of the file.
    pub frames: Range<u64>,
    /// What was changed.
    pub changes: Vec<Problem>,
}

/// Fit `track` to a file from `start` on that lasts `duration` seconds (`None`: to the end of the step), at `rate` frames per
/// second. The step is left alone, its voices have whole numbers of cycles in the file and no volume envelopes, and it goes
/// on after the end of the file.
///
/// # Errors
/// [`Error::Invalid`] if the file is shorter than half a second, is not inside of one step, or has voices that move from a
/// start to an end.
///
/// ```
/// use realtime_backend_core::render::seamless;
/// use realtime_backend_core::track::Track;
///
/// let (mut track, _) = Track::from_json(r#"{"progression": [{"duration": 30.0, "voices": [
///     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 4.1}}]}]}"#)?;
/// let fitted = seamless::fit(&mut track, 44_100, 0.0, None)?;
/// assert_eq!(fitted.frames, 0..30 * 44_100);
/// let said: Vec<String> = fitted.changes.iter().map(ToString::to_string).collect();
/// assert_eq!(said, ["step 1, voice 1: baseFreq 200 -> 200.0167 Hz"]);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn fit(track: &mut Track, rate: u32, start: f64, duration: Option<f64>) -> Result<Seamless> {
    let hz = f64::from(rate);
    let first = (start * hz).round() as u64;
    let (index, from, end) = alone(track, hz, first, duration.map(|seconds| first + (seconds * hz).round() as u64))?;
    let end = duration.map_or(end, |seconds| end.min(first + (seconds * hz).round() as u64));
    let length = (end - first) as f64 / hz;
    if length < SHORTEST {
        return Err(invalid(format!("expected at least {SHORTEST} s, got {length} s")));
    }
    let mut step = track.steps.swap_remove(index);
    track.steps.clear();
    let mut changes = Vec::new();
    for (position, voice) in step.voices.iter_mut().enumerate() {
        let at = format!("step {}, voice {}", index + 1, position + 1);
        fit_voice(voice, &at, length, &mut changes)?;
    }
    for (position, clip) in track.clips.iter_mut().enumerate() {
        fit_movement(&mut clip.movement, &format!("clip {}", position + 1), length, &mut changes);
    }
    if let Some(bed) = &mut track.background {
        fit_movement(&mut bed.movement, "background layer", length, &mut changes);
        bed.fade_in = 0.0;
        bed.fade_out = 0.0;
    }
    // the time base of a step is its duration divided by its frames
    let frames = end + Join::frames(end - first, rate) + (AFTER * hz) as u64 - from;
    let seconds = frames as f64 / hz;
    step.duration = if (seconds * hz) as u64 == frames { seconds } else { seconds.next_up() };
    step.start = Some(from as f64 / hz).map(|at| if (at * hz) as u64 == from { at } else { at.next_up() });
    track.steps.push(step);
    Ok(Seamless { frames: first..end, changes })
}

fn invalid(message: String) -> Error {
    Error::invalid("seamless", message)
}

/// The only step from frame `first` on (to `last`, if it is known): its index, its first frame and the one after it.
fn alone(track: &Track, hz: f64, first: u64, last: Option<u64>) -> Result<(usize, u64, u64)> {
    let place = |at: f64| (at.max(0.0) * hz) as u64;
    let mut found = Vec::new();
    let mut now = 0.0;
    for (index, step) in track.steps.iter().enumerate().filter(|(_, step)| step.duration > 0.0) {
        let start = step.start.unwrap_or(now);
        now = start + step.duration;
        let (from, end) = (place(start), place(start) + place(step.duration));
        if first < end && last.is_none_or(|last| from < last) {
            found.push((index, from, end));
        }
    }
    let inside = |(_, from, end): &(usize, u64, u64)| *from <= first && last.is_none_or(|last| last <= *end + 1);
    match found.as_slice() {
        [only] if inside(only) => Ok(*only),
        [] => Err(invalid("expected a part of the track with sound".to_owned())),
        others => Err(invalid(format!(
            "expected a part that is inside of one step, got one with {} steps: choose it by start and duration",
            others.len().max(2)
        ))),
    }
}

fn fit_voice(voice: &mut VoiceSpec, at: &str, length: f64, changes: &mut Vec<Problem>) -> Result<()> {
    let Ok((family, transition)) = resolve(&voice.function, voice.is_transition) else { return Ok(()) };
    if transition {
        let message = format!("{} moves from a start to an end, so that the two do not meet", voice.function);
        return Err(Error::invalid(&voice.at, message));
    }
    if voice.envelope.take().is_some() {
        changes.push(Problem::warning(at, "the volume envelope is left out"));
    }
    let apart = matches!(family.heard, Heard::Ears | Heard::Pair);
    let beat = family.beat.filter(|_| apart).map_or(0.0, |beat| whole(value(voice, beat), length));
    for param in rates(family) {
        let old = value(voice, param);
        // of two tones around a carrier, each has whole cycles
        let offset =
            if apart && family.carrier.is_some_and(|carrier| carrier.name == param.name) { beat / 2.0 } else { 0.0 };
        let cycles = if offset == 0.0 { whole(old, length) } else { (old * length - offset).round() + offset };
        if let Some(new) = moved(at, param.name, old, cycles / length, changes) {
            voice.params.insert(param.name.to_owned(), Value::from(new));
        }
    }
    Ok(())
}

/// The parameters of a family that are frequencies of something that repeats.
fn rates(family: &Family) -> impl Iterator<Item = &'static Param> {
    let all = family.params.iter().copied().flatten();
    all.filter(|param| param.unit == "Hz" && !NO_RATES.contains(&param.name))
}

fn value(voice: &VoiceSpec, param: &Param) -> f64 {
    let default = match param.default {
        Fallback::Number(default) => default,
        _ => 0.0,
    };
    voice.params.get(param.name).and_then(number).unwrap_or(default)
}

/// The whole number of cycles of a frequency.
fn whole(hz: f64, length: f64) -> f64 {
    (hz * length).round()
}

/// The frequency that replaces `old`; `None` if it stays.
fn moved(at: &str, name: &str, old: f64, new: f64, changes: &mut Vec<Problem>) -> Option<f64> {
    if (new - old).abs() <= 1e-12 * old.abs() {
        return None;
    }
    if new == 0.0 {
        changes
            .push(Problem::warning(at, format!("{name} {old} Hz has less than half a cycle in the file, and is kept")));
        return None;
    }
    let text = |hz: f64| format!("{hz:.4}").trim_end_matches('0').trim_end_matches('.').to_owned();
    if (new - old).abs() >= 5e-5 {
        changes.push(Problem::warning(at, format!("{name} {} -> {} Hz", text(old), text(new))));
    }
    Some(new)
}

fn fit_movement(movement: &mut Movement, at: &str, length: f64, changes: &mut Vec<Problem>) {
    let rates = [
        ("am_rate", &mut movement.am_rate),
        ("pan_rate", &mut movement.pan_rate),
        ("spin_rate", &mut movement.spin_rate),
    ];
    for (name, rate) in rates {
        if let Some(new) = moved(at, name, *rate, whole(*rate, length) / length, changes) {
            *rate = new;
        }
    }
}
