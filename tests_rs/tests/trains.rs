//! Click and chirp trains (spec stimuli 3) and equal loudness (spec stimuli 4), compared with closed forms.

use std::f64::consts::{PI, TAU};

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Value, json};

const RATE: f64 = 48_000.0;

fn build(name: &str, value: &Value, seconds: f64) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).expect("registered");
    let params = value.as_object().expect("an object");
    registry::build(family, transition, &Context::new(seconds, RATE), params).expect("valid").0
}

fn render(name: &str, value: &Value, seconds: f64, start: u64, frames: usize) -> [Vec<f64>; 2] {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    build(name, value, seconds).render(start, Block::new(&mut left, &mut right));
    [left, right].map(|channel| channel.into_iter().map(f64::from).collect())
}

/// Magnitude of the mean of `samples` times a rotation of `hz`.
fn line(samples: &[f64], hz: f64) -> f64 {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let (sin, cos) = (TAU * (hz / RATE * n as f64).fract()).sin_cos();
        re += sample * cos;
        im += sample * sin;
    }
    re.hypot(im) / samples.len() as f64
}

#[test]
fn clicks_lie_at_their_exact_times_after_hours() {
    let clicks = json!({"rate_hz": 41.3, "click_us": 90.0, "amp": 0.8, "onset_ms": 20.0});
    for pulse in [0_u64, 1, 100, 41 * 3600] {
        // the centre of gravity of a click is the middle of its width
        let exact = 0.02 * RATE + (pulse * 480_000) as f64 / 413.0;
        let start = exact as u64 - 200;
        let [left, right] = render("click_train", &clicks, 4000.0, start, 400);
        let mass: f64 = left.iter().sum();
        let middle = left.iter().enumerate().map(|(n, x)| n as f64 * x).sum::<f64>() / mass + start as f64;
        assert!((mass - 0.8 * 90e-6 * RATE).abs() < 1e-4, "{mass}");
        assert!((middle - exact - 45e-6 * RATE).abs() < 5e-3, "{pulse}: {middle} {exact}");
        assert_eq!(left, right);
    }
}

#[test]
fn a_click_train_has_its_harmonics_and_no_aliases() {
    let clicks = json!({"rate_hz": 41.3, "click_us": 100.0, "amp": 1.0});
    // ten seconds are a whole number of cycles
    let [left, _] = render("click_train", &clicks, 20.0, 48_000, 480_000);
    for harmonic in [1.0, 10.0, 97.0, 200.0, 363.0, 455.0] {
        let hz = 41.3 * harmonic;
        let exact = 41.3 * 100e-6 * ((PI * hz * 100e-6).sin() / (PI * hz * 100e-6)).abs();
        let got = line(&left, hz);
        assert!((got - exact).abs() < 2e-6, "{hz} Hz: {got:e} {exact:e}");
    }
    // between the harmonics, and where harmonics above half the sample rate would fold to: 48000 - 41.3·k
    for hz in [20.0, 1000.0, 92.0, 2570.0, 6700.0, 19_090.0] {
        let below = line(&left, hz) / (41.3 * 100e-6);
        assert!(below < 1.8e-5, "{hz} Hz: {below:e}");
    }
}

#[test]
fn polarity_ears_and_time_difference_are_heard() {
    let base = json!({"rate_hz": 50.0, "onset_ms": 10.0, "amp": 1.0, "polarity": "alternating", "itd_us": 312.5});
    let [left, right] = render("click_train", &base, 1.0, 0, 4800);
    let sum = |samples: &[f64], from: usize| samples[from..from + 400].iter().sum::<f64>();
    assert!((sum(&left, 300) - 4.8).abs() < 1e-3 && (sum(&left, 1260) + 4.8).abs() < 1e-3);
    // 312.5 µs are 15 frames
    assert!(left[..4000].iter().zip(&right[15..]).all(|(left, right)| (left - right).abs() < 1e-6));
    let mut one = base.clone();
    one["ears"] = json!("right");
    assert!(render("click_train", &one, 1.0, 0, 4800)[0].iter().all(|sample| *sample == 0.0));
    let biphasic = json!({"rate_hz": 50.0, "onset_ms": 10.0, "waveform": "biphasic", "polarity": "rarefaction"});
    let [left, _] = render("click_train", &biphasic, 1.0, 0, 960);
    assert!(left.iter().sum::<f64>().abs() < 1e-5 && left[481] < -0.3 && left[487] > 0.3, "{:?}", &left[478..492]);
}

/// Name of a chirp's shape, its length in seconds, its frequency at a time in seconds.
type Law = (&'static str, f64, fn(f64) -> f64);

#[test]
fn chirps_follow_their_frequency_law() {
    // frequency at `t` seconds of each law, from its definition
    let laws: [Law; 3] = [
        ("linear", 0.012, |t| 200.0 + (6000.0 - 200.0) * t / 0.012),
        ("exponential", 0.012, |t| 200.0 * 30.0_f64.powf(t / 0.012)),
        // Elberling et al. 2007: the delay of the cochlea at f is 0.0920·f^-0.4356 s
        ("cochlear", 0.0920 * (200_f64.powf(-0.4356) - 6000_f64.powf(-0.4356)), |t| {
            ((0.0920 * 200_f64.powf(-0.4356) - t) / 0.0920).powf(-1.0 / 0.4356)
        }),
    ];
    for (shape, seconds, frequency) in laws {
        let mut chirps = json!({"start_hz": 200.0, "end_hz": 6000.0, "shape": shape, "edge_ms": 0.0, "amp": 1.0,
                                "rate_hz": 43.7});
        if shape != "cochlear" {
            chirps["chirp_ms"] = json!(seconds * 1000.0);
        }
        let onset = RATE / 43.7;
        let [left, _] = render("chirp_train", &chirps, 1.0, 0, 2 * onset as usize);
        let first = onset.ceil() as usize;
        let (mut phase, mut at) = (0.0, 0.0);
        for (n, sample) in left.iter().enumerate().take(first + 700).skip(first) {
            let t = (n as f64 - onset) / RATE;
            if t >= seconds {
                assert_eq!(*sample, 0.0, "{shape} frame {n}");
                continue;
            }
            // the phase by Simpson's rule on a fine grid
            let (steps, begin) = (64, at);
            let h = (t - begin) / f64::from(steps);
            for k in 0..steps {
                let x = begin + f64::from(k) * h;
                phase += h / 6.0 * (frequency(x) + 4.0 * frequency(x + h / 2.0) + frequency(x + h));
            }
            at = t;
            assert!((sample - (TAU * phase).sin()).abs() < 1e-5, "{shape} frame {n}: {sample}");
        }
        let mut found = Vec::new();
        build("chirp_train", &chirps, 1.0).onsets(0, 6000, &mut |onset| found.push((onset.frame, onset.length)));
        let frames: Vec<u64> = found.iter().map(|(frame, _)| *frame).collect();
        assert_eq!(frames, [0, 1099, 2197, 3296, 4394, 5492]);
        assert!((found[0].1 - seconds * RATE).abs() < 1e-6);
    }
}

#[test]
fn a_cochlear_chirp_with_a_flat_spectrum_is_level() {
    let chirps = json!({"start_hz": 100.0, "end_hz": 10_000.0, "shape": "cochlear", "flat_spectrum": true,
                        "rate_hz": 20.0, "amp": 1.0, "edge_ms": 0.2});
    let [left, _] = render("chirp_train", &chirps, 2.0, 0, 2400);
    let level = |hz: f64| 20.0 * (line(&left, hz)).log10();
    let middle = level(2000.0);
    for hz in [500.0, 1000.0, 3000.0, 4000.0] {
        assert!((level(hz) - middle).abs() < 2.0, "{hz} Hz: {} dB", level(hz) - middle);
    }
}

#[test]
fn sounds_of_a_train_that_cannot_be_made_are_refused() {
    let refused = |name: &str, value: Value| {
        let (family, transition) = registry::find(name).expect("registered");
        let built =
            registry::build(family, transition, &Context::new(1.0, RATE), value.as_object().expect("an object"));
        built.err().map(|error| error.to_string()).expect("refused")
    };
    let fast = refused("click_train", json!({"rate_hz": 30_000}));
    assert_eq!(fast, "rate_hz: expected at most half the sample rate (24000 Hz), got 30000");
    let long = refused("chirp_train", json!({"rate_hz": 100, "chirp_ms": 1000}));
    assert_eq!(long, "rate_hz: expected at most 64 overlapping sounds, got 100 Hz and 1000 ms");
    // the most that is possible, and a little more
    let (family, transition) = registry::find("chirp_train").expect("registered");
    for (ms, possible) in [(640.0, true), (640.5, false)] {
        let params = json!({"rate_hz": 100, "chirp_ms": ms});
        let built =
            registry::build(family, transition, &Context::new(1.0, RATE), params.as_object().expect("an object"));
        assert_eq!(built.is_ok(), possible, "{ms}");
    }
}

fn peak(samples: &[f64]) -> f64 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

#[test]
fn tones_follow_the_printed_equal_loudness_contour() {
    // ISO 226:2003: levels in dB at 60 phon
    for (hz, level) in [(125.0, 75.6), (1000.0, 60.0), (8000.0, 71.7)] {
        for (name, flat) in [
            ("binaural_beat", json!({"baseFreq": hz, "beatFreq": 0.0, "ampL": 0.1, "ampR": 0.1})),
            ("isochronic_tone", json!({"baseFreq": hz, "beatFreq": 2.0, "ampL": 0.1})),
            (
                "monaural_beat_stereo_amps",
                json!({"baseFreq": hz, "beatFreq": 0.0, "amp_lower_L": 0.05, "amp_upper_L": 0.05}),
            ),
        ] {
            let mut contoured = flat.clone();
            contoured["equal_loudness_phon"] = json!(60.0);
            let [plain, loud] = [flat, contoured].map(|value| peak(&render(name, &value, 1.0, 0, 24_000)[0]));
            let decibels = 20.0 * (loud / plain).log10();
            assert!((decibels - (level - 60.0)).abs() < 0.06, "{name} {hz} Hz: {decibels} dB");
        }
    }
}

#[test]
fn loudness_that_the_standard_does_not_cover_is_refused() {
    let built = |name: &str, hz: f64, phon: f64| {
        let first = if name.ends_with("transition") { "startBaseFreq" } else { "baseFreq" };
        let params = json!({first: hz, "equal_loudness_phon": phon});
        let track = json!({"progression": [{"duration": 1.0, "voices": [{"synth_function_name": name, "params": params,
            "is_transition": name.ends_with("transition")}]}]});
        let (track, _) = Track::from_value(track).unwrap();
        Plan::compile(&track, &PlanOptions::default()).map(|_| ()).map_err(|error| error.to_string())
    };
    for name in ["binaural_beat", "isochronic_tone", "binaural_beat_transition", "monaural_beat_stereo_amps"] {
        for (hz, phon) in [(3900.0, 90.0), (6000.0, 80.0), (12_000.0, 20.0)] {
            assert_eq!(built(name, hz, phon), Ok(()), "{name} {hz} Hz {phon} phon");
        }
        let refused = built(name, 6000.0, 80.5).unwrap_err();
        assert!(refused.contains("ends at 80 phon"), "{name}: {refused}");
    }
}

#[test]
fn a_sweep_moves_along_the_contour() {
    for (name, start, end, gains) in [
        ("binaural_beat_transition", "startBaseFreq", "endBaseFreq", ["ampL", "ampR"]),
        ("monaural_beat_stereo_amps_transition", "startBaseFreq", "endBaseFreq", ["amp_lower_L", "amp_lower_R"]),
    ] {
        let mut sweep = json!({start: 1000.0, end: 125.0, "startBeatFreq": 0.0, "equal_loudness_phon": 40.0});
        for gain in gains {
            sweep[gain] = json!(0.01);
        }
        sweep["amp_upper_L"] = json!(0.0);
        let [left, _] = render(name, &sweep, 10.0, 0, 480_000);
        // printed levels at 40 phon, reached at the times of a linear sweep
        for (hz, level) in [(800.0, 40.1), (500.0, 43.1), (315.0, 47.6), (200.0, 53.4), (160.0, 56.7)] {
            let frame = ((1000.0 - hz) / 875.0 * 480_000.0) as usize;
            let around = peak(&left[frame - 480..frame + 480]);
            let decibels = 20.0 * (around / 0.01).log10();
            assert!((decibels - (level - 40.0)).abs() < 0.2, "{name} {hz} Hz: {decibels} dB");
        }
    }
}
