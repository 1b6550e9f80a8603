//! An audio file, decoded on demand: any stretch of it, in any order, always with the same samples.

#![allow(dead_code, reason = "clips and beds that stream are what reads it")]

use std::path::Path;
use std::sync::Arc;

use super::audio::Audio;
use super::decode::{self, Limits};
use crate::error::Result;

/// An open audio file.
///
/// Reading is random access and gives the same samples in whatever order ranges are read. Samples are finite.
#[derive(Debug)]
pub(crate) struct AudioFile {
    audio: Arc<Audio>,
}

impl AudioFile {
    /// Open a regular file; anything else is refused without waiting for it.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(Self { audio: Arc::new(decode::decode_file(path)?) })
    }

    /// A file whose content is in memory; `name` (a file name) appears in messages.
    pub(crate) fn from_bytes(bytes: Arc<[u8]>, name: &str) -> Result<Self> {
        Ok(Self { audio: Arc::new(decode::decode_bytes(bytes, name, Limits::default())?) })
    }

    /// Frames per second.
    pub(crate) fn sample_rate(&self) -> u32 {
        self.audio.sample_rate()
    }

    /// Channels, at least one.
    pub(crate) fn channels(&self) -> usize {
        self.audio.channels().len()
    }

    /// Length in frames: exactly what can be read.
    pub(crate) fn frames(&self) -> u64 {
        self.audio.frames() as u64
    }

    /// What was noticed when the file was opened (truncated, damaged), as sentences.
    pub(crate) fn warnings(&self) -> &[String] {
        self.audio.warnings()
    }

    /// Clear `out` (one vector per channel) and fill it with the frames from `at` on, at most `count`; how many there were.
    pub(crate) fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Result<usize> {
        let start = usize::try_from(at.min(self.frames())).unwrap_or(usize::MAX);
        let end = start.saturating_add(count).min(self.audio.frames());
        for (out, channel) in out.iter_mut().zip(self.audio.channels()) {
            out.clear();
            out.extend_from_slice(&channel[start..end]);
        }
        Ok(end - start)
    }

    /// An independent reader of the same content, for another thread.
    pub(crate) fn reopen(&self) -> Result<Self> {
        Ok(Self { audio: Arc::clone(&self.audio) })
    }
}
