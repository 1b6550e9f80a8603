//! Cyclic movements of clips, the bed and `steady_noise` (spec track-format 6.1, interchange 6.1), against closed forms.

use std::f64::consts::{PI, TAU};
use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::render::encode::{AudioFile, Container, FileFormat, Subtype};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::Block;
use serde_json::{Value, json};

const RATE: u32 = 8000;
/// Frames of the fades at the edges of a clip.
const EDGE: usize = 40;

/// Write a float WAV file with these functions of the time in seconds.
fn wav(folder: &Path, seconds: f64, left: impl Fn(f64) -> f64, right: impl Fn(f64) -> f64) {
    let format = FileFormat::new(Container::Wav).with_subtype(Subtype::Float32);
    let mut file = AudioFile::create(folder.join("a.wav"), format, RATE).unwrap();
    let frames = (seconds * f64::from(RATE)) as usize;
    let values =
        |f: &dyn Fn(f64) -> f64| -> Vec<f32> { (0..frames).map(|i| f(i as f64 / f64::from(RATE)) as f32).collect() };
    file.write(&values(&left), &values(&right)).unwrap();
    file.finish().unwrap();
}

fn plan(folder: &Path, document: Value) -> Arc<Plan> {
    let options = LoadOptions { folder: Some(folder.to_owned()), ..LoadOptions::default() };
    let (track, warnings) = Track::from_value_with(document, &options).unwrap();
    assert_eq!(warnings, []);
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (plan, warnings) = Plan::compile(&track, &options).unwrap();
    assert_eq!(warnings, []);
    Arc::new(plan)
}

fn ears(plan: &Arc<Plan>) -> [Vec<f64>; 2] {
    let out = render_array(plan, 0, None, 2, &mut |_| true).unwrap();
    [0, 1].map(|ear| out.iter().skip(ear).step_by(2).map(|x| f64::from(*x)).collect())
}

fn clip(layer: &Value) -> Value {
    json!({"global": {"sample_rate": RATE, "normalization": "none"}, "progression": [], "overlay_clips": [layer]})
}

fn frac(x: f64) -> f64 {
    x - x.floor()
}

#[test]
fn the_level_of_a_clip_follows_the_pulses() {
    let folder = tempfile::tempdir().unwrap();
    wav(folder.path(), 2.0, |_| 0.5, |_| -0.25);
    for (rate, depth, duty, phase) in [(3.0, 0.8, 1.0, 0.0), (5.5, 1.0, 0.4, -0.05), (0.7, 0.3, 0.15, 0.6)] {
        let layer = json!({"file_path": "a.wav", "start": 0.5, "am_rate": rate, "am_depth": depth, "am_duty": duty, "am_phase": phase});
        let [left, right] = ears(&plan(folder.path(), clip(&layer)));
        for i in EDGE..16_000 - EDGE {
            let x = frac(phase + rate * i as f64 / 8000.0);
            let pulse = if x < duty { (PI * x / duty).sin().powi(2) } else { 0.0 };
            let gain = 1.0 - depth * (1.0 - pulse);
            assert!((left[4000 + i] - 0.5 * gain).abs() < 1e-6, "{rate} {i}");
            assert!((right[4000 + i] + 0.25 * gain).abs() < 1e-6, "{rate} {i}");
        }
    }
}

#[test]
fn the_balance_of_a_clip_swings_around_its_pan() {
    let folder = tempfile::tempdir().unwrap();
    wav(folder.path(), 2.0, |_| 0.5, |_| 0.5);
    for (pan, width) in [(0.0, 1.0), (0.4, 0.5), (-0.7, 0.6)] {
        let layer = json!({"file_path": "a.wav", "pan": pan, "pan_rate": 1.5, "pan_width": width, "pan_phase": 0.25});
        let [left, right] = ears(&plan(folder.path(), clip(&layer)));
        for i in EDGE..16_000 - EDGE {
            let at: f64 = pan + width * (TAU * (0.25 + 1.5 * i as f64 / 8000.0)).sin();
            let at = at.clamp(-1.0, 1.0);
            assert!((left[i] - 0.5 * (1.0 - at).min(1.0)).abs() < 1e-6, "{pan} {i}");
            assert!((right[i] - 0.5 * (1.0 + at).min(1.0)).abs() < 1e-6, "{pan} {i}");
        }
    }
}

#[test]
fn a_spinning_clip_delays_one_ear_and_then_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let (f, g) = (210.0, 130.0);
    wav(folder.path(), 1.0, |t| 0.5 * (TAU * f * t).sin(), |t| 0.3 * (TAU * g * t).sin());
    for width in [300.0, 5000.0] {
        let layer = json!({"file_path": "a.wav", "spin_rate": 2.0, "spin_width": width, "spin_phase": 0.1});
        let [left, right] = ears(&plan(folder.path(), clip(&layer)));
        // away from both ends of the file
        for i in 40..7900 {
            let t = i as f64 / 8000.0;
            let half = 0.5e-6 * width * (TAU * (0.1 + 2.0 * t)).sin();
            assert!((left[i] - 0.5 * (TAU * f * (t - half)).sin()).abs() < 1e-4, "{width} {i}");
            assert!((right[i] - 0.3 * (TAU * g * (t + half)).sin()).abs() < 1e-4, "{width} {i}");
        }
        let delayed = (0.25e-6 * width * (TAU * 0.1_f64).sin() * 8000.0) as usize;
        assert!(left[..delayed].iter().all(|x| x.abs() < 1e-9), "silent before the file begins");
    }
}

#[test]
fn the_bed_moves_in_track_time_and_loops() {
    let folder = tempfile::tempdir().unwrap();
    wav(folder.path(), 0.2, |_| 0.5, |_| 0.5);
    let bed = json!({"file_path": "a.wav", "start_time": 0.3, "am_rate": 2.0, "am_depth": 1.0, "spin_rate": 1.0, "spin_width": 800.0});
    let document = json!({"global": {"sample_rate": RATE, "normalization": "none"},
        "progression": [{"duration": 3.0, "voices": []}], "background_noise": bed});
    let [left, right] = ears(&plan(folder.path(), document));
    assert!(left[..2400].iter().chain(&right[..2400]).all(|x| *x == 0.0));
    for i in 2410..24_000 {
        let gain = 0.5 - 0.5 * (TAU * 2.0 * i as f64 / 8000.0).cos();
        assert!((left[i] - 0.5 * gain).abs() < 1e-6 && (right[i] - 0.5 * gain).abs() < 1e-6, "{i}");
    }
}

#[test]
fn a_bed_of_noise_spins_too() {
    let folder = tempfile::tempdir().unwrap();
    let bed = |width: f64| {
        let content = json!({"noise_parameters": {"name": "pink", "seed": 4}, "sweeps": []});
        let document = json!({"global": {"sample_rate": RATE, "normalization": "none"},
            "progression": [{"duration": 2.0, "voices": []}],
            "background_noise": {"params": content, "spin_rate": 1.0, "spin_phase": 0.25, "spin_width": width}});
        ears(&plan(folder.path(), document))
    };
    let ([still, still_right], [left, right]) = (bed(0.0), bed(1000.0));
    // at the largest delay of 8 frames the ears are 4 frames late and early
    assert!((left[8000] - still[7996]).abs() < 1e-4 * still[7996].abs().max(0.01), "{} {}", left[8000], still[7996]);
    assert!((right[8000] - still_right[8004]).abs() < 1e-4 * still_right[8004].abs().max(0.01));
}

#[test]
fn any_blocks_and_any_start_give_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    wav(folder.path(), 0.37, |t| 0.5 * (TAU * 441.0 * t).sin(), |t| 0.5 * (TAU * 313.0 * t).cos());
    let moves = json!({"file_path": "a.wav", "loop": true, "start": -0.1, "duration": 3.0, "pan": 0.2,
        "am_rate": 7.3, "am_depth": 0.9, "am_duty": 0.6, "pan_rate": 0.9, "pan_width": 0.7, "spin_rate": 1.7, "spin_width": 4321.0});
    let mut bed = moves.clone();
    let fields = bed.as_object_mut().unwrap();
    for key in ["loop", "start", "duration"] {
        fields.remove(key);
    }
    fields.insert("start_time".to_owned(), json!(0.05));
    let noise = json!({"synth_function_name": "steady_noise_transition", "is_transition": true, "voice_type": "noise",
        "params": {"startAmFreq": 2.0, "endAmFreq": 9.0, "amDepth": 0.7, "amDuty": 0.5, "panFreq": 3.0, "panWidth": 0.9, "seed": 3}});
    let document = json!({"global": {"sample_rate": RATE, "normalization": "none"},
        "progression": [{"duration": 3.0, "voices": [noise]}], "overlay_clips": [moves], "background_noise": bed});
    let plan = plan(folder.path(), document);
    let whole = render_array(&plan, 0, None, 1, &mut |_| true).unwrap();
    for (start, sizes) in [(0, vec![1, 7, 500]), (2047, vec![2048, 1]), (9000, vec![4096, 33]), (5, vec![129])] {
        let mut renderer = Renderer::new(plan.clone());
        let mut frame = start;
        for size in sizes.iter().cycle() {
            let count = (*size).min(plan.frames() as usize - frame as usize);
            if count == 0 {
                break;
            }
            let (mut left, mut right) = (vec![0.0; count], vec![0.0; count]);
            renderer.render(frame, Block::new(&mut left, &mut right));
            for i in 0..count {
                let at = 2 * (frame as usize + i);
                assert_eq!(
                    [left[i].to_bits(), right[i].to_bits()],
                    [whole[at].to_bits(), whole[at + 1].to_bits()],
                    "{at}"
                );
            }
            frame += count as u64;
        }
    }
}

#[test]
fn steady_noise_is_the_same_noise_times_its_movements() {
    let folder = tempfile::tempdir().unwrap();
    let render = |moving: bool, params: &Value| {
        let mut all = json!({"seed": 5, "rmsL": 0.1, "rmsR": 0.2, "correlation": 0.3});
        all.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
        let name = if moving { "steady_noise_transition" } else { "steady_noise" };
        let voice = json!({"synth_function_name": name, "is_transition": moving, "voice_type": "noise", "params": all,
            "volume_envelope": {"type": "linear_fade", "params": {"fade_duration": 0.0, "start_amp": 1.0, "end_amp": 1.0}}});
        ears(&plan(
            folder.path(),
            json!({"global": {"sample_rate": RATE, "normalization": "none", "compat": {"preset": "intended", "edge_fades_always": false}},
                "progression": [{"duration": 4.0, "voices": [voice]}]}),
        ))
    };
    let plain = render(false, &json!({}));
    let compare = |moved: &[Vec<f64>; 2], gains: &dyn Fn(f64) -> [f64; 2]| {
        for i in 0..32_000 {
            let wanted = gains(i as f64 / 8000.0);
            for ear in 0..2 {
                assert!((moved[ear][i] - plain[ear][i] * wanted[ear]).abs() < 2e-6, "{i} {ear}");
            }
        }
    };
    let am = render(false, &json!({"amFreq": 4.0, "amDepth": 0.6, "amDuty": 0.5, "amPhase": 0.2}));
    compare(&am, &|t| {
        let x = frac(0.2 + 4.0 * t);
        [1.0 - 0.6 * (1.0 - if x < 0.5 { (TAU * x).sin().powi(2) } else { 0.0 }); 2]
    });
    let pan = render(false, &json!({"panFreq": 0.5, "panWidth": 0.8}));
    compare(&pan, &|t| {
        let at = 0.8 * (PI * t).sin();
        [(1.0 - at).min(1.0), (1.0 + at).min(1.0)]
    });
    // a rate that moves from 2 to 6 Hz in 4 s turns 2·t + t²/2 times, and the depth rises with it
    let swept = render(true, &json!({"startAmFreq": 2.0, "endAmFreq": 6.0, "startAmDepth": 0.0, "endAmDepth": 1.0}));
    compare(&swept, &|t| {
        let u = t / 4.0;
        let turns = 2.0 * t + t * (t - 1.0 / 8000.0) / 2.0; // the sum over the frames before
        [1.0 - u * (0.5 + 0.5 * (TAU * turns).cos()); 2]
    });
}

#[test]
fn numbers_out_of_range_are_named() {
    for (layer, errors, warnings) in [
        (json!({"file_path": "a.wav", "am_rate": -1.0}), 1, 0),
        (json!({"file_path": "a.wav", "pan_rate": 5000.0}), 1, 0),
        (json!({"file_path": "a.wav", "am_depth": 2.0, "spin_width": 1e9, "am_duty": 0.0}), 0, 3),
        (json!({"file_path": "a.wav", "spin_rate": "fast"}), 1, 0),
    ] {
        match Track::from_value_with(clip(&layer), &LoadOptions::default()) {
            Ok((_, found)) => assert_eq!((0, found.len()), (errors, warnings), "{layer}: {found:?}"),
            Err(realtime_backend_core::error::Error::Invalid(found)) => {
                assert_eq!((found.len(), 0), (errors, warnings), "{layer}: {found:?}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}
