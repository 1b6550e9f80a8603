//! Says on which quirks the sound of a track depends: for each compatibility switch that differs between its rules and
//! `intended`, how much the sound changes when only that switch is set. Renders short excerpts under both rules.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::listener::Listener;
use super::{Budget, clock, rates};
use crate::compat::{Compat, Switch};
use crate::error::{Error, Problem, Result};
use crate::plan::levels::measure::Probe;
use crate::plan::mix::gains::StepGains;
use crate::plan::{BLOCK, MediaCache, OnError, Plan, PlanOptions, StepPlan};
use crate::track::Track;
use crate::voice::Block;

/// Tracks with more voices than this are not compared.
const MOST_VOICES: usize = 256;
/// Most excerpts of a track.
const EXCERPTS: usize = 12;
/// Frames of an excerpt.
const LENGTH: u64 = 4 * BLOCK as u64;
/// Budget in blocks, for all switches together.
const BUDGET: f64 = 150_000.0;
/// Blocks of each voice that an estimate of the gains renders.
const ESTIMATE: u64 = 24;
/// Smallest change of level that is told, in dB.
const TOLD_DB: f64 = 0.1;
/// Smallest change of the waveform that is told if the level stays, in dB relative to the sound.
const TOLD_DIFFERENCE_DB: f64 = -40.0;
/// Rms levels below this (-100 dB) count as silence.
const SILENT: f64 = 1e-5;

impl Plan {
    /// Notes on the compatibility switches that the sound of `track` depends on: those that differ between its rules
    /// (or `options.compat`) and [`Compat::INTENDED`], and whose change alone is heard in excerpts of the track, each
    /// with the change of level. The time that this takes is bounded; a note says what was not compared.
    ///
    /// # Errors
    /// Those of [`Plan::compile`].
    ///
    /// ```
    /// # use realtime_backend_core::track::Track;
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 1.0, "voices": [
    /// #     {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}]}]}"#)?;
    /// use realtime_backend_core::plan::{Plan, PlanOptions};
    ///
    /// for note in Plan::quirks(&track, &PlanOptions::default())? {
    ///     println!("{note}"); // names the switch that cures it
    /// }
    /// # Ok::<(), realtime_backend_core::error::Error>(())
    /// ```
    pub fn quirks(track: &Track, options: &PlanOptions) -> Result<Vec<Problem>> {
        let rules = options.compat.unwrap_or_else(|| track.compat());
        let on_error = OnError::Warn;
        let media_cache = Some(options.media_cache.clone().unwrap_or_else(|| Arc::new(MediaCache::default())));
        let options = PlanOptions { on_error, media_cache, accelerator: None, ..options.clone() };
        let open: Vec<&Switch> =
            Compat::SWITCHES.iter().filter(|switch| rules.get(switch.name) != Some(switch.intended)).collect();
        let voices: usize = track.steps.iter().map(|step| step.voices.len()).sum();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        if voices > MOST_VOICES {
            let message = format!("the rules were not compared with \"intended\": more than {MOST_VOICES} voices");
            return Ok(vec![Problem::note("", message)]);
        }
        let compiled = |compat: Compat| -> Result<Plan> {
            Ok(Plan::compile(track, &PlanOptions { compat: Some(compat), ..options.clone() })?.0)
        };
        let own = compiled(rules)?;
        let excerpts = excerpts(&own);
        let mut budget = Budget(BUDGET);
        let mut sound = Own::new(&own, &excerpts);
        let mut notes = Vec::new();
        let mut skipped = Vec::new();
        for switch in open {
            options.interrupt.check()?;
            let mut changed = rules;
            changed.set(switch.name, switch.intended);
            let other = match compiled(changed) {
                Ok(plan) => plan,
                Err(Error::Cancelled) => return Err(Error::Cancelled),
                // The track cannot be rendered without the quirk; converting it reports why.
                Err(error) => {
                    notes.push(Problem::note(
                        "",
                        format!("{}: without this rule the track is refused ({error})", switch.name),
                    ));
                    continue;
                }
            };
            match Comparison::of(&mut sound, &other, &mut budget, &options)? {
                Some(found) => notes.extend(found.told(switch, own.sample_rate())),
                None => skipped.push(switch.name),
            }
        }
        if !skipped.is_empty() {
            let message = format!("not compared, because it would take too long: {}", skipped.join(", "));
            notes.push(Problem::note("", message));
        }
        Ok(notes)
    }
}

/// Excerpts of the track frames: two of each step, or as many as are allowed, spread evenly; at least one of the whole
/// track.
fn excerpts(plan: &Plan) -> Vec<Range<u64>> {
    let at = |frame: u64| frame..(frame + LENGTH).min(plan.frames());
    let places = |step: &StepPlan| {
        let (start, frames) = (step.placement.start, step.placement.placed);
        [start + frames * 3 / 8, start + frames * 7 / 8]
    };
    let mut all: Vec<u64> = plan.steps().iter().flat_map(places).collect();
    if all.is_empty() {
        all.push(plan.frames() / 2);
    }
    let count = all.len().min(EXCERPTS);
    (0..count).map(|index| all[index * all.len() / count]).map(at).collect()
}

/// The sound of a track under its own rules. Each excerpt is rendered once.
struct Own<'a> {
    plan: &'a Plan,
    listener: Listener<'a>,
    probe: Probe,
    excerpts: Vec<Excerpt>,
}

/// A stretch of the track, and what was rendered of it.
struct Excerpt {
    frames: Range<u64>,
    /// The voices before their gains.
    raw: Option<Vec<f32>>,
    /// The mix.
    heard: Option<Vec<f32>>,
}

impl<'a> Own<'a> {
    fn new(plan: &'a Plan, excerpts: &[Range<u64>]) -> Self {
        let excerpts =
            excerpts.iter().map(|frames| Excerpt { frames: frames.clone(), raw: None, heard: None }).collect();
        Self { plan, listener: Listener::new(plan), probe: Probe::new(None), excerpts }
    }

    fn raw(&mut self, index: usize) -> &[f32] {
        let excerpt = &mut self.excerpts[index];
        excerpt.raw.get_or_insert_with(|| raw(self.plan, &excerpt.frames, &mut self.probe))
    }

    fn heard(&mut self, index: usize) -> &[f32] {
        let excerpt = &mut self.excerpts[index];
        excerpt.heard.get_or_insert_with(|| heard(&mut self.listener, &excerpt.frames))
    }
}

/// How the sound under other rules compares with that under the track's own.
#[derive(Debug, Default)]
struct Comparison {
    /// Largest change of level in dB, and where.
    level: (f64, u64),
    /// Largest difference of the waveforms in dB relative to the sound, and where.
    difference: Option<(f64, u64)>,
    /// Largest difference of the rate of an oscillator.
    rate: Option<rates::Difference>,
}

impl Comparison {
    /// Compare the excerpts of two plans of one track; `None` if the budget does not allow it.
    fn of(sound: &mut Own<'_>, other: &Plan, budget: &mut Budget, options: &PlanOptions) -> Result<Option<Self>> {
        let own = sound.plan;
        let mut found = Self::default();
        let same_frame = own.has_absolute_levels() == other.has_absolute_levels()
            && own.timeline() == other.timeline()
            && own.clips().is_empty()
            && own.background().is_none();
        let (mut probe, mut listener) = (Probe::new(None), Listener::new(other));
        for index in 0..sound.excerpts.len() {
            let excerpt = &sound.excerpts[index].frames.clone();
            options.interrupt.check()?;
            let near = |plan: &Plan| {
                let steps = plan.steps().iter();
                steps.filter(|step| within(step, excerpt).is_some()).count()
            };
            if !spend(own, excerpt, 0, budget) || !spend(other, excerpt, 0, budget) {
                return Ok(None);
            }
            // If the voices of all steps are the same before their gains, so is the mix.
            if same_frame && near(own) == near(other) && sound.raw(index) == raw(other, excerpt, &mut probe) {
                continue;
            }
            if !spend(own, excerpt, ESTIMATE, budget) || !spend(other, excerpt, ESTIMATE, budget) {
                return Ok(None);
            }
            found.add(sound.heard(index), &heard(&mut listener, excerpt), excerpt.start);
        }
        if found.difference.is_some() {
            found.rate = rates::largest(own, other);
        }
        Ok(Some(found))
    }

    fn add(&mut self, before: &[f32], after: &[f32], at: u64) {
        let difference: Vec<f32> = before.iter().zip(after).map(|(a, b)| b - a).collect();
        let [before, after, difference] = [rms(before), rms(after), rms(&difference)];
        if before.max(after) < SILENT {
            return;
        }
        let decibels = |a: f64, b: f64| 20.0 * (a.max(SILENT) / b.max(SILENT)).log10();
        let change = decibels(after, before);
        if change.abs() > self.level.0.abs() {
            self.level = (change, at);
        }
        let apart = decibels(difference, before.max(after));
        if difference > 0.0 && self.difference.is_none_or(|(most, _)| apart > most) {
            self.difference = Some((apart, at));
        }
    }

    fn told(&self, switch: &Switch, sample_rate: u32) -> Option<Problem> {
        let (name, heard) = (switch.name, if switch.heard.is_empty() { switch.about } else { switch.heard });
        let (change, at) = self.level;
        let louder = (change.abs() >= TOLD_DB).then(|| {
            let word = if change > 0.0 { "louder" } else { "softer" };
            format!("{:.1} dB {word} at {}", change.abs(), clock(at, sample_rate))
        });
        let different = || {
            let (apart, at) =
                self.difference.filter(|(apart, _)| *apart >= TOLD_DIFFERENCE_DB || self.rate.is_some())?;
            let at = clock(at, sample_rate);
            Some(format!("as loud, but different at {at} (the difference has {apart:.0} dB relative to the sound)"))
        };
        let mut effect = louder.or_else(different)?;
        if let Some(rates::Difference { role, hz: [own, other], at }) = self.rate {
            let _ = write!(
                effect,
                ", and the oscillator {role} has {other:.2} Hz instead of {own:.2} Hz at {}",
                clock(at, sample_rate)
            );
        }
        let word = if switch.intended { "on" } else { "off" };
        Some(Problem::note("", format!("with {name} {word}, as under \"intended\", the track is {effect}. {heard}")))
    }
}

/// The frames of `step` that sound within `excerpt`.
fn within(step: &StepPlan, excerpt: &Range<u64>) -> Option<Range<u64>> {
    let place = &step.placement;
    let own = |frame: u64| frame.clamp(place.start, place.start + place.placed) - place.start;
    let frames = own(excerpt.start)..own(excerpt.end);
    (!frames.is_empty()).then_some(frames)
}

fn spend(plan: &Plan, excerpt: &Range<u64>, more: u64, budget: &mut Budget) -> bool {
    let blocks = LENGTH / BLOCK as u64 + more;
    plan.steps().iter().filter(|step| within(step, excerpt).is_some()).all(|step| budget.afford(step, blocks))
}

/// The sounds of the steps within `excerpt` before their gains, one after the other, interleaved.
fn raw(plan: &Plan, excerpt: &Range<u64>, probe: &mut Probe) -> Vec<f32> {
    let mut out = Vec::new();
    for (index, step) in plan.steps().iter().enumerate() {
        let Some(frames) = within(step, excerpt) else { continue };
        for noise in [0.0, 1.0] {
            // Each bus by itself, so that a change of one is not lost in the other.
            let gains = StepGains { binaural: [1.0 - noise, 1.0], noise: [noise, 1.0], ..StepGains::NEUTRAL };
            probe.mix(index, &step.voices, &gains, frames.start, frames.end, |block| out.extend(interleaved(block)));
        }
    }
    out
}

/// The whole mix of `excerpt`, interleaved.
fn heard(listener: &mut Listener<'_>, excerpt: &Range<u64>) -> Vec<f32> {
    let mut out = Vec::new();
    listener.mix(excerpt, |block| out.extend(interleaved(block)));
    out
}

fn interleaved(block: &Block<'_>) -> impl Iterator<Item = f32> {
    block.left.iter().zip(block.right.iter()).flat_map(|(l, r)| [*l, *r])
}

fn rms(samples: &[f32]) -> f64 {
    let power: f64 = samples.iter().map(|x| f64::from(*x) * f64::from(*x)).sum();
    (power / samples.len().max(1) as f64).sqrt()
}
