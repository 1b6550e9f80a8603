//! Compares rate conversion with closed forms (sines, pulses, the definition of the Fourier method) and recorded
//! output.

use std::f64::consts::TAU;

use realtime_backend_core::media::resample::{fourier, fourier_len, sinc, sinc_len};
use realtime_backend_core::media::{Audio, Resampling, decode_file};
use tests_rs::golden;

/// Pairs of rates: up and down, close and far apart, without a common divisor.
const RATES: [(u32, u32); 12] = [
    (44_100, 48_000),
    (48_000, 44_100),
    (22_050, 44_100),
    (44_100, 22_050),
    (16_000, 44_100),
    (96_000, 44_100),
    (8_000, 48_000),
    (11_025, 48_000),
    (192_000, 44_100),
    (44_100, 44_101),
    (47_999, 48_000),
    (44_056, 48_000),
];

fn sine(hz: f64, rate: u32, count: usize) -> Vec<f64> {
    (0..count).map(|i| (TAU * hz * i as f64 / f64::from(rate) + 0.3).sin()).collect()
}

/// Largest difference, without the first and last `margin` seconds, where a cut sine is not band-limited.
fn worst_inside(y: &[f64], want: &[f64], rate: u32, margin: f64) -> f64 {
    let skip = (margin * f64::from(rate)) as usize;
    assert!(y.len() > 2 * skip);
    (skip..y.len() - skip).map(|i| (y[i] - want[i]).abs()).fold(0.0, f64::max)
}

#[test]
fn sines_in_the_pass_band_are_exact_to_100_db() {
    for (from, to) in RATES {
        let nyquist = f64::from(from.min(to)) / 2.0;
        for part in [0.01, 0.3, 0.7, 0.9] {
            let hz = part * nyquist;
            let y = sinc(&sine(hz, from, 3 * from as usize), from, to).unwrap();
            let error = worst_inside(&y, &sine(hz, to, y.len()), to, 1.1);
            assert!(error < 1e-5, "{from} -> {to}, {part} of the pass band: {error:e}");
        }
    }
}

#[test]
fn frequencies_above_the_new_nyquist_limit_are_removed() {
    for (from, to) in RATES.into_iter().filter(|(from, to)| f64::from(*from) > 1.1 * f64::from(*to)) {
        for part in [1.01, 1.05, 1.08] {
            let hz = part * f64::from(to) / 2.0;
            let y = sinc(&sine(hz, from, from as usize), from, to).unwrap();
            let left = worst_inside(&y, &vec![0.0; y.len()], to, 0.1);
            assert!(left < 1e-5, "{from} -> {to}, {part}: {left:e}");
        }
    }
}

#[test]
fn a_smooth_pulse_keeps_its_position_and_shape() {
    for (from, to) in RATES {
        let pulse = |t: f64| (-0.5 * ((t - 0.05) / 0.001).powi(2)).exp() * (TAU * 300.0 * (t - 0.05)).cos();
        let x: Vec<f64> = (0..from / 10).map(|i| pulse(f64::from(i) / f64::from(from))).collect();
        let y = sinc(&x, from, to).unwrap();
        assert_eq!(y.len() as u64, (u64::from(from / 10) * u64::from(to)).div_ceil(u64::from(from)));
        for (i, value) in y.iter().enumerate() {
            let want = pulse(i as f64 / f64::from(to));
            assert!((value - want).abs() < 1e-6, "{from} -> {to} at {i}: {value} {want}");
        }
    }
}

#[test]
fn the_filter_is_symmetric() {
    for (from, to, unit) in [(44_100, 48_000, 147), (48_000, 44_100, 160), (22_050, 44_100, 1), (96_000, 16_000, 6)] {
        // An impulse at an input sample that falls on an output sample.
        let at = 8 * unit * (400 / unit + 1);
        let mut x = vec![0.0; 2 * at + 1];
        x[at] = 1.0;
        let y = sinc(&x, from, to).unwrap();
        let centre = at * to as usize / from as usize;
        for offset in 1..=centre.min(y.len() - 1 - centre) {
            // The window does not end exactly at zero, and only one of its ends is used (-180 dB).
            assert!((y[centre - offset] - y[centre + offset]).abs() < 1e-9, "{from} -> {to} {offset}");
        }
        assert!(y[centre] > 0.0);
    }
}

#[test]
fn lengths_are_rounded_as_specified() {
    assert_eq!((sinc_len(1000, 44_100, 48_000), fourier_len(1000, 44_100, 48_000)), (1089, 1088));
    assert_eq!((sinc_len(441, 44_100, 48_000), fourier_len(441, 44_100, 48_000)), (480, 480));
    assert_eq!(sinc(&[0.5; 3], 48_000, 44_100).unwrap().len(), 3);
    assert_eq!(sinc(&[], 48_000, 44_100).unwrap(), Vec::<f64>::new());
    assert_eq!(sinc(&[0.1, -0.2], 48_000, 48_000).unwrap(), [0.1, -0.2]);
    assert!(sinc(&vec![0.0; 5000], 8_000, 48_000).unwrap().iter().all(|y| *y == 0.0));
}

#[test]
fn rates_of_zero_and_absurd_lengths_are_refused() {
    assert!(sinc(&[0.0; 10], 0, 44_100).is_err());
    assert!(sinc(&[0.0; 10], 44_100, 0).is_err());
    assert!(sinc(&[0.0; 10], 1, u32::MAX).unwrap_err().to_string().contains("frames"));
    let clip = Audio::new(vec![vec![0.0; 10]], 1);
    assert!(clip.resampled(u32::MAX, Resampling::Fourier).is_err());
}

/// `subliminal_encode` on one file: the resampled mean times a carrier, normalised (spec am-and-monaural-voices 8).
#[test]
fn sinc_matches_the_recorded_output_of_its_voice() {
    for (case, carrier) in [("resample_up", 17_500.0), ("resample_down", 15_500.0)] {
        let recorded = golden::cases("subliminal_encode").into_iter().find(|c| c.name == case).unwrap();
        let clip = decode_file(golden::folder().join(recorded.kwargs["audio_path"].as_str().unwrap())).unwrap();
        let speech = clip.resampled(44_100, Resampling::Sinc).unwrap();
        let carried: Vec<f64> = speech
            .mean()
            .iter()
            .enumerate()
            .map(|(i, v)| f64::from(*v) * (TAU * carrier * i as f64 / 44_100.0).sin())
            .collect();
        let peak = carried.iter().fold(0.0_f64, |p, v| p.max(v.abs()));
        let mut voice = vec![0.0_f32; recorded.array.frames()];
        for (slot, value) in voice.iter_mut().zip(&carried) {
            *slot = (0.5 * value / peak) as f32;
        }
        let (error, at) = recorded.array.worst_planar(&voice, &voice);
        assert!(error < 1e-6, "{case}: {error:e} at {at}");
    }
}

/// The definition of the Fourier method, term by term: DFT, the bins of spec assembly 9.2, inverse real DFT.
fn fourier_by_definition(x: &[f64], m: usize) -> Vec<f64> {
    let n = x.len();
    let bin = |k: usize| {
        x.iter().enumerate().fold((0.0, 0.0), |(re, im), (i, v)| {
            let angle = TAU * ((k * i) % n) as f64 / n as f64;
            (re + v * angle.cos(), im - v * angle.sin())
        })
    };
    let k = n.min(m);
    let mut bins: Vec<(f64, f64)> = (0..=k / 2).map(bin).collect();
    if k.is_multiple_of(2) && n != m {
        let factor = if m < n { 2.0 } else { 0.5 };
        bins[k / 2].0 *= factor;
        bins[k / 2].1 *= factor;
    }
    bins.resize(m / 2 + 1, (0.0, 0.0));
    (0..m)
        .map(|i| {
            let sum: f64 = bins
                .iter()
                .enumerate()
                .map(|(j, (re, im))| {
                    let angle = TAU * ((j * i) % m) as f64 / m as f64;
                    let once = j == 0 || 2 * j == m;
                    if once { re * angle.cos() } else { 2.0 * (re * angle.cos() - im * angle.sin()) }
                })
                .sum();
            sum / n as f64
        })
        .collect()
}

#[test]
fn fourier_follows_its_definition_for_even_odd_and_prime_lengths() {
    for n in [1, 2, 3, 8, 9, 50, 97, 128] {
        let x: Vec<f64> = (0..n).map(|i| ((i * i * 37 + 11 * i) % 101) as f64 / 50.0 - 1.0).collect();
        for m in [1, 2, 3, 7, 8, 49, 50, 51, 97, 100, 127, 256] {
            let (y, want) = (fourier(&x, m), fourier_by_definition(&x, m));
            assert_eq!(y.len(), m);
            for (i, (a, b)) in y.iter().zip(&want).enumerate() {
                assert!((a - b).abs() < 1e-12, "{n} -> {m} at {i}: {a} {b}");
            }
        }
    }
}

#[test]
fn fourier_is_exact_for_whole_periods() {
    for (from, to) in [(44_100, 48_000), (48_000, 44_100), (16_000, 22_050), (22_050, 16_000)] {
        // One second holds whole periods of whole frequencies.
        let y = fourier(&sine(997.0, from, from as usize), to as usize);
        let want = sine(997.0, to, to as usize);
        let error = y.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(error < 1e-11, "{from} -> {to}: {error:e}");
    }
}

#[test]
fn fourier_of_an_empty_signal_is_empty() {
    assert_eq!(fourier(&[], 5), [0.0; 5]);
    assert!(fourier(&[1.0, 2.0], 0).is_empty());
    assert_eq!(fourier(&[1.0, 2.0, 3.0], 3), [1.0, 2.0, 3.0]);
}

#[test]
fn both_methods_agree_on_a_faded_clip() {
    let clip = decode_file(golden::folder().join("tracks/media/tone_stereo_16000.wav")).unwrap();
    let a = clip.resampled(22_050, Resampling::Sinc).unwrap();
    let b = clip.resampled(22_050, Resampling::Fourier).unwrap();
    assert_eq!((a.sample_rate(), b.sample_rate(), a.channels().len()), (22_050, 22_050, 2));
    assert!(a.frames() - b.frames() <= 1);
    for (x, y) in a.channels().iter().zip(b.channels()) {
        let worst = x.iter().zip(y).skip(300).take(b.frames() - 600).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "{worst:e}");
    }
}
