//! Jumps and bends of a movement, rounded: the movement averaged over a short time with a smooth weight.
//!
//! The weight is `35/16·(1 - 4x²)³` for `x` from -½ to ½. A rounded jump has three continuous derivatives, so its
//! spectrum falls by 30 dB per octave above the reciprocal of its length.

/// Seconds that a rounded jump of a pan or a path takes.
pub const SECONDS: f64 = 0.008;

/// What rounding adds to a jump by 1 at `x` = 0. `x` is in units of the length; beyond ±½ nothing is added.
#[inline]
pub fn step(x: f64) -> f64 {
    if x.abs() >= 0.5 {
        return 0.0;
    }
    let s = x * x;
    let rounded = 0.5 + 35.0 / 16.0 * x * (1.0 + s * (-4.0 + s * (48.0 / 5.0 - s * (64.0 / 7.0))));
    rounded - if x < 0.0 { 0.0 } else { 1.0 }
}

/// What rounding adds to a movement whose slope changes by 1 at `x` = 0, as [`step`].
#[inline]
pub fn bend(x: f64) -> f64 {
    if x.abs() >= 0.5 {
        return 0.0;
    }
    let s = x * x;
    let rounded = 35.0 / 512.0 + 0.5 * x + 35.0 / 16.0 * s * (0.5 + s * (-1.0 + s * (8.0 / 5.0 - s * (8.0 / 7.0))));
    rounded - x.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The average of `f` around `x` with the weight of this module, by the trapezoidal rule.
    fn averaged(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        const N: i32 = 20_000;
        let weight = |y: f64| 35.0 / 16.0 * (1.0 - 4.0 * y * y).powi(3);
        (-N..=N).map(|i| f64::from(i) / f64::from(2 * N)).map(|y| weight(y) * f(x - y) / f64::from(2 * N)).sum()
    }

    #[test]
    fn rounded_jumps_and_bends_are_weighted_averages() {
        for i in -24..=24 {
            let x = f64::from(i) / 40.0 + 1e-9;
            let jump = |x: f64| f64::from(u8::from(x >= 0.0));
            assert!((jump(x) + step(x) - averaged(jump, x)).abs() < 1e-4, "{x}");
            let corner = |x: f64| x.max(0.0);
            assert!((corner(x) + bend(x) - averaged(corner, x)).abs() < 1e-8, "{x}");
        }
    }

    #[test]
    fn rounding_ends_without_a_jump() {
        for x in [-0.5, 0.5_f64] {
            let inside = x * (1.0 - 1e-9);
            assert!(step(inside).abs() < 1e-12 && bend(inside).abs() < 1e-12);
        }
        assert!((step(-1e-12) - step(1e-12) - 1.0).abs() < 1e-9);
    }
}
