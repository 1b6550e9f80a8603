//! How a path is traversed: the progress from 0 to 1 as a function of time (spec spatial-workbench 5.1).

use std::f64::consts::PI;

use super::fields::Reader;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Loop,
    OneShot,
    PingPong,
    Jumps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Easing {
    Linear,
    Sine,
    Smoothstep,
}

/// The traversal of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Traversal {
    /// Length of one way, seconds.
    duration: f64,
    mode: Mode,
    backwards: bool,
    easing: Easing,
    /// Places of a path in jumps.
    steps: f64,
    /// Length of the fade before each jump, seconds.
    crossfade: f64,
}

impl Traversal {
    const DEFAULT: Self =
        Self { duration: 5.0, mode: Mode::Loop, backwards: false, easing: Easing::Linear, steps: 8.0, crossfade: 0.0 };

    /// Read the object `traversal`; errors are reported, and the result is then `None`.
    pub(super) fn read(fields: Option<&Reader<'_>>) -> Option<Self> {
        let Some(fields) = fields else { return Some(Self::DEFAULT) };
        let mode = match fields.choice(&["mode"], &["loop", "one_shot", "ping_pong", "discontinuous"]) {
            Some("one_shot") => Mode::OneShot,
            Some("ping_pong") => Mode::PingPong,
            Some("discontinuous") => Mode::Jumps,
            _ => Mode::Loop,
        };
        let easing = match fields.choice(&["easing"], &["linear", "sine", "smooth", "smoothstep"]) {
            Some("sine" | "smooth") => Easing::Sine,
            Some("smoothstep") => Easing::Smoothstep,
            _ => Easing::Linear,
        };
        let direction = fields.number(&["direction"], 1.0).trunc();
        if direction.abs() != 1.0 {
            fields.error("direction", format!("expected 1 or -1, got {direction}"));
        }
        let found = Self {
            duration: fields.positive(&["durationS"], 5.0),
            mode,
            backwards: direction < 0.0,
            easing,
            steps: fields.whole(&["steps"], (2.0, 1e6), 8.0),
            crossfade: fields.at_least_0(&["crossfadeS"], 0.0),
        };
        fields.finish();
        Some(found)
    }

    /// The progress at `seconds`. The order of the operations decides on which frame a jump falls.
    pub(super) fn progress(&self, seconds: f64) -> f64 {
        let x = seconds / self.duration;
        let p = match self.mode {
            Mode::OneShot => x.clamp(0.0, 1.0),
            Mode::PingPong => 1.0 - (2.0 * x.rem_euclid(1.0) - 1.0).abs(),
            Mode::Loop | Mode::Jumps => x.rem_euclid(1.0),
        };
        let p = if self.backwards { 1.0 - p } else { p };
        let p = match self.easing {
            Easing::Linear => p,
            Easing::Sine => 0.5 - 0.5 * (PI * p).cos(),
            Easing::Smoothstep => p * p * (3.0 - 2.0 * p),
        };
        if self.mode == Mode::Jumps { ((p * self.steps).floor() / (self.steps - 1.0)).clamp(0.0, 1.0) } else { p }
    }

    /// The progress of the fade that is under way at `seconds` (above 0, at most 1), and the time of the place to which
    /// it leads.
    pub(super) fn fade(&self, seconds: f64) -> Option<(f64, f64)> {
        if self.mode != Mode::Jumps || self.crossfade <= 0.0 {
            return None;
        }
        let period = self.duration / self.steps;
        let length = self.crossfade.min(period);
        let part = ((seconds.rem_euclid(period) - (period - length)) / length).clamp(0.0, 1.0);
        (part > 0.0).then(|| (part, seconds + period))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_give_the_progress_of_their_definition() {
        let at = |mode, seconds| Traversal { duration: 4.0, mode, ..Traversal::DEFAULT }.progress(seconds);
        assert_eq!([1.0, 5.0, -1.0].map(|t| at(Mode::Loop, t)), [0.25, 0.25, 0.75]);
        assert_eq!([1.0, 5.0, -1.0].map(|t| at(Mode::OneShot, t)), [0.25, 1.0, 0.0]);
        assert_eq!([1.0, 2.0, 3.0].map(|t| at(Mode::PingPong, t)), [0.5, 1.0, 0.5]);
        assert_eq!([0.0, 0.49, 0.5, 3.9].map(|t| at(Mode::Jumps, t)), [0.0, 0.0, 1.0 / 7.0, 1.0]);
        let back = Traversal { duration: 4.0, backwards: true, ..Traversal::DEFAULT };
        assert_eq!([0.0, 1.0].map(|t| back.progress(t)), [1.0, 0.75]);
    }

    #[test]
    fn a_fade_ends_where_the_jump_is() {
        let jumps = Traversal { duration: 4.0, mode: Mode::Jumps, crossfade: 0.1, ..Traversal::DEFAULT };
        assert_eq!(jumps.fade(0.4), None);
        let (part, later) = jumps.fade(0.475).unwrap();
        assert!((part - 0.75).abs() < 1e-12 && (later - 0.975).abs() < 1e-12);
        assert_eq!(jumps.progress(later), jumps.progress(0.5));
    }
}
