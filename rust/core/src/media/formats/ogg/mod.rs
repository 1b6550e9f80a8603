//! Demultiplexer for Ogg (RFC 3533) with Vorbis, Opus or FLAC, including chained files, whose parts are called links.

mod length;
mod page;

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_FLAC, CODEC_ID_VORBIS};

use crate::media::fault::{Fault, Res};
use crate::media::formats::chain::Chain;
use crate::media::formats::codecs::Symphonia;
#[cfg(feature = "opus")]
use crate::media::formats::opus;
use crate::media::formats::packets::{Codec, Decoded, Index, Kept, Memory, Packet, Packets, Place};
use crate::media::formats::plausible::check_format;
use crate::media::formats::rated::Rated;
use crate::media::formats::vorbis::Blocks;
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};
use page::Page;

const VORBIS: Memory = Memory { cell: 64, packets: 2, payload: 0, frames: 0 };
const FLAC: Memory = Memory { cell: 16, packets: 0, payload: 0, frames: 0 };
/// The length of links of more bytes than this is taken from their last page; smaller links are counted by packets.
const TRUSTED: u64 = 32 << 20;

/// How the length of a packet is found.
#[derive(Debug, Clone)]
enum Lengths {
    /// Header packets, which have no length.
    None,
    Vorbis(Blocks),
    Flac,
    #[cfg(feature = "opus")]
    Opus,
}

/// The packets of one logical stream.
#[derive(Clone)]
struct Stream {
    input: Input,
    serial: u32,
    end: u64,
    page: Page,
    /// Index of the next lacing value, and offset of its bytes in the page.
    segment: usize,
    offset: usize,
    lengths: Lengths,
    /// Size of the previous block (Vorbis).
    block: u32,
    /// Number of incomplete packets and of pages that were found after junk.
    lost: u64,
    buffer: Vec<u8>,
}

impl Stream {
    fn new(input: &Input, serial: u32, start: u64, end: u64) -> Res<Self> {
        let mut stream = Self {
            input: input.clone(),
            serial,
            end,
            page: Page { at: start, ..Page::default() },
            segment: 0,
            offset: 0,
            lengths: Lengths::None,
            block: 0,
            lost: 0,
            buffer: Vec::new(),
        };
        stream.turn(start)?;
        Ok(stream)
    }

    /// Moves to the next page of this stream at or after `at`. Returns false at the end.
    fn turn(&mut self, mut at: u64) -> Res<bool> {
        (self.segment, self.offset) = (0, 0);
        while at < self.end {
            let Some((page, searched)) = Page::next(&mut self.input, at)? else { break };
            if page.at >= self.end {
                break;
            }
            self.lost += u64::from(searched);
            at = page.end();
            if page.serial == self.serial {
                self.page = page;
                return Ok(true);
            }
        }
        self.page = Page { at: self.end, ..Page::default() };
        Ok(false)
    }

    /// Reads the next packet into `buffer`. Returns the granule position of its page if it is the last packet that ends
    /// there, else -1.
    fn packet(&mut self) -> Res<Option<i64>> {
        self.buffer.clear();
        let mut inside = false;
        loop {
            if self.segment >= self.page.lacing.len() {
                let end =
                    if self.page.lacing.is_empty() && self.page.at >= self.end { self.end } else { self.page.end() };
                if !self.turn(end)? {
                    return Ok(None);
                }
                if inside && !self.page.continues {
                    self.buffer.clear();
                    self.lost += 1;
                    inside = false;
                }
                if !inside && self.page.continues {
                    self.skip_tail();
                    continue;
                }
                if self.page.lacing.is_empty() {
                    continue;
                }
            }
            let len = self.page.lacing[self.segment];
            self.buffer.extend_from_slice(&self.page.body[self.offset..self.offset + usize::from(len)]);
            self.offset += usize::from(len);
            self.segment += 1;
            inside = true;
            if len < 255 {
                let last = self.page.lacing[self.segment..].iter().all(|len| *len == 255);
                return Ok(Some(if last { self.page.granule } else { -1 }));
            }
        }
    }

    /// Skips the rest of a packet that began on an earlier page.
    fn skip_tail(&mut self) {
        while let Some(len) = self.page.lacing.get(self.segment) {
            self.offset += usize::from(*len);
            self.segment += 1;
            if *len < 255 {
                break;
            }
        }
    }

    fn frames(&mut self) -> Option<u32> {
        match &self.lengths {
            Lengths::None => Some(0),
            Lengths::Vorbis(blocks) => {
                let block = blocks.of(&self.buffer)?;
                let before = std::mem::replace(&mut self.block, block);
                Some(if before == 0 { 0 } else { (before + block) / 4 })
            }
            Lengths::Flac => flac_frames(&self.buffer),
            #[cfg(feature = "opus")]
            Lengths::Opus => opus::frames(&self.buffer),
        }
    }
}

impl Packets for Stream {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        loop {
            let Some(granule) = self.packet()? else { return Ok(None) };
            // skip packets that are not audio (late comments, empty packets)
            let Some(frames) = self.frames() else { continue };
            if let Some(data) = data {
                std::mem::swap(data, &mut self.buffer);
            }
            let granule = Some(granule).filter(|granule| *granule >= 0);
            return Ok(Some(Packet { frames, granule, ..Packet::default() }));
        }
    }

    fn place(&self) -> Place {
        if self.segment >= self.page.lacing.len() && !self.page.lacing.is_empty() {
            return Place { at: self.page.end(), nth: 0, state: self.block };
        }
        Place { at: self.page.at, nth: self.segment as u32, state: self.block }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        self.block = place.state;
        if self.turn(place.at)? {
            if place.nth == 0 && self.page.continues {
                self.skip_tail();
            }
            while self.segment < (place.nth as usize).min(self.page.lacing.len()) {
                self.offset += usize::from(self.page.lacing[self.segment]);
                self.segment += 1;
            }
        }
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(self.clone()))
    }
}

/// Number of frames in a FLAC packet: the block size in its header (RFC 9639, 9.1).
fn flac_frames(packet: &[u8]) -> Option<u32> {
    if packet.len() < 6 || packet[0] != 0xff || packet[1] & 0xfe != 0xf8 {
        return None;
    }
    // the coded number before the block size has as many bytes as its first byte has leading ones
    let number = match packet[4].leading_ones() {
        0 => 1,
        ones => ones as usize,
    };
    Some(match packet[2] >> 4 {
        1 => 192,
        code @ 2..=5 => 144 << code,
        6 => u32::from(*packet.get(4 + number)?) + 1,
        7 => u32::from(u16::from_be_bytes([*packet.get(4 + number)?, *packet.get(5 + number)?])) + 1,
        code @ 8..=15 => 1 << code,
        _ => return None,
    })
}

/// The name of the codec, recognised by the first packet of a stream.
fn name(packet: &[u8]) -> Option<&'static str> {
    const NAMES: [(&[u8], &str); 9] = [
        (b"\x01vorbis", "Vorbis"),
        (b"OpusHead", "Opus"),
        (b"\x7fFLAC", "FLAC"),
        (b"Speex   ", "Speex"),
        (b"CELT    ", "CELT"),
        (b"PCM     ", "PCM"),
        (b"\x80theora", "Theora video"),
        (b"OVP80", "VP8 video"),
        (b"BBCD", "Dirac video"),
    ];
    NAMES.iter().find(|(magic, _)| packet.starts_with(magic)).map(|(_, name)| *name)
}

/// One link of a chained file: serial number and codec of its streams, and its range in the file.
struct Link {
    streams: Vec<(u32, Option<&'static str>)>,
    start: u64,
    end: u64,
}

/// The links of a file. Visits all pages, because links may have equal serial numbers (in files that were joined), but
/// reads only those with which a stream begins.
fn links(input: &mut Input, start: u64, check: &mut Check<'_>) -> Res<Vec<Link>> {
    let mut links: Vec<Link> = Vec::new();
    let (mut at, mut heads, mut count) = (start, false, 0_u32);
    loop {
        count += 1;
        if count.is_multiple_of(1024) {
            check()?;
        }
        let head = Page::head(input, at)?;
        if let Some((false, end)) = head {
            (at, heads) = (end, false);
            continue;
        }
        let Some((page, _)) = Page::next(input, at)? else { break };
        at = page.end();
        if !page.begins {
            heads = false;
            continue;
        }
        if !heads {
            if let Some(last) = links.last_mut() {
                last.end = page.at;
            }
            links.push(Link { streams: Vec::new(), start: page.at, end: input.len() });
        }
        heads = true;
        if let Some(last) = links.last_mut() {
            last.streams.push((page.serial, name(&page.body)));
        }
    }
    Ok(links)
}

/// Opens the Ogg file that begins at `start`.
pub(super) fn open(input: &Input, start: u64, check: &mut Check<'_>) -> Res<Opened> {
    open_trusting(input, start, TRUSTED, check)
}

/// Like [`open`], with another limit in place of [`TRUSTED`].
fn open_trusting(input: &Input, start: u64, trusted: u64, check: &mut Check<'_>) -> Res<Opened> {
    let mut input = input.clone();
    let links = links(&mut input, start, check)?;
    if links.is_empty() {
        return Err("is a damaged Ogg file: no page of it is whole".into());
    }
    let (mut parts, mut warnings, mut rate) = (Vec::new(), Vec::new(), 0);
    let many = links.len() > 1;
    for link in links {
        match open_link(&input, &link, trusted, check) {
            Ok(opened) => {
                if rate == 0 {
                    rate = opened.rate;
                } else if opened.rate != rate {
                    let text = format!("changes its sample rate from {rate} to {} Hz", opened.rate);
                    warnings.push(format!("{text}; that part is resampled"));
                }
                warnings.extend(opened.warnings);
                parts.push(Rated::of(opened.source, opened.rate, rate));
            }
            Err(Fault::Content(reason)) if many => warnings.push(format!("a part of it is left out: it {reason}")),
            Err(other) => return Err(other),
        }
    }
    if parts.is_empty() {
        return Err(warnings.into_iter().next().unwrap_or_else(|| "contains no audio (0 frames)".to_owned()).into());
    }
    warnings.dedup();
    Ok(Opened { rate, warnings, ..Opened::of(Chain::of(parts)) })
}

fn open_link(input: &Input, link: &Link, trusted: u64, check: &mut Check<'_>) -> Res<Opened> {
    let known = |name: Option<&str>| match name {
        Some("Opus") => cfg!(feature = "opus"),
        name => matches!(name, Some("Vorbis" | "FLAC")),
    };
    let Some((serial, codec)) = link.streams.iter().find(|(_, name)| known(*name)) else {
        let names: Vec<&str> = link.streams.iter().filter_map(|(_, name)| *name).collect();
        let what = if names.is_empty() { "something unknown".to_owned() } else { names.join(" and ") };
        return Err(format!("is Ogg with {what}, which cannot be decoded; convert it to FLAC or WAV").into());
    };
    let mut stream = Stream::new(input, *serial, link.start, link.end)?;
    stream.packet()?.ok_or(Fault::Ends)?;
    let ident = std::mem::take(&mut stream.buffer);
    // the last one: frames at the start that are not played
    let (memory, codec, rate, channels, skip): (Memory, Box<dyn Codec>, u32, usize, u64) = match codec {
        Some("Vorbis") => {
            let setup = header(&mut stream, b"\x05vorbis")?;
            let blocks = Blocks::parse(&ident, &setup).ok_or("holds Vorbis with damaged headers")?;
            let (rate, channels) = (blocks.rate, blocks.channels);
            stream.lengths = Lengths::Vorbis(blocks);
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(CODEC_ID_VORBIS).with_extra_data([ident, setup].concat().into());
            check_format(rate, channels)?;
            (VORBIS, Box::new(Symphonia::new(&parameters, "Vorbis")?), rate, channels, 0)
        }
        Some("FLAC") => {
            let info: Box<[u8]> = ident.get(17..51).ok_or("holds FLAC with a damaged header")?.into();
            let rate = u32::from_be_bytes([0, info[10], info[11], info[12]]) >> 4;
            let channels = usize::from((info[12] >> 1) & 7) + 1;
            stream.lengths = Lengths::Flac;
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(CODEC_ID_FLAC).with_extra_data(info);
            check_format(rate, channels)?;
            (FLAC, Box::new(Symphonia::new(&parameters, "FLAC")?), rate, channels, 0)
        }
        #[cfg(feature = "opus")]
        Some("Opus") => {
            header(&mut stream, b"OpusTags")?;
            let head = opus::Head::parse(&ident).ok_or("holds Opus with a damaged header")?;
            stream.lengths = Lengths::Opus;
            check_format(opus::RATE, head.channels)?;
            (opus::MEMORY, Box::new(opus::Opus::new(&head)?), opus::RATE, head.channels, head.skip)
        }
        _ => return Err(Fault::Ends),
    };
    let mut index = Index::new(memory, stream.place());
    let told = if link.end - link.start > trusted { length::told(&stream, &index)? } else { None };
    let kept = match told {
        Some(kept) => kept,
        None => length::counted(&mut stream, &mut index, check)?,
    };
    // the pages count the frames that are not played, too
    let skip = skip.min(kept.frames);
    let kept = Kept { start: kept.start + skip, frames: kept.frames - skip };
    if kept.frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let mut warnings = Vec::new();
    if stream.lost > 0 {
        warnings.push("is damaged: a part of it is missing".to_owned());
    }
    let decoded = Decoded::new(Box::new(stream), codec, channels, index, vec![kept]);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// The header packet that begins with `magic`.
fn header(stream: &mut Stream, magic: &[u8]) -> Res<Vec<u8>> {
    for _ in 0..8 {
        stream.packet()?.ok_or(Fault::Ends)?;
        if stream.buffer.starts_with(magic) {
            return Ok(std::mem::take(&mut stream.buffer));
        }
    }
    Err("is damaged: one of its headers is missing".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_from_pages_and_from_packets_agree() {
        for name in ["tone.ogg", "chained.ogg"] {
            let path = format!("{}/../../tests_rs/media/{name}", env!("CARGO_MANIFEST_DIR"));
            let input = Input::memory(std::fs::read(path).expect("a file").into());
            let [mut told, mut counted] = [0, u64::MAX]
                .map(|trusted| open_trusting(&input, 0, trusted, &mut || Ok(())).expect("Vorbis in Ogg").source);
            assert_eq!(told.frames(), counted.frames(), "{name}");
            let (from, count) = (told.frames() / 2, 10_000);
            let read = |source: &mut Box<dyn crate::media::source::Source>| {
                let mut planes = vec![Vec::new(); source.channels()];
                source.read(from, count, &mut planes).expect("samples");
                planes
            };
            assert!(read(&mut told) == read(&mut counted), "{name}");
        }
    }
}
