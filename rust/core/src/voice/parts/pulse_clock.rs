//! The times at which the pulses of a train begin (spec stimuli 1). Pulse `k` begins where the sum of the rate reaches
//! `k` cycles. That time has a closed form for a constant rate, and is found by bisection of a closed form for a moving
//! one, so it does not drift and does not depend on what was asked before.

use crate::dsp::curve::Alpha;
use crate::dsp::marks::Marks;
use crate::dsp::phase::Turns;
use crate::voice::{Onset, Ramp};

/// Distance in frames below which a time counts as the frame itself. It is far above the rounding of a time after a
/// day, and far below what is audible.
pub(crate) const NEAR: f64 = 1e-5;
/// Pulses slower than this count as none, Hz.
const SLOWEST: f64 = 1e-9;
/// Frames between check-points, for a rate that crosses 0 Hz.
const SPACING: u64 = 4096;

/// The first frame at or after `time`, a number of frames.
pub(crate) fn first_frame(time: f64) -> i64 {
    (time - NEAR).ceil() as i64
}

/// When the pulses of a train begin.
#[derive(Debug, Clone)]
pub(crate) struct PulseClock {
    /// Pulses per second.
    rate: Ramp,
    alpha: Alpha,
    /// Frames per second of the time base.
    frame_rate: f64,
    /// Cycles that have passed at time 0; a moving phase shifts the train over the transition.
    phase: Ramp,
    /// Frames by which the train is ahead.
    lead: u64,
    /// Length of the voice in frames.
    frames: u64,
    /// Sums of the rate, limited to 0 Hz, for a ramp that reaches below 0: whole cycles and the rest.
    sums: Option<Marks<(u64, Turns)>>,
}

impl PulseClock {
    /// A train of `rate` Hz over the `frames` frames of a voice, `frame_rate` frames per second; `None` if there are no
    /// pulses. `phase` cycles have passed at time 0, and move over the transition. The train is `lead` frames ahead.
    pub(crate) fn new(rate: Ramp, alpha: Alpha, frame_rate: f64, phase: Ramp, lead: u64, frames: u64) -> Option<Self> {
        // an expression may leave the range between start and end, so the rate is limited frame by frame there too
        let below = rate.moves() && (rate.start.min(rate.end) < 0.0 || !alpha.is_smooth());
        let sums = below.then(|| Marks::new((0, Turns::ZERO)));
        let beats = rate.start.max(rate.end) > SLOWEST && frame_rate.is_finite();
        beats.then_some(Self { rate, alpha, frame_rate, phase, lead, frames, sums })
    }

    /// A train of constant rate whose first pulse begins after `-phase` cycles.
    pub(crate) fn steady(rate: f64, frame_rate: f64, phase: f64) -> Option<Self> {
        Self::new(Ramp::fixed(rate), Alpha::still(), frame_rate, Ramp::fixed(phase), 0, 0)
    }

    /// The same train, ahead by `shift`.
    pub(crate) fn shifted(mut self, shift: Turns) -> Self {
        self.phase = self.phase.map(|cycles| cycles + shift.cycles());
        self
    }

    /// Position in the cycle at `frame`.
    pub(crate) fn position(&self, frame: u64) -> Turns {
        Turns::from_cycles(self.cycles(frame))
    }

    /// Frames per second of the time base.
    pub(crate) const fn frame_rate(&self) -> f64 {
        self.frame_rate
    }

    /// Alpha at a time in frames.
    pub(crate) fn alpha(&self, time: f64) -> f64 {
        self.alpha.at(time.max(0.0) as u64)
    }

    /// The rate in Hz at `alpha`, at least the slowest one.
    pub(crate) fn rate(&self, alpha: f64) -> f64 {
        self.rate.at(alpha).max(SLOWEST)
    }

    /// Whether the distance of the pulses changes.
    pub(crate) fn moves(&self) -> bool {
        self.rate.moves() || self.phase.moves()
    }

    /// Whether there are pulses at `frame`.
    pub(crate) fn beats(&self, frame: u64) -> bool {
        !self.moves() || self.rate.at(self.alpha.at(frame)) > SLOWEST
    }

    /// Cycles that have passed at `frame`.
    fn cycles(&self, frame: u64) -> f64 {
        let n = frame + self.lead;
        let phase = if self.phase.moves() { self.phase.at(self.alpha.at(frame)) } else { self.phase.start };
        if let Some(sums) = &self.sums {
            let add = |(whole, part): (u64, Turns), k: u64| {
                let cycles = self.rate.at(self.alpha.at(k)).max(0.0) / self.frame_rate;
                let next = part + Turns::from_cycles(cycles);
                (whole + cycles as u64 + u64::from(next.0 < part.0), next)
            };
            let at = sums.at(n / SPACING, |passed, at| (passed * SPACING..(passed + 1) * SPACING).fold(at, add));
            let (whole, part) = (n / SPACING * SPACING..n).fold(at, add);
            return phase + whole as f64 + part.cycles();
        }
        let steady = n as f64 * self.rate.start / self.frame_rate;
        if !self.rate.moves() || n == 0 {
            return phase + steady;
        }
        phase + steady + (self.rate.end - self.rate.start) * self.alpha.sum(n - 1) / self.frame_rate
    }

    /// The time in frames at which pulse `index` begins; infinite if it never does.
    pub(crate) fn onset(&self, index: i64) -> f64 {
        let wanted = index as f64;
        // where the rate does not move, and before and after the voice
        let straight = |from: f64, at: f64, rate: f64| match wanted - at {
            _ if rate > SLOWEST => from + (wanted - at) * self.frame_rate / rate,
            distance if distance > 0.0 => f64::INFINITY,
            _ => from,
        };
        if !self.moves() {
            return (wanted - self.phase.start) * self.frame_rate / self.rate.start - self.lead as f64;
        }
        let (mut low, mut high) = (0, self.frames);
        let (first, last) = (self.cycles(low), self.cycles(high));
        if wanted < first {
            return straight(0.0, first, self.rate(self.alpha.at(0)));
        }
        if wanted >= last {
            return straight(high as f64, last, self.rate.at(self.alpha.at(high)));
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            // where the sum rests, the pulse begins at the end of the rest
            if self.cycles(middle) <= wanted { low = middle } else { high = middle }
        }
        let (before, after) = (self.cycles(low), self.cycles(high));
        low as f64 + (wanted - before) / (after - before).max(f64::MIN_POSITIVE)
    }

    /// The last pulse that begins at `frame` or before.
    pub(crate) fn pulse_at(&self, frame: u64) -> i64 {
        let mut index = self.cycles(frame).floor() as i64;
        while first_frame(self.onset(index)) > frame as i64 {
            index -= 1;
        }
        while first_frame(self.onset(index + 1)) <= frame as i64 {
            index += 1;
        }
        index
    }

    /// Call `each` with the number and the onset (a time in frames) of every pulse whose first frame is in `from..to`.
    /// Pulses before time 0 have negative numbers.
    pub(crate) fn pulses(&self, from: i64, to: i64, mut each: impl FnMut(i64, f64)) {
        let mut index = if from > 0 { self.pulse_at(from.unsigned_abs() - 1) + 1 } else { self.first_after(from) };
        loop {
            let onset = self.onset(index);
            let frame = if onset.is_finite() { first_frame(onset) } else { i64::MAX };
            if frame >= to {
                return;
            }
            if frame >= from {
                each(index, onset);
            }
            index += 1;
        }
    }

    /// Call `each` with the pulses whose first frame is in `from..to`, called `label`. `seconds` gives the length of a
    /// pulse at an alpha and a rate in Hz.
    pub(crate) fn onsets(
        &self,
        from: u64,
        to: u64,
        label: &'static str,
        seconds: impl Fn(f64, f64) -> f64,
        each: &mut dyn FnMut(Onset),
    ) {
        let first = (self.cycles(0) - SLOWEST).ceil() as i64;
        self.pulses(from as i64, to.min(i64::MAX as u64) as i64, |index, onset| {
            let frame = first_frame(onset).max(0) as u64;
            if !self.beats(frame) {
                return;
            }
            let alpha = self.alpha(onset);
            let length = seconds(alpha, self.rate(alpha)) * self.frame_rate;
            each(Onset { frame, length, index: (index - first).max(0) as u64, label });
        });
    }

    /// The first pulse that may begin at the frame `from`, which is 0 or less.
    fn first_after(&self, from: i64) -> i64 {
        let rate = self.rate(self.alpha.at(0)) / self.frame_rate;
        (self.cycles(0) + from as f64 * rate).floor() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::Curve;

    #[test]
    fn pulses_at_forty_hertz_begin_on_exact_frames_after_hours() {
        let clock = PulseClock::steady(40.0, 48_000.0, 0.0).unwrap();
        for pulse in [0, 1, 2, 999, 40 * 3600, 40 * 8 * 3600 - 1, 40 * 8 * 3600] {
            let frame = pulse * 1200;
            assert_eq!(first_frame(clock.onset(pulse)), frame);
            assert_eq!(clock.pulse_at(frame as u64), pulse);
            assert!(frame == 0 || clock.pulse_at(frame as u64 - 1) == pulse - 1);
        }
    }

    #[test]
    fn every_rate_begins_its_pulses_at_the_rounded_up_time() {
        // exact references in whole numbers: rates are thousandths of a hertz
        for (millihertz, rate) in [(39_700_u64, 44_100_u64), (41_300, 48_000), (997, 44_100), (1_000_000, 48_000)] {
            let clock = PulseClock::steady(millihertz as f64 / 1000.0, rate as f64, 0.0).unwrap();
            for pulse in [1_u64, 17, 40_000, 28_800 * millihertz / 1000 - 3] {
                let exact = (pulse * rate * 1000).div_ceil(millihertz);
                assert_eq!(first_frame(clock.onset(pulse as i64)), exact as i64, "{millihertz} {pulse}");
            }
        }
    }

    #[test]
    fn pulses_of_a_moving_rate_begin_at_whole_cycles() {
        let frames = 48_000;
        for text in ["linear", "logarithmic", "exponential", "alpha**0.5"] {
            for (start, end) in [(40.0, 400.0), (400.0, 40.0), (0.0, 120.0), (-80.0, 160.0), (160.0, -80.0)] {
                let alpha = Alpha::new(1.0, frames, 0.1, Some(0.7), Curve::parse(text, true).unwrap());
                let rate = Ramp { start, end };
                let clock = PulseClock::new(rate, alpha.clone(), 48_000.0, Ramp::fixed(0.0), 0, frames).unwrap();
                // the frames at which a running sum passes a whole number
                let (mut sum, mut wanted, mut found) = (0.0, Vec::new(), Vec::new());
                for frame in 0..frames {
                    let before = sum;
                    sum += rate.at(alpha.at(frame)).max(0.0) / 48_000.0;
                    if sum.floor() > before.floor() {
                        wanted.push((frame + 1) as i64);
                    }
                }
                clock.pulses(0, frames as i64, |index, onset| found.extend((index > 0).then(|| first_frame(onset))));
                wanted.retain(|frame| *frame < frames as i64);
                assert_eq!(wanted.len(), found.len(), "{text} {start} {end}");
                assert!(wanted.iter().zip(&found).all(|(a, b)| (a - b).abs() <= 1), "{text} {start} {end}");
            }
        }
    }

    #[test]
    fn a_range_lists_the_same_pulses_as_its_parts() {
        let clock = PulseClock::steady(90.3, 8000.0, 0.25).unwrap();
        let mut whole = Vec::new();
        clock.pulses(-400, 9000, |index, _| whole.push(index));
        let mut parts = Vec::new();
        for from in (-400..9000).step_by(100) {
            clock.pulses(from, from + 100, |index, _| parts.push(index));
        }
        assert_eq!(whole, parts);
        assert!(whole.windows(2).all(|pair| pair[1] == pair[0] + 1) && whole[0] < 0);
    }
}
