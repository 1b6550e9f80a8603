//! Peaks of a sound, for each cell and overall.

/// Frames per cell of a [`PeakMap`].
pub const CELL: u64 = 4096;

/// The largest magnitude of a sound, and an upper bound of the magnitude in each cell of [`CELL`] frames, from frame 0
/// on. Linear. Takes 155 kB for an hour at 44.1 kHz.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeakMap {
    cells: Vec<f32>,
    most: f32,
    /// The one cell that holds the exact peak, and others upper bounds; `None` if all hold exact peaks.
    top: Option<u64>,
}

impl PeakMap {
    /// A map of the exact peaks of successive cells.
    pub fn new(cells: Vec<f32>) -> Self {
        let most = cells.iter().copied().fold(0.0, f32::max);
        Self { cells, most, top: None }
    }

    /// A map of upper bounds of the peaks of successive cells, and the exact largest peak of all with its cell.
    pub fn bounded(mut cells: Vec<f32>, most: f32, top: u64) -> Self {
        for cell in &mut cells {
            *cell = cell.min(most);
        }
        Self { cells, most, top: Some(top) }
    }

    /// A map of `frames` frames with the same peak in every cell.
    pub fn constant(peak: f32, frames: u64) -> Self {
        Self { cells: vec![peak; frames.div_ceil(CELL) as usize], most: peak, top: None }
    }

    /// The largest magnitude of the whole sound.
    pub const fn max(&self) -> f32 {
        self.most
    }

    /// Whether cell `index` holds its exact peak, not only an upper bound.
    pub fn is_exact(&self, index: u64) -> bool {
        self.top.is_none_or(|top| top == index)
    }

    /// An upper bound of the peak in cell `index`; 0 outside the map.
    pub fn cell(&self, index: u64) -> f32 {
        self.cells.get(index as usize).copied().unwrap_or(0.0)
    }

    /// An upper bound of the peak of the frames `from..to`.
    pub fn bound(&self, from: u64, to: u64) -> f32 {
        if to <= from {
            return 0.0;
        }
        (from / CELL..=(to - 1) / CELL).map(|index| self.cell(index)).fold(0.0, f32::max)
    }

    /// Number of cells.
    pub const fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the map has no cells.
    pub const fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_covers_every_cell_that_the_range_touches() {
        let map = PeakMap::new(vec![0.1, 0.5, 0.2]);
        assert_eq!(map.max(), 0.5);
        assert_eq!(map.bound(0, CELL), 0.1);
        assert_eq!(map.bound(CELL - 1, CELL + 1), 0.5);
        assert_eq!(map.bound(2 * CELL, 9 * CELL), 0.2);
        assert_eq!(map.bound(9 * CELL, 10 * CELL), 0.0);
        assert_eq!(map.bound(5, 5), 0.0);
        assert!(map.is_exact(0));
    }

    #[test]
    fn no_bound_exceeds_the_largest_peak() {
        let map = PeakMap::bounded(vec![0.1, 0.6, 0.55], 0.5, 2);
        assert_eq!([0, 1, 2].map(|cell| map.cell(cell)), [0.1, 0.5, 0.5]);
        assert_eq!([0, 1, 2].map(|cell| map.is_exact(cell)), [false, false, true]);
    }
}
