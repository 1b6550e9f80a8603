//! The track cut at every frame where a step begins, finishes fading in, or ends. Within a segment the set of steps and
//! their roles do not change, so that the mixer has nothing to decide there.

use super::timeline::{Placement, Timeline};

/// One step within a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Index in [`Timeline::placements`].
    pub index: usize,
    /// Whether the layers before it in the segment are being crossfaded into it.
    pub fading: bool,
}

/// A stretch of the track in which the same steps sound in the same roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// First frame.
    pub start: u64,
    /// First frame after it.
    pub end: u64,
    /// The steps that sound, in the order in which they are mixed; empty in a gap.
    pub layers: Vec<Layer>,
}

/// All segments of `timeline`, contiguous from 0 to its end.
pub(crate) fn segments(timeline: &Timeline) -> Vec<Segment> {
    let edges_of = |p: &Placement| [p.start, p.fade_end().min(p.end()), p.end()];
    let placements = &timeline.placements;
    let mut edges: Vec<u64> = placements.iter().flat_map(edges_of).chain([0]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut coming: Vec<usize> = (0..placements.len()).collect();
    coming.sort_by_cached_key(|index| placements[*index].start);
    let mut coming = coming.into_iter().peekable();
    // The steps that sound, in the order of the track.
    let mut sounding: Vec<usize> = Vec::new();
    let segment = |span: &[u64]| {
        let (start, end) = (span[0], span[1]);
        sounding.retain(|index| start < placements[*index].end());
        while let Some(index) = coming.next_if(|index| placements[*index].start <= start) {
            if start < placements[index].end() {
                sounding.insert(sounding.partition_point(|other| *other < index), index);
            }
        }
        let layer = |index: &usize| Layer { index: *index, fading: start < placements[*index].fade_end() };
        Segment { start, end, layers: sounding.iter().map(layer).collect() }
    };
    edges.windows(2).map(segment).collect()
}

/// The segments that overlap `from..to`.
pub(crate) fn within(segments: &[Segment], from: u64, to: u64) -> &[Segment] {
    let first = segments.partition_point(|segment| segment.end <= from);
    let last = segments.partition_point(|segment| segment.start < to);
    &segments[first..last.max(first)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::timeline::Crossfade;
    use crate::track::CrossfadeCurve;

    fn placement(start: u64, placed: u64, fade: u64) -> Placement {
        let crossfade = (fade > 0).then_some(Crossfade { frames: fade, curve: CrossfadeCurve::Linear });
        Placement { step: 0, start, frames: placed, placed, seconds: 0.0, duration: 1.0, crossfade }
    }

    #[test]
    fn segments_follow_starts_fades_and_ends() {
        let timeline =
            Timeline { placements: vec![placement(0, 100, 0), placement(80, 50, 20), placement(200, 10, 0)], end: 210 };
        let found = segments(&timeline);
        let spans: Vec<_> = found.iter().map(|s| (s.start, s.end, s.layers.len())).collect();
        assert_eq!(spans, [(0, 80, 1), (80, 100, 2), (100, 130, 1), (130, 200, 0), (200, 210, 1)]);
        assert_eq!(found[1].layers[1], Layer { index: 1, fading: true });
        assert_eq!(found[2].layers[0], Layer { index: 1, fading: false });
        assert_eq!(within(&found, 90, 131).len(), 3);
        assert_eq!(within(&found, 100, 100).len(), 0);
        assert_eq!(within(&found, 500, 600).len(), 0);
    }
}
