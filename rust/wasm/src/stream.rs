//! A track as frames that are pulled, with pause, seek and edits, none of which clicks.
//!
//! Frames are counted from the first one taken ("index"). What was taken but not heard yet can be taken back
//! ([`Stream::rewind`]): plans are pure functions of the frame, so the same frames come again, or others after a command.
//! That is how a command overtakes what is buffered, however much that is.

use std::collections::VecDeque;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem, Result, add_new};
use realtime_backend_core::plan::{IncrementalAnalysis, Plan, PlanOptions};
use realtime_backend_core::render::ramps::{GainGlide, ceiling, smooth};
use realtime_backend_core::render::{Pushed, Renderer, StreamClips};
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::Block;

use crate::edit::Edit;
use crate::fade::Fade;
use crate::options::StreamOptions;
use crate::state::{State, TransportCommand};

/// Frames per rendering step.
const CHUNK: usize = 512;
/// Seconds that a renderer is prepared ahead of what it plays.
const PREPARED_S: u64 = 2;

/// From `index` on, the track is heard from `frame` on.
#[derive(Debug, Clone, Copy)]
struct Piece {
    index: u64,
    frame: u64,
    /// Frames over which playback that began at the start of the track rises from silence; 0: no rise.
    rise: u64,
}

/// Both channels of frames that are ready.
#[derive(Default)]
struct Ready {
    left: Vec<f32>,
    right: Vec<f32>,
    taken: usize,
}

/// See the module.
pub struct Stream {
    plan_options: PlanOptions,
    renderer: Renderer,
    /// Track frame up to which the renderer is prepared.
    prepared: u64,
    survey: IncrementalAnalysis,
    clips: StreamClips,
    warnings: Vec<Problem>,
    command: TransportCommand,
    /// Index of the frame that is taken next.
    index: u64,
    pieces: VecDeque<Piece>,
    fade: Fade,
    /// Nothing before this index can be taken back.
    fence: u64,
    /// A crossfade, as far as it is not taken yet.
    mixed: Ready,
    /// [`Piece::rise`] of one from the start of the track.
    startup: u64,
    ramp: u64,
    glide: GainGlide,
    volume: f32,
}

impl Stream {
    /// Compile `track`, stopped at `options.start`.
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
        Ok(Self {
            plan_options,
            clips: StreamClips::of(track, &plan, 1.0),
            renderer: prepared(&plan, start),
            prepared: start + PREPARED_S * u64::from(plan.sample_rate()),
            survey: IncrementalAnalysis::new(Arc::clone(&plan)),
            warnings,
            command: TransportCommand::Stop,
            index: 0,
            pieces: VecDeque::from([Piece { index: 0, frame: start, rise: if start == 0 { startup } else { 0 } }]),
            fade: Fade::resting(0.0),
            fence: 0,
            mixed: Ready::default(),
            startup,
            ramp: frames(ramp),
            glide: GainGlide::new(volume, ramp as f32, plan.sample_rate()),
            volume,
        })
    }

    /// The plan that plays.
    pub const fn plan(&self) -> &Arc<Plan> {
        self.renderer.plan()
    }

    /// Frames per second.
    pub fn sample_rate(&self) -> u32 {
        self.plan().sample_rate()
    }

    /// Findings about the track that plays.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Put `earlier` findings, from loading the track, before those from compiling it.
    pub(crate) fn found(&mut self, mut earlier: Vec<Problem>) {
        add_new(&mut earlier, std::mem::take(&mut self.warnings));
        self.warnings = earlier;
    }

    /// Frames taken so far.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Track frame that is heard when the frame with this index is. Forgets what was before it.
    pub fn frame_at(&mut self, index: u64) -> u64 {
        while self.pieces.len() > 1 && self.pieces[1].index <= index {
            self.pieces.pop_front();
        }
        let piece = self.pieces[0];
        (piece.frame + index.saturating_sub(piece.index)).min(self.plan().frames())
    }

    /// What is happening for a listener who has heard the frames before `heard`.
    pub fn state(&self, heard: u64) -> State {
        let silent = heard >= self.index;
        match self.command {
            TransportCommand::Stop => State::Stopped,
            TransportCommand::Pause => State::Paused,
            TransportCommand::Play if silent && self.ended() => State::Finished,
            TransportCommand::Play => State::Playing,
        }
    }

    /// Fill both channels with the next frames. Less than the whole, and then silence, at the end of the track and of a
    /// fade-out: returns the number of frames that were taken.
    pub fn fill(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let len = left.len().min(right.len());
        let mut done = 0;
        while done < len && !self.is_resting() && !self.ended() {
            let mut count = (len - done).min(CHUNK);
            if self.command != TransportCommand::Play {
                count = count.min((self.fade.end() - self.index) as usize);
            }
            let (l, r) = (&mut left[done..done + count], &mut right[done..done + count]);
            let count = self.next(l, r);
            self.fade.apply(self.index, &mut l[..count], &mut r[..count]);
            self.turn_volume(&mut l[..count], &mut r[..count]);
            self.index += count as u64;
            done += count;
        }
        left[done..].fill(0.0);
        right[done..].fill(0.0);
        done
    }

    /// Whether no more frames come before a command.
    pub fn is_resting(&self) -> bool {
        self.command != TransportCommand::Play && (self.index >= self.fade.end() || self.ended())
    }

    /// Whether the last frame of the track has been taken.
    pub fn ended(&self) -> bool {
        self.mixed.taken == self.mixed.left.len() && self.position() >= self.plan().frames()
    }

    /// Take back the frames from `index` on, as far as that is possible.
    pub fn rewind(&mut self, index: u64) {
        self.index = index.max(self.fence).min(self.index);
    }

    /// Begin, or go on; after the end from the start of the track.
    pub fn play(&mut self) {
        self.hurry();
        if self.ended() {
            self.fade = Fade::resting(0.0);
            self.jump(0);
        }
        self.command = TransportCommand::Play;
        self.head_for(1.0);
    }

    /// Fade out and hold the position.
    pub fn pause(&mut self) {
        if self.command == TransportCommand::Play {
            self.command = TransportCommand::Pause;
            self.head_for(0.0);
        }
    }

    /// Fade out for good.
    pub fn stop(&mut self) {
        self.command = TransportCommand::Stop;
        self.head_for(0.0);
    }

    fn head_for(&mut self, goal: f32) {
        if self.fade.goal() != goal {
            self.fade = self.fade.towards(goal, self.index, self.ramp);
            self.fence = self.fence.max(self.index);
        }
    }

    /// Go to `seconds` on the track, clamped to its length.
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

    /// Index of the frame at which the last seek lands.
    pub fn landing(&self) -> u64 {
        self.pieces.back().map_or(0, |last| last.index)
    }

    /// Compile an edited track to take over at the frame with index `at`. The stream is not touched.
    ///
    /// # Errors
    /// If the track cannot be compiled.
    pub fn compile(&self, track: &Track, at: u64) -> Result<Edit> {
        let at = at.clamp(self.fence.min(self.index), self.index.max(self.fence));
        let frame = self.pieces.back().map_or(0, |last| last.frame + at.saturating_sub(last.index));
        let (plan, warnings) = Plan::compile_continuing(track, &self.plan_options, self.plan(), frame)?;
        let plan = Arc::new(plan);
        let renderer = prepared(&plan, frame.min(plan.frames()));
        Ok(Edit { clips: self.clips.edited(track, &plan, 1.0), renderer, warnings, plan })
    }

    /// Let an edit take over from the next frame on.
    pub fn splice(&mut self, edit: Edit) {
        self.hurry();
        let sounding = !self.is_resting() && !self.ended();
        let old = if sounding { self.ahead() } else { Ready::default() };
        let frame = self.position().min(edit.plan.frames());
        self.renderer = edit.renderer;
        self.clips = edit.clips;
        self.warnings = edit.warnings;
        self.survey = IncrementalAnalysis::new(edit.plan);
        self.prepared = 0;
        if sounding {
            self.cross(old, frame);
        }
    }

    /// Measure the levels of the track a little further; false when nothing is left to do.
    ///
    /// # Errors
    /// See [`IncrementalAnalysis::advance`].
    pub fn survey(&mut self) -> Result<bool> {
        let frame = self.position();
        self.survey.advance(frame)
    }

    /// The volume, 0 to 1; ramps.
    ///
    /// # Errors
    /// If it is not a finite number.
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

    /// The volume asked for.
    pub const fn volume(&self) -> f32 {
        self.volume
    }

    /// Append interleaved stereo samples at the stream's rate to the clip at place `index` of the track's list.
    ///
    /// # Errors
    /// If that clip has a file.
    pub fn push_clip_samples(&self, index: usize, interleaved: &[f32], finished: bool) -> Result<Pushed> {
        Ok(self.clips.get(index)?.push(interleaved, finished))
    }

    /// Track frame that is taken next.
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

    /// Continue at track frame `frame` when the fade-out is over; until then the old place is heard.
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

    /// What waits for the end of a fade-out happens now.
    fn hurry(&mut self) {
        if let Some(piece) = self.take_waiting() {
            self.cross_to(piece.frame);
        }
    }

    fn take_waiting(&mut self) -> Option<Piece> {
        if self.landing() > self.index { self.pieces.pop_back() } else { None }
    }

    fn land(&mut self, index: u64, frame: u64) {
        let rise = if frame == 0 { self.startup } else { 0 };
        self.pieces.push_back(Piece { index, frame, rise });
    }

    /// The frames that would come next, as many as a crossfade has.
    fn ahead(&mut self) -> Ready {
        let count = self.ramp as usize;
        let mut old = Ready { left: vec![0.0; count], right: vec![0.0; count], taken: 0 };
        let mut done = self.take_mixed(&mut old.left, &mut old.right);
        while done < count {
            let end = count.min(done + CHUNK);
            let at = self.position() + done as u64;
            self.render(at, &mut old.left[done..end], &mut old.right[done..end]);
            done = end;
        }
        old
    }

    /// Crossfade from `old` to the track from `frame` on.
    fn cross(&mut self, old: Ready, frame: u64) {
        let count = old.left.len();
        let mut new = Ready { left: vec![0.0; count], right: vec![0.0; count], taken: 0 };
        for done in (0..count).step_by(CHUNK) {
            let end = count.min(done + CHUNK);
            self.render(frame + done as u64, &mut new.left[done..end], &mut new.right[done..end]);
        }
        for (new, old) in [(&mut new.left, &old.left), (&mut new.right, &old.right)] {
            for (i, (new, old)) in new.iter_mut().zip(old).enumerate() {
                let share = smooth((i as f32 + 1.0) / (count as f32 + 1.0));
                *new = old * (1.0 - share) + *new * share;
            }
        }
        self.mixed = new;
        self.fence = self.index + count as u64;
    }

    /// The next frames before fade and volume; less than the whole at the end of a crossfade or of the track.
    fn next(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let mixed = self.take_mixed(left, right);
        if mixed > 0 {
            return mixed;
        }
        let at = self.position();
        let count = left.len().min((self.plan().frames() - at) as usize);
        self.render(at, &mut left[..count], &mut right[..count]);
        count
    }

    fn take_mixed(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let Ready { left: from_left, right: from_right, taken } = &mut self.mixed;
        let count = left.len().min(from_left.len() - *taken);
        left[..count].copy_from_slice(&from_left[*taken..*taken + count]);
        right[..count].copy_from_slice(&from_right[*taken..*taken + count]);
        *taken += count;
        count
    }

    /// The track at frame `at`, with the rise at its start and the ceiling.
    fn render(&mut self, at: u64, left: &mut [f32], right: &mut [f32]) {
        let rate = u64::from(self.sample_rate());
        if at + left.len() as u64 + rate > self.prepared || at + PREPARED_S * rate < self.prepared {
            self.prepared = at + PREPARED_S * rate;
            self.renderer.prepare(at, self.prepared);
        }
        self.renderer.render(at, Block::new(left, right));
        self.clips.add(at, left, right);
        let rise = self.pieces.back().map_or(0, |last| last.rise);
        for (now, (l, r)) in (at..).zip(left.iter_mut().zip(right)) {
            let gain = if now < rise { now as f32 / rise as f32 } else { 1.0 };
            *l = ceiling(*l * gain);
            *r = ceiling(*r * gain);
        }
    }

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

/// A renderer for `plan`, ready to play from `frame` on.
fn prepared(plan: &Arc<Plan>, frame: u64) -> Renderer {
    let mut renderer = Renderer::new(Arc::clone(plan));
    renderer.prepare(frame, frame + PREPARED_S * u64::from(plan.sample_rate()));
    renderer
}
