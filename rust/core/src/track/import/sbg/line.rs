//! Lines of an `.sbg` file (spec interchange 2.1).

use super::super::report::Report;
use super::super::text::Word;
use super::time::{Time, time};

/// A line with content.
pub(super) enum Line<'t> {
    /// Words that begin with `-`, and their arguments.
    Options(Vec<Word<'t>>),
    /// `name: ...`.
    Definition(Word<'t>, Definition<'t>),
    /// `}`.
    BlockEnd,
    /// A line of the time table.
    Time(TimeLine<'t>),
}

/// What a name stands for.
pub(super) enum Definition<'t> {
    /// The lines up to `}`.
    Block,
    /// An envelope and its number.
    Wave(u32, Vec<Word<'t>>),
    /// The rest of the line: tones.
    Tones(Word<'t>),
}

/// A line of the time table.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeLine<'t> {
    /// The time as written.
    pub(super) word: Word<'t>,
    pub(super) time: Time,
    pub(super) fades: Fades,
    pub(super) name: Word<'t>,
    /// `->`: go to the next entry all the time.
    pub(super) arrow: bool,
}

/// How a tone-set comes in and goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fades {
    pub(super) into: Fade,
    pub(super) out: Fade,
}

/// One way of coming in or going out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fade {
    /// `<` and `>`: from and to silence.
    Silence,
    /// `-`: tones that differ through silence, others directly.
    Through,
    /// `=`: directly.
    Slide,
}

impl Default for Fades {
    fn default() -> Self {
        Self { into: Fade::Through, out: Fade::Through }
    }
}

/// A line without its comment.
pub(super) fn without_comment(line: Word<'_>) -> Word<'_> {
    line.before(line.text.find('#').unwrap_or(line.text.len())).trimmed()
}

/// Whether a file that begins with this line can be an `.sbg` file.
pub(super) fn looks_like_one(line: Word<'_>) -> bool {
    let text = line.text;
    if let Some(rest) = text.strip_prefix('-') {
        return rest.starts_with(|c: char| c.is_ascii_alphabetic());
    }
    let words = line.words();
    let Some(first) = words.first() else { return false };
    if let Some((_, rest)) = defined(line) {
        let tone = |word: &Word<'_>| word.text.contains('/') || word.text == "-";
        return rest.text.starts_with('{')
            || rest.words().first().is_some_and(tone)
            || first.text.starts_with("wave") && rest.words().iter().all(|word| word.text.parse::<f64>().is_ok());
    }
    time(first.text).is_some() && words.len() > 1
}

/// Name and rest of a definition.
fn defined(line: Word<'_>) -> Option<(Word<'_>, Word<'_>)> {
    if !line.text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let end = line.text.find(|c: char| !is_name(c)).unwrap_or(line.text.len());
    let rest = line.from(end).trimmed();
    let after = rest.text.strip_prefix(':')?;
    Some((line.before(end), rest.from(rest.text.len() - after.len()).trimmed()))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Read a line. `None` if it is empty or wrong, which is reported.
pub(super) fn read<'t>(line: Word<'t>, in_block: bool, report: &Report<'t>) -> Option<Line<'t>> {
    if line.text.is_empty() {
        return None;
    }
    if line.text.starts_with('}') {
        if !in_block {
            report.error(line, "there is no block to end here");
            return None;
        }
        return Some(Line::BlockEnd);
    }
    if line.text.starts_with('-') && !in_block {
        return Some(Line::Options(line.words()));
    }
    if let Some((name, rest)) = defined(line) {
        if in_block {
            report.error(name, "a block holds lines with times only; expected a time or \"}\"");
            return None;
        }
        if let Some(inside) = rest.text.strip_prefix('{') {
            if !inside.trim().is_empty() {
                report.error(rest.from(1).trimmed(), "expected the end of the line after \"{\"");
            }
            return Some(Line::Definition(name, Definition::Block));
        }
        if let Some(number) = wave_number(name.text) {
            return Some(Line::Definition(name, Definition::Wave(number, rest.words())));
        }
        return Some(Line::Definition(name, Definition::Tones(rest)));
    }
    time_line(line, report).map(Line::Time)
}

/// The number of an envelope called `waveNN`.
pub(super) fn wave_number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("wave")?;
    (digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn time_line<'t>(line: Word<'t>, report: &Report<'t>) -> Option<TimeLine<'t>> {
    let words = line.words();
    let count = words.len();
    let mut words = words.into_iter().peekable();
    let word = words.next()?;
    let Some(at) = time(word.text) else {
        let message = "expected a definition (name: ...), options (-...) or a time (22:30, +0:10, NOW)";
        report.error(word, format!("{message}, got \"{}\"", word.text));
        return None;
    };
    // "->" before a name are fades, without a name it is an arrow that lacks it
    let fades = words.peek().filter(|word| word.text != "->" || count > 2).and_then(|word| fades(*word, report));
    if fades.is_some() {
        words.next();
    }
    let Some(mut name) = words.next() else {
        report.error(word.from(word.text.len()), "expected the name of a tone-set or a block after the time");
        return None;
    };
    let mut arrow = false;
    if let Some(before) = name.text.strip_suffix("->").filter(|before| !before.is_empty()) {
        name = name.before(before.len());
        arrow = true;
    }
    if let Some(next) = words.next() {
        if next.text == "->" {
            arrow = true;
        } else {
            report.error(next, format!("expected \"->\" or the end of the line, got \"{}\"", next.text));
            return None;
        }
    }
    if let Some(next) = words.next() {
        report.error(next, format!("expected the end of the line, got \"{}\"", next.text));
        return None;
    }
    Some(TimeLine { word, time: at, fades: fades.unwrap_or_default(), name, arrow })
}

fn fades(word: Word<'_>, report: &Report<'_>) -> Option<Fades> {
    let mut chars = word.text.chars();
    let (into, out) = (chars.next()?, chars.next()?);
    let fade = |c: char| match c {
        '-' => Some(Fade::Through),
        '=' => Some(Fade::Slide),
        '<' | '>' => Some(Fade::Silence),
        _ => None,
    };
    let fades = Fades { into: fade(into)?, out: fade(out)? };
    if chars.next().is_some() {
        return None;
    }
    if into == '>' || out == '<' {
        let first = if into == '>' { '<' } else { into };
        let second = if out == '<' { '>' } else { out };
        report.warn(word, format!("\"{}\" is read as \"{first}{second}\"", word.text));
    }
    Some(fades)
}
