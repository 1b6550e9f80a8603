//! QAM voices: deliberate differences from the legacy implementation, and cases that the recordings do not cover.

use std::f64::consts::TAU;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Value, json};

type Sound = [Vec<f32>; 2];

fn render_under(compat: Compat, name: &str, params: &Value, duration: f64, rate: f64) -> Sound {
    let context = Context::new(duration, rate).with_compat(compat);
    let (family, transition) = registry::find(name).expect("a voice");
    let params = params.as_object().expect("an object");
    let (mut voice, _) = registry::build(family, transition, &context, params).expect("good parameters");
    let mut out = [vec![0.0; context.frames as usize], vec![0.0; context.frames as usize]];
    let [left, right] = &mut out;
    voice.render(0, Block::new(left, right));
    out
}

fn render(name: &str, params: &Value, duration: f64, rate: f64) -> Sound {
    render_under(Compat::DEFAULT, name, params, duration, rate)
}

fn apart(a: &Sound, b: &Sound) -> f32 {
    let side = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
    side(&a[0], &b[0]).max(side(&a[1], &b[1]))
}

#[test]
fn calls_under_16_frames_are_not_filtered() {
    let [left, right] = render("qam_beat", &json!({"startPhaseL": 0.3}), 0.001_875, 8000.0);
    assert_eq!(left.len(), 15);
    let dt = 0.001_875 / 15.0;
    for n in 0..15 {
        let t = n as f64 * dt;
        let gain = 0.5 * (1.0 + 0.5 * (TAU * 4.0 * t).cos());
        assert!((f64::from(left[n]) - gain * (0.3 + TAU * 200.0 * t).cos()).abs() < 1e-6);
        assert!((f64::from(right[n]) - gain * (TAU * 204.0 * t).cos()).abs() < 1e-6);
    }
}

#[test]
fn a_negative_coupling_delay_disables_coupling() {
    let plain = render("qam_beat", &json!({"qamAmFreqR": 7.0}), 0.3, 22_050.0);
    let coupled =
        render("qam_beat", &json!({"qamAmFreqR": 7.0, "crossModDepth": 0.7, "crossModDelay": -0.01}), 0.3, 22_050.0);
    assert_eq!(plain, coupled);
}

#[test]
fn shapes_of_zero_and_less_give_the_narrowest_peaks() {
    let narrow = render("qam_beat", &json!({"modShapeL": 1e-3, "modShapeR": 1e-3}), 0.5, 22_050.0);
    for shape in [0.0, -0.5, -3.0] {
        let other = render("qam_beat", &json!({"modShapeL": shape, "modShapeR": shape}), 0.5, 22_050.0);
        assert_eq!(narrow, other, "{shape}");
    }
    let ramp = json!({"startModShapeL": 1.0, "endModShapeL": -1.0});
    let sound = render("qam_beat_transition", &ramp, 0.5, 22_050.0);
    assert!(sound[0].iter().all(|x| x.abs() < 2.0));
}

#[test]
fn words_for_false_disable_sidebands_except_under_legacy_rules() {
    let with = |value: Value| json!({"beatingSidebands": value, "sidebandDepth": 0.4, "sidebandOffset": 5.0});
    let off = render("qam_beat", &with(json!(false)), 0.3, 22_050.0);
    let on = render("qam_beat", &with(json!(true)), 0.3, 22_050.0);
    for word in ["False", "0", "no", "off"] {
        assert_eq!(render("qam_beat", &with(json!(word)), 0.3, 22_050.0), off, "{word}");
        assert_eq!(render_under(Compat::LEGACY, "qam_beat", &with(json!(word)), 0.3, 22_050.0), on, "{word}");
    }
}

#[test]
fn transition_timing_applies_only_with_its_switch() {
    let timed = json!({"initial_offset": 0.1, "transition_duration": 0.1, "startAmpL": 0.1, "endAmpL": 0.9});
    let plain = json!({"startAmpL": 0.1, "endAmpL": 0.9});
    let name = "qam_beat_transition";
    assert_eq!(render(name, &timed, 0.6, 22_050.0), render(name, &plain, 0.6, 22_050.0));
    let compat = Compat { transition_timing: true, ..Compat::DEFAULT };
    let moved = render_under(compat, name, &timed, 0.6, 22_050.0);
    let late = render("qam_beat", &json!({"ampL": 0.9}), 0.6, 22_050.0);
    let early = render("qam_beat", &json!({"ampL": 0.1}), 0.6, 22_050.0);
    let within = |a: &Sound, b: &Sound, range: std::ops::Range<usize>| {
        apart(&[a[0][range.clone()].to_vec(), vec![]], &[b[0][range].to_vec(), vec![]])
    };
    assert!(within(&moved, &late, 10_000..12_000) < 1e-4);
    assert!(within(&moved, &early, 200..1000) < 0.02);
}

#[test]
fn tones_that_are_summed_equal_the_closed_form() {
    // A vibrato with a moving range is summed frame by frame, a constant one has a closed form; this one moves by 1e-9.
    let constant = json!({
        "monoCarrierFreqR": 190.0, "monoFmRangeR": 40.0, "monoFmFreqR": 3.0, "monoFmPhaseOffsetR": 0.4,
        "startMonoBeatFreqInChannelR": 3.0, "endMonoBeatFreqInChannelR": 9.0, "monoPhaseOscRangeR": 1.0,
        "monoPhaseOscFreqR": 2.0,
    });
    let mut moving = constant.clone();
    moving["endMonoFmRangeR"] = json!(40.0 + 1e-9);
    let name = "hybrid_qam_monaural_beat_transition";
    let (a, b) = (render(name, &constant, 1.5, 22_050.0), render(name, &moving, 1.5, 22_050.0));
    assert!(a != b || apart(&a, &b) == 0.0);
    assert!(apart(&a, &b) < 1e-6, "{}", apart(&a, &b));
}
