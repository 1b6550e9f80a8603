//! The tone voices beyond their recordings: fixed behaviours and long sessions.

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
fn a_carrier_is_exact_after_a_day() {
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
            // exact in integers: (frame + 1) · f / rate modulo one turn
            let n = u128::from(start) + i as u128 + 1;
            let turn = (n * millihertz) % (48_000 * 1000);
            let exact = (turn as f64 / 48e6 * std::f64::consts::TAU).sin();
            assert!((f64::from(*sample) - exact).abs() < 2e-6, "{name} frame {i}");
        }
    }
}

#[test]
fn static_vibrato_in_closed_form_equals_the_running_sum() {
    // a tiny skew forces the check-pointed sum; no skew takes the closed form
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
