//! Settings files and the legacy command line: the order of settings files, the effect of settings, and output folders.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::{Done, Folder, beat, done, peak, samples, short};

/// Write a track of 0.25 s with voices, bed or clip, so that their gains can be measured separately. Returns its name.
fn layered(folder: &Folder, steps: bool, bed: bool, clip: bool) -> String {
    let mut track = short();
    if !steps {
        track["steps"] = json!([{"duration": 0.25}]);
    }
    folder.write("bed.noise", json!({"noise_parameters": {"name": "pink", "seed": 3}, "sweeps": []}).to_string());
    if bed {
        track["background_noise"] = json!({"file_path": "bed.noise", "gain": 0.1});
    }
    let mut tone = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    tone.extend(2000_u32.to_le_bytes());
    tone.extend((0..1000).flat_map(|i| (if i % 8 < 4 { 8000_i16 } else { -8000 }).to_le_bytes()));
    let size = tone.len() as u32 - 8;
    tone[4..8].copy_from_slice(&size.to_le_bytes());
    folder.write("tone.wav", tone);
    if clip {
        track["clips"] = json!([{"file_path": "tone.wav", "start": 0.0, "amp": 0.5}]);
    }
    let name = format!("{steps}-{bed}-{clip}.json");
    folder.track(&name, &track);
    name
}

/// Render a track with the settings `config` and return the peak of the file.
fn level(folder: &Folder, track: &str, config: &str) -> f64 {
    folder.write("gains.toml", config);
    let done = folder.run(&["render", track, "-o", "x.wav", "--target-level", "0", "--config", "gains.toml", "-q"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    peak(&folder.path("x.wav"))
}

#[test]
fn every_gain_changes_only_its_layer() {
    let folder = Folder::new();
    let keys = ["voice_gain", "noise_gain", "clip_gain"];
    let tracks = [
        layered(&folder, true, false, false),
        layered(&folder, false, true, false),
        layered(&folder, false, false, true),
    ];
    for (own, track) in tracks.iter().enumerate() {
        let plain = level(&folder, track, "");
        assert!(plain > 0.05, "{track}: {plain}");
        for (index, key) in keys.iter().enumerate() {
            let expected = if index == own { 0.5 * plain } else { plain };
            let found = level(&folder, track, &format!("{key} = 0.5\n"));
            assert!((found - expected).abs() < 2.0 / 32768.0, "{track} with {key}: {found}, expected {expected}");
        }
    }
}

#[test]
fn the_normalised_peak_is_exact_for_any_gains() {
    let folder = Folder::new();
    let track = layered(&folder, true, true, true);
    folder.write("realtime_backend.toml", "voice_gain = 3\nnoise_gain = 0.2\nclip_gain = 1.7\n");
    assert_eq!(folder.run(&["render", &track, "-o", "x.wav", "--target-level", "0.5"]).code, 0);
    assert!((peak(&folder.path("x.wav")) - 0.5).abs() < 2.0 / 32768.0);
}

#[test]
fn settings_files_are_searched_in_the_documented_order() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let with = |folder: &Folder, args: &[&str], variable: Option<&str>| -> Done {
        let mut command = folder.command(&[&["render", "a.json", "-q"], args].concat());
        if let Some(file) = variable {
            command.env("REALTIME_BACKEND_CONFIG", file);
        }
        done(command)
    };
    let target = |dir: &str| format!("output_dir = \"{dir}\"\n");
    assert_eq!(with(&folder, &[], None).code, 0);
    assert!(folder.path("a.wav").exists());
    folder.write("settings/realtime_backend/config.toml", target("by_user"));
    with(&folder, &[], None);
    folder.write("realtime_backend.toml", target("by_folder"));
    with(&folder, &[], None);
    folder.write("variable.toml", target("by_variable"));
    with(&folder, &[], Some("variable.toml"));
    folder.write("option.toml", target("by_option"));
    with(&folder, &["--config", "option.toml"], Some("variable.toml"));
    for dir in ["by_user", "by_folder", "by_variable", "by_option"] {
        assert!(folder.path(dir).join("a.wav").exists(), "{dir}");
    }
    let missing = with(&folder, &[], Some("absent.toml"));
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains(&format!("absent.toml: error: {}", support::NO_SUCH_FILE)), "{}", missing.err);
}

#[test]
fn errors_in_the_settings_are_named_and_prevent_a_render() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.write("realtime_backend.toml", "voice_gian = 1\nnoise_gain = \"loud\"\n");
    for verb in ["render", "play", "info"] {
        let done = folder.run(&[verb, "a.json"]);
        assert_eq!(done.code, 1);
        assert_eq!(
            done.err,
            "realtime_backend.toml: error: noise_gain: expected a number from 0 to 100, got \"loud\"\n\
             realtime_backend.toml: error: voice_gian: unknown key; did you mean \"voice_gain\"?\n"
        );
    }
    assert!(!folder.path("a.wav").exists());
    assert_eq!(folder.run(&["validate", "a.json"]).code, 0);
}

#[test]
fn options_override_settings() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.write("realtime_backend.toml", "target_level = 0.5\nformat = \"flac\"\nsubtype = \"pcm24\"\n");
    assert_eq!(folder.run(&["render", "a.json"]).code, 0);
    assert_eq!(std::fs::read(folder.path("a.flac")).unwrap()[..4], *b"fLaC");
    let done = folder.run(&["render", "a.json", "--format", "wav", "--subtype", "pcm16", "--target-level", "0.125"]);
    assert_eq!(done.code, 0);
    assert!((peak(&folder.path("a.wav")) - 0.125).abs() < 2.0 / 32768.0);
}

#[test]
fn generate_config_writes_comments_and_overwrites_none() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["generate-config"]).code, 0);
    let text = std::fs::read_to_string(folder.path("realtime_backend.toml")).unwrap();
    for key in ["output_dir", "gpu", "voice_gain", "noise_gain", "clip_gain", "latency"] {
        assert!(text.lines().any(|line| line.starts_with(&format!("# {key} = "))), "{key}");
    }
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with("# ")), "{text}");
    let again = folder.run(&["generate-config"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("realtime_backend.toml: error: exists; --force replaces it"), "{}", again.err);
    assert_eq!(folder.run(&["generate-config", "--force"]).code, 0);
    assert_eq!(folder.run(&["generate-config", "--out", "deep/other.toml"]).code, 0);
    assert_eq!(folder.run(&["generate-config", "--out", "-"]).out, text);
    // until it is edited, it changes nothing
    folder.track("a.json", &short());
    assert_eq!(folder.run(&["render", "a.json"]).code, 0);
    let with = std::fs::read(folder.path("a.wav")).unwrap();
    assert_eq!(folder.run(&["render", "a.json", "--config", "/dev/null"]).code, 0);
    assert!(std::fs::read(folder.path("a.wav")).unwrap() == with);
    let edited = text.replace("# output_dir = ", "output_dir = ");
    folder.write("realtime_backend.toml", edited);
    assert_eq!(folder.run(&["render", "a.json", "-o", "x.wav"]).code, 0);
    assert!(folder.path("output/x.wav").exists());
}

#[test]
fn another_programs_config_file_is_not_ours() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let quiet = |config: &str| {
        folder.write("config.toml", config);
        let done = folder.run(&["render", "a.json", "-q"]);
        assert_eq!(done.code, 0, "{}", done.err);
        done.err
    };
    for foreign in ["", "[server]\nport = 80\n", "device = \"cpu\"\nlayers = 3\n", "not toml {"] {
        assert_eq!(quiet(foreign), "", "{foreign}");
    }
    // with our keys only it is read as before, and says so
    let note = quiet("output_dir = \"sounds\"\n");
    assert_eq!(note, "config.toml: note: read as settings; rename it to realtime_backend.toml\n");
    assert!(folder.path("sounds/a.wav").exists());
    let note = quiet("voice_gain = 2\nnosie_gain = 3\n");
    assert!(note.starts_with("config.toml: note: not read, because its key \"nosie_gain\""), "{note}");
    // the new name is preferred, and the old one is not looked at
    folder.write("realtime_backend.toml", "output_dir = \"new\"\n");
    assert_eq!(quiet("output_dir = \"sounds\"\n"), "");
    assert!(folder.path("new/a.wav").exists());
}

#[cfg(unix)]
#[test]
fn no_settings_can_be_asked_for() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.write("realtime_backend.toml", "output_dir = \"sounds\"\n");
    let done = folder.run(&["render", "a.json", "-q", "--config", "/dev/null"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(folder.path("a.wav").exists() && !folder.path("sounds").exists());
    let mut command = folder.command(&["render", "a.json", "-q", "-o", "b.wav"]);
    command.env("REALTIME_BACKEND_CONFIG", "/dev/null");
    assert_eq!(support::done(command).code, 0);
    assert!(folder.path("b.wav").exists());
    // other devices are no settings
    assert_eq!(folder.run(&["render", "a.json", "--config", "/dev/zero"]).code, 1);
}

#[test]
fn the_legacy_command_line_writes_the_named_output_file() {
    for spelling in [
        &["run", "--path", "a.json", "--generate", "true"][..],
        &["run", "--path", "a.json", "--generate"],
        &["--path", "a.json", "--generate", "true", "--gpu", "false"],
        &["--generate=true", "--path=a.json"],
        &["--config", "empty.toml", "--path", "a.json", "--generate"],
    ] {
        let folder = Folder::new();
        folder.write("empty.toml", "");
        let mut track = short();
        track["global_settings"]["output_filename"] = json!("t.wav");
        folder.track("a.json", &track);
        let done = folder.run(spelling);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{spelling:?}");
        assert!(folder.path("output/t.wav").exists() && !folder.path("output/output").exists(), "{spelling:?}");
    }
}

#[test]
fn the_legacy_start_option_has_an_effect() {
    let folder = Folder::new();
    let mut track = beat(2.0);
    track["global_settings"]["output_filename"] = json!("t.wav");
    folder.track("a.json", &track);
    assert_eq!(folder.run(&["run", "--path", "a.json", "--generate", "true", "--start", "1.5"]).code, 0);
    assert_eq!(samples(&folder.path("output/t.wav")).len(), 8000);
}

#[test]
fn generate_refuses_a_track_without_an_output_name() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let done = folder.run(&["run", "--path", "a.json", "--generate", "true"]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("a.json: error: global.output_filename: expected the name of the file"), "{}", done.err);
}

#[test]
fn playing_with_the_gpu_option_gives_a_warning() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let done = folder.run(&["run", "--path", "a.json", "--gpu", "true"]);
    assert_eq!(done.code, 0);
    assert!(done.err.starts_with("warning: a graphics processor has no part in playing"), "{}", done.err);
}

#[test]
fn a_missing_graphics_processor_gives_a_warning_and_a_file() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.write("realtime_backend.toml", "gpu = true\n");
    for arguments in [&["render", "a.json", "--gpu"][..], &["render", "a.json"]] {
        let mut command = folder.command(arguments);
        command.env("WGPU_ADAPTER_NAME", "voodoo 2");
        let done = done(command);
        assert_eq!(done.code, 0, "{}", done.err);
        // drivers write to this stream too
        assert!(done.err.contains("warning: no graphics processor can be used"), "{}", done.err);
        assert!(folder.path("a.wav").exists());
    }
}

// where scripts/setup_tests.sh installs a driver
#[cfg(target_os = "linux")]
#[test]
fn a_graphics_processor_changes_samples_by_at_most_one_step() {
    let folder = Folder::new();
    folder.track("a.json", &beat(60.0));
    let render = |output: &str, more: &[&str]| {
        let mut command = folder.command(&[&["render", "a.json", "-o", output], more].concat());
        // any adapter, also a software driver
        command.env("WGPU_ADAPTER_NAME", "");
        let done = done(command);
        assert_eq!((done.code, done.err.contains("warning")), (0, false), "{}", done.err);
        assert_eq!(done.out.contains("times real time, with "), more == ["--gpu"], "{}", done.out);
        samples(&folder.path(output))
    };
    let (here, there) = (render("here.wav", &[]), render("there.wav", &["--gpu"]));
    assert_eq!(here.len(), there.len());
    let error = here.iter().zip(&there).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(error <= 1.0 / 32768.0, "{error:e}");
}

#[test]
fn doctor_names_the_settings_file_and_its_error() {
    let folder = Folder::new();
    let said = folder.run(&["doctor"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("defaults; no file at") && said.out.contains("$REALTIME_BACKEND_CONFIG"), "{}", said.out);
    assert!(said.out.starts_with(&format!("version    {} (", env!("CARGO_PKG_VERSION"))), "{}", said.out);

    folder.write("realtime_backend.toml", "volume = 0.5\n");
    let said = folder.run(&["doctor"]);
    assert!(said.code == 0 && said.out.contains("settings   realtime_backend.toml\n"), "{}", said.out);

    folder.write("realtime_backend.toml", "volume = 5\n");
    let said = folder.run(&["doctor"]);
    assert!(said.code == 1 && said.out.contains("error: ") && said.out.contains("volume"), "{}", said.out);
}
