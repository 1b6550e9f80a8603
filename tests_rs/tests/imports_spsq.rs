//! `.spsq` files: movements between presets, kinds of tracks, files that are extended, messages.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use proptest::prelude::*;
use realtime_backend_core::error::Error;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::render_array;
use realtime_backend_core::track::import::{self, ImportOptions, Imported, Kind, Values};
use realtime_backend_core::track::{self, LoadOptions, Movement, Track};

fn try_read(text: &str, folder: Option<&std::path::Path>) -> Result<Imported, Error> {
    let importer = import::IMPORTERS.iter().find(|importer| importer.name() == "spsq").unwrap();
    let folder = folder.map(std::path::Path::to_owned);
    importer.read(text, &ImportOptions { name: "a.spsq".to_owned(), folder, ..ImportOptions::default() })
}

fn read(text: &str) -> Imported {
    try_read(text, None).unwrap_or_else(|error| panic!("{error}"))
}

fn values(imported: &Imported, lane: usize, time: f64) -> Values {
    imported.lanes.lanes[lane].at(time).map(|(_, values)| values).unwrap_or_default()
}

const TWO: &str = "alpha\n  tone 200 binaural 10 amplitude 20\n  noise pink amplitude 30\nbeta\n  tone 100 binaural 4 amplitude 40\n  noise pink amplitude 10\n";

#[test]
fn lanes_move_from_preset_to_preset() {
    let found = read(&format!("# head\n## kept\n@volume 50\n{TWO}00:00:00 alpha\n00:01:00 beta\n00:02:00 beta\n"));
    assert_eq!(found.warnings, []);
    assert_eq!((found.lanes.end, &found.metadata["description"]), (120.0, &"kept".into()));
    let middle = values(&found, 0, 30.0);
    assert!((middle.carrier - 150.0).abs() < 1e-12 && (middle.beat - 7.0).abs() < 1e-12);
    assert!((middle.amps[0] - 0.15).abs() < 1e-12);
    assert!((values(&found, 1, 30.0).amps[0] - 0.1).abs() < 1e-12);
    assert_eq!(values(&found, 0, 90.0), Values::new(100.0, 4.0, 0.2));
}

#[test]
fn silence_takes_the_other_side_without_sound() {
    let found = read(&format!("{TWO}00:00:00 silence\n00:01:00 alpha\n00:02:00 silence\n"));
    assert!((values(&found, 0, 30.0).amps[0] - 0.1).abs() < 1e-12 && values(&found, 0, 30.0).carrier == 200.0);
    assert!((values(&found, 0, 90.0).amps[0] - 0.1).abs() < 1e-12);
}

#[test]
fn curves_go_from_end_to_end_and_bend_as_named() {
    for (curve, quarter) in
        [("steady", 0.25..0.2501), ("ease-in", 0.0..0.2), ("ease-out", 0.3..1.0), ("smooth", 0.0..0.2)]
    {
        let found = read(&format!("{TWO}00:00:00 alpha {curve}\n00:01:00 beta\n00:02:00 alpha\n"));
        let moved = |time: f64| (200.0 - values(&found, 0, time).carrier) / 100.0;
        assert!(quarter.contains(&moved(15.0)), "{curve}: {}", moved(15.0));
        assert!(moved(0.0).abs() < 1e-12 && (moved(59.999_999) - 1.0).abs() < 1e-3);
        assert!((0..60).all(|s| moved(f64::from(s)) <= moved(f64::from(s) + 0.5)), "{curve}");
        // and the voice in the track has the same curve
        let (track, _) = Track::from_value(found.to_value().unwrap()).unwrap();
        assert!(Plan::compile(&track, &PlanOptions::default()).is_ok(), "{curve}");
    }
}

#[test]
fn steps_go_there_and_back_and_end_there() {
    let found = read(&format!("{TWO}00:00:00 alpha steady 2\n00:01:40 beta\n00:02:00 beta\n"));
    let carriers: Vec<f64> = (0..=5).map(|k| values(&found, 0, f64::from(k) * 20.0).carrier.round()).collect();
    assert_eq!(carriers, [200.0, 100.0, 200.0, 100.0, 200.0, 100.0]);
}

#[test]
fn another_kind_fades_out_before_and_in_after_the_border() {
    let text = "a\n  tone 200 amplitude 20\nb\n  noise white amplitude 40\n00:00:00 a\n00:02:00 b\n00:04:00 b\n";
    let found = read(text);
    let amp = |time: f64| values(&found, 0, time).amps[0];
    let near = |time: f64, wanted: f64| assert!((amp(time) - wanted).abs() < 1e-9, "{time}: {}", amp(time));
    for (time, wanted) in [(60.0, 0.2), (90.0, 0.2), (105.0, 0.1), (135.0, 0.2), (150.0, 0.4), (200.0, 0.4)] {
        near(time, wanted);
    }
    let kinds: Vec<bool> =
        found.lanes.lanes[0].stretches.iter().map(|stretch| matches!(stretch.kind, Kind::Noise(_))).collect();
    assert_eq!(
        kinds.iter().filter(|noise| !**noise).count() + kinds.iter().filter(|noise| **noise).count(),
        kinds.len()
    );
    assert!(!kinds[0] && kinds[kinds.len() - 1]);
}

#[test]
fn templates_are_changed_absolutely_and_relatively() {
    let text = "base as template\n  tone 200 binaural 10 amplitude 20\n  tone 300 isochronic 5 amplitude 10\n\
                one from base\n  track 1 tone 150\n  track 1 binaural -2.5\n  track 2 amplitude +5\n\
                00:00:00 one\n00:01:00 one\n";
    let found = read(text);
    assert_eq!(found.warnings, []);
    assert_eq!(values(&found, 0, 1.0), Values::new(150.0, 7.5, 0.2));
    assert!((values(&found, 1, 1.0).amps[0] - 0.15).abs() < 1e-12);
    assert!(matches!(found.lanes.lanes[1].stretches[0].kind, Kind::Pulsed(..)));
}

#[test]
fn music_plays_once_and_ambiances_loop_beside_it() {
    let text = "@ambiance rain rain.wav\n@music piano piano.mp3\n\
                a\n  ambiance rain amplitude 50\n  music piano amplitude 80\n\
                00:00:00 a\n00:01:00 a\n";
    let found = read(text);
    let kinds: Vec<_> = found.lanes.lanes.iter().map(|lane| &lane.stretches[0].kind).collect();
    assert!(matches!(kinds[..], [Kind::Audio(rain), Kind::Audio(piano)] if rain.looped && !piano.looped), "{kinds:?}");
    assert_eq!(found.warnings, []);
}

/// Left and right of a text, from the beginning of its track on.
fn sound(text: &str) -> [Vec<f64>; 2] {
    let (track, warnings) = track::open_text(text, &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(warnings, []);
    let (plan, warnings) = Plan::compile(&track, &PlanOptions::default()).unwrap();
    assert_eq!(warnings, []);
    let out = render_array(&Arc::new(plan), 0, None, 1, &mut |_| true).unwrap();
    [0, 1].map(|ear| out.iter().skip(ear).step_by(2).map(|x| f64::from(*x)).collect())
}

#[test]
fn effects_are_heard_and_run_on_from_entry_to_entry() {
    let table = "00:00:00 a\n00:00:05 a\n00:00:11 a\n";
    // the middle entry begins a step, and the cycles go on there
    let gain = |t: f64| 1.0 - 0.6 * (0.5 + 0.5 * (TAU * 1.3 * t).cos());
    let pan = |t: f64| 0.4 * (TAU * 1.3 * t).sin();
    let at = |track: &str, effect: &str| {
        sound(&format!("a\n  {track} {effect} amplitude 30\n  tone 400 amplitude 0.1\n{table}"))
    };
    let (modulation, swing) = ("effect modulation 1.3 intensity 60", "effect pan 1.3 intensity 40");
    for track in [
        "noise white",
        "noise pink",
        "noise brown",
        "tone 200 binaural 6",
        "tone 200 monaural 6",
        "tone 200 isochronic 6",
    ] {
        let (plain, moved, panned) = (at(track, ""), at(track, modulation), at(track, swing));
        let tone = track.starts_with("tone");
        // without the other tone, and between the short fades at both ends
        for i in (600..480_000).step_by(7) {
            let t = i as f64 / 44_100.0;
            let other = 1e-3 * (TAU * (400.0 * ((i + 1) as f64 / 44_100.0)).fract()).sin();
            let own = |ears: &[Vec<f64>; 2], ear: usize| ears[ear][i] - other;
            for ear in 0..2 {
                let wanted = own(&plain, ear) * gain(t);
                assert!((own(&moved, ear) - wanted).abs() < 2e-4, "{track} {t}: {} {wanted}", own(&moved, ear));
                let side = pan(t) * if ear == 0 { -1.0 } else { 1.0 };
                let level = if tone { 2_f64.sqrt() * (PI / 4.0 * (1.0 - side)).cos() } else { (1.0 + side).min(1.0) };
                let wanted = own(&plain, ear) * level;
                assert!((own(&panned, ear) - wanted).abs() < 2e-4, "{track} {t}: {} {wanted}", own(&panned, ear));
            }
        }
    }
}

#[test]
fn effects_move_and_are_changed_by_templates() {
    let text = "base as template\n  noise pink effect modulation 4 intensity 50 amplitude 30\n\
                a from base\n  track 1 modulation 8\n  track 1 intensity +30\n\
                plain\n  noise pink amplitude 30\n\
                00:00:00 plain\n00:01:00 a\n00:02:00 base\n";
    let found = read(text);
    assert_eq!(found.warnings, []);
    let effect =
        |time: f64| values(&found, 0, time).effect.map(|effect| (effect.rate, (effect.depth * 1e9).round() / 1e9));
    assert_eq!(
        (effect(0.0), effect(30.0), effect(60.0), effect(90.0)),
        (None, Some((8.0, 0.4)), Some((8.0, 0.8)), Some((6.0, 0.65)))
    );
    for (line, said) in [("effect doppler 3 intensity 20", "doppler"), ("smooth 20", "smooth")] {
        let found = read(&format!("a\n  noise pink {line} amplitude 30\n00:00:00 a\n00:01:00 a\n"));
        assert!(found.warnings.len() == 1 && found.warnings[0].message.contains(said), "{:?}", found.warnings);
    }
}

#[test]
fn effects_of_files_are_those_of_clips_and_beds() {
    let text = "@ambiance rain rain.wav\na\n  ambiance rain effect pan 0.5 intensity 80 amplitude 50\n00:00:00 a\n00:01:00 a\n";
    let (track, _) = Track::from_value(read(text).to_value().unwrap()).unwrap();
    let movement = track.background.unwrap().movement;
    assert_eq!(movement, Movement { pan_rate: 0.5, pan_width: 0.8, ..Movement::default() });
    let text = "@ambiance rain rain.wav\n\
                a\n  ambiance rain effect modulation 3 intensity 80 amplitude 50\n\
                b\n  ambiance rain amplitude 50\n00:00:00 a\n00:02:00 b\n00:04:00 b\n";
    let (track, _) = Track::from_value(read(text).to_value().unwrap()).unwrap();
    let places: Vec<_> = track.clips.iter().map(|clip| (clip.start, clip.movement.am_rate)).collect();
    assert_eq!(places, [(0.0, 3.0), (0.0, 0.0)], "the file goes on where its effect ends");
    assert_eq!(track.clips[1].amp_envelope[0], (120.0, [0.0; 2]));
}

#[test]
fn extended_files_and_ambiances_are_looked_up_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base.spsc"), "@ambiance rain sounds/rain\ncalm\n  ambiance rain amplitude 50\n")
        .unwrap();
    std::fs::create_dir(folder.path().join("sounds")).unwrap();
    std::fs::write(folder.path().join("sounds/rain.mp3"), "").unwrap();
    let text = "@extends base\n00:00:00 silence\n00:01:00 calm\n";
    let found = try_read(text, Some(folder.path())).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(&found.lanes.lanes[0].stretches[0].kind, Kind::Audio(file) if &*file.path == "sounds/rain.mp3"));
    let path = folder.path().join("x.spsq");
    std::fs::write(&path, text).unwrap();
    let (track, _) = track::open(&path, &LoadOptions::filling_starts(), &[]).unwrap();
    assert_eq!(track.background.unwrap().amp_envelope, [(0.0, [0.0; 2]), (60.0, [0.5; 2])]);
}

#[test]
fn mistakes_are_errors_with_a_line() {
    for (text, line) in [
        (format!("{TWO}00:00:10 alpha\n00:01:00 beta\n"), 7),
        (format!("{TWO}00:00:00 alpha\n00:00:00 beta\n"), 8),
        (format!("{TWO}00:00:00 alpha\n"), 1),
        (format!("{TWO}00:00:00 gamma\n00:01:00 beta\n"), 7),
        (format!("{TWO}00:00:00 alpha fast\n00:01:00 beta\n"), 7),
        (format!("{TWO}0:0 alpha\n00:01:00 beta\n"), 7),
        ("  tone 200 amplitude 3\n".to_owned(), 1),
        ("a\n  tone x amplitude 3\n".to_owned(), 2),
        ("a\n  tone 200 binaural 3\n".to_owned(), 2),
        ("a\n  tune 200 amplitude 3\n".to_owned(), 2),
        ("a from b\n".to_owned(), 1),
        ("@ambiance x ../x\n".to_owned(), 1),
        ("@music x /etc/x\n".to_owned(), 1),
        ("@music x https://a/b\n".to_owned(), 1),
        ("@extends nothing\n".to_owned(), 1),
        ("silence\n".to_owned(), 1),
    ] {
        match try_read(&text, None) {
            Err(Error::Invalid(found)) => {
                assert!(found[0].path.starts_with(&format!("a.spsq:{line}:")), "{text}: {found:?}");
                assert!(found[0].excerpt.is_some());
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn the_format_is_recognised_by_its_content() {
    let name = |text: &str| import::recognised(text.as_bytes(), None).map(|importer| importer.name());
    assert_eq!(name(&format!("# x\n{TWO}00:00:00 alpha\n00:01:00 beta\n")), Some("spsq"));
    assert_eq!(name("@volume 80\n"), Some("spsq"));
    assert_eq!(name("-SE\na: 200+4/20\n"), Some("sbg"));
    assert_eq!(name("tone: 200+4/20\n"), Some("sbg"));
    assert_eq!(name("<?xml version=\"1.0\"?><schedule/>"), Some("gnaural"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_gives_a_result_or_an_error(text in "(@|  |\\n|tone|noise|effect|pan|intensity|pink|amplitude|track|from|as|00:00:0|[0-9]| |a|b|-){0,60}") {
        let _ = try_read(&text, None).map(|found| found.to_value());
    }

    #[test]
    fn any_table_becomes_a_track(table in proptest::collection::vec((0..4_usize, 1..50_u32, 0..4_usize, 0..3_usize), 2..8)) {
        let mut text = format!("{TWO}gamma\n  noise white amplitude 5\n  tone 90 isochronic 3 amplitude 9\n");
        let mut time = 0;
        for (index, (name, seconds, curve, steps)) in table.iter().enumerate() {
            let names = ["alpha", "beta", "gamma", "silence"];
            let curves = ["steady", "ease-in", "ease-out", "smooth"];
            time += if index == 0 { 0 } else { *seconds };
            text += &format!("00:{:02}:{:02} {} {} {steps}\n", time / 60, time % 60, names[*name], curves[*curve]);
        }
        let found = try_read(&text, None).unwrap_or_else(|error| panic!("{error}\n{text}"));
        for lane in &found.lanes.lanes {
            for pair in lane.stretches.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from + 1e-9);
            }
        }
        prop_assert!(Track::from_value(found.to_value().unwrap()).is_ok());
    }
}
