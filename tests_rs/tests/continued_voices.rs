//! Voices that are heard through several steps under one id.

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::dsp::flanger::{Corrections, FlangerSettings, flanger_stereo};
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::family::Preparation;
use realtime_backend_core::voice::oscillators::Shifts;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Value, json};

const RATE: u32 = 8000;

fn plan(track: Value, compat: Compat) -> Arc<Plan> {
    let (track, _) = Track::from_value(track).expect("a track");
    let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
    let (plan, _) = Plan::compile(&track, &options).expect("a plan");
    plan.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
    Arc::new(plan)
}

/// The frames `from..to` in blocks of `size`.
fn stretch(plan: &Arc<Plan>, from: u64, to: u64, size: usize) -> [Vec<f32>; 2] {
    let mut renderer = Renderer::new(Arc::clone(plan));
    let mut planes = [vec![0.0; (to - from) as usize], vec![0.0; (to - from) as usize]];
    let mut done = 0;
    while done < planes[0].len() {
        let count = size.min(planes[0].len() - done);
        let [left, right] = &mut planes;
        renderer.render(from + done as u64, Block::new(&mut left[done..done + count], &mut right[done..done + count]));
        done += count;
    }
    planes
}

fn whole(plan: &Arc<Plan>) -> [Vec<f32>; 2] {
    stretch(plan, 0, plan.frames(), 2048)
}

/// The largest difference, up to the fade at the end, which is a frame later in one if rounding made it longer.
fn apart(a: &[Vec<f32>; 2], b: &[Vec<f32>; 2]) -> f32 {
    assert!(a[0].len().abs_diff(b[0].len()) <= 1, "{} {}", a[0].len(), b[0].len());
    let edge = if a[0].len() == b[0].len() { 0 } else { 81 };
    let frames = a[0].len() - edge;
    let channel = |side: usize| {
        let pairs = a[side][..frames].iter().zip(&b[side]);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    channel(0).max(channel(1))
}

fn track(steps: &[(f64, Vec<Value>)], fade: f64, curve: &str) -> Value {
    let steps: Vec<Value> =
        steps.iter().map(|(seconds, voices)| json!({"duration": seconds, "voices": voices})).collect();
    json!({"global": {"sample_rate": RATE, "crossfade_duration": fade, "crossfade_curve": curve}, "progression": steps})
}

/// A static voice of every family, with everything that can move on.
fn every_voice() -> Vec<Value> {
    let moving = json!({
        "binaural_beat": {"ampOscDepthL": 0.5, "ampOscFreqL": 0.7, "ampOscDepthR": 0.4, "ampOscFreqR": 1.3,
            "ampOscSkewR": 0.3, "freqOscRangeL": 6.0, "freqOscFreqL": 0.9, "freqOscRangeR": 3.0, "freqOscFreqR": 1.7,
            "freqOscSkewR": 0.4, "phaseOscFreq": 0.6, "phaseOscRange": 1.0, "panRangeMin": -0.8, "panRangeMax": 0.6,
            "panFreq": 0.35},
        "isochronic_tone": {"beatFreq": 2.3, "panRangeMin": -1.0, "panRangeMax": 1.0, "panFreq": 0.6,
            "panType": "inward", "ampOscDepthL": 0.5, "ampOscFreqL": 0.7, "harmonicSuppression": true},
        "dual_pulse_binaural": {"pulseRateL": 1.7, "pulseRateR": 2.9, "pulseShape": "cosine"},
        "qam_beat": {"phaseOscFreq": 0.6, "phaseOscRange": 1.0, "crossModDepth": 0.5, "crossModDelay": 0.1,
            "harmonicDepth": 0.3, "subHarmonicFreq": 1.1, "subHarmonicDepth": 0.4, "beatingSidebands": true,
            "qamAm2FreqL": 1.9, "qamAm2DepthL": 0.5},
        "hybrid_qam_monaural_beat": {"monoFmRangeR": 5.0, "monoFmFreqR": 0.8, "monoAmDepthR": 0.7, "monoAmFreqR": 1.3,
            "monoPhaseOscFreqR": 0.9, "monoPhaseOscRangeR": 1.0},
        "monaural_beat_stereo_amps": {"phaseOscFreq": 0.6, "phaseOscRange": 1.0, "ampOscDepth": 0.6, "ampOscFreq": 0.9},
        "spatial_angle_modulation_monaural_beat": {"monaural_ampOscDepth": 0.6, "monaural_ampOscFreq": 0.9,
            "sam_ampOscDepth": 0.4, "sam_ampOscFreq": 1.1},
        "spatial_angle_modulation": {"carrierFreq": 500.0, "beatFreq": 0.7},
        "spatial_angle_modulation_sam2": {"modFreq": 0.7, "pathType": "discontinuous"},
        "noise_swept_notch": {"lfo_freq": 0.4},
        "noise_generator": {"lfo_freq": 0.4},
    });
    let heard = registry::FAMILIES.iter().filter(|family| family.preparation != Preparation::ReadsFile);
    heard
        .map(|family| family.name)
        .map(|name| {
            let params = moving.get(name).cloned().unwrap_or_else(|| json!({}));
            json!({"synth_function_name": name, "voice_id": "a", "params": params})
        })
        .collect()
}

#[test]
fn two_equal_steps_sound_as_one_step() {
    for voice in every_voice() {
        for compat in [Compat::DEFAULT, Compat::INTENDED] {
            for (fade, curve) in [(0.0, "linear"), (0.4, "linear"), (0.4137, "equal_power")] {
                // lengths at which no frame is lost by rounding, because noise depends on the length
                let (first, second) = (1.2371, 1.025_012_5);
                let two = track(&[(first, vec![voice.clone()]), (second, vec![voice.clone()])], fade, curve);
                let one = track(&[(first + second - fade, vec![voice.clone()])], fade, curve);
                let apart = apart(&whole(&plan(two, compat)), &whole(&plan(one, compat)));
                assert!(apart < 1e-5, "{} {fade} {curve}: {apart}", voice["synth_function_name"]);
            }
        }
    }
}

#[test]
fn a_row_of_equal_steps_sounds_as_one_step() {
    // the third step begins one frame after the second ends, by rounding
    let voice = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"panFreq": 0.3, "panRangeMin": -0.5}});
    let second = 0.500_08;
    let row = track(&vec![(second, vec![voice.clone()]); 5], 0.0, "linear");
    let one = track(&[(5.0 * second, vec![voice.clone()])], 0.0, "linear");
    let apart = apart(&whole(&plan(row, Compat::DEFAULT)), &whole(&plan(one, Compat::DEFAULT)));
    assert!(apart < 1e-5, "{apart}");
}

#[test]
fn a_fade_as_long_as_a_step_leaves_one_sound() {
    let voice = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"ampOscFreqL": 0.7, "ampOscDepthL": 0.5}});
    for compat in [Compat::DEFAULT, Compat::INTENDED] {
        for lengths in [vec![1.0, 1.0], vec![1.0, 2.0], vec![1.0, 1.0, 1.0, 1.5]] {
            let steps: Vec<_> = lengths.iter().map(|length| (*length, vec![voice.clone()])).collect();
            let heard = whole(&plan(track(&steps, 1.4, "linear"), compat));
            let seconds = heard[0].len() as f64 / f64::from(RATE);
            let one = whole(&plan(track(&[(seconds, vec![voice.clone()])], 0.0, "linear"), compat));
            let apart = apart(&heard, &one);
            assert!(apart < 1e-5, "{lengths:?}: {apart}");
        }
    }
}

#[test]
fn a_step_within_the_one_before_leaves_one_sound() {
    for voice in every_voice() {
        for lengths in [&[3.0, 1.0][..], &[3.0, 1.0, 2.0], &[3.0, 1.0, 0.7, 2.0]] {
            let steps: Vec<_> = lengths.iter().map(|length| (*length, vec![voice.clone()])).collect();
            let heard = whole(&plan(track(&steps, 1.4, "linear"), Compat::INTENDED));
            let seconds = heard[0].len() as f64 / f64::from(RATE);
            assert_eq!(seconds, if lengths.len() == 2 { 3.0 } else { 3.6 });
            let one = whole(&plan(track(&[(seconds, vec![voice.clone()])], 0.0, "linear"), Compat::INTENDED));
            let apart = apart(&heard, &one);
            assert!(apart < 1e-5, "{} {lengths:?}: {apart}", voice["synth_function_name"]);
        }
    }
}

#[test]
fn a_voice_glides_from_the_step_around_another_one() {
    let voice = |base: f64| vec![beat(base, 4.0)];
    let around = [(3.0, voice(200.0)), (1.0, voice(200.0)), (2.0, voice(230.0))];
    let without = json!({"global": {"sample_rate": RATE, "crossfade_curve": "linear"}, "progression": [
        {"duration": 3.0, "voices": voice(200.0)}, {"duration": 2.0, "start": 1.6, "voices": voice(230.0)}]});
    let expected = whole(&plan(without, Compat::INTENDED));
    let apart = apart(&whole(&plan(track(&around, 1.4, "linear"), Compat::INTENDED)), &expected);
    assert!(apart < 1e-5, "{apart}");
}

#[test]
fn a_joint_renders_alike_in_any_blocks_and_from_anywhere() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"panFreq": 0.5, "panRangeMax": 0.7}});
    let other = json!({"synth_function_name": "stereo_am_independent", "params": {"modFreqL": 3.0}});
    let steps = [(1.3, vec![tone.clone()]), (1.1, vec![other.clone(), tone.clone()]), (0.9, vec![tone, other])];
    for fade in [0.0, 0.3] {
        let plan = plan(track(&steps, fade, "linear"), Compat::DEFAULT);
        let expected = whole(&plan);
        for size in [1, 7, 333, 1024] {
            assert_eq!(stretch(&plan, 0, plan.frames(), size), expected, "{fade} {size}");
        }
        for from in [7_990, 8_137, 10_399, 10_400, 10_431, 16_900] {
            let part = stretch(&plan, from, from + 1500, 100);
            for side in 0..2 {
                assert_eq!(part[side], expected[side][from as usize..from as usize + 1500], "{fade} {from}");
            }
        }
    }
}

#[test]
fn a_voice_keeps_its_level_while_others_come_and_go() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"beatFreq": 0.0}});
    let other =
        json!({"synth_function_name": "binaural_beat", "params": {"baseFreq": 310.0, "ampL": 0.5, "ampR": 0.0}});
    for (fade, curve) in [(0.0, "linear"), (0.5, "linear"), (0.5, "equal_power")] {
        // the right ear has only the tone; the gain of the second step is half that of the first
        let steps = [(2.0, vec![tone.clone()]), (2.0, vec![tone.clone(), other.clone()])];
        let [_, right] = whole(&plan(track(&steps, fade, curve), Compat::DEFAULT));
        // the envelope, from the tone and its derivative
        let w = std::f32::consts::TAU * 200.0 / RATE as f32;
        let level = |k: usize| f32::hypot(right[k], (right[k + 1] - right[k - 1]) / (2.0 * w.sin()));
        let levels: Vec<f32> = (200..right.len() - 200).map(level).collect();
        let steepest = levels.windows(2).map(|pair| (pair[1] - pair[0]).abs() / pair[0]).fold(0.0, f32::max);
        let (first, last) = (levels[0], levels[levels.len() - 1]);
        assert!((last / first - 0.5).abs() < 0.02, "{fade} {curve}: {first} {last}");
        assert!(levels.iter().all(|level| (last * 0.999..first * 1.001).contains(level)), "{fade} {curve}");
        // half the level in 10 ms, measured to a percent
        assert!(steepest < 0.03, "{fade} {curve}: {steepest}");
    }
}

#[test]
fn the_peak_of_a_file_counts_voices_that_run_on() {
    let tone = json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"beatFreq": 1.3}});
    let other = json!({"synth_function_name": "monaural_beat_stereo_amps", "params": {"baseFreq": 310.0}});
    for fade in [0.0, 0.7] {
        let steps = [(1.0, vec![tone.clone()]), (1.5, vec![tone.clone(), other.clone()])];
        let plan = plan(track(&steps, fade, "equal_power"), Compat::DEFAULT);
        let heard = whole(&plan).iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
        let found = realtime_backend_core::render::peak(&plan, 2, &mut |_| true).expect("a peak");
        assert!((found - heard).abs() < 1e-6, "{found} {heard}");
    }
}

/// Frames in which the filters and overlapping frames of some families settle.
const SETTLED: usize = RATE as usize;

/// A voice of `params` that goes on from `shifts`, over `seconds`.
fn voice(name: &str, params: &Value, seconds: f64, shifts: Shifts) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).expect("a voice");
    let mut context = Context::new(seconds, f64::from(RATE)).with_compat(Compat::INTENDED);
    context.shifts = shifts;
    registry::build(family, transition, &context, params.as_object().expect("parameters")).expect("a voice").0
}

#[test]
fn oscillators_of_every_family_go_on_exactly_after_eight_hours() {
    for named in every_voice() {
        let (name, params) = (named["synth_function_name"].as_str().expect("a name"), &named["params"]);
        let hours = 8 * 3600 + 1;
        let mut long = voice(name, params, f64::from(hours), Shifts::default());
        // a multiple of the hop of `spatial_angle_modulation`, whose directions lie on a grid
        let frame = (u64::from(RATE) * 8 * 3600 - 12_345) / 46 * 46;
        let Some(wanted) = long.oscillators_at(frame) else {
            let (family, _) = registry::find(name).expect("a family");
            assert!(family.carrier.is_none() || family.is_event, "{name} has oscillators");
            continue;
        };
        let mut shifts = Shifts::default();
        let mut next = voice(name, params, 3.0, Shifts::default());
        for _ in 0..2 {
            shifts.lead(&next.oscillators_at(0).expect("oscillators"), &wanted);
            next = voice(name, params, 3.0, shifts.clone());
        }
        let render = |voice: &mut dyn Voice, from: u64| {
            let mut planes = [vec![0.0; 4000], vec![0.0; 4000]];
            let [left, right] = &mut planes;
            voice.render(from, Block::new(left, right));
            planes
        };
        let settled = SETTLED as u64;
        let (mut heard, expected) = (render(next.as_mut(), settled), render(long.as_mut(), frame + settled));
        if name == "spatial_angle_modulation" {
            // its level is measured over the call
            let most = |planes: &[Vec<f32>; 2]| planes.iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
            let gain = most(&expected) / most(&heard);
            heard.iter_mut().flatten().for_each(|x| *x *= gain);
        }
        let apart = apart(&heard, &expected);
        assert!(apart < 5e-5, "{name}: {apart}");
    }
}

/// A binaural beat under one id with equal amplitudes.
fn beat(base: f64, beat: f64) -> Value {
    json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"baseFreq": base, "beatFreq": beat}})
}

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

#[test]
fn abutting_steps_of_one_sweep_are_one_sweep() {
    let lane = |from: f64, to: f64| {
        let params = json!({"startBaseFreq": 1000.0, "endBaseFreq": 1000.0, "startBeatFreq": from, "endBeatFreq": to});
        json!({"synth_function_name": "binaural_beat", "is_transition": true, "voice_id": "a", "params": params})
    };
    let steps = [(1.000_07, vec![lane(10.0, 8.0)]), (1.0, vec![lane(8.0, 4.0)]), (1.0, vec![lane(4.0, 4.5)])];
    let planes = whole(&plan(track(&steps, 0.0, "linear"), Compat::INTENDED));
    for plane in &planes {
        let inner = &plane[100..plane.len() - 100];
        let most = inner.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let bend = inner.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
        let sine = 2.0 - 2.0 * (std::f32::consts::TAU * 1005.0 / RATE as f32).cos();
        assert!(bend < 1.002 * sine * most, "{bend} {}", sine * most);
    }
}

#[test]
fn an_edit_within_a_glide_changes_nothing_that_was_not_edited() {
    let document = |last: f64| {
        let steps = [(2.0, vec![beat(200.0, 10.0)]), (2.0, vec![beat(230.0, 8.0)]), (2.0, vec![beat(last, 8.0)])];
        let (track, _) = Track::from_value(track(&steps, 1.0, "linear")).expect("a track");
        track
    };
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (old, _) = Plan::compile(&document(180.0), &options).expect("a plan");
    old.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
    let (new, _) = Plan::compile_continuing(&document(150.0), &options, &old, 12_000).expect("a plan");
    new.measure(0, usize::MAX, 2, &mut |_| true).expect("measured");
    let (old, new) = (Arc::new(old), Arc::new(new));
    assert_eq!(stretch(&old, 0, 15_000, 512), stretch(&new, 0, 15_000, 512));
}

#[test]
fn an_edited_voice_goes_on_from_where_it_is() {
    let document = |beat: f64| {
        let params = json!({"carrierFreq": 200.0, "modFreqL": beat, "modFreqR": beat, "stereo_width_hz": 0.0});
        let voice = json!({"synth_function_name": "stereo_am_independent", "voice_id": "a", "params": params});
        Track::from_value(track(&[(20.0, vec![voice])], 0.0, "linear")).expect("a track").0
    };
    let options = PlanOptions { compat: Some(Compat::INTENDED), ..PlanOptions::default() };
    let (old, _) = Plan::compile(&document(3.3), &options).expect("a plan");
    let frame = 65_431;
    let (new, _) = Plan::compile_continuing(&document(2.1), &options, &old, frame).expect("a plan");
    let state = |plan: &Plan| plan.steps()[0].voices[0].voice.as_ref().expect("a voice").oscillators_at(frame);
    let (old, new) = (state(&old).expect("oscillators"), state(&new).expect("oscillators"));
    for ((role, old), (_, new)) in old.phases.iter().zip(&new.phases) {
        let apart = (*new - *old).0;
        assert!(apart.min(apart.wrapping_neg()) < 1 << 34, "{role}");
    }
}

#[test]
fn an_edit_of_a_voice_that_runs_on_leaves_no_jump_at_the_joint() {
    let still = |base: f64| {
        json!({"synth_function_name": "binaural_beat", "voice_id": "a",
        "params": {"baseFreq": base, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5, "ampOscDepthL": 0.3, "ampOscFreqL": 0.7}})
    };
    let document = |change: f64, rows: &[f64]| {
        let steps: Vec<(f64, Vec<Value>)> = rows.iter().map(|base| (3.0, vec![still(base + change)])).collect();
        let mut document = track(&steps, 1.0, "linear");
        document["global"]["normalization"] = json!("none");
        Track::from_value(document).expect("a track").0
    };
    // equal steps are joined under both rules; steps of other pitch glide under the intended ones
    for (compat, rows) in [
        (Compat::DEFAULT, &[200.0, 200.0, 200.0][..]),
        (Compat::INTENDED, &[200.0, 200.0, 200.0][..]),
        (Compat::INTENDED, &[200.0, 200.0, 230.0, 210.0][..]),
    ] {
        let options = PlanOptions { compat: Some(compat), ..PlanOptions::default() };
        let (old, _) = Plan::compile(&document(0.0, rows), &options).expect("a plan");
        // in the last step, behind every fade
        let frame = old.frames() - u64::from(RATE);
        let (new, _) = Plan::compile_continuing(&document(7.3, rows), &options, &old, frame).expect("a plan");
        let (new, old) = (Arc::new(new), Arc::new(old));
        for plane in stretch(&new, 0, new.frames(), 512) {
            let inner = &plane[100..plane.len() - 500];
            let bend = inner.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
            // the highest carrier is 239.3 Hz
            let sine = 2.0 - 2.0 * (std::f32::consts::TAU * 240.0 / RATE as f32).cos();
            assert!(bend < 1.05 * sine * 0.5, "{rows:?}: {bend} {}", sine * 0.5);
        }
        // and the edited voice goes on where the old one is
        for (old, new) in stretch(&old, frame, frame + 8, 8).iter().zip(stretch(&new, frame, frame + 8, 8)) {
            let apart = old.iter().zip(&new).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart < 0.03, "{rows:?}: {apart}");
        }
    }
}
