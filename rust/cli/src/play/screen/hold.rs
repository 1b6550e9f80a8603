//! Levels that fall slowly and peaks that are held, so that eyes can follow.

use super::view::Level;

/// How fast a level falls, dB per second.
const FALL: f64 = 24.0;
/// How long a peak is held before it falls, seconds.
const HOLD: f64 = 1.5;
/// The level of silence, dBFS.
const SILENCE: f64 = -120.0;

/// The level of one channel over time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    level: Level,
    /// Seconds since the peak that is held.
    age: f64,
}

impl Hold {
    pub(super) const SILENT: Self = Self { level: Level { now: SILENCE, held: SILENCE }, age: 0.0 };

    /// The level after `passed` seconds in which the largest magnitude was `peak` (1: full scale).
    pub(super) fn take(&mut self, peak: f32, passed: f64) -> Level {
        let new = (20.0 * f64::from(peak).log10()).max(SILENCE);
        let Level { now, held } = self.level;
        self.level.now = new.max(now - FALL * passed).max(SILENCE);
        self.age += passed;
        if new >= held {
            (self.level.held, self.age) = (new, 0.0);
        } else if self.age > HOLD {
            let falling = (self.age - HOLD).min(passed);
            self.level.held = (held - FALL * falling).max(self.level.now);
        }
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_rise_at_once_and_fall_24_db_per_second() {
        let mut hold = Hold::SILENT;
        let level = hold.take(0.5, 0.05);
        // half of full scale is -6.0206 dBFS
        assert!((level.now + 6.0206).abs() < 1e-4 && level.held == level.now);
        assert!((hold.take(0.0, 0.5).now + 18.0206).abs() < 1e-4);
        assert!((hold.take(1.0, 0.05).now).abs() < 1e-9);
    }

    #[test]
    fn a_peak_is_held_for_one_and_a_half_seconds() {
        let mut hold = Hold::SILENT;
        hold.take(0.1, 0.05);
        assert!((hold.take(0.0, 1.5).held + 20.0).abs() < 1e-6);
        assert!((hold.take(0.0, 0.5).held + 32.0).abs() < 1e-6);
        // silence is reached and not passed
        assert_eq!(hold.take(0.0, 100.0), Level { now: SILENCE, held: SILENCE });
    }
}
