//! WAV files: RIFF and its 64-bit variants RF64 and BW64, also truncated or streamed (sizes 0 or 2³²-1).

use symphonia::core::audio::layouts;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS};

use super::pcm::{Coding, Layout, Pcm};
use super::plausible::check_format;
use super::{blocks, mpeg, pcm};
use crate::media::fault::{Fault, Res};
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};

/// Upper limit for the number of chunks before the samples.
const MAX_CHUNKS: usize = 4096;
/// The size that means "unknown" (streams) or "see ds64" (RF64).
const UNKNOWN: u32 = u32::MAX;

/// The `fmt ` chunk.
#[derive(Debug, Clone, Copy)]
struct Format {
    tag: u16,
    channels: u16,
    rate: u32,
    align: u16,
    bits: u16,
    /// Number of frames per block of a compressed format.
    per_block: u16,
}

impl Format {
    fn parse(chunk: &[u8]) -> Res<Self> {
        if chunk.len() < 16 {
            return Err(Fault::Ends);
        }
        let short = |at: usize| chunk.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
        let mut format = Self {
            tag: short(0),
            channels: short(2),
            rate: u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]),
            align: short(12),
            bits: short(14),
            per_block: short(18),
        };
        if format.tag == 0xfffe {
            // WAVE_FORMAT_EXTENSIBLE: the actual tag is in the first two bytes of the sub-format GUID
            format.tag = short(24);
        }
        Ok(format)
    }
}

/// Opens the file whose header is at `start`.
pub(super) fn open(input: &Input, start: u64, check: &mut Check<'_>) -> Res<Opened> {
    let mut input = input.clone();
    let head = input.exactly::<12>(start)?;
    let large = &head[..4] != b"RIFF";
    let riff_size = u32_at(&head, 4);
    let (mut long_size, mut format) = (None, None);
    let mut at = start + 12;
    for _ in 0..MAX_CHUNKS {
        let chunk = input.exactly::<8>(at).map_err(|fault| match fault {
            Fault::Ends if format.is_some() || at > start + 12 => Fault::from("is a WAV header without samples"),
            other => other,
        })?;
        let size = u32_at(&chunk, 4);
        match &chunk[..4] {
            b"ds64" if large => {
                let sizes = input.exactly::<16>(at + 8)?;
                long_size = Some(u64::from(u32_at(&sizes, 8)) | u64::from(u32_at(&sizes, 12)) << 32);
            }
            b"fmt " => format = Some(Format::parse(&input.bytes(at + 8, size.min(64) as usize)?)?),
            b"data" => {
                let format = format.ok_or("is a WAV file that has samples before their format")?;
                let there = input.len() - (at + 8);
                let unfinished = size == 0 && (riff_size == 0 || riff_size == UNKNOWN);
                let claimed = match long_size {
                    Some(long) if size == UNKNOWN => long,
                    _ if size == UNKNOWN || unfinished => there,
                    _ => u64::from(size),
                };
                let mut opened = samples(&input, format, at + 8, at + 8 + claimed.min(there), check)?;
                if claimed > there {
                    let text = format!("truncated: the header announces {claimed} bytes of audio, {there} are there");
                    opened.warnings.insert(0, text);
                }
                return Ok(opened);
            }
            _ => {}
        }
        at += 8 + u64::from(size) + u64::from(size & 1);
    }
    Err("is a WAV header without samples".into())
}

fn samples(input: &Input, format: Format, start: u64, end: u64, check: &mut Check<'_>) -> Res<Opened> {
    let channels = usize::from(format.channels);
    check_format(format.rate, channels)?;
    let coding = match format.tag {
        1 | 3 | 6 | 7 => coding(format)?,
        2 | 0x11 => return adpcm(input, format, start, end),
        0x50 | 0x55 => {
            let found = mpeg::recognise(input, start)?.filter(|at| *at < end);
            let begin = found.ok_or("holds MPEG audio in WAV, but none of its frames is whole")?;
            return mpeg::open(input, begin, end, check);
        }
        tag => {
            let (what, article) = (tag_name(tag), "is WAV with");
            return Err(format!("{article} {what}, which cannot be decoded; convert it to FLAC or PCM WAV").into());
        }
    };
    let layout = Layout { coding, big_endian: false, channels, start, end };
    Pcm::new(input.clone(), layout).opened(format.rate)
}

fn coding(format: Format) -> Res<Coding> {
    let channels = usize::from(format.channels);
    // a sample uses the upper bits of whole bytes: 12 bits use two bytes, 20 bits three
    let least = usize::from(format.bits).div_ceil(8);
    let block = usize::from(format.align);
    let bytes = if block % channels == 0 && block / channels >= least { block / channels } else { least };
    match format.tag {
        6 => Ok(Coding::ALaw),
        7 => Ok(Coding::MuLaw),
        3 if format.bits == 32 => Ok(Coding::Float32),
        3 if format.bits == 64 => Ok(Coding::Float64),
        3 => Err(format!("has floating-point samples of {} bits (possible are 32 and 64)", format.bits).into()),
        _ if format.bits == 0 || format.bits > 64 => {
            Err(format!("has samples of {} bits (possible are 1 to 64)", format.bits).into())
        }
        _ => pcm::integer(format.bits, bytes, true),
    }
}

fn adpcm(input: &Input, format: Format, start: u64, end: u64) -> Res<Opened> {
    let channels = usize::from(format.channels);
    let (align, lanes) = (u32::from(format.align), u32::from(format.channels));
    let name = tag_name(format.tag);
    if channels > 2 {
        return Err(format!(
            "is WAV with {name} in {channels} channels, which cannot be decoded (possible are 1 and 2)"
        )
        .into());
    }
    // both kinds have a header per channel and then half a byte per sample
    let ima = format.tag == 0x11;
    let head = if ima { 4 } else { 7 } * lanes;
    let most = align.saturating_sub(head) * 2 / lanes + if ima { 1 } else { 2 };
    let frames = match u32::from(format.per_block) {
        0 => most,
        told => told.min(most),
    };
    if align <= head || frames < 2 || format.bits != 4 {
        return Err(format!("is WAV with {name} and a damaged header").into());
    }
    let mut parameters = AudioCodecParameters::new();
    parameters
        .for_codec(if ima { CODEC_ID_ADPCM_IMA_WAV } else { CODEC_ID_ADPCM_MS })
        .with_sample_rate(format.rate)
        .with_channels(if channels == 1 { layouts::CHANNEL_LAYOUT_MONO } else { layouts::CHANNEL_LAYOUT_STEREO })
        .with_max_frames_per_packet(u64::from(frames))
        .with_frames_per_block(u64::from(frames));
    blocks::open(input, start, end, blocks::Shape { bytes: align, frames, channels, rate: format.rate }, &parameters)
}

/// The names of registered format tags that occur in practice.
fn tag_name(tag: u16) -> String {
    let name = match tag {
        2 => "Microsoft ADPCM",
        0x10 => "OKI ADPCM",
        0x11 => "IMA ADPCM",
        0x14 | 0x40 | 0x45 => "G.726 ADPCM",
        0x22 => "TrueSpeech",
        0x31 => "GSM 6.10",
        0x42 => "G.723.1",
        0x65 => "G.722 ADPCM",
        0x92 | 0x2000 => "Dolby AC-3",
        0xff | 0x1600 | 0x1601 | 0x1602 | 0x706d => "AAC",
        0x160..=0x163 => "Windows Media Audio",
        0x270 => "ATRAC3",
        0x566f | 0x674f | 0x6750 | 0x6751 | 0x676f | 0x6770 | 0x6771 => "Vorbis",
        0x2001 => "DTS",
        0x704f => "Opus",
        0xf1ac => "FLAC",
        0x5756 => "WavPack",
        _ => return format!("samples of an unknown format (tag 0x{tag:04x})"),
    };
    name.to_owned()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
