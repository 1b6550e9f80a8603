//! A value that moves from a start to an end while `alpha` goes from 0 to 1.

/// A parameter of one voice: where it starts, where it ends. A static voice has equal ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// Value at alpha 0.
    pub start: f64,
    /// Value at alpha 1.
    pub end: f64,
}

impl Ramp {
    /// Equal ends.
    pub const fn fixed(value: f64) -> Self {
        Self { start: value, end: value }
    }

    /// Value at `alpha` (spec: `start + (end - start)·alpha`).
    #[inline(always)]
    pub fn at(self, alpha: f64) -> f64 {
        self.start + (self.end - self.start) * alpha
    }

    /// Whether it moves at all.
    #[inline]
    pub fn moves(self) -> bool {
        self.start != self.end
    }

    /// Both ends through `f`.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { start: f(self.start), end: f(self.end) }
    }
}
