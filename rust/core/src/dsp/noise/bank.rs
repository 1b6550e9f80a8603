//! The notch cascade in its segment form (spec noise 9): every segment of 2048 samples is filtered twice in a row,
//! first with the tuning of the previous block, then with that of the block that begins there.
//!
//! The stages of a cascade depend on each other, so they run as a pipeline: the segment is cut into slices of 32
//! samples, and stage `j` works on slice `t - j` while stage 0 works on slice `t`. All stages of both channels then run
//! in parallel vector lanes. The numbers are those of one stage after the other; only the order of work differs.

use multiversion::multiversion;

use super::notch::Notch;

/// Number of samples per segment (half a block).
pub const SEGMENT: usize = 2048;
const SLICE: usize = 32;
const SLICES: usize = SEGMENT / SLICE;
/// Smaller states are set to zero at the end of each segment, so that silence does not lead to denormal numbers.
const TINY: f64 = 1e-30;

/// The filter of a stage during one block; `None` means that the stage passes the signal on and keeps its state.
pub type Tuning = Option<Notch>;

/// A cascade of notch stages for one or two channels, with its running state.
#[derive(Debug, Clone)]
pub struct Bank {
    channels: usize,
    stages: usize,
    /// Lane = stage · channels + channel, padded to whole vectors with lanes that pass the signal on.
    lanes: Lanes,
    /// Per lane: the state that is kept while the lane has no notch.
    parked: Vec<[f64; 2]>,
    active: Vec<bool>,
    used: Vec<bool>,
    rows: Vec<f64>,
    stride: usize,
}

/// Coefficients and state of all lanes, as one array per quantity.
#[derive(Debug, Clone, Default)]
struct Lanes {
    gain: Vec<f64>,
    a1: Vec<f64>,
    a2: Vec<f64>,
    /// Coefficients of the input in the two states: `a1·(1 - gain)` and `gain·(1 - a2)`.
    b1: Vec<f64>,
    b2: Vec<f64>,
    z1: Vec<f64>,
    z2: Vec<f64>,
}

const VECTOR: usize = 4;

impl Bank {
    /// A bank of `stages` stages per channel without any state.
    pub fn new(channels: usize, stages: usize) -> Self {
        let count = (stages * channels).next_multiple_of(VECTOR);
        // a row holds the input of every lane, then the output, then padding for stores of whole vectors
        let stride = count + channels + VECTOR;
        let lanes = Lanes {
            gain: vec![1.0; count],
            a1: vec![0.0; count],
            a2: vec![1.0; count],
            b1: vec![0.0; count],
            b2: vec![0.0; count],
            z1: vec![0.0; count],
            z2: vec![0.0; count],
        };
        Self {
            channels,
            stages,
            lanes,
            parked: vec![[0.0; 2]; count],
            active: vec![false; count],
            used: vec![false; count],
            rows: vec![0.0; stride * SLICE],
            stride,
        }
    }

    /// Number of stages per channel.
    pub const fn stages(&self) -> usize {
        self.stages
    }

    /// Clears all state, as in a new bank.
    pub fn reset(&mut self) {
        let lanes = &mut self.lanes;
        lanes.gain.fill(1.0);
        lanes.a1.fill(0.0);
        lanes.a2.fill(1.0);
        lanes.b1.fill(0.0);
        lanes.b2.fill(0.0);
        lanes.z1.fill(0.0);
        lanes.z2.fill(0.0);
        self.parked.fill([0.0; 2]);
        self.active.fill(false);
        self.used.fill(false);
        self.rows.fill(0.0);
    }

    /// Filters one segment: first with the current tuning into `old` (if given), then with `next` (if given) into
    /// `new`. `next` stays as the current tuning; it is indexed like the lanes. `input` and both outputs hold
    /// [`SEGMENT`] samples per channel.
    pub fn segment(
        &mut self,
        input: &[&[f64]],
        next: Option<&[Tuning]>,
        mut old: Option<&mut [Vec<f64>]>,
        new: &mut [Vec<f64>],
    ) {
        if self.stages == 0 {
            for (channel, signal) in input.iter().enumerate() {
                if let Some(old) = old.as_mut() {
                    old[channel].copy_from_slice(signal);
                }
                new[channel].copy_from_slice(signal);
            }
            return;
        }
        let switch = if old.is_some() { SLICES } else { 0 };
        let total = switch + if next.is_some() { SLICES } else { 0 };
        if total == 0 {
            return;
        }
        for step in 0..total + self.stages - 1 {
            if step < total {
                self.feed(input, (step % SLICES) * SLICE);
            }
            // the range of stages that have a slice; one of them may begin the new block
            let first = (step + 1).saturating_sub(total);
            let last = (self.stages - 1).min(step);
            if let Some(next) = next
                && step >= switch
                && step - switch < self.stages
            {
                self.retune(step - switch, next);
            }
            self.step(first * self.channels, (last + 1) * self.channels);
            if let Some(done) = step.checked_sub(self.stages - 1) {
                let target = if done < switch { old.as_deref_mut().unwrap_or(&mut []) } else { &mut *new };
                self.collect(target, (done % SLICES) * SLICE);
            }
        }
        self.flush();
    }

    /// Writes a slice of the input to the first stage.
    fn feed(&mut self, input: &[&[f64]], from: usize) {
        for (channel, signal) in input.iter().enumerate() {
            let rows = self.rows.chunks_exact_mut(self.stride);
            for (row, value) in rows.zip(&signal[from..from + SLICE]) {
                row[channel] = *value;
            }
        }
    }

    /// Reads a slice of the output of the last stage.
    fn collect(&self, target: &mut [Vec<f64>], from: usize) {
        for (channel, signal) in target.iter_mut().enumerate() {
            let place = self.stages * self.channels + channel;
            let rows = self.rows.chunks_exact(self.stride);
            for (value, row) in signal[from..from + SLICE].iter_mut().zip(rows) {
                *value = row[place];
            }
        }
    }

    /// Gives a stage the tuning of the new block. Its input slice is already in the rows, so a stage that is used for
    /// the first time starts in the steady state for its first sample.
    fn retune(&mut self, stage: usize, next: &[Tuning]) {
        let from = stage * self.channels;
        for (lane, notch) in (from..).zip(next[from..from + self.channels].iter().copied()) {
            let lanes = &mut self.lanes;
            match (notch, self.active[lane]) {
                (Some(notch), false) => {
                    let start = (1.0 - notch.gain) * self.rows[lane];
                    let state = if self.used[lane] { self.parked[lane] } else { [start; 2] };
                    [lanes.z1[lane], lanes.z2[lane]] = state;
                    self.used[lane] = true;
                }
                (None, true) => {
                    self.parked[lane] = [lanes.z1[lane], lanes.z2[lane]];
                    lanes.z1[lane] = 0.0;
                    lanes.z2[lane] = 0.0;
                }
                _ => {}
            }
            self.active[lane] = notch.is_some();
            let notch = notch.unwrap_or(Notch::IDENTITY);
            lanes.gain[lane] = notch.gain;
            lanes.a1[lane] = notch.a1;
            lanes.a2[lane] = notch.a2;
            lanes.b1[lane] = notch.a1 * (1.0 - notch.gain);
            lanes.b2[lane] = notch.gain * (1.0 - notch.a2);
        }
    }

    /// Runs the lanes `from..to` over their slices. Only whole vectors are processed, so neighbouring lanes run too;
    /// their state is restored afterwards.
    fn step(&mut self, from: usize, to: usize) {
        let low = from / VECTOR * VECTOR;
        let high = to.next_multiple_of(VECTOR);
        let mut kept = [[0.0; 2]; 2 * VECTOR];
        let lanes = &mut self.lanes;
        let outside = || (low..from).chain(to..high);
        for (slot, lane) in kept.iter_mut().zip(outside()) {
            *slot = [lanes.z1[lane], lanes.z2[lane]];
        }
        run(&mut self.rows, self.stride, self.channels, low..high, lanes);
        for (slot, lane) in kept.iter().zip(outside()) {
            [lanes.z1[lane], lanes.z2[lane]] = *slot;
        }
    }

    fn flush(&mut self) {
        for z in self.lanes.z1.iter_mut().chain(&mut self.lanes.z2) {
            if z.abs() < TINY {
                *z = 0.0;
            }
        }
    }
}

/// Runs one slice through the given lanes. In each row lane `l` reads position `l` and writes position `l + shift`, the
/// input of the next stage in the next step. Works from the last lane down, so that nothing is overwritten before it is
/// read.
#[multiversion(targets("x86_64+avx512f", "x86_64+avx2", "aarch64+neon"))]
fn run(rows: &mut [f64], stride: usize, shift: usize, range: std::ops::Range<usize>, lanes: &mut Lanes) {
    let mut top = range.end;
    while top - range.start >= 12 {
        top -= 12;
        lanes_over_rows::<12>(rows, stride, shift, top, lanes);
    }
    if top - range.start >= 8 {
        top -= 8;
        lanes_over_rows::<8>(rows, stride, shift, top, lanes);
    }
    if top > range.start {
        top -= 4;
        lanes_over_rows::<4>(rows, stride, shift, top, lanes);
    }
}

#[inline(always)]
fn lanes_over_rows<const L: usize>(rows: &mut [f64], stride: usize, shift: usize, base: usize, lanes: &mut Lanes) {
    let (gain, a1, a2) = (take::<L>(&lanes.gain, base), take::<L>(&lanes.a1, base), take::<L>(&lanes.a2, base));
    let (b1, b2) = (take::<L>(&lanes.b1, base), take::<L>(&lanes.b2, base));
    let (mut z1, mut z2) = (take::<L>(&lanes.z1, base), take::<L>(&lanes.z2, base));
    for row in rows.chunks_exact_mut(stride) {
        let x = take::<L>(row, base);
        let mut y = [0.0; L];
        for l in 0..L {
            // Transposed direct form II with the output substituted into the state equations. Each state then depends
            // on the previous one through a product and a difference instead of four operations; this chain limits the
            // speed of the loop.
            y[l] = gain[l] * x[l] + z1[l];
            let before = z1[l];
            z1[l] = (b1[l] * x[l] + z2[l]) - a1[l] * before;
            z2[l] = b2[l] * x[l] - a2[l] * before;
        }
        row[base + shift..base + shift + L].copy_from_slice(&y);
    }
    lanes.z1[base..base + L].copy_from_slice(&z1);
    lanes.z2[base..base + L].copy_from_slice(&z2);
}

#[inline(always)]
fn take<const L: usize>(from: &[f64], base: usize) -> [f64; L] {
    let mut values = [0.0; L];
    values.copy_from_slice(&from[base..base + L]);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference: one stage after the other, sample by sample.
    struct Plain {
        state: Vec<Option<[f64; 2]>>,
    }

    impl Plain {
        fn filter(&mut self, signal: &mut [f64], tuning: &[Tuning]) {
            for (slot, notch) in self.state.iter_mut().zip(tuning) {
                let Some(n) = notch else { continue };
                let start = (1.0 - n.gain) * signal[0];
                let [mut z1, mut z2] = slot.unwrap_or([start; 2]);
                for v in signal.iter_mut() {
                    let y = n.gain * *v + z1;
                    z1 = n.a1 * *v - n.a1 * y + z2;
                    z2 = n.gain * *v - n.a2 * y;
                    *v = y;
                }
                *slot = Some([z1, z2]);
            }
        }
    }

    fn noise(seed: u64, len: usize) -> Vec<f64> {
        let mut x = vec![0.0_f32; len];
        super::super::counter::White::new(seed).fill(0, &mut x);
        x.into_iter().map(f64::from).collect()
    }

    #[test]
    fn the_pipelined_lanes_match_a_plain_cascade() {
        for (channels, stages) in [(1, 1), (1, 3), (1, 10), (2, 1), (2, 7), (2, 23), (2, 80)] {
            let mut bank = Bank::new(channels, stages);
            let mut plain: Vec<Plain> = (0..channels).map(|_| Plain { state: vec![None; stages] }).collect();
            let mut present: Vec<Vec<Tuning>> = vec![vec![None; stages]; channels];
            for k in 0..6_usize {
                let input: Vec<Vec<f64>> = (0..channels).map(|c| noise((10 * k + c) as u64, SEGMENT)).collect();
                let views: Vec<&[f64]> = input.iter().map(Vec::as_slice).collect();
                // stages are switched on and off between blocks
                let tuning = |channel: usize, stage: usize| {
                    let f = 300.0 + 400.0 * k as f64 + 90.0 * channel as f64 + 120.0 * stage as f64;
                    ((stage + k) % 3 != 0 || k == 4).then(|| Notch::new(f, 12.0, 44_100.0)).flatten()
                };
                let next: Vec<Tuning> =
                    (0..stages * channels).map(|lane| tuning(lane % channels, lane / channels)).collect();
                let skipped = k == 3;
                let mut old = vec![vec![0.0; SEGMENT]; channels];
                let mut new = vec![vec![0.0; SEGMENT]; channels];
                bank.segment(&views, (!skipped).then_some(&next[..]), (k > 0).then_some(&mut old[..]), &mut new);
                for channel in 0..channels {
                    if k > 0 {
                        let mut expected = input[channel].clone();
                        plain[channel].filter(&mut expected, &present[channel]);
                        close(&old[channel], &expected, k);
                    }
                    if !skipped {
                        present[channel] = (0..stages).map(|stage| tuning(channel, stage)).collect();
                        let mut expected = input[channel].clone();
                        plain[channel].filter(&mut expected, &present[channel]);
                        close(&new[channel], &expected, k);
                    }
                }
            }
        }
    }

    fn close(got: &[f64], expected: &[f64], k: usize) {
        for (i, (a, b)) in got.iter().zip(expected).enumerate() {
            assert!((a - b).abs() < 1e-11, "segment {k} sample {i}: {a} {b}");
        }
    }

    #[test]
    fn silence_after_sound_leaves_no_denormal_state() {
        let mut bank = Bank::new(1, 10);
        let tuning = vec![Notch::new(5000.0, 2.0, 44_100.0); 10];
        let (loud, quiet) = (noise(1, SEGMENT), vec![0.0; SEGMENT]);
        let mut old = vec![vec![0.0; SEGMENT]];
        let mut new = vec![vec![0.0; SEGMENT]];
        bank.segment(&[&loud], Some(&tuning), None, &mut new);
        for _ in 0..50 {
            bank.segment(&[&quiet], Some(&tuning), Some(&mut old), &mut new);
        }
        assert!(bank.lanes.z1.iter().chain(&bank.lanes.z2).all(|z| *z == 0.0 || z.abs() >= TINY));
        assert!(new[0].iter().all(|v| v.abs() < 1e-25));
    }
}
