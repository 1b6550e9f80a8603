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
fn audio_files_are_written_as_they_were_read() {
    let sbg = "-SE -m sounds/sea.ogg -F 0\na: 200+4/20 mix/80 pink/30\nb: 180+4/10 mix/40 pink/30\noff: - - -\n\
               0:00 == a ->\n0:01 == b\n0:02 == a\n0:03 off\n";
    let first = load(sbg);
    let text = write(&first, "sbg").unwrap_or_else(|error| panic!("{error}"));
    assert!(text.contains("-m sounds/sea.ogg\n") && text.contains("200+4/20 mix/80 pink/30"), "{text}");
    let second = load(&text);
    assert_eq!(steps(&second), steps(&first), "{text}");
    assert_eq!(second.background, first.background, "{text}");

    let voice = |kind: u8, description: &str, entries: &[[f64; 5]]| {
        let entry = |[duration, left, right, beat, base]: &[f64; 5]| {
            format!(
                "<entry parent=\"0\" duration=\"{duration}\" volume_left=\"{left}\" volume_right=\"{right}\" beatfreq=\"{beat}\" basefreq=\"{base}\" state=\"0\"/>"
            )
        };
        let entries: String = entries.iter().map(entry).collect();
        format!(
            "<voice><description>{description}</description><type>{kind}</type><entries>{entries}</entries></voice>"
        )
    };
    let tone = voice(0, "tone", &[[12.5, 0.74, 0.5, 5.5, 262.35], [7.25, 0.31, 0.31, -3.25, 120.7]]);
    let pulses = voice(3, "pulses", &[[4.5, 0.3, 0.2, 7.0, 200.0], [15.25, 0.1, 0.2, 7.0, 150.0]]);
    let opened =
        voice(3, "opens", &[[9.75, 0.3, 0.3, 0.0, 200.0], [5.0, 0.1, 0.1, 0.0, 150.0], [5.0, 0.1, 0.1, 8.0, 150.0]]);
    let rain = voice(2, "rain & sea.wav", &[[10.0, 0.5, 0.5, 0.0, 0.0], [9.75, 0.25, 0.25, 0.0, 0.0]]);
    let wind =
        voice(2, "wind.flac", &[[3.5, 0.5, 0.1, 0.0, 0.0], [6.25, 0.5, 0.1, 0.0, 0.0], [10.0, 0.0, 0.9, 0.0, 0.0]]);
    let read = |text: &str| {
        let importer = import::IMPORTERS.iter().find(|importer| importer.name() == "gnaural").unwrap();
        importer.read(text, &ImportOptions::default()).unwrap().lanes
    };
    for voices in [
        vec![&tone, &rain],
        vec![&rain, &tone],
        vec![&wind, &tone, &rain],
        vec![&tone, &pulses],
        vec![&opened, &tone],
        vec![&pulses, &rain, &opened, &wind],
    ] {
        let all: String = voices.iter().map(|voice| voice.as_str()).collect();
        let source = format!("<schedule><title>T</title><loops>1</loops>{all}</schedule>");
        let first = load(&source);
        let text = write(&first, "gnaural").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read(&text), read(&source), "{text}");
        let second = load(&text);
        assert_eq!((&second.background, &second.clips), (&first.background, &first.clips));
        assert_eq!(steps(&second), steps(&first));
    }
}

#[test]
fn audio_that_a_file_cannot_say_is_named() {
    let track = |bed: Value, clips: Value| {
        load(
            &json!({"global": {"normalization": "none", "crossfade_duration": 0},
                "progression": [{"duration": 10, "voices": []}], "background_noise": bed, "overlay_clips": clips})
            .to_string(),
        )
    };
    let bed = |more: Value| {
        let mut bed = json!({"file_path": "a.wav"});
        bed.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        track(bed, json!([]))
    };
    let clip = |more: Value| {
        let mut clip = json!({"file_path": "a.wav", "loop": true});
        clip.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        track(json!({}), json!([clip]))
    };
    for (track, words) in [
        (bed(json!({"fade_in": 3.0})), "fade"),
        (bed(json!({"pan": 0.5})), "balance"),
        (bed(json!({"start_time": 2.0})), "later"),
        (bed(json!({"am_rate": 2.0, "am_depth": 0.5})), "movement"),
        (bed(json!({"file_path": "rain.noise"})), "generated noise"),
        (clip(json!({"loop": false})), "not repeated"),
        (clip(json!({"start": 1.0})), "from the beginning"),
        (clip(json!({"duration": 4.0})), "from the beginning"),
        (clip(json!({"spin_rate": 1.0, "spin_width": 100.0})), "movement"),
    ] {
        for format in ["sbg", "gnaural"] {
            match write(&track, format) {
                Err(Error::Invalid(found)) => assert!(found[0].message.contains(words), "{words}: {found:?}"),
                other => panic!("{words}: {other:?}"),
            }
        }
    }
    assert!(write(&bed(json!({"file_path": "my song.wav"})), "sbg").is_err());
    assert!(
        write(&track(json!({"file_path": "a.wav"}), json!([{"file_path": "b.wav", "loop": true}])), "sbg").is_err()
    );
    assert!(write(&bed(json!({"amp_envelope": [[0.5, 1.0], [3.5, 0.5]]})), "sbg").is_err(), "half a second");
    assert!(write(&bed(json!({"amp_envelope": [[0.5, 1.0], [3.5, 0.5]]})), "gnaural").is_ok());
    assert!(write(&clip(json!({})), "sbg").unwrap().contains("mix/100"));
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
