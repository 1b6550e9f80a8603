//! The stage `spatial`: voices and clips that come from a place or move along a path (spec spatial-workbench 8).

use std::f64::consts::TAU;
use std::sync::Arc;

use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::media::sofa::Hrirs;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::{Renderer, peak, render_array};
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Map, Value, json};
use tests_rs::golden;

/// Sound travels a metre in 100 frames.
const RATE: f64 = 34_300.0;
const RING: &str = "sofa/synth_ring187_44k.sofa";

type Sound = [Vec<f32>; 2];

fn voice_at(rate: f64, name: &str, seconds: f64, params: &Value, spatial: Option<Value>) -> Sound {
    let mut context = Context::new(seconds, rate);
    context.folder = Some(golden::folder());
    let mut params: Map<String, Value> = params.as_object().unwrap().clone();
    params.extend(spatial.map(|spatial| ("spatial".to_owned(), spatial)));
    let (family, transition) = registry::find(name).unwrap();
    let (mut voice, warnings) = registry::build(family, transition, &context, &params).unwrap();
    assert_eq!(warnings, []);
    let frames = context.frames as usize;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(0, Block::new(&mut left, &mut right));
    [left, right]
}

fn voice(name: &str, params: &Value, spatial: Option<Value>) -> Sound {
    voice_at(RATE, name, 1.0, params, spatial)
}

/// Level of a frequency over the second half of a second.
fn level(sound: &[f32], rate: f64, hertz: f64) -> f64 {
    let half = &sound[sound.len() / 2..];
    let turned = |part: fn(f64) -> f64| {
        half.iter().enumerate().map(|(n, x)| f64::from(*x) * part(TAU * hertz * n as f64 / rate)).sum::<f64>()
    };
    2.0 * turned(f64::sin).hypot(turned(f64::cos)) / half.len() as f64
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn orbit(seconds: f64) -> Value {
    json!({"geometry": {"type": "horizontal_orbit"}, "traversal": {"durationS": seconds}})
}

#[test]
fn each_ear_hears_its_channel_later_and_softer() {
    let beat = json!({"baseFreq": 300, "beatFreq": 40, "ampL": 0.4, "ampR": 0.7});
    let plain = voice("binaural_beat", &beat, None);
    // 0.91 m from the left ear, 1.09 m from the right one
    let place = json!({"rendererMode": "geometric", "azimuthDeg": 90});
    let heard = voice("binaural_beat", &beat, Some(place.clone()));
    let mut mixed = place;
    mixed["channels"] = json!("mid");
    let mixed = voice("binaural_beat", &beat, Some(mixed));
    for (ear, (frames, metres)) in [(91, 0.91), (109, 1.09)].into_iter().enumerate() {
        assert!(heard[ear][..frames - 2].iter().all(|sample| *sample == 0.0));
        for n in frames + 2..plain[0].len() {
            let at = n - frames;
            let own = f64::from(plain[ear][at]) / metres;
            let mid = 0.5 * f64::from(plain[0][at] + plain[1][at]) / metres;
            assert!((f64::from(heard[ear][n]) - own).abs() < 1e-6, "{ear} {n}");
            assert!((f64::from(mixed[ear][n]) - mid).abs() < 1e-6, "{ear} {n}");
        }
    }
}

#[test]
fn a_beat_stays_between_the_ears_unless_it_is_mixed() {
    let beat = json!({"baseFreq": 300, "beatFreq": 40});
    for mode in ["hrtf", "geometric"] {
        let place = |channels: &str| json!({"rendererMode": mode, "azimuthDeg": 40, "channels": channels});
        let [left, right] = voice("binaural_beat", &beat, Some(place("ears")));
        for (ear, other) in [(&left, 320.0), (&right, 280.0)] {
            assert!(level(ear, RATE, other) < 1e-4, "{mode} {other}");
            assert!(level(ear, RATE, 600.0 - other) > 0.2, "{mode} {other}");
        }
        let mixed = voice("binaural_beat", &beat, Some(place("mid")));
        assert!(mixed.iter().all(|ear| [280.0, 320.0].iter().all(|hertz| level(ear, RATE, *hertz) > 0.1)), "{mode}");
    }
}

#[test]
fn equal_ears_sound_alike_in_both_ways() {
    let tone = json!({"baseFreq": 300, "beatFreq": 7});
    for mode in ["hrtf", "geometric"] {
        let with = |channels: &str| {
            let moving = json!({"rendererMode": mode, "canonicalTrajectory": orbit(0.7), "channels": channels});
            voice("isochronic_tone", &tone, Some(moving))
        };
        let (ears, mid) = (with("ears"), with("mid"));
        for ear in 0..2 {
            assert!(largest_difference(&ears[ear], &mid[ear]) < 1e-6, "{mode}");
        }
    }
}

#[test]
fn a_still_source_is_filtered_by_its_responses() {
    let rate = 44_100.0;
    let set = Hrirs::open(&golden::folder().join(RING)).unwrap();
    let left_of = set.polar().position(|[azimuth, elevation, _]| (azimuth - 90.0).abs() < 0.1 && elevation.abs() < 0.1);
    let direction = left_of.unwrap();
    let noise = json!({"rmsL": 0.1, "rmsR": 0.05, "correlation": 0, "seed": 3});
    let plain = voice_at(rate, "steady_noise", 0.2, &noise, None);
    let place = json!({"azimuthDeg": 90, "distanceM": 2, "dopplerEnabled": false, "hrtfAsset": RING});
    let heard = voice_at(rate, "steady_noise", 0.2, &noise, Some(place));
    for ear in 0..2 {
        let taps = set.response(direction, ear);
        for n in (200..8000).step_by(37) {
            let sum: f64 = taps.iter().enumerate().map(|(k, tap)| tap * f64::from(plain[ear][n - k])).sum();
            assert!((f64::from(heard[ear][n]) - 0.5 * sum).abs() < 2e-6, "{ear} {n}");
        }
    }
}

#[test]
fn a_receding_source_sounds_lower() {
    let tone = json!({"baseFreq": 440, "beatFreq": 0});
    for mode in ["hrtf", "geometric"] {
        let line = json!({"type": "line", "parameters": {"startM": [1, 0, 0], "endM": [35.3, 0, 0]}});
        let path = json!({"geometry": line, "traversal": {"mode": "one_shot", "durationS": 1}});
        let moving = json!({"rendererMode": mode, "canonicalTrajectory": path, "distanceLaw": "none"});
        let [left, _] = voice("binaural_beat", &tone, Some(moving));
        // a tenth of the speed of sound, by the distance of the moment
        let heard = level(&left, RATE, 440.0 * 0.9);
        assert!(heard > 0.3 && level(&left, RATE, 440.0) < 0.02 * heard, "{mode}: {heard}");
    }
}

#[test]
fn the_built_in_head_is_louder_on_the_near_side() {
    let noise = json!({"rmsL": 0.1, "rmsR": 0.1, "seed": 3});
    let rms = |ear: &[f32]| (ear.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / ear.len() as f64).sqrt();
    let at = |azimuth: f64| {
        voice_at(44_100.0, "steady_noise", 1.0, &noise, Some(json!({"azimuthDeg": azimuth}))).map(|ear| rms(&ear))
    };
    let ([front_left, front_right], [near, far]) = (at(0.0), at(90.0));
    assert!((front_left / front_right - 1.0).abs() < 0.05);
    assert!((0.05..0.2).contains(&front_left), "{front_left}");
    assert!(near > 1.3 * far && near > front_left, "{near} {far}");
}

fn load(document: Value) -> (Track, Vec<Problem>) {
    let options = LoadOptions { folder: Some(golden::folder()), ..LoadOptions::default() };
    Track::from_value_with(document, &options).unwrap()
}

fn compiled(document: Value) -> Result<(Arc<Plan>, Vec<Problem>), Error> {
    let (plan, warnings) = Plan::compile(&load(document).0, &PlanOptions::default())?;
    Ok((Arc::new(plan), warnings))
}

fn audio(plan: &Arc<Plan>) -> Vec<f32> {
    render_array(plan, 0, None, 0, &mut |_| true).unwrap()
}

fn track(steps: &Value, clips: &Value) -> Value {
    json!({
        "global": {"sample_rate": RATE, "normalization": "none", "crossfade_duration": 0},
        "progression": steps,
        "overlay_clips": clips,
    })
}

fn step(seconds: f64, spatial: &Value) -> Value {
    let params = json!({"baseFreq": 200, "beatFreq": 4, "spatial": spatial});
    json!({"duration": seconds, "voices": [{"synth_function_name": "binaural_beat", "voice_id": "a", "params": params}]})
}

#[test]
fn a_voice_that_runs_on_stays_on_its_path() {
    let moving = json!({"canonicalTrajectory": orbit(3.0)});
    let two = compiled(track(&json!([step(1.0, &moving), step(1.0, &moving)]), &json!([]))).unwrap();
    let one = compiled(track(&json!([step(2.0, &moving)]), &json!([]))).unwrap();
    assert_eq!((&two.1, &one.1), (&vec![], &vec![]));
    assert_eq!(audio(&two.0), audio(&one.0));
}

#[test]
fn unusable_values_are_errors_with_their_paths() {
    let at = "progression[0].voices[0].params.spatial";
    for (spatial, path) in [
        (json!(3), ""),
        (json!({"rendererMode": "hrft"}), ".rendererMode"),
        (json!({"channels": "stereo"}), ".channels"),
        (json!({"elevationDeg": 91}), ".elevationDeg"),
        (json!({"distanceM": 0}), ".distanceM"),
        (json!({"distanceLaw": "linear"}), ".distanceLaw"),
        (json!({"minimumDistanceM": 2, "maximumDistanceM": 1}), ".maximumDistanceM"),
        (json!({"canonicalTrajectory": {"geometry": {"type": "cube"}}}), ".canonicalTrajectory.geometry.type"),
        (json!({"hrtfAsset": "no.sofa"}), ".hrtfAsset"),
        (json!({"hrtfOptions": {"interpolation": "best"}}), ".hrtfOptions.interpolation"),
    ] {
        let Err(Error::Invalid(problems)) = compiled(track(&json!([step(0.1, &spatial)]), &json!([]))) else {
            panic!("{spatial} is accepted");
        };
        assert_eq!(problems[0].path, format!("{at}{path}"), "{}", problems[0]);
    }
}

#[test]
fn what_has_no_effect_is_a_warning() {
    let at = "progression[0].voices[0].params.spatial.";
    for (spatial, text) in [
        (json!({"canonicalTrajectry": {}}), "canonicalTrajectry: unknown parameter, ignored; did you mean"),
        (json!({"canonicalTrajectory": orbit(1.0), "azimuthDeg": 3}), "azimuthDeg: no effect beside"),
        (json!({"rendererMode": "geometric", "hrtfAsset": RING}), "hrtfAsset: no effect in the mode geometric"),
        (
            json!({"hrtfOptions": {"distanceLaw": "none"}}),
            "hrtfOptions.distanceLaw: no effect here; \"distanceLaw\" counts",
        ),
        (json!({"hrtfOptions": {"crossfade": 3}}), "hrtfOptions.crossfade: no effect here; did you mean"),
        (json!({"elevationDeg": 40}), "elevationDeg: the source has elevations from 40 to 40 degrees"),
        (json!({"spatial": {}}), "spatial: unknown parameter"),
    ] {
        let (_, warnings) = compiled(track(&json!([step(0.1, &spatial)]), &json!([]))).unwrap();
        assert!(warnings[0].to_string().starts_with(&format!("{at}{text}")), "{}", warnings[0]);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}

fn clip(spatial: Option<Value>) -> Value {
    let mut clip = json!({"file_path": "audio/chirp_mono_44100.wav", "start": 0.1});
    spatial.into_iter().for_each(|spatial| clip["spatial"] = spatial);
    json!([clip])
}

fn silent(seconds: f64) -> Value {
    json!([{"duration": seconds}])
}

#[test]
fn a_clip_is_heard_from_its_place() {
    let place = json!({"rendererMode": "geometric", "azimuthDeg": 90});
    let plain = audio(&compiled(track(&silent(1.0), &clip(None))).unwrap().0);
    let (plan, warnings) = compiled(track(&silent(1.0), &clip(Some(place)))).unwrap();
    assert_eq!(warnings, []);
    let heard = audio(&plan);
    // the clip ends where its recording does
    let frames = plan.clips()[0].end() as usize;
    for (ear, (late, metres)) in [(91, 0.91), (109, 1.09)].into_iter().enumerate() {
        for n in late + 4000..frames {
            let own = f64::from(plain[2 * (n - late) + ear]) / metres;
            assert!((f64::from(heard[2 * n + ear]) - own).abs() < 1e-6, "{ear} {n}");
        }
    }
    let found = peak(&plan, 0, &mut |_| true).unwrap();
    assert_eq!(found, heard.iter().fold(0.0, |most: f32, sample| most.max(sample.abs())));
}

#[test]
fn a_moving_clip_is_the_same_in_any_blocks() {
    let moving = json!({"canonicalTrajectory": orbit(0.4)});
    let (plan, _) = compiled(track(&silent(1.0), &clip(Some(moving)))).unwrap();
    let whole = audio(&plan);
    let mut renderer = Renderer::new(Arc::clone(&plan));
    let mut from = 5000;
    for length in [1, 700, 3, 4096, 129, 2048] {
        renderer.prepare(from, from + length);
        let (mut left, mut right) = (vec![0.0; length as usize], vec![0.0; length as usize]);
        renderer.render(from, Block::new(&mut left, &mut right));
        for (j, (left, right)) in left.iter().zip(&right).enumerate() {
            let at = 2 * (from as usize + j);
            assert_eq!([*left, *right], [whole[at], whole[at + 1]], "{from} {j}");
        }
        // also back to where it was
        from = if length == 700 { 300 } else { from + length };
    }
}

#[test]
fn a_clip_with_an_unusable_place_is_left_out() {
    let (plan, warnings) = compiled(track(&silent(1.0), &clip(Some(json!({"channels": "both"}))))).unwrap();
    assert_eq!(plan.clips().len(), 0);
    let said = warnings[0].to_string();
    assert!(said.starts_with("overlay_clips[0].spatial.channels: expected one of ears, mid"), "{said}");
    assert!(said.ends_with("the clip is left out"), "{said}");
}
