//! From the mid signal to two ears as the legacy does it: delay lines and levels (spec binaural-and-isochronic 6.2 to 6.4).

use std::f32::consts::SQRT_2;

use super::head::{Head, Rules, State};
use crate::error::Result;
use crate::voice::params::Params;
use crate::voice::stages::spatial::rows::{SPATIAL_EAR_ANGLE_DEG, SPATIAL_INTERP};

/// Frames of history that the four-tap interpolation needs beyond the delay.
const TAPS: usize = 6;

/// A delay line in a ring buffer.
#[derive(Debug, Clone)]
struct Line {
    ring: Vec<f32>,
    at: usize,
}

impl Line {
    fn new(len: usize) -> Self {
        Self { ring: vec![0.0; len], at: 0 }
    }

    fn push(&mut self, value: f32) {
        self.at = if self.at + 1 == self.ring.len() { 0 } else { self.at + 1 };
        self.ring[self.at] = value;
    }

    /// The value pushed `ago` frames ago (0: the last one).
    fn past(&self, ago: usize) -> f64 {
        let len = self.ring.len();
        let ago = ago.min(len - 1);
        f64::from(self.ring[if ago <= self.at { self.at - ago } else { self.at + len - ago }])
    }
}

/// Mid/side decoder of one stereo stream.
#[derive(Debug, Clone)]
pub(super) struct Decoder {
    lines: [Line; 2],
    linear: bool,
    ear: (f64, f64),
    history: usize,
}

impl Decoder {
    pub(super) fn read(params: &Params<'_>, head: &Head) -> Result<Self> {
        let history = head.longest().ceil().min(1e6) as usize + TAPS;
        let ear = params.number(&SPATIAL_EAR_ANGLE_DEG)?.to_radians();
        Ok(Self {
            lines: [Line::new(history + 2), Line::new(history + 2)],
            linear: params.number(&SPATIAL_INTERP)?.trunc() == 0.0,
            ear: (ear.cos(), ear.sin()),
            history,
        })
    }

    /// Frames of history on which a frame of output depends.
    pub(super) const fn history(&self) -> u64 {
        self.history as u64
    }

    /// Clear the delay lines.
    pub(super) fn restart(&mut self) {
        for line in &mut self.lines {
            line.ring.fill(0.0);
        }
    }

    /// Process one frame of the stereo stream.
    pub(super) fn frame(&mut self, head: &Head, state: &State, left: f32, right: f32) -> (f32, f32) {
        let mid = (left + right) / SQRT_2;
        let side = (left - right) / SQRT_2;
        let (l, r) = match head.rules {
            Rules::ItdHead => self.itd_head(head, state, mid),
            Rules::FoaCardioid => self.foa_cardioid(head, state, mid),
        };
        ((l + side) / SQRT_2, (r - side) / SQRT_2)
    }

    fn itd_head(&mut self, head: &Head, state: &State, mid: f32) -> (f32, f32) {
        let [line, _] = &mut self.lines;
        line.push(mid);
        // this delays the near ear (quirk Q21)
        let ears = [1.0, -1.0].map(|ear| if state.side == ear { state.delay } else { 0.0 });
        let read = |delay: f64| if self.linear { linear(line, delay, 1) } else { four_tap(line, delay) };
        let levels = if head.use_ild { state.levels } else { [1.0; 2] };
        let gain = head.gain(state);
        ((read(ears[0]) * levels[0] * gain) as f32, (read(ears[1]) * levels[1] * gain) as f32)
    }

    fn foa_cardioid(&mut self, head: &Head, state: &State, mid: f32) -> (f32, f32) {
        let x = f64::from(mid * head.gain(state) as f32);
        let w = f64::from((x / std::f64::consts::SQRT_2) as f32);
        let front = f64::from((x * state.azimuth.cos()) as f32);
        let left = f64::from((x * state.azimuth.sin()) as f32);
        let common = w / std::f64::consts::SQRT_2 + front * self.ear.0;
        let ears = [(common + left * self.ear.1) as f32, (common - left * self.ear.1) as f32];
        let mut out = ears.map(f64::from);
        for (line, ear) in self.lines.iter_mut().zip(ears) {
            line.push(ear);
        }
        if head.use_ild {
            for side in 0..2 {
                let heard = linear(&self.lines[side], state.delays[side], 0);
                out[side] = f64::from((heard * state.levels[side]) as f32);
            }
        }
        let loss = head.loss(state);
        out = out.map(|ear| ear * loss);
        (out[0] as f32, out[1] as f32)
    }
}

/// Linear interpolation `delay + extra` frames ago, whose fraction runs the wrong way (quirk Q21).
fn linear(line: &Line, delay: f64, extra: usize) -> f64 {
    let k = delay.ceil();
    let part = k - delay;
    let ago = k as usize + extra;
    (1.0 - part) * line.past(ago) + part * line.past(ago + 1)
}

/// Four-tap interpolation whose weights do not sum to 1 (quirk Q21).
fn four_tap(line: &Line, delay: f64) -> f64 {
    let k = delay.ceil();
    let m = k - delay;
    let ago = k as usize;
    let n = 1.0 - m;
    -m * n * n / 6.0 * line.past(ago + 4)
        + (1.0 + m) * n * n / 2.0 * line.past(ago + 3)
        + m * (1.0 + m) * n / 2.0 * line.past(ago + 2)
        - m * m * n / 6.0 * line.past(ago + 1)
}
