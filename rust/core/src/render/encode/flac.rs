//! FLAC (RFC 9639) with blocks of fixed size. A few blocks are compressed at a time, on all cores, so that memory does
//! not grow with the file.

use std::io::{self, SeekFrom};

use md5::{Digest as _, Md5};

use super::codec::{Codec, FormatInfo, Length, Rates, Setup, Sink};
use super::comments::{VENDOR, packed};
use super::container::Container;
use super::flac_cues::sheet;
use super::flac_frame::{Coder, Kind};
use super::format::Subtype;
use super::tags::Chapter;
use crate::parallel;

pub(super) const FORMAT: FormatInfo = FormatInfo {
    container: Container::Flac,
    title: "FLAC",
    names: &["flac"],
    subtypes: &[Subtype::Pcm16, Subtype::Pcm24],
    // the sample rate has 20 bits in STREAMINFO
    rates: Rates::UpTo(655_350),
    quality: None,
    tagged: true,
    begin,
};

/// Frames per FLAC block.
const BLOCK: usize = 4096;
/// Blocks that are compressed at a time, on all cores.
const BATCH: usize = 32;
/// Frame counts from here on do not fit into the 36 bits of the header; it then holds 0, which means unknown.
const MAX_TOTAL: u64 = 1 << 36;
/// Most bytes of a metadata block.
const MOST_METADATA: usize = (1 << 24) - 1;

struct FlacFile {
    kind: Kind,
    workers: Vec<Coder>,
    length: Length,
    /// Whether comments follow.
    tagged: bool,
    chapters: Vec<Chapter>,
    /// MD5 of all samples so far.
    digest: Md5,
    /// Interleaved bytes that do not fill a batch yet.
    pending: Vec<u8>,
    blocks: u64,
    frames: u64,
    /// Shortest and longest compressed block, bytes.
    sizes: Option<(usize, usize)>,
}

fn begin(setup: &Setup<'_>, sink: &mut dyn Sink) -> io::Result<Box<dyn Codec>> {
    let kind =
        Kind { bytes: setup.format.subtype.bytes(), stereo: !setup.channels.mono, sample_rate: setup.sample_rate };
    let file = FlacFile {
        kind,
        workers: (0..parallel::threads(0).min(BATCH)).map(|_| Coder::default()).collect(),
        length: setup.length,
        tagged: !setup.tags.is_empty(),
        chapters: setup.tags.chapters.clone(),
        digest: Md5::new(),
        pending: Vec::new(),
        blocks: 0,
        frames: 0,
        sizes: None,
    };
    let total = if let Length::Known(frames) = setup.length { frames } else { 0 };
    sink.write_all(&file.head([0; 16], total))?;
    if file.tagged {
        let comments = packed(VENDOR, &setup.tags.comments(setup.sample_rate));
        if comments.len() > MOST_METADATA {
            let message = "the tags and the track have more than 16 MiB, which FLAC cannot hold";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        sink.write_all(&metadata(4, true, &comments))?;
    }
    Ok(Box::new(file))
}

/// A block of metadata with its header.
fn metadata(kind: u8, last: bool, content: &[u8]) -> Vec<u8> {
    let [_, len @ ..] = (content.len() as u32).to_be_bytes();
    let mut block = vec![kind | if last { 0x80 } else { 0 }];
    block.extend_from_slice(&len);
    block.extend_from_slice(content);
    block
}

impl FlacFile {
    /// The marker, STREAMINFO, and the CUESHEET if there are chapters. A digest and a `total` of 0 are unknown.
    fn head(&self, digest: [u8; 16], total: u64) -> Vec<u8> {
        let total = if total < MAX_TOTAL { total } else { 0 };
        let (shortest, longest) = self.sizes.unwrap_or((0, 0));
        let mut info = Vec::with_capacity(34);
        info.extend_from_slice(&[(BLOCK as u16).to_be_bytes(), (BLOCK as u16).to_be_bytes()].concat());
        for size in [shortest, longest] {
            info.extend_from_slice(&(size as u32).to_be_bytes()[1..]);
        }
        let bits = 8 * self.kind.bytes as u64;
        // 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of length
        let packed =
            u64::from(self.kind.sample_rate) << 44 | u64::from(self.kind.stereo) << 41 | (bits - 1) << 36 | total;
        info.extend_from_slice(&packed.to_be_bytes());
        info.extend_from_slice(&digest);
        let mut head = [b"fLaC".to_vec(), metadata(0, !self.tagged, &info)].concat();
        // a length that is not known yet, or never, is taken from the last chapter
        let end = if total > 0 { total } else { self.chapters.last().map_or(0, |chapter| chapter.end) };
        if let Some(cues) = sheet(&self.chapters, end) {
            head.extend(metadata(5, false, &cues));
        }
        head
    }

    /// Compress whole blocks (the last one of the file may be short) and write them.
    fn compress(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        let (kind, first) = (self.kind, self.blocks);
        let blocks: Vec<&[u8]> = bytes.chunks(BLOCK * kind.frame_bytes()).collect();
        let (workers, mut compressed) = (&mut self.workers, Vec::new());
        let code = || {
            compressed = parallel::run(workers, blocks.len(), |coder, index| {
                coder.code(kind, blocks[index], first + index as u64)
            });
        };
        let digest = &mut self.digest;
        parallel::beside(|| digest.update(bytes), code);
        for block in compressed {
            sink.write_all(&block)?;
            let (shortest, longest) = self.sizes.unwrap_or((block.len(), block.len()));
            self.sizes = Some((shortest.min(block.len()), longest.max(block.len())));
            self.blocks += 1;
        }
        self.frames += (bytes.len() / kind.frame_bytes()) as u64;
        Ok(())
    }
}

impl Codec for FlacFile {
    fn write(&mut self, frames: &[u8], sink: &mut dyn Sink) -> io::Result<()> {
        self.pending.extend_from_slice(frames);
        let batch = BATCH * BLOCK * self.kind.frame_bytes();
        while self.pending.len() >= batch {
            let rest = self.pending.split_off(batch);
            let full = std::mem::replace(&mut self.pending, rest);
            self.compress(&full, sink)?;
        }
        Ok(())
    }

    /// Compress the rest, and write length, checksum and block sizes into the header. Where it is not rewritten, what was
    /// not known at the start stays 0, which means unknown.
    fn finish(&mut self, sink: &mut dyn Sink) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        if !rest.is_empty() {
            self.compress(&rest, sink)?;
        }
        if self.length != Length::AtEnd {
            return Ok(());
        }
        let digest = std::mem::take(&mut self.digest).finalize().into();
        sink.seek(SeekFrom::Start(0))?;
        sink.write_all(&self.head(digest, self.frames))?;
        sink.seek(SeekFrom::End(0))?;
        sink.flush()
    }
}
