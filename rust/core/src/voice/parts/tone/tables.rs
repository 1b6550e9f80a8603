//! Parameter rows shared by the tone voices (spec binaural-and-isochronic 1 and 2).

use crate::voice::Params;
use crate::voice::param::{Moves, Param};
use crate::voice::parts::loudness;

/// Amplitudes, start phases, tremolo, vibrato and the interaural phase oscillation.
pub(crate) const CHANNELS: &[Param] = &[
    Param::number("ampL", 0.5, "", "Amplitude of the left ear."),
    Param::number("ampR", 0.5, "", "Amplitude of the right ear."),
    Param::number("startPhaseL", 0.0, "rad", "Phase of the left carrier at the start."),
    Param::number("startPhaseR", 0.0, "rad", "Phase of the right carrier at the start."),
    Param::structure("oscillator_phases", "Carried phases {left, right} in radians; they replace the start phases."),
    Param::number("ampOscDepthL", 0.0, "", "Tremolo depth, left (0 none, 1 full)."),
    Param::number("ampOscDepthR", 0.0, "", "Tremolo depth, right."),
    Param::number("ampOscFreqL", 0.0, "Hz", "Tremolo rate, left."),
    Param::number("ampOscFreqR", 0.0, "Hz", "Tremolo rate, right."),
    Param::number("ampOscPhaseOffsetL", 0.0, "rad", "Tremolo phase, left."),
    Param::number("ampOscPhaseOffsetR", 0.0, "rad", "Tremolo phase, right."),
    Param::number("ampOscSkewL", 0.0, "", "Tremolo skew, left: -1 short first half, 1 long first half."),
    Param::number("ampOscSkewR", 0.0, "", "Tremolo skew, right."),
    Param::number("freqOscRangeL", 0.0, "Hz", "Vibrato range, left, peak to peak."),
    Param::number("freqOscRangeR", 0.0, "Hz", "Vibrato range, right, peak to peak."),
    Param::number("freqOscFreqL", 0.0, "Hz", "Vibrato rate, left."),
    Param::number("freqOscFreqR", 0.0, "Hz", "Vibrato rate, right."),
    Param::number("freqOscPhaseOffsetL", 0.0, "rad", "Vibrato phase, left."),
    Param::number("freqOscPhaseOffsetR", 0.0, "rad", "Vibrato phase, right."),
    Param::number("freqOscSkewL", 0.0, "", "Vibrato skew, left."),
    Param::number("freqOscSkewR", 0.0, "", "Vibrato skew, right."),
    Param::number("phaseOscFreq", 0.0, "Hz", "Rate of the interaural phase oscillation."),
    Param::number("phaseOscRange", 0.0, "rad", "Range of the interaural phase oscillation, peak to peak."),
    loudness::ROW,
];

/// Pan (spec binaural-and-isochronic 1.5 and 1.7).
pub(crate) const PAN: &[Param] = &[
    Param::number("pan", 0.0, "", "Position, -1 left to 1 right; the default of both range ends."),
    Param::number("panRangeMin", 0.0, "", "One end of the pan movement; absent: `pan`.").optional(),
    Param::number("panRangeMax", 0.0, "", "Other end of the pan movement; absent: `pan`.").optional(),
    Param::choice("panType", &["linear", "inward", "outward"], "linear", "Movement: sine, or a sweep per cycle.")
        .moves(Moves::Pair),
    Param::number("panFreq", 0.0, "Hz", "Rate of the pan movement."),
    Param::number("panPhase", 0.0, "rad", "Phase of the pan movement at the start."),
];

/// The larger of the two amplitudes, if nothing else changes the level: the peak of a voice with these rows.
pub(crate) fn peak(params: &Params<'_>) -> Option<f64> {
    let steady = ["ampOscDepthL", "ampOscDepthR", "pan", "panRangeMin", "panRangeMax"];
    let plain = !params.transition && steady.iter().all(|name| params.number(name).is_ok_and(|value| value == 0.0));
    let amplitude = |name: &str| params.number(name).map(f64::abs);
    let [left, right] = [amplitude("ampL").ok()?, amplitude("ampR").ok()?];
    let level_follows_frequency = params.optional(loudness::ROW.name).ok()?.is_some();
    (plain && !level_follows_frequency).then(|| left.max(right))
}
