//! Reaction time of a player: first sound, seeks and edits of sessions of up to one hour, from the call to the frame
//! that the device gets. A manual device pulls blocks of 512 frames in real time.
//! `cargo bench -p realtime-backend-player --bench reaction`.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use realtime_backend_core::interrupt::Interrupt;
use realtime_backend_core::plan::{Plan, PlanOptions};
use realtime_backend_core::render::Renderer;
use realtime_backend_core::track::{LoadOptions, Track};
use realtime_backend_core::voice::Block;
use realtime_backend_player::device::manual::Manual;
use realtime_backend_player::{Frame, Player, PlayerOptions};
use serde_json::{Value, json};

const RATE: u32 = 44_100;
const BLOCK: usize = 512;
const TURNS: usize = 20;

fn voice(k: usize, base: f64) -> Value {
    let slow = 0.02 * (k + 1) as f64;
    json!({"synth_function_name": "binaural_beat", "voice_id": format!("v{k}"), "params": {
        "baseFreq": base + 37.0 * k as f64, "beatFreq": 1.0 + 0.5 * k as f64,
        "ampL": 0.3, "ampR": 0.3, "ampOscDepthL": 0.3, "ampOscFreqL": slow, "ampOscDepthR": 0.3, "ampOscFreqR": slow}})
}

/// One hour of 15 voices and a bed of swept noise.
fn tones(base: f64) -> Value {
    let voices: Vec<Value> = (0..15).map(|k| voice(k, base)).collect();
    json!({"global": {"sample_rate": RATE}, "background_noise": {"file_path": "bed.noise", "amp": 0.2},
           "progression": [{"duration": 3600.0, "voices": voices}]})
}

/// Half an hour of swept noise as a voice, and the same bed.
fn noise(base: f64) -> Value {
    let swept =
        json!({"synth_function_name": "noise_swept_notch", "voice_id": "n", "params": {"lfo_freq": base / 1000.0}});
    json!({"global": {"sample_rate": RATE}, "background_noise": {"file_path": "bed.noise", "amp": 0.2},
           "progression": [{"duration": 1800.0, "voices": [swept]}]})
}

fn load(value: Value, folder: &Path) -> Track {
    let options = LoadOptions { folder: Some(folder.to_owned()), ..LoadOptions::default() };
    Track::from_value_with(value, &options).expect("a valid track").0
}

/// A block, the time when the device asked for it, and the position of its first frame in seconds.
struct Heard {
    at: Instant,
    position: f64,
    frames: Vec<Frame>,
}

/// The device. It keeps all blocks.
struct Device {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Heard>>,
}

impl Device {
    fn start(manual: &Manual, player: Arc<Player>) -> Self {
        let mut handle = manual.handle().expect("started");
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut heard = Vec::with_capacity(100_000);
            let begun = Instant::now();
            while !asked.load(Ordering::Acquire) {
                let at = Instant::now();
                let mut frames = vec![[0.0; 2]; BLOCK];
                handle.fill(&mut frames);
                let position = player.position() - BLOCK as f64 / f64::from(RATE);
                heard.push(Heard { at, position, frames });
                let due = Duration::from_secs_f64((heard.len() * BLOCK) as f64 / f64::from(RATE));
                std::thread::sleep(due.saturating_sub(begun.elapsed()));
            }
            heard
        });
        Self { stop, thread }
    }

    fn stop(self) -> Vec<Heard> {
        self.stop.store(true, Ordering::Release);
        self.thread.join().expect("the device thread ends")
    }
}

fn milliseconds(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    format!("{:.0} / {:.0}", 1e3 * median, 1e3 * times.last().copied().unwrap_or(f64::NAN))
}

fn start(track: &Track) -> (Arc<Player>, Manual) {
    let manual = Manual::default();
    let options = PlayerOptions { block: Some(BLOCK as u32), startup_fade: 0.0, ..PlayerOptions::default() };
    (Arc::new(Player::new(track, options, Arc::new(manual.clone())).expect("plays")), manual)
}

/// Seconds from the creation of the player to the first block with sound.
fn first_sound(track: &Track) -> f64 {
    let begun = Instant::now();
    let (player, manual) = start(track);
    player.play();
    let device = Device::start(&manual, player);
    std::thread::sleep(Duration::from_millis(100));
    let heard = device.stop();
    let first = heard.iter().find(|block| block.frames.iter().any(|frame| *frame != [0.0; 2]));
    first.map_or(f64::NAN, |block| (block.at - begun).as_secs_f64())
}

/// Seconds from each seek to the block in which the new place begins, and the number of late splices.
fn seeks(track: &Track) -> (Vec<f64>, u64) {
    let (player, manual) = start(track);
    player.play();
    let device = Device::start(&manual, Arc::clone(&player));
    std::thread::sleep(Duration::from_millis(300));
    let mut calls = Vec::new();
    for turn in 0..TURNS {
        let target = player.duration() * ((turn * 7 + 3) % TURNS) as f64 / TURNS as f64;
        calls.push((Instant::now(), target));
        player.seek(target);
        std::thread::sleep(Duration::from_millis(250));
    }
    let late = player.stats().late_splices;
    let heard = device.stop();
    let reaction = |(call, target): &(Instant, f64)| {
        let there = |block: &&Heard| block.at >= *call && (target - 0.02..target + 0.2).contains(&block.position);
        heard.iter().find(there).map_or(f64::NAN, |block| (block.at - *call).as_secs_f64())
    };
    (calls.iter().map(reaction).collect(), late)
}

/// Seconds from each edit to the first block that differs from the old track, and the number of late splices.
fn edits(make: fn(f64) -> Value, folder: &Path) -> (Vec<f64>, u64) {
    let (mut times, mut late) = (Vec::new(), 0);
    for turn in 0..TURNS / 4 {
        let track = load(make(60.0), folder);
        let (player, manual) = start(&track);
        player.play();
        let device = Device::start(&manual, Arc::clone(&player));
        while !player.has_final_levels() {
            std::thread::sleep(Duration::from_millis(50));
        }
        // after the glide from the estimated to the measured level, the samples equal those of the reference
        std::thread::sleep(Duration::from_secs(7));
        let edited = load(make(61.0 + turn as f64), folder);
        let call = Instant::now();
        player.update(&edited, &Interrupt::default()).expect("valid");
        std::thread::sleep(Duration::from_millis(250));
        late += player.stats().late_splices;
        let heard = device.stop();
        let (plan, _) = Plan::compile(&track, &PlanOptions::default()).expect("valid");
        let plan = Arc::new(plan);
        plan.measure(0, plan.steps().len(), 0, &mut |_| true).expect("measured");
        let mut renderer = Renderer::new(plan);
        let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
        let differs = |block: &&Heard| {
            let frame = (block.position * f64::from(RATE)).round() as u64;
            renderer.prepare(frame, frame + BLOCK as u64);
            renderer.render(frame, Block::new(&mut left, &mut right));
            block.frames.iter().zip(left.iter().zip(&right)).any(|(f, (l, r))| f[0] != *l || f[1] != *r)
        };
        let changed = heard.iter().filter(|block| block.at >= call).find(differs);
        times.push(changed.map_or(f64::NAN, |block| (block.at - call).as_secs_f64()));
    }
    (times, late)
}

fn main() {
    let folder = std::env::temp_dir();
    let bed = json!({"noise_parameters": {"name": "pink", "seed": 3},
        "sweeps": [{"start_min": 1000, "start_max": 10000, "start_q": 30, "start_casc": 10}]});
    std::fs::write(folder.join("bed.noise"), bed.to_string()).expect("a temporary file");
    println!("| session | first sound, ms | seek, ms | edit, ms | late splices |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, make) in
        [("an hour of 15 voices over noise", tones as fn(f64) -> Value), ("half an hour of noise", noise)]
    {
        let track = load(make(60.0), &folder);
        let mut first: Vec<f64> = (0..5).map(|_| first_sound(&track)).collect();
        let (mut seek, late) = seeks(&track);
        let (mut edit, more) = edits(make, &folder);
        println!(
            "| {name} | {} | {} | {} | {} |",
            milliseconds(&mut first),
            milliseconds(&mut seek),
            milliseconds(&mut edit),
            late + more
        );
    }
    println!("\nmedian / largest, from the call to the block that the device gets");
}
