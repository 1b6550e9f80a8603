//! Gates with lengths in milliseconds (spec stimuli 2), compared with closed forms.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Map, Value, json};

const RATE: f64 = 48_000.0;

fn params(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn build(name: &str, value: &Value, seconds: f64) -> (Box<dyn Voice>, Vec<Problem>) {
    let (family, transition) = registry::find(name).expect("registered");
    registry::build(family, transition, &Context::new(seconds, RATE), &params(value)).expect("valid")
}

fn refusal(name: &str, value: &Value) -> String {
    let (family, transition) = registry::find(name).expect("registered");
    match registry::build(family, transition, &Context::new(1.0, RATE), &params(value)) {
        Ok(_) => panic!("accepted: {value}"),
        Err(error) => error.to_string(),
    }
}

fn left(voice: &mut dyn Voice, start: u64, frames: usize) -> Vec<f32> {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    left
}

fn onsets(voice: &dyn Voice, from: u64, to: u64) -> Vec<(u64, &'static str)> {
    let mut found = Vec::new();
    voice.onsets(from, to, &mut |onset| found.push((onset.frame, onset.label)));
    found
}

fn with(base: &Value, more: &Value) -> Value {
    let mut map = params(base);
    map.extend(params(more));
    Value::Object(map)
}

/// The gains of a gate: the gated tone divided by the same tone with depth 0, where that is not near 0.
fn gains(name: &str, value: &Value, seconds: f64, start: u64, frames: usize) -> Vec<Option<f64>> {
    let steady = with(value, &json!({"modulation_depth": 0.0}));
    let gated = left(&mut *build(name, value, seconds).0, start, frames);
    let plain = left(&mut *build(name, &steady, seconds).0, start, frames);
    let ratio = |(gated, plain): (&f32, &f32)| (plain.abs() > 0.05).then(|| f64::from(*gated) / f64::from(*plain));
    gated.iter().zip(&plain).map(ratio).collect()
}

#[test]
fn a_gate_at_forty_hertz_never_drifts() {
    let eight_hours = 8.0 * 3600.0;
    let tone = json!({"baseFreq": 1017.0, "beatFreq": 40.0, "attack_ms": 0, "hold_ms": 12.5, "release_ms": 0});
    // a duration that is no whole number of frames stretches the time base of other voices, but not this one
    for (seconds, start) in [(eight_hours, 0), (eight_hours, 48_000 * 28_790), (eight_hours + 1e-5, 48_000 * 28_790)] {
        let found = gains("isochronic_tone", &tone, seconds, start, 9600);
        for (k, gain) in found.iter().enumerate().filter_map(|(k, gain)| gain.map(|gain| (k, gain))) {
            let open = (start + k as u64) % 1200 < 600;
            assert_eq!(gain, f64::from(u8::from(open)), "frame {}", start + k as u64);
        }
        let (voice, _) = build("isochronic_tone", &tone, seconds);
        let expected: Vec<_> = (0..8).map(|k| (start + 1200 * k, "pulse")).collect();
        assert_eq!(onsets(&*voice, start, start + 9600), expected);
    }
}

#[test]
fn flanks_follow_their_shape_to_the_frame() {
    for shape in ["linear", "raised_cosine", "exponential"] {
        let tone = json!({"baseFreq": 3011.0, "beatFreq": 37.3, "attack_ms": 5, "hold_ms": 8, "release_ms": 3,
                          "shape": shape});
        let rise = |x: f64| match shape {
            "linear" => x,
            "raised_cosine" => 0.5 - 0.5 * (std::f64::consts::PI * x).cos(),
            _ => (1000_f64.powf(x) - 1.0) / 999.0,
        };
        for start in [0, 48_000 * 3600] {
            let found = gains("isochronic_tone", &tone, 3601.0, start, 9600);
            for (k, gain) in found.iter().enumerate().filter_map(|(k, gain)| gain.map(|gain| (k, gain))) {
                // thousandths of a cycle in whole numbers, so that the reference does not drift
                let part = (start + k as u64) * 373 % 480_000;
                let ms = part as f64 / 480_000.0 / 37.3 * 1000.0;
                let exact = match ms {
                    ms if ms < 5.0 => rise(ms / 5.0),
                    ms if ms < 13.0 => 1.0,
                    ms if ms < 16.0 => rise((16.0 - ms) / 3.0),
                    _ => 0.0,
                };
                assert!((gain - exact).abs() < 2e-5, "{shape} frame {k}: {gain} {exact}");
            }
        }
    }
}

#[test]
fn depth_scales_the_gate_and_zero_leaves_a_steady_tone() {
    let tone = json!({"baseFreq": 911.0, "beatFreq": 10.0, "attack_ms": 10, "release_ms": 10});
    let full = gains("isochronic_tone", &tone, 1.0, 0, 24_000);
    for depth in [0.3, 0.75] {
        let part = gains("isochronic_tone", &with(&tone, &json!({"modulation_depth": depth})), 1.0, 0, 24_000);
        for (full, part) in full.iter().zip(&part).filter_map(|(full, part)| full.zip(*part)) {
            assert!((part - (1.0 - depth * (1.0 - full))).abs() < 2e-5);
        }
    }
    // with depth 0 the amplitude is that of the tone in the middle of an ungated pulse
    let steady = left(&mut *build("isochronic_tone", &with(&tone, &json!({"modulation_depth": 0})), 1.0).0, 0, 48_000);
    let peak = |part: &[f32]| part.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    assert!(steady.chunks(480).all(|part| (peak(part) - 0.5).abs() < 0.01));
}

#[test]
fn percent_names_keep_their_meaning_beside_the_new_ones() {
    // a depth of 1 switches to the new code with the old lengths: the same trapezoid
    let old = json!({"baseFreq": 700.0, "beatFreq": 5.0, "rampPercent": 0.1, "gapPercent": 0.4});
    let new = with(&old, &json!({"modulation_depth": 1.0}));
    let (a, b) = (
        left(&mut *build("isochronic_tone", &old, 2.0).0, 0, 96_000),
        left(&mut *build("isochronic_tone", &new, 2.0).0, 0, 96_000),
    );
    let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-5, "{worst:e}");
    // only the attack is replaced; the pulse still ends with the audible part
    let mixed = gains("isochronic_tone", &with(&old, &json!({"attack_ms": 0})), 2.0, 0, 9600);
    assert_eq!(mixed.iter().flatten().next(), Some(&1.0));
    assert!(mixed[5770..].iter().flatten().all(|gain| *gain == 0.0));
}

#[test]
fn both_kinds_of_names_at_once_give_a_warning() {
    let both = json!({"rampPercent": 0.2, "gapPercent": 0.1, "attack_ms": 5, "hold_ms": 20});
    let (_, found) = build("isochronic_tone", &both, 1.0);
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "rampPercent: attack_ms is given too, and counts instead",
            "gapPercent: hold_ms is given too, and counts instead"
        ]
    );
    let pulses = json!({"beatFreq": 4.0, "pulseShapeL": "square", "shape": "linear", "startPulseDepth": 1,
                        "modulation_depth": 0.5});
    let (_, found) = build("dual_pulse_binaural_transition", &with(&pulses, &json!({"startPulseShapeL": "hann"})), 1.0);
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn pulses_longer_than_their_cycle_are_refused_with_numbers() {
    let long = json!({"beatFreq": 40.0, "attack_ms": 5, "hold_ms": 20, "release_ms": 5});
    let expected = "attack_ms: attack, hold and release of 5 + 20 + 5 = 30 ms exceed the cycle of 25 ms at 40 Hz";
    for name in ["isochronic_tone", "dual_pulse_binaural"] {
        assert_eq!(refusal(name, &long), expected);
    }
    let moving = json!({"startBeatFreq": 10.0, "endBeatFreq": 50.0, "start_hold_ms": 30, "end_hold_ms": 18});
    assert!(refusal("isochronic_tone_transition", &moving).starts_with("start_hold_ms: attack, hold and release of"));
    // exactly one cycle is the longest pulse
    build("isochronic_tone", &with(&long, &json!({"hold_ms": 15})), 1.0);
}

#[test]
fn a_moving_gate_starts_each_pulse_where_the_rate_says() {
    let sweep = json!({"startBaseFreq": 2000.0, "startBeatFreq": 4.0, "endBeatFreq": 40.0, "start_attack_ms": 0,
                       "start_hold_ms": 10, "start_release_ms": 0, "end_hold_ms": 5});
    let (voice, _) = build("isochronic_tone_transition", &sweep, 10.0);
    let frames = 480_000_u64;
    // cycles after n frames of a linear sweep: 4·t + 36·t²/20, minus half a frame's step
    let cycles = |n: f64| 4.0 * n / RATE + 36.0 * n * (n - 1.0) / 2.0 / (frames as f64) / RATE;
    let found = onsets(&*voice, 0, frames);
    assert_eq!(found.len(), cycles(frames as f64).ceil() as usize);
    for (k, (frame, _)) in found.iter().enumerate() {
        let n = *frame as f64;
        assert!(cycles(n) >= k as f64 - 1e-7 && (n == 0.0 || cycles(n - 1.0) < k as f64 + 1e-7), "pulse {k}");
    }
    let gains = gains("isochronic_tone_transition", &sweep, 10.0, 0, frames as usize);
    for pair in found.windows(2) {
        let (from, next) = (pair[0].0 as usize, pair[1].0 as usize);
        let hold = 480.0 - 240.0 * from as f64 / frames as f64;
        let open = from..from + hold.floor() as usize - 1;
        assert!(gains[open].iter().flatten().all(|gain| *gain == 1.0), "pulse at {from}");
        assert!(gains[from + hold.ceil() as usize + 1..next].iter().flatten().all(|gain| *gain == 0.0), "{from}");
    }
}

#[test]
fn each_ear_of_a_dual_pulse_has_its_own_onsets() {
    let pulses = json!({"baseFreq": 900.0, "beatFreq": 3.0, "pulseRateL": 40.0, "pulseRateR": 20.0,
                        "pulsePhaseOffsetR": 0.5, "attack_ms": 0, "hold_ms": 5, "release_ms": 0});
    let (mut voice, _) = build("dual_pulse_binaural", &pulses, 2.0);
    let expected = [(0, "pulse_left"), (1200, "pulse"), (2400, "pulse_left"), (3600, "pulse"), (4800, "pulse_left")];
    assert_eq!(onsets(&*voice, 0, 6000), expected);
    let (mut l, mut r) = (vec![0.0; 9600], vec![0.0; 9600]);
    voice.render(0, Block::new(&mut l, &mut r));
    for k in 0..9600 {
        assert!(k % 1200 < 240 || l[k] == 0.0, "{k}");
        assert!((1200..1440).contains(&(k % 2400)) || r[k] == 0.0, "{k}");
    }
    // the old names have the same onsets
    let old = json!({"baseFreq": 900.0, "pulseRateL": 40.0, "pulseRateR": 20.0, "pulsePhaseOffsetR": 0.5});
    let (voice, _) = build("dual_pulse_binaural", &old, 2.0);
    let frames: Vec<u64> = onsets(&*voice, 0, 6000).into_iter().map(|(frame, _)| frame).collect();
    assert_eq!(frames, [0, 1200, 1200, 2400, 3600, 3600, 4800]);
}

#[test]
fn moving_dual_pulses_open_at_their_onsets_under_every_rule() {
    let sweep = json!({"startBaseFreq": 2011.0, "startBeatFreq": 4.0, "endBeatFreq": 4.0, "startPulseRate": 4.0,
                       "endPulseRate": 40.0, "endBaseFreq": 2011.0});
    let lengths = json!({"attack_ms": 0, "hold_ms": 10, "release_ms": 0});
    let percent = json!({"rampPercent": 0.0, "gapPercent": 0.6, "pulseShape": "square"});
    let frames = 480_000_u64;
    let cycles = |n: f64| 4.0 * n / RATE + 36.0 * n * (n - 1.0) / 2.0 / (frames as f64) / RATE;
    for (form, compat) in [(&lengths, Compat::default()), (&lengths, Compat::INTENDED), (&percent, Compat::INTENDED)] {
        let (family, transition) = registry::find("dual_pulse_binaural_transition").expect("registered");
        let mut context = Context::new(10.0, RATE);
        context.compat = compat;
        let (mut voice, _) =
            registry::build(family, transition, &context, &params(&with(&sweep, form))).expect("valid");
        let found = onsets(&*voice, 0, frames);
        assert_eq!(found.len(), cycles(frames as f64).ceil() as usize);
        let sound = left(&mut *voice, 0, frames as usize);
        for (k, (frame, label)) in found.iter().enumerate() {
            assert_eq!(*label, "pulse");
            let (n, at) = (*frame as f64, *frame as usize);
            assert!(cycles(n) >= k as f64 - 1e-6 && (n == 0.0 || cycles(n - 1.0) < k as f64 + 1e-6), "pulse {k}");
            assert!(sound[at.saturating_sub(100)..at.saturating_sub(1)].iter().all(|x| *x == 0.0), "before pulse {k}");
            assert!(sound[at + 1..at + 100].iter().any(|x| x.abs() > 0.1), "pulse {k}");
        }
    }
}
