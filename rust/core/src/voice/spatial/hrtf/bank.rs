//! The filters that a crossfade is made of: measured ones, blends between them, and mixtures.

use std::sync::Arc;

use super::blend::Blender;
use super::convolver::{FilterWriter, add_weighted, filter_len};
use super::filters::Filters;

/// Which filter a control point asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// That of a measured direction.
    Measured(usize),
    /// The blend for a unit vector, in millionths.
    Blend([i64; 3]),
}

/// A filter of a [`Bank`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Measured(usize),
    /// A place for mixtures or blends.
    Slot(usize),
}

/// Places for mixtures.
pub(super) const MIXTURES: usize = 2;

/// A measured set, with places for filters that are made of it. Blends take the places after the mixtures in turn.
pub(super) struct Bank {
    pub(super) filters: Arc<Filters>,
    blender: Option<Blender>,
    writer: FilterWriter,
    slots: Vec<Vec<f32>>,
    next: usize,
}

impl Bank {
    /// `blends` is the number of blends that are needed at a time; 0: only measured filters are used.
    pub(super) fn new(filters: Arc<Filters>, blends: usize) -> Self {
        let len = filter_len(filters.partitions);
        Self {
            blender: (blends > 0).then(|| Blender::new(filters.levels())),
            writer: FilterWriter::new(),
            slots: vec![vec![0.0; len]; MIXTURES + blends],
            next: 0,
            filters,
        }
    }

    /// What the direction `u` asks for, at `distance` metres.
    pub(super) fn target(&self, u: [f64; 3], distance: f64) -> Target {
        let (direction, dot) = self.filters.nearest(u, distance);
        if self.blender.is_none() || dot > 1.0 - 1e-12 {
            return Target::Measured(direction);
        }
        Target::Blend(u.map(|value| (value * 1e6).round_ties_even() as i64))
    }

    /// The filter for `target`, which the direction `u` asks for. A blend is valid until as many others were placed as
    /// there are places.
    pub(super) fn place(&mut self, target: Target, u: [f64; 3]) -> Filter {
        let blender = match (target, &mut self.blender) {
            (Target::Measured(direction), _) => return Filter::Measured(direction),
            (Target::Blend(_), Some(blender)) => blender,
            // without a blender there are no such targets
            (Target::Blend(_), None) => return Filter::Measured(0),
        };
        let slot = MIXTURES + self.next % (self.slots.len() - MIXTURES);
        self.next += 1;
        let neighbours = self.filters.neighbours(u);
        let [left, right] = blender.blend(&neighbours);
        self.writer.write(left, right, &mut self.slots[slot]);
        Filter::Slot(slot)
    }

    /// Let the mixture `slot` be the weighted sum of `terms`, which do not contain it.
    pub(super) fn mix(&mut self, slot: usize, terms: impl IntoIterator<Item = (Filter, f32)>) -> Filter {
        let mut out = std::mem::take(&mut self.slots[slot]);
        out.fill(0.0);
        for (filter, weight) in terms {
            add_weighted(self.get(filter), weight, &mut out);
        }
        self.slots[slot] = out;
        Filter::Slot(slot)
    }

    pub(super) fn get(&self, filter: Filter) -> &[f32] {
        match filter {
            Filter::Measured(direction) => self.filters.filter(direction),
            Filter::Slot(slot) => &self.slots[slot],
        }
    }
}
