//! An audio file that is decoded on demand. Any stretch can be read in any order and always has the same samples.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::fault::Fault;
use super::formats;
use super::input::Input;
use super::opened::Check;
use super::source::{Found, Source};
use crate::error::{Error, Result};
use crate::files::regular::open_regular;

/// An open audio file.
///
/// Reading is random access and gives the same samples in any order. Samples are finite: NaN and infinity in the file
/// become 0.
pub(crate) struct AudioFile {
    name: Arc<str>,
    source: Box<dyn Source>,
    sample_rate: u32,
    channels: usize,
    frames: u64,
    warnings: Arc<[String]>,
    searched: bool,
    /// Number of samples read so far that were not finite.
    strange: u64,
    /// Whether a decoder panicked, so that its state may be invalid.
    broken: bool,
}

impl std::fmt::Debug for AudioFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, sample_rate, channels, frames, .. } = self;
        write!(f, "AudioFile({name:?}, {frames} frames of {channels} channels at {sample_rate} Hz)")
    }
}

impl AudioFile {
    /// Opens a regular file; anything else is refused without blocking.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, &mut || Ok(()))
    }

    /// Like [`Self::open`], but calls `check` regularly; an error from it stops the work.
    pub(crate) fn open_with(path: &Path, check: &mut Check<'_>) -> Result<Self> {
        let name = path.display().to_string();
        let input = Input::file(open_regular(path)?).map_err(|error| Fault::Io(error).of(&name))?;
        Self::from_input(input, &name, check)
    }

    /// Opens a file whose content is in memory; `name` is its name in messages.
    pub(crate) fn from_bytes(bytes: Arc<[u8]>, name: &str) -> Result<Self> {
        Self::from_input(Input::memory(bytes), name, &mut || Ok(()))
    }

    fn from_input(input: Input, name: &str, check: &mut Check<'_>) -> Result<Self> {
        // Decoders should return errors, but if a damaged file makes one panic, the host program must survive.
        let opened = catch_unwind(AssertUnwindSafe(|| formats::open(input, check)));
        let opened = opened.unwrap_or_else(|_| Err(GAVE_UP.into())).map_err(|fault| fault.of(name))?;
        Ok(Self {
            name: name.into(),
            sample_rate: opened.rate,
            channels: opened.source.channels(),
            frames: opened.source.frames(),
            source: opened.source,
            warnings: opened.warnings.into(),
            searched: opened.found.searched,
            strange: 0,
            broken: false,
        })
    }

    /// The name of the file in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sample rate in Hz.
    pub(crate) fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Number of channels, at least one.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// Length in frames: exactly as many as can be read.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    /// Warnings from opening the file (truncated, damaged), as sentences.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Warnings about everything read since: damaged packets, and samples that are not finite if the file was too large
    /// to be searched for them when it was opened.
    pub(crate) fn late_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        match self.source.damaged() {
            0 => {}
            1 => warnings.push("1 damaged packet is silent".to_owned()),
            count => warnings.push(format!("{count} damaged packets are silent")),
        }
        if !self.searched {
            warnings.extend(Found { strange: self.strange, ..Found::default() }.warnings());
        }
        warnings
    }

    /// Clears `out` (one vector per channel), fills it with at most `count` frames from `at` on, and returns their
    /// number.
    pub(crate) fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Result<usize> {
        if self.broken {
            return Err(Fault::from(GAVE_UP).of(&self.name));
        }
        let source = &mut self.source;
        let read = catch_unwind(AssertUnwindSafe(|| source.read(at, count, out)));
        self.broken = read.is_err();
        let got = read.unwrap_or_else(|_| Err(GAVE_UP.into())).map_err(|fault| fault.of(&self.name))?;
        for x in out.iter_mut().flatten() {
            if !x.is_finite() {
                *x = 0.0;
                self.strange += 1;
            }
        }
        Ok(got)
    }

    /// An independent reader of the same content, for another thread.
    pub(crate) fn reopen(&self) -> Result<Self> {
        let source = self.source.fork().map_err(|fault| fault.of(&self.name))?;
        let (name, warnings) = (Arc::clone(&self.name), Arc::clone(&self.warnings));
        Ok(Self { name, source, warnings, strange: 0, broken: false, ..*self })
    }
}

const GAVE_UP: &str = "is damaged (the decoder gave up)";

/// The error for a file with more than `samples` samples.
pub(super) fn too_long(name: &str, samples: usize) -> Error {
    Error::Media { path: name.to_owned(), message: format!("is longer than the limit of {samples} samples") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests_rs/media")
    }

    const FILES: [&str; 12] = [
        "tone.flac",
        "tone.mp3",
        "tone.ogg",
        "tone.opus",
        "tone.m4a",
        "tone.aac",
        "vbr_no_header_loud_start.mp3",
        "mono_then_stereo.mp3",
        "two_files_joined.mp3",
        "chained.ogg",
        "loop.m4a",
        "nan_22050.wav",
    ];

    fn all(file: &mut AudioFile) -> Vec<Vec<f32>> {
        let mut out = vec![Vec::new(); file.channels()];
        let frames = file.frames() as usize;
        assert_eq!(file.read(0, frames + 10, &mut out).unwrap(), frames);
        out
    }

    #[test]
    fn samples_do_not_depend_on_the_order_of_reading() {
        for name in FILES {
            let mut file = AudioFile::open(&folder().join(name)).unwrap();
            let want = all(&mut file);
            let frames = file.frames();
            let mut other = file.reopen().unwrap();
            let mut out = vec![Vec::new(); file.channels()];
            // backwards, far jumps, short jumps, across the end
            let places = [frames - 1, frames / 2, 0, frames / 3, frames / 3 + 7, 1, frames * 3 / 4, frames];
            for (nth, at) in places.into_iter().enumerate() {
                let count = 1 + nth * 1500;
                let reader = if nth % 3 == 0 { &mut other } else { &mut file };
                let got = reader.read(at, count, &mut out).unwrap();
                assert_eq!(got as u64, (frames - at).min(count as u64), "{name} {at}");
                for (out, want) in out.iter().zip(&want) {
                    assert!(out[..] == want[at as usize..at as usize + got], "{name} {at}");
                }
            }
        }
    }

    #[test]
    fn memory_and_disk_give_the_same_samples() {
        for name in FILES {
            let bytes: Arc<[u8]> = std::fs::read(folder().join(name)).unwrap().into();
            let mut memory = AudioFile::from_bytes(bytes, name).unwrap();
            assert_eq!(all(&mut memory), all(&mut AudioFile::open(&folder().join(name)).unwrap()), "{name}");
        }
    }

    #[test]
    fn opening_a_file_can_be_stopped() {
        let mut stop = || Err(Error::invalid("", "enough"));
        let error = AudioFile::open_with(&folder().join("two_files_joined.mp3"), &mut stop).unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
}
