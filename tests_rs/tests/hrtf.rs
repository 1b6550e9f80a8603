//! The renderer `hrtf`: measured responses, moving sources, and files that are refused.

use std::f64::consts::TAU;
use std::path::Path;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem};
use realtime_backend_core::media::sofa::{Cues, Hrirs};
use realtime_backend_core::voice::{Block, Context, Voice, registry};
use serde_json::{Map, Value, json};
use tests_rs::golden;

const RATE: f64 = 44_100.0;
const RING: &str = "sofa/synth_ring187_44k.sofa";

type Built = Result<(Box<dyn Voice>, Vec<Problem>), Error>;

fn build_at(rate: f64, rules: Compat, name: &str, duration: f64, params: &Value) -> Built {
    let mut context = Context::new(duration, rate).with_compat(rules);
    context.folder = Some(golden::folder());
    let mut all: Map<String, Value> = params.as_object().unwrap().clone();
    all.insert("rendererMode".to_owned(), json!("hrtf"));
    let (family, transition) = registry::find(name).unwrap();
    registry::build(family, transition, &context, &all)
}

fn build(rules: Compat, duration: f64, params: &Value) -> Built {
    build_at(RATE, rules, "spatial_angle_modulation_sam2", duration, params)
}

fn render(voice: &mut dyn Voice, start: u64, frames: usize) -> (Vec<f32>, Vec<f32>) {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    (left, right)
}

fn set(name: &str) -> std::sync::Arc<Hrirs> {
    Hrirs::open(&golden::folder().join(name)).unwrap()
}

/// Level of a tone in a stretch of whole periods.
fn level(sound: &[f32], rate: f64, frequency: f64) -> f64 {
    let turned = |part: fn(f64) -> f64| {
        sound.iter().enumerate().map(|(n, x)| f64::from(*x) * part(TAU * frequency * n as f64 / rate)).sum::<f64>()
    };
    2.0 * turned(f64::sin).hypot(turned(f64::cos)) / sound.len() as f64
}

/// Gain of a response at a frequency.
fn gain(taps: &[f64], rate: f64, frequency: f64) -> f64 {
    let turned = |part: fn(f64) -> f64| {
        taps.iter().enumerate().map(|(k, tap)| tap * part(TAU * frequency * k as f64 / rate)).sum::<f64>()
    };
    turned(f64::sin).hypot(turned(f64::cos))
}

#[test]
fn every_refused_call_is_refused_with_a_reason() {
    let reasons = [
        ("err_delay_policy", "hrtfOptions.delayPolicy"),
        ("err_no_asset", "needs a SOFA file"),
        ("err_missing_file", "not found as"),
        ("err_hash", "it is another file"),
        ("err_schema", "hrtfOptions.schemaVersion"),
        ("err_interpolation", "hrtfOptions.interpolation"),
        ("err_swapped_ears", "the ears are swapped"),
        ("err_convention", "got \"GeneralFIR\""),
        ("err_zero_distance", "0 has no direction"),
    ];
    let refused = golden::refusals("workbench_hrtf");
    assert_eq!(refused.len(), reasons.len());
    for (name, kwargs) in refused {
        let reason = reasons.iter().find(|(known, _)| *known == name).unwrap().1;
        let mut params = Map::clone(&kwargs);
        for key in ["duration", "sample_rate"] {
            params.shift_remove(key);
        }
        let rate = kwargs["sample_rate"].as_f64().unwrap();
        let built = build_at(rate, Compat::LEGACY, "spatial_angle_modulation_sam2", 0.05, &Value::Object(params));
        let message = built.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains(reason), "{name}: {message:?}");
    }
}

#[test]
fn names_of_the_old_editor_are_understood() {
    for options in [json!({"delayPolicy": "keep_external_delay"}), json!({"interpolation": "spherical_triangular"})] {
        let (_, warnings) = build(Compat::DEFAULT, 0.1, &json!({"hrtfAsset": RING, "hrtfOptions": options})).unwrap();
        let about_names = warnings.iter().filter(|warning| warning.path.starts_with("hrtfOptions")).count();
        assert_eq!(about_names, usize::from(options.get("interpolation").is_some()), "{warnings:?}");
    }
}

#[test]
fn a_still_source_has_the_gains_of_its_direction() {
    let ring = set(RING);
    for (azimuth, frequency) in [(0.0, 300.0), (90.0, 900.0), (-45.0, 3000.0)] {
        let u = [f64::to_radians(azimuth).cos(), f64::to_radians(azimuth).sin(), 0.0];
        let dot = |p: &[f64; 3]| p.iter().zip(u).map(|(a, b)| a * b).sum::<f64>();
        let nearest = (0..ring.positions.len())
            .max_by(|a, b| dot(&ring.positions[*a]).total_cmp(&dot(&ring.positions[*b])))
            .unwrap();
        let params = json!({"hrtfAsset": RING, "modFreq": 0, "directionOffsetDeg": azimuth, "carrierFreq": frequency,
                            "amp": 0.5});
        let (mut voice, warnings) = build(Compat::DEFAULT, 1.0, &params).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        let (left, right) = render(&mut *voice, 4410, 22_050);
        for (ear, sound) in [left, right].iter().enumerate() {
            let expected = 0.5 * gain(ring.response(nearest, ear), RATE, frequency);
            let heard = level(sound, RATE, frequency);
            assert!((heard - expected).abs() < 1e-5, "{azimuth} {ear}: {heard} {expected}");
        }
    }
}

#[test]
fn the_level_does_not_depend_on_the_rate() {
    let heard = |rules: Compat, rate: f64| {
        let params = json!({"hrtfAsset": RING, "modFreq": 0, "directionOffsetDeg": 60, "carrierFreq": 500});
        let (mut voice, _) = build_at(rate, rules, "spatial_angle_modulation_sam2", 1.0, &params).unwrap();
        level(&render(&mut *voice, rate as u64 / 10, rate as usize / 2).0, rate, 500.0)
    };
    let in_db = |rules: Compat| 20.0 * (heard(rules, 48_000.0) / heard(rules, RATE)).log10();
    assert!(in_db(Compat::DEFAULT).abs() < 0.02, "{}", in_db(Compat::DEFAULT));
    assert!((in_db(Compat::LEGACY) - 0.736).abs() < 0.02, "{}", in_db(Compat::LEGACY));
}

/// Movements with every kind of filter, fade and delay.
fn movements() -> Vec<Value> {
    [
        json!({"hrtfAsset": RING, "modFreq": 5, "arcWidthDeg": 300}),
        json!({"hrtfAsset": RING, "modFreq": 9, "arcWidthDeg": 350, "initial_offset": 1.234,
               "hrtfOptions": {"crossfadeMs": 30, "controlIntervalSamples": 50}}),
        json!({"hrtfAsset": RING, "modFreq": 3, "hrtfOptions": {"interpolation": "logmag_delay", "elevationDeg": 7}}),
        json!({"hrtfAsset": "sofa/synth_fib96_48k_delay.sofa", "modFreq": 2, "arcWidthDeg": 200, "canonicalTrajectory": {},
               "hrtfOptions": {"delayPolicy": "preserve_external_delay", "controlIntervalSamples": 1000,
                               "distanceM": 3, "crossfadeMs": 0}}),
        json!({"hrtfAsset": "sofa/synth_plane24_22k.sofa", "modFreq": 7,
               "hrtfOptions": {"interpolation": "logmag_delay", "delayPolicy": "preserve_external_delay"}}),
    ]
    .into()
}

#[test]
fn any_way_of_rendering_gives_the_same_bits() {
    let names = ["spatial_angle_modulation_sam2", "spatial_angle_modulation_sam2_transition"];
    let presets = [Compat::LEGACY, Compat::DEFAULT, Compat::INTENDED];
    for (rules, name) in presets.into_iter().flat_map(|rules| names.map(|name| (rules, name))) {
        for mut params in movements() {
            if name == names[1] {
                params["startCarrierFreq"] = json!(300);
                params["endDirectionOffsetDeg"] = json!(70);
            }
            let (mut voice, _) = build_at(RATE, rules, name, 0.4, &params).unwrap();
            let frames = 17_640;
            let whole = render(&mut *voice, 0, frames);
            let mut fork = voice.fork();
            for (start, count) in [(1, 1), (2047, 3), (5000, 4000), (100, 64), (9999, 7641), (0, 2048)] {
                let part = render(&mut *fork, start as u64, count);
                assert!(part.0 == whole.0[start..start + count], "{params} from {start}");
                assert!(part.1 == whole.1[start..start + count], "{params} from {start}");
            }
            let threads: Vec<_> = (0..2).map(|_| voice.fork()).collect();
            std::thread::scope(|scope| {
                for mut fork in threads {
                    scope.spawn(|| {
                        assert!(
                            render(
                                &mut *{
                                    fork.rest();
                                    fork
                                },
                                0,
                                frames
                            ) == whole,
                            "{params}"
                        )
                    });
                }
            });
        }
    }
}

#[test]
fn a_moving_source_is_a_sum_of_fading_filters() {
    let (ring, frames, fade, interval) = (set(RING), 6000_usize, 441, 128);
    let params = json!({"hrtfAsset": RING, "modFreq": 6, "arcWidthDeg": 300, "carrierFreq": 700, "amp": 0.5,
                        "hrtfOptions": {"elevationDeg": 4}});
    let (mut voice, _) = build(Compat::DEFAULT, 1.0, &params).unwrap();
    let (left, right) = render(&mut *voice, 0, frames);
    let tone: Vec<f64> = (0..frames).map(|n| 0.5 * (TAU * 700.0 * n as f64 / RATE).sin()).collect();
    let nearest = |control: usize| {
        let azimuth = 150.0 * (TAU * 6.0 * (control * interval) as f64 / RATE).sin();
        let ((sin_a, cos_a), (sin_e, cos_e)) = (azimuth.to_radians().sin_cos(), 4.0_f64.to_radians().sin_cos());
        let u = [cos_e * cos_a, cos_e * sin_a, sin_e];
        let dot = |p: &[f64; 3]| p.iter().zip(u).map(|(a, b)| a * b).sum::<f64>();
        (0..ring.positions.len())
            .fold(0, |best, at| if dot(&ring.positions[at]) > dot(&ring.positions[best]) { at } else { best })
    };
    let chosen: Vec<usize> = (0..=frames / interval).map(nearest).collect();
    for n in 0..frames {
        // how far the filter of each control point is faded in; the first one is there from the start
        let risen = |control: usize| match control {
            0 => 1.0,
            _ if control * interval > n => 0.0,
            _ => (((n + 1 - control * interval) as f64) / f64::from(fade)).min(1.0),
        };
        for (ear, sound) in [&left, &right].into_iter().enumerate() {
            let expected: f64 = (0..=n / interval)
                .map(|control| (control, risen(control) - risen(control + 1)))
                .filter(|(_, weight)| *weight > 0.0)
                .map(|(control, weight)| {
                    let taps = ring.response(chosen[control], ear);
                    weight * taps.iter().zip(tone[..=n].iter().rev()).map(|(tap, x)| tap * x).sum::<f64>()
                })
                .sum();
            assert!((f64::from(sound[n]) - expected).abs() < 2e-6, "{n} {ear}: {} {expected}", sound[n]);
        }
    }
}

#[test]
fn a_later_beginning_equals_the_tail() {
    let params = |offset: f64| json!({"hrtfAsset": RING, "modFreq": 4, "arcWidthDeg": 180, "initial_offset": offset});
    let (mut whole, _) = build(Compat::DEFAULT, 1.0, &params(0.0)).unwrap();
    let (mut tail, _) = build(Compat::DEFAULT, 0.5, &params(0.5)).unwrap();
    let (a, b) = (render(&mut *whole, 22_050, 5000), render(&mut *tail, 0, 5000));
    for (a, b) in a.0.iter().zip(&b.0).chain(a.1.iter().zip(&b.1)) {
        assert!((a - b).abs() < 2e-6, "{a} {b}");
    }
}

#[test]
fn a_fast_source_is_not_louder_than_its_filters() {
    let ring = set(RING);
    let loudest = (0..ring.positions.len()).map(|at| gain(ring.response(at, 0), RATE, 440.0)).fold(0.0, f64::max);
    let params = json!({"hrtfAsset": RING, "modFreq": 20, "arcWidthDeg": 350, "amp": 1,
                        "hrtfOptions": {"crossfadeMs": 25, "controlIntervalSamples": 64}});
    let peak = |rules: Compat| {
        let (mut voice, _) = build(rules, 1.0, &params).unwrap();
        let (left, _) = render(&mut *voice, 4410, 30_000);
        left.iter().fold(0.0_f64, |peak, x| peak.max(f64::from(x.abs())))
    };
    assert!(peak(Compat::DEFAULT) <= loudest * 1.001, "{} {loudest}", peak(Compat::DEFAULT));
    assert!(peak(Compat::LEGACY) > loudest * 1.5, "{} {loudest}", peak(Compat::LEGACY));
}

#[test]
fn a_transition_moves_the_tone_and_the_arc() {
    let params = json!({"hrtfAsset": RING, "startCarrierFreq": 2000, "endCarrierFreq": 3000, "modFreq": 0,
                        "startDirectionOffsetDeg": 90, "endDirectionOffsetDeg": -90});
    let name = "spatial_angle_modulation_sam2_transition";
    let (mut voice, _) = build_at(RATE, Compat::DEFAULT, name, 4.0, &params).unwrap();
    let (begin, end) = (render(&mut *voice, 2000, 4410), render(&mut *voice, 170_000, 4410));
    let power = |sound: &[f32]| sound.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let ratios = [power(&begin.0) / power(&begin.1), power(&end.1) / power(&end.0)];
    assert!(ratios.iter().all(|ratio| *ratio > 1.5), "{ratios:?}");
    assert!(level(&begin.0, RATE, 2000.0) > 4.0 * level(&begin.0, RATE, 3000.0));
    assert!(level(&end.1, RATE, 3000.0) > 4.0 * level(&end.1, RATE, 2000.0));
}

#[test]
fn the_ears_of_the_ring_are_those_of_a_head() {
    let ring = set(RING);
    let cues = Cues::of(&ring);
    assert_eq!((ring.positions.len(), ring.taps, ring.sample_rate), (187, 128, RATE));
    assert!((cues.azimuth - 90.0).abs() < 1e-9 && cues.elevation.abs() < 1e-9, "{cues:?}");
    assert!((cues.itd * 1e6 - 663.0).abs() < 12.0, "{cues:?}");
    assert!((cues.ild - 16.4).abs() < 0.1, "{cues:?}");
}

#[test]
fn the_compact_form_sounds_the_same() {
    for name in [RING, "sofa/synth_fib96_48k_delay.sofa", "sofa/synth_plane24_22k.sofa"] {
        let original = set(name);
        let bytes = original.to_compact().unwrap();
        let copy = Hrirs::of_bytes(&bytes, "copy.hrir.npz").unwrap();
        assert_eq!(
            (copy.taps, copy.sample_rate, copy.positions.len()),
            (original.taps, original.sample_rate, original.positions.len())
        );
        let worst = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs()));
        assert!(worst(&copy.responses, &original.responses) < 1e-7, "{name}");
        assert!(worst(copy.positions.as_flattened(), original.positions.as_flattened()) < 1e-6, "{name}");
        let delays = |set: &Hrirs| set.delays_in_samples(false).unwrap();
        assert!(worst(delays(&copy).as_flattened(), delays(&original).as_flattened()) < 1e-5, "{name}");
        assert_eq!(bytes, Hrirs::of_bytes(&bytes, "").unwrap().to_compact().map_or(Vec::new(), |_| bytes.clone()));
    }
}

/// A file that is no set must be refused with a message, and nothing else may happen.
fn refused(bytes: &[u8]) -> Option<String> {
    Hrirs::of_bytes(bytes, "file").err().map(|error| error.to_string())
}

#[test]
fn every_cut_off_file_is_refused_or_whole() {
    for name in [RING, "sofa/synth_plane24_22k.sofa"] {
        let bytes = std::fs::read(golden::folder().join(name)).unwrap();
        let whole = Hrirs::of_bytes(&bytes, "whole").unwrap();
        for end in (0..bytes.len()).step_by(bytes.len() / 400) {
            match Hrirs::of_bytes(&bytes[..end], "cut") {
                Err(error) => assert!(error.to_string().starts_with("cut: "), "{error}"),
                Ok(read) => assert_eq!(read.responses, whole.responses, "{name} {end}"),
            }
        }
        let compact = whole.to_compact().unwrap();
        for end in (0..compact.len()).step_by(compact.len() / 200) {
            assert!(refused(&compact[..end]).is_some(), "{name} {end}");
        }
    }
}

#[test]
fn files_with_changed_bytes_do_no_harm() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize
    };
    for name in [RING, "sofa/synth_plane24_22k.sofa", "sofa/synth_fib96_48k_delay.sofa"] {
        let bytes = std::fs::read(golden::folder().join(name)).unwrap();
        let compact = Hrirs::of_bytes(&bytes, name).unwrap().to_compact().unwrap();
        for original in [&bytes, &compact] {
            for _ in 0..300 {
                let mut changed = original.clone();
                for _ in 0..1 + next() % 8 {
                    // structures are at the beginning
                    let reach = if next() % 2 == 0 { changed.len() } else { changed.len().min(6000) };
                    let at = next() % reach;
                    changed[at] = next() as u8;
                }
                let _ = refused(&changed);
            }
        }
    }
    assert!(refused(b"").is_some() && refused(b"RIFF....WAVE").is_some() && refused(&[0x89; 4096]).is_some());
}

#[test]
fn a_missing_file_names_the_places() {
    let error =
        build(Compat::DEFAULT, 0.1, &json!({"hrtfAsset": "ears.sofa", "hrtfOptions": {"projectDirectory": "my"}}));
    let message = error.err().unwrap().to_string();
    let place = |path: &Path| message.contains(&path.display().to_string());
    assert!(message.starts_with("hrtfAsset: "), "{message}");
    assert!(place(&golden::folder().join("my/ears.sofa")) && place(&golden::folder().join("ears.sofa")), "{message}");
}
