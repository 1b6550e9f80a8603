//! A moving source through measured head-related impulse responses (spec hrtf-renderer 3 and 7).
//!
//! Everything before the filters has a closed form: the source, its position at the control points, gain and delay. A
//! cell begins with as much of the past as its filters and crossfades remember, so it is a function of its index alone.
//! Under `Compat::recorded_hrtf` the past of fast movements is cut off where it is softer by 140 dB.

pub(crate) mod asset;
mod bank;
mod blend;
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
pub(crate) use filters::{FilterRules, Filters};
pub(crate) use settings::Settings;

/// Blocks per cell.
const BLOCKS: usize = 16;
/// Frames per cell.
const CELL: usize = BLOCKS * BLOCK;
/// Frames of the source that are computed at a time for a moving delay.
const WINDOW: usize = 8 * BLOCK;
/// Shortest delay, frames: the interpolation needs two frames after its place.
const SHORTEST: f64 = 2.0;

/// A sound in one channel that moves around the listener.
pub(crate) trait Scene: Send + Sync + Clone + 'static {
    /// Write the sound from frame `from` on.
    fn fill(&mut self, from: u64, out: &mut [f32]);

    /// Its position at a frame, in metres: x forward, y left, z up.
    fn position(&self, frame: u64) -> [f64; 3];

    /// The oscillators at a frame, see [`Voice::oscillators_at`].
    fn oscillators_at(&self, _frame: u64) -> Option<Oscillators> {
        None
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
    /// The block before and the current block of the sound at the filters.
    input: Vec<f32>,
    window: Vec<f32>,
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
            convolver: Convolver::new(filters.partitions),
            bank: Bank::new(filters, if settings.blends { fades.blends() } else { 0 }),
            fades,
            table,
            input: vec![0.0; 2 * BLOCK],
            window: vec![0.0; WINDOW],
            scene,
            settings,
            first,
        }
    }

    /// Write the sound at the filters from frame `from` of the scene on to the second half of `input`, and move what was
    /// there to the first.
    fn advance(&mut self, from: i64) {
        self.input.copy_within(BLOCK.., 0);
        let silent = usize::try_from(-from).unwrap_or(0).min(BLOCK);
        self.input[BLOCK..BLOCK + silent].fill(0.0);
        if silent == BLOCK {
            return;
        }
        let (from, out) = (from.max(0) as u64, &mut self.input[BLOCK + silent..]);
        if !self.settings.reach.delays() {
            self.scene.fill(from, out);
            for (n, out) in (from..).zip(out) {
                *out *= self.controls.reached(n).0 as f32;
            }
            return;
        }
        let mut places = [(0_i64, 0.0_f32, 0.0_f32); BLOCK];
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        let places = &mut places[..out.len()];
        for (n, place) in (from..).zip(places.iter_mut()) {
            let (gain, delay) = self.controls.reached(n);
            let at = n as f64 - delay.max(SHORTEST);
            let whole = at.floor();
            *place = (whole as i64, (at - whole) as f32, gain as f32);
            low = low.min(place.0 - 1);
            high = high.max(place.0 + 2);
        }
        let together = (high - low) < WINDOW as i64;
        if together {
            fill_from(&mut self.scene, low, &mut self.window[..(high - low + 1) as usize]);
        }
        for ((place, fraction, gain), out) in places.iter().zip(out) {
            let mut x = [0.0; 4];
            if together {
                let at = (place - 1 - low) as usize;
                x.copy_from_slice(&self.window[at..at + 4]);
            } else {
                fill_from(&mut self.scene, place - 1, &mut x);
            }
            *out = gain * catmull_rom(x, *fraction);
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
fn fill_from(scene: &mut impl Scene, from: i64, out: &mut [f32]) {
    let silent = usize::try_from(-from).unwrap_or(0).min(out.len());
    out[..silent].fill(0.0);
    if silent < out.len() {
        scene.fill(from.max(0) as u64, &mut out[silent..]);
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
        for block in 0..partitions {
            self.advance(history + (block * BLOCK) as i64);
            if block > 0 {
                self.convolver.push(&self.input);
            }
        }
        self.fades.begin(first, &mut self.controls, &mut self.bank);
        out.clear();
        let mut n = first;
        for block in 0..BLOCKS {
            let start = first + (block * BLOCK) as u64;
            self.advance(start as i64);
            self.convolver.push(&self.input);
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

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        self.scene.oscillators_at(self.first + frame)
    }
}
