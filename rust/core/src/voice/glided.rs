//! A voice that goes over from other parameters at its beginning (spec assembly 5.6): first a transition from those
//! parameters, then the voice itself. Where parameters differ that cannot move, two transitions in equal phases are
//! crossfaded.

use super::{Block, Onset, Oscillators, Phases, Voice};

/// Frames mixed at a time.
const CHUNK: usize = 1024;

/// The transition at the beginning.
pub(crate) struct Glide {
    /// The transition; with two, a crossfade from the first to the second.
    pub(crate) transitions: Vec<Box<dyn Voice>>,
    /// Frame of the transitions at which the voice begins.
    pub(crate) lead: u64,
    /// Frames over which it moves.
    pub(crate) ramp: u64,
    /// Frames for which it is heard; after the ramp it holds.
    pub(crate) frames: u64,
    /// Gain at the start and at the end of the ramp.
    pub(crate) levels: [f64; 2],
}

impl Glide {
    fn render(&mut self, start: u64, mut out: Block<'_>, spare: &mut [Vec<f32>; 2]) {
        let length = self.ramp.max(1) as f64;
        let [from, to] = self.levels;
        let [first, others @ ..] = self.transitions.as_mut_slice() else { return out.clear() };
        first.render(start + self.lead, out.reborrow());
        let at = |k: usize| ((start + k as u64) as f64 / length).min(1.0);
        for other in others {
            let [left, right] = spare;
            let (left, right) = (&mut left[..out.len()], &mut right[..out.len()]);
            other.render(start + self.lead, Block::new(left, right));
            for (out, new) in [(&mut *out.left, left), (&mut *out.right, right)] {
                for (k, (out, new)) in out.iter_mut().zip(new).enumerate() {
                    *out += (*new - *out) * at(k) as f32;
                }
            }
        }
        if self.levels != [1.0; 2] {
            for (k, (l, r)) in out.left.iter_mut().zip(out.right).enumerate() {
                let level = (from + (to - from) * at(k)) as f32;
                *l *= level;
                *r *= level;
            }
        }
    }

    fn fork(&self) -> Self {
        Self { transitions: self.transitions.iter().map(|voice| voice.fork()).collect(), ..*self }
    }
}

struct Glided {
    glide: Glide,
    voice: Box<dyn Voice>,
    spare: [Vec<f32>; 2],
}

/// `voice` with `glide` in place of its first frames.
pub(crate) fn glided(glide: Glide, voice: Box<dyn Voice>) -> Box<dyn Voice> {
    let spare = if glide.transitions.len() > 1 { CHUNK } else { 0 };
    Box::new(Glided { glide, voice, spare: [vec![0.0; spare], vec![0.0; spare]] })
}

impl Voice for Glided {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        let len = out.len();
        let gliding = self.glide.frames.saturating_sub(start).min(len as u64) as usize;
        let mut done = 0;
        while done < gliding {
            let to = gliding.min(done + CHUNK);
            self.glide.render(start + done as u64, out.part(done, to), &mut self.spare);
            done = to;
        }
        if gliding < len {
            self.voice.render(start + gliding as u64, out.part(gliding, len));
        }
    }

    fn prepare(&mut self) {
        self.glide.transitions.iter_mut().for_each(|voice| voice.prepare());
        self.voice.prepare();
    }

    fn rest(&mut self) {
        self.glide.transitions.iter_mut().for_each(|voice| voice.rest());
        self.voice.rest();
    }

    fn fork(&self) -> Box<dyn Voice> {
        glided(self.glide.fork(), self.voice.fork())
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        let Glide { lead, frames, .. } = self.glide;
        if let (Some(transition), true) = (self.glide.transitions.first(), from < frames) {
            transition.onsets(from + lead, to.min(frames) + lead, &mut |onset| {
                each(Onset { frame: onset.frame - lead, ..onset });
            });
        }
        self.voice.onsets(from.max(frames), to, each);
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        match self.glide.transitions.first() {
            Some(transition) if frame < self.glide.frames => transition.phases_at(frame + self.glide.lead),
            _ => self.voice.phases_at(frame),
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        match self.glide.transitions.first() {
            Some(transition) if frame < self.glide.frames => transition.oscillators_at(frame + self.glide.lead),
            _ => self.voice.oscillators_at(frame),
        }
    }
}
