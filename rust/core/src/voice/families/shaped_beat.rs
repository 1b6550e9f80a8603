//! `shaped_beat`: two carriers of a chosen shape, a beat frequency apart, multiplied by an envelope that is read once per
//! cycle of the beat (spec interchange 6.3).

use serde_json::Value;

use crate::dsp::curve::Alpha;
use crate::dsp::phase::Turns;
use crate::dsp::wavetable::{MOST_POINTS, Wave, Wavetable};
use crate::error::{Error, Result};
use crate::json::value::number;
use crate::voice::family::{Family, Heard};
use crate::voice::grid::{CellSource, Cells};
use crate::voice::param::Param;
use crate::voice::params::{Params, Ramp};
use crate::voice::parts::transition;
use crate::voice::{Block, Context, Oscillators, Phases, Voice};

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "shaped_beat",
    transition: true,
    summary: "Two carriers of a chosen shape, one per ear, a beat frequency apart, with an envelope over each beat.",
    source: "spec interchange 6.3",
    params: &[TABLE],
    carrier: Some(&BASE_FREQ),
    beat: Some(&BEAT_FREQ),
    heard: Heard::Ears,
    is_new: true,
    build,
    ..Family::PLAIN
};

const BASE_FREQ: Param =
    Param::number("baseFreq", 200.0, "Hz", "Centre between the two carriers; frame 0 is one sample into their cycles.");
const BEAT_FREQ: Param = Param::number("beatFreq", 4.0, "Hz", "Difference of the two carriers.");
const LEFT_HIGH: Param = Param::flag("leftHigh", false, "The left ear gets the higher carrier.");
const AMP_L: Param = Param::number("ampL", 0.5, "", "Amplitude of the left ear: the peak of its wave.");
const AMP_R: Param = Param::number("ampR", 0.5, "", "Amplitude of the right ear.");
const WAVEFORM: Param =
    Param::choice("waveform", Wave::WORDS, "sine", "Shape of the carriers, without harmonics beyond the band.");
const BEAT_ENVELOPE: Param =
    Param::structure("beatEnvelope", "List of points of a periodic level curve over one beat, scaled to 0..1.");

const TABLE: &[Param] = &[BASE_FREQ, BEAT_FREQ, LEFT_HIGH, AMP_L, AMP_R, WAVEFORM, BEAT_ENVELOPE];

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let alpha = transition::alpha(context, params)?;
    let (base, beat) = (params.ramp(&BASE_FREQ)?, params.ramp(&BEAT_FREQ)?);
    let apart = |sign: f64| Ramp { start: base.start + sign * beat.start / 2.0, end: base.end + sign * beat.end / 2.0 };
    let high = params.flag(&LEFT_HIGH);
    let carriers = if high { [apart(1.0), apart(-1.0)] } else { [apart(-1.0), apart(1.0)] };
    let wave = Wave::from_word(params.choice(&WAVEFORM));
    let highest = carriers.iter().flat_map(|carrier| [carrier.start.abs(), carrier.end.abs()]).fold(0.0, f64::max);
    let carried = context.carried.unwrap_or(Phases { left: 0.0, right: 0.0 });
    Ok(Cells::boxed(ShapedBeat {
        carriers,
        amps: [params.ramp(&AMP_L)?, params.ramp(&AMP_R)?],
        begin: [(carried.left, ROLES[0]), (carried.right, ROLES[1])]
            .map(|(phase, role)| Turns::from_radians(phase) + context.shift(role)),
        wave: Wavetable::band_limited(wave, highest, context.sample_rate / 2.0),
        envelope: envelope(params)?,
        step: context.dt(),
        alpha,
        frames: context.frames,
        alphas: vec![0.0; CELL],
        sums: vec![0.0; CELL],
    }))
}

fn envelope(params: &Params<'_>) -> Result<Option<Wavetable>> {
    let wrong = || Error::invalid(BEAT_ENVELOPE.name, format!("expected a list of 2 to {MOST_POINTS} numbers"));
    let points = match params.raw(&BEAT_ENVELOPE) {
        None => return Ok(None),
        Some(Value::Array(items)) if (2..=MOST_POINTS).contains(&items.len()) => items,
        Some(_) => return Err(wrong()),
    };
    let numbers = points.iter().map(|item| number(item).filter(|x| x.is_finite() && x.abs() <= 1e6));
    let numbers = numbers.collect::<Option<Vec<f64>>>().ok_or_else(wrong)?;
    Ok(Some(Wavetable::envelope(&numbers)))
}

/// Names of the oscillators.
const ROLES: [&str; 2] = ["carrierL", "carrierR"];

/// Frames per cell.
const CELL: usize = 256;

#[derive(Clone)]
struct ShapedBeat {
    carriers: [Ramp; 2],
    amps: [Ramp; 2],
    /// Phases before frame 0, whose value has one increment.
    begin: [Turns; 2],
    wave: Wavetable,
    envelope: Option<Wavetable>,
    /// Seconds per frame.
    step: f64,
    alpha: Alpha,
    frames: u64,
    /// Working memory.
    alphas: Vec<f64>,
    sums: Vec<f64>,
}

impl ShapedBeat {
    /// Phase of one ear after `count` increments, of which `moved` is the sum of the factors.
    fn phase(&self, ear: usize, count: u64, moved: f64) -> Turns {
        let carrier = self.carriers[ear];
        let still = Turns::from_cycles(carrier.start * self.step).times(count);
        self.begin[ear] + still + Turns::from_cycles((carrier.end - carrier.start) * moved * self.step)
    }
}

impl CellSource for ShapedBeat {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let first = index * CELL as u64;
        self.alpha.fill(first, &mut self.alphas);
        self.alpha.fill_sums(first, &mut self.sums);
        for (x, (left, right)) in out.left.iter_mut().zip(out.right).enumerate() {
            let (alpha, moved) = (self.alphas[x], self.sums[x]);
            let count = first + x as u64 + 1;
            let phases = [0, 1].map(|ear| self.phase(ear, count, moved));
            let level = self.envelope.as_ref().map_or(1.0, |envelope| {
                // the beat is the difference of the carriers, whichever is higher
                let apart = phases[0] - phases[1];
                let rising = self.carriers[0].at(alpha) >= self.carriers[1].at(alpha);
                envelope.at(if rising { apart } else { Turns::ZERO - apart })
            });
            for (ear, sample) in [left, right].into_iter().enumerate() {
                *sample = self.wave.at(phases[ear]) * self.amps[ear].at(alpha) as f32 * level;
            }
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }

    fn oscillators_at(&self, frame: u64) -> Option<Oscillators> {
        let moved = frame.checked_sub(1).map_or(0.0, |last| self.alpha.sum(last));
        let all = Oscillators { alpha: self.alpha.at(frame), ..Oscillators::default() };
        Some((0..2).fold(all, |all, ear| all.with(ROLES[ear], self.phase(ear, frame, moved))))
    }

    fn phases_at(&self, frame: u64) -> Option<Phases> {
        let frame = frame.min(self.frames);
        let moved = frame.checked_sub(1).map_or(0.0, |last| self.alpha.sum(last));
        let [left, right] = [0, 1].map(|ear| self.phase(ear, frame, moved).radians());
        Some(Phases { left, right })
    }
}
