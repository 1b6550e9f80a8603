//! The sleep timer of `play`: `--for`, `--at` and the key `t`.

use jiff::civil::Time as Clock;
use jiff::{ToSpan as _, ZonedDateTime};
use realtime_backend_player::Player;

use crate::args::{Play, Time};

/// Default length of the fade in seconds.
const FADE_S: f64 = 60.0;
/// Seconds that the key adds.
const STEP_S: f64 = 900.0;
/// Seconds above which the key ends the timer.
const MOST_S: f64 = 7200.0;

/// The timer as the listener set it.
pub(super) struct Sleep {
    fade: f64,
    /// The time of day at which the playback ends.
    at: Option<ZonedDateTime>,
}

impl Sleep {
    /// Set the timer of `player` from the arguments.
    pub(super) fn new(args: &Play, player: &Player) -> Self {
        let at = args.at.map(|time| next(time, &ZonedDateTime::now()));
        let sleep = Self { fade: args.fade_out.unwrap_or(FADE_S), at };
        if let Some(seconds) = args.length {
            sleep.set(player, seconds);
        }
        sleep.resume(player);
        sleep
    }

    /// Set the timer anew after a pause: it counts sound, and a time of day does not wait for the listener.
    pub(super) fn resume(&self, player: &Player) {
        if let Some(at) = &self.at {
            self.set(player, seconds_until(at));
        }
    }

    /// 15 minutes more, or no timer after two hours.
    pub(super) fn more(&mut self, player: &Player) {
        self.at = None;
        let seconds = player.timer().unwrap_or(0.0) + STEP_S;
        if seconds > MOST_S { player.cancel_timer() } else { self.set(player, seconds) }
    }

    fn set(&self, player: &Player, seconds: f64) {
        // both are within the range
        let _ = player.stop_after(seconds, self.fade);
    }
}

fn seconds_until(at: &ZonedDateTime) -> f64 {
    ZonedDateTime::now().duration_until(at).as_secs_f64().max(0.0)
}

/// The next moment at which clocks show `time`, after `now`.
fn next(time: Time, now: &ZonedDateTime) -> ZonedDateTime {
    let Time(hour, minute, second) = time;
    let clock = Clock::new(hour, minute, second, 0).unwrap_or_default();
    let on = |day: &ZonedDateTime| day.with().time(clock).build().unwrap_or_else(|_| day.clone());
    let today = on(now);
    if today > *now { today } else { on(&now.checked_add(1.day()).unwrap_or_else(|_| now.clone())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_the_next_one() {
        let now: ZonedDateTime = "2026-11-29T22:00:00+00:00[UTC]".parse().expect("a time");
        let hours = |time: Time| now.duration_until(&next(time, &now)).as_secs_f64() / 3600.0;
        assert_eq!((hours(Time(22, 30, 0)), hours(Time(21, 30, 0)), hours(Time(22, 0, 0))), (0.5, 23.5, 24.0));
    }

    #[test]
    fn a_time_of_day_is_what_clocks_show() {
        // clocks go back by an hour in the night
        let now: ZonedDateTime = "2026-10-24T22:30:00+02:00[Europe/Berlin]".parse().expect("a time");
        assert_eq!(now.duration_until(&next(Time(7, 0, 0), &now)).as_secs_f64() / 3600.0, 9.5);
    }
}
