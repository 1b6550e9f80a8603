//! The sound of a voice as a source that moves: pieces of it are kept, because the ears hear it late.

use crate::voice::{Block, Voice};

/// Frames per piece.
const PIECE: usize = 1024;
/// Pieces that are kept: 0.37 s at 44.1 kHz, the way of sound over 127 m.
const KEPT: usize = 16;

/// What the ears hear of the two channels of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    /// Each ear its own channel.
    Ears,
    /// Both the mean of the channels.
    Mid,
}

/// A piece of the sound.
struct Piece {
    index: u64,
    /// The channels of the ears; the second one is empty if both hear the same.
    channels: [Vec<f32>; 2],
}

/// The sound of a voice.
pub(super) struct Sound {
    voice: Box<dyn Voice>,
    frames: u64,
    channels: Channels,
    /// Empty until it is first read.
    kept: Vec<Piece>,
    /// The piece that is replaced next, and the one that was read last.
    next: usize,
    last: usize,
    spare: Vec<f32>,
}

impl Clone for Sound {
    fn clone(&self) -> Self {
        Self::new(self.voice.fork(), self.frames, self.channels)
    }
}

impl Sound {
    /// `voice`, which has `frames` frames.
    pub(super) fn new(voice: Box<dyn Voice>, frames: u64, channels: Channels) -> Self {
        Self { voice, frames, channels, kept: Vec::new(), next: 0, last: 0, spare: Vec::new() }
    }

    pub(super) fn voice(&self) -> &dyn Voice {
        self.voice.as_ref()
    }

    pub(super) fn prepare(&mut self) {
        self.voice.prepare();
        self.make_room();
    }

    /// Whether each ear hears its own channel.
    pub(super) fn is_paired(&self) -> bool {
        self.channels == Channels::Ears
    }

    /// Make room for the pieces, once.
    fn make_room(&mut self) {
        if self.kept.is_empty() {
            let channel = |exists: bool| vec![0.0; if exists { PIECE } else { 0 }];
            let piece =
                || Piece { index: u64::MAX, channels: [channel(true), channel(self.channels == Channels::Ears)] };
            self.kept = std::iter::repeat_with(piece).take(KEPT).collect();
            self.spare = channel(self.channels == Channels::Mid);
        }
    }

    /// Piece `index`.
    fn piece(&mut self, index: u64) -> &Piece {
        self.make_room();
        if self.kept[self.last].index != index {
            let known = self.kept.iter().position(|piece| piece.index == index);
            self.last = known.unwrap_or_else(|| {
                let place = self.next;
                self.next = (place + 1) % KEPT;
                self.render(index, place);
                place
            });
        }
        &self.kept[self.last]
    }

    fn render(&mut self, index: u64, place: usize) {
        let Piece { index: kept, channels: [left, right] } = &mut self.kept[place];
        *kept = index;
        let start = index * PIECE as u64;
        let sounding = self.frames.saturating_sub(start).min(PIECE as u64) as usize;
        left[sounding..].fill(0.0);
        match self.channels {
            Channels::Ears => {
                right[sounding..].fill(0.0);
                self.voice.render(start, Block::new(&mut left[..sounding], &mut right[..sounding]));
            }
            Channels::Mid => {
                let right = &mut self.spare[..sounding];
                self.voice.render(start, Block::new(&mut left[..sounding], right));
                left.iter_mut().zip(right).for_each(|(left, right)| *left = 0.5 * (*left + *right));
            }
        }
    }

    /// Write the frames from `from` on, as the renderer `hrtf` takes them.
    pub(super) fn read(&mut self, from: u64, [mid, side]: [&mut [f32]; 2]) {
        let mut done = 0;
        while done < mid.len() {
            let frame = from + done as u64;
            let offset = (frame % PIECE as u64) as usize;
            let count = (PIECE - offset).min(mid.len() - done);
            let [left, right] = &self.piece(frame / PIECE as u64).channels;
            let left = &left[offset..offset + count];
            let mid = &mut mid[done..done + count];
            if right.is_empty() {
                mid.copy_from_slice(left);
            } else {
                let right = &right[offset..offset + count];
                let out = mid.iter_mut().zip(&mut side[done..done + count]);
                for ((mid, side), (left, right)) in out.zip(left.iter().zip(right)) {
                    (*mid, *side) = (0.5 * (left + right), 0.5 * (left - right));
                }
            }
            done += count;
        }
    }

    /// Four samples of the channel of `ear`, from frame `first` on; silence outside the voice.
    pub(super) fn four(&mut self, ear: usize, first: f64) -> [f64; 4] {
        if first < -3.0 || first >= self.frames as f64 {
            return [0.0; 4];
        }
        let ear = if self.is_paired() { ear } else { 0 };
        if first >= 0.0 {
            let frame = first as u64;
            let offset = (frame % PIECE as u64) as usize;
            if let Some(samples) = self.piece(frame / PIECE as u64).channels[ear].get(offset..offset + 4) {
                return std::array::from_fn(|j| f64::from(samples[j]));
            }
        }
        std::array::from_fn(|j| {
            let frame = first + j as f64;
            if frame < 0.0 {
                return 0.0;
            }
            let frame = frame as u64;
            f64::from(self.piece(frame / PIECE as u64).channels[ear][(frame % PIECE as u64) as usize])
        })
    }
}
