//! Options of an `.sbg` file (spec interchange 2.1).

use super::super::lanes::{Edge, Flank, Gate, Shape};
use super::super::report::Report;
use super::super::text::Word;
use super::time;

/// Options that matter for the sound.
#[derive(Debug, Clone)]
pub(super) struct Options<'t> {
    /// `-E`: end at the last time.
    pub(super) end: bool,
    /// `-F`, in seconds.
    pub(super) fade: f64,
    /// `-m`.
    pub(super) mix: Option<Word<'t>>,
    /// `-V` as a factor.
    pub(super) volume: f64,
    /// `-w`.
    pub(super) shape: Shape,
    /// `-L`, in seconds.
    pub(super) length: Option<f64>,
    /// `-T`, in seconds since midnight.
    pub(super) start: Option<f64>,
    /// `-r`, in Hz.
    pub(super) sample_rate: Option<u32>,
    /// `-I`.
    pub(super) gate: Gate,
    /// The tones after `-i`.
    pub(super) immediate: Option<Word<'t>>,
}

/// Gate of isochronic tones without `-I`.
pub const GATE: Gate =
    Gate { start: 0.0485, open: 0.4030, flank: Flank::Share(0.5), edge: Edge::Smooth, inverted: false };

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            end: false,
            fade: 60.0,
            mix: None,
            volume: 1.0,
            shape: Shape::Sine,
            length: None,
            start: None,
            sample_rate: None,
            gate: GATE,
            immediate: None,
        }
    }
}

impl<'t> Options<'t> {
    /// Read a line of options. Letters may be joined (`-SE`), an argument is the rest of the word or the next word.
    pub(super) fn read(&mut self, words: &[Word<'t>], report: &Report<'t>) {
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            let Some(letters) = word.text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                report.error(word, format!("expected an option, got \"{}\"", word.text));
                return;
            };
            for (index, letter) in letters.char_indices() {
                let at = word.from(1 + index);
                let at = Word { text: at.text.get(..letter.len_utf8()).unwrap_or_default(), ..at };
                match letter {
                    'S' | 'Q' | 'N' | 'D' => continue,
                    'E' => {
                        self.end = true;
                        continue;
                    }
                    'i' => {
                        let next = words.peek().copied();
                        let line = report.lines.get(word.line - 1).copied().unwrap_or_default();
                        let rest = next.map(|next| rest_of(line, next));
                        self.immediate = Some(rest.unwrap_or(word.from(word.text.len())));
                        return;
                    }
                    'p' => {
                        report.error(word, "built-in programmes (-p) are not read");
                        return;
                    }
                    'F' | 'm' | 'V' | 'w' | 'L' | 'T' | 'I' | 'r' | 'b' | 'q' | 'o' | 'c' | 'd' | 'R' | 'k' | 'K'
                    | 'A' | 'M' | 'x' => {}
                    _ => {
                        report.warn(at, format!("the option -{letter} has no counterpart; left out"));
                        continue;
                    }
                }
                let rest = word.from(1 + index + letter.len_utf8());
                if rest.text.is_empty() && !takes_argument(letter, words.peek().map(|next| next.text)) {
                    report.warn(at, format!("the option -{letter} has no counterpart; left out"));
                    break;
                }
                let joined = !rest.text.is_empty() && !rest.text.starts_with(|c: char| c.is_ascii_alphabetic());
                let argument = if joined || letter == 'I' && !rest.text.is_empty() { Some(rest) } else { words.next() };
                let Some(argument) = argument else {
                    report.error(at, format!("the option -{letter} needs an argument"));
                    return;
                };
                self.set(letter, at, argument, report);
                if joined || letter == 'I' {
                    break;
                }
            }
        }
    }

    fn set(&mut self, letter: char, at: Word<'t>, argument: Word<'t>, report: &Report<'t>) {
        let text = argument.text;
        let number = || text.trim_end_matches('%').parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0);
        let wanted = |what: &str| report.error(argument, format!("expected {what} after -{letter}, got \"{text}\""));
        match letter {
            'F' => match number() {
                Some(milliseconds) => self.fade = milliseconds / 1000.0,
                None => wanted("milliseconds"),
            },
            'V' => match number().filter(|percent| *percent <= 1000.0) {
                Some(percent) => self.volume = percent / 100.0,
                None => wanted("a volume in percent"),
            },
            'm' => self.mix = Some(argument),
            'w' => match Shape::named(&text.to_ascii_lowercase()) {
                Some(shape) => self.shape = shape,
                None => wanted("sine, square, triangle or sawtooth"),
            },
            'L' => match time::seconds(text).filter(|seconds| *seconds > 0.0) {
                Some(seconds) => self.length = Some(seconds),
                None => wanted("a length (h:mm or h:mm:ss)"),
            },
            'T' => match time::seconds(text) {
                Some(seconds) => self.start = Some(seconds),
                None => wanted("a time (h:mm or h:mm:ss)"),
            },
            'r' => match number().filter(|rate| (8000.0..=384_000.0).contains(rate)) {
                Some(rate) => self.sample_rate = Some(rate as u32),
                None => wanted("a sample rate from 8000 to 384000 Hz"),
            },
            'I' => match gate(text) {
                Some(gate) => self.gate = gate,
                None => wanted("s=:d=:a=:r=:e= with numbers"),
            },
            'b' => {}
            'q' => report.warn(at, "the session plays at its normal speed: -q has no counterpart"),
            _ => report.warn(at, format!("the option -{letter} has no counterpart; left out")),
        }
    }
}

/// Whether the option takes `next` as its argument. Options that are left out take one only if it does not look like
/// the next option.
fn takes_argument(letter: char, next: Option<&str>) -> bool {
    let needed = matches!(letter, 'F' | 'm' | 'V' | 'w' | 'L' | 'T' | 'I' | 'r' | 'b' | 'q' | 'o' | 'c');
    needed || !matches!(letter, 'A' | 'M' | 'x') && next.is_some_and(|next| !next.starts_with('-'))
}

/// The rest of `line` from the word `next` on, without the comment.
fn rest_of<'t>(line: &'t str, next: Word<'t>) -> Word<'t> {
    let at = line.char_indices().nth(next.column - 1).map_or(line.len(), |(at, _)| at);
    super::line::without_comment(Word::line(line, next.line).from(at))
}

/// `s=0.1:d=0.4:a=0.5:r=0.5:e=2`.
fn gate(text: &str) -> Option<Gate> {
    let mut gate = GATE;
    let (mut attack, mut release) = (0.5, 0.5);
    for part in text.split(':').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=')?;
        let value: f64 = value.parse().ok().filter(|value| (0.0..=3.0).contains(value))?;
        match key.trim() {
            "s" => gate.start = value,
            "d" => gate.open = value.min(1.0),
            "a" => attack = value.min(1.0),
            "r" => release = value.min(1.0),
            "e" => {
                gate.edge = match value as u8 {
                    0 => Edge::Hard,
                    1 => Edge::Linear,
                    2 => Edge::Smooth,
                    _ => Edge::Smoother,
                }
            }
            _ => return None,
        }
    }
    gate.flank = Flank::Share(((attack + release) / 2.0).min(0.5));
    Some(gate)
}
