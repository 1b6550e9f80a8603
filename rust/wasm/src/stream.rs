//! A track as frames that are pulled, with pause, seek and edits that do not click.
//!
//! Every frame has an index: the number of frames pulled before it. Frames that were pulled but not heard yet can be
//! taken back ([`Stream::rewind`]). A plan is a pure function of the frame, so the same frames come again, or other
//! ones after a command. So a command takes effect at once, however much sound is buffered.

mod known;
mod list;
mod looping;
mod places;
mod timer;

use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::plan::{IncrementalAnalysis, Plan, PlanOptions};
use realtime_backend_core::stream::ramps::GainGlide;
use realtime_backend_core::stream::{CHUNK, Course, Playing, Pushed, Source, StreamClips};
use realtime_backend_core::track::Track;

use crate::compiled::Compiled;
use crate::fade::Fade;
use crate::options::StreamOptions;
use crate::state::{State, TransportCommand};
use known::{Known, Tracks};
use looping::Leading;
use timer::Timer;

/// Tracks whose frames are pulled. Frames that were not heard yet can be taken back.
pub struct Stream {
    plan_options: PlanOptions,
    course: Course,
    tracks: Tracks,
    /// Number of the source that was made last.
    numbers: u64,
    timer: Timer,
    /// Whether the sleep timer has ended the playback.
    slept: bool,
    survey: IncrementalAnalysis,
    /// The plan of `survey`.
    surveyed: Arc<Plan>,
    /// The next round of the loop, while it is measured.
    leading: Option<Leading>,
    /// The measurement of the next track of a list.
    next_survey: Option<IncrementalAnalysis>,
    command: TransportCommand,
    /// Index of the frame that is pulled next.
    index: u64,
    /// Index of the frame that was asked for last ([`Self::frame_at`]).
    heard: u64,
    fade: Fade,
    /// Frames before this index cannot be taken back.
    fence: u64,
    /// Index of the first frame of all.
    first: u64,
    /// See [`Self::landing`].
    landing: u64,
    /// Length, in frames, of the fade-in of a piece that begins at the start of the track.
    startup: u64,
    /// Length of the ramps in frames.
    ramp: u64,
    glide: GainGlide,
    volume: f32,
    block: Vec<[f32; 2]>,
}

impl Stream {
    /// Compile `track`. The stream is stopped at `options.start`.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn new(track: &Track, options: &StreamOptions) -> Result<Self> {
        let mut plan_options = PlanOptions {
            sample_rate: options.sample_rate,
            compat: options.compat,
            seed: options.seed,
            on_error: options.on_error,
            media_cache: Some(Arc::clone(&options.media_cache)),
            ..PlanOptions::default()
        };
        let (plan, warnings) = Plan::compile(track, &plan_options)?;
        let plan = Arc::new(plan);
        plan_options.sample_rate = Some(plan.sample_rate());
        let rate = f64::from(plan.sample_rate());
        let frames = |seconds: f64| (seconds.max(0.0) * rate) as u64;
        let start = frames(options.start).min(plan.frames());
        let startup = frames(options.startup_fade);
        let ramp = options.ramp.clamp(0.001, 0.5);
        let volume = options.volume.clamp(0.0, 1.0);
        let glide = GainGlide::new(volume, ramp as f32, plan.sample_rate());
        let clips = StreamClips::of(track, &plan, 1.0);
        let source = Source { playing: Playing::new(Arc::clone(&plan), clips, start), number: 1, entry: options.entry };
        Ok(Self {
            plan_options,
            course: Course::new(Box::new(source), start, if start == 0 { startup } else { 0 }),
            tracks: Tracks::new(Known { entry: options.entry, track: Arc::new(track.clone()), warnings }),
            numbers: 1,
            timer: Timer::OFF,
            slept: false,
            survey: IncrementalAnalysis::new(Arc::clone(&plan)),
            surveyed: plan,
            leading: None,
            next_survey: None,
            command: TransportCommand::Stop,
            index: 0,
            heard: 0,
            fade: Fade::resting(0.0),
            fence: 0,
            first: 0,
            landing: 0,
            startup,
            ramp: frames(ramp),
            glide,
            volume,
            block: vec![[0.0; 2]; CHUNK],
        })
    }

    /// The plan that is pulled next.
    pub fn plan(&self) -> &Arc<Plan> {
        self.course.source().playing.plan()
    }

    /// The plan of the frame that was asked for last ([`Self::frame_at`]).
    pub fn heard_plan(&self) -> &Arc<Plan> {
        self.course.at(self.heard).1.playing.plan()
    }

    /// Frames per second.
    pub fn sample_rate(&self) -> u32 {
        self.plan().sample_rate()
    }

    fn frames(&self, seconds: f64) -> u64 {
        (seconds.max(0.0) * f64::from(self.sample_rate())).round() as u64
    }

    /// Findings about the track that plays.
    pub fn warnings(&self) -> &[Problem] {
        &self.tracks.of(self.entry()).warnings
    }

    /// Put `earlier` findings, from loading the track, before those of its compilation.
    pub(crate) fn found(&mut self, mut earlier: Vec<Problem>) {
        let warnings = self.tracks.warnings_of(self.course.source().entry);
        add_new(&mut earlier, std::mem::take(warnings));
        *warnings = earlier;
    }

    /// Number of frames pulled so far.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Track frame of the frame with this index. Later calls must not ask for earlier indices.
    pub fn frame_at(&mut self, index: u64) -> u64 {
        let index = index.max(self.first);
        self.heard = index;
        self.course.forget_before(index);
        drop(self.course.take_retired());
        let (piece, source) = self.course.at(index);
        piece.frame_at(index).min(source.playing.frames())
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

    /// Whether the last frame of all has been pulled.
    pub fn ended(&self) -> bool {
        self.course.has_ended(self.index)
    }

    /// Take back the frames from `index` on, as far as that is possible.
    pub fn rewind(&mut self, index: u64) {
        self.index = index.max(self.fence).min(self.index);
        // a joint that was not heard is made again
        if self.fence <= self.index {
            self.course.cut(self.index);
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

    /// Compile an edited track that will take over at the frame with index `at`. The stream does not change.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn compile(&self, track: &Track, at: u64) -> Result<Compiled> {
        let at = at.clamp(self.fence.min(self.index), self.index.max(self.fence));
        let (piece, source) = self.course.at(at);
        let (frame, old) = (piece.frame_at(at), &source.playing);
        let (plan, warnings) = Plan::compile_continuing(track, &self.plan_options, old.plan(), frame)?;
        let plan = Arc::new(plan);
        let clips = old.clips.edited(track, &plan, 1.0);
        let frame = frame.min(plan.frames());
        let playing = Playing::new(plan, clips, frame);
        Ok(Compiled { playing, entry: source.entry, track: Arc::new(track.clone()), warnings })
    }

    /// Let an edit take over at the next frame, with a crossfade. An edit of a track that does not play any more has no
    /// effect.
    pub fn splice(&mut self, edit: Compiled) {
        if edit.entry != self.entry() {
            return;
        }
        self.hurry();
        let frame = self.position().min(edit.playing.frames());
        let rise = self.course.last().rise;
        let source = self.admit(edit);
        self.take_over(source, frame, rise, self.ramp, false);
    }

    /// Do one more piece of what need not be done at once: measure the levels of the track, about a third of a second of
    /// sound at a time, and make what comes next. Returns false if there is nothing left to do.
    ///
    /// # Errors
    /// See [`IncrementalAnalysis::advance`].
    pub fn survey(&mut self) -> Result<bool> {
        if !Arc::ptr_eq(self.plan(), &self.surveyed) {
            self.surveyed = Arc::clone(self.plan());
            self.survey = IncrementalAnalysis::new(Arc::clone(&self.surveyed));
        }
        if self.lead()? || self.survey.advance(self.position())? {
            return Ok(true);
        }
        let more = self.next_survey.as_mut().is_some_and(|next| next.advance(0).unwrap_or(false));
        if !more {
            self.next_survey = None;
        }
        Ok(more)
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

    /// Append interleaved stereo samples at the rate of the stream to the streamed clip `index` of the track that is
    /// heard, or of its last edit.
    ///
    /// # Errors
    /// If the clip `index` is not a streamed clip.
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        let (heard, newest) = (self.course.at(self.heard).1, self.course.source());
        // what an edit adds can be pushed to before the edit is heard
        let edited = || if newest.entry == heard.entry { newest.playing.clips.get(index).ok() } else { None };
        let clip = match heard.playing.clips.get(index) {
            Ok(clip) => clip,
            Err(error) => edited().ok_or(error)?,
        };
        Ok(clip.push(interleaved, finished))
    }

    /// Write the next frames, without fade and volume, and return their number: 0 where another source begins.
    fn next(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let room = self.course.room(self.index).unwrap_or(0);
        if room == 0 {
            self.course.join(self.index);
            self.bound();
            return 0;
        }
        let count = room.min(left.len() as u64) as usize;
        self.course.render(self.index, &mut self.block[..count]);
        for ((l, r), frame) in left.iter_mut().zip(right).zip(&self.block[..count]) {
            [*l, *r] = *frame;
        }
        count
    }

    /// Apply the volume, or a ramp to it.
    fn turn_volume(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.volume == 1.0 && self.glide.rests_at(1.0) {
            return;
        }
        for (l, r) in left.iter_mut().zip(right) {
            let gain = self.glide.step(self.volume);
            *l *= gain;
            *r *= gain;
        }
    }
}
