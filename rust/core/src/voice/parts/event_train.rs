//! A train of short sounds, such as clicks or chirps: when each begins in either ear, with what gain and polarity
//! (spec stimuli 3).

use super::pulse_clock::PulseClock;
use super::transition;
use crate::dsp::curve::Alpha;
use crate::dsp::pan::pan_gains;
use crate::error::{Error, Result};
use crate::voice::param::Moves;
use crate::voice::{Context, Onset, Param, Params, Ramp};

/// Most sounds of a train that may sound at once.
const MOST: f64 = 64.0;

pub(crate) const RATE_HZ: Param = Param::number("rate_hz", 40.0, "Hz", "Sounds per second; 0 or less is silence.");
const ONSET_MS: Param =
    Param::number("onset_ms", 0.0, "ms", "Time of the first sound.").range(0.0, 1e6).moves(Moves::Fixed);
const POLARITY: Param = Param::choice(
    "polarity",
    &["condensation", "rarefaction", "alternating"],
    "condensation",
    "Sign: positive, negative, or both in turn, positive first.",
);
const EARS: Param = Param::choice("ears", &["both", "left", "right"], "both", "The ears that hear it.");
const ITD_US: Param =
    Param::number("itd_us", 0.0, "us", "Time by which the right ear is later; negative: the left ear.")
        .range(-1e5, 1e5);
const AMP: Param = Param::number("amp", 0.5, "", "Amplitude.");
const PAN: Param =
    Param::number("pan", 0.0, "", "Position, -1 left to 1 right; gain 1 in both ears at 0.").range(-1.0, 1.0);

/// Rows of the trains.
pub(crate) const TABLE: &[Param] = &[RATE_HZ, ONSET_MS, POLARITY, EARS, ITD_US, AMP, PAN];

/// One sound of a train.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    /// Times in frames at which it begins in the left and the right ear.
    pub(crate) onsets: [f64; 2],
    /// Gains of the ears, with the sign.
    pub(crate) gains: [f64; 2],
    /// Interpolation factor of its parameters.
    pub(crate) alpha: f64,
}

/// When the sounds of a train begin, and how loud they are.
#[derive(Debug, Clone)]
pub(crate) struct EventTrain {
    clock: Option<PulseClock>,
    /// Frames before the first sound.
    start: f64,
    frame_rate: f64,
    polarity: [f64; 2],
    ears: [f64; 2],
    /// Frames.
    itd: Ramp,
    amp: Ramp,
    pan: Ramp,
    label: &'static str,
}

impl EventTrain {
    /// The train of the parameters of [`TABLE`]. `longest` is the length of its longest sound, seconds.
    pub(crate) fn read(
        context: &Context,
        params: &Params<'_>,
        alpha: Alpha,
        longest: f64,
        label: &'static str,
    ) -> Result<Self> {
        let rate = params.ramp(&RATE_HZ)?;
        let offset = if params.transition { 0.0 } else { transition::initial_offset(context, params)? };
        let (top, fastest) = (rate.start.max(rate.end), context.sample_rate / 2.0);
        let refuse = |message: String| {
            let name = params.given(&RATE_HZ).into_iter().next_back().unwrap_or_else(|| RATE_HZ.name.to_owned());
            Err(Error::invalid(name, message))
        };
        if top > fastest {
            return refuse(format!("expected at most half the sample rate ({fastest} Hz), got {top}"));
        }
        if top * longest > MOST {
            let ms = longest * 1000.0;
            return refuse(format!("expected at most {MOST} overlapping sounds, got {top} Hz and {ms} ms"));
        }
        let polarity = match params.choice(&POLARITY) {
            "rarefaction" => [-1.0, -1.0],
            "alternating" => [1.0, -1.0],
            _ => [1.0, 1.0],
        };
        let ears = match params.choice(&EARS) {
            "left" => [1.0, 0.0],
            "right" => [0.0, 1.0],
            _ => [1.0, 1.0],
        };
        let start = (params.number(&ONSET_MS)? / 1000.0 - offset) * context.sample_rate;
        let frames = context.frames;
        Ok(Self {
            clock: PulseClock::new(rate, alpha, context.sample_rate, Ramp::fixed(0.0), 0, frames),
            start,
            frame_rate: context.sample_rate,
            polarity,
            ears,
            itd: params.ramp(&ITD_US)?.map(|us| us * 1e-6 * context.sample_rate),
            amp: params.ramp(&AMP)?,
            pan: params.ramp(&PAN)?,
            label,
        })
    }

    /// Call `each` with every sound that begins in either ear between the times `from` and `to`, in frames, and with
    /// some that begin shortly before.
    pub(crate) fn events(&self, from: f64, to: f64, mut each: impl FnMut(&Event)) {
        let Some(clock) = &self.clock else { return };
        let itd = self.itd.start.abs().max(self.itd.end.abs());
        let frame = |time: f64| (time - self.start).floor() as i64;
        clock.pulses(frame(from - itd).max(0), frame(to) + 1, |index, onset| {
            let alpha = clock.alpha(onset).clamp(0.0, 1.0);
            let (first, itd) = (onset + self.start, self.itd.at(alpha));
            let sign = self.polarity[index.rem_euclid(2) as usize];
            let (left, right) = pan_gains(self.pan.at(alpha));
            let amp = sign * self.amp.at(alpha) * std::f64::consts::SQRT_2;
            each(&Event {
                onsets: [first + (-itd).max(0.0), first + itd.max(0.0)],
                gains: [amp * left * self.ears[0], amp * right * self.ears[1]],
                alpha,
            });
        });
    }

    /// Call `each` with the sounds whose first frame is in `from..to`. `seconds` is the length of one at an alpha.
    pub(crate) fn onsets(&self, from: u64, to: u64, seconds: impl Fn(f64) -> f64, each: &mut dyn FnMut(Onset)) {
        let Some(clock) = &self.clock else { return };
        let frame = |at: u64| (at as f64 - self.start).ceil().max(0.0) as i64;
        clock.pulses(frame(from) - 1, frame(to) + 1, |index, onset| {
            let at = super::pulse_clock::first_frame(onset + self.start);
            if at < from as i64 || at >= to as i64 {
                return;
            }
            let length = seconds(clock.alpha(onset).clamp(0.0, 1.0)) * self.frame_rate;
            each(Onset { frame: at.unsigned_abs(), length, index: index.unsigned_abs(), label: self.label });
        });
    }
}
