//! The interpolation factor (alpha) of a voice, cell by cell: constant, a parabola, or arbitrary.

use super::transition;
use crate::dsp::cell::{CELL, Cell, parabola};
use crate::dsp::curve::Alpha;
use crate::error::Result;
use crate::voice::{Context, Params, Ramp};

/// How alpha changes within one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellMotion {
    /// Alpha has this value in every frame.
    Still(f64),
    /// Exactly `c₀ + c₁·j + c₂·j²` at frame `j` of the cell (the named curves between the corners of the ramp).
    Parabola([f64; 3]),
    /// Given frame by frame (cells with a corner of the ramp, and curve expressions).
    Free,
}

/// Time base and transition of one voice, with a current cell.
#[derive(Debug, Clone)]
pub struct Glide {
    /// The interpolation factor over the call.
    pub alpha: Alpha,
    /// Seconds per frame on the voice's time base.
    pub dt: f64,
    /// Length of the call in frames.
    pub frames: u64,
    frame: u64,
    shape: CellMotion,
    exact: Box<[f64; CELL]>,
    values: Box<Cell>,
}

impl Glide {
    /// The transition of this call; alpha is 0 throughout for a static voice.
    ///
    /// # Errors
    ///
    /// Returns an error if the timing or the curve is invalid.
    pub fn read(context: &Context, params: &Params<'_>) -> Result<Self> {
        Ok(Self::new(transition::alpha(context, params)?, context.dt(), context.frames))
    }

    /// A glide at cell 0 from its parts.
    pub fn new(alpha: Alpha, dt: f64, frames: u64) -> Self {
        let shape = CellMotion::Still(0.0);
        let mut glide =
            Self { alpha, dt, frames, frame: 0, shape, exact: Box::new([0.0; CELL]), values: Box::new([0.0; CELL]) };
        glide.enter(0);
        glide
    }

    /// Make cell `index` the current one.
    pub fn enter(&mut self, index: u64) {
        self.frame = index * CELL as u64;
        let end = self.frame + CELL as u64;
        if let Some(value) = self.alpha.constant_over(self.frame, end) {
            if self.shape != CellMotion::Still(value) {
                self.shape = CellMotion::Still(value);
                self.values.fill(value as f32);
            }
        } else if self.alpha.is_parabola_over(self.frame, end) {
            let c = through(&self.alpha, self.frame);
            self.shape = CellMotion::Parabola(c);
            parabola(c, &mut self.values);
        } else {
            self.shape = CellMotion::Free;
            self.alpha.fill(self.frame, &mut self.exact[..]);
            for (value, exact) in self.values.iter_mut().zip(&*self.exact) {
                *value = *exact as f32;
            }
        }
    }

    /// First frame of the current cell.
    #[inline]
    pub const fn frame(&self) -> u64 {
        self.frame
    }

    /// How alpha changes within the current cell.
    #[inline]
    pub const fn shape(&self) -> CellMotion {
        self.shape
    }

    /// Alpha of every frame of the current cell, in single precision.
    #[inline]
    pub const fn values(&self) -> &Cell {
        &self.values
    }

    /// Write the values of `ramp` over the current cell, rounded to single precision only at the end.
    pub fn follow(&self, ramp: Ramp, out: &mut Cell) {
        match self.shape {
            CellMotion::Still(alpha) => out.fill(ramp.at(alpha) as f32),
            CellMotion::Parabola(c) => {
                let change = ramp.end - ramp.start;
                parabola([ramp.at(c[0]), change * c[1], change * c[2]], out);
            }
            CellMotion::Free => {
                for (value, alpha) in out.iter_mut().zip(&*self.exact) {
                    *value = ramp.at(*alpha) as f32;
                }
            }
        }
    }

    /// Alpha at frame `j` of the current cell, in double precision.
    #[inline]
    pub fn at(&self, j: usize) -> f64 {
        match self.shape {
            CellMotion::Still(value) => value,
            CellMotion::Parabola(c) => {
                let j = j as f64;
                c[0] + j * (c[1] + j * c[2])
            }
            CellMotion::Free => self.exact[j],
        }
    }
}

/// The parabola through three frames of the cell that starts at `frame`.
fn through(alpha: &Alpha, frame: u64) -> [f64; 3] {
    const HALF: u64 = CELL as u64 / 2 - 1;
    let y = [0, HALF, 2 * HALF].map(|j| alpha.at(frame + j));
    let half = HALF as f64;
    let slope = (y[1] - y[0]) / half;
    let bend = ((y[2] - y[1]) / half - slope) / (2.0 * half);
    [y[0], slope - half * bend, bend]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::Curve;

    #[test]
    fn cells_have_the_same_alphas_as_single_frames() {
        for text in ["linear", "logarithmic", "exponential", "alpha**0.5"] {
            for (offset, span) in
                [(0.0, None), (0.1, Some(0.4)), (-0.3, Some(0.7)), (0.2, Some(0.0)), (0.2, Some(1e-3))]
            {
                let curve = Curve::parse(text, true).unwrap();
                let alpha = Alpha::new(0.7331, 16164, offset, span, curve);
                let mut glide = Glide::new(alpha.clone(), 0.7331 / 16164.0, 16164);
                for index in (0..=16164 / CELL as u64).rev() {
                    glide.enter(index);
                    for j in 0..CELL {
                        let frame = index * CELL as u64 + j as u64;
                        if frame < 16164 {
                            let exact = alpha.at(frame);
                            assert!((glide.at(j) - exact).abs() < 1e-13, "{text} {offset} {span:?} frame {frame}");
                            assert!((f64::from(glide.values()[j]) - exact).abs() < 1e-7, "{text} frame {frame}");
                        }
                    }
                }
            }
        }
    }
}
