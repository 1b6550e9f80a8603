//! Help, manual pages, completions and lists: complete, true, and made for a terminal.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Folder, short};

const COMMANDS: [&str; 13] = [
    "render",
    "play",
    "validate",
    "info",
    "verify",
    "convert",
    "voices",
    "devices",
    "doctor",
    "generate-config",
    "completions",
    "man",
    "run",
];

/// What a shell offers for the last of `words`.
fn offered(folder: &Folder, words: &[&str]) -> Vec<String> {
    let mut command = folder.command(&[&["--", "realtime_backend"], words].concat());
    command.env("_REALTIME_BACKEND_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    let done = support::done(command);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{words:?}");
    done.out.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_completes_voices_presets_and_files_by_extension() {
    let folder = Folder::new();
    folder.track("evening.json", &short());
    folder.write("night.sbg", "a: 200+4/20\nNOW a\n");
    folder.write("notes.txt", "");
    folder.write("own.toml", "");
    assert_eq!(offered(&folder, &["voices", "isochronic"]), ["isochronic_tone", "isochronic_tone_transition"]);
    assert_eq!(offered(&folder, &["play", "--voice", "bell"]), ["bell"]);
    assert_eq!(offered(&folder, &["render", "a.json", "--compat", ""]), ["legacy", "default", "intended"]);
    assert_eq!(offered(&folder, &["play", ""]).iter().filter(|name| !name.starts_with('-')).count(), 2);
    assert_eq!(offered(&folder, &["render", "n"]), ["night.sbg"]);
    assert_eq!(offered(&folder, &["info", "--config", ""]), ["own.toml"]);
    assert_eq!(offered(&folder, &["man", "conv"]), ["convert"]);
    assert!(offered(&folder, &["ren"]).contains(&"render".to_owned()));
    assert!(offered(&folder, &["render", "a.json", "--format", "f"]).contains(&"flac".to_owned()));
}

#[cfg(unix)]
#[test]
fn completion_scripts_are_valid_and_work_in_bash() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.out.contains("_REALTIME_BACKEND_COMPLETE"), "{shell}");
    }
    folder.track("evening.json", &short());
    folder.write("notes.txt", "");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_realtime_backend")).parent().unwrap();
    let script = "eval \"$(realtime_backend completions bash)\"
        COMP_WORDS=(realtime_backend play ev) COMP_CWORD=2 COMP_TYPE=9
        _clap_complete_realtime_backend realtime_backend ev play; echo \"${COMPREPLY[@]}\"";
    let mut bash = std::process::Command::new("bash");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    bash.args(["-c", script]).env("PATH", path).current_dir(folder.path(""));
    let support::Done { out, err, .. } = support::done(bash);
    assert_eq!(out, "evening.json\n", "{err}");
}

#[test]
fn every_manual_page_has_all_sections() {
    let folder = Folder::new();
    for command in COMMANDS {
        let page = folder.run(&["man", command]).out;
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT"] {
            let found = page.lines().any(|line| {
                line.strip_prefix(".SH ").is_some_and(|title| title.trim_matches('"').replace("\\ ", " ") == section)
            });
            assert!(found, "{command} has no {section}:\n{page}");
        }
        let settings = ["render", "play", "info", "verify", "run"].contains(&command);
        assert_eq!(page.contains(".SH FILES"), settings, "{command}");
        assert!(!page.contains("EXTRA") && page.contains("130"), "{command}");
    }
    let page = folder.run(&["man"]).out;
    assert!(page.contains("REALTIME_BACKEND_CONFIG") || page.contains("REALTIME\\_BACKEND\\_CONFIG"), "{page}");
    assert!(page.contains(".SH FILES") && page.contains("realtime_backend.toml"), "{page}");
}

#[test]
fn help_names_only_what_there_is() {
    let folder = Folder::new();
    for command in COMMANDS {
        let help = folder.run(&[command, "--help"]).out;
        assert!(help.contains("\nExamples:\n"), "{command}");
        // every line of an example is accepted: `--help` at its end only shows this text
        for example in help.lines().filter_map(|line| line.strip_prefix("  realtime_backend ")) {
            let example = example.split(['|', '>']).next().unwrap();
            let words: Vec<&str> = example.split_whitespace().chain(["--help"]).collect();
            assert_eq!(folder.run(&words).code, 0, "{example}");
        }
    }
    // without a command, options with a path are those of `run`
    folder.track("a.json", &short());
    for args in [&["--path", "a.json"][..], &["--start", "0.1", "--path=a.json"], &["-o", "x.wav", "--path", "a.json"]]
    {
        assert_eq!(folder.run(args).code, 0, "{args:?}");
    }
    let help = folder.run(&["run", "--help"]).out;
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(words.join(" ").contains("without a command, --path means this one"), "{help}");
}
