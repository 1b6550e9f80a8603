//! Parameters of one voice glide over the crossfade of its steps.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::dsp::flanger::{Corrections, FlangerSettings, flanger_stereo};
use realtime_backend_core::voice::registry;
use serde_json::{Value, json};

use super::{RATE, apart, beat, every_voice, plan, stretch, track, whole};

#[test]
fn frequencies_glide_linearly_over_the_fade() {
    for curve in ["linear", "equal_power"] {
        let steps = [(2.0, vec![beat(200.0, 10.0)]), (2.0, vec![beat(230.0, 8.0)])];
        let planes = whole(&plan(track(&steps, 1.0, curve), Compat::INTENDED));
        for (side, from, to) in [(0, 195.0, 226.0), (1, 205.0, 234.0)] {
            let frequency = |n: usize| {
                let done = (n as f64 - 8000.0).clamp(0.0, 8000.0) / 8000.0;
                from + (to - from) * done
            };
            let mut cycles = 0.0;
            let gain = f64::from(planes[side][1000..7000].iter().fold(0.0_f32, |most, x| most.max(*x)));
            for (n, x) in planes[side].iter().enumerate() {
                cycles += frequency(n) / f64::from(RATE);
                if (100..planes[side].len() - 100).contains(&n) {
                    let wanted = gain * (std::f64::consts::TAU * cycles).sin();
                    assert!((f64::from(*x) - wanted).abs() < 2e-3, "{curve} {side} {n}: {x} {wanted}");
                }
            }
        }
    }
}

/// The RMS level in dB of windows of 50 ms.
fn levels(plane: &[f32]) -> Vec<f64> {
    let power = |window: &[f32]| window.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / window.len() as f64;
    plane.chunks_exact(400).map(|window| 10.0 * power(window).log10()).collect()
}

#[test]
fn a_glide_neither_swells_nor_dips() {
    for curve in ["linear", "equal_power"] {
        for second in [beat(200.0, 10.0), beat(200.0, 8.0), beat(300.0, 3.0)] {
            let steps = [(3.0, vec![beat(200.0, 10.0)]), (3.0, vec![second])];
            let [left, _] = whole(&plan(track(&steps, 1.0, curve), Compat::INTENDED));
            let levels = levels(&left);
            let inner = &levels[1..levels.len() - 1];
            let (low, high) = inner.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
            assert!(high - low < 0.3, "{curve}: {low} {high}");
        }
    }
}

#[test]
fn a_voice_at_a_place_glides_without_beating_against_itself() {
    let still = json!([{"mode": "rotate", "seconds": 60.0, "start_deg": 40.0, "speed_deg_per_s": 0.0}]);
    let mut ends = [beat(200.0, 0.0), beat(201.0, 0.0)];
    for voice in &mut ends {
        voice["params"]["spatialEnable"] = json!(true);
        voice["params"]["spatialTrajectory"] = still.clone();
    }
    let steps = ends.map(|voice| (3.0, vec![voice]));
    for plane in whole(&plan(track(&steps, 1.5, "linear"), Compat::INTENDED)) {
        let levels = levels(&plane);
        let inner = &levels[1..levels.len() - 1];
        let (low, high) = inner.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
        assert!(high - low < 0.2, "{low} {high}");
    }
}

#[test]
fn a_flanger_runs_on_through_a_glide() {
    let settings =
        FlangerSettings { rate_hz: 0.7, feedback: 0.4, wet: 0.6, delay_ms: 2.0, depth_ms: 1.2, ..Default::default() };
    let ends = [beat(200.0, 10.0), beat(230.0, 8.0)];
    let flanged = ends.clone().map(|mut voice| {
        let params = json!({"flangeEnable": true, "flangeRateHz": 0.7, "flangeFeedback": 0.4, "flangeMix": 0.6,
            "flangeDelayMs": 2.0, "flangeDepthMs": 1.2});
        voice["params"].as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
        voice
    });
    let heard = |ends: [Value; 2]| {
        let steps = ends.map(|voice| (3.0, vec![voice]));
        whole(&plan(track(&steps, 1.0, "linear"), Compat::INTENDED))
    };
    let [mut left, mut right] = heard(ends);
    let corrections = Corrections { interpolation: true, feedback: true, spread: true };
    flanger_stereo(&mut left, &mut right, f64::from(RATE), &settings, corrections);
    let [a, b] =
        [heard(flanged), [left, right]].map(|planes| planes.map(|plane| plane[8000..plane.len() - 100].to_vec()));
    let apart = apart(&a, &b);
    assert!(apart < 2e-3, "{apart}");
}

#[test]
fn harmonic_suppression_follows_a_glide() {
    let pulses = |base: f64, suppressed: bool| {
        json!({"synth_function_name": "isochronic_tone", "voice_id": "a", "params": {"baseFreq": base, "beatFreq": 3.0,
            "rampPercent": 0.5, "gapPercent": 0.0, "harmonicSuppression": suppressed}})
    };
    let heard = |suppressed: bool| {
        let steps = [200.0, 210.0].map(|base| (3.0, vec![pulses(base, suppressed)]));
        whole(&plan(track(&steps, 1.0, "linear"), Compat::INTENDED))
    };
    // the gain of the low-pass, forward and backward, at its cutoff divided by 1.5
    let tan = |hz: f64| (std::f64::consts::PI * hz / f64::from(RATE)).tan();
    let gain = 1.0 / (1.0 + (tan(200.0) / tan(300.0)).powi(8));
    let plain = heard(false).map(|plane| plane.iter().map(|x| x * gain as f32).collect());
    let apart = apart(&heard(true), &plain);
    assert!(apart < 0.02, "{apart}");
}

#[test]
fn every_family_glides_without_a_jump_in_any_blocks() {
    let mut clicks = Vec::new();
    for mut voice in every_voice() {
        let name = voice["synth_function_name"].as_str().expect("a name").to_owned();
        let (family, _) = registry::find(&name).expect("a family");
        let Some(carrier) = family.carrier.filter(|_| family.transition) else {
            continue;
        };
        // movements that do not jump by themselves
        voice["params"]["panType"] = json!("linear");
        voice["params"]["pathType"] = json!("open");
        let mut other = voice.clone();
        let amp = if name == "qam_beat" { "ampL" } else { "amp" };
        other["params"][carrier.name] = json!(260.0);
        other["params"][amp] = json!(0.3);
        for fade in [0.0, 0.5] {
            let steps = [(1.5, vec![voice.clone()]), (1.5, vec![other.clone()])];
            let plan = plan(track(&steps, fade, "linear"), Compat::INTENDED);
            let heard = whole(&plan);
            // a click is a difference of second order that the rest of the sound does not have
            let bend = |plane: &[f32], from: usize, to: usize| {
                let bends = plane[from..to].windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs());
                bends.fold(0.0, f32::max)
            };
            let joint = ((1.5 - fade) * f64::from(RATE)) as usize;
            for plane in &heard {
                let usual = bend(plane, 2000, joint - 100).max(bend(plane, joint + 5000, plane.len() - 200));
                let there = bend(plane, joint - 100, joint + 4500);
                if there > 1.3 * usual + 1e-4 {
                    clicks.push(format!("{name} {fade}: {there} {usual}"));
                }
            }
            for size in [1, 777] {
                let from = joint as u64 - 300;
                let part = stretch(&plan, from, from + 900, size);
                for side in 0..2 {
                    assert_eq!(part[side], heard[side][from as usize..from as usize + 900], "{name} {fade} {size}");
                }
            }
        }
    }
    assert!(clicks.is_empty(), "{clicks:#?}");
}
