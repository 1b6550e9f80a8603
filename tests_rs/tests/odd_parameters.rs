//! Parameters at and beyond their limits, and of the wrong type, give finite sound or an error. A voice that is
//! reported as left out is silent.

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::param::{Kind, Param, TIMING};
use realtime_backend_core::voice::{Block, Context, Family, find, names, registry};
use serde_json::{Value, json};

const RATE: f64 = 8000.0;

fn rows(family: &Family) -> impl Iterator<Item = &'static Param> + use<> {
    family.params.iter().copied().flatten().chain(TIMING)
}

/// The whole voice, first the left channel, then the right one; `None` if it cannot be built.
fn sound(name: &str, seconds: f64, params: &Value) -> Option<Vec<f32>> {
    let (family, transition) = find(name).expect("a voice");
    let context = Context::new(seconds, RATE);
    let (mut voice, _) = registry::build(family, transition, &context, params.as_object()?).ok()?;
    let frames = context.frames as usize;
    let (mut left, mut right) = (vec![f32::NAN; frames], vec![f32::NAN; frames]);
    voice.render(0, Block::new(&mut left, &mut right));
    left.append(&mut right);
    Some(left)
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-5)
}

#[test]
fn values_of_the_wrong_type_never_make_a_voice_panic() {
    let odd = [json!("abc"), json!([]), json!({}), json!([1, [2]]), json!(true), json!({"a": null})];
    for name in names() {
        let (family, transition) = find(&name).expect("a voice");
        for row in rows(family) {
            for spelling in row.spellings(transition) {
                for value in &odd {
                    if let Some(sound) = sound(&name, 0.02, &json!({ (spelling.as_str()): value })) {
                        assert!(sound.iter().all(|sample| sample.is_finite()), "{name} {spelling} {value}");
                    }
                }
            }
        }
    }
}

/// Extreme numbers: huge, tiny, negative, zero, and texts that parse as numbers.
fn odd_numbers() -> Vec<Value> {
    let mut numbers: Vec<Value> =
        [1e300, -1e300, f64::MAX, 1e6, -1e6, 1e-300, 5e-324, -0.0, 0.0, -1.0].into_iter().map(Value::from).collect();
    numbers.extend([json!(u64::MAX), json!(i64::MIN), json!("1e400"), json!("nan"), json!("-inf"), json!("1e300")]);
    numbers
}

/// The value of a structured parameter with `number` in all its places.
fn nested(spelling: &str, number: &Value) -> Value {
    match spelling {
        "noise_type" | "noise_parameters" => json!({"exponent": number, "high_exponent": number, "amplitude": number,
            "distribution_curve": number, "lowcut": number, "highcut": number, "seed": number}),
        "oscillator_phases" => json!({"left": number, "right": number}),
        "static_notches" => json!([{"freq": number, "q": number}]),
        "amp_envelope" => json!([[number, number], [1, number]]),
        _ => json!([[number, number, number, 1]]),
    }
}

#[test]
fn no_parameter_value_makes_a_sample_infinite() {
    let context = Context::new(0.02, RATE);
    for name in names() {
        let (family, transition) = find(&name).expect("a voice");
        for row in rows(family) {
            for spelling in row.spellings(transition) {
                for number in odd_numbers() {
                    let value = match row.kind {
                        Kind::Number | Kind::Integer => number.clone(),
                        Kind::Structure => nested(&spelling, &number),
                        _ => continue,
                    };
                    let params = json!({ (spelling.as_str()): value });
                    match registry::build(family, transition, &context, params.as_object().expect("an object")) {
                        Err(error) => assert!(error.to_string().contains(&spelling), "{name} {params}: {error}"),
                        Ok(_) => {
                            let sound = sound(&name, 0.02, &params).expect("a sound");
                            assert!(sound.iter().all(|sample| sample.is_finite()), "{name} {params}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn combined_extreme_values_make_no_sample_infinite() {
    let extremes = [1e6_f64, -1e6, 1e4, 1e-300, -0.0, 0.0, -1.0, 1.0, 100.0];
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut heard = 0;
    for name in names() {
        let (family, transition) = find(&name).expect("a voice");
        for _ in 0..60 {
            let mut params = serde_json::Map::new();
            for row in rows(family).filter(|row| matches!(row.kind, Kind::Number | Kind::Integer)) {
                for spelling in row.spellings(transition) {
                    if draw(3) == 0 {
                        let number = extremes[draw(extremes.len())].clamp(row.min, row.max);
                        params.insert(spelling, json!(number));
                    }
                }
            }
            let params = Value::Object(params);
            if let Some(sound) = sound(&name, 0.02, &params) {
                heard += 1;
                assert!(sound.iter().all(|sample| sample.is_finite()), "{name} {params}");
            }
        }
    }
    assert!(heard > 29 * 20, "{heard}");
}

/// The 400 frames of a step with these voices, and the warnings.
fn heard(voices: Value) -> (Vec<f32>, Vec<String>) {
    let document = json!({"global": {"sample_rate": 8000}, "progression": [{"duration": 0.05, "voices": voices}]});
    let options = LoadOptions { keep_bad_voices: true, ..LoadOptions::default() };
    let (track, mut said) = Track::from_value_with(document, &options).expect("a track");
    let options = PlanOptions { on_error: OnError::Warn, ..PlanOptions::default() };
    let (plan, more) = Plan::compile(&track, &options).expect("a plan");
    said.extend(more);
    let sound = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio");
    (sound, said.iter().map(ToString::to_string).collect())
}

#[test]
fn a_voice_reported_as_left_out_is_silent() {
    let good = json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 300}});
    let (alone, _) = heard(json!([good]));
    let mut announced = 0;
    for name in names() {
        let (family, transition) = find(&name).expect("a voice");
        let spellings = rows(family).flat_map(|row| row.spellings(transition));
        for spelling in spellings.chain(["duration", "post_offset", "initial_offset"].map(str::to_owned)) {
            for value in [json!("abc"), json!([1])] {
                let bad = json!({"synth_function_name": name, "is_transition": transition, "params": {(spelling.as_str()): value}});
                let (sound, said) = heard(json!([good, bad]));
                let left_out = said.iter().any(|text| text.contains("is silent") || text.contains("is left out"));
                announced += usize::from(left_out);
                // The reverse need not hold: `subliminal_encode` without audio files is silent without a report.
                assert!(!left_out || sound == alone, "{name} {spelling}: {said:?}");
            }
        }
    }
    assert!(announced > 500, "{announced}");
}

#[test]
fn only_the_voice_with_an_unknown_name_is_left_out() {
    let good = json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 300}});
    let (alone, _) = heard(json!([good]));
    for name in [json!("no_such"), json!(7), json!(""), Value::Null] {
        let (sound, said) = heard(json!([good, {"synth_function_name": name, "params": {}}]));
        assert_eq!(sound, alone, "{said:?}");
        assert!(!said.is_empty());
    }
}

#[test]
fn a_pan_after_the_end_has_no_effect() {
    let plain = sound("isochronic_tone_transition", 0.3, &json!({})).expect("a sound");
    let late =
        sound("isochronic_tone_transition", 0.3, &json!({"endPan": 0.16, "initial_offset": 2})).expect("a sound");
    assert!(close(&plain, &late));
}

#[test]
fn choice_words_are_read_in_any_case() {
    let name = "spatial_angle_modulation_sam2";
    let plain = sound(name, 0.1, &json!({})).expect("a sound");
    for mode in ["abstract_pm", " Abstract_PM ", "ABSTRACT_PM"] {
        assert_eq!(sound(name, 0.1, &json!({"rendererMode": mode})).as_ref(), Some(&plain), "{mode}");
    }
    let turned = sound(name, 0.1, &json!({"earPolarity": "left_plus_right_minus"}));
    assert_ne!(turned.as_ref(), Some(&plain));
    assert_eq!(sound(name, 0.1, &json!({"earPolarity": " Left_Plus_Right_Minus"})), turned);
}

#[test]
fn renderers_of_the_workbench_need_what_they_render_with() {
    let (family, transition) = registry::find("spatial_angle_modulation_sam2").expect("a voice");
    let build = |mode: &str| {
        let params = json!({"rendererMode": mode});
        registry::build(family, transition, &Context::new(0.1, 8000.0), params.as_object().expect("an object"))
    };
    for mode in ["abstract_pm", " Abstract_PM", ""] {
        assert!(build(mode).expect("the standard renderer").1.is_empty(), "{mode}");
    }
    for (mode, missing) in [(" HRTF", "hrtfAsset"), ("geometric", "canonicalTrajectory")] {
        let Err(error) = build(mode) else { panic!("{mode} without {missing}") };
        assert!(error.to_string().contains(missing), "{error}");
    }
    for mode in ["geometry", "hybrid"] {
        let Err(error) = build(mode) else { panic!("not a renderer") };
        assert!(error.to_string().contains("geometric"), "{error}");
    }
}

#[test]
fn each_legacy_leniency_has_its_own_switch() {
    let load = |compat: Compat, document: Value| {
        Track::from_value_with(document, &LoadOptions { compat: Some(compat), ..LoadOptions::default() })
    };
    let silencing = Compat { silence_bad_voices: true, ..Compat::DEFAULT };
    let negative = json!({"progression": [{"duration": -1}]});
    assert!(load(silencing, negative.clone()).is_err());
    assert!(load(Compat { skip_negative_steps: true, ..Compat::DEFAULT }, negative).is_ok());
    let text = json!({"progression": [{"duration": 1, "voices": [{"synth_function_name": "binaural_beat",
        "is_transition": "false"}]}]});
    let moves = |compat| load(compat, text.clone()).expect("a track").0.steps[0].voices[0].is_transition;
    assert!(!moves(silencing));
    assert!(moves(Compat { text_is_true: true, ..Compat::DEFAULT }));
}
