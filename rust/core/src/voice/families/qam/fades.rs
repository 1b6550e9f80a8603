//! Attack and release: linear fades, which are multiplied where they overlap (spec qam-voices 2.2).

use crate::dsp::cell::{CELL, Cell};
use crate::voice::Context;

/// Fade-in and fade-out of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fades {
    duration: f64,
    dt: f64,
    attack: f64,
    release: f64,
}

impl Fades {
    /// `attack` and `release` in seconds; at 0 and below a fade is off. `None` if both are off.
    pub(super) fn new(context: &Context, attack: f64, release: f64) -> Option<Self> {
        // a voice that is heard beyond an end of the call is not faded there
        let [attack, release] = [(attack, context.joined[0]), (release, context.joined[1])]
            .map(|(seconds, joined)| if joined { 0.0 } else { seconds });
        let fades = Self { duration: context.duration, dt: context.dt(), attack, release };
        (attack > 0.0 || release > 0.0).then_some(fades)
    }

    /// Multiply the gains of the cell that starts at `frame` by the fades.
    pub(super) fn apply(&self, frame: u64, gains: &mut Cell) {
        let (from, to) = (frame as f64 * self.dt, (frame + CELL as u64) as f64 * self.dt);
        if from >= self.attack && (self.release <= 0.0 || to <= self.duration - self.release) {
            return;
        }
        for (j, gain) in gains.iter_mut().enumerate() {
            let t = (frame + j as u64) as f64 * self.dt;
            let mut fade = 1.0;
            if self.attack > 0.0 && t < self.attack {
                fade *= t / self.attack;
            }
            if self.release > 0.0 && t > self.duration - self.release {
                fade *= (self.duration - t) / self.release;
            }
            *gain *= fade as f32;
        }
    }
}
