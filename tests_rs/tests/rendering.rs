//! Properties of rendering that hold for any track: a sample depends on its frame only, not on how it is requested.

use std::sync::Arc;

use proptest::prelude::*;
use realtime_backend_core::error::Error;
use realtime_backend_core::plan::{OnError, Plan, PlanOptions};
use realtime_backend_core::render;
use realtime_backend_core::render::{Renderer, render_array};
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::Block;
use serde_json::{Value, json};

fn compile(document: Value) -> Arc<Plan> {
    let (track, _) = Track::from_value(document).expect("a track");
    Arc::new(Plan::compile(&track, &PlanOptions::default()).expect("a plan").0)
}

fn measured(document: Value) -> Arc<Plan> {
    let plan = compile(document);
    plan.measure(0, plan.steps().len(), 1, &mut |_| true).expect("measured");
    plan
}

fn whole(plan: &Arc<Plan>) -> Vec<f32> {
    render_array(plan, 0, None, 1, &mut |_| true).expect("audio")
}

/// The frames from `start` on, rendered in blocks whose sizes repeat `sizes`.
fn in_blocks(plan: &Arc<Plan>, start: u64, frames: usize, sizes: &[usize]) -> Vec<f32> {
    let mut renderer = Renderer::new(Arc::clone(plan));
    let (mut left, mut right) = (vec![f32::NAN; frames], vec![f32::NAN; frames]);
    let mut at = 0;
    for size in sizes.iter().cycle() {
        if at == frames {
            break;
        }
        let end = (at + size).min(frames);
        renderer.render(start + at as u64, Block::new(&mut left[at..end], &mut right[at..end]));
        at = end;
    }
    left.into_iter().zip(right).flat_map(|(l, r)| [l, r]).collect()
}

fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}

fn voice(kind: u8, seed: u64) -> Value {
    let frequency = 60.0 + (seed % 400) as f64;
    let bus = if seed.is_multiple_of(3) { "noise" } else { "binaural" };
    let label = format!("v{}", seed % 4);
    match kind % 4 {
        // one of two voices that may run on from step to step
        3 => json!({"synth_function_name": "binaural_beat", "voice_id": (seed % 2).to_string(), "voice_type": bus,
                    "params": {"baseFreq": 131.0, "beatFreq": 4.0}}),
        0 => json!({"synth_function_name": "binaural_beat", "voice_type": bus, "description": label,
                    "params": {"baseFreq": frequency, "beatFreq": 4.0, "ampL": 0.3, "ampR": 0.2}}),
        1 => json!({"synth_function_name": "isochronic_tone", "voice_type": bus, "description": label,
                    "params": {"baseFreq": frequency, "beatFreq": 6.0}}),
        _ => json!({"synth_function_name": "binaural_beat", "is_transition": true, "description": label,
                    "params": {"startBaseFreq": frequency, "endBaseFreq": 2.0 * frequency},
                    "volume_envelope": {"type": "linear_fade",
                                        "params": {"fade_duration": 0.1, "start_amp": 0.0, "end_amp": 0.7}}}),
    }
}

prop_compose! {
    fn step()(
        duration in 0.0..0.6_f64,
        start in proptest::option::of(-0.1..0.8_f64),
        crossfade in proptest::option::of(-0.1..0.5_f64),
        equal_power in any::<bool>(),
        volume in 0.0..0.6_f64,
        voices in proptest::collection::vec((any::<u8>(), 0_u64..1000), 0..4),
    ) -> Value {
        let voices: Vec<Value> = voices.into_iter().map(|(kind, seed)| voice(kind, seed)).collect();
        let mut step = json!({"duration": duration, "noise_volume": volume, "voices": voices});
        if let Some(start) = start { step["start"] = json!(start); }
        if let Some(crossfade) = crossfade { step["crossfade_duration"] = json!(crossfade); }
        if equal_power { step["crossfade_curve"] = json!("equal_power"); }
        step
    }
}

prop_compose! {
    fn track()(
        steps in proptest::collection::vec(step(), 1..5),
        keep_loudness in any::<bool>(),
        legacy in any::<bool>(),
    ) -> Value {
        json!({"global": {"sample_rate": 8000, "crossfade_duration": 0.2,
                          "preserve_relative_step_loudness": keep_loudness,
                          "compat": if legacy { "legacy" } else { "default" }},
               "progression": steps})
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_block_partition_gives_the_same_bits(document in track(), sizes in proptest::collection::vec(1_usize..3000, 1..6)) {
        let plan = measured(document);
        let frames = plan.frames() as usize;
        prop_assert_eq!(bits(&in_blocks(&plan, 0, frames, &sizes)), bits(&whole(&plan)));
    }

    #[test]
    fn any_stretch_equals_the_slice_of_the_whole(document in track(), from in 0.0..1.0_f64, length in 0.0..1.0_f64) {
        let plan = measured(document);
        let frames = plan.frames();
        let start = (from * frames as f64) as u64;
        let count = (length * (frames - start) as f64) as u64;
        let part = render_array(&plan, start, Some(count), 2, &mut |_| true).expect("audio");
        let all = whole(&plan);
        prop_assert_eq!(bits(&part), bits(&all[2 * start as usize..2 * (start + count) as usize]));
    }

    #[test]
    fn the_peak_of_a_track_is_exactly_the_largest_sample(document in track()) {
        let plan = measured(document);
        let largest = whole(&plan).iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        prop_assert_eq!(render::peak(&plan, 2, &mut |_| true).expect("peak"), largest);
    }
}

/// Half a minute with overlapping steps, long enough for several jobs.
fn long() -> Value {
    json!({"global": {"sample_rate": 22050, "crossfade_duration": 3.0, "preserve_relative_step_loudness": true},
           "progression": [
               {"duration": 14.0, "voices": [voice(0, 301), voice(1, 300), voice(1, 98)]},
               {"duration": 12.0, "voices": [voice(1, 101), voice(2, 202)]},
               {"duration": 9.0, "voices": [voice(0, 3), voice(0, 301)]}]})
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let render = |threads| {
        let plan = compile(long());
        bits(&render_array(&plan, 0, None, threads, &mut |_| true).expect("audio"))
    };
    let one = render(1);
    for threads in [0, 2, 3, 7] {
        assert!(render(threads) == one, "{threads} threads");
    }
}

#[test]
fn a_stream_delivers_the_same_samples_in_order() {
    let plan = measured(long());
    let mut streamed = Vec::new();
    let mut sink = |left: &[f32], right: &[f32]| {
        streamed.extend(left.iter().zip(right).flat_map(|(l, r)| [*l, *r]));
        Ok(())
    };
    render::render_stream(&plan, 0..plan.frames(), 1.0, 2, &mut sink, &mut |_| true).expect("stream");
    assert!(bits(&streamed) == bits(&whole(&plan)));
}

#[test]
fn a_sink_that_fails_ends_the_stream_with_its_error() {
    let plan = measured(long());
    let mut sink = |_: &[f32], _: &[f32]| Err(Error::invalid("here", "full"));
    let ended = render::render_stream(&plan, 0..plan.frames(), 1.0, 2, &mut sink, &mut |_| true);
    assert_eq!(ended.expect_err("an error").to_string(), "here: full");
}

#[test]
fn returning_false_from_progress_cancels() {
    let plan = compile(long());
    let mut calls = 0;
    let ended = render_array(&plan, 0, None, 2, &mut |done| {
        calls += 1;
        done < 0.5
    });
    assert!(matches!(ended, Err(Error::Cancelled)));
    assert!(calls > 0);
    assert!(render_array(&plan, 0, None, 2, &mut |_| true).is_ok(), "and can be tried again");
}

#[test]
fn progress_rises_to_one() {
    let plan = compile(long());
    let mut seen = vec![0.0];
    render_array(&plan, 0, None, 2, &mut |done| {
        seen.push(done);
        true
    })
    .expect("audio");
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&1.0));
}

#[test]
fn after_the_end_there_is_silence() {
    let plan = measured(long());
    let tail = in_blocks(&plan, plan.frames() - 10, 5000, &[777]);
    assert!(tail[20..].iter().all(|sample| *sample == 0.0));
    assert!(
        render_array(&plan, plan.frames() + 5, Some(100), 1, &mut |_| true).expect("audio").iter().all(|s| *s == 0.0)
    );
}

#[test]
fn an_unmeasured_step_glides_to_its_measured_level() {
    let document =
        json!({"global": {"sample_rate": 8000}, "progression": [{"duration": 30.0, "voices": [voice(0, 1)]}]});
    let plan = compile(document.clone());
    let mut renderer = Renderer::new(Arc::clone(&plan));
    let (mut left, mut right) = (vec![0.0; 8000], vec![0.0; 8000]);
    let mut second = |renderer: &mut Renderer, at: u64| {
        renderer.render(at * 8000, Block::new(&mut left, &mut right));
        left.clone()
    };
    let expected = whole(&measured(document));
    let exact = |at: usize| expected[2 * at * 8000..2 * (at + 1) * 8000].iter().step_by(2).copied().collect::<Vec<_>>();
    let level = |x: &[f32]| x.iter().map(|v| v * v).sum::<f32>().sqrt();
    let estimated = second(&mut renderer, 2);
    assert!((level(&estimated) / level(&exact(2)) - 1.0).abs() < 0.1, "the estimate is near");
    plan.measure(0, 1, 1, &mut |_| true).expect("measured");
    let gliding: Vec<f32> = (3..8).flat_map(|at| second(&mut renderer, at)).collect();
    let largest_step = gliding.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
    assert!(largest_step < 0.456 * 0.06, "no click: {largest_step}");
    assert_eq!(second(&mut renderer, 9), exact(9), "then the level is exact");
}

#[test]
fn an_edited_track_continues_the_phases_of_the_old_one() {
    let track = |frequency: f64| {
        let document = json!({"global": {"sample_rate": 8000}, "progression": [{"duration": 20.0, "voices": [
            {"synth_function_name": "binaural_beat", "description": "tone",
             "params": {"baseFreq": frequency, "beatFreq": 0.0, "ampL": 0.5, "ampR": 0.5}}]}]});
        Track::from_value(document).expect("a track").0
    };
    let options = PlanOptions::default();
    let (old, _) = Plan::compile(&track(200.0), &options).expect("a plan");
    let frame = 65_431;
    let identity = old.steps()[0].voices[0].identity.clone();
    let (new, _) = Plan::compile_continuing(&track(233.0), &options, &old, frame).expect("a plan");
    let turn = std::f64::consts::TAU;
    let apart = |a: f64, b: f64| ((a - b) / turn - ((a - b) / turn).round()).abs();
    let (before, after) =
        (old.phases_at(&identity, frame).expect("phases"), new.phases_at(&identity, frame).expect("phases"));
    assert!(apart(before.left, after.left) < 1e-6 && apart(before.right, after.right) < 1e-6, "{before:?} {after:?}");

    // An unchanged track keeps its measurements.
    old.measure(0, 1, 1, &mut |_| true).expect("measured");
    let (same, _) = Plan::compile_continuing(&track(200.0), &options, &old, frame).expect("a plan");
    assert!(same.steps()[0].measured().is_some());
    assert!(new.steps()[0].measured().is_none());
}

#[test]
fn an_empty_track_is_a_second_of_silence() {
    let plan = compile(json!({"global": {"sample_rate": 8000}, "progression": []}));
    assert_eq!(whole(&plan), vec![0.0; 16000]);
}

#[test]
fn bad_voices_give_an_error_or_are_left_out() {
    let document = json!({"global": {"sample_rate": 8000}, "progression": [{"duration": 1.0, "voices": [
        voice(0, 1),
        {"synth_function_name": "binaural_beat", "params": {"baseFreq": "fast"}}]}]});
    let (track, _) = Track::from_value(document).expect("a track");
    let error = Plan::compile(&track, &PlanOptions::default()).err().expect("an error").to_string();
    assert!(error.starts_with("progression[0].voices[1].params.baseFreq: "), "{error}");
    let options = PlanOptions { on_error: OnError::Warn, ..PlanOptions::default() };
    let (plan, warnings) = Plan::compile(&track, &options).expect("a plan");
    assert!(warnings.iter().any(|w| w.to_string().contains("left out")), "{warnings:?}");
    assert!(whole(&Arc::new(plan)).iter().any(|sample| *sample != 0.0));
}

#[test]
fn a_continued_voice_keeps_its_phase_through_a_crossfade() {
    let track = |durations: &[f64]| {
        let voice = json!({"synth_function_name": "binaural_beat", "voice_id": "a",
                           "params": {"baseFreq": 201.3, "beatFreq": 0.0, "ampL": 0.5, "ampR": 0.5}});
        let steps: Vec<Value> =
            durations.iter().map(|seconds| json!({"duration": seconds, "voices": [voice]})).collect();
        json!({"global": {"sample_rate": 8000, "crossfade_duration": 0.5, "crossfade_curve": "linear"},
               "progression": steps})
    };
    // Both steps sound in the crossfade; with different phases they would partly cancel.
    let (two, one) = (whole(&measured(track(&[2.0, 2.0]))), whole(&measured(track(&[3.5]))));
    assert_eq!(two.len(), one.len());
    let apart = two.iter().zip(&one).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < 0.01, "{apart}");
}

#[test]
fn equal_noise_voices_of_a_step_are_uncorrelated() {
    let track = |count: usize| {
        let voice = json!({"synth_function_name": "noise_generator", "voice_type": "noise", "params": {}});
        json!({"global": {"sample_rate": 8000}, "progression": [{"duration": 4.0, "voices": vec![voice; count]}]})
    };
    let power = |sound: &[f32]| sound.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
    // The bus is normalised by its loudest voice. A second independent voice doubles the power; an identical one would
    // make it four times as large.
    let ratio = power(&whole(&measured(track(2)))) / power(&whole(&measured(track(1))));
    assert!((1.5..2.5).contains(&ratio), "{ratio}");
}
