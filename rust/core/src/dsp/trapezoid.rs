//! The pulse of isochronic tones: rise, plateau, fall, gap (spec voice-pipeline 8).

/// The corners of a pulse within its cycle, in any unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trapezoid {
    /// End of the rise, which is as long as the fall.
    pub rise: f64,
    /// Start of the fall.
    pub fall: f64,
    /// End of the audible part.
    pub audible: f64,
}

impl Trapezoid {
    /// A pulse in a cycle of length `cycle`. `ramp` is the share of the audible part that each flank takes (0.5 and
    /// more give a triangle). `gap` is the silent share at the end of the cycle.
    #[inline(always)]
    pub fn new(cycle: f64, ramp: f64, gap: f64) -> Self {
        let audible = (1.0 - gap) * cycle;
        let flanks = (2.0 * audible * ramp).max(0.0).min(audible);
        let rise = flanks * 0.5;
        Self { rise, fall: rise + (audible - flanks), audible }
    }

    /// The level at `t`. Rounding may leave it slightly outside 0..1.
    #[inline(always)]
    pub fn level(self, t: f64) -> f64 {
        if t >= self.audible {
            0.0
        } else if t < self.rise {
            t / self.rise
        } else if t < self.fall {
            1.0
        } else if self.rise > 0.0 {
            1.0 - (t - self.fall) / self.rise
        } else {
            0.0
        }
    }
}

/// Audible part and length of each flank of a pulse, in cycles. `ramp` is the flank as a fraction of the audible part,
/// `gap` the silent fraction of the cycle.
#[inline(always)]
pub fn form(ramp: f64, gap: f64) -> (f64, f64) {
    let open = 1.0 - gap;
    (open, (2.0 * ramp * open).min(open) / 2.0)
}

/// The level, 0 to 1, at `position` in the cycle (0..1) of a pulse of this [`form`], without branches.
#[inline(always)]
pub fn formed(position: f64, (open, flank): (f64, f64)) -> f64 {
    let inside = position.min(open - position);
    let level = if inside >= flank { 1.0 } else { (inside / flank).max(0.0) };
    if position < open { level } else { 0.0 }
}

/// Level, 0 to 1, at `t` seconds into a cycle of `cycle` seconds, for the shares of [`Trapezoid::new`].
#[inline(always)]
pub fn trapezoid(t: f64, cycle: f64, ramp: f64, gap: f64) -> f64 {
    let pulse = Trapezoid::new(cycle, ramp, gap);
    let level = pulse.level(t);
    // written so that NaN in any argument gives silence
    if cycle > 0.0 && t < pulse.audible && level > 0.0 { level.min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{form, formed, trapezoid};

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
    fn both_ways_to_compute_the_level_agree() {
        for (ramp, gap) in [(0.0, 0.5), (0.2, 0.15), (0.5, 0.0), (0.9, 0.3), (0.3, 1.0)] {
            for i in 0..997 {
                let position = f64::from(i) / 997.0;
                let (a, b) = (formed(position, form(ramp, gap)), trapezoid(position, 1.0, ramp, gap));
                assert!((a - b).abs() < 1e-12, "{ramp} {gap} {position}: {a} {b}");
            }
        }
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
