//! Warns of frequencies that make no tone or another one than is meant: carriers of zero and below, carriers above half the
//! sample rate, rates that silence a voice.

use std::cell::Cell;

use super::several;
use crate::error::Problem;
use crate::plan::{BLOCK, Plan, Plane, peak};
use crate::track::{Track, VoiceSpec};
use crate::voice::registry::{reader, resolve};
use crate::voice::{Family, Heard, Param, Params, Voice};

/// Excerpts in which a voice is listened to, if its rate is 0 or below.
const EXCERPTS: u64 = 4;
/// Most voices that are listened to.
const MOST: u32 = 1000;

pub(super) fn odd(plan: &Plan, track: &Track) -> Vec<Problem> {
    let mut found = Vec::new();
    let (rate, listened) = (f64::from(plan.sample_rate()), Cell::new(0));
    for (step, spec) in plan.steps().iter().filter_map(|step| Some((step, track.steps.get(step.placement.step)?))) {
        for (voice, spec) in step.voices.iter().filter_map(|voice| Some((voice, spec.voices.get(voice.index)?))) {
            let (Some(family), Some(sound)) = (voice.family, &voice.voice) else { continue };
            let silent = || {
                listened.set(listened.get() + 1);
                // noise that is computed as a whole takes long, and sounds
                listened.get() <= MOST && !voice.is_whole() && is_silent(sound.as_ref(), step.placement.frames)
            };
            let transition = resolve(&spec.function, spec.is_transition).is_ok_and(|(_, transition)| transition);
            let params = reader(family, transition, plan.compat(), &spec.params);
            found.extend(of_voice(family, &params, spec, &silent, rate, plan.compat().band_limited));
        }
    }
    several(found)
}

/// The frequencies of one voice as they are written.
fn of_voice(
    family: &Family,
    params: &Params<'_>,
    spec: &VoiceSpec,
    silent: &dyn Fn() -> bool,
    rate: f64,
    band_limited: bool,
) -> Vec<Problem> {
    let mut found = Vec::new();
    let is_beat = |row: &Param| family.beat.is_some_and(|beat| beat.name == row.name);
    for row in family.params.iter().copied().flatten().filter(|row| row.unit == "Hz") {
        for (name, hz) in written(params, row) {
            let told = if is_carrier(row) {
                carrier(hz, rate, band_limited)
            } else if is_beat(row) {
                beat(hz, family.heard, silent)
            } else {
                None
            };
            found.extend(told.map(|message| Problem::warning(format!("{}.{name}", spec.params_at), message)));
        }
    }
    found
}

/// Whether excerpts of a voice of `frames` frames are silent.
fn is_silent(voice: &dyn Voice, frames: u64) -> bool {
    let mut voice = voice.fork();
    voice.prepare();
    let mut plane = Plane::new();
    let length = (BLOCK as u64).min(frames);
    (0..EXCERPTS).all(|index| {
        let mut block = plane.block(length as usize);
        voice.render((frames - length) / EXCERPTS * index, block.reborrow());
        peak(&block) == 0.0
    })
}

/// Whether a row of a parameter table sets the frequency of a tone. The tables call all of them so.
fn is_carrier(row: &Param) -> bool {
    let name = row.name.to_lowercase();
    name.contains("basefreq") || name.contains("carrierfreq")
}

/// The numbers that are written for a row, and their names.
fn written(params: &Params<'_>, row: &'static Param) -> Vec<(String, f64)> {
    let number = |name: String| params.number_as(row, &name).ok().flatten().map(|hz| (name, hz));
    params.given(row).into_iter().filter_map(number).collect()
}

fn carrier(hz: f64, rate: f64, band_limited: bool) -> Option<String> {
    let half = rate / 2.0;
    if hz <= 0.0 {
        return Some(format!("a carrier of {hz} Hz is no tone: expected a frequency above 0"));
    }
    // under that rule the voice itself says that it is left out
    (hz > half && !band_limited).then(|| {
        let heard = (hz - rate * (hz / rate).round()).abs();
        format!("{hz} Hz is above half the sample rate ({half} Hz): it is heard as a tone of {heard} Hz")
    })
}

fn beat(hz: f64, heard: Heard, silent: &dyn Fn() -> bool) -> Option<String> {
    match heard {
        _ if hz <= 0.0 && silent() => Some(format!("a rate of {hz} Hz makes the voice silent: expected one above 0")),
        Heard::Ears if hz < 0.0 => {
            Some(format!("a beat of {hz} Hz is one of {} Hz with the higher tone in the other ear", -hz))
        }
        _ => None,
    }
}
