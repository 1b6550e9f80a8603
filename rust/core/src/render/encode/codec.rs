//! What a file format implements, and the row that describes it.

use std::io::{self, Seek, Write};

use super::container::Container;
use super::format::{Channels, FileFormat, Subtype};
use super::tags::Tags;

/// Destination of the bytes of a file.
pub(super) trait Sink: Write + Seek {}

impl<W: Write + Seek> Sink for W {}

/// A file that is being written in one format. The sink is empty when the file begins.
pub(super) trait Codec: Send {
    /// Append whole frames: interleaved little-endian samples of the type that [`FormatInfo::stored`] returns.
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()>;

    /// Write the rest and, with [`Length::AtEnd`], what only the end of a file knows into its header.
    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()>;
}

/// What a file is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup<'a> {
    pub(super) format: FileFormat,
    /// Frames per second of the samples that arrive.
    pub(super) sample_rate: u32,
    pub(super) channels: Channels,
    pub(super) length: Length,
    pub(super) tags: &'a Tags,
}

/// When the length of a file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// At the end; the sink can seek, and the header is rewritten.
    AtEnd,
    /// Never; the sink cannot seek, and the header says so.
    Unknown,
    /// From the start, in frames; the sink need not seek.
    Known(u64),
}

/// Begins a file: writes what comes before the sound.
pub(super) type Begin = fn(&Setup<'_>, &mut dyn Sink) -> io::Result<Box<dyn Codec>>;

/// The description of a file format, from which help texts, errors and checks are made.
#[derive(Debug)]
pub struct FormatInfo {
    /// The container.
    pub container: Container,
    /// Name for people, such as `Ogg Opus`.
    pub title: &'static str,
    /// Names in options and extensions of files; the first is the usual one.
    pub names: &'static [&'static str],
    /// Sample types that it stores; empty if it compresses with loss.
    pub subtypes: &'static [Subtype],
    /// Sample rates that it stores. Sound at another rate is refused or resampled.
    pub rates: Rates,
    /// Lowest, default and highest bit rate in kbit/s, if it compresses with loss.
    pub quality: Option<[u32; 3]>,
    /// Whether a file has tags without being asked for them.
    pub tagged: bool,
    pub(super) begin: Begin,
}

/// Sample rates that a format stores, in Hz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rates {
    /// All up to this one; others are refused.
    UpTo(u32),
    /// Those of the list; sound at another rate is resampled to the last of them.
    Only(&'static [u32]),
}

impl FormatInfo {
    /// Whether files of this format differ from the sound that is written to them.
    pub const fn is_lossy(&self) -> bool {
        self.subtypes.is_empty()
    }

    /// The sample type of the samples that the codec gets, if files have the type `subtype`.
    pub(super) fn stored(&self, subtype: Subtype) -> Subtype {
        if self.is_lossy() { Subtype::Float32 } else { subtype }
    }

    /// Sample rate of a file of sound at `rate` Hz.
    ///
    /// ```
    /// use realtime_backend_core::render::encode::Container;
    ///
    /// let opus = Container::from_name("opus").and_then(Container::info).expect("a format of this build");
    /// assert_eq!(opus.rate_for(44_100), 48_000);
    /// ```
    pub fn rate_for(&self, rate: u32) -> u32 {
        match self.rates {
            Rates::Only(rates) if !rates.contains(&rate) => rates.last().copied().unwrap_or(rate),
            _ => rate,
        }
    }

    /// The format in a list: `.wav (16 bit, 24 bit, float32)`.
    pub(super) fn listed(&self) -> String {
        let kinds: Vec<&str> = self.subtypes.iter().map(|subtype| subtype.title()).collect();
        let kinds = if self.is_lossy() { self.title.to_owned() } else { kinds.join(", ") };
        format!(".{} ({kinds})", self.names[0])
    }
}
