//! Points around the listener: x to the front, y to the left, z up.

/// The point at an azimuth (0 front, positive to the left) and an elevation in degrees.
pub(crate) fn spherical(azimuth: f64, elevation: f64, distance: f64) -> [f64; 3] {
    let (sin_a, cos_a) = azimuth.to_radians().sin_cos();
    let (sin_e, cos_e) = elevation.to_radians().sin_cos();
    [distance * cos_e * cos_a, distance * cos_e * sin_a, distance * sin_e]
}
