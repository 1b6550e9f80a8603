//! Points around the listener: x to the front, y to the left, z up.

/// The point at an azimuth (0 front, positive to the left) and an elevation in degrees.
pub(crate) fn spherical(azimuth: f64, elevation: f64, distance: f64) -> [f64; 3] {
    let (sin_a, cos_a) = azimuth.to_radians().sin_cos();
    let (sin_e, cos_e) = elevation.to_radians().sin_cos();
    [distance * cos_e * cos_a, distance * cos_e * sin_a, distance * sin_e]
}

/// Azimuth and elevation of a point in degrees, and its distance.
pub(crate) fn polar([x, y, z]: [f64; 3]) -> [f64; 3] {
    let flat = x.hypot(y);
    [y.atan2(x).to_degrees(), z.atan2(flat).to_degrees(), flat.hypot(z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_their_azimuth_elevation_and_distance() {
        let half = 0.5_f64.sqrt();
        for (direction, point) in [
            ([0.0, 0.0, 2.0], [2.0, 0.0, 0.0]),
            ([90.0, 0.0, 1.0], [0.0, 1.0, 0.0]),
            ([-90.0, 45.0, 1.0], [0.0, -half, half]),
            ([180.0, -90.0, 3.0], [0.0, 0.0, -3.0]),
        ] {
            let [azimuth, elevation, distance] = direction;
            let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(near(spherical(azimuth, elevation, distance), point), "{direction:?}");
            let [_, e, d] = polar(point);
            assert!((e - elevation).abs() < 1e-12 && (d - distance).abs() < 1e-12, "{direction:?}");
        }
        assert!((polar([0.0, -half, half])[0] + 90.0).abs() < 1e-12);
    }
}
