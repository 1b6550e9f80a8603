//! The bed under all steps: a `.noise` file, or an audio file that is looped (spec assembly 8, track-format 7).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::audio_files::AudioFiles;
use super::mix::layers::{Background, Bed};
use super::moving::Moving;
use super::shape::Shape;
use super::voice_cache::Sound;
use crate::error::{Error, Problem, Result};
use crate::json::parse;
use crate::media::Repeat;
use crate::track;
use crate::voice::Context;
use crate::voice::families::noise;

/// Length of a bed in seconds if the track has no steps or clips and the `.noise` file names no duration.
const ALONE: f64 = 60.0;

/// The bed of a track whose steps end at frame `steps_end` and whose clips end at `clips_end`. `None` if the track has
/// no bed, or if it cannot be read; the latter adds a warning.
pub(crate) fn place(
    files: &AudioFiles<'_>,
    seed: u64,
    steps_end: u64,
    clips_end: u64,
    warnings: &mut Vec<Problem>,
) -> Result<Option<Background>> {
    let Some(bed) = files.track.background_under(&files.compat) else { return Ok(None) };
    match build(bed, files, seed, [steps_end, clips_end], warnings) {
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Ok(found) => Ok(found),
        Err(error) => {
            let reason = match error {
                Error::Invalid(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                other => other.to_string(),
            };
            warnings.push(Problem::warning(&bed.source_at, format!("{reason}; the background layer is left out")));
            Ok(None)
        }
    }
}

fn build(
    bed: &track::Background,
    files: &AudioFiles<'_>,
    seed: u64,
    [steps_end, clips_end]: [u64; 2],
    warnings: &mut Vec<Problem>,
) -> Result<Option<Background>> {
    let rate = f64::from(files.sample_rate);
    let content = match &bed.file {
        Some(file) if track::files::is_noise(file) => Some(read_noise(files, file, &bed.source_at, warnings)?),
        Some(_) => None,
        None => bed.params.clone(),
    };
    let alone = content.as_ref().and_then(|c| c.get("duration_seconds")).and_then(Value::as_f64).unwrap_or(ALONE);
    let end = match (steps_end, clips_end) {
        (0, 0) => (alone.clamp(0.0, track::MAX_TRACK_SECONDS) * rate) as u64,
        (0, clips) => clips,
        (steps, _) => steps,
    };
    let (source, frames) = match (content, &bed.file) {
        (Some(content), _) => {
            let sound = noise(&content, &bed.source_at, files, seed, end, warnings)?;
            (Bed::Noise(sound.voice), sound.frames)
        }
        (None, Some(file)) => {
            let audio = files.file(&files.track.resolve(file), &bed.source_at, warnings)?;
            let repeat = if files.compat.join_loops { Repeat::Joined } else { Repeat::Looped };
            (Bed::Audio(audio, repeat), u64::MAX)
        }
        (None, None) => return Ok(None),
    };
    let start = (bed.start_time.max(0.0) * rate) as u64;
    let last = start.saturating_add(frames).min(end);
    if last <= start {
        return Ok(None);
    }
    let in_track_time = files.compat.background_fade_in_track_time;
    // A source that begins at 0 and is longer than the track fades out at its own end, and is cut only after that.
    let whole = if in_track_time && start == 0 && frames < u64::MAX { frames.max(end) } else { end };
    let fade_in_at = if in_track_time { 0 } else { start };
    let length = |seconds: f64, room: u64| ((seconds.max(0.0) * rate) as u64).min(room);
    let moving = Moving::new(&bed.movement, bed.pan, rate);
    Ok(Some(Background {
        at: bed.source_at.clone(),
        source,
        start,
        end: last,
        shape: Shape {
            gain: bed.gain * files.gains.noise,
            fade_in: (fade_in_at, length(bed.fade_in, whole - fade_in_at)),
            fade_out: (whole, length(bed.fade_out, whole)),
            points: bed.amp_envelope.iter().map(|(time, amplitude)| (time.max(0.0) * rate, *amplitude)).collect(),
            moving,
        },
        balance: moving.balance(bed.pan),
    }))
}

fn read_noise(files: &AudioFiles<'_>, file: &str, at: &str, warnings: &mut Vec<Problem>) -> Result<Map<String, Value>> {
    let path = files.track.resolve(file);
    let text = match files.media_cache.inserted(&path) {
        Some(bytes) => parse::text(bytes.to_vec())?,
        None => track::read::document_text(&path)?,
    };
    let (content, problems) = parse::object(&text, files.interrupt)?;
    warnings.extend(problems.into_iter().map(|problem| problem.within(at)));
    Ok(content)
}

/// The sound of a `.noise` file over `end` frames; `at` is the JSON path at which the track names it.
fn noise(
    content: &Map<String, Value>,
    at: &str,
    files: &AudioFiles<'_>,
    seed: u64,
    end: u64,
    warnings: &mut Vec<Problem>,
) -> Result<Sound> {
    let rate = f64::from(files.sample_rate);
    let mut context = Context::new(end as f64 / rate, rate).with_compat(files.compat);
    context.seed = seed;
    context.folder.clone_from(&files.track.folder);
    context.interrupt = files.interrupt.clone();
    context.store = Arc::clone(&files.media_cache.store);
    context.wholes = Arc::clone(&files.media_cache.wholes);
    let (file, mut noticed) = track::NoiseFile::from_map(content)?;
    let (transition, params) = file.background_voice(&files.compat);
    // Noise made from an audio file is not cached: the file may change.
    let key = file.input_audio_path.is_none().then(|| format!("bed {transition} {params:?} {context:?}"));
    let sound = files.media_cache.noise.get(key, || {
        let bed = noise::bed::build(&context, transition, &params)?;
        Ok(Sound { voice: bed.voice, frames: bed.frames, warnings: bed.warnings })
    })?;
    noticed.extend(sound.warnings.iter().cloned());
    warnings.extend(noticed.into_iter().map(|problem| problem.within(at)));
    Ok(sound)
}
