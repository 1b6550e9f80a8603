//! Sound that the command line itself describes: tones in the notation of `.sbg` files, or voices with values of their
//! parameters. It plays until the listener quits.

use std::path::{Path, PathBuf};

use realtime_backend_core::error::{Error, Result, suggestion};
use realtime_backend_core::voice::{describe, registry};
use serde_json::{Map, Value, json};

/// Length in seconds, without `--for`: a day.
const LENGTH_S: f64 = 24.0 * 3600.0;
/// Least length, seconds.
const LEAST_S: f64 = 1.0;
/// Words before the numbers of a tone.
const WORDS: &[&str] =
    &["pink", "white", "brown", "bell", "spin", "bspin", "wspin", "sine", "square", "triangle", "sawtooth"];

/// A track that stands on the command line.
pub(super) struct Given {
    pub(super) title: String,
    pub(super) text: String,
    /// Seconds for which tones are held.
    pub(super) length: f64,
}

/// The tones in `words`; `None` if they are files.
///
/// # Errors
/// If some are tones and some are files.
pub(super) fn tones(words: &[PathBuf], length: Option<f64>) -> Result<Option<Given>> {
    let is_tone = |word: &&PathBuf| word.to_str().is_some_and(looks_like_tone) && !word.exists();
    let tones: Vec<&str> = words.iter().filter(is_tone).filter_map(|word| word.to_str()).collect();
    if tones.is_empty() {
        return Ok(None);
    }
    if let Some(file) = words.iter().find(|word| !is_tone(word)) {
        let message =
            format!("expected a tone such as 200+10/20 or pink/30 beside other tones, got \"{}\"", file.display());
        return Err(Error::invalid("", message));
    }
    let title = tones.join(" ");
    let text = format!("tones: {title}\nNOW tones\n");
    Ok(Some(Given { title, text, length: seconds(length) }))
}

/// Whether `word` is meant as a tone, although it may be a wrong one.
fn looks_like_tone(word: &str) -> bool {
    let letters = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (name, rest) = word.split_at(letters);
    let named = WORDS.contains(&name.to_ascii_lowercase().as_str())
        && rest.starts_with(|c: char| "/:+".contains(c) || c.is_ascii_digit());
    let pitched = name.is_empty() && rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(['+', '@', '/']);
    let level = word.rsplit_once('/').map_or("0", |(_, level)| level);
    (named || pitched)
        && level.starts_with(|c: char| c.is_ascii_digit())
        && Path::new(level).extension().is_none_or(is_number)
}

/// Whether an extension is a fraction.
fn is_number(extension: &std::ffi::OsStr) -> bool {
    extension.to_str().is_some_and(|text| text.trim_end_matches('%').chars().all(|c| c.is_ascii_digit()))
}

/// The voices in `words`: the name of each, and after it its parameters as `NAME=VALUE`.
pub(super) fn voices(words: &[String], length: Option<f64>) -> Result<Given> {
    let mut voices: Vec<(String, Map<String, Value>)> = Vec::new();
    for word in words {
        match (word.split_once('='), voices.last_mut()) {
            (None, _) => {
                registry::find(word).ok_or_else(|| registry::unknown(word))?;
                voices.push((word.clone(), Map::new()));
            }
            (Some((name, value)), Some((voice, params))) => {
                let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
                params.insert(written(voice, name), value);
            }
            (Some(_), None) => {
                let message = format!("expected the name of a voice before its parameters, got {word:?}");
                return Err(Error::invalid("", message));
            }
        }
    }
    for (name, params) in &voices {
        known(name, params)?;
    }
    let spec = |(name, params): &(String, Map<String, Value>)| {
        let transition = registry::find(name).is_some_and(|(_, transition)| transition);
        json!({ "synth_function_name": name, "is_transition": transition, "params": params })
    };
    let length = seconds(length);
    let step = json!({ "duration": length, "voices": voices.iter().map(spec).collect::<Vec<_>>() });
    let track = json!({ "global": { "sample_rate": 44_100, "compat": "intended" }, "progression": [step] });
    Ok(Given { title: words.join(" "), text: track.to_string(), length })
}

fn seconds(length: Option<f64>) -> f64 {
    length.map_or(LENGTH_S, |length| length.clamp(LEAST_S, LENGTH_S))
}

/// The names of the parameters of a voice.
fn parameters(voice: &str) -> Vec<String> {
    let described = describe::voice(voice).unwrap_or_default();
    let flanger = describe::flanger();
    let rows = [&described["parameters"], &flanger].into_iter().filter_map(Value::as_array).flatten();
    rows.filter_map(|row| row["name"].as_str()).map(str::to_owned).collect()
}

/// The name of a parameter as tracks write it: `baseFreq` for `base_freq`.
fn written(voice: &str, name: &str) -> String {
    let tidy = |name: &str| name.replace('_', "").to_lowercase();
    parameters(voice).into_iter().find(|known| tidy(known) == tidy(name)).unwrap_or_else(|| name.to_owned())
}

/// A parameter that the voice does not have is an error here: it is a slip of the keyboard.
fn known(voice: &str, params: &Map<String, Value>) -> Result<()> {
    let Some((family, transition)) = registry::find(voice) else { return Err(registry::unknown(voice)) };
    let Some((name, hint)) = registry::unknown_parameter(family, transition, params) else { return Ok(()) };
    let known = parameters(voice);
    let hint = if hint.is_empty() { suggestion(name, known.iter().map(String::as_str)) } else { hint };
    let hint = if hint.is_empty() { format!("; `voices {voice}` lists them") } else { hint };
    Err(Error::invalid("", format!("{voice} has no parameter \"{name}\"{hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_are_told_from_names_of_files() {
        for tone in
            ["200+10/20", "200@4/5.5", "300/10", "pink/30", "square:200+4/20", "bell+300/40", "200+10", "1+1/x+2/3"]
        {
            assert!(looks_like_tone(tone), "{tone}");
        }
        for file in ["a.json", "200.json", "2026/a.json", "2026/01.json", "pink.sbg", "pinkish/3", "sets/1", "200", "-"]
        {
            assert!(!looks_like_tone(file), "{file}");
        }
    }

    #[test]
    fn parameters_are_taken_in_both_spellings() {
        let words = ["binaural_beat", "base_freq=180", "beatFreq=6.5", "steady_noise"].map(str::to_owned);
        let track: Value = serde_json::from_str(&voices(&words, Some(60.0)).unwrap().text).unwrap();
        let step = &track["progression"][0];
        assert_eq!(step["duration"], 60.0);
        assert_eq!(step["voices"][0]["params"], json!({"baseFreq": 180, "beatFreq": 6.5}));
        assert_eq!(step["voices"][1]["synth_function_name"], "steady_noise");
    }

    #[test]
    fn wrong_voices_and_parameters_are_refused() {
        let refused = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            voices(&words, None).map(|_| ()).unwrap_err().to_string()
        };
        assert!(refused(&["binaural_beet"]).contains("did you mean \"binaural_beat\"?"));
        assert!(refused(&["binaural_beat", "base_frq=1"]).contains("did you mean \"baseFreq\"?"));
        assert!(refused(&["base_freq=1"]).contains("expected the name of a voice"));
    }
}
