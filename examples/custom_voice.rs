//! A voice of one's own: a function of the frame, so that any block at any place has the same samples.
//! `cargo run --release -p realtime-backend-core --example custom_voice`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to its user")]

use realtime_backend_core::dsp::phase::Turns;
use realtime_backend_core::dsp::sine::sine;
use realtime_backend_core::voice::{Block, Voice};

/// Two sines that beat: one frequency in the left ear, another in the right.
struct Beat {
    /// Turns per frame of each ear, in 64-bit fixed point: the phase is exact after any number of frames.
    increments: [Turns; 2],
    amplitude: f64,
}

impl Beat {
    fn new(left: f64, right: f64, sample_rate: f64, amplitude: f64) -> Self {
        Self { increments: [left, right].map(|hertz| Turns::from_cycles(hertz / sample_rate)), amplitude }
    }
}

impl Voice for Beat {
    fn render(&mut self, start: u64, out: Block<'_>) {
        for (samples, increment) in [out.left, out.right].into_iter().zip(self.increments) {
            for (frame, sample) in (start..).zip(samples) {
                *sample = (self.amplitude * sine(increment.times(frame))) as f32;
            }
        }
    }

    fn fork(&self) -> Box<dyn Voice> {
        Box::new(Self { ..*self })
    }
}

fn main() {
    let rate: u32 = 48_000;
    let mut voice = Beat::new(200.0, 204.0, f64::from(rate), 0.5);

    let (mut left, mut right) = (vec![0.0; rate as usize], vec![0.0; rate as usize]);
    voice.render(0, Block::new(&mut left, &mut right));
    println!("first second: peak {:.3}", left.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs())));

    // the last 100 ms by themselves are the last 100 ms of the second, bit for bit
    let from = 43_200;
    let (mut late_left, mut late_right) = (vec![0.0; 4800], vec![0.0; 4800]);
    voice.render(from as u64, Block::new(&mut late_left, &mut late_right));
    assert_eq!(left[from..], late_left);
    assert_eq!(right[from..], late_right);

    // and so is a frame of tomorrow
    voice.render(24 * 3600 * u64::from(rate), Block::new(&mut late_left[..1], &mut late_right[..1]));
    println!("after a day: {:.3}", late_left[0]);
}
