//! Filters noise through the moving notches of a voice, and the fixed ones behind them, in one pass (spec noise 16.5).

use std::sync::Arc;

use super::bank::SEGMENT;
use super::cascade::{Cascade, Point, SLICE, Tune};
use super::notch;
use super::sweep::Motion;

/// Slices from one point of a sweep to the next; the tuning moves evenly in between.
const SPAN: usize = 8;
const SPAN_FRAMES: i64 = (SPAN * SLICE) as i64;

/// The filter with its running state.
#[derive(Debug, Clone)]
pub struct Glide {
    channels: usize,
    cascade: Cascade,
    heads: Vec<Head>,
    inputs: [Vec<f64>; 2],
}

/// The first stage of a notch in one channel, where its tunings enter the cascade.
#[derive(Debug, Clone)]
struct Head {
    stage: usize,
    channel: usize,
    course: Course,
}

#[derive(Debug, Clone)]
enum Course {
    Fixed(Tune),
    Moving(Box<Moving>),
}

/// A notch that moves: its points and the tunings between two of them.
#[derive(Debug, Clone)]
struct Moving {
    motion: Arc<Motion>,
    sweep: usize,
    pass: usize,
    channel: usize,
    /// The span of `tunes`, and the point and the slice at its end.
    span: Option<(i64, [Point; 2])>,
    tunes: [Tune; SPAN],
}

impl Glide {
    /// The notches of `motion`, then the `fixed` ones, each with its number of stages.
    pub fn new(motion: &Arc<Motion>, fixed: &[(Point, usize)], channels: usize) -> Self {
        let tops = motion.tops();
        let moving =
            (0..motion.passes()).flat_map(|pass| tops.iter().enumerate().map(move |(sweep, top)| (pass, sweep, *top)));
        let (mut heads, mut notches) = (Vec::new(), Vec::new());
        let mut place = |stages: usize, course: &dyn Fn(usize) -> Course| {
            if stages == 0 {
                return;
            }
            let stage = notches.iter().sum();
            heads.extend((0..channels).map(|channel| Head { stage, channel, course: course(channel) }));
            notches.push(stages);
        };
        for (pass, sweep, top) in moving {
            place(top, &|channel| Course::Moving(Box::new(Moving::new(motion, sweep, pass, channel))));
        }
        for (point, stages) in fixed {
            place(*stages, &|_| Course::Fixed(point.tune(*point)));
        }
        Self {
            channels,
            cascade: Cascade::new(channels, &notches),
            heads,
            inputs: [vec![0.0; SEGMENT], vec![0.0; SEGMENT]],
        }
    }

    /// Fills `out`, one signal for each channel, with the frames from `first` on of the signal that `read` gives,
    /// filtered from frame `from` on with cleared state. Both frames are multiples of [`SLICE`], and so is the length.
    pub fn run(&mut self, from: i64, first: i64, mut read: impl FnMut(i64, [&mut [f64]; 2]), out: &mut [&mut [f32]]) {
        self.cascade.reset();
        self.heads.iter_mut().for_each(Head::reset);
        let len = out.first().map_or(0, |plane| plane.len()) as i64;
        let delay = (self.cascade.delay() * SLICE) as i64;
        let end = first + len + delay;
        for frame in (from..end).step_by(SLICE) {
            let place = (frame - from) as usize % SEGMENT;
            if place == 0 {
                let count = SEGMENT.min((end - frame) as usize);
                let [left, right] = &mut self.inputs;
                read(frame, [&mut left[..count], &mut right[..count]]);
            }
            self.cascade.advance();
            for head in &mut self.heads {
                let slice = frame / SLICE as i64 - head.stage as i64;
                self.cascade.tune(head.stage, head.channel, head.tune(slice));
            }
            let inputs = self.inputs.each_ref().map(|input| &input[place..place + SLICE]);
            self.cascade.run(&inputs[..self.channels]);
            if frame - delay >= first {
                let done = (frame - delay - first) as usize;
                for (channel, plane) in out.iter_mut().enumerate().take(self.channels) {
                    plane[done..done + SLICE]
                        .iter_mut()
                        .zip(self.cascade.output(channel))
                        .for_each(|(out, v)| *out = v);
                }
            }
        }
    }
}

impl Head {
    fn reset(&mut self) {
        if let Course::Moving(moving) = &mut self.course {
            moving.span = None;
        }
    }

    fn tune(&mut self, slice: i64) -> Tune {
        match &mut self.course {
            Course::Fixed(tune) => *tune,
            Course::Moving(moving) => moving.tune(slice),
        }
    }
}

impl Moving {
    fn new(motion: &Arc<Motion>, sweep: usize, pass: usize, channel: usize) -> Self {
        Self { motion: Arc::clone(motion), sweep, pass, channel, span: None, tunes: [Tune::default(); SPAN] }
    }

    fn tune(&mut self, slice: i64) -> Tune {
        let span = slice.div_euclid(SPAN as i64);
        if self.span.is_none_or(|(known, _)| known != span) {
            self.enter(span);
        }
        self.tunes[slice.rem_euclid(SPAN as i64) as usize]
    }

    /// Computes the tunings of a span, which is the next one or, after a reset, any.
    fn enter(&mut self, span: i64) {
        let (start, mut before) = match self.span {
            Some((_, [end, last])) => (end, last),
            None => {
                let start = self.point(span);
                (start, start)
            }
        };
        let end = self.point(span + 1);
        for (tune, i) in self.tunes.iter_mut().zip(0..) {
            let here = start.towards(end, (f64::from(i) + 0.5) / SPAN as f64);
            *tune = here.tune(before);
            before = here;
        }
        self.span = Some((span, [end, before]));
    }

    /// The notch at the beginning of a span.
    fn point(&self, span: i64) -> Point {
        let place = self.motion.place(0, span * SPAN_FRAMES);
        let (frequency, q, count) = self.motion.notch(place, self.channel, self.pass, self.sweep);
        notch::point(frequency, q, count, self.motion.sample_rate)
    }
}
