//! Finds the tones and beats of a step in its sound, and those of each voice near where the track declares them.

use super::declared::Declared;
use super::part::{Stretch, decibels};
use super::report::{Beat, Pair, Place, Tone, VoiceTones};
use crate::dsp::meter::{Line, Magnitudes, Spectra, Spectrum};
use crate::voice::Heard;

/// Tones that are listed for each ear, and their range below the strongest (40 dB).
const LISTED: usize = 5;
const RANGE: f64 = 0.01;
/// Lowest frequency of a listed tone, Hz.
const LOWEST: f64 = 10.0;
/// How far from the declared frequency a tone is looked for, Hz.
const REACH: f64 = 20.0;
/// Highest beat that is found without a declared one, Hz, and the smallest modulation of power that counts as one.
const FASTEST: f64 = 60.0;
const FAINTEST: f64 = 0.05;
/// Lines that are nearer than this number of bins are not separate.
const SEPARATE: f64 = 4.0;

/// Measures one step after the other.
#[derive(Default)]
pub(super) struct Listener {
    spectra: Spectra,
}

/// What was found in a step.
pub(super) struct Found {
    pub(super) left: Vec<Tone>,
    pub(super) right: Vec<Tone>,
    pub(super) beat: Option<Beat>,
    pub(super) voices: Vec<VoiceTones>,
}

/// The spectra of both ears over one stretch.
struct Ears<'a> {
    spectra: &'a mut Spectra,
    /// Left and right.
    heard: [Spectrum; 2],
    /// Length of the stretch, seconds.
    seconds: f64,
}

impl Listener {
    /// Measure the stretches of a step that begins at track frame `origin`.
    pub(super) fn hear(&mut self, sample_rate: u32, origin: u64, stretches: &[Stretch], voices: &[Declared]) -> Found {
        let rate = f64::from(sample_rate);
        let mut heard = Found {
            left: Vec::new(),
            right: Vec::new(),
            beat: None,
            voices: voices.iter().map(VoiceTones::of).collect(),
        };
        for (index, stretch) in stretches.iter().enumerate() {
            let seconds = (stretch.frames.end - stretch.frames.start) as f64 / rate;
            let ears = [&stretch.left, &stretch.right].map(|ear| self.spectra.of(ear, sample_rate));
            let [Some(left), Some(right)] = ears else { continue };
            let mut ears = Ears { spectra: &mut self.spectra, heard: [left, right], seconds };
            if index == 0 {
                [heard.left, heard.right] = ears.strongest();
                heard.beat = ears.beat();
            }
            let (from, to) = (stretch.frames.start - origin, stretch.frames.end - origin);
            for (voice, tones) in voices.iter().zip(&mut heard.voices) {
                let [carrier, beat] = voice.at(u64::midpoint(from, to));
                if index == 0 || voice.moves() {
                    tones.places.push(Place {
                        at: (stretch.frames.start + stretch.frames.end) as f64 / 2.0 / rate,
                        length: seconds,
                        declared: Pair { carrier_hz: carrier, beat_hz: beat.map(f64::abs) },
                        measured: ears.measure(voice.heard, carrier, beat.map(f64::abs)),
                        slope: voice.slope(from, to) * rate,
                    });
                }
            }
        }
        heard.voices.iter_mut().for_each(|voice| voice.places.sort_by(|a, b| a.at.total_cmp(&b.at)));
        heard
    }
}

impl VoiceTones {
    fn of(voice: &Declared) -> Self {
        Self { path: voice.path.clone(), function: voice.function.clone(), places: Vec::new() }
    }
}

impl Ears<'_> {
    fn strongest(&self) -> [Vec<Tone>; 2] {
        [0, 1].map(|ear| {
            let lines = self.heard[ear].lines.strongest(LISTED, RANGE, LOWEST);
            lines.iter().filter_map(|line| Some(Tone { hz: line.hz, dbfs: decibels(line.amplitude)? })).collect()
        })
    }

    /// The beat of the strongest tones.
    fn beat(&mut self) -> Option<Beat> {
        let [left, right] = [0, 1].map(|ear| self.heard[ear].strongest());
        if let (Some(left), Some(right)) = (left, right) {
            let apart = (left.hz - right.hz).abs();
            let alone = |line: Line, ear: usize| {
                let there = self.heard[ear].lines.nearest(line.hz, 1.0 / self.seconds);
                there.is_none_or(|other| other.amplitude < 0.1 * line.amplitude)
            };
            if apart <= FASTEST && apart * self.seconds > 0.1 && alone(left, 1) && alone(right, 0) {
                return Some(Beat { hz: apart, kind: "binaural" });
            }
        }
        let (ear, line) = match (left, right) {
            (Some(left), Some(right)) if right.amplitude > left.amplitude => (1, right),
            (Some(left), _) => (0, left),
            (None, right) => (1, right?),
        };
        let width = FASTEST.min(0.9 * line.hz);
        let [one, other] = [0, 1].map(|ear| self.spectra.band(&self.heard[ear], line.hz, width));
        let strongest =
            |lines: Magnitudes| lines.strongest(1, 1.0, 0.0).into_iter().find(|line| line.amplitude >= FAINTEST);
        let power = self.spectra.power(if ear == 0 { &one } else { &other });
        if let Some(found) = strongest(power) {
            return Some(Beat { hz: found.hz, kind: "envelope" });
        }
        strongest(self.spectra.changes(&one, &other)).map(|found| Beat { hz: found.hz, kind: "phase" })
    }

    /// Carrier and beat of a voice, near the declared ones.
    fn measure(&mut self, heard: Heard, carrier: Option<f64>, beat: Option<f64>) -> Pair {
        let Some(carrier) = carrier else { return Pair::default() };
        match (heard, beat) {
            (Heard::Ears, Some(beat)) => self.between_ears(carrier, beat),
            (Heard::Pair, Some(beat)) if beat * self.seconds > SEPARATE => self.pair(carrier, beat),
            (Heard::NotAtAll, _) => Pair::default(),
            (Heard::LevelLeft, _) => self.level(&[0], carrier, beat),
            (Heard::Phase, _) => self.phase(carrier, beat),
            _ => self.level(&[0, 1], carrier, beat),
        }
    }

    fn near(&self, ear: usize, hz: f64) -> Option<Line> {
        self.heard[ear].lines.nearest(hz, REACH.min(0.9 * hz.abs()))
    }

    /// One tone in each ear, in either order.
    fn between_ears(&self, carrier: f64, beat: f64) -> Pair {
        let order = |sign: f64| {
            let wanted = [carrier - sign * beat / 2.0, carrier + sign * beat / 2.0];
            let found = [self.near(0, wanted[0])?.hz, self.near(1, wanted[1])?.hz];
            Some(((found[0] - wanted[0]).abs() + (found[1] - wanted[1]).abs(), found))
        };
        let best = [order(1.0), order(-1.0)].into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, [left, right])) = best else { return Pair::default() };
        Pair { carrier_hz: Some(0.5 * (left + right)), beat_hz: Some((right - left).abs()) }
    }

    /// Two tones, each in the ear in which it is stronger.
    fn pair(&self, carrier: f64, beat: f64) -> Pair {
        let tone = |hz: f64| {
            // the other tone is as strong, so a tone is looked for on its own side
            let near = |ear: usize| self.heard[ear].lines.nearest(hz, REACH.min(0.45 * beat).min(0.9 * hz));
            [near(0), near(1)].into_iter().flatten().max_by(|a, b| a.amplitude.total_cmp(&b.amplitude))
        };
        match (tone(carrier - beat / 2.0), tone(carrier + beat / 2.0)) {
            (Some(low), Some(high)) => {
                Pair { carrier_hz: Some(0.5 * (low.hz + high.hz)), beat_hz: Some(high.hz - low.hz) }
            }
            _ => Pair::default(),
        }
    }

    /// A tone whose level changes. The beat is that of the first of `ears` in which the tone is not faint.
    fn level(&mut self, ears: &[usize], carrier: f64, beat: Option<f64>) -> Pair {
        let found = self.carrier(ears, carrier);
        let Some(ear) = found.iter().map(|(ear, _)| *ear).next() else { return Pair::default() };
        let centre = mean(&found);
        let beat = beat.and_then(|beat| {
            let band = self.spectra.band(&self.heard[ear], centre, wide(centre, beat));
            self.spectra.power(&band).nearest(beat, 0.5 * beat)
        });
        Pair { carrier_hz: Some(centre), beat_hz: beat.map(|line| line.hz) }
    }

    /// A tone whose phase moves between the ears.
    fn phase(&mut self, carrier: f64, beat: Option<f64>) -> Pair {
        let found = self.carrier(&[0, 1], carrier);
        if found.is_empty() {
            return Pair::default();
        }
        let centre = mean(&found);
        let beat = beat.and_then(|beat| {
            let bands = [0, 1].map(|ear| self.spectra.band(&self.heard[ear], centre, wide(centre, beat)));
            self.spectra.changes(&bands[0], &bands[1]).nearest(beat, 0.5 * beat)
        });
        Pair { carrier_hz: Some(centre), beat_hz: beat.map(|line| line.hz) }
    }

    /// The tone nearest to `carrier` in each ear in which it is not faint.
    fn carrier(&self, ears: &[usize], carrier: f64) -> Vec<(usize, Line)> {
        let mut found: Vec<_> = ears.iter().filter_map(|ear| Some((*ear, self.near(*ear, carrier)?))).collect();
        let most = found.iter().map(|(_, line)| line.amplitude).fold(0.0, f64::max);
        found.retain(|(_, line)| line.amplitude > 0.25 * most);
        found
    }
}

fn mean(found: &[(usize, Line)]) -> f64 {
    found.iter().map(|(_, line)| line.hz).sum::<f64>() / found.len().max(1) as f64
}

/// Half width of the band around a carrier that holds the side bands of a beat.
fn wide(carrier: f64, beat: f64) -> f64 {
    (4.0 * beat).clamp(10.0, 0.9 * carrier.max(20.0))
}
