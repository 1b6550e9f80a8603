//! Spatial angle modulation at sample rates other than that of the measured responses (parity/DEVIATIONS.md).

use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::{Map, Value, json};
use tests_rs::golden;

fn render(name: &str, params: &Map<String, Value>, duration: f64, rate: f64) -> [Vec<f32>; 2] {
    let context = Context::new(duration, rate).with_compat(Compat::LEGACY);
    let (family, transition) = registry::find(name).expect("a voice");
    let (mut voice, _) = registry::build(family, transition, &context, params).expect("good parameters");
    let mut out = [vec![0.0; context.frames as usize], vec![0.0; context.frames as usize]];
    let [left, right] = &mut out;
    voice.render(0, Block::new(left, right));
    out
}

#[test]
fn recordings_that_ignored_their_rate_match_44100_hz() {
    let mut compared = 0;
    for file in ["spatial_angle_modulation", "spatial_angle_modulation_transition"] {
        for case in golden::cases(file).into_iter().filter(|case| case.deviation.is_some()) {
            let [left, right] = render(&case.function, &case.params(), case.duration(), 44_100.0);
            let (error, frame) = case.array.worst_planar(&left, &right);
            assert!(error < 1e-6, "{}: {error:e} at frame {frame}", case.key());
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
}

/// Energy of the whole signal, and of its component at `frequency`.
fn energies(signal: &[f32], rate: f64, frequency: f64) -> (f64, f64) {
    let step = std::f64::consts::TAU * frequency / rate;
    let mut sums = (0.0, 0.0, 0.0);
    for (n, sample) in signal.iter().enumerate() {
        let (value, angle) = (f64::from(*sample), step * n as f64);
        sums = (sums.0 + value * value, sums.1 + value * angle.cos(), sums.2 + value * angle.sin());
    }
    let count = signal.len() as f64;
    (sums.0 / count, 2.0 * (sums.1 * sums.1 + sums.2 * sums.2) / (count * count))
}

#[test]
fn other_sample_rates_give_the_same_sound() {
    let params = json!({"amp": 0.3, "carrierFreq": 600.0, "beatFreq": 0.5, "pathShape": "arc", "arcEndDeg": 80.0});
    let params = params.as_object().expect("an object");
    let reference = render("spatial_angle_modulation", params, 2.0, 44_100.0);
    for rate in [22_050.0, 48_000.0, 96_000.0] {
        let other = render("spatial_angle_modulation", params, 2.0, rate);
        for (here, there) in other.iter().zip(&reference) {
            assert_eq!(here.len() as f64, 2.0 * rate);
            let (all, tone) = energies(here, rate, 600.0);
            let (all_there, tone_there) = energies(there, 44_100.0, 600.0);
            assert!((all / all_there - 1.0).abs() < 0.01, "{rate}: {all} {all_there}");
            assert!((tone / tone_there - 1.0).abs() < 0.01, "{rate}: {tone} {tone_there}");
        }
    }
}
