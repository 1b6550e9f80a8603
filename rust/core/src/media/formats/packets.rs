//! Random access to streams of compressed packets.
//!
//! Decoders have state, so the samples of a packet depend on the packets before it. To get the same samples wherever
//! reading begins, the stream is divided into cells of a fixed number of packets. Each cell is decoded by a decoder
//! that was reset and warmed up with the packets before the cell. Positions are computed from the stated lengths of the
//! packets, not from the output of the decoder: a damaged packet keeps its length and is silent.

use std::collections::VecDeque;

use super::chain::spread;
use crate::media::fault::Res;
use crate::media::source::Source;

/// A position in a stream at which a packet begins. Each demultiplexer defines the meaning of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) at: u64,
    pub(super) nth: u32,
    pub(super) state: u32,
}

/// Properties of a packet that are known without decoding it.
#[derive(Debug, Clone, Default)]
pub(super) struct Packet {
    /// Number of frames that it decodes to.
    pub(super) frames: u32,
    /// Its first frame, if the stream states it; otherwise the packet follows the previous one.
    pub(super) at: Option<u64>,
    /// Number of its bytes that later packets may refer to.
    pub(super) payload: u32,
    /// For the last packet of an Ogg page: the frame count that the page states.
    pub(super) granule: Option<i64>,
}

/// A demultiplexed stream of packets.
pub(super) trait Packets: Send {
    /// The next packet; `data`, if given, receives its bytes.
    fn next(&mut self, data: Option<&mut Vec<u8>>) -> Res<Option<Packet>>;

    /// The position of the next packet.
    fn place(&self) -> Place;

    /// Continues at a position that [`Self::place`] returned.
    fn go(&mut self, place: Place) -> Res<()>;

    /// An independent reader of the same stream.
    fn fork(&self) -> Res<Box<dyn Packets>>;

    /// Seeks to the packet that contains `frame`. Only for streams that can seek by themselves and whose packets are
    /// independent; they need no index. Others return `None`.
    fn find(&mut self, _frame: u64) -> Option<Res<()>> {
        None
    }
}

/// A decoder of packets.
pub(super) trait Codec: Send {
    /// Clears the state, as in a new decoder.
    fn reset(&mut self);

    /// Decodes into `planes`, one per channel of the packet. Returns false if the packet is damaged.
    fn decode(&mut self, packet: &[u8], frames: u32, planes: &mut Vec<Vec<f32>>) -> bool;

    /// A new decoder for the same stream, with cleared state.
    fn fork(&self) -> Res<Box<dyn Codec>>;
}

/// The size of a cell, and the warm-up that a decoder needs before it: at least these numbers of packets, bytes of
/// payload and frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    /// Number of packets per cell.
    pub(super) cell: u64,
    pub(super) packets: u64,
    pub(super) payload: u64,
    pub(super) frames: u64,
}

/// Upper limit for the number of frames in a packet, whatever a container states.
pub(super) const LARGEST: u64 = 1 << 17;
/// Upper limit for the number of packets of a warm-up.
const MOST_BACK: usize = 512;

/// Start of a cell and of its warm-up.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// The position at which the warm-up begins, and its first frame.
    place: Place,
    first: u64,
    /// The first frame of the cell.
    start: u64,
}

/// The cells of the part of the stream that has been indexed so far.
#[derive(Clone)]
pub(super) struct Index {
    memory: Memory,
    cells: Vec<Cell>,
    /// The most recent packets: position, first frame, payload of all packets before.
    recent: VecDeque<(Place, u64, u64)>,
    place: Place,
    packets: u64,
    payload: u64,
    /// Number of frames that have been indexed.
    pub(super) frames: u64,
    /// Whether the end of the stream was reached.
    pub(super) done: bool,
}

impl Index {
    /// An empty index of a stream that begins at `place`.
    pub(super) fn new(memory: Memory, place: Place) -> Self {
        Self {
            memory,
            cells: Vec::new(),
            recent: VecDeque::new(),
            place,
            packets: 0,
            payload: 0,
            frames: 0,
            done: false,
        }
    }

    /// Indexes more of the stream until there are `cells` cells. Calls `note` with the first frame of each packet and
    /// the packet.
    pub(super) fn extend(
        &mut self,
        packets: &mut dyn Packets,
        cells: usize,
        note: &mut dyn FnMut(u64, &Packet) -> Res<()>,
    ) -> Res<()> {
        if self.done || self.cells.len() >= cells {
            return Ok(());
        }
        packets.go(self.place)?;
        while self.cells.len() < cells {
            let place = packets.place();
            let Some(packet) = packets.next(None)? else {
                self.done = true;
                break;
            };
            let frame = packet.at.unwrap_or(self.frames).max(self.frames);
            note(frame, &packet)?;
            self.recent.push_back((place, frame, self.payload));
            if self.packets.is_multiple_of(self.memory.cell) {
                self.cells.push(self.cell(frame));
            }
            if self.recent.len() > MOST_BACK {
                self.recent.pop_front();
            }
            self.packets += 1;
            self.payload += u64::from(packet.payload);
            self.frames = frame + u64::from(packet.frames);
        }
        self.place = packets.place();
        Ok(())
    }

    /// The position of the last packet that was indexed.
    pub(super) fn last_place(&self) -> Place {
        self.recent.back().map_or(self.place, |recent| recent.0)
    }

    /// The cell that begins with the newest packet of `recent`.
    fn cell(&self, start: u64) -> Cell {
        let memory = self.memory;
        let newest = self.recent.len() - 1;
        // the last `packets` packets must decode correctly, so the payload that they refer to must precede them
        let whole = newest.saturating_sub(memory.packets as usize);
        let enough = |payload: u64, frame: u64| {
            self.recent[whole].2 - payload >= memory.payload && start - frame >= memory.frames
        };
        let back = (0..=whole).rev().find(|i| enough(self.recent[*i].2, self.recent[*i].1)).unwrap_or(0);
        let (place, first, _) = self.recent[back];
        Cell { place, first, start }
    }
}

/// A stretch of the decoded stream that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// First frame.
    pub(super) start: u64,
    /// Length in frames.
    pub(super) frames: u64,
}

/// A stream of packets together with its decoder.
pub(super) struct Decoded {
    packets: Box<dyn Packets>,
    codec: Box<dyn Codec>,
    channels: usize,
    index: Index,
    kept: Vec<Kept>,
    frames: u64,
    /// State of the decoder: the next frame that it gives, and the first frame and the end of its cell.
    now: Option<(u64, u64, u64)>,
    data: Vec<u8>,
    /// The packet in `data`, if it has not been decoded yet.
    pending: Option<Packet>,
    planes: Vec<Vec<f32>>,
    /// The first frame in `planes`.
    planes_at: u64,
    damaged: u64,
    /// Damaged packets before this frame have been counted.
    seen: u64,
}

/// For streams that can seek: frames that are further ahead than this are reached by seeking, not by decoding.
const FAR: u64 = 1 << 17;
/// Length in frames of the pieces of silence that replace missing packets.
const SILENCE: u64 = 1 << 14;

impl Decoded {
    /// The stretches `kept` of a stream, one after the other, as audio of `channels` channels.
    pub(super) fn new(
        packets: Box<dyn Packets>,
        codec: Box<dyn Codec>,
        channels: usize,
        index: Index,
        kept: Vec<Kept>,
    ) -> Self {
        Self {
            packets,
            codec,
            channels,
            index,
            frames: kept.iter().map(|kept| kept.frames).sum(),
            kept,
            now: None,
            data: Vec::new(),
            pending: None,
            planes: Vec::new(),
            planes_at: 0,
            damaged: 0,
            seen: 0,
        }
    }

    fn ready(&self) -> u64 {
        self.planes.first().map_or(0, Vec::len) as u64
    }

    /// Decodes until `planes` contains frame `at` of the stream.
    fn fetch(&mut self, at: u64) -> Res<()> {
        if at >= self.planes_at && at < self.planes_at + self.ready() {
            return Ok(());
        }
        let near = |next: u64, end: u64| end < u64::MAX || at - next < FAR;
        if !self.now.is_some_and(|(next, start, end)| at >= start && at >= next && at < end && near(next, end)) {
            self.enter(at)?;
        }
        while !(at >= self.planes_at && at < self.planes_at + self.ready()) {
            self.step()?;
        }
        Ok(())
    }

    /// Prepares the decoder for the cell that contains frame `at`.
    fn enter(&mut self, at: u64) -> Res<()> {
        self.pending = None;
        self.codec.reset();
        self.planes.clear();
        if let Some(found) = self.packets.find(at) {
            found?;
            self.now = Some((0, at, u64::MAX));
            return Ok(());
        }
        let mut cells = 2;
        while !self.index.done && self.index.cells.last().is_none_or(|cell| cell.start <= at) {
            cells = cells.max(self.index.cells.len() + 1);
            self.index.extend(&mut *self.packets, cells, &mut |_, _| Ok(()))?;
        }
        let nth = self.index.cells.partition_point(|cell| cell.start <= at).saturating_sub(1);
        let Some(cell) = self.index.cells.get(nth).copied() else {
            self.now = Some((at, at, u64::MAX));
            return Ok(());
        };
        let end = self.index.cells.get(nth + 1).map_or(u64::MAX, |next| next.start);
        self.packets.go(cell.place)?;
        self.now = Some((cell.first, cell.start, end));
        Ok(())
    }

    /// Decodes one packet, or a piece of silence if there is none.
    fn step(&mut self) -> Res<()> {
        let Some((next, start, end)) = self.now else { return Ok(()) };
        if next >= end {
            return self.enter(end);
        }
        let packet = match self.pending.take() {
            Some(packet) => Some(packet),
            None => self.packets.next(Some(&mut self.data))?,
        };
        let Some(packet) = packet else {
            self.hush(next, (end - next).min(SILENCE));
            return Ok(());
        };
        let at = packet.at.unwrap_or(next);
        if next < start && packet.at.is_some() {
            // after a seek the first packet states its position
            self.now = Some((at, start, end));
        } else if at > next {
            self.pending = Some(packet);
            self.hush(next, (at - next).min(SILENCE));
            return Ok(());
        }
        let fine = self.codec.decode(&self.data, packet.frames, &mut self.planes);
        if !fine {
            self.planes.clear();
            if at >= start && at >= self.seen {
                self.damaged += 1;
                self.seen = at + 1;
            }
        }
        spread(&mut self.planes, self.channels, packet.frames as usize);
        let next = self.now.map_or(next, |now| now.0);
        let (from, to) = (next.max(start).max(at), (at + u64::from(packet.frames)).min(end));
        let (skip, keep) = (from - at, to.saturating_sub(from));
        for plane in &mut self.planes {
            let skip = (skip as usize).min(plane.len());
            plane.drain(..skip);
            plane.truncate(keep as usize);
        }
        self.planes_at = from;
        self.now = Some((to.max(next), start, end));
        Ok(())
    }

    fn hush(&mut self, at: u64, frames: u64) {
        self.planes.clear();
        spread(&mut self.planes, self.channels, frames as usize);
        self.planes_at = at;
        if let Some(now) = &mut self.now {
            now.0 = at + frames;
        }
    }
}

impl Source for Decoded {
    fn channels(&self) -> usize {
        self.channels
    }

    fn frames(&self) -> u64 {
        self.frames
    }

    fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize> {
        let count = self.frames.saturating_sub(at).min(count as u64);
        for out in out.iter_mut() {
            out.clear();
            out.reserve(count as usize);
        }
        let (mut done, mut heard) = (0, 0);
        for nth in 0..self.kept.len() {
            let kept = self.kept[nth];
            while done < count && at + done < heard + kept.frames {
                let offset = at + done - heard;
                let place = kept.start + offset;
                self.fetch(place)?;
                let from = (place - self.planes_at) as usize;
                let some = (count - done).min(kept.frames - offset).min(self.ready() - from as u64);
                for (out, plane) in out.iter_mut().zip(&self.planes) {
                    out.extend_from_slice(&plane[from..from + some as usize]);
                }
                done += some;
            }
            heard += kept.frames;
        }
        Ok(done as usize)
    }

    fn fork(&self) -> Res<Box<dyn Source>> {
        let (packets, codec) = (self.packets.fork()?, self.codec.fork()?);
        Ok(Box::new(Self::new(packets, codec, self.channels, self.index.clone(), self.kept.clone())))
    }

    fn damaged(&self) -> u64 {
        self.damaged
    }
}
