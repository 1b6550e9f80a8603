//! Voices that are heard through several steps: which voices they are, and which part of them each step plays (spec
//! assembly 5.4 and 5.5).

use std::collections::{BTreeSet, HashMap, HashSet};

use super::scenes::Scenes;
use super::timeline::{Placement, Timeline};
use super::{gliding, joints};
use crate::compat::Compat;
use crate::json::value::truthy;
use crate::track::{Identity, Step, Track, VoiceSpec};
use crate::voice::between::{Moment, between};
use crate::voice::family::{Family, Preparation};
use crate::voice::param::SPATIAL;
use crate::voice::registry;
use crate::voice::stages::envelope::Envelope;
use crate::voice::stages::flange::Flange;

/// A voice of a step: index of the placement, position among the voices of the step.
pub(crate) type Place = (usize, usize);

/// The part of a run that one step plays. A run is a voice that one step or several steps in a row hold unchanged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Run {
    /// The first voice of the run.
    pub(crate) first: Place,
    /// The first voice of the run, or of the one from which it glides, and so on: they share the seed of that voice.
    pub(crate) root: Place,
    /// Whether an earlier step holds the run, too.
    pub(crate) continues: bool,
    /// Frames of the run before this step.
    pub(crate) offset: u64,
    /// Frames of the whole run.
    pub(crate) frames: u64,
    /// Length of the whole run in seconds, on the time base of a single step of that length.
    pub(crate) duration: f64,
    /// Whether the voice is heard as one sound through the run, instead of being faded from step to step.
    pub(crate) seamless: bool,
    /// Frame of this step from which the next step plays the voice; `None` in the last step that plays it.
    pub(crate) until: Option<u64>,
    /// The voice of the step before that the first step of the run glides from.
    pub(crate) glides_from: Option<Place>,
    /// Whether the run begins with a glide, and whether a glide follows it.
    pub(crate) joined: [bool; 2],
    /// Whether this is the last step of the run.
    pub(crate) is_last: bool,
}

impl Run {
    /// Whether the step takes over a sound that is already heard.
    pub(crate) const fn is_joined(&self) -> bool {
        self.seamless && (self.continues || self.joined[0])
    }

    /// Frame of the step from which it is silent.
    pub(crate) fn silent_from(&self) -> Option<u64> {
        self.until.filter(|_| self.seamless)
    }

    /// The voice that this step glides from.
    pub(crate) fn source(&self) -> Option<Place> {
        self.glides_from.filter(|_| !self.continues)
    }
}

/// All runs of a track.
#[derive(Debug, Default)]
pub(crate) struct Runs(HashMap<Place, Run>);

/// How voices go on in the next step.
#[derive(Debug, Default)]
struct Links {
    /// Unchanged.
    repeats: HashMap<Place, Place>,
    /// With other parameters, to which they glide.
    glides: HashMap<Place, Place>,
    /// Repeated voices of steps within the one before, whose voice goes on under them; and the voice that is heard.
    within: HashMap<Place, Place>,
}

impl Runs {
    /// Find the runs of `track`, whose steps lie on `timeline`. Where rounding leaves a frame between two steps that a
    /// voice runs through, the earlier one becomes a frame longer.
    pub(crate) fn find(
        track: &Track,
        scenes: &Scenes,
        timeline: &mut Timeline,
        sample_rate: u32,
        compat: Compat,
    ) -> Self {
        let mut runs = Self::default();
        if compat.restart_repeated_voices || compat.align_phases || compat.fade_only_crossfade {
            return runs;
        }
        let links = Links::find(track, scenes, timeline, sample_rate, compat);
        let continued: HashSet<Place> = links.repeats.values().copied().collect();
        let all = [&links.repeats, &links.glides].into_iter().flatten().flat_map(|(from, to)| [*from, *to]);
        let firsts: BTreeSet<Place> = all.filter(|place| !continued.contains(place)).collect();
        let sources: HashMap<Place, Place> = links.glides.iter().map(|(from, to)| (*to, links.heard(*from))).collect();
        for first in firsts {
            let row: Vec<Place> =
                std::iter::successors(Some(first), |place| links.repeats.get(place).copied()).collect();
            let target = row.last().and_then(|last| links.glides.get(last));
            let heard = |place: &Place| !links.within.contains_key(place);
            let whole = whole(track, timeline, f64::from(sample_rate), compat, &row);
            let joined = [sources.contains_key(&first), target.is_some()];
            // earlier runs come first
            let root = sources.get(&first).and_then(|source| runs.of(*source)).map_or(first, |run| run.root);
            for (at, place) in row.iter().enumerate() {
                let own = timeline.placements[place.0].start;
                let next = row[at + 1..].iter().find(|place| heard(place)).or(target);
                let until = || next.map(|next| timeline.placements[next.0].start - own);
                let run = Run {
                    root,
                    continues: at > 0,
                    offset: own - timeline.placements[first.0].start,
                    until: if heard(place) { until() } else { Some(0) },
                    glides_from: sources.get(&first).copied(),
                    joined,
                    is_last: at + 1 == row.len(),
                    ..whole
                };
                runs.0.insert(*place, run);
            }
        }
        runs
    }

    /// The run that a voice is part of.
    pub(crate) fn of(&self, place: Place) -> Option<&Run> {
        self.0.get(&place)
    }
}

/// What all parts of the run in the row `row` have in common.
fn whole(track: &Track, timeline: &Timeline, rate: f64, compat: Compat, row: &[Place]) -> Run {
    let first = row[0];
    let begin = &timeline.placements[first.0];
    let end = row.iter().map(|place| &timeline.placements[place.0]).max_by_key(|placement| placement.end());
    let end = end.unwrap_or(begin);
    let frames = end.start + end.frames - begin.start;
    let duration = if row.len() == 1 {
        begin.duration
    } else {
        // the time base of a single step from the first start to the last end
        let seconds = end.seconds + end.duration - begin.seconds;
        let single = ((seconds * rate + 1e-6) as u64).max(1);
        if single == frames { seconds } else { seconds / single as f64 * frames as f64 }
    };
    // an envelope belongs to its step, unless voices go on from step to step anyway
    let envelope = track.steps[begin.step].voices[first.1].envelope;
    let seamless = compat.glide_same_voice || matches!(envelope, None | Some(Envelope::Flat));
    let (glides_from, joined, is_last) = (None, [false; 2], false);
    Run {
        first,
        root: first,
        continues: false,
        offset: 0,
        frames,
        duration,
        seamless,
        until: None,
        glides_from,
        joined,
        is_last,
    }
}

impl Links {
    /// The voice that is heard for the one at `place`.
    fn heard(&self, place: Place) -> Place {
        self.within.get(&place).copied().unwrap_or(place)
    }

    fn find(track: &Track, scenes: &Scenes, timeline: &mut Timeline, sample_rate: u32, compat: Compat) -> Self {
        let mut links = Self::default();
        for index in 1..timeline.placements.len() {
            let at = |index: usize| &timeline.placements[index];
            let steps = [index - 1, index].map(|index| &track.steps[at(index).step]);
            let mut longer = None;
            let [earlier, later] = steps.map(|step| identities(step, compat));
            for (from, to) in joints::pairs(earlier, later) {
                let [a, b] = [&steps[0].voices[from], &steps[1].voices[to]];
                let scene = |index: usize, voice: usize| scenes.of_voice(at(index).step, voice);
                let acted = [scene(index - 1, from), scene(index, to)];
                if acted[0] != acted[1] {
                    continue;
                }
                let heard = links.heard((index - 1, from));
                let (before, after) = (at(heard.0), at(index));
                let rests = after.start - before.start.min(after.start) >= joints::length(before, sample_rate);
                let glides = || {
                    matches!(a.identity, Identity::Id(_))
                        && acted[0].is_none()
                        && rests
                        && can_glide(a, b, compat)
                        && settles(a, b, after, sample_rate)
                };
                let kind = if compat.glide_same_voice && same(a, b) && is_within(before, after) {
                    links.within.insert((index, to), heard);
                    &mut links.repeats
                } else if !meet(before, after) {
                    continue;
                } else if same(a, b) {
                    &mut links.repeats
                } else if compat.glide_same_voice && glides() {
                    &mut links.glides
                } else {
                    continue;
                };
                kind.insert((index - 1, from), (index, to));
                if before.end() < after.start {
                    longer = Some(heard.0);
                }
            }
            if let Some(index) = longer {
                timeline.placements[index].lengthen();
            }
        }
        links
    }
}

/// Whether the later step takes over from the earlier one, so that a voice can run through both.
fn meet(before: &Placement, after: &Placement) -> bool {
    let whole = before.placed == before.frames && after.placed == after.frames;
    let in_order = before.start <= after.start && before.end() <= after.end();
    whole && in_order && after.start <= before.end() + 1
}

/// Whether the stages of both voices are where they would be without the glide: those of `a` where it begins, and those of
/// `b` where it takes over, which is at the end of the fade if it moves. A flanger follows the level of a moving tone late.
fn settles(a: &VoiceSpec, b: &VoiceSpec, placement: &Placement, sample_rate: u32) -> bool {
    let settling = (gliding::SETTLING * f64::from(sample_rate)) as u64;
    let fade = joints::length(placement, sample_rate);
    let moves = |voice: &VoiceSpec| family(voice).is_none_or(|(_, transition)| transition);
    if (a.flange.is_some() || b.flange.is_some()) && (moves(a) || moves(b)) {
        return false;
    }
    let holds = !moves(b) && b.envelope.is_none() && placement.frames > fade + settling;
    holds || fade >= settling || !(has_stages(a) || has_stages(b))
}

/// Whether a voice goes through stages with a memory of their own.
fn has_stages(voice: &VoiceSpec) -> bool {
    let stages = ["spatialEnable", "harmonicSuppression", "startHarmonicSuppression", "endHarmonicSuppression"];
    voice.flange.is_some() || stages.iter().any(|stage| voice.params.get(*stage).is_some_and(truthy))
}

/// Whether the later step lies within the earlier one and is added to it, instead of following it.
fn is_within(before: &Placement, after: &Placement) -> bool {
    before.placed == before.frames && before.start <= after.start && after.end() + 1 < before.end()
}

/// The voices of a step that can go on: those with an explicit id, and under `Compat::glide_same_voice` all others that
/// have oscillators, which continue by any identity (spec assembly 5.2).
fn identities(step: &Step, compat: Compat) -> impl Iterator<Item = (usize, &Identity)> {
    let oscillates = |voice: &VoiceSpec| {
        family(voice).is_some_and(|(family, _)| family.preparation == Preparation::Light && !family.is_event)
    };
    let goes_on = move |voice: &VoiceSpec| {
        matches!(voice.identity, Identity::Id(_)) || compat.glide_same_voice && oscillates(voice)
    };
    let all = step.voices.iter().enumerate().filter(move |(_, voice)| goes_on(voice));
    all.map(|(index, voice)| (index, &voice.identity))
}

/// The family of a voice, and whether it is a transition; `None` if the voice cannot be used.
fn family(voice: &VoiceSpec) -> Option<(&'static Family, bool)> {
    registry::resolve(&voice.function, voice.is_transition).ok().filter(|_| !voice.unusable)
}

/// Whether both are the same voice, which does not change over a step.
fn same(a: &VoiceSpec, b: &VoiceSpec) -> bool {
    let still = |voice: &VoiceSpec| family(voice).filter(|(_, transition)| !transition).map(|(family, _)| family.name);
    let settings = (&a.params, &a.flange, &a.envelope, a.bus, a.is_transition);
    settings == (&b.params, &b.flange, &b.envelope, b.bus, b.is_transition)
        && still(a).is_some_and(|name| still(b) == Some(name))
}

/// Whether `a` can glide to `b`: one family, with a transition and without noise or files. A flanger that itself moves
/// is crossfaded.
fn can_glide(a: &VoiceSpec, b: &VoiceSpec, compat: Compat) -> bool {
    let (Some((from, first)), Some((to, second))) = (family(a), family(b)) else { return false };
    let able = from.glides && from.transition && from.preparation == Preparation::Light;
    let moment = |voice, transition| Moment { params: voice, transition, alpha: 0.0 };
    let one = able
        && from.name == to.name
        && between(from, moment(&a.params, first), moment(&b.params, second), compat)
            .is_ok_and(|found| found.is_some());
    let steady = |voice: &VoiceSpec| voice.flange.as_deref().is_none_or(Flange::is_steady);
    let free = (from.can_glide)(&a.params) && (to.can_glide)(&b.params);
    // the time of a path begins with the voice
    let placed = |voice: &VoiceSpec| voice.params.contains_key(SPATIAL.name);
    one && free && a.bus == b.bus && steady(a) && steady(b) && !placed(a) && !placed(b)
}
