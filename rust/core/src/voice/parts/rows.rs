//! Rows of parameter tables with limits that keep every voice finite: far above useful values, far below overflow.

use crate::voice::Param;
use crate::voice::param::Moves;

/// A row for a gain, a depth or another number without a unit, within ±10⁶.
pub(crate) const fn level(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "", about).range(-1e6, 1e6)
}

/// A row for a frequency within ±10⁶ Hz.
pub(crate) const fn hertz(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "Hz", about).range(-1e6, 1e6)
}

/// A row for an angle within ±10⁶ rad.
pub(crate) const fn radians(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "rad", about).range(-1e6, 1e6)
}

/// Start and end default of a parameter whose static name the transition voice does not read.
pub(crate) const fn own(start: f64, end: f64) -> Moves {
    Moves::Own { start, end }
}
