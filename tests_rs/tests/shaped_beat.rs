//! `shaped_beat` against its Fourier series, and against a spectrum analyser for what folds back at half the sample rate.

use std::f64::consts::{PI, TAU};

use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Map, Value, json};

const RATE: f64 = 48_000.0;

fn voice(name: &str, params: &Value, seconds: f64) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).unwrap();
    let params: &Map<String, Value> = params.as_object().unwrap();
    registry::build(family, transition, &Context::new(seconds, RATE), params).unwrap().0
}

fn sound(name: &str, params: &Value, start: u64, frames: usize) -> [Vec<f64>; 2] {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice(name, params, 4.0 * 3600.0).render(start, Block::new(&mut left, &mut right));
    [left, right].map(|ear| ear.into_iter().map(f64::from).collect())
}

/// The periodic sinc interpolation of `points` at `turns`, for an odd number of points.
fn interpolated(points: &[f64], turns: f64) -> f64 {
    let n = points.len() as f64;
    points
        .iter()
        .enumerate()
        .map(|(j, point)| {
            let x = PI * (turns - j as f64 / n);
            if x.sin().abs() < 1e-12 { *point } else { point * (n * x).sin() / (n * x.sin()) }
        })
        .sum()
}

#[test]
fn an_envelope_multiplies_both_ears_once_per_beat() {
    let points = [1.0, 5.0, 9.0, 4.0, 0.0];
    let params = json!({"baseFreq": 200.0, "beatFreq": 4.0, "leftHigh": true, "ampL": 0.2, "ampR": 0.3,
        "beatEnvelope": points});
    let curve: Vec<f64> = (0..100_000).map(|k| interpolated(&points, f64::from(k) / 1e5)).collect();
    let (low, high) = curve.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
    for start in [0, 1_000_003, 3 * 3600 * 48_000] {
        let [left, right] = sound("shaped_beat", &params, start, 20_000);
        for (i, (l, r)) in left.iter().zip(&right).enumerate() {
            // frame 0 has one increment of the phase
            let t = (start + i as u64 + 1) as f64 / RATE;
            let level = (interpolated(&points, (4.0 * t).fract()) - low) / (high - low);
            assert!((l - 0.2 * (TAU * (202.0 * t).fract()).sin() * level).abs() < 2e-6, "left at {t}");
            assert!((r - 0.3 * (TAU * (198.0 * t).fract()).sin() * level).abs() < 2e-6, "right at {t}");
        }
    }
}

/// Amplitude of `signal` at `frequency`, by a Hann window.
fn amplitude(signal: &[f64], frequency: f64) -> f64 {
    let n = signal.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (i, x) in signal.iter().enumerate() {
        let window = 1.0 - (TAU * i as f64 / n).cos();
        let angle = TAU * (frequency * i as f64 / RATE).fract();
        re += window * x * angle.cos();
        im += window * x * angle.sin();
    }
    2.0 * re.hypot(im) / n
}

#[test]
fn shapes_have_their_harmonics_and_do_not_fold() {
    for (shape, first, third) in [
        ("square", 4.0 / PI, 4.0 / (3.0 * PI)),
        ("triangle", 8.0 / (PI * PI), 8.0 / (9.0 * PI * PI)),
        ("sawtooth", 2.0 / PI, 2.0 / (3.0 * PI)),
    ] {
        for carrier in [100.0, 1000.0, 5000.0, 15_000.0] {
            let params = json!({"baseFreq": carrier, "beatFreq": 0.0, "ampL": 0.5, "waveform": shape});
            let [left, _] = sound("shaped_beat", &params, 12_345, 48_000);
            if carrier == 100.0 {
                let weight = |k: f64| (PI * k / 241.0).sin() / (PI * k / 241.0);
                assert!((amplitude(&left, 100.0) - 0.5 * first * weight(1.0)).abs() < 1e-4, "{shape}");
                assert!((amplitude(&left, 300.0) - 0.5 * third * weight(3.0)).abs() < 1e-4, "{shape}");
                assert!(left.iter().all(|x| x.abs() < 0.52), "{shape} overshoots");
            }
            // harmonics above 24 kHz would appear between the true ones
            let fundamental = amplitude(&left, carrier);
            for k in 1..40 {
                let image = (f64::from(k) * carrier).rem_euclid(RATE);
                let image = image.min(RATE - image);
                if f64::from(k) * carrier > RATE / 2.0 && (image / carrier).fract() > 0.01 {
                    assert!(amplitude(&left, image) < 1e-5 * fundamental, "{shape} {carrier}: {image} Hz");
                }
            }
        }
    }
}

#[test]
fn a_moving_shape_has_the_declared_frequencies() {
    let params = json!({"startBaseFreq": 300.0, "endBaseFreq": 200.0, "startBeatFreq": 10.0, "endBeatFreq": 4.0,
        "waveform": "sine", "ampL": 0.5, "ampR": 0.5, "transition_duration": 100.0});
    let start = 50 * 48_000;
    let [left, right] = sound("shaped_beat_transition", &params, start, 4800);
    // phases in turns, summed frame by frame
    let mut phases = [0.0, 0.0];
    for frame in 0..start + 4800 {
        let part = frame as f64 / (100.0 * RATE);
        let (base, beat) = (300.0 - 100.0 * part, 10.0 - 6.0 * part);
        for (phase, side) in phases.iter_mut().zip([-0.5, 0.5]) {
            *phase = (*phase + (base + side * beat) / RATE) % 1.0;
        }
        if let Some(i) = frame.checked_sub(start) {
            for (ear, phase) in [&left, &right].into_iter().zip(phases) {
                assert!((ear[i as usize] - 0.5 * (TAU * phase).sin()).abs() < 0.003, "frame {i}");
            }
        }
    }
}
