//! Uncompressed samples: integers, floats, A-law and µ-law, at fixed offsets.

use crate::media::fault::{Fault, Res};
use crate::media::input::Input;
use crate::media::opened::Opened;
use crate::media::source::{Found, Source};

/// The coding of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// 8 bits with an offset of 128.
    Unsigned8,
    /// Two's complement in this many bytes, with the value in the upper bits.
    Integer(u8),
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

impl Coding {
    /// Size of one sample in bytes.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 | Self::ALaw | Self::MuLaw => 1,
            Self::Integer(bytes) => usize::from(bytes),
            Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// The value of one sample, whose bytes are in little-endian order; full scale is ±1.
    fn value(self, bytes: &[u8]) -> f32 {
        match self {
            Self::Unsigned8 => (f32::from(bytes[0]) - 128.0) / 128.0,
            Self::Integer(1) => f32::from(bytes[0] as i8) / 128.0,
            Self::Integer(2) => f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32768.0,
            Self::Integer(3) => (i32::from_le_bytes([0, bytes[0], bytes[1], bytes[2]]) >> 8) as f32 / 8_388_608.0,
            Self::Integer(_) => {
                let mut wide = [0; 8];
                wide[8 - bytes.len()..].copy_from_slice(bytes);
                (i64::from_le_bytes(wide) as f64 / 9_223_372_036_854_775_808.0) as f32
            }
            Self::Float32 => f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            Self::Float64 => {
                let mut wide = [0; 8];
                wide.copy_from_slice(&bytes[..8]);
                f64::from_le_bytes(wide) as f32
            }
            Self::ALaw => f32::from(a_law(bytes[0])) / 32768.0,
            Self::MuLaw => f32::from(mu_law(bytes[0])) / 32768.0,
        }
    }
}

/// Decodes A-law (ITU-T G.711) to 16 bits.
fn a_law(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = ((byte >> 4) & 7, i16::from(byte & 15));
    let size = if exponent == 0 { (mantissa << 4) + 8 } else { ((mantissa << 4) + 0x108) << (exponent - 1) };
    if byte & 0x80 == 0 { -size } else { size }
}

/// Decodes µ-law (ITU-T G.711) to 16 bits.
fn mu_law(byte: u8) -> i16 {
    let byte = !byte;
    let size = (((i16::from(byte & 15) << 3) + 0x84) << ((byte >> 4) & 7)) - 0x84;
    if byte & 0x80 == 0 { size } else { -size }
}

/// Uncompressed samples in a file.
#[derive(Debug, Clone)]
pub(super) struct Pcm {
    pub(super) input: Input,
    /// Offset of the first sample in the file.
    pub(super) start: u64,
    pub(super) coding: Coding,
    pub(super) big_endian: bool,
    pub(super) channels: usize,
    /// Length in frames.
    pub(super) frames: u64,
    scratch: Vec<u8>,
}

/// The format that a header states for the samples in the bytes `start..end` of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) coding: Coding,
    pub(super) big_endian: bool,
    pub(super) channels: usize,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// Float files up to this size in bytes are searched for non-finite and far too loud samples when they are opened.
const SEARCHED: u64 = 64 << 20;
/// Number of frames that are read at once.
const PIECE: usize = 1 << 14;

impl Pcm {
    /// The open file of these samples at `rate` Hz. They are searched for anomalies.
    pub(super) fn opened(mut self, rate: u32) -> Res<Opened> {
        if self.frames == 0 {
            return Err("contains no audio (0 frames)".into());
        }
        let found = self.search()?;
        Ok(Opened { rate, warnings: found.warnings(), found, ..Opened::of(Box::new(self)) })
    }

    /// The samples of `input` with this layout, as far as the file contains them.
    pub(super) fn new(input: Input, layout: Layout) -> Self {
        let block = (layout.channels * layout.coding.bytes()).max(1) as u64;
        Self {
            frames: layout.end.min(input.len()).saturating_sub(layout.start) / block,
            input,
            start: layout.start,
            coding: layout.coding,
            big_endian: layout.big_endian,
            channels: layout.channels,
            scratch: Vec::new(),
        }
    }

    /// Searches the samples for anomalies. Integers have none, and large files are not read twice: their anomalies are
    /// counted while they are read.
    pub(super) fn search(&mut self) -> Res<Found> {
        let float = matches!(self.coding, Coding::Float32 | Coding::Float64);
        let mut found = Found::default();
        let bytes = self.frames * (self.channels * self.coding.bytes()) as u64;
        if !float || bytes > SEARCHED {
            return Ok(found);
        }
        found.searched = true;
        let mut piece = vec![Vec::new(); self.channels];
        let mut at = 0;
        while at < self.frames {
            let count = self.read(at, PIECE, &mut piece)?;
            if count == 0 {
                break;
            }
            for x in piece.iter().flatten() {
                found.take(*x);
            }
            at += count as u64;
        }
        Ok(found)
    }
}

impl Source for Pcm {
    fn channels(&self) -> usize {
        self.channels
    }

    fn frames(&self) -> u64 {
        self.frames
    }

    fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize> {
        let count = self.frames.saturating_sub(at).min(count as u64) as usize;
        let width = self.coding.bytes();
        let block = width * self.channels;
        let mut done = 0;
        for out in out.iter_mut() {
            out.clear();
            out.reserve(count);
        }
        while done < count {
            let now = (count - done).min(PIECE);
            self.scratch.resize(now * block, 0);
            let got = self.input.read_at(self.start + (at + done as u64) * block as u64, &mut self.scratch)?;
            let whole = got / block;
            if whole == 0 {
                break;
            }
            let bytes = &mut self.scratch[..whole * block];
            if self.big_endian && width > 1 {
                bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
            }
            for (channel, out) in out.iter_mut().enumerate() {
                let samples = bytes.chunks_exact(block).map(|frame| &frame[channel * width..][..width]);
                match self.coding {
                    // the two most common codings get loops of their own, which the compiler can specialise
                    Coding::Integer(2) => out.extend(samples.map(|x| Coding::Integer(2).value(x))),
                    Coding::Float32 => out.extend(samples.map(|x| Coding::Float32.value(x))),
                    coding => out.extend(samples.map(|x| coding.value(x))),
                }
            }
            done += whole;
        }
        // in case the file has become shorter since it was opened
        for out in out.iter_mut() {
            out.resize(count, 0.0);
        }
        Ok(count)
    }

    fn fork(&self) -> Res<Box<dyn Source>> {
        Ok(Box::new(self.clone()))
    }
}

/// The coding of integers of `bits` bits that are stored in `bytes` bytes.
pub(super) fn integer(bits: u16, bytes: usize, eight_is_unsigned: bool) -> Result<Coding, Fault> {
    match bytes {
        1 if eight_is_unsigned => Ok(Coding::Unsigned8),
        1..=8 => Ok(Coding::Integer(bytes as u8)),
        _ => Err(format!("has samples of {bits} bits (possible are 1 to 64)").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_and_mu_law_match_the_standard() {
        // ITU-T G.711: the extremes and the smallest steps
        assert_eq!((mu_law(0x80), mu_law(0x00), mu_law(0xff), mu_law(0x7f), mu_law(0xfe)), (32124, -32124, 0, 0, 8));
        assert_eq!((a_law(0xaa), a_law(0x2a), a_law(0xd5), a_law(0x55)), (32256, -32256, 8, -8));
    }
}
