//! `spatial_angle_modulation_sam2`: a tone whose phase moves in opposite directions in the two ears, as if the source
//! moved along a path around the head (spec spatial-angle-modulation 3, 4).
//!
//! Every frame has a closed form. The emphasis of a drawn path is scaled to the distances that occur in the call. They
//! are measured at construction, over the frames of the call or, in calls of more than [`MOST_MEASURED`] frames, over the
//! path.

mod followed;
mod geometric_read;
mod hrtf;
mod jumps;
mod path;
mod read;
mod rows;
mod timeline;
mod tone;
mod track;

use std::f64::consts::TAU;

use multiversion::multiversion;

use crate::dsp::cell::{CELL, Cell, PhaseCell, deviate, offset_phases, sines, steady_phases};
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, sine};
use crate::voice::grid::CellSource;
use crate::voice::{Block, Oscillators};
use followed::Course;
use jumps::{Jumps, Side};
use path::Path;
use timeline::{Pitch, Timeline, TimelinePart};

pub use read::FAMILY;

/// Longest call, in frames, whose frames are searched for the distances of a drawn path.
const MOST_MEASURED: u64 = 1 << 22;

/// The oscillator of the tone.
const CARRIER: &str = "carrier";
/// The movement along the path.
const MODULATION: &str = "path";

#[derive(Debug, Clone)]
struct Sam2 {
    line: Timeline,
    carrier: Pitch,
    modulation: Pitch,
    path: Path,
    /// Jumps of the path that are rounded.
    jumps: Option<Jumps>,
    amp: f64,
    /// Full angular width of the path, degrees.
    arc: Course,
    /// Middle of the path, degrees.
    direction: Course,
    /// Phase deviation at 90°, radians.
    scale: Course,
    /// Constant phase of each ear, radians.
    offsets: [f64; 2],
    /// Sign of the deviation in each ear.
    signs: [f64; 2],
}

impl Sam2 {
    /// Write the phase deviation over the cell that starts at `frame`, in turns, without the emphasis.
    fn deviation(&self, frame: u64, part: TimelinePart, places: &Cell, out: &mut Cell) {
        let mut angles: PhaseCell = [0; CELL];
        let courses = [&self.arc, &self.direction, &self.scale];
        let moves = courses.iter().any(|course| course.ramp.moves());
        let follows = courses.iter().any(|course| course.followed.is_some());
        if follows || moves && matches!(part, TimelinePart::Inside | TimelinePart::Corner) {
            let mut turns = [0.0; CELL];
            let mut scales = [0.0; CELL];
            for (j, (turns, scale)) in turns.iter_mut().zip(&mut scales).enumerate() {
                let frame = frame + j as u64;
                let alpha = self.line.alpha(frame);
                let (direction, arc) = (self.direction.at(frame, alpha), self.arc.at(frame, alpha));
                *turns = (direction + 0.5 * arc * f64::from(places[j])) / 360.0;
                *scale = (self.scale.at(frame, alpha) / TAU) as f32;
            }
            offset_phases(Turns::ZERO, &turns, &mut angles);
            sines(&angles, out);
            multiply(out, &scales);
        } else {
            let alpha = self.line.alpha(frame);
            steady_phases(Turns::from_cycles(self.direction.at(frame, alpha) / 360.0), 0.0, &mut angles);
            deviate(&mut angles, places, 0.5 * self.arc.at(frame, alpha) / 360.0);
            sines(&angles, out);
            scale(out, (self.scale.at(frame, alpha) / TAU) as f32);
        }
    }
}

impl Sam2 {
    /// Round the jumps of the phase deviation `turns` in the cell that starts at `frame`.
    fn round(&self, frame: u64, turns: &mut Cell) {
        let Some(jumps) = &self.jumps else { return };
        let rate = |frame: u64| self.modulation.hertz(&self.line, frame, self.line.alpha(frame));
        let rates = self.modulation.ends;
        let highest = rates.start.abs().max(rates.end.abs());
        let fastest =
            [0, CELL as u64 / 2, CELL as u64].map(|j| rate(frame + j).abs()).into_iter().fold(highest, f64::max);
        let middle = self.modulation.fraction(&self.line, frame + CELL as u64 / 2);
        let reach = fastest * CELL as f64 / self.line.rate;
        if !jumps.may_reach(middle, reach, jumps.width(fastest)) {
            return;
        }
        let mut fractions = [0.0; CELL];
        self.modulation.fractions(&self.line, frame, &mut fractions);
        for (j, turns) in turns.iter_mut().enumerate() {
            let frame = frame + j as u64;
            let alpha = self.line.alpha(frame);
            let (arc, direction) = (0.5 * self.arc.at(frame, alpha) / 360.0, self.direction.at(frame, alpha) / 360.0);
            let (scale, rate) = (self.scale.at(frame, alpha) / TAU, rate(frame));
            let angle = |side: &Side| Turns::from_cycles(direction + arc * side.place[0]);
            let value = |side: &Side| scale * side.place[1] * sine(angle(side));
            let slope = |side: &Side| {
                let turning = side.place[1] * cosine(angle(side)) * TAU * arc * side.slope[0];
                scale * (turning + side.slope[1] * sine(angle(side)))
            };
            let u = fractions[j];
            let since = rate * frame as f64 / self.line.rate;
            *turns += jumps.rounded(u, jumps.width(rate), since, value, slope) as f32;
        }
    }
}

impl CellSource for Sam2 {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let frame = index * CELL as u64;
        self.line.enter(index);
        let part = self.line.part(frame);
        let (mut places, mut emphasis, mut turns) = ([0.0; CELL], [1.0; CELL], [0.0; CELL]);
        let jumps = self.jumps.as_ref();
        self.path.places(&self.modulation, &self.line, (frame, part), jumps, &mut places, &mut emphasis);
        self.deviation(frame, part, &places, &mut turns);
        if self.path.is_drawn() {
            multiply(&mut turns, &emphasis);
        }
        self.round(frame, &mut turns);
        let mut carrier = [0; CELL];
        self.carrier.phases(&self.line, frame, part, &mut carrier);
        for (ear, out) in [out.left, out.right].into_iter().enumerate() {
            let mut phases = carrier;
            shift(&mut phases, Turns::from_radians(self.offsets[ear]).high());
            deviate(&mut phases, &turns, self.signs[ear]);
            if let Some(out) = out.first_chunk_mut() {
                sines(&phases, out);
                scale(out, self.amp as f32);
            }
        }
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let all = Oscillators { alpha: self.line.alpha(frame), ..Oscillators::default() };
        let (carrier, modulation) = (self.carrier.phase(&self.line, frame), self.modulation.phase(&self.line, frame));
        Some(all.with(CARRIER, carrier).with(MODULATION, modulation))
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}

fn shift(phases: &mut PhaseCell, by: u32) {
    for phase in phases {
        *phase = phase.wrapping_add(by);
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn scale(values: &mut Cell, factor: f32) {
    for value in values {
        *value *= factor;
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(values: &mut Cell, factors: &Cell) {
    for j in 0..CELL {
        values[j] *= factors[j];
    }
}
