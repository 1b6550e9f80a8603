//! A cascade of notches whose tuning moves every 32 frames, through which every sample passes once (spec noise 16.5).
//!
//! A stage is the notch of spec noise 9 as `x - k·v`, where `v` is the band of a state-variable filter with trapezoidal
//! integration. The energy of its two integrators never grows by itself, however the tuning moves. Within a slice of 32
//! frames the tuning is constant, and the stage runs in other coordinates, in which a sample costs three products and
//! waits for three operations of the one before; between slices the state is taken from one tuning to the next with the
//! integrators unchanged. In these coordinates single precision is enough also for low and narrow notches, because the
//! poles are counted from 1.
//!
//! As in [`bank`](super::bank), stage `j` works on the slice `j` before that of stage 0, and all stages of both channels
//! fill the lanes of vectors. Stage `j` has the tuning of the slice that it works on, so the tunings move from stage to
//! stage along with the signal.

use multiversion::multiversion;

/// Frames of one tuning.
pub const SLICE: usize = 32;
/// Lanes come in whole vectors of this size.
const VECTOR: usize = 8;
/// Slices for which tunings move along before they are copied back.
const BELT: usize = 64;
/// Smaller states are zero, so that a stage that no longer sounds does not lead to denormal numbers.
const TINY: f32 = 1e-25;

/// What moves along the stages: the numbers of a [`Tune`].
const NUMBERS: usize = 6;

/// The tuning of equal stages for one slice, as the numbers that the loop needs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tune {
    /// `β/(1 + β)`, the share of the input that the stage takes away at once.
    share: f32,
    /// The feedback to the two states.
    near: f32,
    far: f32,
    /// What the states of the slice before are multiplied by.
    carry: [f32; 2],
    /// Number of stages that sound.
    count: f32,
}

/// Where a notch is: `tan(w0/2)`, `β`, and how many of the stages sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Tangent of half the angular frequency per sample.
    pub tangent: f64,
    /// Half the width of the notch as a tangent.
    pub beta: f64,
    /// Number of stages that sound; the others pass the signal on.
    pub count: usize,
}

impl Point {
    /// A part of the way from here to `end`. The count stays.
    pub fn towards(self, end: Self, part: f64) -> Self {
        let between = |a: f64, b: f64| a + (b - a) * part;
        Self { tangent: between(self.tangent, end.tangent), beta: between(self.beta, end.beta), count: self.count }
    }

    /// The share `β/(1 + β)`, and this divided by the tangent: the scales of the two states.
    fn scales(self) -> [f64; 2] {
        let share = self.beta / (1.0 + self.beta);
        [share, share / self.tangent]
    }

    /// The numbers for a slice that follows one at `before`.
    pub fn tune(self, before: Self) -> Tune {
        let [share, per_tangent] = self.scales();
        let [share_before, per_tangent_before] = before.scales();
        let square = self.tangent * self.tangent;
        // 2/(1 + beta) · (1 - cos w0), without a difference of nearly equal numbers
        let far = 4.0 * (1.0 - share) * square / (1.0 + square);
        Tune {
            share: share as f32,
            near: (1.0 - 2.0 * share - far) as f32,
            far: far as f32,
            carry: [(per_tangent / per_tangent_before) as f32, (share / share_before) as f32],
            count: self.count as f32,
        }
    }
}

/// The tunings of all lanes, each number in a row of its own in which the lanes begin at `at`. A step to the left gives
/// every stage the tuning of the stage before it.
#[derive(Debug, Clone)]
struct Belt {
    numbers: [Vec<f32>; NUMBERS],
    at: usize,
}

impl Belt {
    fn new(lanes: usize, channels: usize) -> Self {
        Self { numbers: std::array::from_fn(|_| vec![0.0; lanes + BELT * channels]), at: BELT * channels }
    }

    fn advance(&mut self, lanes: usize, channels: usize) {
        if self.at == 0 {
            self.at = BELT * channels;
            for row in &mut self.numbers {
                row.copy_within(..lanes, BELT * channels);
            }
        }
        self.at -= channels;
    }

    fn set(&mut self, lane: usize, tune: Tune) {
        let Tune { share, near, far, carry: [first, second], count } = tune;
        for (row, number) in self.numbers.iter_mut().zip([share, near, far, first, second, count]) {
            row[self.at + lane] = number;
        }
    }
}

/// The cascade with its running state, for one or two channels.
#[derive(Debug, Clone)]
pub struct Cascade {
    channels: usize,
    stages: usize,
    lanes: usize,
    belt: Belt,
    /// The place of each lane's stage among the stages of one notch.
    ranks: Vec<f32>,
    states: [Vec<f32>; 2],
    /// A row for each frame of a slice: the input of every lane, then the output.
    rows: Vec<f32>,
    stride: usize,
}

impl Cascade {
    /// A cascade of notches of so many stages each, one after the other.
    pub fn new(channels: usize, notches: &[usize]) -> Self {
        let stages: usize = notches.iter().sum();
        let lanes = (stages * channels).next_multiple_of(VECTOR);
        let stride = lanes + channels;
        let ranks = notches.iter().flat_map(|count| (0..*count).flat_map(|j| std::iter::repeat_n(j as f32, channels)));
        // what fills up the last vector never sounds
        let ranks = ranks.chain(std::iter::repeat(f32::INFINITY)).take(lanes).collect();
        Self {
            channels,
            stages,
            lanes,
            belt: Belt::new(lanes, channels),
            ranks,
            states: [vec![0.0; lanes], vec![0.0; lanes]],
            rows: vec![0.0; stride * SLICE],
            stride,
        }
    }

    /// How many slices the output comes after the input.
    pub const fn delay(&self) -> usize {
        self.stages.saturating_sub(1)
    }

    /// Clears all state.
    pub fn reset(&mut self) {
        self.belt.numbers.iter_mut().chain(&mut self.states).for_each(|row| row.fill(0.0));
        self.rows.fill(0.0);
    }

    /// Moves all tunings on by a slice. Then [`tune`](Self::tune) sets the first stage of every notch.
    pub fn advance(&mut self) {
        self.belt.advance(self.lanes, self.channels);
    }

    /// The tuning of the notch that begins at `stage`, for the slice that this stage works on next.
    pub fn tune(&mut self, stage: usize, channel: usize, tune: Tune) {
        self.belt.set(stage * self.channels + channel, tune);
    }

    /// Filters one slice. `input` has [`SLICE`] samples of each channel.
    pub fn run(&mut self, input: &[&[f64]]) {
        let rows = self.rows.chunks_exact_mut(self.stride);
        match input {
            // both channels row by row, which is twice as fast
            [left, right] => {
                for ((row, l), r) in rows.zip(*left).zip(*right) {
                    if let [first, second, ..] = row {
                        *first = *l as f32;
                        *second = *r as f32;
                    }
                }
            }
            _ => rows.zip(input.iter().copied().flatten()).for_each(|(row, v)| row[0] = *v as f32),
        }
        let numbers = self.belt.numbers.each_ref().map(|row| &row[self.belt.at..][..self.lanes]);
        run(&mut self.rows, self.channels, numbers, &self.ranks, &mut self.states);
    }

    /// The slice of a channel that has left the last stage.
    pub fn output(&self, channel: usize) -> impl Iterator<Item = f32> {
        let place = self.stages * self.channels + channel;
        self.rows.chunks_exact(self.stride).map(move |row| row[place])
    }
}

/// Runs all lanes over one slice. In each row lane `l` reads position `l` and writes position `l + shift`, the input of
/// the next stage in the next slice. Works from the last lane down, so that nothing is overwritten before it is read.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn run(rows: &mut [f32], shift: usize, numbers: [&[f32]; NUMBERS], ranks: &[f32], states: &mut [Vec<f32>; 2]) {
    let mut top = ranks.len();
    // as many lanes at once as hide the time of the operations and fit in the registers
    while top >= 24 {
        top -= 24;
        lanes::<24>(rows, shift, numbers, ranks, states, top);
    }
    if top >= 16 {
        top -= 16;
        lanes::<16>(rows, shift, numbers, ranks, states, top);
    }
    if top > 0 {
        lanes::<8>(rows, shift, numbers, ranks, states, 0);
    }
}

#[inline(always)]
fn lanes<const L: usize>(
    rows: &mut [f32],
    shift: usize,
    numbers: [&[f32]; NUMBERS],
    ranks: &[f32],
    states: &mut [Vec<f32>; 2],
    base: usize,
) {
    let [mut share, near, far, first, second, count] = numbers.map(|row| take::<L>(row, base));
    let rank = take::<L>(ranks, base);
    let [mut s1, mut s2] = [take::<L>(&states[0], base), take::<L>(&states[1], base)];
    for l in 0..L {
        // the integrators are s2/(2·share) and (s2/2 - s1)·tangent/share; they stay as they are
        let moved = s2[l] * second[l];
        let kept = 0.5 * moved - (0.5 * s2[l] - s1[l]) * first[l];
        s1[l] = if kept.abs() < TINY { 0.0 } else { kept };
        s2[l] = if moved.abs() < TINY { 0.0 } else { moved };
        // a stage that does not sound gets no input and rings out
        share[l] = if rank[l] < count[l] { share[l] } else { 0.0 };
    }
    for row in rows.chunks_exact_mut(ranks.len() + shift) {
        let x = take::<L>(row, base);
        let mut y = [0.0; L];
        for l in 0..L {
            let direct = share[l] * x[l];
            let band = s1[l] - direct;
            y[l] = x[l] + band;
            s1[l] = (s2[l] - direct) + near[l] * band;
            s2[l] -= far[l] * band;
        }
        row[base + shift..base + shift + L].copy_from_slice(&y);
    }
    states[0][base..base + L].copy_from_slice(&s1);
    states[1][base..base + L].copy_from_slice(&s2);
}

#[inline(always)]
fn take<const L: usize>(from: &[f32], base: usize) -> [f32; L] {
    let mut values = [0.0; L];
    values.copy_from_slice(&from[base..base + L]);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::noise::notch;
    use crate::dsp::noise::notch::Notch;

    fn noise(seed: u64, len: usize) -> Vec<f64> {
        let mut x = vec![0.0_f32; len];
        super::super::counter::White::new(seed).fill(0, &mut x);
        x.into_iter().map(f64::from).collect()
    }

    /// `signals`, one for each channel, through one notch of `stages` stages, which is at `at(channel, slice)`.
    fn filtered(signals: &[Vec<f64>], stages: usize, at: impl Fn(usize, i64) -> Point) -> Vec<Vec<f32>> {
        let mut cascade = Cascade::new(signals.len(), &[stages]);
        let mut out = vec![Vec::new(); signals.len()];
        let slices = signals[0].len() / SLICE;
        for slice in 0..slices + cascade.delay() {
            cascade.advance();
            for channel in 0..signals.len() {
                let before = at(channel, (slice as i64 - 1).max(0));
                cascade.tune(0, channel, at(channel, slice as i64).tune(before));
            }
            let silence = [0.0; SLICE];
            let piece = |x: &'_ Vec<f64>| x.get(slice * SLICE..(slice + 1) * SLICE).map(<[f64]>::to_vec);
            let input: Vec<Vec<f64>> = signals.iter().map(|x| piece(x).unwrap_or(silence.to_vec())).collect();
            let views: Vec<&[f64]> = input.iter().map(Vec::as_slice).collect();
            cascade.run(&views);
            if slice >= cascade.delay() {
                out.iter_mut().enumerate().for_each(|(channel, out)| out.extend(cascade.output(channel)));
            }
        }
        out
    }

    fn worst(got: &[f32], expected: &[f64]) -> f64 {
        assert_eq!(got.len(), expected.len());
        got.iter().zip(expected).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn at_rest_it_is_the_cascade_of_the_specification() {
        for (frequency, q, stages, channels) in [
            (1000.0, 25.0, 1, 1),
            (5000.0, 25.0, 10, 2),
            (21_000.0, 0.3, 3, 1),
            (20.0, 100.0, 4, 2),
            (300.0, 1e6, 1, 1),
            (9000.0, -1.0, 12, 2),
            (700.0, 5.0, 41, 2),
        ] {
            let signals: Vec<_> = (0..channels).map(|c| noise(c, 3 << 14)).collect();
            let at = |channel: usize, _| notch::point(frequency * (1.0 - 0.1 * channel as f64), q, stages, 44_100.0);
            for (channel, got) in filtered(&signals, stages, at).into_iter().enumerate() {
                let n = Notch::new(frequency * (1.0 - 0.1 * channel as f64), q, 44_100.0).unwrap();
                let mut expected = signals[channel].clone();
                for _ in 0..stages {
                    let [mut z1, mut z2] = [0.0; 2];
                    for v in &mut expected {
                        let y = n.gain * *v + z1;
                        z1 = n.a1 * *v - n.a1 * y + z2;
                        z2 = n.gain * *v - n.a2 * y;
                        *v = y;
                    }
                }
                let worst = worst(&got, &expected);
                assert!(worst < 3e-6 * (stages as f64).sqrt().max(1.0) * 2.0, "{frequency} {q} {stages}: {worst:e}");
            }
        }
    }

    /// A stage as integrators in double precision: capacitor and inductor with trapezoidal integration.
    fn integrated(signal: &mut [f64], sounds: impl Fn(i64) -> bool, at: impl Fn(i64) -> Point) {
        let [mut c, mut l] = [0.0; 2];
        for (slice, piece) in signal.chunks_mut(SLICE).enumerate() {
            let Point { tangent: g, beta, .. } = at(slice as i64);
            let k = beta * (1.0 + g * g) / g;
            for v in piece {
                let input = if sounds(slice as i64) { *v } else { 0.0 };
                let band = (c + g * (input - l)) / (1.0 + g * (g + k));
                let low = l + g * band;
                [c, l] = [2.0 * band - c, 2.0 * low - l];
                *v -= k * band;
            }
        }
    }

    #[test]
    fn moving_stages_keep_the_state_of_their_integrators() {
        // slowly, and from end to end of the band within a few slices, with stages that come and go
        for (period, q, most) in [(400.0, 25.0, 10), (7.0, 4.0, 5), (3.0, 60.0, 3)] {
            let at = |channel: usize, slice: i64| {
                let wave = (slice as f64 / period + channel as f64).sin();
                let count = if slice % 50 < 30 { most } else { 1 };
                notch::point(9000.0 + 8950.0 * wave, q, count, 44_100.0)
            };
            let signals = [noise(1, 1 << 15), noise(2, 1 << 15)];
            for (channel, got) in filtered(&signals, most, at).into_iter().enumerate() {
                let mut expected = signals[channel].clone();
                for stage in 0..most {
                    integrated(&mut expected, |slice| stage < at(channel, slice).count, |slice| at(channel, slice));
                }
                let worst = worst(&got, &expected);
                assert!(worst < 5e-5, "{period} {q}: {worst:e}");
                let loudest = expected.iter().fold(0.0_f64, |peak, v| peak.max(v.abs()));
                assert!(loudest < 20.0, "{period} {q}: {loudest}");
            }
        }
    }

    #[test]
    fn a_stage_that_no_longer_sounds_rings_out_to_zero() {
        let at = |_, slice: i64| notch::point(2000.0, 10.0, if slice < 100 { 3 } else { 0 }, 44_100.0);
        let signal = noise(3, 1 << 15);
        let got = filtered(std::slice::from_ref(&signal), 3, at).remove(0);
        let rest = 24_000..;
        assert!(got[rest.clone()].iter().zip(&signal[rest]).all(|(a, b)| *a == *b as f32));
    }
}
