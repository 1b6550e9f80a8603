//! Batches: names with placeholders, matrices over a track, and manifests.
#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use support::{Folder, beat, done, samples, short};

/// Upward zero crossings of the left channel in 16-bit stereo: cycles of its tone.
fn cycles(folder: &Folder, name: &str) -> usize {
    let left: Vec<f64> = samples(&folder.path(name)).into_iter().step_by(2).collect();
    left.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
}

fn rows(folder: &Folder, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.path(name)).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn a_matrix_renders_every_combination_of_values() {
    let folder = Folder::new();
    folder.track("t.json", &beat(1.0));
    let at = "steps[*].voices[0].params";
    let (carrier, level) = (format!("carrier@{at}.baseFreq=100:300:100"), format!("beat@{at}.beatFreq=0,20"));
    let done = folder.run(&[
        "render",
        "t.json",
        "-q",
        "-o",
        "out/{name}-{carrier:04d}-{beat}.{ext}",
        "--matrix",
        &carrier,
        &level,
    ]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    for carrier in [100_usize, 200, 300] {
        for beat in [0, 20] {
            // the left ear has the carrier less half the beat
            let found = cycles(&folder, &format!("out/t-{carrier:04}-{beat}.wav"));
            assert!(found.abs_diff(carrier - beat / 2) <= 1, "{carrier} {beat}: {found}");
        }
    }
    let done = folder.run(&["render", "t.json", "-q", "--matrix", &carrier]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(folder.path("t-carrier300.wav").exists());
}

#[test]
fn names_can_have_what_was_measured() {
    let folder = Folder::new();
    folder.track("t.json", &beat(1.5));
    let name = "{name}_{index:02}_{duration}_{peak:.2f}_{lufs:.1f}_{seed}.{ext}";
    let done =
        folder.run(&["render", "t.json", "-q", "-o", name, "--peak", "-6", "--seed", "9", "--sample-rate", "48000"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let files = folder.files();
    let found = files.iter().find(|name| name.starts_with("t_01_1.5_-6.00_") && name.ends_with("_9.wav")).unwrap();
    // BS.1770: at 48 kHz the weighting lowers a tone at 200 Hz by 0.26 dB
    let lufs: f64 = found.split('_').nth(4).unwrap().parse().unwrap();
    let all = samples(&folder.path(found));
    let power = all.iter().map(|x| x * x).sum::<f64>() / (all.len() / 2) as f64;
    assert!((lufs - (-0.691 + 10.0 * power.log10() - 0.26)).abs() < 0.08, "{found}");
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn stems_follow_their_template() {
    let folder = Folder::new();
    folder.track("t.json", &short());
    let done = folder.run(&["render", "t.json", "-q", "-o", "{name}/{stem}.wav", "--stems", "layers"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(samples(&folder.path("t/mix.wav")).len(), samples(&folder.path("t/voices.wav")).len());
    assert_eq!(folder.files(), ["t", "t.json"]);
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_rendered() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.track("b.json", &short());
    for (args, said) in [
        (
            &["a.json", "-o", "{nmae}.wav"][..],
            "there is no placeholder {nmae}; did you mean \"name\"?; known are name, stem",
        ),
        (&["a.json", "b.json", "-o", "{index}x{name"], "has no partner"),
        (&["a.json", "b.json", "-o", "x{ext}.wav"], "a.json and b.json would both be written to xwav.wav"),
        (
            &["a.json", "-o", "x.wav", "--matrix", "k@a.b=1,2"],
            "--output names one file, but there are 2 files; placeholders",
        ),
        (&["a.json", "-o", "{name}.wav", "--matrix", "k@a.b=1,2"], "file 1 (a.json) and file 2 (a.json) would both"),
        (&["a.json", "--matrix", "k@a.b"], "expected NAME@PATH=VALUE"),
        (&["--matrix", "a.b=1", "a.json"], "TRACK"),
        (&["--manifest", "m.csv", "--matrix", "a.b=1"], "--matrix needs a TRACK"),
        (&["--manifest", "none.csv"], "names no track"),
    ] {
        let done = folder.run(&[&["render", "-q"], args].concat());
        assert!(done.code == 2 && done.err.contains(said), "{args:?}: {}", done.err);
    }
    assert_eq!(folder.files(), ["a.json", "b.json"]);
    let done = folder.run(&["render", "a.json", "-q", "-o", "{x}.wav", "--matrix", "x@steps[4].duration=1,2"]);
    assert!(done.code == 1 && done.err.contains("steps has no item 4 (it has 1)"), "{}", done.err);
}

#[test]
fn two_files_that_get_one_name_after_all_are_refused() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.track("b.json", &short());
    let done = folder.run(&["render", "a.json", "b.json", "-q", "-j", "1", "-o", "x{peak:.0f}.wav", "--peak", "-6"]);
    assert!(done.code == 1 && done.err.contains("file 1 of the batch has this name too"), "{}", done.err);
    assert_eq!(folder.files(), ["a.json", "b.json", "x-6.wav"]);
}

// sha256sum
#[cfg(target_os = "linux")]
#[test]
fn a_manifest_says_what_was_rendered_and_is_continued() {
    let folder = Folder::new();
    folder.track("a.json", &short());
    folder.track("b.json", &support::bad());
    let run = |more: &[&str]| folder.run(&[&["render", "a.json", "b.json", "--manifest", "m.csv"], more].concat());
    let first = run(&["--seed", "5", "--peak", "-1"]);
    assert_eq!(first.code, 1);
    let table = rows(&folder, "m.csv");
    assert_eq!(table[0].join(","), "track,file,hash,options,sha256,duration,lufs,peak,seed,error");
    let row = |name: &str| table.iter().find(|row| row[0] == name).unwrap().clone();
    let good = row("a.json");
    let sum = Command::new("sha256sum").arg(folder.path("a.wav")).stdout(Stdio::piped()).output().unwrap();
    assert_eq!(String::from_utf8(sum.stdout).unwrap().split(' ').next().unwrap(), good[4]);
    assert_eq!([good[1].as_str(), &good[5], &good[7], &good[8]], ["a.wav", "0.25", "-1.00", "5"]);
    assert!(row("b.json").join(",").contains("baseFreq"), "{table:?}");

    let touched = |name: &str| fs::metadata(folder.path(name)).unwrap().modified().unwrap();
    let before = touched("a.wav");
    // finished: not rendered again, until the options, the track or the file are others
    folder.track("b.json", &short());
    let second = run(&["--seed", "5", "--peak", "-1"]);
    assert!(second.code == 0 && second.out.contains("a.wav: is finished already"), "{second:?}");
    assert_eq!((touched("a.wav"), rows(&folder, "m.csv").len()), (before, 3));
    for change in 0..3 {
        let before = touched("a.wav");
        let mut args = vec!["--seed", "5", "--peak", "-1"];
        match change {
            0 => args = vec!["--seed", "6"],
            1 => drop(folder.track("a.json", &beat(0.3))),
            _ => drop(folder.write("a.wav", "broken")),
        }
        let done = run(&args);
        assert!(done.code == 0 && !done.out.contains("a.wav: is finished already"), "{change}: {done:?}");
        assert!(touched("a.wav") > before, "{change}");
    }
}

#[test]
fn the_rows_of_a_manifest_are_jobs() {
    let folder = Folder::new();
    folder.track("a.json", &beat(1.0));
    let head = "track,output,subject,f@steps[0].voices[0].params.baseFreq";
    folder.write("m.csv", format!("{head}\na.json,s{{subject:03}}.wav,7,300\na.json,,8,\n"));
    let done = folder.run(&["render", "--manifest", "m.csv", "-q", "-o", "{name}-{subject}.{ext}"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(cycles(&folder, "s007.wav").abs_diff(298) <= 1 && cycles(&folder, "a-8.wav").abs_diff(198) <= 1);
    let table = rows(&folder, "m.csv");
    assert_eq!(table[0][..4].join(","), head);
    assert_eq!((table[1][4].as_str(), table[2][4].as_str()), ("s007.wav", "a-8.wav"));
}

#[test]
fn an_interrupt_leaves_whole_files_and_a_whole_manifest() {
    let folder = Folder::new();
    folder.track("a.json", &beat(2000.0));
    folder.track("b.json", &beat(0.25));
    let out = folder.path("out");
    let args = [
        "render",
        "b.json",
        "a.json",
        "-q",
        "-j",
        "1",
        "--manifest",
        "m.csv",
        "-o",
        "out/{lufs}-{name}.wav",
        "--loudness",
        "-23",
    ];
    let child = folder.command(&args).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let files = || {
        out.read_dir().map_or(Vec::new(), |all| all.map(|e| e.unwrap().file_name().into_string().unwrap()).collect())
    };
    while files().len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(
        done({
            let mut kill = Command::new("kill");
            kill.args(["-INT", &child.id().to_string()]);
            kill
        })
        .code
            == 0
    );
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    let left: Vec<String> = files();
    assert!(left.len() == 1 && left[0].ends_with("-b.wav") && !left[0].starts_with('.'), "{left:?}");
    assert_eq!(rows(&folder, "m.csv").len(), 2);
}
