//! Lines under a preset: tracks, and changes of the tracks of a template.

use super::super::lanes::{AudioFile, Colour, Edge, Flank, Gate, Kind, Shape, Values};
use super::super::report::Report;
use super::super::text::Word;
use super::preset::{Preset, Track};
use crate::error::suggestion;

/// Most tracks of a preset.
const MAX_TRACKS: usize = 16;
/// The pulses, those of SBaGen.
const PULSES: Gate =
    Gate { start: 0.0485, open: 0.4030, flank: Flank::Share(0.5), edge: Edge::Smooth, inverted: false };

/// Read a line under `preset`.
pub(super) fn read(preset: &mut Preset, words: &[Word<'_>], report: &Report<'_>) {
    if words[0].text == "track" {
        change(preset, words, report);
    } else if preset.derived {
        report.error(words[0], "a preset from a template holds lines \"track N KIND VALUE\" only");
    } else if preset.tracks.len() == MAX_TRACKS {
        report.error(words[0], format!("a preset has at most {MAX_TRACKS} tracks"));
    } else if let Some(track) = track(words, report) {
        preset.tracks.push(track);
    }
}

/// Words that are read one after the other.
struct Cursor<'a, 't> {
    words: &'a [Word<'t>],
    next: usize,
    report: &'a Report<'a>,
}

impl<'t> Cursor<'_, 't> {
    fn peek(&self) -> Option<&'t str> {
        self.words.get(self.next).map(|word| word.text)
    }

    /// The next word, or an empty one after the last.
    fn take(&mut self) -> Word<'t> {
        let last = self.words[self.words.len() - 1];
        let word = self.words.get(self.next).copied().unwrap_or(last.from(last.text.len()));
        self.next += 1;
        word
    }

    fn number(&mut self, what: &str) -> Option<f64> {
        let word = self.take();
        let number = word.text.parse::<f64>().ok().filter(|x| x.is_finite() && (0.0..=192_000.0).contains(x));
        if number.is_none() {
            self.report.error(word, format!("expected {what}, got \"{}\"", word.text));
        }
        number
    }
}

/// A track; `None` if it is wrong or has no counterpart, which is reported.
fn track<'t>(words: &[Word<'t>], report: &Report<'_>) -> Option<Track> {
    let mut cursor = Cursor { words, next: 0, report };
    let mut shape = Shape::Sine;
    if cursor.peek() == Some("waveform") {
        cursor.take();
        let name = cursor.take();
        let Some(found) = Shape::named(name.text) else {
            report.error(name, format!("expected sine, square, triangle or sawtooth, got \"{}\"", name.text));
            return None;
        };
        shape = found;
    }
    let word = cursor.take();
    let mut values = Values::default();
    let mut kind = match word.text {
        "tone" => {
            values.carrier = cursor.number("a frequency in Hz")?;
            Kind::Tone(shape)
        }
        "noise" => {
            let name = cursor.take();
            Kind::Noise(match name.text {
                "white" => Colour { name: "white", rms: 0.577, correlation: 0.0, cutoff: 0.0 },
                "pink" => Colour { name: "pink", rms: 0.153, correlation: 1.0, cutoff: 0.0 },
                "brown" => Colour { name: "brown", rms: 0.590, correlation: 1.0, cutoff: 0.0 },
                other => {
                    report.error(name, format!("expected white, pink or brown, got \"{other}\""));
                    return None;
                }
            })
        }
        "ambiance" | "music" => {
            Kind::Audio(AudioFile { path: cursor.take().text.into(), looped: word.text == "ambiance" })
        }
        other => {
            let hint = suggestion(other, super::TRACK_WORDS);
            report.error(word, format!("there is no track \"{other}\"{hint}"));
            return None;
        }
    };
    let mut amplitude = None;
    while let Some(text) = cursor.peek() {
        let word = cursor.take();
        match text {
            "binaural" | "monaural" | "isochronic" => {
                values.beat = cursor.number("a beat in Hz")?;
                kind = match text {
                    "binaural" => Kind::Tone(shape),
                    "monaural" => Kind::Monaural(shape),
                    _ => Kind::Pulsed(shape, PULSES),
                };
            }
            "amplitude" => amplitude = Some(cursor.number("an amplitude in percent")?),
            "smooth" => {
                let amount = cursor.number("a number")?;
                if amount > 0.0 {
                    report.warn(word, "\"smooth\" of a noise has no counterpart; left out");
                }
            }
            "effect" => {
                let name = cursor.take();
                cursor.number("the rate of the effect")?;
                if cursor.peek() == Some("intensity") {
                    cursor.take();
                    cursor.number("an intensity in percent")?;
                }
                report.warn(name, format!("the effect \"{}\" has no counterpart; left out", name.text));
            }
            other => {
                let known = ["binaural", "monaural", "isochronic", "amplitude", "smooth", "effect"];
                report.error(word, format!("expected {}, got \"{other}\"", known.join(", ")));
                return None;
            }
        }
    }
    if matches!(kind, Kind::Monaural(shape) | Kind::Pulsed(shape, _) if shape != Shape::Sine) {
        let message = format!("{} carriers of this kind have no counterpart; a sine is used", shape.name());
        report.warn(words[0], message);
    }
    let Some(amplitude) = amplitude else {
        report.error(cursor.take(), "expected \"amplitude\" and a number in percent");
        return None;
    };
    // two carriers in one ear share the amplitude
    let share = if matches!(kind, Kind::Monaural(_)) { 0.5 } else { 1.0 };
    values.amps = [share * amplitude / 100.0; 2];
    Some(Track { kind, values })
}

/// `track N KIND VALUE`.
fn change(preset: &mut Preset, words: &[Word<'_>], report: &Report<'_>) {
    let [_, number, kind, value] = words else {
        report.error(words[0], "expected \"track N KIND VALUE\"");
        return;
    };
    let count = preset.tracks.len();
    let Some(track) = number.text.parse::<usize>().ok().and_then(|n| preset.tracks.get_mut(n.checked_sub(1)?)) else {
        report.error(*number, format!("expected the number of a track, 1 to {count}, got \"{}\"", number.text));
        return;
    };
    let Some(given) = value.text.parse::<f64>().ok().filter(|x| x.is_finite() && x.abs() <= 192_000.0) else {
        report.error(*value, format!("expected a number, got \"{}\"", value.text));
        return;
    };
    let relative = value.text.starts_with(['+', '-']);
    let new = |old: f64| if relative { (old + given).max(0.0) } else { given };
    match kind.text {
        "tone" => track.values.carrier = new(track.values.carrier),
        "binaural" | "monaural" | "isochronic" => track.values.beat = new(track.values.beat),
        "amplitude" => {
            let share = if matches!(track.kind, Kind::Monaural(_)) { 0.5 } else { 1.0 };
            let percent = new(track.values.amps[0] / share * 100.0);
            track.values.amps = [share * percent / 100.0; 2];
        }
        "smooth" | "pan" | "modulation" | "doppler" | "intensity" => {
            report.warn(*kind, format!("\"{}\" has no counterpart; left out", kind.text));
        }
        other => {
            let hint = suggestion(other, ["tone", "binaural", "monaural", "isochronic", "amplitude"]);
            report.error(*kind, format!("a track has no \"{other}\"{hint}"));
        }
    }
}
