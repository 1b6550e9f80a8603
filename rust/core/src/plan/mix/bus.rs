//! Mixes the voices of one step on two buses: sums in voice order, then gains (spec assembly 6).

use std::sync::Arc;

use super::bank::Bank;
use super::block::{Plane, blocks};
use super::excerpts::{Excerpts, excerpted};
use super::gains::StepGains;
use super::prerendered::Prerendered;
use crate::dsp::mix;
use crate::track::{Bus, Identity};
use crate::voice::family::{Family, Preparation};
use crate::voice::measured_level::MeasuredLevel;
use crate::voice::{Block, Points, ToneAccelerator, ToneBatch, Voice};

/// One voice of a step. It is a prototype: renderers fork it and render their own copies.
pub struct StepVoice {
    /// Position in the step's list of voices.
    pub index: usize,
    /// The bus it is mixed on.
    pub bus: Bus,
    /// Identifies the voice across steps.
    pub identity: Identity,
    /// The family it belongs to; `None` if its name is unknown.
    pub(crate) family: Option<&'static Family>,
    /// Hash of everything that its sound depends on: voices with equal ones sound alike, in any plan. `None` if that is
    /// not known.
    pub(crate) sound: Option<u64>,
    /// The level that it measures over its whole length, if it needs one.
    pub(crate) level: Arc<MeasuredLevel>,
    /// The stretches from which the gains of its step were estimated.
    pub(crate) excerpts: Arc<Excerpts>,
    /// The noise that it plays, the same in all voices with the same number; `None` if it plays none, or its own.
    pub(crate) stream: Option<u64>,
    /// Whether it takes over a sound from the step before, which is not faded in (spec assembly 5.4).
    pub joined: bool,
    /// Whether that sound goes on unchanged.
    pub repeats: bool,
    /// Its sound; `None` for a voice that was left out, which counts as silent.
    pub voice: Option<Box<dyn Voice>>,
}

impl StepVoice {
    /// Whether the whole voice has to be computed before its first sample is known (very long ones excepted).
    pub(crate) fn is_whole(&self) -> bool {
        self.family.is_some_and(|family| family.preparation == Preparation::Long)
    }

    /// A copy of the sound from which the gains of the step are estimated.
    pub(crate) fn excerpted(&self) -> Option<Box<dyn Voice>> {
        Some(excerpted(self.voice.as_ref()?.fork(), &self.excerpts))
    }

    /// Measure the level of the voice, if it needs one that is not measured yet. Takes up to a tenth of a second.
    pub(crate) fn measure_level(&self) {
        if let Some(voice) = self.voice.as_ref().filter(|_| self.level.is_missing()) {
            voice.fork().prepare();
        }
    }
}

/// Working memory of a mix.
#[derive(Debug, Clone)]
pub(crate) struct Scratch {
    voice: Plane,
    noise: Plane,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { voice: Plane::new(), noise: Plane::new() }
    }
}

/// One voice on a bus.
pub(crate) struct BusVoice {
    /// Position in the step's list of voices.
    pub(crate) index: usize,
    pub(crate) voice: Box<dyn Voice>,
    /// Whether it takes over a sound from the step before.
    joined: bool,
}

/// Which voices of a step are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// All of them.
    All,
    /// Those that begin with the step.
    New,
    /// Those that take over a sound from the step before.
    Joined,
}

/// One renderer's own copies of the voices of one step.
pub(crate) struct Buses {
    binaural: Vec<BusVoice>,
    noise: Vec<BusVoice>,
    /// The sum of those binaural voices that are tones.
    bank: Bank,
    /// The sum of some binaural voices over a stretch of time, computed by an accelerator.
    prerendered: Prerendered,
}

impl Buses {
    /// Copy the voices for which `sounds` is true.
    pub(crate) fn fork(voices: &[StepVoice], sounds: impl Fn(usize) -> bool) -> Self {
        Self::of(voices, |v| {
            let mut voice = v.voice.as_ref().filter(|_| sounds(v.index))?.fork();
            voice.prepare();
            Some(voice)
        })
    }

    /// The voices of which `copy` makes one.
    pub(crate) fn of(voices: &[StepVoice], copy: impl Fn(&StepVoice) -> Option<Box<dyn Voice>>) -> Self {
        let on = |bus| {
            let part = |v: &StepVoice| Some(BusVoice { index: v.index, voice: copy(v)?, joined: v.joined });
            voices.iter().filter(|v| v.bus == bus).filter_map(part).collect()
        };
        let binaural: Vec<BusVoice> = on(Bus::Binaural);
        let bank = Bank::new(binaural.len());
        Self { binaural, noise: on(Bus::Noise), bank, prerendered: Prerendered::default() }
    }

    /// Let `accelerator` sum the binaural voices that it can, over the frames `from..to`. Allocates.
    pub(crate) fn prerender(&mut self, accelerator: &dyn ToneAccelerator, from: u64, to: u64) {
        self.prerendered.sum(&mut self.binaural, accelerator, from, to);
    }

    /// The voices in the sum of the last [`Buses::prerender`], each with whether it sounds in that stretch.
    pub(crate) fn prerendered(&self) -> impl Iterator<Item = (usize, bool)> {
        self.prerendered.voices.iter().copied()
    }

    /// Compute both bus sums from `frame` on, before all gains. `each` gets every voice that is rendered on its own, with
    /// its sound, and every tone that sounds in the sum of the bank, without; it gets no prerendered ones. Returns
    /// whether each bus has voices; the block of a bus without voices is not written.
    pub(crate) fn sums(
        &mut self,
        frame: u64,
        binaural: Block<'_>,
        noise: Block<'_>,
        spare: &mut Plane,
        mut each: impl FnMut(usize, Option<&Block<'_>>),
    ) -> [bool; 2] {
        self.binaural_sum(frame, binaural, spare, &mut each);
        [!self.binaural.is_empty(), self.noise_sum(frame, noise, spare, each)]
    }

    /// Compute the sum of the noise bus alone. Returns whether it has voices; without, `out` is not written.
    pub(crate) fn noise_sum(
        &mut self,
        frame: u64,
        out: Block<'_>,
        spare: &mut Plane,
        mut each: impl FnMut(usize, Option<&Block<'_>>),
    ) -> bool {
        sum(&mut self.noise, Share::All, &Prerendered::default(), None, frame, out, spare, &mut each);
        !self.noise.is_empty()
    }

    /// Write all binaural voices to `batch`, or to `others` those that are no tones, from frame `from` of the step on.
    /// Returns their positions in the step, those in the batch first, in the order of the parts; `None` if one of them
    /// cannot be written, or if there are none. Allocates.
    pub(crate) fn write(&mut self, from: u64, batch: &mut ToneBatch, others: &mut Vec<Points>) -> Option<Vec<usize>> {
        let (mut written, mut rest) = (Vec::new(), Vec::new());
        for part in &mut self.binaural {
            if part.voice.write(from, batch) {
                written.push(part.index);
            } else {
                rest.push(part);
            }
        }
        if rest.iter_mut().any(|part| !part.voice.points(from, &mut Points::default())) {
            return None;
        }
        for part in rest {
            let mut points = Points::new(batch.frames);
            if !part.voice.points(from, &mut points) {
                return None;
            }
            others.push(points);
            written.push(part.index);
        }
        (!written.is_empty()).then_some(written)
    }

    /// As [`Buses::sums`] for a share of the voices. Blocks without voices are cleared.
    fn share_sums(
        &mut self,
        share: Share,
        frame: u64,
        mut binaural: Block<'_>,
        mut noise: Block<'_>,
        spare: &mut Plane,
    ) {
        binaural.clear();
        noise.clear();
        let none = Prerendered::default();
        let prerendered = if share == Share::All { &self.prerendered } else { &none };
        let bank = Some(&mut self.bank);
        sum(&mut self.binaural, share, prerendered, bank, frame, binaural, spare, &mut |_, _| ());
        sum(&mut self.noise, share, &none, None, frame, noise, spare, &mut |_, _| ());
    }

    /// Compute the sum of the binaural bus alone; does not write `out` if the bus has no voices.
    pub(crate) fn binaural_sum(
        &mut self,
        frame: u64,
        out: Block<'_>,
        spare: &mut Plane,
        mut each: impl FnMut(usize, Option<&Block<'_>>),
    ) {
        sum(&mut self.binaural, Share::All, &self.prerendered, Some(&mut self.bank), frame, out, spare, &mut each);
    }

    /// Fill `out` with the mix of the step from `frame` on (at most `BLOCK` frames).
    pub(crate) fn mix(&mut self, frame: u64, gains: &StepGains, out: Block<'_>, scratch: &mut Scratch) {
        let Block { left, right } = out;
        let noise = scratch.noise.block(left.len());
        match self.sums(frame, Block::new(left, right), noise, &mut scratch.voice, |_, _| ()) {
            [false, false] => Block::new(left, right).clear(),
            [true, false] => {
                let gains = [gains.binaural[0], gains.binaural[1], gains.both[0], gains.both[1]];
                mix::scale(left, gains);
                mix::scale(right, gains);
            }
            [has_binaural, true] => {
                if !has_binaural {
                    Block::new(left, right).clear();
                }
                let noise = scratch.noise.block(left.len());
                mix::join(left, gains.binaural, noise.left, gains.noise, gains.both);
                mix::join(right, gains.binaural, noise.right, gains.noise, gains.both);
            }
        }
    }

    /// Like [`Buses::mix`] for a share of the voices and with time-varying gains: `gains(i)` gives the total gains of
    /// both buses at frame `i` of `out`.
    pub(crate) fn mix_moving(
        &mut self,
        share: Share,
        frame: u64,
        out: Block<'_>,
        scratch: &mut Scratch,
        gains: impl Fn(usize) -> [f32; 2],
    ) {
        let Block { left, right } = out;
        let mut noise = scratch.noise.block(left.len());
        self.share_sums(share, frame, Block::new(left, right), noise.reborrow(), &mut scratch.voice);
        for (out, noise) in [(left, noise.left), (right, noise.right)] {
            for (i, (o, n)) in out.iter_mut().zip(noise.iter()).enumerate() {
                let [binaural, noise] = gains(i);
                *o = *o * binaural + *n * noise;
            }
        }
    }
}

/// Fill `out` with the sum of the voices of `share`. The tones among all of them are summed by `bank`.
#[allow(clippy::too_many_arguments)]
fn sum(
    parts: &mut [BusVoice],
    share: Share,
    prerendered: &Prerendered,
    bank: Option<&mut Bank>,
    frame: u64,
    mut out: Block<'_>,
    spare: &mut Plane,
    each: &mut impl FnMut(usize, Option<&Block<'_>>),
) {
    let begun = prerendered.read(frame, out.reborrow());
    let Some(bank) = bank.filter(|_| !begun && share == Share::All) else {
        let wanted = |part: &BusVoice| {
            let wanted = share == Share::All || part.joined == (share == Share::Joined);
            wanted && !(begun && prerendered.holds(part.index))
        };
        add_rest(parts, wanted, begun, frame, out, spare, each);
        return;
    };
    for (from, frames) in blocks(frame, frame + out.len() as u64) {
        let at = (from - frame) as usize;
        let mut out = out.part(at, at + frames);
        let begun = bank.fill(parts, from, out.reborrow());
        for (index, _) in bank.voices().iter().filter(|(_, sounds)| *sounds) {
            each(*index, None);
        }
        let wanted = |part: &BusVoice| !bank.holds(part.index);
        add_rest(parts, wanted, begun, from, out, spare, each);
    }
}

/// Add the voices that are `wanted` to `out`; the first fills it unless the sum has `begun`.
fn add_rest(
    parts: &mut [BusVoice],
    wanted: impl Fn(&BusVoice) -> bool,
    begun: bool,
    frame: u64,
    mut out: Block<'_>,
    spare: &mut Plane,
    each: &mut impl FnMut(usize, Option<&Block<'_>>),
) {
    let mut rest = parts.iter_mut().filter(|part| wanted(part));
    if !begun {
        let Some(first) = rest.next() else { return };
        first.voice.render(frame, out.reborrow());
        each(first.index, Some(&out));
    }
    for part in rest {
        let mut one = spare.block(out.len());
        part.voice.render(frame, one.reborrow());
        each(part.index, Some(&one));
        mix::add(out.left, one.left);
        mix::add(out.right, one.right);
    }
}
