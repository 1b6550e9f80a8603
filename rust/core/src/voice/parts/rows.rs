//! Rows of parameter tables with the limits that keep every voice finite: far beyond anything useful, far below overflow.

use crate::voice::Param;
use crate::voice::param::Moves;

/// A gain, depth or other plain number within ±10⁶.
pub(crate) const fn level(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "", about).range(-1e6, 1e6)
}

/// A frequency within ±10⁶ Hz.
pub(crate) const fn hertz(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "Hz", about).range(-1e6, 1e6)
}

/// An angle within ±10⁶ rad.
pub(crate) const fn radians(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "rad", about).range(-1e6, 1e6)
}

/// The transition voice has its own defaults and does not read the static name.
pub(crate) const fn own(start: f64, end: f64) -> Moves {
    Moves::Own { start, end }
}
