//! The legacy phase alignment at a crossfade: the lag at which a step correlates best with the sound that it fades in
//! over (spec assembly 7.1).

use crate::dsp::fft;
use crate::error::{Error, Result};

/// The smallest lag `k` in `-(c-1)..=(c-1)` with the greatest `sum a[m+k]·x[m]` over both channels, where all four
/// planes have `c` frames and are 0 outside. Positive: the step is delayed.
pub(crate) fn best_lag(a: [&[f32]; 2], x: [&[f32]; 2]) -> Result<i64> {
    let frames = a[0].len();
    if frames <= 1 {
        return Ok(0);
    }
    let size = (2 * frames).next_power_of_two();
    let forward = fft::real_forward(size);
    let inverse = fft::real_inverse(size);
    let failed = |error: realfft::FftError| Error::invalid("", format!("alignment: {error}"));
    let spectrum = |samples: &[f32]| -> Result<_> {
        let mut padded = forward.make_input_vec();
        for (slot, sample) in padded.iter_mut().zip(samples) {
            *slot = f64::from(*sample);
        }
        let mut out = forward.make_output_vec();
        forward.process(&mut padded, &mut out).map_err(failed)?;
        Ok(out)
    };
    let mut cross = inverse.make_input_vec();
    for (a, x) in a.into_iter().zip(x) {
        let (a, x) = (spectrum(a)?, spectrum(x)?);
        for ((sum, a), x) in cross.iter_mut().zip(&a).zip(&x) {
            *sum += a * x.conj();
        }
    }
    // By symmetry both ends are real; clear the rounding errors, because the inverse transform refuses anything else.
    if let [first, .., last] = cross.as_mut_slice() {
        first.im = 0.0;
        last.im = 0.0;
    }
    let mut correlation = inverse.make_output_vec();
    inverse.process(&mut cross, &mut correlation).map_err(failed)?;
    let reach = frames as i64 - 1;
    let value = |lag: i64| correlation[lag.rem_euclid(size as i64) as usize];
    let mut best = -reach;
    for lag in 1 - reach..=reach {
        if value(lag) > value(best) {
            best = lag;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direct(a: [&[f32]; 2], x: [&[f32]; 2]) -> i64 {
        let frames = a[0].len() as i64;
        let correlation = |lag: i64| -> f64 {
            (0..2)
                .flat_map(|ch| (0..frames).map(move |m| (ch, m)))
                .filter(|(_, m)| (0..frames).contains(&(m + lag)))
                .map(|(ch, m)| f64::from(a[ch][(m + lag) as usize]) * f64::from(x[ch][m as usize]))
                .sum()
        };
        (1 - frames..frames)
            .fold((1 - frames, f64::MIN), |best, lag| {
                let value = correlation(lag);
                if value > best.1 { (lag, value) } else { best }
            })
            .0
    }

    #[test]
    fn fft_correlation_finds_the_same_lag_as_direct_correlation() {
        for seed in 0..20_u32 {
            let mut state = seed + 1;
            let mut noise = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            };
            let planes: Vec<Vec<f32>> = (0..4).map(|_| (0..50 + seed).map(|_| noise()).collect()).collect();
            let (a, x) = ([&planes[0][..], &planes[1]], [&planes[2][..], &planes[3]]);
            assert_eq!(best_lag(a, x).unwrap(), direct(a, x));
        }
    }

    #[test]
    fn silence_gives_the_smallest_lag_and_single_frames_give_zero() {
        let (zero, one) = ([0.0; 30], [1.0; 30]);
        assert_eq!(best_lag([&zero, &zero], [&one, &one]).unwrap(), -29);
        assert_eq!(best_lag([&[1.0], &[1.0]], [&[1.0], &[1.0]]).unwrap(), 0);
    }
}
