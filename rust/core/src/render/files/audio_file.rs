//! An audio file being written; it appears under its name only when it is complete (spec assembly 10).

use std::io;
use std::path::{Path, PathBuf};

use super::encoder::{Encoder, Tally};
use super::format::FileFormat;
use crate::atomic_file::{self, Temporary};
use crate::error::{Error, Result};

/// A stereo file in progress. Dropped before [`AudioFile::finish`] it leaves nothing behind.
///
/// ```no_run
/// # use realtime_backend_core::render::files::{AudioFile, FileFormat};
/// let mut file = AudioFile::create("out/session.flac", FileFormat::for_path("session.flac")?, 44_100)?;
/// file.write(&[0.0; 512], &[0.0; 512])?;
/// let written = file.finish()?;
/// assert_eq!(written.tally.frames, 512);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct AudioFile {
    encoder: Encoder<Temporary>,
    target: PathBuf,
    /// As the caller wrote it, for messages.
    name: String,
    failed: bool,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub tally: Tally,
}

impl Written {
    /// What the user should know about the samples, as sentences.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.tally.not_finite > 0 {
            warnings.push(format!("{} samples were not finite numbers and became silence", self.tally.not_finite));
        }
        if self.tally.over > 0 {
            warnings.push(format!("{} samples exceed full scale", self.tally.over));
        }
        warnings
    }
}

impl AudioFile {
    /// Begin a stereo file at `path`; missing folders are created. An existing file stays as it is until [`Self::finish`].
    pub fn create(path: impl AsRef<Path>, format: FileFormat, sample_rate: u32) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        format.check(sample_rate).map_err(|message| Error::Media { path: name.clone(), message })?;
        let open = || -> io::Result<_> {
            let (temporary, target) = atomic_file::begin(path)?;
            Ok((Encoder::new(temporary, format, sample_rate)?, target))
        };
        match open() {
            Ok((encoder, target)) => Ok(Self { encoder, target, name, failed: false }),
            Err(source) => Err(Error::Io { path: name, source }),
        }
    }

    /// Append a block of frames; both channels have the same length.
    pub fn write(&mut self, left: &[f32], right: &[f32]) -> Result<()> {
        self.encoder.write(left, right).map_err(|source| {
            self.failed = true;
            Error::Io { path: self.name.clone(), source }
        })
    }

    /// What has been written so far.
    pub fn tally(&self) -> Tally {
        self.encoder.tally()
    }

    /// Complete the file and give it its name. Refused after a failed [`Self::write`]: the file would have a hole.
    pub fn finish(self) -> Result<Written> {
        let Self { encoder, target, name, failed } = self;
        let close = || {
            if failed {
                return Err(io::Error::other("not completed: an earlier block could not be written"));
            }
            let (temporary, tally) = encoder.finish()?;
            atomic_file::commit(temporary, &target)?;
            Ok(tally)
        };
        match close() {
            Ok(tally) => Ok(Written { path: target.clone(), tally }),
            Err(source) => Err(Error::Io { path: name, source }),
        }
    }
}
