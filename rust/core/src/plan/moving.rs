//! Cyclic movements of a layer as functions of its frame (spec track-format 6.1).

use super::mix::block::BLOCK;
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;
use crate::dsp::swing::{between, modulated, split};
use crate::track::Movement;
use crate::voice::Block;

/// Frames that are rendered at once at least where the ears are delayed.
const LEAST_PIECE: usize = 64;

/// Phase of a cycle at each frame.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cycle {
    begin: Turns,
    step: Turns,
}

impl Cycle {
    fn new(rate: f64, phase: f64, sample_rate: f64) -> Self {
        Self { begin: Turns::from_cycles(phase), step: Turns::from_cycles(rate / sample_rate) }
    }

    fn at(self, frame: u64) -> Turns {
        self.begin + self.step.times(frame)
    }
}

/// Movements of a layer: level, balance, delay between the ears.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moving {
    /// Cycle, depth and duty of the amplitude modulation.
    am: Option<(Cycle, f64, f64)>,
    /// Cycle, centre and width of the balance.
    pan: Option<(Cycle, f64, f64)>,
    /// Cycle of the delay of each ear, and its largest value in frames.
    spin: Option<(Cycle, f64)>,
}

impl Moving {
    /// No movement.
    pub const NONE: Self = Self { am: None, pan: None, spin: None };

    /// The movements of a layer with this pan.
    pub(crate) fn new(movement: &Movement, pan: f64, sample_rate: f64) -> Self {
        let cycle = |rate, phase, width: f64| (rate > 0.0 && width > 0.0).then(|| Cycle::new(rate, phase, sample_rate));
        let Movement { am_rate, am_depth, am_duty, am_phase, pan_rate, pan_width, pan_phase, .. } = *movement;
        let Movement { spin_rate, spin_width, spin_phase, .. } = *movement;
        let most = (BLOCK - LEAST_PIECE) as f64 / 2.0 - 2.0;
        let reach = (0.5e-6 * spin_width * sample_rate).min(most);
        Self {
            am: cycle(am_rate, am_phase, am_depth).map(|cycle| (cycle, am_depth, am_duty)),
            pan: cycle(pan_rate, pan_phase, pan_width).map(|cycle| (cycle, pan, pan_width)),
            spin: cycle(spin_rate, spin_phase, reach).map(|cycle| (cycle, reach)),
        }
    }

    /// Whether the level never moves.
    pub(crate) const fn is_steady(&self) -> bool {
        self.am.is_none() && self.pan.is_none()
    }

    /// The constant gains of both ears for this pan: 1 if the balance moves around it.
    pub(crate) fn balance(&self, pan: f64) -> [f32; 2] {
        if self.pan.is_some() { [1.0; 2] } else { balance(pan) }
    }

    /// The gains of both ears at `frame`, at most 1.
    pub(crate) fn gains(&self, frame: u64) -> [f64; 2] {
        let am = self.am.map_or(1.0, |(cycle, depth, duty)| modulated(cycle.at(frame), duty, depth));
        let pan = self.pan.map_or([1.0; 2], |(cycle, centre, width)| {
            balance((centre + width * sine(cycle.at(frame))).clamp(-1.0, 1.0)).map(f64::from)
        });
        pan.map(|gain| gain * am)
    }

    /// Frames around a stretch that its delayed ears read; `None` if there is no delay.
    pub(crate) fn margin(&self) -> Option<usize> {
        self.spin.map(|(_, reach)| reach.ceil() as usize + 2)
    }

    /// Delay the ears of `sound`, which begins [`margin`](Self::margin) frames before frame `start` and ends as many after
    /// the stretch. The stretch is then at its beginning.
    pub(crate) fn delay(&self, start: u64, sound: &mut Block<'_>) {
        let (Some((cycle, reach)), Some(margin)) = (self.spin, self.margin()) else { return };
        for x in 0..sound.len().saturating_sub(2 * margin) {
            let delay = reach * sine(cycle.at(start + x as u64));
            // what is read lies behind what is written
            sound.left[x] = delayed(sound.left, margin + x, -delay);
            sound.right[x] = delayed(sound.right, margin + x, delay);
        }
    }
}

/// Balance gains, left and right, of a pan between -1 (left) and 1 (right) (spec track-format 6).
pub(crate) fn balance(pan: f64) -> [f32; 2] {
    [(1.0 - pan).min(1.0) as f32, (1.0 + pan).min(1.0) as f32]
}

/// The value of `signal` at `at`, and so many frames on.
fn delayed(signal: &[f32], at: usize, on: f64) -> f32 {
    let (whole, fraction) = split(on);
    let first = at.wrapping_add_signed(whole).wrapping_sub(1);
    signal.get(first..).and_then(|rest| rest.first_chunk()).map_or(0.0, |four| between(*four, fraction))
}
