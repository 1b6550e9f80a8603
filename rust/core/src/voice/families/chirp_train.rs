//! `chirp_train`: short frequency sweeps at an exact rate (spec stimuli 3.2).

use std::f64::consts::LN_2;

use crate::dsp::cell::CELL;
use crate::dsp::sine::sine_cycles;
use crate::error::Result;
use crate::voice::family::Family;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::parts::event_train::EventTrain;
use crate::voice::parts::{event_train, transition};
use crate::voice::{Block, Context, Onset, Param, Params, Ramp, Voice};

/// Delay of the cochlea, `DELAY·f^-POWER` seconds at `f` Hz (Elberling, Don, Cebulla and Stürzebecher, J. Acoust. Soc.
/// Am. 122, 2772-2785, 2007).
const DELAY: f64 = 0.0920;
/// See [`DELAY`].
const POWER: f64 = 0.4356;
/// Highest frequency as a fraction of the sample rate.
const HIGHEST: f64 = 0.45;

const START_HZ: Param = frequency("start_hz", 100.0, "Frequency at the start of each chirp.");
const END_HZ: Param = frequency("end_hz", 10_000.0, "Frequency at the end of each chirp.");
const CHIRP_MS: Param =
    Param::number("chirp_ms", 10.0, "ms", "Length of each chirp; `cochlear` follows from the frequencies.")
        .range(0.1, 10_000.0);
const SHAPE: Param =
    Param::choice("shape", &["linear", "exponential", "cochlear"], "linear", "Law of the frequency over time.");
const EDGE_MS: Param =
    Param::number("edge_ms", 0.5, "ms", "Raised-cosine fade at both ends, at most half the chirp.").range(0.0, 1000.0);
const FLAT_SPECTRUM: Param =
    Param::flag("flat_spectrum", false, "Let the amplitude follow the speed of the sweep, for a level spectrum.");

const CHIRP: &[Param] = &[START_HZ, END_HZ, CHIRP_MS, SHAPE, EDGE_MS, FLAT_SPECTRUM];

const fn frequency(name: &'static str, default: f64, about: &'static str) -> Param {
    Param::number(name, default, "Hz", about).range(20.0, 1e5)
}

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "chirp_train",
    transition: true,
    summary: "Frequency sweeps at an exact rate: linear, exponential, or compensating the delay of the cochlea.",
    source: "spec stimuli 3.2; Elberling et al., J. Acoust. Soc. Am. 122, 2772-2785, 2007",
    params: &[CHIRP, event_train::TABLE],
    beat: Some(&event_train::RATE_HZ),
    reads_offset: true,
    is_new: true,
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let alpha = transition::alpha(context, params)?;
    let law = match params.choice(&SHAPE) {
        "exponential" => Law::Exponential,
        "cochlear" => Law::Cochlear,
        _ => Law::Linear,
    };
    let highest = HIGHEST * context.sample_rate;
    let frequency = |row: &'static Param| -> Result<Ramp> {
        let ramp = params.ramp(row)?;
        if ramp.start.max(ramp.end) > highest {
            let name = params.given(row).pop().unwrap_or_else(|| row.name.to_owned());
            params.warn(&name, format!("limited to {highest} Hz, 0.45 of the sample rate"));
        }
        Ok(ramp.map(|hz| hz.min(highest)))
    };
    let mut chirps = Chirps {
        start: frequency(&START_HZ)?,
        end: frequency(&END_HZ)?,
        seconds: params.ramp(&CHIRP_MS)?.map(|ms| ms / 1000.0),
        edge: params.ramp(&EDGE_MS)?.map(|ms| ms / 1000.0),
        law,
        flat: params.flag(&FLAT_SPECTRUM),
    };
    if law == Law::Cochlear {
        for name in params.given(&CHIRP_MS) {
            params.warn(&name, "not used: the length of a cochlear chirp follows from start_hz and end_hz");
        }
        chirps.seconds = Ramp::fixed(0.0);
    }
    let longest = chirps.longest();
    let train = EventTrain::read(context, params, alpha, longest, "chirp")?;
    Ok(Cells::boxed(Sweeps { train, chirps, longest, frame_rate: context.sample_rate }))
}

/// How the frequency moves within a chirp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Law {
    /// By equal steps.
    Linear,
    /// By equal ratios.
    Exponential,
    /// Each frequency as much earlier as the cochlea delays it more.
    Cochlear,
}

/// The chirps of a train at both ends of the transition.
#[derive(Debug, Clone, Copy)]
struct Chirps {
    start: Ramp,
    end: Ramp,
    seconds: Ramp,
    edge: Ramp,
    law: Law,
    flat: bool,
}

/// One chirp.
#[derive(Debug, Clone, Copy)]
struct Chirp {
    start: f64,
    end: f64,
    seconds: f64,
    edge: f64,
    law: Law,
    flat: bool,
}

impl Chirps {
    fn at(&self, alpha: f64) -> Chirp {
        let (start, end) = (self.start.at(alpha).max(1.0), self.end.at(alpha).max(1.0));
        let seconds = match self.law {
            Law::Cochlear => (delay(start) - delay(end)).abs(),
            Law::Linear | Law::Exponential => self.seconds.at(alpha),
        };
        let edge = self.edge.at(alpha).clamp(0.0, seconds / 2.0);
        Chirp { start, end, seconds, edge, law: self.law, flat: self.flat }
    }

    /// No chirp of the transition is longer than this, seconds.
    fn longest(&self) -> f64 {
        let all = [self.start.start, self.start.end, self.end.start, self.end.end];
        match self.law {
            Law::Cochlear => {
                delay(all.into_iter().fold(f64::MAX, f64::min)) - delay(all.into_iter().fold(0.0, f64::max))
            }
            Law::Linear | Law::Exponential => self.seconds.start.max(self.seconds.end),
        }
    }
}

/// Delay of the cochlea at `hz`, seconds.
fn delay(hz: f64) -> f64 {
    DELAY * hz.powf(-POWER)
}

impl Chirp {
    /// The sample `t` seconds after the onset.
    fn sample(&self, t: f64) -> f64 {
        if t < 0.0 || t >= self.seconds {
            return 0.0;
        }
        let (cycles, speed) = self.phase(t);
        let level = if self.flat { speed.sqrt() } else { 1.0 };
        level * self.fade(t) * sine_cycles(cycles)
    }

    /// Phase in cycles at `t`, and speed of the sweep as a fraction of its highest.
    fn phase(&self, t: f64) -> (f64, f64) {
        let Self { start, end, seconds, .. } = *self;
        match self.law {
            Law::Linear => (t * (start + 0.5 * (end - start) * t / seconds), 1.0),
            Law::Exponential => {
                let octaves = (end / start).log2();
                if octaves.abs() < 1e-9 {
                    return (start * t, 1.0);
                }
                let ratio = (octaves * t / seconds).exp2();
                (start * seconds / (octaves * LN_2) * (ratio - 1.0), start * ratio / start.max(end))
            }
            // at `u = delay(start) ∓ t` the frequency is (u/DELAY)^(-1/POWER); the phase is its integral
            Law::Cochlear => {
                let falls = (end - start).signum();
                let (from, power) = (delay(start), 1.0 - 1.0 / POWER);
                let now = from - falls * t;
                let scale = DELAY.powf(1.0 / POWER) / power;
                let cycles = falls * scale * (from.powf(power) - now.powf(power));
                (cycles, (now / delay(start.max(end))).powf(-1.0 / POWER - 1.0))
            }
        }
    }

    /// The gain of the fades at both ends.
    fn fade(&self, t: f64) -> f64 {
        let inside = t.min(self.seconds - t);
        if inside >= self.edge {
            return 1.0;
        }
        let sine = sine_cycles(0.25 * inside / self.edge);
        sine * sine
    }
}

#[derive(Debug, Clone)]
struct Sweeps {
    train: EventTrain,
    chirps: Chirps,
    /// Length of the longest chirp, seconds.
    longest: f64,
    frame_rate: f64,
}

impl CellSource for Sweeps {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let mut sums = [[0.0; CELL]; 2];
        let first = (index * CELL as u64) as f64;
        self.train.events(first - self.longest * self.frame_rate, first + CELL as f64, |event| {
            let chirp = self.chirps.at(event.alpha);
            for ((sum, onset), gain) in sums.iter_mut().zip(event.onsets).zip(event.gains) {
                let begin = (onset - first).ceil().clamp(0.0, CELL as f64) as usize;
                let end = (onset + chirp.seconds * self.frame_rate - first).ceil().clamp(0.0, CELL as f64) as usize;
                for (j, value) in sum.iter_mut().enumerate().take(end).skip(begin) {
                    *value += gain * chirp.sample((first + j as f64 - onset) / self.frame_rate);
                }
            }
        });
        for (out, sum) in [out.left, out.right].into_iter().zip(sums) {
            out.iter_mut().zip(sum).for_each(|(sample, value)| *sample = value as f32);
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        self.train.onsets(from, to, |alpha| self.chirps.at(alpha).seconds, each);
    }
}
