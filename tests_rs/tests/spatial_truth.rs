//! The corrected spatial stage and the corrected `spatial_angle_modulation`, compared with the measured responses of the
//! KEMAR head.

use std::f64::consts::TAU;

use realfft::num_complex::Complex;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::dsp::hrir::{self, DIRECTIONS, RATE};
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Map, Value, json};

type Sound = [Vec<f32>; 2];

fn build(name: &str, params: &Map<String, Value>, seconds: f64, rate: f64) -> Box<dyn Voice> {
    let context = Context::new(seconds, rate).with_compat(Compat::INTENDED);
    let (family, transition) = registry::find(name).expect("a voice");
    registry::build(family, transition, &context, params).expect("good parameters").0
}

fn stretch(voice: &mut dyn Voice, start: u64, frames: usize) -> Sound {
    let mut out = [vec![f32::NAN; frames], vec![f32::NAN; frames]];
    let [left, right] = &mut out;
    voice.render(start, Block::new(left, right));
    out
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("not an object: {value}") };
    map
}

/// A tone without a beat from one azimuth.
fn fixed_source(decoder: &str, frequency: f64, azimuth: f64, more: Value) -> Map<String, Value> {
    let mut params = object(json!({
        "baseFreq": frequency, "beatFreq": 0.0, "spatialEnable": true, "spatialDecoder": decoder,
        "spatialTrajectory": [{"mode": "oscillate", "center_deg": azimuth, "extent_deg": 0.0, "seconds": 30.0}]
    }));
    params.extend(object(more));
    params
}

/// Amplitude and phase of the tone of `frequency` that fits `signal` best. The signal begins at time 0.
fn fit(signal: &[f32], rate: f64, frequency: f64) -> Complex<f64> {
    let (mut cc, mut cs, mut ss, mut xc, mut xs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, x) in signal.iter().enumerate() {
        let (s, c) = (TAU * frequency * n as f64 / rate).sin_cos();
        let x = f64::from(*x);
        (cc, cs, ss, xc, xs) = (cc + c * c, cs + c * s, ss + s * s, xc + x * c, xs + x * s);
    }
    let determinant = cc * ss - cs * cs;
    Complex::new((xc * ss - xs * cs) / determinant, -(xs * cc - xc * cs) / determinant)
}

/// Left over right ear: level in decibels and lead of the left ear in radians.
fn difference(left: Complex<f64>, right: Complex<f64>) -> (f64, f64) {
    let ratio = left / right;
    (20.0 * ratio.norm().log10(), ratio.arg())
}

/// The measured response of the left ear.
fn measured(direction: usize, frequency: f64) -> Complex<f64> {
    let taps = &hrir::left_ear(RATE)[direction % DIRECTIONS];
    taps.iter().enumerate().map(|(k, tap)| Complex::from_polar(*tap, -TAU * frequency * k as f64 / RATE)).sum()
}

/// What the stage should do to a source at `direction`: level in decibels, lead in radians.
fn expected(direction: usize, frequency: f64) -> (f64, f64) {
    difference(measured(direction, frequency), measured(DIRECTIONS - direction, frequency))
}

fn assert_as_measured(decoder: &str, rate: f64, direction: usize, frequency: f64) {
    let azimuth = 5.0 * direction as f64;
    let params = fixed_source(decoder, frequency, if azimuth > 180.0 { azimuth - 360.0 } else { azimuth }, json!({}));
    let [left, right] = stretch(&mut *build("binaural_beat", &params, 1.0, rate), (0.25 * rate) as u64, 4096);
    let (level, lead) = difference(fit(&left, rate, frequency), fit(&right, rate, frequency));
    let (true_level, true_lead) = expected(direction, frequency);
    let case = format!("{decoder} {rate} Hz, {azimuth} degrees, tone of {frequency} Hz");
    assert!((level - true_level).abs() < 0.5, "{case}: {level} dB, measured {true_level} dB");
    let error = Complex::from_polar(1.0, lead - true_lead).arg() / (TAU * frequency);
    assert!(error.abs() < 10e-6, "{case}: {} µs wrong", error * 1e6);
}

#[test]
fn ears_differ_as_measured_at_every_azimuth() {
    for direction in (0..DIRECTIONS).step_by(3) {
        for frequency in [100.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0] {
            assert_as_measured("itd_head", 44_100.0, direction, frequency);
        }
        for frequency in [200.0, 800.0] {
            assert_as_measured("foa_cardioid", 44_100.0, direction, frequency);
        }
    }
}

#[test]
fn other_rates_give_the_same_differences() {
    for rate in [8_000.0, 22_050.0, 48_000.0, 96_000.0] {
        for direction in [7, 20, 30, 53] {
            for frequency in [100.0, 440.0, 3000.0] {
                assert_as_measured("itd_head", rate, direction, frequency);
            }
        }
    }
}

#[test]
fn the_near_ear_leads_and_is_louder() {
    for decoder in ["itd_head", "foa_cardioid"] {
        for azimuth in [40.0, 90.0, 140.0] {
            for side in [1.0, -1.0] {
                let params = fixed_source(decoder, 500.0, side * azimuth, json!({}));
                let [left, right] = stretch(&mut *build("binaural_beat", &params, 1.0, RATE), 8000, 4096);
                let (level, lead) = difference(fit(&left, RATE, 500.0), fit(&right, RATE, 500.0));
                assert!(side * level > 2.0 && side * lead > 1.2, "{decoder} {azimuth} {side}: {level} dB, {lead} rad");
            }
        }
    }
}

#[test]
fn in_front_and_behind_a_binaural_beat_is_unchanged() {
    let dry = object(json!({"baseFreq": 400.0, "beatFreq": 10.0}));
    let dry = stretch(&mut *build("binaural_beat", &dry, 1.0, RATE), 5000, 5000);
    for decoder in ["itd_head", "foa_cardioid"] {
        for azimuth in [0.0, 180.0, -180.0] {
            let params = fixed_source(decoder, 400.0, azimuth, json!({"beatFreq": 10.0}));
            let heard = stretch(&mut *build("binaural_beat", &params, 1.0, RATE), 5000, 5000);
            for (heard, dry) in heard.iter().flatten().zip(dry.iter().flatten()) {
                assert!((heard - dry).abs() < 1e-4, "{decoder} {azimuth}: {heard} {dry}");
            }
        }
    }
}

#[test]
fn time_and_level_differences_can_be_turned_off() {
    let at = |more: Value| {
        let params = fixed_source("itd_head", 700.0, 60.0, more);
        let [left, right] = stretch(&mut *build("binaural_beat", &params, 1.0, RATE), 8000, 4096);
        difference(fit(&left, RATE, 700.0), fit(&right, RATE, 700.0))
    };
    let (level, lead) = expected(12, 700.0);
    let (same_level, no_lead) = at(json!({"spatialItdScale": 0.0}));
    assert!((same_level - level).abs() < 0.1 && no_lead.abs() < 0.01, "{same_level} dB, {no_lead} rad");
    let (no_level, same_lead) = at(json!({"spatialUseIld": 0}));
    assert!(no_level.abs() < 0.1 && (same_lead - lead).abs() < 0.01, "{no_level} dB, {same_lead} rad");
    let (_, half_lead) = at(json!({"spatialHeadRadiusM": 0.04375}));
    assert!((half_lead - lead / 2.0).abs() < 0.01, "{half_lead} rad");
}

/// A tone that circles the head, with a beat.
fn circling(degrees_per_s: f64) -> Map<String, Value> {
    object(json!({
        "baseFreq": 500.0, "beatFreq": 0.0, "spatialEnable": true, "spatialMaxDegPerS": 1e6,
        "spatialTrajectory": [{"mode": "rotate", "speed_deg_per_s": degrees_per_s, "seconds": 30.0, "distance_m": [0.5, 3]}]
    }))
}

#[test]
fn a_moving_source_makes_no_clicks() {
    for speed in [30.0, 360.0, 1800.0] {
        let sound = stretch(&mut *build("binaural_beat", &circling(speed), 2.0, RATE), 10_000, 50_000);
        let notch = 2.0 * (TAU * 500.0 / RATE).cos() as f32;
        for side in &sound {
            // what is left without the tone: its sidebands are attenuated, a jump is not
            let residue = side.windows(3).map(|x| (x[2] - notch * x[1] + x[0]).abs()).fold(0.0, f32::max);
            let loudest = side.iter().fold(0.0_f32, |top, x| top.max(x.abs()));
            assert!(residue < 4e-3 * loudest, "{speed} degrees/s: {residue} of {loudest}");
        }
    }
}

#[test]
fn a_path_sounds_the_same_in_any_stretches() {
    let params = circling(200.0);
    let mut voice = build("binaural_beat", &params, 0.7, RATE);
    let frames = (0.7 * RATE) as usize;
    let whole = stretch(&mut *voice.fork(), 0, frames);
    for (start, count) in [(20_000, 9000), (4095, 2), (0, 1), (2047, 4097), (30_000, frames - 30_000), (100, 3000)] {
        let part = stretch(&mut *voice, start as u64, count);
        for (part, whole) in part.iter().zip(&whole) {
            assert_eq!(part[..], whole[start..start + count], "{start} {count}");
        }
    }
}

/// Amplitudes of a circling source's spectrum at `carrier + order·rotation`, over a second.
fn sidebands(sound: &[f32], carrier: f64, rotation: f64, order: f64) -> f64 {
    let frequency = carrier + order * rotation;
    let sum: Complex<f64> = sound
        .iter()
        .enumerate()
        .map(|(n, x)| Complex::from_polar(f64::from(*x), -TAU * (frequency * n as f64 / RATE).fract()))
        .sum();
    2.0 * sum.norm() / sound.len() as f64
}

#[test]
fn sidebands_of_a_rotation_are_those_of_the_measured_head() {
    for carrier in [200.0, 1000.0, 3000.0] {
        // Fourier series of the left ear's response over the azimuth
        let order = |order: f64| -> f64 {
            let turn = |d: usize| Complex::from_polar(1.0, -TAU * order * d as f64 / DIRECTIONS as f64);
            (0..DIRECTIONS).map(|d| measured(d, carrier) * turn(d)).sum::<Complex<f64>>().norm()
        };
        for rotation in [4.0, 10.0, 20.0, 40.0] {
            let params = object(json!({"carrierFreq": carrier, "beatFreq": rotation}));
            let mut voice = build("spatial_angle_modulation", &params, 3.0, RATE);
            let sound = stretch(&mut *voice, 44_100, 44_100);
            for (side, sound) in [1.0, -1.0].into_iter().zip(&sound) {
                let centre = sidebands(sound, carrier, rotation, 0.0);
                for k in [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] {
                    // the right ear hears the mirror image
                    let truth = 20.0 * (order(side * k) / order(0.0)).log10();
                    let heard = 20.0 * (sidebands(sound, carrier, rotation, k) / centre).log10();
                    let case = format!("{carrier} Hz, rotation {rotation} Hz, ear {side}, sideband {k}");
                    // the images of the highest orders around the negative frequencies lie 70 dB below the carrier
                    let bound = if f64::abs(k) == 1.0 { 0.1 } else { 0.5 };
                    assert!(truth < -40.0 || (heard - truth).abs() < bound, "{case}: {heard} dB, measured {truth} dB");
                }
            }
        }
    }
}

#[test]
fn frame_length_does_not_change_a_rotation() {
    let sound = |frame: f64| {
        let params = object(json!({"carrierFreq": 700.0, "beatFreq": 30.0, "frame_dur_ms": frame}));
        stretch(&mut *build("spatial_angle_modulation", &params, 1.0, RATE), 3000, 9000)
    };
    assert_eq!(sound(46.4), sound(2.0));
}

#[test]
fn no_path_around_the_head_clicks() {
    let notch = 2.0 * (TAU * 600.0 / RATE).cos() as f32;
    for shape in ["circle", "square", "diamond", "linear", "arc", "oscillating_arc"] {
        for (rotation, radius) in [(4.0, 1.0), (25.0, -1.0)] {
            let params = object(json!({
                "startCarrierFreq": 600.0, "endCarrierFreq": 600.0, "startBeatFreq": rotation, "endBeatFreq": rotation,
                "startPathShape": shape, "endPathShape": "circle", "startPathRadius": radius, "endPathRadius": 0.7,
                "startArcStartDeg": -40.0, "endArcStartDeg": -40.0, "startArcEndDeg": 170.0, "endArcEndDeg": 170.0
            }));
            let frames = RATE as usize;
            let sound = stretch(&mut *build("spatial_angle_modulation_transition", &params, 1.0, RATE), 0, frames);
            for side in &sound {
                let loudest = side.iter().fold(0.0_f32, |top, x| top.max(x.abs()));
                let residue = side.windows(3).map(|x| (x[2] - notch * x[1] + x[0]).abs()).fold(side[0].abs(), f32::max);
                assert!(loudest > 0.3 && loudest <= 1.0, "{shape} {rotation}: peak {loudest}");
                assert!(residue < 0.01, "{shape} {rotation}: {residue}");
            }
        }
    }
}

#[test]
fn a_moving_carrier_is_heard_through_its_own_responses() {
    // a slow sweep: at each moment the level is that of the carrier there
    let params = object(json!({
        "amp": 0.05, "startCarrierFreq": 500.0, "endCarrierFreq": 1500.0, "startBeatFreq": 0.0, "endBeatFreq": 0.0
    }));
    let sound = stretch(&mut *build("spatial_angle_modulation_transition", &params, 10.0, RATE), 0, 441_000);
    for second in 1..10 {
        let frequency = 500.0 + 100.0 * f64::from(second);
        let around = 44_100 * second as usize;
        let heard = sound[0][around - 400..around + 400].iter().fold(0.0_f32, |top, x| top.max(x.abs()));
        let truth = 0.05 * 4.0 * measured(0, frequency).norm();
        assert!((f64::from(heard) / truth - 1.0).abs() < 0.05, "{frequency} Hz: {heard}, measured {truth}");
    }
}
