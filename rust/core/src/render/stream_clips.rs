//! Clips whose samples are pushed while the track plays (`push_clip_samples`).
//!
//! Samples carry their place in the clip, so that late ones are skipped instead of shifting what follows, and the last
//! [`KEPT_S`] seconds stay for seeking back. The buffers have a fixed capacity.
//!
//! An edit keeps what was pushed. The track format gives clips no identity of their own, so that a streamed clip is known
//! by its place in the track's list, which is also how samples are pushed to it.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result};
use crate::lock::lock;
use crate::plan::Plan;
use crate::track::{Source, Track};

/// One sample per channel.
type Frame = [f32; 2];

/// Seconds of a streamed clip that are kept.
pub const KEPT_S: u32 = 60;
/// Frames that are appended at a time.
const PIECE: usize = 1024;

/// One clip's samples: a ring addressed by the frame within the clip.
#[derive(Debug)]
struct Samples {
    ring: Vec<Frame>,
    /// Frames pushed so far.
    end: u64,
    finished: bool,
    missing: u64,
}

/// A clip that is fed from outside.
#[derive(Debug, Clone)]
pub struct StreamClip {
    /// First frame on the track.
    start: u64,
    gain: f32,
    samples: Arc<Mutex<Samples>>,
}

/// What became of pushed samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pushed {
    /// Frames that the clip holds now, from its start.
    pub frames: u64,
    /// Frames that were due before they came and were heard as silence.
    pub missing: u64,
}

impl StreamClip {
    /// A clip at track frame `start`; empty, unless `samples` are at hand.
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

    /// Append interleaved stereo samples. The render thread never waits longer than for [`PIECE`] of them.
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

/// All streamed clips of a track, by their index in the track.
#[derive(Debug, Clone, Default)]
pub struct StreamClips {
    clips: Vec<(usize, StreamClip)>,
}

impl StreamClips {
    /// The clips of `track` that have no file, empty, at the rate of `plan`; `gain` is a factor on all of them.
    pub fn of(track: &Track, plan: &Plan, gain: f64) -> Self {
        Self::default().edited(track, plan, gain)
    }

    /// The clips of an edited `track`, at the same rate: with its starts and gains, and with the samples that were and
    /// will be pushed to the clips at the same places of the list before the edit.
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

    /// The clip at place `index` of the track's list.
    ///
    /// # Errors
    /// If that clip has a file, or is not there.
    pub fn get(&self, index: usize) -> Result<&StreamClip> {
        self.clips.iter().find(|(i, _)| *i == index).map(|(_, clip)| clip).ok_or_else(|| {
            let known: Vec<String> = self.clips.iter().map(|(i, _)| i.to_string()).collect();
            let message = format!("clip {index} is not a streamed clip (streamed: {})", known.join(", "));
            Error::invalid("index", message)
        })
    }

    /// Add all of them to a block that starts at track frame `at`.
    pub fn add(&self, at: u64, left: &mut [f32], right: &mut [f32]) {
        for (_, clip) in &self.clips {
            clip.add(at, left, right);
        }
    }
}
