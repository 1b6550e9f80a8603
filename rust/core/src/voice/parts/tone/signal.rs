//! The closed forms of a tone: frequency, phase bend and gain at any frame.

use std::f64::consts::{FRAC_1_PI, TAU};
use std::sync::Arc;

use crate::dsp::curve::Alpha;
use crate::dsp::equal_loudness::Contour;
use crate::dsp::lfo::Skew;
use crate::dsp::pan::PanStage;
use crate::dsp::phase::Turns;
use crate::dsp::sine::{cosine, sine};
use crate::voice::Oscillators;
use crate::voice::params::Ramp;

/// The time base and conventions of a voice, in which the voices differ (marked in spec 2 to 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timing {
    /// Seconds per frame of the LFOs that are functions of time.
    pub(crate) step: f64,
    /// Time of frame 0 for these LFOs, seconds.
    pub(crate) origin: f64,
    /// Seconds per frame of the running sums (carrier, transition vibrato).
    pub(crate) sum_step: f64,
    /// 1 if frame 0 of the carrier already contains one increment, else 0.
    pub(crate) carrier_lead: u64,
    /// 1 if frame 0 of the vibrato already contains one increment, else 0.
    pub(crate) vibrato_lead: u64,
    /// Whether moving LFO rates are integrated instead of multiplied by time (`Compat::integrate_rates`).
    pub(crate) integrate: bool,
    /// Whether the phase of the last frame is carried over, instead of the phase of the next frame (quirk Q10).
    pub(crate) carry_last_heard: bool,
}

/// A low-frequency oscillator with skew: rate in Hz, offset in cycles, skew -1..1; a sine unless `triangle` is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lfo {
    pub(crate) rate: Ramp,
    pub(crate) offset: Ramp,
    pub(crate) skew: Ramp,
    pub(crate) triangle: bool,
}

impl Lfo {
    /// Whether none of its properties changes.
    pub(crate) fn fixed(&self) -> bool {
        !self.rate.moves() && !self.offset.moves() && !self.skew.moves()
    }

    /// Whether the shape has corners within a cycle.
    pub(crate) fn has_corners(&self) -> bool {
        self.triangle || self.skew != Ramp::fixed(0.0)
    }

    /// The value, -1..1, at the phase `cycles`.
    pub(crate) fn shape(&self, cycles: f64, alpha: f64) -> f64 {
        let skew = self.skew.at(alpha);
        if !self.triangle && skew == 0.0 {
            return sine(Turns::from_cycles(cycles));
        }
        let (skew, p) = (Skew::new(skew), cycles - cycles.floor());
        if self.triangle { skew.triangle(p) } else { skew.sine(p) }
    }

    /// How much faster than its rate the oscillator runs in the shorter part of a skewed cycle.
    pub(crate) fn speed_factor(&self) -> f64 {
        if self.triangle {
            return 1.0;
        }
        let narrow = |skew: f64| {
            let first = Skew::new(skew).first();
            first.min(1.0 - first)
        };
        0.5 / narrow(self.skew.start).min(narrow(self.skew.end)).max(1e-3)
    }

    /// The highest momentary rate, Hz.
    pub(crate) fn top_rate(&self) -> f64 {
        top(self.rate) * self.speed_factor()
    }
}

/// The highest momentary rate of an oscillator, Hz. With a moving rate that is multiplied by time instead of
/// integrated, the oscillator runs up to twice as fast as its rate says.
pub(crate) fn top(rate: Ramp) -> f64 {
    rate.start.abs().max(rate.end.abs()) * if rate.moves() { 2.0 } else { 1.0 }
}

/// The oscillators of one ear.
pub(crate) struct Roles {
    pub(crate) carrier: &'static str,
    pub(crate) vibrato: &'static str,
    pub(crate) tremolo: &'static str,
}

/// The oscillators of the left and the right ear.
pub(crate) const ROLES: [Roles; 2] = [
    Roles { carrier: "carrierL", vibrato: "vibratoL", tremolo: "tremoloL" },
    Roles { carrier: "carrierR", vibrato: "vibratoR", tremolo: "tremoloR" },
];
/// The interaural phase oscillation.
pub(crate) const PHASE_OSC: &str = "phaseOsc";
/// The pan movement, in pairs of cycles.
pub(crate) const PAN: &str = "pan";

/// One ear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Channel {
    /// Amplitude before tremolo and pan.
    pub(crate) amp: Ramp,
    /// Carrier frequency without vibrato, Hz.
    pub(crate) carrier: Ramp,
    /// Whether the carrier is clamped at 0 Hz before the vibrato is added.
    pub(crate) floor_carrier: bool,
    /// Start phase in cycles.
    pub(crate) start: Ramp,
    /// Range of the vibrato, Hz, peak to peak.
    pub(crate) vibrato_range: Ramp,
    pub(crate) vibrato: Lfo,
    /// Vibrato is off where this exceeds 0.5.
    pub(crate) mono: Ramp,
    /// Depth of the tremolo: 0 none, 1 full.
    pub(crate) tremolo_depth: Ramp,
    pub(crate) tremolo: Lfo,
    /// Sign of the interaural phase oscillation: -1 left, 1 right.
    pub(crate) side: f64,
}

impl Channel {
    /// Whether there is a vibrato in any frame.
    pub(crate) fn has_vibrato(&self) -> bool {
        self.vibrato_range != Ramp::fixed(0.0) && (self.mono.start <= 0.5 || self.mono.end <= 0.5)
    }

    /// Whether there is a tremolo in any frame.
    pub(crate) fn has_tremolo(&self) -> bool {
        self.tremolo_depth != Ramp::fixed(0.0)
    }

    /// Whether the phase has a closed form; otherwise the frequencies are summed frame by frame.
    pub(crate) fn is_closed(&self) -> bool {
        let vibrato = !self.has_vibrato()
            || self.vibrato.fixed() && !self.vibrato.has_corners() && !self.vibrato_range.moves() && !self.mono.moves();
        vibrato && !self.clamps()
    }

    /// Whether the frequency is a straight line or an arc of a sine between corners: a fixed vibrato with corners on a
    /// fixed carrier, without clamping.
    pub(crate) fn is_pieced(&self) -> bool {
        let moves = self.vibrato_range.moves() || self.mono.moves() || self.carrier.moves();
        self.vibrato.has_corners() && self.vibrato.fixed() && !moves && !self.may_clamp()
    }

    /// The frequency of a constant carrier without vibrato, Hz.
    pub(crate) fn steady_part(&self) -> f64 {
        if self.floor_carrier { self.carrier.start.max(0.0) } else { self.carrier.start }
    }

    /// Whether the frequency moves and can reach the clamp at 0 Hz.
    pub(crate) fn clamps(&self) -> bool {
        self.may_clamp() && (self.has_vibrato() || self.carrier.moves())
    }

    /// Whether the instantaneous frequency can reach the clamp at 0 Hz.
    pub(crate) fn may_clamp(&self) -> bool {
        let deviation = if self.has_vibrato() {
            self.vibrato_range.start.abs().max(self.vibrato_range.end.abs()) / 2.0
        } else {
            0.0
        };
        self.carrier.start.min(self.carrier.end) < deviation
    }
}

/// All closed forms of one voice.
#[derive(Debug, Clone)]
pub(crate) struct Signal {
    /// Interpolation factor of all ramps.
    pub(crate) alpha: Alpha,
    /// Time base and conventions.
    pub(crate) timing: Timing,
    /// Left and right ear.
    pub(crate) channels: [Channel; 2],
    /// Rate of the interaural phase oscillation, Hz.
    pub(crate) phase_osc_rate: Ramp,
    /// Range of the interaural phase oscillation, radians, peak to peak.
    pub(crate) phase_osc_range: Ramp,
    /// Phase of the interaural phase oscillation at time 0, cycles.
    pub(crate) phase_osc_start: f64,
    /// Pan stage, if the position is not 0 throughout.
    pub(crate) pan: Option<PanStage>,
    /// Contour of equal loudness that the level follows, if any.
    pub(crate) loudness: Option<Arc<Contour>>,
}

impl Signal {
    /// The sum of alpha over the frames `0..n`.
    pub(crate) fn alpha_sum(&self, n: u64) -> f64 {
        if n == 0 { 0.0 } else { self.alpha.sum(n - 1) }
    }

    /// Phase in cycles of an LFO that is a function of time (tremolo, phase oscillation), without its offset.
    pub(crate) fn timed_cycles(&self, rate: Ramp, frame: u64, alpha: f64) -> f64 {
        let time = frame as f64 * self.timing.step + self.timing.origin;
        if self.timing.integrate && rate.moves() {
            return self.timing.step * (frame as f64 * rate.start + (rate.end - rate.start) * self.alpha_sum(frame))
                + rate.start * self.timing.origin;
        }
        rate.at(alpha) * time
    }

    /// Phase of the vibrato at `frame` in cycles, with its offset.
    pub(crate) fn vibrato_cycles(&self, lfo: &Lfo, frame: u64, alpha: f64) -> f64 {
        let n = frame + self.timing.vibrato_lead;
        let moving = if lfo.rate.moves() { (lfo.rate.end - lfo.rate.start) * self.alpha_sum(n) } else { 0.0 };
        self.timing.sum_step * (n as f64 * lfo.rate.start + moving)
            + lfo.rate.start * self.timing.origin
            + lfo.offset.at(alpha)
    }

    /// Phase of the tremolo at `frame` in cycles, with its offset.
    pub(crate) fn tremolo_cycles(&self, lfo: &Lfo, frame: u64, alpha: f64) -> f64 {
        self.timed_cycles(lfo.rate, frame, alpha) + lfo.offset.at(alpha)
    }

    /// Instantaneous carrier frequency in Hz.
    pub(crate) fn frequency(&self, channel: &Channel, frame: u64) -> f64 {
        let alpha = self.alpha.at(frame);
        let mut frequency = channel.carrier.at(alpha);
        if channel.floor_carrier {
            frequency = frequency.max(0.0);
        }
        if channel.has_vibrato() && channel.mono.at(alpha) <= 0.5 {
            let cycles = self.vibrato_cycles(&channel.vibrato, frame, alpha);
            frequency += channel.vibrato_range.at(alpha) / 2.0 * channel.vibrato.shape(cycles, alpha);
        }
        frequency.max(0.0)
    }

    /// Whether the phase of `channel` has a varying part besides its sum of frequencies.
    pub(crate) fn has_bend(&self, channel: &Channel) -> bool {
        channel.start.moves() || self.phase_osc_range != Ramp::fixed(0.0)
    }

    /// Phase of the interaural phase oscillation at `frame`, cycles.
    fn phase_osc_cycles(&self, frame: u64) -> f64 {
        self.timed_cycles(self.phase_osc_rate, frame, self.alpha.at(frame)) + self.phase_osc_start
    }

    /// The oscillators besides the carriers.
    pub(crate) fn slow_oscillators(&self, frame: u64) -> Oscillators {
        let alpha = self.alpha.at(frame);
        let mut all = Oscillators { alpha, ..Oscillators::default() };
        for (channel, roles) in self.channels.iter().zip(&ROLES) {
            let phase = |cycles: f64| Some(Turns::from_cycles(cycles));
            let vibrato = phase(self.vibrato_cycles(&channel.vibrato, frame, alpha)).filter(|_| channel.has_vibrato());
            let tremolo = phase(self.tremolo_cycles(&channel.tremolo, frame, alpha)).filter(|_| channel.has_tremolo());
            all = all.and(roles.vibrato, vibrato).and(roles.tremolo, tremolo);
        }
        let oscillates = self.phase_osc_range != Ramp::fixed(0.0);
        let pan = self.pan.as_ref().filter(|pan| pan.oscillates());
        all.and(PHASE_OSC, oscillates.then(|| Turns::from_cycles(self.phase_osc_cycles(frame))))
            .and(PAN, pan.map(|pan| Turns::from_cycles(0.5 * pan.cycles(frame))))
    }

    /// Start phase and interaural phase oscillation, in cycles.
    pub(crate) fn bend(&self, channel: &Channel, frame: u64) -> f64 {
        let alpha = self.alpha.at(frame);
        let mut cycles = channel.start.at(alpha);
        if self.phase_osc_range != Ramp::fixed(0.0) {
            let at = self.phase_osc_cycles(frame);
            cycles += channel.side * self.phase_osc_range.at(alpha) / 2.0 / TAU * sine(Turns::from_cycles(at));
        }
        cycles
    }

    /// The gain of channel `side` (0 left, 1 right): amplitude times tremolo times pan times loudness contour.
    pub(crate) fn gain(&self, side: usize, frame: u64) -> f64 {
        let channel = &self.channels[side];
        let alpha = self.alpha.at(frame);
        let mut gain = channel.amp.at(alpha);
        if channel.has_tremolo() {
            let cycles = self.tremolo_cycles(&channel.tremolo, frame, alpha);
            gain *= 1.0 - channel.tremolo_depth.at(alpha) * 0.5 * (1.0 + channel.tremolo.shape(cycles, alpha));
        }
        if let Some(pan) = &self.pan {
            gain *= pan.gains(frame)[side];
        }
        if let Some(contour) = &self.loudness {
            gain *= contour.gain(self.frequency(channel, frame));
        }
        gain
    }

    /// An upper bound of the gain's magnitude.
    pub(crate) fn gain_bound(&self, side: usize) -> f64 {
        let channel = &self.channels[side];
        let larger = |ramp: Ramp| ramp.start.abs().max(ramp.end.abs());
        let tremolo = if channel.has_tremolo() { larger(channel.tremolo_depth.map(|d| 1.0 - d)).max(1.0) } else { 1.0 };
        let contour = self.loudness.as_ref().map_or(1.0, |contour| contour.largest());
        larger(channel.amp) * tremolo * self.pan.as_ref().map_or(1.0, PanStage::bound) * contour
    }

    /// The left and right gain of the pan stage alone.
    pub(crate) fn pan_gains(&self, frame: u64) -> [f64; 2] {
        self.pan.as_ref().map_or([1.0; 2], |pan| pan.gains(frame))
    }

    /// Whether the gain of channel `side` changes during the call.
    pub(crate) fn gain_moves(&self, side: usize) -> bool {
        let channel = &self.channels[side];
        channel.amp.moves()
            || channel.has_tremolo()
            || self.pan.as_ref().is_some_and(PanStage::moves)
            || self.follows_contour(side)
    }

    /// Whether both ears have the same tone.
    pub(crate) fn is_alike(&self) -> bool {
        let [left, right] = self.channels;
        let sides = self.pan.is_some() || self.phase_osc_range != Ramp::fixed(0.0);
        !sides && left == Channel { side: left.side, ..right }
    }

    /// Whether the level of channel `side` moves with its frequency.
    pub(crate) fn follows_contour(&self, side: usize) -> bool {
        let channel = &self.channels[side];
        self.loudness.is_some() && (channel.carrier.moves() || channel.has_vibrato())
    }
}

/// The closed form of the sum of a fixed, unskewed sine vibrato (spec 8.2), in cycles of carrier phase.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VibratoSum {
    deviation: f64,
    step: Turns,
    origin: Turns,
    at_origin: f64,
    /// Cycles per frame, if the vibrato is constant because its rate is a multiple of the frame rate.
    still: Option<f64>,
}

impl VibratoSum {
    /// The sum of the vibrato of `channel`.
    pub(crate) fn new(channel: &Channel, timing: &Timing) -> Self {
        let (lfo, range) = (&channel.vibrato, channel.vibrato_range.start);
        let rate = lfo.rate.start * timing.sum_step;
        let first = timing.vibrato_lead as f64 * rate + lfo.rate.start * timing.origin + lfo.offset.start;
        let half = sine(Turns::from_cycles(rate / 2.0));
        let origin = Turns::from_cycles(first - rate / 2.0);
        if half.abs() < 1e-12 {
            let still = range / 2.0 * timing.sum_step * sine(Turns::from_cycles(first));
            return Self { deviation: 0.0, step: Turns::ZERO, origin, at_origin: 0.0, still: Some(still) };
        }
        let deviation = range / 2.0 * timing.sum_step / (2.0 * half);
        Self { deviation, step: Turns::from_cycles(rate), origin, at_origin: cosine(origin), still: None }
    }

    /// The sum over the frames `0..n`, cycles.
    pub(crate) fn at(&self, n: u64) -> f64 {
        match self.still {
            Some(per_frame) => per_frame * n as f64,
            None => self.deviation * (self.at_origin - cosine(self.origin + self.step.times(n))),
        }
    }
}

/// Convert radians to cycles.
pub(crate) fn in_cycles(radians: f64) -> f64 {
    radians * 0.5 * FRAC_1_PI
}
