//! `config.toml`: finds and reads the file, and generates one to edit (spec track-format 12).

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use etcetera::BaseStrategy as _;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem, Result, suggestion};
use realtime_backend_core::files::atomic;
use realtime_backend_core::files::regular::open_regular;
use realtime_backend_core::plan::LayerGains;
use realtime_backend_core::render::TargetLevel;
use realtime_backend_core::render::encode::Container;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::args::{GenerateConfig, Subtype};
use crate::console::{say, write};
use crate::source::is_stream;
use crate::{DONE, FAILED, report};

/// Environment variable that names the settings file.
pub(crate) const VARIABLE: &str = "REALTIME_BACKEND_CONFIG";
/// Name of the settings file in the working directory and in the user's configuration folder.
const FILE: &str = "config.toml";
/// Largest gain of a layer.
const MAX_GAIN: f64 = 100.0;
/// Largest settings file, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Settings from `config.toml`. `None`: the default of the command.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Config {
    /// Folder for relative names of output files.
    pub(crate) output_dir: Option<PathBuf>,
    /// Whether a graphics processor computes the tones of files.
    pub(crate) gpu: bool,
    /// `voice_gain`, `noise_gain` and `clip_gain`: linear, 0 to 100.
    pub(crate) gains: LayerGains,
    /// Peak of a file, 0 to 1; 0: the level of the mix.
    pub(crate) target_level: Option<f64>,
    pub(crate) format: Option<Container>,
    pub(crate) subtype: Option<Subtype>,
    pub(crate) compat: Option<Compat>,
    /// Part of the name of the output device.
    pub(crate) device: Option<String>,
    /// Length of the sound that is buffered during playback, in milliseconds, 20 to 5000.
    pub(crate) latency: Option<f64>,
    /// Length of the fade-in at the start of the track, in seconds, 0 to 3600.
    pub(crate) startup_fade: Option<f64>,
    /// Linear volume of playback, 0 to 1.
    pub(crate) volume: Option<f64>,
}

/// The level of a file for the option or setting `--target-level`.
pub(crate) fn target_level(given: Option<f64>) -> TargetLevel {
    match given {
        None => TargetLevel::Track,
        Some(level) if level > 0.0 => TargetLevel::Peak(level as f32),
        Some(_) => TargetLevel::Mix,
    }
}

/// Every key: its name, whether a generated file sets it, its value there, and what it does.
const KEYS: &[(&str, bool, &str, &str)] = &[
    ("output_dir", true, "\"output\"", "Folder that relative names of audio files count from."),
    (
        "gpu",
        true,
        "false",
        "Let a graphics processor compute the tones of audio files (the same sound within 1e-6 of full scale).",
    ),
    ("voice_gain", true, "1.0", "Factor on the voices, 0 to 100."),
    ("noise_gain", true, "1.0", "Factor on the background layer, 0 to 100."),
    ("clip_gain", true, "1.0", "Factor on clips, 0 to 100."),
    (
        "target_level",
        false,
        "0.25",
        "Peak of an audio file, 0 to 1 of full scale; 0: as rendered. Without it: 0.25, or 0 for absolute levels.",
    ),
    ("format", false, "\"wav\"", "Kind of audio file where the name does not say: wav, flac, opus or ogg."),
    ("subtype", false, "\"pcm16\"", "How samples are stored: pcm16, pcm24 or float."),
    ("compat", false, "\"default\"", "Rules to render under: default, legacy or intended."),
    ("device", false, "\"\"", "Part of the output device's name; empty: the system's default output."),
    ("latency", false, "120", "Sound kept ready while playing, 20 to 5000 ms."),
    ("startup_fade", false, "3.0", "Rise from silence when a track is played from its start, in seconds."),
    ("volume", false, "1.0", "Volume of playing, 0 to 1."),
];

/// Load the settings. They come from `explicit`, otherwise from the file that the environment names, otherwise from
/// `config.toml` in the working directory, otherwise from the user's file. Without any file, they are the defaults. The
/// error includes the path of the file.
pub(crate) fn load(explicit: Option<&Path>) -> Result<Config, (String, Error)> {
    let Some(path) = find(explicit) else { return Ok(Config::default()) };
    read(&path).map_err(|error| (path.display().to_string(), error))
}

/// Load the settings as [`load`] does. An error is printed, and its exit code is returned.
pub(crate) fn load_or_report(explicit: Option<&Path>) -> Result<Config, u8> {
    load(explicit).map_err(|(file, error)| report(&file, &error))
}

/// The settings file to read. A file that the option or the environment names is returned even if it does not exist.
fn find(explicit: Option<&Path>) -> Option<PathBuf> {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let asked = explicit.map(Path::to_owned).or(named);
    let users =
        || etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("realtime_backend").join(FILE));
    asked
        .or_else(|| Some(PathBuf::from(FILE)).filter(|path| path.exists()))
        .or_else(|| users().filter(|path| path.exists()))
}

fn read(path: &Path) -> Result<Config> {
    let io = |source| Error::Io { path: path.display().to_string(), source };
    let file = open_regular(path)?;
    if file.metadata().map_err(io)?.len() > MAX_BYTES {
        return Err(Error::invalid("", format!("expected at most {MAX_BYTES} bytes")));
    }
    parse(&std::io::read_to_string(file.take(MAX_BYTES)).map_err(io)?)
}

fn parse(text: &str) -> Result<Config> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = &text[..error.span().map_or(0, |span| span.start.min(text.len()))];
        let (line, column) =
            (before.matches('\n').count() + 1, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        Error::invalid("", format!("line {line}, column {column}: {}", error.message().trim()))
    })?;
    let formats: Vec<&str> = Container::all().map(|info| info.names[0]).collect();
    let mut reader = Reader { table, problems: Vec::new() };
    let config = Config {
        output_dir: reader.text("output_dir").map(PathBuf::from),
        gpu: reader.take("gpu", "true or false", |_| true).unwrap_or(false),
        gains: LayerGains {
            voices: reader.number("voice_gain", 0.0, MAX_GAIN).unwrap_or(1.0),
            noise: reader.number("noise_gain", 0.0, MAX_GAIN).unwrap_or(1.0),
            clips: reader.number("clip_gain", 0.0, MAX_GAIN).unwrap_or(1.0),
        },
        target_level: reader.number("target_level", 0.0, 1.0),
        format: reader.word("format", &formats, Container::from_name),
        subtype: reader.word("subtype", &["pcm16", "pcm24", "float"], |word| Subtype::from_str(word, true).ok()),
        compat: reader.word("compat", &Compat::PRESETS, Compat::preset),
        device: reader.text("device"),
        latency: reader.number("latency", 20.0, 5000.0),
        startup_fade: reader.number("startup_fade", 0.0, 3600.0),
        volume: reader.number("volume", 0.0, 1.0),
    };
    reader.conclude(config)
}

/// Takes keys out of the document and collects the problems.
struct Reader {
    table: Table,
    problems: Vec<Problem>,
}

impl Reader {
    fn take<T: DeserializeOwned>(&mut self, key: &str, expected: &str, fits: impl Fn(&T) -> bool) -> Option<T> {
        let value = self.table.remove(key)?;
        match value.clone().try_into::<T>() {
            Ok(found) if fits(&found) => Some(found),
            _ => {
                self.problems.push(Problem::error(key, format!("expected {expected}, got {}", shown(&value))));
                None
            }
        }
    }

    fn number(&mut self, key: &str, min: f64, max: f64) -> Option<f64> {
        self.take(key, &format!("a number from {min} to {max}"), |number| (min..=max).contains(number))
    }

    /// A text. An empty text counts as absent.
    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, "a text in quotes", |_: &String| true).filter(|text| !text.is_empty())
    }

    fn word<T>(&mut self, key: &str, words: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let given = self.table.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let before = self.problems.len();
        let word = self.take(key, &format!("one of {}", words.join(", ")), |word: &String| read(word).is_some());
        if let Some(problem) = self.problems.get_mut(before) {
            problem.message.push_str(&suggestion(&given, words.iter().copied()));
        }
        word.and_then(|word| read(&word))
    }

    /// Return `config`, or the problems. A key that is left in the document is unknown.
    fn conclude(mut self, config: Config) -> Result<Config> {
        for key in self.table.keys() {
            let hint = suggestion(key, KEYS.iter().map(|(name, ..)| *name));
            let known: Vec<&str> = KEYS.iter().map(|(name, ..)| *name).collect();
            let hint = if hint.is_empty() { format!("; known are {}", known.join(", ")) } else { hint };
            self.problems.push(Problem::error(key, format!("unknown key{hint}")));
        }
        if self.problems.is_empty() { Ok(config) } else { Err(Error::Invalid(self.problems)) }
    }
}

/// A value in a message: short, without its content if it is a table or a list.
fn shown(value: &Value) -> String {
    match value {
        Value::Table(_) => "a table".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => {
            let text = other.to_string();
            if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text }
        }
    }
}

/// Text of a settings file that sets the common keys to their defaults and has the others as comments.
fn template() -> String {
    let mut text = format!(
        "# Settings of realtime_backend. Read from --config FILE, else the file that {VARIABLE} names,\n\
         # else ./config.toml, else realtime_backend/config.toml in the user's configuration folder.\n\
         # Options on the command line win over what stands here.\n"
    );
    for (key, set, value, about) in KEYS {
        let _ = write!(text, "\n# {about}\n{}{key} = {value}\n", if *set { "" } else { "# " });
    }
    text
}

/// `generate-config`: writes a settings file to edit.
pub(crate) fn generate(args: &GenerateConfig) -> u8 {
    let text = template();
    let name = args.out.display().to_string();
    if is_stream(&args.out) {
        return write(text.as_bytes()).map_or_else(|error| report("error", &error), |()| DONE);
    }
    if args.out.exists() && !args.force {
        crate::console::note(format_args!("{name}: error: exists; --force replaces it"));
        return FAILED;
    }
    match atomic::write(&args.out, text.as_bytes()).and_then(|()| say(format_args!("{name}: written"))) {
        Ok(()) => DONE,
        Err(error) => report(&name, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        match parse(text) {
            Err(Error::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_generated_file_holds_the_defaults() {
        let expected = Config { output_dir: Some("output".into()), ..Config::default() };
        assert_eq!(parse(&template()).unwrap(), expected);
    }

    #[test]
    fn every_key_of_the_generated_file_is_valid_when_uncommented() {
        let all: Vec<String> = KEYS.iter().map(|(key, _, value, _)| format!("{key} = {value}")).collect();
        let config = parse(&all.join("\n")).unwrap();
        assert_eq!(config.latency, Some(120.0));
        assert_eq!((config.compat, config.device), (Some(Compat::DEFAULT), None));
    }

    #[test]
    fn integers_are_accepted_as_numbers() {
        assert_eq!(
            parse("voice_gain = 2\nnoise_gain = 0\n").unwrap().gains,
            LayerGains { voices: 2.0, noise: 0.0, clips: 1.0 }
        );
    }

    #[test]
    fn every_error_names_key_value_and_expectation() {
        let text = "voice_gain = \"loud\"\nclip_gain = -1\nnoise_gain = nan\ngpu = 1\noutput_dir = 7\nformat = \"falc\"\nvoice_gian = 2\n[player]\nx = 1\n";
        let found = complaints(text);
        for expected in [
            "voice_gain: expected a number from 0 to 100, got \"loud\"",
            "clip_gain: expected a number from 0 to 100, got -1",
            "noise_gain: expected a number from 0 to 100, got nan",
            "gpu: expected true or false, got 1",
            "output_dir: expected a text in quotes, got 7",
            "voice_gian: unknown key; did you mean \"voice_gain\"?",
        ] {
            assert!(found.iter().any(|text| text == expected), "{expected} in {found:#?}");
        }
        let format = |text: &String| {
            text.starts_with("format: expected one of wav, flac, ")
                && text.ends_with("got \"falc\"; did you mean \"flac\"?")
        };
        assert!(found.iter().any(format), "{found:#?}");
        assert!(found.iter().any(|text| text.starts_with("player: unknown key; known are output_dir")), "{found:#?}");
        assert_eq!(found.len(), 8);
    }

    #[test]
    fn a_syntax_error_has_line_and_column() {
        let found = complaints("gpu = true\nvoice_gain == 2\n");
        assert!(found[0].starts_with("line 2, column 13: "), "{found:?}");
    }
}
