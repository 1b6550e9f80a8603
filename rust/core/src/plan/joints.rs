//! Where a step takes over voices from the step before: how long its gains glide there, and which steps are levelled
//! together (spec assembly 5.4).

use std::collections::HashMap;

use super::StepPlan;
use super::mix::bus::StepVoice;
use super::timeline::Placement;
use crate::track::Identity;

/// Shortest glide of a gain in seconds.
const GLIDE: f64 = 0.01;

/// Frames over which the gain of the joined voices of a step goes from that of the step before to its own: the fade,
/// but at least 10 ms. 0 if no voice is joined.
pub(super) fn joint(voices: &[StepVoice], placement: &Placement, sample_rate: u32) -> u64 {
    if voices.iter().any(|voice| voice.joined) { length(placement, sample_rate) } else { 0 }
}

/// Frames over which a voice goes over from the step before.
pub(super) fn length(placement: &Placement, sample_rate: u32) -> u64 {
    let shortest = (GLIDE * f64::from(sample_rate)) as u64;
    placement.crossfade.map_or(0, |fade| fade.frames).max(shortest).min(placement.placed)
}

/// The positions of the voices that have one identity in two steps, each given with its position. An identity that
/// occurs twice in a step identifies nothing.
pub(super) fn pairs<'a>(
    before: impl Iterator<Item = (usize, &'a Identity)>,
    after: impl Iterator<Item = (usize, &'a Identity)>,
) -> Vec<(usize, usize)> {
    fn unique<'a>(all: impl Iterator<Item = (usize, &'a Identity)>) -> HashMap<&'a Identity, Option<usize>> {
        let mut found = HashMap::new();
        for (index, identity) in all {
            found.entry(identity).and_modify(|place| *place = None).or_insert(Some(index));
        }
        found
    }
    let earlier = unique(before);
    let both = |(identity, to): (&Identity, Option<usize>)| Some((earlier.get(identity).copied()??, to?));
    let mut pairs: Vec<(usize, usize)> = unique(after).into_iter().filter_map(both).collect();
    pairs.sort_by_cached_key(|(from, _)| *from as u64);
    pairs
}

/// Mark the rows of steps that only repeat each other: all voices run on and the level settings are the same. They are
/// levelled as one step, so that the level does not change where nothing else does.
pub(super) fn group(steps: &mut [StepPlan]) {
    let mut first = 0;
    for index in 1..=steps.len() {
        let repeats = steps.get(index).is_some_and(|step| {
            let before = &steps[index - 1];
            let all = step.voices.iter().all(|voice| voice.joined && voice.repeats);
            all && !step.voices.is_empty() && step.voices.len() == before.voices.len() && step.levels == before.levels
        });
        if !repeats {
            for step in &mut steps[first..index] {
                step.together = first..index;
            }
            first = index;
        }
    }
}
