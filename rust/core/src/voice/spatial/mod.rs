//! What the renderers of moving sources share: the path of a source round the listener, what a scene does to it, and
//! measured responses.

pub(crate) mod geometric;
pub(crate) mod hrtf;
pub(crate) mod path;
pub(crate) mod place;
pub(crate) mod rows;
pub mod scene;
pub(crate) mod stage;

use serde_json::Value;

use crate::compat::Compat;
use crate::error::Result;
use path::{Frame, Path};
use rows::CANONICAL_TRAJECTORY;

/// The positions of the path `value` (`canonicalTrajectory` of a voice) at these times, in metres as seen by the listener:
/// x to the front, y to the left, z up. With `Compat::true_workbench` its transform and its listener count.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) with everything that is wrong with the path.
///
/// ```
/// use realtime_backend_core::compat::Compat;
/// use realtime_backend_core::voice::spatial::positions;
/// use serde_json::json;
///
/// let path = json!({"geometry": {"type": "horizontal_orbit"}, "traversal": {"durationS": 8}});
/// let [front, left] = positions(&path, &[0.0, 2.0], Compat::INTENDED)?[..] else { panic!() };
/// assert!((front[0] - 1.5).abs() < 1e-9 && (left[1] - 1.5).abs() < 1e-9);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub fn positions(value: &Value, seconds: &[f64], rules: Compat) -> Result<Vec<[f64; 3]>> {
    let frame = if rules.true_workbench { Frame::Placed } else { Frame::Drawn };
    let (path, _) = Path::read(value, CANONICAL_TRAJECTORY.name, frame, rules)?;
    Ok(seconds.iter().map(|seconds| path.position(*seconds)).collect())
}
