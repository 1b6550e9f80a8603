//! The stretches of a step that are measured for tones: where it plays alone, long for steady tones and short for
//! moving ones.

use std::ops::Range;

use super::declared::Declared;
use crate::plan::Plan;

/// Longest stretch, seconds: tones and beats are then good to a thousandth of a hertz.
const LONGEST_S: f64 = 12.0;
/// Longest stretch in frames.
const LONGEST: u64 = 1 << 20;
/// Shortest stretch, seconds.
const SHORTEST_S: f64 = 0.1;
/// Seconds that are left out at the edges of a step, where its voices fade.
const EDGE_S: f64 = 0.02;

/// The stretches to measure of step `index`, in track frames: one in its middle, and two more near its start and its
/// end if a voice moves.
pub(super) fn windows(plan: &Plan, index: usize, voices: &[Declared]) -> Vec<Range<u64>> {
    let rate = f64::from(plan.sample_rate());
    let alone = alone(plan, index);
    let frames = alone.end - alone.start;
    let longest = ((LONGEST_S * rate) as u64).min(LONGEST);
    if !voices.iter().any(Declared::moves) {
        return vec![around(u64::midpoint(alone.start, alone.end), frames.min(longest), &alone)];
    }
    let origin = plan.steps()[index].placement.start;
    let least = (SHORTEST_S * rate) as u64;
    let window = |share: f64| {
        // A tone that moves by the width of a line within the stretch still has a line.
        let mut length = (frames / 3).min(longest).max(1);
        for _ in 0..8 {
            let half = length / 2;
            let middle = alone.start + half + ((frames - length) as f64 * share) as u64;
            let (from, to) = (middle.saturating_sub(half + origin), middle + half - origin);
            let slope = voices.iter().map(|voice| voice.slope(from, to)).fold(0.0, f64::max) * rate;
            let wanted = (rate / slope.max(1e-9).sqrt()) as u64;
            if length <= wanted.max(least) {
                break;
            }
            length = wanted.max(least).max(length / 2).min(frames);
        }
        let middle = alone.start + length / 2 + ((frames - length) as f64 * share) as u64;
        around(middle, length, &alone)
    };
    vec![window(0.5), window(0.0), window(1.0)]
}

fn around(middle: u64, length: u64, within: &Range<u64>) -> Range<u64> {
    let from = middle.saturating_sub(length / 2).clamp(within.start, within.end - length);
    from..from + length
}

/// The track frames in which a step plays without the steps that it fades from and into; all of it if there are none.
fn alone(plan: &Plan, index: usize) -> Range<u64> {
    let place = &plan.steps()[index].placement;
    let edge = (EDGE_S * f64::from(plan.sample_rate())) as u64;
    let next = plan.steps().iter().map(|step| &step.placement).filter(|next| next.crossfade.is_some());
    let next = next.map(|next| next.start).filter(|start| *start > place.start).min().unwrap_or(u64::MAX);
    let (from, to) = (place.fade_end().max(place.start + edge), place.end().saturating_sub(edge).min(next));
    if from + 4 * edge < to { from..to } else { place.start..place.end() }
}
