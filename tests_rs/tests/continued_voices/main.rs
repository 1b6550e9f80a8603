//! Voices that are heard through several steps under one id.

mod edits;
mod glides;
mod joints;

use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::family::Preparation;
use realtime_backend_core::voice::{Block, registry};
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

/// A binaural beat under one id with equal amplitudes.
fn beat(base: f64, beat: f64) -> Value {
    json!({"synth_function_name": "binaural_beat", "voice_id": "a", "params": {"baseFreq": base, "beatFreq": beat}})
}
