//! A moving source through measured head-related impulse responses (spec hrtf-renderer 3 and 7).
//!
//! Everything before the filters has a closed form: the source, its position at the control points, gain and delay. A
//! cell begins with as much of the past as its filters and crossfades remember, so it is a function of its index alone.
//! Under `Compat::recorded_hrtf` the past of fast movements is cut off where it is softer by 140 dB.

pub(crate) mod asset;
mod bank;
mod blend;
pub(crate) mod built_in;
mod controls;
mod convolver;
mod directions;
mod fades;
mod filters;
mod settings;

use std::sync::Arc;

use crate::dsp::cubic::catmull_rom;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::{Block, Oscillators, Voice};
use bank::Bank;
use controls::Controls;
use convolver::{BLOCK, Convolver, narrow};
use fades::{Fades, Linear, Power, Stretch, Weight};
pub(crate) use filters::Filters;
pub(crate) use settings::{Reach, Settings};

/// Blocks per cell.
const BLOCKS: usize = 16;
/// Frames per cell.
const CELL: usize = BLOCKS * BLOCK;
/// Frames of the source that are computed at a time for a moving delay.
const WINDOW: usize = 8 * BLOCK;
/// Shortest delay, frames: the interpolation needs two frames after its place.
const SHORTEST: f64 = 2.0;

/// A sound that moves around the listener, in one channel, or in two of which each ear hears its own.
pub(crate) trait Scene: Send + Sync + Clone + 'static {
    /// Write the sound from frame `from` on; of two channels the mean to the first slice and half their difference to the
    /// second, which is empty for one channel.
    fn fill(&mut self, from: u64, out: [&mut [f32]; 2]);

    /// Whether it has two channels.
    fn is_paired(&self) -> bool {
        false
    }

    /// Its position at a frame, in metres: x forward, y left, z up.
    fn position(&self, frame: u64) -> [f64; 3];

    /// See [`Voice::prepare`].
    fn prepare(&mut self) {}

    /// See [`Voice::inner`].
    fn inner(&self) -> Option<&dyn Voice> {
        None
    }

    /// The oscillators at a frame, see [`Voice::oscillators_at`].
    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.inner()?.oscillators_at(frame)
    }
}

/// Renders a scene, from frame `first` of it on.
pub(crate) fn renderer<S: Scene>(scene: S, filters: Arc<Filters>, settings: &Settings, first: u64) -> Box<dyn Voice> {
    Cells::boxed(Renderer::new(scene, filters, settings.clone(), first))
}

struct Renderer<S> {
    scene: S,
    settings: Settings,
    /// The frame of the scene that is the first one of the voice.
    first: u64,
    controls: Controls,
    bank: Bank,
    fades: Fades,
    /// Weights of equal-power fades.
    table: Arc<[[f32; 2]]>,
    convolver: Convolver,
    /// The block before and the current block of the sound at the filters, for each channel.
    input: [Vec<f32>; 2],
    window: [Vec<f32>; 2],
    /// The cell after whose last block the convolver is.
    done: Option<u64>,
}

impl<S: Scene> Renderer<S> {
    fn new(scene: S, filters: Arc<Filters>, settings: Settings, first: u64) -> Self {
        let (fade, interval) = (settings.fade, settings.interval);
        let mut table = Vec::new();
        let fades = if settings.recorded {
            let power = Power::new(fade, interval);
            table = power.table();
            Fades::Power(power)
        } else {
            Fades::Linear(Linear::new(fade, interval))
        };
        Self::with(scene, filters, settings, first, fades, table.into())
    }

    fn with(
        scene: S,
        filters: Arc<Filters>,
        settings: Settings,
        first: u64,
        fades: Fades,
        table: Arc<[[f32; 2]]>,
    ) -> Self {
        let history = filters.partitions * BLOCK;
        let past = fades.reach().max(history as u64 + settings.interval);
        Self {
            controls: Controls::new(settings.interval, settings.reach, past + CELL as u64),
            convolver: Convolver::new(filters.partitions, scene.is_paired()),
            bank: Bank::new(filters, if settings.blends { fades.blends() } else { 0 }),
            fades,
            table,
            input: std::array::from_fn(|_| vec![0.0; 2 * BLOCK]),
            window: std::array::from_fn(|_| vec![0.0; WINDOW]),
            done: None,
            scene,
            settings,
            first,
        }
    }

    /// Write the sound at the filters from frame `from` of the scene on to the second half of `input`, and move what was
    /// there to the first.
    fn advance(&mut self, from: i64) {
        let silent = usize::try_from(-from).unwrap_or(0).min(BLOCK);
        for input in &mut self.input {
            input.copy_within(BLOCK.., 0);
            input[BLOCK..BLOCK + silent].fill(0.0);
        }
        if silent == BLOCK {
            return;
        }
        let from = from.max(0) as u64;
        let count = if self.scene.is_paired() { 2 } else { 1 };
        let mut out = self.input.each_mut().map(|input| &mut input[BLOCK + silent..]);
        if count == 1 {
            out[1] = &mut [];
        }
        if !self.settings.reach.delays() {
            self.scene.fill(from, out.each_mut().map(|out| &mut **out));
            for (j, n) in (from..from + out[0].len() as u64).enumerate() {
                let gain = self.controls.reached(n).0 as f32;
                out[..count].iter_mut().for_each(|out| out[j] *= gain);
            }
            return;
        }
        let mut places = [(0_i64, 0.0_f32, 0.0_f32); BLOCK];
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        let places = &mut places[..out[0].len()];
        for (n, place) in (from..).zip(places.iter_mut()) {
            let (gain, delay) = self.controls.reached(n);
            let at = n as f64 - delay.max(SHORTEST);
            let whole = at.floor();
            *place = (whole as i64, (at - whole) as f32, gain as f32);
            low = low.min(place.0 - 1);
            high = high.max(place.0 + 2);
        }
        let together = (high - low) < WINDOW as i64;
        let mut read = |from: i64, len: usize, window: &mut [Vec<f32>; 2]| {
            let [first, second] = window.each_mut().map(|window| &mut window[..len]);
            fill_from(&mut self.scene, from, [first, if count == 2 { second } else { &mut [] }]);
        };
        if together {
            read(low, (high - low + 1) as usize, &mut self.window);
        }
        for (j, (place, fraction, gain)) in places.iter().enumerate() {
            let mut at = (place - 1 - low) as usize;
            if !together {
                read(place - 1, 4, &mut self.window);
                at = 0;
            }
            for (out, window) in out[..count].iter_mut().zip(&self.window) {
                let mut x = [0.0; 4];
                x.copy_from_slice(&window[at..at + 4]);
                out[j] = gain * catmull_rom(x, *fraction);
            }
        }
    }

    /// Give the current block to the convolver.
    fn push(&mut self) {
        let [middle, side] = &self.input;
        if self.scene.is_paired() {
            self.convolver.push_pair(middle, side);
        } else {
            self.convolver.push(middle);
        }
    }

    /// Add one stretch of the current block, which begins at frame `start`, to `out`.
    fn add(&mut self, stretch: &Stretch, start: u64, n: u64, out: &mut Block<'_>) {
        let (from, to) = ((n - start) as usize, (stretch.until - start) as usize);
        for (filter, weight) in stretch.heard.iter().flatten() {
            let heard = &self.convolver.filtered(self.bank.get(*filter))[from..to];
            let ears = out.left[from..to].iter_mut().zip(&mut out.right[from..to]);
            for (j, ((left, right), ear)) in ears.zip(heard).enumerate() {
                let weight = match *weight {
                    Weight::Line(at, slope) => at + slope * j as f32,
                    Weight::Power(rising, pos) => self.table[pos + j][usize::from(rising)],
                };
                *left += weight * narrow(ear.re);
                *right += weight * narrow(ear.im);
            }
        }
    }
}

/// The sound of `scene` from frame `from` on, which is silent before frame 0.
fn fill_from(scene: &mut impl Scene, from: i64, out: [&mut [f32]; 2]) {
    let silent = usize::try_from(-from).unwrap_or(0).min(out[0].len());
    let rest = out.map(|out| {
        let (before, rest) = out.split_at_mut(silent.min(out.len()));
        before.fill(0.0);
        rest
    });
    if !rest[0].is_empty() {
        scene.fill(from.max(0) as u64, rest);
    }
}

impl<S: Scene> CellSource for Renderer<S> {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, mut out: Block<'_>) {
        let first = self.first + index * CELL as u64;
        let partitions = self.bank.filters.partitions;
        let history = first as i64 - (partitions * BLOCK) as i64;
        let interval = self.settings.interval;
        let gains = (history.max(0) as u64 / interval).saturating_sub(1);
        let from = gains.min(self.fades.from(first));
        self.controls.fill(&self.scene, from, (first + CELL as u64 - 1) / interval);
        // after the cell before, the convolver knows what came before already
        let follows = index > 0 && self.done == Some(index - 1);
        for block in 0..if follows { 0 } else { partitions } {
            self.advance(history + (block * BLOCK) as i64);
            if block > 0 {
                self.push();
            }
        }
        self.done = Some(index);
        self.fades.begin(first, &mut self.controls, &mut self.bank);
        out.clear();
        let mut n = first;
        for block in 0..BLOCKS {
            let start = first + (block * BLOCK) as u64;
            self.advance(start as i64);
            self.push();
            let end = start + BLOCK as u64;
            let mut part = out.part(block * BLOCK, (block + 1) * BLOCK);
            while n < end {
                let stretch = self.fades.stretch(n, end, &mut self.controls, &mut self.bank);
                self.add(&stretch, start, n, &mut part);
                n = stretch.until;
            }
        }
    }

    fn fork(&self) -> Self {
        let (fade, interval) = (self.settings.fade, self.settings.interval);
        let fades = match &self.fades {
            Fades::Linear(_) => Fades::Linear(Linear::new(fade, interval)),
            Fades::Power(_) => Fades::Power(Power::new(fade, interval)),
        };
        let filters = Arc::clone(&self.bank.filters);
        Self::with(self.scene.clone(), filters, self.settings.clone(), self.first, fades, Arc::clone(&self.table))
    }

    fn prepare(&mut self) {
        self.scene.prepare();
    }

    fn inner(&self) -> Option<&dyn Voice> {
        self.scene.inner()
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.scene.oscillators_at(self.first + frame)
    }
}
