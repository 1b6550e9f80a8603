//! The level of an exported file: what it is brought to, and the gain that this takes (spec assembly 10.2).

use std::sync::Arc;

use super::encode::Subtype;
use super::offline::render_stream;
use super::shaping::{Shaper, Shaping};
use crate::dsp::meter::{LoudnessMeter, TruePeak};
use crate::dsp::mix;
use crate::error::Result;
use crate::parallel::Progress;
use crate::plan::Plan;

/// A track whose peak does not exceed this linear level is silent, and is not normalised.
const SILENT: f32 = 1e-9;

/// The level to which the whole track is brought in a file (spec assembly 10.2).
///
/// ```
/// # use std::sync::Arc;
/// # use realtime_backend_core::plan::{Plan, PlanOptions};
/// # use realtime_backend_core::track::Track;
/// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
/// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
/// # let plan = Arc::new(Plan::compile(&track, &PlanOptions::default())?.0);
/// use realtime_backend_core::render::TargetLevel;
///
/// assert_eq!(TargetLevel::Track.peak(&plan), Some(TargetLevel::NORMALISED));
/// assert_eq!(TargetLevel::Peak(0.5).peak(&plan), Some(0.5));
/// assert_eq!(TargetLevel::Mix.peak(&plan), None);
/// # Ok::<(), realtime_backend_core::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum TargetLevel {
    /// What suits the track: a peak of [`TargetLevel::NORMALISED`] if its steps are normalised, the level of the mix if
    /// its voices sound at the amplitudes that they state.
    #[default]
    Track,
    /// The level of the mix.
    Mix,
    /// Largest magnitude of a sample, linear.
    Peak(f32),
    /// Integrated loudness, LUFS (EBU R 128).
    Loudness(f64),
    /// The true peak that [`super::ExportOptions::true_peak`] allows.
    TruePeak,
}

impl TargetLevel {
    /// The default peak of a track whose steps are normalised, linear.
    pub const NORMALISED: f32 = 0.25;

    /// The linear peak for a file of `plan`; `None` if the level is not a peak.
    pub fn peak(self, plan: &Plan) -> Option<f32> {
        match self {
            Self::Track => (!plan.has_absolute_levels()).then_some(Self::NORMALISED),
            Self::Peak(peak) => Some(peak),
            Self::Mix | Self::Loudness(_) | Self::TruePeak => None,
        }
    }

    /// The linear peak for a stream of `plan`; `None` plays the level of the mix. As for a file, except that
    /// [`TargetLevel::Track`] keeps the level of the mix for tracks without the switch `absolute_levels` (spec
    /// streaming-and-bindings 2.1).
    pub fn stream_peak(self, plan: &Plan) -> Option<f32> {
        self.peak(plan).filter(|_| self != Self::Track || plan.compat().absolute_levels)
    }

    /// The gain that brings a track with this peak to `target`; 1 for silence and without a target.
    pub(super) fn gain(target: Option<f32>, peak: f32) -> f32 {
        target.filter(|_| peak > SILENT).map_or(1.0, |target| target / peak)
    }
}

/// How the level of a file came about.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reached {
    /// Linear gain on the mix.
    pub gain: f32,
    /// Integrated loudness of the whole track in the file, LUFS. `None` if it was not measured or is not defined.
    pub loudness: Option<f64>,
    /// True peak of the whole track in the file, dBTP. `None` if it was not measured or the track is silent.
    pub true_peak: Option<f64>,
    /// By how much the limit of the true peak lowered the gain, dB.
    pub lowered: f64,
}

/// What a pass over the whole track found.
pub(super) struct Measurement {
    meter: LoudnessMeter,
    true_peak: f64,
    peak: f32,
}

impl Measurement {
    /// Render the track and measure it, or its one channel. All steps must be measured.
    pub(super) fn of(plan: &Arc<Plan>, mono: bool, threads: usize, progress: Progress<'_>) -> Result<Self> {
        let mut shaper = Shaper::new(Shaping { mono, ..Shaping::default() }, plan.frames());
        let mut silence = Vec::new();
        let mut peak = 0.0_f32;
        let mut meter = LoudnessMeter::new(plan.sample_rate())?;
        let mut true_peak = TruePeak::new(plan.sample_rate());
        let mut take = |left: &[f32], right: &[f32]| {
            let [left, right] = shaper.apply(left, right);
            true_peak.add(left, right);
            peak = peak.max(mix::peak(left)).max(mix::peak(right));
            silence.resize(left.len(), 0.0);
            // one channel counts as one loudspeaker
            meter.add(left, if mono { &silence } else { right })
        };
        render_stream(plan, 0..plan.frames(), 1.0, threads, &mut take, progress)?;
        Ok(Self { meter, true_peak: true_peak.peak(), peak })
    }

    /// Largest magnitude of a sample.
    pub(super) const fn peak(&self) -> f32 {
        self.peak
    }

    /// The gain that brings the track to `target`, lowered if its true peak would exceed `limit` dBTP in samples of
    /// this type. `plain` is the gain for a target that is no loudness and no true peak.
    pub(super) fn gain(&self, target: TargetLevel, plain: f32, limit: Option<f64>, subtype: Subtype) -> Reached {
        let known = |level: f64| 20.0 * level.log10();
        let sounds = self.true_peak > f64::from(SILENT);
        let limit = limit
            .filter(|_| sounds)
            .map(|limit| known(10_f64.powf(limit / 20.0) - rounding(subtype)) - known(self.true_peak));
        let wanted = match target {
            TargetLevel::Loudness(target) => self.meter.gain_to(target).unwrap_or(0.0),
            TargetLevel::TruePeak => limit.unwrap_or(0.0),
            TargetLevel::Track | TargetLevel::Mix | TargetLevel::Peak(_) => known(f64::from(plain)),
        };
        let gain = limit.map_or(wanted, |limit| wanted.min(limit));
        Reached {
            gain: 10_f64.powf(gain / 20.0) as f32,
            loudness: self.meter.integrated_after(gain),
            true_peak: sounds.then(|| known(self.true_peak) + gain),
            lowered: wanted - gain,
        }
    }
}

/// By how much dither and rounding can raise a peak, linear.
fn rounding(subtype: Subtype) -> f64 {
    match subtype {
        Subtype::Pcm16 => 2.0 / 32_767.0,
        Subtype::Pcm24 => 2.0 / 8_388_607.0,
        Subtype::Float32 => 0.0,
    }
}

impl Reached {
    /// A gain that needed no measurement of loudness.
    pub(super) const fn by(gain: f32) -> Self {
        Self { gain, loudness: None, true_peak: None, lowered: 0.0 }
    }

    /// Why the level is not the one that was asked for, as text for people. `None` if it is.
    pub(super) fn shortfall(&self, target: TargetLevel, limit: Option<f64>) -> Option<String> {
        if self.true_peak.is_none() {
            return Some("the track is silent and is written as it is".to_owned());
        }
        let limit = limit.filter(|_| self.lowered > 0.005);
        match (target, self.loudness, limit) {
            (TargetLevel::Loudness(target), None, _) => Some(format!(
                "the track is shorter than 0.4 s, so it has no loudness: it is not brought to {target} LUFS"
            )),
            (TargetLevel::Loudness(target), Some(reached), Some(limit)) => Some(format!(
                "the loudness is {reached:.1} LUFS instead of {target}: with more, the true peak would exceed {limit} dBTP"
            )),
            (_, _, Some(limit)) => Some(format!(
                "the level is {:.1} dB lower than asked for: with more, the true peak would exceed {limit} dBTP",
                self.lowered
            )),
            _ => None,
        }
    }
}
