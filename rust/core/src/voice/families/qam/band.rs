//! Bounds of a QAM sound for [`crate::voice::stages::band_limit`]: its frequencies, its peak and its smooth frames.

use super::Qam;
use crate::error::Result;
use crate::voice::parts::am::AmModulator;
use crate::voice::parts::bandwidth::{Extent, greatest, phase_sidebands};
use crate::voice::stages::band_limit::Band;
use crate::voice::{Context, Params};

/// The bounds of `qam`; `None` if a modulator is shaped, or if the transition has corners or its curve is an
/// expression.
pub(super) fn of(context: &Context, params: &Params<'_>, qam: &Qam) -> Result<Option<Band>> {
    let alpha = &qam.glide.alpha;
    let whole = alpha.is_smooth() && alpha.corners().0 <= 1 && alpha.corners().1 >= context.frames;
    if !(alpha.is_constant() || whole) {
        return Ok(None);
    }
    let (Some(left), Some(right)) = (own(qam, 0), own(qam, 1)) else { return Ok(None) };
    let coupled = match &qam.coupling {
        Some(coupling) => Some((greatest(params.ramp("crossModDepth")?), coupling.delay())),
        None => None,
    };
    let Some(sub) = qam.sub.as_ref().map_or(Some((0.0, 1.0)), AmModulator::reach) else { return Ok(None) };
    let (side_reach, side_gain) = match &qam.sidebands {
        Some((_, depth)) => (params.number("sidebandOffset")?.abs(), 1.0 + f64::from(depth.abs())),
        None => (0.0, 1.0),
    };
    let (swing_rate, swing_range) = (params.ramp("phaseOscFreq")?, params.ramp("phaseOscRange")?);
    let partial = greatest(params.ramp("harmonicDepth")?);
    let mut band: Option<(Extent, f64)> = None;
    for (amp, frequency, mine, other) in [("ampL", "baseFreqL", left, right), ("ampR", "baseFreqR", right, left)] {
        let frequency = params.ramp(frequency)?;
        let mut reach = mine.0 + sub.0 + side_reach;
        let mut peak = greatest(params.ramp(amp)?) * mine.1 * sub.1 * (side_gain + partial);
        if let Some((depth, _)) = coupled {
            reach += other.0;
            peak *= 1.0 + depth * (other.1 - 1.0);
        }
        let mut extent = Extent::of(frequency).widened(reach + phase_sidebands(swing_rate, swing_range));
        if partial > 0.0 {
            let phase_osc = phase_sidebands(swing_rate, swing_range.map(|range| range * qam.ratio));
            extent = extent.with(Extent::of(frequency.map(|hz| hz * qam.ratio)).widened(reach + phase_osc));
        }
        band = Some(band.map_or((extent, peak), |(all, top)| (all.with(extent), top.max(peak))));
    }
    let fades = |name: &str| Ok((params.number(name)?.max(0.0) * context.sample_rate).ceil() as u64);
    let (attack, release): (u64, u64) = (fades("attackTime")?, fades("releaseTime")?);
    let begin = coupled.map_or(0, |(_, delay)| delay).max(attack);
    Ok(band.map(|(extent, peak)| Band {
        lowest: extent.lowest,
        highest: extent.highest,
        peak,
        smooth: begin..context.frames.saturating_sub(release),
    }))
}

/// Sideband reach in Hz and largest gain of one ear's own modulators; `None` if the reach is unbounded.
fn own(qam: &Qam, ear: usize) -> Option<(f64, f64)> {
    [&qam.envelope.first[ear], &qam.envelope.second[ear]].into_iter().flatten().try_fold((0.0, 1.0), |sum, am| {
        let (reach, gain) = am.reach()?;
        Some((sum.0 + reach, sum.1 * gain))
    })
}
