//! Notches under `gliding_notches`: the response of the specification at rest, and the same depth and place on the way.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Value, json};

const RATE: f64 = 44_100.0;

fn render_under(compat: Compat, name: &str, params: &Value, seed: u64, start: u64, frames: usize) -> [Vec<f32>; 2] {
    let (family, transition) = registry::find(name).expect("a noise voice");
    let mut context = Context::new(600.0, RATE).with_compat(compat);
    context.seed = seed;
    let params = params.as_object().expect("an object");
    let mut voice = registry::build(family, transition, &context, params).expect("a valid voice").0;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    [left, right]
}

fn render(params: &Value, seed: u64, start: u64, frames: usize) -> [Vec<f32>; 2] {
    render_under(Compat::INTENDED, "noise_generator", params, seed, start, frames)
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}

/// The power density at each multiple of the rate over `size`, from one Hann-windowed piece.
fn spectrum(piece: &[f32]) -> Vec<f64> {
    let size = piece.len();
    let fft = realfft::RealFftPlanner::<f64>::new().plan_fft_forward(size);
    let window = (0..size).map(|i| 0.5 - 0.5 * (TAU * i as f64 / size as f64).cos());
    let mut x: Vec<f64> = piece.iter().zip(window).map(|(v, w)| f64::from(*v) * w).collect();
    let mut out = fft.make_output_vec();
    fft.process(&mut x, &mut out).expect("matching lengths");
    out.iter().map(|bin| bin.norm_sqr()).collect()
}

/// The mean of several spectra.
fn mean_spectrum<'a>(pieces: impl Iterator<Item = &'a [f32]>) -> Vec<f64> {
    let (mut sum, mut count) = (Vec::new(), 0.0);
    for piece in pieces {
        let one = spectrum(piece);
        sum.resize(one.len(), 0.0);
        sum.iter_mut().zip(&one).for_each(|(sum, v)| *sum += v);
        count += 1.0;
    }
    sum.into_iter().map(|v| v / count).collect()
}

/// The power response of `stages` stages (spec noise 9).
fn notch(f: f64, at: f64, q: f64, stages: i32) -> f64 {
    let (w, w0) = (TAU * f / RATE, TAU * at / RATE);
    let d = (w.cos() - w0.cos()) / ((w0 / (2.0 * q)).tan() * w.sin());
    (d * d / (d * d + 1.0)).powi(stages)
}

#[test]
fn at_rest_the_response_is_that_of_the_specification() {
    const SIZE: usize = 1 << 14;
    for (at, q, stages, fixed) in [(4000.0, 25.0, 10, false), (300.0, 5.0, 3, false), (15_000.0, 8.0, 6, true)] {
        let params = if fixed {
            json!({"noise_type": "white", "sweeps": [], "static_notches": [[at, q, stages / 2]]})
        } else {
            json!({"noise_type": "white", "sweeps": [[at, at, q, stages]]})
        };
        let spectra: Vec<Vec<f64>> = (0..8)
            .into_par_iter()
            .flat_map(|seed| render(&params, seed, 0, 2_000_000))
            .map(|ear| mean_spectrum(ear.windows(SIZE).step_by(SIZE / 2)))
            .collect();
        let power: Vec<f64> = (0..=SIZE / 2).map(|k| spectra.iter().map(|s| s[k]).sum::<f64>()).collect();
        let hz = |k: usize| k as f64 * RATE / SIZE as f64;
        let far = |k: &usize| notch(hz(*k), at, q, stages) > 0.99 && (100.0..20_000.0).contains(&hz(*k));
        let (count, sum) = (0..power.len()).filter(far).fold((0.0, 0.0), |(n, s), k| (n + 1.0, s + power[k]));
        let reference = sum / count;
        for (k, got) in power.iter().enumerate().take(SIZE / 2).skip(1) {
            // what the Hann window makes of the response: the neighbours' share of a bin is 1/6 each
            let seen = |k: usize| notch(hz(k), at, q, stages);
            let expected = (seen(k - 1) + 4.0 * seen(k) + seen(k + 1)) / 6.0;
            let got = got / reference;
            if !(40.0..20_000.0).contains(&hz(k)) {
                continue;
            }
            // 3900 pieces, of which half are independent: a standard error of 0.1 dB; narrow slopes are curved within a bin
            if expected > 1e-3 {
                let error = decibels(got / expected);
                assert!(error.abs() < 0.6, "{at} {q} x{stages}: {error:.2} dB at {} Hz ({expected:e})", hz(k));
            }
            assert!(expected > 1e-6 || got < 1e-5, "{at} {q} x{stages}: {got:e} at {} Hz", hz(k));
        }
    }
}

/// Place in Hz and depth in dB of the notch around `at`, from pieces of 2048 frames around `centre` (spec noise 17).
fn seen(compat: Compat, params: &Value, centre: u64, at: f64) -> (f64, f64) {
    const SIZE: usize = 2048;
    let runs: Vec<Vec<f64>> = (0..96)
        .into_par_iter()
        .map(|seed| {
            let [left, _] = render_under(compat, "noise_generator", params, seed, centre - SIZE as u64 / 2, SIZE);
            spectrum(&left)
        })
        .collect();
    let power: Vec<f64> = (0..=SIZE / 2).map(|k| runs.iter().map(|run| run[k]).sum()).collect();
    let smooth: Vec<f64> = power.windows(3).map(|w| w.iter().sum::<f64>() / 3.0).collect();
    let hz = |k: usize| (k + 1) as f64 * RATE / SIZE as f64;
    let inside: Vec<usize> =
        (0..smooth.len()).filter(|k| (0.5 * at..1.6 * at).contains(&hz(*k)) && hz(*k) < 20_000.0).collect();
    let mut levels: Vec<f64> = inside.iter().map(|k| smooth[*k]).collect();
    levels.sort_by(f64::total_cmp);
    let lowest = inside.iter().copied().min_by(|a, b| smooth[*a].total_cmp(&smooth[*b])).expect("some bins");
    (hz(lowest), decibels(levels[levels.len() / 2] / smooth[lowest]))
}

#[test]
fn moving_notches_have_their_place_and_depth() {
    // spec noise 17: the depth of the recorded notches in the middle of their blocks
    let recorded = [(1400.0, 23.0), (2600.0, 33.0), (4300.0, 35.0), (6300.0, 44.0), (8000.0, 57.0), (9400.0, 76.0)];
    let params = json!({"noise_type": "white", "lfo_freq": 0.1, "sweeps": [[1000, 10_000, 25, 10]]});
    for (at, depth) in recorded {
        // on the way up, in the second turn
        let turn = 1.0 - f64::acos((at - 5500.0) / 4500.0) / TAU;
        for ahead in [0, 700, 1024] {
            let centre = ((1.0 + turn) / 0.1 * RATE) as u64 + ahead;
            let now = 5500.0 + 4500.0 * (TAU * 0.1 * centre as f64 / RATE).cos();
            let (place, got) = seen(Compat::INTENDED, &params, centre, now);
            println!("{at} Hz: {got:.1} dB at {place:.0} Hz, {now:.0} expected; recorded {depth}");
            assert!((place / now - 1.0).abs() < 0.013 + 22.0 / now, "{at} Hz: at {place} instead of {now}");
            // the pieces resolve 70 dB
            assert!(got > f64::min(depth, 70.0) - 2.0, "{at} Hz: {got:.1} dB instead of {depth}");
        }
    }
}

#[test]
fn octaves_have_the_power_that_the_moving_notches_leave() {
    const SIZE: usize = 1 << 14;
    let params = json!({"noise_type": "pink", "lfo_freq": 0.5, "lfo_phase_offset_deg": 0, "stereo_correlation": 0,
        "sweeps": [[500, 4000, 6, 6]]});
    let still = json!({"noise_type": "pink", "sweeps": []});
    let octaves = |params: &Value| -> Vec<f64> {
        let spectra: Vec<Vec<f64>> = (0..8)
            .into_par_iter()
            .flat_map(|seed| render(params, seed, 0, 4_410_000))
            .map(|ear| mean_spectrum(ear.windows(SIZE).step_by(SIZE / 2)))
            .collect();
        let power = |k: usize| spectra.iter().map(|s| s[k]).sum::<f64>();
        CENTRES.iter().map(|centre| bins(*centre, SIZE).map(power).sum()).collect()
    };
    let left = |f: f64| {
        let turns = (0..4000).map(|i| 2250.0 + 1750.0 * (PI * (f64::from(i) + 0.5) / 4000.0).cos());
        turns.map(|at| notch(f, at, 6.0, 6)).sum::<f64>() / 4000.0
    };
    let expected: Vec<f64> = CENTRES
        .iter()
        .map(|centre| {
            let hz = |k: usize| k as f64 * RATE / SIZE as f64;
            let all: f64 = bins(*centre, SIZE).map(|k| 1.0 / hz(k)).sum();
            bins(*centre, SIZE).map(|k| left(hz(k)) / hz(k)).sum::<f64>() / all
        })
        .collect();
    // the same samples before the notches, so the chance variation of the colour cancels
    let (with, without) = (octaves(&params), octaves(&still));
    let error = |i: usize| decibels(with[i] / without[i] / expected[i]);
    let mean = (0..CENTRES.len()).map(error).sum::<f64>() / CENTRES.len() as f64;
    for (i, centre) in CENTRES.iter().enumerate() {
        let error = error(i) - mean;
        println!("{centre} Hz: {:.2} dB left, {error:+.3} dB of it wrong", decibels(expected[i]));
        assert!(error.abs() < 0.1, "{centre} Hz: {error:+.3} dB");
    }
}

const CENTRES: [f64; 9] = [63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 14_000.0];

/// The bins of an octave.
fn bins(centre: f64, size: usize) -> impl Iterator<Item = usize> {
    let (low, high) = (centre / 2.0_f64.sqrt(), centre * 2.0_f64.sqrt());
    (1..size / 2).filter(move |k| (low..high).contains(&(*k as f64 * RATE / size as f64)))
}

#[test]
fn the_fastest_and_narrowest_sweeps_stay_bounded() {
    for (lfo, q, range) in [(200.0, 100.0, [20, 22_000]), (35.0, 1000.0, [-500, 40_000]), (3.0, 0.01, [1, 3000])] {
        let params = json!({"noise_type": "white", "lfo_freq": lfo, "amp": 1.0,
            "sweeps": [[range[0], range[1], q, 12]], "lfo_waveform": "triangle"});
        for ear in render(&params, 4, 0, 600_000) {
            let peak =
                ear.iter().fold(0.0_f32, |peak, v| if v.is_finite() { peak.max(v.abs()) } else { f32::INFINITY });
            // what is left of noise behind the widest notches is raised by up to 40 dB
            assert!((0.2..20.0).contains(&peak), "{lfo} Hz, quality {q}: {peak}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let voice = |name: &str| {
        json!({"synth_function_name": name, "params": {"intra_phase_offset_deg": 30, "end_lfo_freq": 0.4,
            "sweeps": [[100, 2000, 25, 10], [250, 7000, 5, 3]], "static_notches": [[440, 10, 2]]}})
    };
    let step = |name: &str, seconds: f64| json!({"duration": seconds, "voices": [voice(name)]});
    let document = json!({"global": {"sample_rate": 44_100, "crossfade_duration": 1.0, "compat": "intended"},
        "progression": [step("noise_generator", 9.0), step("noise_generator_transition", 8.0)]});
    let (track, _) = Track::from_value(document).expect("a track");
    let plan = Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0);
    let all = |threads| render_array(&plan, 0, None, threads, &mut |_| true).expect("audio");
    let one = all(1);
    assert!(one.iter().any(|v| v.abs() > 0.01));
    assert_eq!(one, all(3));
    let part = render_array(&plan, 250_001, Some(5000), 2, &mut |_| true).expect("audio");
    assert_eq!(part, one[2 * 250_001..2 * 255_001]);
}

#[test]
fn without_full_band_noise_the_switch_does_nothing() {
    let params = json!({});
    let gliding = Compat { gliding_notches: true, ..Compat::DEFAULT };
    for name in ["noise_generator", "noise_swept_notch"] {
        let of = |compat| render_under(compat, name, &params, 1, 30_000, 5000);
        assert_eq!(of(gliding), of(Compat::DEFAULT));
        assert_ne!(of(Compat { gliding_notches: false, ..Compat::INTENDED }), of(Compat::INTENDED));
    }
}
