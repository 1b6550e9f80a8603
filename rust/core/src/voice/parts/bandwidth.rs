//! Where the partials of a modulated tone can lie: bounds for [`crate::voice::stages::band_limit`].

use crate::voice::Ramp;

/// Orders of a phase modulation beyond its index that are still audible (Bessel functions fall below 1e-7).
const ORDERS: f64 = 8.0;

/// Frequencies between which something lies, Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl Extent {
    /// Of a frequency that moves along `ramp`.
    pub(crate) fn of(ramp: Ramp) -> Self {
        let (a, b) = (ramp.start.abs(), ramp.end.abs());
        let through_zero = ramp.start.min(ramp.end) <= 0.0 && ramp.start.max(ramp.end) >= 0.0;
        Self { lowest: if through_zero { 0.0 } else { a.min(b) }, highest: a.max(b) }
    }

    /// With sidebands on both sides.
    pub(crate) fn widened(self, by: f64) -> Self {
        Self { lowest: self.lowest - by, highest: self.highest + by }
    }

    /// Of both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self { lowest: self.lowest.min(other.lowest), highest: self.highest.max(other.highest) }
    }
}

/// The greatest magnitude that a value has.
pub(crate) fn greatest(ramp: Ramp) -> f64 {
    ramp.start.abs().max(ramp.end.abs())
}

/// The greatest rate of an oscillator whose phase is its rate times the time: that runs up to `|2·end - start|`.
pub(crate) fn fastest(rate: Ramp) -> f64 {
    if rate.moves() { 3.0 * greatest(rate) } else { rate.start.abs() }
}

/// How far the sidebands reach that a phase oscillation makes; `range` in radians, peak to peak.
pub(crate) fn phase_sidebands(rate: Ramp, range: Ramp) -> f64 {
    if range == Ramp::fixed(0.0) { 0.0 } else { (0.5 * greatest(range) + ORDERS) * fastest(rate) }
}

/// How far the sidebands reach that a vibrato makes; `range` in Hz, peak to peak.
pub(crate) fn vibrato_sidebands(rate: Ramp, range: Ramp) -> f64 {
    if range == Ramp::fixed(0.0) { 0.0 } else { 0.5 * greatest(range) + ORDERS * fastest(rate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_contain_what_they_bound() {
        assert_eq!(Extent::of(Ramp { start: -200.0, end: -150.0 }), Extent { lowest: 150.0, highest: 200.0 });
        assert_eq!(Extent::of(Ramp { start: -20.0, end: 150.0 }), Extent { lowest: 0.0, highest: 150.0 });
        assert_eq!(fastest(Ramp { start: 1.0, end: 4.0 }), 12.0);
        assert_eq!(fastest(Ramp::fixed(-4.0)), 4.0);
        assert_eq!(phase_sidebands(Ramp::fixed(2.0), Ramp::fixed(1.0)), 17.0);
    }
}
