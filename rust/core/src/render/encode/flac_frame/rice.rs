//! Residuals in Rice codes, in partitions with a parameter each.

use multiversion::multiversion;

use super::bits::Bits;

/// Most partitions, as a power of two.
const MOST: u32 = 6;
/// Largest parameter of 4 bits; the next one is an escape.
const SHORT: u32 = 14;
/// Largest parameter of 5 bits.
const LONG: u32 = 30;

/// How residuals are divided and coded.
#[derive(Debug, Default, Clone)]
pub(super) struct Plan {
    /// Number of partitions, as a power of two.
    order: u32,
    parameters: Vec<u32>,
    /// About how many bits it takes.
    pub(super) bits: u64,
}

/// The number that codes a residual: even for those from 0 on, odd for others.
#[inline(always)]
fn folded(residual: i32) -> u32 {
    (residual << 1 ^ residual >> 31) as u32
}

/// Sum of the folded values.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn sum(part: &[i32]) -> u64 {
    part.iter().map(|value| u64::from(folded(*value))).sum()
}

/// The best parameter for `count` residuals with this sum of folded values, and about how many bits they take.
fn parameter(sum: u64, count: u64) -> (u32, u64) {
    let bits = |k: u32| count * u64::from(k + 1) + (sum.saturating_sub(count / 2 * u64::from(k > 0)) >> k);
    // the mean, halved: its logarithm is within one of the best
    let guess = (sum / count.max(1)).checked_ilog2().unwrap_or(0).min(LONG);
    let near = guess.saturating_sub(1)..=(guess + 1).min(LONG);
    near.map(|k| (k, bits(k))).min_by_key(|(_, bits)| *bits).unwrap_or((0, u64::MAX))
}

impl Plan {
    /// The best plan for `residual`, which follows `warm` samples of a block.
    pub(super) fn of(residual: &[i32], warm: usize) -> Self {
        let block = residual.len() + warm;
        let fits = |order: &u32| block.is_multiple_of(1 << order) && block >> order > warm;
        let highest = (0..=MOST).rev().find(fits).unwrap_or(0);
        let size = block >> highest;
        // sums of the smallest partitions; the first one lacks the samples before the residual
        let (first, others) = residual.split_at((size - warm).min(residual.len()));
        let mut sums: Vec<u64> = std::iter::once(first).chain(others.chunks(size)).map(sum).collect();
        let mut best = Self { bits: u64::MAX, ..Self::default() };
        for order in (0..=highest).rev() {
            let size = (block >> order) as u64;
            let count = |index: usize| if index == 0 { size - warm as u64 } else { size };
            let found: Vec<(u32, u64)> =
                sums.iter().enumerate().map(|(index, sum)| parameter(*sum, count(index))).collect();
            let wide = if found.iter().any(|(k, _)| *k > SHORT) { 5 } else { 4 };
            let bits = found.iter().map(|(_, bits)| bits + wide).sum();
            if bits < best.bits {
                best = Self { order, parameters: found.iter().map(|(k, _)| *k).collect(), bits };
            }
            sums = sums.chunks(2).map(|pair| pair.iter().sum()).collect();
        }
        best
    }

    /// Write the residual by this plan.
    pub(super) fn write(&self, residual: &[i32], warm: usize, out: &mut Bits) {
        let size = (residual.len() + warm) >> self.order;
        let wide = self.parameters.iter().any(|k| *k > SHORT);
        out.push(u32::from(wide), 2);
        out.push(self.order, 4);
        let mut rest = residual;
        for (index, k) in self.parameters.iter().enumerate() {
            let (part, others) = rest.split_at(if index == 0 { size - warm } else { size });
            rest = others;
            out.push(*k, if wide { 5 } else { 4 });
            for value in part.iter().map(|value| folded(*value)) {
                let zeros = value >> k;
                if zeros + k < 31 {
                    out.push(1 << k | value & ((1 << k) - 1), zeros + 1 + k);
                } else {
                    out.push_unary(zeros);
                    out.push(value, *k);
                }
            }
        }
    }
}
