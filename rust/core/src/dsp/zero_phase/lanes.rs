//! The inner loops of zero-phase filtering: two channels and eight parts of a cell in parallel lanes.

use std::ops::Range;

use multiversion::multiversion;

use super::window::{BIAS, Frame, LANES, MAX_SECTIONS, PARTS, Part, Stage, Unit};

/// Number of frames that are loaded, filtered and stored together, while they are in the first-level cache.
const TILE: usize = 64;

/// Filters the windows of all parts through `stages` and writes the parts to `out`. `p` is the length of the extension
/// at each end of `lanes`.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx+avx2"))]
pub(super) fn filter_lanes(
    stages: &[Stage],
    gain: f64,
    lanes: &mut [Frame],
    p: usize,
    raw: &[Vec<f32>; 2],
    parts: &[Part; PARTS],
    mut out: [&mut [f32]; 2],
) {
    let window = lanes.len() - 2 * p;
    for (i, stage) in stages.iter().enumerate() {
        if i == 0 {
            load(lanes, p, 0..p + 1, raw, parts);
            load(lanes, p, window - p - 1..window, raw, parts);
        }
        extend(lanes, p, window);
        let input = (i == 0).then_some((raw, parts));
        let output = (i + 1 == stages.len()).then_some((&mut out, parts, gain));
        both_ways(stage, lanes, p, input, output);
    }
}

type Input<'a> = Option<(&'a [Vec<f32>; 2], &'a [Part; PARTS])>;
type Output<'a, 'b> = Option<(&'a mut [&'b mut [f32]; 2], &'a [Part; PARTS], f64)>;

/// Runs one stage over the extended window. The first stage loads the raw signal during its forward pass; the last one
/// stores the result during its backward pass.
#[inline(always)]
fn both_ways(stage: &Stage, lanes: &mut [Frame], p: usize, input: Input<'_>, mut output: Output<'_, '_>) {
    let window = lanes.len() - 2 * p;
    // the extensions at both ends, and between them tiles of the window; in frames of the window
    let tiles = (0..window).step_by(TILE).map(|from| (from, (from + TILE).min(window)));

    let mut filter = Lanes::settled(stage, &lanes[0]);
    filter.run(lanes[..p].iter_mut());
    for (from, to) in tiles.clone().chain([(window, window + p)]) {
        if let Some((raw, parts)) = input.filter(|_| to <= window) {
            load(lanes, p, from..to, raw, parts);
        }
        filter.run(lanes[p + from..p + to].iter_mut());
    }

    let mut filter = Lanes::settled(stage, &lanes[lanes.len() - 1]);
    let wanted = output.as_ref().map_or(0, |(_, parts, _)| parts.iter().map(|part| part.skip).min().unwrap_or(0));
    for (from, to) in tiles.chain([(window, window + p)]).rev() {
        if to <= wanted {
            break;
        }
        filter.run(lanes[p + from..p + to].iter_mut().rev());
        if let Some((out, parts, gain)) = output.as_mut().filter(|_| to <= window) {
            unload(lanes, p, from..to, out, parts, *gain);
        }
    }
}

/// Loads the raw signal of the frames `range` of the window into all lanes.
#[inline(always)]
fn load(lanes: &mut [Frame], p: usize, range: Range<usize>, raw: &[Vec<f32>; 2], parts: &[Part; PARTS]) {
    let count = range.len();
    let tile = &mut lanes[p + range.start..][..count];
    for four in 0..LANES / 4 {
        let source = |lane: usize| &raw[lane % 2][parts[lane / 2].raw + range.start..][..count];
        let sources = [source(4 * four), source(4 * four + 1), source(4 * four + 2), source(4 * four + 3)];
        let [a, b, c, d] = sources.map(|source| source.as_chunks::<4>().0);
        let (blocks, rest) = tile.as_chunks_mut::<4>();
        let whole = 4 * blocks.len();
        for (k, block) in blocks.iter_mut().enumerate() {
            let columns = turned([a[k], b[k], c[k], d[k]]);
            for (frame, column) in block.iter_mut().zip(columns) {
                for (value, x) in frame[4 * four..][..4].iter_mut().zip(column) {
                    *value = f64::from(x) + BIAS;
                }
            }
        }
        for (k, frame) in rest.iter_mut().enumerate() {
            for (value, source) in frame[4 * four..][..4].iter_mut().zip(sources) {
                *value = f64::from(source[whole + k]) + BIAS;
            }
        }
    }
}

/// Transposes a 4 × 4 matrix, which compiles to register shuffles.
#[inline(always)]
fn turned(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    let [a, b, c, d] = rows;
    [[a[0], b[0], c[0], d[0]], [a[1], b[1], c[1], d[1]], [a[2], b[2], c[2], d[2]], [a[3], b[3], c[3], d[3]]]
}

/// Stores the part of the frames `range` of the window that belongs to the output, from all lanes.
#[inline(always)]
fn unload(lanes: &[Frame], p: usize, range: Range<usize>, out: &mut [&mut [f32]; 2], parts: &[Part; PARTS], gain: f64) {
    let whole = |part: &Part| part.skip <= range.start && range.end <= part.skip + part.count;
    if parts.iter().all(whole) {
        return unload_tile(&lanes[p + range.start..p + range.end], range.start, out, parts, gain);
    }
    for lane in 0..LANES {
        let part = &parts[lane / 2];
        let from = range.start.max(part.skip);
        let to = range.end.min(part.skip + part.count);
        if from >= to {
            continue;
        }
        let place = part.out + from - part.skip;
        let target = &mut out[lane % 2][place..place + (to - from)];
        for (sample, frame) in target.iter_mut().zip(&lanes[p + from..p + to]) {
            *sample = sample_of(frame[lane], gain);
        }
    }
}

/// [`unload`] for a tile that belongs to the output in every part. The tile begins at frame `start` of the window.
#[inline(always)]
fn unload_tile(tile: &[Frame], start: usize, out: &mut [&mut [f32]; 2], parts: &[Part; PARTS], gain: f64) {
    let [left, right] = out;
    let mut rest: (&mut [f32], &mut [f32]) = (left, right);
    let mut at = 0;
    // the parts are adjacent in the output
    let mut targets: [_; PARTS] = std::array::from_fn(|index| {
        let place = parts[index].out + start - parts[index].skip;
        let cut = |whole| {
            let whole: &mut [f32] = whole;
            let (part, rest) = whole.split_at_mut(place - at).1.split_at_mut(tile.len());
            (part, rest)
        };
        let (left, left_rest) = cut(std::mem::take(&mut rest.0));
        let (right, right_rest) = cut(std::mem::take(&mut rest.1));
        rest = (left_rest, right_rest);
        at = place + tile.len();
        [left, right]
    });
    let whole = tile.len() / 4 * 4;
    for (four, targets) in targets.as_flattened_mut().chunks_exact_mut(4).enumerate() {
        let at = |frame: &Frame| {
            let lane = 4 * four;
            let sample = |value: f64| sample_of(value, gain);
            [sample(frame[lane]), sample(frame[lane + 1]), sample(frame[lane + 2]), sample(frame[lane + 3])]
        };
        for (k, block) in tile.as_chunks::<4>().0.iter().enumerate() {
            let [a, b, c, d] = block;
            let columns = turned([at(a), at(b), at(c), at(d)]);
            let k = 4 * k;
            for (target, column) in targets.iter_mut().zip(columns) {
                target[k..k + 4].copy_from_slice(&column);
            }
        }
        for (k, frame) in tile.iter().enumerate().skip(whole) {
            for (target, sample) in targets.iter_mut().zip(at(frame)) {
                target[k] = sample;
            }
        }
    }
}

/// The output sample of a lane; magnitudes below 1e-20 become exact silence.
#[inline(always)]
fn sample_of(value: f64, gain: f64) -> f32 {
    let value = (value * gain) as f32;
    if value.abs() < 1e-20 { 0.0 } else { value }
}

/// Extends the window at both ends by odd reflection.
#[inline(always)]
fn extend(lanes: &mut [Frame], p: usize, window: usize) {
    let (first, last) = (lanes[p], lanes[p + window - 1]);
    for k in 1..=p {
        let (before, after) = (lanes[p + k], lanes[p + window - 1 - k]);
        for lane in 0..LANES {
            lanes[p - k][lane] = 2.0 * first[lane] - before[lane];
            lanes[p + window - 1 + k][lane] = 2.0 * last[lane] - after[lane];
        }
    }
}

/// The sections of a stage, which filter all lanes at once.
struct Lanes<'a> {
    stage: &'a Stage,
    z1: [Frame; MAX_SECTIONS],
    z2: [Frame; MAX_SECTIONS],
}

impl<'a> Lanes<'a> {
    /// The steady state for the constant input `level`.
    #[inline(always)]
    fn settled(stage: &'a Stage, level: &Frame) -> Self {
        let state = |index: usize| stage.units.map(|unit| level.map(|x| x * unit.settled[index]));
        Self { stage, z1: state(0), z2: state(1) }
    }

    #[inline(always)]
    fn run<'f>(&mut self, frames: impl Iterator<Item = &'f mut Frame>) {
        match (self.stage.len, self.stage.plain) {
            (1, false) => self.run_sections::<1, false>(frames),
            (1, true) => self.run_sections::<1, true>(frames),
            (_, false) => self.run_sections::<MAX_SECTIONS, false>(frames),
            (_, true) => self.run_sections::<MAX_SECTIONS, true>(frames),
        }
    }

    /// `PLAIN` means that `b2` is 1 in all sections.
    #[inline(always)]
    fn run_sections<'f, const K: usize, const PLAIN: bool>(&mut self, frames: impl Iterator<Item = &'f mut Frame>) {
        // local copies keep the state in registers
        let units: [Unit; K] = std::array::from_fn(|s| self.stage.units[s]);
        let mut z1: [Frame; K] = std::array::from_fn(|s| self.z1[s]);
        let mut z2: [Frame; K] = std::array::from_fn(|s| self.z2[s]);
        for frame in frames {
            let mut x = *frame;
            for s in 0..K {
                let u = &units[s];
                let mut y = [0.0; LANES];
                for lane in 0..LANES {
                    y[lane] = x[lane] + z1[s][lane];
                }
                for lane in 0..LANES {
                    z1[s][lane] = (u.b1 * x[lane] + z2[s][lane]) - u.a1 * y[lane];
                }
                for lane in 0..LANES {
                    let forward = if PLAIN { x[lane] } else { u.b2 * x[lane] };
                    z2[s][lane] = forward - u.a2 * y[lane];
                }
                x = y;
            }
            *frame = x;
        }
        self.z1[..K].copy_from_slice(&z1);
        self.z2[..K].copy_from_slice(&z2);
    }
}
