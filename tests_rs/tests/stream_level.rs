//! A stream at the level of a file: the same gain as the file, reached without a jump, and known to the application.

use std::sync::Arc;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::{TargetLevel, peak};
use realtime_backend_core::stream::{Playing, StreamClips, level};
use realtime_backend_core::track::Track;
use serde_json::{Value, json};

const RATE: usize = 8000;

fn plan(globals: Value, voices: &[Value]) -> (Track, Arc<Plan>) {
    let mut document = json!({"global": globals, "progression": [{"duration": 8.0, "voices": voices}]});
    document["global"]["sample_rate"] = json!(RATE);
    let (track, _) = Track::from_value(document).expect("a track");
    let plan = Plan::compile(&track, &PlanOptions::default()).expect("a plan").0;
    (track, Arc::new(plan))
}

/// A tone with 40 samples per cycle, so that a sample meets each extreme.
fn tone(amplitude: f64) -> Value {
    json!({"synth_function_name": "binaural_beat",
           "params": {"baseFreq": 200, "beatFreq": 0, "ampL": amplitude, "ampR": amplitude}})
}

fn settle(plan: &Arc<Plan>) -> f32 {
    plan.measure(0, plan.steps().len(), 1, &mut |_| true).expect("levels");
    peak(plan, 1, &mut |_| true).expect("a peak")
}

fn playing(track: &Track, plan: &Arc<Plan>, target: Option<f32>, begin: Option<f32>) -> Playing {
    Playing::new(Arc::clone(plan), StreamClips::of(track, plan, 1.0), 0).at_level(target, begin)
}

/// The left channel of the frames from `from` on, in blocks of `size`.
fn heard(playing: &mut Playing, from: usize, count: usize, size: usize) -> Vec<f32> {
    let mut out = vec![0.0; count];
    let mut right = vec![0.0; size];
    for (at, block) in (from..).step_by(size).zip(out.chunks_mut(size)) {
        playing.render(at as u64, block, &mut right[..block.len()]);
    }
    out
}

fn most(sound: &[f32]) -> f32 {
    sound.iter().fold(0.0, |most, x| most.max(x.abs()))
}

#[test]
fn intended_streams_have_the_level_of_their_file() {
    let (track, plan) = plan(json!({"compat": "intended", "normalization": "step"}), &[tone(0.1)]);
    let target = TargetLevel::Track.stream_peak(&plan);
    assert_eq!(target, Some(0.25));
    settle(&plan);
    let sound = heard(&mut playing(&track, &plan, target, None), 2000, 16_000, 500);
    assert!((most(&sound) - 0.25).abs() < 1e-5, "{}", most(&sound));
}

#[test]
fn tracks_without_rules_keep_the_level_of_the_mix() {
    let (track, plan) = plan(json!({}), &[tone(0.1)]);
    let target = TargetLevel::Track.stream_peak(&plan);
    assert_eq!(target, None);
    settle(&plan);
    let sound = heard(&mut playing(&track, &plan, target, None), 2000, 16_000, 500);
    assert!((most(&sound) - 0.95 * 0.48).abs() < 1e-5);
    assert_eq!(TargetLevel::Peak(0.5).stream_peak(&plan), Some(0.5));
    let (_, stated) = self::plan(json!({"compat": "intended"}), &[tone(0.1)]);
    assert_eq!(TargetLevel::Track.stream_peak(&stated), None);
}

#[test]
fn estimated_gains_move_to_exact_ones_without_a_jump() {
    let noise = |seed: u64| {
        json!({"synth_function_name": "noise_swept_notch", "voice_type": "noise",
                                   "params": {"noise_type": "pink", "seed": seed}})
    };
    let (track, plan) = plan(
        json!({"compat": {"preset": "intended", "full_band_noise": false}, "normalization": "step"}),
        &[tone(0.1), noise(1)],
    );
    let estimate = level::gain(&plan, 0.25);
    let bound = 0.95 * 0.48 * 2.0_f32;
    assert!((estimate - 0.25 / bound).abs() < 1e-6, "{estimate}");
    let mut stream = playing(&track, &plan, Some(0.25), None);
    heard(&mut stream, 0, 4000, 500);
    let exact = 0.25 / settle(&plan);
    assert!((level::gain(&plan, 0.25) - exact).abs() < 1e-6 && (exact - estimate).abs() > 0.001);
    // The gain at each frame is the ratio of the stream to the mix.
    let mut mix = playing(&track, &plan, None, None);
    let (sound, mix) = (heard(&mut stream, 4000, 24_000, 500), heard(&mut mix, 4000, 24_000, 500));
    assert!(most(&mix) < 0.95, "below the ceiling");
    let gains: Vec<f32> = sound.iter().zip(&mix).filter(|(_, m)| m.abs() > 0.05).map(|(s, m)| s / m).collect();
    let step = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(step < 0.01, "{step}");
    assert!((gains.last().expect("sound") - exact).abs() < 1e-5);
}

#[test]
fn an_edit_begins_at_the_gain_that_was_heard() {
    let (track, plan) = plan(json!({"compat": "intended", "normalization": "step"}), &[tone(0.1)]);
    let mut stream = playing(&track, &plan, Some(0.25), Some(0.5));
    let sound = heard(&mut stream, 2000, 2000, 500);
    assert!((most(&sound) - 0.5 * 0.456).abs() < 1e-4, "{}", most(&sound));
}
