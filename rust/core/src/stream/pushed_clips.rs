//! Clips whose samples are pushed while the track plays (`push_clip_samples`).
//!
//! Each sample has a fixed position in its clip. Samples that arrive late are skipped and do not shift later ones. The
//! last [`KEPT_S`] seconds stay in the buffer for seeking back. The buffers have a fixed capacity.
//!
//! Pushed samples survive an edit of the track. The track format gives clips no ids, so that a streamed clip is
//! identified by its index in the track's list of clips.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result};
use crate::lock::lock;
use crate::plan::Plan;
use crate::track::{Source, Track};

/// One sample per channel.
type Frame = [f32; 2];

/// Seconds of audio that the buffer of a streamed clip holds.
pub const KEPT_S: u32 = 60;
/// Most frames that are appended under one lock.
const PIECE: usize = 1024;

/// One clip's samples: a ring addressed by the frame within the clip.
#[derive(Debug)]
struct Samples {
    ring: Vec<Frame>,
    /// Frames pushed so far.
    end: u64,
    /// No more frames will be pushed.
    finished: bool,
    /// Frames that were rendered before they were pushed.
    missing: u64,
}

/// A clip whose samples are pushed. Copies share one buffer.
#[derive(Debug, Clone)]
pub struct StreamClip {
    /// First frame on the track.
    start: u64,
    gain: f32,
    samples: Arc<Mutex<Samples>>,
}

/// The state of a clip after a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pushed {
    /// Frames pushed so far, from the start of the clip.
    pub frames: u64,
    /// Frames that were due before they were pushed, and were rendered as silence.
    pub missing: u64,
}

impl StreamClip {
    /// A clip at track frame `start`, with the buffer `samples` or a new empty one.
    fn new(start: u64, gain: f32, rate: u32, samples: Option<&Arc<Mutex<Samples>>>) -> Self {
        let empty = || {
            let ring = vec![[0.0; 2]; (rate * KEPT_S) as usize];
            Arc::new(Mutex::new(Samples { ring, end: 0, finished: false, missing: 0 }))
        };
        Self { start, gain, samples: samples.map_or_else(empty, Arc::clone) }
    }

    fn lock(&self) -> MutexGuard<'_, Samples> {
        lock(&self.samples)
    }

    /// Append interleaved stereo samples; `finished` marks the end of the clip. The render thread waits for at most
    /// 1024 frames of copying.
    pub fn push(&self, interleaved: &[f32], finished: bool) -> Pushed {
        for piece in interleaved.chunks(2 * PIECE) {
            let mut samples = self.lock();
            let Samples { ring, end, .. } = &mut *samples;
            for pair in piece.chunks_exact(2) {
                let place = (*end % ring.len() as u64) as usize;
                ring[place] = [pair[0], pair[1]];
                *end += 1;
            }
        }
        let mut samples = self.lock();
        samples.finished |= finished;
        Pushed { frames: samples.end, missing: samples.missing }
    }

    fn add(&self, at: u64, left: &mut [f32], right: &mut [f32]) {
        if at + left.len() as u64 <= self.start {
            return;
        }
        let mut samples = self.lock();
        let kept = samples.ring.len() as u64;
        for (i, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let Some(place) = (at + i as u64).checked_sub(self.start) else { continue };
            if place < samples.end && place + kept >= samples.end {
                let frame = samples.ring[(place % kept) as usize];
                *l += frame[0] * self.gain;
                *r += frame[1] * self.gain;
            } else if place >= samples.end && !samples.finished {
                samples.missing += 1;
            }
        }
    }
}

/// All streamed clips of a track, by their index in the track's list of clips.
///
/// ```
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// use realtime_backend_core::stream::StreamClips;
///
/// let (track, _) = Track::from_json(
///     r#"{"progression": [{"duration": 1.0}], "overlay_clips": [{"streaming": true, "start": 0.0, "amp": 0.5}]}"#,
/// )?;
/// let (plan, _) = Plan::compile(&track, &PlanOptions::default())?;
/// let clips = StreamClips::of(&track, &plan, 1.0);
/// clips.get(0)?.push(&[1.0, 1.0, 1.0, 1.0], true);
/// let (mut left, mut right) = ([0.0; 2], [0.0; 2]);
/// clips.add(0, &mut left, &mut right);
/// assert_eq!(left, [0.5, 0.5]);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct StreamClips {
    clips: Vec<(usize, StreamClip)>,
}

impl StreamClips {
    /// The clips of `track` that have no file, with empty buffers at the sample rate of `plan`; `gain` multiplies their
    /// gains.
    pub fn of(track: &Track, plan: &Plan, gain: f64) -> Self {
        Self::default().edited(track, plan, gain)
    }

    /// The clips of an edited `track`, at the same sample rate: with its starts and gains. A clip shares its buffer
    /// with the clip at the same index before the edit.
    pub fn edited(&self, track: &Track, plan: &Plan, gain: f64) -> Self {
        let rate = plan.sample_rate();
        let pushed = track.clips.iter().enumerate().filter(|(_, clip)| clip.source == Source::Pushed);
        let clip = |(index, clip): (usize, &crate::track::Clip)| {
            let start = (clip.start.max(0.0) * f64::from(rate)) as u64;
            let before = self.clips.iter().find(|(place, _)| *place == index);
            let samples = before.map(|(_, clip)| &clip.samples);
            (index, StreamClip::new(start, (clip.gain * gain) as f32, rate, samples))
        };
        Self { clips: pushed.map(clip).collect() }
    }

    /// The clip at `index` in the track's list of clips.
    ///
    /// # Errors
    /// [`Error::Invalid`] if that clip has a file or does not exist.
    pub fn get(&self, index: usize) -> Result<&StreamClip> {
        self.clips.iter().find(|(i, _)| *i == index).map(|(_, clip)| clip).ok_or_else(|| {
            let known: Vec<String> = self.clips.iter().map(|(i, _)| i.to_string()).collect();
            let message = format!("clip {index} is not a streamed clip (streamed: {})", known.join(", "));
            Error::invalid("index", message)
        })
    }

    /// Add all clips to a block that starts at track frame `at`.
    pub fn add(&self, at: u64, left: &mut [f32], right: &mut [f32]) {
        for (_, clip) in &self.clips {
            clip.add(at, left, right);
        }
    }
}
