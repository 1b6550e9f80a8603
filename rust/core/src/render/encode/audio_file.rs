//! Writes an audio file, which appears under its name only when it is complete (spec assembly 10). Pipes and the
//! standard output get it as a stream.

use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::codec::{Length, Setup};
use super::container::Container;
use super::encoder::{Encoder, Tally};
use super::format::{Channels, FileFormat};
use super::tags::Tags;
use crate::error::{Error, Result};
use crate::files::atomic::Temporary;
use crate::files::stream::{Stream, is_stream};

/// A stereo file that is being written. If it is dropped before [`AudioFile::finish`], it leaves nothing behind.
///
/// ```no_run
/// # use realtime_backend_core::render::encode::{AudioFile, FileFormat};
/// let mut file = AudioFile::create("out/session.flac", FileFormat::for_path("session.flac")?, 44_100)?;
/// file.write(&[0.0; 512], &[0.0; 512])?;
/// let written = file.finish()?;
/// assert_eq!(written.tally.frames, 512);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
pub struct AudioFile {
    encoder: Encoder<Sink>,
    /// The path as the caller gave it.
    path: PathBuf,
    failed: bool,
}

/// Destination of the bytes.
enum Sink {
    File(Box<Temporary>),
    /// Encoded bytes that are not sent yet, and the stream. Only [`AudioFile::drain`] and [`AudioFile::finish`] wait
    /// for the reader.
    Stream(Vec<u8>, Stream),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stream(ready, _) => ready.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stream(..) => Ok(()),
        }
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Stream(..) => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The path as the caller gave it.
    pub path: PathBuf,
    /// Counts of frames and of irregular samples.
    pub tally: Tally,
}

impl Written {
    /// Warnings about the samples, as text for people.
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
    /// Begin a stereo file at `path`, at `sample_rate` Hz; missing folders are created. An existing file stays
    /// unchanged until [`Self::finish`].
    ///
    /// # Errors
    /// [`Error::Media`] if the format cannot hold the sample rate; [`Error::Io`] if the file cannot be created.
    pub fn create(path: impl AsRef<Path>, format: FileFormat, sample_rate: u32) -> Result<Self> {
        Self::create_while(path.as_ref(), format, sample_rate, Channels::default(), &Tags::default(), &mut || true)
    }

    /// Like [`Self::create`], with these channels; waits for the reader of a FIFO as long as `keep_on` returns true.
    /// [`Self::write_with`] fills a trigger channel.
    pub(crate) fn create_while(
        path: &Path,
        format: FileFormat,
        sample_rate: u32,
        channels: Channels,
        tags: &Tags,
        keep_on: &mut dyn FnMut() -> bool,
    ) -> Result<Self> {
        let name = || path.display().to_string();
        format.check(sample_rate).map_err(|message| Error::Media { path: name(), message })?;
        if channels.trigger && format.container != Container::Wav {
            let message = "only WAV files can have a trigger channel".to_owned();
            return Err(Error::Media { path: name(), message });
        }
        let mut open = || {
            let streaming = is_stream(path);
            let sink = if streaming {
                Sink::Stream(Vec::new(), Stream::open(path, keep_on)?)
            } else {
                Sink::File(Box::new(Temporary::begin(path)?))
            };
            let length = if streaming { Length::Unknown } else { Length::AtEnd };
            Encoder::begin(sink, &Setup { format, sample_rate, channels, length, tags })
        };
        match open() {
            Ok(encoder) => Ok(Self { encoder, path: path.to_owned(), failed: false }),
            Err(source) => Err(failure(path, source)),
        }
    }

    /// Let the dither begin at track frame `first`, under another seed. Without this call both are 0.
    pub(crate) fn dither_from(&mut self, seed: u64, first: u64) {
        self.encoder.dither_from(seed, first);
    }

    /// Append a block of frames; both channels have the same length.
    ///
    /// # Errors
    /// [`Error::Io`] if the channels differ in length or the file cannot be written.
    pub fn write(&mut self, left: &[f32], right: &[f32]) -> Result<()> {
        self.write_with(left, right, &[])
    }

    /// As [`Self::write`], with the trigger channel.
    pub(crate) fn write_with(&mut self, left: &[f32], right: &[f32], trigger: &[bool]) -> Result<()> {
        self.encoder.write_with(left, right, trigger).map_err(|source| {
            self.failed = true;
            failure(&self.path, source)
        })
    }

    /// Send the encoded bytes of a stream to its reader, waiting as long as `keep_on` returns true. Does nothing for a
    /// regular file.
    pub(crate) fn drain(&mut self, keep_on: &mut dyn FnMut() -> bool) -> Result<()> {
        let Sink::Stream(ready, stream) = self.encoder.sink() else { return Ok(()) };
        let sent = stream.send(ready, keep_on);
        ready.clear();
        sent.map_err(|source| {
            self.failed = true;
            failure(&self.path, source)
        })
    }

    /// Counts of what has been written so far.
    pub fn tally(&self) -> Tally {
        self.encoder.tally()
    }

    /// Complete the file and give it its name.
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be completed, or if an earlier [`Self::write`] failed, because the file would
    /// have a gap.
    pub fn finish(self) -> Result<Written> {
        self.finish_while(&mut || true)
    }

    /// Like [`Self::finish`]; waits for the reader of a stream as long as `keep_on` returns true.
    pub(crate) fn finish_while(self, keep_on: &mut dyn FnMut() -> bool) -> Result<Written> {
        let Self { encoder, path, failed } = self;
        let close = || {
            if failed {
                return Err(io::Error::other("not completed: an earlier block could not be written"));
            }
            let (sink, tally) = encoder.finish()?;
            match sink {
                Sink::File(temporary) => temporary.commit()?,
                Sink::Stream(ready, mut stream) => stream.send(&ready, keep_on)?,
            }
            Ok(tally)
        };
        match close() {
            Ok(tally) => Ok(Written { path, tally }),
            Err(source) => Err(failure(&path, source)),
        }
    }
}

/// Convert an I/O error at `path`. The kind `Interrupted` occurs only if a caller's `keep_on` returned false.
fn failure(path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::Interrupted => Error::Cancelled,
        _ => Error::Io { path: path.display().to_string(), source },
    }
}
