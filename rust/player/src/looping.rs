//! The loop of a player.

use std::ops::Range;

use realtime_backend_core::error::Error;
use realtime_backend_core::lock::lock;
use realtime_backend_core::stream::Loop;

use crate::mailbox::Replace;
use crate::player::{Player, Result};

/// Shortest loop in seconds.
const SHORTEST_S: f64 = 0.1;

impl Player {
    /// Play `range`, in seconds of the track, again and again; `None` ends the loop. `0.0..f64::INFINITY` is the whole
    /// track.
    ///
    /// At the end of the range the sound goes back to its start with a crossfade as long as that of the track's steps, but
    /// at most half the loop; a track without crossfades has one of the length of
    /// [`PlayerOptions::ramp`](crate::PlayerOptions::ramp). What lies behind the end fades out meanwhile. The period is
    /// the length of the range to the frame. If the track ends before the crossfade would, the loop goes back that much
    /// earlier. Tone voices continue their phases.
    ///
    /// A loop survives edits, clamped to the edited track. After a seek to a place before its end, it plays up to the end
    /// and goes back. After a seek behind its end, the track plays on to its own end.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::Error::Engine) if the range is shorter than 0.1 s or not a range of positive numbers.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// player.set_loop(Some(10.0..20.0))?;
    /// assert_eq!(player.looped(), Some(10.0..20.0));
    /// player.set_loop(Some(0.0..f64::INFINITY))?; // the whole track
    /// assert_eq!(player.looped(), Some(0.0..60.0));
    /// assert!(player.set_loop(Some(20.0..10.0)).is_err());
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn set_loop(&self, range: Option<Range<f64>>) -> Result<()> {
        if let Some(range) = &range
            && !(range.start >= 0.0 && range.start.is_finite() && range.end - range.start >= SHORTEST_S)
        {
            let message = format!(
                "expected a start and an end in seconds, at least {SHORTEST_S} s apart, got {} and {}",
                range.start, range.end
            );
            return Err(Error::invalid("loop", message).into());
        }
        let rate = f64::from(self.rate);
        let crossfade = self.tracks.current().track.globals.crossfade_duration.max(self.options.ramp);
        let frames = |seconds: f64| (seconds * rate).round() as u64;
        let looped = range.as_ref().map(|range| Loop {
            start: frames(range.start),
            end: if range.end.is_finite() { frames(range.end) } else { u64::MAX },
            fade: frames(crossfade),
        });
        *lock(&self.looped) = range;
        self.mailbox.post(|mail| mail.looping = Some(Replace(looped)));
        Ok(())
    }

    /// The part of the track, in seconds, that is played again and again; `None` without a loop.
    pub fn looped(&self) -> Option<Range<f64>> {
        let range = lock(&self.looped).clone()?;
        Some(range.start..range.end.min(self.duration()))
    }
}
