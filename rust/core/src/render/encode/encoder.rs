//! Encodes samples to any sink: a file, or bytes in memory.

use std::io::{self, Seek, Write};

use super::flac::FlacWriter;
use super::format::{Channels, Container, FileFormat};
use super::quantize::Quantizer;
use super::wav::{Layout, WavWriter};

/// Frames that are converted at a time.
const CHUNK: usize = 4096;

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
    body: Body<W>,
    quantizer: Quantizer,
    bytes: Vec<u8>,
    channels: Channels,
    /// Whether the header keeps unknown lengths because the sink cannot seek.
    streaming: bool,
}

enum Body<W> {
    Wav(WavWriter<W>),
    // Boxed: the encoder's settings are large.
    Flac(Box<FlacWriter<W>>),
}

impl<W: Write + Seek> Encoder<W> {
    /// Begin a stereo file of this format at `sample_rate` Hz.
    ///
    /// # Errors
    /// `InvalidInput` if the format cannot hold the sample rate; errors of the sink.
    pub fn new(sink: W, format: FileFormat, sample_rate: u32) -> io::Result<Self> {
        Self::begin(sink, format, sample_rate, false, Channels::default())
    }

    /// Like [`Self::new`] for a sink that cannot seek. The header marks the length as unknown (WAV: sizes of
    /// 0xFFFFFFFF, FLAC: 0).
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub fn streaming(sink: W, format: FileFormat, sample_rate: u32) -> io::Result<Self> {
        Self::begin(sink, format, sample_rate, true, Channels::default())
    }

    /// Like [`Self::new`], or [`Self::streaming`], with other channels. [`Self::write_with`] fills the trigger channel;
    /// its format is WAV.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub(crate) fn begin(
        sink: W,
        format: FileFormat,
        sample_rate: u32,
        streaming: bool,
        channels: Channels,
    ) -> io::Result<Self> {
        format.check(sample_rate).map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))?;
        let layout = Layout { subtype: format.subtype, sample_rate, channels: channels.count() };
        let body = match format.container {
            Container::Wav if streaming => Body::Wav(WavWriter::streaming(sink, layout)?),
            Container::Wav => Body::Wav(WavWriter::new(sink, layout)?),
            Container::Flac => {
                Body::Flac(Box::new(FlacWriter::new(sink, format.subtype, sample_rate, channels.sound())?))
            }
        };
        let quantizer = Quantizer::new(format.subtype, format.rounding);
        Ok(Self { body, quantizer, bytes: Vec::new(), channels, streaming })
    }

    /// Let the dither begin at frame `first` of its sequence, under another seed. Without this call both are 0.
    pub fn dither_from(&mut self, seed: u64, first: u64) {
        self.quantizer.dither_from(seed, first);
    }

    /// The sink.
    pub(crate) fn sink(&mut self) -> &mut W {
        match &mut self.body {
            Body::Wav(writer) => writer.sink(),
            Body::Flac(writer) => writer.sink(),
        }
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
            match &mut self.body {
                Body::Wav(writer) => writer.write(&self.bytes)?,
                Body::Flac(writer) => writer.write(&self.bytes)?,
            }
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

    /// Complete the header, unless this is a stream, and return the sink.
    ///
    /// # Errors
    /// Errors of the sink.
    pub fn finish(self) -> io::Result<(W, Tally)> {
        let tally = self.tally();
        let sink = match self.body {
            Body::Wav(writer) if self.streaming => writer.end(),
            Body::Flac(writer) if self.streaming => writer.end()?,
            Body::Wav(writer) => writer.finish()?,
            Body::Flac(writer) => writer.finish()?,
        };
        Ok((sink, tally))
    }
}
