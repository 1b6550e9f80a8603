//! A player on a device whose callbacks a test makes, and what its tests have in common.
#![allow(dead_code, missing_docs, clippy::expect_used, reason = "each test program uses a part of it")]

use std::sync::Arc;
use std::time::Duration;

use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render;
use realtime_backend_core::track::Track;
use realtime_backend_player::device::manual::{Handle, Manual};
use realtime_backend_player::{Frame, Player, PlayerOptions};
use serde_json::{Value, json};

pub(crate) const RATE: u32 = 44_100;

pub(crate) fn track(value: Value) -> Track {
    Track::from_value(value).expect("a valid track").0
}

pub(crate) fn voice(base: f64, id: &str) -> Value {
    json!({"synth_function_name": "binaural_beat", "voice_id": id, "params": {"baseFreq": base, "beatFreq": 4.0, "ampL": 0.5, "ampR": 0.5}})
}

pub(crate) fn session(base: f64) -> Value {
    json!({
        "global": {"sample_rate": RATE, "crossfade_duration": 1.0},
        "progression": [
            {"duration": 6.0, "voices": [voice(base, "a")]},
            {"duration": 6.0, "voices": [voice(base, "a"), voice(base * 1.5, "b")]}
        ]
    })
}

pub(crate) fn exact_options() -> PlayerOptions {
    PlayerOptions { startup_fade: 0.0, measure_first: true, ..PlayerOptions::default() }
}

pub(crate) struct Rig {
    pub player: Player,
    pub handle: Handle,
}

impl Rig {
    pub(crate) fn new(value: Value, options: PlayerOptions) -> Self {
        let device = Manual::default();
        let player = Player::new(&track(value), options, Arc::new(device.clone())).expect("plays");
        let handle = device.handle().expect("started");
        Self { player, handle }
    }

    /// Pull `count` frames in blocks of `block` frames, and check that there is no underrun.
    pub(crate) fn pull(&mut self, count: usize, block: usize) -> Vec<Frame> {
        let mut heard = Vec::with_capacity(count);
        while heard.len() < count {
            let before = self.player.stats().underrun_frames;
            let mut out = vec![[0.0; 2]; block.min(count - heard.len())];
            self.handle.fill(&mut out);
            assert_eq!(self.player.stats().underrun_frames, before, "the render thread fell behind");
            heard.extend(out);
            std::thread::sleep(Duration::from_micros((block as u64 * 1_000_000 / u64::from(RATE)) / 4));
        }
        heard
    }

    /// Play into the buffer of a device that lets `held` frames be rewritten, until it is full.
    pub(crate) fn fill_buffer(&mut self, held: u32) -> Vec<Frame> {
        self.handle.takes_back(held);
        self.resolve_levels();
        self.player.play();
        let mut sound = vec![[0.0; 2]; held as usize];
        let mut written = 0;
        while written < sound.len() {
            written += self.handle.fill(&mut sound[written..]);
            self.resolve_levels();
        }
        sound
    }

    pub(crate) fn resolve_levels(&self) {
        std::thread::sleep(Duration::from_millis(40));
    }
}

pub(crate) fn offline(value: Value) -> Vec<Frame> {
    let (plan, _) = Plan::compile(&track(value), &PlanOptions::default()).expect("valid");
    let plan = Arc::new(plan);
    plan.measure(0, plan.steps().len(), 0, &mut |_| true).expect("measured");
    let flat = render::render_array(&plan, 0, None, 1, &mut |_| true).expect("renders");
    flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// Largest difference between what was heard and `expected`.
pub(crate) fn difference(heard: &[Frame], expected: &[Frame]) -> f32 {
    heard.iter().zip(expected).flat_map(|(a, b)| [(a[0] - b[0]).abs(), (a[1] - b[1]).abs()]).fold(0.0, f32::max)
}

/// Largest second difference. A jump in value or slope shows here; a 300 Hz tone hardly does.
pub(crate) fn roughness(heard: &[Frame]) -> f32 {
    heard
        .windows(3)
        .flat_map(|w| [0, 1].map(|side| (w[2][side] - 2.0 * w[1][side] + w[0][side]).abs()))
        .fold(0.0, f32::max)
}

/// Bound of [`roughness`] for these sessions: amplitude 0.5 at 330 Hz has a second difference of 0.0011.
pub(crate) const SMOOTH: f32 = 0.004;
