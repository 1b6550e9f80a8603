//! Ogg (RFC 3533) taken into packets: Vorbis and FLAC, one link after the other.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_FLAC, CODEC_ID_VORBIS};

use super::codecs::Symphonia;
use super::fault::{Fault, Res};
use super::file::{Check, Opened};
use super::input::Input;
use super::packets::{Codec, Decoded, Index, Kept, Memory, Packet, Packets, Place};
use super::rated::Rated;
use super::source::Chain;
use super::vorbis::Blocks;

const VORBIS: Memory = Memory { cell: 64, packets: 2, payload: 0, frames: 0 };
const FLAC: Memory = Memory { cell: 16, packets: 0, payload: 0, frames: 0 };
/// Files above this are not looked through for links when their first and last page belong to the same one.
const TRUSTED: u64 = 32 << 20;
/// Junk between pages is searched for the next one this far.
const JUNK: u64 = 1 << 20;

/// One page.
#[derive(Debug, Clone, Default)]
struct Page {
    at: u64,
    begins: bool,
    continues: bool,
    granule: i64,
    serial: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    fn end(&self) -> u64 {
        self.at + 27 + self.lacing.len() as u64 + self.body.len() as u64
    }

    /// The page that begins at `at` and is whole.
    fn read(input: &mut Input, at: u64) -> Res<Option<Self>> {
        let mut head = [0; 27];
        if input.read_at(at, &mut head)? < 27 || &head[..5] != b"OggS\0" {
            return Ok(None);
        }
        let lacing = input.bytes(at + 27, usize::from(head[26]))?;
        let len = lacing.iter().map(|len| usize::from(*len)).sum();
        let body = input.bytes(at + 27 + u64::from(head[26]), len)?;
        if lacing.len() < usize::from(head[26]) || body.len() < len {
            return Ok(None);
        }
        let told = u32::from_le_bytes([head[22], head[23], head[24], head[25]]);
        head[22..26].fill(0);
        if checksum(&[&head, &lacing, &body]) != told {
            return Ok(None);
        }
        let mut granule = [0; 8];
        granule.copy_from_slice(&head[6..14]);
        Ok(Some(Self {
            at,
            begins: head[5] & 2 != 0,
            continues: head[5] & 1 != 0,
            granule: i64::from_le_bytes(granule),
            serial: u32::from_le_bytes([head[14], head[15], head[16], head[17]]),
            lacing,
            body,
        }))
    }

    /// The next page at or behind `at`, and whether it had to be searched for.
    fn next(input: &mut Input, at: u64) -> Res<Option<(Self, bool)>> {
        if let Some(page) = Self::read(input, at)? {
            return Ok(Some((page, false)));
        }
        let mut from = at + 1;
        while from < (at + JUNK).min(input.len()) {
            let ahead = input.bytes(from, 1 << 15)?;
            for by in ahead.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"OggS").map(|(by, _)| by) {
                if let Some(page) = Self::read(input, from + by as u64)? {
                    return Ok(Some((page, true)));
                }
            }
            from += (ahead.len().saturating_sub(3)).max(1) as u64;
        }
        Ok(None)
    }
}

/// The checksum of pages: polynomial 0x04c11db7, most significant bit first, no inversion.
fn checksum(parts: &[&[u8]]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let (mut value, mut bit) = ((i as u32) << 24, 0);
            while bit < 8 {
                value = (value << 1) ^ if value & 0x8000_0000 == 0 { 0 } else { 0x04c1_1db7 };
                bit += 1;
            }
            table[i] = value;
            i += 1;
        }
        table
    };
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0, |sum: u32, byte| (sum << 8) ^ TABLE[((sum >> 24) as u8 ^ byte) as usize])
}

/// How long packets are.
#[derive(Debug, Clone)]
enum Lengths {
    /// Not known yet: the headers.
    None,
    Vorbis(Blocks),
    Flac,
}

/// The packets of one stream.
#[derive(Clone)]
struct Stream {
    input: Input,
    serial: u32,
    end: u64,
    page: Page,
    /// The next lacing value and where its bytes are.
    segment: usize,
    offset: usize,
    lengths: Lengths,
    /// The block before (Vorbis).
    block: u32,
    /// Packets that lost a part, and pages that had to be searched for.
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

    /// To the next page of this stream at or behind `at`; false at the end.
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

    /// The bytes of the next packet into `buffer`; its page's granule if it is the last that ends there, else -1.
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

    /// Over the rest of a packet whose beginning is elsewhere.
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
        }
    }
}

impl Packets for Stream {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        loop {
            let Some(granule) = self.packet()? else { return Ok(None) };
            // What is no audio (late comments, empty packets) has no length.
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

/// Frames in a packet of FLAC: the block size in its header (RFC 9639, 9.1).
fn flac_frames(packet: &[u8]) -> Option<u32> {
    if packet.len() < 6 || packet[0] != 0xff || packet[1] & 0xfe != 0xf8 {
        return None;
    }
    // The number in front of the size is as long as its leading ones say.
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

/// The codec by the first packet of a stream.
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

/// A link: the first pages of all its streams, and where it ends.
struct Link {
    streams: Vec<(u32, Option<&'static str>)>,
    start: u64,
    end: u64,
}

/// The links of a file.
fn links(input: &mut Input, start: u64, check: &mut Check<'_>) -> Res<Vec<Link>> {
    let mut links: Vec<Link> = Vec::new();
    let (mut at, mut heads, mut count) = (start, false, 0_u32);
    while let Some((page, _)) = Page::next(input, at)? {
        at = page.end();
        count += 1;
        if count.is_multiple_of(1024) {
            check()?;
        }
        if !page.begins {
            if heads && links.len() == 1 && input.len() - start > TRUSTED && ends_with(input, page.serial)? {
                break;
            }
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

/// Is the last page of the file one of this stream?
fn ends_with(input: &mut Input, serial: u32) -> Res<bool> {
    let from = input.len().saturating_sub(1 << 17);
    let tail = input.bytes(from, 1 << 17)?;
    for by in (0..tail.len().saturating_sub(27)).rev().filter(|by| tail[*by..].starts_with(b"OggS")) {
        if let Some(page) = Page::read(input, from + by as u64)? {
            return Ok(page.serial == serial);
        }
    }
    Ok(false)
}

pub(super) fn open(input: &Input, start: u64, check: &mut Check<'_>) -> Res<Opened> {
    let mut input = input.clone();
    let links = links(&mut input, start, check)?;
    if links.is_empty() {
        return Err("is a damaged Ogg file: no page of it is whole".into());
    }
    let (mut parts, mut warnings, mut rate) = (Vec::new(), Vec::new(), 0);
    let many = links.len() > 1;
    for link in links {
        match open_link(&input, &link, check) {
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

fn open_link(input: &Input, link: &Link, check: &mut Check<'_>) -> Res<Opened> {
    let known = |name: Option<&str>| matches!(name, Some("Vorbis" | "FLAC"));
    let Some((serial, codec)) = link.streams.iter().find(|(_, name)| known(*name)) else {
        let names: Vec<&str> = link.streams.iter().filter_map(|(_, name)| *name).collect();
        let what = if names.is_empty() { "something unknown".to_owned() } else { names.join(" and ") };
        return Err(format!("is Ogg with {what}, which cannot be decoded; convert it to FLAC or WAV").into());
    };
    let mut stream = Stream::new(input, *serial, link.start, link.end)?;
    stream.packet()?.ok_or(Fault::Ends)?;
    let ident = std::mem::take(&mut stream.buffer);
    let (memory, codec, rate, channels): (Memory, Box<dyn Codec>, u32, usize) = match codec {
        Some("Vorbis") => {
            let setup = header(&mut stream, b"\x05vorbis")?;
            let blocks = Blocks::parse(&ident, &setup).ok_or("holds Vorbis with damaged headers")?;
            let (rate, channels) = (blocks.rate, blocks.channels);
            stream.lengths = Lengths::Vorbis(blocks);
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(CODEC_ID_VORBIS).with_extra_data([ident, setup].concat().into());
            super::file::check_format(rate, channels)?;
            (VORBIS, Box::new(Symphonia::new(&parameters, "Vorbis")?), rate, channels)
        }
        Some("FLAC") => {
            let info: Box<[u8]> = ident.get(17..51).ok_or("holds FLAC with a damaged header")?.into();
            let rate = u32::from_be_bytes([0, info[10], info[11], info[12]]) >> 4;
            let channels = usize::from((info[12] >> 1) & 7) + 1;
            stream.lengths = Lengths::Flac;
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(CODEC_ID_FLAC).with_extra_data(info);
            super::file::check_format(rate, channels)?;
            (FLAC, Box::new(Symphonia::new(&parameters, "FLAC")?), rate, channels)
        }
        _ => return Err(Fault::Ends),
    };
    let mut index = Index::new(memory, stream.place());
    let count = Count::all(&mut stream, &mut index, check)?;
    let total = index.frames;
    let front = count.early.min(total);
    let frames = total - front - count.late.min(total - front);
    if frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let mut warnings = Vec::new();
    if stream.lost > 0 {
        warnings.push("is damaged: a part of it is missing".to_owned());
    }
    let decoded = Decoded::new(Box::new(stream), codec, channels, index, vec![Kept { start: front, frames }]);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// The header packet that begins like this.
fn header(stream: &mut Stream, magic: &[u8]) -> Res<Vec<u8>> {
    for _ in 0..8 {
        stream.packet()?.ok_or(Fault::Ends)?;
        if stream.buffer.starts_with(magic) {
            return Ok(std::mem::take(&mut stream.buffer));
        }
    }
    Err("is damaged: one of its headers is missing".into())
}

/// How the frames that pages count differ from those that packets hold, at both ends.
#[derive(Debug, Default)]
struct Count {
    /// Frames before the stream's zero.
    early: u64,
    /// Frames behind its end.
    late: u64,
}

impl Count {
    fn all(stream: &mut Stream, index: &mut Index, check: &mut Check<'_>) -> Res<Self> {
        let mut pages: Vec<(u64, i64)> = Vec::new();
        let mut cells = 64;
        while !index.done {
            index.extend(stream, cells, &mut |frame, packet| {
                if let Some(granule) = packet.granule {
                    // The first one and the last two are enough.
                    if pages.len() == 3 {
                        pages.remove(1);
                    }
                    pages.push((frame + u64::from(packet.frames), granule));
                }
                Ok(())
            })?;
            cells += 64;
            check()?;
        }
        Ok(Self::of(&pages))
    }

    /// From (frames passed, granule) of the first page and the last two.
    fn of(pages: &[(u64, i64)]) -> Self {
        let mut count = Self::default();
        let Some((first, rest)) = pages.split_first() else { return count };
        let before = match rest {
            // A stream of one page that tells of fewer frames ends early.
            [] => {
                count.late = (first.0 as i64 - first.1).max(0) as u64;
                return count;
            }
            [_] => *first,
            [.., before, _] => *before,
        };
        count.early = (first.0 as i64 - first.1).max(0) as u64;
        if let Some(last) = rest.last() {
            let (there, told) = ((last.0 - before.0) as i64, last.1 - before.1);
            count.late = (there - told).clamp(0, there) as u64;
        }
        count
    }
}
