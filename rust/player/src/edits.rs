//! Edits of the track during playback.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::lock::lock;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::stream::{Playing, Pushed, Source, level};
use realtime_backend_core::track::Track;

use crate::ahead::Current;
use crate::background::Task;
use crate::player::{Error, Player, Result};
use crate::queue::State;
use crate::render_thread::{Begins, TakeOver};

/// Seconds from an edit during playback to the frame at which it takes over.
const TAKE_OVER_S: f64 = 0.025;

impl Player {
    /// Replace the track with an edited one while it plays. Voices that both tracks have keep their phases, and old and
    /// new sound are cross-faded. On an error the old track continues. `interrupt` and [`Self::stop`] cancel the edit.
    ///
    /// # Errors
    /// [`Error::Engine`] if the track cannot be compiled or the edit was cancelled.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, State, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {}}]}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// use realtime_backend_core::interrupt::Interrupt;
    ///
    /// player.play();
    /// let (edited, _) = Track::from_json(r#"{"progression": [{"duration": 90.0, "voices": [
    ///     {"synth_function_name": "binaural_beat", "params": {"beatFreq": 6.0}}]}]}"#)?;
    /// player.update(&edited, &Interrupt::default())?; // the carriers keep their phases
    /// assert_eq!(player.duration(), 90.0);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn update(&self, track: &Track, interrupt: &Interrupt) -> Result<()> {
        let _one = lock(&self.editing);
        *lock(&self.edit) = interrupt.clone();
        if self.closing.load(Ordering::Acquire) {
            interrupt.request();
        }
        let result = self.try_update(track, interrupt);
        match &result {
            Ok(()) => *lock(&self.last_error) = None,
            Err(Error::Engine(realtime_backend_core::error::Error::Cancelled)) => {}
            Err(error) => self.refuse(error.to_string()),
        }
        result
    }

    /// Record `reason` as [`last_error`](Self::last_error), for an edit that failed before [`update`](Self::update)
    /// could be called.
    pub fn refuse(&self, reason: String) {
        *lock(&self.last_error) = Some(reason);
    }

    fn try_update(&self, track: &Track, interrupt: &Interrupt) -> Result<()> {
        let before = self.tracks.current();
        let old = before.plan;
        let ahead = if self.state() == State::Playing { TAKE_OVER_S } else { 0.0 };
        let frame = self.shared.reach_frame.load(Ordering::Acquire) + (ahead * f64::from(self.rate)) as u64;
        let options = PlanOptions { interrupt: interrupt.clone(), ..self.plan_options.clone() };
        let (plan, warnings) = Plan::compile_continuing(track, &options, &old, frame)?;
        let plan = Arc::new(plan);
        let clips = before.clips.edited(track, &plan, self.plan_options.gains.clips);
        let target = self.options.target_level;
        // an edit begins at the gain that is heard now
        let begin = target.stream_peak(&old).map(|peak| level::gain(&old, peak));
        let playing = Playing::new(Arc::clone(&plan), clips.clone(), frame).at_level(target.stream_peak(&plan), begin);
        let (number, entry, track) = (self.tracks.number(), before.entry, Arc::new(track.clone()));
        self.tracks.set(Current { number, entry, track, plan: Arc::clone(&plan), clips, warnings });
        let source = Box::new(Source { playing, number, entry });
        let edit = TakeOver { source, begins: Begins::Edit(frame) };
        let unused = self.mailbox.post(|mail| mail.source.replace(edit));
        drop(unused); // an earlier edit that the render thread had not taken yet
        if let Some(tasks) = lock(&self.tasks).as_ref() {
            tasks.send(Task::Measure(plan)).ok();
        }
        Ok(())
    }

    /// Append interleaved stereo samples, at the sample rate of [`Self::info`], to the streamed clip `index` of the
    /// track. `finished` says that no more samples follow.
    ///
    /// # Errors
    /// [`Error::Engine`] if the clip `index` is not a streamed clip.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// let (track, _) = Track::from_json(
    ///     r#"{"progression": [{"duration": 60.0}], "overlay_clips": [{"streaming": true, "start": 10.0}]}"#,
    /// )?;
    /// let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// let pushed = player.push_clip_samples(0, &[0.0; 2 * 441], false)?;
    /// assert_eq!(pushed.frames, 441);
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        let clip = self.tracks.current().clips.get(index)?.clone();
        Ok(clip.push(interleaved, finished))
    }
}
