//! The sound of the spatial stage. This file and [`decoder`] are the legacy stage, [`measured`] the corrected one.
//!
//! The path around the head and everything that is smoothed from it depend on the parameters alone, not on the sound:
//! [`states`] knows them before any cell, so that any cell can be computed by itself. The sound itself needs only as much
//! history as the longest delay between the ears.

mod decoder;
mod filters;
mod head;
mod measured;
mod states;
mod trajectory;
mod turn;

use std::sync::Arc;

use crate::error::Result;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::params::Params;
use crate::voice::{Block, Context, Voice};
use decoder::Decoder;
use head::Head;
use states::States;
use trajectory::Trajectory;

/// Frames per cell.
const CELL: usize = 4096;

/// `voice` behind the stage.
pub(super) fn wrap(voice: Box<dyn Voice>, context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let path = Arc::new(Trajectory::read(context, params)?);
    let head = Head::read(context, params)?;
    let decoder = Decoder::read(params, &head)?;
    if context.compat.true_spatial {
        return Ok(measured::wrap(voice, context, path, head));
    }
    let history = decoder.history();
    let cells = context.frames.div_ceil(CELL as u64);
    let states = States::new(head, path, Head::step, CELL as u64, history);
    Ok(Cells::boxed(Spatial {
        voice,
        head,
        decoder,
        states,
        cells,
        history,
        left: vec![0.0; CELL + history as usize],
        right: vec![0.0; CELL + history as usize],
    }))
}

struct Spatial {
    voice: Box<dyn Voice>,
    head: Head,
    decoder: Decoder,
    /// States before the first frame of each cell's history.
    states: States,
    cells: u64,
    history: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl CellSource for Spatial {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let first = index * CELL as u64;
        let from = first.saturating_sub(self.history);
        let lead = (first - from) as usize;
        let (left, right) = (&mut self.left[..lead + CELL], &mut self.right[..lead + CELL]);
        self.voice.render(from, Block::new(left, right));
        if index >= self.cells {
            out.left.fill(0.0);
            out.right.fill(0.0);
            return;
        }
        let mut state = self.states.before(index);
        self.decoder.restart();
        for (x, (l, r)) in left.iter().zip(right.iter()).enumerate() {
            self.head.step(&mut state, self.states.path(), from + x as u64);
            let (l, r) = self.decoder.frame(&self.head, &state, *l, *r);
            if x >= lead {
                out.left[x - lead] = l;
                out.right[x - lead] = r;
            }
        }
    }

    fn prepare(&mut self) {
        self.voice.prepare();
    }

    fn fork(&self) -> Self {
        Self {
            voice: self.voice.fork(),
            head: self.head,
            decoder: self.decoder.clone(),
            states: self.states.clone(),
            cells: self.cells,
            history: self.history,
            left: self.left.clone(),
            right: self.right.clone(),
        }
    }

    fn inner(&self) -> Option<&dyn Voice> {
        Some(self.voice.as_ref())
    }
}
