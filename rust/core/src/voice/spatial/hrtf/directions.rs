//! Measured directions as columns, so that the nearest one is found quickly.

use multiversion::multiversion;

/// Directions that are compared at a time.
const ROW: usize = 64;

/// Unit vectors.
#[derive(Debug)]
pub(super) struct Directions {
    columns: [Vec<f64>; 3],
    count: usize,
}

impl Directions {
    pub(super) fn new(vectors: impl Iterator<Item = [f64; 3]>) -> Self {
        let mut columns = [Vec::new(), Vec::new(), Vec::new()];
        for vector in vectors {
            columns.iter_mut().zip(vector).for_each(|(column, value)| column.push(value));
        }
        let count = columns[0].len();
        // the last row is filled up with its first direction, which then wins
        let first = count.saturating_sub(1) / ROW * ROW;
        for column in &mut columns {
            let filling = column.get(first).copied().unwrap_or(0.0);
            column.resize(count.div_ceil(ROW) * ROW, filling);
        }
        Self { columns, count }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = [f64; 3]> + '_ {
        (0..self.count).map(|index| [self.columns[0][index], self.columns[1][index], self.columns[2][index]])
    }

    /// The first of the vectors with the largest dot product with `u`, and that product.
    pub(super) fn nearest(&self, u: [f64; 3]) -> (usize, f64) {
        let [x, y, z] = &self.columns;
        let (row, best) = best_row(x, y, z, u);
        let from = row * ROW;
        let product = |index: &usize| x[*index] * u[0] + y[*index] * u[1] + z[*index] * u[2] == best;
        ((from..(from + ROW).min(self.count)).find(product).unwrap_or(from), best)
    }
}

/// The first row that has the largest dot product, and that product.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn best_row(x: &[f64], y: &[f64], z: &[f64], u: [f64; 3]) -> (usize, f64) {
    let mut best = (0, f64::MIN);
    let rows = x.chunks_exact(ROW).zip(y.chunks_exact(ROW)).zip(z.chunks_exact(ROW));
    for (row, ((x, y), z)) in rows.enumerate() {
        let mut lanes = [f64::MIN; 8];
        for k in (0..ROW).step_by(8) {
            for (j, lane) in lanes.iter_mut().enumerate() {
                let dot = x[k + j] * u[0] + y[k + j] * u[1] + z[k + j] * u[2];
                *lane = if dot > *lane { dot } else { *lane };
            }
        }
        let top = lanes.iter().fold(f64::MIN, |top, lane| if *lane > top { *lane } else { top });
        if top > best.1 {
            best = (row, top);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_nearest_directions_is_found() {
        for count in [1, 5, 64, 65, 300] {
            let vector = |i: usize| {
                let (a, e) = ((i * 37 % 90) as f64 * 0.07, (i * 53 % 40) as f64 * 0.04 - 0.8);
                [e.cos() * a.cos(), e.cos() * a.sin(), e.sin()]
            };
            let directions = Directions::new((0..count).map(vector));
            assert_eq!(directions.iter().count(), count);
            for probe in 0..200 {
                let u = vector(probe * 7 + 3);
                let mut best = (0, f64::MIN);
                for (index, v) in (0..count).map(vector).enumerate() {
                    let dot = v[0] * u[0] + v[1] * u[1] + v[2] * u[2];
                    if dot > best.1 {
                        best = (index, dot);
                    }
                }
                assert_eq!(directions.nearest(u), best, "{count} {probe}");
            }
        }
    }
}
