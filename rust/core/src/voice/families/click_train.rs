//! `click_train`: clicks at an exact rate, without aliases (spec stimuli 3.1).

use crate::dsp::band_limited::{BandLimitedStep, REACH};
use crate::dsp::cell::CELL;
use crate::error::Result;
use crate::voice::family::Family;
use crate::voice::grid::{CellSource, Cells};
use crate::voice::parts::event_train::EventTrain;
use crate::voice::parts::{event_train, transition};
use crate::voice::{Block, Context, Onset, Param, Params, Ramp, Voice};

const CLICK_US: Param =
    Param::number("click_us", 100.0, "us", "Width of each click; of each phase of a biphasic one.").range(1.0, 1e5);
const WAVEFORM: Param = Param::choice(
    "waveform",
    &["rectangular", "biphasic"],
    "rectangular",
    "One phase, or a second one of the opposite sign right after it.",
);

const CLICK: &[Param] = &[CLICK_US, WAVEFORM];

/// Registry entry.
pub const FAMILY: Family = Family {
    name: "click_train",
    transition: true,
    summary: "Band-limited clicks at an exact rate, with polarity, interaural time difference and pan.",
    source: "spec stimuli 3.1",
    params: &[CLICK, event_train::TABLE],
    beat: Some(&event_train::RATE_HZ),
    reads_offset: true,
    is_new: true,
    build,
    ..Family::PLAIN
};

fn build(context: &Context, params: &Params<'_>) -> Result<Box<dyn Voice>> {
    let alpha = transition::alpha(context, params)?;
    let biphasic = params.choice(&WAVEFORM) == "biphasic";
    let width = params.ramp(&CLICK_US)?.map(|us| us * 1e-6);
    let phases = if biphasic { 2.0 } else { 1.0 };
    let longest = phases * width.start.max(width.end);
    let train = EventTrain::read(context, params, alpha, longest, "click")?;
    let step = BandLimitedStep::shared();
    Ok(Cells::boxed(Clicks { train, width, biphasic, longest, frame_rate: context.sample_rate, step }))
}

#[derive(Debug, Clone)]
struct Clicks {
    train: EventTrain,
    /// Seconds.
    width: Ramp,
    biphasic: bool,
    /// Length of the longest click, seconds.
    longest: f64,
    frame_rate: f64,
    step: &'static BandLimitedStep,
}

impl Clicks {
    /// The click `x` frames after its onset, of `width` frames.
    fn at(&self, x: f64, width: f64) -> f64 {
        let [on, off] = [x, x - width].map(|x| self.step.at(x));
        if self.biphasic { (on - off) - (off - self.step.at(x - 2.0 * width)) } else { on - off }
    }
}

impl CellSource for Clicks {
    fn cell_len(&self) -> usize {
        CELL
    }

    fn cell(&mut self, index: u64, out: Block<'_>) {
        let mut sums = [[0.0; CELL]; 2];
        let first = (index * CELL as u64) as f64;
        let reach = REACH as f64;
        let from = first - self.longest * self.frame_rate - reach;
        self.train.events(from, first + CELL as f64 + reach, |event| {
            let width = self.width.at(event.alpha) * self.frame_rate;
            let length = if self.biphasic { 2.0 * width } else { width };
            for ((sum, onset), gain) in sums.iter_mut().zip(event.onsets).zip(event.gains) {
                let begin = (onset - reach - first).ceil().clamp(0.0, CELL as f64) as usize;
                let end = (onset + length + reach - first).ceil().clamp(0.0, CELL as f64) as usize;
                for (j, value) in sum.iter_mut().enumerate().take(end).skip(begin) {
                    *value += gain * self.at(first + j as f64 - onset, width);
                }
            }
        });
        for (out, sum) in [out.left, out.right].into_iter().zip(sums) {
            out.iter_mut().zip(sum).for_each(|(sample, value)| *sample = value as f32);
        }
    }

    fn fork(&self) -> Self {
        self.clone()
    }

    fn onsets(&self, from: u64, to: u64, each: &mut dyn FnMut(Onset)) {
        let phases = if self.biphasic { 2.0 } else { 1.0 };
        self.train.onsets(from, to, |alpha| phases * self.width.at(alpha), each);
    }
}
