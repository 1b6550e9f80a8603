//! Levels of what is heard. The callback adds up squares and peaks by cells of time; a reader looks at the cells that the
//! listener has heard last.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Instant;

use crate::player::Player;
use crate::queue::Frame;

/// Cells in a second.
const PER_SECOND: u32 = 20;
/// Cells that a reading covers: 0.4 s.
const WINDOW: u64 = 8;
/// Cells that are kept: more than the window and the longest latency.
const CELLS: usize = 128;

/// Peak and RMS of the left and the right channel, in dB relative to full scale (dBFS): 0 is the sample value 1, so a sine
/// at full scale has an RMS of -3.01. Silence is minus infinity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Largest sample.
    pub peak: [f64; 2],
    /// Root of the mean square.
    pub rms: [f64; 2],
}

/// The cells of the last seconds. One thread at a time adds to them.
#[derive(Debug)]
pub(crate) struct Meter(Vec<Cell>);

impl Default for Meter {
    fn default() -> Self {
        Self((0..CELLS).map(|_| Cell::default()).collect())
    }
}

/// The sum over a twentieth of a second.
#[derive(Debug, Default)]
struct Cell {
    /// Which one since the device was opened.
    number: AtomicU64,
    frames: AtomicU32,
    /// Bits of floats.
    squares: [AtomicU32; 2],
    peaks: [AtomicU32; 2],
}

impl Meter {
    /// Add `frames`, the first of which has the number `start`. Frames that are handed out again replace those that were.
    pub(crate) fn add(&self, start: u64, frames: &[Frame], rate: u32) {
        let length = length(rate);
        let (mut at, mut rest) = (start, frames);
        while !rest.is_empty() {
            let into = at % length;
            let (piece, others) = rest.split_at(rest.len().min((length - into) as usize));
            let number = at / length;
            if let Some(cell) = self.0.get((number % CELLS as u64) as usize) {
                cell.add(number, into as u32, piece);
            }
            at += piece.len() as u64;
            rest = others;
        }
    }

    /// Levels of the whole cells before the frame `heard`.
    fn read(&self, heard: u64, rate: u32) -> Levels {
        let last = heard / length(rate);
        let (mut frames, mut squares, mut peaks) = (0.0, [0.0; 2], [0.0_f32; 2]);
        for number in last.saturating_sub(WINDOW)..last {
            let Some(cell) = self.0.get((number % CELLS as u64) as usize) else { continue };
            if cell.number.load(Relaxed) != number {
                continue;
            }
            frames += f64::from(cell.frames.load(Relaxed));
            for side in 0..2 {
                squares[side] += f64::from(f32::from_bits(cell.squares[side].load(Relaxed)));
                peaks[side] = peaks[side].max(f32::from_bits(cell.peaks[side].load(Relaxed)));
            }
        }
        let rms = squares.map(|sum: f64| 10.0 * (sum / frames.max(1.0)).log10());
        Levels { peak: peaks.map(|peak| 20.0 * f64::from(peak).log10()), rms }
    }
}

impl Cell {
    fn add(&self, number: u64, into: u32, piece: &[Frame]) {
        let before = self.frames.load(Relaxed);
        let begins = into == 0 || before == 0 || self.number.load(Relaxed) != number;
        // of frames that are handed out again only the mean is known
        let kept = if begins { 0.0 } else { (into as f32 / before as f32).min(1.0) };
        for side in 0..2 {
            let sum = f32::from_bits(self.squares[side].load(Relaxed)) * kept;
            let peak = if begins { 0.0 } else { f32::from_bits(self.peaks[side].load(Relaxed)) };
            let add = |(sum, peak): (f32, f32), frame: &Frame| {
                let sample = frame[side];
                (sum + sample * sample, peak.max(sample.abs()))
            };
            let (sum, peak) = piece.iter().fold((sum, peak), add);
            self.squares[side].store(sum.to_bits(), Relaxed);
            self.peaks[side].store(peak.to_bits(), Relaxed);
        }
        let start = if begins { 0 } else { into.min(before) };
        self.frames.store(start + piece.len() as u32, Relaxed);
        self.number.store(number, Relaxed);
    }
}

/// Frames of a cell.
fn length(rate: u32) -> u64 {
    u64::from((rate / PER_SECOND).max(1))
}

impl Player {
    /// Levels of the last 0.4 s that were heard, with the volume. A reading does not change the next one.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use realtime_backend_core::track::Track;
    /// # use realtime_backend_player::{Player, PlayerOptions, device::null::Null};
    /// # let (track, _) = Track::from_json(r#"{"progression": [{"duration": 60.0}]}"#)?;
    /// # let player = Player::new(&track, PlayerOptions::default(), Arc::new(Null::default()))?;
    /// assert_eq!(player.meters().peak, [f64::NEG_INFINITY; 2]); // the player is paused
    /// # Ok::<(), realtime_backend_player::Error>(())
    /// ```
    pub fn meters(&self) -> Levels {
        self.shared.meter.read(self.shared.clock.frames(Instant::now(), self.rate) as u64, self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 8000;

    fn sine(from: usize, count: usize, amplitude: f32) -> Vec<Frame> {
        // 100 Hz: whole periods in a cell
        let at = |i: usize| (std::f32::consts::TAU * 100.0 * i as f32 / RATE as f32).sin();
        (from..from + count).map(|i| [amplitude * at(i), 0.5 * amplitude * at(i)]).collect()
    }

    #[test]
    fn a_sine_has_its_rms_below_its_peak() {
        let meter = Meter::default();
        for start in (0..8000).step_by(100) {
            meter.add(start, &sine(start as usize, 100, 0.5), RATE);
        }
        let found = meter.read(8000, RATE);
        let peak = 20.0 * 0.5_f64.log10();
        for (side, peak) in [peak, peak + 20.0 * 0.5_f64.log10()].into_iter().enumerate() {
            assert!((found.peak[side] - peak).abs() < 1e-4, "{found:?}");
            assert!((found.rms[side] - (peak - 10.0 * 2.0_f64.log10())).abs() < 1e-4, "{found:?}");
        }
        assert_eq!(meter.read(100_000, RATE).peak, [f64::NEG_INFINITY; 2]);
    }

    #[test]
    fn frames_that_are_handed_out_again_count_once() {
        let meter = Meter::default();
        meter.add(0, &sine(0, 8000, 0.5), RATE);
        meter.add(6000, &sine(6000, 2000, 0.25), RATE);
        let found = meter.read(8000, RATE);
        // five cells of the new sound and three of the old one
        let squares = (5.0 * 0.25 * 0.25 + 3.0 * 0.5 * 0.5) / 8.0 / 2.0;
        assert!((found.rms[0] - 10.0 * f64::log10(squares)).abs() < 1e-4, "{found:?}");
    }
}
