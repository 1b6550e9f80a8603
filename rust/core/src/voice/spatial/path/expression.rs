//! A path whose coordinates are expressions of `u` (spec spatial-workbench 5.3, `mathematical`).

use super::Point;
use super::fields::Reader;
use crate::dsp::expression::{Expression, Grammar};
use crate::error::Error;

/// Names of the coordinates and their defaults.
const DEFAULTS: [(&[&str], &str); 3] = [(&["x"], "cos(2*pi*u)"), (&["y"], "sin(2*pi*u)"), (&["z"], "0")];

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
            match Expression::parse_in(&text, &Grammar::COORDINATE) {
                Ok(expression) => Some(expression),
                Err(Error::Invalid(problems)) => {
                    problems.into_iter().for_each(|problem| fields.error(names[0], problem.message));
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
