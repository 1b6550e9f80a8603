//! Which voices of two crossfaded steps are one tone or one noise: they are not faded with equal power, but so that
//! their sum keeps its power (spec assembly 7.2).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::StepPlan;
use super::joints::pairs;
use super::mix::bus::StepVoice;
use super::mix::fitted::{Side, fitted};
use super::timeline::Placement;
use super::voices::Builder;
use crate::dsp::phase::Turns;
use crate::dsp::sine::cosine;
use crate::track::CrossfadeCurve;

/// The drift between two carriers over a fade up to which they count as one, in turns.
const DRIFT: f64 = 0.125;
/// Correlations up to this count as none.
const UNRELATED: f64 = 0.05;
/// Most pairs of voices without a common identity that are compared.
const MOST_COMPARED: usize = 1 << 14;

/// The carriers of a voice over a fade.
struct Course(Vec<Carrier>);

struct Carrier {
    role: &'static str,
    /// Phase in the middle of the fade.
    middle: Turns,
    /// Change per frame at the start and at the end.
    steps: [Turns; 2],
}

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
        let found = related(&before.voices, voices, at, fade.frames);
        let mut changes = DefaultHasher::new();
        for (from, to, correlation) in &found {
            let fit = |voice: &mut StepVoice, side: Side, from: u64| {
                (voice.sound, voice.excerpts) = (None, Arc::default());
                voice.voice = voice.voice.take().map(|voice| fitted(voice, side, from, fade.frames, *correlation));
            };
            fit(&mut before.voices[*from], Side::Leaving, at);
            fit(&mut voices[*to], Side::Coming, 0);
            (from, to, at, fade.frames, correlation.to_bits()).hash(&mut changes);
        }
        (!found.is_empty()).then(|| changes.finish())
    }
}

/// The pairs of voices that are correlated in a fade of `frames` frames, which begins at frame `at` of the earlier
/// step: their positions, and the correlation.
fn related(before: &[StepVoice], after: &[StepVoice], at: u64, frames: u64) -> Vec<(usize, usize, f64)> {
    let courses = |voices: &[StepVoice], at: u64| {
        voices.iter().map(|voice| Course::of(voice, at, frames)).collect::<Vec<Option<Course>>>()
    };
    let (earlier, later) = (courses(before, at), courses(after, 0));
    let correlation = |from: usize, to: usize| match (before[from].stream, after[to].stream) {
        (Some(a), Some(b)) => (a == b).then_some(1.0),
        _ => earlier[from].as_ref()?.correlation(later[to].as_ref()?, frames),
    };
    let named = |voices: &'_ [StepVoice]| voices.iter().map(|voice| voice.identity.clone()).collect::<Vec<_>>();
    let (first, second) = (named(before), named(after));
    let mut found = Vec::new();
    // voices that are taken over are not faded
    let mut open = [vec![true; before.len()], after.iter().map(|voice| !voice.joined).collect()];
    for (from, to) in pairs(first.iter().enumerate(), second.iter().enumerate()) {
        if after[to].joined {
            open[0][from] = false;
        } else if let Some(correlation) = correlation(from, to) {
            (open[0][from], open[1][to]) = (false, false);
            found.push((from, to, correlation));
        }
    }
    let [mut rest, new] = open.map(|open| (0..open.len()).filter(|index| open[*index]).collect::<Vec<usize>>());
    if rest.len() * new.len() <= MOST_COMPARED {
        for to in new {
            let one = |from: &usize| Some((*from, correlation(*from, to)?));
            let Some((from, correlation)) = rest.iter().find_map(one) else { continue };
            rest.retain(|index| *index != from);
            found.push((from, to, correlation));
        }
    }
    found.retain(|(.., correlation)| *correlation > UNRELATED);
    found
}

impl Course {
    /// The course of a voice over the frames from `at` on; `None` without carriers.
    fn of(voice: &StepVoice, at: u64, frames: u64) -> Option<Self> {
        let voice = voice.voice.as_ref()?;
        let moments = [0, 1, frames / 2, frames, frames + 1].map(|frame| voice.oscillators_at(at + frame));
        let [Some(start), Some(next), Some(middle), Some(end), Some(last)] = &moments else { return None };
        let carriers = start.phases.iter().map(|(role, _)| *role);
        let carriers = carriers.filter(|role| role.starts_with("carrier") || matches!(*role, "lower" | "upper"));
        let course = carriers.filter_map(|role| {
            let steps = [next.phase(role)? - start.phase(role)?, last.phase(role)? - end.phase(role)?];
            Some(Carrier { role, middle: middle.phase(role)?, steps })
        });
        let found: Vec<Carrier> = course.collect();
        (!found.is_empty()).then_some(Self(found))
    }

    /// The correlation with another voice, 0 to 1; `None` if the carriers have other frequencies.
    fn correlation(&self, other: &Self, frames: u64) -> Option<f64> {
        let limit = DRIFT / frames.max(1) as f64;
        let near = |a: Turns, b: Turns| (a - b).cycles().min((b - a).cycles()) < limit;
        let mut sum = 0.0;
        let mut count = 0;
        for mine in &self.0 {
            let Some(theirs) = other.0.iter().find(|carrier| carrier.role == mine.role) else { continue };
            if !near(mine.steps[0], theirs.steps[0]) || !near(mine.steps[1], theirs.steps[1]) {
                return None;
            }
            sum += cosine(mine.middle - theirs.middle);
            count += 1;
        }
        (count > 0).then(|| (sum / f64::from(count)).clamp(0.0, 1.0))
    }
}
