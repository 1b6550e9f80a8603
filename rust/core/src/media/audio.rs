//! Decoded audio: planar samples, a sample rate, and warnings about the file.

use super::resample;
use super::resample::Resampling;
use crate::error::Result;

/// A decoded file: one vector of samples per channel, all of the same length, in -1..1 (16 bit: value/32768).
///
/// Samples are `f32`: exact for integer files up to 24 bit and for float32 files (spec assembly 9.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Audio {
    channels: Vec<Vec<f32>>,
    sample_rate: u32,
    warnings: Vec<String>,
}

impl Audio {
    /// Audio from planar channels. Channels of different lengths are cut to the shortest; without channels the audio
    /// has one empty channel.
    pub fn new(mut channels: Vec<Vec<f32>>, sample_rate: u32) -> Self {
        if channels.is_empty() {
            channels.push(Vec::new());
        }
        let frames = channels.iter().map(Vec::len).min().unwrap_or(0);
        for channel in &mut channels {
            channel.truncate(frames);
        }
        Self { channels, sample_rate, warnings: Vec::new() }
    }

    /// The same audio with these warnings.
    pub(super) fn with_warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings = warnings;
        self
    }

    /// Length in frames (samples per channel).
    pub fn frames(&self) -> usize {
        self.channels[0].len()
    }

    /// Sample rate in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames() as f64 / f64::from(self.sample_rate.max(1))
    }

    /// The samples of all channels, at least one.
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// Defects of the file that did not prevent decoding (truncated, damaged packets), as sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Left and right channel: a mono file gives the same channel twice, a file with more than two channels its first
    /// two (spec track-format 6).
    pub fn stereo(&self) -> (&[f32], &[f32]) {
        (&self.channels[0], self.channels.get(1).unwrap_or(&self.channels[0]))
    }

    /// The mean of all channels, which is the input of `subliminal_encode`.
    pub fn mean(&self) -> Vec<f32> {
        if let [only] = self.channels.as_slice() {
            return only.clone();
        }
        let count = self.channels.len() as f64;
        (0..self.frames())
            .map(|i| (self.channels.iter().map(|c| f64::from(c[i])).sum::<f64>() / count) as f32)
            .collect()
    }

    /// The same audio at `sample_rate` Hz. Each channel is converted separately, in `f64`.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] if a rate is 0 or the result would be too long.
    pub fn resampled(&self, sample_rate: u32, method: Resampling) -> Result<Self> {
        if sample_rate == self.sample_rate {
            return Ok(self.clone());
        }
        let channels = self.channels.iter().map(|x| resample::convert(x, self.sample_rate, sample_rate, method));
        let channels = channels.collect::<Result<Vec<_>>>()?;
        Ok(Self::new(channels, sample_rate).with_warnings(self.warnings.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mono_plays_on_both_sides_and_surround_gives_two_channels() {
        let mono = Audio::new(vec![vec![0.25, -0.5]], 8000);
        assert_eq!(mono.stereo(), (&[0.25, -0.5][..], &[0.25, -0.5][..]));
        let four = Audio::new(vec![vec![1.0], vec![2.0], vec![3.0], vec![6.0]], 8000);
        assert_eq!(four.stereo(), (&[1.0][..], &[2.0][..]));
    }

    #[test]
    fn the_mean_counts_every_channel() {
        let three = Audio::new(vec![vec![0.5, 0.0], vec![0.25, 0.0], vec![0.0, -0.75]], 8000);
        assert_eq!(three.mean(), vec![0.25, -0.25]);
        assert_eq!(three.frames(), 2);
        assert_eq!(three.seconds(), 2.0 / 8000.0);
    }

    #[test]
    fn channels_of_different_lengths_are_cut_to_the_shortest() {
        let ragged = Audio::new(vec![vec![0.0; 5], vec![0.0; 3]], 8000);
        assert!(ragged.channels().iter().all(|c| c.len() == 3));
        assert_eq!(Audio::new(Vec::new(), 8000).frames(), 0);
    }
}
