//! Powers of numbers between 0 and 1 for loops that vectorise: no libm, no branches, no fused operations.

use std::f64::consts::LN_2;

/// 1.5·2⁵². Adding it to a number rounds that to an integer, which is then in the low bits of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `xʸ` for `x` in 0..=1 and `y` in 0..=1000; relative error below 1e-8 (1e-10 for y up to 10), 0 for x = 0.
#[inline(always)]
pub fn power(x: f64, y: f64) -> f64 {
    // x = m·2ᵉ with m from √½ to √2
    let bits = x.to_bits();
    let above = bits.wrapping_sub(0x3fe6_a09e_667f_3bcd) as i64 >> 52;
    let m = f64::from_bits(bits.wrapping_sub((above << 52) as u64));
    // convert the exponent to a float: add it to the low bits of `ROUND`, whose last bit is worth 1
    let e = f64::from_bits((ROUND.to_bits() as i64 + above) as u64) - ROUND;
    let t = (m - 1.0) / (m + 1.0);
    let z = t * t;
    let tail = 1.0 / 9.0 + z * (1.0 / 11.0 + z * (1.0 / 13.0));
    let series = 1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * tail)));
    let log2 = e + 2.0 / LN_2 * t * series;
    exp2((y * log2).max(-1000.0)) * f64::from(u8::from(x > 0.0))
}

/// `2ᶻ` for z in -1000..=0.
#[inline(always)]
fn exp2(z: f64) -> f64 {
    let whole = z + ROUND;
    let f = (z - (whole - ROUND)) * LN_2;
    let tail = 1.0 / 720.0 + f * (1.0 / 5_040.0 + f * (1.0 / 40_320.0 + f * (1.0 / 362_880.0)));
    let series = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * tail)))));
    series * f64::from_bits((whole.to_bits() << 52).wrapping_add(1.0_f64.to_bits()))
}

/// `xʸ` for `x` in 0..=1 and `y` in 0..=2, single precision; error below 3e-7, 0 for x = 0.
#[inline(always)]
pub fn power_single(x: f32, y: f32) -> f32 {
    // 1.5·2²³, the same as `ROUND` for single precision
    const ROUND: f32 = 12_582_912.0;
    let bits = x.to_bits();
    let above = bits.wrapping_sub(0x3f35_04f3) as i32 >> 23;
    let m = f32::from_bits(bits.wrapping_sub((above << 23) as u32));
    let t = (m - 1.0) / (m + 1.0);
    let z = t * t;
    let series = 1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0))));
    let log2 = above as f32 + std::f32::consts::LOG2_E * 2.0 * t * series;
    let exponent = (y * log2).max(-126.0);
    let whole = exponent + ROUND;
    let f = (exponent - (whole - ROUND)) * std::f32::consts::LN_2;
    let tail = 1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5_040.0)));
    let series = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * tail)));
    series * f32::from_bits((whole.to_bits() << 23).wrapping_add(1.0_f32.to_bits())) * f32::from(u8::from(x > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_the_standard_library() {
        for (y, limit) in [(1e-6, 1e-10), (0.25, 1e-10), (1.0 / 3.0, 1e-10), (1.0, 1e-10), (2.5, 1e-10), (1000.0, 1e-8)]
        {
            for i in 0..100_000 {
                let x = if i % 2 == 0 { f64::from(i) / 99_998.0 } else { (-f64::from(i) * 3e-4).exp() };
                let (got, exact) = (power(x, y), x.powf(y));
                let error = (got - exact).abs() / exact.max(1e-290);
                assert!(error < limit, "{x} to the {y}: {got} {exact}");
            }
        }
        assert_eq!(power(0.0, 1e-6), 0.0);
        assert_eq!(power(1.0, 17.3), 1.0);
    }

    #[test]
    fn single_powers_agree_with_the_standard_library() {
        for y in [0.0, 1e-3, 0.25, 0.8, 1.0, 1.3, 2.0_f32] {
            for i in 0..100_000 {
                let x = if i % 2 == 0 { i as f32 / 99_998.0 } else { (-(i as f32) * 8e-4).exp() };
                let error = (f64::from(power_single(x, y)) - f64::from(x).powf(f64::from(y))).abs();
                assert!(error < 3e-7 || x == 0.0, "{x} to the {y}: {error:e}");
            }
        }
        assert_eq!(power_single(0.0, 0.5), 0.0);
        assert_eq!(power_single(1.0, 1.7), 1.0);
    }
}
