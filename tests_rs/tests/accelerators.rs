//! Tones that an accelerator computes. The accelerator here runs on the CPU, so that the tests need no device.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::{Block, Context, ToneAccelerator, ToneBatch, registry};
use serde_json::{Value, json};

/// Sums the parts of a batch one after the other, or refuses.
#[derive(Debug, Default)]
struct Choir {
    refuses: bool,
    parts: AtomicUsize,
    gaps: AtomicUsize,
}

impl ToneAccelerator for Choir {
    fn sum(&self, batch: &ToneBatch, out: Block<'_>) -> bool {
        self.parts.fetch_add(batch.parts.len(), Ordering::Relaxed);
        self.gaps.fetch_add(batch.parts.iter().map(|part| part.gaps.len()).sum(), Ordering::Relaxed);
        out.left.fill(0.0);
        out.right.fill(0.0);
        let (mut left, mut right) = (vec![0.0; batch.frames], vec![0.0; batch.frames]);
        for part in 0..batch.parts.len() {
            batch.render(part, Block::new(&mut left, &mut right));
            out.left.iter_mut().zip(&left).for_each(|(sum, v)| *sum += v);
            out.right.iter_mut().zip(&right).for_each(|(sum, v)| *sum += v);
        }
        !self.refuses
    }
}

fn voice(name: &str, params: Value) -> Value {
    json!({"synth_function_name": name, "params": params})
}

/// Two steps with a crossfade: smooth voices and voices with corners, silent ones, pulses, envelopes, glides, noise.
fn track() -> Track {
    let mut faded = voice("binaural_beat", json!({"baseFreq": 250.0, "beatFreq": 6.0}));
    faded["volume_envelope"] =
        json!({"type": "linear_fade", "params": {"fade_duration": 7, "start_amp": 0.0, "end_amp": 0.7}});
    let mut moving = voice(
        "binaural_beat",
        json!({"startBaseFreq": 200.0, "endBaseFreq": 120.0, "startBeatFreq": 8.0, "endBeatFreq": 2.0,
            "initial_offset": 3.0, "transition_duration": 11.0}),
    );
    moving["is_transition"] = json!(true);
    let triangle = json!({"baseFreq": 500.0, "freqOscShape": "triangle", "freqOscFreqL": 0.4, "freqOscRangeL": 30.0,
        "freqOscFreqR": 0.3, "freqOscRangeR": 10.0});
    let steps = json!([
        {"duration": 20.0, "voices": [
            voice("monaural_beat_stereo_amps", json!({})),
            voice("binaural_beat", triangle),
            faded,
            voice("isochronic_tone", json!({"baseFreq": 180.0, "beatFreq": 7.0, "harmonicSuppression": true})),
            voice("isochronic_tone", json!({"baseFreq": 90.0, "beatFreq": 5.0})),
            voice("noise_swept_notch", json!({})),
        ]},
        {"duration": 25.0, "voices": [moving, voice("binaural_beat", json!({"ampL": 0.0, "ampR": 0.0}))]},
    ]);
    let track = json!({"global_settings": {"sample_rate": 44100, "crossfade_duration": 3.0}, "steps": steps});
    Track::from_value(track).expect("a valid track").0
}

fn plan(accelerator: Option<Arc<dyn ToneAccelerator>>) -> Arc<Plan> {
    let options = PlanOptions { accelerator, ..PlanOptions::default() };
    Arc::new(Plan::compile(&track(), &options).expect("a valid track").0)
}

fn render(plan: &Arc<Plan>, threads: usize) -> Vec<f32> {
    render_array(plan, 0, None, threads, &mut |_| true).expect("nobody cancels")
}

#[test]
fn an_accelerated_track_sounds_the_same() {
    let plain = plan(None);
    let expected = render(&plain, 1);
    let choir = Arc::new(Choir::default());
    let accelerated = plan(Some(choir.clone()));
    for threads in [1, 3] {
        let found = render(&accelerated, threads);
        let error = expected.iter().zip(&found).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(found.len() == expected.len() && error < 1e-6, "{threads} threads: {error:e}");
    }
    let seen = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    assert!(seen(&choir.parts) > 50 && seen(&choir.gaps) > 20, "{choir:?}");
    // Gains depend on the peaks, and on which voices sound at all.
    for (a, b) in plain.steps().iter().zip(accelerated.steps()) {
        let (a, b) = (a.measured().expect("measured"), b.measured().expect("measured"));
        assert!((a.binaural.max() - b.binaural.max()).abs() < 1e-6 * a.binaural.max());
        let sound =
            |m: &realtime_backend_core::plan::Measured| m.voices.iter().map(|v| v.peak > 0.0).collect::<Vec<_>>();
        assert_eq!(sound(a), sound(b));
    }
}

#[test]
fn an_accelerator_that_refuses_changes_nothing() {
    let refusing = Arc::new(Choir { refuses: true, ..Choir::default() });
    assert_eq!(render(&plan(Some(refusing.clone())), 2), render(&plan(None), 2));
    assert!(refusing.parts.load(Ordering::Relaxed) > 20);
}

#[test]
fn written_tones_equal_rendered_ones_outside_of_gaps() {
    const FRAMES: usize = 100_000;
    let cases = [
        ("binaural_beat", json!({"freqOscShape": "triangle", "freqOscFreqL": 2.0, "freqOscRangeL": 30.0})),
        ("binaural_beat", json!({"freqOscFreqL": 2.0, "freqOscRangeL": 30.0, "ampOscDepthL": 0.5, "ampOscFreqL": 3.0})),
        ("binaural_beat_transition", json!({"startBaseFreq": 100.0, "endBaseFreq": 900.0, "initial_offset": 0.7})),
        ("isochronic_tone", json!({"beatFreq": 9.0, "panFreq": 0.25, "panRangeMin": -1.0, "panRangeMax": 1.0})),
        ("isochronic_tone_transition", json!({"startBeatFreq": 4.0, "endBeatFreq": 12.0, "startRampPercent": 0.1})),
    ];
    for (name, params) in cases {
        for start in [0_u64, 12_345, 90_000] {
            let (family, transition) = registry::find(name).expect("a voice");
            let context = Context::new(5.0, 44_100.0);
            let params = params.as_object().expect("an object");
            let mut voice = registry::build(family, transition, &context, params).expect("a valid voice").0;
            let planes = || [vec![0.0_f32; FRAMES], vec![0.0_f32; FRAMES]];
            let (mut rendered, mut written) = (planes(), planes());
            let [left, right] = &mut rendered;
            voice.render(start, Block::new(left, right));
            let mut batch = ToneBatch::new(FRAMES);
            assert!(voice.write(start, &mut batch), "{name} {params:?}");
            let [left, right] = &mut written;
            batch.render(0, Block::new(left, right));
            for gap in &batch.parts[0].gaps {
                assert!(gap.start < gap.end && gap.end <= FRAMES);
                for plane in &mut rendered {
                    plane[gap.clone()].fill(0.0);
                }
            }
            assert_eq!(written, rendered, "{name} {params:?} from {start}");
        }
    }
}
