//! The exact form: the whole signal in memory while a voice sounds (spec noise 1).

use std::sync::{Arc, Mutex, Weak};

use super::colour::Source;
use crate::dsp::noise::bank::SEGMENT;
use crate::dsp::noise::conditioning::{Conditioning, StaticNotch};
use crate::dsp::noise::filter::SweptFilter;
use crate::dsp::noise::level::CEILING;
use crate::dsp::noise::sweep::Motion;
use crate::dsp::noise::transforms::Transforms;
use crate::dsp::noise::whole::whole;
use crate::lock::lock;
use crate::voice::wholes::{Planes, Wholes};
use crate::voice::{Block, Voice};

/// What the signal is computed from.
pub(super) struct Whole {
    pub(super) source: Source,
    pub(super) motion: Motion,
    pub(super) statics: Vec<StaticNotch>,
    pub(super) clipped: bool,
}

impl Whole {
    fn planes(&self, transforms: &Transforms) -> Planes {
        let (frames, rate) = (self.motion.frames as usize, self.motion.sample_rate);
        let samples = whole(&self.source.colour, self.source.seed, frames, rate, transforms);
        processed(samples, self.motion.clone(), &self.statics, self.clipped)
    }
}

/// How the copies of a voice get its signal.
struct Shared {
    whole: Whole,
    /// The signal, as long as a copy holds it.
    made: Mutex<Weak<Planes>>,
    wholes: Arc<Wholes>,
}

impl Shared {
    fn planes(&self) -> Arc<Planes> {
        let mut made = lock(&self.made);
        let planes = made.upgrade().unwrap_or_else(|| Arc::new(self.whole.planes(&self.wholes.transforms)));
        *made = Arc::downgrade(&planes);
        drop(made);
        self.wholes.keep(&planes);
        planes
    }
}

/// A voice of a whole signal, which is computed when the voice is prepared. A prototype, which is only copied, does not
/// hold it.
pub(super) struct Exact {
    shared: Option<Arc<Shared>>,
    planes: Option<Arc<Planes>>,
}

impl Exact {
    /// The voice of a signal that is computed when it is needed.
    pub(super) fn boxed(whole: Whole, wholes: Arc<Wholes>) -> Box<dyn Voice> {
        let shared = Shared { whole, made: Mutex::new(Weak::new()), wholes };
        Box::new(Self { shared: Some(Arc::new(shared)), planes: None })
    }

    /// The voice of this signal.
    pub(super) fn of(planes: Planes) -> Box<dyn Voice> {
        Box::new(Self { shared: None, planes: Some(Arc::new(planes)) })
    }
}

impl Voice for Exact {
    fn render(&mut self, start: u64, out: Block<'_>) {
        self.prepare();
        let planes: &[Vec<f32>] = self.planes.as_ref().map_or(&[], |planes| planes);
        for (plane, out) in [(planes.first(), out.left), (planes.last(), out.right)] {
            let plane = plane.map_or(&[][..], |plane| plane);
            let from = (start as usize).min(plane.len());
            let count = out.len().min(plane.len() - from);
            out[..count].copy_from_slice(&plane[from..from + count]);
            out[count..].fill(0.0);
        }
    }

    fn prepare(&mut self) {
        if let (None, Some(shared)) = (&self.planes, &self.shared) {
            self.planes = Some(shared.planes());
        }
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { shared: self.shared.clone(), planes: self.planes.clone() })
    }
}

/// The source samples `x` processed as a whole.
pub(super) fn processed(mut x: Vec<f64>, motion: Motion, statics: &[StaticNotch], clipped: bool) -> Planes {
    let rate = motion.sample_rate;
    let rms = Conditioning::new(rate).apply(&mut x);
    let mut planes = swept(&x, motion);
    drop(x);
    for plane in &mut planes {
        match_rms(plane, rms);
        if statics.is_empty() {
            continue;
        }
        let mut y: Vec<f64> = plane.iter().map(|v| f64::from(*v)).collect();
        for notch in statics {
            notch.apply(&mut y, rate);
        }
        plane.iter_mut().zip(&y).for_each(|(v, y)| *v = *y as f32);
    }
    finish(&mut planes, clipped);
    planes
}

/// `x` through the moving notches, as one plane per channel, or a single plane if both channels are equal.
fn swept(x: &[f64], motion: Motion) -> Vec<Vec<f32>> {
    let n = x.len();
    let mut filter = SweptFilter::new(Arc::new(motion));
    let channels = filter.channels();
    let mut planes = vec![vec![0.0; n]; channels];
    let mut out = vec![vec![0.0; SEGMENT]; channels];
    let mut padded = vec![0.0; SEGMENT];
    for (k, segment) in x.chunks(SEGMENT).enumerate() {
        let input = if segment.len() == SEGMENT {
            segment
        } else {
            padded[..segment.len()].copy_from_slice(segment);
            padded[segment.len()..].fill(0.0);
            &padded
        };
        filter.segment(k as i64, Some(n as u64), &[input], &mut out);
        for (plane, out) in planes.iter_mut().zip(&out) {
            plane[k * SEGMENT..k * SEGMENT + segment.len()].copy_from_slice(&out[..segment.len()]);
        }
    }
    planes
}

/// Scale a channel to the RMS level `wanted` (spec noise 10.1), unless it is silent.
fn match_rms(plane: &mut [f32], wanted: f64) {
    let sum: f64 = plane.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
    let rms = (sum / plane.len().max(1) as f64).sqrt();
    if rms > 1e-8 {
        let factor = wanted / rms;
        for v in plane {
            *v = (f64::from(*v) * factor) as f32;
        }
    }
}

/// If `clipped` is set, clip to 0.95 if the peak exceeds it, else scale to a peak of 0.95 (spec noise 10.3).
fn finish(planes: &mut [Vec<f32>], clipped: bool) {
    let ceiling = CEILING as f32;
    let peak = planes.iter().flatten().fold(0.0_f32, |peak, v| peak.max(v.abs()));
    let all = planes.iter_mut().flatten();
    if clipped && peak > ceiling {
        all.for_each(|v| *v = v.clamp(-ceiling, ceiling));
    } else if peak > 0.0 {
        all.for_each(|v| *v = *v / peak * ceiling);
    }
}
