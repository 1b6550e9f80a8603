//! Examples of each command, for the help texts and the manual pages.

/// A command line, and what it does.
pub(crate) type Example = (&'static str, &'static str);

/// The examples of the command called `name`; `None`: those of the program.
pub(crate) fn of(name: Option<&str>) -> &'static [Example] {
    match name {
        None => PROGRAM,
        Some("render") => RENDER,
        Some("play") => PLAY,
        Some("validate") => VALIDATE,
        Some("info") => INFO,
        Some("verify") => VERIFY,
        Some("convert") => CONVERT,
        Some("voices") => VOICES,
        Some("devices") => DEVICES,
        Some("doctor") => DOCTOR,
        Some("generate-config") => GENERATE_CONFIG,
        Some("completions") => COMPLETIONS,
        Some("man") => MAN,
        Some("run") => RUN,
        Some(_) => &[],
    }
}

/// The examples as the end of a help text.
pub(super) fn help(name: Option<&str>) -> String {
    let lines = of(name).iter().map(|(command, does)| format!("  {command}\n      {does}"));
    format!("Examples:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

const PROGRAM: &[Example] = &[
    ("realtime_backend play evening.json", "play a track"),
    ("realtime_backend render evening.json -o evening.flac", "write it to a file"),
    ("realtime_backend voices binaural_beat", "show the parameters of a voice"),
];

const RENDER: &[Example] = &[
    ("realtime_backend render evening.json", "write evening.wav beside the track"),
    ("realtime_backend render tracks/ -o out/ --format flac", "write a FLAC file of each track in a folder"),
    ("realtime_backend render a.json --start 1:30 --duration 45m --loudness -23", "a part, at -23 LUFS"),
];

const PLAY: &[Example] = &[
    ("realtime_backend play evening.json --for 45m --fade-out 5m", "fade out and end after 45 minutes"),
    ("realtime_backend play tracks/ --shuffle --loop", "play the tracks of a folder in any order"),
    ("realtime_backend play 200+10/20 pink/30", "a carrier of 200 Hz with a beat of 10 Hz, and pink noise"),
    ("realtime_backend play --voice binaural_beat base_freq=200 beat_freq=6", "a voice"),
];

const VALIDATE: &[Example] = &[
    ("realtime_backend validate tracks/", "check all tracks of a folder"),
    ("realtime_backend validate evening.json --json", "print the findings for another program"),
];

const INFO: &[Example] = &[
    ("realtime_backend info evening.json", "show steps, length and loudness"),
    ("realtime_backend info evening.json --no-levels", "the same without rendering the track"),
];

const VERIFY: &[Example] =
    &[("realtime_backend verify stimulus.json > sheet.txt", "write a sheet to file with the stimulus")];

const CONVERT: &[Example] = &[
    ("realtime_backend convert night.sbg -o night.json", "read a session file of another program"),
    ("realtime_backend convert --compat intended old.json -o new.json", "upgrade a track to all corrections"),
    ("realtime_backend convert evening.flac", "print the track that was written into an audio file"),
    ("realtime_backend convert ears.sofa -o ears.hrir.npz", "write a set of responses in its compact form"),
];

const VOICES: &[Example] = &[
    ("realtime_backend voices", "list all voices"),
    ("realtime_backend voices binaural_beat", "show the parameters of a voice"),
];

const DEVICES: &[Example] = &[
    ("realtime_backend devices", "list the outputs of sound servers and sound cards"),
    ("realtime_backend devices --all", "also the plug-ins of ALSA"),
];

const DOCTOR: &[Example] = &[
    ("realtime_backend doctor", "show version, features, sound, settings"),
    ("python -m realtime_backend doctor", "also the Python that runs it"),
];

const GENERATE_CONFIG: &[Example] = &[
    ("realtime_backend generate-config", "write realtime_backend.toml, for this folder"),
    ("realtime_backend generate-config --out ~/.config/realtime_backend/config.toml", "for all folders"),
];

const COMPLETIONS: &[Example] = &[
    ("source <(realtime_backend completions bash)", "in ~/.bashrc"),
    ("source <(realtime_backend completions zsh)", "in ~/.zshrc, after compinit"),
    ("realtime_backend completions fish | source", "in ~/.config/fish/config.fish"),
];

const MAN: &[Example] = &[
    ("realtime_backend man render | man -l -", "read the page of a command"),
    ("realtime_backend man --out ~/.local/share/man/man1", "install all pages"),
];

const RUN: &[Example] = &[
    ("realtime_backend run --path evening.json", "play a track"),
    ("realtime_backend --path evening.json --generate true", "write the file that the track names, into output/"),
];
