//! Both methods follow the definition, and the measured peak is the true peak.

use super::*;
use crate::dsp::phase::Turns;
use crate::voice::Ramp;

fn scene(carrier: Ramp, overlap: usize, frame_ms: f64, shape: PathShape) -> Arc<Scene> {
    let (samples, rate) = (60_000, 44_100.0);
    let sweep = |start, end| Sweep::new(Ramp { start, end }, samples, None);
    let frame = (frame_ms / 1000.0 * rate) as usize;
    Arc::new(Scene {
        start: Turns::ZERO,
        samples,
        rate,
        amp: 0.7,
        carrier: Sweep::new(carrier, samples, None),
        path: Path {
            start: Turns::ZERO,
            beat: sweep(2.0, 5.0),
            radius: sweep(1.0, 1.0),
            arc: (sweep(-90.0, -20.0), sweep(45.0, 90.0)),
            shape: (shape, shape),
            reshaped: samples - 1,
            rate,
        },
        frame,
        hop: frame / overlap,
        root: overlap == 2 || overlap == 4,
    })
}

fn render(engine: &mut impl Engine, scene: &Scene) -> Vec<f32> {
    let (mut left, mut right) = (vec![0.0; scene.hop], vec![0.0; scene.hop]);
    let mut all = Vec::new();
    for hop in 0..scene.hops() {
        engine.hop(hop, 1.0, Block::new(&mut left, &mut right));
        let valid = (scene.samples - hop * scene.hop as u64).min(scene.hop as u64) as usize;
        left[valid..].fill(0.0);
        right[valid..].fill(0.0);
        all.extend(left.iter().chain(&right));
    }
    all
}

/// The first `count` samples by the definition, sample by sample (spec 1.5).
fn defined(scene: &Scene, left_ear: &[Vec<f64>], count: usize) -> Vec<[f64; 2]> {
    let mut out = vec![[0.0; 2]; count];
    let mut start = 0;
    while start < count {
        let middle = (start + scene.hop / 2).min(scene.samples as usize - 1) as u64;
        let direction = hrir::direction(scene.path.azimuth(middle));
        let ears = [&left_ear[direction], &left_ear[hrir::mirrored(direction)]];
        for i in 0..scene.frame.min(count - start) {
            let x = scene.amp * scene.phase((start + i) as u64).radians().sin() * scene.window(i);
            for (frame, (l, r)) in out[start + i..].iter_mut().zip(ears[0].iter().zip(ears[1])) {
                frame[0] += x * l;
                frame[1] += x * r;
            }
        }
        start += scene.hop;
    }
    out
}

#[test]
fn both_methods_follow_the_definition() {
    let left_ear = hrir::left_ear(44_100.0);
    for (overlap, frame_ms) in [(8, 46.4), (2, 20.0), (4, 30.0), (5, 7.3)] {
        let scene = scene(Ramp::fixed(440.0), overlap, frame_ms, PathShape::Circle);
        let count = 8 * scene.hop;
        let expected = defined(&scene, &left_ear, count);
        let mut steady = Steady::new(&scene, &left_ear).unwrap();
        let mut moving = Moving::new(&scene, &left_ear);
        for (name, got) in [("steady", render(&mut steady, &scene)), ("moving", render(&mut moving, &scene))] {
            let worst = (0..count)
                .map(|n| {
                    let at = n / scene.hop * 2 * scene.hop + n % scene.hop;
                    let (l, r) = (f64::from(got[at]), f64::from(got[at + scene.hop]));
                    (l - expected[n][0]).abs().max((r - expected[n][1]).abs())
                })
                .fold(0.0, f64::max);
            assert!(worst < 1e-6, "{name} {overlap} {frame_ms}: {worst:e}");
        }
    }
}

#[test]
fn the_measured_peak_is_the_true_peak() {
    let left_ear = hrir::left_ear(44_100.0);
    for shape in [PathShape::Circle, PathShape::Linear, PathShape::OscillatingArc] {
        for carrier in [
            Ramp::fixed(440.0),
            Ramp::fixed(3000.0),
            Ramp { start: 160.0, end: 900.0 },
            Ramp { start: 9000.0, end: 400.0 },
            Ramp { start: -50.0, end: 300.0 },
        ] {
            let scene = scene(carrier, 8, 46.4, shape);
            let mut engine = Moving::new(&scene, &left_ear);
            let peak = render(&mut engine, &scene).iter().fold(0.0_f32, |peak, v| peak.max(v.abs()));
            let expected = if peak > 1.0 { 0.98 / peak } else { 1.0 };
            let gain = level::gain(&scene, &left_ear, &mut engine);
            assert!((gain - expected).abs() < 1e-6, "{carrier:?}: {gain} {expected}");
        }
    }
}

#[test]
fn a_long_call_has_the_level_of_the_whole() {
    let left_ear = hrir::left_ear(44_100.0);
    for carrier in [Ramp::fixed(440.0), Ramp { start: 200.0, end: 900.0 }, Ramp::fixed(60.0)] {
        let short = scene(carrier, 8, 46.4, PathShape::Circle);
        let mut long = Scene::clone(&short);
        // 20 seconds, short enough for the exact measurement
        long.samples = 882_000;
        let sweep = |sweep: Sweep| Sweep { samples: 882_000, ..sweep };
        long.carrier = sweep(long.carrier.clone());
        long.path.beat = sweep(long.path.beat.clone());
        long.path.radius = sweep(long.path.radius.clone());
        let long = Arc::new(long);
        let mut engine = Moving::new(&long, &left_ear);
        let exact = level::exact(&long, &left_ear, &mut engine);
        let sampled = level::sampled(&long, &left_ear, &mut engine);
        assert!(sampled <= exact * 1.000_001 && sampled > 0.995 * exact, "{carrier:?}: {sampled} of {exact}");
    }
}
