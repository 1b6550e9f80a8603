//! The filters of a measured set at the rate of a voice (spec hrtf-renderer 4, 5).

use std::sync::{Arc, OnceLock};

use super::blend::{Levels, NEIGHBOURS};
use super::convolver::{FilterWriter, filter_len, partitions};
use super::directions::Directions;
use crate::dsp::polyphase::Polyphase;
use crate::dsp::recent::Recent;
use crate::dsp::spline_delay::SplineDelay;
use crate::error::{Error, Result};
use crate::media::sofa::Hrirs;

/// Zeros that a delayed response gets at its end, besides the longest delay.
const PADDING: usize = 4;
/// Largest number of taps of all filters of a set together, for one ear.
const MOST_TAPS: usize = 1 << 26;
/// Directions whose dot products differ by less are the same.
const SAME_DIRECTION: f64 = 1e-9;

/// What the delays of a set do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DelayPolicy {
    /// They are part of the responses from the start.
    Bake,
    /// They stay beside the responses until these have the rate of the voice.
    Preserve,
}

/// The rules by which the filters of a set are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FilterRules {
    /// Rate of the voice, Hz.
    pub(crate) rate: f64,
    pub(crate) policy: DelayPolicy,
    /// Whether the quirks of the recordings are kept (`Compat::recorded_hrtf`).
    pub(crate) recorded: bool,
}

/// The filters of a set, ready for convolution.
#[derive(Debug)]
pub(crate) struct Filters {
    /// Unit vectors, and distances in metres.
    directions: Directions,
    distances: Vec<f64>,
    /// Whether the distances of equal directions differ.
    layered: bool,
    pub(super) partitions: usize,
    /// One filter per direction.
    spectra: Vec<f32>,
    /// Responses at the rate of the voice (direction, ear, tap), and their external delays in frames: what blends are
    /// made of.
    ir: Vec<f64>,
    ir_taps: usize,
    blend_taps: usize,
    delays: Vec<[f64; 2]>,
    levels: OnceLock<Arc<Levels>>,
}

impl Filters {
    /// The filters of `set`; the sets that were used last are kept.
    pub(crate) fn of(set: &Arc<Hrirs>, rules: FilterRules) -> Result<Arc<Self>> {
        static RECENT: Recent<(String, [u64; 3]), Result<Arc<Filters>, String>> = Recent::new();
        let FilterRules { rate, policy, recorded } = rules;
        let key = (set.sha256.clone(), [rate.to_bits(), (policy == DelayPolicy::Bake).into(), recorded.into()]);
        let made = RECENT.get(key, || Self::new(set, rules).map(Arc::new).map_err(|error| error.to_string()));
        made.as_ref().clone().map_err(|message| Error::Media { path: set.name.clone(), message })
    }

    pub(super) fn new(set: &Hrirs, rules: FilterRules) -> Result<Self> {
        let refuse = |message: String| Error::invalid("", message);
        let mut delays = set.delays_in_samples(rules.recorded).map_err(refuse)?;
        let (mut ir, mut taps) = (set.responses.clone(), set.taps);
        if rules.policy == DelayPolicy::Bake && delays.iter().flatten().any(|delay| *delay != 0.0) {
            (ir, taps) = delayed(&ir, taps, &delays).ok_or_else(|| refuse(too_long()))?;
            delays.fill([0.0; 2]);
        }
        if (rules.rate / set.sample_rate - 1.0).abs() > 1e-5 {
            let resampler = Polyphase::new(set.sample_rate, rules.rate)
                .ok_or_else(|| refuse(format!("{} Hz is too far from {} Hz", set.sample_rate, rules.rate)))?;
            if resampler.length(taps).saturating_mul(delays.len()) > MOST_TAPS {
                return Err(refuse(too_long()));
            }
            let gain = if rules.recorded { 1.0 } else { set.sample_rate / rules.rate };
            let other = ir.chunks_exact(taps).flat_map(|response| resampler.resampled(response));
            ir = other.map(|tap| tap * gain).collect();
            taps = resampler.length(taps);
            delays.iter_mut().flatten().for_each(|delay| *delay *= rules.rate / set.sample_rate);
        }
        let external = delays.iter().flatten().any(|delay| delay.abs() > 1e-12);
        let shifted =
            if external { Some(delayed(&ir, taps, &delays).ok_or_else(|| refuse(too_long()))?) } else { None };
        let (h, length) = shifted.as_ref().map_or((&ir, taps), |(h, length)| (h, *length));
        let partitions = partitions(length);
        let mut spectra = vec![0.0; filter_len(partitions) * delays.len()];
        let mut writer = FilterWriter::new();
        for (pair, out) in h.chunks_exact(2 * length).zip(spectra.chunks_exact_mut(filter_len(partitions))) {
            writer.write(&pair[..length], &pair[length..], out);
        }
        let distances: Vec<f64> = set.positions.iter().map(|p| norm(*p)).collect();
        let directions = Directions::new(set.positions.iter().zip(&distances).map(|(p, r)| p.map(|value| value / r)));
        let spread = distances.iter().fold((f64::MAX, 0.0_f64), |(a, b), r| (a.min(*r), b.max(*r)));
        Ok(Self {
            layered: !rules.recorded && spread.1 - spread.0 > 1e-3 * spread.1,
            directions,
            distances,
            partitions,
            spectra,
            blend_taps: if rules.recorded { taps } else { length },
            ir,
            ir_taps: taps,
            delays,
            levels: OnceLock::new(),
        })
    }

    /// The filter of a measured direction.
    pub(super) fn filter(&self, direction: usize) -> &[f32] {
        let len = filter_len(self.partitions);
        &self.spectra[direction * len..(direction + 1) * len]
    }

    /// The measured direction nearest to the unit vector `u`, and their dot product. Of several distances the one
    /// nearest to `distance` counts.
    pub(super) fn nearest(&self, u: [f64; 3], distance: f64) -> (usize, f64) {
        let mut best = self.directions.nearest(u);
        if self.layered {
            let away = |index: usize| (self.distances[index] - distance).abs();
            for (index, direction) in self.directions.iter().enumerate() {
                if dot(direction, u) >= best.1 - SAME_DIRECTION && away(index) < away(best.0) {
                    best.0 = index;
                }
            }
        }
        best
    }

    /// The directions nearest to the unit vector `u` with the weights of their blend; unused places have no weight.
    pub(super) fn neighbours(&self, u: [f64; 3]) -> [(usize, f64); NEIGHBOURS] {
        let mut found = [(0, f64::MAX); NEIGHBOURS];
        for (index, direction) in self.directions.iter().enumerate() {
            let angle = dot(direction, u).clamp(-1.0, 1.0).acos();
            let place = found.iter().position(|(_, known)| angle < *known);
            if let Some(place) = place {
                found.copy_within(place..NEIGHBOURS - 1, place + 1);
                found[place] = (index, angle);
            }
        }
        let weights = found.map(|(_, angle)| if angle == f64::MAX { 0.0 } else { 1.0 / angle.max(1e-9) });
        let sum: f64 = weights.iter().sum();
        std::array::from_fn(|i| (found[i].0, weights[i] / sum))
    }

    /// What blends are computed from; made on first use.
    pub(super) fn levels(&self) -> Arc<Levels> {
        let make = || Arc::new(Levels::new(&self.ir, self.ir_taps, &self.delays, self.blend_taps));
        Arc::clone(self.levels.get_or_init(make))
    }

    /// The lowest and the highest elevation of the directions, degrees.
    pub(crate) fn elevations(&self) -> [f64; 2] {
        let of = |u: [f64; 3]| u[2].clamp(-1.0, 1.0).asin().to_degrees();
        self.directions.iter().map(of).fold([90.0, -90.0], |[low, high], e| [low.min(e), high.max(e)])
    }
}

fn too_long() -> String {
    format!("the delayed or resampled responses have more than {MOST_TAPS} taps per ear")
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The length of a vector.
pub(super) fn norm(v: [f64; 3]) -> f64 {
    dot(v, v).sqrt()
}

/// The responses `ir` (direction, ear, tap), each later by its delay, and their length in taps; `None` if they are too
/// long.
fn delayed(ir: &[f64], taps: usize, delays: &[[f64; 2]]) -> Option<(Vec<f64>, usize)> {
    let longest = delays.iter().flatten().fold(0.0_f64, |longest, delay| longest.max(*delay));
    let length = taps + longest.ceil() as usize + PADDING;
    if length.saturating_mul(delays.len()) > MOST_TAPS {
        return None;
    }
    let mut out = vec![0.0; length * 2 * delays.len()];
    let mut padded = vec![0.0; length];
    let rows = ir.chunks_exact(taps).zip(out.chunks_exact_mut(length));
    for ((response, out), delay) in rows.zip(delays.iter().flatten()) {
        padded[..taps].copy_from_slice(response);
        SplineDelay::new(&padded).read(*delay, out);
    }
    Some((out, length))
}
