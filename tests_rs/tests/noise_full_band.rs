//! Noise under `full_band_noise`: the declared colour, independent ears, one level at any length, other samples in
//! every step.
//!
//! The seeds are fixed. The bounds are at least four standard errors of each estimate.

use std::f64::consts::TAU;
use std::sync::Arc;

use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{Catalogue, NoiseFile, Track};
use realtime_backend_core::voice::families::noise::bed;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Value, json};

const RATE: f64 = 44_100.0;
/// -15 dBFS.
const LEVEL: f64 = -15.0;

fn context(seconds: f64, rate: f64, seed: u64) -> Context {
    let mut context = Context::new(seconds, rate).with_compat(Compat::INTENDED);
    context.seed = seed;
    context
}

fn voice_in(context: &Context, name: &str, params: &Value) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).expect("a noise voice");
    registry::build(family, transition, context, params.as_object().expect("an object")).expect("a valid voice").0
}

fn stretch(voice: &mut dyn Voice, start: u64, frames: usize) -> [Vec<f32>; 2] {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    [left, right]
}

/// Plain noise of one colour, without notches.
fn plain(seconds: f64, rate: f64, colour: &Value, seed: u64) -> [Vec<f32>; 2] {
    let context = context(seconds, rate, seed);
    let mut voice = voice_in(&context, "noise_swept_notch", &json!({"sweeps": [], "noise_type": colour}));
    stretch(&mut *voice, 0, context.frames as usize)
}

fn power(x: &[f32]) -> f64 {
    x.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / x.len() as f64
}

fn decibels(power: f64) -> f64 {
    10.0 * power.log10()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    sum / count
}

fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let product: f64 = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>() / a.len() as f64;
    product / (power(a) * power(b)).sqrt()
}

/// Mean power density at each multiple of rate/2^15, from Hann-windowed periodograms.
fn density(signals: &[Vec<f32>]) -> Vec<f64> {
    const SIZE: usize = 1 << 15;
    let fft = realfft::RealFftPlanner::<f32>::new().plan_fft_forward(SIZE);
    let window: Vec<f32> = (0..SIZE).map(|i| (0.5 - 0.5 * (TAU * i as f64 / SIZE as f64).cos()) as f32).collect();
    let mut sums = vec![0.0; SIZE / 2 + 1];
    let mut out = fft.make_output_vec();
    for signal in signals {
        for piece in signal.windows(SIZE).step_by(SIZE / 2) {
            let mut x: Vec<f32> = piece.iter().zip(&window).map(|(v, w)| v * w).collect();
            fft.process(&mut x, &mut out).expect("matching lengths");
            sums.iter_mut().zip(&out).for_each(|(sum, bin)| *sum += f64::from(bin.norm_sqr()));
        }
    }
    sums
}

/// Levels in dB of the third octaves around `centres` against a power density `law`, both relative to 1 kHz.
fn deviations(signals: &[Vec<f32>], rate: f64, law: impl Fn(f64) -> f64, centres: &[f64]) -> Vec<(f64, f64)> {
    let measured = density(signals);
    let spacing = rate / (2.0 * (measured.len() - 1) as f64);
    let level = |centre: f64| {
        let edge = 2.0_f64.powf(1.0 / 6.0);
        let bins = || (1..measured.len()).filter(|k| (centre / edge..centre * edge).contains(&(*k as f64 * spacing)));
        decibels(bins().map(|k| measured[k]).sum::<f64>() / bins().map(|k| law(k as f64 * spacing)).sum::<f64>())
    };
    let reference = level(1000.0);
    centres.iter().map(|centre| (*centre, level(*centre) - reference)).collect()
}

const THIRD_OCTAVES: [f64; 31] = [
    20.0, 25.0, 31.5, 40.0, 50.0, 63.0, 80.0, 100.0, 125.0, 160.0, 200.0, 250.0, 315.0, 400.0, 500.0, 630.0, 800.0,
    1000.0, 1250.0, 1600.0, 2000.0, 2500.0, 3150.0, 4000.0, 5000.0, 6300.0, 8000.0, 10_000.0, 12_500.0, 16_000.0,
    20_000.0,
];

#[test]
fn every_third_octave_has_the_declared_power() {
    let power_laws = [
        (json!("pink"), 1.0),
        (json!("white"), 0.0),
        (json!("brown"), 2.0),
        (json!("deep brown"), 3.0),
        (json!({"exponent": -1}), -1.0),
        (json!({"exponent": -2.0, "seed": 5}), -2.0),
        (json!({"exponent": 0.5, "seed": null}), 0.5),
        (json!({"name": "Pink"}), 1.0),
    ];
    let cases = power_laws.into_iter().map(|(colour, exponent)| (RATE, colour, exponent));
    let rates = [8000.0, 22_050.0, 48_000.0, 96_000.0].map(|rate| (rate, json!("pink"), 1.0));
    let cases: Vec<(f64, Value, f64)> = cases.chain(rates).chain([(96_000.0, json!({"exponent": -2}), -2.0)]).collect();
    cases.into_par_iter().for_each(|(rate, colour, exponent)| {
        let signals: Vec<Vec<f32>> = (1..=2).flat_map(|seed| plain(80.0, rate, &colour, seed)).collect();
        let top = (0.45 * rate).min(20_000.0);
        let centres: Vec<f64> = THIRD_OCTAVES.into_iter().filter(|c| *c <= top).collect();
        for (centre, error) in deviations(&signals, rate, |f| f.powf(-exponent), &centres) {
            // 320 s of independent noise (160 s of which the seed repeats, where the colour has one): a standard error
            // of 0.11 dB (0.16 dB) in the lowest band, 4.6 Hz wide
            assert!(error.abs() < 0.5, "{colour} at {rate} Hz: {error:.2} dB at {centre} Hz");
        }
    });
}

#[test]
fn cut_offs_and_profiles_count_where_they_are_written() {
    // Butterworth of order 4, with the frequency axis of the bilinear transform
    let warp = |f: f64| (std::f64::consts::PI * f / RATE).tan();
    let band = |f: f64| {
        let (low, high) = (warp(200.0), warp(3000.0));
        let x = (warp(f).powi(2) - low * high) / ((high - low) * warp(f));
        1.0 / (1.0 + x.powi(8))
    };
    let profile = |f: f64| {
        let place = (f / 20.0).ln() / 1000.0_f64.ln();
        f.powf(-(2.0 - 1.5 * place.max(0.0).powi(2)))
    };
    let cut = json!({"exponent": 1, "lowcut": 200, "highcut": 3000});
    let bent = json!({"exponent": 2, "high_exponent": 0.5, "distribution_curve": 2});
    let check = |colour: Value, law: &dyn Fn(f64) -> f64, centres: &[f64]| {
        let signals: Vec<Vec<f32>> = (1..=2).flat_map(|seed| plain(80.0, RATE, &colour, seed)).collect();
        for (centre, error) in deviations(&signals, RATE, law, centres) {
            assert!(error.abs() < 0.5, "{colour}: {error:.2} dB at {centre} Hz");
        }
    };
    check(cut, &|f| band(f) / f, &THIRD_OCTAVES[6..27]);
    check(bent, &profile, &THIRD_OCTAVES);
}

#[test]
fn the_spectrum_does_not_depend_on_the_length() {
    // the profile used to begin at one cycle per voice
    let colour = json!({"exponent": 2, "high_exponent": 0.5, "seed": 3});
    let render = |seconds: f64| {
        let mut voice =
            voice_in(&context(seconds, RATE, 1), "noise_swept_notch", &json!({"sweeps": [], "noise_type": colour}));
        stretch(&mut *voice, 0, 40_000)
    };
    assert_eq!(render(1.0), render(3600.0));
}

#[test]
fn ears_are_independent_unless_the_voice_says_otherwise() {
    for (name, lead) in
        [("noise_swept_notch", "start_lfo_phase_offset_deg"), ("noise_generator", "lfo_phase_offset_deg")]
    {
        for colour in ["white", "pink"] {
            let render = |more: Value| {
                let mut params = json!({"noise_type": colour, lead: 0.0});
                params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
                stretch(&mut *voice_in(&context(10.0, RATE, 8), name, &params), 0, 441_000)
            };
            let [left, right] = render(json!({}));
            assert!(correlation(&left, &right).abs() < 0.02, "{name} {colour}");
            for wanted in [-1.0, -0.6, 0.5, 1.0] {
                let [left, right] = render(json!({"stereo_correlation": wanted}));
                let got = correlation(&left, &right);
                assert!((got - wanted).abs() < 0.02, "{name} {colour} {wanted}: {got}");
                assert!((decibels(power(&left) / power(&right))).abs() < 0.3);
            }
        }
    }
}

#[test]
fn a_correlation_without_the_switch_warns_and_does_nothing() {
    let (family, transition) = registry::find("noise_generator").expect("a noise voice");
    let build = |compat: Compat, params: Value| {
        let context = Context::new(1.0, RATE).with_compat(compat);
        registry::build(family, transition, &context, params.as_object().expect("an object"))
    };
    let (mut with, warnings) = build(Compat::DEFAULT, json!({"stereo_correlation": 0.5})).expect("a voice");
    assert!(warnings.iter().any(|w| w.to_string().contains("full_band_noise")), "{warnings:?}");
    let (mut without, _) = build(Compat::DEFAULT, json!({})).expect("a voice");
    assert_eq!(stretch(&mut *with, 0, 5000), stretch(&mut *without, 0, 5000));
    let (_, warnings) = build(Compat::INTENDED, json!({"stereo_correlation": 0.5})).expect("a voice");
    assert!(warnings.is_empty(), "{warnings:?}");
    assert!(build(Compat::INTENDED, json!({"stereo_correlation": 1.5})).is_err());
}

/// Mean level in dBFS over both ears and several stretches of the voice.
fn level(voice: &mut dyn Voice, frames: u64) -> f64 {
    const MOST: u64 = 44_100 * 30;
    const STRETCHES: u64 = 10;
    let powers: Vec<f64> = if frames <= MOST {
        stretch(voice, 0, frames as usize).iter().map(|x| power(x)).collect()
    } else {
        // evenly spread, as long as a cell of noise with notches
        let len = 1 << 17;
        (0..STRETCHES)
            .flat_map(|i| stretch(voice, (frames - len) / STRETCHES * i, len as usize).map(|x| power(&x)))
            .collect()
    };
    decibels(mean(powers))
}

#[test]
fn presets_have_one_level_at_every_length() {
    for (name, file, _) in Catalogue::built_in().all_noises() {
        for seconds in [2.0, 23.9, 3600.0] {
            let seeds: u64 = if seconds < 10.0 { 8 } else { 1 };
            let levels = (1..=seeds).into_par_iter().map(|seed| {
                let mut value = file.to_value();
                value["noise_parameters"]["seed"] = json!(seed);
                let (file, _) = NoiseFile::from_map(value.as_object().expect("an object")).expect("a file");
                let context = context(seconds, RATE, 1);
                let (transition, params) = file.background_voice(&context.compat);
                let mut made = bed::build(&context, transition, &params).expect("a bed");
                level(&mut *made.voice, context.frames)
            });
            let levels: Vec<f64> = levels.collect();
            let got = mean(levels.iter().copied());
            assert!((got - LEVEL).abs() < 0.5, "{name}, {seconds} s: {got:.2} dBFS of {levels:.2?}");
        }
    }
}

#[test]
fn noise_begins_like_it_goes_on() {
    for colour in [json!({"exponent": 2, "lowcut": 50}), json!("deep brown"), json!("white"), json!({"exponent": -2})] {
        for sweeps in [json!([]), json!([[100, 2000, 25, 10]])] {
            let peaks = (1..=30).into_par_iter().map(|seed| {
                let params = json!({"noise_type": colour, "sweeps": sweeps, "amp": 1.0});
                let [left, right] =
                    stretch(&mut *voice_in(&context(2.0, RATE, seed), "noise_generator", &params), 0, 441);
                left.iter().chain(&right).map(|v| f64::from(v.abs())).fold(0.0, f64::max)
            });
            // 60 ears of 441 samples of -15 dBFS: normal noise stays below 5.3 standard deviations
            let highest = peaks.reduce(|| 0.0, f64::max);
            assert!(highest < 5.3 * 10.0_f64.powf(LEVEL / 20.0), "{colour} {sweeps}: {highest}");
        }
    }
}

fn track(steps: &[(f64, Vec<Value>)], seed: Option<u64>) -> Vec<f32> {
    let steps: Vec<Value> =
        steps.iter().map(|(seconds, voices)| json!({"duration": seconds, "voices": voices})).collect();
    let document = json!({"global": {"sample_rate": 44_100, "crossfade_duration": 0.0}, "progression": steps});
    let (track, _) = Track::from_value(document).expect("a track");
    let options = PlanOptions { compat: Some(Compat::INTENDED), seed, ..PlanOptions::default() };
    let plan = Arc::new(Plan::compile(&track, &options).expect("a plan").0);
    render_array(&plan, 0, None, 1, &mut |_| true).expect("audio")
}

/// The left ear between two times in seconds.
fn left(samples: &[f32], from: f64, to: f64) -> Vec<f32> {
    let frame = |seconds: f64| (seconds * RATE) as usize;
    samples.chunks_exact(2).map(|pair| pair[0]).take(frame(to)).skip(frame(from)).collect()
}

fn white(more: Value) -> Value {
    let mut voice = json!({"synth_function_name": "noise_generator", "params": {"noise_type": "white", "sweeps": []}});
    voice.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    voice
}

#[test]
fn unseeded_noise_is_new_in_every_step_and_voice() {
    for name in [json!("white"), json!("pink"), json!({"name": "white"}), json!({"exponent": 0})] {
        let one =
            |side: &str| white(json!({"params": {"noise_type": name, "sweeps": [], (format!("amp_{side}")): 0.0}}));
        let steps = [(6.0, vec![one("right"), one("left")]), (6.0, vec![one("right")])];
        let sound = track(&steps, None);
        let right: Vec<f32> = sound.chunks_exact(2).map(|pair| pair[1]).collect();
        let first = left(&sound, 0.5, 5.5);
        assert!(correlation(&first, &right[22_050..][..first.len()]).abs() < 0.04, "{name}: two voices");
        assert!(correlation(&first, &left(&sound, 6.5, 11.5)).abs() < 0.04, "{name}: two steps");
        assert_eq!(sound, track(&steps, None), "{name}: the same render again");
        assert!(correlation(&first, &left(&track(&steps, Some(9)), 0.5, 5.5)).abs() < 0.04, "{name}: another seed");
    }
    let seeded = white(json!({"params": {"noise_type": {"exponent": 0, "seed": 4}, "sweeps": []}}));
    let sound = track(&[(3.0, vec![seeded.clone()]), (3.0, vec![seeded])], None);
    assert!(correlation(&left(&sound, 0.5, 2.5), &left(&sound, 3.5, 5.5)) > 0.999_99, "a seed repeats");
}

#[test]
fn noise_of_one_voice_runs_on_across_steps() {
    let named = || vec![white(json!({"voice_id": "hiss"}))];
    let other = white(json!({"voice_id": "other"}));
    let parts = track(&[(2.0, named()), (2.0, vec![other, named().remove(0)])], None);
    let whole = track(&[(4.0, named())], None);
    let got = correlation(&left(&parts, 2.1, 3.9), &left(&whole, 2.1, 3.9));
    // the second step has another voice of the same level
    assert!((got - 0.5_f64.sqrt()).abs() < 0.02, "{got}");
    // two voices of one id in a step are two voices
    let twins = track(&[(2.0, [named(), named()].concat())], None);
    let got = correlation(&left(&twins, 0.1, 1.9), &left(&whole, 0.1, 1.9));
    assert!((got - 0.5_f64.sqrt()).abs() < 0.02, "{got}");
}
