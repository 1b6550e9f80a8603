//! `steady_noise`: noise of a stated rms that runs on from voice to voice (spec interchange 6.1).
//!
//! The noise is a function of its seed and of the position in an endless recording. Cells are filtered from rest after
//! a warm-up; the error at their beginning is below 1e-6 of the level.

use crate::dsp::curve::Alpha;
use crate::dsp::noise::counter::White;
use crate::dsp::noise::parallel::{Colouring, Tint};
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;
use crate::dsp::swing::{between, modulated, split};
use crate::error::Result;
use crate::voice::family::Family;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::{Moves, Param};
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::{Block, Context, Oscillators, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "steady_noise",
    transition: true,
    summary: "White, pink or brown noise of a stated rms that runs on from step to step; its interaural delay, its level and \
              its balance can swing.",
    source: "spec interchange 6.1",
    params: &[TABLE, MOVEMENTS],
    beat: Some(&SPIN_FREQ),
    is_new: true,
    build,
    cell_frames: CELL_FRAMES as u64,
    ..Family::PLAIN
};

/// Frames per cell.
const CELL_FRAMES: usize = 1 << 14;
/// The oscillators of the interaural delay, the level and the balance.
const SPIN: &str = "spin";
const AM: &str = "am";
const PAN: &str = "pan";
/// Largest swing of the interaural delay in microseconds.
const MOST_SWING: f64 = 5000.0;

const NOISE_TYPE: Param =
    Param::choice("noise_type", &["pink", "white", "brown"], "pink", "Colour: `pink`, `white` or `brown`.");
const RMS_L: Param = Param::number("rmsL", 0.1, "", "Rms of the left ear.").range(0.0, 1e6);
const RMS_R: Param = Param::number("rmsR", 0.1, "", "Rms of the right ear.").range(0.0, 1e6);
const CORRELATION: Param = Param::number("correlation", 1.0, "", "Correlation of the ears: 1 equal, 0 independent.")
    .range(0.0, 1.0)
    .moves(Moves::Fixed);
const CUTOFF: Param =
    Param::number("cutoff", 0.0, "Hz", "Corner of a low-pass of order 1; 0: none.").range(0.0, 1e6).moves(Moves::Fixed);
const SPIN_WIDTH: Param =
    Param::number("spinWidth", 0.0, "us", "Largest interaural delay; the two ears then have the same noise.")
        .range(0.0, MOST_SWING);
const SPIN_FREQ: Param =
    Param::number("spinFreq", 0.0, "Hz", "Rate at which the interaural delay swings.").range(0.0, 1e6);
const SPIN_PHASE: Param =
    Param::number("spinPhase", 0.0, "cycles", "Phase of the swing at the start.").moves(Moves::Fixed);
const POSITION: Param =
    Param::number("position", 0.0, "s", "Where the voice begins in the endless noise of its seed.").moves(Moves::Fixed);
const SEED: Param = Param::number("seed", 0.0, "", "Seed of the noise; absent: that of the voice.")
    .range(0.0, 4_294_967_295.0)
    .moves(Moves::Fixed)
    .optional();

const TABLE: &[Param] =
    &[NOISE_TYPE, RMS_L, RMS_R, CORRELATION, CUTOFF, SPIN_WIDTH, SPIN_FREQ, SPIN_PHASE, POSITION, SEED];

/// Movements of level and balance.
const MOVEMENTS: &[Param] = &[AM_FREQ, AM_DEPTH, AM_DUTY, AM_PHASE, PAN_FREQ, PAN_WIDTH, PAN_PHASE];
const AM_FREQ: Param = Param::number("amFreq", 0.0, "Hz", "Rate of the amplitude modulation; 0: none.").range(0.0, 1e6);
const AM_DEPTH: Param =
    Param::number("amDepth", 0.0, "", "Depth of the amplitude modulation: the level falls to 1 less the depth.")
        .range(0.0, 1.0);
const AM_DUTY: Param =
    Param::number("amDuty", 1.0, "", "Share of each cycle that a pulse of the modulation takes; 1: a sine.")
        .range(0.001, 1.0)
        .moves(Moves::Fixed);
const AM_PHASE: Param =
    Param::number("amPhase", 0.0, "cycles", "Phase of the modulation at the start; 0: between the peaks.")
        .moves(Moves::Fixed);
const PAN_FREQ: Param =
    Param::number("panFreq", 0.0, "Hz", "Rate at which the balance swings; 0: it stays.").range(0.0, 1e6);
const PAN_WIDTH: Param = Param::number("panWidth", 0.0, "", "How far the balance swings to each side.").range(0.0, 1.0);
const PAN_PHASE: Param =
    Param::number("panPhase", 0.0, "cycles", "Phase of the swing at the start; 0: in the middle, moving right.")
        .moves(Moves::Fixed);

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let tint = match params.choice(&NOISE_TYPE) {
        "white" => Tint::White,
        "brown" => Tint::Brown,
        _ => Tint::Pink,
    };
    let rate = context.sample_rate;
    let seed = params.optional(&SEED)?.map_or(context.seed, |seed| seed as u64);
    // three streams of one seed: one for both ears, and one for each
    let white =
        [0, 1, 2].map(|k: u64| White::new((seed.wrapping_mul(3).wrapping_add(k)).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let width = params.ramp(&SPIN_WIDTH)?;
    let swing = width.map(|microseconds| microseconds * 1e-6 * rate);
    let reach = swing.start.max(swing.end);
    let colouring = Colouring::new(tint, params.number(&CUTOFF)?, rate);
    let alpha = transition::alpha(context, params)?;
    let margin = if reach > 0.0 { (reach / 2.0).ceil() as usize + 2 } else { 0 };
    let length = colouring.warm_up() + CELL_FRAMES + 2 * margin;
    Ok(Cells::boxed(SteadyNoise {
        white,
        warm_up: colouring.warm_up(),
        colouring,
        correlation: if reach > 0.0 { 1.0 } else { params.number(&CORRELATION)? },
        levels: [params.ramp(&RMS_L)?, params.ramp(&RMS_R)?],
        swing,
        spin: Cycle {
            rate: params.ramp(&SPIN_FREQ)?,
            phase: params.number(&SPIN_PHASE)? + context.shift(SPIN).cycles(),
        },
        am: Cycle { rate: params.ramp(&AM_FREQ)?, phase: params.number(&AM_PHASE)? + context.shift(AM).cycles() },
        depth: params.ramp(&AM_DEPTH)?,
        duty: params.number(&AM_DUTY)?,
        pan: Cycle { rate: params.ramp(&PAN_FREQ)?, phase: params.number(&PAN_PHASE)? + context.shift(PAN).cycles() },
        width: params.ramp(&PAN_WIDTH)?,
        step: context.dt(),
        first: ((params.number(&POSITION)? * rate).round() as i64).wrapping_add(context.shifts.place),
        alpha,
        margin,
        signals: [vec![0.0; length], vec![0.0; length]],
        frames: context.frames,
    }))
}

/// An oscillator: its rate in Hz, and its phase in cycles at frame 0.
#[derive(Debug, Clone, Copy)]
struct Cycle {
    rate: Ramp,
    phase: f64,
}

impl Cycle {
    /// Whether it turns, and what it moves by `amount`.
    fn acts(&self, amount: Ramp) -> bool {
        self.rate.start.max(self.rate.end) > 0.0 && amount.start.max(amount.end) > 0.0
    }
}

#[derive(Clone)]
struct SteadyNoise {
    white: [White; 3],
    colouring: Colouring,
    warm_up: usize,
    correlation: f64,
    levels: [Ramp; 2],
    /// Interaural delay in frames.
    swing: Ramp,
    spin: Cycle,
    /// Amplitude modulation, its depth, and the share of the cycle that a pulse takes.
    am: Cycle,
    depth: Ramp,
    duty: f64,
    /// Swing of the balance, and its width.
    pan: Cycle,
    width: Ramp,
    /// Seconds per frame.
    step: f64,
    /// Position of frame 0 in the endless noise.
    first: i64,
    alpha: Alpha,
    /// Frames before and after the cell that a delayed ear reads.
    margin: usize,
    /// Working memory.
    signals: [Vec<f32>; 2],
    frames: u64,
}

impl SteadyNoise {
    /// Fill the working memory: warm-up, margin, cell, margin.
    fn generate(&mut self, start: i64) {
        let from = self.first + start - (self.warm_up + self.margin) as i64;
        let [left, right] = &mut self.signals;
        self.white[0].fill(from, left);
        if self.correlation < 1.0 {
            let (shared, own) = (self.correlation.sqrt() as f32, (1.0 - self.correlation).sqrt() as f32);
            self.white[2].fill(from, right);
            for (r, common) in right.iter_mut().zip(left.iter()) {
                *r = own * *r + shared * common;
            }
            let mut part = [0.0; 256];
            for (index, chunk) in left.chunks_mut(part.len()).enumerate() {
                let part = &mut part[..chunk.len()];
                self.white[1].fill(from + (index * 256) as i64, part);
                for (l, alone) in chunk.iter_mut().zip(part) {
                    *l = own * *alone + shared * *l;
                }
            }
            self.colouring.apply(right);
        }
        self.colouring.apply(left);
    }

    /// The phase of an oscillator at `frame`.
    fn turned(&self, Cycle { rate, phase }: Cycle, frame: u64) -> Turns {
        let moved = if rate.moves() && frame > 0 { self.alpha.sum(frame - 1) } else { 0.0 };
        let turned = rate.start * frame as f64 + (rate.end - rate.start) * moved;
        Turns::from_cycles(phase + turned * self.step)
    }

    /// Multiply the frames from `start` on by the swings of level and balance.
    fn swing(&self, start: u64, out: Block<'_>) {
        let (am, pan) = (self.am.acts(self.depth), self.pan.acts(self.width));
        if !am && !pan {
            return;
        }
        for (x, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let frame = (start + x as u64).min(self.frames);
            let alpha = self.alpha.at(frame);
            let mut gains = [1.0; 2];
            if am {
                gains = [modulated(self.turned(self.am, frame), self.duty, self.depth.at(alpha)); 2];
            }
            if pan {
                let side = self.width.at(alpha) * sine(self.turned(self.pan, frame));
                gains = [gains[0] * (1.0 - side).min(1.0), gains[1] * (1.0 + side).min(1.0)];
            }
            *left *= gains[0] as f32;
            *right *= gains[1] as f32;
        }
    }

    fn swinging(&self, start: u64, out: Block<'_>) {
        let begin = self.warm_up + self.margin;
        for (x, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let frame = (start + x as u64).min(self.frames);
            let delay = 0.5 * self.swing.at(self.alpha.at(frame)) * sine(self.turned(self.spin, frame));
            let at = (begin + x) as f64;
            *left = self.read(at - delay);
            *right = self.read(at + delay);
        }
    }

    /// The first signal between its samples, by a cubic polynomial.
    fn read(&self, at: f64) -> f32 {
        let (index, fraction) = split(at);
        let first = index.checked_sub(1).and_then(|first| usize::try_from(first).ok());
        let four = first.and_then(|first| self.signals[0].get(first..)?.first_chunk());
        four.map_or(0.0, |four| between(*four, fraction))
    }
}

impl CellSource for SteadyNoise {
    fn cell_len(&self) -> usize {
        CELL_FRAMES
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        let start = index * CELL_FRAMES as u64;
        self.generate(start as i64);
        if self.margin > 0 {
            self.swinging(start, out.reborrow());
        } else {
            let right = usize::from(self.correlation < 1.0);
            out.left.copy_from_slice(&self.signals[0][self.warm_up..self.warm_up + CELL_FRAMES]);
            out.right.copy_from_slice(&self.signals[right][self.warm_up..self.warm_up + CELL_FRAMES]);
        }
        let moves = self.levels.iter().any(|level| level.moves());
        for (level, plane) in self.levels.iter().zip([&mut *out.left, &mut *out.right]) {
            if !moves {
                for sample in plane.iter_mut() {
                    *sample *= level.start as f32;
                }
                continue;
            }
            for (x, sample) in plane.iter_mut().enumerate() {
                let frame = (start + x as u64).min(self.frames);
                *sample *= level.at(self.alpha.at(frame)) as f32;
            }
        }
        self.swing(start, out);
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = Oscillators {
            alpha: self.alpha.at(frame),
            place: Some(self.first.wrapping_add_unsigned(frame)),
            ..Oscillators::default()
        };
        let phase = |cycle: Cycle, acts: bool| acts.then(|| self.turned(cycle, frame));
        let all = all.and(SPIN, phase(self.spin, self.margin > 0));
        let all = all.and(AM, phase(self.am, self.am.acts(self.depth)));
        Some(all.and(PAN, phase(self.pan, self.pan.acts(self.width))))
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}
