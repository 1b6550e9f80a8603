//! Where the oscillators of a voice are, so that a voice of other parameters can go on from there (spec assembly 5.5).

use crate::dsp::phase::Turns;

/// A change of phase below this is rounding: 2⁻³² turns.
const GRID: u64 = 1 << 32;

/// The state of a voice at one frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Oscillators {
    /// Progress of its transition: 0 at the start values, 1 at the end values.
    pub alpha: f64,
    /// The phase of each oscillator by its role. Oscillators that are absent have no entry.
    pub phases: Vec<(&'static str, Turns)>,
    /// The place in an endless recording, in frames; `None` if it plays none.
    pub place: Option<i64>,
    /// The carrier in Hz that sets the low-pass of its harmonic suppression; `None` without one.
    pub suppressed: Option<f64>,
}

impl Oscillators {
    /// The phase of the oscillator `role`.
    pub fn phase(&self, role: &str) -> Option<Turns> {
        self.phases.iter().find(|(name, _)| *name == role).map(|(_, phase)| *phase)
    }

    /// With the oscillator `role` as well.
    #[must_use]
    pub fn with(mut self, role: &'static str, phase: Turns) -> Self {
        self.phases.push((role, phase));
        self
    }

    /// With the oscillator `role` as well, if it exists.
    #[must_use]
    pub fn and(self, role: &'static str, phase: Option<Turns>) -> Self {
        match phase {
            Some(phase) => self.with(role, phase),
            None => self,
        }
    }

    /// With the shifts added.
    #[must_use]
    pub fn shifted(mut self, shifts: &Shifts) -> Self {
        for (role, phase) in &mut self.phases {
            *phase += shifts.of(role);
        }
        self.place = self.place.map(|place| place.wrapping_add(shifts.place));
        self
    }
}

/// What is added to the phase of each oscillator of a voice, by its role, and to its place in an endless recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shifts {
    phases: Vec<(&'static str, Turns)>,
    /// Frames.
    pub(crate) place: i64,
}

impl Shifts {
    /// The shift of the oscillator `role`.
    pub fn of(&self, role: &str) -> Turns {
        self.phases.iter().find(|(name, _)| *name == role).map_or(Turns::ZERO, |(_, shift)| *shift)
    }

    /// Change the shifts so that a voice that was at `own` under them comes to `wanted`. Returns whether any changed.
    pub fn lead(&mut self, own: &Oscillators, wanted: &Oscillators) -> bool {
        let further = own.place.zip(wanted.place).map_or(0, |(own, wanted)| wanted.wrapping_sub(own));
        self.place = self.place.wrapping_add(further);
        let mut changed = further != 0;
        for (role, phase) in &own.phases {
            let Some(goal) = wanted.phase(role) else { continue };
            let missing = goal - *phase;
            if missing.0.wrapping_add(GRID / 2) <= GRID {
                continue;
            }
            changed = true;
            match self.phases.iter_mut().find(|(name, _)| name == role) {
                Some((_, shift)) => *shift += missing,
                None => self.phases.push((role, missing)),
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_lead_from_one_state_to_another() {
        let at = |cycles: f64| Oscillators::default().with("a", Turns::from_cycles(cycles)).and("b", None);
        let mut shifts = Shifts::default();
        assert!(shifts.lead(&at(0.25), &at(0.75).with("b", Turns::ZERO)));
        assert_eq!(shifts.of("a"), Turns::from_cycles(0.5));
        assert_eq!(shifts.of("b"), Turns::ZERO);
        assert!(!shifts.lead(&at(0.75), &at(0.75)));
    }
}
