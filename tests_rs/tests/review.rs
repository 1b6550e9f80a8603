//! Warnings of validation about the sound of a track: they are true (each case is also rendered and measured), and take
//! bounded time.

use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

const RATE: usize = 8000;

fn track_of(document: &Value) -> Track {
    Track::from_value(document.clone()).expect("a track").0
}

fn review(document: &Value) -> Vec<Problem> {
    Plan::findings(&track_of(document), &PlanOptions::default()).expect("findings")
}

/// Largest magnitude between two times of the rendered track.
fn peak(document: &Value, from: f64, to: f64) -> f64 {
    let (plan, _) = Plan::compile(&track_of(document), &PlanOptions::default()).expect("a plan");
    let sound = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio");
    let at = |seconds: f64| 2 * (seconds * RATE as f64) as usize;
    f64::from(sound[at(from)..at(to)].iter().fold(0.0_f32, |most, x| most.max(x.abs())))
}

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

/// The number before `dB` in a message.
fn told(problem: &Problem) -> f64 {
    problem
        .message
        .split(" dB")
        .next()
        .and_then(|text| text.rsplit(' ').next())
        .and_then(|n| n.parse().ok())
        .expect("dB")
}

fn step(seconds: f64, voices: Value) -> Value {
    json!({"duration": seconds, "voices": voices})
}

fn voice(name: &str, from: f64, to: f64) -> Value {
    json!({"synth_function_name": name, "is_transition": true, "params": {
        "startBaseFreq": 200, "startBeatFreq": 4,
        "startAmpL": from, "endAmpL": to, "startAmpR": from, "endAmpR": to}})
}

fn tone(seconds: f64, from: f64, to: f64) -> Value {
    step(seconds, json!([voice("binaural_beat_transition", from, to)]))
}

fn track(crossfade: f64, steps: &[Value]) -> Value {
    json!({"global": {"sample_rate": RATE, "crossfade_duration": crossfade}, "progression": steps})
}

#[test]
fn an_unintended_level_jump_is_reported_in_decibels() {
    for (name, tolerance) in [("binaural_beat_transition", 0.6), ("isochronic_tone_transition", 3.0)] {
        let fall = step(10.0, json!([voice(name, 0.5, 0.05)]));
        let quiet = step(10.0, json!([voice(name, 0.05, 0.05)]));
        for (steps, word) in
            [([&fall, &quiet], "louder"), ([&quiet, &step(10.0, json!([voice(name, 0.05, 0.5)]))], "softer")]
        {
            let document = track(0.0, &steps.map(Clone::clone));
            let found = review(&document);
            let [jump] = found.as_slice() else { panic!("{name} {found:?}") };
            assert_eq!(jump.path, "progression[1]");
            let heard = decibels(peak(&document, 10.05, 10.3) / peak(&document, 9.7, 9.95));
            assert!(
                jump.message.contains(word) && (told(jump) - heard.abs()).abs() <= tolerance + 0.5,
                "{jump} {heard}"
            );
        }
    }
}

#[test]
fn a_level_jump_under_a_crossfade_is_reported() {
    let document = track(1.0, &[tone(10.0, 0.5, 0.05), tone(10.0, 0.05, 0.05)]);
    let found = review(&document);
    assert!(found.len() == 1 && found[0].message.contains("louder"), "{found:?}");
    assert!(decibels(peak(&document, 10.1, 10.3) / peak(&document, 8.7, 8.9)) > 6.0);
}

#[test]
fn intended_level_changes_are_not_reported() {
    let faded = |from: f64, to: f64, seconds: f64| {
        let mut step = tone(seconds, 0.5, 0.5);
        step["voices"][0]["volume_envelope"] =
            json!({"type": "linear_fade", "params": {"fade_duration": seconds, "start_amp": from, "end_amp": to}});
        step
    };
    let beats = step(
        6.0,
        json!([{"synth_function_name": "monaural_beat_stereo_amps", "params": {
        "amp_lower_L": 0.5, "amp_upper_L": 0.5, "amp_lower_R": 0.5, "amp_upper_R": 0.5,
        "baseFreq": 200, "beatFreq": 0.7}}]),
    );
    let pulses =
        step(6.3, json!([{"synth_function_name": "isochronic_tone", "params": {"baseFreq": 200, "beatFreq": 3}}]));
    for (case, document) in [
        ("equal levels", track(0.0, &[tone(3.0, 0.5, 0.5), tone(3.0, 0.05, 0.05)])),
        ("small change", track(1.0, &[tone(5.0, 0.5, 0.4), tone(5.0, 0.4, 0.5)])),
        ("pause", track(0.0, &[tone(3.0, 0.5, 0.05), step(2.0, json!([])), tone(3.0, 0.5, 0.5)])),
        ("fade out, fade in", track(0.0, &[faded(1.0, 0.0, 5.0), faded(0.0, 1.0, 5.0)])),
        ("fade out, then full", track(0.0, &[faded(1.0, 0.0, 5.0), tone(5.0, 0.5, 0.5)])),
        ("slow beats", track(0.0, &[tone(5.0, 0.5, 0.5), beats.clone(), tone(5.0, 0.5, 0.5)])),
        ("pulses", track(0.0, &[pulses.clone(), tone(5.0, 0.5, 0.5), pulses])),
    ] {
        assert_eq!(review(&document), [], "{case}");
    }
}

#[test]
fn steps_no_longer_than_their_crossfades_are_reported() {
    let steps: Vec<Value> = (0..12).map(|_| tone(1.0, 0.5, 0.5)).collect();
    let found = review(&track(1.0, &steps));
    assert_eq!(found.len(), 12, "{found:?}");
    assert!(found.iter().all(|problem| problem.message.contains("never heard by itself")));
    // Fades that just meet are allowed, and so are steps on top of others by an explicit start.
    assert_eq!(review(&track(0.5, &steps)), []);
    let mut inside = tone(2.0, 0.5, 0.5);
    inside["start"] = json!(3.0);
    let mut outer = tone(10.0, 0.5, 0.5);
    outer["start"] = json!(0.0);
    assert!(review(&track(1.0, &[outer, inside])).iter().all(|problem| !problem.message.contains("by itself")));
    // Many warnings of one kind are shortened to a few.
    let many: Vec<Value> = (0..1000).map(|_| step(1.0, json!([]))).collect();
    let found = review(&track(1.0, &many));
    assert!(found.len() < 30 && found.iter().any(|problem| problem.message.contains("and 980 more")), "{found:?}");
}

#[test]
fn a_silent_track_is_reported() {
    let silent = |document: &Value| review(document).iter().any(|problem| problem.message.contains("it is silent"));
    let mut muted = track(0.0, &[tone(4.0, 0.5, 0.5)]);
    muted["progression"][0]["binaural_volume"] = json!(0.0);
    let foreign = json!({"steps": [{"duration": 10.0, "audio_settings": {"carriers": []}}], "audio_settings": {}});
    for document in [track(0.0, &[step(10.0, json!([]))]), track(0.0, &[tone(10.0, 0.0, 0.0)]), muted, foreign] {
        assert!(silent(&document), "{document}");
        let (plan, _) = Plan::compile(&track_of(&document), &PlanOptions::default()).expect("a plan");
        let sound = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio");
        assert!(sound.iter().all(|sample| *sample == 0.0));
    }
    assert!(!silent(&track(0.0, &[tone(4.0, 0.0, 0.0), tone(4.0, 0.0, 1e-3)])));
    // A sound of one moment in an hour may be missed, but the track is not reported as silent.
    let late = json!({"synth_function_name": "binaural_beat_transition", "is_transition": true,
        "params": {"startAmpL": 0, "endAmpL": 0.1, "startAmpR": 0, "initial_offset": 3590, "transition_duration": 5}});
    assert!(!silent(&track(0.0, &[step(3600.0, json!([late]))])));
    let bed = json!({"progression": [{"duration": 3, "voices": []}], "background_noise": {"gain": 0.1, "params": {"lfo_freq": 0.1}}});
    assert!(!silent(&bed));
}

#[test]
fn sound_above_full_scale_is_reported_with_its_cause() {
    let bed = |gain: f64| {
        let mut document = track(0.0, &[tone(4.0, 0.5, 0.5)]);
        document["background_noise"] = json!({"gain": gain, "params": {"noise_parameters": {"name": "pink"}}});
        document
    };
    for gain in [0.05, 0.4] {
        assert_eq!(review(&bed(gain)), [], "{gain}");
    }
    let document = bed(3.0);
    let found = review(&document);
    let [loud] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(loud.path, "background_noise.params");
    // The noise peaks at 0.95 times its gain somewhere, and close to that where the sum is loudest.
    let most = decibels(0.95 * 3.0);
    assert!((most - 2.0..most + 0.1).contains(&told(loud)), "{loud}");
    assert!(peak(&document, 0.0, 4.0) > 1.0);

    // Three steps on top of each other: each has a peak of 0.456, and none fades.
    let mut layers = track(0.0, &[tone(9.0, 0.5, 0.5), tone(8.0, 0.5, 0.5), tone(7.0, 0.5, 0.5)]);
    for (index, step) in layers["progression"].as_array_mut().expect("steps").iter_mut().enumerate() {
        step["start"] = json!(index as f64 * 0.5);
    }
    let found = review(&layers);
    let [loud] = found.as_slice() else { panic!("{found:?}") };
    assert!(loud.path.is_empty() && loud.message.contains("together"), "{loud}");
    assert!((told(loud) - decibels(peak(&layers, 0.0, 9.0))).abs() < 0.3, "{loud}");
}

#[test]
fn validation_time_is_bounded_for_a_track_of_a_day() {
    let day: Vec<Value> = (0..24).map(|hour| {
        let noise = json!({"synth_function_name": "noise_swept_notch", "voice_type": "noise", "params": {"lfo_freq": 0.1 + f64::from(hour)}});
        step(3600.0, json!([voice("binaural_beat_transition", 0.5, 0.1), noise]))
    }).collect();
    let document = track(1.0, &day);
    let before = std::time::Instant::now();
    let _ = review(&document);
    // This costs about as much as rendering a few minutes of sound; rendering all of it would take minutes.
    assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
    let interrupt = Interrupt::default();
    interrupt.request();
    let options = PlanOptions { interrupt, ..PlanOptions::default() };
    assert!(matches!(Plan::findings(&track_of(&document), &options), Err(Error::Cancelled)));
}

#[test]
fn the_examples_validate_without_warnings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let (track, mut said) = Track::from_path(&path).expect("a track");
            said.extend(Plan::findings(&track, &PlanOptions::default()).expect("findings"));
            assert_eq!(said, [], "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 0);
}

fn with_params(name: &str, params: Value, compat: &str) -> Value {
    json!({"global": {"sample_rate": RATE, "compat": compat}, "progression": [
        step(1.0, json!([{"synth_function_name": name, "params": params}]))]})
}

/// The findings about the parameter `param` of the only voice.
fn about(document: &Value, param: &str) -> Vec<String> {
    let path = format!("progression[0].voices[0].params.{param}");
    review(document).into_iter().filter(|problem| problem.path == path).map(|problem| problem.message).collect()
}

#[test]
fn carriers_that_are_no_tone_are_reported() {
    for (hz, word) in [(0.0, "a carrier of 0 Hz is no tone"), (-200.0, "a carrier of -200 Hz is no tone")] {
        let document = with_params("binaural_beat", json!({"baseFreq": hz, "beatFreq": 0.0}), "default");
        let found = about(&document, "baseFreq");
        assert!(found.len() == 1 && found[0].starts_with(word), "{found:?}");
        assert!(peak(&document, 0.1, 0.9) < 1e-3, "it is not heard");
    }
    assert_eq!(about(&with_params("binaural_beat", json!({"baseFreq": 200.0}), "default"), "baseFreq"), [""; 0]);
}

#[test]
fn a_carrier_above_half_the_rate_is_reported_as_heard() {
    // 7800 Hz at 8000 frames a second is the tone of 200 Hz, upside down
    let params = |hz: f64| json!({"baseFreq": hz, "beatFreq": 0.0, "startPhaseL": 0.0});
    let found = about(&with_params("binaural_beat", params(7800.0), "default"), "baseFreq");
    assert_eq!(found, ["7800 Hz is above half the sample rate (4000 Hz): it is heard as a tone of 200 Hz"]);
    let sound = |hz: f64| {
        let (plan, _) =
            Plan::compile(&track_of(&with_params("binaural_beat", params(hz), "default")), &PlanOptions::default())
                .expect("a plan");
        render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).expect("audio")
    };
    let sum = sound(7800.0).iter().zip(sound(200.0)).map(|(a, b)| (a + b).abs()).fold(0.0, f32::max);
    assert!(sum < 1e-3, "{sum}");
    let limited = about(&with_params("binaural_beat", params(7800.0), "intended"), "baseFreq");
    assert!(limited.len() == 1 && limited[0].contains("left out"), "one finding, not two: {limited:?}");
}

#[test]
fn rates_that_silence_or_exchange_ears_are_reported() {
    for hz in [0.0, -4.0] {
        let document = with_params("isochronic_tone", json!({"baseFreq": 200.0, "beatFreq": hz}), "default");
        assert!(about(&document, "beatFreq")[0].contains("makes the voice silent"), "{hz}");
        assert!(peak(&document, 0.0, 1.0) == 0.0);
    }
    let negative = with_params("binaural_beat", json!({"baseFreq": 200.0, "beatFreq": -4.0}), "default");
    assert!(about(&negative, "beatFreq")[0].contains("one of 4 Hz with the higher tone in the other ear"));
    let none = with_params("binaural_beat", json!({"baseFreq": 200.0, "beatFreq": 0.0}), "default");
    assert_eq!(about(&none, "beatFreq"), [""; 0], "a tone without a beat is usual");
}

#[test]
fn amplitudes_that_the_levelling_cancels_are_reported() {
    let at = |amplitude: f64, normalization: &str| {
        let voice = json!({"synth_function_name": "binaural_beat", "params": {
            "baseFreq": 200.0, "beatFreq": 4.0, "ampL": amplitude, "ampR": amplitude}});
        let global = json!({"sample_rate": RATE, "normalization": normalization, "crossfade_duration": 0.0});
        json!({"global": global, "progression": [step(1.0, json!([voice])), step(1.0, json!([voice]))]})
    };
    let told = |document: &Value| -> Vec<Problem> {
        review(document).into_iter().filter(|problem| problem.message.contains("normalization_level")).collect()
    };
    let found = told(&at(0.05, "step"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "progression[0]");
    assert!(found[0].message.contains("a peak of 0.050") && found[0].message.contains("1 more like this"));
    // it is true: the amplitude has no effect
    assert!((peak(&at(0.05, "step"), 0.2, 0.8) - peak(&at(0.5, "step"), 0.2, 0.8)).abs() < 1e-3);
    assert_eq!(told(&at(0.5, "step")), []);
    assert_eq!(told(&at(0.05, "none")), []);
}
