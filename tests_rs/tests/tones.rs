//! Behaviour of the tone voices that the recordings do not cover: corrected faults and long sessions.

use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Map, Value, json};

fn params(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

#[test]
fn a_call_without_frames_keeps_its_start_phase() {
    let (family, transition) = registry::find("binaural_beat").expect("registered");
    let given = params(json!({"startPhaseL": 1.0, "startPhaseR": -2.0}));
    let (voice, _) = registry::build(family, transition, &Context::new(0.0, 44_100.0), &given).expect("valid");
    let phases = voice.phases_at(0).expect("carries phases");
    assert!((phases.left - 1.0).abs() < 1e-9);
    assert!((phases.right + 2.0 - std::f64::consts::TAU).abs() < 1e-9);
}

#[test]
fn a_carrier_phase_is_exact_after_a_day() {
    let day = 24.0 * 3600.0;
    let context = Context::new(day, 48_000.0);
    for (name, extra) in
        [("binaural_beat", json!({})), ("isochronic_tone", json!({"gapPercent": 0.0, "rampPercent": 0.0}))]
    {
        let mut given = params(json!({"baseFreq": 291.4, "beatFreq": 4.05, "ampL": 1.0}));
        given.extend(params(extra));
        let (family, transition) = registry::find(name).expect("registered");
        let (mut voice, _) = registry::build(family, transition, &context, &given).expect("valid");
        let start = context.frames - 480;
        let (mut left, mut right) = (vec![0.0; 480], vec![0.0; 480]);
        voice.render(start, Block::new(&mut left, &mut right));
        let millihertz: u128 = if name == "binaural_beat" { 289_375 } else { 291_400 };
        for (i, sample) in left.iter().enumerate() {
            // Exact in integers: (frame + 1) · f / rate modulo one turn.
            let n = u128::from(start) + i as u128 + 1;
            let turn = (n * millihertz) % (48_000 * 1000);
            let exact = (turn as f64 / 48e6 * std::f64::consts::TAU).sin();
            assert!((f64::from(*sample) - exact).abs() < 2e-6, "{name} frame {i}");
        }
    }
}

#[test]
fn pulses_without_gap_and_flanks_have_no_hole() {
    for hz in [4.0, 10.0, 7.3] {
        let given = json!({"baseFreq": 441.0, "beatFreq": hz, "ampL": 1.0, "gapPercent": 0.0, "rampPercent": 0.0});
        let (left, _) = render("isochronic_tone", given, 60.0, 44_100.0);
        for (n, sample) in left.iter().enumerate() {
            // 441 Hz is a hundredth of the rate
            let exact = (((n + 1) % 100) as f64 / 100.0 * std::f64::consts::TAU).sin();
            assert!((f64::from(*sample) - exact).abs() < 2e-6, "{hz} Hz, frame {n}: {sample} {exact}");
        }
    }
}

#[test]
fn static_vibrato_in_closed_form_equals_the_running_sum() {
    // A tiny skew selects the running sum with checkpoints; no skew selects the closed form.
    let context = Context::new(20.0, 44_100.0);
    let render = |skew: f64| {
        let given = params(json!({
            "freqOscRangeL": 25.0, "freqOscFreqL": 2.3, "freqOscRangeR": 40.0, "freqOscFreqR": 3.7,
            "freqOscSkewL": skew, "freqOscSkewR": skew
        }));
        let (family, transition) = registry::find("binaural_beat").expect("registered");
        let (mut voice, _) = registry::build(family, transition, &context, &given).expect("valid");
        let (mut left, mut right) = (vec![0.0; 4096], vec![0.0; 4096]);
        voice.render(context.frames - 4096, Block::new(&mut left, &mut right));
        (left, right)
    };
    let (a, b) = (render(0.0), render(1e-9));
    for (x, y) in a.0.iter().chain(&a.1).zip(b.0.iter().chain(&b.1)) {
        assert!((x - y).abs() < 2e-6, "{x} {y}");
    }
}

fn render(name: &str, value: Value, duration: f64, rate: f64) -> (Vec<f32>, Vec<f32>) {
    let context = Context::new(duration, rate);
    let (family, transition) = registry::find(name).expect("registered");
    let (mut voice, _) = registry::build(family, transition, &context, &params(value)).expect("valid");
    let frames = context.frames as usize;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(0, Block::new(&mut left, &mut right));
    (left, right)
}

#[test]
fn glitch_bursts_have_the_right_position_shape_and_level() {
    // The recorded case `glitch_noise_only`: n = 2205, bursts end at multiples of 0.25 s.
    let value = json!({"ampL": 0.0, "ampR": 0.0, "glitchInterval": 0.25, "glitchDur": 0.1, "glitchNoiseLevel": 0.5});
    let (left, right) = render("binaural_beat_transition", value, 1.0, 22_050.0);
    assert_eq!(left, right);
    let starts = [3307_usize, 8820, 14332, 19845];
    let inside = |frame: usize| starts.iter().any(|s| (*s..s + 2205).contains(&frame));
    assert!(left.iter().enumerate().all(|(frame, x)| inside(frame) || *x == 0.0));
    for start in starts {
        assert_eq!(left[start], 0.0);
        let tallest =
            (1..2205).map(|j| f64::from(left[start + j].abs()) * 2204.0 / (j as f64 * 0.5)).fold(0.0, f64::max);
        assert!((tallest - 1.0).abs() < 1e-4, "{tallest}");
    }
    let rms = (left.iter().map(|x| f64::from(x * x)).sum::<f64>() / left.len() as f64).sqrt();
    assert!((0.04..0.06).contains(&rms), "{rms}");
}

#[test]
fn glitch_focus_centres_the_spectrum_on_the_carrier() {
    let value = json!({
        "ampL": 0.0, "ampR": 0.0, "startBaseFreq": 800.0, "endBaseFreq": 1200.0, "startGlitchInterval": 0.3, "endGlitchInterval": 0.5,
        "startGlitchDur": 0.1, "endGlitchDur": 0.2, "startGlitchNoiseLevel": 0.2, "endGlitchNoiseLevel": 0.4,
        "glitchFocusWidth": 150.0, "glitchFocusExp": 2.0
    });
    let (left, _) = render("binaural_beat_transition", value, 1.0, 22_050.0);
    let (n, rate) = (3307_usize, 22_050.0);
    let (mut power, mut first, mut second) = (0.0, 0.0, 0.0);
    for start in [5512_usize, 14332] {
        let burst: Vec<f64> = (0..n).map(|j| f64::from(left[start + j]) / (j.max(1) as f64)).collect();
        for bin in (500 * n / 22_050)..(1500 * n / 22_050) {
            let (mut re, mut im) = (0.0, 0.0);
            for (j, x) in burst.iter().enumerate() {
                let angle = std::f64::consts::TAU * (bin * j % n) as f64 / n as f64;
                re += x * angle.cos();
                im += x * angle.sin();
            }
            let (p, f) = (re * re + im * im, bin as f64 * rate / n as f64);
            power += p;
            first += p * f;
            second += p * f * f;
        }
    }
    let mean = first / power;
    let deviation = (second / power - mean * mean).sqrt();
    assert!((mean - 1000.0).abs() < 45.0, "{mean}");
    assert!((88.0..120.0).contains(&deviation), "{deviation}");
}

#[test]
fn overlapping_glitch_bursts_are_the_same_in_any_block() {
    let value = json!({"ampL": 0.0, "ampR": 0.0, "glitchInterval": 0.1, "glitchDur": 0.7, "glitchNoiseLevel": 0.5});
    let (whole, _) = render("binaural_beat_transition", value.clone(), 1.0, 22_050.0);
    let context = Context::new(1.0, 22_050.0);
    let (family, transition) = registry::find("binaural_beat_transition").expect("registered");
    let (mut voice, _) = registry::build(family, transition, &context, &params(value)).expect("valid");
    for first in [0, 5000, 11_000, 15_000, 20_000] {
        let (mut left, mut right) = (vec![0.0; 1000], vec![0.0; 1000]);
        voice.render(first, Block::new(&mut left, &mut right));
        assert!(left == whole[first as usize..first as usize + 1000], "from frame {first}");
    }
}
