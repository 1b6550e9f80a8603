//! The streaming form: noise of any length in bounded memory (spec noise 16.3 and 16.4).
//!
//! A cell has 64 segments of 2048 frames. It begins with cleared filters and a warm-up of several segments: as many as
//! the state of every notch stage needs to decay by [`warm_up`] nepers, which leaves an error below -100 dBFS (tested
//! below), but at most [`LONGEST_WARM_UP`] segments (6 s at 44.1 kHz). Notches with a longer memory (quality 100 at 20
//! Hz) are so narrow that the error is inaudible.

use std::sync::Arc;

use super::colour::Source;
use crate::dsp::noise::bank::{Bank, SEGMENT, Tuning};
use crate::dsp::noise::colour::Colour;
use crate::dsp::noise::conditioning::StaticNotch;
use crate::dsp::noise::ears::{Ears, Spectrum};
use crate::dsp::noise::filter::SweptFilter;
use crate::dsp::noise::glide::Glide;
use crate::dsp::noise::level;
use crate::dsp::noise::level::{CEILING, Grain, Steps};
use crate::dsp::noise::notch;
use crate::dsp::noise::notch::{Notch, decay_per_sample};
use crate::dsp::noise::stream::{Coloured, Tint};
use crate::dsp::noise::sweep::Motion;
use crate::dsp::recent::Recent;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::{Block, Voice};

/// Segments per cell, and per cell of a voice without notches, which needs no warm-up.
const CELL: i64 = 64;
const PLAIN_CELL: i64 = 8;
/// Frames per cell.
pub(crate) const CELL_FRAMES: u64 = CELL as u64 * SEGMENT as u64;
/// Largest number of warm-up segments before a cell.
const LONGEST_WARM_UP: i64 = 128;

/// Nepers by which a stage's state has to decay. A cascade of equal stages decays more slowly the more stages it has.
fn warm_up(stages: usize) -> f64 {
    8.0 + 3.0 * (stages as f64).sqrt()
}

/// The streaming form of a voice of `motion.frames` frames. If `clipped` is not set, rare samples exceed the peak of
/// 0.95.
pub(super) fn build(source: &Source, motion: Motion, statics: &[StaticNotch], clipped: bool) -> Box<dyn Voice> {
    Cells::boxed(Flow::new(band_limited(source, motion, statics).clipped_if(clipped)))
}

fn band_limited(source: &Source, motion: Motion, statics: &[StaticNotch]) -> Design {
    let rate = motion.sample_rate;
    let density = source.colour.power(rate, motion.frames);
    let grain = grain(source.colour, rate, motion.frames);
    let gains = if source.colour.is_silent() { [0.0; 2] } else { level::gains(&motion, &density, &grain, statics) };
    let tint = Arc::clone(&grain.tint);
    let channels = if motion.is_mono() { 1 } else { 2 };
    let noise = Noise::One { tint, seed: source.seed.of_stream() };
    Design::new(noise, gains, motion, statics, channels, Steps::Blocks)
}

/// What voices of this colour, rate and length have in common.
fn grain(colour: Colour, rate: f64, frames: u64) -> Arc<Grain> {
    static RECENT: Recent<(Colour, u64, u64), Grain> = Recent::new();
    // the length counts only where the exponent changes over the frequency axis
    let length = if colour.depends_on_length() { frames } else { 0 };
    RECENT.get((colour, rate.to_bits(), length), || Grain::new(colour.power(rate, frames), rate))
}

/// The noise before the notches.
pub(super) enum Noise {
    /// The same for both channels.
    One { tint: Arc<Tint>, seed: u64 },
    /// One signal for each ear of this correlation, from the frame `from` of its stream on.
    Ears { spectrum: Arc<Spectrum>, seed: u64, correlation: f64, from: i64 },
}

impl Noise {
    fn reader(&self) -> Reader {
        match self {
            Self::One { tint, seed } => Reader::One(Coloured::new(Arc::clone(tint), *seed)),
            Self::Ears { spectrum, seed, correlation, from } => {
                Reader::Ears { noise: Ears::new(Arc::clone(spectrum), *seed, *correlation), from: *from }
            }
        }
    }
}

/// A reader of the noise before the notches, with its cache.
enum Reader {
    One(Coloured),
    Ears { noise: Ears, from: i64 },
}

impl Reader {
    fn read(&mut self, frame: i64, [left, right]: [&mut [f64]; 2]) {
        match self {
            Self::One(noise) => noise.read(frame, left),
            Self::Ears { noise, from } => noise.read(*from + frame, left, right),
        }
    }
}

/// What noise through notches consists of, the same for all copies of the voice.
pub(super) struct Design {
    noise: Noise,
    motion: Arc<Motion>,
    statics: Vec<StaticNotch>,
    /// Decay of the slowest static notch in nepers per segment.
    standing: f64,
    steps: Steps,
    channels: usize,
    gains: [f32; 2],
    /// Magnitude at which samples are clipped.
    limit: f32,
    nepers: f64,
    /// Segments per cell.
    cell: i64,
    /// Whether there is nothing to filter. The streaming form of 16.3 is then filtered all the same, for its rounding.
    plain: bool,
}

impl Design {
    /// The same sound, clipped at the peak of the finished noise or not.
    pub(super) fn clipped_if(self, clipped: bool) -> Self {
        Self { limit: if clipped { CEILING as f32 } else { f32::MAX }, ..self }
    }

    /// `channels` is 1 if both channels are equal, else 2.
    pub(super) fn new(
        noise: Noise,
        gains: [f64; 2],
        motion: Motion,
        statics: &[StaticNotch],
        channels: usize,
        steps: Steps,
    ) -> Self {
        let frames = motion.frames;
        let rate = motion.sample_rate;
        let doubled = statics.iter().map(|n| 2 * n.stages).sum::<usize>();
        let stages = motion.tops().iter().sum::<usize>() * motion.passes() + doubled;
        let plain = stages == 0 && matches!(noise, Noise::Ears { .. });
        let most = if plain { PLAIN_CELL } else { CELL };
        // only the band-limited form is long in any case
        let cell = match noise {
            Noise::One { .. } => CELL,
            Noise::Ears { .. } => (frames.div_ceil(SEGMENT as u64) as i64).clamp(1, most),
        };
        let decays = statics.iter().filter_map(|n| decay_per_sample(n.frequency, n.q, rate));
        Self {
            noise,
            motion: Arc::new(motion),
            standing: decays.fold(f64::INFINITY, f64::min) * SEGMENT as f64,
            statics: statics.to_vec(),
            steps,
            channels,
            gains: gains.map(|g| g as f32),
            limit: CEILING as f32,
            nepers: warm_up(stages),
            cell,
            plain,
        }
    }

    /// First segment of the warm-up for the cell that begins at segment `first`.
    fn warm_from(&self, first: i64) -> i64 {
        // blocks filter every segment twice, but the first one once
        let (times, more) = match self.steps {
            Steps::Blocks => (1.0, 1),
            Steps::Glide => (0.5, 0),
        };
        let (mut moving, mut standing) = (0.0, 0.0);
        let mut segment = first;
        while (moving < self.nepers || standing < self.nepers) && first - segment < LONGEST_WARM_UP {
            segment -= 1;
            moving += times * self.motion.decay(segment);
            standing += self.standing;
        }
        segment - more
    }

    fn work(&self) -> Work {
        let notches = match self.steps {
            _ if self.plain => Notches::None([vec![0.0; SEGMENT], vec![0.0; SEGMENT]]),
            Steps::Blocks => Notches::Blocks(Box::new(Blocks::new(self))),
            Steps::Glide => {
                let rate = self.motion.sample_rate;
                let point = |n: &StaticNotch| (notch::point(n.frequency, n.q, 2 * n.stages, rate), 2 * n.stages);
                let fixed: Vec<_> = self.statics.iter().map(point).collect();
                Notches::Glide(Box::new(Glide::new(&self.motion, &fixed, self.channels)))
            }
        };
        Work { noise: self.noise.reader(), notches }
    }
}

/// What one copy of the voice computes with.
struct Work {
    noise: Reader,
    notches: Notches,
}

enum Notches {
    /// None, with buffers for the noise.
    None([Vec<f64>; 2]),
    Blocks(Box<Blocks>),
    Glide(Box<Glide>),
}

impl Work {
    /// Fills the planes of all channels with the frames from segment `first` on, filtered from segment `from` on.
    fn cell(&mut self, from: i64, first: i64, out: &mut [&mut [f32]]) {
        let Self { noise, notches } = self;
        match notches {
            Notches::None(inputs) => {
                let segments = out.first().map_or(0, |plane| plane.len()) / SEGMENT;
                for segment in 0..segments {
                    let [left, right] = &mut *inputs;
                    noise.read((first + segment as i64) * SEGMENT as i64, [left, right]);
                    for (plane, input) in out.iter_mut().zip(&*inputs) {
                        let span = segment * SEGMENT..(segment + 1) * SEGMENT;
                        plane[span].iter_mut().zip(input).for_each(|(out, v)| *out = *v as f32);
                    }
                }
            }
            Notches::Blocks(blocks) => blocks.cell(noise, from, first, out),
            Notches::Glide(glide) => {
                let frame = |segment: i64| segment * SEGMENT as i64;
                glide.run(frame(from), frame(first), |at, ears| noise.read(at, ears), out);
            }
        }
    }
}

/// Notches that move by crossfades between blocks.
struct Blocks {
    filter: SweptFilter,
    fixed: Fixed,
    inputs: [Vec<f64>; 2],
    out: Vec<Vec<f32>>,
}

impl Blocks {
    fn new(design: &Design) -> Self {
        Self {
            filter: SweptFilter::with_channels(Arc::clone(&design.motion), design.channels),
            fixed: Fixed::new(tuned(&design.statics, design.channels, design.motion.sample_rate), design.channels),
            inputs: [vec![0.0; SEGMENT], vec![0.0; SEGMENT]],
            out: vec![vec![0.0; SEGMENT]; design.channels],
        }
    }

    fn cell(&mut self, noise: &mut Reader, from: i64, first: i64, out: &mut [&mut [f32]]) {
        self.filter.reset();
        self.fixed.bank.reset();
        for segment in from..first {
            self.segment(noise, segment);
        }
        let segments = out.first().map_or(0, |plane| plane.len()) / SEGMENT;
        for segment in 0..segments {
            self.segment(noise, first + segment as i64);
            for (plane, signal) in out.iter_mut().zip(&self.out) {
                plane[segment * SEGMENT..(segment + 1) * SEGMENT].copy_from_slice(signal);
            }
        }
    }

    fn segment(&mut self, noise: &mut Reader, index: i64) {
        let [left, right] = &mut self.inputs;
        noise.read(index * SEGMENT as i64, [left, right]);
        let [left, right] = &self.inputs;
        let both = [&left[..], right];
        let inputs = if matches!(noise, Reader::One(_)) { &both[..1] } else { &both };
        self.filter.segment(index, None, inputs, &mut self.out);
        self.fixed.segment(&mut self.out);
    }
}

/// Noise through notches, cell by cell. A prototype, which is only copied, holds no buffers.
pub(super) struct Flow {
    design: Arc<Design>,
    work: Option<Box<Work>>,
}

impl Flow {
    pub(super) fn new(design: Design) -> Self {
        Self { design: Arc::new(design), work: None }
    }
}

impl CellSource for Flow {
    fn cell_len(&self) -> usize {
        self.design.cell as usize * SEGMENT
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let design = &*self.design;
        let work = self.work.get_or_insert_with(|| Box::new(design.work()));
        let first = index as i64 * design.cell;
        let from = if design.plain { first } else { design.warm_from(first) };
        let (left, right) = (out.left, out.right);
        work.cell(from, first, &mut [&mut *left, &mut *right][..design.channels]);
        if design.channels == 1 {
            right.copy_from_slice(left);
        }
        for (plane, gain) in [left, right].into_iter().zip(design.gains) {
            for v in plane {
                *v = (*v * gain).clamp(-design.limit, design.limit);
            }
        }
    }

    fn prepare(&mut self) {
        let design = &*self.design;
        self.work.get_or_insert_with(|| Box::new(design.work()));
    }

    fn fork(&self) -> Self {
        Self { design: Arc::clone(&self.design), work: None }
    }
}

/// The stages of the static notches, which run forward only. Twice the stages give the magnitude response of the
/// forward-backward form.
fn tuned(statics: &[StaticNotch], channels: usize, rate: f64) -> Vec<Tuning> {
    let stages = |n: &StaticNotch| std::iter::repeat_n(Notch::new(n.frequency, n.q, rate), 2 * n.stages * channels);
    statics.iter().flat_map(stages).collect()
}

/// The static notches.
struct Fixed {
    bank: Bank,
    tuning: Vec<Tuning>,
    input: Vec<Vec<f64>>,
    output: Vec<Vec<f64>>,
}

impl Fixed {
    fn new(tuning: Vec<Tuning>, channels: usize) -> Self {
        let buffers = vec![vec![0.0; SEGMENT]; channels];
        let bank = Bank::new(channels, tuning.len() / channels);
        Self { bank, tuning, input: buffers.clone(), output: buffers }
    }

    fn segment(&mut self, planes: &mut [Vec<f32>]) {
        if self.tuning.is_empty() {
            return;
        }
        for (plane, input) in planes.iter().zip(&mut self.input) {
            input.iter_mut().zip(plane).for_each(|(x, v)| *x = f64::from(*v));
        }
        let empty: &[f64] = &[];
        let mut inputs = [empty; 2];
        inputs.iter_mut().zip(&self.input).for_each(|(view, input)| *view = input);
        self.bank.segment(&inputs[..self.input.len()], Some(&self.tuning), None, &mut self.output);
        for (plane, output) in planes.iter_mut().zip(&self.output) {
            plane.iter_mut().zip(output).for_each(|(v, y)| *v = *y as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::curve::{Alpha, Curve};
    use crate::dsp::noise::colour::Shape;
    use crate::dsp::noise::sweep::{Drift, Sweep, Waveform};
    use crate::dsp::noise::whole::Seed;
    use crate::dsp::ramp::Ramp;

    fn flow(colour: Colour, sweeps: &[[f64; 4]], second: Option<f64>, drift: Drift, statics: &[StaticNotch]) -> Flow {
        let rate = 44_100.0;
        let fixed = Ramp::fixed;
        let motion = Motion {
            sweeps: sweeps
                .iter()
                .map(|s| Sweep { min: fixed(s[0]), max: fixed(s[1]), q: fixed(s[2]), stages: fixed(s[3]) })
                .collect(),
            waveform: Waveform::Sine,
            rate: Ramp { start: 0.0415, end: 0.3 },
            offset: fixed(0.5),
            second: second.map(fixed),
            drift,
            sample_rate: rate,
            frames: 3600 * 44_100,
        };
        Flow::new(band_limited(&Source { colour, seed: Seed::Legacy(1) }, motion, statics))
    }

    fn design_of(flow: &Flow) -> Design {
        let design = &*flow.design;
        let noise = match &design.noise {
            Noise::One { tint, seed } => Noise::One { tint: Arc::clone(tint), seed: *seed },
            Noise::Ears { .. } => unreachable!("the band-limited form"),
        };
        Design { noise, motion: Arc::clone(&design.motion), statics: design.statics.clone(), ..*design }
    }

    /// Largest difference at the start of a cell against filters that have been running for long, of full scale.
    fn residue(flow: &mut Flow, cell: u64) -> f32 {
        let first = cell as i64 * CELL;
        let len = flow.cell_len();
        let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
        flow.cell(cell, Block::new(&mut left, &mut right));
        let design = &flow.design;
        let mut settled = vec![vec![0.0; 8 * SEGMENT]; design.channels];
        let mut planes: Vec<&mut [f32]> = settled.iter_mut().map(|plane| &mut plane[..]).collect();
        design.work().cell(first - 3 * LONGEST_WARM_UP, first, &mut planes);
        let mut worst = 0.0_f32;
        for (channel, plane) in [left, right].into_iter().enumerate() {
            for (settled, v) in settled[channel.min(design.channels - 1)].iter().zip(plane) {
                let settled = (settled * design.gains[channel]).clamp(-0.95, 0.95);
                worst = worst.max((settled - v).abs());
            }
        }
        worst
    }

    #[test]
    fn cells_begin_within_minus_100_decibels_of_settled_filters() {
        let pink = Colour::Shaped(Shape::power_law(1.0));
        let brown = Colour::Shaped(Shape::power_law(2.0));
        let moving = Alpha::new(3600.0, 3600 * 44_100, 5.0, Some(60.0), Curve::Linear);
        let rolling = [[100.0, 2000.0, 25.0, 10.0], [250.0, 7000.0, 5.0, 3.0], [2000.0, 16_000.0, 5.0, 1.0]];
        let notch = StaticNotch { frequency: 100.0, q: 10.0, stages: 2 };
        let cases = [
            (pink, &[[1000.0, 10_000.0, 25.0, 10.0]][..], None, Drift::Still, None),
            (brown, &rolling, Some(3.0), Drift::Still, None),
            (pink, &rolling, Some(0.0), Drift::Moving(moving), None),
            (brown, &[[60.0, 300.0, 1.0, 4.0]], None, Drift::Still, None),
            (brown, &[], None, Drift::Still, Some(notch)),
        ];
        for (i, (colour, sweeps, second, drift, fixed)) in cases.into_iter().enumerate() {
            let mut blocks = flow(colour, sweeps, second, drift, fixed.as_slice());
            let glide = Arc::new(Design { steps: Steps::Glide, ..design_of(&blocks) });
            let mut glide = Flow { design: glide, work: None };
            for cell in [0, 1, 3, 6, 9] {
                for flow in [&mut blocks, &mut glide] {
                    let worst = residue(flow, cell);
                    assert!(worst < 1e-5, "case {i}, cell {cell}, {:?}: {worst:e}", flow.design.steps);
                }
            }
        }
    }
}
