//! Bounds of the partials of a modulated tone, for [`crate::voice::stages::band_limit`].

use crate::voice::Ramp;

/// Sideband orders beyond the modulation index that count (the Bessel functions above fall below 1e-7).
const ORDERS: f64 = 8.0;

/// A range of frequencies, Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl Extent {
    /// The range of a frequency that moves along `ramp`.
    pub(crate) fn of(ramp: Ramp) -> Self {
        let (a, b) = (ramp.start.abs(), ramp.end.abs());
        let through_zero = ramp.start.min(ramp.end) <= 0.0 && ramp.start.max(ramp.end) >= 0.0;
        Self { lowest: if through_zero { 0.0 } else { a.min(b) }, highest: a.max(b) }
    }

    /// The range extended by `by` Hz on both sides.
    pub(crate) fn widened(self, by: f64) -> Self {
        Self { lowest: self.lowest - by, highest: self.highest + by }
    }

    /// The range that contains both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self { lowest: self.lowest.min(other.lowest), highest: self.highest.max(other.highest) }
    }
}

/// The largest magnitude of a ramp.
pub(crate) fn greatest(ramp: Ramp) -> f64 {
    ramp.start.abs().max(ramp.end.abs())
}

/// The largest momentary rate of an oscillator whose phase is its current rate times the time: up to `|2·end - start|`.
pub(crate) fn fastest(rate: Ramp) -> f64 {
    if rate.moves() { 3.0 * greatest(rate) } else { rate.start.abs() }
}

/// The reach of the sidebands of a phase oscillation in Hz; `range` in radians, peak to peak.
pub(crate) fn phase_sidebands(rate: Ramp, range: Ramp) -> f64 {
    if range == Ramp::fixed(0.0) { 0.0 } else { (0.5 * greatest(range) + ORDERS) * fastest(rate) }
}

/// The reach of the sidebands of a vibrato in Hz; `range` in Hz, peak to peak.
pub(crate) fn vibrato_sidebands(rate: Ramp, range: Ramp) -> f64 {
    if range == Ramp::fixed(0.0) { 0.0 } else { 0.5 * greatest(range) + ORDERS * fastest(rate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_have_the_expected_values() {
        assert_eq!(Extent::of(Ramp { start: -200.0, end: -150.0 }), Extent { lowest: 150.0, highest: 200.0 });
        assert_eq!(Extent::of(Ramp { start: -20.0, end: 150.0 }), Extent { lowest: 0.0, highest: 150.0 });
        assert_eq!(fastest(Ramp { start: 1.0, end: 4.0 }), 12.0);
        assert_eq!(fastest(Ramp::fixed(-4.0)), 4.0);
        assert_eq!(phase_sidebands(Ramp::fixed(2.0), Ramp::fixed(1.0)), 17.0);
    }
}
