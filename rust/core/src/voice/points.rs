//! A band-limited voice at every few frames, with a bound of what lies between: enough to bound its peak.

use std::ops::Range;

/// Frames between points.
pub const SPACING: usize = 8;

/// One stretch of a voice at every [`SPACING`]-th frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Points {
    /// Length of the stretch in frames.
    pub frames: usize,
    /// Left and right at every point, the one after the last frame included.
    pub planes: [Vec<f32>; 2],
    /// What is known of all frames.
    pub limits: Limits,
    /// Frames for which there are no points; the points there are 0.
    pub gaps: Vec<Range<usize>>,
}

/// Bounds of a stretch of sound.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Upper bound of the magnitude.
    pub gain: f64,
    /// Upper bound of the magnitude of the second difference from frame to frame.
    pub bend: f64,
    /// Upper bound of what the points differ from the sound.
    pub error: f64,
    /// Whether any frame is not 0.
    pub sounds: bool,
}

impl Points {
    /// Points for `frames` frames.
    pub fn new(frames: usize) -> Self {
        let plane = vec![0.0; if frames == 0 { 0 } else { frames / SPACING + 1 }];
        Self { frames, planes: [plane.clone(), plane], ..Self::default() }
    }

    /// Take the limits of another part into account.
    pub(crate) fn widen(&mut self, limits: Limits) {
        let own = &mut self.limits;
        own.gain = own.gain.max(limits.gain);
        own.bend = own.bend.max(limits.bend);
        own.error = own.error.max(limits.error);
        own.sounds |= limits.sounds;
    }

    /// Leave out the frames `range`, as far as they lie within the stretch.
    pub(crate) fn leave_out(&mut self, range: Range<usize>) {
        let range = range.start.min(self.frames)..range.end.min(self.frames);
        if !range.is_empty() {
            self.gaps.push(range);
        }
    }
}
