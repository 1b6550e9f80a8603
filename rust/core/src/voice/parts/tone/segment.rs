//! One ear's tone over one cell as coefficients.

use super::kernel;
use super::polynomial::CellPolynomial;
use crate::dsp::phase::Turns;

/// Shortest cell in frames.
pub(crate) const SHORTEST: usize = 16;

/// One ear's tone over one cell of `len` frames. Its value at frame `x` of the cell, before the gate, is
/// `sin(phase)·(level + x·slope + x·(len - x)·(c₀ + c₁·x + c₂·x² + c₃·x³))`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ToneSegment {
    /// Phase of the sine.
    pub phase: Phase,
    /// Gain at frame 0.
    pub level: f32,
    /// Change of the gain per frame.
    pub slope: f32,
    /// Bend of the gain, `c₀` to `c₃`.
    pub curve: [f32; 4],
    /// The pulse that multiplies the tone, if any.
    pub gate: Option<SegmentGate>,
}

/// A phase over one cell of `len` frames: `start + x·increment + x·(len - x)·(b₀ + b₁·x + b₂·x² + b₃·x³)` at frame `x`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Phase {
    /// Phase at frame 0; 2⁶⁴ is one turn.
    pub start: u64,
    /// Increment per frame, wrapping; 2⁶⁴ is one turn.
    pub increment: u64,
    /// Bend, `b₀` to `b₃`; 2³² is one turn. The bend of a phase stays below half a turn.
    pub bend: [f32; 4],
}

/// One trapezoid pulse per cycle, which begins at position 0 and ends at `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentGate {
    /// Position in the cycle over the cell.
    pub phase: Phase,
    /// Position at which the pulse ends; 2³¹ is one cycle. At 0 and below the gate is closed.
    pub end: i32,
    /// Slope of both flanks per unit of position (2⁻³¹ cycles); 0 for vertical flanks.
    pub steepness: f32,
}

impl ToneSegment {
    /// The sine of `phase` with the gain `gain`, without a gate.
    pub(crate) fn new(phase: Phase, gain: &CellPolynomial) -> Self {
        Self { phase, level: gain.value as f32, slope: gain.slope as f32, curve: gain.bend32(1.0), gate: None }
    }

    /// Whether it is zero at every frame.
    pub fn is_silent(&self) -> bool {
        let muted = self.level == 0.0 && self.slope == 0.0 && self.curve == [0.0; 4];
        muted || self.gate.is_some_and(|gate| gate.is_closed())
    }

    /// Whether its frequency and its gain are fixed.
    pub(crate) fn is_steady(&self) -> bool {
        self.phase.bend == [0.0; 4] && self.slope == 0.0 && self.curve == [0.0; 4]
    }

    /// The largest gain, where the segment has `len` frames.
    pub(crate) fn gain_limit(&self, len: usize) -> f64 {
        let (level, slope) = (f64::from(self.level), f64::from(self.slope));
        level.abs().max((level + slope * len as f64).abs()) + bounds_of(self.curve, len as f64)[0]
    }

    /// Add its tone, without a gate, to `out`, at every `spacing`-th frame from `first` on. `len` are the frames of its
    /// cell.
    pub(crate) fn add_sparse(&self, len: usize, first: usize, spacing: usize, out: &mut [f32]) {
        if !self.is_silent() {
            kernel::add_sparse(out, self, len, first, spacing);
        }
    }

    /// Multiply the gain by `gain`.
    pub(crate) fn scale(&mut self, gain: f64) {
        let scaled = |v: f32| (f64::from(v) * gain) as f32;
        (self.level, self.slope, self.curve) = (scaled(self.level), scaled(self.slope), self.curve.map(scaled));
    }
}

/// Bounds of a polynomial `x·(len - x)·(c₀ + c₁·x + c₂·x² + c₃·x³)` and of its first two derivatives, for 0 <= x <= len.
pub(crate) fn bounds_of(curve: [f32; 4], len: f64) -> [f64; 3] {
    if curve == [0.0; 4] {
        return [0.0; 3];
    }
    let term = |k: usize, power: i32| f64::from(curve[k].abs()) * len.powi(power);
    let value: f64 = (0..4).map(|k| term(k, k as i32)).sum();
    let slope: f64 = (1..4).map(|k| k as f64 * term(k, k as i32 - 1)).sum();
    let bend: f64 = (2..4).map(|k| (k * (k - 1)) as f64 * term(k, k as i32 - 2)).sum();
    let quarter = 0.25 * len * len;
    [quarter * value, len * value + quarter * slope, 2.0 * value + 2.0 * len * slope + quarter * bend]
}

impl Phase {
    /// The phase `start` plus the polynomial `bend`, in cycles.
    pub(crate) fn new(start: Turns, bend: &CellPolynomial) -> Self {
        Self {
            start: (start + Turns::from_cycles(bend.value)).0,
            increment: Turns::from_cycles(bend.slope).0,
            bend: bend.bend32(4_294_967_296.0),
        }
    }
}

impl SegmentGate {
    /// A gate that is never open.
    pub(crate) const CLOSED: Self =
        Self { phase: Phase { start: 0, increment: 0, bend: [0.0; 4] }, end: 0, steepness: 0.0 };

    /// A gate that is always open.
    pub(crate) const OPEN: Self = Self { end: i32::MAX, ..Self::CLOSED };

    /// A gate whose audible part is `open` and whose flanks are `flank` long, in cycles. `flank` may be 0.
    pub(crate) fn new(phase: Phase, open: f64, flank: f64) -> Self {
        // 31-bit positions keep both flanks exact in signed arithmetic
        let end = (open * 2_147_483_648.0).round().min(2_147_483_647.0) as i32;
        let steepness = if flank > 0.0 { (1.0 / (flank * 2_147_483_648.0)) as f32 } else { 0.0 };
        Self { phase, end, steepness }
    }

    /// Whether the gate mutes the tone at every frame.
    pub(crate) const fn is_closed(&self) -> bool {
        self.end <= 0
    }
}
