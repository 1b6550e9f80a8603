//! WAV files. The header has a fixed size and is rewritten at the end, unless the length was known at the
//! start; it becomes RF64 (EBU Tech 3306) when the sizes
//! do not fit in 32 bits. In a stream the sizes stay unknown.

use std::io::{self, SeekFrom};

use super::codec::{Codec, FormatInfo, Length, Rates, Setup, Sink};
use super::container::Container;
use super::format::Subtype;
use super::wav_tags;

pub(super) const FORMAT: FormatInfo = FormatInfo {
    container: Container::Wav,
    title: "WAV",
    names: &["wav", "wave", "rf64"],
    subtypes: &[Subtype::Pcm16, Subtype::Pcm24, Subtype::Float32],
    rates: Rates::UpTo(u32::MAX / 8),
    quality: None,
    tagged: false,
    begin,
};

/// Size in bytes of the `ds64` chunk, and of the `JUNK` chunk that reserves its place.
const DS64_LEN: u32 = 28;

/// Writes interleaved samples as one `data` chunk.
#[derive(Debug)]
struct WavFile {
    layout: Layout,
    /// Chunks with tags, before the samples.
    tags: Vec<u8>,
    length: Length,
    data_bytes: u64,
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let layout =
        Layout { subtype: setup.format.subtype, sample_rate: setup.sample_rate, channels: setup.channels.count() };
    let tags = wav_tags::chunks(setup.tags, layout.sample_rate, 8 * layout.subtype.bytes());
    sink.write_all(&match setup.length {
        Length::Unknown => stream_header(layout, &tags),
        Length::AtEnd => header(layout, &tags, 0),
        Length::Known(frames) => header(layout, &tags, frames * u64::from(layout.frame_bytes())),
    })?;
    Ok(Box::new(WavFile { layout, tags, length: setup.length, data_bytes: 0 }))
}

/// What the header says about the samples.
#[derive(Debug, Clone, Copy)]
struct Layout {
    subtype: Subtype,
    sample_rate: u32,
    channels: u16,
}

impl Layout {
    fn frame_bytes(self) -> u32 {
        u32::from(self.channels) * self.subtype.bytes() as u32
    }
}

impl Codec for WavFile {
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        sink.write_all(frames)?;
        self.data_bytes += frames.len() as u64;
        Ok(())
    }

    /// Pad the samples, and write the final sizes into the header if they were not known before.
    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        if self.length == Length::Unknown {
            return Ok(());
        }
        // A chunk of odd length (24 bits, three channels) gets a padding byte that its size does not count.
        if !self.data_bytes.is_multiple_of(2) {
            sink.write_all(&[0])?;
        }
        if self.length != Length::AtEnd {
            return Ok(());
        }
        sink.seek(SeekFrom::Start(0))?;
        sink.write_all(&header(self.layout, &self.tags, self.data_bytes))?;
        sink.seek(SeekFrom::End(0))?;
        sink.flush()
    }
}

/// The chunks before the data chunk: `fmt ` and, for floats, `fact`.
fn description(layout: Layout, frames: u64) -> Vec<u8> {
    let Layout { subtype, sample_rate, channels } = layout;
    let frame_bytes = layout.frame_bytes();
    let mut chunks = Vec::with_capacity(64);
    let float = subtype == Subtype::Float32;
    chunks.extend_from_slice(b"fmt ");
    // Formats other than integer PCM have an (empty) extension field and a fact chunk.
    chunks.extend_from_slice(&if float { 18_u32 } else { 16 }.to_le_bytes());
    chunks.extend_from_slice(&if float { 3_u16 } else { 1 }.to_le_bytes());
    chunks.extend_from_slice(&channels.to_le_bytes());
    chunks.extend_from_slice(&sample_rate.to_le_bytes());
    chunks.extend_from_slice(&(sample_rate * frame_bytes).to_le_bytes());
    chunks.extend_from_slice(&(frame_bytes as u16).to_le_bytes());
    chunks.extend_from_slice(&(8 * subtype.bytes() as u16).to_le_bytes());
    if float {
        chunks.extend_from_slice(&0_u16.to_le_bytes());
        chunks.extend_from_slice(b"fact");
        chunks.extend_from_slice(&4_u32.to_le_bytes());
        chunks.extend_from_slice(&u32::try_from(frames).unwrap_or(u32::MAX).to_le_bytes());
    }
    chunks
}

/// All bytes before the first sample of a stream; sizes of all ones mean unknown.
fn stream_header(layout: Layout, tags: &[u8]) -> Vec<u8> {
    let unknown = u32::MAX.to_le_bytes();
    [b"RIFF", &unknown[..], b"WAVE", &description(layout, u64::MAX), tags, b"data", &unknown].concat()
}

/// All bytes before the first sample; the length does not depend on `data_bytes`.
fn header(layout: Layout, tags: &[u8], data_bytes: u64) -> Vec<u8> {
    let frames = data_bytes / u64::from(layout.frame_bytes());
    let mut chunks = description(layout, frames);
    chunks.extend_from_slice(tags);
    chunks.extend_from_slice(b"data");

    // Counts from "WAVE" to the end: the reserved chunk, `chunks`, the size of the data chunk, the data, the padding.
    let riff_bytes = 4 + 8 + u64::from(DS64_LEN) + chunks.len() as u64 + 4 + data_bytes + data_bytes % 2;
    let (magic, riff_size, data_size) = match (u32::try_from(riff_bytes), u32::try_from(data_bytes)) {
        (Ok(riff), Ok(data)) if riff < u32::MAX => (b"RIFF", riff, data),
        _ => (b"RF64", u32::MAX, u32::MAX),
    };
    let large = magic == b"RF64";
    let mut header = Vec::with_capacity(128);
    header.extend_from_slice(magic);
    header.extend_from_slice(&riff_size.to_le_bytes());
    header.extend_from_slice(b"WAVE");
    header.extend_from_slice(if large { b"ds64" } else { b"JUNK" });
    header.extend_from_slice(&DS64_LEN.to_le_bytes());
    for size in [riff_bytes, data_bytes, frames] {
        header.extend_from_slice(&if large { size } else { 0 }.to_le_bytes());
    }
    // The table of further chunk sizes is empty.
    header.extend_from_slice(&0_u32.to_le_bytes());
    header.extend_from_slice(&chunks);
    header.extend_from_slice(&data_size.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    /// A sink that stores the first 256 bytes and counts the rest.
    #[derive(Default)]
    struct Counting {
        head: Vec<u8>,
        at: u64,
        len: u64,
    }

    impl Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            for (offset, byte) in (self.at..256).zip(bytes) {
                let offset = offset as usize;
                self.head.resize(self.head.len().max(offset + 1), 0);
                self.head[offset] = *byte;
            }
            self.at += bytes.len() as u64;
            self.len = self.len.max(self.at);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Counting {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(back) => self.len.saturating_add_signed(back),
                SeekFrom::Current(step) => self.at.saturating_add_signed(step),
            };
            Ok(self.at)
        }
    }

    fn u32_at(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    fn u64_at(bytes: &[u8], at: usize) -> u64 {
        u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
    }

    fn written(subtype: Subtype, mebibytes: usize) -> Counting {
        let mut sink = Counting::default();
        let layout = Layout { subtype, sample_rate: 48_000, channels: 2 };
        sink.write_all(&header(layout, &[], 0)).unwrap();
        let mut file = WavFile { layout, tags: Vec::new(), length: Length::AtEnd, data_bytes: 0 };
        let block = vec![0; 1 << 20];
        for _ in 0..mebibytes {
            file.write(&block, &mut sink).unwrap();
        }
        file.finish(&mut sink).unwrap();
        sink
    }

    #[test]
    fn a_short_file_is_riff_with_space_for_ds64() {
        let file = written(Subtype::Pcm16, 1);
        let head = &file.head;
        assert_eq!(&head[..4], b"RIFF");
        assert_eq!(u64::from(u32_at(head, 4)), file.len - 8);
        assert_eq!(&head[8..16], b"WAVEJUNK");
        assert_eq!(&head[48..52], b"fmt ");
        assert_eq!(&head[72..76], b"data");
        assert_eq!(u32_at(head, 76), 1 << 20);
        assert_eq!(file.len, 80 + (1 << 20));
    }

    #[test]
    fn files_above_four_gibibytes_are_rf64_with_true_sizes() {
        let file = written(Subtype::Float32, 5000);
        let (head, data) = (&file.head, 5000_u64 << 20);
        assert_eq!((&head[..4], u32_at(head, 4), &head[8..16]), (&b"RF64"[..], u32::MAX, &b"WAVEds64"[..]));
        assert_eq!(u32_at(head, 16), 28);
        assert_eq!(u64_at(head, 20), file.len - 8);
        assert_eq!(u64_at(head, 28), data);
        assert_eq!(u64_at(head, 36), data / 8);
        let at = head.windows(4).position(|w| w == b"data").unwrap();
        assert_eq!(u32_at(head, at + 4), u32::MAX);
        assert_eq!(file.len, at as u64 + 8 + data);
        let fact = head.windows(4).position(|w| w == b"fact").unwrap();
        assert_eq!(u32_at(head, fact + 8), (data / 8) as u32);
    }

    #[test]
    fn rf64_begins_exactly_where_sizes_exceed_32_bits() {
        let layout = Layout { subtype: Subtype::Pcm16, sample_rate: 44_100, channels: 2 };
        let header = |bytes: u64| header(layout, &[], bytes);
        let before_data = header(0).len() as u64;
        let last = u64::from(u32::MAX) - 1 - (before_data - 8);
        let fits = header(last - last % 4);
        assert_eq!(&fits[..4], b"RIFF");
        assert_eq!(u64::from(u32_at(&fits, 4)), before_data - 8 + last - last % 4);
        let too_long = header(last - last % 4 + 4);
        assert_eq!(&too_long[..4], b"RF64");
        assert_eq!(too_long.len(), fits.len());
        assert_eq!(u64_at(&too_long, 28), last - last % 4 + 4);
    }
}
