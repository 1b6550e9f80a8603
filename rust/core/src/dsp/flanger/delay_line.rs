//! One channel of the flanger: delay line, feedback loop, loudness match.

use super::settings::{Corrections, FlangerSettings, pole};

/// How the delay line is read between its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taps {
    /// As recorded: two taps, the second on the wrong side.
    OlderNeighbour,
    /// As recorded: four taps whose weights do not sum to 1.
    Leaky,
    /// Two taps.
    Linear,
    /// Four taps, third-order Lagrange.
    Cubic,
}

/// States below this are taken as zero.
const SILENCE: f64 = 1e-30;
/// Floor of the loudness detectors.
const FLOOR: f64 = 1e-20;

#[derive(Debug, Clone)]
pub(super) struct DelayLine {
    cells: Vec<f32>,
    write: usize,
    highpass: f64,
    lowpass: f64,
    feedback: f64,
    wet: f64,
    match_loudness: bool,
    detector: f64,
    gain_limits: [f64; 2],
    hx: f64,
    hy: f64,
    ly: f64,
    power_in: f64,
    power_out: f64,
    gain: f64,
}

impl DelayLine {
    pub(super) fn new(settings: &FlangerSettings, sample_rate: f64, corrections: Corrections) -> Self {
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
            feedback: settings.feedback.clamp(-1.0, 1.0),
            wet: settings.wet,
            match_loudness: settings.loud_mode != 0,
            detector: pole(settings.loud_tc_ms, sample_rate),
            gain_limits: [settings.loud_min_gain, settings.loud_max_gain],
            hx: 0.0,
            hy: 0.0,
            ly: 0.0,
            power_in: 0.0,
            power_out: 0.0,
            gain: 1.0,
        }
    }

    /// At rest before `frame`. The line is addressed by the frame number, so that every start rounds alike.
    pub(super) fn reset(&mut self, frame: u64) {
        self.cells.fill(0.0);
        self.write = (frame % self.cells.len() as u64) as usize;
        (self.hx, self.hy, self.ly) = (0.0, 0.0, 0.0);
        (self.power_in, self.power_out, self.gain) = (0.0, 0.0, 1.0);
    }

    /// Frames after which the past no longer matters (to about 1e-6), at most 30 seconds: the length of the line, the
    /// decay of the loop, and twelve time constants of the loudness match.
    pub(super) fn memory(&self, settings: &FlangerSettings, sample_rate: f64) -> u64 {
        let line = self.cells.len() as f64;
        let muted = self.feedback == 0.0 || self.highpass == 0.0 || self.lowpass == 1.0;
        let rounds = if muted { 1.0 } else { 1.0 + (1e-6_f64.ln() / self.feedback.abs().ln()).max(0.0) };
        // the loop's filters ring on as well
        let poles = [self.highpass, self.lowpass].into_iter().filter(|p| !muted && *p > 0.0 && *p < 1.0);
        let ringing: f64 = poles.map(|p| 1e-6_f64.ln() / p.ln()).sum();
        let matching =
            if self.match_loudness { 12.0 * settings.loud_tc_ms.max(0.0) * 0.001 * sample_rate } else { 0.0 };
        (line * rounds + ringing + matching).min(30.0 * sample_rate).ceil() as u64
    }

    /// One sample with the delay `delay` (frames).
    #[inline(always)]
    pub(super) fn next(&mut self, taps: Taps, delay: f64, x: f64) -> f64 {
        let delayed = self.read(taps, delay);
        self.hy = quiet(self.highpass * (self.hy + delayed - self.hx));
        self.hx = quiet(delayed);
        self.ly = quiet((1.0 - self.lowpass) * self.hy + self.lowpass * self.ly);
        self.cells[self.write] = quiet(x + self.feedback * self.ly) as f32;
        self.write = if self.write + 1 == self.cells.len() { 0 } else { self.write + 1 };
        let out = x + self.wet * delayed;
        if self.match_loudness { self.matched(x, out) } else { out }
    }

    #[inline(always)]
    fn read(&self, taps: Taps, delay: f64) -> f64 {
        let len = self.cells.len();
        // the newest readable cell lies one frame back: correct taps on both sides need that much room
        let delay = match taps {
            Taps::OlderNeighbour | Taps::Leaky => delay,
            Taps::Linear => delay.max(1.0),
            Taps::Cubic => delay.max(2.0),
        };
        let mut place = self.write as f64 - delay;
        if place < 0.0 {
            place += len as f64;
        }
        let mut cell = place as usize;
        let m = place - cell as f64;
        if cell >= len {
            cell = 0;
        }
        let before = |n: usize| f64::from(self.cells[if cell >= n { cell - n } else { cell + len - n }]);
        let after = |n: usize| f64::from(self.cells[if cell + n < len { cell + n } else { cell + n - len }]);
        match taps {
            Taps::OlderNeighbour => (1.0 - m) * before(0) + m * before(1),
            Taps::Linear => (1.0 - m) * before(0) + m * after(1),
            Taps::Leaky => {
                let n = 1.0 - m;
                -m * m * n / 6.0 * before(0) + m * (1.0 + m) * n * 0.5 * before(1) + (1.0 + m) * n * n * 0.5 * before(2)
                    - m * n * n / 6.0 * before(3)
            }
            Taps::Cubic => {
                -m * (m - 1.0) * (m - 2.0) / 6.0 * before(1) + (m + 1.0) * (m - 1.0) * (m - 2.0) * 0.5 * before(0)
                    - (m + 1.0) * m * (m - 2.0) * 0.5 * after(1)
                    + (m + 1.0) * m * (m - 1.0) / 6.0 * after(2)
            }
        }
    }

    #[inline(always)]
    fn matched(&mut self, x: f64, out: f64) -> f64 {
        let a = self.detector;
        self.power_in = quiet(a * self.power_in + (1.0 - a) * x * x);
        self.power_out = quiet(a * self.power_out + (1.0 - a) * out * out);
        let wanted =
            if self.power_out > FLOOR { ((self.power_in + FLOOR) / (self.power_out + FLOOR)).sqrt() } else { 1.0 };
        self.gain = (a * self.gain + (1.0 - a) * wanted).max(self.gain_limits[0]).min(self.gain_limits[1]);
        out * self.gain
    }
}

#[inline(always)]
fn quiet(x: f64) -> f64 {
    if x.abs() < SILENCE { 0.0 } else { x }
}
