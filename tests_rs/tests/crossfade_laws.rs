//! The law of a fade that the track does not name: equal power for unrelated sounds, linear for one in phase with itself.

use std::f32::consts::TAU;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::Block;
use serde_json::{Value, json};

const RATE: u32 = 8000;
/// Frames of a step and of the fade between two.
const STEP: usize = 3 * RATE as usize;
const FADE: usize = RATE as usize;

/// Two steps of 3 s with a fade of 1 s, at stated levels.
fn rendered(voices: [Vec<Value>; 2], global: Value, size: usize) -> [Vec<f32>; 2] {
    let mut document = json!({"global": {"sample_rate": RATE, "crossfade_duration": 1.0}});
    for (name, value) in global.as_object().expect("settings") {
        document["global"][name] = value.clone();
    }
    document["progression"] = voices.map(|voices| json!({"duration": 3.0, "voices": voices})).to_vec().into();
    let (track, _) = Track::from_value(document).expect("a track");
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (plan, _) = Plan::compile(&track, &options).expect("a plan");
    plan.measure(0, usize::MAX, 1, &mut |_| true).expect("measured");
    let plan = Arc::new(plan);
    let mut renderer = Renderer::new(Arc::clone(&plan));
    let mut planes = [vec![0.0; plan.frames() as usize], vec![0.0; plan.frames() as usize]];
    for from in (0..planes[0].len()).step_by(size) {
        let to = planes[0].len().min(from + size);
        let [left, right] = &mut planes;
        renderer.render(from as u64, Block::new(&mut left[from..to], &mut right[from..to]));
    }
    planes
}

fn pair(first: &Value, second: &Value) -> [Vec<f32>; 2] {
    rendered([vec![first.clone()], vec![second.clone()]], json!({}), 2048)
}

fn beat(base: f64, amp: f64) -> Value {
    let params = json!({"baseFreq": base, "beatFreq": 0.0, "ampL": amp, "ampR": amp});
    json!({"synth_function_name": "binaural_beat", "params": params})
}

/// The RMS level in dB of `frames` frames from `from` on.
fn level(plane: &[f32], from: usize, frames: usize) -> f64 {
    let power = plane[from..from + frames].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / frames as f64;
    10.0 * power.log10()
}

/// The lowest and the highest level in the fade, in windows of `frames`, against that before it.
fn range(plane: &[f32], frames: usize) -> (f64, f64) {
    let usual = level(plane, 4000, 8000);
    let levels = (STEP - FADE..STEP - frames).step_by(frames).map(|from| level(plane, from, frames) - usual);
    levels.fold((f64::MAX, f64::MIN), |(low, high), level| (low.min(level), high.max(level)))
}

#[test]
fn unrelated_tones_keep_their_power() {
    let (low, high) = range(&pair(&beat(200.0, 0.5), &beat(317.0, 0.5))[0], 800);
    assert!(low > -0.3 && high < 0.3, "{low} {high}");
    let named = json!({"crossfade_curve": "linear"});
    let linear = rendered([vec![beat(200.0, 0.5)], vec![beat(317.0, 0.5)]], named, 2048);
    let (low, _) = range(&linear[0], 800);
    assert!((low + 3.0).abs() < 0.3, "a named curve counts: {low}");
}

/// The amplitude of a tone of `hz` at a frame, from the samples beside it.
fn amplitude(plane: &[f32], hz: f32, at: usize) -> f32 {
    let w = TAU * hz / RATE as f32;
    f32::hypot(plane[at], (plane[at + 1] - plane[at - 1]) / (2.0 * w.sin()))
}

#[test]
fn a_tone_in_phase_with_itself_is_faded_linearly() {
    let with = |extra: Value, id: bool| {
        [0.5, 0.25].map(|amp| {
            let mut voice = beat(200.0, amp);
            voice["params"].as_object_mut().expect("parameters").extend(extra.as_object().expect("an object").clone());
            if id {
                voice["voice_id"] = json!("a");
            }
            voice
        })
    };
    // without an id, and with a flanger that does nothing, which prevents a glide
    let silent = json!({"flangeEnable": true, "flangeDepthMs": 0.0, "flangeDelayMs": 0.0, "flangeMix": 0.0});
    for (name, [first, second]) in [("no id", with(json!({}), false)), ("flanger", with(silent, true))] {
        let [left, right] = pair(&first, &second);
        for plane in [left, right] {
            for at in (STEP - FADE + 100..STEP - 100).step_by(50) {
                let u = (at - (STEP - FADE)) as f32 / (FADE - 1) as f32;
                let wanted = 0.5 - 0.25 * u;
                let found = amplitude(&plane, 200.0, at);
                assert!((found - wanted).abs() < 2e-3, "{name} {at}: {found} {wanted}");
            }
        }
    }
}

#[test]
fn tones_of_one_frequency_keep_their_power_whatever_their_phases() {
    for degrees in [0.0, 45.0, 90.0] {
        let with = |id: &str, phase: f64| {
            let mut voice = beat(200.0, 0.5);
            voice["voice_id"] = json!(id);
            voice["params"]["startPhaseL"] = json!(phase);
            voice["params"]["startPhaseR"] = json!(phase);
            voice
        };
        // a step begins after whole cycles
        let [left, _] = pair(&with("a", 0.0), &with("b", f64::to_radians(degrees)));
        let (low, high) = range(&left, 400);
        assert!(low > -0.1 && high < 0.1, "{degrees}: {low} {high}");
    }
}

#[test]
fn a_voice_without_id_that_repeats_runs_on() {
    let voice = json!({"synth_function_name": "isochronic_tone", "params": {"beatFreq": 3.1, "baseFreq": 211.0}});
    let heard = pair(&voice, &voice);
    let document = json!({"global": {"sample_rate": RATE}, "progression": [{"duration": 5.0, "voices": [voice]}]});
    let (track, _) = Track::from_value(document).expect("a track");
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let plan = Arc::new(Plan::compile(&track, &options).expect("a plan").0);
    let mut one = [vec![0.0; plan.frames() as usize], vec![0.0; plan.frames() as usize]];
    let [left, right] = &mut one;
    Renderer::new(plan).render(0, Block::new(left, right));
    let apart = heard.iter().flatten().zip(one.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < 1e-5, "{apart}");
}

#[test]
fn noise_keeps_its_power_whether_it_goes_on_or_changes() {
    let noise = |colour: &str, depth: f64| {
        let params = json!({"noise_type": colour, "notch_q": 30.0 + depth});
        json!({"synth_function_name": "noise_swept_notch", "voice_type": "noise", "params": params})
    };
    for (name, first, second) in [
        ("other notches", noise("pink", 0.0), noise("pink", 5.0)),
        ("another colour", noise("pink", 0.0), noise("white", 0.0)),
    ] {
        let [left, _] = pair(&first, &second);
        let (before, after) = (level(&left, 4000, 12_000), level(&left, STEP, 12_000));
        let middle = level(&left, STEP - FADE / 2 - 2000, 4000);
        let power = |level: f64| 10f64.powf(level / 10.0);
        let wanted = 10.0 * ((power(before) + power(after)) / 2.0).log10();
        assert!((middle - wanted).abs() < 0.8, "{name}: {middle} {before} {after}");
    }
}

#[test]
fn fades_render_alike_in_any_blocks() {
    let steps = [vec![beat(200.0, 0.5), beat(317.0, 0.2)], vec![beat(200.0, 0.25), beat(411.0, 0.2)]];
    let expected = rendered(steps.clone(), json!({}), 2048);
    for size in [7, 333] {
        assert_eq!(rendered(steps.clone(), json!({}), size), expected, "{size}");
    }
}

#[test]
fn tones_on_the_noise_bus_glide_without_a_click() {
    let tone = |base: f64| {
        let mut voice = beat(base, 0.5);
        voice["voice_type"] = json!("noise");
        voice["voice_id"] = json!("a");
        voice
    };
    let [left, _] = pair(&tone(200.0), &tone(240.0));
    let bend = |w: &[f32]| (w[0] - 2.0 * w[1] + w[2]).abs();
    let steepest = left[200..left.len() - 200].windows(3).map(bend).fold(0.0, f32::max);
    let sine = 0.5 * (2.0 - 2.0 * (TAU * 240.0 / RATE as f32).cos());
    assert!(steepest < 1.01 * sine, "{steepest} {sine}");
}

#[test]
fn a_bell_without_id_is_struck_again() {
    let bell = json!({"synth_function_name": "bell", "params": {"decay": 0.2}});
    let mut named = bell.clone();
    named["voice_id"] = json!("a");
    for (bell, again) in [(bell, true), (named, false)] {
        let [left, _] = rendered([vec![bell.clone()], vec![bell]], json!({"crossfade_duration": 0.0}), 2048);
        let peak = |from: usize| left[from..from + 400].iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(peak(STEP - 400) < 1e-3 && (peak(STEP) > 0.3) == again, "{again}: {}", peak(STEP));
    }
}

#[test]
fn steady_noise_goes_on_while_its_level_glides() {
    let noise = |rms: f64| {
        let params = json!({"rmsL": rms, "rmsR": rms});
        json!({"synth_function_name": "steady_noise", "voice_id": "a", "params": params})
    };
    let [heard, _] = pair(&noise(0.2), &noise(0.1));
    // the same noise throughout: divided by it, the sound is the level
    let [same, _] = pair(&noise(0.2), &noise(0.2));
    for at in (200..heard.len() - 200).filter(|at| same[*at].abs() > 0.05) {
        let u = ((at as f32 - (STEP - FADE) as f32) / FADE as f32).clamp(0.0, 1.0);
        let found = heard[at] / same[at];
        assert!((found - (1.0 - 0.5 * u)).abs() < 2e-3, "{at}: {found} {u}");
    }
}
