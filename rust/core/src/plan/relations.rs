//! Which voices of two crossfaded steps are one sound in phase with itself: they are faded linearly, others with equal
//! power (spec assembly 7.2).

use std::hash::{DefaultHasher, Hash, Hasher};

use super::StepPlan;
use super::joints::pairs;
use super::mix::bus::StepVoice;
use super::mix::fitted::{Side, fitted};
use super::timeline::Placement;
use super::voices::Builder;
use crate::dsp::phase::Turns;
use crate::track::CrossfadeCurve;
use crate::voice::Oscillators;

/// Largest distance of two phases that count as one, in turns: an eighth, at which the sum is 0.7 dB softer.
const APART: f64 = 0.125;

impl Builder<'_> {
    /// Fit the voices of a step at `placement`, and those of the step before it, to their fade. Returns a number that
    /// stands for what was changed; `None` if nothing was.
    pub(super) fn fit(&self, before: &mut StepPlan, voices: &mut [StepVoice], placement: &Placement) -> Option<u64> {
        let named = self.track.steps[before.placement.step].crossfade_curve.or(self.track.globals.crossfade_curve);
        let fade = placement.crossfade.filter(|fade| fade.curve == CrossfadeCurve::EqualPower)?;
        if named.is_some() || !self.compat.glide_same_voice {
            return None;
        }
        let at = placement.start.checked_sub(before.placement.start)?;
        let mut changes = DefaultHasher::new();
        let mut any = false;
        let identities = |voices: &[StepVoice]| voices.iter().map(|voice| voice.identity.clone()).collect::<Vec<_>>();
        let (earlier, later) = (identities(&before.voices), identities(voices));
        for (from, to) in pairs(earlier.iter().enumerate(), later.iter().enumerate()) {
            let (earlier, after) = (&mut before.voices[from], &mut voices[to]);
            if after.joined || !are_one(earlier, after, at, fade.frames) {
                continue;
            }
            let fit = |voice: &mut StepVoice, side: Side, from: u64| {
                voice.voice = voice.voice.take().map(|voice| fitted(voice, side, from, fade.frames));
            };
            fit(earlier, Side::Leaving, at);
            fit(after, Side::Coming, 0);
            (earlier.index, after.index, at, fade.frames).hash(&mut changes);
            any = true;
        }
        any.then(|| changes.finish())
    }
}

/// Whether both are the same noise, or have their carriers in phase through a fade of `frames` frames that begins at
/// frame `at` of the earlier step.
fn are_one(earlier: &StepVoice, later: &StepVoice, at: u64, frames: u64) -> bool {
    if let (Some(earlier), Some(later)) = (earlier.stream, later.stream) {
        return earlier == later;
    }
    let (Some(earlier), Some(later)) = (&earlier.voice, &later.voice) else { return false };
    let state = |frame: u64| Some([earlier.oscillators_at(at + frame)?, later.oscillators_at(frame)?]);
    let (Some(start), Some(end)) = (state(0), state(frames)) else { return false };
    let (Some(after_start), Some(after_end)) = (state(1), state(frames + 1)) else { return false };
    let close = |turns: Turns, within: f64| turns.cycles().min((Turns::ZERO - turns).cycles()) < within;
    let mut shared = carriers(&start).peekable();
    shared.peek().is_some()
        && shared.all(|role| {
            let apart = |pair: &[Oscillators; 2]| Some(phase(&pair[1], role)? - phase(&pair[0], role)?);
            let drift = |from, to| Some(apart(to)? - apart(from)?);
            let slow = |drift: Option<Turns>| drift.is_some_and(|turns| close(turns, APART / frames.max(1) as f64));
            apart(&start).is_some_and(|turns| close(turns, APART))
                && slow(drift(&start, &after_start))
                && slow(drift(&end, &after_end))
        })
}

/// The carriers that both have.
fn carriers(pair: &[Oscillators; 2]) -> impl Iterator<Item = &'static str> {
    let roles = pair[0].phases.iter().map(|(role, _)| *role);
    roles.filter(|role| {
        (role.starts_with("carrier") || matches!(*role, "lower" | "upper")) && phase(&pair[1], role).is_some()
    })
}

fn phase(state: &Oscillators, role: &str) -> Option<Turns> {
    state.phases.iter().find(|(name, _)| *name == role).map(|(_, phase)| *phase)
}
