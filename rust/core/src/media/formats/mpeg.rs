//! Demultiplexer for MPEG audio (MP1, MP2, MP3), which reads only the frame headers.
//!
//! The length of a file is found from its frames, not from its first header: the reader follows them across tags, junk
//! and the joints of concatenated files. The length that an encoder states (Xing, Info) is used to trim the encoder
//! padding; it never makes a file shorter than its frames.

use super::chain::Chain;
use super::codecs::Mpeg;
use super::packets::{Decoded, Index, Kept, Memory, Packet, Packets, Place};
use super::rated::Rated;
use super::tags;
use crate::media::fault::Res;
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};

/// The bit reservoir reaches 511 bytes back. A frame overlaps with the one before, so that one must decode correctly
/// too, with its own reservoir.
pub(super) const MEMORY: Memory = Memory { cell: 64, packets: 4, payload: 520, frames: 0 };
/// Files of more bytes than this are not indexed when they are opened, if the length stated by the encoder fits their
/// size.
const TRUSTED: u64 = 32 << 20;
/// Upper limit for the number of parts with different formats in a file.
const MOST_PARTS: usize = 256;
/// How many bytes of a file are searched for the first frame header.
const JUNK: u64 = 1 << 20;

/// The fields of a frame header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    rate: u32,
    layer: u8,
    channels: u8,
    /// Size of the frame in bytes, including its header.
    bytes: u32,
    frames: u32,
    /// Number of bytes before the main data: header, checksum, side information.
    before: u32,
}

impl Header {
    fn parse(head: [u8; 4]) -> Option<Self> {
        const RATES: [u32; 3] = [44_100, 48_000, 32_000];
        /// kbit/s: MPEG 1 layers 1, 2, 3; MPEG 2 layer 1, layers 2 and 3.
        const BITS: [[u16; 14]; 5] = [
            [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
            [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
            [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
            [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
            [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        ];
        let (version, layer) = ((head[1] >> 3) & 3, 4 - ((head[1] >> 1) & 3));
        let (bits, rate) = (usize::from(head[2] >> 4), usize::from((head[2] >> 2) & 3));
        let sound = head[0] == 0xff && head[1] & 0xe0 == 0xe0 && version != 1 && layer != 4 && head[3] & 3 != 2;
        if !sound || !(1..15).contains(&bits) || rate == 3 {
            return None;
        }
        let first = version == 3;
        let rate = RATES[rate] >> [2, 0, 1, 0][usize::from(version)];
        let table = if first { usize::from(layer) - 1 } else { usize::from(layer != 1) + 3 };
        let (bits, padding) = (u32::from(BITS[table][bits - 1]) * 1000, u32::from((head[2] >> 1) & 1));
        let channels = if head[3] >> 6 == 3 { 1 } else { 2 };
        let (bytes, frames) = match layer {
            1 => ((12 * bits / rate + padding) * 4, 384),
            3 if !first => (72 * bits / rate + padding, 576),
            _ => (144 * bits / rate + padding, 1152),
        };
        let side = match (layer, first, channels) {
            (1 | 2, ..) => 0,
            (_, true, 1) | (_, false, 2) => 17,
            (_, true, _) => 32,
            _ => 9,
        };
        let checksum = if head[1] & 1 == 0 { 2 } else { 0 };
        Some(Self { rate, layer, channels, bytes, frames, before: 4 + checksum + side })
    }

    /// Sample rate and layer, which all frames of a stream have in common.
    fn kind(self) -> (u32, u8) {
        (self.rate, self.layer)
    }
}

/// The information frame that an encoder may put before the stream (Xing, Info, VBRI).
#[derive(Debug, Clone, Copy, Default)]
struct Info {
    frames: Option<u64>,
    bytes: Option<u64>,
    /// Number of samples that the encoder added at the start and at the end.
    padding: Option<(u64, u64)>,
}

impl Info {
    fn parse(frame: &[u8], header: Header) -> Option<Self> {
        let number = |at: usize| Some(u64::from(u32::from_be_bytes(frame.get(at..at + 4)?.try_into().ok()?)));
        if frame.get(36..40) == Some(b"VBRI") {
            return Some(Self { frames: number(50), bytes: number(46), padding: None });
        }
        // it follows the side information; some encoders ignore the checksum when they place it
        let places = [header.before as usize, header.before as usize - if header.before % 2 == 0 { 2 } else { 0 }];
        let at = places.into_iter().find(|at| matches!(frame.get(*at..at + 4), Some(b"Xing" | b"Info")))?;
        let (flags, mut at) = (number(at + 4)?, at + 8);
        let mut info = Self::default();
        if flags & 1 != 0 {
            info.frames = number(at);
            at += 4;
        }
        if flags & 2 != 0 {
            info.bytes = number(at);
            at += 4;
        }
        at += if flags & 4 == 0 { 0 } else { 100 };
        at += if flags & 8 == 0 { 0 } else { 4 };
        let known = matches!(frame.get(at..at + 4), Some(b"LAME" | b"Lavf" | b"Lavc"));
        if let Some(&[a, b, c]) = frame.get(at + 21..at + 24)
            && known
        {
            info.padding = Some((u64::from(a) << 4 | u64::from(b) >> 4, u64::from(b & 15) << 8 | u64::from(c)));
        }
        Some(info)
    }

    /// The part of a stream that is played: without the padding at the start, and without that at the end if the stream
    /// is as long as its encoder states.
    fn kept(self, packets: u64, frames: u64) -> Kept {
        // delay of the decoder in samples (ISO 11172-3 with the usual filter bank)
        const DECODER: u64 = 529;
        let Some((front, back)) = self.padding else { return Kept { start: 0, frames } };
        let start = (front + DECODER).min(frames);
        let whole = self.frames == Some(packets);
        let back = if whole { back.saturating_sub(DECODER).min(frames - start) } else { 0 };
        Kept { start, frames: frames - start - back }
    }
}

/// The MPEG frames of a part of a file.
#[derive(Clone)]
struct Frames {
    input: Input,
    at: u64,
    end: u64,
    kind: (u32, u8),
    /// Whether the previous frame ended exactly at `at`.
    synced: bool,
    /// Channels of the last packet.
    channels: u8,
    /// The sample rate to which the stream changes, and whether the file ends within a frame.
    changed: Option<u32>,
    cut: bool,
}

impl Frames {
    fn header(&mut self, at: u64) -> Res<Option<Header>> {
        if at + 4 > self.end {
            return Ok(None);
        }
        Ok(Header::parse(self.input.exactly(at)?))
    }

    /// Whether the frame at `at` is confirmed by `times` frames of the same kind that follow it, or by a tag or the
    /// end.
    fn followed(&mut self, at: u64, header: Header, times: u32) -> Res<bool> {
        let mut next = at + u64::from(header.bytes);
        for nth in 0..times {
            if next == self.end || tags::tag_at(&mut self.input, next)?.is_some() {
                return Ok(nth > 0 || times == 1);
            }
            match self.header(next)? {
                Some(found) if found.kind() == header.kind() => next += u64::from(found.bytes),
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Offset and header of the next frame.
    fn frame(&mut self) -> Res<Option<(u64, Header)>> {
        loop {
            if self.at + 4 > self.end {
                return Ok(None);
            }
            if let Some(len) = tags::tag_at(&mut self.input, self.at)? {
                if self.at + len <= self.end {
                    self.at += len;
                    continue;
                }
            } else if let Some(header) = self.header(self.at)? {
                let same = header.kind() == self.kind;
                if (same && self.synced) || self.followed(self.at, header, if same { 1 } else { 3 })? {
                    if !same {
                        self.changed = Some(header.rate);
                        return Ok(None);
                    }
                    if self.at + u64::from(header.bytes) > self.end {
                        self.cut = true;
                        return Ok(None);
                    }
                    return Ok(Some((self.at, header)));
                }
            }
            self.synced = false;
            self.search()?;
        }
    }

    /// Moves to the next byte that could begin a frame or a tag.
    fn search(&mut self) -> Res<()> {
        self.at += 1;
        while self.at < self.end {
            let ahead = self.input.bytes(self.at, 4096)?;
            match ahead.iter().position(|byte| matches!(byte, 0xff | b'I' | b'T' | b'A')) {
                Some(by) => {
                    self.at = (self.at + by as u64).min(self.end);
                    break;
                }
                None => self.at += ahead.len().max(1) as u64,
            }
        }
        Ok(())
    }
}

impl Packets for Frames {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        let Some((at, header)) = self.frame()? else { return Ok(None) };
        self.at = at + u64::from(header.bytes);
        self.synced = true;
        self.channels = header.channels;
        if let Some(data) = data {
            data.resize(header.bytes as usize, 0);
            self.input.read_at(at, data)?;
        }
        let payload = header.bytes.saturating_sub(header.before);
        Ok(Some(Packet { frames: header.frames, payload, ..Packet::default() }))
    }

    fn place(&self) -> Place {
        Place { at: self.at, nth: u32::from(self.synced), state: 0 }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        (self.at, self.synced) = (place.at, place.nth == 1);
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(Self { input: self.input.clone(), ..self.clone() }))
    }
}

/// The offset of the first MPEG frame at or shortly after `start`, if there is one.
pub(super) fn recognise(input: &Input, start: u64) -> Res<Option<u64>> {
    let mut frames = frames(input, start, input.len());
    let last = start.saturating_add(JUNK);
    while frames.at < last.min(frames.end) {
        if let Some(header) = frames.header(frames.at)?
            && frames.followed(frames.at, header, if frames.at == start { 1 } else { 4 })?
        {
            return Ok(Some(frames.at));
        }
        frames.search()?;
    }
    Ok(None)
}

fn frames(input: &Input, at: u64, end: u64) -> Frames {
    Frames { input: input.clone(), at, end, kind: (0, 0), synced: true, channels: 0, changed: None, cut: false }
}

/// Opens the audio in `start..end`; a frame begins at `start`. If the sample rate changes, the following part is
/// resampled.
pub(super) fn open(input: &Input, start: u64, end: u64, check: &mut Check<'_>) -> Res<Opened> {
    let (mut parts, mut warnings, mut rate, mut at) = (Vec::new(), Vec::new(), 0, start);
    loop {
        let (opened, next) = open_part(input, at, end, check)?;
        warnings.extend(opened.warnings);
        if rate == 0 {
            rate = opened.rate;
        } else if opened.rate != rate {
            warnings.push(format!("changes its sample rate from {rate} to {} Hz; that part is resampled", opened.rate));
        }
        parts.push(Rated::of(opened.source, opened.rate, rate));
        match next.filter(|next| *next > at && parts.len() < MOST_PARTS) {
            Some(next) => at = next,
            None => break,
        }
    }
    warnings.dedup();
    Ok(Opened { rate, warnings, ..Opened::of(Chain::of(parts)) })
}

/// Opens the stream that begins at `start`. Also returns the offset at which a stream of another kind begins.
fn open_part(input: &Input, start: u64, end: u64, check: &mut Check<'_>) -> Res<(Opened, Option<u64>)> {
    let mut frames = frames(input, start, end);
    let Some(first) = frames.header(start)? else { return Err("holds no MPEG audio where it should begin".into()) };
    frames.kind = first.kind();
    let mut warnings = Vec::new();
    // Skip the information frame. Later ones, in concatenated files, stay as a frame of silence.
    let head = frames.input.bytes(start, 192.min(first.bytes as usize))?;
    let info = if first.layer == 3 { Info::parse(&head, first) } else { None };
    if info.is_some() {
        frames.at += u64::from(first.bytes);
    }
    let mut index = Index::new(MEMORY, frames.place());
    let info = info.unwrap_or_default();
    let fits = info.bytes.is_some_and(|bytes| bytes.abs_diff(end - start) < 4096);
    let (mut packets, mut channels) = (0, first.channels);
    if let Some(known) = info.frames.filter(|_| fits && end - start > TRUSTED) {
        packets = known;
    } else {
        let mut cells = 64;
        while !index.done {
            let mut walker = Walker { frames: &mut frames, packets: &mut packets, channels: &mut channels };
            index.extend(&mut walker, cells, &mut |_, _| Ok(()))?;
            cells += 64;
            check()?;
        }
        match info.frames {
            Some(known) if packets < known && frames.changed.is_none() => {
                let (missing, all) = ((known - packets) * u64::from(first.frames), known * u64::from(first.frames));
                warnings.push(format!("truncated: {missing} of {all} frames are missing"));
            }
            None if frames.cut => warnings.push("truncated: ends in the middle of a packet".to_owned()),
            _ => {}
        }
    }
    let kept = info.kept(packets, packets * u64::from(first.frames));
    if kept.frames == 0 {
        return Err("is damaged or truncated: nothing in it can be decoded".into());
    }
    let next = frames.changed.map(|_| frames.at);
    let decoded = Decoded::new(Box::new(frames), Box::new(Mpeg::new()), usize::from(channels), index, vec![kept]);
    Ok((Opened { rate: first.rate, warnings, ..Opened::of(Box::new(decoded)) }, next))
}

/// Counts packets and channels while an index is built.
struct Walker<'a> {
    frames: &'a mut Frames,
    packets: &'a mut u64,
    channels: &'a mut u8,
}

impl Packets for Walker<'_> {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        let packet = self.frames.next(data)?;
        *self.packets += u64::from(packet.is_some());
        *self.channels = (*self.channels).max(self.frames.channels);
        Ok(packet)
    }

    fn place(&self) -> Place {
        self.frames.place()
    }

    fn go(&mut self, place: Place) -> Res<()> {
        self.frames.go(place)
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        self.frames.fork()
    }
}
