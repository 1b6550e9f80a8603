//! The normalization `none`: voices sound at the amplitudes that they state, everywhere, and nothing is measured first.

use std::path::Path;
use std::sync::Arc;

use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::Problem;
use realtime_backend_core::plan::{IncrementalAnalysis, LayerGains, Plan, PlanOptions};
use realtime_backend_core::render::encode::{Container, FileFormat, Subtype};
use realtime_backend_core::render::{ExportOptions, TargetLevel, render_array, render_to_file};
use realtime_backend_core::stream::{Playing, StreamClips};
use realtime_backend_core::track::{LoadOptions, Track};
use serde_json::{Value, json};

/// Frequency in Hz of the tones: 100 samples per cycle at 44.1 kHz, so that a sample meets each extreme.
const CARRIER: f64 = 441.0;

fn tone(amplitude: f64) -> Value {
    json!({"synth_function_name": "binaural_beat",
           "params": {"baseFreq": CARRIER, "beatFreq": 0, "ampL": amplitude, "ampR": amplitude}})
}

fn step(seconds: f64, voices: &[Value]) -> Value {
    json!({"duration": seconds, "voices": voices})
}

fn absolute(steps: &[Value]) -> Value {
    json!({"global": {"normalization": "none", "crossfade_duration": 0}, "progression": steps})
}

fn loaded(document: &Value, compat: Option<Compat>) -> (Track, Vec<Problem>) {
    let options = LoadOptions { compat, ..LoadOptions::default() };
    Track::from_value_with(document.clone(), &options).expect("a track")
}

fn plan_under(document: &Value, compat: Option<Compat>, gains: LayerGains) -> Arc<Plan> {
    let (track, problems) = loaded(document, compat);
    assert_eq!(problems, []);
    let (plan, _) = Plan::compile(&track, &PlanOptions { compat, gains, ..PlanOptions::default() }).expect("a plan");
    Arc::new(plan)
}

fn plan(document: &Value) -> Arc<Plan> {
    plan_under(document, None, LayerGains::default())
}

fn peak(sound: &[f32]) -> f64 {
    f64::from(sound.iter().fold(0.0_f32, |most, x| most.max(x.abs())))
}

/// Peak of the rendered track between two times.
fn rendered(plan: &Arc<Plan>, from: f64, to: f64) -> f64 {
    let rate = f64::from(plan.sample_rate());
    let (start, end) = ((from * rate) as u64, (to * rate) as u64);
    peak(&render_array(plan, start, Some(end - start), 2, &mut |_| true).expect("audio"))
}

fn written(plan: &Arc<Plan>, folder: &Path, target_level: TargetLevel) -> f64 {
    let format = FileFormat::new(Container::Wav).with_subtype(Subtype::Float32);
    let path = folder.join("out.wav");
    let options = ExportOptions { target_level, ..ExportOptions::new(format) };
    render_to_file(plan, &path, &options, &mut |_| true).expect("a file");
    let audio = realtime_backend_core::media::decode_file(&path).expect("audio");
    audio.channels().iter().map(|channel| peak(channel)).fold(0.0, f64::max)
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-6, "{got} instead of {want}");
}

#[test]
fn stated_amplitudes_are_peaks_in_memory_file_and_stream() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = absolute(&[step(2.0, &[tone(0.2)])]);
    let track = loaded(&document, None).0;
    let plan = plan(&document);
    let mut playing = Playing::new(Arc::clone(&plan), StreamClips::of(&track, &plan, 1.0), 0);
    let (mut left, mut right) = (vec![0.0; 44_100], vec![0.0; 44_100]);
    playing.render(0, &mut left, &mut right);
    close(peak(&left), 0.2);
    close(peak(&right), 0.2);
    close(rendered(&plan, 0.0, 2.0), 0.2);
    close(written(&plan, folder.path(), TargetLevel::Track), 0.2);
}

#[test]
fn plans_with_stated_levels_are_final_when_they_are_compiled() {
    let plan = plan(&absolute(&[step(2.0, &[tone(0.2)]), step(2.0, &[])]));
    assert!(plan.has_final_levels() && plan.next_unresolved(0).is_none());
    plan.measure(0, 2, 1, &mut |_| true).expect("levels");
    assert!(plan.steps()[0].measured().is_none(), "nothing was rendered to find the levels");
    assert!(!IncrementalAnalysis::new(plan).advance(0).expect("nothing to do"));
}

#[test]
fn voices_that_level_themselves_are_prepared_before_they_are_played() {
    let voice = json!({"synth_function_name": "spatial_angle_modulation"});
    let plan = plan(&absolute(&[step(1.0, &[voice])]));
    let mut analysis = IncrementalAnalysis::new(Arc::clone(&plan));
    assert!(plan.has_final_levels());
    assert!(plan.next_unresolved(0).is_some() && analysis.advance(0).expect("measured"));
    assert!(plan.next_unresolved(0).is_none(), "the level of the voice is known");
    assert!(plan.steps()[0].measured().is_none(), "and that of the step is not needed");
    assert!((0..2).any(|_| !analysis.advance(0).expect("measured")));
}

#[test]
fn neither_continuity_nor_ceiling_nor_peak_targets_change_stated_levels() {
    let mut document =
        absolute(&[step(1.0, &[tone(0.8)]), step(1.0, &[tone(0.02)]), step(1.0, &[tone(0.9), tone(0.9)])]);
    document["global"]["preserve_relative_step_loudness"] = json!(true);
    document["global"]["normalization_level"] = json!(0.5);
    let plan = plan(&document);
    for (at, want) in [(0.0, 0.8), (1.0, 0.02), (2.0, 1.8)] {
        close(rendered(&plan, at + 0.1, at + 0.9), want);
    }
}

#[test]
fn bus_volumes_are_plain_gains_under_stated_levels() {
    let mut document = absolute(&[step(1.0, &[tone(0.4)])]);
    document["progression"][0]["binaural_volume"] = json!(0.75);
    close(rendered(&plan(&document), 0.1, 0.9), 0.3);
    let mut noise = document.clone();
    noise["progression"][0]["voices"][0]["voice_type"] = json!("noise");
    close(rendered(&plan(&noise), 0.1, 0.9), 0.4);
    let gains = LayerGains { voices: 0.5, ..LayerGains::default() };
    close(rendered(&plan_under(&document, None, gains), 0.1, 0.9), 0.15);
}

#[test]
fn the_word_of_the_track_wins_over_the_switch() {
    let mut document = json!({"progression": [step(1.0, &[tone(0.2)])]});
    let under =
        |document: &Value, compat| rendered(&plan_under(document, Some(compat), LayerGains::default()), 0.1, 0.9);
    close(under(&document, Compat::INTENDED), 0.2);
    close(under(&document, Compat::DEFAULT), 0.95 * 0.48);
    document["global"] = json!({"normalization": "step"});
    close(under(&document, Compat::INTENDED), 0.95 * 0.48);
    document["global"] = json!({"normalization": "none"});
    close(under(&document, Compat::DEFAULT), 0.2);
    close(under(&document, Compat::LEGACY), 0.2);
}

#[test]
fn an_explicit_peak_of_a_file_counts_under_stated_levels() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = plan(&absolute(&[step(1.0, &[tone(0.1)]), step(1.0, &[tone(0.2), tone(0.05)])]));
    close(written(&plan, folder.path(), TargetLevel::Peak(0.5)), 0.5);
    close(written(&plan, folder.path(), TargetLevel::Mix), 0.25);
}

#[test]
fn a_step_begins_at_the_level_where_a_fade_ended() {
    let fade = json!({"synth_function_name": "binaural_beat", "is_transition": true, "voice_id": "a", "params": {
        "startBaseFreq": CARRIER, "startBeatFreq": 0,
        "startAmpL": 0.5, "endAmpL": 0.05, "startAmpR": 0.5, "endAmpR": 0.05}});
    let document = json!({"global": {"compat": "intended", "crossfade_duration": 0.5},
                          "progression": [step(10.0, &[fade]), step(10.0, &[tone(0.05)])]});
    let plan = plan(&document);
    close(rendered(&plan, 11.0, 11.1), 0.05);
    close(rendered(&plan, 15.0, 15.1), 0.05);
    assert!((rendered(&plan, 9.45, 9.5) - 0.075).abs() < 0.003);
}

#[test]
fn sums_above_full_scale_are_reported_with_peak_and_time() {
    let (track, _) = loaded(&absolute(&[step(70.0, &[tone(0.5)]), step(70.0, &[tone(0.7), tone(0.7)])]), None);
    let found = Plan::findings(&track, &PlanOptions::default()).expect("findings");
    let about: Vec<&str> =
        found.iter().map(|problem| problem.message.as_str()).filter(|m| m.contains("peak of")).collect();
    assert_eq!(about.len(), 1, "{found:?}");
    assert!(about[0].contains("is 1.40, 2.9 dB above full scale, at 1:1"), "{}", about[0]);
    let (track, _) = loaded(&absolute(&[step(70.0, &[tone(0.5), tone(0.5)])]), None);
    assert_eq!(Plan::findings(&track, &PlanOptions::default()).expect("findings"), []);
}

#[test]
fn an_unknown_normalization_is_a_warning_with_a_suggestion() {
    let document = json!({"global": {"normalization": "steps"}, "progression": [step(1.0, &[tone(0.2)])]});
    let (track, problems) = loaded(&document, None);
    assert_eq!(track.globals.normalization, None);
    assert!(problems[0].path == "global.normalization" && problems[0].message.contains("step"), "{problems:?}");
}
