//! `subliminal_encode`: audio files shifted to a high carrier by double-sideband modulation, arranged and copied to
//! both ears (spec am-and-monaural-voices 8).
//!
//! Unlike other voices this one reads files while it renders, at the position that the absolute frame gives, so the
//! block size has no influence. The level depends on the peaks of each file and of the whole step, which are measured
//! at construction.

use std::sync::Arc;

use serde_json::Value;

use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::json::value::shown;
use crate::media::content::{Content, Fold, Origin, PIECE};
use crate::media::{Recording, Resampling};
use crate::voice::family::{Family, Preparation};
use crate::voice::param::Moves;
use crate::voice::parts::rows::level;
use crate::voice::{Block, Context, Param, Params, Voice};

/// Limits of the carrier, Hz.
const CARRIER: (f64, f64) = (15_000.0, 20_000.0);

const CARRIER_FREQ: Param =
    Param::number("carrierFreq", 17_500.0, "Hz", "Carrier; limited to 15000..20000.").moves(Moves::Fixed);
const AMP: Param = level("amp", 0.5, "Peak of the result.").moves(Moves::Fixed);
const MODE: Param =
    Param::choice("mode", &["sequence", "stack"], "sequence", "Files one after the other, or all at once.");
const AUDIO_PATHS: Param = Param::files("audio_paths", "List of audio files, or one text with `;` between them.");
const AUDIO_PATH: Param = Param::file("audio_path", "One audio file; only without `audio_paths`.");

const PARAMS: &[Param] = &[CARRIER_FREQ, AMP, MODE, AUDIO_PATHS, AUDIO_PATH];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "subliminal_encode",
    summary: "Audio files modulated onto a barely audible carrier.",
    source: "spec am-and-monaural-voices 8",
    params: &[PARAMS],
    carrier: Some(&CARRIER_FREQ),
    barely_audible: true,
    build,
    preparation: Preparation::ReadsFile,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let wanted = params.number(&CARRIER_FREQ)?;
    let carrier = wanted.clamp(CARRIER.0, CARRIER.1);
    if carrier != wanted {
        params.warn(CARRIER_FREQ.name, format!("limited to {carrier}, from {wanted}"));
    }
    if carrier >= context.sample_rate / 2.0 {
        params.warn(CARRIER_FREQ.name, format!("{carrier} Hz is beyond half the sample rate and will be audible"));
    }
    let amp = params.number(&AMP)?;
    let arrangement = if params.choice(&MODE) == "stack" { Arrangement::Stack } else { Arrangement::Sequence };
    let mut clips = Vec::new();
    for (path, location) in locations(params)? {
        let open = || {
            let origin = Origin::of(&location, context.folder.as_deref())?;
            let content = Arc::new(Content::open(origin, Fold::Mean, &context.store, &context.interrupt)?);
            let rate = context.sample_rate.max(1.0) as u32;
            let clip = Recording::new(content, rate, Resampling::Sinc, &context.interrupt)?;
            let increment = Turns::from_cycles(carrier / context.sample_rate);
            let clip = Clip::new(Arc::new(clip), increment, &context.interrupt)?;
            clip.audio.fault().map_or(Ok(clip), |fault| Err(Error::invalid("", fault)))
        };
        match open() {
            Ok(clip) => clips.push(clip),
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(error) => params.warn(&path, format!("left out: {error}")),
        }
    }
    Ok(Box::new(Subliminal::new(clips, context, amp, arrangement)?))
}

/// The parameter path and the location of each file.
fn locations(params: &Params<'_>) -> Result<Vec<(String, String)>> {
    let name = AUDIO_PATHS.name;
    match params.raw(&AUDIO_PATHS) {
        None => {
            let path = params.text_as(AUDIO_PATH.name).filter(|path| !path.trim().is_empty());
            Ok(path.map(|path| (AUDIO_PATH.name.to_owned(), path)).into_iter().collect())
        }
        Some(Value::String(text)) if crate::media::location::is_data_url(text) => {
            Ok(vec![(name.to_owned(), text.clone())])
        }
        Some(Value::String(text)) => {
            let items = text.split(';').map(str::trim).filter(|item| !item.is_empty());
            Ok(items.map(|item| (name.to_owned(), item.to_owned())).collect())
        }
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::String(text) => Ok((format!("{name}[{index}]"), text.clone())),
                other => Err(Error::invalid(
                    format!("{name}[{index}]"),
                    format!("expected the path of an audio file, got {}", shown(other)),
                )),
            })
            .collect(),
        Some(other) => {
            Err(Error::invalid(name, format!("expected a list of audio files or text, got {}", shown(other))))
        }
    }
}

/// How the clips are arranged in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrangement {
    /// One after the other, each followed by a second of silence, repeated from the start.
    Sequence,
    /// All at once, each repeated on its own.
    Stack,
}

/// Frames per read.
const PART: usize = 1024;

/// A file modulated onto the carrier and normalised to a peak of 1.
#[derive(Debug, Clone)]
struct Clip {
    audio: Arc<Recording>,
    increment: Turns,
    /// Largest magnitude before normalisation.
    peak: f64,
}

impl Clip {
    fn new(audio: Arc<Recording>, increment: Turns, interrupt: &Interrupt) -> Result<Self> {
        let mut clip = Self { audio, increment, peak: 0.0 };
        let mut peak = 0.0_f64;
        for from in (0..clip.frames()).step_by(PIECE as usize) {
            interrupt.check()?;
            clip.modulated(from, clip.frames().min(from + PIECE), |_, z| peak = peak.max(z.abs()));
        }
        clip.peak = peak;
        Ok(clip)
    }

    fn frames(&self) -> u64 {
        self.audio.frames()
    }

    /// Call `take` with each of the modulated frames `from..to` and its index, counted from `from`.
    fn modulated(&self, from: u64, to: u64, mut take: impl FnMut(usize, f64)) {
        let mut part = [0.0; PART];
        let mut at = from;
        while at < to {
            let part = &mut part[..(to - at).min(PART as u64) as usize];
            self.audio.read_mono(at, part);
            for (n, x) in (at..).zip(part.iter()) {
                take((n - from) as usize, f64::from(*x) * sine(self.increment.times(n)));
            }
            at += part.len() as u64;
        }
    }

    /// Combine the normalised frames from `from` on with `out` by `put`, until `out` or the clip ends.
    fn read(&self, from: u64, out: &mut [f32], put: impl Fn(&mut f32, f32)) {
        let to = self.frames().min(from + out.len() as u64);
        let peak = if self.peak > 0.0 { self.peak } else { 1.0 };
        self.modulated(from, to, |i, z| put(&mut out[i], (z / peak) as f32));
    }

    /// Largest magnitude in the first `frames` frames.
    fn peak_within(&self, frames: u64) -> f32 {
        if self.peak == 0.0 {
            return 0.0;
        }
        if frames >= self.frames() {
            return 1.0;
        }
        let mut peak = 0.0_f32;
        self.modulated(0, frames, |_, z| peak = peak.max((z / self.peak).abs() as f32));
        peak
    }
}

/// The voice.
#[derive(Debug, Clone)]
struct Subliminal {
    clips: Arc<[Clip]>,
    arrangement: Arrangement,
    /// Silence after each clip of a sequence, frames.
    pause: u64,
    /// The factor that brings the peak of the whole call to `amp`.
    scale: f32,
}

impl Subliminal {
    /// `clips` arranged over the call and scaled to a peak of `amp`.
    fn new(clips: Vec<Clip>, context: &Context, amp: f64, arrangement: Arrangement) -> Result<Self> {
        let pause = u64::from(context.sample_rate.max(1.0) as u32);
        let clips = clips.into_iter().filter(|clip| clip.frames() > 0).collect();
        let mut voice = Self { clips, arrangement, pause, scale: 1.0 };
        let peak = voice.peak(context.frames, &context.interrupt)?;
        voice.scale = if peak > 0.0 { (amp / f64::from(peak)) as f32 } else { 0.0 };
        Ok(voice)
    }

    /// Largest magnitude in the first `frames` frames, before scaling.
    fn peak(&self, frames: u64, interrupt: &Interrupt) -> Result<f32> {
        let peak = match (self.arrangement, &*self.clips) {
            (Arrangement::Sequence, clips) => {
                let mut left = frames;
                let mut highest = 0.0_f32;
                for clip in clips {
                    highest = highest.max(clip.peak_within(left));
                    left = left.saturating_sub(clip.frames() + self.pause);
                }
                highest
            }
            (Arrangement::Stack, [only]) => only.peak_within(frames),
            (Arrangement::Stack, _) => {
                let mut buffer = [0.0; 4096];
                let mut highest = 0.0_f32;
                let mut start = 0;
                let all = self.period().min(frames);
                while start < all {
                    interrupt.check()?;
                    let part = &mut buffer[..(all - start).min(4096) as usize];
                    self.stack(start, part);
                    highest = part.iter().fold(highest, |peak, x| peak.max(x.abs()));
                    start += part.len() as u64;
                }
                highest
            }
        };
        Ok(peak)
    }

    /// Frames after which the stack repeats.
    fn period(&self) -> u64 {
        let gcd = |mut a: u64, mut b: u64| {
            while b > 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        self.clips.iter().fold(1, |all, clip| (all / gcd(all, clip.frames())).saturating_mul(clip.frames()))
    }

    fn stack(&self, start: u64, out: &mut [f32]) {
        out.fill(0.0);
        for clip in self.clips.iter() {
            let mut at = start % clip.frames();
            let mut done = 0;
            while done < out.len() {
                let count = (clip.frames() - at).min((out.len() - done) as u64) as usize;
                clip.read(at, &mut out[done..done + count], |sum, x| *sum += x);
                done += count;
                at = 0;
            }
        }
    }

    fn sequence(&self, start: u64, out: &mut [f32]) {
        let total: u64 = self.clips.iter().map(|clip| clip.frames() + self.pause).sum();
        out.fill(0.0);
        if total == 0 {
            return;
        }
        let mut position = start % total;
        let mut done = 0;
        while done < out.len() {
            for clip in self.clips.iter() {
                let slot = clip.frames() + self.pause;
                if position >= slot {
                    position -= slot;
                    continue;
                }
                let count = (slot - position).min((out.len() - done) as u64) as usize;
                clip.read(position, &mut out[done..done + count], |out, x| *out = x);
                done += count;
                position = 0;
                if done == out.len() {
                    return;
                }
            }
        }
    }
}

impl Voice for Subliminal {
    fn render(&mut self, start: u64, out: Block<'_>) {
        match self.arrangement {
            Arrangement::Sequence => self.sequence(start, out.left),
            Arrangement::Stack => self.stack(start, out.left),
        }
        for (left, right) in out.left.iter_mut().zip(out.right) {
            *left *= self.scale;
            *right = *left;
        }
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::testing;

    fn peak(x: &[f32]) -> f32 {
        x.iter().fold(0.0, |peak, x| peak.max(x.abs()))
    }

    /// A clip of `values` at 44.1 kHz on a carrier of 17.5 kHz.
    fn clip(values: &[f32]) -> Clip {
        let audio = testing::recording(&[values.to_vec()], [44_100, 44_100], Fold::Mean, &Arc::default());
        Clip::new(Arc::new(audio), Turns::from_cycles(17_500.0 / 44_100.0), &Interrupt::default()).unwrap()
    }

    fn rendered(voice: &mut Subliminal, start: u64, frames: usize) -> Vec<f32> {
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        voice.render(start, Block::new(&mut left, &mut right));
        assert_eq!(left, right);
        left
    }

    #[test]
    fn a_sequence_pauses_a_second_after_each_file_and_repeats() {
        let context = Context::new(10.0, 44_100.0);
        let clips = vec![clip(&[0.5; 1000]), clip(&[0.25; 500])];
        let mut voice = Subliminal::new(clips, &context, 0.5, Arrangement::Sequence).unwrap();
        let first = rendered(&mut voice, 0, 1000);
        assert!((peak(&first) - 0.5).abs() < 1e-6);
        assert_eq!(peak(&rendered(&mut voice, 1000, 44_100)), 0.0);
        let second = rendered(&mut voice, 45_100, 500);
        assert!((peak(&second) - 0.5).abs() < 1e-6, "each file has the full level");
        assert_eq!(peak(&rendered(&mut voice, 45_600, 44_100)), 0.0);
        assert_eq!(rendered(&mut voice, 89_700, 1000), first, "the first file repeats after the last pause");
    }

    #[test]
    fn a_stack_has_the_wanted_peak_over_the_whole_call() {
        let context = Context::new(1.0, 44_100.0);
        let clips = vec![clip(&[0.5; 997]), clip(&[-0.25; 503]), clip(&[0.0; 64])];
        let mut voice = Subliminal::new(clips, &context, 0.8, Arrangement::Stack).unwrap();
        let all = rendered(&mut voice, 0, 44_100);
        assert!((peak(&all) - 0.8).abs() < 1e-6);
        assert_eq!(rendered(&mut voice, 20_000, 3000), all[20_000..23_000]);
    }

    #[test]
    fn without_audible_files_the_voice_is_silent() {
        let context = Context::new(0.1, 44_100.0);
        for clips in [vec![], vec![clip(&[0.0; 10])]] {
            for arrangement in [Arrangement::Sequence, Arrangement::Stack] {
                let mut voice = Subliminal::new(clips.clone(), &context, 0.5, arrangement).unwrap();
                assert_eq!(peak(&rendered(&mut voice, 7, 1000)), 0.0);
            }
        }
    }
}
