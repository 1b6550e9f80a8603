//! The stages after the finished noise: a volume, or amplitudes with fades and an envelope (spec noise 11).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::generator::AMP_ENVELOPE;
use super::numbers::{first, num};
use crate::dsp::curve::Alpha;
use crate::dsp::ramp::Ramp;
use crate::error::{Error, Result};
use crate::json::value::{number, shown};
use crate::order::order;
use crate::voice::{Block, Context, Voice};

/// A noise body times a constant factor.
pub(super) struct Volume {
    pub(super) body: Box<dyn Voice>,
    pub(super) factor: f32,
}

impl Voice for Volume {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.body.render(start, out.reborrow());
        out.left.iter_mut().chain(out.right.iter_mut()).for_each(|v| *v *= self.factor);
    }

    fn prepare(&mut self) {
        self.body.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { body: self.body.fork(), factor: self.factor })
    }
}

/// A noise body times amplitudes, fades and an envelope, clipped at the limit of `shaping`.
pub(super) struct Shaped {
    pub(super) body: Box<dyn Voice>,
    pub(super) shaping: Shaping,
}

/// The closed forms of all factors at any frame.
#[derive(Debug, Clone)]
pub(super) struct Shaping {
    /// Amplitude of the left and the right channel.
    pub(super) amplitudes: [Ramp; 2],
    /// Interpolation factor of the amplitudes.
    pub(super) alpha: Alpha,
    /// Frames of the sound and frames of the transition, if they differ.
    pub(super) stretch: Option<(u64, u64)>,
    /// Fades and breakpoints.
    pub(super) envelope: InputEnvelope,
    /// Largest magnitude of a sample.
    pub(super) limit: f32,
}

/// The magnitude at which a finished noise voice is clipped.
pub(super) const fn limit(context: &Context) -> f32 {
    if context.compat.no_hidden_clipping { f32::MAX } else { 1.0 }
}

impl Shaping {
    /// Interpolation factor in single precision, as in the recordings.
    fn factor(&self, frame: u64) -> f32 {
        let Some((frames, given)) = self.stretch else { return self.alpha.at(frame) as f32 };
        if given == 0 || frames == 0 {
            return 0.0;
        }
        let place = frame as f64 / frames as f64 * given as f64;
        let low = (place as u64).min(given - 1);
        let (a, b) = (self.alpha.at(low) as f32, self.alpha.at((low + 1).min(given - 1)) as f32);
        (f64::from(a) + (f64::from(b) - f64::from(a)) * (place - low as f64).min(1.0)) as f32
    }

    fn moves(&self) -> bool {
        self.amplitudes.iter().any(|a| a.moves())
    }
}

impl Voice for Shaped {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.body.render(start, out.reborrow());
        let shaping = &self.shaping;
        if !shaping.moves() && shaping.envelope.is_flat() {
            for (plane, amplitude) in
                [(&mut *out.left, shaping.amplitudes[0]), (&mut *out.right, shaping.amplitudes[1])]
            {
                for v in plane {
                    *v = finite(*v * amplitude.start as f32, shaping.limit);
                }
            }
            return;
        }
        for (k, (left, right)) in out.left.iter_mut().zip(out.right.iter_mut()).enumerate() {
            let frame = start + k as u64;
            let envelope = shaping.envelope.at(frame);
            let factor = f64::from(shaping.factor(frame));
            *left = finite(*left * (envelope * shaping.amplitudes[0].at(factor) as f32), shaping.limit);
            *right = finite(*right * (envelope * shaping.amplitudes[1].at(factor) as f32), shaping.limit);
        }
    }

    fn prepare(&mut self) {
        self.body.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { body: self.body.fork(), shaping: self.shaping.clone() })
    }
}

/// `v` clipped at ±`limit`; NaN becomes 0.
fn finite(v: f32, limit: f32) -> f32 {
    if v.is_nan() { 0.0 } else { v.clamp(-limit, limit) }
}

/// A voice clipped at a magnitude (after the spatial stage).
pub(super) struct Clipped(pub(super) Box<dyn Voice>, pub(super) f32);

impl Voice for Clipped {
    fn render(&mut self, start: u64, mut out: Block<'_>) {
        self.0.render(start, out.reborrow());
        out.left.iter_mut().chain(out.right.iter_mut()).for_each(|v| *v = finite(*v, self.1));
    }

    fn prepare(&mut self) {
        self.0.prepare();
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self(self.0.fork(), self.1))
    }
}

/// Fades and a breakpoint envelope over a sound of `frames` frames.
#[derive(Debug, Clone, Default)]
pub(super) struct InputEnvelope {
    frames: u64,
    fade_in: u64,
    fade_out: u64,
    /// Breakpoints as (frame, amplitude), in order of time.
    points: Arc<[(f64, f64)]>,
}

impl InputEnvelope {
    /// `fades` are fade-in and fade-out in seconds, `points` pairs of seconds and amplitude in order of time.
    pub(super) fn new(frames: u64, rate: f64, fades: [f64; 2], points: &[(f64, f64)]) -> Self {
        let [fade_in, fade_out] = fades.map(|s| ((s.max(0.0) * rate).round_ties_even() as u64).min(frames));
        let points = points.iter().map(|(t, a)| (t * rate, *a)).collect();
        Self { frames, fade_in, fade_out, points }
    }

    fn is_flat(&self) -> bool {
        self.fade_in == 0 && self.fade_out == 0 && self.points.is_empty()
    }

    fn at(&self, frame: u64) -> f32 {
        let mut value = 1.0_f32;
        let place = |i: u64, n: u64| if n < 2 { 0.0 } else { i as f64 / (n - 1) as f64 };
        if frame < self.fade_in {
            value = place(frame, self.fade_in) as f32;
        }
        let begin = self.frames - self.fade_out;
        if frame >= begin && frame < self.frames {
            value *= (1.0 - place(frame - begin, self.fade_out)) as f32;
        }
        if !self.points.is_empty() {
            value *= self.breakpoints(frame as f64) as f32;
        }
        value
    }

    fn breakpoints(&self, x: f64) -> f64 {
        let after = self.points.partition_point(|(t, _)| *t <= x);
        match (after.checked_sub(1).map(|i| self.points[i]), self.points.get(after)) {
            (Some((t0, a0)), Some((t1, a1))) => a0 + (a1 - a0) / (t1 - t0) * (x - t0),
            (Some((_, a)), None) => a,
            (None, Some((_, a))) => *a,
            (None, None) => 1.0,
        }
    }
}

/// The breakpoints of `amp_envelope` (spec noise 11) as pairs of seconds and amplitude, in order of time. Entries that
/// are neither objects nor pairs are skipped.
pub(super) fn points(value: Option<&Value>) -> Result<Vec<(f64, f64)>> {
    let name = AMP_ENVELOPE.name;
    let items = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(Error::invalid(name, format!("expected a list, got {}", shown(other)))),
    };
    let read = |item: &Value| -> Result<Option<(f64, f64)>> {
        Ok(match item {
            Value::Object(e) => Some((pick(e, &["time", "t", "x"], 0.0)?, pick(e, &["amp", "value", "y"], 1.0)?)),
            Value::Array(pair) => match (pair.first().and_then(number), pair.get(1).and_then(number)) {
                (Some(t), Some(a)) if t.is_finite() && a.is_finite() => Some((t, a)),
                _ => None,
            },
            _ => None,
        })
    };
    let mut points = Vec::new();
    for (i, item) in items.iter().enumerate() {
        points.extend(read(item).map_err(|e| e.within(&format!("[{i}]")).within(name))?);
    }
    for (t, _) in &mut points {
        *t = t.max(0.0);
    }
    points.sort_by_cached_key(|(time, _)| order(*time));
    Ok(points)
}

fn pick(entry: &Map<String, Value>, keys: &[&str], default: f64) -> Result<f64> {
    num(first(entry, keys), default)
}
