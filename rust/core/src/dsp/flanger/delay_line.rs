//! One channel of the flanger: delay line and feedback loop.

use super::settings::{Corrections, FlangerSettings};

/// How the delay line interpolates between its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taps {
    /// Legacy: two taps, the second one on the wrong side.
    OlderNeighbour,
    /// Legacy: four taps whose weights do not sum to 1.
    Leaky,
    /// Two taps, linear interpolation.
    Linear,
    /// Four taps, third-order Lagrange interpolation.
    Cubic,
}

/// Smaller states are set to zero.
const SILENCE: f64 = 1e-30;

/// The delay line of one channel with its feedback loop; all states start at zero.
#[derive(Debug, Clone)]
pub(super) struct DelayLine {
    cells: Vec<f32>,
    write: usize,
    highpass: f64,
    lowpass: f64,
    feedback: f64,
    wet: f64,
    taps: Taps,
    /// Whether the feedback loop passes nothing.
    muted: bool,
    hx: f64,
    hy: f64,
    ly: f64,
}

impl DelayLine {
    /// A delay line with cleared state that is long enough for the longest delay.
    pub(super) fn new(settings: &FlangerSettings, sample_rate: f64, corrections: Corrections) -> Self {
        let taps = match (settings.interp_mode, corrections.interpolation) {
            (0, false) => Taps::OlderNeighbour,
            (0, true) => Taps::Linear,
            (_, false) => Taps::Leaky,
            (_, true) => Taps::Cubic,
        };
        let feedback = settings.feedback.clamp(-1.0, 1.0);
        let nyquist = sample_rate * 0.5;
        let decay = |hz: f64| (-std::f64::consts::TAU * hz / sample_rate).exp();
        let highpass = if settings.loop_hpf_hz <= 0.0 {
            f64::from(u8::from(corrections.feedback))
        } else if settings.loop_hpf_hz >= nyquist {
            1.0
        } else {
            decay(settings.loop_hpf_hz)
        };
        let lowpass = if settings.loop_lpf_hz <= 0.0 {
            1.0
        } else if settings.loop_lpf_hz >= nyquist {
            0.0
        } else {
            decay(settings.loop_lpf_hz)
        };
        let (_, longest) = settings.limits();
        let len = (((longest + 0.5) * sample_rate / 1000.0).ceil() as usize + 8).max(16);
        Self {
            cells: vec![0.0; len],
            write: 0,
            highpass,
            lowpass,
            feedback,
            wet: settings.wet,
            taps,
            muted: feedback == 0.0 || highpass == 0.0 || lowpass == 1.0,
            hx: 0.0,
            hy: 0.0,
            ly: 0.0,
        }
    }

    /// Clears all state; the next frame is `frame`. The write position depends on the frame number, so that rounding is
    /// the same from every start.
    pub(super) fn reset(&mut self, frame: u64) {
        self.cells.fill(0.0);
        self.write = (frame % self.cells.len() as u64) as usize;
        (self.hx, self.hy, self.ly) = (0.0, 0.0, 0.0);
    }

    /// Number of frames after which past input no longer matters (to about 1e-6), at most 30 seconds. It is the sum of
    /// the length of the line times the rounds of the loop, the decay of the loop filters, and twelve time constants of
    /// the loudness match.
    pub(super) fn memory(&self, settings: &FlangerSettings, sample_rate: f64) -> u64 {
        let line = self.cells.len() as f64;
        // a loop with gain 1 (`ln 1 = 0`) never decays
        let rounds = if self.muted { 1.0 } else { 1.0 + (1e-6_f64.ln() / self.feedback.abs().ln()).abs() };
        // the decay of the loop filters adds to this
        let poles = [self.highpass, self.lowpass].into_iter().filter(|p| !self.muted && *p > 0.0 && *p < 1.0);
        let ringing: f64 = poles.map(|p| 1e-6_f64.ln() / p.ln()).sum();
        let matching =
            if settings.loud_mode != 0 { 12.0 * settings.loud_tc_ms.max(0.0) * 0.001 * sample_rate } else { 0.0 };
        (line * rounds + ringing + matching).min(30.0 * sample_rate).ceil() as u64
    }

    /// Processes `signal` in place, with one delay in frames per sample.
    pub(super) fn run(&mut self, delays: &[f64], signal: &mut [f64]) {
        match self.taps {
            Taps::OlderNeighbour => self
                .pass(delays, signal, 0.0, |cells, at, m| (1.0 - m) * before(cells, at, 0) + m * before(cells, at, 1)),
            Taps::Leaky => self.pass(delays, signal, 0.0, |cells, at, m| {
                let n = 1.0 - m;
                let older = (1.0 + m) * n * n * 0.5 * before(cells, at, 2) - m * n * n / 6.0 * before(cells, at, 3);
                m * (1.0 + m) * n * 0.5 * before(cells, at, 1) - m * m * n / 6.0 * before(cells, at, 0) + older
            }),
            Taps::Linear => self
                .pass(delays, signal, 1.0, |cells, at, m| (1.0 - m) * before(cells, at, 0) + m * after(cells, at, 1)),
            Taps::Cubic => self.pass(delays, signal, 2.0, |cells, at, m| {
                let older = (m + 1.0) * (m - 1.0) * (m - 2.0) * 0.5 * before(cells, at, 0)
                    - m * (m - 1.0) * (m - 2.0) / 6.0 * before(cells, at, 1);
                let newer = (m + 1.0) * m * (m - 1.0) / 6.0 * after(cells, at, 2)
                    - (m + 1.0) * m * (m - 2.0) * 0.5 * after(cells, at, 1);
                older + newer
            }),
        }
    }

    /// [`run`](Self::run) with the interpolation `read`, which gets the samples, an index and a fraction. The newest
    /// sample is one frame old, so an interpolation with newer taps needs a delay of at least `room` frames.
    #[inline(always)]
    fn pass(&mut self, delays: &[f64], signal: &mut [f64], room: f64, read: impl Fn(&[f32], usize, f64) -> f64) {
        // local copies, so that the compiler knows that writes to `cells` do not change the fields
        let Self { highpass, lowpass, feedback, wet, muted, .. } = *self;
        let (mut write, mut hx, mut hy, mut ly) = (self.write, self.hx, self.hy, self.ly);
        let cells = self.cells.as_mut_slice();
        let len = cells.len();
        for (x, delay) in signal.iter_mut().zip(delays) {
            let mut place = write as f64 - delay.max(room);
            if place < 0.0 {
                place += len as f64;
            }
            let cell = place as i64 as usize;
            let delayed = read(cells, if cell < len { cell } else { 0 }, place - cell as i64 as f64);
            if !muted {
                hy = quiet(highpass * (hy + delayed - hx));
                hx = quiet(delayed);
                ly = quiet((1.0 - lowpass) * hy + lowpass * ly);
            }
            cells[write] = quiet(*x + feedback * ly) as f32;
            write = if write + 1 == len { 0 } else { write + 1 };
            *x += wet * delayed;
        }
        (self.write, self.hx, self.hy, self.ly) = (write, hx, hy, ly);
    }
}

/// The sample `n` frames before the index `at`.
#[inline(always)]
fn before(cells: &[f32], at: usize, n: usize) -> f64 {
    f64::from(cells[if at >= n { at - n } else { at + cells.len() - n }])
}

/// The sample `n` frames after the index `at`.
#[inline(always)]
fn after(cells: &[f32], at: usize, n: usize) -> f64 {
    f64::from(cells[if at + n < cells.len() { at + n } else { at + n - cells.len() }])
}

#[inline(always)]
fn quiet(x: f64) -> f64 {
    if x.abs() < SILENCE { 0.0 } else { x }
}
