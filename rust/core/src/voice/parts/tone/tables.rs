//! Parameter rows shared by the tone voices (spec binaural-and-isochronic 1 and 2).

use crate::voice::Params;
use crate::voice::param::{Moves, Param};
use crate::voice::parts::loudness;

pub(super) const AMP_L: Param = Param::number("ampL", 0.5, "", "Amplitude of the left ear.");
pub(super) const AMP_R: Param = Param::number("ampR", 0.5, "", "Amplitude of the right ear.");
pub(super) const START_PHASE_L: Param =
    Param::number("startPhaseL", 0.0, "rad", "Phase of the left carrier at the start.");
pub(super) const START_PHASE_R: Param =
    Param::number("startPhaseR", 0.0, "rad", "Phase of the right carrier at the start.");
pub(super) const OSCILLATOR_PHASES: Param =
    Param::structure("oscillator_phases", "Carried phases {left, right} in radians; they replace the start phases.");
pub(super) const AMP_OSC_DEPTH_L: Param =
    Param::number("ampOscDepthL", 0.0, "", "Tremolo depth, left (0 none, 1 full).");
pub(super) const AMP_OSC_DEPTH_R: Param = Param::number("ampOscDepthR", 0.0, "", "Tremolo depth, right.");
pub(super) const AMP_OSC_FREQ_L: Param = Param::number("ampOscFreqL", 0.0, "Hz", "Tremolo rate, left.");
pub(super) const AMP_OSC_FREQ_R: Param = Param::number("ampOscFreqR", 0.0, "Hz", "Tremolo rate, right.");
pub(super) const AMP_OSC_PHASE_OFFSET_L: Param =
    Param::number("ampOscPhaseOffsetL", 0.0, "rad", "Tremolo phase, left.");
pub(super) const AMP_OSC_PHASE_OFFSET_R: Param =
    Param::number("ampOscPhaseOffsetR", 0.0, "rad", "Tremolo phase, right.");
pub(super) const AMP_OSC_SKEW_L: Param =
    Param::number("ampOscSkewL", 0.0, "", "Tremolo skew, left: -1 short first half, 1 long first half.");
pub(super) const AMP_OSC_SKEW_R: Param = Param::number("ampOscSkewR", 0.0, "", "Tremolo skew, right.");
pub(super) const FREQ_OSC_RANGE_L: Param =
    Param::number("freqOscRangeL", 0.0, "Hz", "Vibrato range, left, peak to peak.");
pub(super) const FREQ_OSC_RANGE_R: Param =
    Param::number("freqOscRangeR", 0.0, "Hz", "Vibrato range, right, peak to peak.");
pub(super) const FREQ_OSC_FREQ_L: Param = Param::number("freqOscFreqL", 0.0, "Hz", "Vibrato rate, left.");
pub(super) const FREQ_OSC_FREQ_R: Param = Param::number("freqOscFreqR", 0.0, "Hz", "Vibrato rate, right.");
pub(super) const FREQ_OSC_PHASE_OFFSET_L: Param =
    Param::number("freqOscPhaseOffsetL", 0.0, "rad", "Vibrato phase, left.");
pub(super) const FREQ_OSC_PHASE_OFFSET_R: Param =
    Param::number("freqOscPhaseOffsetR", 0.0, "rad", "Vibrato phase, right.");
pub(super) const FREQ_OSC_SKEW_L: Param = Param::number("freqOscSkewL", 0.0, "", "Vibrato skew, left.");
pub(super) const FREQ_OSC_SKEW_R: Param = Param::number("freqOscSkewR", 0.0, "", "Vibrato skew, right.");
pub(super) const PHASE_OSC_FREQ: Param =
    Param::number("phaseOscFreq", 0.0, "Hz", "Rate of the interaural phase oscillation.");
pub(super) const PHASE_OSC_RANGE: Param =
    Param::number("phaseOscRange", 0.0, "rad", "Range of the interaural phase oscillation, peak to peak.");

/// Amplitudes, start phases, tremolo, vibrato and the interaural phase oscillation.
pub(crate) const CHANNELS: &[Param] = &[
    AMP_L,
    AMP_R,
    START_PHASE_L,
    START_PHASE_R,
    OSCILLATOR_PHASES,
    AMP_OSC_DEPTH_L,
    AMP_OSC_DEPTH_R,
    AMP_OSC_FREQ_L,
    AMP_OSC_FREQ_R,
    AMP_OSC_PHASE_OFFSET_L,
    AMP_OSC_PHASE_OFFSET_R,
    AMP_OSC_SKEW_L,
    AMP_OSC_SKEW_R,
    FREQ_OSC_RANGE_L,
    FREQ_OSC_RANGE_R,
    FREQ_OSC_FREQ_L,
    FREQ_OSC_FREQ_R,
    FREQ_OSC_PHASE_OFFSET_L,
    FREQ_OSC_PHASE_OFFSET_R,
    FREQ_OSC_SKEW_L,
    FREQ_OSC_SKEW_R,
    PHASE_OSC_FREQ,
    PHASE_OSC_RANGE,
    loudness::ROW,
];

pub(super) const PAN: Param =
    Param::number("pan", 0.0, "", "Position, -1 left to 1 right; the default of both range ends.");
pub(super) const PAN_RANGE_MIN: Param =
    Param::number("panRangeMin", 0.0, "", "One end of the pan movement; absent: `pan`.").optional();
pub(super) const PAN_RANGE_MAX: Param =
    Param::number("panRangeMax", 0.0, "", "Other end of the pan movement; absent: `pan`.").optional();
pub(super) const PAN_TYPE: Param =
    Param::choice("panType", &["linear", "inward", "outward"], "linear", "Movement: sine, or a sweep per cycle.")
        .moves(Moves::Pair);
pub(super) const PAN_FREQ: Param = Param::number("panFreq", 0.0, "Hz", "Rate of the pan movement.");
pub(super) const PAN_PHASE: Param = Param::number("panPhase", 0.0, "rad", "Phase of the pan movement at the start.");

/// The rows of the vibrato's range.
pub(crate) const VIBRATO_RANGES: &[Param] = &[FREQ_OSC_RANGE_L, FREQ_OSC_RANGE_R];

/// Pan (spec binaural-and-isochronic 1.5 and 1.7).
pub(crate) const PANNING: &[Param] = &[PAN, PAN_RANGE_MIN, PAN_RANGE_MAX, PAN_TYPE, PAN_FREQ, PAN_PHASE];

/// The larger of the two amplitudes, if nothing else changes the level: the peak of a voice with these rows.
pub(crate) fn peak(params: &Params<'_>) -> Option<f64> {
    let steady = [&AMP_OSC_DEPTH_L, &AMP_OSC_DEPTH_R, &PAN, &PAN_RANGE_MIN, &PAN_RANGE_MAX];
    let plain = !params.transition && steady.iter().all(|row| params.number(row).is_ok_and(|value| value == 0.0));
    let amplitude = |row: &'static Param| params.number(row).map(f64::abs);
    let [left, right] = [amplitude(&AMP_L).ok()?, amplitude(&AMP_R).ok()?];
    let level_follows_frequency = params.optional(&loudness::ROW).ok()?.is_some();
    (plain && !level_follows_frequency).then(|| left.max(right))
}
