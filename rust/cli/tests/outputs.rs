//! Output files: inputs are never overwritten, and pipes, other folders and names with control characters are safe.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Stdio;

use serde_json::{Value, json};
use support::{Folder, beat, done, samples, short};

/// A WAV file with one second of a mono tone at a sample rate of 8000 Hz.
fn tone() -> Vec<u8> {
    let mut file = b"RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    file.extend(16_000_u32.to_le_bytes());
    file.extend((0..8000).flat_map(|i| (if i % 8 < 4 { 8000_i16 } else { -8000 }).to_le_bytes()));
    file
}

fn subliminal(params: Value) -> Value {
    json!({"steps": [{"duration": 0.1, "voices": [{"synth_function_name": "subliminal_encode", "params": params}]}]})
}

#[test]
fn a_render_never_overwrites_its_audio_files() {
    let bed = |file: &str| json!({"steps": [{"duration": 0.1}], "background_noise": {"file_path": file}});
    let clip = json!({"steps": [{"duration": 0.1}], "clips": [{"file_path": "rain.wav"}]});
    let legacy = json!({"steps": [{"duration": 0.1}], "clips": [{"path": "rain.wav", "file_path": "other.wav"}]});
    for track in [
        bed("rain.wav"),
        bed("./sub/../rain.wav"),
        bed("rain.noise"),
        clip,
        legacy,
        subliminal(json!({"audio_path": "rain.wav"})),
        subliminal(json!({"audio_paths": "other.wav; rain.wav"})),
        subliminal(json!({"audio_paths": ["rain.wav"]})),
    ] {
        let folder = Folder::new();
        let rain = folder.write("rain.wav", tone());
        folder.write("sub/x", "");
        folder.write("rain.noise", r#"{"input_audio_path": "rain.wav"}"#);
        folder.track("rain.json", &track);
        symlink("rain.wav", folder.path("soft.wav")).unwrap();
        fs::hard_link(&rain, folder.path("hard.wav")).unwrap();
        let before = folder.files();
        for output in [&[][..], &["-o", "rain.wav"], &["-o", "soft.wav"], &["-o", "sub/../hard.wav"]] {
            let done = folder.run(&[&["render", "rain.json", "-q"], output].concat());
            assert_eq!(done.code, 1, "{track} {output:?}");
            assert!(done.err.contains("is read by the track (") && done.err.lines().count() == 1, "{}", done.err);
        }
        assert!(fs::read(&rain).unwrap() == tone());
        assert_eq!(folder.files(), before);
    }
}

#[test]
fn a_render_never_overwrites_the_track_session_or_presets() {
    let folder = Folder::new();
    let track = folder.track("a.json", &short());
    let session = json!({"steps": [{"binaural_preset_id": "voice:calm", "duration": 0.1}]});
    let session = folder.track("s.session", &session);
    let voice = folder.write("calm.voice", r#"{"synth_function_name": "binaural_beat", "params": {}}"#);
    let before = [&track, &session, &voice].map(|path| fs::read(path).unwrap());
    for (input, output, said) in [
        ("a.json", "a.json", "is the track itself"),
        ("s.session", "s.session", "is the session itself"),
        ("s.session", "calm.voice", "is the preset \"voice:calm\""),
    ] {
        let done = folder.run(&["render", input, "-o", output, "--format", "wav", "-q"]);
        assert!(done.code == 1 && done.err.contains(said), "{}", done.err);
    }
    assert_eq!([&track, &session, &voice].map(|path| fs::read(path).unwrap()), before);
}

#[test]
fn a_render_never_overwrites_an_input_of_another_track() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.track("b.json", &json!({"steps": [{"duration": 0.1}], "clips": [{"file_path": "a.wav"}]}));
    let clip = folder.write("a.wav", tone());
    let done = folder.run(&["render", "a.json", "b.json", "-q"]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("a.wav: is needed by b.json and would be lost"), "{}", done.err);
    assert!(fs::read(clip).unwrap() == tone() && folder.path("b.wav").exists());
}

#[test]
fn a_conversion_overwrites_its_input_only_with_in_place() {
    let folder = Folder::new();
    let track = folder.track("a.json", &short());
    let before = fs::read(&track).unwrap();
    symlink("a.json", folder.path("link.json")).unwrap();
    for output in ["a.json", "link.json", "./a.json"] {
        let done = folder.run(&["convert", "a.json", "-o", output]);
        assert!(done.code == 1 && done.err.contains("--in-place"), "{}", done.err);
    }
    folder.write("x.wav", tone());
    folder.track("c.json", &json!({"steps": [{"duration": 0.1}], "clips": [{"file_path": "x.wav"}]}));
    assert_eq!(folder.run(&["convert", "c.json", "-o", "x.wav"]).code, 1);
    assert!(fs::read(folder.path("x.wav")).unwrap() == tone() && fs::read(&track).unwrap() == before);
    let converted = folder.run(&["convert", "a.json"]).out;
    assert_eq!(folder.run(&["convert", "a.json", "--in-place"]).code, 0);
    assert_eq!(fs::read_to_string(&track).unwrap(), converted.trim_end());
    assert_eq!(folder.fed(&["convert", "--in-place"], &converted).code, 2);
}

#[test]
fn a_track_cannot_name_an_output_outside_of_the_folder() {
    let folder = Folder::new();
    let victim = folder.write("victim.wav", "dear");
    let away = folder.write("away/victim.wav", "dear");
    fs::create_dir(folder.path("output")).unwrap();
    symlink("../away", folder.path("output/door")).unwrap();
    symlink("../victim.wav", folder.path("output/link.wav")).unwrap();
    let run = |name: &str, more: &[&str]| {
        let mut track = short();
        track["global_settings"]["output_filename"] = json!(name);
        folder.track("a.json", &track);
        folder.run(&[&["run", "--path", "a.json", "--generate"], more].concat())
    };
    for name in [
        "../victim.wav",
        victim.to_str().unwrap(),
        "new/../../victim.wav",
        "door/victim.wav",
        "link.wav",
        "/dev/stdout",
        "-",
        ".",
    ] {
        let done = run(name, &[]);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{name}");
        assert!(
            name == "-" || done.err.contains("global.output_filename") && done.err.contains("--output"),
            "{}",
            done.err
        );
    }
    assert_eq!((fs::read(&victim).unwrap(), fs::read(&away).unwrap()), (b"dear".to_vec(), b"dear".to_vec()));
    for name in ["t.wav", "new/t.wav", "new/../u.wav", folder.path("output/v.wav").to_str().unwrap()] {
        assert_eq!(run(name, &[]).code, 0, "{name}");
    }
    assert_eq!(run("../victim.wav", &["-o", victim.to_str().unwrap()]).code, 0);
    assert_eq!(samples(&victim).len(), 4000);
}

#[test]
fn a_replaced_file_keeps_its_mode_and_links_are_followed() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let output = folder.write("a.wav", "old");
    fs::set_permissions(&output, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(folder.run(&["render", "a.json"]).code, 0);
    assert_eq!(fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
    symlink("sub/new.wav", folder.path("dangling.wav")).unwrap();
    symlink("loop.wav", folder.path("loop.wav")).unwrap();
    assert_eq!(folder.run(&["render", "a.json", "-o", "dangling.wav"]).code, 0);
    assert_eq!(samples(&folder.path("sub/new.wav")).len(), 4000);
    let done = folder.run(&["render", "a.json", "-o", "loop.wav"]);
    assert!(done.code == 1 && done.err.contains("loop.wav: Too many levels"), "{}", done.err);
    assert!(fs::symlink_metadata(folder.path("loop.wav")).unwrap().is_symlink());
}

#[test]
fn the_next_render_removes_a_killed_renders_partial_file() {
    let folder = Folder::new();
    folder.track("a.json", &beat(100_000.0));
    let mut child = folder.command(&["render", "a.json", "-q"]).spawn().unwrap();
    while folder.files().len() == 1 {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        folder.files().iter().any(|name| std::path::Path::new(name).extension().is_some_and(|kind| kind == "part"))
    );
    folder.track("a.json", &short());
    assert_eq!(folder.run(&["render", "a.json", "-q"]).code, 0);
    assert_eq!(folder.files(), ["a.json", "a.wav"]);
}

/// Run `render a.json` with `args` and return its standard output.
fn piped(folder: &Folder, args: &[&str]) -> Vec<u8> {
    let output = folder.command(&[&["render", "a.json"], args].concat()).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("times real time"), "{text}");
    output.stdout
}

#[test]
fn a_pipe_gets_the_same_samples_as_a_file() {
    let folder = Folder::new();
    folder.track("a.json", &beat(3.0));
    assert_eq!(folder.run(&["render", "a.json"]).code, 0);
    let file = samples(&folder.path("a.wav"));
    for output in ["-", "/dev/stdout"] {
        let bytes = piped(&folder, &["-o", output]);
        assert_eq!((&bytes[..4], &bytes[4..8], &bytes[8..16]), (&b"RIFF"[..], &[0xff; 4][..], &b"WAVEfmt "[..]));
        assert_eq!((&bytes[36..40], &bytes[40..44]), (&b"data"[..], &[0xff; 4][..]));
        folder.write("piped.wav", bytes);
        assert_eq!(samples(&folder.path("piped.wav")), file);
    }
    let flac = piped(&folder, &["-o", "-", "--format", "flac"]);
    // STREAMINFO: the 36 bits of the length are 0
    assert_eq!((&flac[..4], flac[21] & 0x0f, &flac[22..26]), (&b"fLaC"[..], 0, &[0; 4][..]));
    let path = folder.write("piped.flac", flac);
    let decoded = realtime_backend_core::media::decode_file(path).unwrap();
    let left: Vec<f64> = decoded.channels()[0].iter().map(|x| f64::from(*x)).collect();
    assert_eq!(left, file.iter().step_by(2).copied().collect::<Vec<_>>());
}

#[test]
fn a_fifo_is_written_and_not_replaced() {
    let folder = Folder::new();
    folder.track("a.json", &beat(3.0));
    let fifo = folder.path("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let reader = std::thread::spawn({
        let fifo = fifo.clone();
        move || fs::read(fifo).unwrap()
    });
    assert_eq!(folder.run(&["render", "a.json", "-o", "fifo", "-q"]).code, 0);
    assert_eq!(reader.join().unwrap().len(), 44 + 4 * 24_000);
    assert_eq!(folder.files(), ["a.json", "fifo"]);
}

#[test]
fn a_pipe_closed_by_its_reader_ends_the_render_quietly() {
    let folder = Folder::new();
    folder.track("a.json", &beat(600.0));
    let mut child = folder.command(&["render", "a.json", "-o", "-", "-q"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 44];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn a_render_to_an_unread_fifo_can_be_terminated() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let fifo = folder.path("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for reads in [false, true] {
        // the reader opens the FIFO and never reads; one minute of sound does not fit into it
        folder.track("a.json", &beat(60.0));
        let child = folder.command(&["render", "a.json", "-o", "fifo", "-q"]).stderr(Stdio::piped()).spawn().unwrap();
        let _reader = reads.then(|| fs::File::open(&fifo).unwrap());
        std::thread::sleep(std::time::Duration::from_secs(1));
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143), "{reads}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_named_in_the_error() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    let done = folder.run(&["render", "a.json", "-o", "/dev/full"]);
    assert!(done.code == 1 && done.err.contains("error: /dev/full: No space left on device"), "{}", done.err);
}

#[test]
fn control_characters_in_names_never_reach_the_terminal() {
    const EVIL: &str = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\n";
    let folder = Folder::new();
    let mut track = short();
    track["steps"][0]["description"] = json!(EVIL);
    track["steps"][0]["voices"][0]["params"][EVIL] = json!(EVIL);
    track["global_settings"]["compat"] = json!(EVIL);
    track[EVIL] = json!(1);
    let name = "\u{1b}]0;x\u{7}\u{9b}2J.json";
    folder.track(name, &track);
    track["global_settings"]["compat"] = Value::Null;
    track["clips"] = json!([{"file_path": EVIL, "description": EVIL}]);
    folder.track(&format!("good{name}"), &track);
    track["steps"][0]["voices"][0]["synth_function_name"] = json!(EVIL);
    folder.track(&format!("unknown{name}"), &track);
    for verb in [
        &["validate"][..],
        &["validate", "--json"],
        &["info"],
        &["info", "--json"],
        &["render"],
        &["render", "--keep-going"],
        &["convert"],
        &["play", "--null"],
    ] {
        for start in ["", "good", "unknown"] {
            let done = folder.run(&[verb, &[&format!("{start}{name}")]].concat());
            for text in [&done.out, &done.err] {
                let acts = |c: &char| *c != '\n' && c.is_control() || *c == '\u{202e}';
                assert_eq!(text.chars().find(acts), None, "{verb:?} {start}: {text:?}");
            }
            if verb.contains(&"--json") && done.code == 0 {
                let told: Value = serde_json::from_str(&done.out).unwrap();
                assert_eq!(told["track"], json!(format!("{start}{name}")));
            }
        }
    }
    let usage = done(folder.command(&["voices", &format!("--{name}")]));
    assert!(usage.code == 2 && !usage.err.contains('\u{1b}'), "{usage:?}");
}
