//! Cyclic movements of clips and the bed (spec track-format 6.1).

use schemars::JsonSchema;
use serde_json::{Map, Value};

use super::names;
use crate::json::fields::{Fields, Names};

/// Fastest movement in Hz.
const FASTEST: f64 = 1000.0;
/// Largest interaural delay of a spin, in microseconds.
pub const MOST_SPIN: f64 = 5000.0;

/// Cyclic movements of a clip or of the bed. A rate of 0 means none.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
pub struct Movement {
    /// Rate of the amplitude modulation in Hz; 0: none.
    #[schemars(range(min = 0.0, max = 1000.0), extend("default" = 0.0))]
    pub am_rate: f64,
    /// Depth of the amplitude modulation: the level is 1 at its peaks and 1 less the depth between them.
    #[schemars(range(min = 0.0, max = 1.0), extend("default" = 0.0))]
    pub am_depth: f64,
    /// Share of each cycle that a pulse of the amplitude modulation takes; 1: a sine.
    #[schemars(range(min = 0.001, max = 1.0), extend("default" = 1.0))]
    pub am_duty: f64,
    /// Phase of the amplitude modulation at the start, in cycles; 0: between the peaks.
    #[schemars(extend("default" = 0.0))]
    pub am_phase: f64,
    /// Rate at which the balance swings around `pan`, in Hz; 0: none.
    #[schemars(range(min = 0.0, max = 1000.0), extend("default" = 0.0))]
    pub pan_rate: f64,
    /// How far the balance swings to each side.
    #[schemars(range(min = 0.0, max = 1.0), extend("default" = 0.0))]
    pub pan_width: f64,
    /// Phase of the swing at the start, in cycles; 0: in the middle, moving right.
    #[schemars(extend("default" = 0.0))]
    pub pan_phase: f64,
    /// Rate at which the delay between the ears swings, in Hz; 0: none.
    #[schemars(range(min = 0.0, max = 1000.0), extend("default" = 0.0))]
    pub spin_rate: f64,
    /// Largest delay between the ears, in microseconds.
    #[schemars(range(min = 0.0, max = 5000.0), extend("default" = 0.0))]
    pub spin_width: f64,
    /// Phase of the delay at the start, in cycles; 0: none, the right ear then comes first.
    #[schemars(extend("default" = 0.0))]
    pub spin_phase: f64,
}

impl Default for Movement {
    fn default() -> Self {
        Self {
            am_rate: 0.0,
            am_depth: 0.0,
            am_duty: 1.0,
            am_phase: 0.0,
            pan_rate: 0.0,
            pan_width: 0.0,
            pan_phase: 0.0,
            spin_rate: 0.0,
            spin_width: 0.0,
            spin_phase: 0.0,
        }
    }
}

impl Movement {
    /// Each number under its name in a track.
    fn numbers(&self) -> [(Names, f64); 10] {
        [
            (names::AM_RATE, self.am_rate),
            (names::AM_DEPTH, self.am_depth),
            (names::AM_DUTY, self.am_duty),
            (names::AM_PHASE, self.am_phase),
            (names::PAN_RATE, self.pan_rate),
            (names::PAN_WIDTH, self.pan_width),
            (names::PAN_PHASE, self.pan_phase),
            (names::SPIN_RATE, self.spin_rate),
            (names::SPIN_WIDTH, self.spin_width),
            (names::SPIN_PHASE, self.spin_phase),
        ]
    }

    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let rate = |names| fields.number(names, 0.0, FASTEST).unwrap_or(0.0);
        let phase = |names| fields.number(names, -1e6, 1e6).unwrap_or(0.0);
        Self {
            am_rate: rate(names::AM_RATE),
            am_depth: fields.clamped(names::AM_DEPTH, 0.0, 1.0).unwrap_or(0.0),
            am_duty: fields.clamped(names::AM_DUTY, 0.001, 1.0).unwrap_or(1.0),
            am_phase: phase(names::AM_PHASE),
            pan_rate: rate(names::PAN_RATE),
            pan_width: fields.clamped(names::PAN_WIDTH, 0.0, 1.0).unwrap_or(0.0),
            pan_phase: phase(names::PAN_PHASE),
            spin_rate: rate(names::SPIN_RATE),
            spin_width: fields.clamped(names::SPIN_WIDTH, 0.0, MOST_SPIN).unwrap_or(0.0),
            spin_phase: phase(names::SPIN_PHASE),
        }
    }

    /// Add the numbers that are not the default to a clip or a bed.
    pub(super) fn write(&self, layer: &mut Map<String, Value>) {
        let plain = Self::default().numbers();
        for ((names, value), (_, default)) in self.numbers().into_iter().zip(plain) {
            if value != default {
                layer.insert(names[0].to_owned(), value.into());
            }
        }
    }
}
