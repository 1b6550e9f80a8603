//! Demultiplexer for AAC in ADTS frames (`.aac`), which reads only the frame headers.

use symphonia::core::audio::layouts;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;

use super::codecs::Symphonia;
use super::packets::{Decoded, Index, Kept, Memory, Packet, Packets, Place};
use super::tags;
use crate::media::fault::Res;
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};

/// One packet of warm-up for the overlap with the previous packet, and one more for safety.
pub(super) const MEMORY: Memory = Memory { cell: 64, packets: 2, payload: 0, frames: 0 };

/// The fields of a frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    /// Object type, and the codes of sample rate and channels.
    profile: u8,
    rate: u8,
    channels: u8,
    /// Size in bytes of the header, and of the whole frame with its header.
    before: u32,
    bytes: u32,
    blocks: u8,
}

impl Header {
    fn parse(head: [u8; 7]) -> Option<Self> {
        let before = if head[1] & 1 == 0 { 9 } else { 7 };
        let found = Self {
            profile: (head[2] >> 6) + 1,
            rate: (head[2] >> 2) & 15,
            channels: (head[2] & 1) << 2 | head[3] >> 6,
            before,
            bytes: u32::from(head[3] & 3) << 11 | u32::from(head[4]) << 3 | u32::from(head[5] >> 5),
            blocks: (head[6] & 3) + 1,
        };
        (head[0] == 0xff && head[1] & 0xf6 == 0xf0 && found.rate < 13 && found.bytes > before).then_some(found)
    }

    fn kind(self) -> (u8, u8, u8) {
        (self.profile, self.rate, self.channels)
    }
}

/// The ADTS frames of a part of a file.
#[derive(Clone)]
struct Frames {
    input: Input,
    at: u64,
    end: u64,
    kind: (u8, u8, u8),
    changed: bool,
    cut: bool,
}

impl Frames {
    fn header(&mut self, at: u64) -> Res<Option<Header>> {
        if at + 7 > self.end {
            return Ok(None);
        }
        Ok(Header::parse(self.input.exactly(at)?))
    }

    /// Whether the frame at `at` is followed by a frame of the same kind, a tag or the end.
    fn sure(&mut self, at: u64, header: Header) -> Res<bool> {
        let next = at + u64::from(header.bytes);
        if next >= self.end || tags::tag_at(&mut self.input, next)?.is_some() {
            return Ok(true);
        }
        Ok(self.header(next)?.is_some_and(|found| found.kind() == header.kind()))
    }
}

impl Packets for Frames {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        while self.at + 7 <= self.end {
            if let Some(len) = tags::tag_at(&mut self.input, self.at)?.filter(|len| self.at + len <= self.end) {
                self.at += len;
                continue;
            }
            let found = self.header(self.at)?;
            if let Some(header) = found
                && self.sure(self.at, header)?
            {
                if header.kind() != self.kind {
                    self.changed = true;
                    return Ok(None);
                }
                let start = self.at;
                if start + u64::from(header.bytes) > self.end {
                    self.cut = true;
                    return Ok(None);
                }
                self.at += u64::from(header.bytes);
                if let Some(data) = data {
                    data.resize((header.bytes - header.before) as usize, 0);
                    self.input.read_at(start + u64::from(header.before), data)?;
                }
                return Ok(Some(Packet { frames: 1024 * u32::from(header.blocks), ..Packet::default() }));
            }
            self.at += 1;
        }
        Ok(None)
    }

    fn place(&self) -> Place {
        Place { at: self.at, ..Place::default() }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        self.at = place.at;
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(self.clone()))
    }
}

/// Whether there is a frame at `start` that is followed by another one.
pub(super) fn recognise(input: &Input, start: u64) -> Res<bool> {
    let mut frames = frames(input, start, input.len());
    let Some(header) = frames.header(start)? else { return Ok(false) };
    frames.sure(start, header)
}

fn frames(input: &Input, at: u64, end: u64) -> Frames {
    Frames { input: input.clone(), at, end, kind: (0, 0, 0), changed: false, cut: false }
}

/// Sample rates in Hz by their codes.
pub(super) const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// Opens the AAC stream in `start..end`; a frame begins at `start`.
pub(super) fn open(input: &Input, start: u64, end: u64, check: &mut Check<'_>) -> Res<Opened> {
    let mut frames = frames(input, start, end);
    let Some(first) = frames.header(start)? else { return Err("holds no AAC where it should begin".into()) };
    frames.kind = first.kind();
    let rate = RATES[usize::from(first.rate)];
    if first.channels == 0 {
        return Err(
            "is AAC with a channel layout of its own, which cannot be decoded; convert it to FLAC or WAV".into()
        );
    }
    let channels = usize::from(first.channels) + usize::from(first.channels == 7);
    let config = [first.profile << 3 | first.rate >> 1, (first.rate & 1) << 7 | first.channels << 3];
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_AAC).with_sample_rate(rate).with_extra_data(Box::new(config));
    if channels <= 2 {
        parameters.with_channels(if channels == 1 {
            layouts::CHANNEL_LAYOUT_MONO
        } else {
            layouts::CHANNEL_LAYOUT_STEREO
        });
    }
    let codec = aac(&parameters, first.profile, channels)?;
    let mut index = Index::new(MEMORY, frames.place());
    let mut cells = 64;
    while !index.done {
        index.extend(&mut frames, cells, &mut |_, _| Ok(()))?;
        cells += 64;
        check()?;
    }
    let mut warnings = Vec::new();
    if frames.changed {
        warnings.push(format!("changes its format after {} frames; the rest is left out", index.frames));
    } else if frames.cut {
        warnings.push("truncated: ends in the middle of a packet".to_owned());
    }
    if index.frames == 0 {
        return Err("is damaged or truncated: nothing in it can be decoded".into());
    }
    let kept = vec![Kept { start: 0, frames: index.frames }];
    let decoded = Decoded::new(Box::new(frames), Box::new(codec), channels, index, kept);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// The decoder for AAC, or an error that says why this kind of AAC cannot be decoded.
pub(super) fn aac(parameters: &AudioCodecParameters, object_type: u8, channels: usize) -> Res<Symphonia> {
    let kind = match object_type {
        2 => "AAC",
        1 => "AAC Main",
        3 => "AAC SSR",
        4 => "AAC LTP",
        5 | 29 => "HE-AAC",
        23 => "AAC LD",
        39 => "AAC ELD",
        42 => "xHE-AAC",
        _ => "AAC of an unknown kind",
    };
    if channels > 2 {
        return Err(format!(
            "is {kind} with {channels} channels; AAC is decoded in mono and stereo only, so convert it to FLAC or WAV"
        )
        .into());
    }
    if object_type != 2 {
        return Err(format!("is {kind}, which cannot be decoded (only AAC-LC can); convert it to FLAC or WAV").into());
    }
    Symphonia::new(parameters, "AAC")
}
