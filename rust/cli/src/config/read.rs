//! Reads a settings file.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use realtime_backend_core::compat::Compat;
use realtime_backend_core::error::{Error, Problem, Result, suggestion};
use realtime_backend_core::files::regular::open_regular;
use realtime_backend_core::plan::LayerGains;
use realtime_backend_core::render::encode::Container;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::Config;
use super::keys::{KEYS, names};
use crate::args::{Subtype, fade, latency, target_level};

/// Largest gain of a layer.
const MAX_GAIN: f64 = 100.0;
/// Largest settings file, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The device without content.
const NOTHING: [&str; 2] = ["/dev/null", "NUL"];

/// Whose a file may be that has a common name.
pub(super) enum Whose {
    /// All its keys are ours.
    Ours,
    /// It has keys that only we have, and this one, which is not ours.
    Shared(String),
    Another,
}

/// Whose file `path` is, by its keys. A file that cannot be read is another's.
pub(super) fn whose(path: &Path) -> Whose {
    let Some(table) = content(path).ok().and_then(|text| text.parse::<Table>().ok()) else { return Whose::Another };
    let known = |name: &String| KEYS.iter().find(|key| key.name == name);
    match table.keys().find(|name| known(name).is_none()) {
        None if !table.is_empty() => Whose::Ours,
        Some(foreign) if table.keys().filter_map(known).any(|key| key.own) => Whose::Shared(foreign.clone()),
        _ => Whose::Another,
    }
}

/// The settings in the file at `path`. `/dev/null` has none.
pub(super) fn read(path: &Path) -> Result<Config> {
    if NOTHING.iter().any(|name| path.as_os_str() == *name) {
        return Ok(Config::default());
    }
    parse(&content(path)?)
}

fn content(path: &Path) -> Result<String> {
    let io = |source| Error::Io { path: path.display().to_string(), source };
    let file = open_regular(path)?;
    if file.metadata().map_err(io)?.len() > MAX_BYTES {
        return Err(Error::invalid("", format!("expected at most {MAX_BYTES} bytes")));
    }
    std::io::read_to_string(file.take(MAX_BYTES)).map_err(io)
}

/// The settings in the text of a file.
pub(super) fn parse(text: &str) -> Result<Config> {
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
        target_level: reader.option("target_level", target_level),
        format: reader.word("format", &formats, Container::from_name),
        subtype: reader.word("subtype", &["pcm16", "pcm24", "float"], |word| Subtype::from_str(word, true).ok()),
        compat: reader.word("compat", &Compat::PRESETS, Compat::preset),
        device: reader.text("device"),
        latency: reader.option("latency", latency),
        startup_fade: reader.option("startup_fade", fade),
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

    /// A number or a text, read as the option of this name is.
    fn option<T>(&mut self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.table.remove(key)?;
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Integer(_) | Value::Float(_) => value.to_string(),
            _ => String::new(),
        };
        let refused = |expected| self.problems.push(Problem::error(key, format!("{expected}, got {}", shown(&value))));
        read(&text).map_err(refused).ok()
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
            let hint = suggestion(key, names());
            let known = || format!("; known are {}", names().collect::<Vec<_>>().join(", "));
            let hint = if hint.is_empty() { known() } else { hint };
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

#[cfg(test)]
mod tests {
    use realtime_backend_core::render::TargetLevel;
    use realtime_backend_player::Latency;

    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        match parse(text) {
            Err(Error::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn integers_are_accepted_as_numbers() {
        assert_eq!(
            parse("voice_gain = 2\nnoise_gain = 0\n").unwrap().gains,
            LayerGains { voices: 2.0, noise: 0.0, clips: 1.0 }
        );
    }

    #[test]
    fn levels_and_times_are_read_as_options_are() {
        let config = parse("target_level = \"none\"\nlatency = 120\nstartup_fade = \"1m\"\n").unwrap();
        assert_eq!(config.target_level, Some(TargetLevel::Mix));
        // what is too long for seconds is milliseconds, as in older files
        assert_eq!((config.latency, config.startup_fade), (Some(Latency::Seconds(0.12)), Some(60.0)));
        let found = complaints("target_level = 2\nlatency = []\n");
        assert_eq!(found[0], "target_level: expected a number from 0 to 1, none or auto, got 2");
        assert!(found[1].ends_with("got a list"), "{found:?}");
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
