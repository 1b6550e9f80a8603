//! Every command of the native binary: its output, its files and its exit code.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::Read as _;
use std::process::Stdio;

use serde_json::{Value, json};
use support::{Folder, bad, beat, done, samples, short};

#[test]
fn a_bad_track_does_not_stop_the_render_of_others() {
    let folder = Folder::new();
    for name in ["a.json", "b.json", "c.json"] {
        folder.track(name, &short());
    }
    folder.track("bad.json", &bad());
    let done = folder.run(&["render", "a.json", "bad.json", "b.json", "none.json", "c.json", "--jobs", "3"]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("bad.json: error: steps[0].voices[0].params.baseFreq: expected a number, got \"low\""));
    assert!(done.err.contains(&format!("none.json: error: {}", support::NO_SUCH_FILE)), "{}", done.err);
    assert_eq!(done.out.lines().count(), 3);
    for name in ["a.wav", "b.wav", "c.wav"] {
        assert_eq!(samples(&folder.path(name)).len(), 4000, "{name}");
    }
    assert_eq!(folder.files().len(), 7);
}

#[test]
fn several_tracks_can_be_rendered_to_a_folder() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.track("b.json", &short());
    assert_eq!(folder.run(&["render", "a.json", "b.json", "-o", "out/", "--format", "flac"]).code, 0);
    assert!(folder.path("out/a.flac").exists() && folder.path("out/b.flac").exists());
}

#[test]
fn two_tracks_are_never_written_to_the_same_file() {
    let folder = Folder::new();
    folder.track("one/a.json", &short());
    folder.track("two/a.json", &short());
    let done = folder.run(&["render", "one/a.json", "two/a.json", "-o", "out/"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("would both be written to out/a.wav"), "{}", done.err);
    assert!(!folder.path("out").exists());
}

#[test]
fn a_track_can_be_read_from_the_standard_input() {
    let folder = Folder::new();
    let text = short().to_string();
    assert_eq!(folder.fed(&["render", "-", "-o", "x.wav", "--quiet"], &text).code, 0);
    assert_eq!(samples(&folder.path("x.wav")).len(), 4000);
    assert_eq!(folder.fed(&["render", "-"], &text).code, 2);
    assert_eq!(folder.fed(&["validate", "-"], &text).out, "standard input: nothing wrong\n");
    let refused = folder.fed(&["info", "-"], "{\"steps\": 3}");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("standard input: error: steps: expected a list, got 3"), "{}", refused.err);
}

#[test]
fn play_without_a_terminal_ends_with_the_track() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    for args in
        [&["play", "a.json"][..], &["play", "a.json", "--null"], &["--path", "a.json"], &["run", "--path", "a.json"]]
    {
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""), "{args:?}");
    }
    assert_eq!(folder.run(&["play", "none.json"]).code, 1);
}

#[test]
fn info_shows_length_steps_peak_and_loudness() {
    let folder = Folder::new();
    // EBU Tech 3341, case 1: a stereo sine of 1 kHz with a peak of -23 dBFS measures -23 LUFS
    let mut track = beat(4.0);
    track["global_settings"]["sample_rate"] = json!(48000);
    track["steps"][0]["voices"][0]["params"] = json!({"baseFreq": 1000.0, "beatFreq": 0.0, "ampL": 0.5, "ampR": 0.5});
    track["steps"][0]["description"] = json!("tone");
    folder.track("tone.json", &track);
    let done = folder.run(&["info", "--json", "tone.json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let info: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((info["seconds"].as_f64(), info["frames"].as_u64()), (Some(4.0), Some(192_000)));
    assert_eq!(info["steps"][0]["voices"], json!(["binaural_beat"]));
    assert_eq!(info["warnings"], json!([]));
    let levels = &info["levels"];
    let peak_db = 20.0 * levels["peak"].as_f64().unwrap().log10();
    assert!((levels["loudness_lufs"].as_f64().unwrap() - peak_db).abs() < 0.1, "{levels}");
    assert!((levels["file"]["loudness_lufs"].as_f64().unwrap() - 20.0 * 0.25_f64.log10()).abs() < 0.1, "{levels}");
    let text = folder.run(&["info", "tone.json"]).out;
    assert!(text.contains("length     0:04.0 at 48000 Hz"), "{text}");
    assert!(text.contains("tone: binaural_beat"), "{text}");
    assert!(text.contains("-6.8 LUFS, range 0.0 LU; in a file of peak 0.25: -12.0 LUFS"), "{text}");
}

#[test]
fn info_handles_silence_and_can_omit_levels() {
    let folder = Folder::new();
    folder.track("silent.json", &json!({"steps": [{"duration": 1.0}]}));
    let info: Value = serde_json::from_str(&folder.run(&["info", "--json", "silent.json"]).out).unwrap();
    assert_eq!(info["levels"]["peak"], json!(0.0));
    assert_eq!(info["levels"]["loudness_lufs"], Value::Null);
    let info: Value = serde_json::from_str(&folder.run(&["info", "--json", "--no-levels", "silent.json"]).out).unwrap();
    assert_eq!(info["levels"], Value::Null);
}

#[test]
fn convert_writes_the_second_dialect_and_loses_nothing() {
    let folder = Folder::new();
    let mut track = short();
    track["my_notes"] = json!({"kept": [1, 2.5, null]});
    track["steps"][0]["Duration"] = json!(9.0);
    track["steps"][0]["voices"][0]["params"]["unknownKey"] = json!("kept");
    let converted = folder.fed(&["convert"], &track.to_string());
    assert_eq!(converted.code, 0);
    let value: Value = serde_json::from_str(&converted.out).unwrap();
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["global", "progression", "background_noise", "overlay_clips", "my_notes"]);
    assert_eq!(value["my_notes"], track["my_notes"]);
    assert_eq!(value["progression"][0]["start"], json!(0.0));
    assert_eq!(value["progression"][0]["Duration"], json!(9.0));
    assert_eq!(value["progression"][0]["voices"], track["steps"][0]["voices"]);
    assert_eq!(value["global"], track["global_settings"]);
    // converting again changes nothing
    assert_eq!(folder.fed(&["convert", "-"], &converted.out).out, converted.out);
    folder.track("old.json", &track);
    assert_eq!(folder.run(&["convert", "old.json", "-o", "new/new.json"]).code, 0);
    assert_eq!(std::fs::read_to_string(folder.path("new/new.json")).unwrap(), converted.out.trim_end());
    let broken = folder.fed(&["convert"], "{");
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
}

#[test]
fn a_session_is_converted_and_accepted_instead_of_a_track() {
    let folder = Folder::new();
    folder.write("presets/calm.voice", r#"{"synth_function_name": "binaural_beat", "params": {"baseFreq": 150}}"#);
    let stored = |id: &str| {
        json!({"sample_rate": 48000, "steps": [
            {"binaural_preset_id": id, "noise_preset_id": "noise_preset:Rolling Pink", "duration": 0.5},
            {"binaural_preset_id": null, "duration": 0.25}]})
    };
    folder.track("evening.session", &stored("voice:calm"));
    let missing = folder.run(&["convert", "evening.session"]);
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    let said = "evening.session: error: steps[0].binaural_preset_id: no voices called \"voice:calm\" in the catalogue";
    assert!(missing.err.contains(said), "{}", missing.err);
    let done = folder.run(&["convert", "evening.session", "--presets", "presets", "-o", "evening.json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let track: Value = serde_json::from_slice(&std::fs::read(folder.path("evening.json")).unwrap()).unwrap();
    let voices = &track["progression"][0]["voices"];
    assert_eq!(voices[0]["params"]["baseFreq"], json!(150));
    assert_eq!((&voices[1]["voice_type"], &track["progression"][1]["start"]), (&json!("noise"), &json!(0.5)));
    // a session with its presets in the same folder needs no conversion
    folder.track("presets/evening.session", &stored("voice:calm"));
    assert_eq!(folder.run(&["validate", "presets/evening.session"]).out, "presets/evening.session: nothing wrong\n");
    assert_eq!(folder.run(&["render", "presets/evening.session", "evening.json"]).code, 0);
    let read = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert!(read("presets/evening.wav") == read("evening.wav"));
}

#[test]
fn a_converted_track_renders_to_the_same_file() {
    let folder = Folder::new();
    folder.track("old.json", &beat(1.0));
    folder.run(&["convert", "old.json", "-o", "new.json"]);
    assert_eq!(folder.run(&["render", "old.json", "new.json"]).code, 0);
    assert_eq!(std::fs::read(folder.path("old.wav")).unwrap(), std::fs::read(folder.path("new.wav")).unwrap());
}

#[test]
fn voices_lists_and_describes_voices() {
    let folder = Folder::new();
    let list = folder.run(&["voices"]);
    assert_eq!(list.code, 0);
    assert_eq!(list.out.lines().count(), 38);
    let page = folder.run(&["voices", "binaural_beat"]).out;
    let row = page.lines().find(|line| line.trim_start().starts_with("baseFreq")).unwrap();
    assert!(row.contains("number [Hz]") && row.contains("200"), "{row}");
    let json: Value = serde_json::from_str(&folder.run(&["voices", "--json"]).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 38);
    assert!(json[0]["parameters"][0]["about"].is_string());
    let wrong = folder.run(&["voices", "binaural_beet"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("unknown voice \"binaural_beet\"; did you mean \"binaural_beat\"?"), "{}", wrong.err);
}

#[test]
fn manual_pages_name_every_command() {
    let folder = Folder::new();
    let page = folder.run(&["man", "render"]).out;
    assert!(page.contains(".TH realtime_backend-render") && page.contains("target\\-level"), "{page}");
    assert!(folder.run(&["man"]).out.contains("realtime_backend\\-render"));
    assert_eq!(folder.run(&["man", "rendr"]).code, 2);
    assert_eq!(folder.run(&["man", "--out", "man"]).code, 0);
    assert!(folder.path("man/realtime_backend.1").exists() && folder.path("man/realtime_backend-play.1").exists());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    for args in
        [&["voices", "--json"][..], &["info", "a.json"], &["render", "a.json"], &["--help"], &["completions", "bash"]]
    {
        let mut child = folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = folder.command(&["voices"]);
    command.stdout(full);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("No space left"));
}

#[test]
fn validate_reports_every_malformed_track_without_a_panic() {
    let folder = Folder::new();
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests_rs/hostile/tracks.json");
    let corpus: Value = serde_json::from_str(&std::fs::read_to_string(corpus).unwrap()).unwrap();
    let cases = corpus["cases"].as_array().unwrap();
    let mut refused: Vec<(String, bool)> = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let text = match (case.get("track"), case["text"].as_str()) {
            (Some(track), _) => track.to_string(),
            (None, Some(text)) => text.to_owned(),
            _ => continue,
        };
        let name = format!("{index}.json");
        folder.write(&name, text);
        refused.push((name, case.get("errors").is_some()));
    }
    assert!(refused.len() > 100);
    let names: Vec<&str> = refused.iter().map(|(name, _)| name.as_str()).collect();
    let done = folder.run(&[&["validate"], &names[..]].concat());
    assert_eq!(done.code, 1);
    for (name, refused) in &refused {
        let error = format!("{name}: error: ");
        let told =
            done.out.lines().chain(done.err.lines()).filter(|line| line.starts_with(&format!("{name}: "))).count();
        assert!(told > 0, "nothing about {name}");
        if *refused {
            assert!(done.out.contains(&error) || done.err.contains(&error), "{name} passed");
        }
    }
}

#[test]
fn devices_prints_json_or_an_error() {
    let folder = Folder::new();
    let mut command = folder.command(&["devices", "--json"]);
    command.env_remove("REALTIME_BACKEND_AUDIO_HOST");
    let done = done(command);
    match done.code {
        0 => assert!(serde_json::from_str::<Value>(&done.out).unwrap().is_array()),
        code => assert!(code == 1 && done.err.starts_with("error: "), "{done:?}"),
    }
}

#[test]
fn wrong_usage_exits_with_2_and_help_with_0() {
    let folder = Folder::new();
    for args in
        [&[][..], &["sing"], &["render"], &["run"], &["--path"], &["run", "--path", "x", "--generate", "perhaps"]]
    {
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}: {}", done.err);
    }
    for args in [&["--help"][..], &["render", "--help"], &["help", "play"], &["--version"]] {
        assert_eq!(folder.run(args).code, 0, "{args:?}");
    }
    assert!(folder.files().is_empty());
}

#[cfg(unix)]
#[test]
fn a_signal_ends_waiting_for_input_with_its_exit_code() {
    let folder = Folder::new();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        for verb in
            [&["validate", "-"][..], &["info", "-"], &["convert", "-", "-o", "x.json"], &["render", "-", "-o", "x.wav"]]
        {
            let mut child = folder.command(verb).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            // keep the input open: `wait` would close it, and the end of the input ends the command too
            let input = child.stdin.take();
            // long enough for the signal handlers to be installed, even on a busy machine
            std::thread::sleep(std::time::Duration::from_millis(500));
            let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
            assert!(sent.success());
            assert_eq!(child.wait().unwrap().code(), Some(code), "{signal} {verb:?}");
            drop(input);
        }
    }
    assert_eq!(folder.files(), Vec::<String>::new());
}
