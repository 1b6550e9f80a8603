//! FLAC with blocks of fixed size. A few blocks are compressed at a time, so that memory does not grow with the file.

use std::io::{self, Seek, SeekFrom, Write};

use flacenc::bitsink::MemSink;
use flacenc::component::{BitRepr, StreamInfo};
use flacenc::config;
use flacenc::error::{Verified, Verify};
use flacenc::source::{Context, Fill, FrameBuf};

use super::format::Subtype;
use crate::parallel;

/// Frames per FLAC block.
const BLOCK: usize = 4096;
/// Blocks that are compressed at a time, on all cores.
const BATCH: usize = 32;
/// Frame counts from here on do not fit into the 36 bits of the header; it then holds 0, which means unknown.
const MAX_TOTAL: u64 = 1 << 36;

/// Writes interleaved sample bytes as FLAC frames.
pub(super) struct FlacWriter<W> {
    sink: W,
    config: Verified<config::Encoder>,
    info: StreamInfo,
    /// MD5 of all samples so far.
    digest: Context,
    bytes_per_sample: usize,
    channels: usize,
    /// Interleaved bytes that do not fill a batch yet.
    pending: Vec<u8>,
    blocks: usize,
    frames: u64,
    /// Shortest and longest compressed block, bytes.
    sizes: Option<(usize, usize)>,
}

impl<W: Write + Seek> FlacWriter<W> {
    /// Begin a file on an empty sink; `subtype` is an integer type.
    pub(super) fn new(mut sink: W, subtype: Subtype, sample_rate: u32, channels: u16) -> io::Result<Self> {
        let channels = usize::from(channels);
        let bits = 8 * subtype.bytes();
        let mut info = StreamInfo::new(sample_rate as usize, channels, bits).map_err(fault)?;
        info.set_block_sizes(BLOCK, BLOCK).map_err(fault)?;
        let mut config = config::Encoder::default();
        config.block_size = BLOCK;
        // Use linear prediction only: for 24-bit sound the encoder's estimate prefers fixed predictors, which make the
        // file a fifth larger.
        config.subframe_coding.use_fixed = false;
        let config = config.into_verified().map_err(|(_, error)| fault(error))?;
        sink.write_all(&head(&info)?)?;
        Ok(Self {
            sink,
            config,
            info,
            digest: Context::new(bits, channels),
            bytes_per_sample: subtype.bytes(),
            channels,
            pending: Vec::new(),
            blocks: 0,
            frames: 0,
            sizes: None,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        let batch = BATCH * BLOCK * self.bytes_per_frame();
        while self.pending.len() >= batch {
            let rest = self.pending.split_off(batch);
            let full = std::mem::replace(&mut self.pending, rest);
            self.compress(&full)?;
        }
        Ok(())
    }

    /// Compress whole blocks (the last one of the file may be short) and write them.
    fn compress(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (config, info, first) = (&self.config, &self.info, self.blocks);
        let (bytes_per_frame, channels) = (self.bytes_per_frame(), self.channels);
        let blocks: Vec<&[u8]> = bytes.chunks(BLOCK * bytes_per_frame).collect();
        let mut workers = vec![(); parallel::threads(0)];
        let compressed: Vec<io::Result<Vec<u8>>> = parallel::run(&mut workers, blocks.len(), |(), index| {
            compress_block(config, info, channels, blocks[index], first + index)
        });
        for block in compressed {
            let block = block?;
            self.sink.write_all(&block)?;
            let (shortest, longest) = self.sizes.unwrap_or((block.len(), block.len()));
            self.sizes = Some((shortest.min(block.len()), longest.max(block.len())));
            self.blocks += 1;
        }
        self.digest.fill_le_bytes(bytes, self.bytes_per_sample).map_err(fault)?;
        self.frames += (bytes.len() / bytes_per_frame) as u64;
        Ok(())
    }

    const fn bytes_per_frame(&self) -> usize {
        self.channels * self.bytes_per_sample
    }

    pub(super) fn sink(&mut self) -> &mut W {
        &mut self.sink
    }

    fn compress_rest(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        if rest.is_empty() { Ok(()) } else { self.compress(&rest) }
    }

    /// Compress the rest. The header keeps length and checksum 0, which means unknown.
    pub(super) fn end(mut self) -> io::Result<W> {
        self.compress_rest()?;
        Ok(self.sink)
    }

    /// Compress the rest and write length, checksum and block sizes into the header.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.compress_rest()?;
        self.info.set_md5_digest(&self.digest.md5_digest());
        self.info.set_total_samples(if self.frames < MAX_TOTAL { self.frames as usize } else { 0 });
        let (shortest, longest) = self.sizes.unwrap_or((0, 0));
        self.info.set_frame_sizes(shortest, longest).map_err(fault)?;
        self.sink.seek(SeekFrom::Start(0))?;
        self.sink.write_all(&head(&self.info)?)?;
        self.sink.seek(SeekFrom::End(0))?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

/// Keep only the text of an error of the FLAC encoder, because such errors cannot be sent between threads.
fn fault(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

/// The `fLaC` marker and the only metadata block, STREAMINFO, flagged as the last one.
fn head(info: &StreamInfo) -> io::Result<Vec<u8>> {
    let mut bits = MemSink::<u8>::new();
    info.write(&mut bits).map_err(fault)?;
    let body = bits.as_slice();
    let mut head = b"fLaC\x80\0\0".to_vec();
    head.push(body.len() as u8);
    head.extend_from_slice(body);
    Ok(head)
}

fn compress_block(
    config: &Verified<config::Encoder>,
    info: &StreamInfo,
    channels: usize,
    bytes: &[u8],
    number: usize,
) -> io::Result<Vec<u8>> {
    let mut samples = FrameBuf::with_size(channels, BLOCK).map_err(fault)?;
    samples.fill_le_bytes(bytes, info.bits_per_sample() / 8).map_err(fault)?;
    let frame = flacenc::encode_fixed_size_frame(config, &samples, number, info).map_err(fault)?;
    let mut bits = MemSink::<u8>::with_capacity(frame.count_bits());
    frame.write(&mut bits).map_err(fault)?;
    Ok(bits.into_inner())
}
