//! Stages: spans of scene time that fade in and out, and the shapes of what follows them (spec spatial-workbench 3.1).

/// A fade shorter than this, in seconds, is none.
const NO_FADE: f64 = 1e-12;

/// A span of time with its fades inside, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    start: f64,
    end: f64,
    fade_in: f64,
    fade_out: f64,
}

impl Span {
    /// A span of `duration` seconds. Fades that do not fit into it are squeezed.
    ///
    /// ```
    /// use realtime_backend_core::voice::spatial::scene::Span;
    ///
    /// let span = Span::new(1.0, 4.0, 2.0, 0.0);
    /// assert_eq!([0.5, 2.0, 4.0, 5.0].map(|t| span.weight(t)), [0.0, 0.5, 1.0, 0.0]);
    /// ```
    pub fn new(start: f64, duration: f64, fade_in: f64, fade_out: f64) -> Self {
        let fades = fade_in + fade_out;
        let factor = if duration > 0.0 && fades > duration { duration / fades } else { 1.0 };
        Self { start, end: start + duration, fade_in: fade_in * factor, fade_out: fade_out * factor }
    }

    /// How far the stage is in force at `t` seconds, 0 to 1.
    pub fn weight(&self, t: f64) -> f64 {
        if t < self.start || t >= self.end {
            return 0.0;
        }
        let mut weight: f64 = 1.0;
        if self.fade_in > NO_FADE && t < self.start + self.fade_in {
            weight = smooth((t - self.start) / self.fade_in);
        }
        if self.fade_out > NO_FADE && t >= self.end - self.fade_out {
            weight = weight.min(smooth((self.end - t) / self.fade_out));
        }
        weight
    }

    /// Whether the weight is the same from `from` to `to` seconds.
    pub(crate) fn is_steady(&self, from: f64, to: f64) -> bool {
        let full = from >= self.start + self.fade_in && to < self.end - self.fade_out;
        to < self.start || from >= self.end || full
    }
}

/// `x²(3-2x)`, with `x` limited to 0..1.
fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// How a value follows the weight of a stage, or a modulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// In a straight line.
    #[default]
    Linear,
    /// Slowly at both ends.
    Smooth,
    /// Slowly at first.
    Exponential,
    /// Not until the end.
    Hold,
}

impl Shape {
    /// The names in a scene.
    pub const NAMES: &'static [&'static str] = &["linear", "smooth", "exponential", "hold"];

    /// The shape of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "linear" => Self::Linear,
            "smooth" => Self::Smooth,
            "exponential" => Self::Exponential,
            "hold" => Self::Hold,
            _ => return None,
        })
    }

    /// The shaped value of `x`, which is limited to 0..1.
    ///
    /// ```
    /// use realtime_backend_core::voice::spatial::scene::Shape;
    ///
    /// assert_eq!(Shape::Smooth.at(0.5), 0.5);
    /// assert_eq!([0.99, 1.0].map(|x| Shape::Hold.at(x)), [0.0, 1.0]);
    /// ```
    pub fn at(self, x: f64) -> f64 {
        let x = x.clamp(0.0, 1.0);
        match self {
            Self::Linear => x,
            Self::Smooth => smooth(x),
            Self::Exponential => ((3.0 * x).exp() - 1.0) / (3.0_f64.exp() - 1.0),
            Self::Hold => f64::from(u8::from(x >= 1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_fades_are_squeezed_into_the_span() {
        let span = Span::new(0.0, 1.0, 3.0, 1.0);
        assert_eq!(span.weight(0.75), 1.0);
        assert!((span.weight(0.375) - 0.5).abs() < 1e-12 && (span.weight(0.875) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_span_without_length_is_never_in_force() {
        let span = Span::new(1.0, 0.0, 0.0, 0.0);
        assert_eq!([0.9, 1.0, 1.1].map(|t| span.weight(t)), [0.0; 3]);
    }

    #[test]
    fn a_steady_span_has_one_weight() {
        let span = Span::new(1.0, 2.0, 0.5, 0.5);
        for (from, to, steady) in
            [(0.0, 0.9, true), (0.9, 1.1, false), (1.5, 2.4, true), (2.4, 2.6, false), (3.0, 9.0, true)]
        {
            assert_eq!(span.is_steady(from, to), steady, "{from} {to}");
        }
    }

    #[test]
    fn shapes_run_from_0_to_1() {
        for name in Shape::NAMES {
            let shape = Shape::named(name).unwrap();
            assert_eq!([-1.0, 0.0, 1.0, 2.0].map(|x| shape.at(x)), [0.0, 0.0, 1.0, 1.0], "{name}");
        }
        let half = (1.5_f64.exp() - 1.0) / (3.0_f64.exp() - 1.0);
        assert!((Shape::Exponential.at(0.5) - half).abs() < 1e-15);
        assert_eq!(Shape::named("steps"), None);
    }
}
