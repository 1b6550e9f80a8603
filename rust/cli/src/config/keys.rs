//! The keys of a settings file.

/// A key, as a generated file shows it.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// Its default, or an example of a value, in TOML.
    pub(super) value: &'static str,
    /// What it does.
    pub(super) about: &'static str,
    /// Whether no other program is likely to have it.
    pub(super) own: bool,
}

const fn key(name: &'static str, value: &'static str, about: &'static str) -> Key {
    Key { name, value, about, own: false }
}

const fn own(name: &'static str, value: &'static str, about: &'static str) -> Key {
    Key { name, value, about, own: true }
}

/// Every key.
pub(super) const KEYS: &[Key] = &[
    key("output_dir", "\"output\"", "Folder that relative names of audio files count from."),
    key(
        "gpu",
        "false",
        "Let a graphics processor compute the tones of audio files (the same sound within 1e-6 of full scale).",
    ),
    own("voice_gain", "1.0", "Factor on the voices, 0 to 100."),
    own("noise_gain", "1.0", "Factor on the background layer, 0 to 100."),
    own("clip_gain", "1.0", "Factor on clips, 0 to 100."),
    own(
        "target_level",
        "\"auto\"",
        "Peak of an audio file, 0 to 1 of full scale; \"none\": as rendered; \"auto\": 0.25, or as rendered for absolute levels.",
    ),
    key("format", "\"wav\"", "Kind of audio file where the name does not say: wav, flac, opus or ogg."),
    key("subtype", "\"pcm16\"", "How samples are stored: pcm16, pcm24 or float."),
    key("compat", "\"default\"", "Rules to render under: default, legacy or intended. Without it: those of the track."),
    key("device", "\"\"", "Part of the output device's name; empty: the system's default output."),
    key("latency", "0.12", "Sound kept ready while playing, 0.02 to 5 seconds."),
    own("startup_fade", "3.0", "Rise from silence when a track is played from its start, in seconds."),
    key("volume", "1.0", "Volume of playing, 0 to 1."),
];

/// The names of all keys.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|key| key.name)
}
