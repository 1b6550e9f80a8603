//! The named filters of spec voice-pipeline 9, applied to whole signals. Frequencies are in Hz.

use super::biquad::{Cascade, Section};
use super::butterworth::{bandpass, bandstop, highpass, lowpass};
use super::zero_phase::zero_phase;

/// `lowpass_filter`: causal Butterworth low-pass with `order` poles. The cutoff is clamped below the Nyquist frequency.
pub fn lowpass_filter(signal: &[f64], cutoff: f64, sample_rate: f64, order: usize) -> Vec<f64> {
    let nyquist = sample_rate * 0.5;
    causal(signal, lowpass(order, cutoff.min(0.9999 * nyquist).max(1e-6) / nyquist))
}

/// `bandpass_filter`: causal Butterworth band-pass with four poles, `centre / q` wide and centred on `centre`.
pub fn bandpass_filter(signal: &[f64], centre: f64, q: f64, sample_rate: f64) -> Vec<f64> {
    let (low, high) = band_edges(centre, q, sample_rate);
    causal(signal, bandpass(2, low, high))
}

/// `bandreject_filter`: causal Butterworth band-stop with the band edges of [`bandpass_filter`].
pub fn bandreject_filter(signal: &[f64], centre: f64, q: f64, sample_rate: f64) -> Vec<f64> {
    let (low, high) = band_edges(centre, q, sample_rate);
    causal(signal, bandstop(2, low, high))
}

/// The two stages of `apply_filters`, each of four poles: a high-pass at 30 Hz (if that is below the Nyquist frequency)
/// and a low-pass at 0.45 times the sample rate.
pub fn cleaning_stages(sample_rate: f64) -> Vec<Vec<Section>> {
    let nyquist = sample_rate * 0.5;
    let high = (nyquist > 30.0).then(|| highpass(4, 30.0 / nyquist));
    high.into_iter().chain([lowpass(4, 0.9)]).collect()
}

/// `apply_filters`: applies [`cleaning_stages`] with zero phase. Signals of fewer than 16 samples get a shorter
/// extension at their ends; with a rate of 0 or less the signal is unchanged.
pub fn apply_filters(signal: &[f64], sample_rate: f64) -> Vec<f64> {
    if sample_rate <= 0.0 {
        return signal.to_vec();
    }
    cleaning_stages(sample_rate).iter().fold(signal.to_vec(), |x, stage| zero_phase(stage, &x))
}

fn causal(signal: &[f64], sections: Vec<Section>) -> Vec<f64> {
    let mut out = signal.to_vec();
    Cascade::new(sections).process(&mut out);
    out
}

/// Band edges as fractions of the Nyquist frequency, clamped to a valid range and in ascending order.
fn band_edges(centre: f64, q: f64, sample_rate: f64) -> (f64, f64) {
    let nyquist = sample_rate * 0.5;
    let q = if q <= 0.0 { 0.1 } else { q };
    let centre = if centre <= 0.0 { 1.0 } else { centre };
    let half = centre / (2.0 * q);
    let low = (centre - half).max(1e-6);
    let high = (centre + half).max(low + 1e-6).min(0.9999 * nyquist) / nyquist;
    let low = low.min(0.9999 * nyquist) / nyquist;
    let low = if low >= high { 0.999 * high } else { low };
    (low.max(1e-9), high.min(1.0 - 1e-9))
}
