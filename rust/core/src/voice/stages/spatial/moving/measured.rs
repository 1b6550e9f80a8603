//! The spatial stage with the ears of a measured head (`Compat::true_spatial`, spec binaural-and-isochronic 6.5).
//!
//! A cell is filtered in the frequency domain. While the source moves, the results for a few azimuths on the way are
//! faded into each other. A cell depends on the sound around it and on the path up to its end, so it is a pure function
//! of its index.

use std::f32::consts::FRAC_1_SQRT_2;
use std::sync::{Arc, OnceLock};

use multiversion::multiversion;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealToComplex};

use super::filters::{Cues, Filters, transform_size};
use super::head::{Head, State};
use super::states::States;
use super::trajectory::Trajectory;
use crate::dsp::fft;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::{Block, Context, Voice};

/// Largest turn between two azimuths whose results are faded into each other, degrees.
const STEP_DEG: f64 = 2.0;

/// Most fades per cell, so that a fade lasts at least 1.3 ms.
const MOST_FADES: usize = 32;

/// `voice` heard through the measured head.
pub(super) fn wrap(voice: Box<dyn Voice>, context: &Context, path: Arc<Trajectory>, head: Head) -> Box<dyn Voice> {
    let size = transform_size(context.sample_rate);
    let cues = Cues { time: head.time_factor(), level: head.level_differs() };
    Cells::boxed(Measured {
        voice,
        states: States::new(head, path, Head::place, size as u64 / 2, 0),
        head,
        frames: context.frames,
        rate: context.sample_rate,
        cues,
        size,
        filters: Arc::default(),
        work: None,
    })
}

struct Measured {
    voice: Box<dyn Voice>,
    head: Head,
    /// States before the first frame of each cell.
    states: States,
    /// Frames of the voice.
    frames: u64,
    rate: f64,
    cues: Cues,
    /// Length of the transforms: two cells.
    size: usize,
    /// Shared by all copies of the voice.
    filters: Arc<OnceLock<Arc<Filters>>>,
    work: Option<Box<Work>>,
}

/// Buffers and transforms.
struct Work {
    filters: Arc<Filters>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    scratch: Vec<Complex<f32>>,
    /// The cell that `mid` and `side` belong to.
    held: Option<u64>,
    /// Half a cell before the cell, the cell, and half a cell after it.
    mid: Vec<f32>,
    side: Vec<f32>,
    time: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    filtered: Vec<Complex<f32>>,
    filter: [Vec<f32>; 2],
    /// Azimuth at each frame of the cell and at the one after, degrees.
    azimuths: Vec<f64>,
    gains: Vec<f32>,
    ears: [Vec<f32>; 2],
}

impl Work {
    fn new(size: usize, filters: Arc<Filters>) -> Box<Self> {
        let (forward, inverse) = fft::pair(size);
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        let bins = size / 2 + 1;
        let zero = Complex::new(0.0, 0.0);
        let cell = size / 2;
        Box::new(Self {
            filters,
            forward,
            inverse,
            scratch: vec![zero; scratch],
            held: None,
            mid: vec![0.0; size],
            side: vec![0.0; size],
            time: vec![0.0; size],
            spectrum: vec![zero; bins],
            filtered: vec![zero; bins],
            filter: std::array::from_fn(|_| vec![0.0; bins]),
            azimuths: vec![0.0; cell + 1],
            gains: vec![0.0; cell],
            ears: std::array::from_fn(|_| vec![0.0; cell]),
        })
    }

    /// Read the sound around cell `index`. The sound outside of the voice is silence.
    fn read(&mut self, voice: &mut dyn Voice, index: u64, frames: u64) {
        let cell = self.gains.len();
        let (mid, side) = (&mut self.mid, &mut self.side);
        let known = if index > 0 && self.held == Some(index - 1) {
            mid.copy_within(cell.., 0);
            side.copy_within(cell.., 0);
            cell
        } else if self.held == Some(index) {
            return;
        } else {
            0
        };
        self.held = Some(index);
        // frame 0 of the buffers is half a cell before the cell
        let at = |i: usize| (index * cell as u64 + i as u64).checked_sub(cell as u64 / 2);
        let from = if index == 0 { cell / 2 } else { known };
        let first = at(from).unwrap_or(0);
        let count = frames.saturating_sub(first).min((2 * cell - from) as u64) as usize;
        mid[known..from].fill(0.0);
        side[known..from].fill(0.0);
        let sound = from..from + count;
        voice.render(first, Block::new(&mut mid[sound.clone()], &mut side[sound.clone()]));
        for (mid, side) in mid[sound.clone()].iter_mut().zip(&mut side[sound]) {
            let (left, right) = (*mid, *side);
            (*mid, *side) = ((left + right) * FRAC_1_SQRT_2, (left - right) * FRAC_1_SQRT_2);
        }
        mid[from + count..].fill(0.0);
        side[from + count..].fill(0.0);
    }

    /// Azimuth and gain of every frame of the cell that begins at `first`, from the state before it.
    fn follow(&mut self, head: &Head, path: &Trajectory, mut state: State, first: u64) {
        for (n, azimuth) in self.azimuths.iter_mut().enumerate() {
            head.place(&mut state, path, first + n as u64);
            *azimuth = head.azimuth_deg(&state);
            if let Some(gain) = self.gains.get_mut(n) {
                *gain = (head.gain(&state) * head.loss(&state)) as f32;
            }
        }
    }

    /// The sound of the ears without the side signal.
    fn listen(&mut self) {
        let cell = self.gains.len();
        self.time.copy_from_slice(&self.mid);
        // the buffers have the lengths that the plan expects, so no error is possible
        let _ = self.forward.process_with_scratch(&mut self.time, &mut self.spectrum, &mut self.scratch);
        self.ears.iter_mut().for_each(|ear| ear.fill(0.0));
        let turn: f64 = self.azimuths.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
        if turn == 0.0 {
            self.filter(self.azimuths[0], 0..cell, |_| 1.0);
            return;
        }
        let fades = ((turn / STEP_DEG).ceil().min(MOST_FADES as f64) as usize).next_power_of_two();
        let length = cell / fades;
        for centre in (0..=cell).step_by(length) {
            let range = centre.saturating_sub(length)..(centre + length).min(cell);
            let slope = 1.0 / length as f32;
            self.filter(self.azimuths[centre], range, |n| 1.0 - slope * n.abs_diff(centre) as f32);
        }
    }

    /// Add the sound from `azimuth` to the frames of `range`, with the given weight of each frame of the cell.
    fn filter(&mut self, azimuth: f64, range: std::ops::Range<usize>, weight: impl Fn(usize) -> f32) {
        let lead = self.gains.len() / 2;
        let scale = 1.0 / self.mid.len() as f32;
        for (ear, azimuth) in self.ears.iter_mut().zip([azimuth, -azimuth]) {
            let [re, im] = &mut self.filter;
            self.filters.write(azimuth, re, im);
            multiply(&self.spectrum, re, im, &mut self.filtered);
            if let [first, .., last] = self.filtered.as_mut_slice() {
                (first.im, last.im) = (0.0, 0.0);
            }
            let _ = self.inverse.process_with_scratch(&mut self.filtered, &mut self.time, &mut self.scratch);
            let heard = &self.time[lead + range.start..lead + range.end];
            for (n, (sum, heard)) in ear[range.clone()].iter_mut().zip(heard).enumerate() {
                *sum += heard * (scale * weight(range.start + n));
            }
        }
    }
}

#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn multiply(sound: &[Complex<f32>], re: &[f32], im: &[f32], out: &mut [Complex<f32>]) {
    for ((out, sound), (re, im)) in out.iter_mut().zip(sound).zip(re.iter().zip(im)) {
        *out = Complex::new(sound.re * re - sound.im * im, sound.re * im + sound.im * re);
    }
}

impl CellSource for Measured {
    fn cell_len(&self) -> usize {
        self.size / 2
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        self.prepare();
        let Some(work) = &mut self.work else { return };
        let cell = self.size as u64 / 2;
        let state = self.states.before(index);
        work.read(&mut *self.voice, index, self.frames);
        work.follow(&self.head, self.states.path(), state, index * cell);
        work.listen();
        let side = &work.side[self.size / 4..];
        let ears = work.ears[0].iter().zip(&work.ears[1]);
        let out = out.left.iter_mut().zip(out.right.iter_mut());
        for ((((left, right), (l, r)), gain), side) in out.zip(ears).zip(&work.gains).zip(side) {
            *left = (l * gain + side) * FRAC_1_SQRT_2;
            *right = (r * gain - side) * FRAC_1_SQRT_2;
        }
    }

    fn prepare(&mut self) {
        if self.work.is_none() {
            let filters = self.filters.get_or_init(|| Filters::shared(self.rate, self.cues));
            self.work = Some(Work::new(self.size, Arc::clone(filters)));
            self.voice.prepare();
        }
    }

    fn fork(&self) -> Self {
        Self {
            voice: self.voice.fork(),
            head: self.head,
            states: self.states.clone(),
            frames: self.frames,
            rate: self.rate,
            cues: self.cues,
            size: self.size,
            filters: Arc::clone(&self.filters),
            work: None,
        }
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.voice.as_ref())
    }
}
