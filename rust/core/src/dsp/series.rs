//! Helpers for the array functions of this folder: parameters that are constant or given per sample, and evenly spaced
//! values.

/// A parameter with one value for all samples, or with one value per sample.
#[derive(Debug, Clone, Copy)]
pub enum Series<'a> {
    /// The same value for all samples.
    Constant(f64),
    /// One value per sample. The last one is held beyond the end; an empty slice counts as 0.
    Values(&'a [f64]),
}

impl Series<'_> {
    /// Value of sample `k`.
    #[inline]
    pub fn at(self, k: usize) -> f64 {
        match self {
            Self::Constant(value) => value,
            Self::Values(values) => values.get(k).or(values.last()).copied().unwrap_or(0.0),
        }
    }
}

impl From<f64> for Series<'_> {
    fn from(value: f64) -> Self {
        Self::Constant(value)
    }
}

impl<'a> From<&'a [f64]> for Series<'a> {
    fn from(values: &'a [f64]) -> Self {
        Self::Values(values)
    }
}

/// Value `k` of `n` evenly spaced values from `a` to `b`, `b` included or not (spec voice-pipeline 2).
#[inline]
pub fn spaced(a: f64, b: f64, n: u64, k: u64, inclusive: bool) -> f64 {
    if n <= 1 {
        a
    } else if !inclusive {
        a + k as f64 * ((b - a) / n as f64)
    } else if k + 1 >= n {
        b
    } else {
        a + k as f64 * ((b - a) / (n - 1) as f64)
    }
}
