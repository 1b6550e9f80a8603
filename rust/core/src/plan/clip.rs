//! Reads the clips of a track and places them on the timeline (spec assembly 9, track-format 6).

use super::audio_files::AudioFiles;
use super::mix::clip_voices::{ClipSound, Moved};
use super::mix::layers::PlacedClip;
use super::moving::Moving;
use super::shape::Shape;
use crate::error::{Error, Problem, Result};
use crate::media::{Region, Repeat};
use crate::track::Clip;
use crate::voice::param::SPATIAL;
use crate::voice::spatial::stage;
use crate::voice::{Context, Voice as _};

/// Fade-out in seconds of a clip that is cut by its `duration`, unless its own is longer. At most a quarter of what is
/// left of the clip.
const CUT_FADE: f64 = 0.05;
/// Fade in seconds at an edge of a clip that has none of its own, with [`crate::compat::Compat::edge_fades_always`]. At most a
/// quarter of the clip.
const EDGE_FADE: f64 = 0.005;
/// A `duration` cuts a clip only if the clip is longer by more than this, in seconds.
const CUT_SLACK: f64 = 0.001;

/// Every clip that can be read; each clip that is left out adds a warning. The steps end at frame `steps_end`.
pub(crate) fn place_all(
    files: &AudioFiles<'_>,
    steps_end: u64,
    warnings: &mut Vec<Problem>,
) -> Result<Vec<PlacedClip>> {
    let mut placed = Vec::new();
    let clips = files.track.clips_under(&files.compat);
    for clip in clips {
        files.interrupt.check()?;
        match place(clip, files, steps_end, warnings) {
            Ok(found) => placed.extend(found),
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => {
                let problems = match error {
                    Error::Invalid(problems) => problems,
                    other => vec![Problem::error("", other.to_string())],
                };
                for Problem { path, message, .. } in problems {
                    let at = if path.starts_with(&clip.at) { &path } else { &clip.at };
                    warnings.push(Problem::warning(at, format!("{message}; the clip is left out")));
                }
            }
        }
    }
    Ok(placed)
}

/// The clip as it is heard from its place, if it has one. It has `frames` frames.
fn moved(
    clip: &Clip,
    sound: &ClipSound,
    frames: u64,
    files: &AudioFiles<'_>,
    warnings: &mut Vec<Problem>,
) -> Result<Option<Moved>> {
    let Some(spatial) = &clip.spatial else { return Ok(None) };
    let rate = f64::from(files.sample_rate);
    let mut context = Context::new(frames as f64 / rate, rate).with_compat(files.compat);
    context.frames = frames;
    context.folder.clone_from(&files.track.folder);
    let at = |problem: Problem| problem.within(SPATIAL.name).within(&clip.at);
    match stage::moved(sound.fork(), spatial, true, &context) {
        Ok((voice, noticed)) => {
            warnings.extend(noticed.into_iter().map(at));
            Ok(Some(Moved(voice.into())))
        }
        Err(Error::Invalid(problems)) => Err(Error::Invalid(problems.into_iter().map(at).collect())),
        Err(other) => Err(other),
    }
}

fn place(
    clip: &Clip,
    files: &AudioFiles<'_>,
    steps_end: u64,
    warnings: &mut Vec<Problem>,
) -> Result<Option<PlacedClip>> {
    let Some(audio) = files.read(&clip.source, &clip.at, warnings)? else { return Ok(None) };
    let rate = f64::from(files.sample_rate);
    let region = match (clip.repeats, clip.loop_start, clip.loop_end) {
        (true, start, end) if start > 0.0 || end.is_some() => {
            let [start, end] = [Some(start), end].map(|at| at.map_or(u64::MAX, |at| (at * rate).round() as u64));
            let region = Region::new(&audio, start, end, files.compat.join_loops);
            if region.is_none() {
                let text = "the loop does not begin before the end of the file; all of the file repeats";
                warnings.push(Problem::warning(&clip.at, text));
            }
            region
        }
        _ => None,
    };
    let offset = (clip.start * rate).trunc() as i64;
    let whole = match clip.duration {
        _ if !clip.repeats => audio.frames(),
        Some(_) => u64::MAX,
        None => steps_end.saturating_add_signed(offset.saturating_neg()),
    };
    let mut end = whole;
    let mut fade_out = (clip.fade_out * rate) as u64;
    if let Some(limit) = clip.duration.map(|seconds| (seconds * rate) as u64)
        && whole > limit + (CUT_SLACK * rate) as u64
    {
        end = limit;
        fade_out = fade_out.max(((CUT_FADE * rate) as u64).min(limit / 4));
    }
    let head = offset.min(0).unsigned_abs();
    if head >= end {
        return Ok(None);
    }
    let mut fade_in = (0, (clip.fade_in * rate) as u64);
    if files.compat.edge_fades_always {
        let edge = ((EDGE_FADE * rate).round() as u64).min((end - head) / 4);
        fade_out = fade_out.max(edge);
        if fade_in.1 < edge || head > 0 && head >= fade_in.1 {
            fade_in = (head, edge);
        }
    }
    let moving = Moving::new(&clip.movement, clip.pan, rate);
    let shape = Shape {
        moving,
        fade_in,
        fade_out: (end, fade_out.min(end)),
        points: clip.amp_envelope.iter().map(|(time, gains)| (time * rate, *gains)).collect(),
        ..Shape::flat(clip.gain * files.gains.clips)
    };
    let repeat = match clip.repeats {
        true if files.compat.join_loops => Repeat::Joined,
        true => Repeat::Looped,
        false => Repeat::Once,
    };
    let sound = ClipSound { audio, repeat, region };
    let moved = moved(clip, &sound, end, files, warnings)?;
    Ok(Some(PlacedClip {
        at: clip.at.clone(),
        sound,
        moved,
        start: offset.max(0) as u64,
        head,
        frames: end - head,
        shape,
        balance: moving.balance(clip.pan),
    }))
}
