//! Tones of an `.sbg` file (spec interchange 2.2).

use std::collections::HashMap;
use std::sync::Arc;

use super::super::lanes::{AudioFile, Colour, Kind, Shape, Values};
use super::super::report::Report;
use super::super::text::{Word, leading_number};
use super::MAX_LANES;
use super::effects;
use super::line::wave_number;
use super::options::Options;
use crate::dsp::wavetable::MOST_POINTS;
use crate::error::suggestion;
use crate::track::Movement;

/// A lane of a tone-set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tone {
    pub(super) kind: Kind,
    pub(super) values: Values,
}

/// The lanes of a tone-set; `None` is an unused one.
pub(super) type Tones = Vec<Option<Tone>>;

const PINK: Colour = Colour { name: "pink", rms: 0.153, correlation: 1.0, cutoff: 0.0 };
const WHITE: Colour = Colour { name: "white", rms: 0.577, correlation: 0.0, cutoff: 0.0 };
const BROWN: Colour = Colour { name: "brown", rms: 0.590, correlation: 1.0, cutoff: 0.0 };

/// Words that tones of the original begin with.
const WORDS: &[&str] = &[
    "pink", "white", "brown", "bell", "spin", "bspin", "wspin", "mix", "sine", "square", "triangle", "sawtooth",
    "mixspin", "mixpulse", "mixam",
];
/// Words of tones that only descendants have.
const DESCENDANTS: &[&str] = &[
    "mixbeat",
    "noise",
    "custom",
    "noisepulse",
    "noisebeat",
    "noisespin",
    "orbitbeat",
    "chirp",
    "am",
    "fm",
    "pulse",
    "bpink",
    "wnoise",
    "mixfx",
];

type Waves = HashMap<u32, Arc<[f64]>>;

/// Read a tone-set.
pub(super) fn set<'t>(words: Word<'t>, options: &Options<'t>, waves: &Waves, report: &Report<'t>) -> Tones {
    let words = words.words();
    if let Some(extra) = words.get(MAX_LANES) {
        report.error(*extra, format!("a tone-set has at most {MAX_LANES} tones"));
    }
    let mut tones: Tones = words.iter().take(MAX_LANES).map(|word| tone(*word, options, waves, report)).collect();
    effects::join(&mut tones);
    for tone in tones.iter_mut().flatten() {
        tone.values.amps = tone.values.amps.map(|amp| amp * options.volume);
    }
    let is_audio = |tone: &Option<Tone>| tone.as_ref().is_some_and(|tone| matches!(tone.kind, Kind::Audio(_)));
    if let Some(at) = words.iter().zip(&tones).find(|(_, tone)| is_audio(tone))
        && options.mix.is_none()
    {
        report.warn(*at.0, "there is no option -m FILE: \"mix\" is silent");
    }
    tones
}

/// Read the values of an envelope and scale them to 0..1.
pub(super) fn wave<'t>(words: &[Word<'t>], report: &Report<'t>) -> Option<Arc<[f64]>> {
    let mut values = Vec::with_capacity(words.len());
    for word in words {
        match word.text.parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) => values.push(value),
            None => report.error(*word, format!("expected a number, got \"{}\"", word.text)),
        }
    }
    if let Some(extra) = words.get(MOST_POINTS) {
        report.error(*extra, format!("an envelope has at most {MOST_POINTS} numbers"));
        return None;
    }
    if values.len() < 2 {
        let at = words.first().copied().unwrap_or(Word { text: "", line: 1, column: 1 });
        report.error(at, "an envelope needs two numbers or more");
        return None;
    }
    Some(values.into())
}

fn tone<'t>(word: Word<'t>, options: &Options<'t>, waves: &Waves, report: &Report<'t>) -> Option<Tone> {
    if word.text == "-" {
        return None;
    }
    let (shape, rest) = shape(word, options.shape);
    match read(rest, shape, options, waves, report) {
        Ok(tone) => {
            if let Some(Kind::Pulsed(shape, _)) = tone.as_ref().map(|tone| &tone.kind)
                && *shape != Shape::Sine
            {
                let message = format!("{} carriers of pulses have no counterpart; a sine is used", shape.name());
                report.warn(word, message);
            }
            tone
        }
        Err(message) => {
            report.error(word, message);
            None
        }
    }
}

/// A carrier's shape before the tone, and the rest.
fn shape(word: Word<'_>, default: Shape) -> (Shape, Word<'_>) {
    let named = word.text.split_once(':').and_then(|(name, _)| Some((Shape::named(name)?, name.len())));
    named.map_or((default, word), |(shape, length)| (shape, word.from(length + 1)))
}

fn read<'t>(
    word: Word<'t>,
    shape: Shape,
    options: &Options<'t>,
    waves: &Waves,
    report: &Report<'t>,
) -> Result<Option<Tone>, String> {
    let text = word.text;
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at(letters);
    let name = name.to_ascii_lowercase();
    let noise =
        |colour: Colour| Ok(Some(Tone { kind: Kind::Noise(colour), values: Values::new(0.0, 0.0, level(rest)?) }));
    let spin = |colour: Colour| {
        let (values, _) = pitched(rest.strip_prefix(':').unwrap_or(rest), &['+', '-'])?;
        let values = Values { beat: values.beat.abs(), ..values };
        Ok(Some(Tone { kind: Kind::Spin(colour), values }))
    };
    match name.as_str() {
        "" => {
            let (values, sign) = pitched(rest, &['+', '-', '@'])?;
            let kind = if sign == '@' { Kind::Pulsed(shape, options.gate) } else { Kind::Tone(shape) };
            Ok(Some(Tone { kind, values }))
        }
        "pink" => noise(PINK),
        "white" => noise(WHITE),
        "brown" => noise(BROWN),
        "spin" => spin(PINK),
        "bspin" => spin(BROWN),
        "wspin" => spin(WHITE),
        "mix" => {
            let kind = Kind::Audio(mixed(options, Movement::default()));
            Ok(Some(Tone { kind, values: Values::new(0.0, 0.0, level(rest)?) }))
        }
        "mixspin" | "mixpulse" | "mixam" => {
            let rest = rest.strip_prefix(':').unwrap_or(rest);
            let (movement, amplitude) = match name.as_str() {
                "mixspin" => {
                    let (values, _) = pitched(rest, &['+', '-'])?;
                    (effects::spin(values.carrier, values.beat.abs())?, values.amps[0])
                }
                kind => {
                    let (settings, amplitude) = rest.split_once('/').unwrap_or((rest, ""));
                    let (rate, more) = settings.split_once(':').unwrap_or((settings, ""));
                    if !more.is_empty() {
                        report.warn(word, format!("\"{more}\" has no counterpart; left out"));
                    }
                    let rate =
                        leading_number(rate).filter(|(_, rest)| rest.is_empty()).ok_or_else(|| expected(text))?;
                    (effects::modulation(kind == "mixpulse", rate.0)?, level(&format!("/{amplitude}"))?)
                }
            };
            let values = Values::new(0.0, 0.0, amplitude);
            Ok(Some(Tone { kind: Kind::Audio(mixed(options, movement)), values }))
        }
        "bell" => {
            let (values, _) = pitched(rest.trim_start_matches(['+', ':']), &[])?;
            Ok(Some(Tone { kind: Kind::Bell, values }))
        }
        "wave" => {
            let (number, tone) = rest.split_once(':').ok_or_else(|| expected(text))?;
            let number = wave_number(&format!("wave{number}")).ok_or_else(|| expected(text))?;
            let wave = waves.get(&number).ok_or_else(|| format!("the envelope wave{number:02} is not defined"))?;
            let (values, _) = pitched(tone, &['+', '-'])?;
            Ok(Some(Tone { kind: Kind::Waved(wave.clone()), values }))
        }
        name if DESCENDANTS.contains(&name) => {
            report.warn(word, format!("\"{name}\" has no counterpart; left out"));
            Ok(None)
        }
        name => {
            let hint = suggestion(name, WORDS.iter().chain(DESCENDANTS).copied());
            Err(format!("there is no tone \"{name}\"{hint}"))
        }
    }
}

/// The file of `-m`.
fn mixed(options: &Options<'_>, movement: Movement) -> AudioFile {
    let path = options.mix.map(|file| file.text.replace('\\', "/")).unwrap_or_default().into();
    AudioFile { path, looped: true, movement }
}

fn expected(text: &str) -> String {
    format!("expected a tone such as 200+4/20, 200@4/20, pink/30 or -, got \"{text}\"")
}

/// `/A` in percent, as a factor.
fn level(text: &str) -> Result<f64, String> {
    let wrong = || format!("expected an amplitude such as /20, got \"{text}\"");
    let (percent, rest) = text.strip_prefix('/').and_then(leading_number).ok_or_else(wrong)?;
    if !rest.trim_end_matches('%').is_empty() {
        return Err(wrong());
    }
    if percent > 10_000.0 {
        return Err(format!("expected an amplitude in percent, got {percent}"));
    }
    Ok(percent / 100.0)
}

/// `C+B/A` with one of these signs, or `C/A`; and the sign (`+` if there is none).
fn pitched(text: &str, signs: &[char]) -> Result<(Values, char), String> {
    let wrong = || expected(text);
    let (carrier, rest) = leading_number(text).ok_or_else(wrong)?;
    let sign = rest.chars().next().filter(|c| signs.contains(c));
    let (beat, rest) = match sign {
        Some(_) => leading_number(&rest[1..]).ok_or_else(wrong)?,
        None => (0.0, rest),
    };
    if carrier.max(beat) > 192_000.0 {
        return Err(format!("expected frequencies up to 192000 Hz, got \"{text}\""));
    }
    if !rest.starts_with('/') {
        return Err(wrong());
    }
    let beat = if sign == Some('-') { -beat } else { beat };
    Ok((Values::new(carrier, beat, level(rest)?), sign.unwrap_or('+')))
}
