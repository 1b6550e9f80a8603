//! A path whose coordinates are expressions of `u` (spec spatial-workbench 5.3, `mathematical`).

use std::f64::consts::{E, PI};

use super::Point;
use super::fields::Reader;
use crate::dsp::expression::Expression;
use crate::dsp::expression::functions::{Function, Grammar, one};
use crate::error::Error;

/// Names of the coordinates and their defaults.
const DEFAULTS: [(&[&str], &str); 3] = [(&["x"], "cos(2*pi*u)"), (&["y"], "sin(2*pi*u)"), (&["z"], "0")];

/// Coordinates of paths in `u`, with functions of one argument and no prefix.
const COORDINATE: Grammar = Grammar {
    variable: "u",
    constants: &[("pi", PI), ("e", E)],
    functions: &[("", PLAIN, false)],
    examples: &["u", "pi", "sin", "cos", "tan", "sqrt", "exp", "log"],
    compares: false,
};

/// Functions without a prefix.
const PLAIN: &[Function] = &[
    one("sin", f64::sin),
    one("cos", f64::cos),
    one("tan", f64::tan),
    one("sqrt", f64::sqrt),
    one("abs", f64::abs),
    one("exp", f64::exp),
    one("log", f64::ln),
    one("sinh", f64::sinh),
    one("cosh", f64::cosh),
    one("tanh", f64::tanh),
];

/// One expression for each coordinate.
#[derive(Debug, Clone)]
pub(super) struct Expressions {
    axes: [Expression; 3],
}

impl Expressions {
    /// Read the member `expressions` of a geometry; errors are reported, and the result is then `None`.
    pub(super) fn read(geometry: &Reader<'_>) -> Option<Self> {
        let fields = geometry.lenient_object(&["expressions"]);
        let axes = DEFAULTS.map(|(names, default)| {
            let text = fields.text(names, default);
            match Expression::parse_in(&text, &COORDINATE) {
                Ok(expression) => Some(expression),
                Err(Error::Invalid(problems)) => {
                    for problem in problems {
                        fields.error(names[0], problem.message);
                    }
                    None
                }
                Err(other) => {
                    fields.error(names[0], other.to_string());
                    None
                }
            }
        });
        fields.finish();
        let [Some(x), Some(y), Some(z)] = axes else { return None };
        Some(Self { axes: [x, y, z] })
    }

    pub(super) fn at(&self, u: f64) -> Point {
        std::array::from_fn(|k| self.axes[k].at(u))
    }
}
