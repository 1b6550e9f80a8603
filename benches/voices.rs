//! Speed of every registered voice on one core: nanoseconds per frame and times real time at 44.1 kHz, as a table for
//! the documentation. `cargo bench -p tests_rs --bench voices [part of a name]`.
//!
//! Static voices have their default parameters. Transitions raise every number that is not 0 by a quarter over the
//! whole duration.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use realtime_backend_core::voice::family::Preparation;
use realtime_backend_core::voice::param::{Fallback, Kind, Moves};
use realtime_backend_core::voice::registry::{FAMILIES, build, find};
use realtime_backend_core::voice::{Block, Context, Family};
use serde_json::{Map, json};
use tests_rs::golden;

const RATE: f64 = 44_100.0;
const SECONDS: f64 = 20.0;
const BLOCK: usize = 1024;

/// Speed of the legacy implementation's native renderer, in times real time: static voice, and transition if known.
const LEGACY: &[(&str, f64, Option<f64>)] = &[
    ("binaural_beat", 239.0, Some(384.0)),
    ("isochronic_tone", 370.0, Some(202.0)),
    ("qam_beat", 328.0, Some(177.0)),
    ("stereo_am_independent", 325.0, None),
    ("spatial_angle_modulation", 269.0, None),
    ("wave_shape_stereo_am", 190.0, None),
    ("rhythmic_waveshaping", 180.0, None),
    ("noise_swept_notch", 43.0, None),
];

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    println!("| voice | ns per frame | times real time | legacy native | preparing {SECONDS} s, ms |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for family in FAMILIES {
        for transition in [false, true] {
            let name = format!("{}{}", family.name, if transition { "_transition" } else { "" });
            if (!transition || family.transition) && name.contains(&wanted) {
                let params = if transition { moving(family) } else { still(family) };
                row(family, transition, &name, &params);
            }
        }
    }
    let (family, _) = find("spatial_angle_modulation_sam2").expect("a voice");
    for (name, options) in [("hrtf", json!({})), ("hrtf, logmag_delay", json!({"interpolation": "logmag_delay"}))] {
        let name = format!("{} ({name})", family.name);
        if name.contains(&wanted) {
            row(family, false, &name, &through_ears(options));
        }
    }
}

/// The renderer `hrtf`, moving, with a recorded set of 187 directions and 128 taps.
fn through_ears(options: serde_json::Value) -> Map<String, serde_json::Value> {
    let asset = "sofa/synth_ring187_44k.sofa";
    let params = json!({"rendererMode": "hrtf", "hrtfAsset": asset, "modFreq": 1, "arcWidthDeg": 180,
                        "hrtfOptions": options});
    params.as_object().cloned().unwrap_or_default()
}

fn row(family: &'static Family, transition: bool, name: &str, params: &Map<String, serde_json::Value>) {
    // noise of up to 24 s is computed during preparation; a longer voice computes it during the render
    let long = family.preparation == Preparation::Long;
    let mut context = Context::new(if long { 3600.0 } else { SECONDS }, RATE);
    context.folder = Some(golden::folder());
    let begin = Instant::now();
    let (mut voice, _) = build(family, transition, &context, params).expect("defaults are accepted");
    let preparing = begin.elapsed();
    let (mut left, mut right) = ([0.0; BLOCK], [0.0; BLOCK]);
    let frames = (SECONDS * RATE) as u64 / BLOCK as u64 * BLOCK as u64;
    let mut best = Duration::MAX;
    let begin = Instant::now();
    for pass in 0.. {
        let start = Instant::now();
        for block in 0..frames / BLOCK as u64 {
            voice.render(block * BLOCK as u64, Block::new(&mut left, &mut right));
            black_box((&left, &right));
        }
        best = best.min(start.elapsed());
        if pass >= 2 && begin.elapsed() > Duration::from_millis(500) {
            break;
        }
    }
    let per_frame = best.as_secs_f64() * 1e9 / frames as f64;
    let legacy = LEGACY
        .iter()
        .find(|(known, ..)| *known == family.name)
        .and_then(|(_, fixed, moving)| if transition { *moving } else { Some(*fixed) })
        .map_or(String::new(), |times| format!("{times:.0}"));
    let times = 1e9 / RATE / per_frame;
    println!("| `{name}` | {per_frame:.2} | {times:.0} | {legacy} | {:.2} |", preparing.as_secs_f64() * 1e3);
}

fn still(family: &Family) -> Map<String, serde_json::Value> {
    let mut params = Map::new();
    for row in family.params.iter().copied().flatten().filter(|row| row.kind == Kind::Files) {
        params.insert(row.name.to_owned(), json!(["audio/chirp_mono_44100.wav", "audio/tones_stereo_44100.wav"]));
    }
    params
}

fn moving(family: &Family) -> Map<String, serde_json::Value> {
    let mut params = still(family);
    for row in family.params.iter().copied().flatten() {
        if let (Kind::Number, Fallback::Number(value), true) =
            (row.kind, row.default, matches!(row.moves, Moves::Pair | Moves::PairOnly | Moves::Named { .. }))
        {
            let end = row.spellings(true).into_iter().nth(1);
            params.extend(end.map(|name| (name, json!((value * 1.25).clamp(row.min, row.max)))));
        }
    }
    params
}
