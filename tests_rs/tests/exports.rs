//! Tracks as `.sbg` and `.gnaural` files: what is written and read again is the same; what does not fit is named.

use std::path::Path;

use realtime_backend_core::error::Error;
use realtime_backend_core::track::export::EXPORTERS;
use realtime_backend_core::track::import::{self, ImportOptions};
use realtime_backend_core::track::{self, LoadOptions, Track};
use serde_json::{Value, json};

fn load(text: &str) -> Track {
    track::open_text(text, &LoadOptions::filling_starts(), &[]).unwrap_or_else(|error| panic!("{error}")).0
}

fn write(track: &Track, format: &str) -> Result<String, Error> {
    EXPORTERS.iter().find(|exporter| exporter.name == format).unwrap().text(track)
}

/// The steps without their labels.
fn steps(track: &Track) -> Vec<Value> {
    let mut steps = track.to_value()["progression"].as_array().unwrap().clone();
    for step in &mut steps {
        step.as_object_mut().unwrap().shift_remove("description");
    }
    steps
}

#[test]
fn sbg_files_written_again_give_the_same_track() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../parity/golden/import");
    for name in ["blocks", "fades", "kinds", "marks", "slide", "short"] {
        let first = load(&std::fs::read_to_string(folder.join(format!("{name}.sbg"))).unwrap());
        let text = write(&first, "sbg").unwrap_or_else(|error| panic!("{name}: {error}"));
        let second = load(&text);
        assert_eq!(steps(&second), steps(&first), "{name}:\n{text}");
        assert_eq!(write(&second, "sbg").unwrap(), text, "{name}");
    }
    let shaped = "-SE\nwave03: 0 1 1\nwave04: 5 4 0.5\n\
                  a: square:200+4/20 wave04:150-6/30 300@5/12.5 triangle:100/7\nb: square:180+4/10 wave04:150-2/30 310@4/20 -\n\
                  c: wave03:100+1/3 sawtooth:90-2/4\n0:00 == a ->\n0:04 == b\n0:06 == c\n0:08 c\n";
    let first = load(shaped);
    let text = write(&first, "sbg").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(steps(&load(&text)), steps(&first), "{text}");
    assert!(text.contains("wave01: ") && text.contains("square:200+4/20") && text.contains("300@5/12.5"), "{text}");
    let bells = "-SE\na: bell+432/30 spin:300+4/40 200-10/20 - white/3.3\nb: bell+528/30 spin:150+8/20 180+4/30 100/7\noff: -\n\
                 0:00 == a ->\n0:04 == b\n0:05 == a\n0:08 off\n";
    let first = load(bells);
    let text = write(&first, "sbg").unwrap();
    assert_eq!(steps(&load(&text)), steps(&first), "{text}");
}

#[test]
fn gnaural_files_written_again_have_the_same_numbers() {
    let entry = |numbers: [f64; 5]| {
        let [duration, left, right, beat, base] = numbers;
        format!(
            "<entry parent=\"0\" duration=\"{duration}\" volume_left=\"{left}\" volume_right=\"{right}\" beatfreq=\"{beat}\" basefreq=\"{base}\" state=\"0\"/>"
        )
    };
    let voice = |kind: u8, entries: &[[f64; 5]]| {
        let entries: String = entries.iter().map(|numbers| entry(*numbers)).collect();
        format!("<voice><description>v</description><type>{kind}</type><entries>{entries}</entries></voice>")
    };
    let tones =
        voice(0, &[[12.345, 0.74, 0.5, 5.5, 262.35], [7.1, 0.31, 0.31, -3.25, 120.7], [7.1, 0.31, 0.31, -3.25, 120.7]]);
    let still = voice(0, &[[10.0, 0.2, 0.2, 4.0, 200.0], [16.545, 0.2, 0.2, 4.0, 200.0]]);
    let noise = voice(1, &[[26.545, 0.33, 0.1, 0.0, 0.0]]);
    let source = format!("<schedule><title>T</title><loops>1</loops>{tones}{still}{noise}</schedule>");
    let text = write(&load(&source), "gnaural").unwrap_or_else(|error| panic!("{error}"));
    let entries = |text: &str| -> Vec<String> {
        text.split("<entry ")
            .skip(1)
            .map(|entry| {
                let entry = entry.split_once("duration").unwrap().1;
                entry.split("/>").next().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(entries(&text), entries(&source), "{text}");
    assert!(text.contains("<title>T</title>"));
    let read = |text: &str| {
        let importer = import::IMPORTERS.iter().find(|importer| importer.name() == "gnaural").unwrap();
        importer.read(text, &ImportOptions::default()).unwrap().lanes
    };
    assert_eq!(read(&text), read(&source));
}

#[test]
fn what_does_not_fit_is_named() {
    let track = |globals: Value, step: Value| {
        let document = json!({"global": globals, "progression": [step]});
        load(&document.to_string())
    };
    let none = || json!({"normalization": "none", "crossfade_duration": 0});
    let voice = |name: &str, params: Value| json!({"duration": 10, "voices": [{"synth_function_name": name, "params": params}]});
    let plain = json!({"ampL": 0.2, "ampR": 0.2});
    for (track, path, words) in [
        (track(json!({}), voice("binaural_beat", plain.clone())), "global.normalization", "peaks"),
        (track(none(), voice("monaural_beat_stereo_amps", json!({}))), "progression[0].voices[0]", "monaural"),
        (
            track(none(), voice("binaural_beat", json!({"panFreq": 1.0}))),
            "progression[0].voices[0].params.panFreq",
            "panFreq",
        ),
        (track(none(), json!({"duration": 1.5, "voices": []})), "progression[0]", "seconds"),
        (track(none(), voice("binaural_beat", json!({"ampL": 0.1, "ampR": 0.3}))), "progression[0].voices[0]", "ears"),
    ] {
        match write(&track, "sbg") {
            Err(Error::Invalid(found)) => {
                assert_eq!(found[0].path, path);
                assert!(found[0].message.contains(words), "{found:?}");
            }
            other => panic!("{path}: {other:?}"),
        }
    }
    assert!(write(&track(none(), voice("binaural_beat", plain)), "sbg").is_ok());
}
