//! The samples that a lossy codec gets: planar, and at a rate that it takes.

use std::io;

use super::format::Channels;
use crate::error::Result;
use crate::media::resample::{self, Converter};

/// Collects frames for a codec, resampled if the codec has another rate.
pub(super) struct Feed {
    /// Bytes of the frames that arrive.
    frame_bytes: usize,
    /// Left and right frames that the codec has not taken yet; in mono both are the one channel.
    pub(super) ready: [Vec<f32>; 2],
    resampler: Option<Resampler>,
}

impl Feed {
    /// A feed from `from` Hz to `to` Hz, of these channels of sound.
    ///
    /// # Errors
    /// `InvalidInput` if the rates cannot be converted.
    pub(super) fn new(from: u32, to: u32, channels: Channels) -> io::Result<Self> {
        let resampler = if from == to { None } else { Some(Resampler::new(from, to)?) };
        Ok(Self { frame_bytes: 4 * usize::from(channels.sound()), ready: [Vec::new(), Vec::new()], resampler })
    }

    /// Append interleaved frames, `f32` in little-endian order.
    pub(super) fn push(&mut self, frames: &[u8]) {
        let to = match &mut self.resampler {
            Some(resampler) => &mut resampler.pending,
            None => &mut self.ready,
        };
        let mut push = |channel: usize, bytes: &[u8]| {
            to[channel].push(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        };
        for frame in frames.chunks_exact(self.frame_bytes) {
            push(0, frame);
            push(1, &frame[self.frame_bytes - 4..]);
        }
        if let Some(resampler) = &mut self.resampler {
            resampler.taken += (frames.len() / self.frame_bytes) as u64;
            resampler.convert(&mut self.ready);
        }
    }

    /// Resample what is left. Call it once, after the last frame.
    pub(super) fn end(&mut self) {
        if let Some(resampler) = &mut self.resampler {
            resampler.end(&mut self.ready);
        }
    }

    /// Take the first `count` frames.
    pub(super) fn drop_front(&mut self, count: usize) {
        self.ready.iter_mut().for_each(|channel| drop(channel.drain(..count)));
    }
}

/// Windowed-sinc conversion (rubato) of a stream, without delay.
struct Resampler {
    converter: Converter,
    /// Frames of a block before and after conversion.
    block: (usize, usize),
    pending: [Vec<f32>; 2],
    /// Frames of the converter's delay that are still to be left out.
    skip: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    fn new(from: u32, to: u32) -> io::Result<Self> {
        let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
        let block = resample::block(from, to)
            .ok_or_else(|| invalid(format!("sound at {from} Hz cannot be resampled to {to} Hz")))?;
        let converter: Result<Converter> = Converter::new((from, to), block, 2);
        let converter = converter.map_err(|error| invalid(error.to_string()))?;
        let pending = [Vec::new(), Vec::new()];
        Ok(Self { converter, block, pending, skip: block.1 / 2, taken: 0, given: 0 })
    }

    /// Convert the blocks that are complete.
    fn convert(&mut self, out: &mut [Vec<f32>; 2]) {
        let (before, after) = self.block;
        let whole = self.pending[0].len() / before;
        for index in 0..whole {
            let block = index * before..(index + 1) * before;
            let pending = &self.pending;
            let converted = self.converter.convert(|left, right| {
                left.copy_from_slice(&pending[0][block.clone()]);
                right.copy_from_slice(&pending[1][block]);
            });
            let skip = self.skip.min(after);
            self.skip -= skip;
            for (out, channel) in out.iter_mut().zip(converted) {
                out.extend(channel[skip..].iter().map(|sample| *sample as f32));
            }
            self.given += (after - skip) as u64;
        }
        self.pending.iter_mut().for_each(|channel| drop(channel.drain(..whole * before)));
    }

    /// Convert the rest and as much silence after it as the delay takes.
    fn end(&mut self, out: &mut [Vec<f32>; 2]) {
        let (from, to) = self.converter.rates();
        let total = resample::sinc_len(self.taken, from, to);
        while self.given < total {
            self.pending.iter_mut().for_each(|channel| channel.resize(self.block.0, 0.0));
            self.convert(out);
        }
        let surplus = (self.given - total) as usize;
        for channel in out {
            channel.truncate(channel.len() - surplus);
        }
        self.given = total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resampled_sine_keeps_its_phase_and_length() {
        let tone = |n: usize, rate: f64| (std::f64::consts::TAU * 200.0 * n as f64 / rate).sin() as f32;
        for (from, frames) in [(44_100_u32, 44_100_usize), (96_000, 50_001), (8000, 777)] {
            let bytes: Vec<u8> =
                (0..frames).flat_map(|n| [tone(n, f64::from(from)), 0.0]).flat_map(f32::to_le_bytes).collect();
            let mut feed = Feed::new(from, 48_000, Channels::default()).unwrap();
            bytes.chunks(8 * 333).for_each(|part| feed.push(part));
            feed.end();
            assert_eq!(feed.ready[0].len(), (frames * 48_000).div_ceil(from as usize));
            let edge = 300 * 48_000 / from.min(48_000) as usize;
            for n in edge..feed.ready[0].len() - edge {
                assert!((feed.ready[0][n] - tone(n, 48_000.0)).abs() < 1e-4, "{from} Hz, {n}");
            }
        }
    }
}
