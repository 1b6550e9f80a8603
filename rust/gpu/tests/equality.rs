//! A graphics processor computes the same sound as the CPU. Without hardware, these tests need a software driver
//! (`apt install mesa-vulkan-drivers`).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::Track;
use realtime_backend_core::voice::{Block, Context, ToneAccelerator, ToneBatch, Voice, registry};
use realtime_backend_gpu::Gpu;
use serde_json::{Value, json};

/// The device of all tests: hardware if there is some, otherwise the software driver.
static GPU: LazyLock<Arc<Gpu>> = LazyLock::new(|| {
    let gpu = Gpu::open().or_else(|_| Gpu::named("llvmpipe"));
    Arc::new(gpu.unwrap_or_else(|error| panic!("{error}; apt install mesa-vulkan-drivers")))
});

fn voice(name: &str, seconds: f64, params: &Value) -> Box<dyn Voice> {
    let (family, transition) = registry::find(name).expect("a voice");
    let context = Context::new(seconds, 44_100.0);
    registry::build(family, transition, &context, params.as_object().expect("an object")).expect("a valid voice").0
}

fn planes(frames: usize) -> [Vec<f32>; 2] {
    [vec![0.0; frames], vec![0.0; frames]]
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Voices of every kind that can be written as tone segments.
fn tones() -> Vec<(&'static str, Value)> {
    vec![
        ("binaural_beat", json!({"baseFreq": 200.0, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.4})),
        ("binaural_beat", json!({"baseFreq": 15_734.0, "beatFreq": 0.35, "startPhaseL": 1.0, "leftHigh": true})),
        (
            "binaural_beat",
            json!({"baseFreq": 300.0, "beatFreq": 10.0, "freqOscRangeL": 6.0, "freqOscFreqL": 0.3, "freqOscRangeR": 2.0,
                "freqOscFreqR": 5.0, "ampOscDepthL": 0.8, "ampOscFreqL": 4.0, "phaseOscFreq": 0.2, "phaseOscRange": 1.5}),
        ),
        ("binaural_beat", json!({"baseFreq": 100.0, "beatFreq": 1.0, "ampR": 0.0})),
        (
            "binaural_beat_transition",
            json!({"startBaseFreq": 200.0, "endBaseFreq": 150.0, "startBeatFreq": 10.0, "endBeatFreq": 3.0,
                "startAmpL": 0.2, "endAmpL": 0.9}),
        ),
        ("isochronic_tone", json!({"baseFreq": 180.0, "beatFreq": 7.83, "rampPercent": 0.3, "gapPercent": 0.2})),
        ("isochronic_tone", json!({"baseFreq": 432.0, "beatFreq": 40.0, "rampPercent": 0.0, "gapPercent": 0.5})),
        ("isochronic_tone", json!({"baseFreq": 432.0, "beatFreq": 0.0})),
        (
            "isochronic_tone_transition",
            json!({"startBaseFreq": 180.0, "endBaseFreq": 220.0, "startBeatFreq": 12.0, "endBeatFreq": 5.0}),
        ),
    ]
}

#[test]
fn a_device_computes_what_the_voices_render() {
    const FRAMES: usize = 50_000;
    for (name, params) in tones() {
        let seconds = 7200.0;
        // one hour into the voice, between all grid points
        let start = 158_760_123;
        let mut rendered = planes(FRAMES);
        let mut voice = voice(name, seconds, &params);
        let [left, right] = &mut rendered;
        voice.render(start, Block::new(left, right));
        let mut batch = ToneBatch::new(FRAMES);
        assert!(voice.write(start, &mut batch), "{name} {params} cannot be written");
        assert_eq!(batch.parts[0].gaps, [], "{name} {params}");
        let (mut here, mut there) = (planes(FRAMES), planes(FRAMES));
        let [left, right] = &mut here;
        batch.render(0, Block::new(left, right));
        assert_eq!(here, rendered, "{name} {params}: the batch differs from the rendered voice");
        let [left, right] = &mut there;
        assert!(GPU.sum(&batch, Block::new(left, right)), "{:?}", *GPU);
        for (a, b) in there.iter().zip(&rendered) {
            let error = largest_difference(a, b);
            assert!(error < 6e-7, "{name} {params}: {error:e}");
        }
    }
}

#[test]
fn a_batch_sums_its_parts_whatever_batch_came_before() {
    for frames in [1_usize, 63, 16_384, 100_001, 262_144] {
        let mut batch = ToneBatch::new(frames);
        let mut sum = planes(frames);
        for (i, (name, params)) in tones().into_iter().enumerate() {
            assert!(voice(name, 600.0, &params).write(1_000_003 + i as u64, &mut batch));
            let mut one = planes(frames);
            let [left, right] = &mut one;
            batch.render(i, Block::new(left, right));
            sum.iter_mut().zip(&one).for_each(|(sum, one)| sum.iter_mut().zip(one).for_each(|(s, v)| *s += v));
        }
        for _ in 0..2 {
            let mut accelerated = planes(frames);
            let [left, right] = &mut accelerated;
            assert!(GPU.sum(&batch, Block::new(left, right)));
            for (a, b) in accelerated.iter().zip(&sum) {
                let error = largest_difference(a, b);
                assert!(error < 4e-6, "{frames}: {error:e}");
            }
        }
    }
}

/// Plan of the example session. It has a bed, pulses, glides, and voices that only the CPU computes.
fn plan(accelerator: Option<Arc<dyn ToneAccelerator>>) -> Arc<Plan> {
    let options = PlanOptions { accelerator, ..PlanOptions::default() };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/evening.json");
    let track = Track::from_path(path.as_ref()).expect("a valid track").0;
    Arc::new(Plan::compile(&track, &options).expect("a valid track").0)
}

/// The device, with a count of the batches that it has computed.
#[derive(Debug)]
struct Counted(AtomicUsize);

impl ToneAccelerator for Counted {
    fn sum(&self, batch: &ToneBatch, out: Block<'_>) -> bool {
        let done = GPU.sum(batch, out);
        self.0.fetch_add(usize::from(done), Ordering::Relaxed);
        done
    }
}

#[test]
fn a_track_renders_the_same_with_and_without_a_device() {
    let all = |plan: &Arc<Plan>, threads| render_array(plan, 0, None, threads, &mut |_| true).unwrap();
    let plain = all(&plan(None), 1);
    let counted = Arc::new(Counted(AtomicUsize::new(0)));
    let accelerated = [1, 3].map(|threads| all(&plan(Some(counted.clone())), threads));
    assert!(accelerated[0] == accelerated[1], "the number of threads changes samples");
    let error = largest_difference(&accelerated[0], &plain);
    assert!(error < 1e-6, "{error:e}");
    // 180 s are rendered twice in pieces of 3 to 6 s; voices that glide or run on are computed without the device
    assert!(counted.0.load(Ordering::Relaxed) > 50, "{counted:?}");
    assert_eq!(GPU.fault(), None);
}

#[test]
fn an_unknown_adapter_name_is_refused_with_the_known_names() {
    let error = Gpu::named("voodoo 2").unwrap_err().to_string();
    assert!(
        error.starts_with("no graphics processor can be used: none is called \"voodoo 2\"; there are ["),
        "{error}"
    );
}
