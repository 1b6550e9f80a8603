//! `spatial_angle_modulation`: a tone moved around the head with measured head-related impulse responses (KEMAR), by
//! overlap-add of frames (spec spatial-angle-modulation 1, 2).
//!
//! Under `Compat::sam_per_sample` there are no frames; see [`turning`].
//!
//! The level of the call depends on the whole signal and is measured when the voice is first rendered ([`level`]).
//! Cells are whole hops on an absolute grid. A hop depends only on the frames that overlap it and no state is carried
//! over, so any stretch gives the same bits. The voice runs at the requested sample rate, to which the responses are
//! resampled. Positive azimuth is left.

mod level;
mod moving;
mod path;
mod scene;
mod steady;
#[cfg(test)]
mod tests;
mod turning;

use std::sync::Arc;

use crate::dsp::curve::{Alpha, Curve};
use crate::dsp::hrir;
use crate::error::{Error, Result};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::lazy::lazy_with;
use crate::voice::measured_level::MeasuredLevel;
use crate::voice::param::{Moves, Param, TIMING};
use crate::voice::params::Params;
use crate::voice::parts::glide::Glide;
use crate::voice::parts::nyquist;
use crate::voice::parts::transition;
use crate::voice::silence::Silence;
use crate::voice::{Block, Context, Family, Heard, Voice};
use moving::Moving;
use path::{Path, PathShape, Sweep};
use scene::Scene;
use steady::Steady;

const fn own(row: Param, start: f64, end: f64) -> Param {
    row.moves(Moves::Own { start, end })
}

const AMP: Param =
    Param::number("amp", 0.7, "", "Amplitude of the source, clipped to 0..1; loud calls are scaled to a peak of 0.98.")
        .moves(Moves::Fixed);
const CARRIER_FREQ: Param =
    own(Param::number("carrierFreq", 440.0, "Hz", "Frequency of the tone; negative values count as 0."), 440.0, 440.0);
const BEAT_FREQ: Param =
    own(Param::number("beatFreq", 4.0, "Hz", "Turns along the path per second; 0: stays in front."), 4.0, 4.0);
const PATH_SHAPE: Param =
    own(Param::choice("pathShape", PathShape::NAMES, "circle", "Path of the source around the head."), 0.0, 0.0);
const PATH_RADIUS: Param =
    own(Param::number("pathRadius", 1.0, "", "Only its sign matters: negative is the opposite side."), 1.0, 1.0);
const ARC_START_DEG: Param =
    own(Param::number("arcStartDeg", 0.0, "deg", "Start of `arc` and `oscillating_arc`; positive is left."), 0.0, 0.0);
const ARC_END_DEG: Param =
    own(Param::number("arcEndDeg", 360.0, "deg", "End of `arc` and `oscillating_arc`."), 360.0, 360.0);
const FRAME_DUR_MS: Param = Param::number(
    "frame_dur_ms",
    46.4,
    "ms",
    "Length of the frames in which the direction is constant; no effect under `sam_per_sample`.",
)
.range(f64::MIN_POSITIVE, 10_000.0)
.moves(Moves::Fixed);
const OVERLAP_FACTOR: Param = Param::integer("overlap_factor", 8.0, "Frames per frame length.").range(2.0, 256.0);

const PARAMS: &[Param] =
    &[AMP, CARRIER_FREQ, BEAT_FREQ, PATH_SHAPE, PATH_RADIUS, ARC_START_DEG, ARC_END_DEG, FRAME_DUR_MS, OVERLAP_FACTOR];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "spatial_angle_modulation",
    transition: true,
    summary: "A tone that moves around the head, heard through measured ears (KEMAR).",
    source: "spec spatial-angle-modulation 1 and 2; responses: Gardner and Martin, MIT Media Lab, 1994",
    params: &[PARAMS],
    carrier: Some(&CARRIER_FREQ),
    beat: Some(&BEAT_FREQ),
    switched_timing: TIMING,
    heard: Heard::Phase,
    // overlapping frames fade in at the start of a call
    glides: false,
    is_spatial: true,
    build,
    ..Family::PLAIN
};

/// A method of computing the sound, hop by hop.
pub(crate) trait Engine: Clone + Send + Sync + 'static {
    /// Write all samples of hop `index`, times `gain`; `out` has the length of one hop.
    fn hop(&mut self, index: u64, gain: f32, out: Block<'_>);
}

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let frame_ms = params.number(&FRAME_DUR_MS);
    let overlap = params.number(&OVERLAP_FACTOR);
    if context.compat.silence_bad_voices && (frame_ms.is_err() || overlap.is_err()) {
        return Ok(Silence::boxed());
    }
    let (frame_ms, overlap) = (frame_ms?, overlap? as usize);
    let carrier = params.ramp(&CARRIER_FREQ)?;
    if nyquist::is_silent(context, params, &CARRIER_FREQ, carrier) {
        return Ok(Silence::boxed());
    }
    let glide = timed(context, params)?;
    let alpha = match &glide {
        Some(glide) => glide.alpha.clone(),
        None => Alpha::new(context.duration, context.frames, 0.0, None, Curve::Linear),
    };
    let limited = |voice| nyquist::limited(voice, context, params, &alpha, [(&CARRIER_FREQ, carrier); 2]);
    let sweep = |row: &'static Param| Ok::<_, Error>(Sweep::new(params.ramp(row)?, context.frames, glide.as_ref()));
    let shape = |spelling: &str| PathShape::named(params.choice_as(&PATH_SHAPE, spelling).unwrap_or("circle"));
    let [start, end] = if params.transition { PATH_SHAPE.ends() } else { [(); 2].map(|()| PATH_SHAPE.name.to_owned()) };
    let shape = (shape(&start), shape(&end));
    let rate = context.sample_rate;
    let frame = (frame_ms / 1000.0 * rate).round_ties_even() as usize;
    let scene = Scene {
        samples: context.frames,
        rate,
        amp: params.number(&AMP)?.clamp(0.0, 1.0),
        start: context.shift("carrier"),
        carrier: sweep(&CARRIER_FREQ)?,
        path: Path {
            start: context.shift("path"),
            beat: sweep(&BEAT_FREQ)?,
            radius: sweep(&PATH_RADIUS)?,
            arc: (sweep(&ARC_START_DEG)?, sweep(&ARC_END_DEG)?),
            shape,
            reshaped: glide.as_ref().map_or(context.frames.saturating_sub(1), |glide| glide.alpha.corners().1),
            rate,
        },
        frame,
        hop: frame / overlap,
        root: overlap == 2 || overlap == 4,
    };
    let level = Arc::clone(&context.level);
    if context.compat.sam_per_sample && context.frames > 0 {
        level.announce();
        let known = scene.clone();
        let make = move || turning::boxed(scene, overlap, &level);
        return Ok(limited(lazy_with(make, move |frame| known.oscillators(frame))));
    }
    if scene.hop == 0 || context.frames == 0 {
        if scene.hop == 0 {
            params
                .warn(FRAME_DUR_MS.name, format!("a frame of {frame} samples has no room for {overlap} hops; silent"));
        }
        return Ok(Silence::boxed());
    }
    level.announce();
    let known = scene.clone();
    let make = move || {
        let left_ear = hrir::left_ear(rate);
        let scene = Arc::new(scene);
        match Steady::new(&scene, &left_ear) {
            Some(engine) => Spatial::boxed(&scene, &left_ear, engine, &level),
            None => Spatial::boxed(&scene, &left_ear, Moving::new(&scene, &left_ear), &level),
        }
    };
    Ok(limited(lazy_with(make, move |frame| known.oscillators(frame))))
}

/// The transition that the parameters follow; `None` if they do not move, or move over the whole call.
fn timed(context: &Context, params: &Params<'_>) -> Result<Option<Arc<Glide>>> {
    if !context.compat.transition_timing || !params.transition {
        return Ok(None);
    }
    let alpha = transition::alpha(context, params)?;
    Ok(Some(Arc::new(Glide::new(alpha, 1.0 / context.sample_rate, context.frames))))
}

/// Shortest cell in samples.
const CELL: usize = 256;

#[derive(Debug, Clone)]
struct Spatial<E> {
    engine: E,
    hop: usize,
    /// Hops in the call.
    hops: u64,
    hops_per_cell: usize,
    gain: f32,
}

impl<E: Engine> Spatial<E> {
    fn boxed(scene: &Scene, left_ear: &[Vec<f64>], mut engine: E, level: &MeasuredLevel) -> Box<dyn Voice> {
        let gain = level.get_or_measure(|| level::gain(scene, left_ear, &mut engine));
        Cells::boxed(Self { engine, hop: scene.hop, hops: scene.hops(), hops_per_cell: CELL.div_ceil(scene.hop), gain })
    }
}

impl<E: Engine> CellSource for Spatial<E> {
    fn cell_len(&self) -> usize {
        self.hop * self.hops_per_cell
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        for i in 0..self.hops_per_cell {
            let mut part = out.part(i * self.hop, (i + 1) * self.hop);
            let hop = index * self.hops_per_cell as u64 + i as u64;
            if hop < self.hops {
                self.engine.hop(hop, self.gain, part);
            } else {
                part.clear();
            }
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }
}
