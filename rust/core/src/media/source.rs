//! The common interface of all readers: samples by position, whatever the format.

use super::fault::Res;

/// Audio with random access.
pub(super) trait Source: Send {
    /// Number of channels, at least one.
    fn channels(&self) -> usize;

    /// Length in frames.
    fn frames(&self) -> u64;

    /// Clears `out` (one vector per channel), fills it with at most `count` frames from `at` on, and returns their
    /// number.
    fn read(&mut self, at: u64, count: usize, out: &mut [Vec<f32>]) -> Res<usize>;

    /// An independent reader of the same audio.
    fn fork(&self) -> Res<Box<dyn Source>>;

    /// Number of damaged packets in everything read so far.
    fn damaged(&self) -> u64 {
        0
    }
}

/// Anomalies found in the samples of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// Whether all samples were checked when the file was opened.
    pub(super) searched: bool,
    /// Number of samples that are not finite.
    pub(super) strange: u64,
    /// Largest magnitude.
    pub(super) peak: f32,
}

/// Peak above which a file gives a warning: 12 dB above full scale, which is rarely intended.
pub(super) const FAR_TOO_LOUD: f32 = 4.0;

impl Found {
    /// Includes a sample in the statistics.
    pub(super) fn take(&mut self, x: f32) {
        if x.is_finite() {
            self.peak = self.peak.max(x.abs());
        } else {
            self.strange += 1;
        }
    }

    /// The anomalies as sentences.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.strange > 0 {
            warnings
                .push(format!("{} samples are not finite numbers (NaN, infinity) and play as silence", self.strange));
        }
        if self.peak > FAR_TOO_LOUD {
            warnings.push(format!("peaks {:.0} dB above full scale", 20.0 * self.peak.log10()));
        }
        warnings
    }
}
