//! Where a source is: at one place, or on a path.

use std::sync::Arc;

use serde_json::Value;

use super::path::{Frame, Jump, Path, Point};
use super::rows::CANONICAL_TRAJECTORY;
use crate::compat::Compat;
use crate::dsp::direction::polar;
use crate::error::Result;
use crate::voice::params::Params;

/// Points of a path that are looked at for its elevations, and the seconds between them.
const LOOKED_AT: u32 = 240;
const LOOKED_EVERY: f64 = 0.25;

/// The place of a source over time.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// It stays there.
    Still(Point),
    /// It moves.
    Path(Arc<Path>),
}

impl Place {
    /// The path `value` of the parameter `canonicalTrajectory`.
    pub(crate) fn read(value: &Value, frame: Frame, rules: Compat, params: &Params<'_>) -> Result<Self> {
        let (path, noticed) = Path::read(value, CANONICAL_TRAJECTORY.name, frame, rules)?;
        for problem in noticed {
            params.warn(&problem.path, problem.message);
        }
        Ok(Self::Path(Arc::new(path)))
    }

    /// The position at `seconds`.
    pub(crate) fn position(&self, seconds: f64) -> Point {
        match self {
            Self::Still(point) => *point,
            Self::Path(path) => path.position(seconds),
        }
    }

    /// The position at `seconds` for renderers that take positions only, see [`Path::smoothed`].
    pub(crate) fn smoothed(&self, seconds: f64) -> Point {
        match self {
            Self::Still(point) => *point,
            Self::Path(path) => path.smoothed(seconds),
        }
    }

    /// The jump that is under way, see [`Path::jump`].
    pub(crate) fn jump(&self, seconds: f64) -> Option<Jump> {
        match self {
            Self::Still(_) => None,
            Self::Path(path) => path.jump(seconds),
        }
    }

    /// The lowest and the highest elevation in degrees, over the first minute of a path.
    pub(crate) fn elevations(&self) -> [f64; 2] {
        let heights = (0..LOOKED_AT).map(|k| polar(self.smoothed(f64::from(k) * LOOKED_EVERY))[1]);
        heights.fold([90.0_f64, -90.0_f64], |[low, high], e| [low.min(e), high.max(e)])
    }
}
