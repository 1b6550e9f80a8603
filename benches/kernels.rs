//! Speed of the inner loops of the engine on one core, and of the standard library's sine for comparison: `cargo bench
//! -p tests_rs --bench kernels [part of a name]`. Items are samples.
#![allow(missing_docs)]

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use realtime_backend_core::dsp::cell::{CELL, Cell, PhaseCell, cubic_phases, sines};
use realtime_backend_core::dsp::noise::counter::White;
use realtime_backend_core::dsp::noise::stream::{Coloured, Tint};
use realtime_backend_core::dsp::phase::Turns;
use realtime_backend_core::dsp::zero_phase::ZeroPhaseWindow;
use realtime_backend_core::dsp::{butterworth, mix};
use realtime_backend_core::voice::{Block, Context, registry};
use serde_json::json;

const BLOCK: usize = 2048;

fn main() {
    divan::main();
}

fn phases() -> PhaseCell {
    let mut phases = [0; CELL];
    cubic_phases(Turns::from_cycles(0.3), [0.0123, 1e-7, 1e-12], &mut phases);
    phases
}

#[divan::bench]
fn sine(bencher: Bencher<'_, '_>) {
    let (phases, mut out): (PhaseCell, Cell) = (phases(), [0.0; CELL]);
    bencher.counter(ItemsCount::new(CELL)).bench_local(|| {
        sines(black_box(&phases), &mut out);
        black_box(&mut out);
    });
}

#[divan::bench]
fn sine_of_the_standard_library(bencher: Bencher<'_, '_>) {
    let phases = phases().map(|phase| phase as f32 * (std::f32::consts::TAU / 4_294_967_296.0));
    let mut out = [0.0_f32; CELL];
    bencher.counter(ItemsCount::new(CELL)).bench_local(|| {
        for (out, phase) in out.iter_mut().zip(black_box(&phases)) {
            *out = phase.sin();
        }
        black_box(&mut out);
    });
}

#[divan::bench]
fn phases_of_a_sweep(bencher: Bencher<'_, '_>) {
    let mut out = [0; CELL];
    bencher.counter(ItemsCount::new(CELL)).bench_local(|| {
        cubic_phases(black_box(Turns::from_cycles(0.3)), [0.0123, 1e-7, 1e-12], &mut out);
        black_box(&mut out);
    });
}

#[divan::bench]
fn adding_a_voice_to_a_mix(bencher: Bencher<'_, '_>) {
    let (voice, mut sum) = (vec![1e-3_f32; BLOCK], vec![0.0_f32; BLOCK]);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| mix::add(black_box(&mut sum), black_box(&voice)));
}

#[divan::bench]
fn peak(bencher: Bencher<'_, '_>) {
    let signal = vec![1e-3_f32; BLOCK];
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| mix::peak(black_box(&signal)));
}

/// Fourth-order low-pass over both channels, forward and backward.
#[divan::bench]
fn zero_phase_low_pass(bencher: Bencher<'_, '_>) {
    let mut window = ZeroPhaseWindow::new(&[butterworth::lowpass(4, 0.02)], 1 << 24);
    let len = window.cell_len();
    let (mut left, mut right) = (vec![0.0; len], vec![0.0; len]);
    bencher.counter(ItemsCount::new(2 * len)).bench_local(|| {
        window.cell(
            black_box(3),
            |_, left, right| {
                left.fill(0.1);
                right.fill(0.2);
            },
            &mut left,
            &mut right,
        );
        black_box((&mut left, &mut right));
    });
}

#[divan::bench]
fn white_noise(bencher: Bencher<'_, '_>) {
    let (white, mut out) = (White::new(7), vec![0.0; BLOCK]);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| white.fill(black_box(0), &mut out));
}

#[divan::bench]
fn pink_noise(bencher: Bencher<'_, '_>) {
    let mut source = Coloured::new(Arc::new(Tint::new(|f| 1.0 / f.max(1.0), 44_100.0)), 7);
    let (mut out, mut from) = (vec![0.0; BLOCK], 0);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| {
        source.read(from, &mut out);
        from += BLOCK as i64;
    });
}

/// The first block after a seek in one hour of noise: one cell and its warm-up.
#[divan::bench(args = ["default", "two passes, both ears", "slow and narrow"])]
fn seek_in_an_hour_of_noise(bencher: Bencher<'_, '_>, notches: &str) {
    let params = match notches {
        "default" => json!({}),
        "slow and narrow" => json!({"sweeps": [[100, 200, 25, 10]]}),
        _ => json!({"start_lfo_phase_offset_deg": 90, "start_intra_phase_offset_deg": 180, "lfo_freq": 0.0415,
            "sweeps": [[100, 2000, 25, 10], [250, 7000, 5, 3], [2000, 16000, 5, 1]]}),
    };
    let (family, transition) = registry::find("noise_swept_notch").expect("a voice");
    let context = Context::new(3600.0, 44_100.0);
    let params = params.as_object().expect("an object");
    let mut voice = registry::build(family, transition, &context, params).expect("a valid voice").0;
    let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
    let mut frame = 0;
    bencher.bench_local(|| {
        frame = (frame + 76_543_210) % 158_000_000;
        voice.render(black_box(frame), Block::new(&mut left, &mut right));
    });
}
