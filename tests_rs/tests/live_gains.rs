//! Gains while a track plays: from estimated to measured levels, and those of streamed clips.

use std::sync::Arc;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::stream::StreamClips;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::Block;
use serde_json::{Value, json};

fn compiled(track: Value) -> (Track, Arc<Plan>) {
    let (track, _) = Track::from_value(track).unwrap();
    let (plan, _) = Plan::compile(&track, &PlanOptions::default()).unwrap();
    (track, Arc::new(plan))
}

fn block(renderer: &mut Renderer, start: u64) -> Vec<f32> {
    let (mut left, mut right) = (vec![0.0; 256], vec![0.0; 256]);
    renderer.render(start, Block::new(&mut left, &mut right));
    left
}

/// The gain of `heard` over `wanted`, where the signal is not close to zero.
fn ratios(heard: &[f32], wanted: &[f32]) -> Vec<f32> {
    heard.iter().zip(wanted).filter(|(_, w)| w.abs() > 0.01).map(|(h, w)| h / w).collect()
}

#[test]
fn levels_glide_from_estimated_to_measured() {
    // the peak is at the very end, where no excerpt of the estimate lies
    let params =
        json!({"startAmpL": 0.1, "endAmpL": 1.0, "startAmpR": 0.1, "endAmpR": 1.0, "transition_curve": "alpha**40"});
    let voice = json!({"synth_function_name": "binaural_beat", "is_transition": true, "params": params});
    let (_, plan) = compiled(json!({"progression": [{"duration": 20, "voices": [voice]}]}));
    let mut playing = Renderer::new(Arc::clone(&plan));
    let begin = 44_100;
    let before: Vec<Vec<f32>> = (0..8).map(|k| block(&mut playing, begin + 256 * k)).collect();
    plan.measure(0, 1, 1, &mut |_| true).unwrap();
    let after: Vec<Vec<f32>> = (8..600).map(|k| block(&mut playing, begin + 256 * k)).collect();

    let mut exact = Renderer::new(plan);
    let wanted: Vec<Vec<f32>> = (0..600).map(|k| block(&mut exact, begin + 256 * k)).collect();
    let gains: Vec<f32> =
        before.iter().chain(&after).zip(&wanted).flat_map(|(heard, wanted)| ratios(heard, wanted)).collect();
    assert!(gains[0] > 1.5, "the estimate was too good: {}", gains[0]);
    assert!((gains[gains.len() - 1] - 1.0).abs() < 1e-4, "{}", gains[gains.len() - 1]);
    let steepest = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(steepest < 0.01, "the level jumps by {steepest}");
}

#[test]
fn a_streamed_clip_has_the_gain_of_the_track() {
    let clip = |gain: f64| json!({"file_path": "", "streaming": true, "start": 0.0, "amp": gain});
    let track = json!({"progression": [{"duration": 2, "voices": []}], "overlay_clips": [clip(0.5), clip(0.25)]});
    let (track, plan) = compiled(track);
    let clips = StreamClips::of(&track, &plan, 0.8);
    for index in 0..2 {
        clips.get(index).unwrap().push(&[0.5; 512], true);
    }
    let (mut left, mut right) = (vec![0.0; 256], vec![0.0; 256]);
    clips.add(0, &mut left, &mut right);
    // 0.5 · 0.8 · (0.5 + 0.25)
    assert!(left.iter().chain(&right).all(|sample| (sample - 0.3).abs() < 1e-6), "{}", left[0]);
}
