//! Demultiplexer for MP4 and M4A (ISO 14496-12). It reads the sample tables: offset and length of each packet, and the
//! part of the audio that is played.
//!
//! Symphonia reads the description of the track. Its demultiplexer is not used for files with sample tables, because it
//! would also read the video of a film and ignores edit lists and encoder delay.

use super::container;
use super::container::Reader;
use super::packets::{Decoded, Index, Kept, LARGEST, Packet, Packets, Place};
use crate::media::fault::{Fault, Res};
use crate::media::input::Input;
use crate::media::opened::{Check, Opened};

/// Upper limit for the number of boxes within a box.
const MAX_BOXES: usize = 4096;

/// A box: its name and the range of its content.
#[derive(Debug, Clone, Copy)]
struct Atom {
    name: [u8; 4],
    start: u64,
    end: u64,
}

fn atoms(input: &mut Input, mut at: u64, end: u64) -> Res<Vec<Atom>> {
    let mut found = Vec::new();
    while at + 8 <= end && found.len() < MAX_BOXES {
        let head = input.exactly::<8>(at)?;
        let name = [head[4], head[5], head[6], head[7]];
        let (before, len) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => (8, end - at),
            1 => (16, u64::from_be_bytes(input.exactly(at + 8)?)),
            len => (8, u64::from(len)),
        };
        if len < before {
            break;
        }
        let stop = at.saturating_add(len).min(end);
        found.push(Atom { name, start: (at + before).min(stop), end: stop });
        at = stop;
    }
    Ok(found)
}

/// The box that is reached from `within` by the path of names `way`; of several equal names the first counts.
fn child(input: &mut Input, within: Atom, way: &[&[u8; 4]]) -> Res<Option<Atom>> {
    let mut here = within;
    for name in way {
        let Some(next) = atoms(input, here.start, here.end)?.into_iter().find(|atom| &atom.name == *name) else {
            return Ok(None);
        };
        here = next;
    }
    Ok(Some(here))
}

fn long(input: &mut Input, at: u64) -> Res<u32> {
    Ok(u32::from_be_bytes(input.exactly(at)?))
}

/// The time scale of an `mvhd` or `mdhd` box, in units per second.
fn time_scale(input: &mut Input, atom: Atom) -> Res<u32> {
    let version = input.exactly::<1>(atom.start)?[0];
    long(input, atom.start + if version == 1 { 20 } else { 12 })
}

/// The sample tables of a track. A "sample" of MP4 is a packet.
#[derive(Clone)]
struct Table {
    input: Input,
    /// Number of packets, and their common size in bytes (0: the sizes are at the offset `sizes`).
    count: u32,
    size: u32,
    sizes: u64,
    /// (packets, duration of each) and (first chunk, packets per chunk).
    times: Vec<(u32, u32)>,
    chunks: Vec<(u32, u32)>,
    offsets: Atom,
    wide: bool,
    /// Units of time per second, and sample rate.
    scale: u32,
    rate: u32,
    now: Now,
    /// Whether the file ends before the last packet.
    cut: bool,
}

/// The next packet: its number, its chunk, its position there, and its time.
#[derive(Debug, Clone, Copy, Default)]
struct Now {
    sample: u32,
    chunk: u32,
    inside: u32,
    offset: u64,
    time: u64,
    /// Current entry of `times`, and number of its packets that have passed.
    entry: usize,
    passed: u32,
}

impl Table {
    fn read(input: &Input, table: Atom, scale: u32, rate: u32) -> Res<Option<Self>> {
        let mut input = input.clone();
        let parts = atoms(&mut input, table.start, table.end)?;
        let part = |name: &[u8; 4]| parts.iter().find(|atom| &atom.name == name).copied();
        let (Some(stts), Some(stsc), Some(stsz)) = (part(b"stts"), part(b"stsc"), part(b"stsz")) else {
            return Ok(None);
        };
        let (offsets, wide) = match (part(b"stco"), part(b"co64")) {
            (Some(atom), _) => (atom, false),
            (_, Some(atom)) => (atom, true),
            _ => return Ok(None),
        };
        let times = pairs(&mut input, stts, 8)?;
        let chunks = pairs(&mut input, stsc, 12)?;
        let (size, count) = (long(&mut input, stsz.start + 4)?, long(&mut input, stsz.start + 8)?);
        let most =
            if size == 0 { (stsz.end - stsz.start).saturating_sub(12) / 4 } else { input.len() / u64::from(size) };
        let known: u64 = times.iter().map(|(count, _)| u64::from(*count)).sum();
        let count = u64::from(count).min(most).min(known) as u32;
        if count == 0 || chunks.is_empty() {
            return Ok(None);
        }
        let (sizes, now, cut) = (stsz.start + 12, Now::default(), false);
        Ok(Some(Self { input, count, size, sizes, times, chunks, offsets, wide, scale, rate, now, cut }))
    }

    fn size(&mut self, sample: u32) -> Res<u32> {
        if self.size > 0 { Ok(self.size) } else { long(&mut self.input, self.sizes + 4 * u64::from(sample)) }
    }

    fn chunk_at(&mut self, chunk: u32) -> Res<u64> {
        let width = if self.wide { 8 } else { 4 };
        let at = self.offsets.start + 8 + width * u64::from(chunk);
        if at + width > self.offsets.end {
            return Err(Fault::Ends);
        }
        if self.wide {
            Ok(u64::from_be_bytes(self.input.exactly(at)?))
        } else {
            Ok(u64::from(long(&mut self.input, at)?))
        }
    }

    /// Number of packets in chunk number `chunk` (counted from 0).
    fn per_chunk(&self, chunk: u32) -> u32 {
        let nth = self.chunks.partition_point(|(first, _)| first.saturating_sub(1) <= chunk);
        self.chunks[nth.saturating_sub(1)].1.max(1)
    }

    fn frame(&self, time: u64) -> u64 {
        let scale = u128::from(self.scale.max(1));
        ((u128::from(time) * u128::from(self.rate) + scale / 2) / scale) as u64
    }
}

/// The first two numbers of each entry of a table whose entries have `width` bytes.
fn pairs(input: &mut Input, atom: Atom, width: u64) -> Res<Vec<(u32, u32)>> {
    let there = (atom.end - atom.start).saturating_sub(8) / width;
    let count = u64::from(long(input, atom.start + 4)?).min(there);
    let bytes = input.bytes(atom.start + 8, (count * width) as usize)?;
    let number = |bytes: &[u8]| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    Ok(bytes.chunks_exact(width as usize).map(|entry| (number(entry), number(&entry[4..]))).collect())
}

impl Packets for Table {
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>> {
        if self.now.sample >= self.count {
            return Ok(None);
        }
        let now = self.now;
        let size = self.size(now.sample)?;
        let at = match self.chunk_at(now.chunk) {
            Ok(start) => start.saturating_add(now.offset),
            Err(_) => u64::MAX,
        };
        if at.saturating_add(u64::from(size)) > self.input.len() {
            self.cut = true;
            return Ok(None);
        }
        if let Some(data) = data {
            data.resize(size as usize, 0);
            self.input.read_at(at, data)?;
        }
        let (run, duration) = self.times[now.entry.min(self.times.len() - 1)];
        let time = now.time + u64::from(duration);
        let frames = self.frame(time) - self.frame(now.time);
        self.now.sample += 1;
        self.now.time = time;
        self.now.passed += 1;
        if self.now.passed >= run {
            (self.now.passed, self.now.entry) = (0, now.entry + 1);
        }
        self.now.inside += 1;
        self.now.offset += u64::from(size);
        if self.now.inside >= self.per_chunk(now.chunk) {
            (self.now.inside, self.now.offset, self.now.chunk) = (0, 0, now.chunk + 1);
        }
        let frames = frames.min(LARGEST) as u32;
        Ok(Some(Packet { frames, payload: size, ..Packet::default() }))
    }

    fn place(&self) -> Place {
        Place { at: u64::from(self.now.sample), ..Place::default() }
    }

    fn go(&mut self, place: Place) -> Res<()> {
        let sample = place.at as u32;
        if sample == self.now.sample {
            return Ok(());
        }
        let mut now = Now { sample, ..Now::default() };
        let mut left = sample;
        for (nth, (first, per)) in self.chunks.iter().enumerate() {
            let per = (*per).max(1);
            let chunks = match self.chunks.get(nth + 1) {
                Some((next, _)) => next.saturating_sub(*first),
                None => u32::MAX,
            };
            if u64::from(chunks) * u64::from(per) > u64::from(left) {
                now.chunk = first.saturating_sub(1) + left / per;
                now.inside = left % per;
                break;
            }
            left -= chunks * per;
        }
        for before in sample - now.inside..sample {
            now.offset += u64::from(self.size(before)?);
        }
        let mut left = sample;
        for (run, duration) in &self.times {
            if left < *run {
                now.passed = left;
                now.time += u64::from(left) * u64::from(*duration);
                break;
            }
            left -= run;
            now.time += u64::from(*run) * u64::from(*duration);
            now.entry += 1;
        }
        self.now = now;
        Ok(())
    }

    fn fork(&self) -> Res<Box<dyn Packets>> {
        Ok(Box::new(self.clone()))
    }
}

/// Opens the MP4 file that begins at `start`; fragmented files are left to [`container::open`].
pub(super) fn open(input: &Input, start: u64, check: &mut Check<'_>) -> Res<Opened> {
    let reader = Reader::open(input, start, Vec::new(), "mp4").map_err(|fault| match fault {
        Fault::Content(text) if text.contains("no audio track") => Fault::from("is MP4 without sound"),
        other => other,
    })?;
    let parameters = reader.parameters()?;
    let (codec, memory) = container::codec(&parameters)?;
    let (rate, channels) = container::format_of(&parameters)?;
    let id = reader.track()?.id;
    drop(reader);
    let mut input = input.clone();
    let whole = Atom { name: *b"file", start, end: input.len() };
    let moov = child(&mut input, whole, &[b"moov"])?.ok_or(Fault::Ends)?;
    let movie_scale = match child(&mut input, moov, &[b"mvhd"])? {
        Some(atom) => time_scale(&mut input, atom)?,
        None => rate,
    };
    let fragments = child(&mut input, moov, &[b"mvex"])?.is_some();
    let Some((track, media_scale)) = track(&mut input, moov, id)?.filter(|_| !fragments) else {
        return container::open(&input, start, "mp4", check);
    };
    let table = match child(&mut input, track, &[b"mdia", b"minf", b"stbl"])? {
        Some(atom) => Table::read(&input, atom, media_scale, rate)?,
        None => None,
    };
    let Some(mut table) = table else { return Err("contains no audio (0 frames)".into()) };
    if table.size > 0 && table.size < 64 {
        return Err("holds PCM in MP4, which is not read; convert it to FLAC or WAV".into());
    }
    let mut index = Index::new(memory, table.place());
    container::count(&mut table, &mut index, check)?;
    let mut warnings = Vec::new();
    if table.cut {
        warnings.push("truncated: its tables tell of packets that are not there".to_owned());
    }
    let all = Kept { start: 0, frames: index.frames };
    let kept = match gapless(&mut input, moov)? {
        Some(kept) => Some(kept),
        None => edited(&mut input, track, movie_scale, &table)?,
    };
    let kept = kept.map_or(all, |kept| {
        let start = kept.start.min(all.frames);
        Kept { start, frames: kept.frames.min(all.frames - start) }
    });
    if kept.frames == 0 {
        return Err("contains no audio (0 frames)".into());
    }
    let decoded = Decoded::new(Box::new(table), codec, channels, index, vec![kept]);
    Ok(Opened { rate, warnings, ..Opened::of(Box::new(decoded)) })
}

/// The track with the number `id`, and its time scale.
fn track(input: &mut Input, moov: Atom, id: u32) -> Res<Option<(Atom, u32)>> {
    for track in atoms(input, moov.start, moov.end)?.into_iter().filter(|atom| &atom.name == b"trak") {
        let Some(head) = child(input, track, &[b"tkhd"])? else { continue };
        let version = input.exactly::<1>(head.start)?[0];
        if long(input, head.start + if version == 1 { 20 } else { 12 })? != id {
            continue;
        }
        if let Some(media) = child(input, track, &[b"mdia", b"mdhd"])? {
            return Ok(Some((track, time_scale(input, media)?)));
        }
    }
    Ok(None)
}

/// The part of the track that its edit list keeps, if it is a single stretch.
fn edited(input: &mut Input, track: Atom, movie_scale: u32, table: &Table) -> Res<Option<Kept>> {
    let Some(list) = child(input, track, &[b"edts", b"elst"])? else { return Ok(None) };
    let wide = input.exactly::<1>(list.start)?[0] == 1;
    let count = long(input, list.start + 4)?.min(64);
    let mut kept = None;
    for nth in 0..u64::from(count) {
        let at = list.start + 8 + nth * if wide { 20 } else { 12 };
        let (duration, start) = if wide {
            (u64::from_be_bytes(input.exactly(at)?), i64::from_be_bytes(input.exactly(at + 8)?))
        } else {
            (u64::from(long(input, at)?), i64::from(long(input, at + 4)? as i32))
        };
        // a start of -1 is an initial pause, used in films
        if start < 0 {
            continue;
        }
        if kept.is_some() {
            return Ok(None);
        }
        let frames = u128::from(duration) * u128::from(table.rate) / u128::from(movie_scale.max(1));
        let frames = if duration == 0 { u64::MAX } else { frames as u64 };
        // The clock of the movie is often coarser than a sample. Keep the rest of the last packet then.
        let frames = if movie_scale < table.rate {
            frames.saturating_add(u64::from(table.rate / movie_scale.max(1)))
        } else {
            frames
        };
        kept = Some(Kept { start: table.frame(start as u64), frames });
    }
    Ok(kept)
}

/// The gapless information of iTunes (`iTunSMPB`): encoder delay and number of valid frames.
fn gapless(input: &mut Input, moov: Atom) -> Res<Option<Kept>> {
    let Some(meta) = child(input, moov, &[b"udta", b"meta"])? else { return Ok(None) };
    let Some(list) = child(input, Atom { start: (meta.start + 4).min(meta.end), ..meta }, &[b"ilst"])? else {
        return Ok(None);
    };
    for own in atoms(input, list.start, list.end)?.into_iter().filter(|atom| &atom.name == b"----") {
        let (Some(name), Some(data)) = (child(input, own, &[b"name"])?, child(input, own, &[b"data"])?) else {
            continue;
        };
        if input.bytes(name.start + 4, 8)? != b"iTunSMPB" {
            continue;
        }
        let text = input.bytes(data.start + 8, (data.end - data.start).saturating_sub(8).min(256) as usize)?;
        let text = String::from_utf8_lossy(&text);
        let numbers: Vec<u64> = text.split_whitespace().map_while(|word| u64::from_str_radix(word, 16).ok()).collect();
        if let [_, front, _, frames, ..] = numbers[..]
            && frames > 0
        {
            return Ok(Some(Kept { start: front, frames }));
        }
    }
    Ok(None)
}
