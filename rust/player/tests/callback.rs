//! The audio callback under a long random sequence of commands: no allocation, no click and no NaN.
#![allow(clippy::expect_used)]

use std::sync::Arc;
use std::time::Duration;

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use realtime_backend_core::dsp::butterworth;
use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::track::Track;
use realtime_backend_player::device::manual::Manual;
use realtime_backend_player::{Frame, Latency, Player, PlayerOptions};
use serde_json::json;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

const RATE: f64 = 44_100.0;
/// Level of a click, in dBFS.
const QUIET: f64 = -80.0;

fn session(base: f64) -> Track {
    let voice = |base: f64, id: &str| {
        json!({"synth_function_name": "binaural_beat", "voice_id": id,
               "params": {"baseFreq": base, "beatFreq": 4.0, "ampOscDepthL": 0.3, "ampOscFreqL": 0.7}})
    };
    let value = json!({
        "global": {"sample_rate": 44100, "crossfade_duration": 1.0},
        "progression": [
            {"duration": 4.0, "voices": [voice(base, "a")]},
            {"duration": 4.0, "voices": [voice(base, "a"), voice(base * 1.25, "b")]}
        ],
        "overlay_clips": [{"file_path": "", "start": 0.0, "amp": 1.0}]
    });
    Track::from_value(value).expect("valid").0
}

/// A small random generator with a fixed seed, so that tests are repeatable.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Measures the level above 4 kHz of one channel.
struct HighBand {
    channel: usize,
    sections: Vec<(realtime_backend_core::dsp::biquad::Section, [f64; 2])>,
}

impl HighBand {
    fn new(channel: usize) -> Self {
        let sections = butterworth::highpass(4, 4000.0 / (RATE / 2.0));
        Self { channel, sections: sections.into_iter().map(|section| (section, [0.0; 2])).collect() }
    }

    /// Root mean square of a block.
    fn level(&mut self, block: &[Frame]) -> f64 {
        let sum: f64 = block.iter().map(|frame| self.step(f64::from(frame[self.channel])).powi(2)).sum();
        (sum / block.len() as f64).sqrt()
    }

    fn step(&mut self, mut x: f64) -> f64 {
        for (section, state) in &mut self.sections {
            let y = section.b[0] * x + state[0];
            state[0] = section.b[1] * x - section.a[0] * y + state[1];
            state[1] = section.b[2] * x - section.a[1] * y;
            x = y;
        }
        x
    }
}

/// A tone for the streamed clip. It rises from silence and falls back to it, so it does not click by itself.
fn hum(frames: usize) -> Vec<f32> {
    let sample = |i: usize| {
        let window = (std::f64::consts::PI * i as f64 / frames as f64).sin().powi(4);
        (0.1 * window * (std::f64::consts::TAU * 200.0 * i as f64 / RATE).sin()) as f32
    };
    (0..frames).flat_map(|i| [sample(i); 2]).collect()
}

/// A listener who gives random commands.
struct Listener {
    player: Player,
    dice: Dice,
    presses: u32,
}

impl Listener {
    fn new(player: Player) -> Self {
        player.push_clip_samples(0, &hum(7 * RATE as usize), false).expect("a streamed clip");
        player.play();
        std::thread::sleep(Duration::from_millis(30));
        Self { player, dice: Dice(7), presses: 0 }
    }

    fn press(&mut self) {
        let Self { player, dice, presses } = self;
        *presses += 1;
        match dice.roll(18) {
            0 => player.pause(),
            1..=3 => player.play(),
            // the track ends at 7 s
            4 | 5 => player.seek(dice.roll(8000) as f64 / 1000.0 - 0.5),
            6 | 7 => player.set_volume(dice.roll(101) as f32 / 100.0).expect("a number"),
            8 if *presses % 8 == 0 => {
                let base = 190.0 + dice.roll(20) as f64;
                player.update(&session(base), &Interrupt::default()).expect("valid");
            }
            9 if *presses % 64 == 0 => {
                let silence = vec![0.0; 2 * RATE as usize];
                player.push_clip_samples(0, &silence, false).expect("a streamed clip");
            }
            10 => {
                let start = dice.roll(5000) as f64 / 1000.0;
                let range = (dice.roll(3) > 0).then(|| start..start + 0.1 + dice.roll(2000) as f64 / 1000.0);
                player.set_loop(range).expect("valid");
            }
            11 => player.stop_after(dice.roll(300) as f64 / 100.0, dice.roll(100) as f64 / 100.0).expect("valid"),
            12 => player.cancel_timer(),
            _ => {}
        }
    }
}

/// The level above 4 kHz of both channels, and the largest level so far in dBFS.
struct Ears([HighBand; 2], f64);

impl Ears {
    fn new() -> Self {
        Self([HighBand::new(0), HighBand::new(1)], f64::NEG_INFINITY)
    }

    /// Check that the block is finite, at most full scale, and has nothing above 4 kHz: no click.
    fn hear(&mut self, block: &[Frame], Listener { player, presses, .. }: &Listener) {
        assert!(block.iter().all(|f| f[0].is_finite() && f[1].is_finite() && f[0].abs() <= 1.0));
        for band in &mut self.0 {
            let level = 20.0 * band.level(block).log10();
            assert!(level < QUIET, "{level:.1} dBFS above 4 kHz at command {presses}: {:?}", player.stats());
            self.1 = self.1.max(level);
        }
    }
}

/// Give ten thousand random commands between callbacks of random sizes, under an allocator that forbids allocation in
/// the callback. Only the tones may be heard.
fn ten_thousand_commands(options: PlayerOptions) {
    let device = Manual::default();
    // deep enough for the turns that other programs take
    let options = PlayerOptions { latency: Latency::High, ..options };
    let player = Player::new(&session(200.0), options, Arc::new(device.clone())).expect("plays");
    let mut handle = device.handle().expect("started");
    let mut block = vec![[0.0_f32; 2]; 1024];
    let (mut listener, mut ears) = (Listener::new(player), Ears::new());
    for _ in 0..10_000 {
        listener.press();
        let frames = 16 + listener.dice.roll(512) as usize;
        assert_no_alloc(|| {
            handle.fill(&mut block[..frames]);
        });
        ears.hear(&block[..frames], &listener);
        // about four times real time; the render thread must keep up even on a busy machine
        std::thread::sleep(Duration::from_micros(frames as u64 * 6));
    }
    let stats = listener.player.stats();
    assert_eq!(stats.underrun_events, 0, "the render thread fell behind: {stats:?}");
    assert!(ears.1.is_finite(), "nothing was measured");
}

/// Random commands with a server that has a long buffer and lets it be rewritten, except one block after the position.
#[test]
fn commands_rewriting_a_long_buffer_do_not_click_or_allocate() {
    const HELD: u64 = 8192;
    const BLOCK: u64 = 441;
    let device = Manual::default();
    let options = PlayerOptions { startup_fade: 0.0, measure_first: true, ..PlayerOptions::default() };
    let player = Player::new(&session(200.0), options, Arc::new(device.clone())).expect("plays");
    let mut handle = device.handle().expect("started");
    handle.takes_back(HELD as u32);
    let (mut listener, mut ears) = (Listener::new(player), Ears::new());
    let mut buffer = vec![[0.0_f32; 2]; 2 * HELD as usize];
    // numbers of frames played, written and rewritten
    let (mut heard, mut written, mut rewritten) = (0_u64, 0_u64, 0);
    for _ in 0..2_000 {
        listener.press();
        assert_no_alloc(|| {
            if let Some(place) = handle.rewind(heard + BLOCK) {
                assert!((heard + BLOCK..=written).contains(&place));
                rewritten += written - place;
                written = place;
            }
            let (from, to) = ((written - heard) as usize, HELD as usize);
            written += handle.fill(&mut buffer[from..to]) as u64;
        });
        let frames = (16 + listener.dice.roll(BLOCK - 16)) as usize;
        assert!(written >= heard + frames as u64, "the render thread fell behind");
        ears.hear(&buffer[..frames], &listener);
        buffer.copy_within(frames..HELD as usize, 0);
        heard += frames as u64;
        std::thread::sleep(Duration::from_micros(frames as u64 * 6));
    }
    assert!(ears.1.is_finite() && rewritten > 50 * HELD, "nothing was measured");
    assert_eq!(listener.player.stats().underrun_events, 0);
}

#[test]
fn ten_thousand_commands_cause_no_allocation_click_or_nan() {
    ten_thousand_commands(PlayerOptions { startup_fade: 0.0, measure_first: true, ..PlayerOptions::default() });
}

#[test]
fn commands_do_not_click_while_levels_are_being_measured() {
    ten_thousand_commands(PlayerOptions::default());
}
