//! How tracks, times, levels and sounds are named on the command line, and what a wrong name is answered.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Folder, bad, beat, peak, samples, short};

#[test]
fn folders_and_patterns_name_all_their_tracks() {
    let folder = Folder::new();
    for name in ["set/b.json", "set/a.json", "other/c.json"] {
        folder.track(name, &short());
    }
    folder.write("set/notes.txt", "no track");
    assert_eq!(folder.run(&["render", "set/", "-o", "out/"]).code, 0);
    assert!(folder.path("out/a.wav").exists() && folder.path("out/b.wav").exists());
    // nothing between the program and the pattern has looked for files
    let done = folder.run(&["render", "*/[bc].json", "-q"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(folder.path("set/b.wav").exists() && folder.path("other/c.wav").exists());
    assert!(!folder.path("set/a.wav").exists());
    let named = folder.run(&["validate", "set"]).out.replace(std::path::MAIN_SEPARATOR, "/");
    assert_eq!(named, "set/a.json: nothing wrong\nset/b.json: nothing wrong\n");
    assert_eq!(folder.run(&["info", "--no-levels", "--json", "set"]).out.lines().count(), 2);
    std::fs::create_dir(folder.path("empty")).unwrap();
    for (nothing, said) in [("empty", "expected a folder with tracks"), ("*.sbg", "expected a pattern that fits")] {
        for verb in ["render", "play", "validate", "info", "verify"] {
            let done = folder.run(&[verb, nothing]);
            assert_eq!(done.code, 1, "{verb} {nothing}");
            assert!(done.err.contains(said), "{}", done.err);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_batch_in_a_terminal_has_a_total_bar() {
    let folder = Folder::new();
    for name in ["set/a.json", "set/b.json", "set/c.json"] {
        folder.track(name, &beat(600.0));
    }
    // `script` gives the program a terminal
    let mut command = std::process::Command::new("script");
    let program = env!("CARGO_BIN_EXE_realtime_backend");
    command.args(["-qec", &format!("stty columns 60; {program} render set -j 1"), "/dev/null"]);
    command.current_dir(folder.path("")).env("XDG_CONFIG_HOME", folder.path("settings"));
    let shown = support::done(command);
    assert_eq!(shown.code, 0, "{}", shown.out);
    assert!(shown.out.contains("0 of 3 files") && shown.out.contains("2 of 3 files"), "{}", shown.out);
}

#[test]
fn times_have_units_wherever_they_are_taken() {
    let folder = Folder::new();
    folder.track("a.json", &beat(100.0));
    let frames = |args: &[&str]| {
        let done = folder.run(&[&["render", "a.json", "-q", "-o", "x.wav"], args].concat());
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{args:?}");
        samples(&folder.path("x.wav")).len() / 2
    };
    assert_eq!(frames(&["--start", "1:30"]), 80_000);
    assert_eq!(frames(&["--start", "0:01:30", "--duration", "500ms"]), 4000);
    assert_eq!(frames(&["--start", "1.5m", "--duration", "2"]), 16_000);
    assert_eq!(frames(&["--start=95s", "--fade-in", "0:01", "--fade-out", "1s"]), 40_000);
    // the names that Python has
    assert_eq!(frames(&["--fade_in", "1", "--sample_rate", "8000"]), 800_000);
    for args in [
        &["play", "a.json", "--null", "--start", "1m39s", "--startup-fade", "0:00.1", "--latency", "60ms"][..],
        &["play", "a.json", "--null", "--loop=1:00-1m1s", "--for", "0.3s", "--fade-out", "100ms", "--latency", "low"],
        &["run", "--path", "a.json", "--start", "1:39.5"],
    ] {
        let done = folder.run(args);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{args:?}");
    }
}

#[test]
fn a_start_behind_the_end_leaves_no_file() {
    let folder = Folder::new();
    let mut track = beat(2.0);
    track["global_settings"]["output_filename"] = json!("t.wav");
    folder.track("a.json", &track);
    for args in [
        &["render", "a.json", "--start", "2"][..],
        &["render", "a.json", "--start", "1h", "-o", "x.flac"],
        &["play", "a.json", "--null", "--start", "1h"],
        &["run", "--path", "a.json", "--start", "2.5"],
        &["--path", "a.json", "--generate", "true", "--start", "2.5"],
    ] {
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{args:?}");
        let said = "a.json: error: --start: expected a time before the end of the track at 0:02.0, got";
        assert!(done.err.starts_with(said), "{args:?}: {}", done.err);
    }
    assert_eq!(folder.files(), ["a.json"]);
}

#[test]
fn negative_numbers_after_options_are_values() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let done = folder.run(&["render", "a.json", "--peak", "-6", "--true-peak", "-1.5"]);
    assert_eq!(done.code, 0, "{}", done.err);
    for (option, value, said) in [
        ("--start", "-5", "expected a time such as 90 (seconds)"),
        ("--target-level", "-1", "expected a number from 0 to 1, none or auto"),
        ("--seed", "-1", "expected a whole number from 0"),
        ("--fade-in", "-0.5", "expected a time such as 90"),
        ("--jobs", "-2", "expected a whole number from 0"),
        ("--sample-rate", "-44100", "expected a whole number of Hz"),
    ] {
        let done = folder.run(&["render", "a.json", option, value]);
        assert_eq!(done.code, 2, "{option}");
        assert!(done.err.contains(&format!("invalid value '{value}'")) && done.err.contains(said), "{}", done.err);
    }
}

#[test]
fn levels_and_sample_types_have_the_names_of_python() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let level = |args: &[&str]| {
        let done = folder.run(&[&["render", "a.json", "-q", "--no-dither", "-o", "x.wav"], args].concat());
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{args:?}");
        peak(&folder.path("x.wav"))
    };
    let mix = level(&["--target-level", "none"]);
    assert!(mix > 0.3, "{mix}");
    for same in [["--target-level", "0"], ["--level", "None"], ["--target_level", "none"]] {
        assert_eq!(level(&same), mix, "{same:?}");
    }
    assert!((level(&["--level", "auto"]) - 0.25).abs() < 1e-4);
    folder.write("realtime_backend.toml", "target_level = \"none\"\nsubtype = \"PCM_16\"\n");
    assert_eq!(level(&[]), mix);
    for (name, bytes) in [("PCM_24", 3), ("pcm24", 3), ("FLOAT", 4), ("float32", 4), ("pcm_16", 2), ("PCM16", 2)] {
        assert_eq!(folder.run(&["render", "a.json", "-o", "y.wav", "--subtype", name]).code, 0, "{name}");
        // bits per sample of the format chunk
        let file = std::fs::read(folder.path("y.wav")).unwrap();
        let format = file.windows(4).position(|word| word == b"fmt ").unwrap() + 8;
        assert_eq!(u16::from_le_bytes([file[format + 14], file[format + 15]]), 8 * bytes, "{name}");
    }
}

#[test]
fn play_takes_tones_and_voices_without_a_file() {
    let folder = Folder::new();
    for args in [
        &["play", "--null", "200+10/20", "pink/30", "--for", "1s", "--fade-out", "0.1"][..],
        &["play", "--null", "square:180-4/10", "--for", "1s", "--fade-out", "0.1"],
        &["play", "--null", "--for", "1", "--fade-out", "0", "--voice", "binaural_beat", "base_freq=200", "beatFreq=6"],
        &["play", "--null", "--for", "1", "--fade-out", "0", "--voice", "bell", "--voice", "steady_noise"],
    ] {
        let done = folder.run(args);
        assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""), "{args:?}");
    }
    for (args, said) in [
        (&["200+10"][..], "expected"),
        (&["200+1x/20"], "expected a tone such as 200+4/20"),
        (&["200+10/20", "a.json"], "expected a tone such as 200+10/20 or pink/30"),
        (&["--voice", "binaural_beet"], "did you mean \"binaural_beat\"?"),
        (&["--voice", "binaural_beat", "base_frq=1"], "did you mean \"baseFreq\"?"),
        (&["--voice", "binaural_beat", "base_freq=low"], "expected a number, got \"low\""),
    ] {
        let done = folder.run(&[&["play", "--null"], args].concat());
        assert_eq!(done.code, 1, "{args:?}");
        assert!(done.err.contains(said), "{args:?}: {}", done.err);
    }
    assert_eq!(folder.run(&["play"]).code, 2);
}

#[test]
fn a_slip_of_the_keyboard_gets_a_suggestion() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    for (args, meant) in [
        (&["voices", "binaral"][..], "\"binaural_beat\""),
        (&["voices", "isochronic"], "\"isochronic_tone\""),
        (&["rendr", "a.json"], "'render'"),
        (&["render", "a.json", "--taget-level", "1"], "'--target-level'"),
        (&["render", "a.json", "--compat", "intneded"], "\"intended\""),
        (&["render", "a.json", "--format", "falc"], "\"flac\""),
        (&["render", "a.json", "--subtype", "pcm61"], "'pcm16'"),
        (&["play", "a.json", "--on-device-loss", "folow"], "\"follow\""),
        (&["man", "rendr"], "\"render\""),
        (&["completions", "bsh"], "'bash'"),
        (&["a.json"], "realtime_backend play a.json"),
    ] {
        let done = folder.run(args);
        assert!(done.code != 0 && done.err.contains(meant), "{args:?}: {}", done.err);
    }
}

#[test]
fn messages_have_no_numbers_of_the_operating_system() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.write("file", "");
    let mut track = short();
    track["background_noise"] = json!({"file_path": "gone.wav"});
    folder.track("bed.json", &track);
    for args in [
        &["render", "none.json"][..],
        &["play", "none.json"],
        &["validate", "none.json", "bed.json"],
        &["render", "bed.json"],
        &["render", "a.json", "-o", "file/x.wav"],
        &["render", "a.json", "--config", "none.toml"],
        &["render", "--manifest", "file/none.csv"],
        &["render", "a.json", "--markers", "file/x.tsv"],
        &["convert", "none.json"],
        &["convert", "a.json", "-o", "file/x.json"],
        &["convert", "--presets", "none", "a.json"],
        &["generate-config", "--out", "file/x.toml"],
        &["man", "--out", "file/man"],
    ] {
        let done = folder.run(args);
        assert!(!done.err.contains("os error") && !done.out.contains("os error"), "{args:?}: {done:?}");
    }
    assert!(folder.run(&["info", "none.json"]).err.contains(&format!("none.json: error: {}", support::NO_SUCH_FILE)));
}

#[test]
fn numbers_are_shown_with_the_digits_that_they_have() {
    let folder = Folder::new();
    folder.track("a.json", &beat(2.0));
    folder.write("realtime_backend.toml", "target_level = 0.3\n");
    let shown = folder.run(&["info", "a.json"]).out;
    assert!(shown.contains("in a file of peak 0.3: "), "{shown}");
    let info: Value = serde_json::from_str(&folder.run(&["info", "--json", "a.json"]).out).unwrap();
    assert_eq!(info["levels"]["file"]["peak"], json!(0.3));
}

#[test]
fn what_is_no_track_is_named() {
    let folder = Folder::new();
    folder.write("x.noise", r#"{"noise_parameters": {"name": "pink"}, "sweeps": [], "notes": 1}"#);
    folder.write("x.voice", r#"{"synth_function_name": "binaural_beat", "params": {}}"#);
    let done = folder.run(&["convert", "x.noise"]);
    assert!(done.err.contains("got a noise preset") && !done.err.contains("did you mean"), "{}", done.err);
    assert!(folder.run(&["convert", "x.voice"]).err.contains("got a voice preset"));
    folder.track("bad.json", &bad());
    assert_eq!(folder.run(&["convert", "bad.json"]).code, 0);
}
