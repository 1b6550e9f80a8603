//! Noise bursts ("glitches") of the binaural transition (spec binaural-and-isochronic 3), one at the end of every
//! interval. A burst is filtered to a band around the carrier, rises linearly and stops abruptly. It depends only on
//! the voice's seed and the burst's number, so any burst can be computed by itself.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};

use crate::dsp::fft;
use crate::dsp::noise::counter::White;
use crate::error::Result;
use crate::voice::param::Param;
use crate::voice::params::Params;
use crate::voice::{Block, Context};

const GLITCH_INTERVAL: Param =
    Param::number("glitchInterval", 0.0, "s", "Time between noise bursts; 0: none. Only in the transition.");
const GLITCH_DUR: Param = Param::number("glitchDur", 0.0, "s", "Length of a noise burst.");
const GLITCH_NOISE_LEVEL: Param = Param::number("glitchNoiseLevel", 0.0, "", "Peak of a noise burst.");
const GLITCH_FOCUS_WIDTH: Param =
    Param::number("glitchFocusWidth", 0.0, "Hz", "Width of the band around the carrier; 0: white.");
const GLITCH_FOCUS_EXP: Param =
    Param::number("glitchFocusExp", 0.0, "", "Steepness of the band's edges (2: a Gaussian).");

/// Parameters of the bursts; of each only the mean of start and end is used.
pub(crate) const TABLE: &[Param] =
    &[GLITCH_INTERVAL, GLITCH_DUR, GLITCH_NOISE_LEVEL, GLITCH_FOCUS_WIDTH, GLITCH_FOCUS_EXP];

/// Distance of the random streams of two bursts, in frames.
const STREAM: i64 = 1 << 24;

/// All bursts of one voice.
pub(crate) struct Glitch {
    interval: f64,
    lead: f64,
    rate: f64,
    frames: u64,
    len: usize,
    count: u64,
    level: f64,
    white: White,
    /// Gain per frequency bin; empty for white noise.
    focus: Arc<[f32]>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    scratch: Vec<Complex<f32>>,
    bins: Vec<Complex<f32>>,
    draw: Vec<f32>,
    /// Cached bursts with their numbers, as many as can overlap.
    slots: Vec<(u64, Vec<f32>)>,
}

impl Glitch {
    /// The bursts around `carrier` Hz; `None` if the parameters ask for none.
    pub(crate) fn read(context: &Context, params: &Params<'_>, carrier: f64) -> Result<Option<Self>> {
        let mean = |row: &'static Param| params.ramp(row).map(|ramp| 0.5 * (ramp.start + ramp.end));
        let (interval, lead, level) = (mean(&GLITCH_INTERVAL)?, mean(&GLITCH_DUR)?, mean(&GLITCH_NOISE_LEVEL)?);
        let (width, steepness) = (mean(&GLITCH_FOCUS_WIDTH)?, mean(&GLITCH_FOCUS_EXP)?);
        let len = (lead * context.sample_rate).min(context.frames as f64).max(0.0) as usize;
        let whole = len as f64 >= (lead * context.sample_rate).trunc();
        if !params.transition || interval <= 0.0 || level <= 0.0 || len == 0 || !whole {
            return Ok(None);
        }
        let (forward, inverse) = fft::pair(len);
        let focus = if width == 0.0 {
            Vec::new()
        } else {
            let gain = |bin: usize| {
                let frequency = bin as f64 * context.sample_rate / len as f64;
                (-0.5 * ((frequency - carrier) / width).abs().powf(steepness)).exp() as f32
            };
            (0..=len / 2).map(gain).collect()
        };
        let overlapping = (lead / interval).ceil() as usize + 1;
        Ok(Some(Self {
            interval,
            lead,
            rate: context.sample_rate,
            frames: context.frames,
            len,
            count: (context.duration / interval) as u64,
            level,
            white: White::new(context.seed),
            focus: focus.into(),
            scratch: vec![Complex::default(); forward.get_scratch_len().max(inverse.get_scratch_len())],
            bins: forward.make_output_vec(),
            draw: vec![0.0; len],
            slots: vec![(0, vec![0.0; len]); overlapping.min(64)],
            forward,
            inverse,
        }))
    }

    pub(crate) fn fork(&self) -> Self {
        Self {
            white: self.white,
            focus: self.focus.clone(),
            forward: self.forward.clone(),
            inverse: self.inverse.clone(),
            scratch: self.scratch.clone(),
            bins: self.bins.clone(),
            draw: self.draw.clone(),
            slots: self.slots.clone(),
            ..*self
        }
    }

    /// First frame of burst `k` (from 1).
    fn start(&self, k: u64) -> u64 {
        ((k as f64 * self.interval - self.lead).max(0.0) * self.rate) as u64
    }

    /// Add the bursts to a stretch that begins at frame `first`. `gains` returns the left and right gain at a frame.
    pub(crate) fn add(&mut self, first: u64, out: Block<'_>, gains: impl Fn(u64) -> [f64; 2]) {
        let end = (first + out.len() as u64).min(self.frames);
        let seconds = |frame: u64| frame as f64 / self.rate;
        // a burst ends with its interval; bursts that would begin before the call begin with the call instead
        let earliest = if first < self.len as u64 { 0 } else { (seconds(first) / self.interval) as u64 };
        let earliest = earliest.saturating_sub(1).max(1);
        let latest = (((seconds(end) + self.lead) / self.interval) as u64 + 1).min(self.count);
        for k in earliest..=latest {
            let start = self.start(k);
            if start >= end || start + self.len as u64 <= first || start + self.len as u64 > self.frames {
                continue;
            }
            let slot = self.burst(k);
            let samples = &self.slots[slot].1;
            for frame in start.max(first)..end.min(start + self.len as u64) {
                let (at, x) = ((frame - start) as usize, (frame - first) as usize);
                let [left, right] = gains(frame);
                out.left[x] += samples[at] * left as f32;
                out.right[x] += samples[at] * right as f32;
            }
        }
    }

    /// Compute burst `k` unless it is cached, and return its slot.
    fn burst(&mut self, k: u64) -> usize {
        let slot = (k % self.slots.len() as u64) as usize;
        if self.slots[slot].0 == k {
            return slot;
        }
        self.white.fill(k as i64 * STREAM, &mut self.draw);
        let samples = &mut self.slots[slot].1;
        samples.copy_from_slice(&self.draw);
        if !self.focus.is_empty() {
            // the buffers have the lengths that the plans expect, so no error is possible
            let _ = self.forward.process_with_scratch(&mut self.draw, &mut self.bins, &mut self.scratch);
            for (bin, gain) in self.bins.iter_mut().zip(self.focus.iter()) {
                *bin *= *gain;
            }
            if let Some(first) = self.bins.first_mut() {
                first.im = 0.0;
            }
            if let Some(last) = self.bins.last_mut().filter(|_| self.len.is_multiple_of(2)) {
                last.im = 0.0;
            }
            let _ = self.inverse.process_with_scratch(&mut self.bins, samples, &mut self.scratch);
        }
        let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        let level = if peak < 1e-16 { 0.0 } else { self.level / f64::from(peak) };
        let rise = level / self.len.saturating_sub(1).max(1) as f64;
        for (j, sample) in samples.iter_mut().enumerate() {
            *sample = (f64::from(*sample) * j as f64 * rise) as f32;
        }
        self.slots[slot].0 = k;
        slot
    }
}
