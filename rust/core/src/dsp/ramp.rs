//! A value that moves from a start to an end while `alpha` goes from 0 to 1.

/// Start and end of one parameter of a voice. In a static voice both are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// Value at alpha 0.
    pub start: f64,
    /// Value at alpha 1.
    pub end: f64,
}

impl Ramp {
    /// A ramp that stays at `value`.
    pub const fn fixed(value: f64) -> Self {
        Self { start: value, end: value }
    }

    /// Value at `alpha` (spec: `start + (end - start)·alpha`).
    #[inline(always)]
    pub fn at(self, alpha: f64) -> f64 {
        self.start + (self.end - self.start) * alpha
    }

    /// Whether start and end differ.
    #[inline]
    pub fn moves(self) -> bool {
        self.start != self.end
    }

    /// The ramp with `f` applied to both ends.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { start: f(self.start), end: f(self.end) }
    }
}
