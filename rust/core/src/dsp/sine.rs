//! Sine of a fixed-point phase: an integer fold to a quarter turn, then a polynomial. There are no tables, no libm and
//! no fused operations, so every target and every vector width gives the same bits.
//!
//! The coefficients are those of the odd minimax polynomial (Remez, absolute error) for `sin 2πx` on `[0, ¼]` turn.

use super::phase::Turns;

/// Folds a phase to `[-¼, ¼]` turn with the same sine; at most one unit of 2⁻³² turn off.
#[inline(always)]
const fn fold(phase: u32) -> i32 {
    let turn = phase as i32;
    let beyond_quarter = (turn ^ (turn << 1)) >> 31;
    turn ^ (beyond_quarter & 0x7fff_ffff)
}

const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5·2⁵²: adding it rounds to an integer

/// Signed distance of `x` from the nearest integer, `[-½, ½]`, for |x| < 2⁵¹. Uses arithmetic only, so it vectorises.
#[inline(always)]
pub fn wrap(x: f64) -> f64 {
    x - ((x + ROUND) - ROUND)
}

/// Converts cycles to the phase that [`sine_u32`] takes, for |cycles| < 2⁵¹.
#[inline(always)]
pub fn phase_u32(cycles: f64) -> u32 {
    const UNITS: f64 = ROUND / 4_294_967_296.0; // its unit in the last place is 2^-32
    (wrap(cycles) + UNITS).to_bits() as u32
}

/// `sin(2π·x)` for `x` in `[-¼, ¼]`, single precision.
#[inline(always)]
pub fn sine_quarter(x: f32) -> f32 {
    const C: [f32; 5] = [6.283_185_2, -41.341_655, 81.601_004, -76.549_782, 39.536_707];
    let z = x * x;
    x * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * C[4]))))
}

/// `sin(2π·phase/2³²)` with a maximum error of 2e-7, most of which is the rounding of single precision. Meant to be
/// inlined into loops that vectorise.
#[inline(always)]
pub fn sine_u32(phase: u32) -> f32 {
    sine_quarter(fold(phase) as f32 * (1.0 / 4_294_967_296.0))
}

/// As [`sine_u32`], and the zeros are exact: close to them the relative error is that of single precision.
#[inline(always)]
pub fn sine_zeros_u32(phase: u32) -> f32 {
    let turn = phase as i32;
    let beyond_quarter = (turn ^ (turn << 1)) >> 31;
    sine_quarter(((turn ^ (beyond_quarter & 0x7fff_ffff)) - beyond_quarter) as f32 * (1.0 / 4_294_967_296.0))
}

/// `sin(2π·x)` for `x` in `[-¼, ¼]`, double precision.
#[inline(always)]
fn sine_quarter_f64(x: f64) -> f64 {
    const C: [f64; 9] = [
        6.283_185_307_179_586_5,
        -41.341_702_240_399_748,
        81.605_249_276_071_723,
        -76.705_859_752_634_617,
        42.058_693_915_280_849,
        -15.094_641_369_141_032,
        3.819_922_808_388_565,
        -0.717_685_441_873_197_6,
        0.100_714_946_387_361_26,
    ];
    let z = x * x;
    let high = C[5] + z * (C[6] + z * (C[7] + z * C[8]));
    x * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * (C[4] + z * high)))))
}

/// `sin(2π·phase)` in double precision, maximum error 3e-16.
#[inline(always)]
pub fn sine(phase: Turns) -> f64 {
    let turn = phase.0 as i64;
    let beyond_quarter = (turn ^ (turn << 1)) >> 63;
    let folded = turn ^ (beyond_quarter & 0x7fff_ffff_ffff_ffff);
    sine_quarter_f64(folded as f64 * (1.0 / 18_446_744_073_709_551_616.0))
}

/// `sin(2π·cycles)` in double precision, for |cycles| < 2⁵¹; vectorises.
#[inline(always)]
pub fn sine_cycles(cycles: f64) -> f64 {
    let x = wrap(cycles);
    // fold the outer quarters onto the inner ones: x ↦ ±½ - x
    let folded = (0.5 - x.abs()).copysign(x);
    sine_quarter_f64(if x.abs() > 0.25 { folded } else { x })
}

/// `cos(2π·phase)` in double precision.
#[inline(always)]
pub fn cosine(phase: Turns) -> f64 {
    sine(Turns(phase.0.wrapping_add(1 << 62)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_error_is_below_2e_7() {
        let worst = (0..1_000_003_u64)
            .map(|i| {
                let phase = (i * 4_294_967_296 / 1_000_003) as u32;
                let exact = (f64::from(phase) / 4_294_967_296.0 * std::f64::consts::TAU).sin();
                (f64::from(sine_u32(phase)) - exact).abs()
            })
            .fold(0.0, f64::max);
        assert!(worst < 2e-7, "{worst:e}");
    }

    #[test]
    fn double_precision_matches_libm() {
        for i in 0..100_003_u64 {
            let phase = Turns(i.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let exact = phase.radians().sin();
            assert!((sine(phase) - exact).abs() < 2e-15, "{phase:?}");
            assert!((cosine(phase) - phase.radians().cos()).abs() < 2e-15, "{phase:?}");
        }
    }

    #[test]
    fn sine_of_cycles_matches_the_other_forms() {
        for i in -50_000..50_000_i32 {
            let cycles = f64::from(i) * 0.001_37;
            assert!((sine_cycles(cycles) - sine(Turns::from_cycles(cycles))).abs() < 2e-13, "{cycles}");
            assert!((f64::from(sine_u32(phase_u32(cycles))) - sine_cycles(cycles)).abs() < 2e-7, "{cycles}");
        }
        assert_eq!([0.25, 0.75, -0.25, 0.5].map(sine_cycles).map(f64::round), [1.0, -1.0, -1.0, 0.0]);
    }

    #[test]
    fn quarter_turns_are_right() {
        assert!(sine_u32(0).abs() < 1e-9);
        assert!((sine_u32(1 << 30) - 1.0).abs() < 2e-7);
        assert!(sine_u32(1 << 31).abs() < 2e-9);
        assert!((sine_u32(3 << 30) + 1.0).abs() < 2e-7);
    }
}
