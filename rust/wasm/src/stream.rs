//! A track as frames that are pulled, with pause, seek and edits that do not click.
//!
//! Every frame has an index: the number of frames pulled before it. Frames that were pulled but not heard yet can be
//! taken back ([`Stream::rewind`]). A plan is a pure function of the frame, so the same frames come again, or other
//! ones after a command. So a command takes effect at once, however much sound is buffered.

mod looping;
mod pull;
mod timer;

use std::collections::VecDeque;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::plan::{IncrementalAnalysis, Plan, PlanOptions};
use realtime_backend_core::stream::ramps::{GainGlide, crossfade_gain};
use realtime_backend_core::stream::{Loop, Playing, Pushed, StreamClips};
use realtime_backend_core::track::Track;

use crate::edit::Edit;
use crate::fade::Fade;
use crate::options::StreamOptions;
use crate::state::{State, TransportCommand};
use timer::Timer;

/// Most frames that are rendered at a time.
const CHUNK: usize = 512;

/// A stretch of the stream: from index `index` on, it plays the track from frame `frame` on.
#[derive(Debug, Clone, Copy)]
struct Piece {
    index: u64,
    frame: u64,
    /// Length, in frames, of the fade-in at the start of the track; 0: none.
    rise: u64,
    /// Track frame that the round of a loop before goes on with, and for how many frames it fades out.
    tail: Option<(u64, u64)>,
}

/// Both channels of frames that are rendered.
#[derive(Default)]
struct Ready {
    left: Vec<f32>,
    right: Vec<f32>,
    /// Number of frames that were pulled.
    taken: usize,
}

/// A track whose frames are pulled. Frames that were not heard yet can be taken back.
pub struct Stream {
    plan_options: PlanOptions,
    playing: Playing,
    /// The loop that plays.
    looping: Option<Loop>,
    /// The sound of the round before, while it fades out.
    tail: Option<Playing>,
    timer: Timer,
    /// Whether the sleep timer has ended the playback.
    slept: bool,
    survey: IncrementalAnalysis,
    warnings: Vec<Problem>,
    command: TransportCommand,
    /// Index of the frame that is pulled next.
    index: u64,
    pieces: VecDeque<Piece>,
    fade: Fade,
    /// Frames before this index cannot be taken back.
    fence: u64,
    /// A rendered crossfade or fade-out that comes before further frames.
    mixed: Ready,
    /// [`Piece::rise`] of a piece that begins at the start of the track.
    startup: u64,
    /// Length of the ramps in frames.
    ramp: u64,
    glide: GainGlide,
    volume: f32,
}

impl Stream {
    /// Compile `track`. The stream is stopped at `options.start`.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn new(track: &Track, options: &StreamOptions) -> Result<Self> {
        let plan_options = PlanOptions {
            sample_rate: options.sample_rate,
            compat: options.compat,
            seed: options.seed,
            on_error: options.on_error,
            media_cache: Some(Arc::clone(&options.media_cache)),
            ..PlanOptions::default()
        };
        let (plan, warnings) = Plan::compile(track, &plan_options)?;
        let plan = Arc::new(plan);
        let rate = f64::from(plan.sample_rate());
        let frames = |seconds: f64| (seconds.max(0.0) * rate) as u64;
        let start = frames(options.start).min(plan.frames());
        let startup = frames(options.startup_fade);
        let ramp = options.ramp.clamp(0.001, 0.5);
        let volume = options.volume.clamp(0.0, 1.0);
        let glide = GainGlide::new(volume, ramp as f32, plan.sample_rate());
        let clips = StreamClips::of(track, &plan, 1.0);
        Ok(Self {
            plan_options,
            survey: IncrementalAnalysis::new(Arc::clone(&plan)),
            playing: Playing::new(plan, clips, start),
            looping: None,
            tail: None,
            timer: Timer::OFF,
            slept: false,
            warnings,
            command: TransportCommand::Stop,
            index: 0,
            pieces: VecDeque::from([Piece {
                index: 0,
                frame: start,
                rise: if start == 0 { startup } else { 0 },
                tail: None,
            }]),
            fade: Fade::resting(0.0),
            fence: 0,
            mixed: Ready::default(),
            startup,
            ramp: frames(ramp),
            glide,
            volume,
        })
    }

    /// The plan that plays.
    pub const fn plan(&self) -> &Arc<Plan> {
        self.playing.plan()
    }

    /// Frames per second.
    pub fn sample_rate(&self) -> u32 {
        self.plan().sample_rate()
    }

    /// Findings about the track that plays.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Put `earlier` findings, from loading the track, before those of its compilation.
    pub(crate) fn found(&mut self, mut earlier: Vec<Problem>) {
        add_new(&mut earlier, std::mem::take(&mut self.warnings));
        self.warnings = earlier;
    }

    /// Number of frames pulled so far.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Track frame of the frame with this index. Later calls must not ask for earlier indices.
    pub fn frame_at(&mut self, index: u64) -> u64 {
        while self.pieces.len() > 1 && self.pieces[1].index <= index {
            self.pieces.pop_front();
        }
        let piece = self.pieces[0];
        (piece.frame + index.saturating_sub(piece.index)).min(self.plan().frames())
    }

    /// State when the frames before `heard` have been heard.
    pub fn state(&self, heard: u64) -> State {
        let silent = heard >= self.index;
        match self.command {
            TransportCommand::Stop => State::Stopped,
            TransportCommand::Pause if self.slept => {
                if silent {
                    State::Finished
                } else {
                    State::Playing
                }
            }
            TransportCommand::Pause => State::Paused,
            TransportCommand::Play if silent && self.ended() => State::Finished,
            TransportCommand::Play => State::Playing,
        }
    }

    /// Fill both channels with the next frames and return their number. At the end of the track and of a fade-out there
    /// are fewer frames, and the rest is silent.
    pub fn fill(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let len = left.len().min(right.len());
        let mut done = 0;
        while done < len && !self.is_resting() && !self.ended() {
            let mut count = (len - done).min(CHUNK).min(self.timer.left(self.index));
            if self.command != TransportCommand::Play {
                count = count.min((self.fade.end() - self.index) as usize);
            }
            let (l, r) = (&mut left[done..done + count], &mut right[done..done + count]);
            let count = self.next(l, r);
            self.fade.apply(self.index, &mut l[..count], &mut r[..count]);
            self.turn_volume(&mut l[..count], &mut r[..count]);
            self.timer.apply(self.index, self.ramp, &mut l[..count], &mut r[..count]);
            self.index += count as u64;
            if self.timer.left(self.index) == 0 {
                self.sleep();
            }
            done += count;
        }
        left[done..].fill(0.0);
        right[done..].fill(0.0);
        done
    }

    /// Whether no frames come until the next command.
    pub fn is_resting(&self) -> bool {
        self.command != TransportCommand::Play && (self.index >= self.fade.end() || self.ended())
    }

    /// Whether the last frame of the track has been pulled.
    pub fn ended(&self) -> bool {
        self.mixed.taken == self.mixed.left.len() && self.position() >= self.plan().frames() && self.joint().is_none()
    }

    /// Take back the frames from `index` on, as far as that is possible.
    pub fn rewind(&mut self, index: u64) {
        self.index = index.max(self.fence).min(self.index);
        // a joint that was not heard is made again
        while self.pieces.len() > 1
            && self.pieces.back().is_some_and(|last| last.tail.is_some() && last.index > self.index)
        {
            self.pieces.pop_back();
        }
    }

    /// Start or continue to play. After the end, play from the start of the track.
    pub fn play(&mut self) {
        self.hurry();
        let woken = std::mem::take(&mut self.slept);
        if woken {
            self.fade = Fade::resting(0.0);
        }
        if self.ended() && !woken {
            self.fade = Fade::resting(0.0);
            self.jump(0);
        }
        self.command = TransportCommand::Play;
        self.head_for(1.0);
    }

    /// Fade out and keep the position.
    pub fn pause(&mut self) {
        if self.command == TransportCommand::Play {
            self.command = TransportCommand::Pause;
            self.head_for(0.0);
        }
    }

    /// Fade out and stop.
    pub fn stop(&mut self) {
        self.command = TransportCommand::Stop;
        self.head_for(0.0);
    }

    /// Begin a fade to the gain `goal` at the next frame.
    fn head_for(&mut self, goal: f32) {
        if self.fade.goal() != goal {
            self.fade = self.fade.towards(goal, self.index, self.ramp);
            self.fence = self.fence.max(self.index);
        }
    }

    /// Go to `seconds` of the track, clamped to its length. A value that is not finite counts as 0.
    pub fn seek(&mut self, seconds: f64) {
        let seconds = if seconds.is_finite() { seconds.max(0.0) } else { 0.0 };
        let frame = ((seconds * f64::from(self.sample_rate())) as u64).min(self.plan().frames());
        if self.is_resting() || self.ended() {
            if self.ended() {
                self.fade = Fade::resting(0.0);
                self.head_for(if self.command == TransportCommand::Play { 1.0 } else { 0.0 });
            }
            self.jump(frame);
            return;
        }
        if self.command == TransportCommand::Play {
            self.cross_to(frame);
        } else {
            self.wait_to(frame);
        }
    }

    /// Index of the frame at which the last seek takes effect.
    pub fn landing(&self) -> u64 {
        self.pieces.back().map_or(0, |last| last.index)
    }

    /// Compile an edited track that will take over at the frame with index `at`. The stream does not change.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn compile(&self, track: &Track, at: u64) -> Result<Edit> {
        let at = at.clamp(self.fence.min(self.index), self.index.max(self.fence));
        let frame = self.pieces.back().map_or(0, |last| last.frame + at.saturating_sub(last.index));
        let (plan, warnings) = Plan::compile_continuing(track, &self.plan_options, self.plan(), frame)?;
        let plan = Arc::new(plan);
        let clips = self.playing.clips.edited(track, &plan, 1.0);
        let frame = frame.min(plan.frames());
        Ok(Edit { playing: Playing::new(plan, clips, frame), warnings })
    }

    /// Let an edit take over at the next frame, with a crossfade.
    pub fn splice(&mut self, edit: Edit) {
        self.hurry();
        let sounding = !self.is_resting() && !self.ended();
        let old = if sounding { self.ahead() } else { Ready::default() };
        let frame = self.position().min(edit.playing.frames());
        self.survey = IncrementalAnalysis::new(Arc::clone(edit.playing.plan()));
        self.playing = edit.playing;
        self.warnings = edit.warnings;
        if let Some(last) = self.pieces.back_mut() {
            last.tail = None; // it belongs to the old track, and fades out with it
        }
        if sounding {
            self.cross(old, frame);
        }
    }

    /// Measure the levels of one more piece of the track. Returns false if all levels are final.
    ///
    /// # Errors
    /// See [`IncrementalAnalysis::advance`].
    pub fn survey(&mut self) -> Result<bool> {
        let frame = self.position();
        self.survey.advance(frame)
    }

    /// Set the linear volume, clamped to 0 to 1. The change is ramped.
    ///
    /// # Errors
    /// If `volume` is not finite.
    pub fn set_volume(&mut self, volume: f32) -> Result<()> {
        if !volume.is_finite() {
            return Err(Error::invalid("volume", format!("expected a number from 0 to 1, got {volume}")));
        }
        self.volume = volume.clamp(0.0, 1.0);
        if self.is_resting() {
            self.glide.rest_at(self.volume);
        }
        Ok(())
    }

    /// The linear volume that was set last, 0 to 1.
    pub const fn volume(&self) -> f32 {
        self.volume
    }

    /// Append interleaved stereo samples at the rate of the stream to the streamed clip `index` of the track.
    ///
    /// # Errors
    /// If the clip `index` is not a streamed clip.
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        Ok(self.playing.clips.get(index)?.push(interleaved, finished))
    }

    /// Track frame that is pulled next.
    fn position(&self) -> u64 {
        self.pieces.back().map_or(0, |last| last.frame + self.index.saturating_sub(last.index))
    }

    /// Continue at track frame `frame` without a crossfade.
    fn jump(&mut self, frame: u64) {
        self.land(self.index, frame);
        self.mixed = Ready::default();
        self.fence = self.index;
    }

    /// Continue at track frame `frame` at once, with a crossfade.
    fn cross_to(&mut self, frame: u64) {
        let old = self.ahead();
        self.land(self.index, frame);
        self.cross(old, frame);
    }

    /// Continue at track frame `frame` after the fade-out. Until then the old place plays.
    fn wait_to(&mut self, frame: u64) {
        self.take_waiting();
        let end = self.fade.end();
        let mut old = self.ahead();
        old.left.truncate((end - self.index) as usize);
        old.right.truncate((end - self.index) as usize);
        self.mixed = old;
        self.land(end, frame);
        self.fence = end;
    }

    /// Carry out a seek now that waits for the end of a fade-out.
    fn hurry(&mut self) {
        if let Some(piece) = self.take_waiting() {
            self.cross_to(piece.frame);
        }
    }

    /// Remove the piece that waits for the end of a fade-out, if there is one.
    fn take_waiting(&mut self) -> Option<Piece> {
        if self.landing() > self.index { self.pieces.pop_back() } else { None }
    }

    /// Begin a piece: track frame `frame` is at `index`.
    fn land(&mut self, index: u64, frame: u64) {
        let rise = if frame == 0 { self.startup } else { 0 };
        self.pieces.push_back(Piece { index, frame, rise, tail: None });
    }

    /// Render the frames that would come next, as many as a crossfade has.
    fn ahead(&mut self) -> Ready {
        let count = self.ramp as usize;
        let mut old = Ready { left: vec![0.0; count], right: vec![0.0; count], taken: 0 };
        let mut done = self.take_mixed(&mut old.left, &mut old.right);
        while done < count {
            let end = count.min(done + CHUNK);
            self.sound(self.index + done as u64, &mut old.left[done..end], &mut old.right[done..end]);
            done = end;
        }
        old
    }

    /// Render a crossfade from `old` to the track from `frame` on.
    fn cross(&mut self, old: Ready, frame: u64) {
        let count = old.left.len();
        let mut new = Ready { left: vec![0.0; count], right: vec![0.0; count], taken: 0 };
        for done in (0..count).step_by(CHUNK) {
            let end = count.min(done + CHUNK);
            self.render(frame + done as u64, &mut new.left[done..end], &mut new.right[done..end]);
        }
        for (new, old) in [(&mut new.left, &old.left), (&mut new.right, &old.right)] {
            for (i, (new, old)) in new.iter_mut().zip(old).enumerate() {
                let share = crossfade_gain(i, count);
                *new = old * (1.0 - share) + *new * share;
            }
        }
        self.mixed = new;
        self.fence = self.index + count as u64;
    }
}
