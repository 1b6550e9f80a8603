//! Lines of a sequence: options, presets, the time table.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::Path;

use super::super::MAX_BYTES;
use super::super::lanes::Curve;
use super::super::report::Report;
use super::super::text::{Word, decoded, lines};
use super::preset::{self, Preset};
use super::tracks;
use crate::error::suggestion;
use crate::files::regular::open_regular;

/// A sequence as written.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    pub(super) sample_rate: Option<u32>,
    /// `@volume` as a factor.
    pub(super) volume: f64,
    /// Files of `@ambiance` and `@music` by name.
    pub(super) files: HashMap<String, String>,
    pub(super) presets: HashMap<String, Preset>,
    pub(super) times: Vec<Entry>,
    pub(super) comments: Vec<String>,
}

/// A line of the time table.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) time: f64,
    pub(super) preset: String,
    pub(super) movement: Movement,
    pub(super) steps: usize,
    pub(super) line: usize,
}

/// How values go from one entry to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    /// Along one curve.
    Along(Curve),
    /// Slowly at both ends.
    Smooth,
}

/// Name of the built-in preset without sound.
pub(super) const SILENCE: &str = "silence";

impl Sequence {
    pub(super) fn read(report: &Report<'_>, folder: Option<&Path>) -> Self {
        let mut found = Self { volume: 1.0, ..Self::default() };
        found.presets.insert(SILENCE.to_owned(), Preset::default());
        let lines = report.lines.clone();
        found.read_lines(&lines, folder, true, report);
        found
    }

    fn read_lines(&mut self, lines: &[&str], folder: Option<&Path>, whole: bool, report: &Report<'_>) {
        let mut current: Option<String> = None;
        for (index, text) in lines.iter().enumerate() {
            let line = Word::line(text, index + 1);
            if let Some(kept) = line.trimmed().text.strip_prefix("##")
                && whole
            {
                self.comments.push(kept.trim_start_matches('#').trim().to_owned());
            }
            let line = line.before(text.find('#').unwrap_or(text.len()));
            let words = line.words();
            let Some(first) = words.first().copied() else { continue };
            if text.starts_with(char::is_whitespace) {
                let known = current.as_ref().and_then(|name| self.presets.get_mut(name));
                match known {
                    Some(preset) => tracks::read(preset, &words, report),
                    None => report.error(first, "a track stands under the name of a preset; expected one before it"),
                }
            } else if first.text.starts_with('@') {
                self.option(&words, folder, whole, report);
            } else if first.text.starts_with(|c: char| c.is_ascii_digit()) {
                if whole {
                    self.time(&words, report);
                } else {
                    report.error(first, "a file that is extended holds options and presets only");
                }
            } else {
                current = preset::begin(&mut self.presets, &words, report);
            }
        }
    }

    fn option(&mut self, words: &[Word<'_>], folder: Option<&Path>, whole: bool, report: &Report<'_>) {
        let (Some(name), rest) = (words[0].text.strip_prefix('@'), &words[1..]) else { return };
        let Some(value) = rest.first().copied() else {
            report.error(words[0], format!("the option @{name} needs a value"));
            return;
        };
        let number = || value.text.trim_end_matches('%').parse::<f64>().ok().filter(|x| x.is_finite());
        match name {
            "samplerate" => match number().filter(|rate| (8000.0..=384_000.0).contains(rate)) {
                Some(rate) => self.sample_rate = Some(rate as u32),
                None => report.error(value, "expected a sample rate from 8000 to 384000 Hz"),
            },
            "volume" => match number().filter(|percent| (0.0..=1000.0).contains(percent)) {
                Some(percent) => self.volume = percent / 100.0,
                None => report.error(value, "expected a volume in percent"),
            },
            "ambiance" | "music" => {
                let path = rest.get(1).copied().unwrap_or(value);
                if let Some(path) = relative(path, report) {
                    let extensions = if name == "ambiance" { ["wav", "mp3"] } else { ["mp3", "wav"] };
                    let exists = |extension: &&str| {
                        folder.unwrap_or(Path::new("")).join(format!("{path}.{extension}")).is_file()
                    };
                    let extension = extensions.iter().find(|e| exists(e)).unwrap_or(&extensions[0]);
                    self.files.insert(value.text.to_owned(), format!("{path}.{extension}"));
                }
            }
            "extends" if !whole => report.error(words[0], "a file that is extended extends no other"),
            "extends" => self.extend(value, folder, report),
            other => {
                let hint = suggestion(other, ["samplerate", "volume", "ambiance", "music", "extends"]);
                report.warn(words[0], format!("the option @{other} has no counterpart; left out{hint}"));
            }
        }
    }

    /// Read options and presets of another file.
    fn extend(&mut self, value: Word<'_>, folder: Option<&Path>, report: &Report<'_>) {
        let Some(path) = relative(value, report) else { return };
        let path = path.strip_suffix(".spsc").unwrap_or(&path).to_owned();
        let path = folder.unwrap_or(Path::new("")).join(format!("{path}.spsc"));
        let content = open_regular(&path).ok().and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes).ok()?;
            decoded(&bytes, value.text).ok()
        });
        let Some(text) = content else {
            report.error(value, format!("\"{}\" cannot be read", path.display()));
            return;
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let inner = Report::new(&name, &text, false);
        self.read_lines(&lines(&text), folder, false, &inner);
        report.adopt(inner);
    }

    fn time(&mut self, words: &[Word<'_>], report: &Report<'_>) {
        let at = words[0];
        let Some(time) = seconds(at.text) else {
            report.error(at, format!("expected a time (hh:mm:ss), got \"{}\"", at.text));
            return;
        };
        let Some(name) = words.get(1).copied() else {
            report.error(at.from(at.text.len()), "expected the name of a preset after the time");
            return;
        };
        let movement = match words.get(2).map(|word| word.text) {
            None | Some("steady") => Movement::Along(Curve::Linear),
            Some("ease-in") => Movement::Along(Curve::EaseIn),
            Some("ease-out") => Movement::Along(Curve::EaseOut),
            Some("smooth") => Movement::Smooth,
            Some(other) => {
                let hint = suggestion(other, ["steady", "ease-in", "ease-out", "smooth"]);
                report.error(words[2], format!("expected steady, ease-in, ease-out or smooth, got \"{other}\"{hint}"));
                return;
            }
        };
        let steps = words.get(3).map_or(Some(0), |word| word.text.parse::<usize>().ok().filter(|n| *n <= 1000));
        let Some(steps) = steps else {
            report.error(words[3], "expected a number of steps, 0 to 1000");
            return;
        };
        if let Some(extra) = words.get(4) {
            report.error(*extra, format!("expected the end of the line, got \"{}\"", extra.text));
        }
        match self.times.last() {
            None if time != 0.0 => report.error(at, "the first time must be 00:00:00"),
            Some(last) if time <= last.time => report.error(at, "times must rise"),
            _ => {}
        }
        if !self.presets.contains_key(name.text) {
            let hint = suggestion(name.text, self.presets.keys().map(String::as_str));
            report.error(name, format!("there is no preset \"{}\"{hint}", name.text));
            return;
        }
        self.times.push(Entry { time, preset: name.text.to_owned(), movement, steps, line: at.line });
    }
}

/// `hh:mm:ss` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let whole = |part: &str, below: f64| {
        let digits = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<f64>().ok().filter(|number| *number < below))?
    };
    Some(whole(hours, 168.0)? * 3600.0 + whole(minutes, 60.0)? * 60.0 + whole(seconds, 60.0)?)
}

/// A path inside the folder of the sequence.
fn relative(path: Word<'_>, report: &Report<'_>) -> Option<String> {
    let text = path.text.trim_matches('"');
    let outside = text.starts_with(['/', '\\', '~']) || text.split(['/', '\\']).any(|part| part == "..");
    let drive = text.get(1..2) == Some(":");
    if text.contains("://") {
        report.error(path, "addresses on the net are not read");
    } else if outside || drive {
        report.error(path, "expected a path inside the folder of the file");
    } else {
        return Some(text.to_owned());
    }
    None
}
