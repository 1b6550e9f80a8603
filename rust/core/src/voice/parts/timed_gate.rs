//! A gate of pulses with lengths in milliseconds (spec stimuli 2). Each pulse begins at the exact time that the rate
//! gives, on the sample clock, and keeps the lengths that hold there.

use super::pulse_clock::{PulseClock, first_frame};
use super::pulse_form::PulseForm;
use crate::dsp::phase::Turns;
use crate::voice::Onset;

/// The gain of a gate at any frame.
#[derive(Debug, Clone)]
pub(crate) struct TimedGate {
    /// `None`: the gate never opens.
    clock: Option<PulseClock>,
    form: PulseForm,
}

/// The corners of one pulse as times in frames.
struct Corners {
    onset: f64,
    attacked: f64,
    held: f64,
    released: f64,
}

impl TimedGate {
    /// A gate that opens with the pulses of `clock`.
    pub(crate) const fn new(clock: Option<PulseClock>, form: PulseForm) -> Self {
        Self { clock, form }
    }

    /// The same train, ahead by `shift`.
    pub(crate) fn shifted(self, shift: Turns) -> Self {
        Self { clock: self.clock.map(|clock| clock.shifted(shift)), ..self }
    }

    /// Position in the cycle at `frame`; `None` without pulses.
    pub(crate) fn phase(&self, frame: u64) -> Option<Turns> {
        self.clock.as_ref().map(|clock| clock.position(frame))
    }

    /// Write the gains of the frames from `first` on.
    pub(crate) fn gains(&self, first: u64, out: &mut [f32]) {
        let Some(clock) = &self.clock else {
            out.fill((1.0 - self.form.depth.start) as f32);
            return;
        };
        let mut done = 0;
        while done < out.len() {
            let frame = first + done as u64;
            let index = clock.pulse_at(frame);
            let next = first_frame(clock.onset(index + 1)).saturating_sub(first as i64);
            let end = next.clamp(done as i64 + 1, out.len() as i64) as usize;
            self.pulse(clock, index, frame, &mut out[done..end]);
            done = end;
        }
        if self.form.depth.moves() {
            for (k, gain) in out.iter_mut().enumerate() {
                let depth = self.form.depth.at(clock.alpha((first + k as u64) as f64)).clamp(0.0, 1.0);
                *gain = (1.0 - depth * (1.0 - f64::from(*gain))) as f32;
            }
        }
    }

    /// The level of pulse `index` from `frame` on; with the depth, if it does not move.
    fn pulse(&self, clock: &PulseClock, index: i64, frame: u64, out: &mut [f32]) {
        let Corners { onset, attacked, held, released } = self.corners(clock, index);
        let depth = if self.form.depth.moves() { 1.0 } else { self.form.depth.start };
        let gain = |level: f64| (1.0 - depth * (1.0 - level)) as f32;
        let shape = self.form.shape;
        let mut from = 0;
        let mut stretch = |until: f64, level: &dyn Fn(f64) -> f64| {
            let end = first_frame(until).saturating_sub(frame as i64).clamp(from as i64, out.len() as i64) as usize;
            for (k, value) in out[from..end].iter_mut().enumerate() {
                *value = gain(level((frame + (from + k) as u64) as f64));
            }
            from = end;
        };
        stretch(attacked, &|time| shape.rise(((time - onset) / (attacked - onset)).clamp(0.0, 1.0)));
        stretch(held, &|_| 1.0);
        stretch(released, &|time| shape.rise(((released - time) / (released - held)).clamp(0.0, 1.0)));
        stretch(f64::INFINITY, &|_| 0.0);
        if clock.moves() {
            let resting = |k: usize| !clock.beats(frame + k as u64);
            out.iter_mut().enumerate().filter(|(k, _)| resting(*k)).for_each(|(_, value)| *value = gain(0.0));
        }
    }

    fn corners(&self, clock: &PulseClock, index: i64) -> Corners {
        let onset = clock.onset(index);
        let alpha = clock.alpha(onset);
        let lengths = self.form.lengths(alpha, clock.rate(alpha));
        let attacked = onset + lengths.attack * clock.frame_rate();
        let held = attacked + lengths.hold * clock.frame_rate();
        Corners { onset, attacked, held, released: held + lengths.release * clock.frame_rate() }
    }

    /// Call `each` with the pulses whose first frame is in `from..to`, called `label`.
    pub(crate) fn onsets(&self, from: u64, to: u64, label: &'static str, each: &mut dyn FnMut(Onset)) {
        let Some(clock) = self.clock.as_ref().filter(|_| self.form.depth.start.max(self.form.depth.end) > 0.0) else {
            return;
        };
        clock.onsets(from, to, label, |alpha, rate| self.form.lengths(alpha, rate).total(), each);
    }
}
