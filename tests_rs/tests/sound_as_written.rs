//! What is written is what sounds, under `intended`: timing of transitions, levels above full scale, edges of volume
//! envelopes, jumps of pans and paths.

use std::f64::consts::PI;

use rayon::prelude::*;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::voice::param::Kind;
use realtime_backend_core::voice::pipeline::VoiceCall;
use realtime_backend_core::voice::registry::{FAMILIES, build, find};
use realtime_backend_core::voice::stages::envelope::Envelope;
use realtime_backend_core::voice::stages::flange::Flange;
use realtime_backend_core::voice::{Block, Context, Family, pipeline};
use serde_json::{Map, Value, json};

const RATE: f64 = 44_100.0;

type Sound = [Vec<f32>; 2];

fn object(value: Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn context(seconds: f64, compat: Compat) -> Context {
    let mut context = Context::new(seconds, RATE).with_compat(compat);
    context.seed = 3;
    context
}

fn render(voice: &mut dyn realtime_backend_core::voice::Voice, frames: u64) -> Sound {
    let mut out = [vec![0.0; frames as usize], vec![0.0; frames as usize]];
    let [left, right] = &mut out;
    voice.render(0, Block::new(left, right));
    out
}

/// A voice without the stages of a track.
fn sound(name: &str, params: &Value, seconds: f64) -> Sound {
    let (family, transition) = find(name).expect("registered");
    let context = context(seconds, Compat::INTENDED);
    let (mut voice, _) = build(family, transition, &context, params.as_object().expect("an object")).expect("valid");
    render(&mut *voice, context.frames)
}

fn with(mut base: Value, more: Value) -> Value {
    base.as_object_mut().expect("an object").extend(object(more));
    base
}

fn apart(a: &Sound, b: &Sound, seconds: std::ops::Range<f64>) -> f32 {
    let range = (seconds.start * RATE) as usize..(seconds.end * RATE) as usize;
    let side = |ear: usize| {
        a[ear][range.clone()].iter().zip(&b[ear][range.clone()]).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
    };
    side(0).max(side(1))
}

/// For some transitions a number that moves: its start and end name with two values. In the others it is the first
/// number without a unit that moves.
const MOVING: [(&str, &str, &str, f64, f64); 10] = [
    ("isochronic_tone", "startAmpL", "endAmpL", 0.1, 0.5),
    ("stereo_am_independent", "startModDepthL", "endModDepthL", 0.1, 0.9),
    ("wave_shape_stereo_am", "startStereoModDepthL", "endStereoModDepthL", 0.1, 0.9),
    ("rhythmic_waveshaping", "startShapeAmount", "endShapeAmount", 1.0, 5.0),
    ("dual_pulse_binaural", "startAmpL", "endAmpL", 0.1, 0.5),
    ("spatial_angle_modulation", "startPathRadius", "endPathRadius", 1.0, -1.0),
    ("noise_swept_notch", "start_lfo_phase_offset_deg", "end_lfo_phase_offset_deg", 0.0, 180.0),
    ("noise_generator", "start_amp", "end_amp", 0.1, 0.5),
    ("steady_noise", "startRmsL", "endRmsL", 0.02, 0.1),
    ("spatial_angle_modulation_sam2", "startSpatialScale", "endSpatialScale", 0.2, 2.0),
];

/// The number that moves in the transition of a family.
fn moving(family: &Family) -> ([String; 2], f64, f64) {
    if let Some((_, start, end, from, to)) = MOVING.iter().find(|(name, ..)| *name == family.name) {
        return ([start, end].map(|name| (*name).to_owned()), *from, *to);
    }
    let numbers = family.params.iter().copied().flatten().filter(|row| row.kind == Kind::Number && row.unit.is_empty());
    let mut names = numbers.map(|row| row.spellings(true)).filter(|names| names.len() > 1);
    let mut names = names.next().expect("a number that moves").into_iter();
    (std::array::from_fn(|_| names.next().expect("a name")), 0.1, 0.5)
}

/// Parameters that hold still what the defaults of a family would move.
fn still(family: &str) -> Value {
    match family {
        "stereo_am_independent" => json!({
            "startCarrierFreq": 200, "endCarrierFreq": 200, "startModFreqL": 4, "endModFreqL": 4, "startModFreqR": 4,
            "endModFreqR": 4,
        }),
        "wave_shape_stereo_am" => json!({
            "startCarrierFreq": 200, "endCarrierFreq": 200, "startShapeModFreq": 4, "endShapeModFreq": 4,
            "startStereoModFreqL": 4, "endStereoModFreqL": 4, "startStereoModFreqR": 4, "endStereoModFreqR": 4,
        }),
        "rhythmic_waveshaping" => {
            json!({"startCarrierFreq": 200, "endCarrierFreq": 200, "startModFreq": 4, "endModFreq": 4})
        }
        "spatial_angle_modulation" => json!({"amp": 0.2}),
        _ => json!({}),
    }
}

#[test]
fn offset_length_and_curve_act_in_every_transition() {
    let failures: Vec<String> = FAMILIES
        .par_iter()
        .filter(|family| family.transition)
        .filter_map(|entry| {
            let (family, ([start, end], from, to)) = (entry.name, moving(entry));
            let name = format!("{family}_transition");
            let make = |from: f64, to: f64, timing: Value| {
                let mut ends = json!({start.as_str(): from, end.as_str(): to});
                if family.starts_with("noise") {
                    ends["sweeps"] = json!([{"min": 200, "max": 2000, "q": 5, "cascade": 2}]);
                }
                sound(&name, &with(with(still(family), ends), timing), 3.0)
            };
            let timing =
                |curve: &str| json!({"initial_offset": 1.0, "transition_duration": 1.0, "transition_curve": curve});
            let (early, late) = (make(from, from, json!({})), make(to, to, json!({})));
            let (linear, curved) = (make(from, to, timing("linear")), make(from, to, timing("exponential")));
            let rest = make(from, to, json!({"initial_offset": 1.0, "transition_duration": 0.0}));
            let to_end = make(from, to, json!({"initial_offset": 1.0}));
            // filters and long frames look ahead and back by up to 0.1 s; noise streams are levelled as a whole
            let near = if family.starts_with("noise_swept") { 0.2 } else { 2e-3 };
            let mut wrong = Vec::new();
            let mut check = |holds: bool, what: &str| {
                if !holds {
                    wrong.push(what.to_owned());
                }
            };
            check(apart(&linear, &early, 0.1..0.9) < near, "start values hold until the offset");
            check(apart(&linear, &late, 2.1..2.9) < near, "end values hold after the transition");
            check(apart(&linear, &curved, 1.3..1.7) > 1e-3, "the curve acts");
            check(apart(&rest, &to_end, 0.0..3.0) == 0.0, "a length of 0 is the rest of the step");
            check(apart(&rest, &late, 1.1..1.9) > 1e-3, "no jump at the offset");
            (!wrong.is_empty()).then(|| format!("{name}: {wrong:?}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_former_name_of_the_timing_switch_still_works() {
    let mut compat = Compat::DEFAULT;
    compat.switch("qam_transition_timing", true).expect("a switch");
    assert_eq!(compat, Compat { transition_timing: true, ..Compat::DEFAULT });
}

#[test]
fn gains_above_full_scale_add_no_harmonics() {
    for (name, extra) in
        [("monaural_beat_stereo_amps", json!({})), ("spatial_angle_modulation_monaural_beat", json!({"amp": 1.0}))]
    {
        let params =
            json!({"amp_lower_L": 1.0, "amp_upper_L": 1.0, "amp_lower_R": 1.0, "amp_upper_R": 1.0, "beatFreq": 10.0});
        // whole periods of both tones and of the third harmonics
        let [left, _] = sound(name, &with(params, extra), 1.0);
        let level = |hz: f64| {
            let part = |f: fn(f64) -> f64| {
                let sum = |(i, v): (usize, &f32)| f64::from(*v) * f(2.0 * PI * hz * i as f64 / RATE);
                left.iter().enumerate().map(sum).sum::<f64>()
            };
            f64::hypot(part(f64::sin), part(f64::cos)) * 2.0 / RATE
        };
        let tone = level(195.0);
        assert!(tone > 0.45, "{name}: {tone}");
        for harmonic in [585.0, 595.0, 605.0, 615.0, 975.0] {
            let db = 20.0 * (level(harmonic) / tone).log10();
            assert!(db < -140.0, "{name}: {db} dB at {harmonic} Hz");
        }
    }
}

fn staged(compat: Compat, envelope: Option<Envelope>, flange: Option<&Flange>, params: Value) -> Sound {
    let context = context(2.003_17, compat);
    let params = object(params);
    let is_transition = params.keys().any(|key| key.starts_with("initial"));
    let call = VoiceCall {
        function: "binaural_beat",
        is_transition,
        params: &params,
        flange,
        envelope,
        at: "",
        params_at: "",
    };
    let (mut voice, _) = pipeline::build(&context, &call, None).expect("a voice");
    render(&mut *voice, context.frames)
}

#[test]
fn no_envelope_leaves_a_hard_cut_at_an_edge() {
    let fade = |start_amp, end_amp| Envelope::LinearFade { fade_duration: 1.0, start_amp, end_amp };
    let adsr = |release| Envelope::Adsr { attack: 0.0, decay: 0.1, sustain_level: 0.8, release };
    let linen = |attack, release| Envelope::Linen { attack, release };
    // the phase makes both ends of the voice loud
    let params = || json!({"startPhaseL": 1.5, "startPhaseR": 1.5});
    let plain = staged(Compat::INTENDED, None, None, params());
    for (envelope, own) in [
        (fade(0.0, 1.0), [true, false]),
        (fade(1.0, 0.0), [false, true]),
        (fade(0.3, 0.6), [false, false]),
        (adsr(0.3), [false, true]),
        (adsr(0.0), [false, false]),
        (linen(0.2, 0.0), [true, false]),
        (linen(0.0, 0.2), [false, true]),
        (Envelope::Flat, [false, false]),
    ] {
        let [left, _] = staged(Compat::INTENDED, Some(envelope), None, params());
        let usual = plain[0].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(left[0] == 0.0 && left[left.len() - 1].abs() < usual, "{envelope:?}");
        // where the envelope fades by itself, nothing else does
        let cut = staged(Compat::DEFAULT, Some(envelope), None, params());
        let n = left.len();
        assert_eq!(left[..441] == cut[0][..441], own[0], "{envelope:?} at the start");
        assert_eq!(left[n - 441..] == cut[0][n - 441..], own[1], "{envelope:?} at the end");
        assert_eq!(left[441..n - 441], cut[0][441..n - 441], "{envelope:?} between the edges");
    }
}

#[test]
fn the_flanger_follows_the_timing_of_its_voice() {
    let flange = |params: Value, length: Option<f64>| Flange {
        params: object(params),
        initial_offset: 0.5,
        transition_duration: length,
        curve: "linear".to_owned(),
    };
    // `transition_duration` is what the voice reads; the legacy looks for the flanger's under other names
    let timing = || json!({"initial_offset": 0.5, "transition_duration": 0.5});
    let moving = json!({"flangeEnable": true, "startFlangeMix": 0.0, "endFlangeMix": 0.9});
    let end = json!({"flangeEnable": true, "flangeMix": 0.9});
    let late = staged(Compat::INTENDED, None, Some(&flange(end, None)), timing());
    for compat in [Compat::INTENDED, Compat::DEFAULT] {
        let moved = staged(compat, None, Some(&flange(moving.clone(), None)), timing());
        let arrived = apart(&moved, &late, 1.1..1.9) < 1e-3;
        assert_eq!(arrived, compat == Compat::INTENDED);
    }
}

/// Peak above 14 kHz, in decibels of full scale.
fn hiss(sound: &[f32]) -> f64 {
    const HALF: i32 = 256;
    // a high-pass: the identity minus a windowed sinc, stop band below -130 dB
    let cutoff = 14_000.0 / RATE;
    let bessel = |x: f64| {
        (1..40)
            .fold((1.0, 1.0), |(sum, term): (f64, f64), k| {
                let term = term * (x / (2.0 * f64::from(k))).powi(2);
                (sum + term, term)
            })
            .0
    };
    let taps: Vec<f64> = (-HALF..=HALF)
        .map(|k| {
            let x = f64::from(k);
            let sinc = if k == 0 { 2.0 * cutoff } else { (2.0 * PI * cutoff * x).sin() / (PI * x) };
            let window = bessel(16.0 * (1.0 - (x / f64::from(HALF)).powi(2)).sqrt()) / bessel(16.0);
            f64::from(u8::from(k == 0)) - sinc * window
        })
        .collect();
    let peak = sound[4410..sound.len() - 4410]
        .windows(taps.len())
        .map(|part| part.iter().zip(&taps).map(|(x, tap)| f64::from(*x) * tap).sum::<f64>().abs())
        .fold(0.0, f64::max);
    20.0 * peak.log10()
}

#[test]
fn jumps_of_pans_and_paths_make_no_click() {
    let pan = |kind: &str| json!({"panRangeMin": -0.8, "panRangeMax": 0.8, "panType": kind, "panFreq": 5.07, "baseFreq": 300.0});
    let sam2 = |params: Value| with(json!({"modFreq": 3.1}), params);
    let line = json!({"points": [[-1.0, 1.0], [2.0, 0.5]]});
    let behind = json!({"points": [[-1.0, -1.0], [2.0, -0.5]]});
    let cases = [
        ("binaural_beat", pan("inward")),
        ("binaural_beat", pan("outward")),
        ("binaural_beat", with(pan("outward"), json!({"panRangeMax": 1.0, "panRangeMin": -1.0, "panFreq": 40.0}))),
        ("binaural_beat_transition", with(pan("inward"), json!({"startPanFreq": 7.0, "endPanFreq": 1.0}))),
        ("dual_pulse_binaural", with(pan("inward"), json!({"pulseDepth": 0.0}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "closed"}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "closed", "rotationDirection": "ccw"}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "closed", "arcWidthDeg": 360.0}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "closed", "arcWidthDeg": 300.0, "modFreq": -2.0}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "closed", "pathShape": "square"}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "open", "pathShape": "square"}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "discontinuous"}))),
        (
            "spatial_angle_modulation_sam2",
            sam2(json!({"pathType": "discontinuous", "pathShape": "ramp", "rotationDirection": "ccw"})),
        ),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "custom", "customPathProfile": line}))),
        ("spatial_angle_modulation_sam2", sam2(json!({"pathType": "custom", "customPathProfile": behind}))),
        (
            "spatial_angle_modulation_sam2_transition",
            json!({"pathType": "closed", "startModFreq": 1.0, "endModFreq": 9.0, "startArcWidthDeg": 40.0,
                "endArcWidthDeg": 200.0, "startCarrierFreq": 500.0, "endCarrierFreq": 400.0}),
        ),
    ];
    let failures: Vec<String> = cases
        .par_iter()
        .filter_map(|(name, params)| {
            let [left, right] = sound(name, params, 2.0);
            let loudest = hiss(&left).max(hiss(&right));
            (loudest > -120.0).then(|| format!("{name} {params}: {loudest:.0} dBFS"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_rounded_jump_ends_where_the_sharp_one_does() {
    let params =
        json!({"panRangeMin": -0.8, "panRangeMax": 0.8, "panType": "inward", "panFreq": 5.0, "baseFreq": 300.0});
    let (family, _) = find("binaural_beat").expect("registered");
    let render = |smooth_jumps: bool| {
        let context = context(1.0, Compat { smooth_jumps, ..Compat::INTENDED });
        let (mut voice, _) = build(family, false, &context, params.as_object().expect("an object")).expect("valid");
        render(&mut *voice, context.frames)
    };
    let (smooth, sharp) = (render(true), render(false));
    // jumps every 0.2 s, 4 ms to both sides; none at the start
    assert!(apart(&smooth, &sharp, 0.0..0.195) < 1e-6);
    assert!(apart(&smooth, &sharp, 0.205..0.395) < 1e-6);
    assert!(apart(&smooth, &sharp, 0.196..0.204) > 0.1);
}
