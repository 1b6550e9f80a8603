//! Units and coordinates of SOFA files.

use crate::dsp::direction::spherical;

/// How the coordinates of an object are written.
pub(super) struct Coordinates {
    spherical: bool,
    /// Metres per unit of length.
    metre: f64,
}

impl Coordinates {
    /// From the attributes `Type` and `Units`; without them degrees and metres.
    pub(super) fn read(what: &str, kind: Option<&str>, units: Option<&str>) -> Result<Self, String> {
        let kind = kind.unwrap_or("spherical").trim().to_lowercase();
        let spherical = match kind.as_str() {
            "spherical" => true,
            "cartesian" => false,
            other => return Err(format!("{what}: expected the type cartesian or spherical, got {other:?}")),
        };
        let default = if spherical { "degree, degree, metre" } else { "metre" };
        let text = units.unwrap_or(default).to_lowercase();
        let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let length = if spherical {
            if !parts.iter().take(2).all(|part| part.starts_with("degree")) || parts.is_empty() {
                return Err(format!("{what}: expected angles in degrees, got the units {text:?}"));
            }
            parts.get(2).copied().unwrap_or("metre")
        } else {
            parts.first().copied().unwrap_or("metre")
        };
        let metre =
            metres(length).ok_or_else(|| format!("{what}: expected a length in metres, got the units {text:?}"))?;
        Ok(Self { spherical, metre })
    }

    /// A point in metres: x forward, y left, z up.
    pub(super) fn point(&self, given: &[f64]) -> [f64; 3] {
        let [a, b, c] = [given[0], given[1], given[2]];
        if self.spherical { spherical(a, b, c * self.metre) } else { [a, b, c].map(|value| value * self.metre) }
    }
}

/// Metres per unit of length.
fn metres(unit: &str) -> Option<f64> {
    match unit {
        "m" | "metre" | "metres" | "meter" | "meters" => Some(1.0),
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => Some(0.01),
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => Some(0.001),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_units_is_read() {
        for (kind, units, given, expected) in [
            (None, None, [90.0, 0.0, 2.0], [0.0, 2.0, 0.0]),
            (Some("Spherical"), Some("degrees;degrees;meter"), [0.0, 90.0, 2.0], [0.0, 0.0, 2.0]),
            (Some("spherical"), Some("degree,degree,cm"), [180.0, 0.0, 150.0], [-1.5, 0.0, 0.0]),
            (Some("cartesian"), Some("mm"), [1.0, 2.0, 3.0], [0.001, 0.002, 0.003]),
            (Some("cartesian"), None, [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ] {
            let point = Coordinates::read("SourcePosition", kind, units).unwrap().point(&given);
            assert!(point.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{kind:?} {units:?} {point:?}");
        }
        for (kind, units) in [("polar", None), ("spherical", Some("radian, radian, metre")), ("cartesian", Some("ft"))]
        {
            assert!(Coordinates::read("SourcePosition", Some(kind), units).is_err());
        }
    }
}
