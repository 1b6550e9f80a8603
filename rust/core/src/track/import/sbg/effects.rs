//! Effects on the audio file of an `.sbg` file: `mixspin:`, `mixpulse:`, `mixam:` (spec interchange 2.2).

use super::super::lanes::Kind;
use super::options::GATE;
use super::tone::{Tone, Tones};
use crate::track::{MOST_SPIN, Movement};

/// Fastest effect in Hz.
const FASTEST: f64 = 1000.0;

fn checked(rate: f64) -> Result<f64, String> {
    if rate > FASTEST { Err(format!("expected a rate of at most {FASTEST} Hz, got {rate}")) } else { Ok(rate) }
}

/// A delay between the ears that swings by `width` microseconds.
pub(super) fn spin(width: f64, rate: f64) -> Result<Movement, String> {
    if width > MOST_SPIN {
        return Err(format!("expected a width of at most {MOST_SPIN} microseconds, got {width}"));
    }
    Ok(Movement { spin_rate: checked(rate)?, spin_width: width, ..Movement::default() })
}

/// Full amplitude modulation, by pulses as those of `@` or by a sine.
pub(super) fn modulation(pulses: bool, rate: f64) -> Result<Movement, String> {
    let (am_duty, am_phase) = if pulses { (GATE.open, -GATE.start) } else { (1.0, 0.0) };
    Ok(Movement { am_rate: checked(rate)?, am_depth: 1.0, am_duty, am_phase, ..Movement::default() })
}

fn movement(tone: &mut Option<Tone>) -> Option<&mut Movement> {
    match tone.as_mut().map(|tone| &mut tone.kind) {
        Some(Kind::Audio(file)) => Some(&mut file.movement),
        _ => None,
    }
}

/// Let the effects of a tone-set act on its `mix/`, each as strong as its amplitude says. Without a `mix/` they are
/// lanes of their own.
pub(super) fn join(tones: &mut Tones) {
    let still = Movement::default();
    let Some(mix) = tones.iter_mut().position(|tone| movement(tone).is_some_and(|found| *found == still)) else {
        return;
    };
    let mut whole = still;
    for tone in tones.iter_mut() {
        let Some(strength) = tone.as_ref().map(|tone| tone.values.amps[0].min(1.0)) else { continue };
        let Some(own) = movement(tone).copied().filter(|own| *own != still) else { continue };
        if own.am_rate > 0.0 {
            let Movement { am_rate, am_depth, am_duty, am_phase, .. } = own;
            whole = Movement { am_rate, am_depth: am_depth * strength, am_duty, am_phase, ..whole };
        }
        if own.spin_rate > 0.0 {
            let Movement { spin_rate, spin_width, .. } = own;
            whole = Movement { spin_rate, spin_width: spin_width * strength, ..whole };
        }
        *tone = None;
    }
    if let Some(found) = movement(&mut tones[mix]) {
        *found = whole;
    }
}
