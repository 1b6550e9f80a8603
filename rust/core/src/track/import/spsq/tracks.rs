//! Lines under a preset: tracks, and changes of the tracks of a template.

use super::super::lanes::{AudioFile, Colour, Edge, Effect, EffectKind, Flank, Gate, Kind, Shape, Values};
use super::super::report::Report;
use super::super::text::Word;
use super::preset::{Preset, Track};
use crate::error::suggestion;
use crate::track::Movement;

/// Most tracks of a preset.
const MAX_TRACKS: usize = 16;
/// Fastest effect in Hz.
const FASTEST: f64 = 1000.0;
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
            let (path, looped) = (cursor.take().text.into(), word.text == "ambiance");
            Kind::Audio(AudioFile { path, looped, movement: Movement::default() })
        }
        other => {
            let hint = suggestion(other, super::TRACK_WORDS);
            report.error(word, format!("there is no track \"{other}\"{hint}"));
            return None;
        }
    };
    let mut amplitude = None;
    let mut effect_at = 0;
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
                effect_at = cursor.next;
                values.effect = effect(&mut cursor)?;
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
    if values.effect.is_some() && matches!(kind, Kind::Tone(shape) if shape != Shape::Sine) {
        report.warn(words[effect_at], "effects on a shaped carrier have no counterpart; left out");
        values.effect = None;
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

/// `NAME RATE intensity PERCENT`; the first `None` if it is wrong, the second one if it has no counterpart.
#[expect(clippy::option_option, reason = "both are reported, but only one spoils the track")]
fn effect(cursor: &mut Cursor<'_, '_>) -> Option<Option<Effect>> {
    let name = cursor.take();
    let rate = cursor.number("the rate of the effect")?;
    let mut intensity = 100.0;
    if cursor.peek() == Some("intensity") {
        cursor.take();
        intensity = cursor.number("an intensity in percent")?;
    }
    let kind = match name.text {
        "modulation" | "pan" => named(name.text),
        other => {
            let hint = suggestion(other, ["modulation", "pan"]);
            cursor.report.warn(name, format!("the effect \"{other}\" has no counterpart; left out{hint}"));
            return Some(None);
        }
    };
    if rate > FASTEST {
        cursor.report.error(name, format!("expected an effect of at most {FASTEST} Hz"));
        return None;
    }
    Some(Some(Effect { kind, rate, depth: (intensity / 100.0).min(1.0) }))
}

/// The effect of this name, one of two.
fn named(name: &str) -> EffectKind {
    if name == "pan" { EffectKind::Pan } else { EffectKind::Modulation }
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
        "pan" | "modulation" if track.values.effect.is_some_and(|effect| effect.kind == named(kind.text)) => {
            track.values.effect = track.values.effect.map(|e| Effect { rate: new(e.rate).min(FASTEST), ..e });
        }
        "intensity" if track.values.effect.is_some() => {
            let depth = |old: f64| (new(old * 100.0) / 100.0).min(1.0);
            track.values.effect = track.values.effect.map(|e| Effect { depth: depth(e.depth), ..e });
        }
        "pan" | "modulation" | "intensity" => {
            report.warn(*kind, format!("the track has no effect whose \"{}\" could change; left out", kind.text));
        }
        "smooth" | "doppler" => report.warn(*kind, format!("\"{}\" has no counterpart; left out", kind.text)),
        other => {
            let hint = suggestion(other, ["tone", "binaural", "monaural", "isochronic", "amplitude"]);
            report.error(*kind, format!("a track has no \"{other}\"{hint}"));
        }
    }
}
