//! A pulse train whose rate, form and depth follow the transition: the position in the cycle is the sum of the rates
//! (spec am-and-monaural-voices 7.3, `Compat::integrate_rates`).

use std::f64::consts::TAU;

use multiversion::multiversion;

use super::gate::{PulseShape, Settings};
use super::glide::Glide;
use super::pulse_clock::PulseClock;
use super::sweep::{Law, Sweep};
use crate::dsp::cell::{CELL, Cell, PhaseCell};
use crate::dsp::phase::Turns;
use crate::dsp::trapezoid::{form, formed};
use crate::voice::{Onset, Ramp};

/// A moving pulse train.
#[derive(Debug, Clone)]
pub(crate) struct SweptGate {
    position: Sweep,
    /// The same position, for the onsets of the pulses.
    clock: Option<PulseClock>,
    ramp: Ramp,
    gap: Ramp,
    depth: Ramp,
    /// Shape at the start and at the end; in between they are mixed.
    shapes: [PulseShape; 2],
}

impl SweptGate {
    /// From the settings at both ends of the transition; the rates are in Hz on a clock of `sample_rate`. An end
    /// without pulses (rate 0 or less) is the other one at depth 0.
    pub(crate) fn new(glide: &Glide, mut start: Settings, mut end: Settings, sample_rate: f64) -> Self {
        for settings in [&mut start, &mut end] {
            settings.depth = settings.depth.clamp(0.0, 1.0);
        }
        if start.rate_hz <= 0.0 {
            start = Settings { depth: 0.0, ..end };
        } else if end.rate_hz <= 0.0 {
            end = Settings { depth: 0.0, ..start };
        }
        let pair = |value: fn(&Settings) -> f64| Ramp { start: value(&start), end: value(&end) };
        let rate = pair(|settings| settings.rate_hz).map(|hz| hz / (sample_rate * glide.dt));
        let phase = pair(|settings| settings.phase).map(|cycles| cycles * TAU);
        let position = Sweep::new(glide, rate, 0.0, phase, Law::SumBefore).precise();
        let (hertz, cycles) = (pair(|settings| settings.rate_hz), pair(|settings| settings.phase));
        let share = |ramp: Ramp| ramp.map(|value| value.clamp(0.0, 1.0));
        Self {
            position,
            clock: PulseClock::new(hertz, glide.alpha.clone(), sample_rate, cycles, 0, glide.frames),
            ramp: share(pair(|settings| settings.ramp)),
            gap: share(pair(|settings| settings.gap)),
            depth: pair(|settings| settings.depth),
            shapes: [start.shape, end.shape],
        }
    }

    /// The same train, ahead by `shift`.
    pub(crate) fn shifted(self, shift: Turns) -> Self {
        Self { position: self.position.shifted(shift), clock: self.clock.map(|clock| clock.shifted(shift)), ..self }
    }

    /// Position in the cycle at `frame`.
    pub(crate) fn phase(&self, glide: &Glide, frame: u64) -> Turns {
        self.position.phase(glide, frame)
    }

    /// Write the gains of the current cell of `glide`.
    pub(crate) fn gains(&self, glide: &Glide, out: &mut Cell) {
        let mut phases = [0; CELL];
        let (mut ramp, mut gap, mut depth) = ([0.0; CELL], [0.0; CELL], [0.0; CELL]);
        self.position.phases(glide, &mut phases);
        glide.follow(self.ramp, &mut ramp);
        glide.follow(self.gap, &mut gap);
        glide.follow(self.depth, &mut depth);
        let mut levels = [0.0; CELL];
        trapezoids(&phases, &ramp, &gap, &mut levels);
        *out = levels;
        shaped(self.shapes[0], out);
        if self.shapes[0] != self.shapes[1] {
            shaped(self.shapes[1], &mut levels);
            mix(&levels, glide.values(), out);
        }
        deepen(&depth, out);
    }

    /// Call `each` with the pulses whose first frame is in `from..to`, called `label`.
    pub(crate) fn onsets(&self, from: u64, to: u64, label: &'static str, each: &mut dyn FnMut(Onset)) {
        if let Some(clock) = &self.clock {
            clock.onsets(from, to, label, |alpha, rate| (1.0 - self.gap.at(alpha)) / rate, each);
        }
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn trapezoids(phases: &PhaseCell, ramp: &Cell, gap: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        let position = f64::from(phases[j]) * (1.0 / 4_294_967_296.0);
        let form = form(f64::from(ramp[j]).clamp(0.0, 1.0), f64::from(gap[j]).clamp(0.0, 1.0));
        out[j] = formed(position, form) as f32;
    }
}

fn shaped(shape: PulseShape, levels: &mut Cell) {
    if shape != PulseShape::Trapezoid {
        for level in levels.iter_mut() {
            *level = shape.of(*level);
        }
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn mix(other: &Cell, alpha: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        out[j] += (other[j] - out[j]) * alpha[j];
    }
}

/// `out = 1 - depth + depth·out`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn deepen(depth: &Cell, out: &mut Cell) {
    for j in 0..CELL {
        let depth = depth[j].clamp(0.0, 1.0);
        out[j] = (1.0 - depth) + depth * out[j];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::{Alpha, Curve};
    use crate::voice::parts::gate::PulseGate;

    const RATE: f64 = 8000.0;
    const FRAMES: u64 = 16_000;

    fn settings(rate_hz: f64, depth: f64) -> Settings {
        Settings { rate_hz, ramp: 0.2, gap: 0.15, phase: 0.25, shape: PulseShape::Cosine, depth }
    }

    fn gains(start: Settings, end: Settings, curve: &str) -> Vec<f32> {
        let alpha = Alpha::new(2.0, FRAMES, 0.3, Some(1.2), Curve::parse(curve, false).unwrap());
        let mut glide = Glide::new(alpha, 1.0 / RATE, FRAMES);
        let gate = SweptGate::new(&glide, start, end, RATE);
        let mut all = Vec::new();
        for index in 0..FRAMES.div_ceil(CELL as u64) {
            let mut cell = [0.0; CELL];
            glide.enter(index);
            gate.gains(&glide, &mut cell);
            all.extend(cell);
        }
        all.truncate(FRAMES as usize);
        all
    }

    #[test]
    fn equal_ends_give_the_pulses_of_the_static_voice() {
        for shape in [PulseShape::Trapezoid, PulseShape::Cosine] {
            let still = Settings { shape, ..settings(7.0, 0.8) };
            let mut exact = vec![0.0; FRAMES as usize];
            PulseGate::new(still, RATE).gains(0, &mut exact);
            for (frame, (a, b)) in gains(still, still, "linear").iter().zip(&exact).enumerate() {
                assert!((a - b).abs() < 2e-6, "{shape:?} {frame}: {a} {b}");
            }
        }
    }

    #[test]
    fn pulses_come_at_the_integral_of_the_rate() {
        for curve in ["linear", "exponential", "alpha**3"] {
            let gains = gains(settings(10.0, 1.0), settings(4.0, 1.0), curve);
            let mut cycles = 0.25;
            let u = |frame: usize| ((frame as f64 / RATE - 0.3) / 1.2).clamp(0.0, 1.0);
            for (frame, gain) in gains.iter().enumerate() {
                let q = cycles - f64::floor(cycles);
                let level = (q / 0.17).min((0.85 - q) / 0.17).clamp(0.0, 1.0);
                let exact = 0.5 - 0.5 * (0.5 * TAU * level).cos();
                assert!((f64::from(*gain) - exact).abs() < 2e-5, "{curve} {frame}: {gain} {exact}");
                let alpha = match curve {
                    "linear" => u(frame),
                    "exponential" => u(frame).powi(2),
                    _ => u(frame).powi(3),
                };
                cycles += (10.0 - 6.0 * alpha) / RATE;
            }
        }
    }

    #[test]
    fn an_end_without_pulses_fades_their_depth() {
        let gains = gains(settings(5.0, 1.0), settings(0.0, 1.0), "linear");
        let last = &gains[12_100..];
        assert!(last.iter().all(|gain| (gain - 1.0).abs() < 1e-6), "no pulses at the end");
        let jump = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(jump < 0.01, "{jump}");
    }
}
