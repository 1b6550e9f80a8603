//! Noise without a seed: compares spectra, levels and stereo width with the recorded statistics (spec noise 17).
//!
//! The seeds are fixed, so that the tests are reproducible. The bounds are four standard errors of the difference of
//! the means (our runs and the recorded ones), so that any other seed would pass with more than 99.9 % confidence.

use rayon::prelude::*;
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Map, Value, json};
use tests_rs::golden;

const RATE: f64 = 44_100.0;

fn render(name: &str, seconds: f64, params: &Value, seed: u64, frames: usize) -> [Vec<f32>; 2] {
    let (family, transition) = registry::find(name).expect("a noise voice");
    let mut context = Context::new(seconds, RATE);
    context.seed = seed;
    let params: &Map<String, Value> = params.as_object().expect("an object");
    let mut voice = registry::build(family, transition, &context, params).expect("a valid voice").0;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(0, Block::new(&mut left, &mut right));
    [left, right]
}

fn frames(seconds: f64) -> usize {
    (seconds * RATE) as usize
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}

/// Levels of the recorded octave bands relative to all power above 20 Hz.
fn octaves(signal: &[f32], centres: &[f64]) -> Vec<f64> {
    const SIZE: usize = 16_384;
    let mut planner = realfft::RealFftPlanner::<f64>::new();
    let fft = planner.plan_fft_forward(SIZE);
    let window: Vec<f64> =
        (0..SIZE).map(|i| 0.5 - 0.5 * (std::f64::consts::TAU * i as f64 / SIZE as f64).cos()).collect();
    let mut spectrum = vec![0.0; SIZE / 2 + 1];
    for start in (0..signal.len() - SIZE).step_by(SIZE / 2) {
        let piece = signal[start..start + SIZE].iter().zip(&window);
        let mut x: Vec<f64> = piece.map(|(v, w)| f64::from(*v) * w).collect();
        let mut out = fft.make_output_vec();
        fft.process(&mut x, &mut out).expect("matching lengths");
        spectrum.iter_mut().zip(&out).for_each(|(sum, bin)| *sum += bin.norm_sqr());
    }
    let power = |low: f64, high: f64| -> f64 {
        let bins = spectrum.iter().enumerate();
        bins.map(|(k, p)| (k as f64 * RATE / SIZE as f64, p))
            .filter(|(f, _)| *f >= low && *f < high)
            .map(|(_, p)| p)
            .sum()
    };
    let all = power(20.0, RATE);
    let root = 2.0_f64.sqrt();
    centres.iter().map(|c| decibels(power(c / root, c * root) / all)).collect()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    sum / count
}

/// Recorded rows: centre frequency, mean and standard deviation over 12 runs, theory, and the same for the raw
/// generator.
fn recorded() -> Vec<(String, Vec<[f64; 7]>)> {
    golden::cases("noise_filter")
        .into_iter()
        .filter(|case| case.function == "stats")
        .map(|case| {
            let colour = case.kwargs["noise_type"].as_str().expect("a name").to_owned();
            let rows = case.whole().chunks_exact(7).map(|row| row.try_into().expect("seven values")).collect();
            (colour, rows)
        })
        .collect()
}

#[test]
fn spectra_match_the_recordings_in_both_forms() {
    const RUNS: u64 = 12;
    for (colour, rows) in recorded() {
        let centres: Vec<f64> = rows.iter().map(|row| row[0]).collect();
        let params = json!({"noise_type": colour, "sweeps": []});
        // Voices of 8 s are computed as a whole, those of 30 s are streamed.
        for seconds in [8.0, 30.0] {
            let runs: Vec<Vec<f64>> = (0..RUNS)
                .into_par_iter()
                .map(|seed| {
                    let [left, right] = render("noise_swept_notch", seconds, &params, seed, frames(8.0));
                    assert_eq!(left, right, "no sweeps: both channels are the same");
                    octaves(&left[frames(0.25)..frames(7.75)], &centres)
                })
                .collect();
            for (band, row) in rows.iter().enumerate() {
                let got = mean(runs.iter().map(|run| run[band]));
                // The recorded mean and theory agree within 0.4 dB; below -90 dB rounding matters.
                let error = (got - row[1]).abs();
                let allowed = 0.1 + 4.0 * row[2] * (2.0 / RUNS as f64).sqrt();
                println!("{colour} {seconds} s, {:5} Hz: {got:7.2} dB, recorded {:7.2}", row[0], row[1]);
                assert!(
                    error < allowed || row[1] < -75.0,
                    "{colour}, {seconds} s, {} Hz: {got:.2} not {:.2}",
                    row[0],
                    row[1]
                );
            }
        }
    }
}

#[test]
fn levels_match_the_recordings() {
    // Spec noise 17: mean and standard deviation of the RMS of finished voices without sweeps.
    let table = [
        ("pink", [(0.5, 0.241, 0.015), (1.0, 0.228, 0.025), (10.0, 0.199, 0.011), (60.0, 0.189, 0.007)]),
        ("brown", [(0.5, 0.256, 0.030), (1.0, 0.250, 0.016), (10.0, 0.214, 0.016), (60.0, 0.200, 0.006)]),
        ("green", [(0.5, 0.258, 0.023), (1.0, 0.246, 0.019), (10.0, 0.218, 0.010), (60.0, 0.199, 0.008)]),
        ("unknown", [(0.5, 0.187, 0.031), (1.0, 0.202, 0.022), (10.0, 0.170, 0.034), (60.0, 0.161, 0.026)]),
    ];
    for (colour, rows) in table {
        let params = json!({"noise_type": colour, "sweeps": []});
        for (seconds, expected, deviation) in rows {
            let runs = 12_u64;
            let levels: Vec<f64> = (0..runs)
                .into_par_iter()
                .map(|seed| {
                    let [left, _] = render("noise_swept_notch", seconds, &params, 100 + seed, frames(seconds));
                    (mean(left.iter().map(|v| f64::from(*v).powi(2)))).sqrt()
                })
                .collect();
            let got = mean(levels);
            println!("{colour} {seconds} s: rms {got:.3}, recorded {expected} +- {deviation}");
            // The number of recorded runs is not stated; it is at least six.
            assert!(
                (got - expected).abs() < 0.002 + 4.0 * deviation * (1.0 / 12.0_f64 + 1.0 / 6.0).sqrt(),
                "{colour} {seconds} s: {got}"
            );
        }
    }
}

#[test]
fn stereo_width_matches_the_recordings() {
    let pairs = json!([[500, 1000, 40, 15], [1850, 3350, 40, 15]]);
    let rolling = json!([[100, 2000, 3, 3], [250, 7000, 5, 3], [2000, 16000, 5, 1]]);
    let settings = [
        (12.0, json!({}), [0.899, 0.984, 0.690]),
        (4.0, json!({"sweeps": pairs, "lfo_waveform": "triangle", "lfo_freq": 0.5}), [0.791, 0.945, 0.788]),
        (
            24.1,
            json!({"sweeps": rolling, "lfo_phase_offset_deg": 180, "intra_phase_offset_deg": 30, "lfo_freq": 0.0415}),
            [0.348, 0.582, 0.227],
        ),
    ];
    for (seconds, setting, expected) in settings {
        for (colour, expected) in ["pink", "brown", "unknown"].into_iter().zip(expected) {
            let mut params = setting.clone();
            params["noise_type"] = colour.into();
            // A voice computed as a whole, and the same stretch of a streamed voice.
            for length in [seconds, seconds + 40.0] {
                let runs: Vec<[f64; 2]> = (0..4_u64)
                    .into_par_iter()
                    .map(|seed| {
                        let [left, right] = render("noise_generator", length, &params, seed, frames(seconds));
                        let dot =
                            |a: &[f32], b: &[f32]| mean(a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)));
                        let (l, r) = (dot(&left, &left), dot(&right, &right));
                        [dot(&left, &right) / (l * r).sqrt(), decibels(l / r)]
                    })
                    .collect();
                let correlation = mean(runs.iter().map(|run| run[0]));
                let difference = mean(runs.iter().map(|run| run[1]));
                println!("{colour} {setting} {length} s: correlation {correlation:.3}, {difference:+.2} dB");
                assert!(
                    (correlation - expected).abs() < 0.025,
                    "{colour} {setting} {length} s: {correlation} not {expected}"
                );
                assert!(difference.abs() < 0.3, "{colour} {setting} {length} s: {difference} dB");
            }
        }
    }
}

#[test]
fn unseeded_colours_follow_the_seed_of_the_context() {
    for name in ["pink", "brown", "deep brown", "blue", "green", "unknown"] {
        let params = json!({"noise_type": name});
        let of = |seed| render("noise_swept_notch", 0.3, &params, seed, 5000);
        assert_eq!(of(1), of(1), "{name}");
        assert_ne!(of(1), of(2), "{name}");
    }
}
