//! Bounds of a QAM sound for [`crate::voice::stages::band_limit`]: its frequencies, its peak and its smooth frames.

use super::{
    AMP_L, AMP_R, ATTACK_TIME, BASE_FREQ_L, BASE_FREQ_R, CROSS_MOD_DEPTH, HARMONIC_DEPTH, PHASE_OSC_FREQ,
    PHASE_OSC_RANGE, Qam, RELEASE_TIME, SIDEBAND_OFFSET,
};
use crate::error::Result;
use crate::voice::parts::am::AmModulator;
use crate::voice::parts::bandwidth::{Extent, greatest, phase_sidebands};
use crate::voice::stages::band_limit::Band;
use crate::voice::{Context, Param, Params};

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
        Some(coupling) => Some((greatest(params.ramp(&CROSS_MOD_DEPTH)?), coupling.delay())),
        None => None,
    };
    let Some(sub) = qam.sub.as_ref().map_or(Some((0.0, 1.0)), AmModulator::reach) else { return Ok(None) };
    let (side_reach, side_gain) = match &qam.sidebands {
        Some((_, depth)) => (params.number(&SIDEBAND_OFFSET)?.abs(), 1.0 + f64::from(depth.abs())),
        None => (0.0, 1.0),
    };
    let (swing_rate, swing_range) = (params.ramp(&PHASE_OSC_FREQ)?, params.ramp(&PHASE_OSC_RANGE)?);
    let partial = greatest(params.ramp(&HARMONIC_DEPTH)?);
    let mut band: Option<(Extent, f64)> = None;
    for (amp, frequency, mine, other) in [(&AMP_L, &BASE_FREQ_L, left, right), (&AMP_R, &BASE_FREQ_R, right, left)] {
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
    let fades = |row: &'static Param| Ok((params.number(row)?.max(0.0) * context.sample_rate).ceil() as u64);
    let (attack, release): (u64, u64) = (fades(&ATTACK_TIME)?, fades(&RELEASE_TIME)?);
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
