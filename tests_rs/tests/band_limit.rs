//! `band_limited`: nothing above half the sample rate folds back into the sound.

use std::f64::consts::TAU;

use realfft::RealFftPlanner;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Value, json};

const RATE: f64 = 44_100.0;
const FRAMES: usize = 1 << 17;

fn built(name: &str, params: &Value) -> (Box<dyn Voice>, usize) {
    let (family, transition) = registry::find(name).expect("a voice");
    let context = Context::new(8.0, RATE).with_compat(Compat::INTENDED);
    let params = params.as_object().expect("parameters");
    let (voice, warnings) = registry::build(family, transition, &context, params).expect("a voice");
    (voice, warnings.len())
}

/// Three seconds of the left ear, from the first second on.
fn heard(name: &str, params: &Value) -> Vec<f32> {
    let (mut left, mut right) = (vec![0.0; FRAMES], vec![0.0; FRAMES]);
    built(name, params).0.render(44_100, Block::new(&mut left, &mut right));
    left
}

/// The level of each bin in dB against the strongest, through a Kaiser window whose side lobes are below -180 dB.
fn spectrum(samples: &[f32]) -> Vec<f64> {
    let bessel = |x: f64| {
        let mut term = 1.0;
        (1..80).fold(1.0, |sum, k| {
            term *= (x / 2.0 / f64::from(k)).powi(2);
            sum + term
        })
    };
    let at = |n: usize| 2.0 * n as f64 / (samples.len() - 1) as f64 - 1.0;
    let window = |n: usize| bessel(20.0 * (1.0 - at(n).powi(2)).max(0.0).sqrt());
    let mut input: Vec<f64> = samples.iter().enumerate().map(|(n, x)| f64::from(*x) * window(n)).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(samples.len());
    let mut output = transform.make_output_vec();
    transform.process(&mut input, &mut output).expect("a transform");
    let most = output.iter().map(|bin| bin.norm()).fold(0.0, f64::max);
    output.iter().map(|bin| 20.0 * (bin.norm() / most).max(1e-15).log10()).collect()
}

/// The strongest bin above 20 Hz that is farther than `distance` Hz from all lines, which lie at multiples of `spacing` Hz
/// from `from` and from its negative.
fn strongest_between(samples: &[f32], from: f64, spacing: f64, distance: f64) -> (f64, f64) {
    let hz = |bin: usize| bin as f64 * RATE / FRAMES as f64;
    let apart = |hz: f64| ((hz / spacing + 0.5).rem_euclid(1.0) - 0.5).abs() * spacing;
    let between = |hz: f64| apart(hz - from) > distance && apart(hz + from) > distance;
    let bins = spectrum(samples).into_iter().enumerate().map(|(bin, level)| (hz(bin), level));
    bins.filter(|(hz, _)| *hz > 20.0 && between(*hz))
        .fold((0.0, f64::MIN), |most, bin| if bin.1 > most.1 { bin } else { most })
}

#[test]
fn shaped_tones_have_no_folded_partials() {
    for (carrier, limit) in [(187.3, -90.0), (1012.3, -90.0), (3036.9, -90.0), (4871.7, -90.0), (14_003.1, -60.0)] {
        for drive in [0.5, 5.0, 50.0] {
            let params = json!({"carrierFreq": carrier, "modFreq": 0.0, "modDepth": 0.0, "shapeAmount": drive});
            let (hz, level) = strongest_between(&heard("rhythmic_waveshaping", &params), 0.0, carrier, 8.0);
            assert!(level < limit, "carrier {carrier}, drive {drive}: {level} dB at {hz} Hz");
        }
    }
}

#[test]
fn shaped_tones_keep_the_partials_that_fit() {
    // the sine series of tanh(5 sin x), by integration
    let partial = |k: u32| {
        let term = |i: u32| {
            let x = f64::from(i) / 4096.0 * TAU;
            (5.0 * x.sin()).tanh() * (f64::from(k) * x).sin()
        };
        (0..4096).map(term).sum::<f64>() / 2048.0
    };
    // multiples of a bin
    let carrier = 9000.0 * RATE / FRAMES as f64;
    let params = json!({"carrierFreq": carrier, "modDepth": 0.0, "shapeAmount": 5.0});
    let levels = spectrum(&heard("rhythmic_waveshaping", &params));
    for k in [3, 5, 7] {
        let wanted = 20.0 * (partial(k) / partial(1)).log10();
        let found = levels[9000 * k as usize];
        assert!((found - wanted).abs() < 0.01, "partial {k}: {found} {wanted}");
    }
}

#[test]
fn gated_tones_have_no_folded_sidebands() {
    let rate = 10.37;
    for (carrier, limit) in [(1000.0, -90.0), (5000.0, -90.0), (15_000.0, -60.0)] {
        let tone = json!({"baseFreq": carrier, "beatFreq": rate, "rampPercent": 0.0, "gapPercent": 0.5});
        let mut pulses = tone.clone();
        pulses["beatFreq"] = json!(0.0);
        pulses["pulseRate"] = json!(rate);
        pulses["pulseShape"] = json!("square");
        pulses["harmonicSuppression"] = json!(false);
        for (name, params) in [("isochronic_tone", tone), ("dual_pulse_binaural", pulses)] {
            let (hz, level) = strongest_between(&heard(name, &params), carrier, rate, 3.5);
            assert!(level < limit, "{name} {carrier}: {level} dB at {hz} Hz");
        }
    }
}

#[test]
fn tones_above_half_the_rate_are_left_out() {
    let carriers = [
        ("binaural_beat", "baseFreq"),
        ("isochronic_tone", "baseFreq"),
        ("dual_pulse_binaural", "baseFreq"),
        ("monaural_beat_stereo_amps", "baseFreq"),
        ("stereo_am_independent", "carrierFreq"),
        ("rhythmic_waveshaping", "carrierFreq"),
        ("wave_shape_stereo_am", "carrierFreq"),
        ("qam_beat", "baseFreqL"),
        ("hybrid_qam_monaural_beat", "qamCarrierFreqL"),
        ("spatial_angle_modulation", "carrierFreq"),
        ("spatial_angle_modulation_sam2", "carrierFreq"),
        ("bell", "baseFreq"),
    ];
    for (name, carrier) in carriers {
        for hz in [23_000.0, 30_000.0] {
            let params = json!({carrier: hz});
            let (_, warnings) = built(name, &params);
            let (_, usual) = built(name, &json!({carrier: 300.0}));
            assert!(warnings > usual, "{name}: a warning");
            let most = heard(name, &params).iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            assert!(most < 1e-6, "{name} {hz}: {most}");
        }
    }
}

#[test]
fn a_partial_above_half_the_sample_rate_is_left_out() {
    let params =
        |ratio: f64| json!({"baseFreqL": 4049.0, "baseFreqR": 4049.0, "harmonicDepth": 0.5, "harmonicRatio": ratio});
    let around = |ratio: f64, hz: f64| {
        let bin = (hz * FRAMES as f64 / RATE) as usize;
        spectrum(&heard("qam_beat", &params(ratio)))[bin - 100..bin + 100].iter().copied().fold(f64::MIN, f64::max)
    };
    assert!(around(3.0, 3.0 * 4049.0) > -10.0);
    assert!(around(7.0, RATE - 7.0 * 4049.0) < -90.0);
    assert!(built("qam_beat", &params(7.0)).1 > built("qam_beat", &params(3.0)).1);
}

#[test]
fn a_sweep_through_half_the_sample_rate_fades_out() {
    for (name, carrier) in [
        ("binaural_beat_transition", "BaseFreq"),
        ("stereo_am_independent_transition", "CarrierFreq"),
        ("rhythmic_waveshaping_transition", "CarrierFreq"),
        ("spatial_angle_modulation_transition", "CarrierFreq"),
        ("spatial_angle_modulation_sam2_transition", "CarrierFreq"),
    ] {
        let ends = |from: f64, to: f64| {
            json!({format!("start{carrier}"): from, format!("end{carrier}"): to, "beatFreq": 0.0,
            "startBeatFreq": 0.0, "endBeatFreq": 0.0, "startModFreq": 0.0, "endModFreq": 0.0})
        };
        let (mut left, mut right) = (vec![0.0; 8 * 44_100], vec![0.0; 8 * 44_100]);
        built(name, &ends(18_000.0, 26_000.0)).0.render(0, Block::new(&mut left, &mut right));
        let crossing = (8.0 * 44_100.0 * (22_050.0 - 18_000.0) / 8000.0) as usize;
        let most = |part: &[f32]| part.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(most(&left[..100_000]) > 0.01, "{name}");
        // the ears of some are a fraction of a hertz apart
        assert_eq!(most(&left[crossing + 20..]), 0.0, "{name}");
        // below, nothing folds: the sweep ends where it fades out
        let bins = spectrum(&left[crossing - FRAMES..crossing]);
        let lowest = (18_500.0 * FRAMES as f64 / RATE) as usize;
        let folded = bins[100..lowest].iter().copied().fold(f64::MIN, f64::max);
        assert!(folded < -60.0, "{name}: {folded} dB");
    }
}
