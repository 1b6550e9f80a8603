//! What a stream has at each index: stretches of sources, each with a crossfade from the one before. Any of it can be
//! rendered again.

use std::collections::VecDeque;

use super::Playing;
use super::ramps::crossfade_gain;

/// One sample per channel.
type Frame = [f32; 2];

/// Most frames that are rendered at a time.
pub const CHUNK: usize = 512;

/// Something to play.
pub struct Source {
    /// Its sound.
    pub playing: Playing,
    /// Distinguishes the sources of a stream.
    pub number: u64,
    /// The entry of the list of tracks that it plays; edits keep the entry.
    pub entry: u64,
}

/// A crossfade from the piece before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fade {
    /// Index at which the piece before goes on meanwhile.
    pub from: u64,
    /// Length in frames; 0: none.
    pub frames: u64,
    /// Whether the squares of both gains add up to 1, for sounds that have nothing in common. Otherwise the gains do.
    pub equal_power: bool,
}

/// From index `index` on, the stream has source `source` from its frame `frame` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Index of its first frame.
    pub index: u64,
    /// Track frame there.
    pub frame: u64,
    /// Number of the source.
    pub source: u64,
    /// Length, in frames, of the fade-in at the start of the track; 0: none.
    pub rise: u64,
    /// How it begins.
    pub fade: Fade,
}

impl Piece {
    /// Track frame at `index`.
    pub const fn frame_at(&self, index: u64) -> u64 {
        self.frame + index.saturating_sub(self.index)
    }
}

/// The pieces that can still be rendered again, their sources, and the buffers for it.
#[allow(clippy::vec_box, reason = "sources are large, and pass through channels and mails")]
pub(super) struct Pieces {
    written: VecDeque<Piece>,
    sources: Vec<Box<Source>>,
    left: Vec<f32>,
    right: Vec<f32>,
    mixed: Vec<Frame>,
    /// Sources that nobody needs any more.
    pub(super) retired: Vec<Box<Source>>,
}

impl Pieces {
    pub(super) fn new(source: Box<Source>, frame: u64, rise: u64) -> Self {
        let fade = Fade { from: 0, frames: 0, equal_power: false };
        let first = Piece { index: 0, frame, source: source.number, rise, fade };
        Self {
            written: VecDeque::from([first]),
            sources: vec![source],
            left: vec![0.0; CHUNK],
            right: vec![0.0; CHUNK],
            mixed: vec![[0.0; 2]; CHUNK],
            retired: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// The piece that begins last.
    pub(super) fn last(&self) -> Piece {
        self.written[self.written.len() - 1]
    }

    /// The source of a piece.
    pub(super) fn source_of(&self, piece: &Piece) -> &Source {
        &self.sources[self.place(piece.source)]
    }

    fn place(&self, number: u64) -> usize {
        self.sources.iter().position(|source| source.number == number).unwrap_or(self.sources.len() - 1)
    }

    /// Add a piece, with its source if that is new.
    pub(super) fn add(&mut self, piece: Piece, source: Option<Box<Source>>) {
        self.sources.extend(source);
        self.written.push_back(piece);
    }

    /// The place of the piece that plays at `index`.
    fn covering(&self, index: u64) -> usize {
        self.written.iter().rposition(|piece| piece.index <= index).unwrap_or(0)
    }

    /// The piece that plays at `index`.
    pub(super) fn at(&self, index: u64) -> Piece {
        self.written[self.covering(index)]
    }

    /// The first piece that begins after `index`.
    pub(super) fn first_after(&self, index: u64) -> Option<Piece> {
        self.written.iter().find(|piece| piece.index > index).copied()
    }

    /// Remove the pieces that begin after `index`. Returns the source of the first of them, if no other piece has it.
    pub(super) fn cut(&mut self, index: u64) -> Option<Box<Source>> {
        let mut first = None;
        while self.written.len() > 1 && self.last().index > index {
            first = self.written.pop_back().map(|piece| piece.source);
        }
        let number = first.filter(|number| self.written.iter().all(|piece| piece.source != *number))?;
        let place = self.place(number);
        Some(self.sources.swap_remove(place))
    }

    /// Forget the pieces that are heard, for a listener at `index` who cannot go back, and retire the sources without a
    /// piece.
    pub(super) fn forget_before(&mut self, index: u64) {
        let (mut first, mut needed) = (self.written.len() - 1, index);
        while first > 0 {
            let Piece { index, fade, .. } = self.written[first];
            if needed >= index + fade.frames {
                break;
            }
            // the piece before is heard, or goes on within the fade
            needed = if needed < index { needed } else { fade.from + (needed - index) };
            first -= 1;
        }
        self.written.drain(..first);
        let mut place = 0;
        while place < self.sources.len() {
            let number = self.sources[place].number;
            if self.written.iter().any(|piece| piece.source == number) {
                place += 1;
            } else {
                self.retired.push(self.sources.swap_remove(place));
            }
        }
    }

    /// Render what the stream has at `index`, at most [`CHUNK`] frames, none of which lies behind the start of the next
    /// piece.
    pub(super) fn render(&mut self, index: u64, out: &mut [Frame]) {
        // the pieces that fade into each other there, each with the index on its own line of time
        let top = self.covering(index);
        let (mut deepest, mut at) = (top, index);
        while deepest > 0 {
            let Piece { index, fade, .. } = self.written[deepest];
            if at.saturating_sub(index) >= fade.frames {
                break;
            }
            at = fade.from + at.saturating_sub(index);
            deepest -= 1;
        }
        self.render_piece(deepest, at, out.len());
        out.copy_from_slice(&self.mixed[..out.len()]);
        for place in deepest + 1..=top {
            let Piece { index, fade, .. } = self.written[place];
            let own = index + at.saturating_sub(fade.from);
            self.render_piece(place, own, out.len());
            at = own;
            for (i, (old, new)) in out.iter_mut().zip(&self.mixed).enumerate() {
                let into = (own - index) as usize + i;
                if into >= fade.frames as usize {
                    *old = *new;
                    continue;
                }
                let share = crossfade_gain(into, fade.frames as usize);
                let (fades, rises) =
                    if fade.equal_power { ((1.0 - share).sqrt(), share.sqrt()) } else { (1.0 - share, share) };
                *old = [0, 1].map(|side| old[side] * fades + new[side] * rises);
            }
        }
    }

    /// Render `count` frames of one piece at `index` into `mixed`.
    fn render_piece(&mut self, place: usize, index: u64, count: usize) {
        let piece = self.written[place];
        let source = self.place(piece.source);
        let (left, right) = (&mut self.left[..count], &mut self.right[..count]);
        let playing = &mut self.sources[source].playing;
        playing.rise = piece.rise;
        playing.render(piece.frame_at(index), left, right);
        for (frame, (left, right)) in self.mixed.iter_mut().zip(left.iter().zip(right)) {
            *frame = [*left, *right];
        }
    }
}
