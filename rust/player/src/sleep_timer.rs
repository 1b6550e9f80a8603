//! The sleep timer of a player.

use std::sync::atomic::Ordering;

use realtime_backend_core::error::Error;
use realtime_backend_core::lock::lock;

use crate::order::Order;
use crate::player::{Player, Result};

/// Longest time of the timer in seconds, about three years.
const LONGEST_S: f64 = 1e8;

impl Player {
    /// Fade out over the last `fade` seconds of the next `seconds`, then end the playback with the state
    /// [`Finished`](crate::State::Finished), without a click. The position stays where the silence began, and
    /// [`play`](Self::play) continues there without a timer.
    ///
    /// The time that is heard counts: while the player is paused, the timer stands still. Seeks, edits and loops do not
    /// change it. It replaces an earlier timer; a fade that has begun then ramps to the new gain. At `n` frames before
    /// the silence the gain is [`smooth`](realtime_backend_core::stream::ramps::smooth)`(n / fade)`. Both times are at
    /// least one ramp ([`PlayerOptions::ramp`](crate::PlayerOptions::ramp)), and the fade is at most `seconds`.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::Error::Engine) if a number is negative, not finite or above 1e8.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.play();
    /// player.stop_after(0.2, 0.1)?;
    /// assert!(player.timer().is_some_and(|left| left <= 0.2));
    /// assert!(player.wait(None)); // 0.2 s later
    /// assert_eq!(player.state(), State::Finished);
    /// assert!(player.position() < 0.3);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn stop_after(&self, seconds: f64, fade: f64) -> Result<()> {
        for (name, value) in [("seconds", seconds), ("fade", fade)] {
            if !(0.0..=LONGEST_S).contains(&value) {
                let message = format!("expected a number of seconds from 0 to {LONGEST_S}, got {value}");
                return Err(Error::invalid(name, message).into());
            }
        }
        let frames = |seconds: f64| (seconds * f64::from(self.rate)).round() as u64;
        let ramp = frames(self.options.ramp).max(1);
        let length = frames(seconds).max(ramp);
        self.order(Order { length, fade: frames(fade).clamp(ramp, length) });
        Ok(())
    }

    /// End the sleep timer. A fade that has begun is taken back with a ramp.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.stop_after(2700.0, 300.0)?;
    /// player.cancel_timer();
    /// assert_eq!(player.timer(), None);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn cancel_timer(&self) {
        self.order(Order { length: Order::NEVER, fade: 0 });
    }

    fn order(&self, order: Order) {
        let mut given = lock(&self.order);
        *given = (self.shared.orders.give(order), order.length);
    }

    /// Seconds of sound until the sleep timer ends the playback; `None` without a timer.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.timer(), None);
    /// player.stop_after(30.0, 5.0)?;
    /// assert_eq!(player.timer(), Some(30.0)); // the player is paused
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn timer(&self) -> Option<f64> {
        let (count, length) = *lock(&self.order);
        let followed = self.shared.order.load(Ordering::Acquire) == count;
        let left = if followed { self.shared.timer.load(Ordering::Acquire) } else { length };
        (left != Order::NEVER).then(|| left as f64 / f64::from(self.rate))
    }
}
