//! Interpolation between four values that lie equally far apart.

use std::ops::{Add, Mul, Sub};

/// The cubic of Catmull and Rom through `p1` and `p2`, at the share `f` of the way from `p1` to `p2`. Its slopes there
/// are half of the differences of the neighbours.
#[inline(always)]
pub(crate) fn catmull_rom<T>([p0, p1, p2, p3]: [T; 4], f: T) -> T
where
    T: Copy + From<f32> + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    let n = T::from;
    p1 + n(0.5)
        * f
        * (p2 - p0 + f * (n(2.0) * p0 - n(5.0) * p1 + n(4.0) * p2 - p3 + f * (n(3.0) * (p1 - p2) + p3 - p0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_exact_and_ends_are_met() {
        let curve = |x: f64| 3.0 - 2.0 * x + 0.5 * x * x;
        let values = [-1.0, 0.0, 1.0, 2.0].map(curve);
        for f in [0.0, 0.2, 0.5, 1.0] {
            assert!((catmull_rom(values, f) - curve(f)).abs() < 1e-14);
            assert!((catmull_rom(values.map(|x| x as f32), f as f32) - curve(f) as f32).abs() < 1e-6);
        }
    }
}
