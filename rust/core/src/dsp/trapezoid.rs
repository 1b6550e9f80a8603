//! The pulse of isochronic tones: rise, plateau, fall, gap (spec voice-pipeline 8).

/// Level, 0 to 1, at `t` seconds into a cycle of `cycle` seconds. `ramp` is the share of the audible part that each
/// flank takes (0.5 and more give a triangle). `gap` is the silent share at the end of the cycle.
#[inline(always)]
pub fn trapezoid(t: f64, cycle: f64, ramp: f64, gap: f64) -> f64 {
    let audible = (1.0 - gap) * cycle;
    let flanks = (2.0 * audible * ramp).max(0.0).min(audible);
    let rise = flanks * 0.5;
    let fall_start = rise + (audible - flanks);
    let falling = if rise > 0.0 { 1.0 - (t - fall_start) / rise } else { 0.0 };
    let level = if t < rise {
        t / rise
    } else if t < fall_start {
        1.0
    } else {
        falling
    };
    // written so that NaN in any argument gives silence
    if cycle > 0.0 && t < audible && level > 0.0 { level.min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::trapezoid;

    #[test]
    fn the_shares_set_the_corners_of_the_pulse() {
        let at = |t| trapezoid(t, 1.0, 0.2, 0.5); // audible half a second, flanks of 0.1 s
        assert_eq!(at(0.0), 0.0);
        assert!((at(0.05) - 0.5).abs() < 1e-12);
        assert_eq!(at(0.25), 1.0);
        assert!((at(0.45) - 0.5).abs() < 1e-12);
        assert_eq!(at(0.5), 0.0);
        assert_eq!(at(0.9), 0.0);
    }

    #[test]
    fn a_negative_ramp_gives_a_rectangle_and_nan_gives_silence() {
        assert_eq!(trapezoid(0.0, 1.0, -0.3, 0.25), 1.0);
        assert_eq!(trapezoid(0.75, 1.0, -0.3, 0.25), 0.0);
        for nan in [[f64::NAN, 1.0, 0.2, 0.1], [0.1, f64::NAN, 0.2, 0.1], [0.1, 1.0, 0.2, f64::NAN]] {
            assert_eq!(trapezoid(nan[0], nan[1], nan[2], nan[3]), 0.0);
        }
    }
}
