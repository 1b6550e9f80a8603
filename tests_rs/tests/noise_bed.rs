//! Beds from `.noise` files: the recorded one, and shipped files over an hour.

use realtime_backend_core::compat::Compat;
use realtime_backend_core::track::NoiseFile;
use realtime_backend_core::voice::families::noise::bed;
use realtime_backend_core::voice::families::noise::bed::Bed;
use realtime_backend_core::voice::{Block, Context, Voice};
use serde_json::{Value, json};
use tests_rs::golden;

fn bed(context: &Context, content: &Value) -> Bed {
    let (file, _) = NoiseFile::from_map(content.as_object().expect("an object")).expect("a valid file");
    let (transition, params) = file.background_voice(&context.compat);
    bed::build(context, transition, &params).expect("a valid bed")
}

fn stretch(voice: &mut dyn Voice, start: u64, frames: usize) -> [Vec<f32>; 2] {
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    voice.render(start, Block::new(&mut left, &mut right));
    [left, right]
}

fn rms(x: &[f32]) -> f64 {
    (x.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / x.len() as f64).sqrt()
}

#[test]
fn the_recorded_bed_is_reproduced_under_all_rules() {
    let case = golden::tracks().into_iter().find(|t| t.name == "clips_and_background").expect("the track");
    let recorded = case.array("background_source").expect("the layer's source");
    let text = std::fs::read_to_string(golden::folder().join("tracks/media/bed.noise")).expect("bed.noise");
    let content: Value = serde_json::from_str(&text).expect("JSON");
    for compat in [Compat::LEGACY, Compat::DEFAULT, Compat::INTENDED] {
        let rate = 22_050.0;
        let mut context = Context::new(30.0, rate).with_compat(compat);
        context.folder = Some(golden::folder().join("tracks"));
        let mut made = bed(&context, &content);
        assert_eq!(made.frames, recorded.frames() as u64, "as long as the file");
        let [left, right] = stretch(&mut *made.voice, 0, recorded.frames());
        let (error, frame) = recorded.worst_planar(&left, &right);
        assert!(error < 1e-6, "{error:e} at {frame}");
        // It is silent after its end.
        assert!(stretch(&mut *made.voice, made.frames, 1000).iter().flatten().all(|v| *v == 0.0));
    }
}

/// The content of the shipped files, without keys that have no effect.
fn shipped() -> Vec<(&'static str, Value)> {
    vec![
        (
            "Brown-Noise",
            json!({"lfo_freq": 0.0833, "noise_parameters": {"name": "Brown", "exponent": 2.0,
            "high_exponent": 2.0, "distribution_curve": 1.0, "lowcut": 50, "highcut": 20000, "amplitude": 1.0, "seed": 1}}),
        ),
        (
            "Pink-Noise",
            json!({"lfo_freq": 0.0833, "noise_parameters": {"name": "low pink", "exponent": 1.25,
            "high_exponent": 2.0, "distribution_curve": 1.0, "lowcut": 50, "highcut": 20000, "amplitude": 0.8, "seed": 1}}),
        ),
        (
            "Rolling-Green",
            json!({"lfo_freq": 0.0415, "start_lfo_phase_offset_deg": 30, "start_intra_phase_offset_deg": 180,
            "noise_parameters": {"name": "Green 2", "exponent": 0.8, "high_exponent": 1.75, "distribution_curve": 1.0,
                "lowcut": 50.0, "highcut": 800.0, "amplitude": 0.85, "seed": 1},
            "sweeps": [
                {"start_min": 100, "start_max": 2000, "start_q": 25, "start_casc": 10, "end_min": 1000, "end_max": 10000},
                {"start_min": 250, "start_max": 7000, "start_q": 5, "start_casc": 3, "end_min": 500, "end_max": 1000},
                {"start_min": 2000, "start_max": 16000, "start_q": 5, "start_casc": 1, "end_min": 1850, "end_max": 3350}]}),
        ),
    ]
}

#[test]
fn shipped_files_keep_an_even_level_for_an_hour() {
    for (name, content) in shipped() {
        for rate in [44_100.0, 96_000.0] {
            let context = Context::new(3600.0, rate);
            let mut made = bed(&context, &content);
            assert_eq!(made.frames, context.frames);
            assert!(made.warnings.is_empty(), "{name}: {:?}", made.warnings);
            // Stretches of 26 s, longer than any of their sweeps, at the start, in the middle and at the end.
            let frames = (26.0 * rate) as usize;
            let levels: Vec<f64> = [0, context.frames / 2, context.frames - frames as u64]
                .into_iter()
                .flat_map(|start| stretch(&mut *made.voice, start, frames))
                .map(|plane| {
                    assert!(plane.iter().all(|v| v.is_finite() && v.abs() <= 0.95));
                    20.0 * rms(&plane).log10()
                })
                .collect();
            let spread =
                levels.iter().fold(f64::MIN, |a, b| a.max(*b)) - levels.iter().fold(f64::MAX, |a, b| a.min(*b));
            println!("{name} at {rate}: {levels:.2?} dB");
            assert!(spread < 0.6, "{name}: {levels:?}");
            assert!((-24.0..-10.0).contains(&levels[0]), "{name}: {levels:?}");
        }
    }
}

#[test]
fn a_file_that_only_names_a_colour_gives_that_colour() {
    // The share of high frequencies tells brown from pink; the legacy rules give pink for any name.
    let bright = |content: &Value, compat: Compat| {
        let context = Context::new(4.0, 44_100.0).with_compat(compat);
        let [left, _] = stretch(&mut *bed(&context, content).voice, 0, context.frames as usize);
        let slope: Vec<f32> = left.windows(2).map(|w| w[1] - w[0]).collect();
        rms(&slope) / rms(&left)
    };
    for content in [
        json!({"noise_parameters": {"name": "Brown"}}),
        json!({"noise_type": "brown"}),
        json!({"color_params": {"name": "brown"}}),
    ] {
        let (brown, pink) = (bright(&content, Compat::DEFAULT), bright(&content, Compat::LEGACY));
        assert!(brown < 0.5 * pink, "{content}: {brown} {pink}");
    }
}

#[test]
fn transition_beds_jump_or_glide_to_their_end_values() {
    let content = |duration: f64| {
        json!({"transition": true, "initial_offset": 1.0, "duration": duration,
            "noise_parameters": {"exponent": 0.0, "seed": 3}, "start_lfo_freq": 0.0, "end_lfo_freq": 0.0,
            "sweeps": [{"start_min": 500, "start_max": 500, "end_min": 4000, "end_max": 4000, "start_q": 2, "end_q": 2}]})
    };
    let context = Context::new(4.0, 44_100.0);
    let jump = stretch(&mut *bed(&context, &content(0.0)).voice, 0, context.frames as usize);
    let glide = stretch(&mut *bed(&context, &content(2.0)).voice, 0, context.frames as usize);
    // Both filter the same noise: they agree before the offset and at the end, but not in between.
    let alike = |from: usize, to: usize| {
        let (a, b) = (&jump[0][from..to], &glide[0][from..to]);
        let dot: f64 = a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum();
        dot / (rms(a) * rms(b) * a.len() as f64)
    };
    assert!(alike(0, 40_000) > 0.999 && alike(140_000, 176_000) > 0.999);
    assert!(alike(60_000, 80_000) < 0.98, "{}", alike(60_000, 80_000));
}
