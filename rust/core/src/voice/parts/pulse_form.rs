//! Pulses whose attack, hold and release are given in milliseconds (spec stimuli 2): the parameters that every gated
//! voice shares, and the level within a pulse.

use crate::dsp::power::power;
use crate::dsp::sine::sine_cycles;
use crate::error::{Error, Result};
use crate::voice::{Param, Params, Ramp};

/// Ratio of the ends of an exponential flank: 60 dB.
const DECAY: f64 = 1e-3;
/// Number of stretches of a transition after which the length of a pulse is compared with its cycle.
const CHECKS: u32 = 32;
/// Share of a cycle that rounding may add to the length of a pulse.
const SLACK: f64 = 1e-9;

const ATTACK_MS: Param = length("attack_ms", "Rise of each pulse; absent: the flank of the percent names.");
const HOLD_MS: Param = length("hold_ms", "Time at full level; absent: what is left of the audible part.");
const RELEASE_MS: Param = length("release_ms", "Fall of each pulse; absent: the flank of the percent names.");
pub(crate) const SHAPE: Param =
    Param::choice("shape", FlankShape::WORDS, "linear", "Form of both flanks, with the names in ms or in percent.")
        .optional();
pub(crate) const MODULATION_DEPTH: Param =
    Param::number("modulation_depth", 1.0, "", "Depth of the gate: 1 full, 0 a steady tone.")
        .range(0.0, 1.0)
        .optional();

/// Rows of the gated voices. None of them has a default: a voice without them keeps its own pulses.
pub(crate) const TABLE: &[Param] = &[ATTACK_MS, HOLD_MS, RELEASE_MS, SHAPE, MODULATION_DEPTH];

const fn length(name: &'static str, about: &'static str) -> Param {
    Param::number(name, 0.0, "ms", about).range(0.0, 60_000.0).optional()
}

/// Form of the flanks of a pulse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlankShape {
    /// A straight line.
    Linear,
    /// Half a cosine.
    RaisedCosine,
    /// An exponential over 60 dB, shifted so that it begins at 0.
    Exponential,
    /// Full level at once (`pulseShape` of `dual_pulse_binaural`).
    Square,
}

impl FlankShape {
    const WORDS: &'static [&'static str] = &["linear", "raised_cosine", "exponential"];

    /// The level at the share `x` of a rising flank, both 0 to 1.
    #[inline]
    pub(crate) fn rise(self, x: f64) -> f64 {
        match self {
            Self::Linear => x,
            Self::RaisedCosine => {
                let sine = sine_cycles(0.25 * x);
                sine * sine
            }
            Self::Exponential => (power(DECAY, 1.0 - x) - DECAY) / (1.0 - DECAY),
            Self::Square => f64::from(u8::from(x > 0.0)),
        }
    }
}

/// The percent names of a gated voice: flank as a fraction of the audible part, and silent fraction of the cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share {
    pub(crate) ramp: Ramp,
    pub(crate) gap: Ramp,
}

impl Share {
    /// Flank and audible part as fractions of the cycle.
    fn at(&self, alpha: f64) -> (f64, f64) {
        let audible = 1.0 - self.gap.at(alpha).clamp(0.0, 1.0);
        (self.ramp.at(alpha).clamp(0.0, 0.5) * audible, audible)
    }
}

/// Attack, hold and release of the pulses of one voice, in seconds; `None` where the percent names say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PulseForm {
    attack: Option<Ramp>,
    hold: Option<Ramp>,
    release: Option<Ramp>,
    share: Share,
    pub(crate) shape: FlankShape,
    pub(crate) depth: Ramp,
}

/// Lengths of one pulse, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lengths {
    pub(crate) attack: f64,
    pub(crate) hold: f64,
    pub(crate) release: f64,
}

impl Lengths {
    /// Length of the whole pulse.
    pub(crate) fn total(&self) -> f64 {
        self.attack + self.hold + self.release
    }
}

/// Whether a voice has any of the parameters of [`TABLE`].
pub(crate) fn is_given(params: &Params<'_>) -> bool {
    TABLE.iter().any(|row| params.gives(row))
}

impl PulseForm {
    /// Read the parameters of [`TABLE`]. `share` are the percent names. `depth` and `shape` apply where the parameters
    /// do not say it. `rate` is the pulse rate in Hz at the start of the transition.
    pub(crate) fn read(params: &Params<'_>, share: Share, shape: FlankShape, depth: Ramp, rate: f64) -> Result<Self> {
        let (flank, audible) = share.at(0.0);
        let cycle = 1.0 / rate.max(1e-9);
        let seconds = |row: &'static Param, otherwise: f64| -> Result<Option<Ramp>> {
            if !params.gives(row) {
                return Ok(None);
            }
            Ok(Some(params.ramp_or(row, otherwise * 1000.0)?.map(|ms| ms / 1000.0)))
        };
        let (attack, release) = (seconds(&ATTACK_MS, flank * cycle)?, seconds(&RELEASE_MS, flank * cycle)?);
        let hold = seconds(&HOLD_MS, (audible - 2.0 * flank) * cycle)?;
        let depth = if params.gives(&MODULATION_DEPTH) { params.ramp_or(&MODULATION_DEPTH, 1.0)? } else { depth };
        let shape = match params.choice_as(&SHAPE, SHAPE.name) {
            Some("linear") => FlankShape::Linear,
            Some("raised_cosine") => FlankShape::RaisedCosine,
            Some("exponential") => FlankShape::Exponential,
            _ => shape,
        };
        Ok(Self { attack, hold, release, share, shape, depth })
    }

    /// Lengths of a pulse at `alpha` of a train of `rate` Hz.
    pub(crate) fn lengths(&self, alpha: f64, rate: f64) -> Lengths {
        let (flank, audible) = self.share.at(alpha);
        let cycle = 1.0 / rate;
        let given = |ramp: Option<Ramp>, otherwise: f64| ramp.map_or(otherwise, |ramp| ramp.at(alpha).max(0.0));
        let (attack, release) = (given(self.attack, flank * cycle), given(self.release, flank * cycle));
        let hold = given(self.hold, (audible * cycle - attack - release).max(0.0));
        Lengths { attack, hold, release }
    }

    /// Refuse pulses that are longer than their cycle at some point of a transition of the `rate` in Hz.
    pub(crate) fn check(&self, params: &Params<'_>, rate: Ramp) -> Result<()> {
        let Some(named) = [&ATTACK_MS, &HOLD_MS, &RELEASE_MS].into_iter().find(|row| params.gives(row)) else {
            return Ok(());
        };
        for check in 0..=CHECKS {
            let alpha = f64::from(check) / f64::from(CHECKS);
            let rate = rate.at(alpha);
            if rate <= 0.0 {
                continue;
            }
            let lengths = self.lengths(alpha, rate);
            if lengths.total() * rate > 1.0 + SLACK {
                let [attack, hold, release, total, cycle] =
                    [lengths.attack, lengths.hold, lengths.release, lengths.total(), 1.0 / rate]
                        .map(|seconds| shown(seconds * 1000.0));
                let message = format!(
                    "attack, hold and release of {attack} + {hold} + {release} = {total} ms exceed the cycle of \
                     {cycle} ms at {} Hz",
                    shown(rate)
                );
                return Err(Error::invalid(params.given(named).swap_remove(0), message));
            }
        }
        Ok(())
    }
}

/// A number for a message, to a millionth.
fn shown(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Warn about the percent rows `ramps` and `gaps` (and about `others`) that rows of [`TABLE`] replace.
pub(crate) fn warn_of_both(
    params: &Params<'_>,
    ramps: &[&'static Param],
    gaps: &[&'static Param],
    others: &[(&'static Param, &'static Param)],
) {
    let replaced = |rows: &[&'static Param], by: &[&'static Param]| {
        let by: Vec<&str> = by.iter().filter(|row| params.gives(row)).map(|row| row.name).collect();
        for row in rows.iter().filter(|_| !by.is_empty()) {
            for spelling in params.given(row) {
                let verbs = if by.len() == 1 { ["is", "counts"] } else { ["are", "count"] };
                params
                    .warn(&spelling, format!("{} {} given too, and {} instead", by.join(" and "), verbs[0], verbs[1]));
            }
        }
    };
    replaced(ramps, &[&ATTACK_MS, &RELEASE_MS]);
    replaced(gaps, &[&HOLD_MS]);
    for (row, by) in others {
        replaced(&[row], &[by]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flanks_begin_at_nothing_and_end_at_full_level() {
        for shape in [FlankShape::Linear, FlankShape::RaisedCosine, FlankShape::Exponential] {
            assert!(shape.rise(0.0).abs() < 1e-12 && (shape.rise(1.0) - 1.0).abs() < 1e-9, "{shape:?}");
            assert!((0..100).all(|k| shape.rise(f64::from(k) / 100.0) < shape.rise(f64::from(k + 1) / 100.0)));
        }
        assert_eq!(FlankShape::Linear.rise(0.3), 0.3);
        assert!((FlankShape::RaisedCosine.rise(0.3) - 0.5 * (1.0 - (0.3 * std::f64::consts::PI).cos())).abs() < 1e-12);
        let exponential = (1000_f64.powf(0.3) - 1.0) / 999.0;
        assert!((FlankShape::Exponential.rise(0.3) - exponential).abs() < 1e-9);
    }
}
