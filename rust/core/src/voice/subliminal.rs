//! `subliminal_encode`: audio files shifted to a high carrier by double-sideband modulation, arranged and copied to both
//! ears (spec am-and-monaural-voices 8).
//!
//! All segments are made at construction; rendering reads them at the absolute frame, so that a step plays through
//! whatever the block size. The level follows the peak of the whole step.

use std::sync::Arc;

use serde_json::Value;

use super::params::{Moves, shown};
use super::registry::Family;
use super::rows::level;
use super::{Block, Context, Param, Params, Voice};
use crate::dsp::phase::Turns;
use crate::dsp::sine::sine;
use crate::error::{Error, Result};
use crate::media::audio::Audio;
use crate::media::decode::decode;
use crate::media::resample::Resampling;

/// Limits of the carrier, Hz.
const CARRIER: (f64, f64) = (15_000.0, 20_000.0);

const PARAMS: &[Param] = &[
    Param::number("carrierFreq", 17_500.0, "Hz", "Carrier; limited to 15000..20000.").moves(Moves::Fixed),
    level("amp", 0.5, "Peak of the result.").moves(Moves::Fixed),
    Param::choice("mode", &["sequence", "stack"], "sequence", "Files one after the other, or all at once."),
    Param::structure("audio_paths", "List of audio files, or one text with `;` between them."),
    Param::text("audio_path", "", "One audio file; only without `audio_paths`."),
];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "subliminal_encode",
    transition: false,
    summary: "Audio files modulated onto a barely audible carrier.",
    source: "spec am-and-monaural-voices 8",
    params: &[PARAMS],
    build,
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let wanted = params.number("carrierFreq")?;
    let carrier = wanted.clamp(CARRIER.0, CARRIER.1);
    if carrier != wanted {
        params.warn("carrierFreq", format!("limited to {carrier}, from {wanted}"));
    }
    if carrier >= context.sample_rate / 2.0 {
        params.warn("carrierFreq", format!("{carrier} Hz is beyond half the sample rate and will be audible"));
    }
    let amp = params.number("amp")?;
    let arrangement = if params.choice("mode") == "stack" { Arrangement::Stack } else { Arrangement::Sequence };
    let mut clips = Vec::new();
    for (path, location) in locations(params)? {
        match decode(&location, context.folder.as_deref()) {
            Ok(audio) => clips.push(audio),
            Err(error) => params.warn(&path, format!("left out: {error}")),
        }
    }
    Ok(Box::new(Subliminal::new(&clips, context, carrier, amp, arrangement)?))
}

/// The files: parameter path and location of each.
fn locations(params: &Params<'_>) -> Result<Vec<(String, String)>> {
    let name = "audio_paths";
    match params.raw(name) {
        None => {
            let path = params.text_as("audio_path").filter(|path| !path.trim().is_empty());
            Ok(path.map(|path| ("audio_path".to_owned(), path)).into_iter().collect())
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

/// How the segments are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// One after the other, each followed by a second of silence, over and over.
    Sequence,
    /// All at once, each repeated for itself.
    Stack,
}

/// The voice, from decoded audio.
#[derive(Debug, Clone)]
pub struct Subliminal {
    segments: Arc<[Vec<f32>]>,
    arrangement: Arrangement,
    /// Frames of silence after each segment of a sequence.
    pause: u64,
    /// Brings the peak of the whole call to the wanted level.
    scale: f32,
}

impl Subliminal {
    /// `clips` on a carrier of `carrier` Hz, with a peak of `amp` over the call.
    pub fn new(clips: &[Audio], context: &Context, carrier: f64, amp: f64, arrangement: Arrangement) -> Result<Self> {
        let rate = context.sample_rate.max(1.0) as u32;
        let increment = Turns::from_cycles(carrier / context.sample_rate);
        let mut segments = Vec::with_capacity(clips.len());
        for clip in clips {
            let mono = Audio::new(vec![clip.mean()], clip.sample_rate()).resampled(rate, Resampling::Sinc)?;
            if mono.frames() > 0 {
                segments.push(modulated(&mono.channels()[0], increment));
            }
        }
        let mut voice = Self { segments: segments.into(), arrangement, pause: u64::from(rate), scale: 1.0 };
        let peak = voice.peak(context.frames);
        voice.scale = if peak > 0.0 { (amp / f64::from(peak)) as f32 } else { 0.0 };
        Ok(voice)
    }

    /// Largest magnitude in the first `frames` frames, before scaling.
    fn peak(&self, frames: u64) -> f32 {
        match self.arrangement {
            Arrangement::Sequence => {
                // every segment that sounds has a peak of 1
                let mut left = frames;
                let mut highest = 0.0_f32;
                for segment in self.segments.iter() {
                    highest = highest.max(peak(&segment[..segment.len().min(left as usize)]));
                    left = left.saturating_sub(segment.len() as u64 + self.pause);
                }
                highest
            }
            Arrangement::Stack if self.segments.len() == 1 => {
                peak(&self.segments[0][..self.segments[0].len().min(frames as usize)])
            }
            Arrangement::Stack => {
                let mut buffer = [0.0; 4096];
                let mut highest = 0.0_f32;
                let mut start = 0;
                let all = self.period().min(frames);
                while start < all {
                    let part = &mut buffer[..(all - start).min(4096) as usize];
                    self.stack(start, part);
                    highest = highest.max(peak(part));
                    start += part.len() as u64;
                }
                highest
            }
        }
    }

    /// Frames after which the stack repeats.
    fn period(&self) -> u64 {
        let gcd = |mut a: u64, mut b: u64| {
            while b > 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        self.segments.iter().fold(1, |all, segment| {
            let len = segment.len() as u64;
            (all / gcd(all, len)).saturating_mul(len)
        })
    }

    fn stack(&self, start: u64, out: &mut [f32]) {
        out.fill(0.0);
        for segment in self.segments.iter() {
            let mut at = (start % segment.len() as u64) as usize;
            let mut done = 0;
            while done < out.len() {
                let count = (segment.len() - at).min(out.len() - done);
                let (target, source) = (&mut out[done..done + count], &segment[at..at + count]);
                target.iter_mut().zip(source).for_each(|(sum, x)| *sum += x);
                done += count;
                at = 0;
            }
        }
    }

    fn sequence(&self, start: u64, out: &mut [f32]) {
        let total: u64 = self.segments.iter().map(|segment| segment.len() as u64 + self.pause).sum();
        out.fill(0.0);
        if total == 0 {
            return;
        }
        let mut position = start % total;
        let mut done = 0;
        while done < out.len() {
            for segment in self.segments.iter() {
                let slot = segment.len() as u64 + self.pause;
                if position >= slot {
                    position -= slot;
                    continue;
                }
                let count = ((slot - position) as usize).min(out.len() - done);
                if let Some(source) = segment.get(position as usize..) {
                    let sounding = source.len().min(count);
                    out[done..done + sounding].copy_from_slice(&source[..sounding]);
                }
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

/// `x` on the carrier, at a peak of 1.
fn modulated(x: &[f32], increment: Turns) -> Vec<f32> {
    let mut z: Vec<f64> = x.iter().enumerate().map(|(n, x)| f64::from(*x) * sine(increment.times(n as u64))).collect();
    let peak = z.iter().fold(0.0_f64, |peak, z| peak.max(z.abs()));
    if peak > 0.0 {
        for z in &mut z {
            *z /= peak;
        }
    }
    z.into_iter().map(|z| z as f32).collect()
}

fn peak(x: &[f32]) -> f32 {
    x.iter().fold(0.0, |peak, x| peak.max(x.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(values: &[f32]) -> Audio {
        Audio::new(vec![values.to_vec()], 44_100)
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
        let clips = [clip(&[0.5; 1000]), clip(&[0.25; 500])];
        let mut voice = Subliminal::new(&clips, &context, 17_500.0, 0.5, Arrangement::Sequence).unwrap();
        let first = rendered(&mut voice, 0, 1000);
        assert!((peak(&first) - 0.5).abs() < 1e-6);
        assert_eq!(peak(&rendered(&mut voice, 1000, 44_100)), 0.0);
        let second = rendered(&mut voice, 45_100, 500);
        assert!((peak(&second) - 0.5).abs() < 1e-6, "each file has the full level");
        assert_eq!(peak(&rendered(&mut voice, 45_600, 44_100)), 0.0);
        assert_eq!(rendered(&mut voice, 89_700, 1000), first, "after the last pause the first again");
    }

    #[test]
    fn a_stack_has_the_wanted_peak_over_the_whole_call() {
        let context = Context::new(1.0, 44_100.0);
        let clips = [clip(&[0.5; 997]), clip(&[-0.25; 503]), clip(&[0.0; 64])];
        let mut voice = Subliminal::new(&clips, &context, 15_000.0, 0.8, Arrangement::Stack).unwrap();
        let all = rendered(&mut voice, 0, 44_100);
        assert!((peak(&all) - 0.8).abs() < 1e-6);
        assert_eq!(rendered(&mut voice, 20_000, 3000), all[20_000..23_000]);
    }

    #[test]
    fn nothing_to_play_is_silence() {
        let context = Context::new(0.1, 44_100.0);
        for clips in [vec![], vec![clip(&[])], vec![clip(&[0.0; 10])]] {
            for arrangement in [Arrangement::Sequence, Arrangement::Stack] {
                let mut voice = Subliminal::new(&clips, &context, 17_500.0, 0.5, arrangement).unwrap();
                assert_eq!(peak(&rendered(&mut voice, 7, 1000)), 0.0);
            }
        }
    }
}
