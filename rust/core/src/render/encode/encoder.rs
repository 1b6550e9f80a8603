//! Encodes samples to any sink: a file, or bytes in memory.

use std::io::{self, Seek, Write};

use super::codec::{Codec, Length, Setup};
use super::format::{Channels, FileFormat};
use super::quantize::Quantizer;
use super::tags::Tags;

/// Frames that are converted at a time.
const CHUNK: usize = 1 << 16;

/// Counts of the samples in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Frames written.
    pub frames: u64,
    /// Samples that were NaN or infinite and were written as 0. They indicate a bug in the code that rendered them.
    pub not_finite: u64,
    /// Samples with a magnitude above 1; integer formats clip them.
    pub over: u64,
}

/// Encodes stereo blocks to a sink, which must be empty at the start. A WAV file may have a trigger channel as well.
///
/// ```
/// use std::io::Cursor;
///
/// use realtime_backend_core::render::encode::{Container, Encoder, FileFormat};
///
/// let mut encoder = Encoder::new(Cursor::new(Vec::new()), FileFormat::new(Container::Wav), 44_100)?;
/// encoder.write(&[0.5; 441], &[-0.5; 441])?;
/// let (sink, tally) = encoder.finish()?;
/// assert!(sink.get_ref().starts_with(b"RIFF"));
/// assert_eq!(tally.frames, 441);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Encoder<W: Write + Seek> {
    sink: W,
    codec: Box<dyn Codec>,
    quantizer: Quantizer,
    bytes: Vec<u8>,
    channels: Channels,
}

impl<W: Write + Seek> Encoder<W> {
    /// Begin a stereo file of this format at `sample_rate` Hz, without tags.
    ///
    /// # Errors
    /// `InvalidInput` if the format cannot hold the sample rate; errors of the sink.
    pub fn new(sink: W, format: FileFormat, sample_rate: u32) -> io::Result<Self> {
        let (channels, tags) = (Channels::default(), &Tags::default());
        Self::begin(sink, &Setup { format, sample_rate, channels, length: Length::AtEnd, tags })
    }

    /// Like [`Self::new`] for a sink that cannot seek. The header marks the length as unknown (WAV: sizes of
    /// 0xFFFFFFFF, FLAC: 0).
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub fn streaming(sink: W, format: FileFormat, sample_rate: u32) -> io::Result<Self> {
        let (channels, tags) = (Channels::default(), &Tags::default());
        Self::begin(sink, &Setup { format, sample_rate, channels, length: Length::Unknown, tags })
    }

    /// Like [`Self::streaming`] for a file that will have `frames` frames, which its header says if it can. It is mono if
    /// `channels` says so, and has these tags.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub(crate) fn of_length(
        sink: W,
        format: FileFormat,
        sample_rate: u32,
        channels: Channels,
        tags: &Tags,
        frames: u64,
    ) -> io::Result<Self> {
        Self::begin(sink, &Setup { format, sample_rate, channels, length: Length::Known(frames), tags })
    }

    /// Begin a file. [`Self::write_with`] fills its trigger channel, if it has one.
    pub(super) fn begin(mut sink: W, setup: &Setup<'_>) -> io::Result<Self> {
        let invalid = |reason| io::Error::new(io::ErrorKind::InvalidInput, reason);
        setup.format.check(setup.sample_rate).map_err(invalid)?;
        let info = setup.format.container.info().ok_or_else(|| invalid(String::new()))?;
        let codec = (info.begin)(setup, &mut sink)?;
        let quantizer = Quantizer::new(info.stored(setup.format.subtype), setup.format.rounding);
        Ok(Self { sink, codec, quantizer, bytes: Vec::new(), channels: setup.channels })
    }

    /// Let the dither begin at frame `first` of its sequence, under another seed. Without this call both are 0.
    pub fn dither_from(&mut self, seed: u64, first: u64) {
        self.quantizer.dither_from(seed, first);
    }

    /// The sink.
    pub(crate) fn sink(&mut self) -> &mut W {
        &mut self.sink
    }

    /// Append a block; both channels have the same length.
    ///
    /// # Errors
    /// `InvalidInput` if the channels differ in length; errors of the sink.
    pub fn write(&mut self, left: &[f32], right: &[f32]) -> io::Result<()> {
        self.write_with(left, right, &[])
    }

    /// As [`Self::write`], with the trigger channel, if the file has one. It has the length of the others.
    pub(crate) fn write_with(&mut self, left: &[f32], right: &[f32], trigger: &[bool]) -> io::Result<()> {
        if left.len() != right.len() {
            let message = format!("the channels of a block differ in length: {} and {}", left.len(), right.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut triggers = trigger.chunks(CHUNK);
        for (left, right) in left.chunks(CHUNK).zip(right.chunks(CHUNK)) {
            self.bytes.clear();
            self.quantizer.append(left, right, &mut self.bytes);
            if let Some(trigger) = triggers.next() {
                self.bytes = self.quantizer.with_trigger(&self.bytes, trigger);
            }
            if self.channels.mono {
                self.bytes = self.quantizer.left_only(&self.bytes, usize::from(self.channels.trigger));
            }
            self.codec.write(&self.bytes, &mut self.sink)?;
        }
        Ok(())
    }

    /// Counts of what has been written so far.
    pub fn tally(&self) -> Tally {
        let Quantizer { frames, not_finite, over, .. } = self.quantizer;
        // both channels of a mono file were counted, and they are equal
        let each = if self.channels.mono { 2 } else { 1 };
        Tally { frames, not_finite: not_finite / each, over: over / each }
    }

    /// Complete the file, with its header unless this is a stream, and return the sink.
    ///
    /// # Errors
    /// Errors of the sink.
    pub fn finish(mut self) -> io::Result<(W, Tally)> {
        self.codec.finish(&mut self.sink)?;
        let tally = self.tally();
        Ok((self.sink, tally))
    }
}
