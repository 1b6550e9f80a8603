//! AIFF, AIFC and AU files: samples after big-endian headers.

use super::pcm;
use super::pcm::{Coding, Layout, Pcm};
use super::plausible::{check_format, whole_rate};
use crate::media::fault::{Fault, Res};
use crate::media::input::Input;
use crate::media::opened::Opened;

/// Upper limit for the number of chunks of a file.
const MAX_CHUNKS: usize = 4096;

/// The `COMM` chunk.
#[derive(Debug, Clone, Copy)]
struct Common {
    channels: u16,
    frames: u32,
    bits: u16,
    rate: f64,
    kind: [u8; 4],
}

impl Common {
    fn parse(chunk: &[u8]) -> Res<Self> {
        if chunk.len() < 18 {
            return Err(Fault::Ends);
        }
        let short = |at: usize| u16::from_be_bytes([chunk[at], chunk[at + 1]]);
        let kind = chunk.get(18..22).and_then(|kind| kind.try_into().ok()).unwrap_or(*b"NONE");
        Ok(Self {
            channels: short(0),
            frames: u32::from(short(2)) << 16 | u32::from(short(4)),
            bits: short(6),
            rate: extended(&chunk[8..18]),
            kind,
        })
    }

    /// The coding of the samples, and whether they are big-endian.
    fn coding(self) -> Res<(Coding, bool)> {
        let bytes = usize::from(self.bits).div_ceil(8);
        Ok(match &self.kind {
            b"NONE" | b"twos" | b"in24" | b"in32" => (pcm::integer(self.bits, bytes, false)?, true),
            b"sowt" => (pcm::integer(self.bits, bytes, false)?, false),
            b"raw " if bytes == 1 => (Coding::Unsigned8, true),
            b"fl32" | b"FL32" => (Coding::Float32, true),
            b"fl64" | b"FL64" => (Coding::Float64, true),
            b"ulaw" | b"ULAW" => (Coding::MuLaw, true),
            b"alaw" | b"ALAW" => (Coding::ALaw, true),
            kind => {
                let name = match kind {
                    b"ima4" => "IMA ADPCM".to_owned(),
                    b"MAC3" | b"MAC6" => "MACE".to_owned(),
                    b"GSM " | b"agsm" => "GSM 6.10".to_owned(),
                    b"QDMC" | b"QDM2" => "QDesign Music".to_owned(),
                    other => format!("the compression {:?}", String::from_utf8_lossy(other)),
                };
                return Err(format!("is AIFC with {name}, which cannot be decoded; convert it to FLAC or WAV").into());
            }
        })
    }
}

/// The value of an 80-bit extended float.
fn extended(bytes: &[u8]) -> f64 {
    let exponent = i32::from(u16::from_be_bytes([bytes[0], bytes[1]]) & 0x7fff) - 16383 - 63;
    let mantissa = bytes[2..10].iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let value = mantissa as f64 * 2_f64.powi(exponent);
    if bytes[0] & 0x80 == 0 { value } else { -value }
}

/// Opens an AIFF or AIFC file whose header is at `start`.
pub(super) fn open(input: &Input, start: u64) -> Res<Opened> {
    let mut input = input.clone();
    let (mut common, mut sound): (Option<Common>, Option<(u64, u64)>) = (None, None);
    let mut at = start + 12;
    for _ in 0..MAX_CHUNKS {
        let Ok(chunk) = input.exactly::<8>(at) else { break };
        let size = u64::from(u32::from_be_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]));
        match &chunk[..4] {
            b"COMM" => common = Some(Common::parse(&input.bytes(at + 8, size.min(64) as usize)?)?),
            b"SSND" => {
                let offset = u64::from(u32::from_be_bytes(input.exactly(at + 8)?));
                sound = Some((at + 16 + offset, at + 8 + size));
            }
            _ => {}
        }
        if common.is_some() && sound.is_some() {
            break;
        }
        at += 8 + size + (size & 1);
    }
    let common = common.ok_or("is an AIFF file without a description of its samples")?;
    let (begin, end) = sound.ok_or("is an AIFF file without samples")?;
    let channels = usize::from(common.channels);
    let rate = whole_rate(common.rate)?;
    check_format(rate, channels)?;
    let (coding, big_endian) = common.coding()?;
    let block = (channels * coding.bytes()) as u64;
    // a file that was written to a pipe does not state its length; use that of its chunk or of the file
    let claimed = match common.frames {
        0 | u32::MAX => end.saturating_sub(begin) / block,
        frames => u64::from(frames),
    };
    let layout = Layout { coding, big_endian, channels, start: begin, end: begin + claimed * block };
    let pcm = Pcm::new(input, layout);
    Ok(truncated(pcm.opened(rate)?, claimed))
}

/// Opens an AU file whose header is at `start`.
pub(super) fn open_au(input: &Input, start: u64) -> Res<Opened> {
    let mut input = input.clone();
    let head = input.exactly::<24>(start)?;
    let word =
        |nth: usize| u32::from_be_bytes([head[4 * nth], head[4 * nth + 1], head[4 * nth + 2], head[4 * nth + 3]]);
    let (channels, rate) = (word(5) as usize, word(4));
    check_format(rate, channels)?;
    let coding = match word(3) {
        1 => Coding::MuLaw,
        bytes @ 2..=5 => Coding::Integer(bytes as u8 - 1),
        6 => Coding::Float32,
        7 => Coding::Float64,
        27 => Coding::ALaw,
        other => {
            return Err(
                format!("is AU with encoding {other}, which cannot be decoded; convert it to FLAC or WAV").into()
            );
        }
    };
    let begin = start + u64::from(word(1));
    let block = (channels * coding.bytes()) as u64;
    let claimed = match word(2) {
        u32::MAX => input.len().saturating_sub(begin) / block,
        bytes => u64::from(bytes) / block,
    };
    let layout = Layout { coding, big_endian: true, channels, start: begin, end: begin + claimed * block };
    Ok(truncated(Pcm::new(input, layout).opened(rate)?, claimed))
}

fn truncated(mut opened: Opened, claimed: u64) -> Opened {
    let there = opened.source.frames();
    if there < claimed {
        opened.warnings.insert(0, format!("truncated: {} of {claimed} frames are missing", claimed - there));
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_rates_are_read_from_80_bit_floats() {
        assert_eq!(extended(&[0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]), 44100.0);
        assert_eq!(extended(&[0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]), 8000.0);
        assert_eq!(extended(&[0x3f, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]), 1.0);
    }
}
